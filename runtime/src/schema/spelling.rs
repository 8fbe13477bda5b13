//! How a database itself wrote a thing down.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// The statement that made a thing, where the database keeps it verbatim (SQLite's `sqlite_schema.sql`).
///
/// A hint for whoever writes the thing again, and nothing more: what a statement says beyond the values beside it (a
/// comment, a spelled-out default) is kept only as long as the two agree. It is no part of equality, so all spellings
/// are equal.
#[derive(Clone, Debug, Default)]
pub struct Spelling(pub Option<String>);

impl Spelling {
    /// The statement, if the database gave one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl PartialEq for Spelling {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Spelling {}

impl PartialOrd for Spelling {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Spelling {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Hash for Spelling {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_makes_no_difference() {
        assert_eq!(Spelling(Some("CREATE TABLE t (a)".into())), Spelling::default());
    }
}
