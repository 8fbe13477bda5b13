//! Databases that the first version left behind: whatever comes later must still read them. The files are dumps by
//! `sqlite3` of what `engine up` made of five migrations, the second one after it was killed. They are never made anew.

use limbeck::migrate::Target;
use limbeck_tests::engine::{migrator, open};
use sqlx::Connection as _;

/// How many migrations they know.
const COUNT: usize = 5;

async fn restored(dump: &'static str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/old.db?mode=rwc", folder.path().display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.expect("a database");
    sqlx::raw_sql(dump).execute(&mut connection).await.expect("the dump runs");
    connection.close().await.expect("it closes");
    (folder, url)
}

#[tokio::test]
async fn what_was_applied_is_known_and_can_be_undone() {
    let (_folder, url) = restored(include_str!("../golden/applied-v1.sql")).await;
    let migrator = migrator(COUNT);
    let status = migrator.status(&mut *open(&url).await).await.expect("a status");
    assert_eq!((status.applied.len(), status.pending.len(), status.edited.len()), (COUNT, 0, 0));
    assert!(status.drift.changes.is_empty(), "{:?}", status.drift);
    let back = migrator.downgrade(open(&url).await, Target::Base).await.expect("the way back");
    assert_eq!(back.migrations.len(), COUNT);
}

#[tokio::test]
async fn a_way_back_that_was_stored_still_works() {
    let (_folder, url) = restored(include_str!("../golden/applied-v1.sql")).await;
    // A program that knows the first migration only.
    let back = migrator(1).downgrade(open(&url).await, Target::Relative(-1)).await.expect("the way back");
    assert_eq!(back.migrations, ["10000004"]);
}

#[tokio::test]
async fn what_was_half_done_is_finished() {
    let (_folder, url) = restored(include_str!("../golden/half_done-v1.sql")).await;
    let migrator = migrator(COUNT);
    let before = migrator.applied(open(&url).await).await.expect("history").len();
    assert!(before < COUNT);
    let report = migrator.upgrade(open(&url).await, Target::Head).await.expect("it goes on");
    assert_eq!(before + report.migrations.len(), COUNT);
    let status = migrator.status(&mut *open(&url).await).await.expect("a status");
    assert!(status.drift.changes.is_empty() && status.pending.is_empty(), "{:?}", status.drift);
}
