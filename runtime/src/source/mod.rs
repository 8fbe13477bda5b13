//! Plans as Rust: the words that a migration module says, and their print.

mod outline;
mod print;
mod step;
mod steps;
mod words;

pub use outline::Outline;
pub use print::{ByHand, Hand, Module, print};
pub use step::{Backfill, ColumnEdit, EnumEdit, Item, NewName, PartRef, Run, Sql, Step, TableEdit, Target, Value};
pub use steps::steps;
