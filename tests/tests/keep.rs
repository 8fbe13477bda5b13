//! What `keep_dropped` keeps comes back as it was, whatever the types, the keys and the order.

use std::collections::BTreeSet;
use std::process::Command;

use limbeck::dialect::{Backend, Dialect, Missing, connect};
use limbeck::migrate::{MigrateError, MigrationDef, Migrator, ScriptFor, Target, Transaction};
use limbeck::migration::*;
use limbeck_tests::server::ServerDatabase;

const FIRST: &str = "11111111";
const SECOND: &str = "22222222";

async fn rows(backend: &mut dyn Backend, query: &str) -> Vec<String> {
    let rows = backend.rows(query).await.unwrap_or_else(|e| panic!("{e}"));
    rows.into_iter()
        .map(|row| row.into_iter().map(|it| it.unwrap_or("NULL".to_owned())).collect::<Vec<_>>().join("|"))
        .collect()
}

type Say = fn(&mut Migration);

fn migrator((first, base): (Say, Say), second: MigrationDef) -> Migrator {
    let first = MigrationDef { message: "first", ..MigrationDef::new(FIRST, first, base) };
    let second = MigrationDef { message: "second", revises: &[FIRST], ..second };
    Migrator::builder().migrations([first, second]).build().expect("a graph")
}

/// Goes up, puts rows in, goes up and down again: the rows of each query must be the same, and no copy is left.
async fn there_and_back(url: &str, migrator: &Migrator, data: &[&str], queries: &[&str]) {
    let open = || async { connect(url, Missing::Create).await.unwrap_or_else(|e| panic!("{e}")) };
    let _ = migrator.upgrade(open().await, Target::revision(FIRST)).await.unwrap_or_else(|e| panic!("{e}"));
    let mut backend = open().await;
    for sql in data {
        let _ = backend.execute(sql).await.unwrap_or_else(|e| panic!("{e}"));
    }
    let mut before = Vec::new();
    for query in queries {
        before.push(rows(&mut *backend, query).await);
    }
    for _ in 0..2 {
        let _ = migrator.upgrade(open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        let kept = migrator.kept(open().await, None).await.unwrap_or_else(|e| panic!("{e}"));
        assert!(!kept.is_empty() && kept.iter().all(|it| it.migration == SECOND), "{kept:?}");
        let _ = migrator.downgrade(open().await, Target::revision(FIRST)).await.unwrap_or_else(|e| panic!("{e}"));
        for (query, before) in queries.iter().zip(&before) {
            assert_eq!(&rows(&mut *backend, query).await, before, "{query}");
        }
        assert_eq!(migrator.kept(open().await, None).await.unwrap_or_else(|e| panic!("{e}")), []);
    }
}

fn sqlite() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/test.db", folder.path().display());
    (folder, url)
}

fn circle(m: &mut Migration) {
    m.create_enum("state", ["open", "closed"]);
    m.create_table("team", |t| {
        t.column("id", bigint()).auto_increment();
        t.column("leader", bigint()).nullable();
        t.column("state", named("state"));
        t.primary_key(["id"]);
    });
    m.create_table("person", |t| {
        t.column("team_id", bigint());
        t.column("number", bigint());
        t.column("name", text()).nullable();
        t.column("weight", double());
        t.column("photo", bytes()).nullable();
        t.primary_key(["team_id", "number"]);
        t.foreign_key(["team_id"]).references("team", ["id"]).on_delete(Cascade);
        t.check("number > 0");
        t.index(["name"]).unique();
    });
    m.create_foreign_key("team", ["id", "leader"]).references("person", ["team_id", "number"]);
}

fn no_circle(m: &mut Migration) {
    m.drop_foreign_key("team", ["id", "leader"]);
    m.drop_table("person");
    m.drop_table("team");
    m.drop_enum("state");
}

const CIRCLE: [&str; 3] = [
    "INSERT INTO team (state) VALUES ('open'), ('closed')",
    "INSERT INTO person VALUES (1, 1, 'it''s', 0.1, NULL), (1, 2, NULL, 1e300, '\\x00ff'), (2, 1, '', -1.5, '')",
    "UPDATE team SET leader = 1 WHERE id = 2",
];

const ALL: [&str; 2] = [
    "SELECT CAST(id AS text), CAST(leader AS text), CAST(state AS text) FROM team ORDER BY id",
    "SELECT CAST(team_id AS text), CAST(number AS text), name, CAST(weight AS text), CAST(photo AS text) \
     FROM person ORDER BY team_id, number",
];

