//! What is sent to a database.

use crate::schema::QualifiedName;

/// One SQL statement, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The text, without a semicolon at the end.
    pub sql: String,
    /// What it does, in words, for progress and errors: ``create table `account` ``.
    pub about: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it may run twice: when a crash leaves open whether it ran, it is repeated.
    pub repeatable: bool,
    /// The query that counts the rows that it goes through, where these may be many: for people who wait.
    pub rows: Option<String>,
    /// Whether it is a query that must find nothing.
    pub finds_none: bool,
}

impl Statement {
    /// A statement inside the migration's transaction.
    pub fn new(sql: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            about: about.into(),
            place: Place::Transaction,
            repeatable: false,
            rows: None,
            finds_none: false,
        }
    }

    /// A query that must find nothing.
    pub fn finding_none(query: impl Into<String>, what: impl Into<String>) -> Self {
        Self { finds_none: true, repeatable: true, ..Self::new(query, what) }
    }

    /// The same statement, with the query that counts its rows.
    #[must_use]
    pub fn through(mut self, rows: impl Into<String>) -> Self {
        self.rows = Some(rows.into());
        self
    }

    /// The same statement in another place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Before the transaction begins (SQLite's `PRAGMA foreign_keys = off`).
    Setup,
    /// Inside the migration's transaction.
    Transaction,
    /// Committed before the statements that follow it (an enum's new value that they use).
    Committed,
    /// Outside of any transaction (`CREATE INDEX CONCURRENTLY`).
    Alone,
    /// After the transaction, also when it failed.
    Cleanup,
}

/// A change that a database cannot make.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{title} has no {what}, which `{object}` needs; {instead}")]
pub struct Unsupported {
    /// The database, as people know it.
    pub title: String,
    /// What it lacks: `arrays`.
    pub what: String,
    /// The object that needs it.
    pub object: String,
    /// What to do instead.
    pub instead: String,
}

impl Unsupported {
    /// The object is a column.
    #[must_use]
    pub fn column(title: &str, what: &str, table: &QualifiedName, column: &str, instead: &str) -> Self {
        Self {
            title: title.to_owned(),
            what: what.to_owned(),
            object: format!("{table}.{column}"),
            instead: instead.to_owned(),
        }
    }
}
