//! What the compiler checks between columns: the derive emits one call of these per reference, in a const of its own.

use super::text::{fail, same};
use super::{Column, TableDef, TypeDef};

/// Stops the compiler unless columns may refer to others: as many of them, of the same types, which are a key.
///
/// # Panics
///
/// While compiling, with what does not fit.
#[track_caller]
pub const fn assert_reference(from: &[Column], to: &[Column]) {
    if from.len() != to.len() {
        fail(&["a foreign key refers to as many fields as it has"]);
    }
    let mut at = 0;
    while at < from.len() {
        let (Some(here), Some(there)) = (from[at].known(), to[at].known()) else {
            // The model over there has mistakes of its own, which are shown there.
            return;
        };
        if !here.ty.matches(&there.ty) {
            fail(&[
                "`",
                here.field,
                "` is ",
                here.ty.word(),
                here.ty.name(),
                ", but `",
                to[at].table().model,
                "::",
                there.field,
                "`, which it refers to, is ",
                there.ty.word(),
                there.ty.name(),
                "; give both the same type",
            ]);
        }
        at += 1;
    }
    if !to.is_empty() && !is_key(to[0].table(), to) {
        fail(&[
            "`",
            to[0].table().model,
            "::",
            to[0].def().field,
            if to.len() > 1 { "` and the others are" } else { "` is" },
            " not unique, so nothing can refer to it; make it `primary_key` or `unique` over there",
        ]);
    }
}

/// Stops the compiler unless all columns may be NULL.
///
/// # Panics
///
/// While compiling, with the column that may not.
#[track_caller]
pub const fn assert_set_null(columns: &[Column]) {
    let mut at = 0;
    while at < columns.len() {
        if let Some(column) = columns[at].known()
            && !column.nullable
        {
            fail(&["`set_null` needs a field that may be NULL, but `", column.field, "` is no `Option`"]);
        }
        at += 1;
    }
}

/// Stops the compiler when two columns of a table, flattened ones among them, have one name.
///
/// # Panics
///
/// While compiling, with the name.
#[track_caller]
pub const fn assert_distinct(table: &TableDef) {
    let mut at = 0;
    while at < table.flattened.len() {
        let part = table.flattened[at].1;
        assert_none_of(table, part);
        let mut other = at + 1;
        while other < table.flattened.len() {
            assert_none_of(table.flattened[other].1, part);
            other += 1;
        }
        at += 1;
    }
}

#[track_caller]
const fn assert_none_of(table: &TableDef, part: &TableDef) {
    let mut at = 0;
    while at < part.columns.len() {
        let name = part.columns[at].name;
        let mut other = 0;
        while other < table.columns.len() {
            if same(table.columns[other].name, name) {
                fail(&["two columns are called `", name, "`: one of them comes from `", part.model, "`"]);
            }
            other += 1;
        }
        at += 1;
    }
}

/// Stops the compiler when a column of the primary key may be NULL.
#[track_caller]
pub(super) const fn assert_primary_key(table: &TableDef) {
    let mut at = 0;
    while at < table.columns.len() {
        let column = &table.columns[at];
        if column.nullable && contains(table.primary_key, column.name) {
            fail(&["`", column.field, "` is part of the primary key, so it cannot be an `Option`"]);
        }
        at += 1;
    }
}

impl TypeDef {
    /// Whether a foreign key may join the two. What is named in SQL may be anything.
    pub(super) const fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sql(_), _) | (_, Self::Sql(_)) => true,
            (Self::Array(a), Self::Array(b)) => a.matches(b),
            (Self::Enum(a), Self::Enum(b)) => same(a.name, b.name),
            _ => same(self.word(), other.word()),
        }
    }
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if same(names[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether no two rows of the table share the values of exactly these columns.
const fn is_key(table: &TableDef, columns: &[Column]) -> bool {
    if are(table.primary_key, columns) {
        return true;
    }
    let mut at = 0;
    while at < table.uniques.len() {
        if are(table.uniques[at].columns, columns) {
            return true;
        }
        at += 1;
    }
    let mut at = 0;
    while at < table.indexes.len() {
        let index = &table.indexes[at];
        if index.unique && index.predicate.is_none() && index.is_over(columns) {
            return true;
        }
        at += 1;
    }
    false
}

const fn are(names: &[&str], columns: &[Column]) -> bool {
    let mut at = 0;
    while at < columns.len() {
        if !contains(names, columns[at].name()) {
            return false;
        }
        at += 1;
    }
    names.len() == columns.len()
}
