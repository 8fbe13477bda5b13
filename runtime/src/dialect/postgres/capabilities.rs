//! What the versions of PostgreSQL can do.

use crate::plan::{Capabilities, IDENTIFIER_BYTES};
use crate::schema::Database;

/// PostgreSQL, as the key of variants.
pub const POSTGRES: Database = Database("postgres");

/// `NULLS NOT DISTINCT` and `ON DELETE SET NULL (columns)` (release notes of 15).
pub(super) const NULLS_NOT_DISTINCT: u32 = 150_000;
/// Unlogged sequences (release notes of 15).
pub(super) const UNLOGGED_SEQUENCES: u32 = 150_000;
/// `ALTER COLUMN … SET STORAGE DEFAULT` (release notes of 16).
pub(super) const STORAGE_DEFAULT: u32 = 160_000;
/// `ALTER COLUMN … SET EXPRESSION` (release notes of 17).
pub(super) const SET_EXPRESSION: u32 = 170_000;
/// The newest version that is known.
pub(super) const NEWEST: u32 = 180_000;

/// What a version can do, by `server_version_num`.
pub(super) fn capabilities(version: u32) -> Capabilities {
    Capabilities {
        database: POSTGRES,
        title: format!("PostgreSQL {}.{}", version / 10_000, version % 10_000),
        version,
        namespaces: true,
        extensions: true,
        enums: true,
        domains: true,
        sequences: true,
        arrays: true,
        decimals: true,
        comments: true,
        exclusions: true,
        index_methods: true,
        index_include: true,
        deferrable_keys: true,
        nulls_not_distinct: version >= NULLS_NOT_DISTINCT,
        named_constraints: true,
        rowid_options: false,
        storage_options: true,
        identifier_bytes: Some(IDENTIFIER_BYTES),
    }
}
