//! What a model says, as const data: the derive emits these values, [`crate::registry`] turns them into a
//! [`Schema`](crate::schema::Schema).
//!
//! Everything is `&'static` and built by `const fn`, so that a derive is one expression and costs the compiler
//! little.

use crate::schema::{Action, Database, Deferrable, Nulls, Order};

/// A struct that is a table. Derived by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "this type does not implement `limbeck::Table`",
    note = "add `#[derive(limbeck::Table)]` to it, or name a table without a model: references = \"schema.table(column)\""
)]
pub trait Table {
    /// The table.
    const TABLE: &'static TableDef;
}

/// A type that can stand in a column.
///
/// Implemented here for the types that sqlx reads and writes, by `#[derive(Enum)]` for fieldless enums, and by
/// `#[derive(ColumnType)]` for newtypes. By hand it is two lines:
///
/// ```
/// use limbeck::{ColumnType, TypeDef};
///
/// struct Slug(String);
///
/// impl ColumnType for Slug {
///     const TYPE: TypeDef = TypeDef::Varchar(Some(64));
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a column",
    label = "no column type is known for this",
    note = "derive `limbeck::Enum` or `limbeck::ColumnType` for it, say `#[column(sql_type = \"…\")]`, or leave the field out with `#[column(skip)]`"
)]
pub trait ColumnType {
    /// What the column holds.
    const TYPE: TypeDef;
    /// Whether NULL is allowed: true for `Option<T>`, under whatever name.
    const NULLABLE: bool = false;
}

/// The const form of [`Type`](crate::schema::Type).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TypeDef {
    /// True or false.
    Boolean,
    /// A 16-bit integer.
    SmallInt,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    BigInt,
    /// A 32-bit float.
    Real,
    /// A 64-bit float.
    Double,
    /// An exact number: digits in all, digits after the point.
    Numeric(Option<(u16, i16)>),
    /// Text of any length.
    Text,
    /// Text of at most this many characters.
    Varchar(Option<u32>),
    /// Text padded to this many characters.
    Char(u32),
    /// Bytes.
    Bytes,
    /// A calendar date.
    Date,
    /// A time of day.
    Time(Option<u8>),
    /// A time of day with an offset.
    TimeTz(Option<u8>),
    /// A date and time without a zone.
    Timestamp(Option<u8>),
    /// A point in time.
    TimestampTz(Option<u8>),
    /// A span of time.
    Interval(Option<u8>),
    /// A UUID.
    Uuid,
    /// JSON, kept as text.
    Json,
    /// JSON, parsed.
    Jsonb,
    /// An array.
    Array(&'static TypeDef),
    /// An enum that a derive describes.
    Enum(&'static EnumDef),
    /// Any other type, in the database's own words.
    Sql(&'static str),
}

/// An enum type, as a derive describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnumDef {
    /// The schema, when it is not the default one.
    pub schema: Option<&'static str>,
    /// The type's name.
    pub name: &'static str,
    /// The labels, in order.
    pub labels: &'static [&'static str],
    /// A comment.
    pub comment: Option<&'static str>,
    /// The enum it was renamed from.
    pub renamed_from: Option<&'static str>,
    /// Labels that got another name: (from, to).
    pub renamed_labels: &'static [(&'static str, &'static str)],
}

