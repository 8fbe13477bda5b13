//! The words for what a step is about: parts of a table, targets, edits.

use super::words::{
    action, auto, conflict, database, default, deferrable, generated, key, keys, names, object, sorts, string, text,
    ty, variants,
};
use super::{ColumnEdit, PartRef, TableEdit, Target};
use crate::schema::{
    Action, Check, Exclusion, ExclusionElement, ForeignKey, Index, Match, Name, Part, PrimaryKey, Unique,
};

/// The kind of a target, as verbs are formed with it, and where it is.
pub(super) fn said(target: &Target) -> (&'static str, String) {
    match target {
        Target::Namespace(name) => ("schema", string(name)),
        Target::Extension(name) => ("extension", string(name)),
        Target::Enum(name) => ("enum", object(name)),
        Target::Label(of, label) => ("label", format!("{}, {}", object(of), string(label))),
        Target::Domain(name) => ("domain", object(name)),
        Target::Sequence(name) => ("sequence", object(name)),
        Target::Table(name) => ("table", object(name)),
        Target::Object(name) => ("object", object(name)),
        Target::Column(table, name) => ("column", format!("{}, {}", object(table), string(name))),
        Target::PrimaryKey(table) => ("primary_key", object(table)),
        Target::Unique(t, part) => ("unique", format!("{}, {}", object(t), reference(part, "unique", unique))),
        Target::Check(t, part) => ("check", format!("{}, {}", object(t), reference(part, "check", check))),
        Target::ForeignKey(t, part) => {
            ("foreign_key", format!("{}, {}", object(t), reference(part, "foreign_key", foreign_key)))
        }
        Target::Exclusion(t, part) => {
            ("exclusion", format!("{}, {}", object(t), reference(part, "exclusion", exclusion)))
        }
        Target::Index(t, part) => ("index", format!("{}, {}", object(t), reference(part, "index", index))),
    }
}

/// A part by its name, by its outline, or by all that is said of it.
pub(super) fn reference<P: Part>(part: &PartRef<P>, word: &str, print: impl Fn(&P) -> (String, Vec<String>)) -> String {
    match part {
        PartRef::Name(name) => format!("by_name({})", string(name)),
        PartRef::Like(part) => match print(part) {
            (of, calls) if calls.is_empty() && word != "exclusion" => of,
            (of, calls) => format!("{word}({of}){}", calls.concat()),
        },
    }
}

/// Calls that every part knows.
pub(super) fn common<P: Part>(part: &P) -> impl Iterator<Item = String> {
    let name = part.name().map(|n| format!(".named({})", string(n)));
    name.into_iter().chain(text("comment", part.comment()))
}

pub(super) fn included(include: &[Name]) -> Option<String> {
    (!include.is_empty()).then(|| format!(".include({})", names(include)))
}

pub(super) fn flag(said: bool, word: &str) -> Option<String> {
    said.then(|| format!(".{word}()"))
}

pub(super) fn primary_key(k: &PrimaryKey) -> (String, Vec<String>) {
    let PrimaryKey { name: _, columns, include, period, deferrable: when, conflict: what, sorts: sorted, comment: _ } =
        k;
    let mut calls: Vec<String> = included(include).into_iter().collect();
    calls.extend(flag(*period, "period"));
    calls.extend(deferrable(*when));
    calls.extend(what.map(|c| format!(".on_conflict({})", conflict(c))));
    calls.extend(sorts(sorted));
    calls.extend(common(k));
    (names(columns), calls)
}

pub(super) fn unique(u: &Unique) -> (String, Vec<String>) {
    let Unique {
        name: _,
        columns,
        include,
        nulls_not_distinct,
        period,
        deferrable: when,
        conflict: what,
        sorts: sorted,
        comment: _,
        spelling: _,
    } = u;
    let mut calls: Vec<String> = included(include).into_iter().collect();
    calls.extend(flag(*nulls_not_distinct, "nulls_not_distinct"));
    calls.extend(flag(*period, "period"));
    calls.extend(deferrable(*when));
    calls.extend(what.map(|c| format!(".on_conflict({})", conflict(c))));
    calls.extend(sorts(sorted));
    calls.extend(common(u));
    (names(columns), calls)
}

pub(super) fn check(c: &Check) -> (String, Vec<String>) {
    let Check { name: _, expression, no_inherit, not_valid, not_enforced, only, comment: _, spelling: _ } = c;
    let mut calls: Vec<String> = flag(*no_inherit, "no_inherit").into_iter().collect();
    calls.extend(flag(*not_valid, "not_valid"));
    calls.extend(flag(*not_enforced, "not_enforced"));
    calls.extend(only.map(|d| format!(".only({})", database(d))));
    calls.extend(common(c));
    (string(expression.as_str()), calls)
}

