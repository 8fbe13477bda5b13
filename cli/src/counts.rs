//! How many rows something is about.

use limbeck::change::Loss;
use limbeck::dialect::Backend;
use limbeck::schema::{Column, Name, QualifiedName, Type};

/// What is said of none.
pub(crate) const NONE: &str = "no rows";

/// The rows that a loss throws away, in words; nothing when it cannot be told.
pub(crate) async fn lost(backend: &mut dyn Backend, loss: &Loss) -> Option<String> {
    let dialect = backend.dialect();
    match loss {
        Loss::Table(table) => count(backend, table, "").await,
        Loss::Column(table, column) | Loss::Values(table, column) => {
            count(backend, table, &format!(" WHERE {} IS NOT NULL", dialect.identifier(column))).await
        }
        Loss::Label(..) => None,
    }
}

/// The rows that have no value in a column, or all when there is no such column yet.
pub(crate) async fn unfilled(
    backend: &mut dyn Backend,
    table: &QualifiedName,
    column: Option<&Name>,
) -> Option<String> {
    let dialect = backend.dialect();
    let filter = column.map(|column| format!(" WHERE {} IS NULL", dialect.identifier(column)));
    count(backend, table, &filter.unwrap_or_default()).await
}

/// Whether a table has a row at all.
pub(crate) async fn has_rows(backend: &mut dyn Backend, table: &QualifiedName) -> bool {
    let sql = format!("SELECT CAST(1 AS text) FROM {} LIMIT 1", backend.dialect().qualified(table));
    backend.rows(&sql).await.is_ok_and(|rows| !rows.is_empty())
}

/// The rows that hold a label in a column.
pub(crate) async fn holding(
    backend: &mut dyn Backend,
    table: &QualifiedName,
    column: &Column,
    label: &Name,
) -> Option<u64> {
    let dialect = backend.dialect();
    let (name, label) = (dialect.identifier(&column.name), dialect.string(label));
    let is_array = matches!(column.ty, Type::Array(_));
    let filter = if is_array { format!(" WHERE {label} = ANY ({name})") } else { format!(" WHERE {name} = {label}") };
    number(backend, table, &filter).await
}

async fn count(backend: &mut dyn Backend, table: &QualifiedName, filter: &str) -> Option<String> {
    number(backend, table, filter).await.map(words)
}

/// A number of rows in words.
pub(crate) fn words(count: u64) -> String {
    match count {
        0 => NONE.to_owned(),
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}

async fn number(backend: &mut dyn Backend, table: &QualifiedName, filter: &str) -> Option<u64> {
    let sql = format!("SELECT CAST(count(*) AS text) FROM {}{filter}", backend.dialect().qualified(table));
    let rows = backend.rows(&sql).await.ok()?;
    rows.first()?.first()?.as_deref()?.parse().ok()
}
