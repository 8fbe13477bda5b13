//! What nobody was asked about stays: objects that no model can say, values that a type or an expression would change, rows
//! that came since somebody looked.

use std::process::{Command, Stdio};

use limbeck_tests::story::{NOTE, Story, on_both, on_notes, on_postgres};

/// Writes the steps of a migration by hand.
fn by_hand(story: &Story, message: &str, up: &str, down: &str) {
    let _ = story.limbeck(&["revision", "--empty", "-m", message]).code(0);
    let path = story.module_path(message);
    let text = story.read(&path);
    let (head, _) = text.split_once("pub fn up").expect("an empty migration");
    let body = format!("pub fn up(m: &mut Migration) {{\n{up}\n}}\n\npub fn down(m: &mut Migration) {{\n{down}\n}}\n");
    story.write(&path, &format!("{head}{body}"));
}

#[test]
fn what_no_model_can_say_is_not_dropped() {
    on_notes("unasked-objects", |story| {
        let view = r#"    m.create_view("titles", "CREATE VIEW titles AS SELECT id, title FROM note");"#;
        by_hand(story, "titles", view, r#"    m.drop_object("titles");"#);
        let _ = story.limbeck(&["upgrade"]).code(0);
        let _ = story.limbeck(&["check"]).code(0);
        let again = story.limbeck(&["revision", "-m", "nothing"]).code(0);
        assert!(again.out.contains("no changes"), "{again}");
        // It is taken off around a change of what it stands on, under another name of that, too.
        story.write("db/src/models.rs", &NOTE.replace("pub struct Note", "pub struct Page"));
        let _ = story.limbeck(&["revision", "-m", "pages", "--rename", "note:page", "--apply"]).code(0);
        assert_eq!(story.rows("SELECT title FROM titles ORDER BY id"), ["one", "two"]);
        let _ = story.limbeck(&["check"]).code(0);
        // What it shows goes, and so it goes, too, which is told. SQLite knows of no view what it stands on.
        if !story.is_on_server() {
            return;
        }
        let without = NOTE
            .replace("pub struct Note", "pub struct Page")
            .replace("    /// The first line.\n    pub title: String,\n", "");
        story.write("db/src/models.rs", &without);
        let lose = ["revision", "-m", "no titles", "--lose", "all", "--down-fill", "page.title='?'"];
        insta::assert_snapshot!("objects", story.tell(&lose, 0));
    });
}

#[test]
fn a_virtual_table_has_rows() {
    let story = limbeck_tests::project::started("unasked-virtual", "sqlite", NOTE).sqlite();
    let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    let make = "    m.create_virtual_table(\"found\", \"CREATE VIRTUAL TABLE found USING fts5(words)\");";
    let drop = "    m.drop_object(\"found\");";
    for (message, up, down) in [("search", make, drop), ("no search", drop, make)] {
        let _ = story.limbeck(&["revision", "--empty", "-m", message]).code(0);
        let path = story.module_path(&message.replace(' ', "_"));
        let text = story.read(&path);
        let (head, _) = text.split_once("pub fn up").expect("an empty migration");
        let body =
            format!("pub fn up(m: &mut Migration) {{\n{up}\n}}\n\npub fn down(m: &mut Migration) {{\n{down}\n}}\n");
        story.write(&path, &format!("{head}{body}"));
        if message == "search" {
            let _ = story.limbeck(&["upgrade"]).code(0);
            story.sql("INSERT INTO found VALUES ('one')");
        }
    }
    let refused = story.limbeck(&["upgrade"]).code(2);
    assert!(refused.err.contains("would lose table found"), "{refused}");
    assert_eq!(story.rows("SELECT words FROM found"), ["one"]);
}

#[test]
fn a_column_that_becomes_computed_loses_what_it_held() {
    const SUMS: &str = "//! Models.\n\n/// A sum.\n#[derive(limbeck::Table)]\npub struct Sum {\n    /// Its number.\n    \
                        #[column(primary_key)]\n    pub id: i64,\n    /// One.\n    pub one: i64,\n    /// Both.\n    \
                        pub twice: Option<i64>,\n}\n";
    on_both("unasked-computed", SUMS, |story| {
        let _ = story.limbeck(&["revision", "-m", "sums", "--apply"]).code(0);
        story.sql("INSERT INTO sum VALUES (1, 1, 77)");
        let computed = SUMS.replace("    pub twice:", "    #[column(generated = \"one * 2\")]\n    pub twice:");
        story.write("db/src/models.rs", &computed);
        insta::assert_snapshot!("computed", story.tell(&["revision", "-m", "twice"], 3));
        let _ = story.limbeck(&["revision", "-m", "twice", "--keep", "values sum.twice", "--apply"]).code(0);
        assert_eq!(story.rows("SELECT twice FROM sum"), ["2"]);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT twice FROM sum"), ["77"]);
    });
}

#[test]
fn only_what_does_not_fit_gets_another_value_on_the_way_back() {
    let short = NOTE.replace("    pub title: String,", "    #[column(length = 8)]\n    pub title: String,");
    on_both("unasked-fill", &short, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        story.sql("INSERT INTO note (title) VALUES ('one')");
        story.write("db/src/models.rs", NOTE);
        let _ = story.limbeck(&["revision", "-m", "long", "--down-fill", "note.title='long'", "--apply"]).code(0);
        story.sql("INSERT INTO note (title) VALUES ('much too long')");
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT title FROM note ORDER BY id"), ["one", "long"]);
    });
}

