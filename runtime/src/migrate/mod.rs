//! Migrations: what modules say, the graph of revisions, and running them.

pub mod builder;
mod resolve;

pub use resolve::{Action, ResolveError, resolve};
