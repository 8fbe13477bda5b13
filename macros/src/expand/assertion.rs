//! What the compiler is asked to check: one const for each question, all of it at the user's own tokens, so that a
//! wrong answer is shown there. A model with type parameters is no table yet: it is asked when it is made one.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::concrete;
use super::reference::{declared, referenced};
use crate::ast::{Field, Kind, Model};
use crate::attr::{ActionWord, FieldRef, KeyTarget, Literal, Target};
use crate::name;

/// All questions about a model that is a table as it stands.
pub(super) fn of_table(model: &Model<'_>) -> Option<TokenStream> {
    (!model.is_generic()).then(|| all(model))
}

/// All questions about a model with type parameters, for whoever fills them in.
pub(super) fn of_generic(model: &Model<'_>) -> Option<TokenStream> {
    if !model.whole || !model.is_generic() {
        return None;
    }
    let all = all(model);
    let (array, count) = (super::alias(2), model.columns().count());
    let columns = super::all_of(model, &quote!(Self), count);
    (!all.is_empty()).then(|| quote!(const CHECKED: () = { let #array = #columns; #all };))
}

/// All questions about a model.
fn all(model: &Model<'_>) -> TokenStream {
    let mut all = primary_key(model);
    for field in model.columns() {
        all.extend(column(model, field));
    }
    all.extend(references(model));
    if let Some(field) = model.fields.iter().find(|f| f.kind == Kind::Flatten) {
        let (krate, (tr, constant)) = (&model.krate, super::names(model));
        let ty = concrete(model);
        let table = quote!(<#ty as #krate::#tr>::#constant);
        all.extend(ask(model, field.ident.span(), "assert_distinct", &table));
    }
    all
}

/// A question whose every token stands where the user's do: a path of ours in front would make the compiler show the
/// derive instead. It is a const of its own, or a statement of the one that a generic model has.
fn ask(model: &Model<'_>, span: Span, question: &str, about: &TokenStream) -> TokenStream {
    let mut krate = model.krate.clone();
    krate.set_span(krate.span().located_at(span));
    let question = Ident::new(question, krate.span());
    if model.is_generic() {
        return quote_spanned!(span=> #krate::#question(#about););
    }
    quote_spanned!(span=> const _: () = #krate::#question(#about);)
}

/// The same tokens at another place.
pub(super) fn moved(tokens: &TokenStream, span: Span) -> TokenStream {
    let one = |tree: TokenTree| {
        let mut tree = match tree {
            TokenTree::Group(group) => TokenTree::Group(Group::new(group.delimiter(), moved(&group.stream(), span))),
            other => other,
        };
        tree.set_span(tree.span().located_at(span));
        tree
    };
    tokens.clone().into_iter().map(one).collect()
}

fn primary_key(model: &Model<'_>) -> TokenStream {
    let mut all = TokenStream::new();
    for field in model.columns() {
        if let Some(span) = field.attr.primary_key.span() {
            let column = here(model, &FieldRef(vec![field.ident.clone()]));
            all.extend(ask(model, span, "assert_primary_key", &column));
        }
    }
    for key in model.attr.primary_key.iter().flat_map(|part| &part.keys) {
        if let KeyTarget::Field(field) = &key.target {
            let column = here(model, field);
            all.extend(ask(model, field.first().span(), "assert_primary_key", &column));
        }
    }
    all
}

/// What is said about a column fits its type. What is named in SQL may be anything.
fn column(model: &Model<'_>, field: &Field<'_>) -> TokenStream {
    let attr = &field.attr;
    let column = here(model, &FieldRef(vec![field.ident.clone()]));
    let mut all = TokenStream::new();
    for (question, span) in [
        ("assert_default", attr.default.get().map(Literal::span)),
        ("assert_length", attr.length.get().map(Spanned::span)),
        ("assert_numeric", attr.precision.get().map(Spanned::span)),
        ("assert_counted", attr.auto_increment.span().or(attr.identity.span()).or(attr.serial.span())),
    ] {
        if let Some(span) = span {
            all.extend(ask(model, span, question, &column));
        }
    }
    all
}

fn references(model: &Model<'_>) -> TokenStream {
    let mut all = TokenStream::new();
    for key in declared(model) {
        let columns: Vec<TokenStream> = key.fields.iter().map(|field| here(model, field)).collect();
        if let Target::Model(path) = &key.reference.target {
            let ty = referenced(model, key.reference);
            // The columns of a generic model are not known outside of it before it is filled in.
            let own = model.is_generic() && path.is_ident("Self");
            let there = |field| if own { here(model, &FieldRef(vec![field])) } else { there(model, &ty, &field) };
            let there: Vec<_> = key.reference.fields.iter().cloned().map(there).collect();
            let (question, about) = match (&columns[..], &there[..]) {
                ([from], [to]) => ("assert_refers", quote!(#from, #to)),
                (from, to) => ("assert_refer", quote!(&[#(#from),*], &[#(#to),*])),
            };
            all.extend(ask(model, key.reference.span, question, &about));
        }
        for given in [key.on_delete, key.on_update] {
            if let (Some(ActionWord::SetNull), Some(span)) = (given.get(), given.span()) {
                for column in &columns {
                    all.extend(ask(model, span, "assert_set_null", column));
                }
            }
        }
    }
    all
}

/// A column of this struct, or of one flattened into it, as a value.
fn here(model: &Model<'_>, field: &FieldRef) -> TokenStream {
    let krate = &model.krate;
    if field.0.len() > 1
        && let Some(first) = model.field(field.first())
    {
        let (ty, rest) = (first.ty, &field.0[1..]);
        return quote!(<#ty as #krate::Columns>::COLUMNS #(.#rest)*);
    }
    let array = super::alias(2);
    let wanted = name::unraw(field.first());
    let place = model.columns().position(|f| f.rust_name() == wanted).unwrap_or_default();
    let place = proc_macro2::Literal::usize_unsuffixed(place);
    quote!(#array[#place])
}

/// A column of the other model; the field keeps its place, so that a wrong one is shown there.
fn there(model: &Model<'_>, ty: &TokenStream, field: &Ident) -> TokenStream {
    let krate = &model.krate;
    quote_spanned!(field.span()=> <#ty as #krate::Table>::COLUMNS.#field)
}
