//! What can go wrong when migrations run.

use std::time::Duration;

use super::{GraphError, ReplayError, TargetError};
use crate::dialect::{ConnectError, DatabaseError};
use crate::plan::LowerError;

/// What went wrong when migrations ran.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The migrations do not make a graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The target is no place in it.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A migration does not fit what comes before it.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The models are not in order.
    #[error(transparent)]
    Registry(#[from] crate::registry::RegistryError),
    /// The database could not be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The database refused something.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The database cannot do what a migration says.
    #[error("migration `{id}` ({message}) cannot run here: {source}")]
    Cannot {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// Why.
        #[source]
        source: Box<LowerError>,
    },
    /// The database cannot hold the models.
    #[error("the models cannot be created here: {0}")]
    Models(Box<LowerError>),
    /// The models need each other in a circle.
    #[error(transparent)]
    Order(#[from] crate::plan::Cycle),
    /// A statement failed; its migration was undone as a whole.
    #[error("migration `{id}` ({message}) failed and was rolled back: cannot {about}: {source}")]
    Failed {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// What was being done.
        about: String,
        /// The database's own words, with the statement.
        #[source]
        source: Box<DatabaseError>,
    },
    /// A part of a migration failed that does not commit at once; the parts before it stay.
    #[error(
        "migration `{id}` ({message}) stopped after {done} of {parts} parts, which stay: cannot {what}: {source}; correct the cause and run it again, it goes on from there"
    )]
    HalfDone {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// How many parts are done.
        done: usize,
        /// How many there are.
        parts: usize,
        /// What was being done.
        what: String,
        /// The database's own words, or the code's.
        source: super::BoxError,
    },
    /// Rows are there that something in the migration would fail on.
    #[error(
        "migration `{id}` ({message}) stopped before it failed: there are {what}: {count}, such as {}; mend them, or the migration, and run it again",
        .first.join(", ")
    )]
    Found {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// What there must not be.
        what: String,
        /// How many.
        count: u64,
        /// The first of them.
        first: Vec<String>,
    },
    /// Somebody still has to say what rows get.
    #[error(
        "migration `{id}` ({message}) is not finished: it has a placeholder where it shall say what rows get in `{slot}`, which is of type {ty}; nothing was changed; write an expression there, in SQL"
    )]
    Placeholder {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// The table and the column.
        slot: String,
        /// What it holds.
        ty: String,
    },
    /// A backfill goes on for ever: rows that are done are still to be done.
    #[error(
        "migration `{id}` ({message}): {about} changed {rows} rows and does not come to an end: rows that are done still match its filter; correct the filter and run it again"
    )]
    Endless {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// What it does.
        about: String,
        /// How many rows it changed.
        rows: u64,
    },
    /// A migration runs code of its own, which no script can hold.
    #[error("migration `{id}` ({message}) runs code of its own, which no script can hold")]
    NoScript {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
    },
    /// A run died while a statement ran outside of any transaction. [`Migrator::interrupted`](super::Migrator::interrupted)
    /// says whether it took effect.
    #[error(
        "migration `{id}` ({message}) was interrupted while this ran outside of a transaction, and nothing tells whether it took effect: {sql}; look, then say whether it did"
    )]
    Uncertain {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// The statement.
        sql: String,
    },
    /// A migration was edited after some of its parts had been done.
    #[error(
        "migration `{id}` ({message}) is half done, and the {done} parts that are done are no longer what it says; put back in the migration what was there"
    )]
    Edited {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// How many parts are done.
        done: usize,
    },
    /// A migration is half done that this program does not know.
    #[error(
        "migration `{id}` ({message}) is half done, and is not in this program; finish it with the program that began it"
    )]
    Stranger {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
    },
    /// A migration loses what nobody agreed to lose.
    #[error(
        "migration `{id}` ({message}) would lose {}, which rows have, and nobody agreed to that; nothing was changed; if it is meant, write it into the module: loses: [{}]",
        .losses.join(", "),
        .losses.iter().map(|loss| format!("{loss:?}")).collect::<Vec<_>>().join(", ")
    )]
    Loss {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// What it loses, in words.
        losses: Vec<String>,
    },
    /// Code of a migration's own failed; the migration was undone as a whole.
    #[error("migration `{id}` ({message}) failed and was rolled back: its own code says: {source}")]
    Code {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// Its own words.
        source: super::BoxError,
    },
    /// A migration says that it cannot be undone.
    #[error("migration `{id}` ({message}) cannot be undone: {why}; nothing was changed")]
    Irreversible {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// Its own reason.
        why: String,
    },
    /// What a migration kept, and what undoes it needs, is not there any more.
    #[error(
        "migration `{id}` ({message}) cannot be undone: what it kept of what it dropped is not there any more; nothing was changed"
    )]
    Purged {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
    },
    /// A migration is not known here, and nothing that undoes it was stored.
    #[error(
        "migration `{id}` ({message}) is not in this program, and it stored no statements that undo it; use the program that applied it"
    )]
    NothingStored {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
    },
    /// The database has migrations that this program does not know, and that do not come after its own.
    #[error(
        "the database has migration `{id}` ({message}), which is not in this program and does not come after its head; is this the right database, or is a branch missing?"
    )]
    Unknown {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
    },
    /// Somebody else migrates, and went on for too long.
    #[error("another run migrates this database{}; gave up after {} s", .holder.as_ref().map(|h| format!(" ({h})")).unwrap_or_default(), .waited.as_secs())]
    Locked {
        /// Who, as far as the database says.
        holder: Option<String>,
        /// How long this run waited.
        waited: Duration,
    },
    /// The transaction of a migration began in another session than the one that has the lock.
    #[error(
        "migration `{id}` ({message}) was not begun: its transaction is in another session of the server than the migration lock. A proxy that pools transactions is in between: give the URL of the server itself, or of a pool of sessions"
    )]
    Elsewhere {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
    },
    /// A transaction would take more locks than the server has room for.
    #[error(
        "migration `{id}` ({message}) was not begun: in one transaction it takes up to {locks} locks, and the server has room for {room} (max_locks_per_transaction = {setting}). Set that to {wanted} and restart the server, or let the migration commit step by step: `transaction: none`"
    )]
    Locks {
        /// The migration.
        id: String,
        /// What it is about.
        message: String,
        /// How many it takes, at most.
        locks: u64,
        /// How many the server has room for.
        room: u64,
        /// The server's setting.
        setting: u64,
        /// What it would have to be.
        wanted: u64,
    },
    /// The database is not at the program's head.
    #[error("the database is not at the head: {} not applied; run the upgrade first", .pending.join(", "))]
    Behind {
        /// The migrations that are missing.
        pending: Vec<String>,
    },
}
