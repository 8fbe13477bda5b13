//! The same changes in an order that works, and in the form one database can carry out.

mod capabilities;
mod names;
mod statement;

pub use capabilities::Capabilities;
pub use names::{IDENTIFIER_BYTES, named, object_name};
pub use statement::{Place, Statement, Unsupported};
