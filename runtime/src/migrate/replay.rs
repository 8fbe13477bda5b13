//! What migrations add up to, with no database.

use std::collections::BTreeSet;

use super::builder::Migration;
use super::{Graph, MigrationDef, ResolveError, resolve};
use crate::schema::{Database, Schema};

/// A migration that does not fit what comes before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("migration `{id}` ({message}): {source}")]
pub struct ReplayError {
    /// The migration.
    pub id: String,
    /// What it is about.
    pub message: String,
    /// What does not fit.
    #[source]
    pub source: ResolveError,
}

impl ReplayError {
    /// An error of a migration.
    #[must_use]
    pub fn of(migration: &MigrationDef, source: ResolveError) -> Self {
        Self { id: migration.id.to_owned(), message: migration.message.to_owned(), source }
    }
}

impl Graph {
    /// The schema after some migrations, as one database sees them: what is said to it only is in it.
    ///
    /// # Errors
    ///
    /// When a step does not fit the schema before it.
    pub fn replay(&self, applied: &BTreeSet<String>, database: Database) -> Result<Schema, ReplayError> {
        let mut schema = Schema::empty();
        for migration in self.migrations().iter().filter(|m| applied.contains(m.id)) {
            let steps = Migration::record(migration.up);
            let resolved = resolve(&steps, &schema, Some(database)).map_err(|e| ReplayError::of(migration, e))?;
            schema = resolved.1;
        }
        Ok(schema)
    }

    /// The schema after all migrations.
    ///
    /// # Errors
    ///
    /// When a step does not fit the schema before it.
    pub fn replay_all(&self, database: Database) -> Result<Schema, ReplayError> {
        self.replay(&self.migrations().iter().map(|m| m.id.to_owned()).collect(), database)
    }
}
