//! Plans as Rust: the words that a migration module says, and their print.

mod module;
mod outline;
mod parts;
mod print;
mod step;
mod steps;
mod words;

pub use module::{ByHand, Hand, Module, print};
pub use outline::Outline;
pub use step::{Backfill, ColumnEdit, EnumEdit, Item, NewName, PartRef, Run, Sql, Step, TableEdit, Target, Value};
pub use steps::steps;
