//! What SQLite can do, by version.

use crate::plan::Capabilities;
use crate::schema::Database;

/// The key of variants for SQLite.
pub const SQLITE: Database = Database("sqlite");

/// The newest version that is known, which is the one that sqlx brings.
pub(super) const NEWEST: u32 = 3_051_003;

/// `pragma_table_list`, without which shadow tables cannot be told, and STRICT tables (*Release History*, 3.37.0).
pub(super) const OLDEST: u32 = 3_037_000;

/// `ALTER TABLE … RENAME COLUMN` (*Release History*, 3.25.0).
pub(super) const RENAME_COLUMN: u32 = 3_025_000;

/// `ALTER TABLE … DROP COLUMN` (*Release History*, 3.35.0); the first without known corruption is 3.35.5.
pub(super) const DROP_COLUMN: u32 = 3_035_005;

/// A version as people write it: `3.51.3`.
pub(super) fn version(number: u32) -> String {
    format!("{}.{}.{}", number / 1_000_000, number / 1000 % 1000, number % 1000)
}

pub(super) fn capabilities(number: u32) -> Capabilities {
    Capabilities {
        database: SQLITE,
        title: format!("SQLite {}", version(number)),
        version: number,
        namespaces: false,
        extensions: false,
        enums: false,
        domains: false,
        sequences: false,
        arrays: false,
        decimals: false,
        comments: false,
        exclusions: false,
        index_methods: false,
        index_include: false,
        deferrable_keys: false,
        nulls_not_distinct: false,
        named_constraints: false,
        rowid_options: number >= OLDEST,
        storage_options: false,
        identifier_bytes: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_in_words() {
        assert_eq!(capabilities(NEWEST).title, "SQLite 3.51.3");
        assert!(!capabilities(3_036_000).rowid_options);
    }
}
