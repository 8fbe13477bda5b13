//! `check` on many PostgreSQL tables, against `pg_dump --schema-only` on the same, and the most memory it holds.
//!
//! `tests/run --with cargo bench -p limbeck-tests --bench catalog`; `LIMBECK_BENCH_TABLES=100,1000` sets other numbers,
//! in hundreds. Every table has ten columns, three indexes and a foreign key. `pg_dump` locks every table in one
//! transaction: 10,000 need a server with `max_locks_per_transaction` times `max_connections` above that.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::env;
use std::process::{Command, Stdio};
use std::time::Duration;

use limbeck::dialect::{Backend, Missing, connect};
use limbeck::migrate::{MigrationDef, Migrator, Target};
use limbeck::migration::*;
use limbeck_tests::measure::{Pair, peak_memory, timed};
use limbeck_tests::server::ServerDatabase;
use tokio::runtime::Runtime;

/// How often each is measured.
const RUNS: usize = 3;

/// How many tables a migration makes: a transaction of the server holds a lock on every object.
const TABLES: usize = 100;

/// Set for the process whose memory is measured, to the database's URL.
const URL: &str = "LIMBECK_BENCH_CATALOG_URL";

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap_or_else(|e| panic!("{e}"));
    let sizes = env::var("LIMBECK_BENCH_TABLES").unwrap_or_else(|_| "100,1000,10000".to_owned());
    if let Ok(url) = env::var(URL) {
        let tables = sizes.parse().unwrap_or_else(|e| panic!("{sizes}: {e}"));
        check(&runtime, &url, tables);
        println!("{}", peak_memory().unwrap_or_default());
        return;
    }
    for size in sizes.split(',') {
        let tables = size.trim().parse().unwrap_or_else(|e| panic!("LIMBECK_BENCH_TABLES: {size}: {e}"));
        one_size(&runtime, tables);
    }
}

