//! Objects that are known by their text alone: how they name each other, and the statements about them.

use super::write::{identifier, qualified};
use crate::schema::{Name, QualifiedName, Reference, SqlObject, SqlObjectKind, Token, TokenKind, tokens};

/// Whether an object's text says a name, strings left out.
pub(super) fn mentions(object: &SqlObject, name: &str) -> bool {
    tokens(&object.sql).iter().any(|t| t.is_name(name))
}

/// Whether an object stands on another: belongs to it, or says its name.
pub(super) fn stands_on(object: &SqlObject, other: &SqlObject) -> bool {
    let own = other.own_name();
    match other.kind {
        SqlObjectKind::View
        | SqlObjectKind::MaterializedView
        | SqlObjectKind::Routine
        | SqlObjectKind::CompositeType
        | SqlObjectKind::RangeType
        | SqlObjectKind::Collation
        | SqlObjectKind::ChildTable => {
            let named = || match &object.found.needs {
                Some(known) => known.iter().any(|r| match r {
                    Reference::Type(name) => *name == other.name,
                    // A call may mean another routine of the name once this one is gone.
                    r => r.relation().is_some_and(|name| *name == other.name || same_routine(name, other)),
                }),
                None => mentions(object, own),
            };
            object.name != other.name && (belongs_to(object, other) || named())
        }
        // Nothing stands on these.
        SqlObjectKind::Trigger
        | SqlObjectKind::VirtualTable
        | SqlObjectKind::Rule
        | SqlObjectKind::Policy
        | SqlObjectKind::RowSecurity
        | SqlObjectKind::Privileges
        | SqlObjectKind::Setting => false,
    }
}

/// Whether a name is a routine's that differs from another only in its arguments.
fn same_routine(name: &QualifiedName, other: &SqlObject) -> bool {
    let own = |name: &str| name.split_once('(').map(|(own, _)| own.to_owned());
    other.kind == SqlObjectKind::Routine && name.schema == other.name.schema && own(&name.name) == own(&other.name.name)
}

/// Whether an object stands on a table or view, or on a part of it.
pub(super) fn is_over(object: &SqlObject, relation: &QualifiedName) -> bool {
    match &object.found.needs {
        Some(known) => known.iter().any(|r| r.relation() == Some(relation)),
        None => object.table.as_ref() == Some(relation) || mentions(object, &relation.name),
    }
}

/// Whether an object stands on a column.
pub(super) fn reads(object: &SqlObject, table: &QualifiedName, column: &Name) -> bool {
    match &object.found.needs {
        Some(known) => known.contains(&Reference::Column(table.clone(), column.clone())),
        None if object.kind == SqlObjectKind::Privileges => {
            object.table.as_ref() == Some(table) && grants(object, column)
        }
        None => is_over(object, table) && mentions(object, column),
    }
}

/// Whether privileges are on a column: in parentheses, for `select` may be the name of one.
fn grants(object: &SqlObject, column: &Name) -> bool {
    let all = tokens(&object.sql);
    let mut depth = 0;
    all.iter().any(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth > 0 && token.is_name(column)
    })
}

/// Whether an object stands on a type.
pub(super) fn is_of(object: &SqlObject, ty: &QualifiedName) -> bool {
    match &object.found.needs {
        Some(known) => known.contains(&Reference::Type(ty.clone())),
        None => mentions(object, &ty.name),
    }
}

/// Whether an object can be made only when another is there: it stands on it, or says it in a body in plain SQL, which
/// the server reads once and then forgets.
pub(super) fn needs(object: &SqlObject, other: &SqlObject) -> bool {
    let all = tokens(&object.sql);
    let in_sql = all.windows(2).any(|w| w[0].is_word("language") && w[1].is_name("sql"));
    let in_body = |name: &str| {
        let mut bodies = all.iter().filter(|t| t.kind == TokenKind::String).map(Token::value);
        bodies.any(|body| tokens(&body).iter().any(|t| t.is_name(name)))
    };
    stands_on(object, other) || in_sql && object.name != other.name && in_body(other.own_name())
}

/// Whether an object goes when another goes, without a word: a view's triggers, a function's privileges.
pub(super) fn belongs_to(object: &SqlObject, other: &SqlObject) -> bool {
    let privileges = || object.name == other.name.sibling(format!("privileges on {}", other.name.name));
    object.table.as_ref() == Some(&other.name) || object.kind == SqlObjectKind::Privileges && privileges()
}

