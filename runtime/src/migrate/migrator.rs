//! Migrations from a program: upgrade at start-up, wait for the head, make tables for tests.

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::executor::{pending, undone};
use super::held::{Held, Source};
use super::history::{Applied, History, Place, ids};
use super::purge::Kept;
use super::run::{Executor, Settings, Uncertain};
use super::status::Status;
use super::work::{Work, work};
use super::{Action, Deploy, Graph, MigrateError, MigrationDef, Preview, Progress, Quiet, Target, Terms};
use crate::dialect::{Backend, aligned};
use crate::diff::{Renames, diff};
use crate::plan::order;
use crate::registry::Registry;
use crate::schema::Schema;

/// A program's migrations and models, and how to run them.
#[derive(Clone, Debug)]
pub struct Migrator {
    graph: Graph,
    registry: Registry,
    place: Place,
    lock_wait: Duration,
    uncertain: Uncertain,
    phase: Deploy,
    limits: (Option<Duration>, Option<Duration>),
    by: String,
}

/// What an upgrade or a downgrade did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The run's id; empty when there was nothing to do.
    pub run: String,
    /// The migrations that were applied or undone, in that order.
    pub migrations: Vec<String>,
    /// Migrations that the database has and this program does not know, all newer than its own.
    pub newer: Vec<String>,
}

/// A migrator that is put together by hand, where nothing is registered: no linker is needed.
#[derive(Clone, Debug, Default)]
pub struct MigratorBuilder {
    migrations: Vec<MigrationDef>,
    registry: Registry,
}

impl MigratorBuilder {
    /// Migrations.
    #[must_use]
    pub fn migrations(mut self, migrations: impl IntoIterator<Item = MigrationDef>) -> Self {
        self.migrations.extend(migrations);
        self
    }

    /// Models.
    #[must_use]
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = registry;
        self
    }

    /// The migrator.
    ///
    /// # Errors
    ///
    /// When the migrations make no graph.
    pub fn build(self) -> Result<Migrator, MigrateError> {
        Ok(Migrator::of(Graph::new(self.migrations)?, self.registry))
    }
}

impl Migrator {
    fn of(graph: Graph, registry: Registry) -> Self {
        let host = std::env::var("HOSTNAME").ok();
        let user = std::env::var("USER").ok();
        let by = [user, host].into_iter().flatten().collect::<Vec<_>>().join("@");
        let (place, lock_wait) = (Place::default(), Duration::from_secs(60));
        Self {
            graph,
            registry,
            place,
            lock_wait,
            uncertain: Uncertain::default(),
            phase: Deploy::After,
            limits: (None, None),
            by,
        }
    }

    /// All migrations and models that this program's crates registered.
    ///
    /// # Errors
    ///
    /// When the migrations make no graph.
    pub fn from_registry() -> Result<Self, MigrateError> {
        Ok(Self::of(Graph::registered(None)?, Registry::registered()))
    }

    /// All migrations and models of one group that this program's crates registered: those of one database, where a
    /// program has several.
    ///
    /// # Errors
    ///
    /// When the migrations make no graph.
    pub fn from_group(group: &str) -> Result<Self, MigrateError> {
        Ok(Self::of(Graph::registered(Some(group))?, Registry::registered_in(Some(group))))
    }

    /// Migrations and models given by hand.
    #[must_use]
    pub fn builder() -> MigratorBuilder {
        MigratorBuilder::default()
    }

