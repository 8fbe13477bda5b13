//! What an upgrade would do.

use super::executor::{Executor, Prepared};
use super::history::ids;
use super::work::Work;
use super::{Action, MigrateError, MigrationDef, Target};
use crate::change::Change;
use crate::dialect::aligned;

/// What one migration would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The migration.
    pub migration: MigrationDef,
    /// The changes that it makes to the schema.
    pub changes: Vec<Change>,
    /// The statements and the code that it runs, in order.
    pub work: Vec<Work>,
}

impl Executor<'_> {
    /// What an upgrade to a target would do. Nothing is run.
    pub(super) async fn preview(&mut self, target: &Target) -> Result<Vec<Preview>, MigrateError> {
        let applied = ids(&self.applied().await?);
        let pending = self.graph.upgrade(target, &applied)?;
        if pending.is_empty() {
            return Ok(Vec::new());
        }
        let replayed = self.graph.replay(&applied, self.backend.dialect().database())?;
        let current = self.patiently(|backend, _| backend.introspect()).await?.schema;
        let mut schema = aligned(self.backend, &current, &replayed).await?;
        let mut previews = Vec::new();
        for migration in pending {
            let Prepared { actions, work, after, .. } = self.prepare(migration, migration.up, &schema)?;
            let changes = actions.into_iter().filter_map(|action| match action {
                Action::Change(change) => Some(change),
                Action::Made(_) | Action::Sql(_) | Action::Backfill(..) | Action::Run(_) | Action::Irreversible(_) => {
                    None
                }
            });
            previews.push(Preview { migration: *migration, changes: changes.collect(), work });
            schema = after;
        }
        Ok(previews)
    }
}
