//! Names: from Rust's spelling to the database's.

use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase};
use syn::Ident;

/// PostgreSQL cuts longer identifiers off (manual, section 4.1.1); Limbeck refuses them everywhere, so that a history
/// runs on every database.
pub(crate) const LIMIT: usize = 63;

/// The values of `rename_all`: serde's, of which sqlx knows all but the last.
pub(crate) const CASES: [&str; 8] = [
    "lowercase",
    "UPPERCASE",
    "PascalCase",
    "camelCase",
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
];

/// A way to write all names of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        const ALL: [Case; 8] = [
            Case::Lower,
            Case::Upper,
            Case::Pascal,
            Case::Camel,
            Case::Snake,
            Case::ScreamingSnake,
            Case::Kebab,
            Case::ScreamingKebab,
        ];
        CASES.iter().position(|c| *c == text).map(|i| ALL[i])
    }

    /// The same words in this case. Words are split as sqlx splits them (the crate `heck`).
    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Pascal => name.to_pascal_case(),
            Self::Camel => name.to_lower_camel_case(),
            Self::Snake => name.to_snake_case(),
            Self::ScreamingSnake => name.to_shouty_snake_case(),
            Self::Kebab => name.to_kebab_case(),
            Self::ScreamingKebab => name.to_shouty_kebab_case(),
        }
    }
}

/// An identifier without `r#`.
pub(crate) fn unraw(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

/// The table of a struct that names none.
pub(crate) fn table_of(ident: &Ident) -> String {
    unraw(ident).to_snake_case()
}

/// What PostgreSQL makes of a type name that sqlx sends through `to_regtype`: a schema in front of a dot, and letters
/// outside quotes in lower case (manual, section 4.1.1).
pub(crate) fn regtype(text: &str) -> (Option<String>, String) {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let part = parts.last_mut().expect("there is always a last part");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                part.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c if quoted => part.push(c),
            c => part.push(c.to_ascii_lowercase()),
        }
    }
    let name = parts.pop().unwrap_or_default();
    (parts.pop(), name)
}

/// Words that PostgreSQL refuses as a bare table or column name (manual, appendix C, *reserved*, and *reserved (can be
/// function or type)*).
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

/// Whether SQL reads this word as something else than a name, unless it is quoted.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.binary_search(&name.to_ascii_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserved_words_can_be_searched() {
        assert!(RESERVED.is_sorted());
        assert!(is_reserved("user") && is_reserved("Order"));
        for fine in ["type", "name", "role", "users", "value", "key", "date", "index", "set"] {
            assert!(!is_reserved(fine), "{fine}");
        }
    }

    #[test]
    fn every_case_has_a_name() {
        let cased: Vec<String> =
            CASES.iter().map(|c| Case::from_text(c).map(|c| c.apply("InviteSent")).unwrap_or_default()).collect();
        assert_eq!(
            cased,
            [
                "invitesent",
                "INVITESENT",
                "InviteSent",
                "inviteSent",
                "invite_sent",
                "INVITE_SENT",
                "invite-sent",
                "INVITE-SENT"
            ]
        );
    }

    #[test]
    fn a_type_name_is_read_as_postgresql_reads_it() {
        assert_eq!(regtype("UserRole"), (None, "userrole".to_owned()));
        assert_eq!(regtype("\"UserRole\""), (None, "UserRole".to_owned()));
        assert_eq!(regtype("Auth.\"Odd \"\".Name\""), (Some("auth".to_owned()), "Odd \".Name".to_owned()));
    }
}
