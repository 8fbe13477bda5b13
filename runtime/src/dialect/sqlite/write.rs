//! Writes names, values and the parts of a statement.

use super::lex::lex;
use super::types::{declared, missing};
use crate::plan::Unsupported;
use crate::schema::{
    Action, Check, Column, Conflict, Default, Deferrable, ForeignKey, Index, Key, KeyOf, Literal, Match, Name, Order,
    PrimaryKey, Sort, Table, TokenKind, Unique,
};

/// The keywords of SQLite (*SQLite Keywords*): a name that is one is quoted, whether or not it could do without.
const KEYWORDS: &str = "abort action add after all alter always analyze and as asc attach autoincrement before begin \
    between by cascade case cast check collate column commit conflict constraint create cross current current_date \
    current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop each else \
    end escape except exclude exclusive exists explain fail filter first following for foreign from full generated \
    glob group groups having if ignore immediate in index indexed initially inner insert instead intersect into is \
    isnull join key last left like limit match materialized natural no not nothing notnull null nulls of offset on or \
    order others outer over partition plan pragma preceding primary query raise range recursive references regexp \
    reindex release rename replace restrict returning right rollback row rows savepoint select set table temp \
    temporary then ties to transaction trigger unbounded union unique update using vacuum values view virtual when \
    where window with without true false rowid oid _rowid_ stored strict";

/// An identifier, in quotes when it needs them.
pub(super) fn identifier(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !KEYWORDS.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name));
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A string literal.
pub(super) fn string(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names.into_iter().map(|n| identifier(n)).collect::<Vec<_>>().join(", ")
}

/// A default, without parentheses around it. TRUE and FALSE are 1 and 0 since 3.23, and say what is meant.
pub(super) fn default_text(default: &Default) -> String {
    match default {
        Default::Literal(Literal::Boolean(true)) => "TRUE".to_owned(),
        Default::Literal(Literal::Boolean(false)) => "FALSE".to_owned(),
        Default::Literal(Literal::Integer(number)) => number.to_string(),
        Default::Literal(Literal::Float(number)) => number.clone(),
        Default::Literal(Literal::Text(text)) => string(text),
        Default::Sql(expression) => expression.0.clone(),
    }
}

/// Whether a default is a value, and no computation: `ADD COLUMN` takes nothing else (*ALTER TABLE ADD COLUMN*).
pub(super) fn is_constant(default: &Default) -> bool {
    let text = default_text(default);
    let tokens = lex(&text);
    match tokens.as_slice() {
        [one] => match one.kind {
            TokenKind::Word => ["null", "true", "false"].iter().any(|w| one.is_word(w)),
            TokenKind::String | TokenKind::Number => true,
            TokenKind::Quoted | TokenKind::Sign => false,
        },
        [sign, number] => matches!(sign.text, "-" | "+") && number.kind == TokenKind::Number,
        [] | [_, _, ..] => false,
    }
}

/// One word or value stands bare, all else in parentheses (`CREATE TABLE`, *The DEFAULT clause*).
fn default_clause(default: &Default) -> String {
    let text = default_text(default);
    let bare = is_constant(default) || lex(&text).len() == 1;
    if bare { format!(" DEFAULT {text}") } else { format!(" DEFAULT ({text})") }
}

fn conflict(conflict: Option<Conflict>) -> &'static str {
    match conflict {
        None => "",
        Some(Conflict::Rollback) => " ON CONFLICT ROLLBACK",
        Some(Conflict::Abort) => " ON CONFLICT ABORT",
        Some(Conflict::Fail) => " ON CONFLICT FAIL",
        Some(Conflict::Ignore) => " ON CONFLICT IGNORE",
        Some(Conflict::Replace) => " ON CONFLICT REPLACE",
    }
}

pub(super) fn constraint(name: Option<&Name>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", identifier(name)))
}

/// A column as `CREATE TABLE` and `ADD COLUMN` write it. The primary key stands with it when it is given.
pub(super) fn column(
    column: &Column,
    table: &Table,
    key: Option<&PrimaryKey>,
    title: &str,
) -> Result<String, Unsupported> {
    let Some(ty) = declared(&column.ty, table.options.strict) else {
        let (what, instead) = missing(&column.ty);
        return Err(Unsupported::column(title, what, &table.name, &column.name, instead));
    };
    let mut sql = identifier(&column.name);
    if !ty.is_empty() {
        sql.push(' ');
        sql.push_str(&ty);
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression));
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", identifier(collation)));
    }
    if !column.nullable {
        sql.push_str(" NOT NULL");
        sql.push_str(conflict(column.not_null_conflict));
    }
    if let Some(key) = key {
        let descending = key.sorts.values().any(|s| s.order == Order::Descending);
        let order = if descending { " DESC" } else { "" };
        sql.push_str(&format!(" {}PRIMARY KEY{order}{}", constraint(key.name.as_ref()), conflict(key.conflict)));
        if column.auto.is_some() {
            sql.push_str(" AUTOINCREMENT");
        }
    }
    if let Some(default) = &column.default {
        sql.push_str(&default_clause(default));
    }
    Ok(sql)
}

