//! `sql` and `verify`: what a DBA runs by hand, and what a build server asks.

use std::process::Command;

use limbeck_tests::project::{Project, started};
use limbeck_tests::server::ServerDatabase;

const ONE: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
#[table(index(title))]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
    /// Where it stands.
    pub state: State,
}

/// Where a note stands.
#[derive(limbeck::Enum)]
pub enum State {
    /// Not done.
    Open,
    /// Done.
    Closed,
}
"#;

/// Two migrations: a table with an enum, and one more label, a column that is filled, a check.
fn project(name: &str, databases: &str) -> Project {
    let project = started(name, databases, ONE).sqlite();
    let _ = project.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    project.sql("INSERT INTO note (title, state) VALUES ('one', 'Open')");
    let two = ONE
        .replace("    Closed,\n", "    Closed,\n    /// Nobody cares.\n    Dropped,\n")
        .replace(
            "    pub state: State,\n",
            "    pub state: State,\n    /// How many words it has.\n    pub words: i32,\n",
        )
        .replace("index(title)", "index(title), check(\"words >= 0\")");
    project.write("db/src/models.rs", &two);
    let _ = project.limbeck(&["revision", "-m", "words", "--backfill", "note.words=length(title)"]).code(0);
    project
}

/// What a script or an upgrade leaves: all tables, and the history without what differs from run to run.
fn sqlite_state(project: &Project, file: &str) -> String {
    let dump = Command::new("sqlite3")
        .args([
            file,
            ".schema --nosys",
            "SELECT id, revises, message, hash, position, down FROM limbeck_history ORDER BY position",
            "SELECT migration, event FROM limbeck_log WHERE event IN ('upgrade', 'downgrade') ORDER BY id",
        ])
        .current_dir(project.path(""))
        .output()
        .expect("sqlite3 runs");
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    String::from_utf8_lossy(&dump.stdout).into_owned()
}

#[test]
fn a_script_on_sqlite_does_what_an_upgrade_does() {
    let project = project("sql-sqlite", "sqlite");
    let script = project.limbeck(&["sql"]).code(0);
    project.write("up.sql", &script.out);
    let run = |file: &str, script: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("sqlite3 {file} < {script}")]);
        let outcome = project.run(command, "").code(0);
        assert_eq!(outcome.err, "", "{outcome}");
    };
    run("by_hand.db", "up.sql");
    let url = format!("sqlite://{}?mode=rwc", project.path("upgraded.db").display());
    let _ = project.limbeck(&["--database-url", &url, "upgrade"]).code(0);
    let upgraded = sqlite_state(&project, "upgraded.db");
    assert_eq!(sqlite_state(&project, "by_hand.db"), upgraded);
    assert!(upgraded.contains("words"), "{upgraded}");
    // Half of the way by hand, and all of it back.
    let first = project.limbeck(&["history", "--format", "json"]).code(0).out;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&first).expect("JSON");
    let first = rows[1]["id"].as_str().expect("an id");
    project.write("half.sql", &project.limbeck(&["sql", &format!("{first}:head")]).code(0).out);
    run("app.db", "half.sql");
    assert_eq!(project.rows("SELECT title || words FROM note"), ["one3"]);
    let _ = project.limbeck(&["check"]).code(0);
    project.write("down.sql", &project.limbeck(&["sql", "head:base"]).code(0).out);
    run("app.db", "down.sql");
    assert_eq!(project.rows("SELECT name FROM sqlite_schema WHERE name LIKE 'note%'"), Vec::<String>::new());
    assert_eq!(project.rows("SELECT count(*) FROM limbeck_history"), ["0"]);
}

