//! Migrations that stop half-way: what is said, what stays, and how it goes on.

use limbeck::dialect::{Backend, Missing, sqlite};
use limbeck::migrate::{MigrateError, MigrationDef, Migrator, Target, Transaction, Uncertain};
use limbeck::migration::*;

const ID: &str = "11111111";

struct File {
    _folder: tempfile::TempDir,
    url: String,
}

impl File {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/test.db", folder.path().display());
        Self { _folder: folder, url }
    }

    async fn open(&self) -> Box<dyn Backend> {
        sqlite::connect(&self.url, Missing::Create).await.expect("a connection")
    }

    async fn rows(&self, query: &str) -> Vec<String> {
        let rows = self.open().await.rows(query).await.expect("rows");
        rows.into_iter().flatten().flatten().collect()
    }

    async fn upgrade(&self, migrator: &Migrator) -> Result<Vec<String>, MigrateError> {
        migrator.upgrade(self.open().await, Target::Head).await.map(|report| report.migrations)
    }

    async fn downgrade(&self, migrator: &Migrator) -> Result<Vec<String>, MigrateError> {
        migrator.downgrade(self.open().await, Target::Base).await.map(|report| report.migrations)
    }
}

fn in_parts(up: fn(&mut Migration), down: fn(&mut Migration)) -> Migrator {
    let def = MigrationDef { message: "parts", transaction: Transaction::None, ..MigrationDef::new(ID, up, down) };
    Migrator::builder().migrations([def]).build().expect("a graph")
}

fn note(m: &mut Migration) {
    m.create_table("note", |t| {
        t.column("text", text());
    });
    m.sql("INSERT INTO note (text) VALUES ('first')");
}

fn no_note(m: &mut Migration) {
    m.drop_table("note");
}

#[tokio::test]
async fn what_failed_goes_on_after_its_correction() {
    let file = File::new();
    let broken = in_parts(
        |m| {
            note(m);
            m.sql("INSERT INTO nowhere VALUES (1)");
            m.sql("INSERT INTO note (text) VALUES ('last')");
        },
        no_note,
    );
    for _ in 0..2 {
        let error = file.upgrade(&broken).await.expect_err("there is no such table");
        let MigrateError::HalfDone { done: 2, parts: 4, .. } = &error else { panic!("{error}") };
        assert!(error.to_string().contains("stopped after 2 of 4 parts, which stay"), "{error}");
        assert_eq!(file.rows("SELECT text FROM note").await, ["first"]);
    }

    // What is done must still be what the migration says.
    let other = in_parts(
        |m| {
            m.create_table("note", |t| {
                t.column("text", text()).nullable();
            });
            m.sql("INSERT INTO note (text) VALUES ('first')");
        },
        no_note,
    );
    let error = file.upgrade(&other).await.expect_err("it was edited where it is done");
    assert!(matches!(error, MigrateError::Edited { done: 2, .. }), "{error}");

    let corrected = in_parts(
        |m| {
            note(m);
            m.sql("INSERT INTO note (text) VALUES ('corrected')");
        },
        no_note,
    );
    assert_eq!(file.upgrade(&corrected).await.expect("it goes on"), [ID]);
    assert_eq!(file.rows("SELECT text FROM note").await, ["first", "corrected"]);
    assert_eq!(file.upgrade(&corrected).await.expect("nothing to do"), Vec::<String>::new());
    assert_eq!(file.downgrade(&corrected).await.expect("it goes back"), [ID]);
}

#[tokio::test]
async fn a_program_that_does_not_know_it_leaves_it_alone() {
    let file = File::new();
    let broken = in_parts(
        |m| {
            note(m);
            m.sql("INSERT INTO nowhere VALUES (1)");
        },
        no_note,
    );
    file.upgrade(&broken).await.expect_err("there is no such table");
    let other = MigrationDef::new("22222222", note, no_note);
    let stranger = Migrator::builder().migrations([other]).build().expect("a graph");
    let error = file.upgrade(&stranger).await.expect_err("not its own");
    assert!(matches!(&error, MigrateError::Stranger { id, .. } if id == ID), "{error}");
}

#[tokio::test]
async fn a_downgrade_goes_on_too_and_an_upgrade_finishes_it_first() {
    let file = File::new();
    let migrator = in_parts(note, |m| {
        m.sql("DELETE FROM note");
        m.sql("DELETE FROM gate");
        m.drop_table("note");
    });
    file.upgrade(&migrator).await.expect("up");
    let error = file.downgrade(&migrator).await.expect_err("there is no gate");
    assert!(matches!(error, MigrateError::HalfDone { done: 1, parts: 3, .. }), "{error}");
    file.open().await.execute("CREATE TABLE gate (id INTEGER)").await.expect("a gate");
    assert_eq!(file.upgrade(&migrator).await.expect("down, and up again"), [ID]);
    assert_eq!(file.rows("SELECT text FROM note").await, ["first"]);
    let events = "SELECT event FROM limbeck_log WHERE event IN ('upgrade', 'downgrade') ORDER BY id";
    assert_eq!(file.rows(events).await, ["upgrade", "downgrade", "upgrade"]);
}

