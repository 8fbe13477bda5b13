//! The form in which two schemas of PostgreSQL are compared, as far as no server is needed.

use super::types::{parse, type_name};
use super::write::default_text;
use super::write::outer;
use crate::schema::{
    Auto, Column, Default, Expression, Key, KeyOf, Match, Nulls, Order, Schema, Token, TokenKind, Type, tokens,
};

/// See [`Dialect::canonical`](crate::dialect::Dialect::canonical).
pub(super) fn canonical(schema: &Schema) -> Schema {
    let mut form = schema.clone();
    let said = |comment: &mut Option<String>| {
        if comment.as_deref() == Some("") {
            *comment = None;
        }
    };
    for e in form.enums.values_mut() {
        said(&mut e.comment);
    }
    for extension in form.extensions.values_mut() {
        // Which version there is, is the server's business unless somebody asks for one.
        extension.version = None;
    }
    for domain in form.domains.values_mut() {
        domain.ty = ty(&domain.ty);
        domain.default = domain.default.as_ref().map(|d| Default::Sql(default(d, &domain.ty)));
        domain.checks.iter_mut().for_each(|c| expression(&mut c.expression));
        said(&mut domain.comment);
    }
    for table in form.tables.values_mut() {
        (table.options.strict, table.options.without_rowid) = (false, false);
        said(&mut table.options.comment);
        for c in &mut table.columns {
            column(c);
            said(&mut c.comment);
        }
        if let Some(key) = &mut table.primary_key {
            (key.conflict, key.sorts) = (None, std::collections::BTreeMap::new());
            said(&mut key.comment);
        }
        for unique in &mut table.uniques {
            (unique.conflict, unique.sorts) = (None, std::collections::BTreeMap::new());
            said(&mut unique.comment);
        }
        for check in &mut table.checks {
            expression(&mut check.expression);
            said(&mut check.comment);
        }
        for foreign_key in &mut table.foreign_keys {
            if foreign_key.matching == Match::Partial {
                foreign_key.matching = Match::Simple;
            }
            said(&mut foreign_key.comment);
        }
        for exclusion in &mut table.exclusions {
            exclusion.elements.iter_mut().for_each(|e| key(&mut e.key));
            exclusion.predicate.iter_mut().for_each(expression);
            said(&mut exclusion.comment);
        }
        for index in &mut table.indexes {
            if index.using.as_deref() == Some("btree") {
                index.using = None;
            }
            index.keys.iter_mut().for_each(key);
            index.predicate.iter_mut().for_each(expression);
            said(&mut index.comment);
        }
    }
    form
}

/// One type for all its spellings.
pub(super) fn ty(of: &Type) -> Type {
    match of {
        Type::Sql(text) => parse(text),
        Type::Array(element) => match ty(element) {
            Type::Array(inner) => Type::Array(inner),
            plain => Type::Array(Box::new(plain)),
        },
        other => parse_back(other),
    }
}

/// `numeric(5)` is `numeric(5, 0)`: a type is what its own name means.
fn parse_back(of: &Type) -> Type {
    if of.named().is_some() { of.clone() } else { parse(&type_name(of)) }
}

fn column(c: &mut Column) {
    c.ty = ty(&c.ty);
    c.not_null_conflict = None;
    c.default = c.default.as_ref().map(|d| Default::Sql(default(d, &c.ty)));
    if let Some(generated) = &mut c.generated {
        expression(&mut generated.expression);
    }
    match &mut c.auto {
        Some(auto @ Auto::Increment) => {
            *auto = Auto::Identity { always: false, options: crate::schema::SequenceOptions::default() };
        }
        Some(Auto::Identity { .. } | Auto::Serial { .. }) | None => {}
    }
}

fn key(k: &mut Key) {
    let usual = match k.order {
        Order::Ascending => Nulls::Last,
        Order::Descending => Nulls::First,
    };
    if k.nulls == Some(usual) {
        k.nulls = None;
    }
    if let KeyOf::Expression(e) = &mut k.of {
        expression(e);
    }
}

fn expression(e: &mut Expression) {
    *e = Expression(spelled(&tokens(outer(e.as_str()))));
}

/// Tokens with one space between them: words in lower case, names that need no quotes without.
fn spelled(all: &[Token<'_>]) -> String {
    all.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn word(token: &Token<'_>) -> String {
    match token.kind {
        TokenKind::Word => token.text.to_lowercase(),
        TokenKind::Quoted => super::write::identifier(&token.value()),
        TokenKind::Sign if token.text == "!=" => "<>".to_owned(),
        TokenKind::String | TokenKind::Number | TokenKind::Sign => token.text.to_owned(),
    }
}

/// A default's text: a literal without the cast to the column's own type that the server writes out.
fn default(of: &Default, column: &Type) -> Expression {
    let text = default_text(of);
    let all = tokens(outer(&text));
    let all = uncast(&all, column);
    let numeric =
        matches!(column, Type::SmallInt | Type::Integer | Type::BigInt | Type::Numeric(_) | Type::Real | Type::Double);
    match all {
        // The server writes `-1` as `'-1'::integer`.
        [one] if numeric && one.kind == TokenKind::String => Expression(one.value()),
        [minus, one] if minus.text == "-" && one.kind == TokenKind::Number => Expression(format!("-{}", one.text)),
        _ => Expression(spelled(all)),
    }
}

/// `'x'::type` without the cast, when the type is the column's, with or without its modifier.
fn uncast<'a, 'b>(all: &'a [Token<'b>], column: &Type) -> &'a [Token<'b>] {
    let Some(at) = all.iter().rposition(|t| t.text == "::") else { return all };
    let literal = at == 1 && matches!(all[0].kind, TokenKind::String | TokenKind::Number);
    let text = all[at + 1..].iter().map(|t| t.text).collect::<Vec<_>>().join(" ");
    let base = |ty: &Type| match ty {
        Type::Varchar(_) => Type::Varchar(None),
        Type::Char(_) => Type::Sql("bpchar".to_owned()),
        Type::Numeric(_) => Type::Numeric(None),
        Type::Timestamp(_) => Type::Timestamp(None),
        Type::TimestampTz(_) => Type::TimestampTz(None),
        Type::Time(_) => Type::Time(None),
        Type::TimeTz(_) => Type::TimeTz(None),
        Type::Interval(_) => Type::Interval(None),
        other => other.clone(),
    };
    let cast = match column.named() {
        Some(name) => {
            let wanted = tokens(&type_name(column)).iter().map(word).collect::<String>();
            let found = all[at + 1..].iter().map(word).collect::<String>();
            found == wanted || found == super::write::identifier(&name.name)
        }
        None => base(&parse(&text)) == base(column),
    };
    if literal && cast { &all[..at] } else { all }
}
