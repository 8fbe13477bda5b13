//! Types that change, and what stands on them.

use crate::both::{Pair, both_ways};

#[test]
fn values_go_over_by_the_casts_that_there_are() {
    let pair = Pair::new(
        "CREATE TYPE role AS ENUM ('a', 'b'); CREATE TYPE mood AS ENUM ('b', 'a', 'c');
         CREATE TABLE t (e role, es role[], one role, d double precision, s smallint, bits bit(8), f boolean[], u text[], m money)",
        "CREATE TYPE role AS ENUM ('a', 'b'); CREATE TYPE mood AS ENUM ('b', 'a', 'c');
         CREATE TABLE t (e mood, es mood[], one mood[], d bit(64), s bit(16), bits smallint, f bigint[], u integer[], m integer)",
    );
    pair.rows("INSERT INTO t VALUES ('a', '{a,b}', 'b', 5, 6, B'00000111', '{t,f}', '{8,9}', 10)").both_ways(|pair| {
        assert_eq!(
            pair.ask("SELECT e, es, one, d::bigint, s::integer, bits, f, u, m FROM t"),
            "a|{a,b}|{b}|5|6|7|{1,0}|{8,9}|10"
        );
    });
}

#[test]
fn the_way_a_column_is_stored_goes_back_to_its_types() {
    both_ways(
        "CREATE TYPE mood AS ENUM ('a');
         CREATE TABLE t (a text, b numeric, c inet, d tsvector, e text, f text);
         ALTER TABLE t ALTER a SET STORAGE external, ALTER b SET STORAGE plain, ALTER c SET STORAGE external,
             ALTER d SET STORAGE external, ALTER e SET STORAGE external, ALTER f SET STORAGE main",
        "CREATE TYPE mood AS ENUM ('a');
         CREATE TABLE t (a text, b numeric, c inet, d tsvector, e varchar(9), f integer);
         ALTER TABLE t ALTER e SET STORAGE external",
    );
}

#[test]
fn a_domain_takes_another_type() {
    let pair = Pair::new(
        "CREATE DOMAIN code AS text NOT NULL CONSTRAINT short CHECK (length(VALUE) < 9);
         CREATE DOMAIN inner_code AS code CHECK (VALUE <> '');
         COMMENT ON DOMAIN code IS 'a code'; COMMENT ON DOMAIN inner_code IS 'another';
         CREATE TABLE t (id integer PRIMARY KEY, c code DEFAULT '1', d inner_code, many code[], CHECK (c::text <> 'x'));
         CREATE INDEX t_c ON t (c); CREATE VIEW v AS SELECT c FROM t;
         REVOKE USAGE ON TYPE code FROM public",
        "CREATE DOMAIN code AS varchar(20) COLLATE \"C\" NOT NULL CONSTRAINT short CHECK (length(VALUE) < 9);
         CREATE DOMAIN inner_code AS code CHECK (VALUE <> '');
         COMMENT ON DOMAIN code IS 'a code'; COMMENT ON DOMAIN inner_code IS 'another';
         CREATE TABLE t (id integer PRIMARY KEY, c code DEFAULT '1', d inner_code, many code[], CHECK (c::text <> 'x'));
         CREATE INDEX t_c ON t (c); CREATE VIEW v AS SELECT c FROM t;
         REVOKE USAGE ON TYPE code FROM public",
    );
    pair.rows("INSERT INTO t VALUES (1, '2', '3', '{4,5}')").both_ways(|pair| {
        assert_eq!(pair.ask("SELECT * FROM t"), "1|2|3|{4,5}");
    });
    Pair::new("CREATE DOMAIN d AS boolean; CREATE TABLE t (d d)", "CREATE DOMAIN d AS bigint; CREATE TABLE t (d d)")
        .rows("INSERT INTO t VALUES (true)")
        .both_ways(|pair| assert_eq!(pair.ask("SELECT d + 1 FROM t"), "2"));
}

#[test]
fn a_domain_leaves_values_unchecked() {
    let domain =
        |tail: &str| format!("CREATE DOMAIN d AS text; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> '') {tail}");
    both_ways(&domain(""), &domain("NOT VALID"));
    both_ways(&domain("NOT VALID"), "CREATE DOMAIN d AS text");
    both_ways("SELECT 1", &domain("NOT VALID"));
}

#[test]
fn an_enum_is_made_anew_under_a_domain() {
    let pair = Pair::new(
        "CREATE TYPE role AS ENUM ('a', 'b', 'c'); CREATE DOMAIN d AS role DEFAULT 'a' CHECK (VALUE <> 'b');
         COMMENT ON DOMAIN d IS 'a domain'; CREATE TABLE t (d d, ds d[])",
        "CREATE TYPE role AS ENUM ('b', 'a'); CREATE DOMAIN d AS role DEFAULT 'a' CHECK (VALUE <> 'b');
         COMMENT ON DOMAIN d IS 'a domain'; CREATE TABLE t (d d, ds d[])",
    );
    pair.rows("INSERT INTO t VALUES ('a', '{a,a}')").both_ways(|pair| {
        assert_eq!(pair.ask("SELECT * FROM t"), "a|{a,a}");
    });
    let domain = |labels: &str, default: &str| {
        format!(
            "CREATE TYPE role AS ENUM ({labels}); CREATE DOMAIN d AS role DEFAULT '{default}'; CREATE TABLE t (d d)"
        )
    };
    both_ways(&domain("'a', 'b'", "a"), &domain("'c', 'b'", "c"));
}