    /// Keeps the bookkeeping at another place.
    #[must_use]
    pub fn bookkeeping(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Waits so long for another run.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Self {
        self.lock_wait = wait;
        self
    }

    /// Lets no statement wait longer than this for a lock that somebody else holds. What fails for that is tried again,
    /// as long as [`lock_wait`](Self::lock_wait) says.
    #[must_use]
    pub fn lock_timeout(mut self, limit: Duration) -> Self {
        self.limits.0 = Some(limit);
        self
    }

    /// Lets no statement run longer than this, where the database can see to that.
    #[must_use]
    pub fn statement_timeout(mut self, limit: Duration) -> Self {
        self.limits.1 = Some(limit);
        self
    }

    /// Knows about the statement outside of a transaction that was under way when a run died.
    #[must_use]
    pub fn interrupted(mut self, uncertain: Uncertain) -> Self {
        self.uncertain = uncertain;
        self
    }

    /// How far a deploy has come: until the old code is gone ([`Deploy::Before`]), migrations that say `deploy: after`
    /// wait, and so does what comes after them. When nothing is said, nothing waits.
    #[must_use]
    pub fn phase(mut self, phase: Deploy) -> Self {
        self.phase = phase;
        self
    }

    /// The migrations.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The models.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Where the bookkeeping is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    fn history(&self, backend: &dyn Backend) -> History {
        History::new(&self.place, backend.capabilities().namespaces)
    }

    fn settings(&self, backend: &dyn Backend) -> Settings {
        Settings {
            lock_wait: self.lock_wait,
            history: self.history(backend),
            run: run_id(),
            by: self.by.clone(),
            uncertain: self.uncertain,
            phase: self.phase,
            limits: self.limits,
        }
    }

    /// Applies what is missing to be at a target.
    ///
    /// Ten replicas may do this at once: each migration is applied by one of them.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, has migrations that are not known here, or a migration fails. A migration
    /// that fails is rolled back; those before it stay.
    pub async fn upgrade(&self, on: impl Source, target: Target) -> Result<Report, MigrateError> {
        self.upgrade_with(on, target, &mut Quiet).await
    }

    /// As [`upgrade`](Self::upgrade), with somebody who listens.
    ///
    /// # Errors
    ///
    /// As [`upgrade`](Self::upgrade).
    pub async fn upgrade_with(
        &self,
        on: impl Source,
        target: Target,
        progress: &mut (dyn Progress + Send),
    ) -> Result<Report, MigrateError> {
        let mut held = Held::new(on.backend().await?);
        let settings = self.settings(&*held.backend);
        let mut executor = Executor { backend: &mut *held.backend, graph: &self.graph, settings: &settings, progress };
        let applied = executor.applied().await?;
        let newer = self.newer(&applied)?;
        let pending = pending(&self.graph, self.phase, &target, &ids(&applied))?;
        if pending.is_empty() && !executor.is_half_done(&applied).await? {
            return Ok(Report { newer, ..Report::default() });
        }
        held.at_work = true;
        let migrations = executor.upgrade(&target).await;
        held.at_work = false;
        Ok(Report { run: settings.run, migrations: migrations?, newer })
    }

    /// Undoes what is too much to be at a target.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, a migration cannot be undone, or undoing fails.
    pub async fn downgrade(&self, on: impl Source, target: Target) -> Result<Report, MigrateError> {
        self.downgrade_with(on, target, &mut Quiet).await
    }

    /// As [`downgrade`](Self::downgrade), with somebody who listens.
    ///
    /// # Errors
    ///
    /// As [`downgrade`](Self::downgrade).
    pub async fn downgrade_with(
        &self,
        on: impl Source,
        target: Target,
        progress: &mut (dyn Progress + Send),
    ) -> Result<Report, MigrateError> {
        let mut held = Held::new(on.backend().await?);
        let settings = self.settings(&*held.backend);
        let mut executor = Executor { backend: &mut *held.backend, graph: &self.graph, settings: &settings, progress };
        let applied = executor.applied().await?;
        if undone(&self.graph, &target, &applied)?.is_empty() && !executor.is_half_done(&applied).await? {
            return Ok(Report::default());
        }
        held.at_work = true;
        let migrations = executor.downgrade(&target).await;
        held.at_work = false;
        Ok(Report { run: settings.run, migrations: migrations?, newer: Vec::new() })
    }

    /// Undoes all that the last run applied.
    ///
    /// # Errors
    ///
    /// As [`downgrade`](Self::downgrade).
    pub async fn downgrade_last_run(
        &self,
        on: impl Source,
        progress: &mut (dyn Progress + Send),
    ) -> Result<Report, MigrateError> {
        self.downgrade_with(on, Target::LastRun, progress).await
    }

