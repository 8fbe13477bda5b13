//! Saying where a database is, without going there.

use super::builder::Migration;
use super::history::{Applied, ids};
use super::run::{Executor, Settings};
use super::script::named;
use super::work::stored;
use super::{MigrateError, MigrationDef, Target, hash};

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
        let gone: Vec<&str> = gone.collect();
        let done = self.write_stamp(&gone, &rows).await;
        if done.is_err() {
            self.backend.rollback().await.ok();
        }
        done
    }

    async fn write_stamp(&mut self, gone: &[&str], rows: &[Applied]) -> Result<(), MigrateError> {
        let Settings { history, run, by, .. } = self.settings;
        let standing = self.patiently(|backend, history| Box::pin(history.standing(backend, "", true))).await?;
        let dialect = self.backend.dialect();
        let mut last = Vec::new();
        // Whoever says where the database is, says so about what is half done too.
        if let Some((id, _)) = standing.open {
            last.push(history.log_statement(dialect, run, &id, "abandon", by, "stamp"));
        }
        last.extend(gone.iter().flat_map(|id| history.delete_statements(dialect, run, id, by)));
        last.extend(rows.iter().flat_map(|row| history.insert_statements(dialect, row)));
        Ok(self.backend.commit_after(&last).await?)
    }

    /// What undoes a migration, as far as that can be said without looking at the database.
    fn way_back(&self, migration: &MigrationDef) -> Option<String> {
        let all = self.graph.ancestors([migration.id]).into_iter().map(str::to_owned).collect();
        let schema = named(self.graph, &all, self.backend.dialect(), self.backend.capabilities()).ok()?;
        Some(stored(&self.prepare(migration, super::Direction::Down, &schema).ok()?.work))
    }
}
