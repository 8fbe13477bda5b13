//! Assertions in plain SQL: they hold in a script as they do in a program.
//!
//! With foreign keys off nobody watches. So what the rows refer to is counted before and after (*ALTER TABLE*, 7,
//! steps 10 and 11), and a row that has no parent any more fails a check, which ends the transaction. That is so
//! whichever way a migration goes: a table that was dropped comes back empty, and rows that referred to its rows then
//! fit no foreign key, as they fit none in another database. Rows that had no parent before may stay so.
//!
//! Nor does anybody look in a script, or in a way back that was stored, what the table is that is made anew. So it is
//! asked whether it has anything that the new one would not get. By then all indexes and triggers that are known are
//! off.

use std::collections::BTreeSet;

use super::canonical::{find_table, resolve};
use super::write::{identifier, string};
use crate::plan::Statement;
use crate::schema::{Name, QualifiedName, Schema, SqlObject, SqlObjectKind, Table};

/// What the last check is about.
const LOST: &str = "check that no row is without its parent";

/// The statements at the beginning: foreign keys must really be off, and the orphans that there are are counted. The
/// tables are those that are asked for [`unknown`] parts later.
pub(super) fn begin(children: &[Child], tables: &BTreeSet<QualifiedName>) -> Vec<Statement> {
    let about = "check that foreign keys are off";
    let mut table = "CREATE TEMP TABLE limbeck_guard (\n    \
                     foreign_keys INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (foreign_keys = 0),\n    \
                     child TEXT,\n    parent TEXT,\n    unknown TEXT"
        .to_owned();
    for (child, parent) in children.iter().flat_map(|c| c.parents.iter().map(move |parent| (&c.after, parent))) {
        // The name is all that SQLite says of a check that fails.
        let name = identifier(&format!("rows of {child} without their parent in {parent}"));
        let (child, parent) = (folded(&child.name), folded(parent));
        table.push_str(&format!(",\n    CONSTRAINT {name} CHECK (child <> {child} OR parent <> {parent})"));
    }
    for name in tables {
        let said = identifier(&format!(
            "table `{name}` has other columns, indexes or triggers than are known here, which it would lose: \
             run `cargo limbeck upgrade` in place of a script, or say in the migrations what made them"
        ));
        table.push_str(&format!(",\n    CONSTRAINT {said} CHECK (unknown <> {})", string(&name.name)));
    }
    let mut statements = vec![
        Statement::new(format!("{table}\n)"), about),
        Statement::new(
            "INSERT INTO temp.limbeck_guard (foreign_keys) SELECT foreign_keys FROM pragma_foreign_keys",
            about,
        ),
    ];
    if !children.is_empty() {
        let before: Vec<&QualifiedName> = children.iter().filter_map(|c| c.before.as_ref()).collect();
        statements.push(Statement::new(
            format!("CREATE TEMP TABLE limbeck_orphans AS {}", orphans(&before)),
            "count the rows without a parent",
        ));
        for (from, to) in children.iter().filter_map(Child::renamed) {
            statements.push(Statement::new(
                format!("UPDATE temp.limbeck_orphans SET child = {to} WHERE child = {from}"),
                "follow a renamed table",
            ));
            statements.push(Statement::new(
                format!("UPDATE temp.limbeck_orphans SET parent = {to} WHERE parent = {from}"),
                "follow a renamed table",
            ));
        }
    }
    statements
}

/// What fails when a table has a column that is not known, or lacks one, or has an index or a trigger. Those that belong
/// to a constraint have no statement.
pub(super) fn unknown(table: &Table) -> Statement {
    let name = string(&table.name.name);
    let columns = table.columns.iter().map(|c| string(&c.name)).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "INSERT INTO temp.limbeck_guard (unknown) SELECT {name}\n\
         WHERE (SELECT count(*) FROM pragma_table_xinfo({name}) WHERE name COLLATE NOCASE IN ({columns})) <> {}\n\
         OR EXISTS (SELECT 1 FROM pragma_table_xinfo({name}) WHERE name COLLATE NOCASE NOT IN ({columns}))\n\
         OR EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name = {name} COLLATE NOCASE AND type <> 'table' AND sql IS NOT NULL)",
        table.columns.len()
    );
    Statement::new(sql, format!("check that all parts of table `{}` are known", table.name))
}

