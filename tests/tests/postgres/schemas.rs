//! Real schemas: made from nothing, taken away, brought back, by scripts that psql runs.

use std::path::PathBuf;
use std::process::Command;

use limbeck_tests::project::{program, source};

use crate::both::same;
use crate::database::Database;

/// Names a folder with a folder `postgres` of SQL files.
const VARIABLE: &str = "LIMBECK_TEST_SCHEMAS";

#[expect(clippy::print_stdout, reason = "a test that is left out says so")]
fn files() -> Vec<PathBuf> {
    let folder = std::env::var_os(VARIABLE).map_or_else(|| source().join("../shared/schemas"), PathBuf::from);
    let Ok(entries) = std::fs::read_dir(folder.join("postgres")) else {
        println!("left out: there are no schemas in {}; {VARIABLE} names another folder", folder.display());
        return Vec::new();
    };
    let paths = entries.map(|e| e.unwrap_or_else(|e| panic!("{e}")).path());
    let mut files: Vec<PathBuf> = paths.filter(|p| p.extension().is_some_and(|e| e == "sql")).collect();
    files.sort();
    files
}

/// Runs a file with psql.
fn run(database: &Database, file: &std::path::Path) {
    let mut psql = Command::new("psql");
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &database.url, "-f"]).arg(file);
    let output = psql.output().unwrap_or_else(|e| panic!("cannot run `psql` ({e}); install PostgreSQL's client"));
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
}

/// What `limbeck diff` prints, and its exit code.
fn diff(from: &Database, to: &Database, more: &[&str]) -> (String, i32) {
    let mut limbeck = Command::new(program("limbeck"));
    limbeck.args(["diff", "--from", &from.url, "--to", &to.url, "--format", "sql"]).args(more);
    let output = limbeck.output().unwrap_or_else(|e| panic!("cannot run limbeck: {e}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap_or(2);
    assert!(code < 2, "{errors}");
    assert!(!errors.contains("does not change such objects"), "{errors}");
    (String::from_utf8_lossy(&output.stdout).into_owned(), code)
}

#[test]
fn real_schemas_go_and_come_back() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    for file in files() {
        let (full, empty, made) = (Database::new(), Database::new(), Database::new());
        run(&full, &file);
        let (start, nothing) = (full.look(), empty.look());
        let script = |name: &str, text: String| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap_or_else(|e| panic!("{e}"));
            path
        };
        let create = script("create.sql", diff(&empty, &full, &[]).0);
        let drop = script("drop.sql", diff(&full, &empty, &[]).0);
        let back = script("back.sql", diff(&full, &empty, &["--down"]).0);
        run(&made, &create);
        same(&made.look(), &start, &format!("{} made from nothing", file.display()));
        assert_eq!(diff(&made, &full, &[]), (String::new(), 0), "{}", file.display());
        run(&full, &drop);
        same(&full.look(), &nothing, &format!("{} taken away", file.display()));
        run(&full, &back);
        same(&full.look(), &start, &format!("{} brought back", file.display()));
    }
}