/// A statement outside of a transaction was announced, and then the process died.
async fn died_alone(repeatable: bool) -> (File, Migrator) {
    let file = File::new();
    let up = if repeatable {
        |m: &mut Migration| {
            note(m);
            m.sql("PRAGMA user_version = 7").alone().repeatable();
        }
    } else {
        |m: &mut Migration| {
            note(m);
            m.sql("PRAGMA user_version = 7").alone();
        }
    };
    let migrator = in_parts(up, no_note).lock_wait(std::time::Duration::ZERO);
    file.upgrade(&migrator).await.expect("up");
    let mut backend = file.open().await;
    for statement in [
        "PRAGMA user_version = 0".to_owned(),
        format!("DELETE FROM limbeck_history WHERE id = '{ID}'"),
        "DELETE FROM limbeck_log WHERE id > (SELECT max(id) FROM limbeck_log WHERE event = 'alone')".to_owned(),
    ] {
        backend.execute(&statement).await.expect("a step back");
    }
    (file, migrator)
}

#[tokio::test]
async fn what_nobody_can_know_is_refused_and_named() {
    let version = "SELECT CAST(user_version AS text) FROM pragma_user_version";
    let (file, migrator) = died_alone(false).await;
    let error = file.upgrade(&migrator).await.expect_err("nobody knows");
    assert!(matches!(&error, MigrateError::Uncertain { sql, .. } if sql == "PRAGMA user_version = 7"), "{error}");
    assert_eq!(file.upgrade(&migrator.interrupted(Uncertain::Done)).await.expect("it is told"), [ID]);
    assert_eq!(file.rows(version).await, ["0"]);

    let (file, migrator) = died_alone(false).await;
    assert_eq!(file.upgrade(&migrator.interrupted(Uncertain::Again)).await.expect("it is told"), [ID]);
    assert_eq!(file.rows(version).await, ["7"]);

    let (file, migrator) = died_alone(true).await;
    assert_eq!(file.upgrade(&migrator).await.expect("it may run twice"), [ID]);
    assert_eq!(file.rows(version).await, ["7"]);
}

#[tokio::test]
async fn what_would_be_lost_must_be_agreed_to() {
    let file = File::new();
    let first = MigrationDef::new(ID, note, no_note);
    let drop = MigrationDef {
        message: "tidy",
        revises: &[ID],
        ..MigrationDef::new(
            "22222222",
            |m| m.drop_column("note", "text"),
            |m| {
                m.create_column("note", "text", text()).default("");
            },
        )
    };
    let more = |m: &mut Migration| {
        note(m);
        m.create_column("note", "more", text()).nullable();
    };
    let first = MigrationDef { up: more, ..first };
    let migrator = Migrator::builder().migrations([first, drop]).build().expect("a graph");
    let error = file.upgrade(&migrator).await.expect_err("nobody agreed");
    let MigrateError::Loss { losses, .. } = &error else { panic!("{error}") };
    assert_eq!(losses, &["column note.text"]);
    assert_eq!(file.rows("SELECT text FROM note").await, ["first"]);
    let agreed = MigrationDef { loses: &["column note.text"], ..drop };
    let migrator = Migrator::builder().migrations([first, agreed]).build().expect("a graph");
    assert_eq!(file.upgrade(&migrator).await.expect("agreed"), ["22222222"]);
}

#[tokio::test]
async fn what_sql_did_can_be_told_or_is_looked_at() {
    let file = File::new();
    let first = MigrationDef::new(
        ID,
        |m| {
            note(m);
            m.sql("ALTER TABLE note ADD COLUMN told integer");
            m.effect(|m| {
                m.create_column("note", "told", integer()).nullable();
            });
            m.alter_column("note", "told").default(5);
            m.sql("ALTER TABLE note ADD COLUMN untold integer");
        },
        no_note,
    );
    // An index over a column that only the database knows.
    let second = MigrationDef {
        revises: &[ID],
        ..MigrationDef::new(
            "22222222",
            |m| {
                m.create_index("note", ["told"]).named("note_told");
            },
            |m| m.drop_index("note", by_name("note_told")),
        )
    };
    let migrator = Migrator::builder().migrations([first, second]).build().expect("a graph");
    assert_eq!(file.upgrade(&migrator).await.expect("up"), [ID, "22222222"]);
    assert_eq!(file.rows("SELECT name FROM pragma_table_info('note')").await, ["text", "told", "untold"]);
}