fn sorted(columns: &[Name], sorts: &std::collections::BTreeMap<Name, Sort>) -> String {
    let sorted = |name: &Name| {
        let mut sql = identifier(name);
        if let Some(sort) = sorts.get(name) {
            sql.push_str(&collate(sort.collation.as_deref()));
            sql.push_str(direction(sort.order));
        }
        sql
    };
    columns.iter().map(sorted).collect::<Vec<_>>().join(", ")
}

fn collate(collation: Option<&str>) -> String {
    collation.map_or_else(String::new, |name| format!(" COLLATE {}", identifier(name)))
}

fn direction(order: Order) -> &'static str {
    match order {
        Order::Ascending => "",
        Order::Descending => " DESC",
    }
}

/// A primary key, without its name.
pub(super) fn primary_key(key: &PrimaryKey) -> String {
    let columns = sorted(&key.columns, &key.sorts);
    format!("PRIMARY KEY ({columns}){}", conflict(key.conflict))
}

/// A unique constraint, without its name.
pub(super) fn unique(unique: &Unique) -> String {
    let columns = sorted(&unique.columns, &unique.sorts);
    format!("UNIQUE ({columns}){}", conflict(unique.conflict))
}

/// A check, without its name.
pub(super) fn check(check: &Check) -> String {
    format!("CHECK ({})", check.expression)
}

/// A foreign key from `REFERENCES` on.
pub(super) fn references(key: &ForeignKey) -> String {
    let mut sql = format!("REFERENCES {}", identifier(&key.references.name));
    if !key.referenced_columns.is_empty() {
        sql.push_str(&format!(" ({})", list(&key.referenced_columns)));
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let action = match action {
            Action::NoAction => continue,
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        };
        sql.push_str(&format!(" ON {event} {action}"));
    }
    sql.push_str(match key.matching {
        Match::Simple => "",
        Match::Full => " MATCH FULL",
        Match::Partial => " MATCH PARTIAL",
    });
    sql.push_str(match key.deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    sql
}

/// `CREATE INDEX`, from the values alone.
pub(super) fn create_index(index: &Index, table: &Name) -> String {
    let key = |key: &Key| {
        let mut sql = match &key.of {
            KeyOf::Column(name) => identifier(name),
            KeyOf::Expression(expression) => expression.0.clone(),
        };
        sql.push_str(&collate(key.collation.as_deref()));
        sql.push_str(direction(key.order));
        sql
    };
    let keys = index.keys.iter().map(key).collect::<Vec<_>>().join(", ");
    let unique = if index.unique { "UNIQUE " } else { "" };
    let name = index.name.as_ref().map(|n| identifier(n)).unwrap_or_default();
    let mut sql = format!("CREATE {unique}INDEX {name} ON {} ({keys})", identifier(table));
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE {predicate}"));
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_when_they_must_be() {
        let quoted = ["a", "Album", "order", "First Name", "2nd", "a\"b", "naïve", ""].map(identifier);
        insta::assert_snapshot!(quoted.join(" "), @r#"a Album "order" "First Name" "2nd" "a""b" "naïve" """#);
    }

    #[test]
    fn a_default_stands_bare_or_in_parentheses() {
        let clauses = ["5", "-5", "'x'", "NULL", "CURRENT_TIMESTAMP", "datetime('now')", "1 + 1", "\"x\""]
            .map(|sql| default_clause(&Default::Sql(sql.into())));
        insta::assert_snapshot!(clauses.join("\n"), @r#"
         DEFAULT 5
         DEFAULT -5
         DEFAULT 'x'
         DEFAULT NULL
         DEFAULT CURRENT_TIMESTAMP
         DEFAULT (datetime('now'))
         DEFAULT (1 + 1)
         DEFAULT "x"
        "#);
    }

    #[test]
    fn only_values_are_constant() {
        assert!(["1", "-1.5", "'x'", "x'00'", "null", "TRUE"].iter().all(|s| is_constant(&Default::Sql((*s).into()))));
        let computed = ["CURRENT_TIMESTAMP", "(1)", "random()", "\"x\"", "1+1", ""];
        assert!(computed.iter().all(|s| !is_constant(&Default::Sql((*s).into()))));
    }
}
