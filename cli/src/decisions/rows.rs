//! The rows that a difference is about.

use std::time::Duration;

use limbeck::change::{Change, Delta, Formerly, Loss};
use limbeck::dialect::{Backend, Dialect, losses};
use limbeck::schema::{Name, QualifiedName, Schema};

use super::counts::{self, Counting};
use crate::project::locks::Vanished;

/// Rows, where there is a database to ask.
pub(crate) struct Rows<'a> {
    pub(crate) backend: Option<&'a mut (dyn Backend + 'static)>,
    pub(crate) start: &'a Schema,
    /// All that is to change, the renames first.
    pub(crate) changes: &'a [Change],
    /// The databases that the migration is for.
    pub(crate) dialects: Vec<&'static dyn Dialect>,
    /// How long rows are counted.
    pub(crate) patience: Duration,
    /// Crates whose models are not in this program any more.
    pub(crate) vanished: Vec<Vanished>,
}

impl Rows<'_> {
    /// Who counts, when there is a database to ask.
    fn counting(&mut self) -> Option<Counting<'_>> {
        let backend = self.backend.as_deref_mut()?;
        Some(Counting { backend, patience: self.patience })
    }

    fn formerly(&self) -> Formerly<'_> {
        Formerly { changes: self.changes, start: self.start }
    }

    /// The name that a table has before the renames.
    fn before(&self, table: &QualifiedName) -> QualifiedName {
        self.formerly().name(table)
    }

    /// Whether a table has rows; where nobody knows, it has.
    pub(crate) async fn are_in(&mut self, table: &QualifiedName) -> bool {
        let table = self.before(table);
        match &mut self.backend {
            Some(backend) => counts::has_rows(&mut **backend, &table).await,
            None => true,
        }
    }

    /// The columns of an enum, before.
    fn holders(&self, of: &QualifiedName) -> Vec<(QualifiedName, Name)> {
        self.start.columns_of(&self.formerly().enum_name(of))
    }

    /// How many rows a loss is about, in words; nothing when nobody knows.
    pub(crate) async fn lost(&mut self, loss: &Loss) -> Option<String> {
        let dialect = self.backend.as_ref()?.dialect();
        let (_, rows) = losses(self.changes, self.start, dialect).into_iter().find(|(it, _)| it == loss)?;
        Some(self.counting()?.all(&rows).await?.words())
    }

    /// Whether rows of a table can be told apart.
    pub(crate) fn is_keyed(&self, table: &QualifiedName) -> bool {
        self.start.tables.get(&self.before(table)).is_some_and(|table| table.primary_key.is_some())
    }

    /// Whether what goes can be kept: the rows of a table always can, values need a key that stays.
    pub(crate) fn can_keep(&self, loss: &Loss) -> bool {
        let goes = |table: &QualifiedName, column: &Name| {
            let loss = Loss::Column(table.clone(), column.clone());
            self.changes.iter().any(|change| change.loses().contains(&loss))
        };
        let keyed = |table: &QualifiedName| {
            let before = self.start.tables.get(&self.before(table));
            let key = before.and_then(|table| table.primary_key.as_ref());
            key.is_some_and(|key| !key.columns.iter().any(|column| goes(table, column)))
        };
        match loss {
            Loss::Table(table) => self.start.tables.contains_key(&self.before(table)),
            Loss::Column(table, _) | Loss::Values(table, _) => keyed(table),
            Loss::Label(of, _) => self.holders(of).iter().all(|(table, _)| keyed(table)),
        }
    }

    /// The labels that rows can get in place of one that goes: those that are there before and after.
    pub(crate) fn labels_that_stay(&self, loss: &Loss) -> Vec<String> {
        let Loss::Label(of, _) = loss else { return Vec::new() };
        let relabelled = self.changes.iter().find_map(|change| {
            let Change::Enum(Delta::Alter { from, to }) = change else { return None };
            (to.name == *of && from.labels != to.labels).then_some((from, to))
        });
        let both = relabelled.into_iter().flat_map(|(from, to)| from.labels.iter().filter(|it| to.labels.contains(it)));
        both.map(ToString::to_string).collect()
    }

    /// How many rows have no value in a column, or how many there are when it is new.
    pub(crate) async fn unfilled(&mut self, table: &QualifiedName, column: Option<&Name>) -> Option<String> {
        let column = column.map(|column| self.formerly().column_name(table, column).clone());
        let table = self.before(table);
        Some(self.counting()?.unfilled(&table, column.as_ref()).await?.words())
    }
}
