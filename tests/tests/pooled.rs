//! Behind a proxy that pools transactions.

use limbeck::migrate::{MigrateError, Target};
use limbeck_tests::engine::{migrations, migrator, open};
use limbeck_tests::pooler::Pooler;
use limbeck_tests::server::{ServerDatabase, psql};

fn count(database: &ServerDatabase, of: &str) -> usize {
    psql(database.url(), &format!("SELECT count(*) FROM {of}")).trim().parse().expect("a number")
}

fn applied(database: &ServerDatabase) -> usize {
    count(database, "limbeck_history")
}

fn locks(database: &ServerDatabase) -> usize {
    count(
        database,
        "pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
}

#[tokio::test]
async fn one_session_lent_to_many_lets_one_migrate_at_a_time() {
    let database = ServerDatabase::new("pooled_one");
    let url = Pooler::start(database.url(), 1).url(database.url());
    let count = migrations().len();
    let together = (0..4).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { migrator(count).upgrade(open(&url).await, Target::Head).await })
    });
    let mut done = 0;
    for run in together.collect::<Vec<_>>() {
        done += run.await.expect("it ends").expect("it works").migrations.len();
    }
    assert_eq!((done, applied(&database)), (count, count));
    assert_eq!(locks(&database), 0);
}

#[tokio::test]
async fn another_session_for_each_transaction_is_refused() {
    let database = ServerDatabase::new("pooled_many");
    let url = Pooler::start(database.url(), 3).url(database.url());
    let count = migrations().len();
    // Now and then a transaction gets the session with the lock; the next one does not.
    for _ in 0..3 {
        let ended = migrator(count).upgrade(open(&url).await, Target::Head).await;
        assert!(matches!(ended, Err(MigrateError::Elsewhere { .. })), "{ended:?}");
    }
    let before = applied(&database);
    assert!(before < count);
    assert_eq!(locks(&database), 0, "a refused run keeps no lock");
    // What is done is whole, and a connection to the server itself does the rest.
    let report = migrator(count).upgrade(open(database.url()).await, Target::Head).await.expect("it works");
    assert_eq!(before + report.migrations.len(), count);
}
