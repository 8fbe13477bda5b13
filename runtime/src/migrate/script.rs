//! Migrations as a script for a database's own shell, history rows included.

use std::collections::BTreeSet;

use super::agreed::guarded;
use super::builder::Migration;
use super::executor::finished;
use super::hash::hash;
use super::history::{Applied, History};
use super::resolve::changes;
use super::work::{Terms, Work, stored, whole, work};
use super::{Action, Direction, Graph, MigrateError, MigrationDef, Migrator, ReplayError, Revision, Target, resolve};
use crate::change::Change;
use crate::dialect::Dialect;
use crate::plan::{Capabilities, Place, Statement};
use crate::schema::Schema;

/// What of a script one migration is.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub message: String,
    /// Which way.
    pub direction: Direction,
    /// The changes that it makes to the schema.
    pub changes: Vec<Change>,
    /// The statements, with those that write it down. The last one commits.
    pub statements: Vec<Statement>,
}

/// What a script is for.
#[derive(Clone, Debug)]
pub struct ScriptFor<'a> {
    /// The ids that the database has.
    pub applied: &'a BTreeSet<String>,
    /// Where it shall be.
    pub target: &'a Target,
    /// Whether code of a migration's own is left out, with a comment in its place; else it is an error.
    pub skip_data: bool,
}

impl Migrator {
    /// The statements that lead from some applied migrations to a target, up or down. No database is asked.
    ///
    /// # Errors
    ///
    /// When the target is not clear, a migration does not fit or cannot be undone, or one has code of its own.
    pub fn script(&self, dialect: &dyn Dialect, wanted: &ScriptFor<'_>) -> Result<Vec<Scripted>, MigrateError> {
        let graph = self.graph();
        let capabilities = dialect.newest();
        let mut script = Scripting {
            history: History::new(self.place(), capabilities.namespaces),
            dialect,
            capabilities,
            skip_data: wanted.skip_data,
            schema: named(graph, wanted.applied, dialect, &dialect.newest())?,
            parts: Vec::new(),
        };
        let pending = match graph.upgrade(wanted.target, wanted.applied) {
            Err(super::TargetError::WrongWay { .. }) => Vec::new(),
            pending => pending?,
        };
        for migration in pending {
            script.up(migration)?;
        }
        if script.parts.is_empty() {
            let rows: Vec<Revision> =
                graph.migrations().iter().filter(|m| wanted.applied.contains(m.id)).map(Revision::from).collect();
            for id in graph.downgrade(wanted.target, &rows, &BTreeSet::new())? {
                if let Some(migration) = graph.find(&id) {
                    script.down(migration)?;
                }
            }
        } else if wanted.applied.is_empty() {
            script.bookkeeping();
        }
        Ok(script.parts)
    }
}

/// What some migrations add up to on a database, with every name written out that it has there.
pub(super) fn named(
    graph: &Graph,
    applied: &BTreeSet<String>,
    dialect: &dyn Dialect,
    capabilities: &Capabilities,
) -> Result<Schema, MigrateError> {
    let mut schema = Schema::empty();
    for migration in graph.migrations().iter().filter(|m| applied.contains(m.id)) {
        let resolved = resolve(&Migration::record(migration.up), &schema, Some(dialect.database()));
        let (actions, _) = resolved.map_err(|error| ReplayError::of(migration, error))?;
        let terms = Terms { transaction: migration.transaction, ..Terms::default() };
        schema = worked(migration, &actions, &schema, (dialect, capabilities), &terms)?.1;
    }
    Ok(schema)
}

fn worked(
    migration: &MigrationDef,
    actions: &[Action],
    before: &Schema,
    (dialect, capabilities): (&dyn Dialect, &Capabilities),
    terms: &Terms,
) -> Result<(Vec<Work>, Schema), MigrateError> {
    work(actions, before, dialect, capabilities, terms).map_err(|source| MigrateError::Cannot {
        id: migration.id.to_owned(),
        message: migration.message.to_owned(),
        source: Box::new(source),
    })
}

struct Scripting<'a> {
    history: History,
    dialect: &'a dyn Dialect,
    capabilities: Capabilities,
    skip_data: bool,
    /// What the script has led to so far.
    schema: Schema,
    parts: Vec<Scripted>,
}

/// The run that the rows of a script name.
const RUN: &str = "script";