/// In which order objects are made, where none says another's name.
pub(super) fn rank(kind: SqlObjectKind) -> u8 {
    match kind {
        SqlObjectKind::CompositeType | SqlObjectKind::RangeType | SqlObjectKind::Collation => 0,
        SqlObjectKind::ChildTable => 1,
        SqlObjectKind::Routine => 2,
        SqlObjectKind::View | SqlObjectKind::VirtualTable => 3,
        SqlObjectKind::MaterializedView => 4,
        SqlObjectKind::Rule => 5,
        SqlObjectKind::Trigger => 6,
        SqlObjectKind::Policy => 7,
        SqlObjectKind::RowSecurity => 8,
        SqlObjectKind::Setting => 9,
        SqlObjectKind::Privileges => 10,
    }
}

/// Objects in an order in which each may be made: what one says is made before it.
pub(super) fn in_order(mut open: Vec<SqlObject>) -> Vec<SqlObject> {
    open.sort_by(|a, b| (rank(a.kind), &a.name).cmp(&(rank(b.kind), &b.name)));
    let mut ordered = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let free = |o: &SqlObject| open.iter().all(|other| !needs(o, other));
        let next = open.iter().position(free).unwrap_or(0);
        ordered.push(open.remove(next));
    }
    ordered
}

/// The statements of a text. The body of a routine in plain SQL holds semicolons, so a routine is one.
pub(super) fn statements(object: &SqlObject) -> Vec<&str> {
    let sql = object.sql.trim().trim_end_matches(';');
    if object.kind == SqlObjectKind::Routine {
        return vec![sql];
    }
    let mut found = Vec::new();
    let mut start = 0;
    for token in tokens(sql).iter().filter(|t| t.text == ";") {
        found.push(sql[start..token.start].trim());
        start = token.start + 1;
    }
    found.push(sql[start..].trim());
    found.retain(|s| !s.is_empty());
    found
}

/// How statements of settings end, and how those end that set them back.
const SETTINGS: [(&str, &str); 17] = [
    ("OWNED BY", "OWNED BY NONE"),
    ("REPLICA IDENTITY", "REPLICA IDENTITY DEFAULT"),
    ("CLUSTER ON", "SET WITHOUT CLUSTER"),
    ("SET STATISTICS", "SET STATISTICS -1"),
    ("SET UNLOGGED", "SET LOGGED"),
    ("SET LOGGED", "SET UNLOGGED"),
    ("NOT ENFORCED", "ENFORCED"),
    ("NO INHERIT", "INHERIT"),
    ("COMMENT ON INDEX", ""),
    ("COMMENT ON COLUMN", ""),
    ("COMMENT ON STATISTICS", ""),
    ("CREATE STATISTICS", ""),
    ("CREATE INDEX", ""),
    ("CREATE UNIQUE INDEX", ""),
    ("RENAME CONSTRAINT", ""),
    ("ADD CONSTRAINT", ""),
    ("SET (", ""),
];

/// A statement that undoes one of those that only set something: `GRANT`, `REVOKE`, row security, settings.
pub(super) fn undone(statement: &str) -> Option<String> {
    let all = tokens(statement);
    let from = |token: &Token<'_>| &statement[token.start..];
    let said = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        let same = |w: &[Token<'_>]| w.iter().zip(&words).all(|(t, word)| t.text.eq_ignore_ascii_case(word));
        all.windows(words.len()).position(same)
    };
    let setting = SETTINGS.iter().find_map(|(words, back)| Some((said(words)?, *words, *back)));
    if let Some((at, words, back)) =
        setting.filter(|_| !all.first().is_some_and(|t| t.is_word("grant") || t.is_word("revoke")))
    {
        let head = &statement[..all[at].start];
        let name = |offset: usize| all.get(at + offset).map(|t| t.text);
        return Some(match words {
            "CREATE INDEX" | "CREATE UNIQUE INDEX" => {
                let on = all.iter().position(|t| t.is_word("on"))?;
                let table = all.get(on + 1..)?.iter().take_while(|t| !t.is_word("using")).map(|t| t.text);
                let table: Vec<&str> = table.collect();
                let schema =
                    if let [schema, ".", ..] = table.as_slice() { format!("{schema}.") } else { String::new() };
                format!("DROP INDEX {schema}{}", all.get(on.checked_sub(1)?)?.text)
            }
            "CREATE STATISTICS" => {
                let name = all.get(2..)?.iter().take_while(|t| t.text != "(" && !t.is_word("on")).map(|t| t.text);
                format!("DROP STATISTICS {}", name.collect::<String>())
            }
            "COMMENT ON INDEX" | "COMMENT ON COLUMN" | "COMMENT ON STATISTICS" => {
                let is = all.iter().rposition(|t| t.is_word("is"))?;
                format!("{}IS NULL", &statement[..all[is].start])
            }
            "RENAME CONSTRAINT" => format!("{head}RENAME CONSTRAINT {} TO {}", name(4)?, name(2)?),
            "ADD CONSTRAINT" => format!("{head}DROP CONSTRAINT {}", name(2)?),
            "SET (" => {
                let keys = all.windows(2).filter(|w| w[1].text == "=").map(|w| w[0].text);
                format!("{head}RESET ({})", keys.collect::<Vec<_>>().join(", "))
            }
            _ended => format!("{head}{back}"),
        });
    }
    let first = all.first()?;
    let last = |word: &str| all.iter().rev().find(|t| t.is_word(word));
    if first.is_word("grant") {
        let to = last("to")?;
        let grantee = from(to)["to".len()..].trim();
        let grantee = grantee.strip_suffix("WITH GRANT OPTION").unwrap_or(grantee).trim();
        return Some(format!("REVOKE {} FROM {grantee}", statement["grant".len()..to.start].trim()));
    }
    if first.is_word("revoke") {
        let whom = last("from")?;
        return Some(format!(
            "GRANT {} TO {}",
            statement["revoke".len()..whom.start].trim(),
            from(whom)["from".len()..].trim()
        ));
    }
    let (word, other) = [("enable", "DISABLE"), ("force", "NO FORCE")]
        .into_iter()
        .find_map(|(word, other)| Some((all.iter().find(|t| t.is_word(word))?, other)))?;
    Some(format!("{}{other}{}", &statement[..word.start], &from(word)[word.text.len()..]))
}

