//! A real schema as models: Chinook, on both databases.
//!
//! Its own DDL lies beside the repository; where it does not, the comparison with it is left out, and says so.

mod on_postgres;
mod on_sqlite;

use std::path::{Path, PathBuf};
use std::process::Command;

use limbeck::dialect::{Backend, Missing, connect};
use limbeck::diff::{Renames, diff};
use limbeck::migrate::resolve;
use limbeck::schema::Schema;
use limbeck::source::steps;
use limbeck_tests::live::{carry_out, difference, migrate};
use limbeck_tests::server::ServerDatabase;

/// The schema's own DDL, when it is there.
#[expect(clippy::print_stderr, reason = "what is left out is said plainly")]
fn ddl(database: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/schemas").join(database).join("chinook.sql");
    if path.exists() {
        return Some(path);
    }
    eprintln!("left out: Chinook's own DDL for {database} is not at {}", path.display());
    None
}

async fn open(url: &str) -> Box<dyn Backend> {
    connect(url, Missing::Create).await.unwrap_or_else(|e| panic!("{e}"))
}

fn shell(command: &str, arguments: &[&str]) {
    let output =
        Command::new(command).args(arguments).output().unwrap_or_else(|e| panic!("cannot run `{command}`: {e}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The models find nothing to do on the original; an empty database that is brought to the models is the original, both
/// ways; and back again it is empty.
async fn compare(models: &Schema, original: Option<&str>, fresh: &str) {
    let mut made = open(fresh).await;
    let (plan, after) = migrate(&mut *made, models).await;
    let said = steps(&plan.changes, &Schema::empty()).unwrap_or_else(|e| panic!("{e}"));
    let (actions, _) = resolve(&said, &Schema::empty(), None).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(actions.len(), plan.changes.len(), "a module says every change");
    let (_, left) = difference(&mut *made, models).await;
    assert!(left.is_empty(), "not quiet: {left:#?}");
    if let Some(original) = original {
        let mut original = open(original).await;
        let (_, left) = difference(&mut *original, models).await;
        assert!(left.is_empty(), "the models differ from the original: {left:#?}");
        let there = made.introspect().await.unwrap_or_else(|e| panic!("{e}")).schema;
        let (_, left) = difference(&mut *original, &there).await;
        assert!(left.is_empty(), "the original differs from what was made: {left:#?}");
        let there = original.introspect().await.unwrap_or_else(|e| panic!("{e}")).schema;
        let (_, left) = difference(&mut *made, &there).await;
        assert!(left.is_empty(), "what was made differs from the original: {left:#?}");
    }
    carry_out(&mut *made, &plan.inverse().changes, &after).await;
    let there = made.introspect().await.unwrap_or_else(|e| panic!("{e}"));
    assert!(there.schema.is_empty() && there.unmodelled.is_empty(), "left over: {there:#?}");
}

#[tokio::test]
async fn on_sqlite() {
    let models = on_sqlite::registry().schema().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(models.tables.len(), 11);
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let url = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let original = ddl("sqlite").map(|ddl| {
        let file = folder.path().join("original.db");
        shell("sqlite3", &[&file.to_string_lossy(), &format!(".read {}", ddl.display())]);
        url("original")
    });
    compare(&models, original.as_deref(), &url("made")).await;
}

#[tokio::test]
async fn on_postgres() {
    let models = on_postgres::registry().schema().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(models.tables.len(), 11);
    let (made, original) = (ServerDatabase::new("chinook_made"), ServerDatabase::new("chinook_original"));
    let loaded = ddl("postgres").map(|ddl| {
        // The script makes and enters a database of its own: only what it makes inside counts.
        let text = std::fs::read_to_string(&ddl).unwrap_or_else(|e| panic!("{e}"));
        let own = |line: &&str| !["DROP DATABASE", "CREATE DATABASE", "\\c"].iter().any(|w| line.starts_with(w));
        let sql: Vec<&str> = text.lines().filter(own).collect();
        limbeck_tests::server::psql(original.url(), &sql.join("\n"));
        original.url().to_owned()
    });
    compare(&models, loaded.as_deref(), made.url()).await;
}

#[test]
fn models_do_not_differ_from_themselves() {
    for registry in [on_postgres::registry(), on_sqlite::registry()] {
        let models = registry.schema().unwrap_or_else(|e| panic!("{e}"));
        assert!(diff(&models, &models, &Renames::default()).is_ok_and(|d| d.is_empty()));
    }
}
