//! The form in which two schemas of PostgreSQL are compared.

use super::objects::spelled;
use super::slots::{of_domain, of_table};
use super::types::parse;
use super::words::{Context, expression};
use super::write::default_text;
use crate::plan::object_name;
use crate::schema::{
    Auto, Column, Default, Exclusion, Expression, Index, Key, KeyOf, Match, Nulls, Order, QualifiedName, Schema,
    SequenceOptions, SqlObjectKind, Table, TokenKind, Type, tokens,
};

/// See [`Dialect::canonical`](crate::dialect::Dialect::canonical).
pub(super) fn canonical(schema: &Schema) -> Schema {
    let mut form = schema.clone();
    // Which version there is, is the server's business.
    form.extensions.values_mut().for_each(|e| e.version = None);
    form.namespaces.values_mut().for_each(|n| uncomment(&mut n.comment));
    form.enums.values_mut().for_each(|e| uncomment(&mut e.comment));
    for sequence in form.sequences.values_mut() {
        sequence.ty = canonical_type(&sequence.ty, schema);
        canonical_options(&mut sequence.options, &sequence.ty);
        uncomment(&mut sequence.comment);
    }
    for domain in form.domains.values_mut() {
        domain.ty = canonical_type(&domain.ty, schema);
        domain.collation = domain.collation.as_deref().and_then(collation);
        domain.default = domain.default.as_ref().map(|d| Default::Sql(Expression(default_text(d))));
        uncomment(&mut domain.comment);
        for (role, text) in of_domain(domain) {
            text.0 = expression(&text.0, role.context());
        }
    }
    for table in form.tables.values_mut() {
        canonical_table(table, schema);
    }
    for object in form.objects.values_mut() {
        object.sql = populated(spelled(&object.sql), object.kind);
        uncomment(&mut object.comment);
    }
    form
}

/// Whether a materialized view holds its rows yet is no part of what it is: a refresh sees to that.
fn populated(sql: String, kind: SqlObjectKind) -> String {
    let (made, rest) = sql.split_once(" ;").unwrap_or((&sql, ""));
    match made.strip_suffix(" with no data").or_else(|| made.strip_suffix(" with data")) {
        Some(made) if kind == SqlObjectKind::MaterializedView && rest.is_empty() => made.to_owned(),
        Some(made) if kind == SqlObjectKind::MaterializedView => format!("{made} ;{rest}"),
        Some(_) | None => sql,
    }
}

fn canonical_table(table: &mut Table, schema: &Schema) {
    let key: Vec<_> = table.primary_key.iter().flat_map(|k| k.columns.clone()).collect();
    let name = table.name.clone();
    for column in &mut table.columns {
        canonical_column(column, &name, schema);
        // A primary key makes its columns NOT NULL.
        column.nullable &= !key.contains(&column.name);
    }
    for (role, text) in of_table(table) {
        text.0 = expression(&text.0, role.context());
    }
    for column in &mut table.columns {
        let nothing = |default: &Default| matches!(default, Default::Sql(e) if e.0 == "null");
        // The server keeps no such default, unless a domain may have another.
        if column.default.as_ref().is_some_and(nothing) && !matches!(column.ty, Type::Named(_)) {
            column.default = None;
        }
    }
    if let Some(key) = &mut table.primary_key {
        (key.conflict, key.sorts) = (None, std::collections::BTreeMap::new());
        uncomment(&mut key.comment);
    }
    for unique in &mut table.uniques {
        (unique.conflict, unique.sorts) = (None, std::collections::BTreeMap::new());
        uncomment(&mut unique.comment);
    }
    table.checks.iter_mut().for_each(|c| uncomment(&mut c.comment));
    for key in &mut table.foreign_keys {
        if key.matching == Match::Partial {
            key.matching = Match::Simple;
        }
        uncomment(&mut key.comment);
    }
    let columns = table.columns.clone();
    table.exclusions.iter_mut().for_each(|x| canonical_exclusion(x, &columns));
    table.indexes.iter_mut().for_each(|i| canonical_index(i, &columns));
    (table.options.strict, table.options.without_rowid) = (false, false);
    uncomment(&mut table.options.comment);
    table.options.with = lower_keys(&table.options.with);
}

fn canonical_column(column: &mut Column, table: &QualifiedName, schema: &Schema) {
    column.ty = canonical_type(&column.ty, schema);
    column.default = column.default.as_ref().map(|d| Default::Sql(Expression(default_text(d))));
    column.collation = column.collation.as_deref().and_then(collation);
    column.not_null_conflict = None;
    uncomment(&mut column.comment);
    let storage = column.storage.as_deref().map(str::to_ascii_lowercase);
    column.storage = storage.filter(|s| s != "default" && Some(&**s) != usual_storage(&column.ty));
    column.compression = column.compression.as_deref().map(str::to_ascii_lowercase).filter(|c| c != "default");
    column.auto = column.auto.take().map(|auto| canonical_auto(auto, table, column));
    // A counter's column is NOT NULL whether that is said or not.
    column.nullable &= column.auto.is_none();
}

fn canonical_auto(auto: Auto, table: &QualifiedName, column: &Column) -> Auto {
    let usual = |mut options: SequenceOptions| {
        canonical_options(&mut options, &column.ty);
        options
    };
    match auto {
        Auto::Increment => Auto::Identity { always: false, options: SequenceOptions::default() },
        Auto::Identity { always, options } => Auto::Identity { always, options: usual(options) },
        Auto::Serial { sequence, options } => {
            let default = object_name(&table.name, &column.name, "seq");
            Auto::Serial { sequence: sequence.filter(|name| *name != default), options: usual(options) }
        }
    }
}

