//! A connection.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection as _, Executor, Row as _};

use super::capabilities::{OLDEST, capabilities, version};
use super::rebuild::{FOREIGN_KEYS_OFF, FOREIGN_KEYS_ON};
use super::{Sqlite, canonical, introspect, lock};
use crate::dialect::{Backend, Busy, Connection, DatabaseError, Dialect, Introspection, Missing, Work};
use crate::plan::Capabilities;
use crate::schema::Schema;

/// One connection to an SQLite database.
#[derive(Debug)]
pub struct SqliteBackend {
    connection: Held,
    capabilities: Capabilities,
    place: String,
    /// Whether foreign keys were on when the connection came: they are put back as they were.
    foreign_keys: bool,
}

#[derive(Debug)]
enum Held {
    Own(SqliteConnection),
    Lent(Lent),
}

/// A connection that goes back to its pool.
#[derive(Debug)]
struct Lent {
    connection: sqlx::pool::PoolConnection<sqlx::Sqlite>,
    /// A transaction is open.
    transaction: bool,
    /// Foreign keys are off that were on.
    unwatched: bool,
}

impl Drop for Lent {
    /// Who gives up in the middle of a migration drops this: nobody else may get such a connection.
    fn drop(&mut self) {
        if self.transaction || self.unwatched {
            self.connection.close_on_drop();
        }
    }
}

impl Held {
    /// Remembers what must not reach the pool.
    fn note(&mut self, sql: &str) {
        let Self::Lent(lent) = self else { return };
        match sql {
            lock::BEGIN | "BEGIN" => lent.transaction = true,
            "COMMIT" | "ROLLBACK" => lent.transaction = false,
            FOREIGN_KEYS_OFF => lent.unwatched = true,
            FOREIGN_KEYS_ON => lent.unwatched = false,
            _ => {}
        }
    }

    fn get(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Own(connection) => connection,
            Self::Lent(lent) => &mut lent.connection,
        }
    }
}

/// Connects to `sqlite://path`, `sqlite:path` or `sqlite::memory:`.
///
/// # Errors
///
/// When the URL is none of SQLite's, there is no file, it cannot be read, or the library is older than 3.37.
pub async fn connect(url: &str, missing: Missing) -> Result<Box<dyn Backend>, DatabaseError> {
    let doing = || format!("connect to `{url}`");
    let options = SqliteConnectOptions::from_str(url).map_err(|error| DatabaseError::new(doing(), error))?;
    let options = options.create_if_missing(missing == Missing::Create).busy_timeout(lock::BUSY_TIMEOUT);
    let place = place(&options);
    let connection =
        SqliteConnection::connect_with(&options).await.map_err(|error| DatabaseError::new(doing(), error))?;
    open(Held::Own(connection), place).await
}

/// Takes a connection out of a pool.
///
/// # Errors
///
/// When the pool gives none, or the library is older than 3.37.
pub async fn acquire(pool: &sqlx::SqlitePool) -> Result<Box<dyn Backend>, DatabaseError> {
    let place = place(&pool.connect_options());
    let connection =
        pool.acquire().await.map_err(|error| DatabaseError::new(format!("connect to `{place}`"), error))?;
    open(Held::Lent(Lent { connection, transaction: false, unwatched: false }), place).await
}

fn place(options: &SqliteConnectOptions) -> String {
    format!("sqlite://{}", options.get_filename().display())
}

async fn open(held: Held, place: String) -> Result<Box<dyn Backend>, DatabaseError> {
    let mut backend =
        SqliteBackend { connection: held, capabilities: capabilities(OLDEST), place, foreign_keys: false };
    let settings = "SELECT sqlite_version(), CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys";
    let doing = format!("connect to `{}`", backend.place);
    let rows = backend.query(settings, &doing).await?;
    let [Some(text), Some(foreign_keys)] = rows.first().map_or(&[][..], Vec::as_slice) else {
        return Err(DatabaseError::new(doing, sqlx::Error::RowNotFound));
    };
    let number = number(text);
    if number < OLDEST {
        let why = format!("SQLite {} is too old: {} or newer is needed", version(number), version(OLDEST));
        return Err(DatabaseError::new(doing, sqlx::Error::Configuration(why.into())));
    }
    backend.capabilities = capabilities(number);
    backend.foreign_keys = foreign_keys == "1";
    Ok(Box::new(backend))
}

