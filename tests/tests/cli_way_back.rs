//! A way back that may fail on rows is decided before the migration is written.

use limbeck_tests::story::{Story, on_both, on_postgres};

const NOTES: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
    /// What it is called.
    #[column(unique)]
    pub slug: String,
    /// How often it was read.
    pub reads: i32,
}
"#;

fn begin(story: &Story) {
    let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    story.sql("INSERT INTO note (title, slug, reads) VALUES ('one', 'a', 1), ('two', 'b', 2)");
}

const TITLE: &str = "    /// The first line.\n    pub title: String,\n";

#[test]
fn a_required_column_that_goes_has_to_come_back_with_something() {
    on_both("back-required", NOTES, |story| {
        begin(story);
        story.write("db/src/models.rs", &NOTES.replace(TITLE, ""));
        insta::assert_snapshot!("required_open", story.tell(&["revision", "-m", "no titles"], 3));
        let lose = ["revision", "-m", "no titles", "--lose", "column note.title"];
        insta::assert_snapshot!("required_lost", story.tell(&lose, 3));
        let fill = [&lose[..], &["--down-fill", "note.title=upper(slug)"]].concat();
        insta::assert_snapshot!("required_filled", story.tell(&fill, 0));
        insta::assert_snapshot!("required_module", story.module("no_titles"));
        let _ = story.limbeck(&["upgrade"]).code(0);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT title FROM note ORDER BY id"), ["A", "B"]);
    });
}

#[test]
fn what_is_kept_asks_nothing_more_and_newer_rows_can_be_filled() {
    on_both("back-kept", NOTES, |story| {
        begin(story);
        story.write("db/src/models.rs", &NOTES.replace(TITLE, ""));
        let keep = ["revision", "-m", "no titles", "--keep", "all", "--down-fill", "note.title='new'"];
        let _ = story.limbeck(&keep).code(0);
        insta::assert_snapshot!("kept_module", story.module("no_titles"));
        let _ = story.limbeck(&["upgrade"]).code(0);
        story.sql("INSERT INTO note (slug, reads) VALUES ('c', 3)");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT title FROM note ORDER BY id"), ["one", "two", "new"]);
    });
}

#[test]
fn not_null_that_goes_comes_back_over_nulls() {
    on_both("back-null", NOTES, |story| {
        begin(story);
        story.write("db/src/models.rs", &NOTES.replace("pub title: String", "pub title: Option<String>"));
        insta::assert_snapshot!("null_open", story.tell(&["revision", "-m", "loose"], 3));
        let _ = story.limbeck(&["revision", "-m", "loose", "--down-fill", "note.title=''", "--apply"]).code(0);
        insta::assert_snapshot!("null_module", story.module("loose"));
        story.sql("INSERT INTO note (slug, reads) VALUES ('c', 3)");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT title FROM note ORDER BY id"), ["one", "two", ""]);
    });
}

#[test]
fn a_unique_constraint_that_goes_may_meet_equal_rows() {
    on_both("back-unique", NOTES, |story| {
        begin(story);
        story.write("db/src/models.rs", &NOTES.replace("    #[column(unique)]\n", ""));
        insta::assert_snapshot!("unique_open", story.tell(&["revision", "-m", "slugs"], 3));
        let _ = story.limbeck(&["revision", "-m", "slugs", "--down-may-fail", "unique note (slug)", "--apply"]).code(0);
        story.sql("INSERT INTO note (title, slug, reads) VALUES ('three', 'b', 3)");
        let failed = story.limbeck(&["downgrade", "-1"]).code(2);
        assert!(failed.err.contains("rows of note share in slug: 1, such as b"), "{failed}");
        assert_eq!(story.rows("SELECT count(*) FROM note"), ["3"]);
        story.sql("DELETE FROM note WHERE title = 'three'");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
    });
}

#[test]
fn there_need_not_be_a_way_back() {
    on_both("back-none", NOTES, |story| {
        begin(story);
        story.write("db/src/models.rs", &NOTES.replace(TITLE, ""));
        let never = ["revision", "-m", "no titles", "--lose", "all", "--irreversible=titles are not coming back"];
        insta::assert_snapshot!("irreversible", story.tell(&never, 0));
        insta::assert_snapshot!("irreversible_module", story.module("no_titles"));
        let _ = story.limbeck(&["upgrade"]).code(0);
        insta::assert_snapshot!("irreversible_refused", story.tell(&["downgrade", "-1"], 2));
    });
}

#[test]
fn where_no_row_is_there_is_no_question() {
    on_both("back-empty", NOTES, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        let after = NOTES.replace(TITLE, "").replace("    #[column(unique)]\n", "").replace("i32", "Option<i32>");
        story.write("db/src/models.rs", &after);
        let _ = story.limbeck(&["revision", "-m", "less", "--apply"]).code(0);
        insta::assert_snapshot!("empty_module", story.module("less"));
        // Rows that came since stop it before it does anything, and are named.
        story.sql("INSERT INTO note (slug, reads) VALUES ('a', 1), ('a', NULL)");
        insta::assert_snapshot!("empty_failed", story.tell(&["downgrade", "-1"], 2));
        assert_eq!(story.rows("SELECT count(*) FROM note"), ["2"]);
        story.sql("DELETE FROM note");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
    });
}

