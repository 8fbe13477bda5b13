//! Where a run's connection comes from, and what becomes of it.

use crate::dialect::{Backend, Work};

/// Something that gives a connection: a pool, or a connection itself.
pub trait Source {
    /// A connection.
    fn backend(self) -> Work<'static, Box<dyn Backend>>;
}

#[cfg(feature = "postgres")]
impl Source for &sqlx::PgPool {
    fn backend(self) -> Work<'static, Box<dyn Backend>> {
        let pool = self.clone();
        Box::pin(async move { crate::dialect::postgres::acquire(&pool).await })
    }
}

#[cfg(feature = "sqlite")]
impl Source for &sqlx::SqlitePool {
    fn backend(self) -> Work<'static, Box<dyn Backend>> {
        let pool = self.clone();
        Box::pin(async move { crate::dialect::sqlite::acquire(&pool).await })
    }
}

impl Source for Box<dyn Backend> {
    fn backend(self) -> Work<'static, Box<dyn Backend>> {
        Box::pin(async move { Ok(self) })
    }
}

/// A connection that somebody is at work with. When the work is broken off, it does not go back to its pool with a
/// transaction open or a lock held.
pub(super) struct Held {
    pub(super) backend: Box<dyn Backend>,
    /// Whether there is something to break off.
    pub(super) at_work: bool,
}

impl Held {
    pub(super) fn new(backend: Box<dyn Backend>) -> Self {
        Self { backend, at_work: false }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.at_work {
            self.backend.abandon();
        }
    }
}
