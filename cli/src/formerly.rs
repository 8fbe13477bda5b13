//! What things are, and are called, before a plan changes them. A plan's own names are those after its renames.

use limbeck::change::{Change, Delta, In};
use limbeck::schema::{Column, Name, QualifiedName, Schema, Table, Type};

/// A plan, and the schema that it starts from.
#[derive(Clone, Copy)]
pub(crate) struct Formerly<'a> {
    pub(crate) changes: &'a [Change],
    pub(crate) start: &'a Schema,
}

impl<'a> Formerly<'a> {
    /// The name that a table has before the renames.
    pub(crate) fn name(&self, table: &QualifiedName) -> QualifiedName {
        self.changes.iter().rev().fold(table.clone(), |name, change| {
            if let Change::Table(Delta::Alter { from, to }) = change
                && to.name == name
            {
                return from.name.clone();
            }
            name
        })
    }

    /// A table as it is before; nothing when the plan creates it.
    pub(crate) fn table(&self, table: &QualifiedName) -> Option<&'a Table> {
        let creates = |change: &Change| matches!(change, Change::Table(Delta::Create(it)) if it.name == *table);
        if self.changes.iter().any(creates) {
            return None;
        }
        self.start.tables.get(&self.name(table))
    }

    /// A column as it is before; nothing when the plan creates it.
    pub(crate) fn column(&self, table: &QualifiedName, column: &Name) -> Option<&'a Column> {
        if self.created(table, column).is_some() {
            return None;
        }
        let name = self.deltas(table).rev().fold(column, |name, delta| match delta {
            Delta::Alter { from, to } if to.name == *name => &from.name,
            Delta::Alter { .. } | Delta::Create(_) | Delta::Drop(_) => name,
        });
        self.table(table)?.column(name)
    }

    /// A column that the plan creates.
    pub(crate) fn created(&self, table: &QualifiedName, column: &Name) -> Option<&'a Column> {
        self.deltas(table).find_map(|delta| match delta {
            Delta::Create(it) if it.name == *column => Some(it),
            Delta::Create(_) | Delta::Drop(_) | Delta::Alter { .. } => None,
        })
    }

    /// The other type that a column gets.
    pub(crate) fn retyped(&self, table: &QualifiedName, column: &Name) -> Option<&'a Type> {
        self.deltas(table).find_map(|delta| match delta {
            Delta::Alter { from, to } if to.name == *column && from.ty != to.ty => Some(&to.ty),
            Delta::Alter { .. } | Delta::Create(_) | Delta::Drop(_) => None,
        })
    }

    fn deltas(&self, table: &QualifiedName) -> impl DoubleEndedIterator<Item = &'a Delta<Column>> {
        self.changes.iter().filter_map(move |change| {
            let Change::Column(In { table: of, delta }) = change else { return None };
            (of == table).then_some(delta)
        })
    }
}
