//! Assertions in plain SQL: they hold in a script as they do in a program.
//!
//! With foreign keys off nobody watches. So what the rows refer to is counted before and after (*ALTER TABLE*, 7,
//! steps 10 and 11), and a row that lost its parent fails a check, which ends the transaction.

use std::collections::BTreeSet;

use super::canonical::{find_table, resolve};
use super::write::string;
use crate::plan::Statement;
use crate::schema::{QualifiedName, Schema, Table};

/// The statements at the beginning: foreign keys must really be off, and the orphans that there are are counted.
pub(super) fn begin(children: &[Child]) -> Vec<Statement> {
    let about = "check that foreign keys are off";
    let mut statements = vec![
        Statement::new(
            "CREATE TEMP TABLE limbeck_guard (\n    \
             foreign_keys INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (foreign_keys = 0),\n    \
             orphans INTEGER CONSTRAINT no_row_may_lose_its_parent CHECK (orphans = 0)\n)",
            about,
        ),
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

/// The statements at the end.
pub(super) fn end(children: &[Child]) -> Vec<Statement> {
    let mut statements = Vec::new();
    if !children.is_empty() {
        let after: Vec<&QualifiedName> = children.iter().map(|c| &c.after).collect();
        statements.push(Statement::new(
            format!(
                "INSERT INTO temp.limbeck_guard (orphans)\nSELECT count(*) FROM ({}) AS now\n\
                 LEFT JOIN temp.limbeck_orphans AS was ON was.child = now.child AND was.parent = now.parent\n\
                 WHERE now.orphans > coalesce(was.orphans, 0)",
                orphans(&after)
            ),
            "check that no row lost its parent",
        ));
        statements.push(Statement::new("DROP TABLE temp.limbeck_orphans", "check that no row lost its parent"));
    }
    statements.push(Statement::new("DROP TABLE temp.limbeck_guard", "check that no row lost its parent"));
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

/// A table whose foreign keys are watched.
pub(super) struct Child {
    /// Its name at the beginning, if it was there and could be checked.
    before: Option<QualifiedName>,
    after: QualifiedName,
}

impl Child {
    fn renamed(&self) -> Option<(String, String)> {
        let before = self.before.as_ref().filter(|before| **before != self.after)?;
        Some((string(&before.name.to_lowercase()), string(&self.after.name.to_lowercase())))
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
        Child { before: there.then_some(earlier), after: t.name.clone() }
    };
    after.tables.values().filter(concerned).filter(|t| checkable(t, after)).map(child).collect()
}

/// `foreign_key_check` fails, whatever the rows, when a foreign key points at no key (*SQLite Foreign Key Support*, 3):
/// a table with such a one cannot be watched. One whose parent is missing has nothing but orphans.
fn checkable(table: &Table, schema: &Schema) -> bool {
    table.foreign_keys.iter().all(|key| {
        let mut key = key.clone();
        resolve(&mut key, table, schema);
        let parent = find_table(schema, &key.references);
        parent.is_some_and(|p| {
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