#[test]
fn a_column_leaves_a_type_before_its_extension_goes() {
    both_ways(
        "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE TABLE t (a citext, b text, c hstore)",
        "CREATE EXTENSION hstore; CREATE TABLE t (a text, b text, c text)",
    );
    both_ways(
        "CREATE EXTENSION \"uuid-ossp\"; CREATE TABLE t (id uuid DEFAULT uuid_generate_v4())",
        "CREATE TABLE t (id uuid DEFAULT gen_random_uuid())",
    );
}

#[test]
fn a_list_of_varchar_values_is_printed_as_it_was() {
    both_ways(
        "CREATE TABLE t (s varchar(9), CONSTRAINT c CHECK (s IN ('a', 'b')));
         CREATE INDEX i ON t (s) WHERE s IN ('a', 'b'); CREATE VIEW v AS SELECT s FROM t WHERE s NOT IN ('c', 'd');
         CREATE DOMAIN d AS varchar CHECK (VALUE IN ('a', 'b'))",
        "CREATE TABLE t (s varchar(9))",
    );
}

#[test]
fn collations_come_and_go() {
    let own = "CREATE COLLATION plain FROM \"C\"; COMMENT ON COLLATION plain IS 'as it is';
        CREATE TABLE t (a text COLLATE plain, b text); CREATE INDEX i ON t (b COLLATE plain);
        CREATE DOMAIN d AS text COLLATE plain; CREATE VIEW v AS SELECT b COLLATE plain AS c FROM t";
    both_ways("SELECT 1", own);
    both_ways(own, "CREATE TABLE t (a text, b text)");
}

#[test]
fn a_field_of_a_composite_type_changes_under_a_column() {
    let world = |fields: &str| {
        format!(
            "CREATE TYPE c AS ({fields}); CREATE TABLE t (x c, xs c[], y c DEFAULT ROW(1, 'z')::c);
             CREATE VIEW v AS SELECT (x).a FROM t; CREATE FUNCTION f(x c) RETURNS integer LANGUAGE sql AS 'SELECT 1'"
        )
    };
    let pair = Pair::new(&world("a integer, b text"), &world("a bigint, b text"));
    pair.rows("INSERT INTO t VALUES (ROW(5, 'q,r'), ARRAY[ROW(6, 's')::c])").both_ways(|pair| {
        assert_eq!(pair.ask("SELECT (x).a + 5000000000, (x).b, (xs[1]).a FROM t"), "5000000005|q,r|6");
    });
}

#[test]
fn a_label_goes_from_the_default_of_an_array_and_of_an_argument() {
    let world = |labels: &str, array: &str, argument: &str| {
        format!(
            "CREATE TYPE e AS ENUM ({labels}); CREATE TABLE t (id integer, es e[] DEFAULT '{array}');
             CREATE FUNCTION f(a integer, x e DEFAULT '{argument}') RETURNS integer LANGUAGE sql AS 'SELECT 1'"
        )
    };
    both_ways(&world("'new', 'open', 'done'", "{new,open}", "done"), &world("'new', 'opened'", "{new}", "new"));
}

#[test]
fn a_name_goes_from_an_enum_to_a_table() {
    both_ways(
        "CREATE TYPE status AS ENUM ('a', 'b'); CREATE TABLE t (s status)",
        "CREATE TABLE status (code text PRIMARY KEY); CREATE TABLE t (s text REFERENCES status)",
    );
}

#[test]
fn a_domain_gets_stricter_under_arrays_of_it() {
    let world = |check: &str| format!("CREATE DOMAIN d AS text {check}; CREATE TABLE t (one d, list d[])");
    let pair = Pair::new(&world(""), &world("NOT NULL CONSTRAINT short CHECK (length(VALUE) < 9)"));
    pair.rows("INSERT INTO t VALUES ('a', '{b,c}')").both_ways(|pair| {
        assert_eq!(pair.ask("SELECT one, list FROM t"), "a|{b,c}");
    });
}

#[test]
fn a_comment_goes_from_a_field_that_stays() {
    let world = |comments: &str| format!("CREATE TYPE c AS (x integer, y text); {comments}");
    both_ways(
        &world("COMMENT ON COLUMN c.x IS 'it IS one'; COMMENT ON COLUMN c.y IS 'two'"),
        &world("COMMENT ON COLUMN c.y IS '2'"),
    );
}

#[test]
fn columns_stay_when_their_enum_becomes_a_domain() {
    let world = |ty: &str| {
        format!(
            "{ty}; CREATE TABLE t (id integer PRIMARY KEY, e e DEFAULT 'a', es e[], CONSTRAINT c CHECK (e <> 'b'));
             CREATE VIEW v AS SELECT e FROM t; CREATE INDEX i ON t (e)"
        )
    };
    let (labels, domain) = ("CREATE TYPE e AS ENUM ('a', 'b')", "CREATE DOMAIN e AS text CHECK (VALUE IN ('a', 'b'))");
    let pair = Pair::new(&world(labels), &world(domain)).rows("INSERT INTO t VALUES (1, 'a', '{a,b}')");
    pair.both_ways(|pair| assert_eq!(pair.ask("SELECT e, es FROM t"), "a|{a,b}"));
}
