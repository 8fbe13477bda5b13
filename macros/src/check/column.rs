//! What is said about one column does not contradict itself.

use proc_macro2::Span;

use crate::ast::{Field, Kind};
use crate::attr::{ColumnAttr, Comment, ExtraColumn, Literal};
use crate::errors::Errors;

/// A field's attributes.
pub(super) fn field(field: &Field<'_>, errors: &Errors) {
    let attr = &field.attr;
    match field.kind {
        Kind::Column => both(attr, errors),
        Kind::Skip | Kind::Flatten => {
            let word = if field.kind == Kind::Skip { "skip" } else { "flatten" };
            for (other, span) in given(attr) {
                errors.at(
                    span,
                    format_args!("the field is no column of its own because of `{word}`, so `{other}` says nothing"),
                );
            }
            if let (true, true, Some(span)) = (attr.skip.is_set(), attr.flatten.is_set(), attr.flatten.span()) {
                errors.at(span, "`skip` and `flatten` exclude each other: keep one of them");
            }
        }
    }
    if let Some(span) = attr.nullable.span() {
        errors.at(span, "the type says whether NULL is allowed: write `Option<…>`");
    }
    if let (Some(Comment::Doc), None, Some(span)) = (attr.comment.get(), &field.doc, attr.comment.span()) {
        errors.at(span, "there is no doc comment to take: write one, or `comment = \"…\"`");
    }
}

/// The attributes of a column that is no field.
pub(super) fn extra(extra: &ExtraColumn, errors: &Errors) {
    let ColumnAttr { name, sql_type, flatten, skip, references, primary_key, unique, index, .. } = &extra.column;
    for (word, span, instead) in [
        ("name", name.span(), "its name stands first"),
        ("sql_type", sql_type.span(), "its type stands second"),
        ("flatten", flatten.span(), "it is no struct"),
        ("skip", skip.span(), "leave the whole column out"),
        ("references", references.span(), "use `#[table(foreign_key(…))]` with a field"),
        ("primary_key", primary_key.span(), "make it a field"),
        ("unique", unique.span(), "use `#[table(unique(\"…\"))]` with its name as an expression"),
        ("index", index.span(), "use `#[table(index(\"…\"))]` with its name as an expression"),
    ] {
        if let Some(span) = span {
            errors.at(span, format_args!("a column that is no field has no `{word}`: {instead}"));
        }
    }
    if let (Some(Comment::Doc), Some(span)) = (extra.column.comment.get(), extra.column.comment.span()) {
        errors.at(span, "there is no doc comment to take: write `comment = \"…\"`");
    }
    both(&extra.column, errors);
}

fn both(attr: &ColumnAttr, errors: &Errors) {
    let exclude = |a: (&str, Option<Span>), b: (&str, Option<Span>)| {
        if let (Some(_), Some(span)) = (a.1, b.1) {
            let (a, b) = (a.0, b.0);
            errors.at(span, format_args!("`{a}` and `{b}` exclude each other: keep one of them"));
        }
    };
    let default = ("default", attr.default.span());
    let default_sql = ("default_sql", attr.default_sql.span());
    let generated = ("generated", attr.generated.span());
    let identity = ("identity", attr.identity.span());
    let increment = ("auto_increment", attr.auto_increment.span());
    exclude(default, default_sql);
    let serial = ("serial", attr.serial.span());
    for other in [default, default_sql, identity, increment, serial] {
        exclude(generated, other);
    }
    exclude(identity, increment);
    exclude(identity, serial);
    exclude(increment, serial);
    for counted in [identity, increment, serial] {
        exclude(default, counted);
        exclude(default_sql, counted);
    }
    exclude(("sql_type", attr.sql_type.span()), ("length", attr.length.span()));
    exclude(("sql_type", attr.sql_type.span()), ("precision", attr.precision.span()));
    exclude(("length", attr.length.span()), ("precision", attr.precision.span()));
    for on in [&attr.postgres.0, &attr.sqlite.0] {
        exclude(("default", on.default.span()), ("default_sql", on.default_sql.span()));
    }
    needs(attr, errors);
    numbers(attr, errors);
    if let Some(Literal::Nothing(span)) = attr.default.get() {
        errors.at(*span, "`none` takes a default away on one database: `postgres(default = none)`; here leave it out");
    }
}

/// Arguments that say nothing without another.
fn needs(attr: &ColumnAttr, errors: &Errors) {
    let needs = |word: &str, span: Option<Span>, there: bool, other: &str| {
        if let (Some(span), false) = (span, there) {
            errors.at(span, format_args!("`{word}` says nothing without `{other}`"));
        }
    };
    let references = attr.references.get().is_some();
    needs("on_delete", attr.on_delete.span(), references, "references = Model::field");
    needs("on_update", attr.on_update.span(), references, "references = Model::field");
    needs("deferrable", attr.deferrable.0.map(|(span, _)| span), references, "references = Model::field");
    needs("scale", attr.scale.span(), attr.precision.get().is_some(), "precision = …");
    needs("virtual", attr.virtually.span(), attr.generated.get().is_some(), "generated = \"…\"");
}

fn numbers(attr: &ColumnAttr, errors: &Errors) {
    if let Some(length) = attr.length.get() {
        match length.base10_parse::<u32>() {
            Ok(1..) => {}
            Ok(0) | Err(_) => errors.on(length, "a length is a whole number from 1"),
        }
    }
    if let Some(precision) = attr.precision.get() {
        match precision.base10_parse::<u16>() {
            Ok(1..=1000) => {}
            Ok(_) | Err(_) => errors.on(precision, "a precision is a whole number from 1 to 1000"),
        }
    }
    if let (Some(scale), Some(span)) = (attr.scale.get(), attr.scale.span())
        && !(-1000..=1000).contains(&scale.0)
    {
        errors.at(span, "a scale is a whole number from -1000 to 1000");
    }
}

/// What is given, except `skip` and `flatten`.
fn given(attr: &ColumnAttr) -> Vec<(&'static str, Span)> {
    let ColumnAttr {
        primary_key,
        unique,
        index,
        name,
        sql_type,
        length,
        precision,
        scale,
        default,
        default_sql,
        generated,
        virtually,
        identity,
        auto_increment,
        serial,
        references,
        on_delete,
        on_update,
        deferrable,
        collation,
        comment,
        renamed_from,
        backfill,
        check,
        flatten: _,
        skip: _,
        nullable: _,
        postgres: _,
        sqlite: _,
    } = attr;
    let all = [
        ("primary_key", primary_key.span()),
        ("unique", unique.span()),
        ("index", index.span()),
        ("name", name.span()),
        ("sql_type", sql_type.span()),
        ("length", length.span()),
        ("precision", precision.span()),
        ("scale", scale.span()),
        ("default", default.span()),
        ("default_sql", default_sql.span()),
        ("generated", generated.span()),
        ("virtual", virtually.span()),
        ("identity", identity.span()),
        ("auto_increment", auto_increment.span()),
        ("serial", serial.span()),
        ("references", references.span()),
        ("on_delete", on_delete.span()),
        ("on_update", on_update.span()),
        ("deferrable", deferrable.0.map(|(span, _)| span)),
        ("collation", collation.span()),
        ("comment", comment.span()),
        ("renamed_from", renamed_from.span()),
        ("backfill", backfill.span()),
        ("check", check.span()),
    ];
    all.into_iter().filter_map(|(word, span)| Some((word, span?))).collect()
}
