//! Tables that are made anew lose nothing.

use limbeck::dialect::Backend;
use limbeck_tests::live::{carry_out, migrate};

use crate::database::{File, execute, introspect, look, rows, run, schema_of, values};

/// What a table can have, a table that has it, rows in it, and what of them is compared.
struct Shape {
    about: &'static str,
    /// `{note}` is the column that changes.
    ddl: &'static str,
    rows: &'static str,
    columns: &'static [&'static str],
    rowid: bool,
}

/// Everything that the manual's page on `CREATE TABLE` knows, one by one.
const SHAPES: &[Shape] = &[
    Shape {
        about: "defaults of all kinds",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY, {note}, a INT DEFAULT -1, b TEXT DEFAULT 'it''s', c DEFAULT x'00ff',
              d DATETIME DEFAULT CURRENT_TIMESTAMP, e TEXT DEFAULT (lower('A') || 'b'), f BOOLEAN DEFAULT TRUE, g REAL DEFAULT 1.5e3)",
        rows: "INSERT INTO t (id, note) VALUES (1, 'a'), (7, 'b')",
        columns: &["id", "note", "a", "b", "c", "e", "f", "g"],
        rowid: true,
    },
    Shape {
        about: "a counter",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, {note})",
        rows: "INSERT INTO t (note) VALUES ('a'), ('b'), ('c'); DELETE FROM t WHERE id > 1",
        columns: &["id", "note"],
        rowid: true,
    },
    Shape {
        about: "a counter of an empty table",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, {note})",
        rows: "INSERT INTO t (note) VALUES ('a'), ('b'), ('c'); DELETE FROM t",
        columns: &["id", "note"],
        rowid: true,
    },
    Shape {
        about: "row numbers without a column",
        ddl: "CREATE TABLE t ({note}, a INT)",
        rows: "INSERT INTO t (rowid, note, a) VALUES (5, 'a', 1), (900, 'b', 2)",
        columns: &["note", "a"],
        rowid: true,
    },
    Shape {
        about: "collations, also those of an index and a constraint",
        ddl: "CREATE TABLE t (a TEXT COLLATE NOCASE, {note}, b TEXT, UNIQUE (b COLLATE NOCASE), PRIMARY KEY (a DESC, b COLLATE RTRIM));
              CREATE INDEX t_b ON t (b COLLATE NOCASE DESC, a)",
        rows: "INSERT INTO t (a, note, b) VALUES ('x', 'a', 'B'), ('Y', 'b', 'c')",
        columns: &["a", "note", "b"],
        rowid: true,
    },
    Shape {
        about: "ON CONFLICT everywhere",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, {note}, a INT UNIQUE ON CONFLICT IGNORE,
              b TEXT NOT NULL ON CONFLICT FAIL, UNIQUE (a, b) ON CONFLICT ROLLBACK)",
        rows: "INSERT INTO t VALUES (1, 'a', 1, 'x'), (2, 'b', 2, 'y')",
        columns: &["id", "note", "a", "b"],
        rowid: true,
    },
    Shape {
        about: "computed columns",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY, {note}, a INT, twice INT GENERATED ALWAYS AS (a * 2) STORED,
              more INT AS (twice + 1) VIRTUAL NOT NULL); CREATE INDEX t_more ON t (more)",
        rows: "INSERT INTO t (id, note, a) VALUES (1, 'a', 5), (2, 'b', 6)",
        columns: &["id", "note", "a", "twice", "more"],
        rowid: true,
    },
    Shape {
        about: "checks, named and not, with commas and strings in them",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id > 0), {note}, a TEXT CONSTRAINT known CHECK (a IN ('x', 'y, (z')),
              CONSTRAINT \"both ways\" CHECK (length(a) < 9 AND id <> 99))",
        rows: "INSERT INTO t VALUES (1, 'a', 'x'), (2, 'b', 'y, (z')",
        columns: &["id", "note", "a"],
        rowid: true,
    },
    Shape {
        about: "a check that names its own table",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, {note}, CHECK (t.id > 0))",
        rows: "INSERT INTO t (note) VALUES ('a'), ('b'); DELETE FROM t WHERE id = 2",
        columns: &["id", "note"],
        rowid: true,
    },
    Shape {
        about: "a STRICT table",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY, {note}, a ANY, b BLOB, c REAL) STRICT",
        rows: "INSERT INTO t VALUES (1, 'a', '007', x'00', 1.0), (2, 'b', 7, NULL, 2.5)",
        columns: &["id", "note", "a", "b", "c"],
        rowid: true,
    },
    Shape {
        about: "a table WITHOUT ROWID",
        ddl: "CREATE TABLE t (a TEXT, {note}, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID",
        rows: "INSERT INTO t VALUES ('x', 'a', 1), ('x', 'b', 2)",
        columns: &["a", "note", "b"],
        rowid: false,
    },
    Shape {
        about: "indexes, partial, unique and by expression",
        ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY, {note}, a TEXT, b INT);
              CREATE UNIQUE INDEX t_a ON t (lower(a), b DESC) WHERE b > 0; CREATE INDEX \"t by b\" ON t (b) WHERE a IS NOT NULL",
        rows: "INSERT INTO t VALUES (1, 'a', 'X', 1), (2, 'b', 'x', 2)",
        columns: &["id", "note", "a", "b"],
        rowid: true,
    },
    Shape {
        about: "foreign keys with all they can say",
        ddl: "CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE); INSERT INTO p VALUES (1, 'k');
              CREATE TABLE t (id INTEGER PRIMARY KEY, {note}, p_id INT REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE,
              k TEXT, up INT REFERENCES t (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
              CONSTRAINT to_k FOREIGN KEY (k) REFERENCES p (k) MATCH FULL ON DELETE RESTRICT)",
        rows: "INSERT INTO t VALUES (1, 'a', 1, 'k', NULL), (2, 'b', NULL, NULL, 1)",
        columns: &["id", "note", "p_id", "k", "up"],
        rowid: true,
    },
    Shape {
        about: "quotes of all four kinds, and words that are keywords",
        ddl: "CREATE TABLE t ([a b] INT, {note}, `c\"d` TEXT, 'e' INT, \"select\" INT, PRIMARY KEY ([a b], \"select\"));
              CREATE INDEX \"t's\" ON t (`c\"d`, [e])",
        rows: "INSERT INTO t VALUES (1, 'a', 'x', 2, 3), (4, 'b', 'y', 5, 6)",
        columns: &["a b", "note", "e", "select"],
        rowid: true,
    },
    Shape {
        about: "types of several words, and none",
        ddl: "CREATE TABLE t (a, {note}, b DOUBLE PRECISION, c UNSIGNED BIG INT, d DECIMAL(10, 2), e NATIVE CHARACTER(70))",
        rows: "INSERT INTO t VALUES (1, 'a', '2.0', '3', '4.50', 5), ('x', 'b', 2, 3, 4, 'y')",
        columns: &["a", "note", "b", "c", "d", "e"],
        rowid: true,
    },
    Shape {
        about: "comments",
        ddl: "CREATE TABLE t ( -- a table, (open\n a INT, -- first, column\n /* , */ {note}, b TEXT /* last */ -- end\n)",
        rows: "INSERT INTO t VALUES (1, 'a', 'x'), (2, 'b', 'y')",
        columns: &["a", "note", "b"],
        rowid: true,
    },
    Shape {
        about: "triggers and views, also of others",
        ddl: "CREATE TABLE log (what TEXT); CREATE TABLE t (id INTEGER PRIMARY KEY, {note}, a INT);
              CREATE TRIGGER t_in AFTER INSERT ON t WHEN new.id > 1 BEGIN INSERT INTO log VALUES ('in; ' || new.note); END;
              CREATE TRIGGER t_up BEFORE UPDATE OF note, a ON t BEGIN SELECT CASE WHEN new.a < 0 THEN raise(ABORT, 'no') END; END;
              CREATE TRIGGER log_in AFTER INSERT ON log BEGIN UPDATE t SET a = a + 1 WHERE id = 1; END;
              CREATE VIEW v AS SELECT id, note FROM t WHERE a > 0; CREATE VIEW w AS SELECT count(*) AS n FROM v;
              CREATE TRIGGER v_in INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.id, new.note, 0); END;
              CREATE VIEW broken AS SELECT * FROM nowhere",
        rows: "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2)",
        columns: &["id", "note", "a"],
        rowid: true,
    },
    Shape {
        about: "a full-text index over it",
        ddl: "CREATE TABLE t ({note}, a TEXT); CREATE VIRTUAL TABLE f USING fts5(note, content='t')",
        rows: "INSERT INTO t (rowid, note, a) VALUES (3, 'hello', 'x'), (8, 'world', 'y'); INSERT INTO f (f) VALUES ('rebuild')",
        columns: &["note", "a"],
        rowid: true,
    },
    Shape {
        about: "a unique constraint that says the same twice",
        ddl: "CREATE TABLE t (a TEXT PRIMARY KEY UNIQUE, {note}, UNIQUE (a))",
        rows: "INSERT INTO t VALUES ('x', 'a'), ('y', 'b')",
        columns: &["a", "note"],
        rowid: true,
    },
];

