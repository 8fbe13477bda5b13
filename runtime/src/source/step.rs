//! What a migration module says: changes by name.

use crate::schema::{
    Auto, Check, Column, ColumnVariant, Conflict, Database, Default, Domain, Enum, Exclusion, Expression, Extension,
    ForeignKey, Generated, Index, Name, Namespace, PrimaryKey, QualifiedName, Sequence, SqlObject, Table, Type, Unique,
};
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One thing that a migration module says. Resolving it against the schema before it gives changes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Something that was not there.
    Create(Item),
    /// Something that was there.
    Drop(Target),
    /// Another name for something.
    Rename(Target, NewName),
    /// Another comment on a constraint or an index.
    Comment(Target, Option<String>),
    /// A column, in part.
    AlterColumn(QualifiedName, Name, Vec<ColumnEdit>),
    /// A table's options, in part.
    AlterTable(QualifiedName, Vec<TableEdit>),
    /// An enum, in part.
    AlterEnum(QualifiedName, Vec<EnumEdit>),
    /// A small object, as a whole.
    Alter(Item),
    /// A constraint that was made without looking at the rows: they are looked at now.
    Validate(QualifiedName, Name),
    /// A statement.
    Sql(Sql),
    /// What must not be there, in words, and the query that finds it.
    AssertNone(String, String),
    /// Code of the user's.
    Run(Run),
    /// Values for rows that are there, in batches.
    Backfill(Backfill),
    /// What statements or code said before this did to the schema: nothing is sent.
    Effect(Vec<Step>),
    /// What is said to one database only.
    Only(Database, Vec<Step>),
    /// Steps that keep what they drop.
    KeepDropped(Vec<Step>),
    /// Steps that bring back what was kept.
    RestoreDropped(Vec<Step>),
    /// Why this cannot be undone.
    Irreversible(String),
    /// Why there is nothing to undo.
    Nothing(String),
}

/// Something with all that belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A PostgreSQL schema.
    Namespace(Namespace),
    /// An extension.
    Extension(Extension),
    /// An enum.
    Enum(Enum),
    /// A domain.
    Domain(Domain),
    /// A sequence.
    Sequence(Sequence),
    /// A table.
    Table(Table),
    /// A view, a trigger, a virtual table.
    Object(SqlObject),
    /// A column of a table.
    Column(QualifiedName, Column),
    /// A primary key of a table.
    PrimaryKey(QualifiedName, PrimaryKey),
    /// A unique constraint of a table.
    Unique(QualifiedName, Unique),
    /// A check of a table.
    Check(QualifiedName, Check),
    /// A foreign key of a table.
    ForeignKey(QualifiedName, ForeignKey),
    /// An exclusion constraint of a table.
    Exclusion(QualifiedName, Exclusion),
    /// An index of a table.
    Index(QualifiedName, Index),
}

/// Something that is there, by its name.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A PostgreSQL schema.
    Namespace(Name),
    /// An extension.
    Extension(Name),
    /// An enum.
    Enum(QualifiedName),
    /// A label of an enum.
    Label(QualifiedName, Name),
    /// A domain.
    Domain(QualifiedName),
    /// A sequence.
    Sequence(QualifiedName),
    /// A table.
    Table(QualifiedName),
    /// A view, a trigger, a virtual table.
    Object(QualifiedName),
    /// A column of a table.
    Column(QualifiedName, Name),
    /// The primary key of a table.
    PrimaryKey(QualifiedName),
    /// A unique constraint of a table.
    Unique(QualifiedName, PartRef<Unique>),
    /// A check of a table.
    Check(QualifiedName, PartRef<Check>),
    /// A foreign key of a table.
    ForeignKey(QualifiedName, PartRef<ForeignKey>),
    /// An exclusion constraint of a table.
    Exclusion(QualifiedName, PartRef<Exclusion>),
    /// An index of a table.
    Index(QualifiedName, PartRef<Index>),
}

/// A constraint or an index: by its name, or by what it looks like.
#[derive(Clone, Debug, PartialEq)]
pub enum PartRef<P> {
    /// The one of this name.
    Name(Name),
    /// The one of this structure; where there is none, the only one of this outline (the same columns, keys or
    /// condition).
    Like(P),
}

/// What something is called from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewName {
    /// This, in the schema where it is.
    Name(Name),
    /// This, in another schema.
    Moved(QualifiedName),
    /// No one says any more: it keeps the name that it has.
    Undeclared,
}

