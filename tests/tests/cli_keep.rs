//! What is dropped can be kept: a downgrade brings it back, and a purge removes it for good.

use limbeck_tests::story::{Story, on_both};

const NOTES: &str = r#"//! Models.

/// Someone.
#[derive(limbeck::Table)]
pub struct Account {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// Where mail goes.
    #[column(unique)]
    pub email: String,
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

/// Something written down.
#[derive(limbeck::Table)]
#[table(index(title))]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// Whose it is.
    #[column(references = Account::id)]
    pub account_id: i64,
    /// The first line.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// The note that it answers.
    #[column(references = Note::id)]
    pub answers: Option<i64>,
}
"#;

const ROWS: &str = "INSERT INTO account (email) VALUES ('ann@example.org'), ('bob@example.org');
     INSERT INTO note (account_id, title, state) VALUES (2, 'one', 'Open'), (1, 'it''s', 'Dropped'), (1, '', 'Closed');
     UPDATE note SET answers = 3 WHERE id = 1";

const ALL: &str = "SELECT id || '|' || account_id || '|' || title || '|' || state || '|' || coalesce(answers, 0) \
     FROM note ORDER BY id";

const BEFORE: [&str; 3] = ["1|2|one|Open|3", "2|1|it's|Dropped|0", "3|1||Closed|0"];

fn begin(story: &Story) {
    let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    story.sql(ROWS);
}

/// What there is besides what the models say.
fn kept(story: &Story) -> usize {
    let tables = "SELECT name FROM sqlite_schema WHERE name LIKE 'limbeck_kept_%'";
    let tables =
        if story.is_on_server() { "SELECT relname FROM pg_class WHERE relname LIKE 'limbeck_kept_%'" } else { tables };
    story.rows(tables).len()
}

/// The models without some of them.
fn without(parts: &[(&str, &str)]) -> String {
    parts.iter().fold(NOTES.to_owned(), |text, (from, to)| {
        let start = text.find(from).unwrap_or_else(|| panic!("the models have {from}"));
        let end = start + text[start..].find(to).unwrap_or_else(|| panic!("the models have {to}")) + to.len();
        format!("{}{}", &text[..start], &text[end..])
    })
}

#[test]
fn a_table_is_dropped_and_comes_back() {
    on_both("keep-table", NOTES, |story| {
        begin(story);
        story.write(
            "db/src/models.rs",
            &without(&[("/// Where a note stands", "Dropped,\n}\n"), ("/// Something", "\n}\n")]),
        );
        insta::assert_snapshot!("table_open", story.tell(&["revision", "-m", "no notes"], 3));
        insta::assert_snapshot!("table_kept", story.tell(&["revision", "-m", "no notes", "--keep", "table note"], 0));
        insta::assert_snapshot!("table_module", story.module("no_notes"));
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(kept(story), 1);
        let _ = story.limbeck(&["check"]).code(0);
        let again = story.limbeck(&["revision", "-m", "nothing"]).code(0);
        assert!(again.out.contains("no changes"), "{again}");
        // Nobody holds the account of a note that is gone.
        story.sql("UPDATE account SET email = 'b@example.org' WHERE id = 2");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows(ALL), BEFORE);
        assert_eq!(kept(story), 0);
        // It counts on from where it was, and its keys and checks hold.
        story.sql("INSERT INTO note (account_id, title, state) VALUES (1, 'new', 'Open')");
        assert_eq!(story.rows("SELECT max(id) FROM note"), ["4"]);
    });
}

#[test]
fn a_column_and_a_label_come_back() {
    on_both("keep-column", NOTES, |story| {
        begin(story);
        let fewer = without(&[("    /// The first line", "title: String,\n"), ("    /// Nobody", "Dropped,\n")]);
        story.write("db/src/models.rs", &fewer.replace("#[table(index(title))]\n", ""));
        insta::assert_snapshot!("column_open", story.tell(&["revision", "-m", "fewer"], 3));
        let answers = ["revision", "-m", "fewer", "--keep", "all", "--map", "state.Dropped=Closed"];
        insta::assert_snapshot!("column_kept", story.tell(&answers, 0));
        insta::assert_snapshot!("column_module", story.module("fewer"));
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(story.rows("SELECT state FROM note ORDER BY id"), ["Open", "Closed", "Closed"]);
        let _ = story.limbeck(&["check"]).code(0);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows(ALL), BEFORE);
        assert_eq!(kept(story), 0);

        // What somebody changed since stays; the plain binary goes back by what is stored.
        let _ = story.limbeck(&["upgrade"]).code(0);
        story.sql("UPDATE note SET state = 'Open' WHERE id = 2");
        let _ = story.limbeck(&["downgrade", "-1", "--stored"]).code(0);
        assert_eq!(story.rows("SELECT title || '|' || state FROM note WHERE id = 2"), ["it's|Open"]);
    });
}

