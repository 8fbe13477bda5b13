//! Rows that wait for the end of the transaction to be checked, and a schema that changes before it.

use limbeck::migrate::{MigrationDef, Migrator, Target};
use limbeck::migration::*;

use crate::database::{Database, run, try_psql};

fn tables(m: &mut Migration) {
    m.create_table("team", |t| {
        t.column("id", bigint());
        t.primary_key(["id"]);
    });
    m.create_table("member", |t| {
        t.column("id", bigint());
        t.column("team_id", bigint()).nullable();
        t.primary_key(["id"]);
        t.foreign_key(["team_id"]).references("team", ["id"]).initially_deferred();
    });
}

fn no_tables(m: &mut Migration) {
    m.drop_table("member");
    m.drop_table("team");
}

/// The member comes before its team, and the table changes in between and afterwards.
fn rows(m: &mut Migration) {
    m.sql("INSERT INTO team VALUES (1)");
    m.sql("INSERT INTO member VALUES (1, 1)");
    m.create_column("member", "nick", text()).nullable();
    m.sql("INSERT INTO member VALUES (2, 2)");
    m.sql("INSERT INTO team VALUES (2)");
    m.create_column("team", "title", text()).default("none");
    m.alter_column("member", "team_id").not_null();
    m.run(|connection| {
        Box::pin(async move {
            if let Connection::Postgres(connection) = connection {
                sqlx::query("INSERT INTO member VALUES (3, 1)").execute(connection).await?;
            }
            Ok(())
        })
    });
    m.create_index("member", ["nick"]);
}

fn no_rows(m: &mut Migration) {
    m.drop_index("member", ["nick"]);
    m.sql("DELETE FROM member");
    m.sql("DELETE FROM team");
    m.alter_column("member", "team_id").nullable();
    m.drop_column("team", "title");
    m.drop_column("member", "nick");
}

fn orphan(m: &mut Migration) {
    m.sql("INSERT INTO member VALUES (9, 9)");
    m.create_column("member", "late", text()).nullable();
}

fn no_orphan(m: &mut Migration) {
    m.drop_column("member", "late");
}

#[test]
fn rows_are_checked_before_the_schema_changes() {
    let migrator = |last: bool| {
        let first = MigrationDef { message: "tables", ..MigrationDef::new("10000001", tables, no_tables) };
        let second =
            MigrationDef { message: "rows", revises: &["10000001"], ..MigrationDef::new("10000002", rows, no_rows) };
        let third = MigrationDef {
            message: "orphan",
            revises: &["10000002"],
            ..MigrationDef::new("10000003", orphan, no_orphan)
        };
        let all = [first, second, third].into_iter().take(if last { 3 } else { 2 });
        Migrator::builder().migrations(all).build().unwrap_or_else(|e| panic!("{e}"))
    };
    let database = Database::new();
    run(async {
        migrator(false).upgrade(database.open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(psql_rows(&database), "3");
        let error = migrator(true).upgrade(database.open().await, Target::Head).await.expect_err("an orphan");
        assert!(
            error.to_string().contains("orphan") && format!("{error:?}").contains("member_team_id_fkey"),
            "{error:?}"
        );
        assert_eq!(psql_rows(&database), "3", "nothing of it is left");
        migrator(false).downgrade(database.open().await, Target::Base).await.unwrap_or_else(|e| panic!("{e}"));
    });
}

fn psql_rows(database: &Database) -> String {
    try_psql(&database.url, "SELECT count(*) FROM member").unwrap_or_else(|e| panic!("{e}"))
}