/// Two tables that refer to each other, and the type that one of them needs, go together.
#[tokio::test]
async fn tables_in_a_circle_come_back() {
    fn up(m: &mut Migration) {
        m.keep_dropped(no_circle);
    }
    fn down(m: &mut Migration) {
        m.restore_dropped(circle);
    }
    let migrator = migrator((circle, no_circle), MigrationDef::new(SECOND, up, down));
    let (_folder, url) = sqlite();
    there_and_back(&url, &migrator, &CIRCLE, &ALL).await;
    let server = ServerDatabase::new("keep_circle");
    there_and_back(server.url(), &migrator, &CIRCLE, &ALL).await;
}

/// The same in parts that commit one by one.
#[tokio::test]
async fn what_is_kept_in_parts_comes_back() {
    fn up(m: &mut Migration) {
        m.keep_dropped(|m| {
            m.drop_column("person", "weight");
            m.drop_column("person", "photo");
        });
    }
    fn down(m: &mut Migration) {
        m.restore_dropped(|m| {
            m.create_column("person", "photo", bytes()).nullable();
            m.create_column("person", "weight", double()).nullable();
            m.alter_column("person", "weight").not_null();
        });
    }
    let second = MigrationDef { transaction: Transaction::None, ..MigrationDef::new(SECOND, up, down) };
    let migrator = migrator((circle, no_circle), second);
    let (_folder, url) = sqlite();
    there_and_back(&url, &migrator, &CIRCLE, &ALL).await;
    let server = ServerDatabase::new("keep_parts");
    there_and_back(server.url(), &migrator, &CIRCLE, &ALL).await;
}

/// Types that the schema makes, arrays of them, numbers that the database gives, values that it computes.
#[tokio::test]
async fn types_of_postgres_come_back() {
    fn first(m: &mut Migration) {
        m.create_enum("mood", ["good", "bad"]);
        m.create_domain("short", text()).check("length(VALUE) < 9");
        m.create_table("day", |t| {
            t.column("id", integer()).identity_always();
            t.column("mood", named("mood"));
            t.column("moods", array(named("mood")));
            t.column("tags", array(text()));
            t.column("word", named("short")).nullable();
            t.column("doc", jsonb());
            t.column("price", numeric_with(10, 2));
            t.column("total", numeric_with(10, 2)).generated("price * 2");
            t.column("address", sql_type("inet")).nullable();
            t.column("at", timestamptz());
            t.primary_key(["mood", "id"]);
        });
    }
    fn base(m: &mut Migration) {
        m.drop_table("day");
        m.drop_domain("short");
        m.drop_enum("mood");
    }
    fn up(m: &mut Migration) {
        m.keep_dropped(base);
    }
    fn down(m: &mut Migration) {
        m.restore_dropped(first);
    }
    let data = ["INSERT INTO day (mood, moods, tags, word, doc, price, address, at) VALUES \
         ('good', '{good,bad}', '{a,\"b c\",NULL}', 'w', '{\"a\": [1.50]}', 1.25, '::1/64', '2024-02-29 12:00:00.123456+02'), \
         ('bad', '{}', '{}', NULL, 'null', 0, NULL, 'infinity')"];
    let all =
        ["SELECT id::text, mood::text, moods::text, tags::text, word::text, doc::text, price::text, total::text, \
         address::text, at::text FROM day ORDER BY id"];
    let migrator = migrator((first, base), MigrationDef::new(SECOND, up, down));
    let server = ServerDatabase::new("keep_types");
    there_and_back(server.url(), &migrator, &data, &all).await;
    // The numbers go on after the last.
    let more =
        "INSERT INTO day (mood, moods, tags, doc, price, at) VALUES ('bad', '{}', '{}', '1', 0, now()) RETURNING id";
    assert_eq!(server.run(more).trim(), "3");
}

