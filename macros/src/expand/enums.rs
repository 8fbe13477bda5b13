//! Enums.

use proc_macro2::TokenStream;
use quote::quote;

use super::option;
use crate::ast::{Enumeration, Stored};

/// The impls of `Enum`, `ColumnType` and `ArrayElement`.
pub(crate) fn enumeration(of: &Enumeration<'_>) -> TokenStream {
    let krate = &of.krate;
    let ident = &of.input.ident;
    let path = format!("::{}", crate::name::unraw(ident));
    let name = &of.name.text;
    let labels = of.variants.iter().map(|v| &v.label.text);
    let mut more = vec![
        quote!(model: ::core::concat!(::core::module_path!(), #path)),
        quote!(package: ::core::env!("CARGO_PKG_NAME")),
    ];
    let texts = [
        (quote!(schema), of.schema.as_ref().map(|schema| schema.text.clone())),
        (quote!(comment), of.comment.clone()),
        (quote!(renamed_from), of.attr.renamed_from.text()),
    ];
    for (word, text) in texts {
        if let Some(text) = text {
            let text = option(Some(text));
            more.push(quote!(#word: #text));
        }
    }
    let renamed: Vec<TokenStream> = of
        .variants
        .iter()
        .filter_map(|v| {
            let (from, to) = (v.renamed_from.as_ref()?, &v.label.text);
            Some(quote!((#from, #to)))
        })
        .collect();
    if !renamed.is_empty() {
        more.push(quote!(renamed_labels: &[#(#renamed),*]));
    }
    if let Some(stored) = stored(of) {
        more.push(quote!(stored: #stored));
    }
    let def = quote! {
        #krate::EnumDef { #(#more,)* ..#krate::EnumDef::new(#name, &[#(#labels),*]) }
    };
    let (implementation, drift) = (implementation(of, &def), super::drift::of_enum(of));
    quote!(#implementation #drift)
}

/// The impls around a description. The fallback uses it too, with an empty one.
pub(crate) fn implementation(of: &Enumeration<'_>, def: &TokenStream) -> TokenStream {
    let (krate, ident) = (&of.krate, &of.input.ident);
    let (generics, ty, clause) = of.input.generics.split_for_impl();
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #generics #krate::Enum for #ident #ty #clause {
                const ENUM: &'static #krate::EnumDef = &#def;
            }

            #[automatically_derived]
            impl #generics #krate::ColumnType for #ident #ty #clause {
                const TYPE: #krate::TypeDef = #krate::TypeDef::Enum(<Self as #krate::Enum>::ENUM);
            }

            #[automatically_derived]
            impl #generics #krate::ArrayElement for #ident #ty #clause {
                const ARRAY: #krate::TypeDef = #krate::TypeDef::Array(&<Self as #krate::ColumnType>::TYPE);
            }
        };
    }
}

fn stored(of: &Enumeration<'_>) -> Option<TokenStream> {
    let krate = &of.krate;
    let ident = &of.input.ident;
    let number = match of.stored {
        Stored::Type => return None,
        Stored::Text => return Some(quote!(#krate::StoredDef::Text)),
        Stored::SmallInt => quote!(SmallInt),
        Stored::Integer => quote!(Integer),
        Stored::BigInt => quote!(BigInt),
    };
    let values = of.variants.iter().map(|v| v.ident);
    Some(quote!(#krate::StoredDef::Integer(&#krate::TypeDef::#number, &[#(#ident::#values as i64),*])))
}
