//! Running migrations on one connection.

use std::collections::BTreeSet;
use std::time::Duration;

use tracing::Instrument as _;

use super::agreed::guarded;
use super::builder::Migration;
use super::carry::{Job, Outcome};
use super::hash::hash;
use super::history::{Applied, ids};
use super::journal::Standing;
use super::replay::undoing_is_said;
use super::resolve::changes;
use super::run::Executor;
use super::work::{Remark, Work, restored, stored, work};
use super::{Action, Deploy, Direction, Graph, MigrateError, MigrationDef, ReplayError, Target, Transaction, resolve};
use crate::change::{Change, type_name};
use crate::dialect::{DatabaseError, aligned};
use crate::schema::{Schema, tokens};
use crate::source::Step;

/// Where a database is.
struct State {
    applied: BTreeSet<String>,
    schema: Schema,
}

/// What one direction of a migration comes to.
pub(super) struct Prepared {
    pub(super) steps: Vec<Step>,
    pub(super) actions: Vec<Action>,
    pub(super) work: Vec<Work>,
    pub(super) after: Schema,
}

impl Executor<'_> {
    /// Applies what is missing to be at a target, after finishing what another run left half done.
    pub(super) async fn upgrade(&mut self, target: &Target) -> Result<Vec<String>, MigrateError> {
        self.patiently(|backend, history| Box::pin(history.create(backend))).await?;
        self.begin_run().await?;
        let done = self.apply_all(target).await;
        self.end_run(done).await
    }

    /// Undoes what is too much to be at a target, after finishing what another run left half done.
    pub(super) async fn downgrade(&mut self, target: &Target) -> Result<Vec<String>, MigrateError> {
        self.begin_run().await?;
        let done = self.undo_all(target).await;
        self.end_run(done).await
    }

    pub(super) async fn begin_run(&mut self) -> Result<(), MigrateError> {
        self.lock().await?;
        if let Err(error) = self.limit(self.settings.limits).await {
            self.unlock().await.ok();
            return Err(error.into());
        }
        Ok(())
    }

    /// Leaves the connection as it was, however the run ended. The error of the run says more than one of this.
    pub(super) async fn end_run<T>(&mut self, done: Result<T, MigrateError>) -> Result<T, MigrateError> {
        let unlimited = self.limit((None, None)).await;
        let unlocked = self.unlock().await;
        let done = done?;
        unlimited?;
        unlocked?;
        Ok(done)
    }

    async fn limit(&mut self, (lock, statement): (Option<Duration>, Option<Duration>)) -> Result<(), DatabaseError> {
        if self.settings.limits == (None, None) {
            return Ok(());
        }
        for sql in self.backend.dialect().limits(lock, statement) {
            self.backend.execute(&sql).await?;
        }
        Ok(())
    }

    pub(super) async fn applied(&mut self) -> Result<Vec<Applied>, MigrateError> {
        Ok(self.patiently(|backend, history| Box::pin(history.read(backend))).await?)
    }

    /// Undoes the last migration and applies it again.
    pub(super) async fn redo(&mut self) -> Result<Vec<String>, MigrateError> {
        self.begin_run().await?;
        let done = self.redo_locked().await;
        self.end_run(done).await
    }

    async fn redo_locked(&mut self) -> Result<Vec<String>, MigrateError> {
        for id in self.undo_all(&Target::Relative(-1)).await? {
            self.apply_all(&Target::Revision(id)).await?;
        }
        Ok(self.applied().await?.last().map(|row| row.id.clone()).into_iter().collect())
    }

    /// Whether a run died and left something half done. A database without history has nothing.
    pub(super) async fn is_half_done(&mut self, applied: &[Applied]) -> Result<bool, MigrateError> {
        Ok(!applied.is_empty()
            && self.patiently(|backend, history| Box::pin(history.journal(backend))).await?.is_some())
    }

    async fn apply_all(&mut self, target: &Target) -> Result<Vec<String>, MigrateError> {
        let graph = self.graph;
        let mut missing = pending(graph, self.settings.phase, target, &ids(&self.applied().await?))?;
        let mut done = Vec::new();
        let mut state: Option<State> = None;
        // Those before it are applied.
        let mut next = 0;
        loop {
            // After a migration that this run applied there is no journal; should somebody open one, the next
            // migration finds it in its own transaction.
            let resumed = if state.is_some() { None } else { self.resume().await? };
            if let Some((id, direction)) = resumed {
                if direction == Direction::Up {
                    done.push(id);
                } else if !matches!(target, Target::Relative(_)) {
                    // What was half undone is undone now, and has to be applied again.
                    missing = pending(graph, self.settings.phase, target, &ids(&self.applied().await?))?;
                }
            }
            let here = match state.take() {
                Some(state) => state,
                None => match self.state().await? {
                    Some(state) => {
                        next = 0;
                        state
                    }
                    None => continue,
                },
            };
            next += missing[next..].iter().take_while(|m| here.applied.contains(m.id)).count();
            let Some(migration) = missing.get(next) else { return Ok(done) };
            let span = tracing::info_span!("upgrade", migration = migration.id);
            let (outcome, after) = self.apply(migration, here).instrument(span).await?;
            state = after;
            if outcome == Outcome::Done {
                done.push(migration.id.to_owned());
            }
        }
    }

    /// Where the database is: what is applied, and the schema, in the migrations' spelling; nothing when somebody is
    /// half-way through a migration.
    async fn state(&mut self) -> Result<Option<State>, MigrateError> {
        let database = self.backend.dialect().database();
        let mut before = self.standing().await?;
        let (applied, current) = loop {
            let applied = ids(&self.applied().await?);
            let current = self.patiently(|backend, _| backend.introspect()).await?.schema;
            let after = self.standing().await?;
            if after.open.is_some() {
                return Ok(None);
            }
            // Where the database has no lock, somebody may have migrated while this looked.
            if before == after && after.count == applied.len() {
                break (applied, current);
            }
            before = after;
        };
        let replayed = self.graph.replay(&applied, database)?;
        let schema = aligned(self.backend, &current, &replayed).await?;
        Ok(Some(State { applied, schema }))
    }

    async fn standing(&mut self) -> Result<Standing, MigrateError> {
        Ok(self.patiently(|backend, history| Box::pin(history.standing(backend, "", false))).await?)
    }

    /// Applies one migration, and says where the database is then, as far as that is known.
    async fn apply(&mut self, migration: &MigrationDef, here: State) -> Result<(Outcome, Option<State>), MigrateError> {
        let forwards = self.prepare(migration, Direction::Up, &here.schema)?;
        undoing_is_said(migration, &forwards.steps)?;
        self.refuse_loss(migration, &forwards.actions, &here.schema).await?;
        self.roomy(migration, &forwards.actions, &here.schema).await?;
        let back = self.prepare(migration, Direction::Down, &forwards.after)?;
        let mut row = Applied::of(migration, &self.settings.run, &self.settings.by);
        row.hash = hash(&forwards.steps);
        row.down = stored(&back.work);
        let job = Job::up(migration, row, forwards.work).among(here.applied.len());
        let outcome = self.carry_out(job, None).await?;
        let known = outcome == Outcome::Done && !is_opaque(&forwards.actions);
        let State { mut applied, .. } = here;
        applied.insert(migration.id.to_owned());
        Ok((outcome, known.then_some(State { applied, schema: forwards.after })))
    }

    /// What one direction of a migration comes to here, and the schema after it.
    pub(super) fn prepare(
        &self,
        migration: &MigrationDef,
        direction: Direction,
        state: &Schema,
    ) -> Result<Prepared, MigrateError> {
        let dialect = self.backend.dialect();
        let steps = Migration::record(direction.of(migration));
        let (actions, _) =
            resolve(&steps, state, Some(dialect.database())).map_err(|e| ReplayError::of(migration, e))?;
        let actions = if direction == Direction::Up { guarded(migration, actions) } else { actions };
        let terms = self.settings.history.terms(migration);
        let (work, after) = work(&actions, state, dialect, self.backend.capabilities(), &terms).map_err(|source| {
            MigrateError::Cannot {
                id: migration.id.to_owned(),
                message: migration.message.to_owned(),
                source: Box::new(source),
            }
        })?;
        Ok(Prepared { steps, actions, work, after })
    }

    /// One transaction must not need more locks than the server has room for: it would end half-way, and take others
    /// with it.
    async fn roomy(
        &mut self,
        migration: &MigrationDef,
        actions: &[Action],
        before: &Schema,
    ) -> Result<(), MigrateError> {
        /// Any server has room for so many.
        const FEW: u64 = 500;
        if migration.transaction == Transaction::None {
            return Ok(());
        }
        let changes: Vec<&Change> = changes(actions).collect();
        let locks = self.backend.dialect().locks(&changes, before);
        if locks <= FEW {
            return Ok(());
        }
        match self.backend.lock_room().await? {
            Some((room, setting)) if locks > room => {
                let (id, message) = (migration.id.to_owned(), migration.message.to_owned());
                let wanted = setting * locks.div_ceil(room.max(1));
                Err(MigrateError::Locks { id, message, locks, room, setting, wanted })
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn undo_all(&mut self, target: &Target) -> Result<Vec<String>, MigrateError> {
        let mut done = Vec::new();
        if let Some((id, direction)) = self.resume().await?
            && direction == Direction::Down
        {
            done.push(id);
        }
        let applied = self.applied().await?;
        let rows = undone(self.graph, target, &applied)?;
        self.refuse_irreversible(&rows)?;
        self.refuse_purged(&rows).await?;
        let mut state = None;
        for row in &rows {
            let span = tracing::info_span!("downgrade", migration = row.id);
            if self.undo(row, &mut state).instrument(span).await? == Outcome::Done {
                done.push(row.id.clone());
            }
        }
        Ok(done)
    }

    /// Undoes one migration. `state` is where the database is, as far as that is known, before it and then after it.
    async fn undo(&mut self, row: &Applied, state: &mut Option<State>) -> Result<Outcome, MigrateError> {
        let Some(migration) = self.graph.find(&row.id) else {
            // Nobody here knows the module: what was stored when it was applied has to do. What that does to the
            // schema nobody here knows either.
            *state = None;
            return self.carry_out(Job::down(row, None, way_back(row)?), None).await;
        };
        loop {
            let here = match state.take() {
                Some(state) => state,
                None => match self.state().await? {
                    Some(state) => state,
                    None => {
                        self.resume().await?;
                        continue;
                    }
                },
            };
            if !here.applied.contains(&row.id) {
                *state = Some(here);
                return Ok(Outcome::Overtaken);
            }
            let back = self.prepare(migration, Direction::Down, &here.schema)?;
            self.roomy(migration, &back.actions, &here.schema).await?;
            let job = Job::down(row, Some(migration), back.work).among(here.applied.len());
            if self.carry_out(job, None).await? == Outcome::Overtaken {
                // Somebody else migrates: look again, and finish with that one what is half done.
                self.resume().await?;
                continue;
            }
            if !is_opaque(&back.actions) {
                let State { mut applied, .. } = here;
                applied.remove(&row.id);
                *state = Some(State { applied, schema: back.after });
            }
            return Ok(Outcome::Done);
        }
    }

    /// A downgrade across something that cannot be undone is refused before it starts.
    pub(super) fn refuse_irreversible(&self, rows: &[Applied]) -> Result<(), MigrateError> {
        let database = self.backend.dialect().database();
        for row in rows {
            let Some(migration) = self.graph.find(&row.id) else {
                way_back(row)?;
                continue;
            };
            if let Some(why) = irreversible(&Migration::record(migration.down), database) {
                let (id, message) = (migration.id.to_owned(), migration.message.to_owned());
                return Err(MigrateError::Irreversible { id, message, why });
            }
            finished(migration, migration.down)?;
        }
        Ok(())
    }
}

/// The migrations to apply, in order, to get up to a target: in the first phase of a deploy without those that are for
/// the second, and without what comes after them.
pub(super) fn pending<'a>(
    graph: &'a Graph,
    phase: Deploy,
    target: &Target,
    applied: &BTreeSet<String>,
) -> Result<Vec<&'a MigrationDef>, MigrateError> {
    let mut pending = graph.upgrade(target, applied)?;
    if phase == Deploy::Before {
        let later = graph.descendants(pending.iter().filter(|m| m.deploy == Deploy::After).map(|m| m.id));
        pending.retain(|m| !later.contains(m.id));
    }
    for migration in &pending {
        finished(migration, migration.up)?;
    }
    Ok(pending)
}

