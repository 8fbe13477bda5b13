//! A database beside another one, for trying things out.

use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::postgres::PgConnectOptions;

use super::connection::connect;
use super::write::identifier;
use crate::dialect::throwaway::Throwaway;
use crate::dialect::{Backend, DatabaseError};

/// What the names begin with: seconds since 1970 and the process's number follow.
const PREFIX: &str = "limbeck_throwaway_";
/// Nobody proves anything for longer than this many seconds.
const OLD: u64 = 3600;

/// Whether the server is this machine (manual, *Connection Strings*).
pub(in crate::dialect) fn is_local(url: &str) -> bool {
    let Ok(options) = PgConnectOptions::from_str(url) else { return false };
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || matches!(host, "localhost" | "127.0.0.1" | "::1" | "[::1]")
}

/// Makes one.
pub(in crate::dialect) async fn throwaway(url: &str) -> Result<Throwaway, DatabaseError> {
    let mut backend = connect(url).await?;
    sweep(&mut *backend).await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let name = format!("{PREFIX}{}_{}_{}", now.as_secs(), std::process::id(), now.subsec_nanos());
    let like = include_str!("catalog/database.sql");
    let rows = backend.rows(like).await?;
    let options = rows.into_iter().flatten().flatten().collect::<Vec<_>>().concat();
    // template0 alone may be copied with another encoding or locale (manual, CREATE DATABASE, Notes).
    let create = format!("CREATE DATABASE {} TEMPLATE template0{options}", identifier(&name));
    backend.execute(&create).await?;
    backend.close().await?;
    let other = beside(url, &name);
    let admin = url.to_owned();
    Ok(Throwaway::new(other, move || {
        Box::pin(async move {
            let mut backend = connect(&admin).await?;
            backend.execute(&drop(&name)).await?;
            backend.close().await
        })
    }))
}

fn drop(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(name))
}

/// Drops what processes left that were killed.
async fn sweep(backend: &mut dyn Backend) -> Result<(), DatabaseError> {
    let left = format!(
        "SELECT datname::text FROM pg_catalog.pg_database WHERE starts_with(datname::text, '{PREFIX}') \
         AND pg_catalog.pg_has_role(datdba, 'USAGE')"
    );
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    for name in backend.rows(&left).await?.into_iter().flatten().flatten() {
        let made = name[PREFIX.len()..].split('_').next().and_then(|seconds| seconds.parse::<u64>().ok());
        if made.is_some_and(|made| made + OLD < now) {
            backend.execute(&drop(&name)).await?;
        }
    }
    Ok(())
}

/// The URL of another database of the same server.
fn beside(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    // A name in the query wins over the one in the path.
    let others: Vec<&str> =
        query.into_iter().flat_map(|q| q.split('&')).filter(|it| !it.starts_with("dbname=")).collect();
    let start = address.find("://").map_or(0, |at| at + 3);
    let host = address[start..].find('/').map_or(address, |at| &address[..start + at]);
    if others.is_empty() { format!("{host}/{name}") } else { format!("{host}/{name}?{}", others.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_database_is_on_the_same_server() {
        assert_eq!(beside("postgres://me:pw@host:5432/app", "x"), "postgres://me:pw@host:5432/x");
        assert_eq!(beside("postgres:///app?host=/tmp&dbname=b", "x"), "postgres:///x?host=/tmp");
        assert_eq!(beside("postgres://host", "x"), "postgres://host/x");
    }

    #[test]
    fn a_socket_and_the_loopback_are_local() {
        for url in ["postgres://localhost/a", "postgres:///a?host=/run/postgresql", "postgres://127.0.0.1:99/a"] {
            assert!(is_local(url), "{url}");
        }
        assert!(!is_local("postgres://db.example.com/a"));
    }
}
