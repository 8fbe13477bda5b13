//! Who migrates.
//!
//! SQLite has one writer at a time, and `BEGIN IMMEDIATE` is the lock: a migration reads the history again inside its
//! own transaction, so nothing else need be held between two of them.

/// How long a statement waits for another connection that writes before it fails with *database is locked*.
pub(super) const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

/// Begins a transaction as its only writer.
#[cfg(feature = "sqlite")]
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
