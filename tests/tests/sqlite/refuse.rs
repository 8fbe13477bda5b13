//! What fails leaves the database as it was.

use limbeck::dialect::Backend;
use limbeck::diff::{Renames, diff};
use limbeck::plan::{Piece, Place, Statement, lower, order};
use limbeck::schema::Schema;

use crate::database::{File, execute, look, rows, run, schema_of, values};

/// The statements that take a database to a schema.
pub(crate) async fn statements(backend: &mut dyn Backend, wanted: &Schema) -> Vec<Statement> {
    let found = backend.introspect().await.unwrap_or_else(|e| panic!("{e}"));
    let current = limbeck::dialect::aligned(backend, &found.schema, wanted).await.unwrap_or_else(|e| panic!("{e}"));
    let plan = order(diff(&current, wanted, &Renames::default()).unwrap_or_else(|e| panic!("{e}")));
    let changes = plan.unwrap_or_else(|e| panic!("{e}")).changes;
    let lowered = lower(&changes, &current, backend.capabilities()).unwrap_or_else(|e| panic!("{e}"));
    let mut statements = Vec::new();
    for piece in &lowered.pieces {
        match piece {
            Piece::Changes { before, changes } => {
                let rendered = backend.dialect().render(changes, before, backend.capabilities());
                statements.extend(rendered.unwrap_or_else(|e| panic!("{e}")));
            }
            Piece::Sql { sql, about } => statements.push(Statement::new(sql, about)),
        }
    }
    statements
}

/// Runs statements as the executor does, until one fails or `stop` of them are done. The error, if there was one.
pub(crate) async fn attempt(backend: &mut dyn Backend, statements: &[Statement], stop: usize) -> Option<String> {
    let of = |place: Place| statements.iter().filter(move |s| s.place == place);
    for statement in of(Place::Setup) {
        execute(backend, &statement.sql).await;
    }
    backend.begin().await.unwrap_or_else(|e| panic!("{e}"));
    let mut failure = None;
    for (at, statement) in of(Place::Transaction).enumerate() {
        let sql = if at == stop { "SELECT * FROM no_such_table" } else { &statement.sql };
        if let Err(error) = backend.execute(sql).await {
            failure = Some(format!("{error}"));
            break;
        }
    }
    match failure {
        Some(_) => backend.rollback().await.unwrap_or_else(|e| panic!("{e}")),
        None => backend.commit().await.unwrap_or_else(|e| panic!("{e}")),
    }
    for statement in of(Place::Cleanup) {
        execute(backend, &statement.sql).await;
    }
    failure
}

/// What a migration that must fail says.
pub(crate) async fn failure(backend: &mut dyn Backend, wanted: &Schema) -> String {
    let statements = statements(backend, wanted).await;
    attempt(backend, &statements, usize::MAX).await.unwrap_or_else(|| panic!("it did not fail"))
}

const BEFORE: &str = "
    CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT);
    CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p ON DELETE CASCADE, x TEXT CHECK (c.x <> ''));
    CREATE INDEX c_p ON c (p_id); CREATE VIEW v AS SELECT * FROM c;
    CREATE TRIGGER c_in AFTER INSERT ON c BEGIN SELECT 1; END";

const AFTER: &str = "
    CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT NOT NULL);
    CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p ON DELETE SET NULL, x TEXT CHECK (c.x <> ''), y INT UNIQUE);
    CREATE INDEX c_p ON c (p_id DESC); CREATE VIEW v AS SELECT id FROM c;
    CREATE TRIGGER c_in AFTER INSERT ON c BEGIN SELECT 1; END";

const ROWS: &str = "INSERT INTO p (note) VALUES ('a'), ('b'); INSERT INTO c VALUES (1, 1, 'x'), (2, 2, 'y')";

#[test]
fn a_failure_at_any_statement_leaves_the_database_as_it_was() {
    run(async {
        let wanted = schema_of(AFTER).await;
        let (_file, mut backend) = File::with(BEFORE).await;
        let backend = &mut *backend;
        execute(backend, ROWS).await;
        let all = statements(backend, &wanted).await;
        let inside = all.iter().filter(|s| s.place == Place::Transaction).count();
        let before = state(backend).await;
        for stop in 0..inside {
            assert!(attempt(backend, &all, stop).await.is_some());
            assert_eq!(state(backend).await, before, "after statement {stop}");
        }
        assert_eq!(attempt(backend, &all, usize::MAX).await, None);
        assert_eq!(values(backend, "c", &["id", "p_id", "x"], true).await.len(), 2);
    });
}

/// The schema, the rows, the settings, and no temporary table.
async fn state(backend: &mut dyn Backend) -> Vec<String> {
    let mut state = look(backend).await;
    state.extend(values(backend, "p", &["id", "note"], true).await);
    state.extend(values(backend, "c", &["id", "p_id", "x"], true).await);
    state.extend(rows(backend, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await);
    state.extend(rows(backend, "SELECT CAST(legacy_alter_table AS TEXT) FROM pragma_legacy_alter_table").await);
    state.extend(rows(backend, "SELECT name FROM temp.sqlite_schema").await);
    state
}

#[test]
fn a_row_that_would_lose_its_parent_stops_everything() {
    run(async {
        let (_file, mut backend) =
            File::with("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INT)").await;
        let backend = &mut *backend;
        execute(backend, "INSERT INTO c VALUES (9)").await;
        let wanted = schema_of("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INT REFERENCES p)").await;
        let error = failure(backend, &wanted).await;
        assert!(error.contains("rows of c without their parent in p"), "{error}");
        // One that had none before may stay so.
        execute(backend, "PRAGMA foreign_keys = OFF; DROP TABLE c; CREATE TABLE c (p_id INT REFERENCES p, x TEXT); INSERT INTO c VALUES (9, 'x'); PRAGMA foreign_keys = ON").await;
        let wanted = schema_of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INT REFERENCES p, x TEXT NOT NULL)",
        )
        .await;
        let statements = statements(backend, &wanted).await;
        assert_eq!(attempt(backend, &statements, usize::MAX).await, None);
    });
}

