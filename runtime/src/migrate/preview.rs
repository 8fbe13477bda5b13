//! What a run would do.

use super::agreed::disputed;
use super::executor::{Prepared, pending, undone, way_back};
use super::history::ids;
use super::keepsake::kept;
use super::resolve::changes;
use super::run::Executor;
use super::work::Work;
use super::{Direction, MigrateError, MigrationDef, Target};
use crate::change::{Change, Loss};
use crate::dialect::aligned;
use crate::schema::Schema;

/// What one migration would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub message: String,
    /// The changes that it makes to the schema; none where nobody here knows the migration.
    pub changes: Vec<Change>,
    /// The schema before them.
    pub before: Schema,
    /// What it keeps of what they lose.
    pub keeps: Vec<Loss>,
    /// What nobody agreed to lose: an upgrade stops where rows have it.
    pub disputed: Vec<Loss>,
    /// The statements and the code that it runs, in order.
    pub work: Vec<Work>,
}

impl Executor<'_> {
    /// What an upgrade to a target would do. Nothing is run.
    pub(super) async fn preview(&mut self, target: &Target) -> Result<Vec<Preview>, MigrateError> {
        let applied = ids(&self.applied().await?);
        let graph = self.graph;
        let pending = pending(graph, self.settings.phase, target, &applied)?;
        if pending.is_empty() {
            return Ok(Vec::new());
        }
        let mut schema = self.here(&applied).await?;
        let mut previews = Vec::new();
        for migration in pending {
            let prepared = self.prepare(migration, Direction::Up, &schema)?;
            let before = std::mem::replace(&mut schema, prepared.after.clone());
            let disputed = disputed(migration, &prepared.actions, &before, self.backend.dialect());
            let disputed = disputed.into_iter().map(|(loss, _)| loss).collect();
            previews.push(Preview { disputed, ..Preview::of(migration, before, prepared) });
        }
        Ok(previews)
    }

    /// What a downgrade to a target would do. Nothing is run.
    pub(super) async fn preview_down(&mut self, target: &Target) -> Result<Vec<Preview>, MigrateError> {
        let applied = self.applied().await?;
        let rows = undone(self.graph, target, &applied)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        self.refuse_irreversible(&rows)?;
        self.refuse_purged(&rows).await?;
        let mut schema = self.here(&ids(&applied)).await?;
        let mut previews = Vec::new();
        for row in &rows {
            let (id, message) = (row.id.clone(), row.message.clone());
            if let Some(migration) = self.graph.find(&row.id) {
                let prepared = self.prepare(migration, Direction::Down, &schema)?;
                let before = std::mem::replace(&mut schema, prepared.after.clone());
                previews.push(Preview::of(migration, before, prepared));
            } else {
                let work = way_back(row)?;
                let before = Schema::empty();
                let (changes, keeps, disputed) = (Vec::new(), Vec::new(), Vec::new());
                previews.push(Preview { id, message, changes, before, keeps, disputed, work });
            }
        }
        Ok(previews)
    }

    /// The schema of the database, in the migrations' spelling.
    async fn here(&mut self, applied: &std::collections::BTreeSet<String>) -> Result<Schema, MigrateError> {
        let replayed = self.graph.replay(applied, self.backend.dialect().database())?;
        let current = self.patiently(|backend, _| backend.introspect()).await?.schema;
        Ok(aligned(self.backend, &current, &replayed).await?)
    }
}

impl Preview {
    fn of(migration: &MigrationDef, before: Schema, prepared: Prepared) -> Self {
        Self {
            id: migration.id.to_owned(),
            message: migration.message.to_owned(),
            changes: changes(&prepared.actions).cloned().collect(),
            before,
            keeps: kept(&prepared.actions).into_iter().cloned().collect(),
            disputed: Vec::new(),
            work: prepared.work,
        }
    }
}
