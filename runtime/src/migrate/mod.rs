//! Migrations: what modules say, the graph of revisions, and running them.

pub mod builder;
mod definition;
mod graph;
mod replay;
mod resolve;
mod target;

pub use definition::{Deploy, MigrationDef, Registered, Transaction};
pub use graph::{Graph, GraphError};
pub use replay::ReplayError;
pub use resolve::{Action, ResolveError, resolve};
pub use target::{Target, TargetError};
