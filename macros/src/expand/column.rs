//! Columns.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::option;
use crate::ast::{self, Field, Model};
use crate::attr::{ColumnAttr, ColumnOn, ExtraColumn, IdentityPart, Literal};

/// Whether NULL is found out without `ColumnType`.
pub(super) fn is_probed(field: &Field<'_>) -> bool {
    field.sqlx.json.is_none() && sql_type(&field.attr).is_some()
}

/// The type that must be a column's, unless the SQL type is given.
pub(super) fn needs_column_type(field: &Field<'_>) -> Option<TokenStream> {
    let by_name = field.sqlx.json.is_some() || sql_type(&field.attr).is_some();
    (!by_name).then(|| read_as(field))
}

/// The type that sqlx reads the column as.
fn read_as(field: &Field<'_>) -> TokenStream {
    let ty = field.ty;
    match &field.sqlx.try_from {
        Some(ty) => quote!(#ty),
        None => quote!(#ty),
    }
}

/// The SQL type, if one is given: for every database, or for each of them.
fn sql_type(attr: &ColumnAttr) -> Option<String> {
    let (postgres, sqlite) = (attr.postgres.0.sql_type.text(), attr.sqlite.0.sql_type.text());
    attr.sql_type.text().or_else(|| postgres.filter(|_| sqlite.is_some()))
}

/// The columns: their names, and what each is.
pub(super) fn all(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let extra = &model.attr.column;
    let names: Vec<&str> = model.columns().map(|f| f.name.text.as_str()).chain(extra.iter().map(|_| "")).collect();
    if names.is_empty() {
        return quote!(&[]);
    }
    let fields = model.columns().map(|f| field(model, f));
    let all = fields.chain(extra.iter().map(|extra| self::extra(model, extra)));
    quote!(&#krate::named([#(#names),*], [#(#all),*]))
}

/// A field's column, without its name.
fn field(model: &Model<'_>, field: &Field<'_>) -> TokenStream {
    let krate = &model.krate;
    let (ty, column_type) = (field.ty, super::alias(1));
    let base = match (sql_type(&field.attr), field.sqlx.json) {
        (sql, Some(nullable)) => {
            let of = sql.map_or_else(|| quote!(Jsonb), |sql| quote!(Sql(#sql)));
            quote!(#krate::ColumnDef::typed("", "", #krate::TypeDef::#of, #nullable))
        }
        (Some(sql), None) => quote_spanned! {ty.span()=>
            #krate::ColumnDef::typed("", "", #krate::TypeDef::Sql(#sql), #krate::Probe::<#ty>::NULLABLE)
        },
        (None, None) => {
            let ty = read_as(field);
            quote_spanned!(ty.span()=> <#ty as #column_type>::COLUMN)
        }
    };
    let rust = Some(field.rust_name()).filter(|rust| *rust != field.name.text).map(|rust| quote!(.field(#rust)));
    let comment = ast::comment(field.attr.comment.get(), field.doc.clone());
    let rest = rest(krate, &field.attr, comment);
    quote!(#base #rust #rest)
}

/// A column that is no field.
fn extra(model: &Model<'_>, extra: &ExtraColumn) -> TokenStream {
    let krate = &model.krate;
    let (name, ty, nullable) = (&extra.name, &extra.ty, extra.column.nullable.is_set());
    let rest = rest(krate, &extra.column, ast::comment(extra.column.comment.get(), None));
    quote!(#krate::ColumnDef::typed("", #name, #krate::TypeDef::Sql(#ty), #nullable) #rest)
}

/// What is said about a column besides its name and type.
fn rest(krate: &Ident, attr: &ColumnAttr, comment: Option<String>) -> TokenStream {
    let length = attr.length.get().map(|length| quote!(.length(#length)));
    let numeric = attr.precision.get().map(|precision| {
        let scale = attr.scale.get().map_or(0, |scale| scale.0) as i16;
        quote!(.numeric(#precision, #scale))
    });
    // The two commonest have a word of their own, which is less for the compiler to read.
    let default = match (attr.default.get(), attr.default_sql.text()) {
        (_, Some(sql)) => Some(quote!(.default_sql(#sql))),
        (Some(Literal::Integer(value, _)), None) => Some(quote!(.default_integer(#value))),
        (literal, None) => default(krate, literal, None).map(|value| quote!(.default(#value))),
    };
    let stored = !attr.virtually.is_set();
    let generated = attr.generated.get().map(|sql| quote!(.generated(#sql, #stored)));
    let auto = auto(krate, attr);
    let collation = attr.collation.get().map(|name| quote!(.collation(#name)));
    let comment = comment.map(|text| quote!(.comment(#text)));
    let renamed = attr.renamed_from.get().map(|name| quote!(.renamed_from(#name)));
    let backfill = attr.backfill.get().map(|sql| quote!(.backfill(#sql)));
    let variants = variants(krate, attr);
    quote!(#length #numeric #default #generated #auto #collation #comment #renamed #backfill #variants)
}

fn default(krate: &Ident, literal: Option<&Literal>, sql: Option<String>) -> Option<TokenStream> {
    let value = match (literal, sql) {
        (_, Some(sql)) => return Some(quote!(#krate::DefaultDef::Sql(#sql))),
        (None, None) | (Some(Literal::Nothing(_)), None) => return None,
        (Some(Literal::Boolean(value, _)), None) => quote!(Boolean(#value)),
        (Some(Literal::Integer(value, _)), None) => quote!(Integer(#value)),
        (Some(Literal::Float(value, _)), None) => quote!(Float(#value)),
        (Some(Literal::Text(value, _)), None) => quote!(Text(#value)),
    };
    Some(quote!(#krate::DefaultDef::#value))
}

fn auto(krate: &Ident, attr: &ColumnAttr) -> Option<TokenStream> {
    if attr.auto_increment.is_set() {
        return Some(quote!(.auto(#krate::AutoDef::Increment)));
    }
    if attr.serial.is_set() {
        return Some(quote!(.auto(#krate::AutoDef::Serial)));
    }
    let IdentityPart { always, start, increment, min, max, cache, cycle } = attr.identity.get()?;
    let (always, cycle) = (always.is_set(), cycle.is_set());
    let [start, increment, min, max, cache] =
        [start, increment, min, max, cache].map(|number| option(number.get().map(|n| n.0)));
    Some(quote! {
        .auto(#krate::AutoDef::Identity {
            always: #always,
            options: #krate::SequenceDef {
                start: #start, increment: #increment, min: #min, max: #max, cache: #cache, cycle: #cycle,
            },
        })
    })
}

fn variants(krate: &Ident, attr: &ColumnAttr) -> Option<TokenStream> {
    let all: Vec<TokenStream> = [("postgres", &attr.postgres.0), ("sqlite", &attr.sqlite.0)]
        .into_iter()
        .filter(|(_, on)| on.differs())
        .map(|(database, on)| variant(krate, database, on))
        .collect();
    (!all.is_empty()).then(|| quote!(.on(&[#(#all),*])))
}

fn variant(krate: &Ident, database: &str, on: &ColumnOn) -> TokenStream {
    let ty = on.sql_type.text().map(|ty| {
        let ty = option(Some(ty));
        quote!(ty: #ty,)
    });
    let default = match (default(krate, on.default.get(), on.default_sql.text()), on.default.get()) {
        (Some(value), _) => Some(option(Some(option(Some(value))))),
        (None, Some(_)) => Some(option(Some(option(None::<TokenStream>)))),
        (None, None) => None,
    };
    let default = default.map(|default| quote!(default: #default,));
    let stored = !on.virtually.is_set();
    let generated = on.generated.get().map(|sql| {
        let generated = option(Some(quote!((#sql, #stored))));
        quote!(generated: #generated,)
    });
    let collation = on.collation.text().map(|name| {
        let name = option(Some(name));
        quote!(collation: #name,)
    });
    quote! {
        (
            #krate::schema::Database(#database),
            #krate::VariantDef { #ty #default #generated #collation ..#krate::VariantDef::NONE },
        )
    }
}