/// Nothing runs in which a value is still to be said.
pub(super) fn finished(migration: &MigrationDef, say: fn(&mut Migration)) -> Result<(), MigrateError> {
    let steps = Migration::record(say);
    match steps.iter().flat_map(Step::placeholders).next() {
        None => Ok(()),
        Some((table, column, ty)) => Err(MigrateError::Placeholder {
            id: migration.id.to_owned(),
            message: migration.message.to_owned(),
            slot: format!("{table}.{column}"),
            ty: type_name(ty),
        }),
    }
}

/// The rows of what must be undone to be at a target, in that order.
pub(super) fn undone(graph: &Graph, target: &Target, applied: &[Applied]) -> Result<Vec<Applied>, MigrateError> {
    let revisions: Vec<super::Revision> = applied.iter().map(Applied::revision).collect();
    let last = applied.last().map(|row| row.run.clone());
    let last_run = applied.iter().filter(|row| Some(&row.run) == last.as_ref()).map(|row| row.id.clone()).collect();
    let undone = graph.downgrade(target, &revisions, &last_run)?;
    Ok(undone.iter().filter_map(|id| applied.iter().find(|row| row.id == *id).cloned()).collect())
}

/// Whether some of the actions may have done to the schema what nobody here knows.
fn is_opaque(actions: &[Action]) -> bool {
    const DATA: [&str; 6] = ["insert", "update", "delete", "select", "with", "values"];
    let told = |at: usize| actions[at + 1..].iter().any(|action| matches!(action, Action::Made(_)));
    actions.iter().enumerate().any(|(at, action)| match action {
        Action::Sql(sql) => {
            let data = tokens(&sql.text).first().is_some_and(|t| DATA.iter().any(|word| t.is_word(word)));
            !data && !told(at)
        }
        Action::Run(_) => !told(at),
        Action::Change(_)
        | Action::Made(_)
        | Action::AssertNone(..)
        | Action::LosesNone(..)
        | Action::Backfill(..)
        | Action::Keepsakes(_)
        | Action::Irreversible(_)
        | Action::Nothing(_) => false,
    })
}

