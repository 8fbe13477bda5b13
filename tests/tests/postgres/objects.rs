//! Objects that are known by their text, around changes of what they stand on.

use crate::both::{Pair, both_ways};

/// Roles are the server's and not the database's.
const ROLES: &str =
    "DO $$ BEGIN CREATE ROLE limbeck_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
    DO $$ BEGIN CREATE ROLE limbeck_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
    GRANT CREATE ON SCHEMA public TO limbeck_owner;";

/// An enum with everything that can stand on one.
fn world(labels: &str) -> String {
    format!(
        "{ROLES}
         CREATE TYPE role AS ENUM ({labels});
         COMMENT ON TYPE role IS 'what someone may do';
         ALTER TYPE role OWNER TO limbeck_owner;
         GRANT USAGE ON TYPE role TO limbeck_reader; REVOKE USAGE ON TYPE role FROM public;
         CREATE FUNCTION rank(r role, OUT n integer) LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN n := length(r::text); END $f$;
         COMMENT ON FUNCTION rank(role) IS 'its rank';
         ALTER FUNCTION rank(role) OWNER TO limbeck_owner;
         REVOKE EXECUTE ON FUNCTION rank(role) FROM public; GRANT EXECUTE ON FUNCTION rank(role) TO limbeck_reader;
         CREATE TABLE member (
             id integer PRIMARY KEY,
             name text,
             role role NOT NULL DEFAULT 'guest',
             roles role[] DEFAULT '{{guest,owner}}',
             is_owner boolean GENERATED ALWAYS AS (role = 'owner'::role) STORED,
             CONSTRAINT named CHECK (role <> 'guest' OR name IS NOT NULL),
             CONSTRAINT listed CHECK (role = ANY (roles) OR role IN ('guest', 'owner'))
         );
         COMMENT ON COLUMN member.role IS 'the first'; COMMENT ON CONSTRAINT named ON member IS 'guests have names';
         CREATE INDEX owners ON member (name) WHERE role = 'owner';
         COMMENT ON INDEX owners IS 'few';
         CREATE INDEX by_owner ON member (is_owner);
         CREATE VIEW guests WITH (security_barrier = true) AS SELECT id, role, is_owner FROM member WHERE role = 'guest';
         COMMENT ON VIEW guests IS 'who visits'; COMMENT ON COLUMN guests.id IS 'the id';
         ALTER VIEW guests OWNER TO limbeck_owner;
         GRANT SELECT ON guests TO limbeck_reader; GRANT SELECT (role), UPDATE (name) ON member TO limbeck_reader;
         CREATE VIEW over_guests AS SELECT id FROM guests;
         CREATE MATERIALIZED VIEW counted AS SELECT role, count(*) AS n FROM member GROUP BY role;
         CREATE UNIQUE INDEX counted_role ON counted (role);
         CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN new; END $f$;
         CREATE TRIGGER touched BEFORE UPDATE OF role ON member FOR EACH ROW WHEN (new.role = 'owner') EXECUTE FUNCTION touch();
         COMMENT ON TRIGGER touched ON member IS 'touches';
         CREATE POLICY only_guests ON member FOR SELECT TO limbeck_reader USING (role = 'guest');
         COMMENT ON POLICY only_guests ON member IS 'the others hide';
         ALTER TABLE member ENABLE ROW LEVEL SECURITY; ALTER TABLE member FORCE ROW LEVEL SECURITY;
         ALTER TABLE member OWNER TO limbeck_owner;"
    )
}

/// Who owns what, and who may do what: a dump without owners does not say.
const OWNERS: &str = "SELECT string_agg(line, chr(10) ORDER BY line) FROM (
    SELECT relname || ' ' || relowner::regrole || ' ' || coalesce(relacl::text, '') || relrowsecurity || relforcerowsecurity AS line
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
    UNION ALL SELECT proname || ' ' || proowner::regrole || ' ' || coalesce(proacl::text, '') FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT typname || ' ' || typowner::regrole || ' ' || coalesce(typacl::text, '') FROM pg_type WHERE typname = 'role') x";

