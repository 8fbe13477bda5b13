//! SQLite.

mod alone;
mod alter;
mod canonical;
mod capabilities;
#[cfg(feature = "sqlite")]
mod connection;
mod create;
mod guard;
#[cfg(feature = "sqlite")]
mod introspect;
mod lex;
mod lock;
mod objects;
mod parse;
mod rebuild;
mod render;
mod script;
#[cfg(test)]
mod tests;
#[cfg(feature = "sqlite")]
mod throwaway;
mod types;
mod write;

#[cfg(feature = "sqlite")]
pub use super::connect::Missing;
pub use capabilities::SQLITE;
#[cfg(feature = "sqlite")]
pub use connection::{SqliteBackend, acquire, connect};
#[cfg(feature = "sqlite")]
pub(super) use throwaway::throwaway;

use std::time::Duration;

use super::{Alone, Dialect};
use crate::change::Change;
use crate::plan::{Capabilities, Statement, Unsupported};
use crate::schema::{Database, Name, QualifiedName, Schema, Table, Type};

/// SQLite's way of saying things.
#[derive(Clone, Copy, Debug)]
pub struct Sqlite;

impl Dialect for Sqlite {
    fn database(&self) -> Database {
        SQLITE
    }

    fn capabilities(&self, version: u32) -> Capabilities {
        capabilities::capabilities(version)
    }

    fn newest(&self) -> Capabilities {
        capabilities::capabilities(capabilities::NEWEST)
    }

    fn canonical(&self, schema: &Schema) -> Schema {
        canonical::canonical(schema)
    }

    fn render(
        &self,
        changes: &[Change],
        before: &Schema,
        capabilities: &Capabilities,
    ) -> Result<Vec<Statement>, Unsupported> {
        render::render(changes, before, capabilities)
    }

    fn script(&self, statements: &[Statement]) -> String {
        script::script(statements)
    }

    fn alone(&self, sql: &str) -> Option<Alone> {
        alone::alone(sql)
    }

    /// The file is locked as a whole.
    fn locks(&self, _changes: &[&Change], _before: &Schema) -> u64 {
        0
    }

    /// A statement runs as long as it needs: SQLite can be interrupted, but has no clock of its own.
    fn limits(&self, wait: Option<Duration>, _statement: Option<Duration>) -> Vec<String> {
        vec![format!("PRAGMA busy_timeout = {}", wait.unwrap_or(lock::BUSY_TIMEOUT).as_millis())]
    }

    fn table_exists(&self, name: &QualifiedName) -> String {
        format!("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = {}", write::string(&name.name))
    }

    /// Rows are numbered, mostly without gaps (*ROWIDs and the INTEGER PRIMARY KEY*).
    fn estimate(&self, table: &QualifiedName) -> String {
        format!("SELECT CAST(max(rowid) AS TEXT) FROM {}", self.qualified(table))
    }

    fn kept_as_text(&self, _ty: &Type) -> Option<String> {
        None
    }

    /// Whoever writes is the only one.
    fn hold(&self, _table: &QualifiedName) -> Option<String> {
        None
    }

    fn seeing_all(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// Outside of triggers nothing raises an error on purpose: a path that is none does, and is shown.
    fn assert_none(&self, what: &str, query: &str) -> String {
        let said = self.string(&format!("there are {what}"));
        format!("SELECT json_extract('{{}}', {said}) FROM ({query}) AS limbeck_found LIMIT 1")
    }

    /// No constraint stands in the way of a change.
    fn check_rows(&self, _before: &Schema) -> Vec<String> {
        Vec::new()
    }

    fn refill(&self, table: &Table, columns: &str, select: &str) -> Vec<String> {
        vec![format!("INSERT INTO {} ({columns}) {select}", self.qualified(&table.name))]
    }

    fn identifier(&self, name: &Name) -> String {
        write::identifier(name)
    }

    fn string(&self, text: &str) -> String {
        write::string(text)
    }
}