/// Changes that `ALTER TABLE` cannot make: what the column was, and what it becomes.
const CHANGES: &[(&str, &str)] =
    &[("note TEXT", "note TEXT NOT NULL"), ("note TEXT", "note BLOB"), ("note TEXT DEFAULT 'n'", "note TEXT")];

/// Children with everything that a delete of the parent's row would reach.
const CHILDREN: &str = "CREATE TABLE child_of_rowid (id INTEGER PRIMARY KEY, t_id INT REFERENCES t ON DELETE CASCADE)";

#[test]
fn everything_else_about_the_table_stays() {
    run(async {
        for shape in SHAPES {
            for (from, to) in CHANGES {
                keeps(shape, from, to).await;
            }
        }
    });
}

async fn keeps(shape: &Shape, from: &str, to: &str) {
    // A STRICT table has a BLOB only for bytes, and these are words.
    if shape.ddl.ends_with("STRICT") && to.contains("BLOB") {
        return;
    }
    let (before, after) = (shape.ddl.replace("{note}", from), shape.ddl.replace("{note}", to));
    let (_file, mut backend) = File::with(&before).await;
    let backend = &mut *backend;
    execute(backend, shape.rows).await;
    let start = everything(backend, shape).await;
    let goal = {
        let (_file, mut other) = File::with(&after).await;
        look(&mut *other).await
    };
    let wanted = schema_of(&after).await;
    let (plan, schema) = migrate(backend, &wanted).await;
    let about = format!("{}: {from} → {to}", shape.about);
    assert_eq!(look(backend).await, goal, "{about}: the schema");
    let (here, there) = (everything(backend, shape).await, &start);
    assert_eq!(here.rows, there.rows, "{about}: the rows");
    assert_eq!(here.rest, there.rest, "{about}: everything else");
    let (_, left) = limbeck_tests::live::difference(backend, &wanted).await;
    assert!(left.is_empty(), "{about}: {left:?}");
    carry_out(backend, &plan.inverse().changes, &schema).await;
    let back = everything(backend, shape).await;
    assert_eq!((back.look, back.rows, back.rest), (start.look, start.rows, start.rest), "{about}: and back");
}