/// The statements at the end.
pub(super) fn end(children: &[Child]) -> Vec<Statement> {
    let mut statements = Vec::new();
    if !children.is_empty() {
        let after: Vec<&QualifiedName> = children.iter().map(|c| &c.after).collect();
        statements.push(Statement::new(
            format!(
                "INSERT INTO temp.limbeck_guard (child, parent)\nSELECT now.child, now.parent FROM ({}) AS now\n\
                 LEFT JOIN temp.limbeck_orphans AS was ON was.child = now.child AND was.parent = now.parent\n\
                 WHERE now.orphans > coalesce(was.orphans, 0)",
                orphans(&after)
            ),
            LOST,
        ));
        statements.push(Statement::new("DROP TABLE temp.limbeck_orphans", LOST));
    }
    statements.push(Statement::new("DROP TABLE temp.limbeck_guard", LOST));
    statements
}

fn orphans(tables: &[&QualifiedName]) -> String {
    if tables.is_empty() {
        return "SELECT '' AS child, '' AS parent, 0 AS orphans WHERE 0".to_owned();
    }
    let names = tables.iter().map(|t| format!("({})", string(&t.name))).collect::<Vec<_>>().join(", ");
    format!(
        "SELECT lower(v.\"table\") AS child, lower(v.parent) AS parent, count(*) AS orphans\n\
         FROM (VALUES {names}) AS t, pragma_foreign_key_check(t.column1) AS v\nGROUP BY 1, 2"
    )
}

/// A name as [`orphans`] gives it, in SQL.
fn folded(name: &Name) -> String {
    string(&name.to_ascii_lowercase())
}

/// A table whose foreign keys are watched.
pub(super) struct Child {
    /// Its name at the beginning, if it was there and could be checked.
    before: Option<QualifiedName>,
    after: QualifiedName,
    /// The tables that it refers to at the end. One that is gone by then leaves it nothing to lose.
    parents: BTreeSet<Name>,
}

impl Child {
    fn renamed(&self) -> Option<(String, String)> {
        let before = self.before.as_ref().filter(|before| **before != self.after)?;
        Some((folded(&before.name), folded(&self.after.name)))
    }
}

/// The tables to watch: those that are made anew, and those that refer to them. `was` gives a table's name before
/// all renames.
pub(super) fn children(
    before: &Schema,
    after: &Schema,
    anew: &BTreeSet<QualifiedName>,
    was: impl Fn(&QualifiedName) -> QualifiedName,
) -> Vec<Child> {
    let is_anew = |name: &QualifiedName| anew.iter().any(|n| n.name.eq_ignore_ascii_case(&name.name));
    let concerned = |t: &&Table| {
        !t.foreign_keys.is_empty() && (is_anew(&t.name) || t.foreign_keys.iter().any(|k| is_anew(&k.references)))
    };
    let child = |t: &Table| {
        let earlier = was(&t.name);
        let there = before.tables.get(&earlier).is_some_and(|t| checkable(t, before));
        let parents = t.foreign_keys.iter().filter_map(|k| find_table(after, &k.references));
        let parents = parents.map(|parent| parent.name.name.clone()).collect();
        Child { before: there.then_some(earlier), after: t.name.clone(), parents }
    };
    after.tables.values().filter(concerned).filter(|t| checkable(t, after)).map(child).collect()
}

/// `foreign_key_check` fails, whatever the rows, when a foreign key points at no key (*SQLite Foreign Key Support*, 3):
/// a table with such a one cannot be watched. One whose parent is missing has nothing but orphans, but a view is there
/// and has no key.
fn checkable(table: &Table, schema: &Schema) -> bool {
    let is_object = |name: &QualifiedName| {
        let same = |o: &SqlObject| o.name.name.eq_ignore_ascii_case(&name.name);
        schema.objects.values().filter(|o| o.kind != SqlObjectKind::Trigger).any(same)
    };
    table.foreign_keys.iter().all(|key| {
        let mut key = key.clone();
        resolve(&mut key, table, schema);
        let parent = find_table(schema, &key.references);
        if parent.is_none() && is_object(&key.references) {
            return false;
        }
        parent.is_none_or(|p| {
            let plain = |columns: &crate::schema::Name| {
                p.primary_key.iter().all(|k| !k.sorts.contains_key(columns))
                    && p.uniques.iter().all(|u| !u.sorts.contains_key(columns))
                    && p.indexes.iter().all(|i| i.keys.iter().all(|k| k.collation.is_none()))
            };
            key.columns.len() == key.referenced_columns.len()
                && p.is_key(&key.referenced_columns)
                && key.referenced_columns.iter().all(plain)
        })
    })
}
