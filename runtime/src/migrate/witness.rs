//! What of the rows must come through a migration as it was, there and back.

use std::collections::BTreeMap;

use super::Action;
use crate::change::{Change, Delta, Formerly};
use crate::dialect::{Backend, DatabaseError};
use crate::schema::{Column, Name, QualifiedName, Schema};

/// Rows as texts, and how often each is there: in an order that is no database's.
pub(super) type Rows = BTreeMap<Vec<Option<String>>, usize>;

/// The rows of some columns of a table.
///
/// # Errors
///
/// When the database does not give them.
pub(super) async fn read(
    backend: &mut dyn Backend,
    table: &QualifiedName,
    columns: &[&Name],
) -> Result<Rows, DatabaseError> {
    let dialect = backend.dialect();
    let texts = columns.iter().map(|column| format!("CAST({} AS text)", dialect.identifier(column)));
    // That a row is there is something, too.
    let texts = texts.chain(["CAST(1 AS text)".to_owned()]).collect::<Vec<_>>().join(", ");
    let query = format!("SELECT {texts} FROM {}", dialect.qualified(table));
    let mut rows = Rows::new();
    for row in backend.rows(&query).await? {
        *rows.entry(row).or_default() += 1;
    }
    Ok(rows)
}

/// On which side of a migration something is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    Goal,
}

/// The tables that are there on both sides, with the columns whose values no step is about.
#[derive(Debug)]
pub(super) struct Witness(Vec<Through>);

/// One of the tables.
#[derive(Debug)]
pub(super) struct Through {
    was: QualifiedName,
    is: QualifiedName,
    /// The names on the one side and the other.
    columns: Vec<(Name, Name)>,
}

impl Through {
    /// Its name on a side.
    pub(super) fn name(&self, side: Side) -> &QualifiedName {
        if side == Side::Start { &self.was } else { &self.is }
    }
}

impl Witness {
    /// What the actions there and back leave alone.
    pub(super) fn of(formerly: &Formerly<'_>, (up, down): (&[Action], &[Action]), goal: &Schema) -> Self {
        // What is said in SQL or in Rust may be about any value.
        let opaque = up.iter().chain(down).any(|action| matches!(action, Action::Sql(_) | Action::Run(_)));
        // What rows get has the names of one side or the other.
        let filled = |(was, is): (&QualifiedName, &QualifiedName), (from, to): (&Name, &Name)| {
            let sets = |action: &Action| {
                matches!(action, Action::Backfill(it, _) if (it.table == *was || it.table == *is)
                    && it.set.iter().any(|(name, _)| name == from || name == to))
            };
            up.iter().chain(down).any(sets)
        };
        let through = |(is, table): (&QualifiedName, &crate::schema::Table)| {
            let was = formerly.table(is)?;
            let same = |column: &Column| {
                let before = formerly.column(is, &column.name)?;
                let computed = before.generated.is_some() || column.generated.is_some();
                let altered =
                    formerly.retyped(is, &column.name).is_some() || has_other_labels(column, formerly.changes);
                let filled = opaque || filled((&was.name, is), (&before.name, &column.name));
                (!computed && !altered && !filled).then(|| (before.name.clone(), column.name.clone()))
            };
            let columns = table.columns.iter().filter_map(same).collect();
            Some(Through { was: was.name.clone(), is: is.clone(), columns })
        };
        Self(goal.tables.iter().filter_map(through).collect())
    }

    /// All of it, as it is on a side.
    pub(super) async fn look(&self, backend: &mut dyn Backend, side: Side) -> Result<Vec<Rows>, DatabaseError> {
        let mut all = Vec::new();
        for table in &self.0 {
            let columns = table.columns.iter().map(|(was, is)| if side == Side::Start { was } else { is });
            all.push(read(backend, table.name(side), &columns.collect::<Vec<_>>()).await?);
        }
        Ok(all)
    }

    /// The first table whose rows are not what they were, with these and those.
    pub(super) fn unlike<'a>(&'a self, were: &'a [Rows], are: &'a [Rows]) -> Option<(&'a Through, &'a Rows, &'a Rows)> {
        let pairs = self.0.iter().zip(were.iter().zip(are));
        pairs.map(|(table, (were, are))| (table, were, are)).find(|(_, were, are)| were != are)
    }
}

/// Whether a column holds labels of an enum that gets others.
fn has_other_labels(column: &Column, changes: &[Change]) -> bool {
    let of = column.ty.named();
    changes.iter().any(|change| {
        matches!(change, Change::Enum(Delta::Alter { to, .. }) if of == Some(&to.name))
            || matches!(change, Change::Label(it) if of == Some(&it.of))
    })
}
