//! Saying where a database is, without going there.

use super::builder::Migration;
use super::executor::{Executor, Settings};
use super::history::{Applied, ids};
use super::script::named;
use super::work::stored;
use super::{MigrateError, MigrationDef, Target, hash};
use crate::dialect::DatabaseError;

impl Executor<'_> {
    /// Writes down that a target is what the database is at, and does nothing else. With `purge`, what nobody here
    /// knows goes too.
    pub(super) async fn stamp(&mut self, target: &Target, purge: bool) -> Result<(), MigrateError> {
        self.patiently(|backend, history| Box::pin(history.create(backend))).await?;
        self.begin_run().await?;
        let done = self.stamp_locked(target, purge).await;
        self.end_run(done).await
    }

    async fn stamp_locked(&mut self, target: &Target, purge: bool) -> Result<(), MigrateError> {
        let applied = self.applied().await?;
        let graph = self.graph;
        let at = graph.targets(target, &ids(&applied))?;
        let wanted = graph.ancestors(at.iter().map(|m| m.id));
        let (run, by) = (&self.settings.run, &self.settings.by);
        let mut rows = Vec::new();
        for migration in graph.migrations().iter().filter(|m| wanted.contains(m.id)) {
            if applied.iter().all(|row| row.id != migration.id) {
                let mut row = Applied::of(migration, run, by);
                row.hash = hash(&Migration::record(migration.up));
                row.down = self.way_back(migration).unwrap_or_default();
                rows.push(row);
            }
        }
        let gone = applied.iter().map(|row| row.id.as_str()).filter(|id| match graph.find(id) {
            Some(_) => !wanted.contains(id),
            None => purge,
        });
        self.patiently(|backend, _| backend.begin()).await?;
        let written = self.write_stamp(gone.collect(), &rows).await;
        match written {
            Ok(()) => Ok(self.backend.commit().await?),
            Err(error) => {
                self.backend.rollback().await.ok();
                Err(error.into())
            }
        }
    }

    async fn write_stamp(&mut self, gone: Vec<&str>, rows: &[Applied]) -> Result<(), DatabaseError> {
        let Settings { history, run, by, .. } = self.settings;
        // Whoever says where the database is, says so about what is half done too.
        if let Some((id, _)) = history.standing(self.backend, "").await?.open {
            history.note(self.backend, (run, &id), "abandon", by, "stamp").await?;
        }
        for id in gone {
            history.delete(self.backend, run, id, by).await?;
        }
        for row in rows {
            history.insert(self.backend, row).await?;
        }
        Ok(())
    }

    /// What undoes a migration, as far as that can be said without looking at the database.
    fn way_back(&self, migration: &MigrationDef) -> Option<String> {
        let all = self.graph.ancestors([migration.id]).into_iter().map(str::to_owned).collect();
        let schema = named(self.graph, &all, self.backend.dialect(), self.backend.capabilities()).ok()?;
        Some(stored(&self.prepare(migration, migration.down, &schema).ok()?.work))
    }
}
