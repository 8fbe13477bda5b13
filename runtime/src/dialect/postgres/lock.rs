//! The lock: an advisory one, of the session, asked for and never waited for (manual, 13.3.5).

use sha2::{Digest, Sha256};

/// The lock's number, from the database and what is locked.
pub(super) fn key(database: &str, what: &str) -> i64 {
    let digest = Sha256::digest(format!("limbeck\n{database}\n{what}").as_bytes());
    digest.iter().take(8).fold(0_i64, |number, byte| (number << 8) | i64::from(*byte))
}

/// Asks for the lock, and which process of the server has it then. A session gets a lock as often as it asks; behind a
/// proxy that lends one session to many, who asks second is somebody else, and does not get it.
pub(super) fn try_lock(key: i64) -> String {
    format!(
        "SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = pg_backend_pid() AND {}) \
         THEN false ELSE pg_try_advisory_lock({key}) END::text, pg_backend_pid()::text",
        is(key)
    )
}

/// How often the lock is given back before it is said that it stays.
pub(super) const ATTEMPTS: usize = 16;

/// What to do about a lock that is still held, because another session was asked to give it back.
pub(super) fn stays(process: &str) -> String {
    format!(
        "process {process} of the server still has it, and this connection speaks to another one: a proxy that pools \
         transactions is in between; connect to the server itself, or to a pool of sessions. To free the lock: \
         SELECT pg_terminate_backend({process})"
    )
}

/// The condition for its row in `pg_locks`.
fn is(key: i64) -> String {
    let (high, low) = (key >> 32 & 0xffff_ffff, key & 0xffff_ffff);
    format!("l.locktype = 'advisory' AND l.granted AND l.classid::int8 = {high} AND l.objid::int8 = {low}")
}

pub(super) fn unlock(key: i64) -> String {
    format!("SELECT pg_advisory_unlock({key})::text")
}

/// Lets the server look every two seconds whether the client is still there: what a dead one ran ends, and its lock goes,
/// without waiting for the statement (manual, `client_connection_check_interval`, since 14; not on every platform).
pub(super) const WATCH: &str = "SET client_connection_check_interval = 2000";
pub(super) const UNWATCH: &str = "RESET client_connection_check_interval";

/// Who holds it: process, application, since when.
pub(super) fn holder(key: i64) -> String {
    format!(
        "SELECT 'process ' || a.pid || coalesce(', ' || nullif(a.application_name, ''), '') || ', since ' \
         || to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS') FROM pg_catalog.pg_locks l \
         JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE {}",
        is(key)
    )
}
