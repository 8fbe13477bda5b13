//! Names that a database takes.

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::LitStr;

use crate::ast::{Model, Named};
use crate::attr::Set;
use crate::errors::Errors;
use crate::name::{LIMIT, is_reserved};

/// The names of a table, its columns, its constraints and indexes.
pub(super) fn model(model: &Model<'_>, errors: &Errors) {
    let attr = &model.attr;
    if model.whole {
        name("table", &model.name, errors);
    }
    for set in [&attr.schema, &attr.renamed_from, &attr.group] {
        given(set, errors);
    }
    for field in model.columns() {
        name("column", &field.name, errors);
        given(&field.attr.renamed_from, errors);
        for options in [&field.attr.unique, &field.attr.index].into_iter().filter_map(|o| o.get()) {
            given(&options.name, errors);
        }
    }
    for extra in &attr.column {
        text(&extra.name.value(), extra.name.span(), errors);
    }
    for (_, part) in model.keys() {
        given(&part.options.name, errors);
    }
    for part in &attr.foreign_key {
        given(&part.options.name, errors);
    }
    for part in attr.check.iter().chain(&attr.postgres.0.check).chain(&attr.sqlite.0.check) {
        given(&part.options.name, errors);
    }
    for part in &attr.exclude {
        given(&part.options.name, errors);
    }
    distinct(model, errors);
    renames(model, errors);
}

/// A name that may be undeclared.
pub(super) fn name(what: &str, name: &Named, errors: &Errors) {
    if !name.declared && is_reserved(&name.text) {
        let (text, attribute) = (&name.text, if what == "column" { "column" } else { "table" });
        let danger = if text == "user" { ": `SELECT * FROM user` answers with the session's user" } else { "" };
        errors.at(
            name.span,
            format_args!(
                "`{text}` is a reserved word in SQL{danger}; name the {what} with `#[{attribute}(name = \"…\")]`, `\"{text}\"` if it must be"
            ),
        );
    }
    text(&name.text, name.span, errors);
}

/// A name that is given as text, if it is.
pub(super) fn given(set: &Set<LitStr>, errors: &Errors) {
    if let Some(lit) = set.get() {
        text(&lit.value(), lit.span(), errors);
    }
}

fn text(text: &str, span: Span, errors: &Errors) {
    if text.is_empty() {
        errors.at(span, "a name cannot be empty");
    } else if text.len() > LIMIT {
        let length = text.len();
        errors.at(
            span,
            format_args!("`{text}` has {length} bytes, and PostgreSQL cuts names after {LIMIT}: choose a shorter one"),
        );
    } else if text.contains('\0') {
        errors.at(span, "a name cannot hold a zero byte");
    }
}

fn distinct(model: &Model<'_>, errors: &Errors) {
    let mut seen = BTreeMap::new();
    let fields = model.columns().map(|f| (f.name.text.clone(), f.name.span, format!("field `{}`", f.rust_name())));
    let extra =
        model.attr.column.iter().map(|extra| (extra.name.value(), extra.name.span(), "`#[table(column(…))]`".into()));
    for (name, span, from) in fields.chain(extra) {
        if let Some(first) = seen.get(&name) {
            errors.at(span, format_args!("two columns are called `{name}`: the other one is {first}"));
        } else {
            seen.insert(name, from);
        }
    }
}

fn renames(model: &Model<'_>, errors: &Errors) {
    let fields = model.columns().map(|f| (&f.attr.renamed_from, f.name.text.as_str()));
    let table = std::iter::once((&model.attr.renamed_from, model.name.text.as_str()));
    for (from, to) in fields.chain(table) {
        if let Some(lit) = from.get().filter(|lit| lit.value() == to) {
            errors.on(lit, format_args!("it is called `{to}` already: leave `renamed_from` out"));
        }
    }
}
