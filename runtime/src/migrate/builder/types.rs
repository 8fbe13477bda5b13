//! Types, keys and values as a module says them.

use crate::schema::{Expression, Key, KeyOf, Literal, Nulls, Order, QualifiedName, Type};
use crate::source::Value;

/// A value that is still to be said: the module compiles, and an upgrade refuses it and names the column.
#[must_use]
pub fn placeholder(ty: Type) -> Value {
    Value::Placeholder(ty)
}

macro_rules! types {
    ($($(#[$meta:meta])* $word:ident $(($($arg:ident: $of:ty),*))? => $ty:expr;)*) => {$(
        $(#[$meta])*
        #[must_use]
        pub fn $word($($($arg: $of),*)?) -> Type {
            $ty
        }
    )*};
}

types! {
    /// True or false.
    boolean => Type::Boolean;
    /// A 16-bit integer.
    smallint => Type::SmallInt;
    /// A 32-bit integer.
    integer => Type::Integer;
    /// A 64-bit integer.
    bigint => Type::BigInt;
    /// A 32-bit float.
    real => Type::Real;
    /// A 64-bit float.
    double => Type::Double;
    /// An exact number.
    numeric => Type::Numeric(None);
    /// An exact number with at most `precision` digits, `scale` of them after the point.
    numeric_with(precision: u16, scale: i16) => Type::Numeric(Some((precision, scale)));
    /// Text of any length.
    text => Type::Text;
    /// Text of at most `length` characters.
    varchar(length: u32) => Type::Varchar(Some(length));
    /// `varchar` without a length.
    varchar_unlimited => Type::Varchar(None);
    /// Text padded to `length` characters.
    character(length: u32) => Type::Char(length);
    /// Bytes.
    bytes => Type::Bytes;
    /// A calendar date.
    date => Type::Date;
    /// A time of day.
    time => Type::Time(None);
    /// A time of day with this many digits of a second.
    time_with(precision: u8) => Type::Time(Some(precision));
    /// A time of day with an offset.
    timetz => Type::TimeTz(None);
    /// A time of day with an offset and this many digits of a second.
    timetz_with(precision: u8) => Type::TimeTz(Some(precision));
    /// A date and time without a zone.
    timestamp => Type::Timestamp(None);
    /// A date and time with this many digits of a second.
    timestamp_with(precision: u8) => Type::Timestamp(Some(precision));
    /// A point in time.
    timestamptz => Type::TimestampTz(None);
    /// A point in time with this many digits of a second.
    timestamptz_with(precision: u8) => Type::TimestampTz(Some(precision));
    /// A span of time.
    interval => Type::Interval(None);
    /// A span of time with this many digits of a second.
    interval_with(precision: u8) => Type::Interval(Some(precision));
    /// A UUID.
    uuid => Type::Uuid;
    /// JSON, kept as text.
    json => Type::Json;
    /// JSON, parsed.
    jsonb => Type::Jsonb;
    /// An array of another type.
    array(of: Type) => Type::Array(Box::new(of));
}

/// A type that a migration defined: an enum or a domain.
pub fn named(name: impl Into<QualifiedName>) -> Type {
    Type::Named(name.into())
}

/// Any other type, in the database's own words.
pub fn sql_type(text: impl Into<String>) -> Type {
    Type::Sql(text.into())
}

/// A number with a point or an exponent, as a default.
pub fn float(text: impl Into<String>) -> Literal {
    Literal::Float(text.into())
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Literal {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// A key over a column.
pub fn key(column: &str) -> Key {
    Key::column(column)
}

/// A key over an expression.
pub fn expression(sql: impl Into<Expression>) -> Key {
    Key::expression(sql)
}

impl Key {
    /// Largest first.
    #[must_use]
    pub fn desc(mut self) -> Self {
        self.order = Order::Descending;
        self
    }

    /// NULLs before everything.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.nulls = Some(Nulls::First);
        self
    }

    /// NULLs after everything.
    #[must_use]
    pub fn nulls_last(mut self) -> Self {
        self.nulls = Some(Nulls::Last);
        self
    }

    /// With this operator class.
    #[must_use]
    pub fn opclass(mut self, opclass: &str) -> Self {
        self.opclass = Some(opclass.to_owned());
        self
    }

    /// With this collation.
    #[must_use]
    pub fn collation(mut self, collation: &str) -> Self {
        self.collation = Some(collation.to_owned());
        self
    }
}

/// `"name"`, `"created_at desc"`, `"created_at desc nulls last"`. A column whose name has white space is a [`key`].
impl From<&str> for Key {
    fn from(text: &str) -> Self {
        let (text, nulls) = match text.strip_suffix(" nulls first") {
            Some(rest) => (rest, Some(Nulls::First)),
            None => match text.strip_suffix(" nulls last") {
                Some(rest) => (rest, Some(Nulls::Last)),
                None => (text, None),
            },
        };
        let (name, order) = match text.strip_suffix(" desc") {
            Some(rest) => (rest, Order::Descending),
            None => (text.strip_suffix(" asc").unwrap_or(text), Order::Ascending),
        };
        Self { of: KeyOf::Column(name.into()), order, nulls, opclass: None, collation: None }
    }
}
