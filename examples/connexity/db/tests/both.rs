//! One model and its migration, on PostgreSQL and on SQLite.

use connexity_db::models::Account;
use limbeck::dialect::{Backend, aligned};
use limbeck::diff::{Renames, diff};
use limbeck::migrate::{Migrator, Source, Target, without_bookkeeping};
use limbeck::registry::Registry;
use limbeck_tests::server::ServerDatabase;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;

const INSERT: &str = "insert into account (email, display_name) values ('ann@example.org', 'Ann') returning *";

/// The account's model and the migration that makes its table, out of the whole history.
fn migrator() -> Migrator {
    let whole = Migrator::from_registry().expect("the history is in order");
    let first = whole.graph().migrations()[0];
    assert_eq!(first.message, "accounts");
    let models = Registry::default().table::<Account>();
    Migrator::builder().migrations([first]).registry(models).build().expect("one migration is a history")
}

/// The database has exactly what the model says.
async fn agrees(source: impl Source) {
    let models = migrator().registry().schema().expect("one model is in order");
    let mut backend: Box<dyn Backend> = source.backend().await.expect("a connection");
    let found = without_bookkeeping(backend.introspect().await.expect("readable").schema);
    let current = aligned(&mut *backend, &found, &models).await.expect("comparable");
    let left = diff(&current, &models, &Renames::default()).expect("no renames");
    assert!(left.is_empty(), "{left:?}");
}

fn is_ann(account: &Account) {
    assert_eq!(account.display_name, "Ann");
    assert!(!account.id.is_nil(), "the database made it");
}

#[tokio::test]
async fn on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("both.db").display());
    let pool = SqlitePool::connect(&url).await.expect("a file");
    migrator().upgrade(&pool, Target::Head).await.expect("it runs here");
    agrees(&pool).await;
    is_ann(&sqlx::query_as(INSERT).fetch_one(&pool).await.expect("a row"));
    migrator().downgrade(&pool, Target::Base).await.expect("it can be undone");
}

#[tokio::test]
async fn on_postgres() {
    let database = ServerDatabase::new("connexity_both");
    let pool = PgPool::connect(database.url()).await.expect("a server");
    migrator().upgrade(&pool, Target::Head).await.expect("it runs here");
    agrees(&pool).await;
    is_ann(&sqlx::query_as(INSERT).fetch_one(&pool).await.expect("a row"));
    migrator().downgrade(&pool, Target::Base).await.expect("it can be undone");
}
