//! A connection.

use std::str::FromStr;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Executor, Row as _};

use super::capabilities::{NEWEST, capabilities};
use super::introspect::{QUERIES, Reader, Rows};
use super::write::identifier;
use super::{Postgres, canonical, lock, room, settle};
use crate::dialect::{Backend, Connection, DatabaseError, Dialect, Introspection, Work};
use crate::plan::Capabilities;
use crate::schema::Schema;

/// One connection to a PostgreSQL database.
#[derive(Debug)]
pub struct PostgresBackend {
    connection: Held,
    capabilities: Capabilities,
    place: String,
    database: String,
    /// The schema that names without one mean.
    home: String,
    /// Whether a transaction is open.
    inside: bool,
    /// The server's process that has the migration lock.
    holder: Option<String>,
}

#[derive(Debug)]
enum Held {
    Own(PgConnection),
    Pooled(sqlx::pool::PoolConnection<sqlx::Postgres>),
}

impl Held {
    fn get(&mut self) -> &mut PgConnection {
        match self {
            Self::Own(connection) => connection,
            Self::Pooled(connection) => connection,
        }
    }
}

/// Connects to `postgres://user:password@host:port/database`.
///
/// # Errors
///
/// When the URL is malformed, the server cannot be reached or refuses.
pub async fn connect(url: &str) -> Result<Box<dyn Backend>, DatabaseError> {
    let options = PgConnectOptions::from_str(url);
    let options = options.map_err(|error| DatabaseError::new("read the database's URL", error))?;
    let place = place(&options);
    let options = options.application_name("limbeck");
    let connected = PgConnection::connect_with(&options).await;
    let connection = connected.map_err(|error| DatabaseError::new(format!("connect to `{place}`"), error))?;
    open(Held::Own(connection), place).await
}

/// Takes a connection out of a pool.
///
/// # Errors
///
/// When the pool gives none.
pub async fn acquire(pool: &sqlx::PgPool) -> Result<Box<dyn Backend>, DatabaseError> {
    let place = place(&pool.connect_options());
    let connection = pool.acquire().await;
    let connection = connection.map_err(|error| DatabaseError::new(format!("connect to `{place}`"), error))?;
    open(Held::Pooled(connection), place).await
}

fn place(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or_default();
    format!("postgres://{}:{}/{database}", options.get_host(), options.get_port())
}

async fn open(held: Held, place: String) -> Result<Box<dyn Backend>, DatabaseError> {
    let mut backend = PostgresBackend {
        connection: held,
        capabilities: capabilities(NEWEST),
        database: String::new(),
        home: String::new(),
        place,
        inside: false,
        holder: None,
    };
    let doing = format!("connect to `{}`", backend.place);
    let rows = backend.query(include_str!("catalog/settings.sql"), &doing).await?;
    let [Some(version), Some(home), Some(database)] = rows.first().map_or(&[][..], Vec::as_slice) else {
        return Err(DatabaseError::new(doing, sqlx::Error::RowNotFound));
    };
    backend.capabilities = capabilities(version.parse().unwrap_or(NEWEST));
    (backend.home, backend.database) = (home.clone(), database.clone());
    Ok(Box::new(backend))
}

/// A row whose columns are all text.
fn texts(row: &PgRow) -> Result<Vec<Option<String>>, sqlx::Error> {
    (0..row.len()).map(|at| row.try_get_unchecked::<Option<String>, _>(at)).collect()
}

impl PostgresBackend {
    pub(super) async fn query(&mut self, sql: &str, doing: &str) -> Result<Rows, DatabaseError> {
        let fetched = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(self.connection.get()).await;
        let rows: Vec<PgRow> = fetched.map_err(|error| DatabaseError::in_sql(doing, sql, error))?;
        rows.iter().map(texts).collect::<Result<_, _>>().map_err(|error| DatabaseError::in_sql(doing, sql, error))
    }

