//! The comparison with `limbeck.lock`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::assertion::moved;
use super::concrete;
use super::reference::{declared, referenced};
use crate::ast::{Enumeration, Kind, Model, Stored};
use crate::attr::Target;
use crate::lock::{Lock, object};

/// The comparison of a table. A generic one is no table yet.
pub(super) fn of_model(model: &Model<'_>) -> Option<TokenStream> {
    if !model.whole || model.is_generic() {
        return None;
    }
    let (krate, ty, span) = (&model.krate, concrete(model), model.input.ident.span());
    let object = object("table", model.attr.schema.text().as_deref(), &model.name.text);
    Some(Lock::of_this_crate()?.ask(&object, span, |locked| {
        let foreign = foreign(model, &quote!(<#ty as #krate::Table>::TABLE));
        let locked = super::option(locked.map(Literal::u128_unsuffixed));
        moved(&quote!(#krate::lock::assert_table(<#ty as #krate::Table>::TABLE, #foreign, #locked)), span)
    }))
}

/// What a part's table needs to know of its foreign keys. Only a part with some has it.
pub(super) fn of_part(model: &Model<'_>) -> Option<TokenStream> {
    let refers = declared(model).iter().any(|key| matches!(key.reference.target, Target::Model(_)));
    let flattens = model.fields.iter().any(|field| field.kind == Kind::Flatten);
    if model.whole || !(refers || flattens) {
        return None;
    }
    let krate = &model.krate;
    let foreign = foreign(model, &quote!(<Self as #krate::Columns>::PART));
    Some(quote!(const FOREIGN: u128 = #foreign;))
}

/// The hash of the foreign keys to models: of those declared here, and of those of what is flattened.
fn foreign(model: &Model<'_>, table: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    let targets: Vec<TokenStream> = declared(model)
        .iter()
        .filter(|key| matches!(key.reference.target, Target::Model(_)))
        .map(|key| {
            let ty = referenced(model, key.reference);
            quote!(<#ty as #krate::Table>::TABLE)
        })
        .collect();
    let own = if targets.is_empty() { quote!(0u128) } else { quote!(#krate::lock::keys(#table, &[#(#targets),*])) };
    let parts = model.fields.iter().filter(|field| field.kind == Kind::Flatten).map(|field| field.ty);
    quote!(#own #(.wrapping_add(<#parts as #krate::Columns>::FOREIGN))*)
}

/// The comparison of an enum that is a type of the database's own.
pub(super) fn of_enum(of: &Enumeration<'_>) -> Option<TokenStream> {
    if of.stored != Stored::Type || !of.input.generics.params.is_empty() {
        return None;
    }
    let (krate, ident) = (&of.krate, &of.input.ident);
    let schema = of.schema.as_ref().map(|schema| schema.text.as_str());
    let object = object("enum", schema, &of.name.text);
    Some(Lock::of_this_crate()?.ask(&object, ident.span(), |locked| {
        let Some(locked) = locked.map(Literal::u128_unsuffixed) else {
            return TokenStream::new();
        };
        moved(&quote!(#krate::lock::assert_enum(<#ident as #krate::Enum>::ENUM, #locked)), ident.span())
    }))
}
