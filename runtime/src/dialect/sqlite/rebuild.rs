//! Making a table anew, where `ALTER TABLE` cannot change it (*ALTER TABLE*, 7, *Making Other Kinds Of Table Schema
//! Changes*).
//!
//! The manual makes the new table under another name and renames it at the end; here the old one is renamed first.
//! So the new table's text is stored as it was written, and what it says of itself (`CHECK (t.a > 0)`) holds from the
//! beginning. The manual warns of that order because a rename takes along the foreign keys of other tables, and
//! views and triggers that mention the table: it does not with `legacy_alter_table` on and `foreign_keys` off
//! (*PRAGMA legacy_alter_table*), and both are set, the second one checked.

use super::create::create_table;
use super::guard::unknown;
use super::lex::{can_be_name, lex, raw};
use super::parse::rowid_alias;
use super::types::declared;
use super::write::{default_text, identifier, list, string};
use crate::plan::{Place, Statement, Unsupported};
use crate::schema::{Column, Name, Schema, Table, Type};

/// What turns enforcement of foreign keys off. Without effect inside a transaction, so it stands before it.
pub(super) const FOREIGN_KEYS_OFF: &str = "PRAGMA foreign_keys = OFF";

/// What turns it on again.
pub(super) const FOREIGN_KEYS_ON: &str = "PRAGMA foreign_keys = ON";

/// Whether a rename leaves alone what mentions the table.
pub(super) fn legacy(on: bool) -> Statement {
    let (value, about) = if on {
        ("ON", "let what mentions the table keep its words")
    } else {
        ("OFF", "let renames take along what mentions a table")
    };
    Statement::new(format!("PRAGMA legacy_alter_table = {value}"), about)
}

/// What comes before and after the transaction when tables are made anew or dropped.
pub(super) fn around(body: Vec<Statement>, anew: bool) -> Vec<Statement> {
    let mut statements = vec![Statement::new(FOREIGN_KEYS_OFF, "turn foreign keys off").at(Place::Setup)];
    statements.extend(body);
    if anew {
        // Also when the transaction failed between the two.
        statements.push(legacy(false).at(Place::Cleanup));
    }
    statements.push(Statement::new(FOREIGN_KEYS_ON, "turn foreign keys on").at(Place::Cleanup));
    statements
}

/// The statements that make one table anew. Its triggers and indexes are off already. What stood in the columns that
/// are `gone` is not copied to new ones of their names; what differs in case alone is one column here, and stays.
pub(super) fn rebuild(
    before: &Table,
    after: &Table,
    gone: &[&Name],
    state: &Schema,
    title: &str,
) -> Result<Vec<Statement>, Unsupported> {
    let name = &after.name;
    let (new, old) = (identifier(&name.name), aside(&name.name, state));
    let say = |what: &str| format!("rebuild table `{name}`: {what}");
    let mut statements = vec![unknown(before)];
    let copy = Copy::of(before, after, gone);
    if speaks_of_itself(before) {
        statements.extend(copy.set_aside(before, &old));
    } else {
        statements.push(legacy(true));
        let sql = format!("ALTER TABLE {} RENAME TO {}", identifier(&before.name.name), identifier(&old));
        statements.push(Statement::new(sql, say("set the old one aside")));
        statements.push(legacy(false));
    }
    statements.push(Statement::new(create_table(after, state, title)?, say("make the new one")));
    let from = identifier(&old);
    statements.push(Statement::new(copy.insert(&new, &from), say("copy the rows")).through(count(&from)));
    if counts(before) && counts(after) {
        let (new, old) = (string(&name.name), string(&old));
        statements.push(Statement::new(
            format!("DELETE FROM sqlite_sequence WHERE name = {new}"),
            say("forget the new counter"),
        ));
        statements.push(Statement::new(
            format!("UPDATE sqlite_sequence SET name = {new} WHERE name = {old}"),
            say("keep the old counter"),
        ));
    }
    statements.push(Statement::new(format!("DROP TABLE {}", identifier(&old)), say("drop the old one")));
    Ok(statements)
}

fn count(table: &str) -> String {
    format!("SELECT CAST(count(*) AS TEXT) FROM {table}")
}

/// A name that is free.
fn aside(name: &str, state: &Schema) -> String {
    let taken = |candidate: &str| {
        let same = |other: &str| other.eq_ignore_ascii_case(candidate);
        state
            .tables
            .values()
            .any(|t| same(&t.name.name) || t.indexes.iter().any(|i| i.name.as_deref().is_some_and(same)))
            || state.objects.keys().any(|o| same(&o.name))
    };
    let mut candidate = format!("limbeck_old_{name}");
    while taken(&candidate) {
        candidate.push('_');
    }
    candidate
}