pub(super) fn foreign_key(k: &ForeignKey) -> (String, Vec<String>) {
    let ForeignKey {
        name: _,
        columns,
        references,
        referenced_columns,
        on_delete,
        on_update,
        on_delete_columns,
        period,
        matching,
        deferrable: when,
        not_valid,
        not_enforced,
        comment: _,
        spelling: _,
    } = k;
    let mut calls = Vec::new();
    if !referenced_columns.is_empty() {
        calls.push(format!(".references({}, {})", object(references), names(referenced_columns)));
    }
    calls.extend((*on_delete != Action::NoAction).then(|| format!(".on_delete({})", action(*on_delete))));
    calls.extend((*on_update != Action::NoAction).then(|| format!(".on_update({})", action(*on_update))));
    calls.extend((!on_delete_columns.is_empty()).then(|| format!(".on_delete_columns({})", names(on_delete_columns))));
    calls.extend(flag(*period, "period"));
    calls.extend(match matching {
        Match::Simple => None,
        Match::Full => Some(".match_full()".to_owned()),
        Match::Partial => Some(".match_partial()".to_owned()),
    });
    calls.extend(deferrable(*when));
    calls.extend(flag(*not_valid, "not_valid"));
    calls.extend(flag(*not_enforced, "not_enforced"));
    calls.extend(common(k));
    (names(columns), calls)
}

pub(super) fn exclusion(x: &Exclusion) -> (String, Vec<String>) {
    let Exclusion { name: _, using, elements, include, predicate, deferrable: when, comment: _ } = x;
    let mut calls: Vec<String> = elements
        .iter()
        .map(|ExclusionElement { key: of, operator }| format!(".element({}, {})", key(of), string(operator)))
        .collect();
    calls.extend(included(include));
    calls.extend(predicate.as_ref().map(|p| format!(".filter({})", string(p.as_str()))));
    calls.extend(deferrable(*when));
    calls.extend(common(x));
    (string(using), calls)
}

pub(super) fn index(i: &Index) -> (String, Vec<String>) {
    let Index {
        name: _,
        unique,
        using,
        keys: of,
        include,
        predicate,
        nulls_not_distinct,
        with,
        only,
        comment: _,
        online,
        spelling: _,
    } = i;
    let mut calls: Vec<String> = flag(*unique, "unique").into_iter().collect();
    calls.extend(flag(online.0, "concurrently"));
    calls.extend(text("using", using.as_deref()));
    calls.extend(included(include));
    calls.extend(predicate.as_ref().map(|p| format!(".filter({})", string(p.as_str()))));
    calls.extend(flag(*nulls_not_distinct, "nulls_not_distinct"));
    calls.extend(with.iter().map(|(k, v)| format!(".with({}, {})", string(k), string(v))));
    calls.extend(only.map(|d| format!(".only({})", database(d))));
    calls.extend(common(i));
    (keys(of), calls)
}

/// `.word(text)`, or `.no_word()`.
pub(super) fn optional(word: &str, of: Option<&str>) -> String {
    text(word, of).unwrap_or_else(|| format!(".no_{word}()"))
}

pub(super) fn column_edit(edit: &ColumnEdit) -> Vec<String> {
    let one = |call: String| vec![call];
    match edit {
        ColumnEdit::Type(to) => one(format!(".set_type({})", ty(to))),
        ColumnEdit::Nullable(true) => one(".nullable()".to_owned()),
        ColumnEdit::Nullable(false) => one(".not_null()".to_owned()),
        ColumnEdit::Default(Some(to)) => one(default(to)),
        ColumnEdit::Default(None) => one(".no_default()".to_owned()),
        ColumnEdit::Generated(Some(to)) => one(generated(to)),
        ColumnEdit::Generated(None) => one(".not_generated()".to_owned()),
        ColumnEdit::Auto(Some(to)) => auto(to),
        ColumnEdit::Auto(None) => one(".not_numbered()".to_owned()),
        ColumnEdit::Collation(to) => one(optional("collation", to.as_deref())),
        ColumnEdit::Comment(to) => one(optional("comment", to.as_deref())),
        ColumnEdit::Storage(to) => one(optional("storage", to.as_deref())),
        ColumnEdit::Compression(to) => one(optional("compression", to.as_deref())),
        ColumnEdit::NotNullConflict(Some(to)) => one(format!(".on_null({})", conflict(*to))),
        ColumnEdit::NotNullConflict(None) => one(".no_on_null()".to_owned()),
        ColumnEdit::Variants(to) => std::iter::once(".everywhere()".to_owned()).chain(variants(to)).collect(),
    }
}

pub(super) fn table_edit(edit: &TableEdit) -> Vec<String> {
    match edit {
        TableEdit::Comment(to) => vec![optional("comment", to.as_deref())],
        TableEdit::Unlogged(true) => vec![".unlogged()".to_owned()],
        TableEdit::Unlogged(false) => vec![".logged()".to_owned()],
        TableEdit::With(to) => {
            let with = to.iter().map(|(k, v)| format!(".with({}, {})", string(k), string(v)));
            std::iter::once(".without_parameters()".to_owned()).chain(with).collect()
        }
        TableEdit::Strict(to) => vec![format!(".strict({to})")],
        TableEdit::WithoutRowid(to) => vec![format!(".without_rowid({to})")],
    }
}
