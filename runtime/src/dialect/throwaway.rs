//! A database of its own that is thrown away: what is tried there touches nobody.

use super::{DatabaseError, Work};

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
