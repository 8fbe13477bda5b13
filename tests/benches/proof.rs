//! The proof of a migration that changes one table: among many others, against that table and those it refers to alone.
//!
//! `tests/run --with cargo bench -p limbeck-tests --bench proof`; `LIMBECK_BENCH_TABLES=1000` sets other numbers. Every
//! table has ten columns, an index and a foreign key to one of half its number. Rows are made up for all of them.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::collections::BTreeSet;

use limbeck::change::Change;
use limbeck::dialect::{Missing, connect, throwaway};
use limbeck::diff::{Renames, diff};
use limbeck::migrate::{Claim, concerned, prove};
use limbeck::plan::order;
use limbeck::schema::{Column, ForeignKey, Index, PrimaryKey, QualifiedName, Schema, Table, Type};
use limbeck::source::steps;
use limbeck_tests::measure::{Pair, timed};
use limbeck_tests::server::server;

/// How often each is measured.
const RUNS: usize = 3;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap_or_else(|e| panic!("{e}"));
    let sizes = std::env::var("LIMBECK_BENCH_TABLES").unwrap_or_else(|_| "100,1000,10000".to_owned());
    for size in sizes.split(',') {
        let tables: usize = size.trim().parse().unwrap_or_else(|e| panic!("LIMBECK_BENCH_TABLES: {size}: {e}"));
        for (title, url) in [("PostgreSQL", server()), ("SQLite", "sqlite::memory:".to_owned())] {
            let start = schema(tables);
            let goal = edited(&start, tables);
            let alone = concerned(&start, &changes(&start, &goal));
            let goal_alone = edited(&alone, tables);
            let pair = Pair::best(
                RUNS,
                || timed(|| runtime.block_on(proved(&url, &start, &goal))).0,
                || timed(|| runtime.block_on(proved(&url, &alone, &goal_alone))).0,
            );
            println!("{title}: one table among {tables} against {} alone: {pair}", alone.tables.keys().count());
        }
    }
}

fn name(n: usize) -> QualifiedName {
    format!("item_{n}").as_str().into()
}

fn schema(tables: usize) -> Schema {
    let mut schema = Schema::empty();
    for n in 0..tables {
        let mut table = Table::new(format!("item_{n}").as_str());
        table.columns = vec![Column::new("id", Type::BigInt), Column::new("of", Type::BigInt)];
        table.columns.extend((0..8).map(|at| Column::new(format!("text_{at}").as_str(), Type::Text)));
        table.primary_key = Some(PrimaryKey::new(["id"]));
        table.indexes = vec![Index::new(["text_0"])];
        table.foreign_keys = vec![ForeignKey::new(["of"], name(n / 2), ["id"])];
        schema.tables.insert(table.name.clone(), table);
    }
    schema
}

/// The same with the last table edited: a column gets another type and another one comes.
fn edited(start: &Schema, tables: usize) -> Schema {
    let mut goal = start.clone();
    if let Some(table) = goal.tables.get_mut(&name(tables - 1)) {
        table.columns[9].ty = Type::Varchar(Some(20));
        table.columns.push(Column { nullable: true, ..Column::new("new", Type::Integer) });
    }
    goal
}

fn changes(start: &Schema, goal: &Schema) -> Vec<Change> {
    diff(start, goal, &Renames::default()).unwrap_or_else(|e| panic!("{e}")).changes
}

/// As `revision` does it: with what the plan touches.
async fn proved(url: &str, whole: &Schema, goal: &Schema) {
    let plan = order(diff(whole, goal, &Renames::default()).unwrap_or_else(|e| panic!("{e}")));
    let plan = plan.unwrap_or_else(|e| panic!("{e}"));
    let start = concerned(whole, &plan.changes);
    let goal = start.after(&plan.changes).unwrap_or_else(|e| panic!("{e}"));
    let up = steps(&plan.changes, &start).unwrap_or_else(|e| panic!("{e}"));
    let down = steps(&plan.inverse().changes, &goal).unwrap_or_else(|e| panic!("{e}"));
    let seeded: BTreeSet<QualifiedName> = start.tables.keys().cloned().collect();
    let scratch = throwaway(url).await.unwrap_or_else(|e| panic!("{e}"));
    let mut backend = connect(scratch.url(), Missing::Create).await.unwrap_or_else(|e| panic!("{e}"));
    let claim = Claim { start: &start, goal: &goal, up: &up, down: &down, seeded: &seeded };
    let proved = prove(&mut *backend, &claim).await;
    assert!(proved.unwrap_or_else(|e| panic!("{e}")) > 0, "rows were made up");
    backend.close().await.unwrap_or_else(|e| panic!("{e}"));
    scratch.remove().await.unwrap_or_else(|e| panic!("{e}"));
}
