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

/// The views and triggers among some that read or write what is not there, or what is broken itself. While one of them
/// stands, SQLite renames nothing and drops no column, wherever that is (`renameTestSchema` in its source).
pub(super) fn broken<'a>(objects: &[&'a SqlObject], is_table: impl Fn(&str) -> bool) -> Vec<&'a SqlObject> {
    let reads: Vec<(&SqlObject, Vec<String>)> = objects.iter().map(|o| (*o, sources(o))).collect();
    let mut found: Vec<&SqlObject> = Vec::new();
    loop {
        let whole = |name: &str| {
            let is = |o: &&(&SqlObject, Vec<String>)| o.0.name.name.eq_ignore_ascii_case(name);
            is_table(name) || reads.iter().find(is).is_some_and(|(o, _)| !found.contains(o))
        };
        let next: Vec<&SqlObject> = reads
            .iter()
            .filter(|(o, names)| !found.contains(o) && !names.iter().all(|name| whole(name)))
            .map(|(o, _)| *o)
            .collect();
        if next.is_empty() {
            found.sort_by_key(|o| (rank(o.kind), &o.name));
            found.reverse();
            return found;
        }
        found.extend(next);
    }
}

/// The tables and views that a view or a trigger reads or writes, and the one that a trigger stands on.
fn sources(object: &SqlObject) -> Vec<String> {
    /// After these no comma names another table.
    const ENDS: [&str; 13] = [
        "select",
        "where",
        "group",
        "having",
        "order",
        "limit",
        "window",
        "union",
        "intersect",
        "except",
        "set",
        "values",
        "with",
    ];
    if !matches!(object.kind, SqlObjectKind::View | SqlObjectKind::Trigger) {
        return Vec::new();
    }
    let tokens = lex(&object.sql);
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|t| words.iter().any(|word| t.is_word(word)));
    let was = |at: usize, back: usize, words: &[&str]| at.checked_sub(back).is_some_and(|at| is(at, words));
    let sign = |at: usize, sign: &str| tokens.get(at).is_some_and(|t| t.text == sign);
    let mut found: Vec<String> = object.table.iter().map(|t| t.name.to_string()).collect();
    // Inside of each pair of parentheses, whether a comma names another table.
    let mut lists = vec![false];
    let mut next = Next::Else;
    for at in 0..tokens.len() {
        let in_list = lists.last().copied().unwrap_or_default();
        let mut list = |list: bool| lists.last_mut().into_iter().for_each(|last| *last = list);
        if sign(at, "(") {
            lists.push(next == Next::Source);
        } else if sign(at, ")") {
            lists.pop();
            next = Next::Else;
        } else if is(at, &["from"]) && !was(at, 1, &["distinct"]) {
            list(true);
            next = Next::Source;
        } else if is(at, &["join"]) || sign(at, ",") && in_list {
            next = Next::Source;
        } else if is(at, &["into"]) || is(at, &["update"]) && !is(at + 1, &["of", "on", "set"]) {
            // `BEFORE UPDATE OF a ON t`, `DO UPDATE SET`.
            next = Next::Table;
        } else if is(at, &ENDS) || sign(at, ";") {
            list(false);
            next = Next::Else;
        } else if next != Next::Else && can_be_name(&tokens[at]) && !sign(at + 1, ".") {
            // `UPDATE OR IGNORE t`.
            if was(at, 1, &["update"]) && is(at, &["or"]) || was(at, 2, &["update"]) && was(at, 1, &["or"]) {
                continue;
            }
            let elsewhere = at > 1 && sign(at - 1, ".") && !raw(&tokens[at - 2]).eq_ignore_ascii_case("main");
            let function = next == Next::Source && sign(at + 1, "(");
            next = Next::Else;
            if !elsewhere && !function {
                found.push(raw(&tokens[at]));
            }
        }
    }
    // `WITH name AS (…)` names a table for one statement.
    let own = |name: &str| {
        tokens.windows(3).any(|w| {
            let opens = w[2].text == "(" || w[2].is_word("as");
            let listed = w[0].is_word("with") || w[0].is_word("recursive") || w[0].text == ",";
            opens && listed && raw(&w[1]).eq_ignore_ascii_case(name)
        })
    };
    found.retain(|name| !own(name) && !is_built_in(name));
    found
}

/// What the next name in a statement is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A table, a view or a table-valued function.
    Source,
    /// A table or a view.
    Table,
    /// Something else.
    Else,
}

/// Tables that SQLite has without anybody's doing (*Table-valued Functions*, *The Schema Table*).
fn is_built_in(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with("sqlite_")
        || name.starts_with("pragma_")
        || matches!(name.as_str(), "json_each" | "json_tree" | "dbstat")
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
        | SqlObjectKind::ChildTable
        | SqlObjectKind::Collation => 3,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(kind: SqlObjectKind, sql: &str, expected: &[&str]) {
        assert_eq!(sources(&SqlObject::new(kind, "o", sql)), expected, "{sql}");
    }

    #[test]
    fn what_a_view_reads() {
        let view = |sql: &str, expected: &[&str]| reads(SqlObjectKind::View, sql, expected);
        view("CREATE VIEW v AS SELECT a, b FROM t AS x, [u v] y WHERE a IN (SELECT c FROM w)", &["t", "u v", "w"]);
        view(
            "CREATE VIEW v (a, b) AS SELECT f(a, b), c FROM main.t JOIN (u, w) USING (a, b), x ORDER BY a, b",
            &["t", "u", "w", "x"],
        );
        view("CREATE VIEW v AS SELECT a IS NOT DISTINCT FROM b FROM t, json_each(t.c), temp.s", &["t"]);
        view(
            "CREATE VIEW v AS WITH n (i) AS (SELECT 1 UNION SELECT i + 1 FROM n, t), m AS (VALUES (1), (2)) SELECT * FROM n, m",
            &["t"],
        );
        view(
            "CREATE VIEW v AS SELECT * FROM (VALUES (1), (2)), (WITH q AS (SELECT 1) SELECT * FROM q) EXCEPT SELECT a, b FROM t GROUP BY a, b",
            &["t"],
        );
        view("CREATE VIEW v AS SELECT name, sql FROM sqlite_schema, pragma_table_list", &[]);
    }

    #[test]
    fn what_a_trigger_reads_and_writes() {
        reads(
            SqlObjectKind::Trigger,
            "CREATE TRIGGER o BEFORE UPDATE OF a, b ON t WHEN new.a IS DISTINCT FROM old.a BEGIN INSERT INTO u (a) VALUES (1) ON CONFLICT DO UPDATE SET a = 1, b = 2;
             UPDATE OR IGNORE w SET a = 1, b = c FROM x, y WHERE 1; REPLACE INTO z SELECT 1, 2; DELETE FROM q WHERE a = 1; END",
            &["u", "w", "x", "y", "z", "q"],
        );
    }
}
