//! A rebuild that is killed leaves the old table or the new one, whole.

use std::process::{Command, Stdio};
use std::time::Duration;

use limbeck_tests::live::migrate;

use crate::database::{File, execute, look, rows, run, schema_of};

const OLD: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT); CREATE INDEX t_note ON t (note);
    CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INT REFERENCES t ON DELETE CASCADE);
    CREATE TRIGGER t_in AFTER INSERT ON t BEGIN SELECT 1; END";

const NEW: &str =
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT NOT NULL); CREATE INDEX t_note ON t (note);
    CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INT REFERENCES t ON DELETE CASCADE);
    CREATE TRIGGER t_in AFTER INSERT ON t BEGIN SELECT 1; END";

const ROWS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t (note) SELECT 'row ' || i FROM n;
    INSERT INTO c (t_id) SELECT id FROM t";

/// Names the file that [`there_and_back_for_ever`] works on.
const FILE: &str = "LIMBECK_TEST_KILL_FILE";

/// How often to kill; a few hundred take some minutes.
const TIMES: &str = "LIMBECK_TEST_KILLS";

/// No test of its own: the process that is killed.
#[test]
fn there_and_back_for_ever() {
    let Ok(path) = std::env::var(FILE) else { return };
    run(async {
        let url = format!("sqlite://{path}");
        let mut backend = limbeck::dialect::sqlite::connect(&url, limbeck::dialect::Missing::Refuse)
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        let (old, new) = (schema_of(OLD).await, schema_of(NEW).await);
        loop {
            migrate(&mut *backend, &new).await;
            migrate(&mut *backend, &old).await;
        }
    });
}

#[test]
fn killed_at_any_moment() {
    let times: u64 = std::env::var(TIMES).ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    run(async {
        for mode in ["delete", "wal"] {
            let (file, mut backend) = File::with(OLD).await;
            execute(&mut *backend, ROWS).await;
            rows(&mut *backend, &format!("PRAGMA journal_mode = {mode}")).await;
            let old = look(&mut *backend).await;
            let new = {
                let (_file, mut other) = File::with(NEW).await;
                look(&mut *other).await
            };
            let sum = "SELECT CAST(count(*) AS TEXT), CAST(sum(id) AS TEXT), CAST(sum(length(note)) AS TEXT) FROM t
                       UNION ALL SELECT CAST(count(*) AS TEXT), CAST(sum(t_id) AS TEXT), '' FROM c
                       UNION ALL SELECT name, CAST(seq AS TEXT), '' FROM sqlite_sequence";
            let whole = rows(&mut *backend, sum).await;
            backend.close().await.unwrap_or_else(|e| panic!("{e}"));
            for time in 0..times {
                kill_after(&file, Duration::from_millis(15 + time * 37 % 120));
                let mut backend = file.open().await;
                let now = look(&mut *backend).await;
                assert!(now == old || now == new, "{mode}, {time}: {now:#?}");
                assert_eq!(rows(&mut *backend, sum).await, whole, "{mode}, {time}");
                assert_eq!(rows(&mut *backend, "PRAGMA integrity_check").await, ["ok"], "{mode}, {time}");
                backend.close().await.unwrap_or_else(|e| panic!("{e}"));
            }
        }
    });
}

fn kill_after(file: &File, wait: Duration) {
    let this = std::env::current_exe().unwrap_or_else(|e| panic!("{e}"));
    let mut child = Command::new(this)
        .args(["--exact", "kill::there_and_back_for_ever"])
        .env(FILE, &file.path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|e| panic!("{e}"));
    std::thread::sleep(wait);
    // SIGKILL on Unix.
    let running = child.try_wait().unwrap_or_else(|e| panic!("{e}")).is_none();
    assert!(running, "it ended by itself: run it with {FILE} set to see why");
    child.kill().unwrap_or_else(|e| panic!("{e}"));
    child.wait().unwrap_or_else(|e| panic!("{e}"));
}
