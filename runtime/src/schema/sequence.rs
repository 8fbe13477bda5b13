//! Sequences.

use super::{QualifiedName, Type};

/// A sequence that no column owns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sequence {
    /// Its name.
    pub name: QualifiedName,
    /// `smallint`, `integer` or `bigint`.
    pub ty: Type,
    /// How it counts.
    pub options: SequenceOptions,
    /// A comment.
    pub comment: Option<String>,
}

/// How a sequence counts. `None` is the database's default (PostgreSQL, `CREATE SEQUENCE`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, std::default::Default)]
pub struct SequenceOptions {
    /// The first value.
    pub start: Option<i64>,
    /// The step.
    pub increment: Option<i64>,
    /// The lowest value.
    pub min: Option<i64>,
    /// The highest value.
    pub max: Option<i64>,
    /// How many values a session takes at once.
    pub cache: Option<i64>,
    /// Whether it begins again at the end.
    pub cycle: bool,
}
