//! Keys, constraints, indexes and options.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::reference::when;
use super::{option, reference};
use crate::ast::Model;
use crate::attr::{CheckPart, Deferral, FieldRef, IndexOptions, IndexPart, Key, KeyTarget};
use crate::exclude;

/// Everything behind the columns.
pub(super) fn all(model: &Model<'_>) -> TokenStream {
    let primary_key = primary_key(model);
    let (uniques, indexes) = uniques_and_indexes(model);
    let checks = checks(model);
    let foreign_keys = reference::foreign_keys(model);
    let exclusions = exclusions(model);
    let lists = [
        ("uniques", uniques),
        ("checks", checks),
        ("foreign_keys", foreign_keys),
        ("exclusions", exclusions),
        ("indexes", indexes),
    ]
    .into_iter()
    .filter(|(_, list)| !list.is_empty())
    .map(|(word, list)| {
        let word = quote::format_ident!("{word}");
        quote!(.#word(&[#(#list),*]))
    });
    let options = options(model);
    quote!(#primary_key #(#lists)* #options)
}

fn primary_key(model: &Model<'_>) -> Option<TokenStream> {
    if let Some(part) = model.attr.primary_key.first() {
        let names = names(model, part);
        return Some(quote!(.primary_key(&[#(#names),*])));
    }
    let fields: Vec<_> = model.columns().filter(|f| f.attr.primary_key.is_set()).collect();
    fields.first()?;
    let names = fields.iter().map(|f| &f.name.text);
    Some(quote!(.primary_key(&[#(#names),*])))
}

/// A unique constraint becomes a unique index where only an index can have what is asked for.
fn uniques_and_indexes(model: &Model<'_>) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let krate = &model.krate;
    let attr = &model.attr;
    let (mut uniques, mut indexes) = (Vec::new(), Vec::new());
    for field in model.columns() {
        let key = || {
            let name = &field.name.text;
            vec![quote!(#name)]
        };
        if let Some(options) = field.attr.unique.get() {
            if needs_index(&[], options) {
                indexes.push(index(model, &field_key(krate, &field.name.text, options), options, true, None));
            } else {
                uniques.push(unique(model, &key(), options));
            }
        }
        let of = [(&field.attr.index, None), (&field.attr.postgres.0.index, Some("postgres"))];
        for (given, only) in of.into_iter().chain([(&field.attr.sqlite.0.index, Some("sqlite"))]) {
            if let Some(options) = given.get() {
                let keys = field_key(krate, &field.name.text, options);
                indexes.push(index(model, &keys, options, options.unique.is_set(), only));
            }
        }
    }
    for part in &attr.unique {
        if needs_index(&part.keys, &part.options) {
            indexes.push(index(model, &keys(model, part), &part.options, true, None));
        } else {
            uniques.push(unique(model, &names(model, part), &part.options));
        }
    }
    let only =
        [(&attr.index, None), (&attr.postgres.0.index, Some("postgres")), (&attr.sqlite.0.index, Some("sqlite"))];
    for (parts, only) in only {
        for part in parts {
            let unique = part.options.unique.is_set();
            indexes.push(index(model, &keys(model, part), &part.options, unique, only));
        }
    }
    (uniques, indexes)
}

/// Whether only an index can be it: over an expression, partial, with a method or parameters of its own.
fn needs_index(keys: &[Key], options: &IndexOptions) -> bool {
    keys.iter()
        .any(|k| matches!(k.target, KeyTarget::Expression(_)) || k.descending.is_some() || k.nulls_first.is_some())
        || options.predicate.get().is_some()
        || options.using.get().is_some()
        || options.opclass.get().is_some()
        || !options.with.is_empty()
        || options.concurrently.is_set()
}

/// The names of keys that are fields.
fn names(model: &Model<'_>, part: &IndexPart) -> Vec<TokenStream> {
    part.keys
        .iter()
        .filter_map(|key| match &key.target {
            KeyTarget::Field(field) => Some(model.column_name(field)),
            KeyTarget::Expression(_) => None,
        })
        .collect()
}

fn field_key(krate: &Ident, name: &str, options: &IndexOptions) -> Vec<TokenStream> {
    vec![key(krate, &quote!(column(#name)), options, &[])]
}

fn keys(model: &Model<'_>, part: &IndexPart) -> Vec<TokenStream> {
    let krate = &model.krate;
    let one = |given: &Key| {
        let of = match &given.target {
            KeyTarget::Field(field) => {
                let name = model.column_name(field);
                quote!(column(#name))
            }
            KeyTarget::Expression(sql) => quote!(expression(#sql)),
        };
        let mut more = Vec::new();
        if given.descending.is_some() {
            more.push(quote!(order: #krate::schema::Order::Descending));
        }
        if let Some((first, _)) = given.nulls_first {
            let place = if first { quote!(First) } else { quote!(Last) };
            let nulls = option(Some(quote!(#krate::schema::Nulls::#place)));
            more.push(quote!(nulls: #nulls));
        }
        key(krate, &of, &part.options, &more)
    };
    part.keys.iter().map(one).collect()
}

fn key(krate: &Ident, of: &TokenStream, options: &IndexOptions, more: &[TokenStream]) -> TokenStream {
    let mut more = more.to_vec();
    if let Some(opclass) = options.opclass.text() {
        let opclass = option(Some(opclass));
        more.push(quote!(opclass: #opclass));
    }
    update(&quote!(#krate::KeyDef), &quote!(#krate::KeyDef::#of), &more)
}

/// A value, or a struct with some fields changed.
fn update(ty: &TokenStream, base: &TokenStream, changes: &[TokenStream]) -> TokenStream {
    if changes.is_empty() { base.clone() } else { quote!(#ty { #(#changes,)* ..#base }) }
}

fn unique(model: &Model<'_>, columns: &[TokenStream], options: &IndexOptions) -> TokenStream {
    let krate = &model.krate;
    let mut more = common(model, options);
    more.extend(deferrable(krate, &options.deferrable));
    update(&quote!(#krate::UniqueDef), &quote!(#krate::UniqueDef::new(&[#(#columns),*])), &more)
}

/// What unique constraints and indexes share.
fn common(model: &Model<'_>, options: &IndexOptions) -> Vec<TokenStream> {
    let mut more = Vec::new();
    if let Some(name) = options.name.text() {
        let name = option(Some(name));
        more.push(quote!(name: #name));
    }
    let include: Vec<TokenStream> =
        options.include.iter().flat_map(|list| &list.0).map(|f: &FieldRef| model.column_name(f)).collect();
    if !include.is_empty() {
        more.push(quote!(include: &[#(#include),*]));
    }
    if options.nulls_not_distinct.is_set() {
        more.push(quote!(nulls_not_distinct: true));
    }
    more
}

fn index(
    model: &Model<'_>,
    keys: &[TokenStream],
    options: &IndexOptions,
    unique: bool,
    only: Option<&str>,
) -> TokenStream {
    let krate = &model.krate;
    let mut more = common(model, options);
    if unique {
        more.push(quote!(unique: true));
    }
    if let Some(method) = options.using.get() {
        let method = option(Some(method.to_string()).filter(|method| method != "btree"));
        more.push(quote!(using: #method));
    }
    if let Some(predicate) = options.predicate.text() {
        let predicate = option(Some(predicate));
        more.push(quote!(predicate: #predicate));
    }
    let with: Vec<TokenStream> =
        options.with.iter().flat_map(|with| &with.0).map(|(name, value)| quote!((#name, #value))).collect();
    if !with.is_empty() {
        more.push(quote!(with: &[#(#with),*]));
    }
    if options.concurrently.is_set() {
        more.push(quote!(concurrently: true));
    }
    if let Some(database) = only {
        let database = option(Some(quote!(#krate::schema::Database(#database))));
        more.push(quote!(only: #database));
    }
    update(&quote!(#krate::IndexDef), &quote!(#krate::IndexDef::new(&[#(#keys),*])), &more)
}

fn deferrable(krate: &Ident, given: &Deferral) -> Option<TokenStream> {
    when(krate, given).map(|when| quote!(deferrable: #when))
}

fn checks(model: &Model<'_>) -> Vec<TokenStream> {
    let krate = &model.krate;
    let attr = &model.attr;
    let mut all = Vec::new();
    let part = |part: &CheckPart, only: Option<&str>| {
        let sql = &part.expression;
        let mut more = Vec::new();
        if let Some(name) = part.options.name.text() {
            let name = option(Some(name));
            more.push(quote!(name: #name));
        }
        if let Some(database) = only {
            let database = option(Some(quote!(#krate::schema::Database(#database))));
            more.push(quote!(only: #database));
        }
        update(&quote!(#krate::CheckDef), &quote!(#krate::CheckDef::new(#sql)), &more)
    };
    for field in model.columns().map(|f| &f.attr).chain(attr.column.iter().map(|extra| &extra.column)) {
        if let Some(sql) = field.check.get() {
            all.push(quote!(#krate::CheckDef::new(#sql)));
        }
        all.extend(field.postgres.0.check.iter().map(|check| part(check, Some("postgres"))));
        all.extend(field.sqlite.0.check.iter().map(|check| part(check, Some("sqlite"))));
    }
    all.extend(attr.check.iter().map(|check| part(check, None)));
    all.extend(attr.postgres.0.check.iter().map(|check| part(check, Some("postgres"))));
    all.extend(attr.sqlite.0.check.iter().map(|check| part(check, Some("sqlite"))));
    all
}

fn exclusions(model: &Model<'_>) -> Vec<TokenStream> {
    let krate = &model.krate;
    let one = |part: &crate::attr::ExcludePart| {
        let options = &part.options;
        let elements = exclude::elements(&part.elements.value()).unwrap_or_default();
        let elements = elements.iter().map(|element| {
            let text = &element.key;
            let known = model.columns().any(|f| f.name.text == *text)
                || model.attr.column.iter().any(|extra| extra.name.value() == *text);
            let of = if known { quote!(column(#text)) } else { quote!(expression(#text)) };
            let (key, operator) = (key(krate, &of, options, &[]), &element.operator);
            quote!((#key, #operator))
        });
        let (name, predicate) = (option(options.name.text()), option(options.predicate.text()));
        let using = options.using.get().map_or_else(|| "gist".to_owned(), ToString::to_string);
        let deferrable = deferrable(krate, &options.deferrable)
            .unwrap_or_else(|| quote!(deferrable: #krate::schema::Deferrable::No));
        quote! {
            #krate::ExclusionDef {
                name: #name, using: #using, elements: &[#(#elements),*], predicate: #predicate, #deferrable
            }
        }
    };
    model.attr.exclude.iter().map(one).collect()
}

fn options(model: &Model<'_>) -> Option<TokenStream> {
    let krate = &model.krate;
    let attr = &model.attr;
    let texts = [
        (quote!(comment), model.comment()),
        (quote!(renamed_from), attr.renamed_from.text()),
        (quote!(group), attr.group.text()),
        (quote!(primary_key_name), attr.primary_key.first().and_then(|part| part.options.name.text())),
    ];
    let flags = [
        (quote!(unlogged), attr.unlogged.is_set()),
        (quote!(strict), attr.strict.is_set()),
        (quote!(without_rowid), attr.without_rowid.is_set()),
    ];
    let mut given: Vec<TokenStream> = Vec::new();
    for (word, text) in texts {
        if let Some(text) = text {
            let text = option(Some(text));
            given.push(quote!(#word: #text));
        }
    }
    given.extend(flags.into_iter().filter(|(_, set)| *set).map(|(word, _)| quote!(#word: true)));
    let with: Vec<TokenStream> =
        attr.with.iter().flat_map(|with| &with.0).map(|(name, value)| quote!((#name, #value))).collect();
    if !with.is_empty() {
        given.push(quote!(with: &[#(#with),*]));
    }
    (!given.is_empty()).then(|| quote!(.options(#krate::OptionsDef { #(#given,)* ..#krate::OptionsDef::NONE })))
}
