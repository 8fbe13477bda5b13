//! The rows that a loss is about.

use super::Dialect;
use crate::change::{Change, Formerly, Loss};
use crate::schema::{Column, Name, QualifiedName, Schema, Type};

/// Rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The table.
    pub table: QualifiedName,
    /// Which of them, as SQL; nothing when it is all of them.
    pub filter: Option<String>,
}

impl Rows {
    /// The rows as what stands after `FROM`.
    #[must_use]
    pub fn sql(&self, dialect: &dyn Dialect) -> String {
        let table = dialect.qualified(&self.table);
        self.filter.as_ref().map_or_else(|| table.clone(), |filter| format!("{table} WHERE {filter}"))
    }

    /// A query that finds one of them.
    #[must_use]
    pub fn one(&self, dialect: &dyn Dialect) -> String {
        format!("SELECT CAST(1 AS text) FROM {} LIMIT 1", self.sql(dialect))
    }
}

/// What some changes lose, each with the rows that lose it, in the names before the first of the changes. What is not
/// there before has no rows.
#[must_use]
pub fn losses(changes: &[Change], before: &Schema, dialect: &dyn Dialect) -> Vec<(Loss, Vec<Rows>)> {
    let of = |(at, change): (usize, &Change)| {
        let formerly = Formerly { changes: &changes[..at], start: before };
        let with_rows = |loss: Loss| {
            let rows = rows_of(&formerly.loss(&loss), before, dialect);
            (loss, rows)
        };
        change.loses().into_iter().map(with_rows).collect::<Vec<_>>()
    };
    changes.iter().enumerate().flat_map(of).collect()
}

/// The rows of one loss, in the names that a schema has.
#[must_use]
pub fn rows_of(loss: &Loss, schema: &Schema, dialect: &dyn Dialect) -> Vec<Rows> {
    let column = |table: &QualifiedName, name: &Name| schema.tables.get(table).and_then(|table| table.column(name));
    match loss {
        // A part of a table is no table of the schema's, and has rows of its own.
        Loss::Table(table) => {
            let is_there = schema.tables.contains_key(table) || schema.objects.contains_key(table);
            is_there.then(|| Rows { table: table.clone(), filter: None }).into_iter().collect()
        }
        Loss::Column(table, name) | Loss::Values(table, name) => {
            // A row as a value, of which a field is NULL, is neither (PostgreSQL's manual, *Comparison Functions*).
            let filter = Some(format!("NOT ({} IS NULL)", dialect.identifier(name)));
            column(table, name).map(|_| Rows { table: table.clone(), filter }).into_iter().collect()
        }
        Loss::Label(of, label) => {
            let holding = |(table, name): (QualifiedName, Name)| {
                let filter = holds(column(&table, &name)?, &dialect.identifier(&name), &dialect.string(label));
                Some(Rows { table, filter: Some(filter) })
            };
            schema.columns_of(of).into_iter().filter_map(holding).collect()
        }
    }
}

/// That a column of an enum holds a label, both as SQL. Only where there are arrays can a column be one.
#[must_use]
pub fn holds(column: &Column, name: &str, label: &str) -> String {
    if matches!(column.ty, Type::Array(_)) { format!("{label} = ANY ({name})") } else { format!("{name} = {label}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Delta, In};
    use crate::schema::Table;

    /// What goes is looked for under the name that it has before; what comes and goes has no rows.
    #[test]
    fn rows_are_found_under_the_names_before() {
        let dialect = crate::dialect::named("postgres").expect("it is known");
        let column = |name: &str| Column { nullable: true, ..Column::new(name, Type::Text) };
        let mut note = Table::new("note");
        note.columns = vec![column("title"), column("nick")];
        let mut before = Schema::empty();
        before.tables.insert(note.name.clone(), note.clone());
        let head = |name: &str| crate::schema::TableHead { name: name.into(), ..note.head() };
        let on_page = |delta| Change::Column(In { table: "page".into(), delta });
        let changes = [
            Change::Table(Delta::Alter { from: head("note"), to: head("page") }),
            on_page(Delta::Create(column("new"))),
            on_page(Delta::Drop(column("new"))),
            on_page(Delta::Drop(column("nick"))),
        ];
        let found = |at: usize| -> Vec<String> {
            losses(&changes, &before, dialect)[at].1.iter().map(|rows| rows.one(dialect)).collect()
        };
        assert!(found(0).is_empty());
        assert_eq!(found(1), ["SELECT CAST(1 AS text) FROM note WHERE NOT (nick IS NULL) LIMIT 1"]);
    }
}
