//! Tables that migration tools keep for themselves, told by name and shape.

use super::Shelf;
use crate::schema::{Schema, Table};

/// A table's name, and the columns that it has among others.
const TABLES: [(&str, &[&str]); 14] = [
    ("_sqlx_migrations", &["version", "description", "checksum", "execution_time"]),
    ("alembic_version", &["version_num"]),
    ("__diesel_schema_migrations", &["version", "run_on"]),
    ("seaql_migrations", &["version", "applied_at"]),
    ("refinery_schema_history", &["version", "name", "applied_on", "checksum"]),
    ("django_migrations", &["app", "name", "applied"]),
    ("_prisma_migrations", &["checksum", "migration_name", "applied_steps_count"]),
    ("flyway_schema_history", &["installed_rank", "version", "checksum"]),
    ("goose_db_version", &["version_id", "is_applied"]),
    ("knex_migrations", &["name", "batch", "migration_time"]),
    ("knex_migrations_lock", &["is_locked"]),
    ("databasechangelog", &["id", "author", "filename", "dateexecuted"]),
    ("databasechangeloglock", &["id", "locked", "lockgranted", "lockedby"]),
    ("ar_internal_metadata", &["key", "value", "created_at", "updated_at"]),
];

/// Tables of this name are theirs only when they have no other columns: the name is one that people use, too.
const EXACTLY: [(&str, &[&str]); 3] = [
    ("schema_migrations", &["version"]),
    ("schema_migrations", &["version", "dirty"]),
    ("schema_migrations", &["version", "inserted_at"]),
];

/// Our own, behind any prefix.
const OURS: [&str; 3] = ["limbeck_history", "limbeck_log", "limbeck_meta"];

/// Whether a table is a migration tool's own.
#[must_use]
pub fn is_bookkeeping(table: &Table) -> bool {
    let name = table.name.name.as_str();
    let has = |columns: &[&str]| columns.iter().all(|column| table.column(column).is_some());
    OURS.iter().any(|ours| name.ends_with(ours))
        || Shelf::read(name).is_some()
        || TABLES.iter().any(|(known, columns)| name == *known && has(columns))
        || EXACTLY.iter().any(|(known, columns)| name == *known && has(columns) && table.columns.len() == columns.len())
}

/// A schema without the tables that migration tools keep for themselves.
#[must_use]
pub fn without_bookkeeping(mut schema: Schema) -> Schema {
    schema.tables.retain(|_, table| !is_bookkeeping(table));
    schema
}
