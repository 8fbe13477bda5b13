//! The form in which two schemas of SQLite are compared.
//!
//! SQLite keeps every text verbatim, so expressions are equal when their tokens are: keywords and names of any case,
//! however they are quoted and spaced. Parentheses count: they are tokens.
//!
//! A constraint's name names nothing here: no statement can speak of the constraint by it. So it is no difference,
//! and no reason to make a table anew.

use super::lex::{lex, raw};
use super::parse::key_of;
#[cfg(feature = "sqlite")]
use super::parse::rowid_alias;
use super::types::declared;
use super::write::default_text;
use crate::schema::{
    Auto, Column, Default, Deferrable, Expression, ForeignKey, Index, KeyOf, Match, Name, QualifiedName, Schema, Sort,
    Table, TokenKind, Type,
};

/// See [`Dialect::canonical`](crate::dialect::Dialect::canonical).
pub(super) fn canonical(schema: &Schema) -> Schema {
    let mut form = schema.clone();
    for (name, table) in &schema.tables {
        form.tables.insert(name.clone(), canonical_table(table, schema));
    }
    for object in form.objects.values_mut() {
        object.sql = text(&object.sql, |_| true);
        object.table = object.table.as_ref().map(folded);
    }
    form
}

/// The canonical form of one table, the others being there to be referred to.
pub(super) fn canonical_table(table: &Table, schema: &Schema) -> Table {
    let mut form = table.clone();
    let expression = |e: &mut Expression| {
        *e = Expression(text(&e.0, |name| table.columns.iter().any(|c| c.name.eq_ignore_ascii_case(name))));
    };
    for column in &mut form.columns {
        canonical_column(column, table.options.strict, &expression);
    }
    if let Some(key) = &mut form.primary_key {
        (key.name, key.comment, key.deferrable) = (None, None, Deferrable::No);
        canonical_sorts(&mut key.sorts, table);
    }
    for unique in &mut form.uniques {
        (unique.name, unique.comment) = (None, None);
        (unique.deferrable, unique.nulls_not_distinct) = (Deferrable::No, false);
        canonical_sorts(&mut unique.sorts, table);
    }
    for check in &mut form.checks {
        expression(&mut check.expression);
        (check.name, check.comment) = (None, None);
        (check.no_inherit, check.not_valid, check.not_enforced) = (false, false, false);
    }
    for key in &mut form.foreign_keys {
        resolve(key, table, schema);
        // Parsed and without effect (*SQLite Foreign Key Support*, 6).
        key.matching = Match::Simple;
        (key.name, key.comment, key.not_valid, key.not_enforced) = (None, None, false, false);
    }
    for index in &mut form.indexes {
        canonical_index(index, table, &expression);
    }
    (form.options.comment, form.options.unlogged) = (None, false);
    form.options.with.clear();
    form.options.partition_by = None;
    form
}

fn canonical_column(column: &mut Column, strict: bool, expression: &impl Fn(&mut Expression)) {
    // A type that has no words here is lowered before anyone renders it. Until then it equals itself alone: a column of
    // an enum is no plain text, for it has a check.
    let ty = declared(&column.ty, strict).unwrap_or_else(|| format!("{:?}", column.ty));
    column.ty = Type::Sql(declared_words(&ty));
    column.default = column.default.as_ref().map(|default| {
        let mut text = Expression(default_text(default));
        expression(&mut text);
        Default::Sql(text)
    });
    if let Some(generated) = &mut column.generated {
        expression(&mut generated.expression);
    }
    column.auto = column.auto.as_ref().map(|auto| match auto {
        Auto::Increment | Auto::Identity { .. } | Auto::Serial { .. } => Auto::Increment,
    });
    column.collation = column.collation.as_deref().and_then(collation);
    column.comment = None;
    column.storage = None;
    column.compression = None;
}

/// `varchar ( 10 )` is `VARCHAR(10)`.
fn declared_words(ty: &str) -> String {
    let mut words = String::new();
    let mut after_word = false;
    for token in lex(ty) {
        let word = token.kind == TokenKind::Word;
        if word && after_word {
            words.push(' ');
        }
        words.push_str(&raw(&token).to_uppercase());
        after_word = word;
    }
    words
}

/// A collation's name; BINARY is what there is without one (*Collating Sequences*).
fn collation(name: &str) -> Option<String> {
    Some(name.to_lowercase()).filter(|name| name != "binary")
}

/// The collation that a column's values are compared with.
fn collation_of(table: &Table, column: &Name) -> String {
    let declared = table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(column)).and_then(|c| c.collation.clone());
    declared.map_or_else(|| "binary".to_owned(), |name| name.to_lowercase())
}

