//! How many rows something is about.

use std::time::Duration;

use limbeck::dialect::{Backend, Rows};
use limbeck::schema::{Name, QualifiedName};

/// What is said of none.
pub(crate) const NONE: &str = "no rows";

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
    /// How many rows there are of some tables; nothing when it cannot be told.
    pub(crate) async fn all(&mut self, rows: &[Rows]) -> Option<Count> {
        let mut all = Count::Rows(0);
        for rows in rows {
            all = all.and(self.count(rows).await?);
        }
        Some(all)
    }

    /// The rows that have no value in a column, or all when there is no such column yet.
    pub(crate) async fn unfilled(&mut self, table: &QualifiedName, column: Option<&Name>) -> Option<Count> {
        let dialect = self.backend.dialect();
        let filter = column.map(|column| format!("{} IS NULL", dialect.identifier(column)));
        self.count(&Rows { table: table.clone(), filter }).await
    }

    async fn count(&mut self, rows: &Rows) -> Option<Count> {
        let dialect = self.backend.dialect();
        let sql = format!("SELECT CAST(count(*) AS text) FROM {}", rows.sql(dialect));
        match self.backend.rows_within(&sql, self.patience).await.ok()? {
            Some(rows) => number(rows).map(Count::Rows),
            // One of many is found at once.
            None if self
                .backend
                .rows_within(&rows.one(dialect), self.patience)
                .await
                .ok()?
                .is_some_and(|it| it.is_empty()) =>
            {
                Some(Count::Rows(0))
            }
            None => {
                let estimate = self.backend.rows(&dialect.estimate(&rows.table)).await;
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
