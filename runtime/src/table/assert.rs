//! What the compiler checks about columns: the derive emits each call in a const of its own, at the user's own tokens.
//! A model that did not compile has no columns; its own mistakes are shown, and nothing is added here.

use super::text::{fail, same};
use super::{Column, ColumnDef, DefaultDef, TableDef, TypeDef};

/// Stops the compiler unless a column may refer to another: of the same type, which is a key.
///
/// # Panics
///
/// While compiling, with what does not fit.
#[track_caller]
pub const fn assert_refers(from: Column, to: Column) {
    // One column by value: a slice in the derive's output costs the compiler several times as much.
    assert_refer(&[from], &[to]);
}

/// The same of several columns.
///
/// # Panics
///
/// While compiling, with what does not fit.
#[track_caller]
pub const fn assert_refer(from: &[Column], to: &[Column]) {
    if from.len() != to.len() {
        fail(&["a foreign key refers to as many fields as it has"]);
    }
    let mut at = 0;
    while at < from.len() {
        let (Some(here), Some(there)) = (from[at].known(), to[at].known()) else {
            // The model over there has mistakes of its own, which are shown there.
            return;
        };
        if !here.ty.matches(&there.ty) {
            fail(&[
                "`",
                here.field,
                "` is ",
                here.ty.word(),
                here.ty.name(),
                ", but `",
                to[at].table().model,
                "::",
                there.field,
                "`, which it refers to, is ",
                there.ty.word(),
                there.ty.name(),
                "; give both the same type",
            ]);
        }
        at += 1;
    }
    if !to.is_empty() && !is_key(to[0].table(), to) {
        fail(&[
            "`",
            to[0].table().model,
            "::",
            to[0].def().field,
            if to.len() > 1 { "` and the others are" } else { "` is" },
            " not unique, so nothing can refer to it; make it `primary_key` or `unique` over there",
        ]);
    }
}

/// Stops the compiler unless a column may be NULL.
///
/// # Panics
///
/// While compiling, with the column.
#[track_caller]
pub const fn assert_set_null(column: Column) {
    if let Some(column) = column.known()
        && !column.nullable
    {
        fail(&["`set_null` needs a field that may be NULL, but `", column.field, "` is no `Option`; make it one"]);
    }
}

/// Stops the compiler when two columns of a table, flattened ones among them, have one name.
///
/// # Panics
///
/// While compiling, with the name.
#[track_caller]
pub const fn assert_distinct(table: &TableDef) {
    let mut at = 0;
    while at < table.flattened.len() {
        let part = table.flattened[at].1;
        assert_none_of(table, part);
        let mut other = at + 1;
        while other < table.flattened.len() {
            assert_none_of(table.flattened[other].1, part);
            other += 1;
        }
        at += 1;
    }
}

#[track_caller]
const fn assert_none_of(table: &TableDef, part: &TableDef) {
    let mut at = 0;
    while at < part.columns.len() {
        let name = part.columns[at].name;
        let mut other = 0;
        while other < table.columns.len() {
            if same(table.columns[other].name, name) {
                fail(&["two columns are called `", name, "`: one of them comes from `", part.model, "`"]);
            }
            other += 1;
        }
        at += 1;
    }
}

/// Stops the compiler when a column of the primary key may be NULL.
///
/// # Panics
///
/// While compiling, with the column.
#[track_caller]
pub const fn assert_primary_key(column: Column) {
    if let Some(column) = column.known()
        && column.nullable
    {
        fail(&["`", column.field, "` is part of the primary key, so it cannot be an `Option`"]);
    }
}

/// Stops the compiler when a column cannot hold its default.
///
/// # Panics
///
/// While compiling, with the type of the column.
#[track_caller]
pub const fn assert_default(column: Column) {
    if let Some(ColumnDef { ty, default: Some(default), .. }) = column.known() {
        default.assert_fits(ty);
    }
}

/// Stops the compiler when a column that holds no text has a length.
///
/// # Panics
///
/// While compiling, with the type of the column.
#[track_caller]
pub const fn assert_length(column: Column) {
    if let Some(column) = column.known()
        && !matches!(column.ty, TypeDef::Varchar(Some(_)) | TypeDef::Char(_))
    {
        fail(&["`length` is for text, but this column is ", column.ty.word(), column.ty.name(), "; leave it out"]);
    }
}

