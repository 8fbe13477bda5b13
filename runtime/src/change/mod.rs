//! One difference between two schemas, with both sides in it.
//!
//! A change is a value: its inverse is a swap ([`inverse`](Change::inverse)), [`apply`](Change::apply) carries it
//! out on a schema, and [`touches`](Change::touches) says what it creates, drops and requires, which is all that
//! ordering needs.

mod apply;
mod describe;
mod formerly;
mod hazard;
mod loss;
mod reads;
mod rename;
mod reword;
mod touches;

pub use apply::ApplyError;
pub use describe::Describe;
pub use describe::type_name;
pub use formerly::Formerly;
pub use hazard::{Fit, Hazard, fit};
pub use loss::Loss;
pub use reads::Reads;
pub use rename::rename_column;
pub use touches::{Object, Touches};

use crate::schema::{
    Check, Column, Domain, Enum, Exclusion, Extension, ForeignKey, Index, Name, Namespace, PrimaryKey, QualifiedName,
    Sequence, SqlObject, Table, TableHead, Unique,
};

/// Something that is created, dropped or altered. `A` is what an alteration may touch, when that is less than all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delta<T, A = T> {
    /// It was not there.
    Create(T),
    /// It is no longer there.
    Drop(T),
    /// It is there on both sides, and differs.
    Alter {
        /// How it was.
        from: A,
        /// How it shall be.
        to: A,
    },
}

impl<T, A> Delta<T, A> {
    /// The same difference, the other way round. The one place where undoing is defined.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Create(it) => Self::Drop(it),
            Self::Drop(it) => Self::Create(it),
            Self::Alter { from, to } => Self::Alter { from: to, to: from },
        }
    }
}

/// A difference inside a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct In<T> {
    /// The table, by the name it has when the change is made.
    pub table: QualifiedName,
    /// The difference.
    pub delta: Delta<T>,
}

/// A new name for an enum's label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RenameLabel {
    /// The enum.
    pub of: QualifiedName,
    /// The label as it was.
    pub from: Name,
    /// The label as it shall be.
    pub to: Name,
}

/// One difference between two schemas.
///
/// An alteration whose two names differ is a rename, and changes nothing else: a rename and another change of the
/// same thing are two changes, so that every other change can be named by the names after all renames.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::large_enum_variant, reason = "there are few changes at a time, and matching on them stays readable")]
pub enum Change {
    /// A PostgreSQL schema.
    Namespace(Delta<Namespace>),
    /// An extension.
    Extension(Delta<Extension>),
    /// An enum type.
    Enum(Delta<Enum>),
    /// A label of an enum gets another name; rows keep their values under it.
    Label(RenameLabel),
    /// A domain.
    Domain(Delta<Domain>),
    /// A sequence that no column owns.
    Sequence(Delta<Sequence>),
    /// A table with all its parts; altered, its name or its options.
    Table(Delta<Table, TableHead>),
    /// A column.
    Column(In<Column>),
    /// A primary key.
    PrimaryKey(In<PrimaryKey>),
    /// A unique constraint.
    Unique(In<Unique>),
    /// A check.
    Check(In<Check>),
    /// A foreign key.
    ForeignKey(In<ForeignKey>),
    /// An exclusion constraint.
    Exclusion(In<Exclusion>),
    /// An index.
    Index(In<Index>),
    /// A view, trigger or virtual table, known by its text.
    Object(Delta<SqlObject>),
}

impl Change {
    /// Whether only a name becomes another.
    #[must_use]
    pub fn is_rename(&self) -> bool {
        match self {
            Self::Table(Delta::Alter { from, to }) => from.name != to.name,
            Self::Enum(Delta::Alter { from, to }) => from.name != to.name,
            Self::Column(In { delta: Delta::Alter { from, to }, .. }) => from.name != to.name,
            Self::Label(_) => true,
            Self::Namespace(_)
            | Self::Extension(_)
            | Self::Enum(_)
            | Self::Domain(_)
            | Self::Sequence(_)
            | Self::Table(_)
            | Self::Column(_)
            | Self::PrimaryKey(_)
            | Self::Unique(_)
            | Self::Check(_)
            | Self::ForeignKey(_)
            | Self::Exclusion(_)
            | Self::Index(_)
            | Self::Object(_) => false,
        }
    }

    /// The change that undoes this one.
    #[must_use]
    pub fn inverse(self) -> Self {
        fn inside<T>(it: In<T>) -> In<T> {
            In { table: it.table, delta: it.delta.inverse() }
        }
        match self {
            Self::Namespace(it) => Self::Namespace(it.inverse()),
            Self::Extension(it) => Self::Extension(it.inverse()),
            Self::Enum(it) => Self::Enum(it.inverse()),
            Self::Label(it) => Self::Label(RenameLabel { of: it.of, from: it.to, to: it.from }),
            Self::Domain(it) => Self::Domain(it.inverse()),
            Self::Sequence(it) => Self::Sequence(it.inverse()),
            Self::Table(it) => Self::Table(it.inverse()),
            Self::Column(it) => Self::Column(inside(it)),
            Self::PrimaryKey(it) => Self::PrimaryKey(inside(it)),
            Self::Unique(it) => Self::Unique(inside(it)),
            Self::Check(it) => Self::Check(inside(it)),
            Self::ForeignKey(it) => Self::ForeignKey(inside(it)),
            Self::Exclusion(it) => Self::Exclusion(inside(it)),
            Self::Index(it) => Self::Index(inside(it)),
            Self::Object(it) => Self::Object(it.inverse()),
        }
    }
}
