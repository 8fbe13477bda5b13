//! Constraints of a table.
//!
//! A constraint whose name no one declared (`name: None`) is matched by its structure, whatever the database
//! calls it.

use std::collections::BTreeMap;

use super::{Database, Expression, Key, Name, Order, QualifiedName, Spelling};

/// The columns that identify a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrimaryKey {
    /// Its name, when one was declared.
    pub name: Option<Name>,
    /// The columns, in order.
    pub columns: Vec<Name>,
    /// Columns that ride along in the index (PostgreSQL).
    pub include: Vec<Name>,
    /// Whether the last column is a period, and a key is one only at a time (PostgreSQL 18, *WITHOUT OVERLAPS*).
    pub period: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// What a duplicate does (SQLite).
    pub conflict: Option<Conflict>,
    /// Columns that the constraint compares or sorts in a way of its own (SQLite, *indexed-column*).
    pub sorts: BTreeMap<Name, Sort>,
    /// A comment.
    pub comment: Option<String>,
}

impl PrimaryKey {
    /// A primary key over these columns, with nothing else said.
    pub fn new<N: Into<Name>>(columns: impl IntoIterator<Item = N>) -> Self {
        Self {
            name: None,
            columns: columns.into_iter().map(Into::into).collect(),
            include: Vec::new(),
            period: false,
            deferrable: Deferrable::No,
            conflict: None,
            sorts: BTreeMap::new(),
            comment: None,
        }
    }
}

/// Columns that no two rows share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unique {
    /// Its name, when one was declared.
    pub name: Option<Name>,
    /// The columns, in order.
    pub columns: Vec<Name>,
    /// Columns that ride along in the index (PostgreSQL).
    pub include: Vec<Name>,
    /// Whether two NULLs count as the same (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// Whether the last column is a period, and a key is one only at a time (PostgreSQL 18, *WITHOUT OVERLAPS*).
    pub period: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// What a duplicate does (SQLite).
    pub conflict: Option<Conflict>,
    /// Columns that the constraint compares or sorts in a way of its own (SQLite, *indexed-column*).
    pub sorts: BTreeMap<Name, Sort>,
    /// A comment.
    pub comment: Option<String>,
    /// From `UNIQUE` on, in the database's own words (SQLite).
    pub spelling: Spelling,
}

impl Unique {
    /// A unique constraint over these columns, with nothing else said.
    pub fn new<N: Into<Name>>(columns: impl IntoIterator<Item = N>) -> Self {
        Self {
            name: None,
            columns: columns.into_iter().map(Into::into).collect(),
            include: Vec::new(),
            nulls_not_distinct: false,
            period: false,
            deferrable: Deferrable::No,
            conflict: None,
            sorts: BTreeMap::new(),
            comment: None,
            spelling: Spelling::default(),
        }
    }
}

/// A condition that every row meets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Check {
    /// Its name, when one was declared.
    pub name: Option<Name>,
    /// The condition.
    pub expression: Expression,
    /// Whether child tables are spared (PostgreSQL).
    pub no_inherit: bool,
    /// Whether rows that were there before are unchecked (PostgreSQL).
    pub not_valid: bool,
    /// Whether no row is checked at all (PostgreSQL 18).
    pub not_enforced: bool,
    /// The one database it exists on.
    pub only: Option<Database>,
    /// A comment.
    pub comment: Option<String>,
    /// From `CHECK` on, in the database's own words (SQLite).
    pub spelling: Spelling,
}

impl Check {
    /// An unnamed check.
    pub fn new(expression: impl Into<Expression>) -> Self {
        Self {
            name: None,
            expression: expression.into(),
            no_inherit: false,
            not_valid: false,
            not_enforced: false,
            only: None,
            comment: None,
            spelling: Spelling::default(),
        }
    }
}

/// Columns whose values stand in another table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignKey {
    /// Its name, when one was declared.
    pub name: Option<Name>,
    /// The columns, in order.
    pub columns: Vec<Name>,
    /// The other table.
    pub references: QualifiedName,
    /// Its columns, in the same order.
    pub referenced_columns: Vec<Name>,
    /// What a delete over there does here.
    pub on_delete: Action,
    /// What an update over there does here.
    pub on_update: Action,
    /// The columns that `on_delete = set null | set default` sets, when not all (PostgreSQL 15).
    pub on_delete_columns: Vec<Name>,
    /// Whether the last column is a period, all of which must be found over there (PostgreSQL 18, *PERIOD*).
    pub period: bool,
    /// How NULLs in some of the columns count.
    pub matching: Match,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// Whether rows that were there before are unchecked (PostgreSQL).
    pub not_valid: bool,
    /// Whether no row is checked at all (PostgreSQL 18).
    pub not_enforced: bool,
    /// A comment.
    pub comment: Option<String>,
    /// From `REFERENCES` on, in the database's own words (SQLite).
    pub spelling: Spelling,
}

impl ForeignKey {
    /// A foreign key with nothing else said.
    pub fn new<N: Into<Name>, R: Into<Name>>(
        columns: impl IntoIterator<Item = N>,
        references: impl Into<QualifiedName>,
        referenced_columns: impl IntoIterator<Item = R>,
    ) -> Self {
        Self {
            name: None,
            columns: columns.into_iter().map(Into::into).collect(),
            references: references.into(),
            referenced_columns: referenced_columns.into_iter().map(Into::into).collect(),
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            on_delete_columns: Vec::new(),
            period: false,
            matching: Match::Simple,
            deferrable: Deferrable::No,
            not_valid: false,
            not_enforced: false,
            comment: None,
            spelling: Spelling::default(),
        }
    }
}

/// No two rows for which every operator answers true (PostgreSQL, `CREATE TABLE`, *EXCLUDE*).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exclusion {
    /// Its name, when one was declared.
    pub name: Option<Name>,
    /// The index method.
    pub using: String,
    /// What is compared, and how.
    pub elements: Vec<ExclusionElement>,
    /// Columns that ride along in the index.
    pub include: Vec<Name>,
    /// The rows it is about, when not all.
    pub predicate: Option<Expression>,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// A comment.
    pub comment: Option<String>,
}

/// One element of an exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExclusionElement {
    /// What is compared.
    pub key: Key,
    /// With which operator.
    pub operator: String,
}

/// What a change of the referenced row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, std::default::Default)]
pub enum Action {
    /// It fails, at the end of the statement or transaction.
    #[default]
    NoAction,
    /// It fails at once.
    Restrict,
    /// It happens here too.
    Cascade,
    /// The columns become NULL.
    SetNull,
    /// The columns become their defaults.
    SetDefault,
}

/// How a foreign key over several columns treats NULLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, std::default::Default)]
pub enum Match {
    /// One NULL is enough to pass.
    #[default]
    Simple,
    /// All or none are NULL.
    Full,
    /// Parsed by SQLite, and treated there as `Simple`.
    Partial,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, std::default::Default)]
pub enum Deferrable {
    /// At once, always.
    #[default]
    No,
    /// At once, unless a transaction says otherwise.
    Immediate,
    /// At the end of the transaction, unless it says otherwise.
    Deferred,
}

/// How a primary key or a unique constraint compares and sorts one of its columns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sort {
    /// The direction.
    pub order: Order,
    /// The collation, when it is not the column's.
    pub collation: Option<String>,
}

/// What a violation does (SQLite, *The ON CONFLICT Clause*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conflict {
    /// The transaction is rolled back.
    Rollback,
    /// The statement is undone.
    Abort,
    /// The statement stops, what it did stays.
    Fail,
    /// The row is left out.
    Ignore,
    /// The row that was there goes.
    Replace,
}
