//! `#[db_enum(…)]` and `#[column_type(…)]`.

use syn::LitStr;

use super::arguments::{Flag, Set, attribute};
use super::comment::Comment;
use super::table::CratePath;

attribute! {
    /// `#[db_enum(…)]` on an enum.
    pub(crate) struct DbEnumAttr {
        /// The type's name. Without one it is what sqlx sends: its `type_name`, or the enum's own in lower case.
        name: Set<LitStr> = "name" | "type_name" | "rename",
        /// The schema the type is in (PostgreSQL).
        schema: Set<LitStr> = "schema",
        /// How labels are written: `snake_case`, `lowercase`, … Without it they are what sqlx sends.
        rename_all: Set<LitStr> = "rename_all",
        /// A comment, or `comment = doc` for the enum's doc comment.
        comment: Set<Comment> = "comment",
        /// The name the type had before.
        renamed_from: Set<LitStr> = "renamed_from",
        /// Stored as text, with a check on every column: no type of its own. sqlx wants `type_name = "text"` for it.
        text: Flag = "text",
        /// Stored as a whole number, with a check on every column. sqlx wants `#[repr(i32)]` for it, which is enough.
        integer: Flag = "integer",
        /// Where limbeck is found, when not at `::limbeck`.
        krate: Set<CratePath> = "crate",
    }
}

attribute! {
    /// `#[db_enum(…)]` on a variant.
    pub(crate) struct VariantAttr {
        /// The label.
        rename: Set<LitStr> = "rename" | "name",
        /// The label it had before.
        renamed_from: Set<LitStr> = "renamed_from",
    }
}

attribute! {
    /// `#[column_type(…)]` on a newtype.
    pub(crate) struct ColumnTypeAttr {
        /// The type in the database's own words, when it is not the inner type's.
        sql_type: Set<LitStr> = "sql_type",
        /// Where limbeck is found, when not at `::limbeck`.
        krate: Set<CratePath> = "crate",
    }
}
