//! Running migrations on one connection.

use std::time::{Duration, Instant};

use super::builder::Migration;
use super::code::Code;
use super::hash::hash;
use super::history::{Applied, History, ids};
use super::work::{Work, restored, stored, work};
use super::{Direction, Event, Graph, MigrateError, MigrationDef, Progress, ReplayError, resolve};
use crate::dialect::{Backend, DatabaseError, aligned};
use crate::plan::{Place, Statement};
use crate::schema::Schema;

/// What a run needs to know.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// How long to wait for another who migrates.
    pub(super) lock_wait: Duration,
    /// The bookkeeping.
    pub(super) history: History,
    /// The run's id: the same in every row that it writes.
    pub(super) run: String,
    /// Who runs it.
    pub(super) by: String,
}

/// One run on one connection.
pub(super) struct Executor<'a> {
    pub(super) backend: &'a mut dyn Backend,
    pub(super) graph: &'a Graph,
    pub(super) settings: &'a Settings,
    pub(super) progress: &'a mut (dyn Progress + Send),
}

impl Executor<'_> {
    /// Applies migrations that are in the graph's order, save those that are applied by then.
    pub(super) async fn upgrade(&mut self, pending: &[MigrationDef]) -> Result<Vec<String>, MigrateError> {
        self.settings.history.create(self.backend).await?;
        self.lock().await?;
        let done = self.apply_all(pending).await;
        let unlocked = self.backend.unlock(LOCK).await;
        let done = done?;
        unlocked?;
        Ok(done)
    }

    async fn apply_all(&mut self, pending: &[MigrationDef]) -> Result<Vec<String>, MigrateError> {
        let mut state = self.state().await?;
        let mut done = Vec::new();
        for migration in pending {
            match self.apply(migration, &state).await? {
                Some(after) => {
                    done.push(migration.id.to_owned());
                    state = after;
                }
                // Somebody else applied it meanwhile: look again.
                None => state = self.state().await?,
            }
        }
        Ok(done)
    }

    /// The schema that the database is at, in the migrations' spelling.
    async fn state(&mut self) -> Result<Schema, MigrateError> {
        let applied = self.settings.history.read(self.backend).await?;
        let replayed = self.graph.replay(&ids(&applied), self.backend.dialect().database())?;
        let current = self.backend.introspect().await?.schema;
        Ok(aligned(self.backend, &current, &replayed).await?)
    }

    /// Applies one migration, and gives the schema after it; nothing when it was applied already.
    async fn apply(&mut self, migration: &MigrationDef, state: &Schema) -> Result<Option<Schema>, MigrateError> {
        let began = Instant::now();
        let (forwards, after) = self.prepare(migration, migration.up, state)?;
        let (back, _) = self.prepare(migration, migration.down, &after)?;
        self.progress.event(Event::Begin { migration, direction: Direction::Up, statements: forwards.len() });
        let mut row = Applied::of(migration, &self.settings.run, &self.settings.by);
        row.hash = hash(&Migration::record(migration.up));
        row.down = stored(&back).unwrap_or_default();
        let book = Book::Insert(Box::new(row), began);
        if !self.carry_out(migration, &forwards, book).await? {
            return Ok(None);
        }
        self.progress.event(Event::End { migration, direction: Direction::Up, took: began.elapsed() });
        Ok(Some(after))
    }

    /// What one direction of a migration comes to here, and the schema after it.
    fn prepare(
        &self,
        migration: &MigrationDef,
        say: fn(&mut Migration),
        state: &Schema,
    ) -> Result<(Vec<Work>, Schema), MigrateError> {
        let dialect = self.backend.dialect();
        let steps = Migration::record(say);
        let (actions, _) =
            resolve(&steps, state, Some(dialect.database())).map_err(|e| ReplayError::of(migration, e))?;
        work(&actions, state, dialect, self.backend.capabilities()).map_err(|source| MigrateError::Cannot {
            id: migration.id.to_owned(),
            message: migration.message.to_owned(),
            source: Box::new(source),
        })
    }

    /// Undoes applied migrations, the newest first.
    pub(super) async fn downgrade(&mut self, rows: &[Applied]) -> Result<Vec<String>, MigrateError> {
        self.refuse_irreversible(rows)?;
        self.lock().await?;
        let done = self.undo_all(rows).await;
        let unlocked = self.backend.unlock(LOCK).await;
        let done = done?;
        unlocked?;
        Ok(done)
    }

    fn refuse_irreversible(&self, rows: &[Applied]) -> Result<(), MigrateError> {
        for migration in rows.iter().filter_map(|row| self.graph.find(&row.id)) {
            for step in Migration::record(migration.down) {
                if let crate::source::Step::Irreversible(why) = step {
                    let (id, message) = (migration.id.to_owned(), migration.message.to_owned());
                    return Err(MigrateError::Irreversible { id, message, why });
                }
            }
        }
        Ok(())
    }

    async fn undo_all(&mut self, rows: &[Applied]) -> Result<Vec<String>, MigrateError> {
        let mut state = None;
        let mut done = Vec::new();
        for row in rows {
            let Some(migration) = self.graph.find(&row.id).copied() else {
                self.undo_stored(row).await?;
                // Nobody here knows what the stored statements did.
                state = None;
                done.push(row.id.clone());
                continue;
            };
            let before = match state.take() {
                Some(state) => state,
                None => self.state().await?,
            };
            let began = Instant::now();
            let (back, after) = self.prepare(&migration, migration.down, &before)?;
            self.progress.event(Event::Begin {
                migration: &migration,
                direction: Direction::Down,
                statements: back.len(),
            });
            if self.carry_out(&migration, &back, Book::Delete).await? {
                done.push(row.id.clone());
                self.progress.event(Event::End {
                    migration: &migration,
                    direction: Direction::Down,
                    took: began.elapsed(),
                });
                state = Some(after);
            }
        }
        Ok(done)
    }

    /// Undoes a migration that this program does not know, by the statements that were stored when it was applied.
    async fn undo_stored(&mut self, row: &Applied) -> Result<(), MigrateError> {
        let back = restored(&row.down);
        if back.is_empty() {
            return Err(MigrateError::NothingStored { id: row.id.clone(), message: row.message.clone() });
        }
        let named = Named { id: row.id.clone(), message: row.message.clone() };
        self.carry_out_named(&named, &back, Book::Delete).await?;
        Ok(())
    }

    async fn carry_out(&mut self, migration: &MigrationDef, all: &[Work], book: Book) -> Result<bool, MigrateError> {
        let known = Named { id: migration.id.to_owned(), message: migration.message.to_owned() };
        self.carry_out_named(&known, all, book).await
    }

    /// Does the work of one migration and writes it down, all in one transaction where the database allows that.
    /// Says no when somebody else did it meanwhile.
    async fn carry_out_named(&mut self, of: &Named, all: &[Work], book: Book) -> Result<bool, MigrateError> {
        let place = |wanted: Place| {
            all.iter().filter_map(move |w| match w {
                Work::Statement(s) if s.place == wanted => Some(s),
                Work::Statement(_) | Work::Run(_) => None,
            })
        };
        for statement in place(Place::Setup) {
            self.send(of, statement).await?;
        }
        let done = self.inside(of, all, book).await;
        if done.is_err() {
            // The error that led here says more than one of the rollback would.
            self.backend.rollback().await.ok();
        }
        for statement in place(Place::Cleanup) {
            let cleaned = self.send(of, statement).await;
            if done.is_ok() {
                cleaned?;
            }
        }
        done
    }

    async fn inside(&mut self, of: &Named, all: &[Work], book: Book) -> Result<bool, MigrateError> {
        self.backend.begin().await?;
        let wanted = matches!(book, Book::Delete);
        if self.settings.history.has(self.backend, &of.id).await? != wanted {
            self.backend.rollback().await?;
            return Ok(false);
        }
        for it in all {
            match it {
                Work::Statement(statement) => match statement.place {
                    Place::Setup | Place::Cleanup => {}
                    Place::Transaction => self.send(of, statement).await?,
                    Place::Committed => {
                        self.send(of, statement).await?;
                        self.backend.commit().await?;
                        self.backend.begin().await?;
                    }
                    Place::Alone => {
                        self.backend.commit().await?;
                        self.send(of, statement).await?;
                        self.backend.begin().await?;
                    }
                },
                Work::Run(run) => self.run(of, run).await?,
            }
        }
        match book {
            Book::Insert(mut row, began) => {
                let applied = self.settings.history.read(self.backend).await?;
                row.position = applied.last().map_or(1, |last| last.position + 1);
                row.duration_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
                self.settings.history.insert(self.backend, &row).await?;
            }
            Book::Delete => {
                let (run, by) = (&self.settings.run, &self.settings.by);
                self.settings.history.delete(self.backend, run, &of.id, by).await?;
            }
        }
        self.backend.commit().await?;
        Ok(true)
    }

    async fn send(&mut self, of: &Named, statement: &Statement) -> Result<(), MigrateError> {
        self.progress.event(Event::Statement(statement));
        let sent = self.backend.execute(&statement.sql).await;
        sent.map(drop).map_err(|source| failed(of, &statement.about, source))
    }

    async fn run(&mut self, of: &Named, run: &crate::source::Run) -> Result<(), MigrateError> {
        let Some(code) = run.0.downcast_ref::<Code>() else { return Ok(()) };
        (code.0)(self.backend.connection()).await.map_err(|source| MigrateError::Code {
            id: of.id.clone(),
            message: of.message.clone(),
            source,
        })
    }

    /// Becomes the one who migrates, or waits for the one who does.
    async fn lock(&mut self) -> Result<(), MigrateError> {
        let began = Instant::now();
        let mut told = false;
        loop {
            if self.backend.try_lock(LOCK).await? {
                return Ok(());
            }
            let holder = self.backend.lock_holder(LOCK).await?;
            if began.elapsed() >= self.settings.lock_wait {
                return Err(MigrateError::Locked { holder, waited: self.settings.lock_wait });
            }
            if !told {
                self.progress.event(Event::Waiting { holder: holder.as_deref() });
                told = true;
            }
            // Ten replicas that start at once should not ask at the same moments.
            let jitter = u64::from(began.elapsed().subsec_nanos() % 100);
            tokio::time::sleep(Duration::from_millis(100 + jitter)).await;
        }
    }
}

/// What the lock is called; the backend adds the database.
const LOCK: &str = "limbeck";

/// What is written down with the work.
enum Book {
    Insert(Box<Applied>, Instant),
    Delete,
}

/// A migration, as far as the database knows it.
struct Named {
    id: String,
    message: String,
}

fn failed(of: &Named, about: &str, source: DatabaseError) -> MigrateError {
    MigrateError::Failed {
        id: of.id.clone(),
        message: of.message.clone(),
        about: about.to_owned(),
        source: Box::new(source),
    }
}
