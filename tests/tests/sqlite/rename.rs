//! Renames take along whatever mentions the name.

use limbeck::change::Change;
use limbeck::diff::{Renames, diff};
use limbeck::plan::order;
use limbeck_tests::live::carry_out;

use crate::database::{File, execute, introspect, look, run, schema_of, values};

const BEFORE: &str = "
    CREATE TABLE account (id INTEGER PRIMARY KEY, nick TEXT CHECK (nick <> ''), age INT);
    CREATE INDEX by_nick ON account (lower(nick)) WHERE nick IS NOT NULL;
    CREATE TABLE post (id INTEGER PRIMARY KEY, owner INT REFERENCES account (id) ON DELETE CASCADE, nick TEXT);
    CREATE VIEW names AS SELECT nick FROM account;
    CREATE TRIGGER touched AFTER UPDATE OF nick ON account BEGIN UPDATE post SET nick = new.nick WHERE owner = old.id; END";

const ROWS: &str =
    "INSERT INTO account VALUES (1, 'a', 30), (2, 'b', 40); INSERT INTO post VALUES (1, 1, 'a'), (2, 2, 'b')";

/// Goes there and back, with some rows, and compares with a database that was made so from the beginning.
async fn there_and_back(after: &str, renames: Renames, kept: &[(&str, &[&str])]) {
    from_there_and_back(BEFORE, after, renames, kept).await;
}

async fn from_there_and_back(before: &str, after: &str, renames: Renames, kept: &[(&str, &[&str])]) {
    let (_file, mut backend) = File::with(before).await;
    let backend = &mut *backend;
    execute(backend, ROWS).await;
    let start = look(backend).await;
    let wanted = schema_of(after).await;
    let found = introspect(backend).await;
    let current = limbeck::dialect::aligned(backend, &found, &wanted).await.unwrap_or_else(|e| panic!("{e}"));
    let plan =
        order(diff(&current, &wanted, &renames).unwrap_or_else(|e| panic!("{e}"))).unwrap_or_else(|e| panic!("{e}"));
    let down: Vec<Change> = plan.clone().inverse().changes;
    let schema = carry_out(backend, &plan.changes, &current).await;
    let goal = {
        let (_file, mut other) = File::with(after).await;
        look(&mut *other).await
    };
    assert_eq!(plain(look(backend).await), plain(goal));
    for (table, columns) in kept {
        assert_eq!(values(backend, table, columns, true).await.len(), 2, "{table}");
    }
    let (_, left) = limbeck_tests::live::difference(backend, &wanted).await;
    assert!(left.is_empty(), "{left:?}");
    carry_out(backend, &down, &schema).await;
    assert_eq!(plain(look(backend).await), plain(start));
    assert_eq!(
        values(backend, "account", &["id", "nick"], true).await,
        ["1 | integer 1 | text 'a'", "2 | integer 2 | text 'b'"]
    );
}

/// SQLite quotes the names it puts into statements.
fn plain(look: Vec<String>) -> Vec<String> {
    look.into_iter().map(|line| line.replace('"', "")).collect()
}

#[test]
fn a_column() {
    run(there_and_back(
        &BEFORE
            .replace("nick TEXT CHECK (nick <> '')", "name TEXT CHECK (name <> '')")
            .replace("lower(nick)) WHERE nick", "lower(name)) WHERE name")
            .replace("SELECT nick", "SELECT name")
            .replace("OF nick", "OF name")
            .replace("new.nick", "new.name"),
        Renames { columns: vec![("account".into(), "nick".into(), "name".into())], ..Renames::default() },
        &[("account", &["id", "name"]), ("post", &["id", "owner"])],
    ));
}

#[test]
fn a_column_of_a_table_that_is_made_anew() {
    run(there_and_back(
        &BEFORE
            .replace("nick TEXT CHECK (nick <> '')", "name BLOB NOT NULL CHECK (name <> '')")
            .replace("age INT", "age TEXT")
            .replace("lower(nick)) WHERE nick", "lower(name)) WHERE name")
            .replace("SELECT nick", "SELECT name")
            .replace("OF nick", "OF name")
            .replace("new.nick", "new.name"),
        Renames { columns: vec![("account".into(), "nick".into(), "name".into())], ..Renames::default() },
        &[("account", &["id", "name"]), ("post", &["id", "owner"])],
    ));
}

