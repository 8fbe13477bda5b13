//! A database of a test's own, and everything that can be seen of it.

use std::future::Future;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use limbeck::dialect::Backend;
use limbeck::dialect::postgres::connect;

/// Names the server.
const SERVER: &str = "LIMBECK_TEST_POSTGRES_URL";

/// Runs a test on a runtime of its own.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap_or_else(|e| panic!("{e}")).block_on(test)
}

/// A database that goes with its value.
pub(crate) struct Database {
    pub(crate) url: String,
    name: String,
}

impl Database {
    /// An empty database.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("limbeck_test_{}_{number}", std::process::id());
        psql(&server(), &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        psql(&server(), &format!("CREATE DATABASE {name} TEMPLATE template0"));
        Self { url: with_database(&server(), &name), name }
    }

    pub(crate) async fn open(&self) -> Box<dyn Backend> {
        connect(&self.url).await.unwrap_or_else(|e| panic!("{e}"))
    }

    /// The schema, as `pg_dump` tells it: an observer that is not ours. The order of columns is left out.
    pub(crate) fn look(&self) -> Vec<String> {
        let output = Command::new("pg_dump").args(["--schema-only", "--no-owner", &self.url]).output();
        let output = output.unwrap_or_else(|e| panic!("cannot run `pg_dump` ({e}); install PostgreSQL's client"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let dump = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut objects: Vec<String> = dump.split("\n\n").map(settled).filter(|object| !object.is_empty()).collect();
        objects.sort();
        objects
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A test that failed says why itself.
        let _ = try_psql(&server(), &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// A piece of a dump without comments and settings; a table's columns sorted.
fn settled(piece: &str) -> String {
    let noise = |line: &&str| {
        !(line.is_empty()
            || line.starts_with("--")
            || line.starts_with("SET ")
            || line.starts_with('\\')
            || line.starts_with("SELECT pg_catalog.set_config"))
    };
    let lines: Vec<&str> = piece.lines().filter(noise).collect();
    if lines.first().is_some_and(|head| head.starts_with("CREATE") && head.contains("TABLE")) {
        let mut lines: Vec<String> = lines.into_iter().map(|line| unnamed(line.trim_end_matches(','))).collect();
        lines[1..].sort_unstable();
        return lines.join("\n");
    }
    lines.join("\n")
}

/// A column without the name that the database itself gave to its NOT NULL (PostgreSQL 18): a partition's depends on
/// whether it was a table before.
fn unnamed(column: &str) -> String {
    match column.split_once(" CONSTRAINT ") {
        Some((before, after)) if after.ends_with("_not_null NOT NULL") => format!("{before} NOT NULL"),
        Some(_) | None => column.to_owned(),
    }
}

fn server() -> String {
    std::env::var(SERVER)
        .unwrap_or_else(|_| panic!("{SERVER} names no PostgreSQL server; run the tests with tests/run"))
}

fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find('/').map_or(address.len(), |at| host + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &address[..end])
}

/// Runs a script with PostgreSQL's own shell.
pub(crate) fn psql(url: &str, sql: &str) {
    try_psql(url, sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

pub(crate) fn try_psql(url: &str, sql: &str) -> Result<String, String> {
    let output =
        Command::new("psql").args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql]).output();
    let output = output.unwrap_or_else(|e| panic!("cannot run `psql` ({e}); install PostgreSQL's client"));
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