/// All that can be seen of a database.
struct Everything {
    look: Vec<String>,
    rows: Vec<String>,
    /// Counters, other tables' rows, the statements of everything that did not change.
    rest: Vec<String>,
}

async fn everything(backend: &mut dyn Backend, shape: &Shape) -> Everything {
    let mut rest =
        rows(backend, "SELECT name, sql FROM sqlite_schema WHERE name <> 't' AND sql IS NOT NULL ORDER BY 1").await;
    if shape.ddl.contains("AUTOINCREMENT") {
        rest.extend(rows(backend, "SELECT name, CAST(seq AS TEXT) FROM sqlite_sequence").await);
    }
    if shape.ddl.contains("fts5") {
        rest.extend(rows(backend, "SELECT CAST(rowid AS TEXT) FROM f WHERE f MATCH 'world'").await);
    }
    if shape.ddl.contains("CREATE TABLE log") {
        rest.extend(rows(backend, "SELECT what FROM log").await);
        rest.extend(rows(backend, "SELECT CAST(n AS TEXT) FROM w").await);
    }
    rest.extend(rows(backend, "SELECT name FROM temp.sqlite_schema").await);
    let rows = values(backend, "t", shape.columns, shape.rowid).await;
    Everything { look: look(backend).await, rows, rest }
}

