//! Changes that need each other, there and back, with rows.

use crate::both::{Pair, both_ways};

#[test]
fn a_parent_goes_together_with_its_child_s_column() {
    Pair::new(
        "CREATE TABLE parent (id integer PRIMARY KEY); CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent)",
        "CREATE TABLE child (id integer PRIMARY KEY)",
    )
    .rows("INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, NULL)")
    .both_ways(|_| {});
}

#[test]
fn tables_that_point_at_each_other_come_and_go() {
    let both = "CREATE TABLE a (id integer PRIMARY KEY, b_id integer); CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a);
        ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b";
    both_ways("SELECT 1", both);
    both_ways(both, "SELECT 1");
}

#[test]
fn both_ends_of_a_key_take_another_type() {
    let world = |ty: &str, serial: &str| {
        format!(
            "CREATE TABLE a (id {serial} PRIMARY KEY, code {ty} UNIQUE);
             CREATE TABLE b (id integer PRIMARY KEY, a_id {ty} REFERENCES a (code));
             CREATE VIEW v AS SELECT a.id, b.a_id FROM a JOIN b ON b.a_id = a.code"
        )
    };
    let pair = Pair::new(&world("integer", "serial"), &world("bigint", "bigserial"))
        .rows("INSERT INTO a (code) VALUES (1), (2); INSERT INTO b VALUES (1, 2)");
    pair.both_ways(|pair| {
        assert_eq!(pair.ask("SELECT id || ' ' || a_id FROM v"), "2 2");
        assert_eq!(pair.ask("INSERT INTO a (code) VALUES (3) RETURNING id"), "3");
    });
}

#[test]
fn a_key_may_point_at_what_has_just_become_unique() {
    Pair::new(
        "CREATE TABLE a (id integer, code text); CREATE TABLE b (id integer, code text)",
        "CREATE TABLE a (id integer, code text UNIQUE); CREATE TABLE b (id integer, code text REFERENCES a (code))",
    )
    .rows("INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (1, 'x')")
    .both_ways(|_| {});
}

#[test]
fn a_column_changes_under_all_that_stands_on_it() {
    let world = |ty: &str| {
        format!(
            "DO $$ BEGIN CREATE ROLE limbeck_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
             CREATE TABLE t (id integer PRIMARY KEY, n {ty}, twice {ty} GENERATED ALWAYS AS (n * 2) STORED,
                 CONSTRAINT small CHECK (n < 100), CONSTRAINT pair UNIQUE (n, id));
             COMMENT ON COLUMN t.n IS 'a number'; COMMENT ON CONSTRAINT small ON t IS 'not many';
             CREATE INDEX few ON t (n) WHERE n > 10; COMMENT ON INDEX few IS 'those above ten';
             CREATE VIEW v AS SELECT n FROM t; COMMENT ON VIEW v IS 'numbers'; GRANT SELECT ON v TO limbeck_reader;
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
             CREATE TRIGGER g BEFORE UPDATE OF n ON t FOR EACH ROW WHEN (new.n > 1) EXECUTE FUNCTION f();
             GRANT SELECT (n) ON t TO limbeck_reader"
        )
    };
    let granted = "SELECT relacl::text FROM pg_class WHERE relname = 'v'";
    let pair = Pair::new(&world("integer"), &world("bigint")).rows("INSERT INTO t VALUES (1, 5), (2, 50)");
    let before = pair.ask(granted);
    pair.both_ways(|pair| {
        assert_eq!(pair.ask("SELECT sum(twice) FROM t"), "110");
        assert_eq!(pair.ask(granted), before);
    });
}

#[test]
fn a_routine_is_made_when_its_body_can_be_read() {
    let sql = |body: &str| format!("CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT {body} $$");
    // A view goes and comes again, and both sides of the body read it.
    let view = |columns: &str, body: &str| {
        format!("CREATE TABLE t (a bigint); CREATE VIEW v AS SELECT {columns} FROM t; {}", sql(body))
    };
    both_ways(&view("a", "count(a) FROM v"), &view("1 AS b, a", "count(b) FROM v"));
    // A column that the body reads comes or goes with it, and a label.
    let table = |columns: &str, body: &str| format!("CREATE TABLE t ({columns}); {}", sql(body));
    both_ways(&table("a integer, b integer", "count(b) FROM t"), &table("a integer", "count(a) FROM t"));
    let labels = |labels: &str, body: &str| format!("CREATE TYPE e AS ENUM ({labels}); {}", table("a e", body));
    both_ways(&labels("'x', 'y'", "1 FROM t WHERE a = 'y'"), &labels("'x'", "1 FROM t WHERE a = 'x'"));
    // Another routine under the old name, made after the one that calls it by the alphabet.
    let calls = |arguments: &str, call: &str| {
        format!("CREATE FUNCTION z({arguments}) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; {}", sql(call))
    };
    both_ways(&calls("integer", "z(1)"), &calls("integer, integer", "z(1, 2)"));
    // A row has all columns of its table, and no more.
    let row = |columns: &str, body: &str| {
        format!(
            "CREATE TABLE t ({columns}); CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS $$ SELECT {body} FROM t $$"
        )
    };
    both_ways(&row("a integer", "a"), &row("a integer, b integer", "a, b"));
    let fields = |fields: &str, body: &str| {
        format!("CREATE TYPE r AS ({fields}); CREATE FUNCTION f() RETURNS SETOF r LANGUAGE sql AS $$ SELECT {body} $$")
    };
    both_ways(&fields("a integer", "1"), &fields("a integer, b integer", "1, 2"));
}

#[test]
fn routines_that_call_each_other_are_made_in_any_order() {
    both_ways(
        "CREATE SCHEMA s",
        "CREATE SCHEMA s; CREATE FUNCTION s.z(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n';
         CREATE FUNCTION a() RETURNS integer LANGUAGE sql AS 'SELECT s.z(1)';
         CREATE FUNCTION s.a() RETURNS integer LANGUAGE sql AS 'SELECT public.a()'",
    );
}

#[test]
fn a_routine_waits_for_a_view_that_goes_and_comes_again() {
    let world = |columns: &str, routine: &str| {
        format!("CREATE TABLE t (a integer, b integer); CREATE VIEW v AS SELECT {columns} FROM t; {routine}")
    };
    for routine in [
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM v; END",
        "CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'",
        "CREATE FUNCTION f(v) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.a::text';
         CREATE VIEW w AS SELECT f(v.*) FROM v; COMMENT ON FUNCTION f(v) IS 'over a row'",
    ] {
        both_ways(&world("a", routine), &world("b, a", routine));
    }
}
