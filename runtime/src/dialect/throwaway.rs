//! A database of its own that is thrown away: what is tried there touches nobody.

use super::{ConnectError, DatabaseError, Work};

/// An empty database that belongs to whoever made it.
pub struct Throwaway {
    url: String,
    remove: Box<dyn FnOnce() -> Work<'static, ()> + Send>,
}

impl std::fmt::Debug for Throwaway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Throwaway").finish_non_exhaustive()
    }
}

impl Throwaway {
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(super) fn new(url: String, remove: impl FnOnce() -> Work<'static, ()> + Send + 'static) -> Self {
        Self { url, remove: Box::new(remove) }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Throws it away. One that is not, because the program died, goes when another is made an hour later.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub async fn remove(self) -> Result<(), DatabaseError> {
        (self.remove)().await
    }
}

/// Makes one of the same kind as the database that a URL names: on a server, beside that database, with its encoding
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
        _ => match super::connect(url, super::Missing::Refuse).await {
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
