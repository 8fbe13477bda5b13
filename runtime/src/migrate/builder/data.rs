//! What can be said about values for rows, and about statements of one's own.

use crate::schema::{Expression, Name};
use crate::source::{Backfill, Sql, Value};

impl Backfill {
    /// What a column gets, as an expression over the row, or a [`placeholder`](super::placeholder) for one.
    pub fn set(&mut self, column: impl Into<Name>, value: impl Into<Value>) -> &mut Self {
        self.set.push((column.into(), value.into()));
        self
    }

    /// The rows that are still to be done. A row that is done must not be among them any more.
    pub fn filter(&mut self, predicate: impl Into<Expression>) -> &mut Self {
        self.filter = Some(predicate.into());
        self
    }

    /// How many rows commit at once, when not a thousand.
    pub fn batch(&mut self, rows: u32) -> &mut Self {
        self.batch = Some(rows);
        self
    }
}

impl Sql {
    /// The database refuses it inside a transaction (`VACUUM`, `CREATE INDEX CONCURRENTLY`). What stands before it is
    /// committed first. When a crash leaves open whether it ran, the next run refuses to guess, unless it is
    /// [`repeatable`](Self::repeatable).
    pub fn alone(&mut self) -> &mut Self {
        self.alone = true;
        self
    }

    /// It may run twice: when a crash leaves open whether it did, outside a transaction, it is repeated.
    pub fn repeatable(&mut self) -> &mut Self {
        self.repeatable = true;
        self
    }
}