/// A dropped table comes back empty. What referred to its rows has to be dealt with before the way back.
#[test]
fn rows_that_referred_to_a_dropped_table_stop_the_way_back() {
    run(async {
        let with = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p ON DELETE CASCADE)";
        let without = "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT)";
        let (_file, mut backend) = File::with(with).await;
        let backend = &mut *backend;
        execute(backend, "INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1, 1), (2, 2), (3, NULL)").await;
        limbeck_tests::live::migrate(backend, &schema_of(without).await).await;
        let before = (look(backend).await, values(backend, "c", &["id", "p_id"], true).await);
        let error = failure(backend, &schema_of(with).await).await;
        assert!(error.contains("rows of c without their parent in p"), "{error}");
        assert_eq!((look(backend).await, values(backend, "c", &["id", "p_id"], true).await), before);
        execute(backend, "UPDATE c SET p_id = NULL").await;
        limbeck_tests::live::migrate(backend, &schema_of(with).await).await;
        assert_eq!(values(backend, "c", &["id"], true).await.len(), 3);
        assert_eq!(rows(backend, "SELECT name FROM temp.sqlite_schema").await, Vec::<String>::new());
    });
}

#[test]
fn a_foreign_key_to_a_table_that_is_gone_has_nothing_to_lose() {
    run(async {
        let ddl = |note: &str| {
            format!(
                "CREATE TABLE q (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INT REFERENCES p, q_id INT REFERENCES q, {note})"
            )
        };
        let (_file, mut backend) = File::with(&ddl("note TEXT")).await;
        let backend = &mut *backend;
        let rows = "PRAGMA foreign_keys = OFF; INSERT INTO q VALUES (1); INSERT INTO c VALUES (9, 1, 'x'); PRAGMA foreign_keys = ON";
        execute(backend, rows).await;
        limbeck_tests::live::migrate(backend, &schema_of(&ddl("note TEXT NOT NULL")).await).await;
        // Its other key is watched all the same.
        let wanted = ddl("note BLOB").replace("p_id INT REFERENCES p", "p_id INT REFERENCES q");
        let error = failure(backend, &schema_of(&wanted).await).await;
        assert!(error.contains("rows of c without their parent in q"), "{error}");
        // The table comes back, and the row stays the orphan that it was.
        let wanted = format!("CREATE TABLE p (id INTEGER PRIMARY KEY); {}", ddl("note BLOB"));
        limbeck_tests::live::migrate(backend, &schema_of(&wanted).await).await;
        assert_eq!(values(backend, "c", &["p_id", "q_id"], true).await, ["1 | integer 9 | integer 1"]);
    });
}

#[test]
fn foreign_keys_that_stay_on_are_an_error() {
    run(async {
        let (_file, mut backend) = File::with("CREATE TABLE t (a INT)").await;
        backend.begin().await.unwrap_or_else(|e| panic!("{e}"));
        let error = backend.execute("PRAGMA foreign_keys = OFF").await.map_err(|e| e.to_string());
        assert!(error.as_ref().is_err_and(|e| e.contains("a transaction is open")), "{error:?}");
        // In a script nobody looks: there the guard does.
        let all = statements(&mut *backend, &schema_of("CREATE TABLE t (a TEXT)").await).await;
        let guard: Vec<_> = all.iter().filter(|s| s.sql.contains("limbeck_guard")).take(2).collect();
        execute(&mut *backend, &guard[0].sql).await;
        let error = backend.execute(&guard[1].sql).await.map_err(|e| e.to_string());
        assert!(error.as_ref().is_err_and(|e| e.contains("foreign_keys_must_be_off")), "{error:?}");
    });
}

#[test]
fn a_foreign_key_setting_is_put_back_as_it_was() {
    run(async {
        let file = File::new();
        for (setting, expected) in [("?foreign_keys=0", "0"), ("", "1")] {
            // sqlx has no such parameter: the setting is made on the pool's connection.
            let options = sqlx::sqlite::SqliteConnectOptions::new()
                .filename(&file.path)
                .create_if_missing(true)
                .foreign_keys(setting.is_empty());
            let pool = sqlx::SqlitePool::connect_with(options).await.unwrap_or_else(|e| panic!("{e}"));
            let mut backend = limbeck::dialect::sqlite::acquire(&pool).await.unwrap_or_else(|e| panic!("{e}"));
            execute(&mut *backend, "DROP TABLE IF EXISTS t; CREATE TABLE t (a INT)").await;
            let all = statements(&mut *backend, &schema_of("CREATE TABLE t (a TEXT)").await).await;
            assert_eq!(attempt(&mut *backend, &all, usize::MAX).await, None);
            let now = rows(&mut *backend, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await;
            assert_eq!(now, [expected]);
        }
    });
}
