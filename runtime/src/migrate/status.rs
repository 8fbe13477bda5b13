//! Where a database stands.

use super::builder::Migration;
use super::hash::agrees;
use super::history::{Applied, ids};
use super::{Graph, MigrateError, MigrationDef, without_bookkeeping};
use crate::dialect::{Backend, Unmodelled, aligned};
use crate::diff::{Diff, Renames, diff, managed};
use crate::schema::Schema;

/// Where a database stands.
#[derive(Clone, Debug)]
pub struct Status {
    /// The applied migrations, in the order in which they were.
    pub applied: Vec<Applied>,
    /// The migrations that are missing, in the order in which they would be applied.
    pub pending: Vec<MigrationDef>,
    /// Applied migrations whose steps are not those that were applied: somebody edited them.
    pub edited: Vec<MigrationDef>,
    /// Applied migrations that are not known here, all newer than what is.
    pub newer: Vec<String>,
    /// What the applied migrations add up to.
    pub replayed: Schema,
    /// What the database holds, in the migrations' spelling, without bookkeeping.
    pub current: Schema,
    /// What it holds that a schema cannot say.
    pub unmodelled: Vec<Unmodelled>,
    /// What would bring the database to what its migrations add up to: the way back from all that somebody changed by
    /// hand.
    pub drift: Diff,
    /// Tables and other objects that no migration mentions.
    pub unmanaged: Vec<String>,
}

impl Status {
    pub(super) async fn read(
        backend: &mut dyn Backend,
        graph: &Graph,
        applied: Vec<Applied>,
        newer: Vec<String>,
    ) -> Result<Self, MigrateError> {
        let have = ids(&applied);
        let database = backend.dialect().database();
        // The server looks up what it has while this adds up what it should have.
        let expected = async {
            let same = |row: &Applied, m: &MigrationDef| agrees(&Migration::record(m.up), &row.hash) != Some(false);
            let known = applied.iter().filter_map(|row| graph.find(&row.id).filter(|m| !same(row, m)).copied());
            (graph.replay(&have, database), known.collect())
        };
        let (found, (replayed, edited)) = tokio::join!(biased; backend.introspect(), expected);
        let (found, replayed) = (found?, replayed?);
        let current = aligned(backend, &without_bookkeeping(found.schema), &replayed).await?;
        let ours = managed(&current, &[&replayed]);
        let drift = diff(&ours.schema, &replayed, &Renames::default()).unwrap_or_default();
        let pending = graph.migrations().iter().filter(|m| !have.contains(m.id)).copied().collect();
        Ok(Self {
            applied,
            pending,
            edited,
            newer,
            replayed,
            current,
            unmodelled: found.unmodelled,
            drift,
            unmanaged: ours.unmanaged,
        })
    }
}
