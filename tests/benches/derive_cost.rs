//! What the derive costs the compiler, beside `sqlx::FromRow` and serde's derives on the same structs.
//!
//! `cargo bench -p limbeck-tests --bench derive_cost`: structs of ten columns, as many as `LIMBECK_BENCH_STRUCTS` says
//! (100 and 1,000). Milliseconds are processor time of `cargo check` on Linux and time on the clock elsewhere, without
//! what the same structs cost with no derive; lines are what `-Zunpretty=expanded` prints.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use limbeck_tests::project::source;
use tempfile::TempDir;

/// The best of so many runs: what is slower was disturbed.
const RUNS: usize = 3;

/// What is allowed, per struct.
const BUDGET: (f64, f64) = (5.0, 80.0);

/// A derive, and whether its attributes are written.
const DERIVES: [(&str, &str, bool); 4] = [
    ("no derive", "", false),
    ("limbeck::Table", "#[derive(limbeck::Table)]", true),
    ("sqlx::FromRow", "#[derive(sqlx::FromRow)]", false),
    ("serde, both ways", "#[derive(serde::Serialize, serde::Deserialize)]", false),
];

fn main() {
    let counts = match std::env::var("LIMBECK_BENCH_STRUCTS").ok().and_then(|n| n.parse().ok()) {
        Some(count) => vec![count],
        None => vec![100, 1000],
    };
    let place = package();
    for count in counts {
        println!("{count} structs of ten columns, per struct");
        let (mut idle, mut plain) = (Duration::ZERO, 0);
        for (name, derive, attributes) in DERIVES {
            write(place.path(), count, derive, attributes);
            let (time, lines) = (check(place.path()), expanded(place.path()));
            if derive.is_empty() {
                (idle, plain) = (time, lines);
                continue;
            }
            let each = |total: f64| total / f64::from(count);
            let milliseconds = each(time.saturating_sub(idle).as_secs_f64() * 1000.0);
            let lines = each(f64::from(lines.saturating_sub(plain)));
            let verdict = match (name.starts_with("limbeck"), milliseconds <= BUDGET.0 && lines <= BUDGET.1) {
                (false, _) => "",
                (true, true) => "  within 5 ms and 80 lines",
                (true, false) => "  PAST 5 ms or 80 lines",
            };
            println!("  {name:<18} {milliseconds:>6.2} ms {lines:>6.1} lines{verdict}");
        }
    }
}

/// A package of its own beside Limbeck's sources, with Limbeck's versions of everything.
fn package() -> TempDir {
    let place = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let runtime = source().join("runtime");
    let manifest = format!(
        "[package]\nname = \"derive-cost\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         limbeck = {{ path = {runtime:?}, default-features = false, features = [\"derive\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         sqlx = {{ version = \"0.9\", default-features = false, features = [\"derive\", \"runtime-tokio\"] }}\n"
    );
    fs::create_dir(place.path().join("src")).unwrap_or_else(|e| panic!("{e}"));
    fs::write(place.path().join("Cargo.toml"), manifest).unwrap_or_else(|e| panic!("{e}"));
    fs::copy(source().join("Cargo.lock"), place.path().join("Cargo.lock")).unwrap_or_else(|e| panic!("{e}"));
    place
}

fn write(place: &Path, count: u32, derive: &str, attributes: bool) {
    let mut text = String::from("#![allow(dead_code)]\n");
    for number in 0..count {
        let said = |text: &str| if attributes { format!("    #[column({text})]\n") } else { String::new() };
        let parent = said(&format!("references = Model{}::id, on_delete = set_null", number.saturating_sub(1)));
        let table = if attributes { "#[table(index(owner, created), check(\"size >= 0\"))]\n" } else { "" };
        let (key, slug, size) = (said("primary_key"), said("unique, length = 64"), said("default = 0"));
        let created = said("default_sql = \"now()\"");
        let _ = writeln!(
            text,
            "{derive}\n{table}pub struct Model{number} {{\n{key}    id: i64,\n{slug}    slug: String,\n    \
             owner: i64,\n{parent}    parent: Option<i64>,\n    title: Option<String>,\n{size}    size: i32,\n    \
             ratio: f64,\n    open: bool,\n    body: Vec<u8>,\n{created}    created: String,\n}}"
        );
    }
    fs::write(place.join("src/lib.rs"), text).unwrap_or_else(|e| panic!("{e}"));
}

fn cargo(place: &Path, arguments: &[&str]) -> Vec<u8> {
    let out = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(place)
        .env("CARGO_TARGET_DIR", source().join("target/derive-cost"))
        .env("CARGO_INCREMENTAL", "0")
        // `-Zunpretty` is for nightly compilers, and means nothing for what is compiled.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .unwrap_or_else(|e| panic!("cargo: {e}"));
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn check(place: &Path) -> Duration {
    // The first run builds what the package depends on.
    cargo(place, &["check", "--quiet"]);
    let run = || {
        let file = fs::File::options().append(true).open(place.join("src/lib.rs")).unwrap_or_else(|e| panic!("{e}"));
        file.set_modified(std::time::SystemTime::now()).unwrap_or_else(|e| panic!("{e}"));
        let (began, used) = (Instant::now(), used());
        cargo(place, &["check", "--quiet"]);
        match (used, self::used()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => began.elapsed(),
        }
    };
    (0..RUNS).map(|_| run()).min().unwrap_or_default()
}

/// The processor time of finished child processes, where the system says so (Linux, `proc_pid_stat(5)`).
fn used() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    // A tick is a hundredth of a second on every Linux that Rust runs on.
    Some(Duration::from_millis(ticks * 10))
}

fn expanded(place: &Path) -> u32 {
    let text = cargo(place, &["rustc", "--quiet", "--profile", "dev", "--lib", "--", "-Zunpretty=expanded"]);
    u32::try_from(text.split(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}
