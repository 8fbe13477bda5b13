//! Beside mistakes, an impl without content: what uses the model then compiles, and one mistake gives one message.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast::{Enumeration, Model, Newtype};
use crate::expand;

/// A table without columns. Its struct of columns is complete, so that references to it find their fields; checks
/// leave out what has no description.
pub(crate) fn model(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let path = &model.path;
    let table = quote!(#krate::table("", "", "", ("", 0), &[]));
    let implementation = expand::implementation(model, &table, None);
    quote! {
        const _: () = {
            use #path::__private as #krate;
            #implementation
        };
    }
}

/// An enum without labels.
pub(crate) fn enumeration(of: &Enumeration<'_>) -> TokenStream {
    let krate = &of.krate;
    expand::enum_implementation(of, &quote!(#krate::EnumDef::new("", &[])))
}

/// A column of text.
pub(crate) fn newtype(of: &Newtype<'_>) -> TokenStream {
    let krate = &of.krate;
    expand::newtype_implementation(of, &quote!(#krate::TypeDef::Text), &quote!(false), None)
}