/// Stops the compiler when a column that holds no decimals has a precision.
///
/// # Panics
///
/// While compiling, with the type of the column.
#[track_caller]
pub const fn assert_numeric(column: Column) {
    if let Some(column) = column.known()
        && !matches!(column.ty, TypeDef::Numeric(_))
    {
        let ty = &column.ty;
        fail(&["`precision` is for decimals, but this column is ", ty.word(), ty.name(), "; leave it out"]);
    }
}

/// Stops the compiler when a column that holds no whole numbers is numbered by the database.
///
/// # Panics
///
/// While compiling, with the type of the column.
#[track_caller]
pub const fn assert_counted(column: Column) {
    if let Some(column) = column.known()
        && !matches!(column.ty, TypeDef::SmallInt | TypeDef::Integer | TypeDef::BigInt | TypeDef::Sql(_))
    {
        let ty = &column.ty;
        fail(&["the database numbers integers only, but this column is ", ty.word(), ty.name()]);
    }
}

impl DefaultDef {
    /// Stops the compiler when a column of this type cannot hold the value.
    #[track_caller]
    pub(super) const fn assert_fits(&self, ty: &TypeDef) {
        let fits = match (self, ty) {
            (Self::Sql(_), _) | (_, TypeDef::Sql(_)) | (Self::Boolean(_), TypeDef::Boolean) => true,
            (Self::Integer(value), TypeDef::SmallInt) => *value >= i16::MIN as i64 && *value <= i16::MAX as i64,
            (Self::Integer(value), TypeDef::Integer) => *value >= i32::MIN as i64 && *value <= i32::MAX as i64,
            (Self::Integer(_), TypeDef::BigInt)
            | (Self::Integer(_) | Self::Float(_), TypeDef::Real | TypeDef::Double | TypeDef::Numeric(_)) => true,
            (Self::Integer(value), TypeDef::Enum(of)) => of.has_number(*value),
            (Self::Text(label), TypeDef::Enum(of)) => of.has_label(label),
            (
                Self::Text(_),
                TypeDef::Boolean
                | TypeDef::SmallInt
                | TypeDef::Integer
                | TypeDef::BigInt
                | TypeDef::Real
                | TypeDef::Double
                | TypeDef::Numeric(_),
            ) => false,
            (Self::Text(text), TypeDef::Varchar(Some(length)) | TypeDef::Char(length)) => characters(text) <= *length,
            (Self::Text(_), _) => true,
            (Self::Boolean(_) | Self::Integer(_) | Self::Float(_), _) => false,
        };
        if !fits {
            match self {
                Self::Text(text) => {
                    fail(&["the default \"", text, "\" is no value of this column, which is ", ty.word(), ty.name()])
                }
                Self::Boolean(_) => fail(&["a boolean is no value of this column, which is ", ty.word(), ty.name()]),
                Self::Integer(_) => fail(&["this number is no value of this column, which is ", ty.word(), ty.name()]),
                Self::Float(text) => fail(&["the default ", text, " is no value of this column, which is ", ty.word()]),
                Self::Sql(_) => {}
            }
        }
    }
}

/// How many characters a text has.
const fn characters(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let (mut count, mut at) = (0, 0);
    while at < bytes.len() {
        // A byte that does not continue a character begins one (UTF-8).
        if bytes[at] & 0b1100_0000 != 0b1000_0000 {
            count += 1;
        }
        at += 1;
    }
    count
}

impl TypeDef {
    /// Whether a foreign key may join the two. What is named in SQL may be anything.
    pub(super) const fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sql(_), _) | (_, Self::Sql(_)) => true,
            (Self::Array(a), Self::Array(b)) => a.matches(b),
            (Self::Enum(a), Self::Enum(b)) => same(a.name, b.name),
            _ => same(self.word(), other.word()),
        }
    }
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if same(names[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether no two rows of the table share the values of exactly these columns.
const fn is_key(table: &TableDef, columns: &[Column]) -> bool {
    if are(table.primary_key, columns) {
        return true;
    }
    let mut at = 0;
    while at < table.uniques.len() {
        if are(table.uniques[at].columns, columns) {
            return true;
        }
        at += 1;
    }
    let mut at = 0;
    while at < table.indexes.len() {
        let index = &table.indexes[at];
        if index.unique && index.predicate.is_none() && index.is_over(columns) {
            return true;
        }
        at += 1;
    }
    false
}

const fn are(names: &[&str], columns: &[Column]) -> bool {
    let mut at = 0;
    while at < columns.len() {
        if !contains(names, columns[at].name()) {
            return false;
        }
        at += 1;
    }
    names.len() == columns.len()
}
