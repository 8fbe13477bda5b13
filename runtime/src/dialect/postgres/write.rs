//! Writes names, values and types.

#[cfg(feature = "postgres")]
use crate::schema::tokens;
use crate::schema::{Action, Default, Deferrable, Literal, Name, QualifiedName};

/// PostgreSQL's keywords that are not free to be names everywhere (manual, appendix C).
const KEYWORDS: &str = "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both \
    case cast char character check coalesce collate collation column concurrently constraint create cross \
    current_catalog current_date current_role current_schema current_time current_timestamp current_user dec \
    decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign \
    freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect \
    interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural \
    nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay \
    placing position precision primary real references returning right row select session_user setof similar \
    smallint some substring symmetric table tablesample then time timestamp to trailing treat trim true union \
    unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement \
    xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";

/// An identifier, in quotes when it needs them.
pub(super) fn identifier(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !KEYWORDS.split_ascii_whitespace().any(|word| word == name);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// The name of an object, with its schema when that is not the default one.
pub(super) fn qualified(name: &QualifiedName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", identifier(schema), identifier(&name.name)),
        None => identifier(&name.name),
    }
}

/// A string literal. A backslash needs the escape form, or `standard_conforming_strings` decides (manual, 4.1.2.1).
pub(super) fn string(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// Names in a list.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names.into_iter().map(|n| identifier(n)).collect::<Vec<_>>().join(", ")
}

/// A default.
pub(super) fn default_text(default: &Default) -> String {
    match default {
        Default::Literal(Literal::Boolean(value)) => value.to_string(),
        Default::Literal(Literal::Integer(number)) => number.to_string(),
        Default::Literal(Literal::Float(number)) => number.clone(),
        Default::Literal(Literal::Text(text)) => string(text),
        Default::Sql(expression) => expression.0.clone(),
    }
}

/// What a foreign key does.
pub(super) fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

/// When a constraint is checked, with a space before it.
pub(super) fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// An expression without the parentheses around the whole.
#[cfg(feature = "postgres")]
pub(super) fn outer(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let all = tokens(text);
        let (Some(first), Some(last)) = (all.first(), all.last()) else { return text };
        if first.text != "(" || last.text != ")" {
            return text;
        }
        let mut depth = 0;
        for (at, token) in all.iter().enumerate() {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 && at + 1 < all.len() {
                return text;
            }
        }
        text = text[1..text.len() - 1].trim();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "postgres")]
    #[test]
    fn outer_parentheses_go() {
        assert_eq!(outer("((a > 1))"), "a > 1");
        assert_eq!(outer("(a) > (b)"), "(a) > (b)");
        assert_eq!(outer("(a = ')')"), "a = ')'");
    }

    #[test]
    fn names_are_quoted_when_they_must_be() {
        for plain in ["account", "_x1", "type", "name"] {
            assert_eq!(identifier(plain), plain);
        }
        for (name, quoted) in
            [("order", "\"order\""), ("Camel", "\"Camel\""), ("a\"b", "\"a\"\"b\""), ("1a", "\"1a\""), ("é", "\"é\"")]
        {
            assert_eq!(identifier(name), quoted);
        }
        assert_eq!(string("it's"), "'it''s'");
        assert_eq!(string("a\\b"), "E'a\\\\b'");
    }
}