fn canonical_sorts(sorts: &mut std::collections::BTreeMap<Name, Sort>, table: &Table) {
    for (column, sort) in sorts.iter_mut() {
        sort.collation =
            sort.collation.as_ref().map(|c| c.to_lowercase()).filter(|name| *name != collation_of(table, column));
    }
    sorts.retain(|_, sort| sort.collation.is_some() || sort.order == crate::schema::Order::Descending);
}

fn canonical_index(index: &mut Index, table: &Table, expression: &impl Fn(&mut Expression)) {
    for key in &mut index.keys {
        key.of = key_of(&key.of);
        let own = key.collation.take().map(|name| name.to_lowercase());
        match &mut key.of {
            KeyOf::Column(column) => key.collation = own.filter(|name| *name != collation_of(table, column)),
            KeyOf::Expression(text) => {
                if let Some(own) = own {
                    text.0.push_str(" COLLATE ");
                    text.0.push_str(&own);
                }
                expression(text);
            }
        }
        (key.opclass, key.nulls) = (None, None);
    }
    index.predicate.iter_mut().for_each(expression);
    index.with.clear();
    (index.using, index.comment, index.nulls_not_distinct) = (None, None, false);
}

/// Writes a foreign key out as the other table knows itself: its name and columns in its own case, and its primary
/// key where no columns are named (*SQLite Foreign Key Support*, 3).
pub(super) fn resolve(key: &mut ForeignKey, table: &Table, schema: &Schema) {
    let own = key.references.name.eq_ignore_ascii_case(&table.name.name);
    let other = if own { Some(table) } else { find_table(schema, &key.references) };
    let Some(other) = other else { return };
    key.references = other.name.clone();
    if key.referenced_columns.is_empty() {
        key.referenced_columns = other.primary_key.iter().flat_map(|k| k.columns.clone()).collect();
    }
    for name in &mut key.referenced_columns {
        if let Some(column) = other.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name)) {
            *name = column.name.clone();
        }
    }
}

/// The table of this name, in whatever case.
pub(super) fn find_table<'a>(schema: &'a Schema, name: &QualifiedName) -> Option<&'a Table> {
    let same = |t: &&Table| t.name.name.eq_ignore_ascii_case(&name.name);
    schema.tables.get(name).or_else(|| schema.tables.values().find(same))
}

fn folded(name: &QualifiedName) -> QualifiedName {
    QualifiedName { schema: name.schema.clone(), name: name.name.to_lowercase().into() }
}

/// The tokens of a text, each in one spelling. What stands in double quotes is a name where `is_name` knows it;
/// otherwise SQLite may take it for a string (*Double-quoted String Literals Are Accepted*), whose case counts.
pub(super) fn text(sql: &str, is_name: impl Fn(&str) -> bool) -> String {
    let words: Vec<String> = lex(sql)
        .iter()
        .filter(|t| t.text != ";")
        .map(|t| match t.kind {
            TokenKind::Word | TokenKind::Number => t.text.to_lowercase(),
            TokenKind::Quoted => {
                let name = raw(t);
                let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                match (is_name(&name), plain) {
                    (true, true) => name.to_lowercase(),
                    (true, false) => format!("\"{}\"", name.to_lowercase()),
                    (false, _) => format!("\"{name}\""),
                }
            }
            TokenKind::String | TokenKind::Sign => t.text.to_owned(),
        })
        .collect();
    words.join(" ")
}

#[cfg(feature = "sqlite")]
/// Makes a model's NOT NULL on the row's number equal to either spelling in the database: the number never is NULL,
/// and people declare it both ways. Two databases still differ.
pub(super) fn settle(from: (&Schema, &mut Schema), to: (&Schema, &mut Schema)) {
    let logical = |schema: &Schema, table: &QualifiedName| {
        let alias = rowid_alias(schema.tables.get(table)?)?;
        Some((alias.name.clone(), !matches!(alias.ty, Type::Sql(_)), alias.nullable))
    };
    for (name, left) in &mut from.1.tables {
        let Some(right) = to.1.tables.get_mut(name) else { continue };
        let (Some(l), Some(r)) = (logical(from.0, name), logical(to.0, name)) else { continue };
        if l.0 == r.0 && (l.1 || r.1) {
            let nullable = if l.1 { r.2 } else { l.2 };
            left.column_mut(&l.0).into_iter().chain(right.column_mut(&r.0)).for_each(|c| c.nullable = nullable);
        }
    }
}
