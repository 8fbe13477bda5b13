//! A rebuild of a million rows, against the same statements typed into `sqlite3`.
//!
//! `cargo bench -p limbeck-tests --bench sqlite_rebuild`; `LIMBECK_BENCH_ROWS` sets another number of rows.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use limbeck::dialect::Backend;
use limbeck::dialect::sqlite::{Missing, connect};
use limbeck::diff::{Renames, diff};
use limbeck::plan::{Place, Statement, order};
use limbeck::schema::Schema;

const OLD: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, size INT, note TEXT DEFAULT 'x');
    CREATE INDEX t_name ON t (name); CREATE TABLE c (t_id INT REFERENCES t ON DELETE CASCADE)";

const NEW: &str =
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, size INT, note TEXT DEFAULT 'x');
    CREATE INDEX t_name ON t (name); CREATE TABLE c (t_id INT REFERENCES t ON DELETE CASCADE)";

/// The best of so many runs: what is slower was disturbed.
const RUNS: usize = 3;

fn main() {
    let rows: u64 = std::env::var("LIMBECK_BENCH_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap_or_else(|e| panic!("{e}"));
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        let (a, b) = runtime.block_on(once(rows));
        (ours, theirs) = (ours.min(a), theirs.min(b));
    }
    println!("a rebuild of {rows} rows: limbeck {ours:.2?}, sqlite3 {theirs:.2?}");
    println!("ratio {:.2}", ours.as_secs_f64() / theirs.as_secs_f64());
}

async fn open(path: &Path) -> Box<dyn Backend> {
    connect(&format!("sqlite://{}", path.display()), Missing::Create).await.unwrap_or_else(|e| panic!("{e}"))
}

async fn once(rows: u64) -> (Duration, Duration) {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let (mine, other) = (folder.path().join("mine.db"), folder.path().join("other.db"));
    let mut backend = open(&mine).await;
    let fill = format!(
        "{OLD}; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
         INSERT INTO t (name, size) SELECT 'name ' || (i * 7919 % {rows}), i FROM n; INSERT INTO c SELECT id FROM t WHERE id % 10 = 0"
    );
    backend.execute(&fill).await.unwrap_or_else(|e| panic!("{e}"));
    let wanted = {
        let mut model = open(&folder.path().join("model.db")).await;
        model.execute(NEW).await.unwrap_or_else(|e| panic!("{e}"));
        read(&mut *model).await
    };
    std::fs::copy(&mine, &other).unwrap_or_else(|e| panic!("{e}"));

    let started = Instant::now();
    let statements = migrate(&mut *backend, &wanted).await;
    let ours = started.elapsed();

    let script = backend.dialect().script(&statements);
    let started = Instant::now();
    shell(&other, &script);
    (ours, started.elapsed())
}

async fn read(backend: &mut dyn Backend) -> Schema {
    backend.introspect().await.unwrap_or_else(|e| panic!("{e}")).schema
}

/// All of it: reading the schema, planning, running.
async fn migrate(backend: &mut dyn Backend, wanted: &Schema) -> Vec<Statement> {
    let current = read(backend).await;
    let current = limbeck::dialect::aligned(backend, &current, wanted).await.unwrap_or_else(|e| panic!("{e}"));
    let plan = order(diff(&current, wanted, &Renames::default()).unwrap_or_else(|e| panic!("{e}")));
    let changes = plan.unwrap_or_else(|e| panic!("{e}")).changes;
    let statements = backend.dialect().render(&changes, &current, backend.capabilities());
    let statements = statements.unwrap_or_else(|e| panic!("{e}"));
    assert!(statements.iter().any(|s| s.sql.starts_with("INSERT OR ABORT")), "it is no rebuild");
    for place in [Place::Setup, Place::Transaction, Place::Cleanup] {
        if place == Place::Transaction {
            backend.begin().await.unwrap_or_else(|e| panic!("{e}"));
        }
        for statement in statements.iter().filter(|s| s.place == place) {
            backend.execute(&statement.sql).await.unwrap_or_else(|e| panic!("{e}"));
        }
        if place == Place::Transaction {
            backend.commit().await.unwrap_or_else(|e| panic!("{e}"));
        }
    }
    statements
}

fn shell(path: &Path, script: &str) {
    let mut child = Command::new("sqlite3")
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|e| panic!("cannot run `sqlite3` ({e}); install it: apt-get install sqlite3"));
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(script.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    }
    let status = child.wait().unwrap_or_else(|e| panic!("{e}"));
    assert!(status.success(), "sqlite3 failed");
}
