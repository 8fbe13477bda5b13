//! Databases of their own on the PostgreSQL server of the tests.

use std::process::Command;

/// An empty database, dropped at the end.
#[derive(Debug)]
pub struct ServerDatabase {
    name: String,
    url: String,
}

/// The server's URL.
///
/// # Panics
///
/// When there is none: no test is left out silently.
#[must_use]
pub fn server() -> String {
    std::env::var("LIMBECK_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!("this test needs PostgreSQL: run it as `tests/run`, or set LIMBECK_TEST_POSTGRES_URL to a server's URL")
    })
}

/// Runs SQL with psql, and gives what it prints: rows alone, fields between bars.
///
/// # Panics
///
/// When psql is missing, or the SQL fails.
pub fn psql(url: &str, sql: &str) -> String {
    let output = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
        .output()
        .unwrap_or_else(|e| panic!("this test needs `psql` (Debian: apt-get install postgresql-client): {e}"));
    assert!(output.status.success(), "{}\nin {sql}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

impl ServerDatabase {
    /// A database of a name that no other test uses.
    ///
    /// # Panics
    ///
    /// When there is no server.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let (server, name) = (server(), format!("limbeck_{name}"));
        psql(&server, &format!("drop database if exists \"{name}\" with (force)"));
        psql(&server, &format!("create database \"{name}\" template template0"));
        let (address, query) = server.split_once('?').map_or((&*server, None), |(a, q)| (a, Some(q)));
        let host = address.rfind('/').map_or(address, |at| &address[..at]);
        let query = query.map(|q| format!("?{q}")).unwrap_or_default();
        let url = format!("{host}/{name}{query}");
        Self { name, url }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs SQL in it.
    pub fn run(&self, sql: &str) -> String {
        psql(&self.url, sql)
    }
}

impl Drop for ServerDatabase {
    fn drop(&mut self) {
        let drop = format!("drop database if exists \"{}\" with (force)", self.name);
        // A panic in here, while a test is failing, would hide the test's own.
        let _ = Command::new("psql").args(["-X", "-q", "-d", &server(), "-c", &drop]).output();
    }
}
