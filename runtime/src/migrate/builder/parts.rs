//! Constraints and indexes as a module says them.

use crate::schema::{
    Action, Check, Conflict, Database, Deferrable, Exclusion, ExclusionElement, Expression, ForeignKey, Index, Key,
    KeyOf, Match, Name, Online, PrimaryKey, QualifiedName, Sort, Unique,
};
use crate::source::{NewName, PartRef};

/// A constraint or an index by its name.
pub fn by_name(name: impl Into<Name>) -> ByName {
    ByName(name.into())
}

/// A constraint or an index by its name. Made by [`by_name`].
#[derive(Clone, Debug)]
pub struct ByName(Name);

impl<P> From<ByName> for PartRef<P> {
    fn from(name: ByName) -> Self {
        Self::Name(name.0)
    }
}

impl<P: Clone> From<&mut P> for PartRef<P> {
    fn from(part: &mut P) -> Self {
        Self::Like(part.clone())
    }
}

macro_rules! like {
    ($($part:ty),*) => {$(
        impl From<$part> for PartRef<$part> {
            fn from(part: $part) -> Self {
                Self::Like(part)
            }
        }
    )*};
}

like!(Unique, Check, ForeignKey, Exclusion, Index);

impl<const N: usize> From<[&str; N]> for PartRef<Unique> {
    fn from(columns: [&str; N]) -> Self {
        Self::Like(Unique::new(columns))
    }
}

impl<const N: usize> From<[&str; N]> for PartRef<ForeignKey> {
    fn from(columns: [&str; N]) -> Self {
        Self::Like(foreign_key(columns))
    }
}

impl<const N: usize> From<[&str; N]> for PartRef<Index> {
    fn from(keys: [&str; N]) -> Self {
        Self::Like(Index::new(keys))
    }
}

impl<const N: usize> From<[Key; N]> for PartRef<Index> {
    fn from(keys: [Key; N]) -> Self {
        Self::Like(Index::new(keys))
    }
}

impl From<&str> for PartRef<Check> {
    fn from(expression: &str) -> Self {
        Self::Like(Check::new(expression))
    }
}

impl From<&str> for NewName {
    fn from(name: &str) -> Self {
        Self::Name(name.into())
    }
}

/// `("auth", "user")`: into another schema.
impl From<(&str, &str)> for NewName {
    fn from(name: (&str, &str)) -> Self {
        Self::Moved(name.into())
    }
}

/// A name in the default schema, for what moves there out of another.
pub fn in_default_schema(name: impl Into<Name>) -> NewName {
    NewName::Moved(QualifiedName::new(None, name))
}

/// No one says any more what it is called: it keeps the name that it has.
pub const UNDECLARED: NewName = NewName::Undeclared;

/// A unique constraint over these columns, to refer to one with all that is said of it.
pub fn unique<N: Into<Name>>(columns: impl IntoIterator<Item = N>) -> Unique {
    Unique::new(columns)
}

/// A check, to refer to one with all that is said of it.
pub fn check(expression: impl Into<Expression>) -> Check {
    Check::new(expression)
}

/// A foreign key over these columns, to refer to one with all that is said of it.
pub fn foreign_key<N: Into<Name>>(columns: impl IntoIterator<Item = N>) -> ForeignKey {
    ForeignKey::new(columns, "", Vec::<Name>::new())
}

/// An exclusion constraint with this method, to refer to one with all that is said of it.
pub fn exclusion(using: &str) -> Exclusion {
    Exclusion {
        name: None,
        using: using.to_owned(),
        elements: Vec::new(),
        include: Vec::new(),
        predicate: None,
        deferrable: Deferrable::No,
        comment: None,
    }
}

/// An index over these keys, to refer to one with all that is said of it.
pub fn index<K: Into<Key>>(keys: impl IntoIterator<Item = K>) -> Index {
    Index::new(keys)
}

macro_rules! common {
    ($($part:ty),*) => {$(
        impl $part {
            /// Its name.
            pub fn named(&mut self, name: impl Into<Name>) -> &mut Self {
                self.name = Some(name.into());
                self
            }

            /// A comment.
            pub fn comment(&mut self, comment: &str) -> &mut Self {
                self.comment = Some(comment.to_owned());
                self
            }
        }
    )*};
}

common!(PrimaryKey, Unique, Check, ForeignKey, Exclusion, Index);

macro_rules! include {
    ($($part:ty),*) => {$(
        impl $part {
            /// Columns that ride along in the index (PostgreSQL).
            pub fn include<N: Into<Name>>(&mut self, columns: impl IntoIterator<Item = N>) -> &mut Self {
                self.include = columns.into_iter().map(Into::into).collect();
                self
            }
        }
    )*};
}

include!(PrimaryKey, Unique, Exclusion, Index);

macro_rules! period {
    ($($part:ty),*) => {$(
        impl $part {
            /// The last column is a period (PostgreSQL 18).
            pub fn period(&mut self) -> &mut Self {
                self.period = true;
                self
            }
        }
    )*};
}

period!(PrimaryKey, Unique, ForeignKey);

