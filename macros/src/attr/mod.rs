//! What may stand in our attributes.
//!
//! Each attribute is one struct, declared with `attribute!`: the struct is the only list of its arguments, and the doc
//! comment of an argument is its reference. A new argument is one field there.

mod arguments;
mod column;
mod comment;
mod enums;
mod literal;
mod parts;
#[cfg(test)]
mod reference;
mod sqlx;
mod table;

pub(crate) use arguments::{Set, attributes};
pub(crate) use column::{ColumnAttr, ColumnOn};
pub(crate) use comment::Comment;
pub(crate) use enums::{ColumnTypeAttr, DbEnumAttr, VariantAttr};
pub(crate) use literal::Literal;
pub(crate) use parts::{
    ActionWord, CheckPart, Deferral, ExcludePart, FieldRef, IdentityPart, IndexOptions, IndexPart, Key, KeyTarget,
    Reference, Target,
};
pub(crate) use sqlx::{Sqlx, sqlx};
pub(crate) use table::{CratePath, ExtraColumn, TableAttr};
