//! Carrying out the work of one migration, part by part.

use std::time::{Duration, Instant};

use super::code::Code;
use super::history::Applied;
use super::journal::Standing;
use super::lock::Patience;
use super::run::{Executor, Settings, Uncertain, milliseconds};
use super::work::{Repeat, Unit, Work, stored, units};
use super::{BoxError, Direction, Event, MigrateError, MigrationDef, Progress};
use crate::dialect::{Alone, DatabaseError};
use crate::plan::{Place, Statement};

/// One migration in one direction, ready to run.
pub(super) struct Job {
    pub(super) id: String,
    pub(super) message: String,
    pub(super) work: Vec<Work>,
    direction: Direction,
    /// The module, where it is known.
    migration: Option<MigrationDef>,
    /// The row that is written or deleted.
    row: Applied,
    /// How many migrations are applied, when the work was made for exactly that state.
    among: Option<usize>,
    began: Instant,
}

/// How a job ended, when nothing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is done.
    Done,
    /// Somebody else did it, or is at something else: nothing was done here.
    Overtaken,
}

impl Job {
    /// A migration that shall be applied.
    pub(super) fn up(migration: &MigrationDef, row: Applied, work: Vec<Work>) -> Self {
        Self::new(Direction::Up, Some(*migration), row, work)
    }

    /// A migration that shall be undone.
    pub(super) fn down(row: &Applied, migration: Option<&MigrationDef>, work: Vec<Work>) -> Self {
        Self::new(Direction::Down, migration.copied(), row.clone(), work)
    }

    fn new(direction: Direction, migration: Option<MigrationDef>, row: Applied, work: Vec<Work>) -> Self {
        let (id, message) = (row.id.clone(), row.message.clone());
        Self { id, message, work, direction, migration, row, among: None, began: Instant::now() }
    }

    /// The same job, for a database that has so many migrations.
    pub(super) fn among(mut self, applied: usize) -> Self {
        self.among = Some(applied);
        self
    }

    /// Whether others were there since the work was made: it may not fit any more.
    fn is_stale(&self, standing: &Standing) -> bool {
        let done_already = standing.applied == (self.direction == Direction::Up);
        done_already || self.among.is_some_and(|among| among != standing.count)
    }

    fn placed(&self, place: Place) -> impl Iterator<Item = &Statement> {
        self.work.iter().filter_map(move |it| match it {
            Work::Statement(statement) if statement.place == place => Some(statement),
            Work::Statement(_) | Work::Run(_) | Work::Repeat(_) | Work::Commit | Work::Remark(_) => None,
        })
    }
}

/// What did not work, before it is said of which migration and how far that came.
enum Fault {
    /// The database refused a statement.
    Statement { about: String, source: DatabaseError },
    /// What must not be there is.
    Found { what: String, count: u64, first: Vec<String> },
    /// The user's code failed.
    Code(BoxError),
    /// Something around the work failed.
    Other(MigrateError),
}

impl From<DatabaseError> for Fault {
    fn from(error: DatabaseError) -> Self {
        Self::Other(error.into())
    }
}

impl Fault {
    fn is_busy(&self) -> bool {
        match self {
            Self::Statement { source, .. } | Self::Other(MigrateError::Database(source)) => source.is_busy(),
            Self::Code(_) | Self::Found { .. } | Self::Other(_) => false,
        }
    }

    fn of(self, job: &Job, done: usize, parts: usize) -> MigrateError {
        let (id, message) = (job.id.clone(), job.message.clone());
        let half = parts > 1;
        match self {
            Self::Other(error) => error,
            Self::Found { what, count, first } => MigrateError::Found { id, message, what, count, first },
            Self::Statement { about, source } if half => {
                MigrateError::HalfDone { id, message, done, parts, what: about, source: Box::new(source) }
            }
            Self::Statement { about, source } => MigrateError::Failed { id, message, about, source: Box::new(source) },
            Self::Code(source) if half => {
                MigrateError::HalfDone { id, message, done, parts, what: "run its own code".to_owned(), source }
            }
            Self::Code(source) => MigrateError::Code { id, message, source },
        }
    }
}

