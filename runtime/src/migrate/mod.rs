//! Migrations: what modules say, the graph of revisions, and running them.

#[cfg(feature = "driver")]
mod agreed;
mod bookkeeping;
pub mod builder;
#[cfg(feature = "driver")]
mod carry;
#[cfg(feature = "driver")]
mod code;
mod commute;
mod definition;
#[cfg(feature = "driver")]
mod error;
#[cfg(feature = "driver")]
mod executor;
mod graph;
mod hash;
#[cfg(feature = "driver")]
mod held;
#[cfg(feature = "driver")]
mod history;
#[cfg(feature = "driver")]
mod journal;
mod keepsake;
#[cfg(feature = "driver")]
mod lock;
#[cfg(feature = "driver")]
mod migrator;
#[cfg(feature = "driver")]
mod preview;
#[cfg(feature = "driver")]
mod progress;
#[cfg(feature = "driver")]
mod proof;
#[cfg(feature = "driver")]
mod purge;
mod replay;
mod resolve;
#[cfg(feature = "driver")]
mod resume;
mod rows;
#[cfg(feature = "driver")]
mod run;
#[cfg(feature = "driver")]
mod script;
#[cfg(feature = "driver")]
mod seed;
#[cfg(feature = "driver")]
mod stamp;
#[cfg(feature = "driver")]
mod status;
#[cfg(feature = "driver")]
mod witness;
mod work;

pub use bookkeeping::{is_bookkeeping, without_bookkeeping};
#[cfg(feature = "driver")]
pub use code::{BoxError, Code};
pub use commute::{Clash, Clashes};
pub use definition::{Deploy, MigrationDef, Registered, Transaction};
#[cfg(feature = "driver")]
pub use error::MigrateError;
pub use graph::{Graph, GraphError, Lineage, Range, Revision, Target, TargetError, Within, is_id};
pub use hash::{agrees, hash};
#[cfg(feature = "driver")]
pub use held::Source;
#[cfg(feature = "driver")]
pub use history::{Applied, History, Place};
pub use keepsake::{KeepError, Keeping, Keepsake, Moment, Of, Shelf};
#[cfg(feature = "driver")]
pub use migrator::{Migrator, MigratorBuilder, Report, create_all, require_head};
#[cfg(feature = "driver")]
pub use preview::Preview;
#[cfg(feature = "driver")]
pub use progress::{Direction, Event, Progress, Quiet};
#[cfg(feature = "driver")]
pub use proof::{Claim, ProofError, concerned, make, prove};
#[cfg(feature = "driver")]
pub use purge::Kept;
pub use replay::ReplayError;
pub use resolve::{Action, ResolveError, resolve};
pub use rows::row_types;
#[cfg(feature = "driver")]
pub use run::Uncertain;
#[cfg(feature = "driver")]
pub use script::{ScriptFor, Scripted};
#[cfg(feature = "driver")]
pub use status::Status;
pub use work::{Remark, Repeat, Terms, Work, restored, stored, work};
