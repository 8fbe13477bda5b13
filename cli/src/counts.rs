//! How many rows something is about.

use std::time::Duration;

use limbeck::change::Loss;
use limbeck::dialect::Backend;
use limbeck::schema::{Column, Name, QualifiedName};

use crate::sql;

/// What is said of none.
pub(crate) const NONE: &str = "no rows";
/// How long rows are counted, when limbeck.toml does not say; then their number is an estimate.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// A number of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// So many.
    Rows(u64),
    /// Counting takes too long: some of so many, if the database has an idea of how many there are.
    Some(Option<u64>),
}

impl Count {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Rows(one), Self::Rows(other)) => Self::Rows(one + other),
            (Self::Some(Some(one)), Self::Some(Some(other)) | Self::Rows(other))
            | (Self::Rows(one), Self::Some(Some(other))) => Self::Some(Some(one + other)),
            (Self::Some(_), _) | (_, Self::Some(_)) => Self::Some(None),
        }
    }

    /// In words.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Rows(0) => NONE.to_owned(),
            Self::Rows(1) => "1 row".to_owned(),
            Self::Rows(count) => format!("{count} rows"),
            Self::Some(Some(all)) => format!("rows, of about {all}, too many to count"),
            Self::Some(None) => "rows, too many to count".to_owned(),
        }
    }
}

/// A database that is asked for numbers of rows, and how long that may take each time.
pub(crate) struct Counting<'a> {
    pub(crate) backend: &'a mut (dyn Backend + 'static),
    pub(crate) patience: Duration,
}

impl Counting<'_> {
    /// The rows that a loss throws away; nothing when it cannot be told.
    pub(crate) async fn lost(&mut self, loss: &Loss) -> Option<Count> {
        let dialect = self.backend.dialect();
        match loss {
            Loss::Table(table) => self.count(table, "").await,
            Loss::Column(table, column) | Loss::Values(table, column) => {
                self.count(table, &format!(" WHERE {} IS NOT NULL", dialect.identifier(column))).await
            }
            Loss::Label(..) => None,
        }
    }

    /// The rows that have no value in a column, or all when there is no such column yet.
    pub(crate) async fn unfilled(&mut self, table: &QualifiedName, column: Option<&Name>) -> Option<Count> {
        let dialect = self.backend.dialect();
        let filter = column.map(|column| format!(" WHERE {} IS NULL", dialect.identifier(column)));
        self.count(table, &filter.unwrap_or_default()).await
    }

    /// The rows that hold a label in a column.
    pub(crate) async fn holding(&mut self, table: &QualifiedName, column: &Column, label: &Name) -> Option<Count> {
        let dialect = self.backend.dialect();
        let (name, label) = (dialect.identifier(&column.name), dialect.string(label));
        self.count(table, &format!(" WHERE {}", sql::holds(column, &name, &label))).await
    }

    async fn count(&mut self, table: &QualifiedName, filter: &str) -> Option<Count> {
        let dialect = self.backend.dialect();
        let sql = format!("SELECT CAST(count(*) AS text) FROM {}{filter}", dialect.qualified(table));
        match self.backend.rows_within(&sql, self.patience).await.ok()? {
            Some(rows) => number(rows).map(Count::Rows),
            None => {
                let estimate = self.backend.rows(&dialect.estimate(table)).await;
                Some(Count::Some(estimate.ok().and_then(number)))
            }
        }
    }
}

/// Whether a table has a row at all.
pub(crate) async fn has_rows(backend: &mut dyn Backend, table: &QualifiedName) -> bool {
    let sql = format!("SELECT CAST(1 AS text) FROM {} LIMIT 1", backend.dialect().qualified(table));
    backend.rows(&sql).await.is_ok_and(|rows| !rows.is_empty())
}

fn number(rows: Vec<Vec<Option<String>>>) -> Option<u64> {
    rows.into_iter().next()?.into_iter().next()??.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_add_up_as_far_as_they_are_known() {
        let (three, about, many) = (Count::Rows(3), Count::Some(Some(4)), Count::Some(None));
        assert_eq!(three.and(three).words(), "6 rows");
        assert_eq!(three.and(about).words(), "rows, of about 7, too many to count");
        assert_eq!(about.and(many).words(), "rows, too many to count");
        assert_eq!((Count::Rows(0).words(), Count::Rows(1).words()), (NONE.to_owned(), "1 row".to_owned()));
    }
}
