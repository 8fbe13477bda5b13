//! Everything that a migration module says.

#[cfg(feature = "driver")]
pub use crate::dialect::Connection;
pub use crate::migrate::builder::*;
pub use crate::schema::Action::{Cascade, NoAction, Restrict, SetDefault, SetNull};
pub use crate::schema::{Conflict, Database};

/// The same under the name by which clippy knows that a glob is meant: `use limbeck::migration::prelude::*`.
pub mod prelude {
    pub use super::*;
}
