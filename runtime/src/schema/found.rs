//! What a database says of an object beside its text.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Name, QualifiedName};

/// Hints for whoever takes an object off and puts it back, and for the order in which objects are made. They are no
/// part of equality: all are equal.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Who owns it, when that is somebody else than the one who looks (PostgreSQL).
    pub owner: Option<Name>,
    /// What it stands on, where the database knows (PostgreSQL, `pg_depend`). What nobody knows is guessed from the
    /// names in the text.
    pub needs: Option<BTreeSet<Reference>>,
}

/// Something that an object stands on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// A table, a view, a sequence; a routine, with the types of its arguments.
    Object(QualifiedName),
    /// A column of a table or view.
    Column(QualifiedName, Name),
    /// A type.
    Type(QualifiedName),
    /// A constraint of a table.
    Constraint(QualifiedName, Name),
}

impl Reference {
    /// The table or view, where it is one or is a part of one.
    #[must_use]
    pub fn relation(&self) -> Option<&QualifiedName> {
        match self {
            Self::Object(name) | Self::Column(name, _) | Self::Constraint(name, _) => Some(name),
            Self::Type(_) => None,
        }
    }
}

impl Found {
    /// Puts other names wherever some are meant.
    pub fn rename(&mut self, rename: impl Fn(Reference) -> Reference) {
        if let Some(needs) = self.needs.take() {
            self.needs = Some(needs.into_iter().map(rename).collect());
        }
    }
}

impl PartialEq for Found {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Found {}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Found {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}
