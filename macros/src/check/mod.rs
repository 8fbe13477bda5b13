//! What must hold within one item. What takes two is checked by the compiler, see `expand::reference`.

mod column;
mod enums;
mod keys;
mod names;

pub(crate) use enums::enumeration;

use syn::{Data, Fields};

use crate::ast::Model;
use crate::attr::Target;
use crate::errors::Errors;
use crate::exclude;

/// Checks a struct.
pub(crate) fn model(model: &Model<'_>, errors: &Errors) {
    names::model(model, errors);
    for field in &model.fields {
        column::field(field, errors);
    }
    for extra in &model.attr.column {
        column::extra(extra, errors);
    }
    keys::model(model, errors);
    references(model, errors);
    options(model, errors);
    if !model.whole {
        part(model, errors);
    }
}

fn references(model: &Model<'_>, errors: &Errors) {
    for part in &model.attr.foreign_key {
        keys::fields(model, &part.fields, errors);
        let reference = &part.reference;
        let there = match reference.target {
            Target::Model(_) => reference.fields.len(),
            Target::Table(..) => reference.columns.len(),
        };
        if part.fields.is_empty() {
            errors.at(part.span, "`foreign_key` names no field: `foreign_key((a, b) references Model(x, y))`");
        } else if part.fields.len() != there {
            let here = part.fields.len();
            errors
                .at(reference.span, format_args!("{here} fields cannot refer to {there}: name as many on both sides"));
        }
    }
}

fn options(model: &Model<'_>, errors: &Errors) {
    let attr = &model.attr;
    for part in &attr.exclude {
        if exclude::elements(&part.elements.value()).is_none() {
            errors.on(&part.elements, "every element needs an operator: `exclude(\"room with =, during with &&\")`");
        }
        let options = &part.options;
        for (word, span) in [
            ("opclass", options.opclass.span()),
            ("nulls_not_distinct", options.nulls_not_distinct.span()),
            ("concurrently", options.concurrently.span()),
            ("unique", options.unique.span()),
        ] {
            if let Some(span) = span {
                errors.at(span, format_args!("an exclusion has no `{word}`"));
            }
        }
    }
    let has_key = !attr.primary_key.is_empty() || model.columns().any(|f| f.attr.primary_key.is_set());
    if let (Some(span), false) = (attr.without_rowid.span(), has_key) {
        errors.at(span, "`without_rowid` needs a primary key: mark a field `#[column(primary_key)]`");
    }
    if let (Some(crate::attr::Comment::Doc), None, Some(span)) =
        (attr.comment.get(), model.comment(), attr.comment.span())
    {
        errors.at(span, "there is no doc comment to take: write one, or `comment = \"…\"`");
    }
    let named = matches!(&model.input.data, Data::Struct(data) if matches!(data.fields, Fields::Named(_)));
    if model.whole && named && model.fields.is_empty() && attr.column.is_empty() {
        errors.on(&model.input.ident, "a table needs at least one column");
    }
}

/// A part of tables has nothing that only a table can have.
fn part(model: &Model<'_>, errors: &Errors) {
    let attr = &model.attr;
    let only = "belongs to a table: put it on the struct with `#[derive(Table)]`";
    for (word, span) in [
        ("name", attr.name.span()),
        ("schema", attr.schema.span()),
        ("comment", attr.comment.span()),
        ("renamed_from", attr.renamed_from.span()),
        ("group", attr.group.span()),
        ("strict", attr.strict.span()),
        ("without_rowid", attr.without_rowid.span()),
        ("unlogged", attr.unlogged.span()),
        ("primary_key", attr.primary_key.first().map(|part| part.span)),
    ] {
        if let Some(span) = span {
            errors.at(span, format_args!("`{word}` {only}"));
        }
    }
    for span in model.columns().filter_map(|f| f.attr.primary_key.span()) {
        errors.at(span, format_args!("`primary_key` {only}"));
    }
}
