//! How many locks a transaction takes. The server keeps them in a table of a fixed size (manual, 20.12,
//! `max_locks_per_transaction`): a migration that drops a thousand tables at once may not fit.

use std::collections::BTreeMap;

use crate::change::{Change, Delta};
use crate::schema::{QualifiedName, Schema, Table};

/// The size of the lock table less what others hold, and the setting that it comes from. What is added up is
/// what the server adds up (`InitializeMaxBackends`).
#[cfg(feature = "postgres")]
pub(super) const ROOM: &str = "\
SELECT (current_setting('max_locks_per_transaction')::int8 * (current_setting('max_connections')::int8 + current_setting('max_worker_processes')::int8 \
+ current_setting('max_wal_senders')::int8 + current_setting('max_prepared_transactions')::int8 + current_setting('autovacuum_max_workers')::int8 + 1) \
- (SELECT count(*) FROM pg_catalog.pg_locks WHERE NOT fastpath))::text, current_setting('max_locks_per_transaction')::text";

/// How many locks some changes take in one transaction, at most: a transaction locks relations, and what is dropped
/// with them.
pub(super) fn locks(changes: &[&Change], before: &Schema) -> u64 {
    let mut tables: BTreeMap<&QualifiedName, u64> = BTreeMap::new();
    let mut others = 1;
    let altered = |name: &QualifiedName| before.tables.get(name).map_or(SOME, created);
    for change in changes {
        let (table, locks) = match change {
            Change::Table(Delta::Create(table)) => (&table.name, created(table)),
            Change::Table(Delta::Drop(table)) => (&table.name, dropped(table)),
            Change::Table(Delta::Alter { from, .. }) => (&from.name, altered(&from.name)),
            Change::Column(it) => (&it.table, altered(&it.table) + SOME),
            Change::PrimaryKey(it) => (&it.table, altered(&it.table) + 2),
            Change::Unique(it) => (&it.table, altered(&it.table) + 2),
            Change::Check(it) => (&it.table, altered(&it.table) + 1),
            Change::ForeignKey(it) => (&it.table, altered(&it.table) + KEY),
            Change::Exclusion(it) => (&it.table, altered(&it.table) + 2),
            Change::Index(it) => (&it.table, altered(&it.table) + 1),
            Change::Namespace(_)
            | Change::Extension(_)
            | Change::Enum(_)
            | Change::Label(_)
            | Change::Domain(_)
            | Change::Sequence(_)
            | Change::Object(_) => {
                others += SOME;
                continue;
            }
        };
        let held = tables.entry(table).or_default();
        *held = (*held).max(locks);
    }
    others + tables.values().sum::<u64>()
}

/// What is small takes about as many.
const SOME: u64 = 4;
/// A foreign key: itself, and two triggers on either side.
const KEY: u64 = 5;
/// A table, and where it keeps long values: a table with an index.
const TABLE: u64 = 3;

fn indexes(table: &Table) -> u64 {
    let constraints = usize::from(table.primary_key.is_some()) + table.uniques.len() + table.exclusions.len();
    (constraints + table.indexes.len()) as u64
}

fn counted(table: &Table, which: impl Fn(&crate::schema::Column) -> bool) -> u64 {
    table.columns.iter().filter(|column| which(column)).count() as u64
}

fn created(table: &Table) -> u64 {
    TABLE + indexes(table) + 2 * counted(table, |c| c.auto.is_some())
}

/// Its two types, constraints beside their indexes, defaults and triggers are locked one by one.
fn dropped(table: &Table) -> u64 {
    let defaults = counted(table, |c| c.default.is_some() || c.generated.is_some());
    let (checks, keys) = (table.checks.len() as u64, table.foreign_keys.len() as u64);
    TABLE + 2 + 2 * indexes(table) + 4 * counted(table, |c| c.auto.is_some()) + defaults + checks + KEY * keys
}
