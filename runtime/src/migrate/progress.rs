//! What a run tells while it goes on.

use super::MigrationDef;
use super::builder::Migration;
use std::time::Duration;

use crate::plan::Statement;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A migration is applied.
    Up,
    /// A migration is undone.
    Down,
}

impl Direction {
    /// What a migration says this way.
    pub(super) fn of(self, migration: &MigrationDef) -> fn(&mut Migration) {
        match self {
            Self::Up => migration.up,
            Self::Down => migration.down,
        }
    }
}

/// Something that happens in a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Somebody else migrates, and the run waits.
    Waiting {
        /// Who, as far as the database says.
        holder: Option<&'a str>,
    },
    /// A migration begins.
    Begin {
        /// Its id.
        id: &'a str,
        /// What it is about.
        message: &'a str,
        /// Which way.
        direction: Direction,
        /// How many statements it comes to.
        statements: usize,
    },
    /// What a run that died left half done goes on.
    Resume {
        /// The migration.
        id: &'a str,
        /// What it is about.
        message: &'a str,
        /// How many parts are done.
        done: usize,
        /// How many there are.
        parts: usize,
    },
    /// Others hold what is needed: it is tried again in a moment.
    Retry {
        /// The migration.
        id: &'a str,
    },
    /// Some rows of a backfill are done.
    Batch {
        /// What it does.
        about: &'a str,
        /// How many rows this run did.
        rows: u64,
        /// About how many are left.
        rest: u64,
    },
    /// A statement is sent.
    Statement(&'a Statement),
    /// A statement that goes through rows runs: told when it begins, and then every second.
    Running {
        /// What it does.
        about: &'a str,
        /// How many rows it goes through. They are done all at once or not at all.
        rows: u64,
        /// For how long it runs.
        took: Duration,
    },
    /// A migration is done.
    End {
        /// Its id.
        id: &'a str,
        /// What it is about.
        message: &'a str,
        /// Which way.
        direction: Direction,
        /// How long it took.
        took: Duration,
    },
}

/// Somebody who listens.
pub trait Progress {
    /// Something happens.
    fn event(&mut self, event: Event<'_>);
}

/// Nobody listens; `tracing` does.
#[derive(Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Waiting { holder } => tracing::info!(holder, "waiting for another migration run"),
            Event::Begin { id, message, direction, statements } => {
                tracing::info!(id, message, ?direction, statements, "migration begins");
            }
            Event::Resume { id, message, done, parts } => {
                tracing::info!(id, message, done, parts, "migration goes on where another run left it");
            }
            Event::Retry { id } => tracing::info!(id, "others are in the way, trying again"),
            Event::Batch { about, rows, rest } => tracing::info!(rows, rest, "{about}"),
            Event::Statement(statement) => tracing::debug!(sql = statement.sql, "{}", statement.about),
            Event::Running { about, rows, took } => {
                tracing::info!(rows, seconds = took.as_secs(), "{about}");
            }
            Event::End { id, message, direction, took } => {
                tracing::info!(id, message, ?direction, ms = took.as_millis(), "migration done");
            }
        }
    }
}
