//! What the derives emit: const data, and one assertion for each reference.

mod assertion;
mod column;
mod constraint;
mod drift;
mod enums;
mod newtype;
mod reference;

pub(crate) use enums::{enumeration, implementation as enum_implementation};
pub(crate) use newtype::{implementation as newtype_implementation, newtype};

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{GenericParam, Generics, Ident};

use crate::ast::{ALIAS, Field, Kind, Model};

/// What the expansion calls Limbeck.
pub(crate) fn aliases(model: &Model<'_>) -> TokenStream {
    let (path, krate, column_type) = (&model.path, alias(0), alias(1));
    let column_type =
        model.columns().any(|f| column::needs_column_type(f).is_some()).then(|| quote!(ColumnType as #column_type));
    quote!(use #path::__private::{self as #krate, #column_type};)
}

fn alias(which: usize) -> Ident {
    Ident::new(ALIAS[which], Span::call_site())
}

/// The impl of `Table` or `Columns`, and the registration of a table.
pub(crate) fn model(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let aliases = aliases(model);
    let table = table(model);
    let more = drift::of_part(model).or_else(|| assertion::of_generic(model));
    let implementation = implementation(model, &table, more.as_ref());
    let probe = model.columns().any(column::is_probed).then(|| quote!(use #krate::Unprobed as _;));
    let assertions = assertion::of_table(model);
    let drift = drift::of_model(model);
    let registration = registration(model);
    quote! {
        const _: () = {
            #aliases
            #probe
            #implementation
            #registration
            #assertions
            #drift
        };
    }
}

/// The struct of columns and the trait's impl around a description. The fallback uses it too, with an empty one
/// and says no `more`.
pub(crate) fn implementation(model: &Model<'_>, table: &TokenStream, more: Option<&TokenStream>) -> TokenStream {
    let (krate, ident, vis) = (&model.krate, &model.input.ident, &model.input.vis);
    let mut generics = model.input.generics.clone();
    bound(&mut generics, model);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let columns = columns_name(model);
    let (tr, constant) = names(model);
    let (fields, types) = fields(model);
    // Of a struct's size the compiler asks its last field only: with one of ours there, it says once what cannot be
    // flattened.
    let last = sealed(model).map(|ident| quote!(#ident: ()));
    let values = values(model, &columns);
    let array = array(model);
    quote! {
        #array

        #vis struct #columns { #(#vis #fields: #types,)* #last }

        #[automatically_derived]
        impl #impl_generics #krate::#tr for #ident #ty_generics #where_clause {
            const #constant: &'static #krate::TableDef = &#table;
            type Columns = #columns;
            const COLUMNS: #columns = #values;
            #more
        }
    }
}

/// A name for the struct of columns that reads well in the compiler's messages, and that no field's type has.
fn columns_name(model: &Model<'_>) -> Ident {
    let mut name = format_ident!("{}Columns", crate::name::unraw(&model.input.ident), span = Span::mixed_site());
    while model.fields.iter().any(|field| mentions(field.ty.to_token_stream(), &name)) {
        name = format_ident!("{name}_");
    }
    name
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The trait, and its description.
fn names(model: &Model<'_>) -> (TokenStream, TokenStream) {
    if model.whole { (quote!(Table), quote!(TABLE)) } else { (quote!(Columns), quote!(PART)) }
}

/// The fields of the struct of columns, at places where no lint of the user's looks, and their types.
fn fields(model: &Model<'_>) -> (Vec<Ident>, Vec<TokenStream>) {
    let krate = &model.krate;
    let ty = |field: &Field<'_>| match field.kind {
        Kind::Column => quote!(#krate::Column),
        Kind::Flatten | Kind::Skip => {
            let of = field.ty;
            quote_spanned!(field.type_span()=> <#of as #krate::Columns>::Columns)
        }
    };
    known(model).map(|field| (elsewhere(field.ident), ty(field))).unzip()
}

/// The last field of a struct of columns that has flattened ones.
fn sealed(model: &Model<'_>) -> Option<Ident> {
    let flattens = known(model).any(|field| field.kind == Kind::Flatten);
    flattens.then(|| Ident::new("__limbeck", Span::mixed_site()))
}

/// The struct of columns as a value: the table's first columns in order, and what is flattened.
fn values(model: &Model<'_>, columns: &Ident) -> TokenStream {
    let krate = &model.krate;
    let mut taken = 0usize;
    let given: Vec<TokenStream> = known(model)
        .map(|field| {
            let mut ident = elsewhere(field.ident);
            if field.kind == Kind::Flatten {
                // What the compiler says more than once of one place, it shows once.
                let of = field.ty;
                ident.set_span(field.type_span());
                let there = quote_spanned!(field.type_span()=> <#of as #krate::Columns>::COLUMNS);
                return quote!(#ident: #there);
            }
            let (array, place) = (alias(2), Literal::usize_unsuffixed(taken));
            taken += 1;
            quote!(#ident: #array[#place])
        })
        .chain(sealed(model).map(|ident| quote!(#ident: ())))
        .collect();
    if taken > 0 && model.is_generic() {
        let (array, all) = (alias(2), all_of(model, &quote!(Self), taken));
        return quote!({ let #array = #all; #columns { #(#given),* } });
    }
    quote!(#columns { #(#given),* })
}

/// The columns as an array, for the struct of columns and for assertions to take from.
fn array(model: &Model<'_>) -> Option<TokenStream> {
    let count = model.columns().count();
    if count == 0 || model.is_generic() {
        return None;
    }
    let (krate, array, length) = (&model.krate, alias(2), Literal::usize_unsuffixed(count));
    let all = all_of(model, &concrete(model), count);
    Some(quote!(const #array: [#krate::Column; #length] = #all;))
}

fn all_of(model: &Model<'_>, ty: &TokenStream, count: usize) -> TokenStream {
    let (krate, count) = (&model.krate, Literal::usize_unsuffixed(count));
    let all = if model.whole { quote!(all_of) } else { quote!(part_of) };
    quote!(#krate::#all::<#count, #ty>())
}

/// The fields that the struct of columns has. A flattened parameter has no place in a struct without parameters.
fn known<'m, 'a>(model: &'m Model<'a>) -> impl Iterator<Item = &'m Field<'a>> {
    let generic = model.is_generic();
    model.fields.iter().filter(move |field| match field.kind {
        Kind::Column => true,
        Kind::Flatten => !generic,
        Kind::Skip => false,
    })
}

/// A field's name at a place where no lint of the user's looks.
fn elsewhere(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(Span::mixed_site());
    ident
}

/// A generic model is a table as far as its fields are columns.
fn bound(generics: &mut Generics, model: &Model<'_>) {
    if model.is_generic() {
        let krate = &model.krate;
        let types: Vec<TokenStream> = model.columns().filter_map(column::needs_column_type).collect();
        let clause = generics.make_where_clause();
        for ty in types {
            clause.predicates.push(syn::parse_quote!(#ty: #krate::ColumnType));
        }
    }
}

/// The description as an expression.
fn table(model: &Model<'_>) -> TokenStream {
    let (krate, ident) = (&model.krate, &model.input.ident);
    let name = if model.whole { &model.name.text } else { "" };
    let path = format!("::{}", crate::name::unraw(ident));
    let columns = column::all(model);
    // A line is where its token stands.
    let line = quote_spanned!(ident.span()=> ::core::line!());
    let schema = model.attr.schema.text().map(|schema| quote!(.schema(#schema)));
    let flattened = flattened(model);
    let rest = constraint::all(model);
    quote! {
        #krate::table(
            #name,
            ::core::concat!(::core::module_path!(), #path),
            ::core::env!("CARGO_PKG_NAME"),
            (::core::file!(), #line),
            #columns,
        )
        #schema #flattened #rest
    }
}

/// The flattened structs, each before the column that follows it.
fn flattened(model: &Model<'_>) -> Option<TokenStream> {
    let krate = &model.krate;
    let mut before = 0usize;
    let mut parts = Vec::new();
    for field in &model.fields {
        match field.kind {
            Kind::Column => before += 1,
            Kind::Flatten => {
                let ty = field.ty;
                parts.push(quote_spanned!(field.type_span()=> (#before, <#ty as #krate::Columns>::PART)));
            }
            Kind::Skip => {}
        }
    }
    (!parts.is_empty()).then(|| quote!(.flattened(&[#(#parts),*])))
}

/// What makes the registry find the table without being told; a generic model is no table yet.
fn registration(model: &Model<'_>) -> Option<TokenStream> {
    if !model.whole || model.is_generic() {
        return None;
    }
    let krate = &model.krate;
    let ty = concrete(model);
    Some(quote! {
        #krate::inventory::submit! { #krate::model::<#ty>() }
    })
}

/// The struct's type with `'static` for every lifetime; of a generic one only what its own impl calls it.
pub(crate) fn concrete(model: &Model<'_>) -> TokenStream {
    if model.is_generic() {
        return quote!(Self);
    }
    let ident = &model.input.ident;
    let lifetimes: Vec<TokenStream> = model
        .input
        .generics
        .params
        .iter()
        .filter(|p| matches!(p, GenericParam::Lifetime(_)))
        .map(|_| quote!('static))
        .collect();
    if lifetimes.is_empty() { quote!(#ident) } else { quote!(#ident<#(#lifetimes),*>) }
}

/// `None` or `Some(value)`.
fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
