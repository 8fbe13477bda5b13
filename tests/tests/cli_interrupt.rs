//! Ctrl-C in the middle of a migration.

use std::process::Command;
use std::time::{Duration, Instant};

use limbeck_tests::project::{program, started};
use limbeck_tests::server::ServerDatabase;

const MODELS: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
}
"#;

#[test]
fn what_was_under_way_is_rolled_back_and_the_next_run_finishes() {
    let database = ServerDatabase::new("interrupt");
    let project = started("interrupt", "postgres", MODELS).database(database.url());
    let _ = project.limbeck(&["revision", "-m", "notes"]).code(0);
    let path = project.module_path("notes");
    let text = project.read(&path);
    let open = "pub fn up(m: &mut Migration) {\n";
    let end = text.find("\npub fn down").expect("a way back");
    let at = text[..end].rfind('}').expect("the end of up");
    assert!(text.contains(open), "{text}");
    project.write(&path, &format!("{}    m.sql(\"SELECT pg_sleep(120)\");\n{}", &text[..at], &text[at..]));
    // Built first, so that only the run itself is interrupted.
    let _ = project.limbeck(&["upgrade", "--plan"]).code(0);
    let mut command = Command::new("setsid");
    command.args([
        "sh",
        "-c",
        &format!("'{}' limbeck upgrade 2> err.txt; echo $? > code.txt", program("cargo-limbeck").display()),
    ]);
    let before = Instant::now();
    let seen = || {
        let asked = "select pg_backend_pid() from pg_stat_activity where query like 'SELECT pg_sleep(120)' and datname = current_database()";
        !database.run(asked).is_empty()
    };
    let run = std::thread::scope(|scope| {
        let running = scope.spawn(|| project.run(command, ""));
        while !seen() {
            assert!(before.elapsed() < Duration::from_secs(100), "the migration never began");
            std::thread::sleep(Duration::from_millis(100));
        }
        // As the terminal does it: everybody who runs in the foreground gets the signal.
        let stopped = Command::new("pkill").args(["-INT", "-f", "interrupt-db upgrade"]).status().expect("pkill runs");
        assert!(stopped.success(), "there was nobody to stop");
        running.join().expect("it ends")
    });
    assert_eq!(project.read("code.txt").trim(), "2", "{run}");
    let said = project.read("err.txt");
    assert!(said.contains("interrupted") && said.contains("rolled back"), "{said}");
    assert_eq!(database.run("select relname from pg_class where relname = 'note'"), "");
    // The server saw that the client went: the lock is free long before the statement would have ended.
    project.write(&path, &text);
    let _ = project.limbeck(&["upgrade", "--lock-wait", "30s"]).code(0);
    assert_eq!(database.run("select relname from pg_class where relname = 'note'"), "note\n");
    assert!(!seen(), "nobody sleeps any more");
}