/// `3.51.3` as 3051003.
fn number(version: &str) -> u32 {
    version.split('.').take(3).fold(0, |number, part| number * 1000 + part.parse::<u32>().unwrap_or(0))
}

impl SqliteBackend {
    async fn query(&mut self, sql: &str, doing: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        let rows: Vec<SqliteRow> = sqlx::raw_sql(AssertSqlSafe(sql))
            .fetch_all(self.connection.get())
            .await
            .map_err(|error| DatabaseError::in_sql(doing, sql, explained(error)))?;
        rows.iter()
            .map(|row| (0..row.len()).map(|at| row.try_get_unchecked::<Option<String>, _>(at)).collect())
            .collect::<Result<_, _>>()
            .map_err(|error| DatabaseError::in_sql(doing, sql, error))
    }

    async fn run(&mut self, sql: &str, doing: &str) -> Result<u64, DatabaseError> {
        if sql == FOREIGN_KEYS_ON && !self.foreign_keys {
            self.connection.note(sql);
            return Ok(0);
        }
        // What opens is noted before it runs, for it may have run when this is dropped; what ends, when it has.
        let opens = matches!(sql, lock::BEGIN | "BEGIN" | FOREIGN_KEYS_OFF);
        if opens {
            self.connection.note(sql);
        }
        let done = self.connection.get().execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        let done = done.map_err(|error| DatabaseError::in_sql(doing, sql, explained(error)))?;
        if !opens {
            self.connection.note(sql);
        }
        if sql == FOREIGN_KEYS_OFF {
            self.check_foreign_keys_off(doing).await?;
        }
        Ok(done.rows_affected())
    }

    /// Inside a transaction the pragma does nothing, and says nothing (*PRAGMA foreign_keys*).
    async fn check_foreign_keys_off(&mut self, doing: &str) -> Result<(), DatabaseError> {
        let rows = self.query("SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys", doing).await?;
        let off = rows.first().and_then(|row| row.first()).is_some_and(|value| value.as_deref() == Some("0"));
        if off {
            return Ok(());
        }
        let why = "foreign keys stayed on: a transaction is open on this connection; end it and try again";
        Err(DatabaseError::in_sql(doing, FOREIGN_KEYS_OFF, sqlx::Error::Protocol(why.to_owned())))
    }

    async fn look(&mut self) -> Result<Introspection, DatabaseError> {
        const DOING: &str = "read the schema";
        // Inside somebody's transaction the snapshot is that transaction's.
        let alone = self.run("BEGIN", DOING).await.is_ok();
        let found = async {
            let statements = self.query(introspect::SCHEMA, DOING).await?;
            let columns = self.query(introspect::COLUMNS, DOING).await?;
            Ok(introspect::read(&statements, &columns))
        }
        .await;
        if alone {
            self.run("COMMIT", DOING).await?;
        }
        found
    }
}

/// SQLite's own words for the two things that happen to a migration, with what they mean.
fn explained(error: sqlx::Error) -> sqlx::Error {
    const BUSY: i64 = 5;
    const READ_ONLY: i64 = 8;
    let code = error.as_database_error().and_then(|e| e.code()).and_then(|code| code.parse::<i64>().ok());
    // The low byte is the kind, the rest says more (*Result and Error Codes*).
    let why = match code.map(|code| code & 0xff) {
        Some(BUSY) => {
            let why = format!("another connection is writing ({error}); try again when it is done");
            return sqlx::Error::Io(std::io::Error::other(Busy(why)));
        }
        Some(READ_ONLY) => format!("the file cannot be written ({error}); check its permissions and its folder's"),
        Some(_) | None => return error,
    };
    sqlx::Error::Io(std::io::Error::other(why))
}

