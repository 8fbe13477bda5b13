//! A database file, and everything that can be seen of it.

use std::future::Future;
use std::path::PathBuf;

use limbeck::dialect::Backend;
use limbeck::dialect::Missing;
use limbeck::dialect::sqlite::connect;
use limbeck::schema::Schema;

/// Everything that SQLite itself tells of a schema, whatever the words: what [`look`] gives.
const LOOK: &str = "
SELECT 'object', s.type, s.name, s.tbl_name, rtrim(s.sql, ' ' || char(10)), '', '' FROM sqlite_schema AS s WHERE s.type <> 'table' AND s.sql IS NOT NULL
UNION ALL
SELECT 'table', l.name, l.type, '', CAST(l.wr AS TEXT), CAST(l.strict AS TEXT),
       CAST((SELECT sql LIKE '%autoincrement%' FROM sqlite_schema AS s WHERE s.name = l.name) AS TEXT)
FROM pragma_table_list AS l WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite!_%' ESCAPE '!'
UNION ALL
SELECT 'column', l.name, c.name, upper(c.type), CAST(c.\"notnull\" AS TEXT), c.dflt_value, CAST(c.pk AS TEXT) || ' ' || CAST(c.hidden AS TEXT)
FROM pragma_table_list AS l, pragma_table_xinfo(l.name) AS c WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite!_%' ESCAPE '!'
UNION ALL
SELECT 'key', l.name, iif(i.origin = 'c', i.name, i.origin), CAST(i.\"unique\" AS TEXT) || ' ' || CAST(i.partial AS TEXT),
       CAST(k.seqno AS TEXT) || ' ' || coalesce(k.name, '?'), CAST(k.\"desc\" AS TEXT), k.coll
FROM pragma_table_list AS l, pragma_index_list(l.name) AS i, pragma_index_xinfo(i.name) AS k
WHERE l.schema = 'main' AND l.type = 'table' AND k.key = 1
UNION ALL
SELECT 'reference', l.name, k.\"table\", CAST(k.seq AS TEXT) || ' ' || k.\"from\", coalesce(k.\"to\", '?'), k.on_update, k.on_delete
FROM pragma_table_list AS l, pragma_foreign_key_list(l.name) AS k WHERE l.schema = 'main' AND l.type = 'table'
ORDER BY 1, 2, 3, 4, 5, 6, 7";

/// Runs a test on a runtime of its own.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap_or_else(|e| panic!("{e}")).block_on(test)
}

/// A file in a folder of its own, which goes with it.
pub(crate) struct File {
    _folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl File {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        let path = folder.path().join("test.db");
        Self { _folder: folder, path }
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}", self.path.display())
    }

    pub(crate) async fn open(&self) -> Box<dyn Backend> {
        connect(&self.url(), Missing::Create).await.unwrap_or_else(|e| panic!("{e}"))
    }

    /// The file with these statements run.
    pub(crate) async fn with(sql: &str) -> (Self, Box<dyn Backend>) {
        let file = Self::new();
        let mut backend = file.open().await;
        execute(&mut *backend, sql).await;
        (file, backend)
    }
}

pub(crate) async fn execute(backend: &mut dyn Backend, sql: &str) {
    backend.execute(sql).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
}

pub(crate) async fn rows(backend: &mut dyn Backend, sql: &str) -> Vec<String> {
    let rows = backend.rows(sql).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
    let text = |cell: Option<String>| cell.unwrap_or_else(|| "NULL".to_owned());
    rows.into_iter().map(|row| row.into_iter().map(text).collect::<Vec<_>>().join(" | ")).collect()
}

/// The schema, as SQLite's pragmas tell it: an observer that is not ours.
pub(crate) async fn look(backend: &mut dyn Backend) -> Vec<String> {
    rows(backend, LOOK).await
}

/// The schema that some statements make.
pub(crate) async fn schema_of(ddl: &str) -> Schema {
    let mut backend = connect("sqlite::memory:", Missing::Create).await.unwrap_or_else(|e| panic!("{e}"));
    execute(&mut *backend, ddl).await;
    introspect(&mut *backend).await
}

pub(crate) async fn introspect(backend: &mut dyn Backend) -> Schema {
    let found = backend.introspect().await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(found.unmodelled, [], "everything is read");
    found.schema
}

/// Every value of some columns of a table, with its type, and the row's number.
pub(crate) async fn values(backend: &mut dyn Backend, table: &str, columns: &[&str], rowid: bool) -> Vec<String> {
    let quoted = columns.iter().map(|c| format!("typeof(\"{c}\") || ' ' || quote(\"{c}\")"));
    let number = rowid.then(|| "CAST(rowid AS TEXT)".to_owned());
    let list = number.into_iter().chain(quoted).collect::<Vec<_>>().join(", ");
    rows(backend, &format!("SELECT {list} FROM \"{table}\" ORDER BY 1")).await
}
