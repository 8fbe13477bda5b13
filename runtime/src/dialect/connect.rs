//! Connecting to whichever database a URL names.

use super::{Backend, DatabaseError, Throwaway};

/// What to do when there is no such database. A server's databases are never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Fail.
    Refuse,
    /// Make an empty one, where a database is a file.
    Create,
}

/// A URL that leads to no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No database is known by the URL's scheme.
    #[error("`{scheme}` is no database that Limbeck knows")]
    Scheme {
        /// The scheme.
        scheme: String,
        /// What it could be.
        known: Vec<&'static str>,
    },
    /// The database is known, and its driver was left out of this build.
    #[error("this program was built without {title}")]
    NotBuilt {
        /// The database.
        title: &'static str,
        /// The feature that brings it.
        feature: &'static str,
    },
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Opens a connection. The URL's scheme says to which database: `postgres://…`, `sqlite://…`.
///
/// # Errors
///
/// When the scheme is not known or not built in, or the database cannot be reached.
pub async fn connect(url: &str, missing: Missing) -> Result<Box<dyn Backend>, ConnectError> {
    let scheme = url.split(':').next().unwrap_or_default();
    // Only SQLite makes files.
    #[cfg(not(feature = "sqlite"))]
    let _ = missing;
    match scheme {
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Ok(super::postgres::connect(url).await?),
        #[cfg(not(feature = "postgres"))]
        "postgres" | "postgresql" => Err(ConnectError::NotBuilt { title: "PostgreSQL", feature: "postgres" }),
        #[cfg(feature = "sqlite")]
        "sqlite" => Ok(super::sqlite::connect(url, missing).await?),
        #[cfg(not(feature = "sqlite"))]
        "sqlite" => {
            let _ = missing;
            Err(ConnectError::NotBuilt { title: "SQLite", feature: "sqlite" })
        }
        other => Err(ConnectError::Scheme { scheme: other.to_owned(), known: vec!["postgres://", "sqlite://"] }),
    }
}

/// Makes a database that is thrown away, of the same kind as the database that a URL names: on a server, beside that database, with its encoding
/// and locale; of SQLite, in a folder for temporary files.
///
/// # Errors
///
/// When the server cannot be reached, or the role may not create databases.
pub async fn throwaway(url: &str) -> Result<Throwaway, ConnectError> {
    match url.split(':').next().unwrap_or_default() {
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Ok(super::postgres::throwaway(url).await?),
        #[cfg(feature = "sqlite")]
        "sqlite" => Ok(super::sqlite::throwaway()?),
        // Whoever connects says best why it cannot be used.
        _ => match connect(url, Missing::Refuse).await {
            Err(error) => Err(error),
            Ok(_) => Err(ConnectError::Scheme { scheme: url.to_owned(), known: Vec::new() }),
        },
    }
}

/// Whether a URL names a database on this machine, where a database more does no harm.
#[must_use]
pub fn is_local(url: &str) -> bool {
    match url.split(':').next().unwrap_or_default() {
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => super::postgres::is_local(url),
        "sqlite" => true,
        _ => false,
    }
}
