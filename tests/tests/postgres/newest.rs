//! What only newer servers know.

use crate::both::{Pair, both_ways};

/// Whether the server is of this version or newer. An older one has nothing to test.
#[expect(clippy::print_stdout, reason = "a test that is left out says so")]
pub(crate) fn since(version: u32) -> bool {
    let here = Pair::new("SELECT 1", "SELECT 1").ask("SHOW server_version_num");
    let known = here.parse().is_ok_and(|here: u32| here >= version * 10_000);
    if !known {
        println!("left out: the server is older than PostgreSQL {version}");
    }
    known
}

#[test]
fn not_null_constraints_have_names() {
    if !since(18) {
        return;
    }
    let plain = "CREATE TABLE t (a integer NOT NULL, b integer)";
    both_ways(plain, "CREATE TABLE t (a integer CONSTRAINT filled NOT NULL, b integer)");
    both_ways("CREATE TABLE t (a integer CONSTRAINT filled NOT NULL, b integer)", "CREATE TABLE t (b integer)");
    both_ways(plain, &format!("{plain}; ALTER TABLE t ADD CONSTRAINT later NOT NULL b NOT VALID"));
    both_ways(
        &format!("{plain}; ALTER TABLE t ADD CONSTRAINT t_b_not_null NOT NULL b NOT VALID"),
        "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL)",
    );
    both_ways(plain, "CREATE TABLE t (a integer CONSTRAINT own NOT NULL NO INHERIT, b integer)");
}

#[test]
fn constraints_are_not_enforced() {
    if !since(18) {
        return;
    }
    let table = |tail: &str| {
        format!(
            "CREATE TABLE u (id integer PRIMARY KEY); CREATE TABLE t (a integer, CONSTRAINT c CHECK (a > 0) {tail},
                 CONSTRAINT k FOREIGN KEY (a) REFERENCES u (id) {tail})"
        )
    };
    both_ways(&table(""), &table("NOT ENFORCED"));
    both_ways("SELECT 1", &table("NOT ENFORCED"));
}

#[test]
fn columns_are_computed_when_they_are_read() {
    if !since(18) {
        return;
    }
    let table = |ty: &str, c: &str| format!("CREATE TABLE t (a {ty}, b integer GENERATED ALWAYS AS ({c}) VIRTUAL)");
    both_ways("CREATE TABLE t (a integer)", &table("integer", "a * 2"));
    both_ways(&table("integer", "a * 2"), &table("integer", "a * 3"));
    both_ways(&table("integer", "a"), &table("smallint", "a"));
    both_ways(&table("integer", "a * 2"), "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED)");
    both_ways(&table("integer", "a * 2"), "CREATE TABLE t (a integer, b integer)");
}

#[test]
fn keys_hold_for_a_period() {
    if !since(18) {
        return;
    }
    let world = |over: &str, period: &str| {
        format!(
            "CREATE EXTENSION btree_gist;
             CREATE TABLE p (id integer, at daterange, CONSTRAINT p_pk PRIMARY KEY (id, at {over}));
             CREATE TABLE c (p integer, at daterange, CONSTRAINT u UNIQUE (p, at {over}),
                 CONSTRAINT k FOREIGN KEY (p, {period} at) REFERENCES p (id, {period} at))"
        )
    };
    both_ways("CREATE EXTENSION btree_gist", &world("WITHOUT OVERLAPS", "PERIOD"));
    both_ways(&world("", ""), &world("WITHOUT OVERLAPS", "PERIOD"));
}