    pub(super) async fn run(&mut self, sql: &str, doing: &str) -> Result<u64, DatabaseError> {
        let done = self.connection.get().execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        Ok(done.map_err(|error| DatabaseError::in_sql(doing, sql, error))?.rows_affected())
    }

    /// Sends one message of many statements, and puts the rows of each after the first few into its place. An error
    /// comes with the number of its statement.
    async fn read_all(&mut self, sql: String, before: usize, into: &mut [Rows]) -> Result<(), (usize, sqlx::Error)> {
        let mut at = 0;
        let mut answers = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_many(self.connection.get());
        while let Some(answer) = answers.try_next().await.map_err(|error| (at, error))? {
            match answer {
                sqlx::Either::Left(_) => at += 1,
                sqlx::Either::Right(row) => {
                    if let Some(rows) = at.checked_sub(before).and_then(|at| into.get_mut(at)) {
                        rows.push(texts(&row).map_err(|error| (at, error))?);
                    }
                }
            }
        }
        Ok(())
    }

    async fn look(&mut self) -> Result<Introspection, DatabaseError> {
        const DOING: &str = "read the schema";
        // A migration looks inside its own transaction, which a second BEGIN would spoil.
        let (begin, end) = if self.inside {
            ("SAVEPOINT limbeck_look", "ROLLBACK TO SAVEPOINT limbeck_look; RELEASE SAVEPOINT limbeck_look")
        } else {
            ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "ROLLBACK")
        };
        // Texts are deparsed under a search_path of our own, so that they do not depend on anybody's. All goes in one
        // message: there is one wait, and rows are taken apart here while the server looks up the next ones.
        let path = format!("SET LOCAL search_path TO {}", identifier(&self.home));
        // Queries over catalogs are short, and compiling one takes longer than running it.
        let settings = [begin.to_owned(), path, "SET LOCAL jit TO off".to_owned()];
        let before = settings.len();
        let whole = settings.iter().map(String::as_str).chain(QUERIES).chain([end]).collect::<Vec<_>>().join("\n;\n");
        let mut rows: [Rows; QUERIES.len()] = std::array::from_fn(|_| Vec::new());
        if let Err((at, error)) = self.read_all(whole, before, &mut rows).await {
            self.run(end, DOING).await.ok();
            let sql = at.checked_sub(before).and_then(|at| QUERIES.get(at)).copied();
            return Err(match sql {
                Some(sql) => DatabaseError::in_sql(DOING, sql, error),
                None => DatabaseError::new(DOING, error),
            });
        }
        Ok(Reader { home: &self.home }.read(rows))
    }
}

/// `query_canceled` (manual, *PostgreSQL Error Codes*).
const CANCELED: &str = "57014";