/// SQLITE_INTERRUPT (*Result and Error Codes*).
const INTERRUPTED: &str = "9";
/// After so many instructions of its virtual machine SQLite asks whether to go on.
const STEPS: i32 = 1000;

impl Backend for SqliteBackend {
    fn dialect(&self) -> &'static dyn Dialect {
        &Sqlite
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn place(&self) -> &str {
        &self.place
    }

    fn execute<'a>(&'a mut self, sql: &'a str) -> Work<'a, u64> {
        Box::pin(self.run(sql, "run a statement"))
    }

    fn rows<'a>(&'a mut self, sql: &'a str) -> Work<'a, Vec<Vec<Option<String>>>> {
        Box::pin(self.query(sql, "run a query"))
    }

    fn rows_within<'a>(&'a mut self, sql: &'a str, limit: Duration) -> Work<'a, Option<Vec<Vec<Option<String>>>>> {
        Box::pin(async move {
            let cannot = |error| DatabaseError::new("limit a query", error);
            let until = Instant::now() + limit;
            let mut handle = self.connection.get().lock_handle().await.map_err(cannot)?;
            handle.set_progress_handler(STEPS, move || Instant::now() < until);
            drop(handle);
            let found = self.query(sql, "run a query").await;
            self.connection.get().lock_handle().await.map_err(cannot)?.remove_progress_handler();
            match found {
                Err(error)
                    if error.source.as_database_error().and_then(|e| e.code()).as_deref() == Some(INTERRUPTED) =>
                {
                    Ok(None)
                }
                found => found.map(Some),
            }
        })
    }

    fn introspect(&mut self) -> Work<'_, Introspection> {
        Box::pin(self.look())
    }

    fn comparable<'a>(&'a mut self, from: &'a Schema, to: &'a Schema) -> Work<'a, (Schema, Schema)> {
        Box::pin(async move {
            let (mut left, mut right) = (canonical::canonical(from), canonical::canonical(to));
            canonical::settle((from, &mut left), (to, &mut right));
            Ok((left, right))
        })
    }

    fn begin(&mut self) -> Work<'_, ()> {
        Box::pin(async move { self.run(lock::BEGIN, "begin a transaction").await.map(drop) })
    }

    fn commit(&mut self) -> Work<'_, ()> {
        Box::pin(async move { self.run("COMMIT", "commit").await.map(drop) })
    }

    fn rollback(&mut self) -> Work<'_, ()> {
        Box::pin(async move {
            // After some errors SQLite has rolled back by itself (*Response To Errors Within A Transaction*).
            match self.run("ROLLBACK", "roll back").await {
                Err(error) if error.source.to_string().contains("no transaction is active") => {
                    self.connection.note("ROLLBACK");
                    Ok(())
                }
                other => other.map(drop),
            }
        })
    }

    fn try_lock<'a>(&'a mut self, _key: &'a str) -> Work<'a, bool> {
        Box::pin(async { Ok(true) })
    }

    fn same_session(&self) -> Option<String> {
        None
    }

    fn lock_holder<'a>(&'a mut self, _key: &'a str) -> Work<'a, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    fn unlock<'a>(&'a mut self, _key: &'a str) -> Work<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn lock_room(&mut self) -> Work<'_, Option<(u64, u64)>> {
        Box::pin(async { Ok(None) })
    }

    fn connection(&mut self) -> Connection<'_> {
        Connection::Sqlite(self.connection.get())
    }

    fn abandon(&mut self) {
        match &self.connection {
            // The one goes when it is dropped, the other knows then whether it may go back.
            Held::Own(_) | Held::Lent(_) => {}
        }
    }

    fn close(self: Box<Self>) -> Work<'static, ()> {
        Box::pin(async move {
            let place = self.place;
            match self.connection {
                Held::Own(connection) => {
                    connection.close().await.map_err(|error| DatabaseError::new(format!("close `{place}`"), error))
                }
                // Back to the pool it came from.
                Held::Lent(_) => Ok(()),
            }
        })
    }
}