fn one_size(runtime: &Runtime, tables: usize) {
    let database = ServerDatabase::new(&format!("bench_catalog_{tables}"));
    let (made, ()) = timed(|| {
        runtime.block_on(async {
            let backend = open(database.url()).await;
            migrator(tables).upgrade(backend, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        });
    });
    // Estimates that nobody has made yet would mislead the server's planner for either of the two.
    database.run("ANALYZE");
    println!("{tables} tables (made by `upgrade` in {made:.2?})");
    let dump = || pg_dump(database.url());
    let read = Pair::best(RUNS, || introspect(runtime, database.url(), tables), dump);
    println!("  introspection against pg_dump --schema-only: {read}");
    let checked = Pair::best(RUNS, || timed(|| check(runtime, database.url(), tables)).0, dump);
    println!("  check         against pg_dump --schema-only: {checked}");
    println!("  most memory of a check: {}", memory(database.url(), tables));
}

async fn open(url: &str) -> Box<dyn Backend> {
    connect(url, Missing::Refuse).await.unwrap_or_else(|e| panic!("{e}"))
}

fn introspect(runtime: &Runtime, url: &str, tables: usize) -> Duration {
    let (took, found) = timed(|| {
        runtime.block_on(async { open(url).await.introspect().await.unwrap_or_else(|e| panic!("{e}")).schema })
    });
    let ours = found.tables.keys().filter(|name| name.name.starts_with("item_")).count();
    assert_eq!(ours, tables, "not every table was read");
    took
}

/// What the command does once it is built: connects, reads history and schema, replays the migrations, compares.
fn check(runtime: &Runtime, url: &str, tables: usize) {
    let status = runtime.block_on(async {
        let mut backend = open(url).await;
        migrator(tables).status(&mut *backend).await.unwrap_or_else(|e| panic!("{e}"))
    });
    assert_eq!(status.replayed.tables.len(), tables);
    assert_eq!(status.pending.len(), 0);
    assert!(status.drift.changes.is_empty(), "drift where there is none: {:?}", status.drift.changes.first());
}

fn pg_dump(url: &str) -> Duration {
    let (took, status) =
        timed(|| Command::new("pg_dump").args(["--schema-only", "-d", url]).stdout(Stdio::null()).status());
    let status = status.unwrap_or_else(|e| panic!("cannot run `pg_dump` ({e}): apt-get install postgresql-client"));
    assert!(status.success(), "pg_dump failed");
    took
}

/// The most memory of a process that does nothing but one check.
fn memory(url: &str, tables: usize) -> String {
    let own = env::current_exe().unwrap_or_else(|e| panic!("where am I: {e}"));
    let output = Command::new(own).env(URL, url).env("LIMBECK_BENCH_TABLES", tables.to_string()).output();
    let output = output.unwrap_or_else(|e| panic!("cannot run myself: {e}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    match String::from_utf8_lossy(&output.stdout).trim().parse::<u64>() {
        Ok(kib) if kib > 0 => format!("{:.1} MB", kib as f64 * 1024.0 / 1e6),
        Ok(_) | Err(_) => "this system does not say".to_owned(),
    }
}

fn migrator(tables: usize) -> Migrator {
    assert_eq!(tables % TABLES, 0, "LIMBECK_BENCH_TABLES: {tables} is no multiple of {TABLES}");
    let migrations = (0..tables / TABLES).map(|n| {
        // A benchmark lives as long as its migrations.
        let id = |n: usize| -> &'static str { format!("{:08x}", 0x2000_0000 + n).leak() };
        let (up, down) = *WAYS.get(n).unwrap_or_else(|| panic!("at most {} tables", WAYS.len() * TABLES));
        let revises: &[&str] = if n == 0 { &[] } else { vec![id(n - 1)].leak() };
        MigrationDef { message: "a hundred tables", revises, ..MigrationDef::new(id(n), up, down) }
    });
    Migrator::builder().migrations(migrations).build().unwrap_or_else(|e| panic!("{e}"))
}

fn up<const N: usize>(m: &mut Migration) {
    (N * TABLES..(N + 1) * TABLES).for_each(|n| item(m, n));
}

fn down<const N: usize>(m: &mut Migration) {
    (N * TABLES..(N + 1) * TABLES).rev().for_each(|n| m.drop_table(name(n).as_str()));
}

fn name(n: usize) -> String {
    format!("item_{n}")
}

/// Ten columns, three indexes, a foreign key: to the table before, and the first one's to itself.
fn item(m: &mut Migration, n: usize) {
    m.create_table(name(n).as_str(), |t| {
        t.column("id", bigint());
        t.column("parent_id", bigint()).nullable();
        t.column("slug", varchar(64));
        t.column("title", text()).default("");
        t.column("body", text()).nullable();
        t.column("price", numeric_with(12, 2)).default_sql("0");
        t.column("settings", jsonb()).default_sql("'{}'");
        t.column("labels", array(text()));
        t.column("archived_at", timestamptz()).nullable();
        t.column("created_at", timestamptz()).default_sql("now()");
        t.primary_key(["id"]);
        t.foreign_key(["parent_id"]).references(name(n.saturating_sub(1)).as_str(), ["id"]).on_delete(Cascade);
        t.index(["slug"]);
        t.index(["parent_id", "created_at desc"]);
        t.index(["title"]);
    });
}

type Way = fn(&mut Migration);

macro_rules! ways {
    ($($ten:literal)*) => {
        [$(
            (up::<{ $ten }>, down::<{ $ten }>), (up::<{ $ten + 1 }>, down::<{ $ten + 1 }>),
            (up::<{ $ten + 2 }>, down::<{ $ten + 2 }>), (up::<{ $ten + 3 }>, down::<{ $ten + 3 }>),
            (up::<{ $ten + 4 }>, down::<{ $ten + 4 }>), (up::<{ $ten + 5 }>, down::<{ $ten + 5 }>),
            (up::<{ $ten + 6 }>, down::<{ $ten + 6 }>), (up::<{ $ten + 7 }>, down::<{ $ten + 7 }>),
            (up::<{ $ten + 8 }>, down::<{ $ten + 8 }>), (up::<{ $ten + 9 }>, down::<{ $ten + 9 }>),
        )*]
    };
}

/// A migration's functions are plain ones: the number of each is in its type.
static WAYS: [(Way, Way); 100] = ways!(0 10 20 30 40 50 60 70 80 90);
