//! A thousand migrations applied, against `psql` on the same SQL: the migrations' own, a transaction each; and
//! everything that was sent, the bookkeeping too.
//!
//! `tests/run --with cargo bench -p limbeck-tests --bench migrations`; `LIMBECK_BENCH_MIGRATIONS` sets a smaller number.
//! The server of `tests/run` waits for no disk, so this is the harder case: what Limbeck adds is not hidden behind it.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod growth;

use std::env;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

use limbeck::dialect::{Backend, Missing, connect};
use limbeck::migrate::{MigrationDef, Migrator, Target};
use limbeck_tests::measure::{Pair, timed};
use limbeck_tests::recorder::{Recorder, Recording};
use limbeck_tests::server::ServerDatabase;
use tokio::runtime::Runtime;

use growth::WAYS;

/// How often each is measured.
const RUNS: usize = 3;

fn main() {
    let count = env::var("LIMBECK_BENCH_MIGRATIONS").ok().map_or(WAYS.len(), |n| n.parse().unwrap_or(WAYS.len()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap_or_else(|e| panic!("{e}"));
    let migrator = migrator(count);
    let recording = Recording::default();
    let first = upgrade(&runtime, &migrator, Some(&recording));
    let sent = recording.statements();
    let own = without_bookkeeping(&sent);
    println!("{count} migrations, {} statements of their own, {} with the bookkeeping", own.len(), sent.len());
    println!("  written down once: {first:.2?}");
    let ours = || upgrade(&runtime, &migrator, None);
    println!("  upgrade against psql on their own SQL:   {}", Pair::best(RUNS, ours, || psql(&own)));
    println!("  upgrade against psql on all that is sent: {}", Pair::best(RUNS, ours, || psql(&sent)));
}

async fn open(url: &str) -> Box<dyn Backend> {
    connect(url, Missing::Refuse).await.unwrap_or_else(|e| panic!("{e}"))
}

/// All of it, from an empty database: connecting, reading, planning, running.
fn upgrade(runtime: &Runtime, migrator: &Migrator, recording: Option<&Recording>) -> Duration {
    let database = ServerDatabase::new("bench_migrations_ours");
    let (took, report) = timed(|| {
        runtime.block_on(async {
            let backend = open(database.url()).await;
            let backend = match recording {
                Some(recording) => Recorder::over(backend, recording),
                None => backend,
            };
            migrator.upgrade(backend, Target::Head).await.unwrap_or_else(|e| panic!("{e}"))
        })
    });
    assert_eq!(report.migrations.len(), migrator.graph().migrations().len());
    took
}

fn psql(statements: &[String]) -> Duration {
    let database = ServerDatabase::new("bench_migrations_psql");
    let mut file = tempfile::NamedTempFile::new().unwrap_or_else(|e| panic!("{e}"));
    statements.iter().for_each(|sql| writeln!(file, "{sql};").unwrap_or_else(|e| panic!("{e}")));
    let mut command = Command::new("psql");
    command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", database.url(), "-f"]).arg(file.path());
    let (took, output) = timed(|| command.output());
    let output = output.unwrap_or_else(|e| panic!("cannot run `psql` ({e}): apt-get install postgresql-client"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    took
}

/// What is left without the statements on Limbeck's own tables, and without transactions that then hold nothing.
fn without_bookkeeping(sent: &[String]) -> Vec<String> {
    let mut own: Vec<String> = Vec::new();
    for sql in sent.iter().filter(|sql| !sql.contains("limbeck_")) {
        if matches!(sql.as_str(), "COMMIT" | "ROLLBACK") && own.last().is_some_and(|last| last == "BEGIN") {
            own.pop();
        } else {
            own.push(sql.clone());
        }
    }
    own
}

fn migrator(count: usize) -> Migrator {
    // A benchmark lives as long as its migrations.
    let id = |n: usize| -> &'static str { format!("{:08x}", 0x3000_0000 + n).leak() };
    let migrations = WAYS.iter().take(count).enumerate().map(|(n, (up, down))| {
        let revises: &[&str] = if n == 0 { &[] } else { vec![id(n - 1)].leak() };
        MigrationDef { message: "one of a thousand", revises, ..MigrationDef::new(id(n), *up, *down) }
    });
    Migrator::builder().migrations(migrations).build().unwrap_or_else(|e| panic!("{e}"))
}
