//! What an upgrade loses, somebody must have agreed to in the module; what no row has cannot be lost.

use super::keepsake::kept;
use super::resolve::changes;
use super::run::Executor;
use super::work::{ROWS, Work};
use super::{Action, MigrateError, MigrationDef};
use crate::change::{Change, Loss};
use crate::dialect::{Backend, DatabaseError, Dialect, Rows, losses};
use crate::schema::Schema;

/// What a migration loses although no line of it agrees to that, with what the rows are found by.
pub(super) fn disputed(
    migration: &MigrationDef,
    actions: &[Action],
    before: &Schema,
    dialect: &dyn Dialect,
) -> Vec<(Loss, Vec<Rows>)> {
    let kept = kept(actions);
    let changes: Vec<Change> = changes(actions).cloned().collect();
    let mut losses = losses(&changes, before, dialect);
    losses.retain(|(loss, _)| !kept.contains(&loss) && !migration.loses.contains(&loss.to_string().as_str()));
    losses
}

/// The actions of `up` with the question, before each change that loses what nobody agreed to, whether rows have it: what
/// was looked for before the first of them may have come since.
pub(super) fn guarded(migration: &MigrationDef, actions: Vec<Action>) -> Vec<Action> {
    let kept: Vec<Loss> = kept(&actions).into_iter().cloned().collect();
    let open = |loss: &Loss| !kept.contains(loss) && !migration.loses.contains(&loss.to_string().as_str());
    let mut guarded = Vec::with_capacity(actions.len());
    for action in actions {
        if let Action::Change(change) = &action {
            let losses = change.loses().into_iter().filter(open);
            guarded.extend(losses.map(|loss| Action::LosesNone(loss, migration.id.to_owned())));
        }
        guarded.push(action);
    }
    guarded
}

/// Work that was written down, without the questions that a line of the module has answered by now.
pub(super) fn settled(work: Vec<Work>, migration: &MigrationDef) -> Vec<Work> {
    let answered = |work: &Work| {
        let Work::Statement(statement) = work else { return false };
        let of = statement.about.strip_prefix(ROWS).and_then(|rest| rest.split_once(", and no line of "));
        of.is_some_and(|(loss, _)| migration.loses.contains(&loss))
    };
    work.into_iter().filter(|it| !answered(it)).collect()
}

impl Executor<'_> {
    /// Refuses a migration that would lose what rows have, and nobody agreed to lose.
    pub(super) async fn refuse_loss(
        &mut self,
        migration: &MigrationDef,
        actions: &[Action],
        before: &Schema,
    ) -> Result<(), MigrateError> {
        let disputed = disputed(migration, actions, before, self.backend.dialect());
        let mut losses = Vec::new();
        for (loss, rows) in disputed {
            for rows in rows {
                let query = rows.one(self.backend.dialect());
                if self.patiently(|backend, _| Box::pin(found(backend, query.clone()))).await? {
                    losses.push(loss.to_string());
                    break;
                }
            }
        }
        if losses.is_empty() {
            return Ok(());
        }
        Err(MigrateError::Loss { id: migration.id.to_owned(), message: migration.message.to_owned(), losses })
    }
}

/// Whether a query finds a row; so it is, too, where rows may be hidden from whoever asks.
async fn found(backend: &mut dyn Backend, query: String) -> Result<bool, DatabaseError> {
    backend.begin().await?;
    let found = match backend.dialect().seeing_all() {
        Some((before, _)) => match backend.execute(before).await {
            Ok(_) => backend.rows(&query).await,
            Err(error) => Err(error),
        },
        None => backend.rows(&query).await,
    };
    backend.rollback().await?;
    match found {
        Ok(rows) => Ok(!rows.is_empty()),
        Err(error) if error.is_busy() => Err(error),
        Err(_) => Ok(true),
    }
}
