//! Recognising what lowering made.

use super::Capabilities;
use crate::schema::{Enum, Name, Schema, Table, TokenKind, Type, tokens};

/// The inverse of lowering enums, on a database that has none: a text column with exactly the check that stands for
/// an enum is a column of that enum again. `hint` says which columns are of which enum; the labels are those that the
/// database has.
#[must_use]
pub fn lift(current: &Schema, hint: &Schema, capabilities: &Capabilities) -> Schema {
    let mut lifted = current.clone();
    if capabilities.enums {
        return lifted;
    }
    lifted.extensions.extend(hint.extensions.iter().map(|(k, v)| (k.clone(), v.clone())));
    for (name, wanted) in &hint.tables {
        let Some(table) = lifted.tables.get_mut(name) else {
            continue;
        };
        for column in &wanted.columns {
            let Some(of) = column.ty.named().and_then(|n| hint.enums.get(n)) else {
                continue;
            };
            let Some(place) = table.columns.iter().position(|c| c.name == column.name) else {
                continue;
            };
            let text = match &table.columns[place].ty {
                Type::Sql(declared) => declared.eq_ignore_ascii_case("text"),
                other => *other == Type::Text,
            };
            let Some((check, labels)) = labels_of(table, &column.name).filter(|_| text) else { continue };
            let known = lifted.enums.get(&of.name).is_none_or(|e| e.labels == labels);
            if known {
                table.checks.remove(check);
                table.columns[place].ty = column.ty.clone();
                let comment = of.comment.clone();
                lifted.enums.entry(of.name.clone()).or_insert(Enum { name: of.name.clone(), labels, comment });
            }
        }
    }
    // An enum that no column uses leaves no trace here: it is there when it shall be.
    for (name, of) in &hint.enums {
        let used = hint.tables.values().flat_map(|t| &t.columns).any(|c| c.ty.named() == Some(name));
        if !used {
            lifted.enums.entry(name.clone()).or_insert_with(|| of.clone());
        }
    }
    lifted
}

/// The check of the form `column IN ('a', 'b')` and its labels.
fn labels_of(table: &Table, column: &Name) -> Option<(usize, Vec<Name>)> {
    table.checks.iter().enumerate().find_map(|(at, check)| {
        let tokens = tokens(check.expression.as_str());
        let [first, word, open, list @ .., close] = tokens.as_slice() else {
            return None;
        };
        let frame = first.is_name(column) && word.is_word("in") && open.text == "(" && close.text == ")";
        let labels: Vec<Name> =
            list.iter().step_by(2).filter(|t| t.kind == TokenKind::String).map(|t| t.value().into()).collect();
        let commas = list.iter().skip(1).step_by(2).all(|t| t.text == ",");
        (frame && commas && list.len() + 1 == labels.len() * 2).then_some((at, labels))
    })
}
