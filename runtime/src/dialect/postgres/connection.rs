//! A connection.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Executor, Row as _};

use super::capabilities::{NEWEST, capabilities};
use super::introspect::{QUERIES, Reader, Rows};
use super::write::identifier;
use super::{Postgres, canonical, lock, settle};
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

impl PostgresBackend {
    pub(super) async fn query(&mut self, sql: &str, doing: &str) -> Result<Rows, DatabaseError> {
        let fetched = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(self.connection.get()).await;
        let rows: Vec<PgRow> = fetched.map_err(|error| DatabaseError::in_sql(doing, sql, error))?;
        rows.iter()
            .map(|row| (0..row.len()).map(|at| row.try_get_unchecked::<Option<String>, _>(at)).collect())
            .collect::<Result<_, _>>()
            .map_err(|error| DatabaseError::in_sql(doing, sql, error))
    }

    pub(super) async fn run(&mut self, sql: &str, doing: &str) -> Result<u64, DatabaseError> {
        let done = self.connection.get().execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        Ok(done.map_err(|error| DatabaseError::in_sql(doing, sql, error))?.rows_affected())
    }

    async fn look(&mut self) -> Result<Introspection, DatabaseError> {
        const DOING: &str = "read the schema";
        // A migration looks inside its own transaction, which a second BEGIN would spoil.
        let (begin, end) = if self.inside {
            ("SAVEPOINT limbeck_look", "ROLLBACK TO SAVEPOINT limbeck_look; RELEASE SAVEPOINT limbeck_look")
        } else {
            ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "ROLLBACK")
        };
        // Texts are deparsed under a search_path of our own, so that they do not depend on anybody's.
        // Queries over catalogs are short, and compiling one takes longer than running it.
        let begin = format!("{begin}; SET LOCAL search_path TO {}; SET LOCAL jit TO off", identifier(&self.home));
        self.run(&begin, DOING).await?;
        let mut rows: [Rows; 12] = std::array::from_fn(|_| Vec::new());
        for (slot, query) in rows.iter_mut().zip(QUERIES) {
            match self.query(query, DOING).await {
                Ok(found) => *slot = found,
                Err(error) => {
                    self.run(end, DOING).await.ok();
                    return Err(error);
                }
            }
        }
        self.run(end, DOING).await?;
        Ok(Reader { home: &self.home }.read(rows))
    }
}

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

    fn introspect(&mut self) -> Work<'_, Introspection> {
        Box::pin(self.look())
    }

    fn comparable<'a>(&'a mut self, from: &'a Schema, to: &'a Schema) -> Work<'a, (Schema, Schema)> {
        Box::pin(async move {
            let (mut left, mut right) = (canonical::canonical(from), canonical::canonical(to));
            settle::settle(self.connection.get(), &mut left, &mut right).await;
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
            Ok(rows.first().and_then(|row| row.first()).is_some_and(|v| v.as_deref() == Some("true")))
        })
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
            let sql = lock::unlock(lock::key(&self.database, key));
            self.query(&sql, "give the migration lock back").await.map(drop)
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
