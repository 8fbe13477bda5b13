//! What things are, and are called, before a plan changes them. A plan's own names are those after its renames.

use super::{Change, Delta, In, Loss};
use crate::schema::{Column, Name, QualifiedName, Schema, Table, Type};

/// A plan, and the schema that it starts from.
#[derive(Clone, Copy, Debug)]
pub struct Formerly<'a> {
    /// The changes, in order, each in the names that are there when it is made.
    pub changes: &'a [Change],
    /// The schema before the first of them.
    pub start: &'a Schema,
}

impl<'a> Formerly<'a> {
    /// The name that a table has before the renames.
    #[must_use]
    pub fn name(&self, table: &QualifiedName) -> QualifiedName {
        self.changes.iter().rev().fold(table.clone(), |name, change| {
            if let Change::Table(Delta::Alter { from, to }) = change
                && to.name == name
            {
                return from.name.clone();
            }
            name
        })
    }

    /// The name that an enum has before the renames.
    #[must_use]
    pub fn enum_name(&self, of: &QualifiedName) -> QualifiedName {
        self.changes.iter().rev().fold(of.clone(), |name, change| {
            if let Change::Enum(Delta::Alter { from, to }) = change
                && to.name == name
            {
                return from.name.clone();
            }
            name
        })
    }

    /// Whether a column, by its name before, is there afterwards and has the same type.
    #[must_use]
    pub fn keeps(&self, table: &QualifiedName, column: &Name) -> bool {
        let goes = |change: &Change| match change {
            Change::Table(Delta::Drop(it)) => it.name == *table,
            Change::Column(In { table: of, delta: Delta::Drop(it) }) => self.is_called(of, &it.name, (table, column)),
            Change::Column(In { table: of, delta: Delta::Alter { from, to } }) if from.ty != to.ty => {
                self.is_called(of, &to.name, (table, column))
            }
            Change::Namespace(_)
            | Change::Extension(_)
            | Change::Enum(_)
            | Change::Label(_)
            | Change::Domain(_)
            | Change::Sequence(_)
            | Change::Table(_)
            | Change::Column(_)
            | Change::PrimaryKey(_)
            | Change::Unique(_)
            | Change::Check(_)
            | Change::ForeignKey(_)
            | Change::Exclusion(_)
            | Change::Index(_)
            | Change::Object(_) => false,
        };
        !self.changes.iter().any(goes)
    }

    /// Whether something is called like this before the renames.
    fn is_called(&self, table: &QualifiedName, column: &Name, (was_in, was): (&QualifiedName, &Name)) -> bool {
        self.name(table) == *was_in && self.column_name(table, column) == was
    }

    /// A table as it is before; nothing when the plan creates it.
    #[must_use]
    pub fn table(&self, table: &QualifiedName) -> Option<&'a Table> {
        let creates = |change: &Change| matches!(change, Change::Table(Delta::Create(it)) if it.name == *table);
        if self.changes.iter().any(creates) {
            return None;
        }
        self.start.tables.get(&self.name(table))
    }

    /// The name that a column has before the renames.
    #[must_use]
    pub fn column_name<'b>(&self, table: &QualifiedName, column: &'b Name) -> &'b Name
    where
        'a: 'b,
    {
        self.deltas(table).rev().fold(column, |name, delta| match delta {
            Delta::Alter { from, to } if to.name == *name => &from.name,
            Delta::Alter { .. } | Delta::Create(_) | Delta::Drop(_) => name,
        })
    }

    /// A loss in the names that a database has before the renames.
    #[must_use]
    pub fn loss(&self, loss: &Loss) -> Loss {
        let before = |table: &QualifiedName, column: &Name| (self.name(table), self.column_name(table, column).clone());
        match loss {
            Loss::Table(table) => Loss::Table(self.name(table)),
            Loss::Column(table, column) => {
                let (table, column) = before(table, column);
                Loss::Column(table, column)
            }
            Loss::Values(table, column) => {
                let (table, column) = before(table, column);
                Loss::Values(table, column)
            }
            Loss::Label(of, label) => {
                let renamed = self.changes.iter().rev().filter_map(|change| {
                    if let Change::Label(it) = change { (it.of == *of).then_some(it) } else { None }
                });
                let was = renamed.fold(label, |label, it| if it.to == *label { &it.from } else { label });
                Loss::Label(self.enum_name(of), was.clone())
            }
        }
    }

    /// A column as it is before; nothing when the plan creates it.
    #[must_use]
    pub fn column(&self, table: &QualifiedName, column: &Name) -> Option<&'a Column> {
        if self.created(table, column).is_some() {
            return None;
        }
        self.table(table)?.column(self.column_name(table, column))
    }

    /// A column that the plan creates.
    #[must_use]
    pub fn created(&self, table: &QualifiedName, column: &Name) -> Option<&'a Column> {
        self.deltas(table).find_map(|delta| match delta {
            Delta::Create(it) if it.name == *column => Some(it),
            Delta::Create(_) | Delta::Drop(_) | Delta::Alter { .. } => None,
        })
    }

    /// The other type that a column gets.
    #[must_use]
    pub fn retyped(&self, table: &QualifiedName, column: &Name) -> Option<&'a Type> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::RenameLabel;
    use crate::schema::{Enum, TableHead};

    #[test]
    fn a_loss_is_counted_under_the_names_before() {
        let head = |name: &str| TableHead { name: name.into(), ..Table::new(name).head() };
        let column = |name: &str| Column::new(name, Type::Text);
        let renamed = |from: &str, to: &str| {
            let delta = Delta::Alter { from: column(from), to: column(to) };
            Change::Column(In { table: "page".into(), delta })
        };
        let of_labels = |name: &str| Enum { name: name.into(), labels: Vec::new(), comment: None };
        // `title` is `headline` now, and `nick` is `title`.
        let changes = [
            Change::Table(Delta::Alter { from: head("note"), to: head("page") }),
            renamed("title", "headline"),
            renamed("nick", "title"),
            Change::Enum(Delta::Alter { from: of_labels("state"), to: of_labels("stage") }),
            Change::Label(RenameLabel { of: "stage".into(), from: "gone".into(), to: "void".into() }),
        ];
        let start = Schema::empty();
        let formerly = Formerly { changes: &changes, start: &start };
        let of = |column: &str| formerly.loss(&Loss::Values("page".into(), column.into())).to_string();
        assert_eq!(of("headline"), "values note.title");
        assert_eq!(of("title"), "values note.nick");
        assert_eq!(of("other"), "values note.other");
        assert_eq!(formerly.loss(&Loss::Table("page".into())).to_string(), "table note");
        assert_eq!(formerly.loss(&Loss::Label("stage".into(), "void".into())).to_string(), "label state.gone");
    }
}