impl Scripting<'_> {
    fn up(&mut self, migration: &MigrationDef) -> Result<(), MigrateError> {
        let before = self.schema.clone();
        let (changes, mut statements, after) = self.said(migration, Direction::Up, &before)?;
        let mut row = Applied::of(migration, RUN, "");
        row.hash = hash(&Migration::record(migration.up));
        row.down = self.way_back(migration, &after)?;
        let rows = self.history.insert_statements(self.dialect, &row);
        statements.extend(rows.map(|sql| Statement::new(sql, "write it down")));
        self.part(migration, Direction::Up, changes, statements);
        self.schema = after;
        Ok(())
    }

    fn down(&mut self, migration: &MigrationDef) -> Result<(), MigrateError> {
        let before = self.schema.clone();
        let (changes, mut statements, after) = self.said(migration, Direction::Down, &before)?;
        let rows = self.history.delete_statements(self.dialect, RUN, migration.id, "");
        statements.extend(rows.map(|sql| Statement::new(sql, "write it down")));
        self.part(migration, Direction::Down, changes, statements);
        self.schema = after;
        Ok(())
    }

    fn part(&mut self, m: &MigrationDef, direction: Direction, changes: Vec<Change>, mut statements: Vec<Statement>) {
        // What puts the connection back as it was stands after the commit.
        let (after, mut inside): (Vec<Statement>, Vec<Statement>) =
            statements.drain(..).partition(|statement| statement.place == Place::Cleanup);
        if let Some(last) = inside.last_mut() {
            last.place = Place::Committed;
        }
        inside.extend(after);
        let (id, message) = (m.id.to_owned(), m.message.to_owned());
        self.parts.push(Scripted { id, message, direction, changes, statements: inside });
    }

    /// The bookkeeping's own tables, before the first migration.
    fn bookkeeping(&mut self) {
        let mut statements: Vec<Statement> = self
            .history
            .statements_if_missing(self.dialect, &self.capabilities)
            .into_iter()
            .map(|sql| Statement::new(sql, "make the bookkeeping"))
            .collect();
        if let Some(last) = statements.last_mut() {
            last.place = Place::Committed;
        }
        if let Some(first) = self.parts.first_mut() {
            statements.append(&mut first.statements);
            first.statements = statements;
        }
    }

    /// What one direction of a migration comes to.
    fn said(
        &self,
        migration: &MigrationDef,
        direction: Direction,
        before: &Schema,
    ) -> Result<(Vec<Change>, Vec<Statement>, Schema), MigrateError> {
        let (id, message) = (migration.id.to_owned(), migration.message.to_owned());
        let say = direction.of(migration);
        finished(migration, say)?;
        let terms = self.history.terms(migration);
        let resolved = resolve(&Migration::record(say), before, Some(self.dialect.database()));
        let (actions, _) = resolved.map_err(|error| ReplayError::of(migration, error))?;
        let actions = if direction == Direction::Up { guarded(migration, actions) } else { actions };
        let mut schema = before.clone();
        let mut statements = Vec::new();
        // A script has no loop: a backfill is one statement in it, and all else is as it always is.
        for chunk in actions.chunk_by(|a, b| !is_backfill(a) && !is_backfill(b)) {
            if let [Action::Backfill(backfill, _)] = chunk {
                statements.push(whole(backfill, self.dialect));
                continue;
            }
            if let Some(Action::Irreversible(why)) = chunk.iter().find(|a| matches!(a, Action::Irreversible(_))) {
                return Err(MigrateError::Irreversible { id, message, why: why.clone() });
            }
            let (work, after) = worked(migration, chunk, &schema, (self.dialect, &self.capabilities), &terms)?;
            schema = after;
            for it in work {
                match it {
                    Work::Statement(statement) if statement.finds_none => {
                        let sql = self.dialect.assert_none(&statement.about, &statement.sql);
                        statements.push(Statement::new(sql, statement.about));
                    }
                    Work::Statement(statement) => statements.push(statement),
                    Work::Run(_) if self.skip_data => {
                        let comment = format!(
                            "-- {id} ({message}) runs code of its own here, which no script can hold\nSELECT 1"
                        );
                        statements.push(Statement::new(comment, "leave out code"));
                    }
                    Work::Run(_) => return Err(MigrateError::NoScript { id, message }),
                    Work::Remark(_) => {}
                    Work::Commit => {
                        if let Some(last) =
                            statements.last_mut().filter(|s: &&mut Statement| s.place == Place::Transaction)
                        {
                            last.place = Place::Committed;
                        }
                    }
                    Work::Repeat(repeat) => statements.push(repeat.statement),
                }
            }
        }
        Ok((changes(&actions).cloned().collect(), statements, schema))
    }

    /// What is stored of a way back.
    fn way_back(&self, migration: &MigrationDef, after: &Schema) -> Result<String, MigrateError> {
        let steps = Migration::record(migration.down);
        let resolved = resolve(&steps, after, Some(self.dialect.database()));
        let (actions, _) = resolved.map_err(|error| ReplayError::of(migration, error))?;
        let terms = self.history.terms(migration);
        Ok(stored(&worked(migration, &actions, after, (self.dialect, &self.capabilities), &terms)?.0))
    }
}

fn is_backfill(action: &Action) -> bool {
    matches!(action, Action::Backfill(..))
}
