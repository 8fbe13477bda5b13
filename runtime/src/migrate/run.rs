//! One run: what it knows, and what it works with.

use std::time::{Duration, Instant};

use super::history::History;
use super::{Deploy, Graph, Progress};
use crate::dialect::Backend;

/// What a run needs to know.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// How long to wait for others.
    pub(super) lock_wait: Duration,
    /// The bookkeeping.
    pub(super) history: History,
    /// The run's id: the same in every row that it writes.
    pub(super) run: String,
    /// Who runs it.
    pub(super) by: String,
    /// What to do about a statement of which nobody knows whether it ran.
    pub(super) uncertain: Uncertain,
    /// How far a deploy has come.
    pub(super) phase: Deploy,
    /// How long a statement waits for a lock, and how long it runs, when not as usual.
    pub(super) limits: (Option<Duration>, Option<Duration>),
}

/// What to do about a statement outside of a transaction that was under way when a run died.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uncertain {
    /// Refuse, and name it.
    #[default]
    Refuse,
    /// It ran: go on after it.
    Done,
    /// It did not: run it.
    Again,
}

/// One run on one connection.
pub(super) struct Executor<'a> {
    pub(super) backend: &'a mut dyn Backend,
    pub(super) graph: &'a Graph,
    pub(super) settings: &'a Settings,
    pub(super) progress: &'a mut (dyn Progress + Send),
}

/// How long something took, in milliseconds, as history holds it.
pub(super) fn milliseconds(since: Instant) -> i64 {
    i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX)
}
