//! Words of SQL that every database reads alike, for statements that one migration says to all.

/// A name. Quoted always: each database has keywords of its own.
pub(crate) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text.
pub(crate) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