impl EnumDef {
    /// An enum with nothing but labels.
    #[must_use]
    pub const fn new(name: &'static str, labels: &'static [&'static str]) -> Self {
        Self { schema: None, name, labels, comment: None, renamed_from: None, renamed_labels: &[] }
    }
}

/// A table, as a derive describes it.
#[derive(Clone, Copy, Debug)]
pub struct TableDef {
    /// The schema, when it is not the default one.
    pub schema: Option<&'static str>,
    /// The table's name.
    pub name: &'static str,
    /// The struct's path, for messages and to tell a repeated registration from a second model.
    pub model: &'static str,
    /// The package the struct is in.
    pub package: &'static str,
    /// The file and line of the struct.
    pub at: (&'static str, u32),
    /// The columns, in the order of the fields.
    pub columns: &'static [ColumnDef],
    /// The columns of the primary key, by name; empty when there is none.
    pub primary_key: &'static [&'static str],
    /// The unique constraints.
    pub uniques: &'static [UniqueDef],
    /// The checks.
    pub checks: &'static [CheckDef],
    /// The foreign keys.
    pub foreign_keys: &'static [ForeignKeyDef],
    /// The exclusion constraints.
    pub exclusions: &'static [ExclusionDef],
    /// The indexes.
    pub indexes: &'static [IndexDef],
    /// Everything else.
    pub options: OptionsDef,
}

/// What a table has besides columns, constraints and indexes.
#[derive(Clone, Copy, Debug)]
pub struct OptionsDef {
    /// A comment.
    pub comment: Option<&'static str>,
    /// The table it was renamed from.
    pub renamed_from: Option<&'static str>,
    /// Which of a program's databases it belongs to.
    pub group: Option<&'static str>,
    /// The primary key's name, when one is declared.
    pub primary_key_name: Option<&'static str>,
    /// PostgreSQL: not in the write-ahead log.
    pub unlogged: bool,
    /// PostgreSQL: storage parameters.
    pub with: &'static [(&'static str, &'static str)],
    /// SQLite: types are enforced.
    pub strict: bool,
    /// SQLite: rows are kept in the primary key's order.
    pub without_rowid: bool,
}

impl OptionsDef {
    /// No options.
    pub const NONE: Self = Self {
        comment: None,
        renamed_from: None,
        group: None,
        primary_key_name: None,
        unlogged: false,
        with: &[],
        strict: false,
        without_rowid: false,
    };
}

/// A column, as a derive describes it.
#[derive(Clone, Copy, Debug)]
pub struct ColumnDef {
    /// The field, as Rust spells it without `r#`; empty for a column that is no field.
    pub field: &'static str,
    /// The column's name.
    pub name: &'static str,
    /// What it holds.
    pub ty: TypeDef,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What an insert that leaves it out gets.
    pub default: Option<DefaultDef>,
    /// The expression it is computed from, and whether the value is stored.
    pub generated: Option<(&'static str, bool)>,
    /// The counter it is numbered by.
    pub auto: Option<AutoDef>,
    /// The collation.
    pub collation: Option<&'static str>,
    /// A comment.
    pub comment: Option<&'static str>,
    /// The column it was renamed from.
    pub renamed_from: Option<&'static str>,
    /// The expression that fills it in rows that were there before.
    pub backfill: Option<&'static str>,
    /// What differs on one database.
    pub variants: &'static [(Database, VariantDef)],
}

impl ColumnDef {
    /// A column of a Rust type.
    #[must_use]
    pub const fn of<T: ColumnType>(field: &'static str, name: &'static str) -> Self {
        Self::typed(field, name, T::TYPE, T::NULLABLE)
    }

    /// A column of a type that is named.
    #[must_use]
    pub const fn typed(field: &'static str, name: &'static str, ty: TypeDef, nullable: bool) -> Self {
        Self {
            field,
            name,
            ty,
            nullable,
            default: None,
            generated: None,
            auto: None,
            collation: None,
            comment: None,
            renamed_from: None,
            backfill: None,
            variants: &[],
        }
    }
}

/// What differs in a column on one database.
#[derive(Clone, Copy, Debug)]
pub struct VariantDef {
    /// Another type.
    pub ty: Option<&'static str>,
    /// Another default: `Some(None)` is none at all.
    pub default: Option<Option<DefaultDef>>,
    /// Another expression to compute it from, and whether the value is stored.
    pub generated: Option<(&'static str, bool)>,
    /// Another collation.
    pub collation: Option<&'static str>,
}

impl VariantDef {
    /// Nothing differs.
    pub const NONE: Self = Self { ty: None, default: None, generated: None, collation: None };
}

/// A column's default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultDef {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, as written.
    Float(&'static str),
    /// Text, or the label of an enum.
    Text(&'static str),
    /// SQL.
    Sql(&'static str),
}

/// How a column is numbered.
#[derive(Clone, Copy, Debug)]
pub enum AutoDef {
    /// Whatever the database does best.
    Increment,
    /// An identity column.
    Identity {
        /// `ALWAYS` rather than `BY DEFAULT`.
        always: bool,
        /// How its sequence counts.
        options: SequenceDef,
    },
    /// A sequence that the column owns, read by a default.
    Serial,
}

/// How a sequence counts; `None` is the database's default.
#[derive(Clone, Copy, Debug)]
pub struct SequenceDef {
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

impl SequenceDef {
    /// The database's defaults.
    pub const DEFAULT: Self = Self { start: None, increment: None, min: None, max: None, cache: None, cycle: false };
}

/// A unique constraint.
#[derive(Clone, Copy, Debug)]
pub struct UniqueDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// The columns, by name.
    pub columns: &'static [&'static str],
    /// Columns that ride along.
    pub include: &'static [&'static str],
    /// Whether two NULLs count as the same.
    pub nulls_not_distinct: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
}

impl UniqueDef {
    /// A unique constraint with nothing else said.
    #[must_use]
    pub const fn new(columns: &'static [&'static str]) -> Self {
        Self { name: None, columns, include: &[], nulls_not_distinct: false, deferrable: Deferrable::No }
    }
}

/// A check.
#[derive(Clone, Copy, Debug)]
pub struct CheckDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// The condition.
    pub expression: &'static str,
    /// The one database it exists on.
    pub only: Option<Database>,
}

/// A foreign key.
#[derive(Clone, Copy, Debug)]
pub struct ForeignKeyDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// The columns, by name.
    pub columns: &'static [&'static str],
    /// What they point at.
    pub references: ReferenceDef,
    /// What a delete over there does here.
    pub on_delete: Action,
    /// What an update over there does here.
    pub on_update: Action,
    /// When it is checked.
    pub deferrable: Deferrable,
}

