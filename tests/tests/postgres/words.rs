//! Objects that people write in words of their own are the ones that the server prints.

use limbeck::migrate::{MigrationDef, Migrator, Target};
use limbeck::migration::*;

use crate::database::{Database, psql, run};
use crate::newest::since;

fn up(m: &mut Migration) {
    m.create_schema("auth");
    m.create_table("account", |t| {
        t.column("id", bigint()).auto_increment();
        t.column("email", text());
        t.column("account", text()).nullable();
        t.primary_key(["id"]);
    });
    m.create_table(("auth", "account"), |t| {
        t.column("id", bigint());
        t.column("owner", text());
    });
    m.create_domain("address", text()).check("value <> 'nobody'").check("length(value) < 300").default("it's");
    m.create_composite_type("place", "create type place as (street varchar, \"No\" int4, at point)");
    m.create_routine(
        "label(bigint)",
        "create function label(n int8) returns text language sql immutable as $$ select 'no. ' || n $$",
    );
    m.create_routine(
        "touch()",
        "create or replace function public.touch() returns trigger as 'begin return new; end' language plpgsql",
    );
    // A body that the server keeps as it understood it came with 14.
    let body = if since(14) { "return a + b" } else { "as 'select a + b'" };
    m.create_routine(
        ("auth", "both(integer, integer)"),
        format!("create function auth.both(a int, b int default 1) returns int language sql stable {body}"),
    );
    m.create_routine("total(integer)", "create aggregate total (int4) (sfunc = int4pl, stype = int, initcond = '0')");
    m.create_view(
        "named",
        "create view named as select id, upper(email) as email from account where (id > 1 and email is not null)",
    )
    .comment("those with a name");
    m.create_view("over_named", "create or replace view public.over_named (a, b) with (security_barrier) as select n.* from named n join auth.account using (id)");
    m.create_view(("auth", "own"), "create view auth.own as select owner, count(*) from auth.account group by 1 order by 2 desc; comment on column auth.own.count is 'how many'");
    m.create_materialized_view("counted", "create materialized view counted as select email, count(*) n from account group by email with no data; create unique index on counted (email); create index by_n on counted (n desc) where n > 1");
    m.create_trigger("audit on account", "create trigger audit after insert or update of account on account for each row when (new.id > 1) execute procedure touch()")
        .on("account");
    m.create_trigger(
        ("auth", "gone on account"),
        "create constraint trigger gone after delete on auth.account deferrable for each row execute function touch()",
    )
    .on(("auth", "account"));
    m.create_trigger(
        "instead on named",
        "create trigger instead instead of update on named for each row execute function touch()",
    )
    .on("named");
    m.create_rule(
        "quiet on account",
        "create rule quiet as on delete to public.account where old.id = 1 do instead nothing",
    )
    .on("account");
    m.create_policy(
        "own on account",
        "create policy own on account to current_user using (email = current_user and exists (select 1 from account))",
    )
    .on("account");
    m.create_row_security("row security of account", "alter table only public.account enable row level security")
        .on("account");
    m.create_privileges("privileges on account", "grant select, insert (email) on account to public").on("account");
}

fn down(m: &mut Migration) {
    for name in ["privileges on account", "row security of account", "own on account", "quiet on account"] {
        m.drop_object(name);
    }
    for name in ["instead on named", "audit on account", "counted", "over_named", "named", "total(integer)"] {
        m.drop_object(name);
    }
    m.drop_object(("auth", "gone on account"));
    m.drop_object(("auth", "own"));
    m.drop_object(("auth", "both(integer, integer)"));
    m.drop_object("touch()");
    m.drop_object("label(bigint)");
    m.drop_object("place");
    m.drop_domain("address");
    m.drop_table(("auth", "account"));
    m.drop_table("account");
    m.drop_schema("auth");
}

fn migrator() -> Migrator {
    let migration = MigrationDef { message: "objects", ..MigrationDef::new("10000001", up, down) };
    Migrator::builder().migrations([migration]).build().unwrap_or_else(|e| panic!("{e}"))
}

async fn drift(database: &Database) -> Vec<String> {
    let status = migrator().status(&mut *database.open().await).await.unwrap_or_else(|e| panic!("{e}"));
    status.drift.changes.iter().map(|change| format!("{change:?}")).collect()
}

#[test]
fn what_people_write_is_what_the_server_prints() {
    let database = Database::new();
    run(async {
        let empty = database.look();
        migrator().upgrade(database.open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(drift(&database).await, [""; 0]);
        // What a refresh brings is rows.
        psql(&database.url, "REFRESH MATERIALIZED VIEW counted");
        assert_eq!(drift(&database).await, [""; 0]);
        // Each real difference is seen.
        for sql in [
            "CREATE OR REPLACE VIEW named AS SELECT id, upper(email) AS email FROM account WHERE id > 2",
            "CREATE OR REPLACE FUNCTION label(n bigint) RETURNS text LANGUAGE sql AS $$ select 'no. ' || n $$",
            "COMMENT ON COLUMN auth.own.count IS 'how few'",
            "DROP INDEX by_n; CREATE INDEX by_n ON counted (n)",
            "DROP TRIGGER audit ON account; CREATE TRIGGER audit AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION touch()",
            "ALTER TABLE account DISABLE TRIGGER audit",
            "ALTER POLICY own ON account USING (true)",
            "ALTER TABLE account FORCE ROW LEVEL SECURITY",
            "GRANT DELETE ON account TO public",
            "ALTER TYPE place ADD ATTRIBUTE city text",
            "ALTER DOMAIN address DROP CONSTRAINT address_check1",
        ] {
            psql(&database.url, sql);
            assert_eq!(drift(&database).await.len().min(1), 1, "not seen: {sql}");
            migrator().downgrade(database.open().await, Target::Base).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
            migrator().upgrade(database.open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        }
        assert_eq!(drift(&database).await, [""; 0]);
        migrator().downgrade(database.open().await, Target::Base).await.unwrap_or_else(|e| panic!("{e}"));
        let left = database.look().into_iter().filter(|object| !empty.contains(object) && !object.contains("limbeck_"));
        assert_eq!(left.collect::<Vec<_>>(), [""; 0]);
    });
}
