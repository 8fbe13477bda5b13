//! What statements of its own set: owners of sequences, storage, replication, statistics.

use crate::both::{Pair, both_ways};

#[test]
fn settings_come_and_go() {
    let plain =
        "CREATE TABLE t (id integer, x text, CONSTRAINT t_pk PRIMARY KEY (id)); CREATE UNIQUE INDEX t_x ON t (x);
         ALTER TABLE t ALTER x SET NOT NULL";
    for setting in [
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX t_x",
        "ALTER TABLE t CLUSTER ON t_pk",
        "CREATE STATISTICS st (ndistinct) ON id, x FROM t; COMMENT ON STATISTICS st IS 'both'",
        "ALTER TABLE t ALTER x SET STATISTICS 400, ALTER id SET (n_distinct = 7)",
        "COMMENT ON INDEX t_pk IS 'it''s the index of a constraint'",
        "ALTER TABLE t SET (fillfactor = 70, toast.autovacuum_enabled = false, autovacuum_enabled = false)",
    ] {
        both_ways(plain, &format!("{plain}; {setting}"));
        both_ways(&format!("{plain}; {setting}"), "CREATE TABLE t (id integer)");
    }
}

#[test]
fn statistics_are_altered_where_they_are() {
    let table = |on: &str, more: &str| {
        format!("CREATE TABLE t (a integer, b integer, c integer); CREATE STATISTICS st ON {on} FROM t; {more}")
    };
    let pair = Pair::new(&table("a, b", ""), &table("a, b", "ALTER STATISTICS st SET STATISTICS 400"));
    let object = "SELECT oid FROM pg_statistic_ext";
    let before = pair.ask(object);
    pair.both_ways(|pair| assert_eq!(pair.ask(object), before));
    let more = "ALTER STATISTICS st SET STATISTICS 90; COMMENT ON STATISTICS st IS 'both'";
    both_ways(&table("a, b", more), &table("a, b, c", more));
}

#[test]
fn a_setting_of_an_index_comes_back_with_it() {
    let table = |ty: &str, key: &str| {
        format!(
            "CREATE TABLE t (id {ty} NOT NULL, x {ty} NOT NULL, CONSTRAINT k UNIQUE ({key})); CREATE INDEX i ON t ((x + 1));
             COMMENT ON INDEX k IS 'one'; ALTER TABLE t CLUSTER ON i; ALTER TABLE t REPLICA IDENTITY USING INDEX k"
        )
    };
    both_ways(&table("integer", "id"), &table("integer", "id, x"));
    both_ways(&table("integer", "id"), &table("bigint", "id"));
}

#[test]
fn storage_parameters_stand_where_they_stood() {
    let table = |with: &str| format!("CREATE TABLE t (id integer) WITH ({with}); CREATE INDEX i ON t (id)");
    both_ways(&table("fillfactor = 70, autovacuum_enabled = false"), "SELECT 1");
    both_ways(
        &table("fillfactor = 70"),
        &table("autovacuum_vacuum_threshold = 9, fillfactor = 70, autovacuum_enabled = false"),
    );
    both_ways(
        &table("autovacuum_enabled = true, fillfactor = 70"),
        &table("fillfactor = 80, autovacuum_enabled = true"),
    );
}

#[test]
fn a_sequence_that_its_column_does_not_read_is_still_its_own() {
    let table = "CREATE TABLE t (id integer, x integer)";
    let free = format!("{table}; CREATE SEQUENCE s");
    let own = format!("{free}; ALTER SEQUENCE s OWNED BY t.id");
    both_ways(&free, &own);
    both_ways(&own, "CREATE TABLE t (x integer)");
    both_ways(&own, "SELECT 1");
}

#[test]
fn a_serial_column_lets_its_sequence_go() {
    let serial = "CREATE TABLE t (id serial, x integer)";
    let five = "INSERT INTO t (x) SELECT 1 FROM generate_series(1, 5)";
    for other in [
        "CREATE TABLE t (id integer NOT NULL, x integer); CREATE SEQUENCE t_id_seq AS integer",
        "CREATE SEQUENCE t_id_seq AS integer; CREATE TABLE t (id integer NOT NULL DEFAULT nextval('t_id_seq'), x integer)",
        "CREATE SEQUENCE t_id_seq AS integer; CREATE TABLE t (id integer NOT NULL, x integer); ALTER SEQUENCE t_id_seq OWNED BY t.id",
    ] {
        let position = |pair: &Pair| assert_eq!(pair.ask("SELECT nextval('t_id_seq')"), "6");
        Pair::new(serial, other).rows(five).both_ways(position);
    }
    both_ways("CREATE SEQUENCE t_id_seq AS integer; CREATE TABLE t (id integer NOT NULL, x integer)", serial);
}

#[test]
fn a_sequence_is_logged_as_its_table_is() {
    both_ways("SELECT 1", "CREATE UNLOGGED TABLE t (id serial, n integer GENERATED ALWAYS AS IDENTITY)");
    both_ways("CREATE TABLE t (id serial)", "CREATE UNLOGGED TABLE t (id serial)");
    both_ways("CREATE UNLOGGED TABLE t (id integer NOT NULL)", "CREATE UNLOGGED TABLE t (id serial)");
    both_ways(
        "CREATE UNLOGGED TABLE t (id integer GENERATED ALWAYS AS IDENTITY)",
        "CREATE UNLOGGED TABLE t (id serial)",
    );
    if Pair::new("SELECT 1", "SELECT 1").ask("SELECT current_setting('server_version_num')::integer >= 150000") == "t" {
        both_ways("CREATE SEQUENCE s", "CREATE UNLOGGED SEQUENCE s");
    }
}

#[test]
fn tables_that_point_at_each_other_are_logged_in_their_order() {
    let world = |kind: &str| {
        format!(
            "CREATE {kind} TABLE m (id integer PRIMARY KEY); CREATE {kind} TABLE z (id integer PRIMARY KEY REFERENCES m);
             CREATE {kind} TABLE a (id integer REFERENCES z)"
        )
    };
    both_ways(&world("UNLOGGED"), &world(""));
}

#[test]
fn privileges_on_the_schema_that_is_there_at_first_come_and_go() {
    let role =
        "DO $$ BEGIN CREATE ROLE limbeck_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";
    both_ways(
        role,
        &format!("{role}; GRANT USAGE ON SCHEMA public TO limbeck_reader; REVOKE USAGE ON SCHEMA public FROM PUBLIC"),
    );
}