#[test]
fn values_go_over_to_columns_that_come_before_theirs_goes() {
    on_notes("unasked-split", |story| {
        let split =
            "    /// The first word.\n    pub word: String,\n    /// The others.\n    pub others: Option<String>,\n";
        let after = NOTE.replace("    /// The first line.\n    pub title: String,\n", split);
        story.write("db/src/models.rs", &after);
        let answers = ["--no-rename", "--keep", "all", "--backfill", "note.word=upper(title)"];
        let all = [&["revision", "-m", "split"][..], &answers, &["--backfill", "note.others='-' || title"]].concat();
        let _ = story.limbeck(&all).code(0);
        let module = story.module("split");
        insta::assert_snapshot!("split", module.split_once("pub fn up").map_or("", |(_, steps)| steps));
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(story.rows("SELECT word || others FROM note ORDER BY id"), ["ONE-one", "TWO-two"]);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT title FROM note ORDER BY id"), ["one", "two"]);
    });
}

/// A migration in parts that stopped before it did anything can become another one, or none.
#[test]
fn what_stopped_before_anything_was_done_leaves_nothing() {
    on_notes("unasked-stopped", |story| {
        let tight = NOTE.replace("pub nick: Option<String>", "pub nick: String");
        let tight = tight.replace("    pub title: String,", "    #[column(length = 3)]\n    pub title: String,");
        story.write("db/src/models.rs", &tight);
        story.sql("UPDATE note SET title = 'too long' WHERE nick IS NULL");
        insta::assert_snapshot!(
            "stopped_told",
            story.tell(&["revision", "-m", "tidy", "--backfill", "note.nick='?'"], 0)
        );
        insta::assert_snapshot!("stopped", story.tell(&["upgrade"], 2));
        assert!(!story.limbeck(&["current"]).code(0).err.contains("half done"));
        let _ = story.limbeck(&["revision", "--amend", "--no-backfill", "note.nick"]).code(0);
        story.sql("UPDATE note SET title = 'two', nick = '?' WHERE nick IS NULL");
        let _ = story.limbeck(&["upgrade"]).code(0);
        let _ = story.limbeck(&["check"]).code(0);
    });
}

/// Somebody writes while the upgrade waits for the table.
#[test]
fn rows_that_come_while_an_upgrade_waits_are_seen() {
    let story = on_postgres("unasked-race", NOTE);
    let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    story.write("db/src/models.rs", &NOTE.replace("    /// Another name.\n    pub nick: Option<String>,\n", ""));
    let _ = story.limbeck(&["revision", "-m", "no nicks"]).code(0);
    let slow = "BEGIN; INSERT INTO note (title, nick) VALUES ('late', 'first'); SELECT pg_sleep(4); COMMIT";
    let mut writer = Command::new("psql")
        .args(["-X", "-q", "-d", story.url(), "-c", slow])
        .stdout(Stdio::null())
        .spawn()
        .expect("psql runs");
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(4)%' AND pid <> pg_backend_pid() \
                   AND wait_event = 'PgSleep'";
    while story.rows(waiting) != ["1"] {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let refused = story.limbeck(&["upgrade"]).code(2);
    assert!(refused.err.contains("would lose column note.nick"), "{refused}");
    assert!(writer.wait().expect("it ends").success());
    assert_eq!(story.rows("SELECT nick FROM note"), ["first"]);
}

/// SQLite keeps what it cannot turn round under another type, and the program could not read it.
#[test]
fn values_are_of_their_columns_type_afterwards() {
    const ITEMS: &str = "//! Models.\n\n/// An item.\n#[derive(limbeck::Table)]\npub struct Item {\n    /// Its number.\n    \
                         #[column(primary_key)]\n    pub id: i64,\n    /// What it costs.\n    pub price: f64,\n    /// \
                         Whether it is there.\n    pub here: String,\n}\n";
    on_both("unasked-types", ITEMS, |story| {
        let _ = story.limbeck(&["revision", "-m", "items", "--apply"]).code(0);
        story.sql("INSERT INTO item VALUES (1, 10.6, 'yes'), (2, 3, 'off')");
        story.write(
            "db/src/models.rs",
            &ITEMS.replace("price: f64", "price: i64").replace("here: String", "here: bool"),
        );
        let _ = story
            .limbeck(&["revision", "-m", "types", "--apply", "--lose", "values item.price", "--down-may-fail", "all"])
            .code(0);
        let rows = "SELECT price || '|' || CASE WHEN here THEN 'here' ELSE 'gone' END FROM item ORDER BY id";
        assert_eq!(story.rows(rows), ["11|here", "3|gone"]);
    });
}