/// A type that gets narrower, with the key beside it; and what a person changed meanwhile stays.
#[tokio::test]
async fn what_a_narrower_type_cut_off_comes_back() {
    fn first(m: &mut Migration) {
        m.create_table("price", |t| {
            t.column("id", bigint());
            t.column("exact", numeric_with(10, 3));
            t.primary_key(["id"]);
        });
    }
    fn base(m: &mut Migration) {
        m.drop_table("price");
    }
    fn up(m: &mut Migration) {
        m.keep_dropped(|m| {
            m.alter_column("price", "exact").set_type(numeric_with(10, 1));
        });
    }
    fn down(m: &mut Migration) {
        m.restore_dropped(|m| {
            m.alter_column("price", "exact").set_type(numeric_with(10, 3));
        });
    }
    let migrator = migrator((first, base), MigrationDef::new(SECOND, up, down));
    let server = ServerDatabase::new("keep_narrow");
    let data = ["INSERT INTO price VALUES (1, 1.234), (2, 5.678)"];
    there_and_back(server.url(), &migrator, &data, &["SELECT exact::text FROM price ORDER BY id"]).await;
    let open = || async { connect(server.url(), Missing::Refuse).await.expect("a connection") };
    let _ = migrator.upgrade(open().await, Target::Head).await.expect("up");
    assert_eq!(
        server.run("UPDATE price SET exact = 7 WHERE id = 2; SELECT exact FROM price ORDER BY id"),
        "1.2\n7.0\n"
    );
    let _ = migrator.downgrade(open().await, Target::revision(FIRST)).await.expect("down");
    assert_eq!(server.run("SELECT exact FROM price ORDER BY id"), "1.234\n7.000\n");
}