/// One aspect of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnEdit {
    /// What it holds.
    Type(Type),
    /// Whether NULL is allowed.
    Nullable(bool),
    /// Its default.
    Default(Option<Default>),
    /// What it is computed from.
    Generated(Option<Generated>),
    /// How it is numbered.
    Auto(Option<Auto>),
    /// Its collation.
    Collation(Option<String>),
    /// Its comment.
    Comment(Option<String>),
    /// Its TOAST strategy.
    Storage(Option<String>),
    /// Its compression method.
    Compression(Option<String>),
    /// What a NULL does.
    NotNullConflict(Option<Conflict>),
    /// What differs on one database.
    Variants(BTreeMap<Database, ColumnVariant>),
}

/// One aspect of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum TableEdit {
    /// Its comment.
    Comment(Option<String>),
    /// Whether it is left out of the write-ahead log.
    Unlogged(bool),
    /// Its storage parameters.
    With(BTreeMap<String, String>),
    /// Whether types are enforced.
    Strict(bool),
    /// Whether rows are kept in the primary key's order.
    WithoutRowid(bool),
}

/// One aspect of an enum.
#[derive(Clone, Debug, PartialEq)]
pub enum EnumEdit {
    /// Its labels, in order.
    Labels(Vec<Name>),
    /// Its comment.
    Comment(Option<String>),
}

/// Values for rows that are there, so many at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// The table. It needs a primary key.
    pub table: QualifiedName,
    /// The columns, and what they get.
    pub set: Vec<(Name, Value)>,
    /// The rows it is about, until they are done: when nothing is said, those in which one of the columns is NULL and
    /// what it gets is not.
    pub filter: Option<Expression>,
    /// How many rows commit at once; when nothing is said, a thousand.
    pub batch: Option<u32>,
}

/// What rows get in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An expression over the row.
    Sql(Expression),
    /// It is still to be said: something of this type. What has one compiles and does not run.
    Placeholder(Type),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(expression) => expression.fmt(f),
            // No database knows such a function.
            Self::Placeholder(_) => f.write_str("placeholder()"),
        }
    }
}

impl<T: Into<Expression>> From<T> for Value {
    fn from(expression: T) -> Self {
        Self::Sql(expression.into())
    }
}

impl Step {
    /// The values that are still to be said, in it and in the blocks that it has.
    #[must_use]
    pub fn placeholders(&self) -> Vec<(&QualifiedName, &Name, &Type)> {
        if let Self::Backfill(backfill) = self {
            let open = backfill.set.iter().filter_map(|(column, value)| match value {
                Value::Placeholder(ty) => Some((&backfill.table, column, ty)),
                Value::Sql(_) => None,
            });
            open.collect()
        } else if let Self::Only(_, steps) | Self::KeepDropped(steps) | Self::RestoreDropped(steps) = self {
            steps.iter().flat_map(Self::placeholders).collect()
        } else {
            Vec::new()
        }
    }

    /// The same with something in place of each placeholder.
    #[must_use]
    pub fn with_values(&self, say: &dyn Fn(&Type) -> Expression) -> Self {
        let all = |steps: &[Self]| steps.iter().map(|step| step.with_values(say)).collect();
        if let Self::Backfill(backfill) = self {
            let said = |(column, value): &(Name, Value)| match value {
                Value::Placeholder(ty) => (column.clone(), Value::Sql(say(ty))),
                Value::Sql(_) => (column.clone(), value.clone()),
            };
            Self::Backfill(Backfill { set: backfill.set.iter().map(said).collect(), ..backfill.clone() })
        } else if let Self::Only(database, steps) = self {
            Self::Only(*database, all(steps))
        } else if let Self::KeepDropped(steps) = self {
            Self::KeepDropped(all(steps))
        } else if let Self::RestoreDropped(steps) = self {
            Self::RestoreDropped(all(steps))
        } else {
            self.clone()
        }
    }
}

/// A statement that a module says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sql {
    /// The text.
    pub text: String,
    /// Whether it may run twice: after a crash outside a transaction it is repeated.
    pub repeatable: bool,
    /// Whether the database refuses it inside a transaction.
    pub alone: bool,
}

/// Code that a module says. What it is, `migrate` knows; here it is only carried.
#[derive(Clone)]
pub struct Run(pub Arc<dyn Any + Send + Sync>);

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Run(…)")
    }
}

/// Code equals only itself.
impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