/// What `DROP`, `COMMENT ON` and `ALTER … OWNER` call an object. Nothing for what has no statement of its own.
pub(super) fn called(object: &SqlObject) -> Option<String> {
    let own = object.name.sibling(object.own_name());
    let on = |word: &str| {
        let table = object.table.as_ref().map(qualified).unwrap_or_default();
        format!("{word} {} ON {table}", identifier(&own.name))
    };
    Some(match object.kind {
        SqlObjectKind::View => format!("VIEW {}", qualified(&own)),
        SqlObjectKind::MaterializedView => format!("MATERIALIZED VIEW {}", qualified(&own)),
        SqlObjectKind::CompositeType | SqlObjectKind::RangeType => format!("TYPE {}", qualified(&own)),
        SqlObjectKind::Routine => format!("ROUTINE {}{}", qualified(&own), &object.name.name[own.name.len()..]),
        SqlObjectKind::Collation => format!("COLLATION {}", qualified(&own)),
        SqlObjectKind::ChildTable => format!("TABLE {}", qualified(&own)),
        SqlObjectKind::Trigger => on("TRIGGER"),
        SqlObjectKind::Rule => on("RULE"),
        SqlObjectKind::Policy => on("POLICY"),
        SqlObjectKind::RowSecurity
        | SqlObjectKind::Privileges
        | SqlObjectKind::Setting
        | SqlObjectKind::VirtualTable => return None,
    })
}

/// Whether a routine can be replaced by another: `CREATE OR REPLACE` changes neither its result nor the names of its
/// arguments (manual, `CREATE FUNCTION`, *Notes*).
pub(super) fn can_replace(from: &SqlObject, to: &SqlObject) -> bool {
    let head = |o: &SqlObject| {
        let words = tokens(&o.sql).iter().map(|t| t.text.to_lowercase()).collect::<Vec<_>>();
        let begin = words.iter().position(|w| w == "function" || w == "procedure").unwrap_or(0);
        let end = words.iter().position(|w| w == "language" || w == "as").unwrap_or(words.len());
        words.get(begin..end).map(<[String]>::to_vec)
    };
    head(from) == head(to)
}

/// The statement of a routine, in the form that replaces the one that is there.
pub(super) fn replacing(sql: &str) -> String {
    let all = tokens(sql);
    match all.as_slice() {
        [create, kind, ..] if create.is_word("create") && !kind.is_word("or") => {
            format!("CREATE OR REPLACE {}", &sql[kind.start..])
        }
        _ => sql.to_owned(),
    }
}

/// The fields of a composite type, each with its type.
pub(super) fn fields(sql: &str) -> Vec<(String, String)> {
    let all = tokens(sql);
    let Some(open) = all.iter().position(|t| t.text == "(") else { return Vec::new() };
    let mut found = Vec::new();
    let (mut depth, mut first) = (0, open + 1);
    for (at, token) in all.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 1 => {}
            _ => continue,
        }
        if (token.text == "," && depth == 1 || depth == 0) && first + 1 < at {
            let ty = &sql[all[first + 1].start..token.start];
            found.push((all[first].value(), ty.trim().to_owned()));
            first = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    found
}