#[test]
fn everything_that_stands_on_an_enum_comes_back() {
    let pair = Pair::new(&world("'owner', 'editor', 'guest'"), &world("'guest', 'owner'"))
        .rows("INSERT INTO member (id, name, role, roles) VALUES (1, 'a', 'owner', '{owner}'), (2, 'b', 'guest', '{guest,owner}')");
    let before = pair.ask(OWNERS);
    pair.both_ways(|pair| {
        assert_eq!(pair.ask(OWNERS), before);
        assert_eq!(pair.ask("SELECT * FROM member ORDER BY id"), "1|a|owner|{owner}|t\n2|b|guest|{guest,owner}|f");
    });
    assert_eq!(pair.ask(OWNERS), before);
}

#[test]
fn a_view_and_a_trigger_come_back_around_a_new_type() {
    let world = |ty: &str| {
        format!(
            "{ROLES}
             CREATE TABLE t (id integer PRIMARY KEY, n {ty}, other text);
             CREATE VIEW v AS SELECT id, n FROM t; GRANT SELECT ON v TO limbeck_reader; COMMENT ON VIEW v IS 'a view';
             CREATE VIEW w AS SELECT v.n FROM v; CREATE VIEW apart AS SELECT id, other FROM t;
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
             CREATE TRIGGER g AFTER UPDATE OF n ON t FOR EACH ROW EXECUTE FUNCTION f();
             CREATE TRIGGER h AFTER INSERT ON t FOR EACH ROW WHEN (new.n IS NOT NULL) EXECUTE FUNCTION f();
             ALTER TABLE t DISABLE TRIGGER h;
             CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE t SET n = new.n WHERE t.id = new.id"
        )
    };
    let pair = Pair::new(&world("integer"), &world("bigint"));
    pair.rows("INSERT INTO t VALUES (1, 2)").both_ways(|pair| {
        assert_eq!(pair.ask("UPDATE v SET n = 5000000000 WHERE id = 1; SELECT n FROM w"), "5000000000");
        pair.ask("UPDATE t SET n = 2");
    });
}

#[test]
fn only_what_stands_on_a_column_is_taken_off() {
    // The names in the text say otherwise.
    let world = |ty: &str| {
        format!(
            "CREATE TABLE t (id integer, n {ty}); CREATE TABLE u (n text); CREATE VIEW v AS SELECT u.n FROM u, t WHERE t.id > 0"
        )
    };
    let pair = Pair::new(&world("integer"), &world("bigint"));
    let view = pair.ask("SELECT 'v'::regclass::oid");
    pair.both_ways(|pair| assert_eq!(pair.ask("SELECT 'v'::regclass::oid"), view));
}

#[test]
fn a_view_stays_over_another_relation_of_a_name() {
    both_ways(
        "CREATE TABLE data (id uuid, name text); CREATE VIEW q AS SELECT * FROM data",
        "CREATE TABLE kept (id uuid, name text); CREATE VIEW data AS SELECT * FROM kept; CREATE VIEW q AS SELECT * FROM data",
    );
}

