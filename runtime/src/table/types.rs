//! What a column holds, and the enums that it may.

use super::ColumnDef;
use super::text::same;

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
    /// A column of the type, before it has a name. The derives' output uses it: naming a constant costs the compiler a
    /// third of what calling a function costs it.
    #[doc(hidden)]
    const COLUMN: ColumnDef = ColumnDef::typed("", "", Self::TYPE, Self::NULLABLE);
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

/// A fieldless enum whose variants are labels. Derived by `#[derive(Enum)]`.
pub trait Enum {
    /// Its name, its labels, and how they are stored.
    const ENUM: &'static EnumDef;
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
    /// What a column of it is.
    pub stored: StoredDef,
    /// The Rust enum's path, for messages.
    pub model: &'static str,
    /// The package the enum is in.
    pub package: &'static str,
}

/// How the values of an enum are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredDef {
    /// As a type of the database's own.
    Type,
    /// As text, with a check on every column.
    Text,
    /// As whole numbers of this type, with a check on every column: the label's numbers, in order.
    Integer(&'static TypeDef, &'static [i64]),
}

impl EnumDef {
    /// An enum with nothing but labels.
    #[must_use]
    pub const fn new(name: &'static str, labels: &'static [&'static str]) -> Self {
        Self {
            schema: None,
            name,
            labels,
            comment: None,
            renamed_from: None,
            renamed_labels: &[],
            stored: StoredDef::Type,
            model: "",
            package: "",
        }
    }
}

/// Tells `Option<T>` from other types under any name, also where no `ColumnType` is known: `Probe::<T>::NULLABLE` finds
/// the inherent constant first, and the one of [`Unprobed`] otherwise. The derives' output uses it.
#[doc(hidden)]
pub struct Probe<T: ?Sized>(std::marker::PhantomData<T>);

impl<T> Probe<Option<T>> {
    pub const NULLABLE: bool = true;
}

#[doc(hidden)]
pub trait Unprobed {
    const NULLABLE: bool = false;
}

impl<T: ?Sized> Unprobed for Probe<T> {}

impl EnumDef {
    /// Whether it has this label, and stores it.
    pub(super) const fn has_label(&self, label: &str) -> bool {
        if let StoredDef::Integer(..) = self.stored {
            return false;
        }
        let mut at = 0;
        while at < self.labels.len() {
            if same(self.labels[at], label) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether it stores this number.
    pub(super) const fn has_number(&self, number: i64) -> bool {
        let StoredDef::Integer(_, numbers) = self.stored else {
            return false;
        };
        let mut at = 0;
        while at < numbers.len() {
            if numbers[at] == number {
                return true;
            }
            at += 1;
        }
        false
    }
}

impl TypeDef {
    /// What a person calls it, without sizes.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::SmallInt => "smallint",
            Self::Integer => "integer",
            Self::BigInt => "bigint",
            Self::Real => "real",
            Self::Double => "double precision",
            Self::Numeric(_) => "numeric",
            // A varchar refers to a text and the other way round.
            Self::Text | Self::Varchar(_) | Self::Char(_) => "text",
            Self::Bytes => "bytes",
            Self::Date => "date",
            Self::Time(_) => "time",
            Self::TimeTz(_) => "time with time zone",
            Self::Timestamp(_) => "timestamp",
            Self::TimestampTz(_) => "timestamp with time zone",
            Self::Interval(_) => "interval",
            Self::Uuid => "uuid",
            Self::Json => "json",
            Self::Jsonb => "jsonb",
            Self::Array(_) => "an array",
            Self::Enum(_) => "the enum ",
            Self::Sql(_) => "",
        }
    }

    /// What it is called besides, if anything.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Enum(of) => of.name,
            Self::Sql(text) => text,
            _ => "",
        }
    }
}
