//! [`ColumnType`] for the Rust types that sqlx reads and writes.

use crate::table::{ColumnType, TypeDef};

macro_rules! column_type {
    ($($(#[$meta:meta])* $rust:ty => $ty:expr),* $(,)?) => {$(
        $(#[$meta])*
        impl ColumnType for $rust {
            const TYPE: TypeDef = $ty;
        }
    )*};
}

column_type! {
    bool => TypeDef::Boolean,
    i16 => TypeDef::SmallInt,
    i32 => TypeDef::Integer,
    i64 => TypeDef::BigInt,
    f32 => TypeDef::Real,
    f64 => TypeDef::Double,
    str => TypeDef::Text,
    String => TypeDef::Text,
    [u8] => TypeDef::Bytes,
    #[cfg(feature = "uuid")]
    uuid::Uuid => TypeDef::Uuid,
    #[cfg(feature = "chrono")]
    chrono::NaiveDate => TypeDef::Date,
    #[cfg(feature = "chrono")]
    chrono::NaiveTime => TypeDef::Time(None),
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime => TypeDef::Timestamp(None),
    #[cfg(feature = "time")]
    time::Date => TypeDef::Date,
    #[cfg(feature = "time")]
    time::Time => TypeDef::Time(None),
    #[cfg(feature = "time")]
    time::PrimitiveDateTime => TypeDef::Timestamp(None),
    #[cfg(feature = "time")]
    time::OffsetDateTime => TypeDef::TimestampTz(None),
    #[cfg(feature = "json")]
    serde_json::Value => TypeDef::Jsonb,
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal => TypeDef::Numeric(None),
}

#[cfg(feature = "chrono")]
impl<Tz: chrono::TimeZone> ColumnType for chrono::DateTime<Tz> {
    const TYPE: TypeDef = TypeDef::TimestampTz(None);
}

#[cfg(all(feature = "json", feature = "driver"))]
impl<T> ColumnType for sqlx::types::Json<T> {
    const TYPE: TypeDef = TypeDef::Jsonb;
}

impl<T: ColumnType> ColumnType for Option<T> {
    const TYPE: TypeDef = T::TYPE;
    const NULLABLE: bool = true;
}

impl<T: ColumnType + ?Sized> ColumnType for &T {
    const TYPE: TypeDef = T::TYPE;
    const NULLABLE: bool = T::NULLABLE;
}

impl<T: ColumnType + ?Sized> ColumnType for Box<T> {
    const TYPE: TypeDef = T::TYPE;
    const NULLABLE: bool = T::NULLABLE;
}

impl<T: ColumnType + ?Sized + ToOwned> ColumnType for std::borrow::Cow<'_, T> {
    const TYPE: TypeDef = T::TYPE;
    const NULLABLE: bool = T::NULLABLE;
}

/// A type whose `Vec` is an array. `u8` is none: `Vec<u8>` is bytes.
#[diagnostic::on_unimplemented(
    message = "`Vec<{Self}>` cannot stand in a column",
    label = "no array type is known for this element",
    note = "derive `limbeck::Enum` or `limbeck::ColumnType` for `{Self}`, or store it as `sqlx::types::Json<Vec<{Self}>>`"
)]
pub trait ArrayElement {
    /// What a `Vec` of it is.
    const ARRAY: TypeDef;
}

impl ArrayElement for u8 {
    const ARRAY: TypeDef = TypeDef::Bytes;
}

macro_rules! array_element {
    ($($(#[$meta:meta])* $rust:ty),* $(,)?) => {$(
        $(#[$meta])*
        impl ArrayElement for $rust {
            const ARRAY: TypeDef = TypeDef::Array(&<$rust as ColumnType>::TYPE);
        }
    )*};
}

array_element! {
    bool, i16, i32, i64, f32, f64, String,
    #[cfg(feature = "uuid")] uuid::Uuid,
    #[cfg(feature = "chrono")] chrono::NaiveDate,
    #[cfg(feature = "chrono")] chrono::NaiveTime,
    #[cfg(feature = "chrono")] chrono::NaiveDateTime,
    #[cfg(feature = "time")] time::Date,
    #[cfg(feature = "time")] time::Time,
    #[cfg(feature = "time")] time::PrimitiveDateTime,
    #[cfg(feature = "time")] time::OffsetDateTime,
    #[cfg(feature = "json")] serde_json::Value,
    #[cfg(feature = "rust_decimal")] rust_decimal::Decimal,
    Vec<u8>,
}

#[cfg(feature = "chrono")]
impl<Tz: chrono::TimeZone> ArrayElement for chrono::DateTime<Tz> {
    const ARRAY: TypeDef = TypeDef::Array(&TypeDef::TimestampTz(None));
}

#[cfg(all(feature = "json", feature = "driver"))]
impl<T> ArrayElement for sqlx::types::Json<T> {
    const ARRAY: TypeDef = TypeDef::Array(&TypeDef::Jsonb);
}

impl<T: ArrayElement> ArrayElement for Option<T> {
    const ARRAY: TypeDef = T::ARRAY;
}

impl<T: ArrayElement> ColumnType for Vec<T> {
    const TYPE: TypeDef = T::ARRAY;
}

impl<const N: usize> ColumnType for [u8; N] {
    const TYPE: TypeDef = TypeDef::Bytes;
}
