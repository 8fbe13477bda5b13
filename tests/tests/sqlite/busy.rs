//! Other connections, other settings.

use limbeck::dialect::sqlite::acquire;
use limbeck_tests::live::migrate;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

use crate::database::{File, execute, rows, run, schema_of, values};
use crate::refuse::{attempt, statements};

async fn pool(file: &File, mode: SqliteJournalMode, wait: u64) -> sqlx::SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(&file.path)
        .create_if_missing(true)
        .journal_mode(mode)
        .busy_timeout(std::time::Duration::from_millis(wait));
    SqlitePoolOptions::new().max_connections(2).connect_with(options).await.unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn a_writer_elsewhere_makes_for_a_bounded_wait_and_a_clear_error() {
    run(async {
        for mode in [SqliteJournalMode::Wal, SqliteJournalMode::Delete] {
            let file = File::new();
            let pool = pool(&file, mode, 200).await;
            let mut writer = acquire(&pool).await.unwrap_or_else(|e| panic!("{e}"));
            execute(&mut *writer, "CREATE TABLE t (a INT); INSERT INTO t VALUES (1)").await;
            writer.begin().await.unwrap_or_else(|e| panic!("{e}"));
            execute(&mut *writer, "INSERT INTO t VALUES (2)").await;
            let mut other = acquire(&pool).await.unwrap_or_else(|e| panic!("{e}"));
            let started = std::time::Instant::now();
            let error = other.begin().await.map_err(|e| e.to_string());
            assert!(error.as_ref().is_err_and(|e| e.contains("another connection is writing")), "{error:?}");
            assert!(started.elapsed() < std::time::Duration::from_secs(5));
            writer.commit().await.unwrap_or_else(|e| panic!("{e}"));
            migrate(&mut *other, &schema_of("CREATE TABLE t (a TEXT NOT NULL)").await).await;
            assert_eq!(values(&mut *other, "t", &["a"], true).await, ["1 | text '1'", "2 | text '2'"]);
        }
    });
}

#[test]
fn a_reader_elsewhere_sees_the_old_table_or_the_new_one() {
    run(async {
        let file = File::new();
        let pool = pool(&file, SqliteJournalMode::Wal, 200).await;
        let mut reader = acquire(&pool).await.unwrap_or_else(|e| panic!("{e}"));
        execute(&mut *reader, "CREATE TABLE t (a INT); INSERT INTO t VALUES (1)").await;
        execute(&mut *reader, "BEGIN").await;
        assert_eq!(rows(&mut *reader, "SELECT typeof(a) FROM t").await, ["integer"]);
        let mut other = acquire(&pool).await.unwrap_or_else(|e| panic!("{e}"));
        migrate(&mut *other, &schema_of("CREATE TABLE t (a TEXT NOT NULL)").await).await;
        assert_eq!(rows(&mut *reader, "SELECT typeof(a) FROM t").await, ["integer"]);
        execute(&mut *reader, "COMMIT").await;
        assert_eq!(rows(&mut *reader, "SELECT typeof(a) FROM t").await, ["text"]);
        assert_eq!(rows(&mut *other, "PRAGMA journal_mode").await, ["wal"]);
    });
}

#[test]
fn a_read_only_file_is_a_clear_error() {
    run(async {
        let (file, mut backend) = File::with("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)").await;
        let wanted = schema_of("CREATE TABLE t (a TEXT)").await;
        let all = statements(&mut *backend, &wanted).await;
        let options = SqliteConnectOptions::new().filename(&file.path).read_only(true);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap_or_else(|e| panic!("{e}"));
        let mut reader = acquire(&pool).await.unwrap_or_else(|e| panic!("{e}"));
        // It can be looked at all the same.
        assert_eq!(reader.introspect().await.map(|i| i.schema.tables.len()).ok(), Some(1));
        let error = match reader.begin().await {
            Err(error) => error.to_string(),
            Ok(()) => {
                reader.rollback().await.unwrap_or_else(|e| panic!("{e}"));
                attempt(&mut *reader, &all, usize::MAX).await.unwrap_or_default()
            }
        };
        assert!(error.contains("cannot be written"), "{error}");
    });
}

#[test]
fn who_gives_up_in_the_middle_leaves_no_traces_in_the_pool() {
    run(async {
        let file = File::new();
        let options = SqliteConnectOptions::new().filename(&file.path).create_if_missing(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await;
        let pool = pool.unwrap_or_else(|e| panic!("{e}"));
        let mut first = acquire(&pool).await.unwrap_or_else(|e| panic!("{e}"));
        execute(&mut *first, "PRAGMA foreign_keys = OFF").await;
        first.begin().await.unwrap_or_else(|e| panic!("{e}"));
        execute(&mut *first, "CREATE TABLE t (a INT)").await;
        drop(first);
        let mut next = acquire(&pool).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(rows(&mut *next, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await, ["1"]);
        assert_eq!(rows(&mut *next, "SELECT name FROM sqlite_schema").await, Vec::<String>::new());
        next.begin().await.unwrap_or_else(|e| panic!("{e}"));
        next.commit().await.unwrap_or_else(|e| panic!("{e}"));
    });
}