#[test]
fn what_is_kept_is_purged() {
    on_both("keep-purge", NOTES, |story| {
        begin(story);
        story.write("db/src/models.rs", &without(&[("    /// The note that", "Option<i64>,\n")]));
        let _ = story.limbeck(&["revision", "-m", "no answers", "--keep", "column note.answers", "--apply"]).code(0);
        insta::assert_snapshot!("purge_undecided", story.tell(&["purge"], 3));
        assert_eq!(kept(story), 1);
        insta::assert_snapshot!("purge_unknown", story.tell(&["purge", "0123", "--yes"], 2));
        let path = story.module_path("no_answers");
        let id = path.rsplit("/m").next().and_then(|name| name.split('_').nth(1)).expect("an id").to_owned();
        insta::assert_snapshot!("purge", story.tell(&["purge", &id[..4], "--yes"], 0));
        assert_eq!(kept(story), 0);
        insta::assert_snapshot!("purge_nothing", story.tell(&["purge"], 0));
        insta::assert_snapshot!("purged_down", story.tell(&["downgrade", "-1"], 2));
        insta::assert_snapshot!("purged_stored", story.tell(&["downgrade", "-1", "--stored"], 2));
    });
}

#[test]
fn without_a_primary_key_a_column_cannot_be_kept() {
    let keyless = NOTES.replace(
        "    #[column(primary_key, auto_increment)]\n    pub id: i64,\n    /// Whose",
        "    pub id: i64,\n    /// Whose",
    );
    let keyless = keyless
        .replace("    /// The note that it answers.\n    #[column(references = Note::id)]\n", "    /// Another.\n");
    on_both("keep-keyless", &keyless, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        story.sql("INSERT INTO account (email) VALUES ('ann')");
        story.sql("INSERT INTO note (id, account_id, title, state) VALUES (1, 1, 'one', 'Open')");
        let fewer = keyless.replace("    /// The first line.\n    pub title: String,\n", "");
        story.write("db/src/models.rs", &fewer.replace("#[table(index(title))]\n", ""));
        insta::assert_snapshot!("keyless_open", story.tell(&["revision", "-m", "fewer"], 3));
        insta::assert_snapshot!("keyless", story.tell(&["revision", "-m", "fewer", "--keep", "all"], 2));
    });
}

#[test]
fn what_a_renamed_table_drops_is_kept() {
    on_both("keep-renamed", NOTES, |story| {
        begin(story);
        let memo = without(&[("    /// The first line", "title: String,\n")]).replace("#[table(index(title))]\n", "");
        story.write("db/src/models.rs", &memo.replace("struct Note", "struct Memo").replace("Note::id", "Memo::id"));
        let answers = ["revision", "-m", "memos", "--rename", "note:memo", "--keep", "column memo.title", "--apply"];
        let _ = story.limbeck(&answers).code(0);
        assert_eq!(story.rows("SELECT count(*) FROM memo"), ["3"]);
        let _ = story.limbeck(&["check"]).code(0);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows(ALL), BEFORE);
    });
}

const STATES: &str = r#"//! Models.

/// Where a note stands.
#[derive(limbeck::Enum)]
pub enum State {
    /// Not done.
    Open,
    /// Nobody cares.
    Dropped,
}

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// Where it stands.
    pub state: State,
    /// What it is called.
    #[column(default = "none")]
    pub nick: Option<String>,
    /// How often it was read.
    pub reads: Option<i64>,
}
"#;

#[test]
fn what_had_no_value_comes_back_without_one() {
    on_both("keep-empty", STATES, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        story.sql("INSERT INTO note VALUES (1, 'Open', 'one', 1), (2, 'Dropped', NULL, NULL)");
        // A column goes that would come back with its default, one gets another name and loses a label, and in one what
        // is NULL gets a value.
        let after = STATES.replace("    /// Nobody cares.\n    Dropped,\n", "").replace("pub state:", "pub stage:");
        let after = after.replace("    /// What it is called.\n    #[column(default = \"none\")]\n", "");
        let after = after.replace("    pub nick: Option<String>,\n", "").replace("reads: Option<i64>", "reads: f32");
        story.write("db/src/models.rs", &after);
        let keep = ["revision", "-m", "less", "--keep", "all", "--map", "state.Dropped=Open"];
        let answers =
            ["--rename", "note.state:stage", "--backfill", "note.reads=0", "--down-may-fail", "all", "--apply"];
        let _ = story.limbeck(&[&keep[..], &answers].concat()).code(0);
        assert_eq!(
            story.rows("SELECT CAST(stage AS text) || CAST(reads AS integer) FROM note ORDER BY id"),
            ["Open1", "Open0"]
        );
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        let rows = "SELECT CAST(state AS text) || coalesce(nick, '-') || coalesce(reads, -1) FROM note ORDER BY id";
        assert_eq!(story.rows(rows), ["Openone1", "Dropped--1"]);
    });
}
