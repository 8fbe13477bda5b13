//! Finishing what a run that died left half done.

use std::collections::BTreeSet;

use super::agreed::settled;
use super::builder::Migration;
use super::carry::{Job, Outcome, is_whole};
use super::history::Applied;
use super::journal::Journal;
use super::run::Executor;
use super::work::{Work, code, restored, stored, units};
use super::{Direction, Event, MigrateError, MigrationDef, agrees, hash};
use crate::schema::Database;
use crate::source::{Run, Step};

impl Executor<'_> {
    /// Finishes what a run that died left half done, and says what that was.
    pub(super) async fn resume(&mut self) -> Result<Option<(String, Direction)>, MigrateError> {
        loop {
            let Some(journal) = self.patiently(|backend, history| Box::pin(history.journal(backend))).await? else {
                return Ok(None);
            };
            if self.graph.find(&journal.migration).is_none() && untouched(&journal) {
                self.abandon(&journal.migration).await?;
                continue;
            }
            let job = self.interrupted(&journal).await?;
            let (message, parts) = (job.message.clone(), units(&job.work).len());
            self.progress.event(Event::Resume { id: &journal.migration, message: &message, done: journal.done, parts });
            if self.carry_out(job, Some(journal.done)).await? == Outcome::Done {
                return Ok(Some((journal.migration, journal.direction)));
            }
        }
    }

    /// The work of a journal.
    async fn interrupted(&mut self, journal: &Journal) -> Result<Job, MigrateError> {
        let id = journal.migration.clone();
        let row = self.applied().await?.into_iter().find(|row| row.id == id);
        let migration = self.graph.find(&id);
        let message = migration.map(|m| m.message.to_owned()).or_else(|| row.as_ref().map(|r| r.message.clone()));
        let message = message.unwrap_or_default();
        let stranger = || MigrateError::Stranger { id: id.clone(), message: message.clone() };
        let Some(migration) = migration else {
            // On the way down, statements alone are enough.
            let back = restored(&journal.plan, &[]).filter(|_| journal.direction == Direction::Down);
            let (back, row) = back.zip(row).ok_or_else(stranger)?;
            return Ok(Job::down(&row, None, back));
        };
        let steps = Migration::record(journal.direction.of(migration));
        let database = self.backend.dialect().database();
        let mut work = restored(&journal.plan, &own_code(&steps, database));
        if agrees(&steps, &journal.hash) == Some(false) {
            work = self.rewritten(migration, journal)?;
        }
        let edited = || MigrateError::Edited { id: id.clone(), message: message.clone(), done: journal.done };
        let work = settled(work.ok_or_else(edited)?, migration);
        match (journal.direction, row) {
            (Direction::Up, _) => {
                let mut row = Applied::of(migration, &self.settings.run, &self.settings.by);
                row.hash = hash(&steps);
                row.down.clone_from(&journal.down);
                Ok(Job::up(migration, row, work))
            }
            (Direction::Down, Some(row)) => Ok(Job::down(&row, Some(migration), work)),
            (Direction::Down, None) => Err(stranger()),
        }
    }

    /// The work of a migration that was corrected after it had stopped half-way, when what is done of it is the same.
    fn rewritten(&self, migration: &MigrationDef, journal: &Journal) -> Result<Option<Vec<Work>>, MigrateError> {
        let database = self.backend.dialect().database();
        let mut before: BTreeSet<String> =
            self.graph.ancestors([migration.id]).into_iter().map(str::to_owned).collect();
        if journal.direction == Direction::Up {
            before.remove(migration.id);
        }
        let fresh = self.prepare(migration, journal.direction, &self.graph.replay(&before, database)?)?.work;
        // Of code nobody can say what it did.
        let Some(old) = restored(&journal.plan, &code(&fresh)) else { return Ok(None) };
        let done = |work: &[Work]| units(work).into_iter().take(journal.done).map(|u| format!("{u:?}")).collect();
        // What is not written down of a statement is no difference.
        let told = restored(&stored(&fresh), &code(&fresh)).unwrap_or_default();
        let (was, is): (Vec<String>, Vec<String>) = (done(&old), done(&told));
        Ok((was == is).then_some(fresh))
    }
}

/// Whether nothing is done of a migration that is on the way up, whoever it was.
fn untouched(journal: &Journal) -> bool {
    let whole = restored(&journal.plan, &[]).is_some_and(|work| is_whole(&units(&work)));
    journal.direction == Direction::Up && journal.done == 0 && whole
}

/// The code that a migration says on one database, in order.
fn own_code(steps: &[Step], database: Database) -> Vec<Run> {
    let mut all = Vec::new();
    for step in steps {
        match step {
            Step::Run(run) => all.push(run.clone()),
            Step::Only(only, steps) if *only == database => all.extend(own_code(steps, database)),
            Step::KeepDropped(steps) | Step::RestoreDropped(steps) => all.extend(own_code(steps, database)),
            Step::Create(_)
            | Step::Drop(_)
            | Step::Rename(..)
            | Step::Comment(..)
            | Step::AlterColumn(..)
            | Step::AlterTable(..)
            | Step::AlterEnum(..)
            | Step::Alter(_)
            | Step::Sql(_)
            | Step::AssertNone(..)
            | Step::Backfill(_)
            | Step::Effect(_)
            | Step::Validate(..)
            | Step::Only(..)
            | Step::Irreversible(_)
            | Step::Nothing(_) => {}
        }
    }
    all
}
