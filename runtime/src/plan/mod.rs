//! The same changes in an order that works, and in the form one database can carry out.

mod capabilities;
mod lift;
mod lower;
mod names;
mod order;
mod statement;

pub use capabilities::Capabilities;
pub use lift::lift;
pub use lower::{LowerError, Lowered, Piece, lower, lower_schema};
pub use names::{IDENTIFIER_BYTES, named, object_name};
pub use order::{Cycle, Plan, order};
pub use statement::{Place, Statement, Unsupported};
