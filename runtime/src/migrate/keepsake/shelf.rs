//! Where copies are, and what they are called.

use sha2::{Digest, Sha256};

use crate::plan::IDENTIFIER_BYTES;
use crate::schema::{Name, QualifiedName};

/// Where the copies of one migration are. Their names are frozen: what is stored of a way back says them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The schema; none on a database that has no schemas.
    pub schema: Option<Name>,
    /// The migration's id.
    pub migration: String,
}

impl Default for Shelf {
    /// For steps that are no migration's yet.
    fn default() -> Self {
        Self { schema: None, migration: "00000000".to_owned() }
    }
}

/// What the name of every copy begins with.
const PREFIX: &str = "limbeck_kept_";

impl Shelf {
    /// The table that a copy is in.
    #[must_use]
    pub fn table(&self, what: &str) -> QualifiedName {
        let mut name = format!("{}{what}", self.prefix());
        if name.len() > IDENTIFIER_BYTES {
            let digest: String = Sha256::digest(name.as_bytes()).iter().take(4).map(|b| format!("{b:02x}")).collect();
            let mut room = IDENTIFIER_BYTES - digest.len() - 1;
            while !name.is_char_boundary(room) {
                room -= 1;
            }
            name.truncate(room);
            name = format!("{name}~{digest}");
        }
        QualifiedName::new(self.schema.clone(), name)
    }

    /// What the names of this migration's copies begin with.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("{PREFIX}{}_", self.migration)
    }

    /// The migration that a table holds a copy for, and of what.
    #[must_use]
    pub fn read(table: &str) -> Option<(&str, &str)> {
        let (id, what) = table.strip_prefix(PREFIX)?.split_once('_')?;
        crate::migrate::is_id(id).then_some((id, what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_says_what_it_is_of() {
        let shelf = Shelf { schema: None, migration: "8f3a2c1d".to_owned() };
        let name = shelf.table("column note.title").name;
        assert_eq!(name.as_str(), "limbeck_kept_8f3a2c1d_column note.title");
        assert_eq!(Shelf::read(&name), Some(("8f3a2c1d", "column note.title")));
        assert_eq!(Shelf::read("limbeck_kept_something"), None);
        let long = shelf.table(&format!("column note.{}", "é".repeat(40))).name;
        assert!(long.len() <= IDENTIFIER_BYTES && long.contains('~'), "{long}");
        assert_ne!(long, shelf.table(&format!("column note.{}", "é".repeat(41))).name);
    }
}