#[test]
fn children_with_on_delete_cascade_are_all_still_there() {
    run(async {
        for (from, to) in CHANGES {
            let ddl = |note: &str| format!("CREATE TABLE t (id INTEGER PRIMARY KEY, {note}); {CHILDREN}");
            let (_file, mut backend) = File::with(&ddl(from)).await;
            let backend = &mut *backend;
            execute(
                backend,
                "INSERT INTO t VALUES (1, 'a'), (2, 'b'); INSERT INTO child_of_rowid VALUES (1, 1), (2, 2), (3, 2)",
            )
            .await;
            let before = values(backend, "child_of_rowid", &["id", "t_id"], true).await;
            let (plan, schema) = migrate(backend, &schema_of(&ddl(to)).await).await;
            assert_eq!(values(backend, "child_of_rowid", &["id", "t_id"], true).await, before);
            carry_out(backend, &plan.inverse().changes, &schema).await;
            assert_eq!(values(backend, "child_of_rowid", &["id", "t_id"], true).await, before);
            // And they are watched again.
            execute(backend, "DELETE FROM t WHERE id = 2").await;
            assert_eq!(rows(backend, "SELECT CAST(count(*) AS TEXT) FROM child_of_rowid").await, ["1"]);
        }
    });
}

#[test]
fn parents_and_children_are_rebuilt_together() {
    run(async {
        let ddl = |note: &str, act: &str| {
            format!(
                "CREATE TABLE p (id INTEGER PRIMARY KEY, {note});
                 CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT NOT NULL REFERENCES p ON DELETE {act}, {note});
                 CREATE TABLE g (c_id INT REFERENCES c (id) ON DELETE CASCADE)"
            )
        };
        let (_file, mut backend) = File::with(&ddl("note TEXT", "CASCADE")).await;
        let backend = &mut *backend;
        execute(
            backend,
            "INSERT INTO p VALUES (1, 'p'); INSERT INTO c VALUES (1, 1, 'c'); INSERT INTO g VALUES (1), (1)",
        )
        .await;
        migrate(backend, &schema_of(&ddl("note TEXT NOT NULL", "RESTRICT")).await).await;
        assert_eq!(values(backend, "c", &["id", "p_id", "note"], true).await, ["1 | integer 1 | integer 1 | text 'c'"]);
        assert_eq!(values(backend, "g", &["c_id"], true).await.len(), 2);
        assert_eq!(rows(backend, "SELECT \"table\" FROM pragma_foreign_key_check").await, Vec::<String>::new());
    });
}

#[test]
fn all_changes_of_one_table_make_one_rebuild() {
    run(async {
        let before = schema_of("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, c INT, UNIQUE (a))").await;
        let after = schema_of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, c INT CHECK (c > 0), d INT DEFAULT 5, UNIQUE (c)) STRICT",
        )
        .await;
        let statements = statements(&before, &after).await;
        assert_eq!(statements.iter().filter(|s| s.starts_with("INSERT OR ABORT")).count(), 1);
        assert_eq!(statements.iter().filter(|s| s.starts_with("CREATE TABLE")).count(), 1);
    });
}