/// What undoes a migration that nobody here knows: what was stored when it was applied.
pub(super) fn way_back(row: &Applied) -> Result<Vec<Work>, MigrateError> {
    let (id, message) = (row.id.clone(), row.message.clone());
    let Some(back) = restored(&row.down, &[]).filter(|back| !back.is_empty()) else {
        return Err(MigrateError::NothingStored { id, message });
    };
    let why = back.iter().find_map(|it| match it {
        Work::Remark(Remark::Irreversible(why)) => Some(why.clone()),
        Work::Remark(Remark::Nothing(_)) | Work::Statement(_) | Work::Run(_) | Work::Repeat(_) | Work::Commit => None,
    });
    match why {
        Some(why) => Err(MigrateError::Irreversible { id, message, why }),
        None => Ok(back),
    }
}

/// Why some steps cannot be undone on one database.
fn irreversible(steps: &[Step], database: crate::schema::Database) -> Option<String> {
    steps.iter().find_map(|step| match step {
        Step::Irreversible(why) => Some(why.clone()),
        Step::Only(only, steps) if *only == database => irreversible(steps, database),
        Step::KeepDropped(steps) | Step::RestoreDropped(steps) => irreversible(steps, database),
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
        | Step::Run(_)
        | Step::Backfill(_)
        | Step::Effect(_)
        | Step::Validate(..)
        | Step::Nothing(_)
        | Step::Only(..) => None,
    })
}