/// Options that the server would choose itself are none (manual, `CREATE SEQUENCE`).
pub(super) fn canonical_options(options: &mut SequenceOptions, ty: &Type) {
    let (lowest, highest) = match ty {
        Type::SmallInt => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Type::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _other => (i64::MIN, i64::MAX),
    };
    let up = options.increment.is_none_or(|step| step > 0);
    let (min, max) = if up { (1, highest) } else { (lowest, -1) };
    options.min = options.min.filter(|n| *n != min);
    options.max = options.max.filter(|n| *n != max);
    let first = if up { options.min.unwrap_or(min) } else { options.max.unwrap_or(max) };
    options.start = options.start.filter(|n| *n != first);
    options.increment = options.increment.filter(|n| *n != 1);
    options.cache = options.cache.filter(|n| *n != 1);
}

fn canonical_type(ty: &Type, schema: &Schema) -> Type {
    match ty {
        Type::Sql(text) => {
            let parsed = parse(text);
            own(&parsed, schema).unwrap_or(parsed)
        }
        Type::Array(of) => match canonical_type(of, schema) {
            // An array of arrays is an array of more dimensions, and their number is not kept.
            Type::Array(of) => Type::Array(of),
            of => Type::Array(Box::new(of)),
        },
        other => other.clone(),
    }
}

/// An enum or a domain that is named in the database's own words.
fn own(ty: &Type, schema: &Schema) -> Option<Type> {
    match ty {
        Type::Sql(text) => {
            let all = tokens(text);
            let name = match all.as_slice() {
                [name] if matches!(name.kind, TokenKind::Word | TokenKind::Quoted) => {
                    QualifiedName::new(None, name.value())
                }
                [of, dot, name] if dot.text == "." => QualifiedName::new(Some(of.value().into()), name.value()),
                _ => return None,
            };
            let known = schema.enums.contains_key(&name) || schema.domains.contains_key(&name);
            known.then_some(Type::Named(name))
        }
        Type::Array(of) => own(of, schema).map(|of| Type::Array(Box::new(of))),
        _other => None,
    }
}

/// How values of a type are stored when nothing is said (manual, 73.2).
pub(super) fn usual_storage(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Bytes | Type::Json | Type::Jsonb | Type::Array(_) => {
            Some("extended")
        }
        Type::Numeric(_) => Some("main"),
        Type::Boolean
        | Type::SmallInt
        | Type::Integer
        | Type::BigInt
        | Type::Real
        | Type::Double
        | Type::Date
        | Type::Time(_)
        | Type::TimeTz(_)
        | Type::Timestamp(_)
        | Type::TimestampTz(_)
        | Type::Interval(_)
        | Type::Uuid => Some("plain"),
        Type::Named(_) | Type::Sql(_) => None,
    }
}

fn canonical_index(index: &mut Index, columns: &[Column]) {
    index.using = index.using.as_deref().map(str::to_ascii_lowercase).filter(|method| method != "btree");
    index.keys.iter_mut().for_each(|key| canonical_key(key, columns));
    index.with = lower_keys(&index.with);
    uncomment(&mut index.comment);
}

fn canonical_exclusion(exclusion: &mut Exclusion, columns: &[Column]) {
    exclusion.using = exclusion.using.to_ascii_lowercase();
    for element in &mut exclusion.elements {
        canonical_key(&mut element.key, columns);
        element.operator = element.operator.trim().to_owned();
    }
    uncomment(&mut exclusion.comment);
}

fn canonical_key(key: &mut Key, columns: &[Column]) {
    if let KeyOf::Expression(text) = &key.of
        && let [name] = tokens(&text.0).as_slice()
        && let Some(column) = columns.iter().find(|c| c.name == *name.value())
        && matches!(name.kind, TokenKind::Word | TokenKind::Quoted)
    {
        key.of = KeyOf::Column(column.name.clone());
    }
    let usual = match key.order {
        Order::Ascending => Nulls::Last,
        Order::Descending => Nulls::First,
    };
    key.nulls = key.nulls.filter(|nulls| *nulls != usual);
    key.opclass = key.opclass.as_deref().map(|text| expression(text, Context::Free));
    // The column's own collation is the key's anyway.
    let own = match &key.of {
        KeyOf::Column(name) => columns.iter().find(|c| c.name == *name).and_then(|c| c.collation.as_ref()),
        KeyOf::Expression(_) => None,
    };
    key.collation = key.collation.as_deref().and_then(collation).filter(|c| Some(c) != own);
}

/// A collation's name without quotes; nothing for the one that every type has.
fn collation(text: &str) -> Option<String> {
    let names: Vec<String> = tokens(text)
        .iter()
        .filter(|t| t.text != ".")
        .map(|t| if t.kind == TokenKind::Quoted { t.value() } else { t.text.to_owned() })
        .collect();
    let name = match names.as_slice() {
        [system, name] if system == "pg_catalog" => name.clone(),
        // A name like `en-US-x-icu` that no one quoted.
        [_] | [_, _] => names.join("."),
        _ => text.to_owned(),
    };
    (name != "default").then_some(name)
}

fn lower_keys(with: &std::collections::BTreeMap<String, String>) -> std::collections::BTreeMap<String, String> {
    with.iter().map(|(key, value)| (key.to_ascii_lowercase(), value.clone())).collect()
}

fn uncomment(comment: &mut Option<String>) {
    // An empty comment is how one is taken away (manual, `COMMENT`).
    *comment = comment.take().filter(|text| !text.is_empty());
}
