//! Removing for good what migrations kept of what they dropped.

use super::history::Applied;
use super::run::{Executor, Settings};
use super::{MigrateError, Shelf};
use crate::schema::QualifiedName;

/// Something that a migration kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The migration's id.
    pub migration: String,
    /// What it is a copy of: `column note.title`.
    pub what: String,
    /// How many rows the copy has.
    pub rows: u64,
    /// The table that it is in.
    table: QualifiedName,
}

impl Executor<'_> {
    /// What one migration kept, or all of them.
    pub(super) async fn kept(&mut self, migration: Option<&str>) -> Result<Vec<Kept>, MigrateError> {
        let schema = self.patiently(|backend, _| backend.introspect()).await?.schema;
        let shelf = self.settings.history.shelf("").schema;
        let mut kept = Vec::new();
        // On a database that has a default schema, what is in it is read without its name.
        for table in schema.tables.keys().filter(|t| t.schema.is_none() || t.schema == shelf) {
            let Some((id, what)) = Shelf::read(&table.name) else { continue };
            if migration.is_some_and(|wanted| wanted != id) {
                continue;
            }
            let table = QualifiedName::new(shelf.clone(), table.name.clone());
            let count = format!("SELECT CAST(count(*) AS text) FROM {}", self.backend.dialect().qualified(&table));
            let rows = self.backend.rows(&count).await?.into_iter().flatten().flatten().next();
            let rows = rows.and_then(|rows| rows.parse().ok()).unwrap_or_default();
            kept.push(Kept { migration: id.to_owned(), what: what.to_owned(), rows, table });
        }
        Ok(kept)
    }

    /// Removes what was kept.
    pub(super) async fn purge(&mut self, kept: &[Kept]) -> Result<(), MigrateError> {
        self.begin_run().await?;
        let done = self.purge_locked(kept).await;
        self.end_run(done).await
    }

    async fn purge_locked(&mut self, kept: &[Kept]) -> Result<(), MigrateError> {
        let Settings { history, run, by, .. } = self.settings;
        self.patiently(|backend, _| backend.begin()).await?;
        let dialect = self.backend.dialect();
        let drops = kept.iter().map(|it| format!("DROP TABLE {}", dialect.qualified(&it.table)));
        let notes = kept.iter().map(|it| history.log_statement(dialect, run, &it.migration, "purge", by, &it.what));
        let done = self.backend.commit_after(&drops.chain(notes).collect::<Vec<_>>()).await;
        if done.is_err() {
            self.backend.rollback().await.ok();
        }
        Ok(done?)
    }

    /// A downgrade that needs what was purged is refused before it starts.
    pub(super) async fn refuse_purged(&mut self, rows: &[Applied]) -> Result<(), MigrateError> {
        for row in rows {
            // What is stored of the way back names the copies that it reads.
            if row.down.contains(&self.settings.history.shelf(&row.id).prefix())
                && self.kept(Some(&row.id)).await?.is_empty()
            {
                return Err(MigrateError::Purged { id: row.id.clone(), message: row.message.clone() });
            }
        }
        Ok(())
    }
}