/// Whether the first of some parts is a transaction: when that is not done, nothing is.
pub(super) fn is_whole(parts: &[Unit<'_>]) -> bool {
    matches!(parts.first(), Some(Unit::Together(_)))
}

/// What a statement did that was under way when a run died.
enum Took {
    Effect,
    None,
}

/// Where to go on after a part.
enum Next {
    Part(usize),
    Overtaken,
}

impl Executor<'_> {
    /// Does the work of one migration and writes it down: in one transaction where the database allows that, else part
    /// by part with a journal. `from` is where a journal that is open stands.
    pub(super) async fn carry_out(&mut self, job: Job, from: Option<usize>) -> Result<Outcome, MigrateError> {
        let Job { id, message, direction, work, .. } = &job;
        self.progress.event(Event::Begin { id, message, direction: *direction, statements: work.len() });
        let parts = units(&job.work);
        let mut done = from.unwrap_or_default();
        let outcome = match self.setup(&job).await {
            Ok(()) => self.all_parts(&job, &parts, &mut done, from.is_some()).await,
            Err(fault) => Err(fault),
        };
        // What the first transaction did is rolled back with it, and nothing else was done.
        let untouched = outcome.is_err() && done == 0 && is_whole(&parts);
        if outcome.is_err() {
            // The error that led here says more than one of the rollback would.
            self.backend.rollback().await.ok();
        }
        if untouched && parts.len() > 1 {
            self.abandon(&job.id).await.ok();
        }
        let half = if untouched { 1 } else { parts.len() };
        for statement in job.placed(Place::Cleanup) {
            let cleaned = self.send(statement).await;
            if outcome.is_ok() {
                cleaned.map_err(|fault| fault.of(&job, done, half))?;
            }
        }
        let outcome = outcome.map_err(|fault| fault.of(&job, done, half))?;
        if outcome == Outcome::Done {
            let Job { id, message, direction, began, .. } = &job;
            self.progress.event(Event::End { id, message, direction: *direction, took: began.elapsed() });
        }
        Ok(outcome)
    }

    async fn setup(&mut self, job: &Job) -> Result<(), Fault> {
        for statement in job.placed(Place::Setup) {
            self.send(statement).await?;
        }
        Ok(())
    }

    async fn all_parts(
        &mut self,
        job: &Job,
        parts: &[Unit<'_>],
        done: &mut usize,
        resumed: bool,
    ) -> Result<Outcome, Fault> {
        let journaled = parts.len() > 1;
        let mut patience = Patience::new(self.settings.lock_wait);
        let mut opened = resumed || !journaled;
        while *done < parts.len() {
            let next = if !opened {
                self.open_journal(job).await
            } else {
                match &parts[*done] {
                    Unit::Together(work) => self.together(job, work, *done, parts.len()).await,
                    Unit::Alone(statement) => self.alone(job, statement, *done).await,
                    Unit::Repeat(repeat) => self.repeat(job, repeat, *done).await,
                }
            };
            match next {
                Ok(Next::Part(next)) => (*done, opened) = (next, true),
                Ok(Next::Overtaken) => return Ok(Outcome::Overtaken),
                // Others hold what this needs. Nothing of the part is done, so it can be tried again.
                Err(fault) if fault.is_busy() => {
                    self.backend.rollback().await.ok();
                    self.progress.event(Event::Retry { id: &job.id });
                    if !patience.again().await {
                        return Err(fault);
                    }
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(Outcome::Done)
    }

    /// Writes all work down before any of it is done.
    async fn open_journal(&mut self, job: &Job) -> Result<Next, Fault> {
        let standing = self.begin_transaction(job).await?;
        if job.is_stale(&standing) || standing.open.is_some() {
            self.backend.rollback().await?;
            return Ok(Next::Overtaken);
        }
        let (begin, hash) = match (job.direction, &job.migration) {
            (Direction::Up, _) => ("begin up", job.row.hash.clone()),
            (Direction::Down, Some(m)) => ("begin down", super::hash(&super::builder::Migration::record(m.down))),
            (Direction::Down, None) => ("begin down", String::new()),
        };
        let plan = stored(&job.work);
        let notes = [(begin, &hash), ("down", &job.row.down), ("plan", &plan)];
        let notes = notes.map(|(event, detail)| self.note(job, event, detail));
        self.backend.commit_after(&notes).await?;
        Ok(Next::Part(0))
    }

    /// Closes the journal of a migration of which nothing is done.
    pub(super) async fn abandon(&mut self, id: &str) -> Result<(), DatabaseError> {
        let standing = self.settings.history.standing(self.backend, id, true).await?;
        if standing.elsewhere || standing.announced || standing.open.is_none_or(|(of, done)| of != id || done > 0) {
            return self.backend.rollback().await;
        }
        let Settings { history, run, by, .. } = self.settings;
        let note = history.log_statement(self.backend.dialect(), run, id, "abandon", by, "");
        self.backend.commit_after(&[note]).await
    }

    /// Begins a transaction, in the session that has the lock.
    async fn begin_transaction(&mut self, job: &Job) -> Result<Standing, Fault> {
        let standing = self.settings.history.standing(self.backend, &job.id, true).await?;
        if standing.elsewhere {
            let (id, message) = (job.id.clone(), job.message.clone());
            return Err(Fault::Other(MigrateError::Elsewhere { id, message }));
        }
        Ok(standing)
    }

    /// Begins the transaction of a part, if the part is still to be done.
    async fn begin_part(&mut self, job: &Job, at: usize, parts: usize) -> Result<Option<Next>, Fault> {
        let standing = self.begin_transaction(job).await?;
        let next = match standing.open {
            _ if job.is_stale(&standing) => Some(Next::Overtaken),
            // A journal is open, and it is not of this migration, or this one needs none. One of which nothing is done
            // ends with the migration.
            Some((of, done)) if of != job.id || parts == 1 && done > 0 => Some(Next::Overtaken),
            Some((_, done)) if done > at => Some(Next::Part(done)),
            Some(_) => None,
            None if parts == 1 => None,
            None => Some(Next::Overtaken),
        };
        if next.is_some() {
            self.backend.rollback().await?;
        }
        Ok(next)
    }

    /// A part in its transaction.
    async fn together(&mut self, job: &Job, part: &[&Work], at: usize, parts: usize) -> Result<Next, Fault> {
        if let Some(next) = self.begin_part(job, at, parts).await? {
            return Ok(next);
        }
        for it in part {
            match it {
                Work::Statement(statement) => self.send(statement).await?,
                Work::Run(run) => {
                    if let Some(code) = run.0.downcast_ref::<Code>() {
                        (code.0)(self.backend.connection()).await.map_err(Fault::Code)?;
                    }
                }
                // These part the work; none is inside a part.
                Work::Repeat(_) | Work::Commit | Work::Remark(_) => {}
            }
        }
        let last = if at + 1 == parts { self.written_down(job) } else { vec![self.done(job, at)] };
        self.backend.commit_after(&last).await?;
        Ok(Next::Part(at + 1))
    }

    /// A part that does so many rows at a time, each time in a transaction, until no row is left.
    async fn repeat(&mut self, job: &Job, repeat: &Repeat, at: usize) -> Result<Next, Fault> {
        let about = &repeat.statement.about;
        let refused = |source| Fault::Statement { about: about.clone(), source };
        let rest = self.backend.rows(&repeat.rest).await.map_err(refused)?;
        let rest = number(rest);
        let mut rows = 0;
        loop {
            // The last part is always a plain transaction, so this is one of several.
            if let Some(next) = self.begin_part(job, at, at + 2).await? {
                return Ok(next);
            }
            self.progress.event(Event::Statement(&repeat.statement));
            let changed = self.backend.execute(&repeat.statement.sql).await.map_err(refused)?;
            if changed == 0 {
                self.backend.commit_after(&[self.done(job, at)]).await?;
                return Ok(Next::Part(at + 1));
            }
            self.backend.commit().await?;
            rows += changed;
            self.progress.event(Event::Batch { about, rows, rest: rest.saturating_sub(rows) });
            // Others may add rows meanwhile, but hardly as many as there were.
            if rows > 2 * rest + 100 * changed {
                let (id, message, about) = (job.id.clone(), job.message.clone(), about.clone());
                return Err(Fault::Other(MigrateError::Endless { id, message, about, rows }));
            }
        }
    }

    /// A part that no transaction can hold: it is announced, it runs, it is said to be done.
    async fn alone(&mut self, job: &Job, statement: &Statement, at: usize) -> Result<Next, Fault> {
        let mut patience = Patience::new(self.settings.lock_wait);
        let runs = loop {
            // The last part is always a transaction, so this is one of several.
            if let Some(next) = self.begin_part(job, at, at + 2).await? {
                return Ok(next);
            }
            let standing = self.settings.history.standing(self.backend, &job.id, false).await?;
            if !standing.announced {
                self.backend.commit_after(&[self.note(job, "alone", &at.to_string())]).await?;
                // What an attempt of anybody's left broken counts as absent.
                self.asked(statement).await?;
                break true;
            }
            self.backend.rollback().await?;
            match self.settings.uncertain {
                _ if statement.repeatable => break true,
                Uncertain::Again => break true,
                Uncertain::Done => break false,
                Uncertain::Refuse => {}
            }
            match self.asked(statement).await? {
                Some(Took::Effect) => break false,
                Some(Took::None) => break true,
                None => {}
            }
            // Where the lock is real, who announced it is dead. Elsewhere that one may be at it right now.
            let locked = self.backend.lock_holder(&self.settings.history.key()).await?.is_some();
            if locked || !patience.again().await {
                let (id, message, sql) = (job.id.clone(), job.message.clone(), statement.sql.clone());
                return Err(Fault::Other(MigrateError::Uncertain { id, message, sql }));
            }
        };
        if runs {
            self.send(statement).await?;
        }
        if let Some(next) = self.begin_part(job, at, at + 2).await? {
            return Ok(next);
        }
        self.backend.commit_after(&[self.done(job, at)]).await?;
        Ok(Next::Part(at + 1))
    }

    /// Whether a statement took effect that was under way when a run died, where the database can tell. What is broken
    /// is taken away.
    async fn asked(&mut self, statement: &Statement) -> Result<Option<Took>, Fault> {
        let Some(Alone::Ask { query, repair }) = self.backend.dialect().alone(&statement.sql) else {
            return Ok(None);
        };
        let said = self.backend.rows(&query).await?.into_iter().flatten().flatten().next();
        if said.as_deref() == Some("done") {
            return Ok(Some(Took::Effect));
        }
        if let (Some("broken"), Some(repair)) = (said.as_deref(), repair) {
            self.send(&Statement::new(repair, "take away what was left half done")).await?;
        }
        Ok(Some(Took::None))
    }

    /// What writes down that all of it is done.
    fn written_down(&self, job: &Job) -> Vec<String> {
        let (history, dialect) = (&self.settings.history, self.backend.dialect());
        match job.direction {
            Direction::Up => {
                let row = Applied { duration_ms: milliseconds(job.began), ..job.row.clone() };
                history.insert_statements(dialect, &row).into()
            }
            Direction::Down => {
                history.delete_statements(dialect, &self.settings.run, &job.id, &self.settings.by).into()
            }
        }
    }

    /// What writes down that a part is done.
    fn done(&self, job: &Job, at: usize) -> String {
        self.note(job, "done", &(at + 1).to_string())
    }

    fn note(&self, job: &Job, event: &str, detail: &str) -> String {
        let Settings { history, run, by, .. } = self.settings;
        history.log_statement(self.backend.dialect(), run, &job.id, event, by, detail)
    }

    async fn send(&mut self, statement: &Statement) -> Result<(), Fault> {
        self.progress.event(Event::Statement(statement));
        let refused = |source| Fault::Statement { about: statement.about.clone(), source };
        if statement.finds_none {
            let found = format!("FROM ({}) AS limbeck_found", statement.sql);
            let refused = |source| Fault::Statement { about: format!("look for {}", statement.about), source };
            let counted = self.backend.rows(&format!("SELECT CAST(count(*) AS text) {found}")).await;
            let count = number(counted.map_err(refused)?);
            if count == 0 {
                return Ok(());
            }
            let first =
                self.backend.rows(&format!("SELECT * {found} ORDER BY 1 LIMIT {SHOWN}")).await.map_err(refused)?;
            let first = first.iter().map(|row| in_words(row)).collect();
            return Err(Fault::Found { what: statement.about.clone(), count, first });
        }
        let rows = match &statement.rows {
            Some(count) => number(self.backend.rows(count).await.map_err(refused)?),
            None => 0,
        };
        let sent = self.backend.execute(&statement.sql);
        let sent = if rows < MANY { sent.await } else { watched(sent, self.progress, &statement.about, rows).await };
        sent.map(drop).map_err(refused)
    }
}

/// So many of the rows that must not be there are shown.
const SHOWN: usize = 5;

fn in_words(row: &[Option<String>]) -> String {
    let values: Vec<&str> = row.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect();
    if let [one] = values.as_slice() { (*one).to_owned() } else { format!("({})", values.join(", ")) }
}

/// So many rows keep somebody waiting.
const MANY: u64 = 100_000;

/// Waits for a statement, and says every second that it still runs.
async fn watched(
    mut sent: crate::dialect::Work<'_, u64>,
    progress: &mut (dyn Progress + Send),
    about: &str,
    rows: u64,
) -> Result<u64, DatabaseError> {
    let began = Instant::now();
    loop {
        progress.event(Event::Running { about, rows, took: began.elapsed() });
        if let Ok(done) = tokio::time::timeout(Duration::from_secs(1), &mut sent).await {
            return done;
        }
    }
}

/// The one number that a query gives.
fn number(rows: Vec<Vec<Option<String>>>) -> u64 {
    rows.into_iter().flatten().flatten().next().and_then(|n| n.parse().ok()).unwrap_or_default()
}