    /// Writes down that a target is what the database is at, and runs nothing: for a database that came another way, or
    /// that somebody finished by hand. With `purge`, rows of migrations that this program does not know go too.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, or the target is not clear.
    pub async fn stamp(&self, on: impl Source, target: Target, purge: bool) -> Result<(), MigrateError> {
        let mut held = Held::new(on.backend().await?);
        let settings = self.settings(&*held.backend);
        let mut executor =
            Executor { backend: &mut *held.backend, graph: &self.graph, settings: &settings, progress: &mut Quiet };
        held.at_work = true;
        let done = executor.stamp(&target, purge).await;
        held.at_work = false;
        done
    }

    /// What migrations kept of what they dropped: of one, or of all.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub async fn kept(&self, on: impl Source, migration: Option<&str>) -> Result<Vec<Kept>, MigrateError> {
        let mut backend = on.backend().await?;
        let settings = self.settings(&*backend);
        let mut executor =
            Executor { backend: &mut *backend, graph: &self.graph, settings: &settings, progress: &mut Quiet };
        executor.kept(migration).await
    }

    /// Removes for good what migrations kept. Their `down` has nothing to bring back from then on, and is refused.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, or refuses.
    pub async fn purge(&self, on: impl Source, kept: &[Kept]) -> Result<(), MigrateError> {
        let mut held = Held::new(on.backend().await?);
        let settings = self.settings(&*held.backend);
        let mut executor =
            Executor { backend: &mut *held.backend, graph: &self.graph, settings: &settings, progress: &mut Quiet };
        held.at_work = true;
        let done = executor.purge(kept).await;
        held.at_work = false;
        done
    }

    /// Undoes the last migration and applies it again.
    ///
    /// # Errors
    ///
    /// As [`downgrade`](Self::downgrade) and [`upgrade`](Self::upgrade).
    pub async fn redo_with(
        &self,
        on: impl Source,
        progress: &mut (dyn Progress + Send),
    ) -> Result<Report, MigrateError> {
        let mut held = Held::new(on.backend().await?);
        let settings = self.settings(&*held.backend);
        let mut executor = Executor { backend: &mut *held.backend, graph: &self.graph, settings: &settings, progress };
        held.at_work = true;
        let done = executor.redo().await;
        held.at_work = false;
        Ok(Report { run: settings.run, migrations: done?, newer: Vec::new() })
    }

    /// What an upgrade would do: the migrations, their changes, their statements. Nothing is run.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, or a migration does not fit.
    pub async fn preview(&self, on: impl Source, target: Target) -> Result<Vec<Preview>, MigrateError> {
        let mut backend = on.backend().await?;
        let settings = self.settings(&*backend);
        let mut executor =
            Executor { backend: &mut *backend, graph: &self.graph, settings: &settings, progress: &mut Quiet };
        executor.preview(&target).await
    }

    /// What a downgrade would do. Nothing is run.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, or a migration cannot be undone.
    pub async fn preview_down(&self, on: impl Source, target: Target) -> Result<Vec<Preview>, MigrateError> {
        let mut backend = on.backend().await?;
        let settings = self.settings(&*backend);
        let mut executor =
            Executor { backend: &mut *backend, graph: &self.graph, settings: &settings, progress: &mut Quiet };
        executor.preview_down(&target).await
    }

    /// Applied migrations that are not known here. All of them must come after what is known: then an older program
    /// meets a newer database. Any other is an error.
    fn newer(&self, applied: &[Applied]) -> Result<Vec<String>, MigrateError> {
        let heads: BTreeSet<&str> = self.graph.heads().iter().map(|m| m.id).collect();
        let mut newer: Vec<String> = Vec::new();
        for row in applied.iter().filter(|row| self.graph.find(&row.id).is_none()) {
            let after = |id: &String| heads.contains(id.as_str()) || newer.contains(id);
            if row.revises.is_empty() || !row.revises.iter().all(after) {
                return Err(MigrateError::Unknown { id: row.id.clone(), message: row.message.clone() });
            }
            newer.push(row.id.clone());
        }
        Ok(newer)
    }

    /// The applied migrations, in the order in which they were.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub async fn applied(&self, on: impl Source) -> Result<Vec<Applied>, MigrateError> {
        let mut backend = on.backend().await?;
        let history = self.history(&*backend);
        Ok(history.read(&mut *backend).await?)
    }

    /// The migration that a run left half done, and how many of its parts are done.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub async fn half_done(&self, on: impl Source) -> Result<Option<(String, usize)>, MigrateError> {
        let mut backend = on.backend().await?;
        let history = self.history(&*backend);
        if history.read(&mut *backend).await?.is_empty() {
            return Ok(None);
        }
        Ok(history.journal(&mut *backend).await?.map(|journal| (journal.migration, journal.done)))
    }

    /// Where a database stands: what is applied, what is missing, and what differs from the migrations.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, or a migration does not fit.
    pub async fn status(&self, backend: &mut dyn Backend) -> Result<Status, MigrateError> {
        let applied = self.history(backend).read(backend).await?;
        let newer = self.newer(&applied)?;
        Status::read(backend, &self.graph, applied, newer).await
    }

    /// Waits until somebody has brought the database to the head, and never migrates.
    ///
    /// # Errors
    ///
    /// When the time is over, or the database cannot be reached.
    pub async fn require_head(&self, on: impl Source, timeout: Duration) -> Result<(), MigrateError> {
        let began = Instant::now();
        let mut backend = on.backend().await?;
        let history = self.history(&*backend);
        loop {
            let applied = ids(&history.read(&mut *backend).await?);
            let pending: Vec<String> =
                self.graph.migrations().iter().map(|m| m.id.to_owned()).filter(|id| !applied.contains(id)).collect();
            if pending.is_empty() {
                return Ok(());
            }
            if began.elapsed() >= timeout {
                return Err(MigrateError::Behind { pending });
            }
            tokio::time::sleep(Duration::from_millis(100).min(timeout)).await;
        }
    }

    /// Makes what the models say, without migrations and bookkeeping: for tests. What is there already stays.
    ///
    /// # Errors
    ///
    /// When no model is registered, the models contradict each other, or the database cannot hold them.
    pub async fn create_all(&self, on: impl Source) -> Result<(), MigrateError> {
        let models = self.registry.schema()?;
        let mut backend = on.backend().await?;
        create(&mut *backend, &models).await
    }
}

