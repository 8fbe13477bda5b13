//! Scripts, run by SQLite's own shell.

use std::io::Write;
use std::process::{Command, Stdio};

use limbeck::dialect::Backend;

use crate::database::{File, execute, introspect, look, run, schema_of, values};
use crate::refuse::statements;

/// Feeds a script to the shell. What it said on standard error.
fn shell(file: &File, script: &str) -> String {
    let mut child = Command::new("sqlite3")
        .arg(&file.path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("cannot run `sqlite3` ({e}); install it: apt-get install sqlite3"));
    if let Some(mut stdin) = child.stdin.take() {
        // A shell that gave up reads no further.
        let _ = stdin.write_all(script.as_bytes());
    }
    let output = child.wait_with_output().unwrap_or_else(|e| panic!("{e}"));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const BEFORE: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY, note TEXT); CREATE TABLE c (p_id INT REFERENCES p ON DELETE CASCADE);
    CREATE TRIGGER t AFTER INSERT ON p BEGIN SELECT 1; SELECT 2; END; CREATE VIEW v AS SELECT note FROM p -- a comment\n";

const AFTER: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY, note TEXT NOT NULL); CREATE TABLE c (p_id INT REFERENCES p ON DELETE CASCADE);
    CREATE TRIGGER t AFTER INSERT ON p BEGIN SELECT 1; SELECT 2; END; CREATE VIEW v AS SELECT note, id FROM p -- a comment\n";

async fn script(backend: &mut dyn Backend) -> String {
    let statements = statements(backend, &schema_of(AFTER).await).await;
    backend.dialect().script(&statements)
}

#[test]
fn the_shell_runs_it_as_it_is() {
    run(async {
        let (file, mut backend) = File::with(BEFORE).await;
        let backend = &mut *backend;
        execute(backend, "INSERT INTO p VALUES (1, 'a'); INSERT INTO c VALUES (1), (1)").await;
        let script = script(backend).await;
        // Also where the shell has foreign keys on.
        assert_eq!(shell(&file, &format!("PRAGMA foreign_keys = ON;\n{script}")), "");
        let (_file, mut other) = File::with(AFTER).await;
        assert_eq!(look(backend).await, look(&mut *other).await);
        assert_eq!(values(backend, "c", &["p_id"], true).await.len(), 2);
    });
}

#[test]
fn after_a_failing_row_the_shell_commits_nothing() {
    run(async {
        let (file, mut backend) = File::with(BEFORE).await;
        let backend = &mut *backend;
        execute(backend, "INSERT INTO p VALUES (1, 'a'), (2, NULL); INSERT INTO c VALUES (1), (2)").await;
        let before = (look(backend).await, values(backend, "p", &["id", "note"], true).await);
        let script = script(backend).await;
        assert!(shell(&file, &script).contains("NOT NULL constraint failed"), "{script}");
        assert_eq!((look(backend).await, values(backend, "p", &["id", "note"], true).await), before);
    });
}

#[test]
fn the_shell_ends_no_statement_at_a_line_of_its_own() {
    run(async {
        let made = "CREATE TABLE t (go INT, b INT); CREATE VIEW v AS SELECT\ngo -- went\n/\nb, -- what\nGO\nFROM t";
        let (file, mut backend) = File::with("CREATE TABLE t (go INT, b INT)").await;
        let statements = statements(&mut *backend, &schema_of(made).await).await;
        assert_eq!(shell(&file, &backend.dialect().script(&statements)), "");
        assert_eq!(introspect(&mut *backend).await.objects.len(), 1);
        assert!(limbeck_tests::live::difference(&mut *backend, &schema_of(made).await).await.1.is_empty());
    });
}

#[test]
fn a_table_that_has_more_than_a_script_knows_is_not_copied() {
    run(async {
        let (_file, mut known) = File::with(BEFORE).await;
        let script = script(&mut *known).await;
        let more = [
            "ALTER TABLE p ADD COLUMN \"more\" TEXT",
            "ALTER TABLE p ADD COLUMN more INT AS (id + 1)",
            "CREATE INDEX more ON p (note)",
            "CREATE TRIGGER more AFTER DELETE ON P BEGIN SELECT 1; END",
            "ALTER TABLE p RENAME COLUMN note TO more",
        ];
        for more in more {
            let (file, mut backend) = File::with(&format!(
                "{BEFORE}; {more}; INSERT INTO p VALUES (1, 'a'{})",
                if more.contains("\"more\"") { ", 'b'" } else { "" }
            ))
            .await;
            let before = look(&mut *backend).await;
            let said = shell(&file, &script);
            assert!(
                said.contains("table `p` has other columns, indexes or triggers than are known here"),
                "{more}: {said}"
            );
            assert_eq!(look(&mut *backend).await, before, "{more}");
            // Whoever looks knows it all.
            let mut strict = introspect(&mut *backend).await;
            let note = strict.tables.get_mut(&"p".into()).and_then(|p| p.columns.get_mut(1));
            note.unwrap_or_else(|| panic!("no column")).nullable = false;
            limbeck_tests::live::migrate(&mut *backend, &strict).await;
        }
    });
}
