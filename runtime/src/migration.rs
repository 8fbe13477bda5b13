//! Everything that a migration module says, for `use limbeck::migration::*`.

#[cfg(feature = "driver")]
pub use crate::dialect::Connection;
pub use crate::migrate::builder::*;
pub use crate::schema::Action::{Cascade, NoAction, Restrict, SetDefault, SetNull};
pub use crate::schema::{Conflict, Database};
