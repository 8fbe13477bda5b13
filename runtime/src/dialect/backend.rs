//! One connection to a database, whichever it is.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::Dialect;
use crate::plan::Capabilities;
use crate::schema::{QualifiedName, Schema};

/// Work on a connection. Boxed, so that whoever drives it is compiled once and not once per database.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, DatabaseError>> + Send + 'a>>;

/// What a driver's error says: the database's own words, without the line of its source that it gives.
fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(said) => said.message().to_owned(),
        other => other.to_string(),
    }
}

/// What a database said no to.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {}", words(.source))]
pub struct DatabaseError {
    /// What was being done: ``cannot create table `account` ``.
    pub doing: String,
    /// The statement, when it was one.
    pub sql: Option<String>,
    /// The database's own words.
    #[source]
    pub source: sqlx::Error,
}

impl DatabaseError {
    /// An error with what was being done.
    pub fn new(doing: impl Into<String>, source: sqlx::Error) -> Self {
        Self { doing: doing.into(), sql: None, source }
    }

    /// Whether somebody else held what was needed: it may work in a moment.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        /// `lock_not_available`, `deadlock_detected`, `serialization_failure` (PostgreSQL, Appendix A).
        const CODES: [&str; 3] = ["55P03", "40P01", "40001"];
        match &self.source {
            sqlx::Error::Database(error) => error.code().is_some_and(|code| CODES.contains(&code.as_ref())),
            sqlx::Error::Io(error) => error.get_ref().is_some_and(|error| error.is::<Busy>()),
            _ => false,
        }
    }

    /// An error of a statement.
    pub fn in_sql(doing: impl Into<String>, sql: impl Into<String>, source: sqlx::Error) -> Self {
        Self { doing: doing.into(), sql: Some(sql.into()), source }
    }
}

/// Somebody else held what was needed, in words, where the database's own error says less.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Busy(pub String);

/// The connection that a data migration works on.
#[derive(Debug)]
#[non_exhaustive]
pub enum Connection<'a> {
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(&'a mut sqlx::PgConnection),
    /// SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(&'a mut sqlx::SqliteConnection),
}

/// What a database holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Introspection {
    /// All that a schema can say.
    pub schema: Schema,
    /// All else: seen, so that it can be reported and is never broken, and not touched.
    pub unmodelled: Vec<Unmodelled>,
}

/// An object of a kind that a schema does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmodelled {
    /// What it is: `view`, `function`, `policy`.
    pub kind: String,
    /// Its name, with its schema and table.
    pub name: String,
    /// Its definition, so that two can be compared.
    pub definition: String,
    /// The name that no table can have beside it, when it takes one: a view's, a partitioned table's.
    pub relation: Option<QualifiedName>,
}

/// One connection to a database.
pub trait Backend: Send {
    /// How this database says things.
    fn dialect(&self) -> &'static dyn Dialect;

    /// What this server can do.
    fn capabilities(&self) -> &Capabilities;

    /// The database, for people: its URL without user and password.
    fn place(&self) -> &str;

    /// Runs one statement. Gives the number of rows it changed.
    fn execute<'a>(&'a mut self, sql: &'a str) -> Work<'a, u64>;

    /// Runs one query whose columns are all text, and gives its rows.
    fn rows<'a>(&'a mut self, sql: &'a str) -> Work<'a, Vec<Vec<Option<String>>>>;

    /// The same for a query that may take long: nothing when the time is up.
    fn rows_within<'a>(&'a mut self, sql: &'a str, limit: Duration) -> Work<'a, Option<Vec<Vec<Option<String>>>>>;

    /// Everything that is in the database, by a fixed number of queries in one snapshot.
    fn introspect(&mut self) -> Work<'_, Introspection>;

    /// The canonical forms of two schemas ([`Dialect::canonical`]), so that they can be compared: where spelling is
    /// the server's to judge, the server is asked. Shapes stay as they are. Neither schema holds variants any more.
    fn comparable<'a>(&'a mut self, from: &'a Schema, to: &'a Schema) -> Work<'a, (Schema, Schema)>;

    /// Begins a transaction in which nobody else migrates: what history says inside it is what there is.
    fn begin(&mut self) -> Work<'_, ()>;

    /// Begins it with a question: in one message, where the database takes both.
    fn begin_asking<'a>(&'a mut self, query: &'a str) -> Work<'a, Vec<Vec<Option<String>>>> {
        Box::pin(async move {
            self.begin().await?;
            self.rows(query).await
        })
    }

    /// Commits it.
    fn commit(&mut self) -> Work<'_, ()>;

    /// Commits it after some last statements: in one message, where the database takes them all.
    fn commit_after<'a>(&'a mut self, last: &'a [String]) -> Work<'a, ()> {
        Box::pin(async move {
            for sql in last {
                self.execute(sql).await?;
            }
            self.commit().await
        })
    }

    /// Undoes it.
    fn rollback(&mut self) -> Work<'_, ()>;

    /// Tries to become the one who migrates, without waiting. Where the database has no such lock, yes.
    fn try_lock<'a>(&'a mut self, key: &'a str) -> Work<'a, bool>;

    /// A condition that holds where this connection still speaks to the session that has the lock. `None` where the
    /// database has no such lock, or it was not asked for.
    fn same_session(&self) -> Option<String>;

    /// Who holds the lock, for people.
    fn lock_holder<'a>(&'a mut self, key: &'a str) -> Work<'a, Option<String>>;

    /// Lets others migrate.
    fn unlock<'a>(&'a mut self, key: &'a str) -> Work<'a, ()>;

    /// How many locks the server has room for, and what the setting is that its room comes from. `None` where nothing
    /// limits them.
    fn lock_room(&mut self) -> Work<'_, Option<(u64, u64)>>;

    /// The connection itself, for a data migration.
    fn connection(&mut self) -> Connection<'_>;

    /// The connection shall not be used again: whatever it holds, a transaction or a lock, is let go with it. For work
    /// that is broken off; a connection out of a pool does not go back.
    fn abandon(&mut self);

    /// Closes it, in order.
    fn close(self: Box<Self>) -> Work<'static, ()>;
}
