//! Small objects that stand beside tables.

use super::{Default, Expression, Name, QualifiedName, Type};

/// A PostgreSQL schema other than the default one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Namespace {
    /// Its name.
    pub name: Name,
    /// A comment.
    pub comment: Option<String>,
}

/// A PostgreSQL extension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extension {
    /// Its name.
    pub name: Name,
    /// The schema its objects are in, when it is not the default one.
    pub schema: Option<Name>,
    /// The version, when a particular one is asked for.
    pub version: Option<String>,
}

/// A type with a default and checks of its own (PostgreSQL, `CREATE DOMAIN`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Domain {
    /// Its name.
    pub name: QualifiedName,
    /// The type it is made from.
    pub ty: Type,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// What a column of it gets when an insert leaves it out.
    pub default: Option<Default>,
    /// Its checks, over `VALUE`.
    pub checks: Vec<DomainCheck>,
    /// The collation, when it is not the type's.
    pub collation: Option<String>,
    /// A comment.
    pub comment: Option<String>,
}

/// One check of a domain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DomainCheck {
    /// Its name, when one was declared.
    pub name: Option<Name>,
    /// The condition, over `VALUE`.
    pub expression: Expression,
}

/// An object that is known by its SQL text alone: it is created by that text, dropped by its name, and put back
/// when a table that it stands on is rebuilt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SqlObject {
    /// What it is.
    pub kind: SqlObjectKind,
    /// Its name.
    pub name: QualifiedName,
    /// The table or view a trigger belongs to.
    pub table: Option<QualifiedName>,
    /// The statement that creates it.
    pub sql: String,
}

/// The kinds of objects that are known by their SQL text alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SqlObjectKind {
    /// A view.
    View,
    /// A trigger.
    Trigger,
    /// A virtual table.
    VirtualTable,
}
