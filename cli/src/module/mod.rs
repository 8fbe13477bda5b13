//! What a new migration says, before its file exists: the plans of all databases as one, what people decided as steps
//! between those of the plan, what is looked for before them, and the proof that it does what it should.

mod asserting;
pub(crate) mod draft;
pub(crate) mod everywhere;
pub(crate) mod filling;
pub(crate) mod hand;
pub(crate) mod in_memory;
mod misfits;
pub(crate) mod proving;
mod sql;