#[test]
fn a_view_that_groups_by_a_key_comes_back_with_it() {
    let world = |key: &str| {
        format!("CREATE TABLE t (id integer, n text, CONSTRAINT k PRIMARY KEY ({key}));
                 CREATE TABLE u (id integer, n text, PRIMARY KEY (id)); CREATE VIEW w AS SELECT id, n FROM u GROUP BY id")
    };
    both_ways(&world("id"), &world("id, n"));
    both_ways(
        "CREATE TABLE t (id integer, n text, CONSTRAINT k PRIMARY KEY (id)); CREATE VIEW v AS SELECT id, n FROM t GROUP BY id",
        "CREATE TABLE t (id integer, n text, CONSTRAINT k PRIMARY KEY (id) INCLUDE (n)); CREATE VIEW v AS SELECT id, n FROM t GROUP BY id",
    );
}

#[test]
fn a_call_means_another_routine_of_the_name() {
    let world = |arguments: &str| {
        format!(
            "CREATE FUNCTION f({arguments}) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT f(1)"
        )
    };
    both_ways(&world("a integer"), &world("a integer, b integer DEFAULT 2"));
}

#[test]
fn a_routine_that_is_called_everywhere_gets_another_result() {
    let world = |ty: &str| {
        format!(
            "CREATE FUNCTION f(a integer) RETURNS {ty} LANGUAGE sql IMMUTABLE AS 'SELECT a';
             CREATE TABLE t (id integer DEFAULT f(1), n bigint GENERATED ALWAYS AS (f(id)) STORED, CHECK (f(id) > 0));
             CREATE INDEX i ON t (f(id)); CREATE VIEW v AS SELECT f(id) > 1 AS big FROM t;
             CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT f(1)::bigint'"
        )
    };
    both_ways(&world("integer"), &world("bigint"));
}

#[test]
fn what_stays_of_privileges_is_revoked_when_a_column_goes() {
    both_ways(
        &format!(
            "{ROLES} CREATE TABLE t (id integer, \"select\" text, x text);
             GRANT DELETE ON t TO limbeck_reader; GRANT SELECT (id), SELECT (x) ON t TO limbeck_reader;"
        ),
        &format!("{ROLES} CREATE TABLE t (id integer, y text); GRANT SELECT (y) ON t TO limbeck_reader;"),
    );
    both_ways(
        &format!("{ROLES} CREATE TABLE t (id integer, x text); GRANT DELETE, SELECT (x) ON t TO limbeck_reader;"),
        &format!("{ROLES} CREATE TABLE t (id integer);"),
    );
}

#[test]
fn a_table_that_changes_its_ways_waits_for_no_column() {
    both_ways(
        "CREATE TABLE other (id integer PRIMARY KEY); CREATE UNLOGGED TABLE t (id integer, a text,
             low text GENERATED ALWAYS AS (lower(a)) STORED);",
        "CREATE TABLE other (id integer PRIMARY KEY); CREATE TABLE t (id integer REFERENCES other, b text,
             low text GENERATED ALWAYS AS (lower(b)) STORED);",
    );
}

#[test]
fn an_index_has_the_collation_of_its_expression() {
    both_ways(
        "CREATE TABLE t (a text COLLATE \"C\", b text); CREATE INDEX i ON t (lower(a), (a || b COLLATE \"C\"));",
        "CREATE TABLE t (a text COLLATE \"C\", b text); CREATE INDEX i ON t (lower(a), lower(b) COLLATE \"C\");",
    );
}

#[test]
fn a_constraint_that_looks_at_old_rows_stays_the_same() {
    let world = |valid: &str| {
        format!(
            "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (a integer, b integer);
             ALTER TABLE t ADD CONSTRAINT small CHECK (a < 10) {valid};
             ALTER TABLE t ADD CONSTRAINT there FOREIGN KEY (b) REFERENCES p {valid};"
        )
    };
    let pair = Pair::new(&world("NOT VALID"), &world(""));
    let constraints =
        "SELECT string_agg(oid::text, ',' ORDER BY conname) FROM pg_constraint WHERE conrelid = 't'::regclass";
    let before = pair.ask(constraints);
    pair.both_ways(|pair| assert_eq!(pair.ask(constraints), before));
}

#[test]
fn whether_a_view_holds_its_rows_yet_is_no_difference() {
    let view = |data: &str| {
        format!(
            "CREATE TABLE t (a integer); CREATE MATERIALIZED VIEW m AS SELECT a FROM t {data}; CREATE INDEX i ON m (a)"
        )
    };
    Pair::new(&view(""), &view("WITH NO DATA")).is_quiet();
    Pair::new(&view("WITH NO DATA"), &view("")).is_quiet();
}

#[test]
fn a_domain_and_statistics_call_a_routine_that_is_made_anew() {
    let world = |argument: &str| {
        format!(
            "CREATE FUNCTION f({argument} integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
             CREATE DOMAIN d AS integer DEFAULT f(1) CONSTRAINT c CHECK (f(VALUE) > 0) CHECK (VALUE < 9);
             CREATE TABLE t (a d, b integer); CREATE STATISTICS s ON (f(b)) FROM t; COMMENT ON STATISTICS s IS 'of f'"
        )
    };
    let pair = Pair::new(&world("x"), &world("y")).rows("INSERT INTO t VALUES (1, 1)");
    pair.both_ways(|pair| assert_eq!(pair.ask("SELECT a FROM t"), "1"));
}