/// A thousand rows, filled in batches.
fn thousand(m: &mut Migration) {
    m.create_table("row", |t| {
        t.column("a", bigint());
        t.column("b", bigint());
        t.column("c", bigint()).nullable();
        t.primary_key(["a", "b"]);
    });
    m.sql(
        "INSERT INTO row (a, b) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) \
         SELECT i / 10, i FROM n",
    );
}

#[tokio::test]
async fn a_backfill_commits_in_batches() {
    let file = File::new();
    let first = MigrationDef::new(ID, thousand, |m| m.drop_table("row"));
    let fill = |m: &mut Migration| {
        // Of one row nothing is known.
        m.backfill("row").set("c", "nullif(a * 1000 + b, 500)").batch(150);
        m.sql("UPDATE row SET c = 0 WHERE c IS NULL");
        m.alter_column("row", "c").not_null();
    };
    let second = MigrationDef {
        revises: &[ID],
        ..MigrationDef::new("22222222", fill, |m| {
            m.alter_column("row", "c").nullable();
            m.sql("UPDATE row SET c = NULL");
        })
    };
    let migrator = Migrator::builder().migrations([first, second]).build().expect("a graph");
    file.upgrade(&migrator).await.expect("up");
    assert_eq!(file.rows("SELECT CAST(count(*) AS text) FROM row WHERE c = a * 1000 + b").await, ["1000"]);
    let events = "SELECT event || ' ' || detail FROM limbeck_log WHERE event = 'done' ORDER BY id";
    assert_eq!(file.rows(events).await, ["done 1"]);
}

#[tokio::test]
async fn a_backfill_without_end_is_stopped() {
    let file = File::new();
    let first = MigrationDef::new(ID, thousand, |m| m.drop_table("row"));
    let fill = |m: &mut Migration| {
        m.backfill("row").set("c", "a").filter("a >= 0").batch(500);
    };
    let second = MigrationDef { revises: &[ID], ..MigrationDef::new("22222222", fill, |m| m.irreversible("no")) };
    let migrator = Migrator::builder().migrations([first, second]).build().expect("a graph");
    let error = file.upgrade(&migrator).await.expect_err("it has no end");
    assert!(matches!(error, MigrateError::Endless { .. }), "{error}");
}

#[tokio::test]
async fn a_stamp_runs_nothing_and_ends_what_is_half_done() {
    let file = File::new();
    let broken = in_parts(
        |m| {
            note(m);
            m.sql("INSERT INTO nowhere VALUES (1)");
        },
        no_note,
    );
    file.upgrade(&broken).await.expect_err("there is no such table");
    broken.stamp(file.open().await, Target::Head, false).await.expect("somebody finished it by hand");
    assert_eq!(file.upgrade(&broken).await.expect("nothing to do"), Vec::<String>::new());
    assert_eq!(file.rows("SELECT text FROM note").await, ["first"]);
    // The row knows the way back, as if the migration had run.
    let stranger = Migrator::builder().build().expect("a graph");
    let error = file.downgrade(&stranger).await.map(|_| ());
    assert!(error.is_ok(), "{error:?}");
    assert!(file.rows("SELECT name FROM sqlite_schema WHERE name = 'note'").await.is_empty());

    file.upgrade(&in_parts(note, no_note)).await.expect("up");
    in_parts(note, no_note).stamp(file.open().await, Target::Base, false).await.expect("nothing is applied");
    assert_eq!(file.rows("SELECT text FROM note").await, ["first"]);
    assert!(file.rows("SELECT id FROM limbeck_history").await.is_empty());
    file.open().await.execute("DROP TABLE note").await.expect("by hand");

    let other = Migrator::builder().migrations([MigrationDef::new("22222222", |_| {}, |_| {})]).build();
    file.upgrade(&other.expect("a graph")).await.expect("up");
    let mine = in_parts(note, no_note);
    mine.stamp(file.open().await, Target::Base, true).await.expect("what is not known goes");
    assert!(file.rows("SELECT id FROM limbeck_history").await.is_empty());
}

#[tokio::test]
async fn a_preview_runs_nothing_and_redo_runs_twice() {
    let file = File::new();
    let migrator = in_parts(note, no_note);
    let previews = migrator.preview(file.open().await, Target::Head).await.expect("a preview");
    let [preview] = previews.as_slice() else { panic!("one migration") };
    assert_eq!((preview.changes.len(), preview.work.len()), (1, 4));
    assert!(file.rows("SELECT name FROM sqlite_schema").await.is_empty());
    file.upgrade(&migrator).await.expect("up");
    file.open().await.execute("INSERT INTO note (text) VALUES ('mine')").await.expect("a row");
    let report = migrator.redo_with(file.open().await, &mut limbeck::migrate::Quiet).await.expect("again");
    assert_eq!(report.migrations, [ID]);
    assert_eq!(file.rows("SELECT text FROM note").await, ["first"]);
    assert!(migrator.preview(file.open().await, Target::Head).await.expect("a preview").is_empty());
}
