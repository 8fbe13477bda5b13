//! Keys name fields that are there.

use crate::ast::{Kind, Model};
use crate::attr::{FieldRef, IndexPart, KeyTarget};
use crate::errors::{Errors, hint};
use crate::name;

/// All lists of keys of a table.
pub(super) fn model(model: &Model<'_>, errors: &Errors) {
    for (word, part) in model.keys() {
        let mut seen: Vec<String> = Vec::new();
        for key in &part.keys {
            if let KeyTarget::Field(field) = &key.target {
                one(model, field, errors);
                let text = field.0.iter().map(name::unraw).collect::<Vec<_>>().join(".");
                if seen.contains(&text) {
                    errors.on(field, format_args!("`{text}` stands in this `{word}` twice"));
                }
                seen.push(text);
            }
        }
        for list in &part.options.include {
            fields(model, &list.0, errors);
        }
        match word {
            "primary_key" => primary_key(part, errors),
            "unique" => unique(part, errors),
            _ => index(part, errors),
        }
    }
    for field in model.columns() {
        for options in [&field.attr.unique, &field.attr.index].into_iter().filter_map(|o| o.get()) {
            for list in &options.include {
                fields(model, &list.0, errors);
            }
        }
        if let (Some(span), Some(options)) = (field.attr.unique.span(), field.attr.unique.get())
            && options.unique.is_set()
        {
            errors.at(span, "`unique` says so already");
        }
    }
    twice(model, errors);
}

/// Fields that must be there.
pub(super) fn fields(model: &Model<'_>, fields: &[FieldRef], errors: &Errors) {
    for field in fields {
        one(model, field, errors);
    }
}

fn one(model: &Model<'_>, reference: &FieldRef, errors: &Errors) {
    let word = name::unraw(reference.first());
    let ident = &model.input.ident;
    let Some(field) = model.field(reference.first()) else {
        let names: Vec<String> = model.fields.iter().filter(|f| f.kind != Kind::Skip).map(|f| f.rust_name()).collect();
        let help = match model.columns().find(|f| f.name.text == word) {
            Some(by_column) => format!("fields are named here, and that column's is `{}`", by_column.rust_name()),
            None => hint(&word, names.iter().map(String::as_str)),
        };
        errors.on(reference, format_args!("`{ident}` has no field `{word}`: {help}"));
        return;
    };
    match (field.kind, reference.0.len()) {
        (Kind::Skip, _) => errors.on(reference, format_args!("`{word}` is skipped, so there is no such column")),
        (Kind::Flatten, 1) => {
            errors.on(reference, format_args!("`{word}` is flattened: name one of its fields, `{word}.field`"))
        }
        (Kind::Column, 2..) => errors.on(reference, format_args!("`{word}` is one column and has no fields")),
        (Kind::Column | Kind::Flatten, _) => {}
    }
}

fn primary_key(part: &IndexPart, errors: &Errors) {
    plain_keys("primary key", part, errors);
    let options = &part.options;
    for (word, span) in [
        ("using", options.using.span()),
        ("where", options.predicate.span()),
        ("nulls_not_distinct", options.nulls_not_distinct.span()),
        ("opclass", options.opclass.span()),
        ("concurrently", options.concurrently.span()),
        ("unique", options.unique.span()),
        ("deferrable", options.deferrable.0.map(|(span, _)| span)),
        ("include", (!options.include.is_empty()).then_some(part.span)),
        ("with", (!options.with.is_empty()).then_some(part.span)),
    ] {
        if let Some(span) = span {
            errors.at(span, format_args!("a primary key has no `{word}`; the one option is `name`"));
        }
    }
    for key in &part.keys {
        if let KeyTarget::Expression(text) = &key.target {
            errors.on(text, "a primary key is over fields; for an expression use `unique(\"…\")`");
        }
    }
}

fn unique(part: &IndexPart, errors: &Errors) {
    if let Some(span) = part.options.unique.span() {
        errors.at(span, "`unique` says so already");
    }
    if let Some((span, _)) = part.options.deferrable.0
        && (part.options.predicate.get().is_some()
            || part.keys.iter().any(|k| matches!(k.target, KeyTarget::Expression(_))))
    {
        errors
            .at(span, "a partial unique index, or one over an expression, is checked at once: leave `deferrable` out");
    }
}

fn index(part: &IndexPart, errors: &Errors) {
    if let Some((span, _)) = part.options.deferrable.0 {
        errors.at(span, "an index is checked at once; for `deferrable` use `unique(…)`");
    }
    if let (Some(span), false) = (part.options.nulls_not_distinct.span(), part.options.unique.is_set()) {
        errors.at(span, "`nulls_not_distinct` means something for a unique index only: add `unique`");
    }
}

fn plain_keys(what: &str, part: &IndexPart, errors: &Errors) {
    for key in &part.keys {
        if let Some(span) = key.descending.or(key.nulls_first.map(|(_, span)| span)) {
            errors.at(span, format_args!("a {what} has no direction; an order belongs to an `index(…)`"));
        }
    }
}

/// There is one primary key.
fn twice(model: &Model<'_>, errors: &Errors) {
    for part in model.attr.primary_key.iter().skip(1) {
        errors.at(part.span, "a table has one primary key: put all its fields into one `primary_key(…)`");
    }
    if !model.attr.primary_key.is_empty() {
        for span in model.columns().filter_map(|f| f.attr.primary_key.span()) {
            errors.at(span, "the primary key is named in `#[table(primary_key(…))]` already: keep one of the two");
        }
    }
}