macro_rules! deferrable {
    ($($part:ty),*) => {$(
        impl $part {
            /// Checked at once, unless a transaction says otherwise.
            pub fn deferrable(&mut self) -> &mut Self {
                self.deferrable = Deferrable::Immediate;
                self
            }

            /// Checked at the end of the transaction, unless it says otherwise.
            pub fn initially_deferred(&mut self) -> &mut Self {
                self.deferrable = Deferrable::Deferred;
                self
            }
        }
    )*};
}

deferrable!(PrimaryKey, Unique, ForeignKey, Exclusion);

macro_rules! conflict {
    ($($part:ty),*) => {$(
        impl $part {
            /// What a duplicate does (SQLite).
            pub fn on_conflict(&mut self, conflict: Conflict) -> &mut Self {
                self.conflict = Some(conflict);
                self
            }

            /// How one of its columns is compared or sorted in it (SQLite).
            pub fn sorted(&mut self, key: Key) -> &mut Self {
                if let KeyOf::Column(column) = key.of {
                    self.sorts.insert(column, Sort { order: key.order, collation: key.collation });
                }
                self
            }
        }
    )*};
}

conflict!(PrimaryKey, Unique);

impl Unique {
    /// Two NULLs count as the same (PostgreSQL 15).
    pub fn nulls_not_distinct(&mut self) -> &mut Self {
        self.nulls_not_distinct = true;
        self
    }
}

impl Check {
    /// Child tables are spared (PostgreSQL).
    pub fn no_inherit(&mut self) -> &mut Self {
        self.no_inherit = true;
        self
    }

    /// Rows that are there already stay unchecked (PostgreSQL).
    pub fn not_valid(&mut self) -> &mut Self {
        self.not_valid = true;
        self
    }

    /// It is there for readers alone, and no row is checked (PostgreSQL 18).
    pub fn not_enforced(&mut self) -> &mut Self {
        self.not_enforced = true;
        self
    }

    /// On this database only.
    pub fn only(&mut self, database: impl Into<Database>) -> &mut Self {
        self.only = Some(database.into());
        self
    }
}

impl ForeignKey {
    /// Whom it refers to.
    pub fn references<N: Into<Name>>(
        &mut self,
        table: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = N>,
    ) -> &mut Self {
        self.references = table.into();
        self.referenced_columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// What a delete over there does here.
    pub fn on_delete(&mut self, action: Action) -> &mut Self {
        self.on_delete = action;
        self
    }

    /// What an update over there does here.
    pub fn on_update(&mut self, action: Action) -> &mut Self {
        self.on_update = action;
        self
    }

    /// The columns that a delete over there sets, when not all (PostgreSQL 15).
    pub fn on_delete_columns<N: Into<Name>>(&mut self, columns: impl IntoIterator<Item = N>) -> &mut Self {
        self.on_delete_columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// All columns are NULL, or none.
    pub fn match_full(&mut self) -> &mut Self {
        self.matching = Match::Full;
        self
    }

    /// `MATCH PARTIAL`, which SQLite reads as `MATCH SIMPLE`.
    pub fn match_partial(&mut self) -> &mut Self {
        self.matching = Match::Partial;
        self
    }

    /// Rows that are there already stay unchecked (PostgreSQL).
    pub fn not_valid(&mut self) -> &mut Self {
        self.not_valid = true;
        self
    }

    /// It is there for readers alone, and no row is checked (PostgreSQL 18).
    pub fn not_enforced(&mut self) -> &mut Self {
        self.not_enforced = true;
        self
    }
}

impl Exclusion {
    /// What is compared, and with which operator.
    pub fn element(&mut self, key: impl Into<Key>, operator: &str) -> &mut Self {
        self.elements.push(ExclusionElement { key: key.into(), operator: operator.to_owned() });
        self
    }

    /// The rows it is about.
    pub fn filter(&mut self, predicate: impl Into<Expression>) -> &mut Self {
        self.predicate = Some(predicate.into());
        self
    }
}

impl Index {
    /// Others may write while it is built, where the database can do that (PostgreSQL): it takes longer, and stands
    /// outside of the migration's transaction. Of a table that is made at the same time this says nothing.
    pub fn concurrently(&mut self) -> &mut Self {
        self.online = Online(true);
        self
    }

    /// No two rows share the keys.
    pub fn unique(&mut self) -> &mut Self {
        self.unique = true;
        self
    }

    /// The method.
    pub fn using(&mut self, method: &str) -> &mut Self {
        self.using = Some(method.to_owned());
        self
    }

    /// The rows it is about.
    pub fn filter(&mut self, predicate: impl Into<Expression>) -> &mut Self {
        self.predicate = Some(predicate.into());
        self
    }

    /// Two NULLs count as the same (PostgreSQL 15).
    pub fn nulls_not_distinct(&mut self) -> &mut Self {
        self.nulls_not_distinct = true;
        self
    }

    /// A storage parameter (PostgreSQL).
    pub fn with(&mut self, parameter: &str, value: &str) -> &mut Self {
        self.with.insert(parameter.to_owned(), value.to_owned());
        self
    }

    /// On this database only.
    pub fn only(&mut self, database: impl Into<Database>) -> &mut Self {
        self.only = Some(database.into());
        self
    }
}