/// A run that stops after the copy is made goes on with it, and does not make it again.
#[tokio::test]
async fn what_is_kept_half_way_is_kept_once() {
    fn broken(m: &mut Migration) {
        m.keep_dropped(|m| m.drop_column("person", "photo"));
        m.sql("INSERT INTO nowhere VALUES (1)");
    }
    fn mended(m: &mut Migration) {
        m.keep_dropped(|m| m.drop_column("person", "photo"));
        m.sql("UPDATE person SET name = 'x' WHERE name = ''");
    }
    fn down(m: &mut Migration) {
        m.restore_dropped(|m| {
            m.create_column("person", "photo", bytes()).nullable();
        });
    }
    let (_folder, url) = sqlite();
    let server = ServerDatabase::new("keep_half");
    for url in [url.as_str(), server.url()] {
        let open = || async { connect(url, Missing::Create).await.unwrap_or_else(|e| panic!("{e}")) };
        let parts = |up| MigrationDef { transaction: Transaction::None, ..MigrationDef::new(SECOND, up, down) };
        let stops = migrator((circle, no_circle), parts(broken));
        let _ = stops.upgrade(open().await, Target::revision(FIRST)).await.expect("up");
        for sql in CIRCLE {
            let _ = open().await.execute(sql).await.expect(sql);
        }
        let all = "SELECT CAST(photo AS text) FROM person WHERE team_id = 1 ORDER BY number";
        let before = rows(&mut *open().await, all).await;
        let error = stops.upgrade(open().await, Target::Head).await.expect_err("there is no such table");
        assert!(matches!(error, MigrateError::HalfDone { .. }), "{error}");
        let goes_on = migrator((circle, no_circle), parts(mended));
        let _ = goes_on.upgrade(open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(goes_on.kept(open().await, None).await.expect("kept").len(), 1);
        let _ = goes_on.downgrade(open().await, Target::revision(FIRST)).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(rows(&mut *open().await, all).await, before);
    }
}

/// The same by a script for the database's own shell, and back by what it stored.
#[tokio::test]
async fn a_script_keeps_and_brings_back() {
    fn up(m: &mut Migration) {
        m.keep_dropped(no_circle);
    }
    fn down(m: &mut Migration) {
        m.restore_dropped(circle);
    }
    let migrator = migrator((circle, no_circle), MigrationDef::new(SECOND, up, down));
    let script = |dialect: &dyn Dialect, applied: &[&str]| {
        let applied: BTreeSet<String> = applied.iter().map(|id| (*id).to_owned()).collect();
        let wanted = ScriptFor { applied: &applied, target: &Target::Head, skip_data: false };
        let parts = migrator.script(dialect, &wanted).unwrap_or_else(|e| panic!("{e}"));
        dialect.script(&parts.into_iter().flat_map(|part| part.statements).collect::<Vec<_>>())
    };
    let (folder, url) = sqlite();
    let server = ServerDatabase::new("keep_script");
    for (url, dialect) in [(url.as_str(), "sqlite"), (server.url(), "postgres")] {
        let dialect = limbeck::dialect::named(dialect).expect("it is known");
        let open = || async { connect(url, Missing::Create).await.unwrap_or_else(|e| panic!("{e}")) };
        let _ = migrator.upgrade(open().await, Target::revision(FIRST)).await.expect("up");
        for sql in CIRCLE {
            let _ = open().await.execute(sql).await.expect(sql);
        }
        let before = rows(&mut *open().await, ALL[1]).await;
        let text = script(dialect, &[FIRST]);
        let path = folder.path().join("up.sql");
        std::fs::write(&path, &text).expect("written");
        let done = if url.starts_with("sqlite") {
            Command::new("sqlite3").arg(folder.path().join("test.db")).arg(format!(".read {}", path.display())).output()
        } else {
            Command::new("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f"]).arg(&path).output()
        };
        let done = done.expect("the shell runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let nobody = Migrator::builder().build().expect("no migrations");
        assert_eq!(nobody.kept(open().await, Some(SECOND)).await.expect("kept").len(), 2);
        let _ = nobody.downgrade(open().await, Target::Relative(-1)).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(rows(&mut *open().await, ALL[1]).await, before);
    }
}

/// What cannot be kept is refused before anything is done.
#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    fn up(m: &mut Migration) {
        m.keep_dropped(|m| {
            m.drop_primary_key("person");
            m.drop_column("person", "number");
        });
    }
    fn renames(m: &mut Migration) {
        m.keep_dropped(|m| {
            m.rename_column("person", "name", "called");
            m.drop_column("person", "photo");
        });
    }
    let (_folder, url) = sqlite();
    for (up, says) in [
        (up as Say, "cannot keep column person.number: `person` has no primary key that stays"),
        (renames, "`person.name` gets another name inside of keep_dropped"),
    ] {
        let migrator = migrator((circle, no_circle), MigrationDef::new(SECOND, up, |_| {}));
        let backend = connect(&url, Missing::Create).await.expect("a connection");
        let error: MigrateError = migrator.upgrade(backend, Target::Head).await.expect_err("it cannot be kept");
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[tokio::test]
async fn rows_that_a_policy_hides_are_not_left_behind() {
    fn first(m: &mut Migration) {
        m.create_table("note", |t| {
            t.column("id", bigint());
            t.column("title", text()).nullable();
            t.primary_key(["id"]);
        });
    }
    fn up(m: &mut Migration) {
        m.keep_dropped(|m| m.drop_column("note", "title"));
    }
    fn down(m: &mut Migration) {
        m.restore_dropped(|m| {
            m.create_column("note", "title", text()).nullable();
        });
    }
    let database = ServerDatabase::new("keep_policy");
    // Not even an owner sees what a forced policy hides; a superuser sees all.
    let role = format!("limbeck_keep_{}", std::process::id());
    database.run(&format!("CREATE ROLE {role}; GRANT ALL ON SCHEMA public TO {role}"));
    let name = database.run("SELECT current_database()");
    database.run(&format!("GRANT ALL ON DATABASE \"{}\" TO {role}", name.trim()));
    let more = if database.url().contains('?') { '&' } else { '?' };
    let url = format!("{}{more}options[role]={role}", database.url());
    let migrator = migrator((first, |m| m.drop_table("note")), MigrationDef::new(SECOND, up, down));
    let open = || async { connect(&url, Missing::Refuse).await.expect("a connection") };
    let _ = migrator.upgrade(open().await, Target::revision(FIRST)).await.expect("the first one");
    let guarded = "ALTER TABLE note ENABLE ROW LEVEL SECURITY; ALTER TABLE note FORCE ROW LEVEL SECURITY; \
                   CREATE POLICY few ON note USING (id > 1); INSERT INTO note VALUES (1, 'one'), (2, 'two')";
    database.run(guarded);
    let ended = migrator.upgrade(open().await, Target::Head).await;
    let Err(MigrateError::Failed { source, .. }) = ended else { panic!("{ended:?}") };
    assert!(source.to_string().contains("row-level security"), "{source}");
    assert_eq!(database.run("SELECT title FROM note ORDER BY id"), "one\ntwo\n");
    // Somebody who sees them all keeps them all.
    let _ = migrator.upgrade(connect(database.url(), Missing::Refuse).await.expect("a connection"), Target::Head).await;
    let kept = migrator.kept(connect(database.url(), Missing::Refuse).await.expect("a connection"), None).await;
    assert_eq!(kept.expect("what is kept").iter().map(|it| it.rows).collect::<Vec<_>>(), [2]);
    database.run(&format!("REASSIGN OWNED BY {role} TO CURRENT_USER; DROP OWNED BY {role}; DROP ROLE {role}"));
}
