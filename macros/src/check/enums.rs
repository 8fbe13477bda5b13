//! What must hold within an enum.

use std::collections::BTreeMap;

use super::names;
use crate::ast::{Enumeration, Stored};
use crate::errors::Errors;
use crate::name::{self, LIMIT, is_reserved};

/// Checks an enum.
pub(crate) fn enumeration(of: &Enumeration<'_>, errors: &Errors) {
    if !of.input.generics.params.is_empty() {
        errors.on(&of.input.generics, "an enum that is a column's type has no parameters");
    }
    if of.variants.is_empty() && matches!(of.input.data, syn::Data::Enum(_)) {
        errors.on(&of.input.ident, "an enum without variants has no values: add one");
    }
    if of.stored == Stored::Type {
        type_name(of, errors);
    }
    names::given(&of.attr.renamed_from, errors);
    labels(of, errors);
}

fn type_name(of: &Enumeration<'_>, errors: &Errors) {
    let name = &of.name;
    if !name.declared && is_reserved(&name.text) {
        let text = &name.text;
        errors.at(
            name.span,
            format_args!(
                "`{text}` is a reserved word in SQL, so sqlx finds no such type; name it: `#[sqlx(type_name = \"…\")]`"
            ),
        );
    }
    if name.text.is_empty() || name.text.len() > LIMIT {
        errors.at(name.span, format_args!("the name of a type has 1 to {LIMIT} bytes: choose another"));
    }
    if let (Some(ours), Some(theirs)) = (of.attr.name.get(), &of.sqlx.type_name) {
        let (within, sent) = name::regtype(&theirs.value());
        let schema = of.attr.schema.text();
        if sent != ours.value() || (within.is_some() && within != schema) {
            let text = theirs.value();
            errors.on(ours, format_args!("`#[sqlx]` sends this as the type `{text}`: keep one of the two names"));
        }
    }
    if let (Some(ours), None, true) = (of.attr.name.get(), &of.sqlx.type_name, of.sqlx.present) {
        let sent = name::unraw(&of.input.ident);
        if name::regtype(&sent).1 != ours.value() {
            errors.on(
                ours,
                format_args!("sqlx sends this as the type `{sent}`; give the name as `#[sqlx(type_name = \"…\")]`"),
            );
        }
    }
    if let (Some(schema), Some(theirs)) = (of.attr.schema.get(), &of.sqlx.type_name)
        && name::regtype(&theirs.value()).0.is_some_and(|within| within != schema.value())
    {
        let text = theirs.value();
        errors.on(schema, format_args!("`#[sqlx]` sends this as the type `{text}`: keep one of the two schemas"));
    }
}

fn labels(of: &Enumeration<'_>, errors: &Errors) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for variant in &of.variants {
        let label = &variant.label;
        let text = label.text.as_str();
        if let Some(first) = seen.get(text) {
            errors.at(label.span, format_args!("two variants have the label \"{text}\": the other one is `{first}`"));
        } else {
            seen.insert(text, variant.ident.to_string());
        }
        if text.len() > LIMIT {
            errors.at(label.span, format_args!("a label has at most {LIMIT} bytes: choose a shorter one"));
        }
        if variant.renamed_from.as_deref() == Some(text) {
            errors.at(label.span, format_args!("its label is \"{text}\" already: leave `renamed_from` out"));
        }
    }
}