async fn create(backend: &mut dyn Backend, models: &Schema) -> Result<(), MigrateError> {
    let current = backend.introspect().await?.schema;
    let current = aligned(backend, &current, models).await?;
    let mut missing = diff(&current, models, &Renames::default()).map(|d| d.changes).unwrap_or_default();
    missing.retain(|change| change.loses().is_empty() && !change.touches().creates.is_empty());
    let plan = order(crate::diff::Diff { renames: Vec::new(), changes: missing })?;
    let actions: Vec<Action> = plan.changes.into_iter().map(Action::Change).collect();
    let (work, _) = work(&actions, &current, backend.dialect(), backend.capabilities(), &Terms::default())
        .map_err(|e| MigrateError::Models(Box::new(e)))?;
    backend.begin().await?;
    for it in &work {
        let Work::Statement(statement) = it else { continue };
        if let Err(error) = backend.execute(&statement.sql).await {
            backend.rollback().await.ok();
            return Err(error.into());
        }
    }
    Ok(backend.commit().await?)
}

/// Makes what the registered models say, for tests.
///
/// # Errors
///
/// As [`Migrator::create_all`].
pub async fn create_all(on: impl Source) -> Result<(), MigrateError> {
    Migrator::from_registry()?.create_all(on).await
}

/// Waits until the database is at the head of the registered migrations.
///
/// # Errors
///
/// As [`Migrator::require_head`].
pub async fn require_head(on: impl Source, timeout: Duration) -> Result<(), MigrateError> {
    Migrator::from_registry()?.require_head(on, timeout).await
}

/// Eight hexadecimal digits that no other run has.
fn run_id() -> String {
    use sha2::{Digest, Sha256};
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = format!("{}-{}", now.as_nanos(), std::process::id());
    Sha256::digest(seed.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
