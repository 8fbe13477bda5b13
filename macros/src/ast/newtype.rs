//! A struct around one value.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Type};

use super::krate;
use crate::attr::{self, ColumnTypeAttr};
use crate::errors::Errors;
use crate::name;

/// A newtype.
pub(crate) struct Newtype<'a> {
    pub(crate) input: &'a DeriveInput,
    /// The value's type; nothing when it wraps no single one, which is a mistake.
    pub(crate) inner: Option<&'a Type>,
    /// The type in the database's own words: ours, or the one that sqlx sends.
    pub(crate) sql_type: Option<String>,
    pub(crate) krate: TokenStream,
}

impl<'a> Newtype<'a> {
    /// Reads the struct.
    pub(crate) fn read(input: &'a DeriveInput, errors: &Errors) -> Self {
        let attr: ColumnTypeAttr = attr::attributes("column_type", &input.attrs, errors);
        let sent = attr::sqlx(&input.attrs).type_name;
        let inner = match &input.data {
            Data::Struct(data) if data.fields.len() == 1 => data.fields.iter().next().map(|field| &field.ty),
            Data::Struct(_) | Data::Enum(_) | Data::Union(_) => None,
        };
        if inner.is_none() {
            errors.on(
                &input.ident,
                "`#[derive(ColumnType)]` is for a struct around one value, `struct Id(i64);`; for an enum, derive `limbeck::Enum`; otherwise write the `impl limbeck::ColumnType` by hand",
            );
        }
        if let (Some(ours), Some(theirs)) = (attr.sql_type.get(), &sent)
            && name::regtype(&ours.value()) != name::regtype(&theirs.value())
        {
            let text = theirs.value();
            errors.on(ours, format!("`#[sqlx]` sends this as the type `{text}`: keep one of the two"));
        }
        let sql_type = attr.sql_type.text().or_else(|| sent.map(|name| name.value()));
        Self { input, inner, sql_type, krate: krate(attr.krate.get()) }
    }
}
