//! Code of the user's in a migration.

use std::pin::Pin;
use std::sync::Arc;

use super::builder::Migration;
use crate::dialect::Connection;
use crate::source::{Run, Step};

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

/// Code of the user's: a connection in, work out.
#[derive(Clone, Copy, Debug)]
pub struct Code(pub for<'a> fn(Connection<'a>) -> Done<'a>);

impl Migration {
    /// Code of your own, inside the migration's transaction.
    ///
    /// ```
    /// # use limbeck::migration::*;
    /// # fn up(m: &mut Migration) {
    /// m.run(|connection| {
    ///     Box::pin(async move {
    ///         if let Connection::Sqlite(tx) = connection {
    ///             sqlx::query("UPDATE account SET email = lower(email)").execute(tx).await?;
    ///         }
    ///         Ok(())
    ///     })
    /// });
    /// # }
    /// ```
    pub fn run(&mut self, code: for<'a> fn(Connection<'a>) -> Done<'a>) {
        self.say(Step::Run(Run(Arc::new(Code(code)))));
    }
}