#[cfg(feature = "postgres")]
/// An SQL text without the name of the default schema before the names in it.
pub(super) fn at_home(sql: &str, home: &str) -> String {
    let all = tokens(sql);
    let mut text = String::with_capacity(sql.len());
    let mut end = 0;
    for (at, token) in all.iter().enumerate() {
        let dot = all.get(at + 1).is_some_and(|t| t.text == "." && t.start == token.start + token.text.len());
        let inner = at > 0 && all[at - 1].text == ".";
        if dot && !inner && token.is_name(home) {
            text.push_str(&sql[end..token.start]);
            end = all[at + 1].start + 1;
        }
    }
    text + &sql[end..]
}

/// An object's text in one spelling.
pub(super) fn spelled(sql: &str) -> String {
    let words = tokens(sql.trim().trim_end_matches(';')).into_iter().map(|t| match t.kind {
        TokenKind::Word => t.text.to_lowercase(),
        TokenKind::Quoted => identifier(&t.value()),
        TokenKind::String | TokenKind::Number | TokenKind::Sign => t.text.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_undone_by_a_revoke() {
        for (said, undo) in [
            ("GRANT INSERT, SELECT ON TABLE t TO reader", "REVOKE INSERT, SELECT ON TABLE t FROM reader"),
            ("GRANT SELECT (to_do) ON TABLE t TO a WITH GRANT OPTION", "REVOKE SELECT (to_do) ON TABLE t FROM a"),
            ("REVOKE EXECUTE ON ROUTINE f(integer) FROM PUBLIC", "GRANT EXECUTE ON ROUTINE f(integer) TO PUBLIC"),
            ("ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER TABLE t DISABLE ROW LEVEL SECURITY"),
            ("ALTER TABLE t FORCE ROW LEVEL SECURITY", "ALTER TABLE t NO FORCE ROW LEVEL SECURITY"),
        ] {
            assert_eq!(undone(said).as_deref(), Some(undo));
        }
        assert_eq!(undone("SELECT 1"), None);
    }

    #[test]
    fn fields_of_a_composite_type() {
        let sql = "CREATE TYPE c AS (\n    x numeric(4,1),\n    \"Y z\" text COLLATE \"C\"\n);\nCOMMENT ON COLUMN c.x IS '(a, b)'";
        let field = |name: &str, ty: &str| (name.to_owned(), ty.to_owned());
        assert_eq!(fields(sql), [field("x", "numeric(4,1)"), field("Y z", "text COLLATE \"C\"")]);
        assert!(fields("CREATE TYPE c AS ()").is_empty());
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn the_default_schema_goes_from_a_text() {
        assert_eq!(at_home("SELECT public.t.a, x.public FROM public.t", "public"), "SELECT t.a, x.public FROM t");
        assert_eq!(at_home("SELECT 'public.t', \"Odd\".t", "Odd"), "SELECT 'public.t', t");
    }

    #[test]
    fn a_routine_with_another_result_is_not_replaced() {
        let routine = |sql: &str| SqlObject::new(SqlObjectKind::Routine, "f(integer)", sql);
        let first =
            routine("CREATE OR REPLACE FUNCTION f(a integer)\n RETURNS integer\n LANGUAGE sql\nAS $$select 1$$");
        let body = routine("CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS $$select 2$$");
        let result = routine("CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql AS $$select 2$$");
        assert!(can_replace(&first, &body));
        assert!(!can_replace(&first, &result));
        assert!(replacing(&body.sql).starts_with("CREATE OR REPLACE FUNCTION f(a integer)"));
        assert_eq!(replacing(&first.sql), first.sql);
    }

    #[test]
    fn objects_are_made_after_what_they_say() {
        let view = |name: &str, on: &str| {
            SqlObject::new(SqlObjectKind::View, name, format!("CREATE VIEW {name} AS SELECT * FROM {on}"))
        };
        let trigger = SqlObject {
            table: Some("a".into()),
            ..SqlObject::new(SqlObjectKind::Trigger, "t on a", "CREATE TRIGGER t …")
        };
        let ordered = in_order(vec![trigger, view("a", "b"), view("b", "c")]);
        assert_eq!(ordered.iter().map(SqlObject::own_name).collect::<Vec<_>>(), ["b", "a", "t"]);
    }
}
