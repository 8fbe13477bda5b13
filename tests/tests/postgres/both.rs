//! From one database to another and back, as `pg_dump` sees it.

use limbeck::dialect::{Backend, aligned};
use limbeck::diff::{Renames, diff};
use limbeck::plan::{Plan, order};
use limbeck::schema::Schema;
use limbeck_tests::live::carry_out;

use crate::database::{Database, psql, run, try_psql};

/// A database that goes where another is, and back again.
pub(crate) struct Pair {
    pub(crate) here: Database,
    there: Database,
    start: Vec<String>,
}

impl Pair {
    /// Two databases, each made by a script.
    pub(crate) fn new(from: &str, to: &str) -> Self {
        let (here, there) = (Database::new(), Database::new());
        psql(&here.url, from);
        psql(&there.url, to);
        let start = here.look();
        Self { here, there, start }
    }

    /// Puts rows into the first.
    pub(crate) fn rows(self, sql: &str) -> Self {
        psql(&self.here.url, sql);
        self
    }

    /// Goes there, finds nothing more to do, calls what is to be seen there, and goes back.
    pub(crate) fn both_ways(&self, seen: impl FnOnce(&Self)) {
        run(async {
            let mut backend = self.here.open().await;
            let (plan, before) = self.plan(&mut *backend).await;
            assert!(!plan.is_empty(), "the difference is not seen");
            let after = carry_out(&mut *backend, &plan.changes, &before).await;
            same(&self.here.look(), &self.there.look(), "after up");
            let (left, _) = self.plan(&mut *backend).await;
            assert!(left.is_empty(), "not quiet: {left:#?}");
            seen(self);
            carry_out(&mut *backend, &plan.inverse().changes, &after).await;
            same(&self.here.look(), &self.start, "after down");
        });
    }

    /// Finds no difference.
    pub(crate) fn is_quiet(&self) {
        run(async {
            let mut backend = self.here.open().await;
            let (plan, _) = self.plan(&mut *backend).await;
            assert!(plan.is_empty(), "not quiet: {plan:#?}");
        });
    }

    async fn plan(&self, backend: &mut dyn Backend) -> (Plan, Schema) {
        let wanted = self.there.open().await.introspect().await.unwrap_or_else(|e| panic!("{e}"));
        let found = backend.introspect().await.unwrap_or_else(|e| panic!("{e}"));
        let current = aligned(backend, &found.schema, &wanted.schema).await.unwrap_or_else(|e| panic!("{e}"));
        let diff = diff(&current, &wanted.schema, &Renames::default()).unwrap_or_else(|e| panic!("{e}"));
        (order(diff).unwrap_or_else(|e| panic!("{e}")), current)
    }

    /// What a query gives in the first.
    pub(crate) fn ask(&self, sql: &str) -> String {
        try_psql(&self.here.url, sql).unwrap_or_else(|error| panic!("{error}\n{sql}"))
    }
}

/// There and back, with nothing to see on the way.
pub(crate) fn both_ways(from: &str, to: &str) {
    Pair::new(from, to).both_ways(|_| {});
}

/// Compares what `pg_dump` said.
#[track_caller]
pub(crate) fn same(now: &[String], wanted: &[String], when: &str) {
    let only = |list: &[String], other: &[String]| {
        list.iter().filter(|o| !other.contains(o)).cloned().collect::<Vec<_>>().join("\n---\n")
    };
    let (more, less) = (only(now, wanted), only(wanted, now));
    assert!(more.is_empty() && less.is_empty(), "{when}: there is\n{more}\nand there should be\n{less}");
}