impl ForeignKeyDef {
    /// A foreign key with nothing else said.
    #[must_use]
    pub const fn new(columns: &'static [&'static str], references: ReferenceDef) -> Self {
        Self {
            name: None,
            columns,
            references,
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
        }
    }
}

/// What a foreign key points at.
#[derive(Clone, Copy, Debug)]
pub enum ReferenceDef {
    /// Fields of a model. A function, so that two models may refer to each other.
    Model {
        /// The model's table.
        table: fn() -> &'static TableDef,
        /// The fields, as Rust spells them without `r#`.
        fields: &'static [&'static str],
    },
    /// A table without a model.
    Table {
        /// Its schema, when it is not the default one.
        schema: Option<&'static str>,
        /// Its name.
        table: &'static str,
        /// Its columns.
        columns: &'static [&'static str],
    },
}

/// An exclusion constraint.
#[derive(Clone, Copy, Debug)]
pub struct ExclusionDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// The index method.
    pub using: &'static str,
    /// The elements: what is compared, and with which operator.
    pub elements: &'static [(KeyDef, &'static str)],
    /// The rows it is about.
    pub predicate: Option<&'static str>,
    /// When it is checked.
    pub deferrable: Deferrable,
}

/// An index.
#[derive(Clone, Copy, Debug)]
pub struct IndexDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// Whether no two rows share the keys.
    pub unique: bool,
    /// The method, when it is not `btree`.
    pub using: Option<&'static str>,
    /// What is indexed.
    pub keys: &'static [KeyDef],
    /// Columns that ride along.
    pub include: &'static [&'static str],
    /// The rows it is about.
    pub predicate: Option<&'static str>,
    /// Whether two NULLs count as the same.
    pub nulls_not_distinct: bool,
    /// Storage parameters.
    pub with: &'static [(&'static str, &'static str)],
    /// The one database it exists on.
    pub only: Option<Database>,
    /// Whether it is built without blocking writers (PostgreSQL, `CREATE INDEX CONCURRENTLY`).
    pub concurrently: bool,
}

impl IndexDef {
    /// An index with nothing else said.
    #[must_use]
    pub const fn new(keys: &'static [KeyDef]) -> Self {
        Self {
            name: None,
            unique: false,
            using: None,
            keys,
            include: &[],
            predicate: None,
            nulls_not_distinct: false,
            with: &[],
            only: None,
            concurrently: false,
        }
    }
}

/// One key of an index.
#[derive(Clone, Copy, Debug)]
pub struct KeyDef {
    /// The column's name, or the expression.
    pub of: KeyOfDef,
    /// The direction.
    pub order: Order,
    /// Where NULLs sort.
    pub nulls: Option<Nulls>,
    /// The operator class.
    pub opclass: Option<&'static str>,
    /// The collation.
    pub collation: Option<&'static str>,
}

impl KeyDef {
    /// A key over a column, ascending.
    #[must_use]
    pub const fn column(name: &'static str) -> Self {
        Self { of: KeyOfDef::Column(name), order: Order::Ascending, nulls: None, opclass: None, collation: None }
    }

    /// A key over an expression, ascending.
    #[must_use]
    pub const fn expression(sql: &'static str) -> Self {
        Self { of: KeyOfDef::Expression(sql), order: Order::Ascending, nulls: None, opclass: None, collation: None }
    }
}

/// What a key is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOfDef {
    /// A column.
    Column(&'static str),
    /// An expression.
    Expression(&'static str),
}
