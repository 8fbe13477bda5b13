//! Tables whose rows are parted, and tables that have their columns from others.

use crate::both::{Pair, both_ways};

const LOGS: &str = "CREATE TABLE logs (id bigint GENERATED ALWAYS AS IDENTITY, day date NOT NULL, note text DEFAULT 'x', PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE INDEX logs_note ON logs (note); COMMENT ON TABLE logs IS 'parted'";
const MAY: &str = "CREATE TABLE logs_may PARTITION OF logs FOR VALUES FROM ('2024-05-01') TO ('2024-06-01')";

#[test]
fn partitions_come_and_go() {
    both_ways("SELECT 1", LOGS);
    both_ways(LOGS, &format!("{LOGS}; {MAY}"));
    both_ways(
        &format!("{LOGS}; {MAY}"),
        &format!(
            "{LOGS}; {MAY}; CREATE TABLE logs_rest PARTITION OF logs DEFAULT PARTITION BY LIST (id);
             CREATE TABLE logs_a PARTITION OF logs_rest FOR VALUES IN (1); COMMENT ON TABLE logs_a IS 'the first';
             CREATE INDEX own ON logs_may (day); ALTER TABLE ONLY logs_may ALTER note SET DEFAULT 'y';
             ALTER TABLE logs_may ADD CONSTRAINT short CHECK (length(note) < 9)"
        ),
    );
    both_ways(&format!("{LOGS}; {MAY}"), "SELECT 1");
}

#[test]
fn a_parted_table_changes_with_its_parts() {
    let other = "CREATE TABLE logs (id bigint GENERATED ALWAYS AS IDENTITY, day date NOT NULL, note varchar(20), more integer, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
        CREATE INDEX logs_day ON logs (day)";
    let pair = Pair::new(&format!("{LOGS}; {MAY}"), &format!("{other}; {MAY}"));
    pair.rows("INSERT INTO logs (day, note) VALUES ('2024-05-02', 'kept')").both_ways(|pair| {
        assert_eq!(pair.ask("SELECT note FROM logs_may"), "kept");
    });
}

#[test]
fn a_partition_gets_other_bounds() {
    let pair = Pair::new(&format!("{LOGS}; {MAY}"), &format!("{LOGS}; {}", MAY.replace("06-01", "07-01")));
    pair.rows("INSERT INTO logs (day, note) VALUES ('2024-05-02', 'kept')").both_ways(|pair| {
        assert_eq!(pair.ask("SELECT note FROM logs_may"), "kept");
    });
}

#[test]
fn tables_inherit() {
    let parent = "CREATE TABLE animal (id serial PRIMARY KEY, name text NOT NULL, CHECK (name <> ''))";
    let child =
        "CREATE TABLE dog (breed text DEFAULT 'mutt' NOT NULL, CONSTRAINT bred CHECK (breed <> '')) INHERITS (animal);
        ALTER TABLE dog ADD PRIMARY KEY (id); ALTER TABLE ONLY dog ALTER name SET DEFAULT 'rex';
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE TRIGGER t BEFORE INSERT ON dog FOR EACH ROW EXECUTE FUNCTION f(); CREATE VIEW dogs AS SELECT * FROM dog";
    both_ways(parent, &format!("{parent}; {child}"));
    both_ways(&format!("{parent}; {child}"), "SELECT 1");
}

#[test]
fn aggregates_come_and_go() {
    both_ways(
        "SELECT 1",
        "CREATE FUNCTION glue(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
         CREATE AGGREGATE glued(text) (sfunc = glue, stype = text, initcond = '', parallel = safe);
         COMMENT ON AGGREGATE glued(text) IS 'all in one'; CREATE VIEW v AS SELECT glued(relname::text) FROM pg_class",
    );
}

#[test]
fn a_partition_keeps_its_rows_where_they_are_when_its_storage_changes() {
    let world = |with: &str| {
        format!(
            "CREATE TABLE t (id integer) PARTITION BY HASH (id);
             CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 1, REMAINDER 0) {with};
             CREATE TABLE p (id integer); CREATE TABLE c (more text) INHERITS (p) {with}"
        )
    };
    both_ways(&world(""), &world("WITH (fillfactor = 70, autovacuum_enabled = false)"));
    both_ways(&world("WITH (fillfactor = 70)"), &world("WITH (autovacuum_enabled = false, fillfactor = 80)"));
}
