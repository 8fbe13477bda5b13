//! What only a person can say: asked once, with the flags that answer it, and kept in the migration.

use limbeck_tests::project::{Project, started};

const BEFORE: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
    /// Another name.
    pub nick: Option<String>,
}
"#;

/// A project with rows in it.
fn project(name: &str) -> Project {
    let project = started(name, "sqlite", BEFORE).sqlite();
    let _ = project.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    project.sql("INSERT INTO note (title, nick) VALUES ('one', 'first'), ('two', NULL)");
    project
}

#[test]
fn a_rename_and_a_new_column_that_rows_have_no_value_for() {
    let project = project("decide-rename");
    let after = BEFORE.replace(
        "    pub nick: Option<String>,\n",
        "    pub nickname: Option<String>,\n    /// What it is.\n    pub kind: String,\n",
    );
    project.write("db/src/models.rs", &after);
    let files = project.files();
    insta::assert_snapshot!("open", project.limbeck(&["revision", "-m", "kinds"]).code(3).timeless());
    insta::assert_snapshot!(
        "open_json",
        project.limbeck(&["revision", "-m", "kinds", "--format", "json"]).code(3).timeless()
    );
    assert_eq!(project.files(), files, "nothing was written");
    let answers = [
        "revision",
        "-m",
        "kinds",
        "--rename",
        "note.nick:nickname",
        "--backfill",
        "note.kind='plain'",
        "--no-rename=note.kind",
    ];
    insta::assert_snapshot!("decided", project.limbeck(&answers).code(0).timeless());
    insta::assert_snapshot!("decided_module", project.module("kinds"));
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    assert_eq!(
        project.rows("SELECT title || '|' || coalesce(nickname, '-') || '|' || kind FROM note ORDER BY id"),
        ["one|first|plain", "two|-|plain"]
    );
    let _ = project.limbeck(&["downgrade", "-1"]).code(0);
    assert_eq!(
        project.rows("SELECT title || '|' || coalesce(nick, '-') FROM note ORDER BY id"),
        ["one|first", "two|-"]
    );
}

