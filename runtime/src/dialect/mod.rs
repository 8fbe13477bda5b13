//! What differs between databases.
//!
//! Nobody outside this folder asks which database it is. What differs is a value in
//! [`Capabilities`], is removed by [`Dialect::canonical`] before the diff, or by
//! [`lower`](crate::plan) after the plan. The folders have the same files, so that two dialects can be read side by
//! side.

mod alone;
#[cfg(feature = "driver")]
mod backend;
mod compare;
#[cfg(feature = "driver")]
mod connect;
mod lost;
pub mod postgres;
pub mod sqlite;
#[cfg(feature = "driver")]
mod throwaway;

pub use alone::Alone;
#[cfg(feature = "driver")]
pub use backend::{Backend, Busy, Connection, DatabaseError, Introspection, Unmodelled, Work};
pub use compare::spelled;
#[cfg(feature = "driver")]
pub use compare::{aligned, respelled};
#[cfg(feature = "driver")]
pub use connect::{ConnectError, Missing, connect, is_local, throwaway};
pub use lost::{Rows, holds, losses, rows_of};
#[cfg(feature = "driver")]
pub use throwaway::Throwaway;

use std::time::Duration;

use crate::change::Change;
use crate::plan::{Capabilities, Statement, Unsupported};
use crate::schema::{Database, Name, QualifiedName, Schema, Table, Type};

/// A database's own way of saying things. Pure: it sees values and gives values.
pub trait Dialect: Send + Sync {
    /// Which database this is, as the key of variants.
    fn database(&self) -> Database;

    /// What a version can do. `version` is the server's number, as in [`Capabilities::version`].
    fn capabilities(&self, version: u32) -> Capabilities;

    /// The capabilities of the newest version that is known, for work without a server.
    fn newest(&self) -> Capabilities;

    /// The form in which two schemas of this database can be compared with `==`, and which is never printed.
    ///
    /// Every object stays, and every list keeps its length and order, so that the canonical form of a thing is
    /// found where the thing is. Variants are chosen already ([`Schema::on`]).
    fn canonical(&self, schema: &Schema) -> Schema;

    /// The statements that make some changes, in their order, starting from a schema. The changes are lowered: every
    /// name is written out, and nothing is in them that the capabilities deny.
    ///
    /// # Errors
    ///
    /// When a change is of a kind that this database cannot make.
    fn render(
        &self,
        changes: &[Change],
        before: &Schema,
        capabilities: &Capabilities,
    ) -> Result<Vec<Statement>, Unsupported>;

    /// Statements as a script that the database's own shell runs as it is, transactions placed.
    fn script(&self, statements: &[Statement]) -> String;

    /// Whether no transaction can hold a statement, and if so, what to do when a crash leaves open whether it ran.
    fn alone(&self, sql: &str) -> Option<Alone>;

    /// How many entries some changes take in the server's table of locks when they are made in one transaction, at most;
    /// 0 where there is no such table.
    fn locks(&self, changes: &[&Change], before: &Schema) -> u64;

    /// Statements that limit how long a statement waits for a lock, and how long it runs; `None` is as it was.
    fn limits(&self, lock: Option<Duration>, statement: Option<Duration>) -> Vec<String>;

    /// A query that gives a row when there is a table of this name, and none when there is not.
    fn table_exists(&self, name: &QualifiedName) -> String;

    /// The type, as SQL writes it, of values that are kept as text, because it may go before they come back; nothing for
    /// a type that is always there.
    fn kept_as_text(&self, ty: &Type) -> Option<String>;

    /// The statement that keeps others from writing to a table until the transaction ends, where one is needed.
    fn hold(&self, table: &QualifiedName) -> Option<String>;

    /// The statements before and after others that make it an error to see or change only some of a table's rows, where
    /// the database could hide the rest.
    fn seeing_all(&self) -> Option<(&'static str, &'static str)>;

    /// The statement that fails, in a script, when a query finds a row.
    fn assert_none(&self, what: &str, query: &str) -> String;

    /// Statements between changed rows and a change of the schema, where rows may wait for the end of the transaction to
    /// be checked and the schema cannot change until they are.
    fn check_rows(&self, before: &Schema) -> Vec<String>;

    /// Statements that put the rows of a query into some columns of a table that is new, and let it count on from there.
    fn refill(&self, table: &Table, columns: &str, select: &str) -> Vec<String>;

    /// A query for about how many rows a table has, which takes no time however many they are. No row, or NULL, when the
    /// database has no idea.
    fn estimate(&self, table: &QualifiedName) -> String;

    /// A table's or another object's name as SQL writes it.
    fn qualified(&self, name: &QualifiedName) -> String {
        match &name.schema {
            Some(schema) => format!("{}.{}", self.identifier(schema), self.identifier(&name.name)),
            None => self.identifier(&name.name),
        }
    }

    /// An identifier as SQL writes it.
    fn identifier(&self, name: &Name) -> String;

    /// A string literal.
    fn string(&self, text: &str) -> String;
}

/// The dialect of a database, by the name that is its key: `postgres`, `sqlite`.
#[must_use]
pub fn named(name: &str) -> Option<&'static dyn Dialect> {
    let all: [&'static dyn Dialect; 2] = [&postgres::Postgres, &sqlite::Sqlite];
    all.into_iter().find(|dialect| dialect.database().0 == name)
}