/// A column's values for another column. Affinity leaves alone what it cannot turn round (*Type Affinity*, 3), so what a
/// program could not read afterwards is said: a fraction as the number next to it, a word as the truth that it means. A
/// STRICT table takes no text for bytes and no bytes for text; the bytes are the same (*CAST expressions*). Whatever else
/// does not fit there is an error, as it should be.
fn cast(from: &Column, to: &Column, after: &Table) -> String {
    let name = identifier(&from.name);
    let strict = after.options.strict;
    match (&from.ty, &to.ty) {
        (Type::Real | Type::Double | Type::Numeric(_), Type::SmallInt | Type::Integer | Type::BigInt) => {
            return format!("CASE typeof({name}) WHEN 'real' THEN CAST(round({name}) AS INTEGER) ELSE {name} END");
        }
        (Type::Text | Type::Varchar(_) | Type::Char(_), Type::Boolean) => {
            let word = format!("lower(trim({name}))");
            return format!(
                "CASE WHEN {word} IN ('t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1') THEN 1 \
                 WHEN {word} IN ('f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0') THEN 0 ELSE {name} END"
            );
        }
        (
            Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Numeric(_),
            Type::Boolean,
        ) => {
            return format!("CASE WHEN typeof({name}) IN ('integer', 'real') THEN {name} <> 0 ELSE {name} END");
        }
        (_from, _to) => {}
    }
    match (declared(&from.ty, strict).as_deref(), declared(&to.ty, strict).as_deref()) {
        (Some("BLOB"), Some("TEXT")) if strict => format!("CAST({name} AS TEXT)"),
        (Some(other), Some("BLOB")) if strict && other != "BLOB" => format!("CAST({name} AS BLOB)"),
        (Some(_) | None, Some(_) | None) => name,
    }
}

/// Whether an expression in a table names the table (`CHECK (t.a > 0)`). A rename with `legacy_alter_table` on does
/// not follow, and fails.
fn speaks_of_itself(table: &Table) -> bool {
    let says = |sql: &str| {
        lex(sql).windows(2).any(|pair| {
            can_be_name(&pair[0]) && pair[1].text == "." && raw(&pair[0]).eq_ignore_ascii_case(&table.name.name)
        })
    };
    table.checks.iter().any(|c| says(c.expression.as_str()))
        || table.columns.iter().any(|c| c.generated.as_ref().is_some_and(|g| says(g.expression.as_str())))
}

fn counts(table: &Table) -> bool {
    table.columns.iter().any(|c| c.auto.is_some())
}

/// Which columns are copied, from which.
struct Copy {
    /// Pairs of names as SQL writes them: to, from.
    columns: Vec<(String, String)>,
    /// What gives the row's number, when no column does.
    rowid: Option<(String, String)>,
    /// What fills one column when nothing else is copied.
    filler: Option<(String, String)>,
}

impl Copy {
    fn of(before: &Table, after: &Table, gone: &[&Name]) -> Self {
        let source = |column: &Column| {
            let same = |c: &&Column| c.name.eq_ignore_ascii_case(&column.name);
            let there = before.column(&column.name).or_else(|| before.columns.iter().find(same));
            there.filter(|c| c.name != column.name || !gone.contains(&&c.name))
        };
        let written: Vec<&Column> = after.columns.iter().filter(|c| c.generated.is_none()).collect();
        let columns: Vec<(String, String)> = written
            .iter()
            .filter_map(|to| source(to).map(|from| (identifier(&to.name), cast(from, to, after))))
            .collect();
        // Whoever refers to rows by number (a full-text index) must find the same ones.
        let rowid = match (rowid(before), rowid(after)) {
            (Some(from), Some(to)) if rowid_alias(after).is_none() => Some((to, from)),
            (Some(_) | None, Some(_) | None) => None,
        };
        let filler = written.first().map(|c| {
            let value = c.default.as_ref().map_or_else(|| "NULL".to_owned(), default_text);
            (identifier(&c.name), format!("({value})"))
        });
        Self { columns, rowid, filler }
    }

    /// Every column by name. `OR ABORT`, because a new `ON CONFLICT IGNORE` or `REPLACE` would lose rows in silence.
    fn insert(&self, new: &str, old: &str) -> String {
        let mut pairs: Vec<&(String, String)> = self.rowid.iter().chain(&self.columns).collect();
        if pairs.is_empty() {
            pairs.extend(&self.filler);
        }
        let to = pairs.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>().join(", ");
        let from = pairs.iter().map(|(_, from)| from.as_str()).collect::<Vec<_>>().join(", ");
        format!("INSERT OR ABORT INTO {new} ({to}) SELECT {from} FROM {old}")
    }

    /// Another way to set a table aside, at the price of copying twice.
    fn set_aside(&self, before: &Table, old: &str) -> Vec<Statement> {
        let say = |what: &str| format!("rebuild table `{}`: {what}", before.name);
        let rowid = self.rowid.iter().map(|(_, from)| format!("{from} AS {from}, ")).collect::<String>();
        let columns = list(before.columns.iter().map(|c| &c.name));
        let (name, aside) = (identifier(&before.name.name), identifier(old));
        let mut statements = vec![
            Statement::new(
                format!("CREATE TABLE {aside} AS SELECT {rowid}{columns} FROM {name}"),
                say("set the rows aside"),
            )
            .through(count(&name)),
        ];
        if counts(before) {
            let (from, to) = (string(&before.name.name), string(old));
            statements.push(Statement::new(
                format!("UPDATE sqlite_sequence SET name = {to} WHERE name = {from}"),
                say("set the counter aside"),
            ));
        }
        statements.push(Statement::new(format!("DROP TABLE {name}"), say("drop the old one")));
        statements
    }
}

/// The name under which a table's row number can be read and written (*ROWIDs and the INTEGER PRIMARY KEY*): the
/// first of three that no column has taken.
fn rowid(table: &Table) -> Option<String> {
    let free = |name: &&str| !table.columns.iter().any(|c| c.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().filter(|_| !table.options.without_rowid).find(free).map(str::to_owned)
}
