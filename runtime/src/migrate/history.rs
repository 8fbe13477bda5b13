//! Bookkeeping: which migrations a database has, and what was done to it.
//!
//! `limbeck_history` is state, a row for each applied migration; `limbeck_log` is appended to and never changed;
//! `limbeck_meta` holds the version of this format. The tables are described as a [`Schema`] like everybody's, and
//! made by the same pipeline.

use std::collections::BTreeSet;

use super::{MigrationDef, Revision, Shelf, Terms};
use crate::dialect::{Backend, DatabaseError, Dialect};
use crate::plan::{Capabilities, LowerError, Piece, lower};
use crate::schema::{Auto, Column, Default, Name, PrimaryKey, QualifiedName, Schema, Table, Type};

/// The version of the format.
const FORMAT: &str = "1";

/// Where the bookkeeping is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The schema; none on a database that has no schemas.
    pub schema: Option<Name>,
    /// What the tables' names begin with.
    pub prefix: String,
}

impl std::default::Default for Place {
    fn default() -> Self {
        Self { schema: None, prefix: "limbeck_".to_owned() }
    }
}

/// A migration that a database has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its id.
    pub id: String,
    /// What it comes after.
    pub revises: Vec<String>,
    /// What it is about.
    pub message: String,
    /// The hash of its steps.
    pub hash: String,
    /// The run that applied it.
    pub run: String,
    /// Its place among the applied ones.
    pub position: i64,
    /// When, as the database says it.
    pub at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// Who did it.
    pub by: String,
    /// The statements that undo it, rendered when it was applied.
    pub down: String,
}

/// The bookkeeping of one database.
#[derive(Clone, Debug)]
pub struct History {
    history: QualifiedName,
    log: QualifiedName,
    meta: QualifiedName,
}

impl History {
    /// The bookkeeping at a place. On a database with schemas it is always in a named one, so that nobody's
    /// `search_path` moves it.
    #[must_use]
    pub fn new(place: &Place, namespaces: bool) -> Self {
        let schema = namespaces.then(|| place.schema.clone().unwrap_or_else(|| "public".into()));
        let name = |table: &str| QualifiedName::new(schema.clone(), format!("{}{table}", place.prefix));
        Self { history: name("history"), log: name("log"), meta: name("meta") }
    }

    /// The table of applied migrations.
    pub(super) fn history(&self) -> &QualifiedName {
        &self.history
    }

    /// The table of all that was ever done.
    pub(super) fn log(&self) -> &QualifiedName {
        &self.log
    }

    /// How the work of a migration is done.
    pub(super) fn terms(&self, migration: &MigrationDef) -> Terms {
        Terms { transaction: migration.transaction, shelf: self.shelf(migration.id) }
    }

    /// Where a migration keeps what it drops.
    pub(super) fn shelf(&self, id: &str) -> Shelf {
        Shelf { schema: self.history.schema.clone(), migration: id.to_owned() }
    }

    /// What the lock is called: two programs that keep their own bookkeeping in one database do not wait for each
    /// other.
    pub(super) fn key(&self) -> String {
        self.history.to_string()
    }

    fn tables(&self) -> [Table; 3] {
        let text = |name: &str| Column::new(name.to_owned(), Type::Text);
        let number = |name: &str| Column::new(name.to_owned(), Type::BigInt);
        let mut at = Column::new("applied_at", Type::TimestampTz(None));
        at.default = Some(Default::Sql("CURRENT_TIMESTAMP".into()));
        let mut history = Table::new(self.history.clone());
        history.columns = vec![
            text("id"),
            text("revises"),
            text("message"),
            text("hash"),
            text("run"),
            number("position"),
            at.clone(),
            number("duration_ms"),
            text("applied_by"),
            text("down"),
        ];
        history.primary_key = Some(PrimaryKey::new(["id"]));
        let mut log = Table::new(self.log.clone());
        let mut serial = number("id");
        serial.auto = Some(Auto::Increment);
        at.name = "logged_at".into();
        log.columns = vec![serial, at, text("run"), text("migration"), text("event"), text("done_by"), text("detail")];
        log.primary_key = Some(PrimaryKey::new(["id"]));
        let mut meta = Table::new(self.meta.clone());
        meta.columns = vec![text("key"), text("value")];
        meta.primary_key = Some(PrimaryKey::new(["key"]));
        [history, log, meta]
    }