#[test]
fn answers_in_a_file() {
    let project = project("decide-file");
    project.write("db/src/models.rs", &BEFORE.replace("pub nick: Option<String>", "pub nickname: Option<String>"));
    project.write("answers.json", r#"{"rename": ["note.nick:nickname"]}"#);
    let _ = project.limbeck(&["revision", "-m", "names", "--decisions", "answers.json", "--apply"]).code(0);
    assert_eq!(project.rows("SELECT coalesce(nickname, '-') FROM note ORDER BY id"), ["first", "-"]);
    project.write("answers.json", r#"{"renames": []}"#);
    insta::assert_snapshot!(
        "bad_file",
        project.limbeck(&["revision", "-m", "names", "--decisions", "answers.json"]).code(2).timeless()
    );
}

#[test]
fn what_is_lost_is_agreed_to_once() {
    let project = project("decide-loss");
    let gone = BEFORE.replace("    /// Another name.\n    pub nick: Option<String>,\n", "");
    project.write("db/src/models.rs", &gone);
    insta::assert_snapshot!("loss", project.limbeck(&["revision", "-m", "no nicks"]).code(3).timeless());
    insta::assert_snapshot!(
        "loss_decided",
        project.limbeck(&["revision", "-m", "no nicks", "--lose", "column note.nick"]).code(0).timeless()
    );
    insta::assert_snapshot!("loss_module", project.module("no_nicks"));
    insta::assert_snapshot!("loss_plan", project.limbeck(&["upgrade", "--plan"]).code(0).timeless());
    let _ = project.limbeck(&["upgrade"]).code(0);
    assert_eq!(project.rows("SELECT title FROM note ORDER BY id"), ["one", "two"]);
    // Nobody agreed to what a person took out of the list.
    let _ = project.limbeck(&["downgrade", "-1"]).code(0);
    let path = project.module_path("no_nicks");
    project.write(&path, &project.read(&path).replace("    loses: [\"column note.nick\"],\n", ""));
    insta::assert_snapshot!("loss_refused", project.limbeck(&["upgrade"]).code(2).timeless());
    assert_eq!(project.rows("SELECT title || coalesce(nick, '-') FROM note ORDER BY id"), ["one-", "two-"]);
}

#[test]
fn what_no_row_is_about_needs_no_decision() {
    let project = project("decide-empty");
    project.sql("DELETE FROM note");
    project.write(
        "db/src/models.rs",
        &BEFORE.replace(
            "    /// Another name.\n    pub nick: Option<String>,\n",
            "    /// What it is.\n    pub kind: i64,\n",
        ),
    );
    insta::assert_snapshot!("empty", project.limbeck(&["revision", "-m", "kinds"]).code(0).timeless());
    let _ = project.limbeck(&["upgrade"]).code(0);
}

#[test]
fn a_column_becomes_not_null_over_rows_without_a_value() {
    let project = project("decide-tight");
    project.write("db/src/models.rs", &BEFORE.replace("pub nick: Option<String>", "pub nick: String"));
    insta::assert_snapshot!("tight", project.limbeck(&["revision", "-m", "nicks"]).code(3).timeless());
    let _ = project.limbeck(&["revision", "-m", "nicks", "--backfill", "note.nick=lower(title)"]).code(0);
    insta::assert_snapshot!("tight_module", project.module("nicks"));
    let _ = project.limbeck(&["upgrade"]).code(0);
    assert_eq!(project.rows("SELECT nick FROM note ORDER BY id"), ["first", "two"]);
    let _ = project.limbeck(&["check"]).code(0);
}

#[test]
fn a_model_says_what_rows_get() {
    let project = project("decide-model");
    let after = BEFORE.replace(
        "    pub nick: Option<String>,\n",
        "    pub nick: Option<String>,\n    /// What it is.\n    #[column(backfill = \"upper(title)\")]\n    pub kind: String,\n",
    );
    project.write("db/src/models.rs", &after);
    let _ = project.limbeck(&["revision", "-m", "kinds", "--apply"]).code(0);
    assert_eq!(project.rows("SELECT kind FROM note ORDER BY id"), ["ONE", "TWO"]);
}

#[test]
fn on_a_terminal_it_is_asked() {
    let project = project("decide-ask");
    project.write("db/src/models.rs", &BEFORE.replace("pub nick: Option<String>", "pub nickname: Option<String>"));
    // `script` gives the command a terminal of its own; the first answer is chosen with the return key.
    let mut command = std::process::Command::new("sh");
    let limbeck = limbeck_tests::project::program("cargo-limbeck");
    let keys = "for key in $(seq 100); do sleep 1; printf '\\r' || exit; done";
    command
        .args(["-c", &format!("({keys}) | script -qec '{} limbeck revision -m names' /dev/null", limbeck.display())]);
    let asked = project.run(command, "").code(0);
    assert!(asked.out.contains("note.nickname") && asked.out.contains("wrote"), "{asked}");
    let module = project.module("names");
    assert!(module.contains(r#"m.rename_column("note", "nick", "nickname");"#), "{module}");
}

#[test]
fn rows_that_hold_a_label_which_goes_get_another() {
    const STATES: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
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
    /// Nobody cares.
    Dropped,
}
"#;
    let database = limbeck_tests::server::ServerDatabase::new("decide_map");
    let on_sqlite = started("decide-map", "sqlite", STATES).sqlite();
    let on_postgres = started("decide-map-pg", "postgres", STATES).database(database.url());
    let insert = "INSERT INTO note (state) VALUES ('Open'), ('Dropped'), ('Closed')";
    let select = "SELECT state FROM note ORDER BY id";
    for (project, postgres) in [(on_sqlite, false), (on_postgres, true)] {
        let rows = |sql: &str| -> Vec<String> {
            if postgres { database.run(sql).lines().map(str::to_owned).collect() } else { project.rows(sql) }
        };
        let _ = project.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        assert_eq!(rows(insert), Vec::<String>::new());
        project.write("db/src/models.rs", &STATES.replace("    /// Nobody cares.\n    Dropped,\n", ""));
        let open = project.limbeck(&["revision", "-m", "fewer"]).code(3);
        assert!(open.err.contains("label state.Dropped goes, and rows hold it: 1 row"), "{open}");
        assert!(open.err.contains("--map state.Dropped=OTHER"), "{open}");
        let wrong = project.limbeck(&["revision", "-m", "fewer", "--map", "state.Dropped=Nothing"]).code(2);
        assert!(wrong.err.contains("has no label `Nothing`"), "{wrong}");
        let _ = project.limbeck(&["revision", "-m", "fewer", "--map", "state.Dropped=Closed", "--apply"]).code(0);
        assert_eq!(rows(select), ["Open", "Closed", "Closed"]);
        let _ = project.limbeck(&["check"]).code(0);
    }
}
