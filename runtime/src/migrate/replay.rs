//! What migrations add up to, with no database.

use std::collections::BTreeSet;

use super::builder::Migration;
use super::{Graph, MigrationDef, ResolveError, resolve};
use crate::schema::{Database, Schema};
use crate::source::Step;

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
            undoing_is_said(migration, &steps)?;
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

/// Whoever only moves data has to say what undoing that means: an empty `down` may be forgotten as well as meant.
pub(super) fn undoing_is_said(migration: &MigrationDef, up: &[Step]) -> Result<(), ReplayError> {
    if is_data(up) && Migration::record(migration.down).is_empty() {
        return Err(ReplayError::of(migration, ResolveError::Unsaid));
    }
    Ok(())
}

/// Whether steps do something, and to data only, as far as anybody knows.
fn is_data(steps: &[Step]) -> bool {
    let data = |step: &Step| match step {
        Step::Sql(_) | Step::Run(_) | Step::Backfill(_) => true,
        Step::Only(_, steps) | Step::KeepDropped(steps) | Step::RestoreDropped(steps) => is_data(steps),
        Step::AssertNone(..)
        | Step::Create(_)
        | Step::Drop(_)
        | Step::Rename(..)
        | Step::Comment(..)
        | Step::AlterColumn(..)
        | Step::AlterTable(..)
        | Step::AlterEnum(..)
        | Step::Alter(_)
        | Step::Effect(_)
        | Step::Validate(..)
        | Step::Nothing(_)
        | Step::Irreversible(_) => false,
    };
    !steps.is_empty() && steps.iter().all(data)
}