    /// Makes the tables, where they are missing.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub async fn create(&self, backend: &mut dyn Backend) -> Result<(), DatabaseError> {
        if self.exists(backend).await? {
            return Ok(());
        }
        backend.begin().await?;
        let made = self.create_inside(backend).await;
        match made {
            Ok(()) => backend.commit().await,
            Err(error) => {
                backend.rollback().await.ok();
                // Somebody may have been quicker.
                if self.exists(backend).await? { Ok(()) } else { Err(error) }
            }
        }
    }

    async fn create_inside(&self, backend: &mut dyn Backend) -> Result<(), DatabaseError> {
        if self.exists(backend).await? {
            return Ok(());
        }
        let dialect = backend.dialect();
        if let Some(schema) = self.history.schema.as_ref().filter(|s| **s != "public") {
            backend.execute(&format!("CREATE SCHEMA IF NOT EXISTS {}", dialect.identifier(schema))).await?;
        }
        for statement in self.statements(dialect, &backend.capabilities().clone()) {
            backend.execute(&statement).await?;
        }
        let meta = dialect.qualified(&self.meta);
        let version = dialect.string(FORMAT);
        backend.execute(&format!("INSERT INTO {meta} (key, value) VALUES ('format', {version})")).await?;
        Ok(())
    }

    /// The statements that make the tables.
    #[must_use]
    pub fn statements(&self, dialect: &dyn Dialect, capabilities: &Capabilities) -> Vec<String> {
        let mut statements = Vec::new();
        for table in self.tables() {
            let create = [crate::change::Change::Table(crate::change::Delta::Create(table))];
            statements.extend(rendered(&create, dialect, capabilities).unwrap_or_default());
        }
        statements
    }

    /// The same for a script, which nobody asks whether they are there.
    pub(super) fn statements_if_missing(&self, dialect: &dyn Dialect, capabilities: &Capabilities) -> Vec<String> {
        let create = |sql: String| match sql.strip_prefix("CREATE TABLE ") {
            Some(rest) => format!("CREATE TABLE IF NOT EXISTS {rest}"),
            None => sql,
        };
        let schema = self.history.schema.as_ref().filter(|s| **s != "public");
        let schema = schema.map(|schema| format!("CREATE SCHEMA IF NOT EXISTS {}", dialect.identifier(schema)));
        let mut statements: Vec<String> = schema.into_iter().collect();
        statements.extend(self.statements(dialect, capabilities).into_iter().map(create));
        let (meta, version) = (dialect.qualified(&self.meta), dialect.string(FORMAT));
        statements.push(format!(
            "INSERT INTO {meta} (key, value) SELECT 'format', {version} WHERE NOT EXISTS (SELECT 1 FROM {meta})"
        ));
        statements
    }

    async fn exists(&self, backend: &mut dyn Backend) -> Result<bool, DatabaseError> {
        let query = backend.dialect().table_exists(&self.meta);
        Ok(!backend.rows(&query).await?.is_empty())
    }

    /// The migrations that the database has, in the order in which they were applied. A database without
    /// bookkeeping has none.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub async fn read(&self, backend: &mut dyn Backend) -> Result<Vec<Applied>, DatabaseError> {
        if !self.exists(backend).await? {
            return Ok(Vec::new());
        }
        let query = format!(
            "SELECT id, revises, message, hash, run, CAST(position AS text), CAST(applied_at AS text), \
             CAST(duration_ms AS text), applied_by, down FROM {} ORDER BY position, id",
            backend.dialect().qualified(&self.history)
        );
        Ok(backend.rows(&query).await?.into_iter().map(applied).collect())
    }

    /// The statements that write that a migration was applied. Its position is the next one.
    #[must_use]
    pub fn insert_statements(&self, dialect: &dyn Dialect, row: &Applied) -> [String; 2] {
        let s = |text: &str| dialect.string(text);
        let insert = format!(
            "INSERT INTO {table} (id, revises, message, hash, run, position, duration_ms, applied_by, down) \
             SELECT {}, {}, {}, {}, {}, coalesce(max(position), 0) + 1, {}, {}, {} FROM {table}",
            s(&row.id),
            s(&row.revises.join(" ")),
            s(&row.message),
            s(&row.hash),
            s(&row.run),
            row.duration_ms,
            s(&row.by),
            s(&row.down),
            table = dialect.qualified(&self.history),
        );
        [insert, self.log_statement(dialect, &row.run, &row.id, "upgrade", &row.by, &row.message)]
    }

    /// The statements that write that a migration was undone.
    #[must_use]
    pub fn delete_statements(&self, dialect: &dyn Dialect, run: &str, id: &str, by: &str) -> [String; 2] {
        let delete = format!("DELETE FROM {} WHERE id = {}", dialect.qualified(&self.history), dialect.string(id));
        [delete, self.log_statement(dialect, run, id, "downgrade", by, "")]
    }

    /// The statement that writes a word into the log, about a migration of a run.
    pub(super) fn log_statement(
        &self,
        dialect: &dyn Dialect,
        run: &str,
        id: &str,
        event: &str,
        by: &str,
        detail: &str,
    ) -> String {
        let s = |text: &str| dialect.string(text);
        format!(
            "INSERT INTO {} (run, migration, event, done_by, detail) VALUES ({}, {}, {}, {}, {})",
            dialect.qualified(&self.log),
            s(run),
            s(id),
            s(event),
            s(by),
            s(detail)
        )
    }
}

