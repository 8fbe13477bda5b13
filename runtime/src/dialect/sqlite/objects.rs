//! Views, triggers and virtual tables: taken off before tables change, put back after.

use std::collections::BTreeSet;

use super::canonical::text;
use super::lex::{can_be_name, lex, raw};
use super::write::identifier;
use crate::plan::Statement;
use crate::schema::{QualifiedName, Schema, SqlObject, SqlObjectKind};

/// The objects that cannot stay while a schema becomes another: those that differ, those that stand on a table or a
/// view that goes, and the triggers of a table that is made anew.
pub(super) fn off<'a>(before: &'a Schema, after: &Schema, anew: &BTreeSet<QualifiedName>) -> Vec<&'a SqlObject> {
    let stays = |o: &SqlObject| {
        after.objects.get(&o.name).is_some_and(|other| o.kind == other.kind && same_text(&o.sql, &other.sql))
    };
    let mut goes: Vec<&SqlObject> = before.objects.values().filter(|o| !stays(o)).collect();
    let gone: Vec<&QualifiedName> = goes.iter().map(|o| &o.name).chain(anew).collect();
    let stands_on = |o: &SqlObject| o.table.as_ref().is_some_and(|t| gone.iter().any(|name| same_name(name, t)));
    let carried: Vec<&SqlObject> = before.objects.values().filter(|o| stays(o) && stands_on(o)).collect();
    goes.extend(carried);
    goes.sort_by_key(|o| (rank(o.kind), &o.name));
    goes.reverse();
    goes
}

/// The objects that are to be made, those that others mention first.
pub(super) fn on<'a>(after: &'a Schema, before: &Schema, off: &[&SqlObject]) -> Vec<&'a SqlObject> {
    let there = |o: &SqlObject| before.objects.contains_key(&o.name) && off.iter().all(|other| other.name != o.name);
    let mut open: Vec<&SqlObject> = after.objects.values().filter(|o| !there(o)).collect();
    open.sort_by_key(|o| (rank(o.kind), &o.name));
    let names = |o: &SqlObject| {
        let names = lex(&o.sql).into_iter().filter(can_be_name).map(|t| raw(&t).to_lowercase());
        names.filter(|name| *name != o.name.name.to_lowercase()).collect::<BTreeSet<String>>()
    };
    let mut open: Vec<(&SqlObject, BTreeSet<String>)> = open.into_iter().map(|o| (o, names(o))).collect();
    let mut found = Vec::new();
    while !open.is_empty() {
        let waiting: BTreeSet<String> = open.iter().map(|(o, _)| o.name.name.to_lowercase()).collect();
        let next = open.iter().position(|(_, says)| says.is_disjoint(&waiting)).unwrap_or(0);
        let (object, _) = open.remove(next);
        found.push(object);
    }
    found
}

/// Whether a view or a trigger says this name anywhere.
pub(super) fn mentions(object: &SqlObject, name: &str) -> bool {
    lex(&object.sql).iter().any(|t| can_be_name(t) && raw(t).eq_ignore_ascii_case(name))
}

/// Whether every table and view that a view or a trigger reads or writes is there.
pub(super) fn is_sound(object: &SqlObject, schema: &Schema) -> bool {
    const BEFORE_A_TABLE: [&str; 4] = ["from", "join", "into", "update"];
    let tokens = lex(&object.sql);
    let known = |name: &str| {
        let is = |n: &QualifiedName| n.name.eq_ignore_ascii_case(name);
        schema.tables.keys().any(is) || schema.objects.keys().any(is) || name.starts_with("sqlite_")
    };
    // `WITH name AS (…)` names a table for one statement.
    let own = |name: &str| {
        tokens.windows(3).any(|w| raw(&w[0]).eq_ignore_ascii_case(name) && w[1].is_word("as") && w[2].text == "(")
            || tokens.windows(2).any(|w| raw(&w[0]).eq_ignore_ascii_case(name) && w[1].text == "(")
    };
    tokens.windows(2).filter(|w| BEFORE_A_TABLE.iter().any(|word| w[0].is_word(word))).all(|w| {
        let header = w[0].is_word("update") && (w[1].is_word("of") || w[1].is_word("on") || w[1].is_word("or"));
        !can_be_name(&w[1]) || header || known(&raw(&w[1])) || own(&raw(&w[1]))
    })
}

pub(super) fn drop(object: &SqlObject) -> Statement {
    let kind = match object.kind {
        SqlObjectKind::VirtualTable => "TABLE".to_owned(),
        other => other.word().to_uppercase(),
    };
    let about = format!("drop {} `{}`", object.kind.word(), object.name);
    Statement::new(format!("DROP {kind} {}", identifier(&object.name.name)), about)
}

pub(super) fn create(object: &SqlObject) -> Statement {
    Statement::new(object.sql.clone(), format!("create {} `{}`", object.kind.word(), object.name))
}

/// A trigger can stand on a view, a view on a virtual table.
fn rank(kind: SqlObjectKind) -> u8 {
    match kind {
        SqlObjectKind::VirtualTable => 0,
        SqlObjectKind::View => 1,
        SqlObjectKind::Trigger => 2,
        SqlObjectKind::MaterializedView
        | SqlObjectKind::Routine
        | SqlObjectKind::Rule
        | SqlObjectKind::Policy
        | SqlObjectKind::RowSecurity
        | SqlObjectKind::Privileges
        | SqlObjectKind::CompositeType
        | SqlObjectKind::RangeType
        | SqlObjectKind::Setting
        | SqlObjectKind::ChildTable => 3,
    }
}

/// Whether SQLite has such objects.
pub(super) fn is_known(kind: SqlObjectKind) -> bool {
    rank(kind) < 3
}

fn same_text(a: &str, b: &str) -> bool {
    a == b || text(a, |_| true) == text(b, |_| true)
}

fn same_name(a: &QualifiedName, b: &QualifiedName) -> bool {
    a.name.eq_ignore_ascii_case(&b.name)
}