#[test]
fn a_wider_type_gets_narrow_again() {
    let wider = NOTES.replace("reads: i32", "reads: i64");
    let story = on_postgres("back-wide", NOTES);
    begin(&story);
    story.write("db/src/models.rs", &wider);
    insta::assert_snapshot!("wider_open", story.tell(&["revision", "-m", "many"], 3));
    let fill = ["revision", "-m", "many", "--down-fill", "note.reads=least(reads, 2147483647)", "--apply"];
    let _ = story.limbeck(&fill).code(0);
    insta::assert_snapshot!("wider_module", story.module("many"));
    story.sql("UPDATE note SET reads = 3000000000 WHERE slug = 'b'");
    let _ = story.limbeck(&["downgrade", "-1"]).code(0);
    assert_eq!(story.rows("SELECT reads FROM note ORDER BY id"), ["1", "2147483647"]);
    // Where the database tells the two types not apart, nothing can fail.
    let sqlite = limbeck_tests::project::started("back-wide-sqlite", "sqlite", NOTES).sqlite();
    let _ = sqlite.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    sqlite.sql("INSERT INTO note (title, slug, reads) VALUES ('one', 'a', 1)");
    sqlite.write("db/src/models.rs", &wider);
    let _ = sqlite.limbeck(&["revision", "-m", "many"]).code(0);
}

const STATES: &str = r#"//! Models.

/// How far it is.
#[derive(limbeck::Enum)]
#[db_enum(name = "state", rename_all = "snake_case")]
pub enum State {
    /// Not yet.
    Draft,
    /// Done.
    Sent,
}

/// Somebody.
#[derive(limbeck::Table)]
pub struct Person {
    /// The number.
    #[column(primary_key)]
    pub id: i64,
}

/// Something written down.
#[derive(limbeck::Table)]
#[table(check("reads > 0"))]
pub struct Note {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// The state.
    pub state: State,
    /// How often it was read.
    pub reads: i32,
    /// Who wrote it.
    #[column(references = Person::id)]
    pub writer: Option<i64>,
}
"#;

fn begin_states(story: &Story) {
    let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    story.sql("INSERT INTO person (id) VALUES (1)");
    story.sql("INSERT INTO note (id, state, reads, writer) VALUES (1, 'draft', 1, 1), (2, 'sent', 2, NULL)");
}

#[test]
fn a_label_that_comes_goes_again() {
    on_both("back-label", STATES, |story| {
        begin_states(story);
        story.write("db/src/models.rs", &STATES.replace("    Sent,\n", "    Sent,\n    /// No more.\n    Void,\n"));
        insta::assert_snapshot!("label", story.tell(&["revision", "-m", "void", "--apply"], 0));
        insta::assert_snapshot!("label_module", story.module("void"));
        story.sql("UPDATE note SET state = 'void' WHERE id = 2");
        // It says which rows it fails at, and changes nothing.
        insta::assert_snapshot!("label_failed", story.tell(&["downgrade", "-1"], 2));
        assert_eq!(story.rows("SELECT state FROM note ORDER BY id"), ["draft", "void"]);
        story.sql("UPDATE note SET state = 'sent' WHERE id = 2");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        // Or somebody says what they get.
        let _ = story.limbeck(&["remove"]).code(0);
        let _ = story.limbeck(&["revision", "-m", "void", "--map", "state.void=draft", "--apply"]).code(0);
        insta::assert_snapshot!("label_mapped", story.module("void"));
        story.sql("UPDATE note SET state = 'void' WHERE id = 2");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT state FROM note ORDER BY id"), ["draft", "draft"]);
    });
}

#[test]
fn constraints_that_go_come_back_over_other_rows() {
    on_both("back-constraints", STATES, |story| {
        begin_states(story);
        let loose = STATES.replace("#[table(check(\"reads > 0\"))]\n", "");
        let loose = loose.replace("    #[column(references = Person::id)]\n", "");
        story.write("db/src/models.rs", &loose);
        insta::assert_snapshot!("constraints_open", story.tell(&["revision", "-m", "loose"], 3));
        let _ = story.limbeck(&["revision", "-m", "loose", "--down-may-fail", "all", "--apply"]).code(0);
        insta::assert_snapshot!("constraints_module", story.module("loose"));
        story.sql("UPDATE note SET writer = 9 WHERE id = 2");
        insta::assert_snapshot!("constraints_failed", story.tell(&["downgrade", "-1"], 2));
        story.sql("UPDATE note SET writer = NULL WHERE id = 2");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        let _ = story.limbeck(&["remove"]).code(0);
        // What a column that is kept refers to goes: it could not come back.
        let (before, rest) = STATES.split_once("/// Somebody").expect("there are people");
        let (_, rest) = rest.split_once("/// Something").expect("there are notes");
        let alone = format!("{before}/// Something{rest}");
        let alone = alone.replace(
            "    /// Who wrote it.\n    #[column(references = Person::id)]\n    pub writer: Option<i64>,\n",
            "",
        );
        story.write("db/src/models.rs", &alone);
        insta::assert_snapshot!("orphans_open", story.tell(&["revision", "-m", "alone"], 3));
        let kept = ["revision", "-m", "alone", "--keep", "column note.writer", "--lose", "table person"];
        insta::assert_snapshot!("orphans_kept", story.tell(&kept, 3));
        let _ = story.limbeck(&["revision", "-m", "alone", "--keep", "all", "--apply"]).code(0);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT writer FROM note WHERE id = 1"), ["1"]);
    });
}
