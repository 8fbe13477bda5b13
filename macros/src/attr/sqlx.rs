//! sqlx's own attributes, as far as they say what a column or a type is called.

use syn::parse::ParseStream;
use syn::{Attribute, Ident, LitStr, Token, Type};

use syn::ext::IdentExt;

/// What `#[sqlx(…)]` says. Whether it is said rightly is sqlx's business: its own derive complains.
#[derive(Default)]
pub(crate) struct Sqlx {
    pub(crate) rename: Option<LitStr>,
    pub(crate) rename_all: Option<LitStr>,
    pub(crate) type_name: Option<LitStr>,
    pub(crate) skip: bool,
    pub(crate) flatten: bool,
    /// `json`, and whether it is `json(nullable)`.
    pub(crate) json: Option<bool>,
    pub(crate) try_from: Option<Type>,
    /// There is such an attribute at all.
    pub(crate) present: bool,
}

/// Reads all of an item's `#[sqlx(…)]`.
pub(crate) fn sqlx(attrs: &[Attribute]) -> Sqlx {
    let mut read = Sqlx::default();
    for attr in attrs.iter().filter(|a| a.path().is_ident("sqlx")) {
        read.present = true;
        // A mistake in it is reported by sqlx's derive, in sqlx's words.
        let _ = attr.parse_args_with(|input: ParseStream<'_>| {
            while !input.is_empty() {
                argument(&mut read, input)?;
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        });
    }
    read
}

fn argument(read: &mut Sqlx, input: ParseStream<'_>) -> syn::Result<()> {
    let key = Ident::parse_any(input)?;
    match key.to_string().as_str() {
        "rename" => read.rename = Some(value(input)?),
        "rename_all" => read.rename_all = Some(value(input)?),
        "type_name" => read.type_name = Some(value(input)?),
        "try_from" => read.try_from = value(input)?.parse().ok(),
        "skip" => read.skip = true,
        "flatten" => read.flatten = true,
        "json" => {
            let nullable = input.peek(syn::token::Paren);
            if nullable {
                input.parse::<proc_macro2::Group>()?;
            }
            read.json = Some(nullable);
        }
        // `default`, `transparent`, `no_pg_array` name nothing.
        _ => {
            while !input.is_empty() && !input.peek(Token![,]) {
                input.parse::<proc_macro2::TokenTree>()?;
            }
        }
    }
    Ok(())
}

fn value(input: ParseStream<'_>) -> syn::Result<LitStr> {
    input.parse::<Token![=]>()?;
    input.parse()
}
