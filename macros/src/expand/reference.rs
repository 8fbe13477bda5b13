//! Foreign keys.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{concrete, option};
use crate::ast::Model;
use crate::attr::{ActionWord, Deferral, FieldRef, Reference, Set, Target};

/// A foreign key, wherever it was declared.
pub(super) struct ForeignKey<'a> {
    /// The fields of this struct, or of one flattened into it.
    pub(super) fields: Vec<FieldRef>,
    pub(super) reference: &'a Reference,
    pub(super) name: Option<String>,
    pub(super) on_delete: &'a Set<ActionWord>,
    pub(super) on_update: &'a Set<ActionWord>,
    pub(super) deferrable: &'a Deferral,
}

pub(super) fn declared<'a>(model: &'a Model<'_>) -> Vec<ForeignKey<'a>> {
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
        let base = match &key.reference.target {
            Target::Model(_) => {
                let ty = referenced(model, key.reference);
                let fields = key.reference.fields.iter().map(crate::name::unraw);
                quote!(to(&[#(#columns),*], || <#ty as #krate::Table>::TABLE, &[#(#fields),*]))
            }
            Target::Table(schema, table) => {
                let (schema, there) = (option(schema.as_ref()), &key.reference.columns);
                let there =
                    quote!(#krate::ReferenceDef::Table { schema: #schema, table: #table, columns: &[#(#there),*] });
                quote!(new(&[#(#columns),*], #there))
            }
        };
        let name = key.name.as_ref().map(|name| quote!(.name(#name)));
        let said = |word: TokenStream, given: &Set<ActionWord>| {
            let given = action(*given.get()?);
            Some(quote!(.#word(#krate::schema::Action::#given)))
        };
        let (on_delete, on_update) = (said(quote!(on_delete), key.on_delete), said(quote!(on_update), key.on_update));
        let deferrable = when(krate, key.deferrable).map(|when| quote!(.deferrable(#when)));
        quote!(#krate::ForeignKeyDef::#base #name #on_delete #on_update #deferrable)
    };
    declared(model).iter().map(one).collect()
}

/// When it is checked, if that is said.
pub(super) fn when(krate: &Ident, given: &Deferral) -> Option<TokenStream> {
    let (_, deferred) = given.0?;
    let when = if deferred { quote!(Deferred) } else { quote!(Immediate) };
    Some(quote!(#krate::schema::Deferrable::#when))
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
pub(super) fn referenced(model: &Model<'_>, reference: &Reference) -> TokenStream {
    match &reference.target {
        Target::Model(path) if path.is_ident("Self") => concrete(model),
        Target::Model(path) => quote!(#path),
        Target::Table(..) => TokenStream::new(),
    }
}
