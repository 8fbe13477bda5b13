//! PostgreSQL, 13 to 18.

mod alone;
mod canonical;
mod capabilities;
#[cfg(feature = "postgres")]
mod connection;
mod deferred;
#[cfg(feature = "postgres")]
mod fields;
#[cfg(feature = "postgres")]
mod introspect;
#[cfg(feature = "postgres")]
mod lock;
mod objects;
mod render;
#[cfg(feature = "postgres")]
mod reword;
mod room;
#[cfg(feature = "postgres")]
mod scratch;
mod script;
#[cfg(feature = "postgres")]
mod serial;
#[cfg(feature = "postgres")]
mod settle;
mod slots;
#[cfg(feature = "postgres")]
mod throwaway;
mod types;
mod words;
mod write;

pub use capabilities::POSTGRES;
#[cfg(feature = "postgres")]
pub use connection::{PostgresBackend, acquire, connect};
#[cfg(feature = "postgres")]
pub(super) use throwaway::{is_local, throwaway};

use std::time::Duration;

use super::{Alone, Dialect};
use crate::change::Change;
use crate::plan::{Capabilities, Statement, Unsupported};
use crate::schema::{Database, Name, QualifiedName, Schema, Table, Type};

/// PostgreSQL's way of saying things.
#[derive(Clone, Copy, Debug)]
pub struct Postgres;

impl Dialect for Postgres {
    fn database(&self) -> Database {
        POSTGRES
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

    fn locks(&self, changes: &[&Change], before: &Schema) -> u64 {
        room::locks(changes, before)
    }

    fn limits(&self, lock: Option<Duration>, statement: Option<Duration>) -> Vec<String> {
        let set = |name: &str, limit: Option<Duration>| match limit {
            Some(limit) => format!("SET {name} = '{}ms'", limit.as_millis()),
            None => format!("RESET {name}"),
        };
        vec![set("lock_timeout", lock), set("statement_timeout", statement)]
    }

    fn table_exists(&self, name: &QualifiedName) -> String {
        let schema = name.schema.as_ref().map_or("current_schema()".to_owned(), |s| write::string(s));
        format!(
            "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {schema} AND c.relname = {}",
            write::string(&name.name)
        )
    }

    /// What the last ANALYZE, VACUUM or CREATE INDEX found; negative before (manual, *pg_class*).
    fn estimate(&self, table: &QualifiedName) -> String {
        format!(
            "SELECT CAST(CAST(reltuples AS bigint) AS text) FROM pg_catalog.pg_class \
             WHERE oid = to_regclass({}) AND reltuples >= 0",
            write::string(&self.qualified(table))
        )
    }

    fn kept_as_text(&self, ty: &Type) -> Option<String> {
        types::made_by_schema(ty).then(|| types::type_name(ty))
    }

    /// As strong a lock as dropping takes: one that grew would meet others that grow.
    fn hold(&self, table: &QualifiedName) -> Option<String> {
        Some(format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", self.qualified(table)))
    }

    /// Policies hide rows without a word, even from the owner (manual, 5.8, `row_security`).
    fn seeing_all(&self) -> Option<(&'static str, &'static str)> {
        Some(("SET LOCAL row_security TO off", "SET LOCAL row_security TO DEFAULT"))
    }

    fn assert_none(&self, what: &str, query: &str) -> String {
        let said = write::string(&format!("there are {what}: %"));
        let body = format!(
            "DECLARE n bigint; BEGIN SELECT count(*) INTO n FROM ({query}) AS limbeck_found; \
             IF n > 0 THEN RAISE EXCEPTION {said}, n; END IF; END"
        );
        format!("DO {}", write::string(&body))
    }

    /// A table whose rows a trigger still waits for cannot be altered (`ALTER TABLE`: *pending trigger events*). What was
    /// deferred is deferred again afterwards.
    fn check_rows(&self, before: &Schema) -> Vec<String> {
        deferred::check_rows(before)
    }

    fn refill(&self, table: &Table, columns: &str, select: &str) -> Vec<String> {
        let name = self.qualified(&table.name);
        let insert = format!("INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE {select}");
        let counted = table.columns.iter().filter(|column| column.auto.is_some()).map(|column| {
            let value = self.identifier(&column.name);
            format!(
                "SELECT setval(pg_get_serial_sequence({}, {}), max({value})) FROM {name} HAVING max({value}) > 0",
                write::string(&name),
                write::string(&column.name)
            )
        });
        [insert].into_iter().chain(counted).collect()
    }

    fn identifier(&self, name: &Name) -> String {
        write::identifier(name)
    }

    fn string(&self, text: &str) -> String {
        write::string(text)
    }
}