#[test]
fn a_script_on_postgres_does_what_an_upgrade_does() {
    let project = project("sql-postgres", "sqlite,postgres");
    let [upgraded, by_hand] = ["sql_upgraded", "sql_by_hand"].map(ServerDatabase::new);
    let _ = project.limbeck(&["--database-url", upgraded.url(), "upgrade"]).code(0);
    let state = |database: &ServerDatabase| {
        let dump = Command::new("pg_dump").args(["--schema-only", "--no-owner", "-d", database.url()]).output();
        let dump = String::from_utf8_lossy(&dump.expect("pg_dump runs").stdout).into_owned();
        // pg_dump guards its output with a random word.
        let dump: String =
            dump.lines().filter(|line| !line.starts_with("\\")).map(|line| format!("{line}\n")).collect();
        let rows = "select id, revises, message, hash, position, down from limbeck_history order by position";
        let log = "select migration, event from limbeck_log where event in ('upgrade', 'downgrade') order by id";
        format!("{dump}{}{}", database.run(rows), database.run(log))
    };
    let before = state(&upgraded);
    let run = |database: &ServerDatabase, range: &str| {
        let script = project.limbeck(&["sql", range, "--database", "postgres"]).code(0).out;
        project.write("script.sql", &script);
        let mut command = Command::new("psql");
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database.url(), "-f", "script.sql"]);
        let _ = project.run(command, "").code(0);
    };
    run(&by_hand, "base:head");
    assert_eq!(state(&by_hand), before);
    assert!(before.contains("CREATE TYPE public.state"), "{before}");
    run(&by_hand, "head:base");
    let left = by_hand.run("select relname from pg_class where relname like 'note%'");
    assert_eq!(left, "");
    assert_eq!(by_hand.run("select typname from pg_type where typname = 'state'"), "", "the enum goes, too");
}

#[test]
fn a_pull_request_shows_what_it_would_run() {
    let project = project("sql-markdown", "sqlite");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=me", "-c", "user.email=me@example.com"]).args(arguments);
        let _ = project.run(command, "").code(0);
    };
    git(&["init", "-q", "-b", "main"]);
    let second = project.module_path("words");
    project.write(".gitignore", &format!("app.db\n{second}\n"));
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    let shown = project.limbeck(&["sql", "--since", "main", "--format", "markdown"]).code(0);
    insta::assert_snapshot!("markdown", shown.timeless());
    insta::assert_snapshot!("no_such_commit", project.limbeck(&["sql", "--since", "nowhere"]).code(2).timeless());
}

#[test]
fn code_is_no_part_of_a_script_unless_it_is_left_out() {
    let project = project("sql-code", "sqlite");
    let path = project.module_path("words");
    let text = project.read(&path);
    let with = text.replace(
        "pub fn up(m: &mut Migration) {\n",
        "pub fn up(m: &mut Migration) {\n    m.run(|_| Box::pin(async move { Ok(()) }));\n",
    );
    project.write(&path, &with);
    insta::assert_snapshot!("code", project.limbeck(&["sql"]).code(2).timeless());
    let left_out = project.limbeck(&["sql", "--skip-data"]).code(0).out;
    assert!(left_out.contains("runs code of its own here"), "{left_out}");
}

#[test]
fn a_build_server_asks_for_everything() {
    let project = project("verify", "sqlite");
    insta::assert_snapshot!("verify", project.limbeck(&["verify"]).code(0).timeless());
    insta::assert_snapshot!("verify_offline", project.limbeck(&["verify", "--offline"]).code(0).timeless());
    // A way back that forgets something, and a model that is ahead.
    let path = project.module_path("notes");
    let text = project.read(&path);
    project.write(&path, &text.replace("    m.drop_table(\"note\");\n", ""));
    project.write(
        "db/src/models.rs",
        &project
            .read("db/src/models.rs")
            .replace("pub title: String,", "pub title: String,\n    /// More.\n    pub body: Option<String>,"),
    );
    insta::assert_snapshot!("verify_red", project.limbeck(&["verify"]).code(1).timeless());
    insta::assert_snapshot!("verify_json", project.limbeck(&["verify", "--format", "json"]).code(1).timeless());
}
