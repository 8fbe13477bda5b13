//! Enum types.

use super::{Name, QualifiedName};

/// A type whose values are a fixed list of labels. Their order is part of the type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Enum {
    /// Its name.
    pub name: QualifiedName,
    /// The labels, in order.
    pub labels: Vec<Name>,
    /// A comment.
    pub comment: Option<String>,
}