#[test]
fn another_order_of_columns_makes_no_change() {
    run(async {
        let before = schema_of("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT)").await;
        let after = schema_of("CREATE TABLE t (b TEXT, id INTEGER PRIMARY KEY, a INT)").await;
        assert_eq!(statements(&before, &after).await, Vec::<String>::new());
    });
}

#[test]
fn what_alter_table_can_do_is_done_in_place() {
    run(async {
        let before = schema_of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, gone TEXT); CREATE VIEW v AS SELECT id FROM p",
        )
        .await;
        let after = schema_of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY);
             CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE, b INT REFERENCES p,
             c INT CHECK (c > 0), d INT AS (c + 1)); CREATE INDEX t_a ON t (a); CREATE VIEW v AS SELECT id FROM p",
        )
        .await;
        insta::assert_snapshot!(statements(&before, &after).await.join(";\n"), @r"
        ALTER TABLE t DROP COLUMN gone;
        ALTER TABLE t ADD COLUMN a TEXT COLLATE NOCASE NOT NULL DEFAULT 'x';
        ALTER TABLE t ADD COLUMN b INT REFERENCES p;
        ALTER TABLE t ADD COLUMN c INT CHECK (c > 0);
        ALTER TABLE t ADD COLUMN d INT GENERATED ALWAYS AS (c + 1) VIRTUAL;
        CREATE INDEX t_a ON t (a)
        ");
    });
}