fn rendered(
    changes: &[crate::change::Change],
    dialect: &dyn Dialect,
    capabilities: &Capabilities,
) -> Result<Vec<String>, LowerError> {
    let lowered = lower(changes, &Schema::empty(), capabilities)?;
    let mut statements = Vec::new();
    for piece in lowered.pieces {
        match piece {
            Piece::Changes { before, changes } => {
                let rendered = dialect.render(&changes, &before, capabilities)?;
                statements.extend(rendered.into_iter().map(|s| s.sql));
            }
            Piece::Sql { sql, .. } => statements.push(sql),
        }
    }
    Ok(statements)
}

fn applied(row: Vec<Option<String>>) -> Applied {
    let mut fields = row.into_iter().map(Option::unwrap_or_default);
    let mut next = || fields.next().unwrap_or_default();
    Applied {
        id: next(),
        revises: next().split_whitespace().map(str::to_owned).collect(),
        message: next(),
        hash: next(),
        run: next(),
        position: next().parse().unwrap_or_default(),
        at: next(),
        duration_ms: next().parse().unwrap_or_default(),
        by: next(),
        down: next(),
    }
}

/// The ids of applied migrations.
pub(super) fn ids(applied: &[Applied]) -> BTreeSet<String> {
    applied.iter().map(|a| a.id.clone()).collect()
}

impl Applied {
    /// Its place in the graph, as far as the row says.
    #[must_use]
    pub fn revision(&self) -> Revision {
        Revision {
            id: self.id.clone(),
            revises: self.revises.clone(),
            message: self.message.clone(),
            ..Revision::default()
        }
    }

    /// A row for a migration that is being applied.
    #[must_use]
    pub fn of(migration: &MigrationDef, run: &str, by: &str) -> Self {
        Self {
            id: migration.id.to_owned(),
            revises: migration.revises.iter().map(|id| (*id).to_owned()).collect(),
            message: migration.message.to_owned(),
            hash: String::new(),
            run: run.to_owned(),
            position: 0,
            at: String::new(),
            duration_ms: 0,
            by: by.to_owned(),
            down: String::new(),
        }
    }
}
