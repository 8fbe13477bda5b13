//! Words of SQL that every database reads alike, for statements that one migration says to all.

use limbeck::schema::{Column, Type};

/// A name. Quoted always: each database has keywords of its own.
pub(crate) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text.
pub(crate) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// That a column of an enum holds a label, both as SQL. Only where there are arrays can a column be one.
pub(crate) fn holds(column: &Column, name: &str, label: &str) -> String {
    if matches!(column.ty, Type::Array(_)) { format!("{label} = ANY ({name})") } else { format!("{name} = {label}") }
}
