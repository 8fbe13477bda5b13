//! What a database can do, as a value.

use crate::schema::Database;

/// What one version of one database can do. Every field is mandatory: a new dialect answers every question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Which database this is; a key for variants, never to branch on.
    pub database: Database,
    /// The name people know it by, with its version: `PostgreSQL 15.4`.
    pub title: String,
    /// The server's version as one number that grows: 150004 for PostgreSQL 15.4, 3051003 for SQLite 3.51.3.
    pub version: u32,
    /// Whether there are schemas besides the default one.
    pub namespaces: bool,
    /// Whether there are extensions.
    pub extensions: bool,
    /// Whether there are enum types; otherwise a column of one is text with a check.
    pub enums: bool,
    /// Whether there are domains; otherwise there is no substitute.
    pub domains: bool,
    /// Whether there are sequences that no column owns.
    pub sequences: bool,
    /// Whether a column can be an array.
    pub arrays: bool,
    /// Whether there are exact numbers that sqlx reads and writes.
    pub decimals: bool,
    /// Whether objects can bear comments; otherwise comments are left out.
    pub comments: bool,
    /// Whether there are exclusion constraints.
    pub exclusions: bool,
    /// Whether indexes have a method to choose.
    pub index_methods: bool,
    /// Whether columns can ride along in an index.
    pub index_include: bool,
    /// Whether constraints other than foreign keys can be deferred.
    pub deferrable_keys: bool,
    /// Whether `NULLS NOT DISTINCT` is known.
    pub nulls_not_distinct: bool,
    /// Whether a constraint must have a name; otherwise one that no one declared stays without.
    pub named_constraints: bool,
    /// Whether STRICT and WITHOUT ROWID tables are known.
    pub rowid_options: bool,
    /// Whether unlogged tables and storage parameters are known.
    pub storage_options: bool,
    /// How many bytes an identifier may have.
    pub identifier_bytes: Option<usize>,
}
