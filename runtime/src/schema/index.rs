//! Indexes.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Database, Expression, Name, Spelling};

/// An index that no constraint made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Index {
    /// Its name, when one was declared.
    pub name: Option<Name>,
    /// Whether no two rows share the keys.
    pub unique: bool,
    /// The method, when it is not `btree`.
    pub using: Option<String>,
    /// What is indexed, in order.
    pub keys: Vec<Key>,
    /// Columns that ride along (PostgreSQL).
    pub include: Vec<Name>,
    /// The rows it is about, when not all.
    pub predicate: Option<Expression>,
    /// Whether two NULLs count as the same (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// Storage parameters (PostgreSQL, `CREATE INDEX`, *Index Storage Parameters*).
    pub with: BTreeMap<String, String>,
    /// The one database it exists on.
    pub only: Option<Database>,
    /// A comment.
    pub comment: Option<String>,
    /// Whether others may write while it is built.
    pub online: Online,
    /// The statement that made it, in the database's own words (SQLite).
    pub spelling: Spelling,
}

impl Index {
    /// An index over these keys, with nothing else said.
    pub fn new<K: Into<Key>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self {
            name: None,
            unique: false,
            using: None,
            keys: keys.into_iter().map(Into::into).collect(),
            include: Vec::new(),
            predicate: None,
            nulls_not_distinct: false,
            with: BTreeMap::new(),
            only: None,
            comment: None,
            online: Online::default(),
            spelling: Spelling::default(),
        }
    }
}

/// Whether others may write while a thing is made, which takes longer and no transaction holds (PostgreSQL, `CREATE
/// INDEX`, *Building Indexes Concurrently*). It says how something is made and not what it is, and so is no part of
/// equality: all are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Online(pub bool);

impl PartialEq for Online {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Online {}

impl PartialOrd for Online {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Online {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// A column or an expression.
    pub of: KeyOf,
    /// The direction.
    pub order: Order,
    /// Where NULLs sort, when not where the direction puts them (PostgreSQL: last ascending, first descending).
    pub nulls: Option<Nulls>,
    /// The operator class with its parameters, in the database's own words, when it is not the type's.
    pub opclass: Option<String>,
    /// The collation, in the database's own words, when it is not the column's.
    pub collation: Option<String>,
}

impl Key {
    /// A key over a column, ascending.
    pub fn column(name: impl Into<Name>) -> Self {
        Self::over(KeyOf::Column(name.into()))
    }

    /// A key over an expression, ascending.
    pub fn expression(expression: impl Into<Expression>) -> Self {
        Self::over(KeyOf::Expression(expression.into()))
    }

    fn over(of: KeyOf) -> Self {
        Self { of, order: Order::Ascending, nulls: None, opclass: None, collation: None }
    }
}

/// What a key is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyOf {
    /// A column.
    Column(Name),
    /// An expression, without the parentheses around it.
    Expression(Expression),
}

/// The direction of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// Where NULLs sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nulls {
    /// Before everything.
    First,
    /// After everything.
    Last,
}