impl Backend for PostgresBackend {
    fn dialect(&self) -> &'static dyn Dialect {
        &Postgres
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
            self.begin().await?;
            // None at all would be for ever (manual, *Statement Behavior*).
            let limit = format!("SET LOCAL statement_timeout = {}", limit.as_millis().max(1));
            self.run(&limit, "limit a query").await?;
            let found = self.query(sql, "run a query").await;
            self.rollback().await?;
            match found {
                Err(error) if error.source.as_database_error().and_then(|e| e.code()).as_deref() == Some(CANCELED) => {
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
            settle::settle(self.connection.get(), &self.home, &mut left, &mut right).await;
            Ok((left, right))
        })
    }

    fn begin(&mut self) -> Work<'_, ()> {
        Box::pin(async {
            self.run("BEGIN", "begin a transaction").await?;
            self.inside = true;
            Ok(())
        })
    }

    fn begin_asking<'a>(&'a mut self, query: &'a str) -> Work<'a, Vec<Vec<Option<String>>>> {
        Box::pin(async move {
            self.inside = true;
            self.query(&format!("BEGIN;\n{query}"), "begin a transaction").await
        })
    }

    fn commit_after<'a>(&'a mut self, last: &'a [String]) -> Work<'a, ()> {
        Box::pin(async move {
            self.inside = false;
            let whole = last.iter().map(String::as_str).chain(["COMMIT"]).collect::<Vec<_>>().join(";\n");
            self.read_all(whole, 0, &mut []).await.map_err(|(at, error)| match last.get(at) {
                Some(sql) => DatabaseError::in_sql("run a statement", sql, error),
                None => DatabaseError::in_sql("commit", "COMMIT", error),
            })
        })
    }

    fn commit(&mut self) -> Work<'_, ()> {
        Box::pin(async {
            self.inside = false;
            self.run("COMMIT", "commit").await.map(drop)
        })
    }

    fn rollback(&mut self) -> Work<'_, ()> {
        Box::pin(async {
            self.inside = false;
            self.run("ROLLBACK", "roll back").await.map(drop)
        })
    }

    fn try_lock<'a>(&'a mut self, key: &'a str) -> Work<'a, bool> {
        Box::pin(async move {
            let sql = lock::try_lock(lock::key(&self.database, key));
            let rows = self.query(&sql, "ask for the migration lock").await?;
            let mut said = rows.into_iter().flatten();
            let locked = said.next().flatten().is_some_and(|answer| answer == "true");
            if locked {
                self.holder = said.next().flatten();
                // A server that cannot do it runs migrations all the same.
                self.run(lock::WATCH, "let the server watch the connection").await.ok();
            }
            Ok(locked)
        })
    }

    fn same_session(&self) -> Option<String> {
        self.holder.as_ref().map(|process| format!("pg_backend_pid() = {process}"))
    }

    fn lock_holder<'a>(&'a mut self, key: &'a str) -> Work<'a, Option<String>> {
        Box::pin(async move {
            let sql = lock::holder(lock::key(&self.database, key));
            let rows = self.query(&sql, "ask who holds the migration lock").await?;
            Ok(rows.into_iter().flatten().flatten().next())
        })
    }

    fn unlock<'a>(&'a mut self, key: &'a str) -> Work<'a, ()> {
        Box::pin(async move {
            const DOING: &str = "give the migration lock back";
            let sql = lock::unlock(lock::key(&self.database, key));
            self.run(lock::UNWATCH, "leave the connection as it was").await.ok();
            // A proxy that pools transactions may lead to the right session yet.
            for _ in 0..lock::ATTEMPTS {
                let rows = self.query(&sql, DOING).await?;
                let unlocked = rows.into_iter().flatten().flatten().next().is_some_and(|answer| answer == "true");
                if unlocked || self.holder.is_none() {
                    self.holder = None;
                    return Ok(());
                }
            }
            let process = self.holder.take().unwrap_or_default();
            Err(DatabaseError::new(DOING, sqlx::Error::Protocol(lock::stays(&process))))
        })
    }

    fn lock_room(&mut self) -> Work<'_, Option<(u64, u64)>> {
        Box::pin(async move {
            let rows = self.query(room::ROOM, "ask how many locks the server has room for").await?;
            let mut numbers =
                rows.into_iter().flatten().map(|number| number?.parse::<i64>().ok()?.max(0).try_into().ok());
            Ok(numbers.next().flatten().zip(numbers.next().flatten()))
        })
    }

    fn connection(&mut self) -> Connection<'_> {
        Connection::Postgres(self.connection.get())
    }

    fn abandon(&mut self) {
        match &mut self.connection {
            // It goes when it is dropped.
            Held::Own(_) => {}
            Held::Pooled(connection) => connection.close_on_drop(),
        }
    }

    fn close(self: Box<Self>) -> Work<'static, ()> {
        Box::pin(async move {
            match self.connection {
                Held::Own(connection) => {
                    connection.close().await.map_err(|error| DatabaseError::new("close the connection", error))
                }
                Held::Pooled(_) => Ok(()),
            }
        })
    }
}
