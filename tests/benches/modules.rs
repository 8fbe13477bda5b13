//! How long a crate with a thousand migration modules takes to build, what it depends on being built: against a crate
//! that holds the same migrations as SQL text, and against a tenth of the modules.
//!
//! `cargo bench -p limbeck-tests --bench modules`; `LIMBECK_BENCH_MODULES` sets a smaller number.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod growth;

use std::env;
use std::time::Duration;

use limbeck::dialect::Dialect;
use limbeck::dialect::postgres::Postgres;
use limbeck::migrate::{Terms, resolve, stored, work};
use limbeck::migration::Migration;
use limbeck::schema::Schema;
use limbeck::source::{Module, Step, print};
use limbeck_tests::measure::{Pair, timed};
use limbeck_tests::project::{Project, source};

use growth::WAYS;

/// How often each is measured.
const RUNS: usize = 2;

fn main() {
    let count = env::var("LIMBECK_BENCH_MODULES").ok().map_or(WAYS.len(), |n| n.parse().unwrap_or(WAYS.len()));
    let (modules, texts, some) = (modules("thousand", count), texts(count), modules("tenth", count / 10));
    let built = Pair::best(RUNS, || build(&modules, "thousand", count), || build(&texts, "texts", count));
    println!("{count} modules ({:.2?} each)", built.ours / u32::try_from(count.max(1)).unwrap_or(1));
    println!("  against the same as SQL text: {built}");
    let tenth = Pair { ours: built.ours, theirs: build(&some, "tenth", count / 10) };
    println!("  against a tenth of them:      {tenth}");
    println!("  built again with one more:    {:.2?}", one_more(&modules, count));
}

/// Builds one package from nothing, but not what it depends on, and makes sure that every migration is in it.
fn build(project: &Project, what: &str, count: usize) -> Duration {
    let package = package(what);
    let _ = project.cargo(&["build", "--quiet"]).code(0);
    let _ = project.cargo(&["clean", "--quiet", "--package", &package]).code(0);
    let (took, _) = timed(|| project.cargo(&["build", "--quiet"]).code(0));
    assert_eq!(project.cargo(&["run", "--quiet"]).code(0).out.trim(), count.to_string(), "in {package}");
    took
}

/// What somebody waits for who has just written a migration.
fn one_more(project: &Project, count: usize) -> Duration {
    project.write("src/one_more.rs", &print(&module(count, (Vec::new(), Vec::new()))));
    project.write("src/main.rs", &format!("{}mod one_more;\n", project.read("src/main.rs")));
    let (took, _) = timed(|| project.cargo(&["build", "--quiet"]).code(0));
    assert_eq!(project.cargo(&["run", "--quiet"]).code(0).out.trim(), (count + 1).to_string());
    took
}

fn package(what: &str) -> String {
    format!("limbeck-bench-{what}")
}

fn project(what: &str, main: &str) -> Project {
    let limbeck = source().join("runtime");
    let manifest = format!(
        "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nlimbeck = {{ path = \"{}\", default-features = false }}\n",
        package(what),
        limbeck.display()
    );
    Project::new(&[("Cargo.toml", &manifest), ("src/main.rs", main)])
}

/// The migrations as Limbeck writes them.
fn modules(what: &str, count: usize) -> Project {
    let mut main = "fn main() {\n    let all = limbeck::migrate::Graph::registered(None).expect(\"a graph\");\n    println!(\"{}\", all.migrations().len());\n}\n".to_owned();
    (0..count).for_each(|n| main.push_str(&format!("mod m{n};\n")));
    let project = project(what, &main);
    for (n, (up, down)) in WAYS.iter().take(count).enumerate() {
        let text = print(&module(n, (Migration::record(*up), Migration::record(*down))));
        project.write(&format!("src/m{n}.rs"), &text);
    }
    project
}

fn module(n: usize, (up, down): (Vec<Step>, Vec<Step>)) -> Module {
    Module {
        id: id(n),
        revises: n.checked_sub(1).map(id).into_iter().collect(),
        message: "one of a thousand".to_owned(),
        up,
        down,
        ..Module::default()
    }
}

fn id(n: usize) -> String {
    format!("{:08x}", 0x4000_0000 + n)
}

/// The same as SQL that somebody wrote by hand, one module each.
fn texts(count: usize) -> Project {
    let mut main = (0..count).map(|n| format!("mod m{n};\n")).collect::<String>();
    let all = (0..count).map(|n| format!("(m{n}::UP, m{n}::DOWN), ")).collect::<String>();
    main.push_str(&format!("static ALL: &[(&str, &str)] = &[{all}];\n"));
    main.push_str(
        "fn main() {\n    println!(\"{}\", ALL.iter().filter(|(up, down)| !up.is_empty() && !down.is_empty()).count());\n}\n",
    );
    let project = project("texts", &main);
    let mut state = Schema::empty();
    for (n, (up, down)) in WAYS.iter().take(count).enumerate() {
        let (sql, after) = sql(&Migration::record(*up), &state);
        let (back, _) = self::sql(&Migration::record(*down), &after);
        project.write(
            &format!("src/m{n}.rs"),
            &format!("pub const UP: &str = {sql:?};\npub const DOWN: &str = {back:?};\n"),
        );
        state = after;
    }
    project
}

fn sql(steps: &[Step], before: &Schema) -> (String, Schema) {
    let (actions, _) = resolve(steps, before, Some(Postgres.database())).unwrap_or_else(|e| panic!("{e}"));
    let done = work(&actions, before, &Postgres, &Postgres.newest(), &Terms::default());
    let (work, after) = done.unwrap_or_else(|e| panic!("{e}"));
    (stored(&work), after)
}