#[test]
fn a_key_that_others_refer_to() {
    run(there_and_back(
        &BEFORE
            .replace("account (id INTEGER", "account (number INTEGER")
            .replace("account (id) ON", "account (number) ON")
            .replace("old.id", "old.number"),
        Renames { columns: vec![("account".into(), "id".into(), "number".into())], ..Renames::default() },
        &[("account", &["number", "nick"]), ("post", &["id", "owner"])],
    ));
}

#[test]
fn a_table() {
    run(there_and_back(
        &BEFORE.replace("account", "member"),
        Renames { tables: vec![("account".into(), "member".into())], ..Renames::default() },
        &[("member", &["id", "nick"]), ("post", &["id", "owner"])],
    ));
}

#[test]
fn a_table_that_is_made_anew() {
    run(there_and_back(
        &BEFORE.replace("account", "member").replace("age INT", "age TEXT NOT NULL"),
        Renames { tables: vec![("account".into(), "member".into())], ..Renames::default() },
        &[("member", &["id", "nick"]), ("post", &["id", "owner"])],
    ));
}

#[test]
fn a_table_in_another_case() {
    run(there_and_back(
        &BEFORE.replace("account", "Account"),
        Renames { tables: vec![("account".into(), "Account".into())], ..Renames::default() },
        &[("Account", &["id", "nick"]), ("post", &["id", "owner"])],
    ));
}

/// A view on nothing, one on that view, and a trigger that writes nowhere: SQLite renames nothing beside them.
const BROKEN: &str =
    "; CREATE VIEW broken AS SELECT * FROM post, nowhere; CREATE VIEW worse AS SELECT count(*) FROM main.broken;
    CREATE TRIGGER broken_in INSTEAD OF INSERT ON broken BEGIN SELECT 1; END;
    CREATE TRIGGER gone AFTER DELETE ON post BEGIN INSERT INTO nowhere (a) VALUES (1); END";

#[test]
fn broken_views_and_triggers_stand_in_no_ones_way() {
    let renamed = BEFORE
        .replace("nick TEXT CHECK (nick <> '')", "name TEXT CHECK (name <> '')")
        .replace("lower(nick)) WHERE nick", "lower(name)) WHERE name")
        .replace("SELECT nick", "SELECT name")
        .replace("OF nick", "OF name")
        .replace("new.nick", "new.name")
        .replace("account", "member");
    let renames = Renames {
        tables: vec![("account".into(), "member".into())],
        columns: vec![("member".into(), "nick".into(), "name".into())],
        ..Renames::default()
    };
    run(from_there_and_back(
        &format!("{BEFORE}{BROKEN}"),
        &format!("{renamed}{BROKEN}"),
        renames,
        &[("member", &["id", "name"]), ("post", &["id", "owner"])],
    ));
}

#[test]
fn a_broken_view_that_mentions_the_name_must_be_mended_first() {
    const ON_POST: &str = "; CREATE VIEW broken AS SELECT * FROM post, nowhere";
    run(async {
        let (_file, mut backend) = File::with(&format!("{BEFORE}{ON_POST}")).await;
        let wanted = schema_of(&format!("{}{ON_POST}", BEFORE.replace("post", "article"))).await;
        let found = introspect(&mut *backend).await;
        let renames = Renames { tables: vec![("post".into(), "article".into())], ..Renames::default() };
        let current = limbeck::dialect::aligned(&mut *backend, &found, &wanted).await.unwrap_or_else(|e| panic!("{e}"));
        let plan = order(diff(&current, &wanted, &renames).unwrap_or_else(|e| panic!("{e}")));
        let changes = plan.unwrap_or_else(|e| panic!("{e}")).changes;
        let rendered = backend.dialect().render(&changes, &current, backend.capabilities());
        let error = rendered.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("`broken`") && error.contains("drop or mend that view first"), "{error}");
    });
}