#[test]
fn no_string_is_written_anew_for_a_column_that_goes() {
    run(async {
        let rest =
            "CREATE TABLE other (s TEXT, CHECK (s IN (\"x\", 'y'))); CREATE INDEX i ON other (s) WHERE s <> \"z\";
            CREATE VIEW v AS SELECT s AS \"t\" FROM other WHERE \"s\" <> \"w\"";
        let (_file, mut backend) =
            File::with(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY, gone TEXT); {rest}")).await;
        migrate(&mut *backend, &schema_of(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY); {rest}")).await).await;
        let words = rows(&mut *backend, "SELECT sql FROM sqlite_schema WHERE sql LIKE '%\"%' ORDER BY name").await;
        insta::assert_snapshot!(words.join("\n"), @r#"
        CREATE INDEX i ON other (s) WHERE s <> "z"
        CREATE TABLE other (s TEXT, CHECK (s IN ("x", 'y')))
        CREATE VIEW v AS SELECT s AS "t" FROM other WHERE "s" <> "w"
        "#);
        // Names in double quotes are in nobody's way.
        let rest = "CREATE TABLE other (s TEXT, CHECK (\"s\" <> 'x')); CREATE VIEW v AS SELECT \"o\".\"s\" AS \"a\" FROM \"other\" AS \"o\"";
        let before = schema_of(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY, gone TEXT); {rest}")).await;
        let after = schema_of(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY); {rest}")).await;
        assert_eq!(statements(&before, &after).await, ["ALTER TABLE t DROP COLUMN gone"]);
    });
}

async fn statements(before: &limbeck::schema::Schema, after: &limbeck::schema::Schema) -> Vec<String> {
    use limbeck::dialect::Dialect;
    use limbeck::dialect::Missing;
    use limbeck::dialect::sqlite::{Sqlite, connect};
    let mut backend = connect("sqlite::memory:", Missing::Create).await.unwrap_or_else(|e| panic!("{e}"));
    let current = limbeck::dialect::aligned(&mut *backend, before, after).await.unwrap_or_else(|e| panic!("{e}"));
    let diff =
        limbeck::diff::diff(&current, after, &limbeck::diff::Renames::default()).unwrap_or_else(|e| panic!("{e}"));
    let plan = limbeck::plan::order(diff).unwrap_or_else(|e| panic!("{e}"));
    let rendered = Sqlite.render(&plan.changes, &current, &Sqlite.newest()).unwrap_or_else(|e| panic!("{e}"));
    rendered.into_iter().map(|s| s.sql).collect()
}

#[test]
fn a_dropped_parent_takes_no_children_along() {
    run(async {
        let (_file, mut backend) = File::with(
            "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p ON DELETE CASCADE);
             INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 1)",
        )
        .await;
        migrate(&mut *backend, &schema_of("CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT)").await).await;
        assert_eq!(values(&mut *backend, "c", &["id", "p_id"], true).await.len(), 2);
    });
}

#[test]
fn a_table_that_refers_to_a_view_can_be_made_anew() {
    run(async {
        // SQLite takes such a foreign key, and fails where rows are checked.
        let world = |ty: &str| {
            format!(
                "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE VIEW v AS SELECT id FROM p; CREATE TABLE t (a {ty}, b INT REFERENCES v (id))"
            )
        };
        let (_file, mut backend) = File::with(&world("TEXT")).await;
        migrate(&mut *backend, &schema_of(&world("INT")).await).await;
        let (_, mut other) = File::with(&world("INT")).await;
        assert_eq!(look(&mut *backend).await, look(&mut *other).await);
    });
}

#[test]
fn a_column_in_another_case_keeps_its_values() {
    run(async {
        let (_file, mut backend) =
            File::with("CREATE TABLE t (Id INT, Name TEXT); INSERT INTO t VALUES (1, 'x')").await;
        migrate(&mut *backend, &schema_of("CREATE TABLE t (id INT, name TEXT)").await).await;
        assert_eq!(values(&mut *backend, "t", &["id", "name"], true).await, ["1 | integer 1 | text 'x'"]);
        assert!(introspect(&mut *backend).await.tables.values().all(|t| t.column("name").is_some()));
    });
}

#[test]
fn rows_are_never_left_out_in_silence() {
    run(async {
        let (_file, mut backend) = File::with("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (1), (NULL)").await;
        let backend = &mut *backend;
        let wanted = schema_of("CREATE TABLE t (a INT NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT REPLACE)").await;
        let error = crate::refuse::failure(backend, &wanted).await;
        assert!(error.contains("constraint failed"), "{error}");
        assert_eq!(values(backend, "t", &["a"], true).await.len(), 3);
    });
}

#[test]
fn a_counter_that_stands_with_the_key_goes_with_it() {
    run(async {
        let ddl = "CREATE TABLE t (a INTEGER, b INT, PRIMARY KEY (a AUTOINCREMENT)); INSERT INTO t (b) VALUES (5)";
        let (_file, mut backend) = File::with(ddl).await;
        let start = look(&mut *backend).await;
        let (plan, schema) =
            migrate(&mut *backend, &schema_of("CREATE TABLE t (a TEXT PRIMARY KEY, b INT)").await).await;
        assert_eq!(values(&mut *backend, "t", &["a", "b"], true).await, ["1 | text '1' | integer 5"]);
        carry_out(&mut *backend, &plan.inverse().changes, &schema).await;
        assert_eq!(look(&mut *backend).await, start);
    });
}

#[test]
fn text_becomes_bytes_and_back_in_a_strict_table() {
    run(async {
        let ddl = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT; INSERT INTO t VALUES (1, 'é'), (2, NULL)";
        let (_file, mut backend) = File::with(ddl).await;
        let start = look(&mut *backend).await;
        let wanted = schema_of("CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB) STRICT").await;
        let (plan, schema) = migrate(&mut *backend, &wanted).await;
        let kinds = "SELECT typeof(a) || coalesce(hex(a), '') FROM t ORDER BY id";
        assert_eq!(rows(&mut *backend, kinds).await, ["blobC3A9", "null"]);
        carry_out(&mut *backend, &plan.inverse().changes, &schema).await;
        assert_eq!(look(&mut *backend).await, start);
        assert_eq!(rows(&mut *backend, kinds).await, ["textC3A9", "null"]);
    });
}
