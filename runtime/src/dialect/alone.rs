//! Statements that no transaction can hold.

/// A statement that no transaction can hold, and what to do when a crash leaves open whether it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alone {
    /// Nothing tells.
    Unknown,
    /// It may run again, whatever happened.
    Repeat,
    /// The database tells: the query gives one row that says `done` or `broken`, or none when nothing is there.
    Ask {
        /// The query.
        query: String,
        /// The statement that takes away what is broken, before it is made again.
        repair: Option<String>,
    },
}
