//! Small objects that stand beside tables.

use super::{Default, Expression, Found, Name, QualifiedName, Type};

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
    /// Whether values that were there before are unchecked (PostgreSQL).
    pub not_valid: bool,
}

/// An object that is known by its SQL text alone: it is created by that text, dropped by its name, and put back
/// when a table that it stands on is rebuilt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SqlObject {
    /// What it is.
    pub kind: SqlObjectKind,
    /// Its name.
    pub name: QualifiedName,
    /// The table or view that it belongs to: a trigger's, a policy's.
    pub table: Option<QualifiedName>,
    /// The statement that creates it, or several with semicolons between them.
    pub sql: String,
    /// A comment (PostgreSQL).
    pub comment: Option<String>,
    /// What the database says of it beside its text.
    pub found: Found,
}

impl SqlObject {
    /// An object that is created by a statement, with nothing else said.
    pub fn new(kind: SqlObjectKind, name: impl Into<QualifiedName>, sql: impl Into<String>) -> Self {
        Self { kind, name: name.into(), table: None, sql: sql.into(), comment: None, found: Found::default() }
    }

    /// The object's own name, without what is added to it to tell it from others: `f` of the routine `f(integer)`,
    /// `audit` of the trigger `audit on account`.
    #[must_use]
    pub fn own_name(&self) -> &str {
        let name = &*self.name.name;
        match (self.kind, &self.table) {
            (SqlObjectKind::Routine, _) => name.split_once('(').map_or(name, |(name, _)| name),
            (SqlObjectKind::Trigger | SqlObjectKind::Policy | SqlObjectKind::Rule, Some(table)) => {
                name.strip_suffix(&*table.name).and_then(|rest| rest.strip_suffix(" on ")).unwrap_or(name)
            }
            (
                SqlObjectKind::Trigger
                | SqlObjectKind::Policy
                | SqlObjectKind::Rule
                | SqlObjectKind::View
                | SqlObjectKind::MaterializedView
                | SqlObjectKind::VirtualTable
                | SqlObjectKind::RowSecurity
                | SqlObjectKind::Privileges
                | SqlObjectKind::CompositeType
                | SqlObjectKind::RangeType
                | SqlObjectKind::Setting
                | SqlObjectKind::ChildTable
                | SqlObjectKind::Collation,
                _,
            ) => name,
        }
    }
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
    /// A view that keeps its rows, with its indexes (PostgreSQL).
    MaterializedView,
    /// A function or a procedure (PostgreSQL). Its name holds the types of its arguments: `f(integer)`.
    Routine,
    /// A rewrite rule (PostgreSQL).
    Rule,
    /// A row-security policy (PostgreSQL).
    Policy,
    /// Whether a table's policies are enforced (PostgreSQL).
    RowSecurity,
    /// What roles may do with an object (PostgreSQL).
    Privileges,
    /// A type of several fields (PostgreSQL).
    CompositeType,
    /// A type of ranges (PostgreSQL).
    RangeType,
    /// Something that a statement sets, and another sets back: who owns a sequence, what identifies a row that is
    /// replicated (PostgreSQL).
    Setting,
    /// A table that has its columns from another one: a partition, or one that inherits (PostgreSQL). It holds rows, and
    /// so is never made anew.
    ChildTable,
    /// A way to compare and sort texts (PostgreSQL).
    Collation,
}

impl SqlObjectKind {
    /// What it is called in messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Trigger => "trigger",
            Self::VirtualTable => "virtual table",
            Self::MaterializedView => "materialized view",
            Self::Routine => "routine",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::RowSecurity => "row security",
            Self::Privileges => "privileges",
            Self::CompositeType => "composite type",
            Self::RangeType => "range type",
            Self::Setting => "setting",
            Self::ChildTable => "child table",
            Self::Collation => "collation",
        }
    }

    /// Whether rows are in it that nothing else has.
    #[must_use]
    pub fn holds_rows(self) -> bool {
        match self {
            Self::ChildTable | Self::VirtualTable => true,
            Self::View
            | Self::Trigger
            | Self::MaterializedView
            | Self::Routine
            | Self::Rule
            | Self::Policy
            | Self::RowSecurity
            | Self::Privileges
            | Self::CompositeType
            | Self::RangeType
            | Self::Setting
            | Self::Collation => false,
        }
    }

    /// Whether another definition can take the place of the one that is there, so that nothing that stands on the
    /// object has to go.
    #[must_use]
    pub fn is_replaced(self) -> bool {
        match self {
            Self::Routine
            | Self::CompositeType
            | Self::Privileges
            | Self::RowSecurity
            | Self::Setting
            | Self::ChildTable => true,
            Self::View
            | Self::Trigger
            | Self::VirtualTable
            | Self::MaterializedView
            | Self::Rule
            | Self::Policy
            | Self::RangeType
            | Self::Collation => false,
        }
    }
}
