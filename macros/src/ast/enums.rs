//! An enum with its attributes read.

use proc_macro2::{Span, TokenStream};
use syn::{Data, DeriveInput, Fields, Ident};

use super::{Named, comment, doc, krate, rename_all};
use crate::attr::{self, DbEnumAttr, Sqlx, VariantAttr};
use crate::errors::Errors;
use crate::name;

/// A fieldless enum.
pub(crate) struct Enumeration<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) attr: DbEnumAttr,
    pub(crate) sqlx: Sqlx,
    pub(crate) schema: Option<Named>,
    pub(crate) name: Named,
    pub(crate) stored: Stored,
    pub(crate) variants: Vec<Variant<'a>>,
    pub(crate) comment: Option<String>,
    pub(crate) krate: TokenStream,
}

/// A variant and its label.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) label: Named,
    pub(crate) renamed_from: Option<String>,
}

/// How values are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    Type,
    Text,
    SmallInt,
    Integer,
    BigInt,
}

impl<'a> Enumeration<'a> {
    /// Reads the enum; one without variants when it is none, with the mistake noted.
    pub(crate) fn read(input: &'a DeriveInput, errors: &Errors) -> Self {
        let attr: DbEnumAttr = attr::attributes("db_enum", &input.attrs, errors);
        let sqlx = attr::sqlx(&input.attrs);
        let given = match &input.data {
            Data::Enum(data) => Some(&data.variants),
            Data::Struct(_) | Data::Union(_) => {
                errors.on(&input.ident, "`#[derive(Enum)]` is for enums; for a struct, derive `limbeck::Table`, or `limbeck::ColumnType` for one that wraps a value");
                None
            }
        };
        let case = rename_all(attr.rename_all.get(), sqlx.rename_all.as_ref(), errors);
        let mut variants = Vec::new();
        for variant in given.into_iter().flatten() {
            if !matches!(variant.fields, Fields::Unit) {
                errors.on(
                    &variant.fields,
                    "a variant with fields is no label; keep such an enum in a JSON column: `sqlx::types::Json<…>`",
                );
            }
            let own: VariantAttr = attr::attributes("db_enum", &variant.attrs, errors);
            let theirs = attr::sqlx(&variant.attrs).rename;
            let label = match (own.rename.get(), &theirs) {
                (Some(ours), Some(theirs)) if ours.value() != theirs.value() => {
                    let text = theirs.value();
                    errors.on(ours, format!("`#[sqlx]` sends this as \"{text}\": keep one of the two"));
                    Named::declared(ours)
                }
                (Some(label), _) | (None, Some(label)) => Named::declared(label),
                (None, None) => {
                    // sqlx takes the identifier as it prints, `r#` and all.
                    let plain = variant.ident.to_string();
                    let text = case.map_or_else(|| plain.clone(), |case| case.apply(&plain));
                    Named { text, span: variant.ident.span(), declared: false }
                }
            };
            variants.push(Variant { ident: &variant.ident, label, renamed_from: own.renamed_from.text() });
        }
        let stored = stored(&attr, &sqlx, input, errors);
        let (schema, name) = names(&attr, &sqlx, &input.ident);
        let comment = comment(attr.comment.get(), doc(&input.attrs));
        let krate = krate(attr.krate.get());
        Self { input, attr, sqlx, schema, name, stored, variants, comment, krate }
    }
}

/// The type's name: ours, or what PostgreSQL makes of the one that sqlx sends.
fn names(attr: &DbEnumAttr, sqlx: &Sqlx, ident: &Ident) -> (Option<Named>, Named) {
    let at = |text: String, span: Span, declared| Named { text, span, declared };
    let schema = attr.schema.get().map(Named::declared);
    if let Some(name) = attr.name.get() {
        return (schema, Named::declared(name));
    }
    match &sqlx.type_name {
        Some(sent) => {
            let (within, name) = name::regtype(&sent.value());
            let within = within.map(|schema| at(schema, sent.span(), true));
            (schema.or(within), at(name, sent.span(), true))
        }
        None => (schema, at(name::regtype(&name::unraw(ident)).1, ident.span(), false)),
    }
}

/// How sqlx stores it: as text under that type name, as a number under `#[repr]`, as a type otherwise.
fn stored(attr: &DbEnumAttr, sqlx: &Sqlx, input: &DeriveInput, errors: &Errors) -> Stored {
    let sent = sqlx.type_name.as_ref().map(|name| name::regtype(&name.value()).1);
    let sends_text = sent.as_deref().is_some_and(|name| matches!(name, "text" | "varchar"));
    let number = repr(input, errors);
    if let (Some(_), Some(span)) = (attr.text.span(), attr.integer.span()) {
        errors.at(span, "an enum is stored as `text` or as `integer`: keep one of them");
    }
    match number {
        Some((number, span)) => {
            if let Some(text) = attr.text.span() {
                errors.at(text, "sqlx stores an enum with `#[repr]` as a number; leave the `#[repr]` out, or `text`");
            }
            if sqlx.type_name.is_some() {
                errors.at(span, "sqlx stores an enum with `#[repr]` as a number, so it has no type of its own; leave out `type_name` or the `#[repr]`");
            }
            number
        }
        None if attr.text.is_set() || sends_text => {
            if let (Some(span), true, false) = (attr.text.span(), sqlx.present, sends_text) {
                errors.at(
                    span,
                    "sqlx would send a type of its own instead of text; add `type_name = \"text\"` to `#[sqlx(…)]`",
                );
            }
            Stored::Text
        }
        None if attr.integer.is_set() => {
            if let (Some(span), true) = (attr.integer.span(), sqlx.present) {
                errors.at(span, "sqlx would send the labels instead of numbers; add `#[repr(i32)]` to the enum");
            }
            Stored::Integer
        }
        None => Stored::Type,
    }
}

/// The number that `#[repr]` makes of it.
fn repr(input: &DeriveInput, errors: &Errors) -> Option<(Stored, Span)> {
    let attr = input.attrs.iter().find(|a| a.path().is_ident("repr"))?;
    let mut found = None;
    // What `#[repr]` may hold besides is the compiler's business.
    let _ = attr.parse_nested_meta(|meta| {
        let Some(word) = meta.path.get_ident() else {
            return Ok(());
        };
        match word.to_string().as_str() {
            "i16" => found = Some((Stored::SmallInt, word.span())),
            "i32" => found = Some((Stored::Integer, word.span())),
            "i64" => found = Some((Stored::BigInt, word.span())),
            "i8" | "u8" | "u16" | "u32" | "u64" | "isize" | "usize" => {
                errors.at(word.span(), format_args!("no column holds `{word}` on every database; use i16, i32 or i64"));
            }
            _ => {}
        }
        Ok(())
    });
    found
}
