//! Foreign keys, and what the compiler checks about them.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use super::constraint::deferrable;
use super::{concrete, option};
use crate::ast::{Kind, Model};
use crate::attr::{ActionWord, Deferral, FieldRef, Reference, Set, Target};

/// A foreign key, wherever it was declared.
struct ForeignKey<'a> {
    /// The fields of this struct, or of one flattened into it.
    fields: Vec<FieldRef>,
    reference: &'a Reference,
    name: Option<String>,
    on_delete: &'a Set<ActionWord>,
    on_update: &'a Set<ActionWord>,
    deferrable: &'a Deferral,
}

fn declared<'a>(model: &'a Model<'_>) -> Vec<ForeignKey<'a>> {
    let mut all = Vec::new();
    for field in model.columns() {
        if let Some(reference) = field.attr.references.get() {
            all.push(ForeignKey {
                fields: vec![FieldRef(vec![field.ident.clone()])],
                reference,
                name: None,
                on_delete: &field.attr.on_delete,
                on_update: &field.attr.on_update,
                deferrable: &field.attr.deferrable,
            });
        }
    }
    for part in &model.attr.foreign_key {
        all.push(ForeignKey {
            fields: part.fields.iter().map(|f| FieldRef(f.0.clone())).collect(),
            reference: &part.reference,
            name: part.options.name.text(),
            on_delete: &part.options.on_delete,
            on_update: &part.options.on_update,
            deferrable: &part.options.deferrable,
        });
    }
    all
}

/// The foreign keys as data.
pub(super) fn foreign_keys(model: &Model<'_>) -> Vec<TokenStream> {
    let krate = &model.krate;
    let one = |key: &ForeignKey<'_>| {
        let columns = key.fields.iter().map(|field| model.column_name(field));
        let reference = match &key.reference.target {
            Target::Model(_) => {
                let ty = referenced(model, key.reference);
                let fields = key.reference.fields.iter().map(crate::name::unraw);
                quote!(Model { table: #krate::__private::table::<#ty>, fields: &[#(#fields),*] })
            }
            Target::Table(schema, table) => {
                let (schema, columns) = (option(schema.as_ref()), &key.reference.columns);
                quote!(Table { schema: #schema, table: #table, columns: &[#(#columns),*] })
            }
        };
        let mut more = Vec::new();
        if let Some(name) = &key.name {
            let name = option(Some(name));
            more.push(quote!(name: #name));
        }
        for (word, given) in [(quote!(on_delete), key.on_delete), (quote!(on_update), key.on_update)] {
            if let Some(given) = given.get() {
                let given = action(*given);
                more.push(quote!(#word: #krate::schema::Action::#given));
            }
        }
        more.extend(deferrable(krate, key.deferrable));
        let base = quote!(#krate::ForeignKeyDef::new(&[#(#columns),*], #krate::ReferenceDef::#reference));
        if more.is_empty() { base } else { quote!(#krate::ForeignKeyDef { #(#more,)* ..#base }) }
    };
    declared(model).iter().map(one).collect()
}

fn action(word: ActionWord) -> TokenStream {
    match word {
        ActionWord::NoAction => quote!(NoAction),
        ActionWord::Restrict => quote!(Restrict),
        ActionWord::Cascade => quote!(Cascade),
        ActionWord::SetNull => quote!(SetNull),
        ActionWord::SetDefault => quote!(SetDefault),
    }
}

/// The model that is referred to. `Self` means nothing outside of an impl, so it is written out.
fn referenced(model: &Model<'_>, reference: &Reference) -> TokenStream {
    match &reference.target {
        Target::Model(path) if path.is_ident("Self") => concrete(model),
        Target::Model(path) => quote!(#path),
        Target::Table(..) => TokenStream::new(),
    }
}

/// One const for each thing that the compiler is to check. A model that is generic is checked by the registry.
pub(super) fn assertions(model: &Model<'_>) -> TokenStream {
    if model.is_generic() {
        return TokenStream::new();
    }
    let krate = &model.krate;
    let mut all = TokenStream::new();
    for key in declared(model) {
        let here: Vec<TokenStream> = key.fields.iter().map(|field| column(model, field)).collect();
        if let Target::Model(_) = key.reference.target {
            let ty = referenced(model, key.reference);
            let there = key.reference.fields.iter().map(|field| over_there(krate, &ty, field));
            let span = key.reference.span;
            all.extend(quote_spanned! {span=>
                const _: () = #krate::__private::assert_reference(&[#(#here),*], &[#(#there),*]);
            });
        }
        for given in [key.on_delete, key.on_update] {
            if let (Some(ActionWord::SetNull), Some(span)) = (given.get(), given.span()) {
                all.extend(quote_spanned! {span=>
                    const _: () = #krate::__private::assert_set_null(&[#(#here),*]);
                });
            }
        }
    }
    if let Some(field) = model.fields.iter().find(|f| f.kind == Kind::Flatten) {
        let (tr, constant) = if model.whole { (quote!(Table), quote!(TABLE)) } else { (quote!(Columns), quote!(PART)) };
        let (ty, span) = (concrete(model), field.ident.span());
        all.extend(quote_spanned! {span=>
            const _: () = #krate::__private::assert_distinct(<#ty as #krate::#tr>::#constant);
        });
    }
    all
}

/// A column of this struct, or of one flattened into it, as a value.
fn column(model: &Model<'_>, field: &FieldRef) -> TokenStream {
    let krate = &model.krate;
    let quiet = |ident: &Ident| {
        let mut ident = ident.clone();
        ident.set_span(Span::mixed_site());
        ident
    };
    if field.0.len() > 1
        && let Some(first) = model.field(field.first())
    {
        let (ty, rest) = (first.ty, &field.0[1..]);
        return quote!(<#ty as #krate::Columns>::COLUMNS #(.#rest)*);
    }
    let (ty, ident) = (concrete(model), quiet(field.first()));
    let tr = if model.whole { quote!(Table) } else { quote!(Columns) };
    quote!(<#ty as #krate::#tr>::COLUMNS.#ident)
}

/// A column of the other model; the field keeps its place, so that a wrong one is shown there.
fn over_there(krate: &TokenStream, ty: &TokenStream, field: &Ident) -> TokenStream {
    quote_spanned!(field.span()=> <#ty as #krate::Table>::COLUMNS.#field)
}
