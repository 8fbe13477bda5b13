//! How long a run waits, on PostgreSQL.

use std::time::Duration;

use limbeck::dialect::{Backend, Missing, connect};
use limbeck::migrate::{Event, MigrateError, MigrationDef, Migrator, Progress, Target};
use limbeck::migration::*;
use limbeck_tests::server::ServerDatabase;

fn account(m: &mut Migration) {
    m.create_table("account", |t| {
        t.column("id", bigint());
        t.primary_key(["id"]);
    });
}

fn no_account(m: &mut Migration) {
    m.drop_table("account");
}

fn email(m: &mut Migration) {
    m.create_column("account", "email", text()).nullable();
}

fn no_email(m: &mut Migration) {
    m.drop_column("account", "email");
}

fn nap(m: &mut Migration) {
    m.sql("SELECT pg_sleep(20)");
}

fn no_nap(m: &mut Migration) {
    m.nothing("a nap leaves nothing");
}

const FIRST: MigrationDef = MigrationDef { message: "accounts", ..MigrationDef::new("20000001", account, no_account) };

fn migrator(then: Option<MigrationDef>) -> Migrator {
    let then = then.map(|it| MigrationDef { revises: &["20000001"], ..it });
    Migrator::builder().migrations([FIRST].into_iter().chain(then)).build().expect("a graph")
}

async fn open(database: &ServerDatabase) -> Box<dyn Backend> {
    connect(database.url(), Missing::Refuse).await.expect("a connection")
}

/// A database with the first migration, and somebody in it who reads the table and does not end.
async fn held(name: &str) -> (ServerDatabase, Box<dyn Backend>) {
    let database = ServerDatabase::new(name);
    migrator(None).upgrade(open(&database).await, Target::Head).await.expect("the first one");
    let mut other = open(&database).await;
    other.begin().await.expect("a transaction");
    other.rows("SELECT id::text FROM account").await.expect("rows");
    (database, other)
}

/// Counts attempts, and may let somebody go.
#[derive(Default)]
struct Retries(usize, Option<tokio::sync::oneshot::Sender<()>>);

impl Progress for Retries {
    fn event(&mut self, event: Event<'_>) {
        if matches!(event, Event::Retry { .. }) {
            self.0 += 1;
            // Nobody listens any more when it was said before.
            let _ = self.1.take().map(|told| told.send(()));
        }
    }
}

#[tokio::test]
async fn a_lock_is_waited_for_again_and_again_and_not_for_ever() {
    let (database, mut other) = held("limits_lock").await;
    let impatient = migrator(Some(MigrationDef::new("20000002", email, no_email)))
        .lock_timeout(Duration::from_millis(50))
        .lock_wait(Duration::from_millis(600));
    let mut retries = Retries::default();
    let ended = impatient.upgrade_with(open(&database).await, Target::Head, &mut retries).await;
    let Err(MigrateError::Failed { source, .. }) = ended else { panic!("{ended:?}") };
    assert!(source.is_busy(), "{source}");
    assert!(retries.0 > 1, "it was tried {} times", retries.0);
    assert_eq!(impatient.applied(open(&database).await).await.expect("history").len(), 1);
    // When the other one ends, the next attempt goes through.
    let (told, heard) = tokio::sync::oneshot::channel();
    let mut retries = Retries(0, Some(told));
    let patient = impatient.lock_wait(Duration::from_secs(60));
    let backend = open(&database).await;
    let (report, ()) = tokio::join!(patient.upgrade_with(backend, Target::Head, &mut retries), async {
        heard.await.expect("it is waited for");
        other.rollback().await.expect("it ends");
    });
    assert_eq!(report.expect("it goes through").migrations, ["20000002"]);
}

#[tokio::test]
async fn a_statement_runs_no_longer_than_it_may_and_the_connection_is_left_as_it_was() {
    let database = ServerDatabase::new("limits_statement");
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(database.url()).await.expect("a pool");
    let limited =
        migrator(Some(MigrationDef::new("20000003", nap, no_nap))).statement_timeout(Duration::from_millis(200));
    let ended = limited.upgrade(&pool, Target::Head).await;
    let Err(MigrateError::Failed { source, .. }) = ended else { panic!("{ended:?}") };
    assert!(source.to_string().contains("statement timeout"), "{source}");
    assert_eq!(limited.applied(&pool).await.expect("history").len(), 1);
    let left: (String,) = sqlx::query_as("SHOW statement_timeout").fetch_one(&pool).await.expect("a setting");
    assert_eq!(left.0, "0");
}
