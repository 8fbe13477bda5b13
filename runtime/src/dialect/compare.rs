//! Comparing a database with what it should be.

use super::Dialect;
#[cfg(feature = "driver")]
use super::{Backend, DatabaseError};
#[cfg(feature = "driver")]
use crate::diff::align;
use crate::diff::respell;
#[cfg(feature = "driver")]
use crate::plan::lift;
use crate::schema::Schema;

/// `current` as this database holds it, in the spelling of `hint` wherever the database takes the two for the same:
/// afterwards [`diff`](crate::diff::diff) finds exactly the differences that the database would see.
///
/// # Errors
///
/// When the database cannot be asked.
#[cfg(feature = "driver")]
pub async fn aligned(backend: &mut dyn Backend, current: &Schema, hint: &Schema) -> Result<Schema, DatabaseError> {
    let database = backend.dialect().database();
    let lifted = lift(current, hint, backend.capabilities());
    let here = hint.on(database);
    let (canonical, wanted) = backend.comparable(&lifted, &here).await?;
    Ok(align(&lifted, hint, (&canonical, &wanted), database))
}

/// `from`, which people wrote, in the spelling of `to` wherever this database takes the two for the same.
///
/// # Errors
///
/// When the database cannot be asked.
#[cfg(feature = "driver")]
pub async fn respelled(backend: &mut dyn Backend, from: &Schema, to: &Schema) -> Result<Schema, DatabaseError> {
    let database = backend.dialect().database();
    let (canonical, wanted) = backend.comparable(&from.on(database), &to.on(database)).await?;
    Ok(respell(from, to, (&canonical, &wanted), database))
}

/// `from`, which people wrote, in the spelling of `to` wherever this database is known to take the two for the same:
/// nobody is asked.
#[must_use]
pub fn spelled(dialect: &dyn Dialect, from: &Schema, to: &Schema) -> Schema {
    let database = dialect.database();
    let (canonical, wanted) = (dialect.canonical(&from.on(database)), dialect.canonical(&to.on(database)));
    respell(from, to, (&canonical, &wanted), database)
}
