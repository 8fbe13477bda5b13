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
        assert!(failed.err.contains("rolled back"), "{failed}");
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
