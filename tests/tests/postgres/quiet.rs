//! What is said in any way that the server takes is no difference afterwards.

use std::process::Command;

use limbeck::migrate::{MigrationDef, Migrator, Target};
use limbeck::migration::*;

use crate::database::{Database, psql, run};

/// Expressions that the server prints in words of its own, over types and functions that a migration made.
fn spelled(m: &mut Migration) {
    m.create_schema("auth");
    m.create_enum("role", ["guest", "owner"]);
    m.create_enum(("auth", "level"), ["low", "high"]);
    m.create_routine(
        "doubled(integer)",
        "CREATE FUNCTION doubled(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select n * 2'",
    );
    m.create_routine(
        ("auth", "is_fine(text)"),
        "CREATE FUNCTION auth.is_fine(t text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'select t <> '''''",
    );
    m.create_table("account", |t| {
        t.column("id", integer());
        t.column("role", named("role")).default_sql("'guest'");
        t.column("level", named(("auth", "level"))).default_sql("CAST('low' AS auth.level)");
        t.column("name", varchar(20)).default_sql("concat('a', 'b')");
        t.column("price", numeric_with(8, 2)).default_sql("1 + 1");
        t.column("at", timestamptz()).default_sql("CURRENT_TIMESTAMP");
        t.column("day", date()).default_sql("'2026-01-01'");
        t.column("span", sql_type("interval day to second")).default_sql("'1 day'");
        t.column("roles", array(named("role"))).default_sql("array['guest'::role]");
        t.column("settings", jsonb()).default_sql("'{\"a\": 1}'");
        t.primary_key(["id"]);
        t.check("doubled(id) > 1 and auth.is_fine(name)");
        t.check("role in ('guest', 'owner') and not (level = 'high' and role <> 'owner')");
        t.check("name ~ '^a' and name not like '%x' and price between 0 and 100");
        t.check("name in ('a', 'b', 'ab') or length(trim(both from name)) > 1");
        t.check("extract(year from at) > 2000 and at is not distinct from at");
        t.index([expression("lower(name)"), expression("doubled(id)")]).filter("role = 'owner' and (level) = 'low'");
        t.index([expression("(settings->>'a')")]);
    });
}

fn no_spelled(m: &mut Migration) {
    m.drop_table("account");
    m.drop_object(("auth", "is_fine(text)"));
    m.drop_object("doubled(integer)");
    m.drop_enum(("auth", "level"));
    m.drop_enum("role");
    m.drop_schema("auth");
}

/// A label and, in one go, what says it.
fn label(m: &mut Migration) {
    m.alter_enum("role").labels(["guest", "owner", "admin"]);
    m.alter_column("account", "role").default_sql("'admin'::role");
    m.create_check("account", "role <> 'admin' or id > 3").named("admins");
}

fn no_label(m: &mut Migration) {
    m.drop_check("account", by_name("admins"));
    m.alter_column("account", "role").default_sql("'guest'");
    m.alter_enum("role").labels(["guest", "owner"]);
}

fn migrator() -> Migrator {
    let first = MigrationDef { message: "spelled", ..MigrationDef::new("10000001", spelled, no_spelled) };
    let second =
        MigrationDef { message: "label", revises: &["10000001"], ..MigrationDef::new("10000002", label, no_label) };
    Migrator::builder().migrations([first, second]).build().unwrap_or_else(|e| panic!("{e}"))
}

async fn assert_quiet(url: &str, when: &str) {
    let mut backend = limbeck::dialect::postgres::connect(url).await.unwrap_or_else(|e| panic!("{e}"));
    let status = migrator().status(&mut *backend).await.unwrap_or_else(|e| panic!("{e}"));
    assert!(status.drift.is_empty(), "{when}: {:#?}", status.drift);
    assert_eq!(status.pending.len(), 0, "{when}");
}

#[test]
fn expressions_are_quiet_in_every_surrounding() {
    let database = Database::new();
    let restored = Database::new();
    run(async {
        migrator().upgrade(database.open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        assert_quiet(&database.url, "after upgrade").await;
        let name = database.url.rsplit('/').next().unwrap_or_default().to_owned();
        for path in ["public, auth", "public, pg_catalog", "\"$user\", public, auth"] {
            psql(&database.url, &format!("ALTER DATABASE {name} SET search_path TO {path}"));
            assert_quiet(&database.url, path).await;
        }
        psql(&database.url, &format!("ALTER DATABASE {name} RESET search_path"));
        psql(&database.url, &format!("ALTER DATABASE {name} SET intervalstyle TO iso_8601"));
        psql(&database.url, &format!("ALTER DATABASE {name} SET datestyle TO 'German'"));
        assert_quiet(&database.url, "other styles").await;
        psql(&database.url, &format!("ALTER DATABASE {name} RESET ALL"));
        let dump = Command::new("pg_dump").args(["--no-owner", "--inserts", &database.url]).output();
        let dump = dump.unwrap_or_else(|e| panic!("cannot run `pg_dump` ({e}); install PostgreSQL's client"));
        assert!(dump.status.success());
        // What begins with a backslash is for psql alone; a setting that came with 17 is said by any newer pg_dump.
        let dump = String::from_utf8_lossy(&dump.stdout).into_owned();
        let sql: Vec<&str> = dump
            .lines()
            .filter(|line| !line.starts_with('\\') && !line.starts_with("SET transaction_timeout"))
            .collect();
        psql(&restored.url, &sql.join("\n"));
        assert_quiet(&restored.url, "restored from a dump").await;
        migrator().downgrade(restored.open().await, Target::Base).await.unwrap_or_else(|e| panic!("{e}"));
    });
}
