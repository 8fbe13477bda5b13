//! Column types.

use super::QualifiedName;

/// What a column holds, said once for every database.
///
/// Names and meanings are PostgreSQL's (manual, chapter 8, *Data Types*); another database's dialect gives the
/// declared type that sqlx reads and writes there for the same Rust type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
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
    /// An exact number, with at most this many digits, so many of them after the point.
    Numeric(Option<(u16, i16)>),
    /// Text of any length.
    Text,
    /// Text of at most this many characters, or any number.
    Varchar(Option<u32>),
    /// Text padded to this many characters.
    Char(u32),
    /// Bytes.
    Bytes,
    /// A calendar date.
    Date,
    /// A time of day, with this many digits of a second.
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
    /// An array of another type, of any number of dimensions.
    Array(Box<Type>),
    /// A type that the schema itself defines: an enum or a domain.
    Named(QualifiedName),
    /// Any other type, in the database's own words.
    Sql(String),
}

impl Type {
    /// The type that the schema must define for this one, if any: its own or its elements'.
    #[must_use]
    pub fn named(&self) -> Option<&QualifiedName> {
        match self {
            Self::Named(name) => Some(name),
            Self::Array(of) => of.named(),
            Self::Boolean
            | Self::SmallInt
            | Self::Integer
            | Self::BigInt
            | Self::Real
            | Self::Double
            | Self::Numeric(_)
            | Self::Text
            | Self::Varchar(_)
            | Self::Char(_)
            | Self::Bytes
            | Self::Date
            | Self::Time(_)
            | Self::TimeTz(_)
            | Self::Timestamp(_)
            | Self::TimestampTz(_)
            | Self::Interval(_)
            | Self::Uuid
            | Self::Json
            | Self::Jsonb
            | Self::Sql(_) => None,
        }
    }

    /// The same type with one defined type's name replaced.
    #[must_use]
    pub fn renamed(self, from: &QualifiedName, to: &QualifiedName) -> Self {
        match self {
            Self::Named(name) if name == *from => Self::Named(to.clone()),
            Self::Array(of) => Self::Array(Box::new(of.renamed(from, to))),
            other => other,
        }
    }
}
