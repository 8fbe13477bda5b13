//! Migrations of every kind, to be interrupted: in one transaction and in parts, schema and data, SQL and code.

use limbeck::dialect::{Backend, Missing, connect};
use limbeck::migrate::{MigrationDef, Migrator, Transaction};
use limbeck::migration::*;

/// Where every data step leaves a row, once.
fn first(m: &mut Migration) {
    m.create_table("ledger", |t| {
        t.column("id", bigint()).auto_increment();
        t.column("what", text());
        t.primary_key(["id"]);
    });
    m.create_enum("mood", ["glad", "sad"]);
}

fn no_first(m: &mut Migration) {
    m.drop_table("ledger");
    m.drop_enum("mood");
}

fn note(m: &mut Migration, what: &str) {
    m.sql(format!("INSERT INTO ledger (what) VALUES ('{what}')"));
}

/// Plain: a table and its rows, at once.
fn table<const N: usize>(m: &mut Migration) {
    let name = format!("t{N}");
    m.create_table(name.as_str(), |t| {
        t.column("id", bigint()).auto_increment();
        t.column("title", varchar(40));
        t.column("mood", named("mood")).default("glad");
        t.primary_key(["id"]);
        t.index(["title desc"]);
    });
    for row in 0..20 {
        m.sql(format!("INSERT INTO {name} (title) VALUES ('row {row}')"));
    }
    note(m, &format!("table {N}"));
}

fn no_table<const N: usize>(m: &mut Migration) {
    m.drop_table(format!("t{N}").as_str());
    m.sql(format!("DELETE FROM ledger WHERE what = 'table {N}'"));
}

/// In parts: each of them is there once.
fn parts<const N: usize>(m: &mut Migration) {
    let name = format!("p{N}");
    m.create_table(name.as_str(), |t| {
        t.column("id", bigint());
        t.column("note", text()).nullable();
    });
    note(m, &format!("parts {N}, first"));
    m.create_index(name.as_str(), ["note"]);
    m.sql("VACUUM");
    // Nobody but the catalog knows whether this ran.
    m.only(Database("postgres"), |m| {
        m.sql(format!("CREATE INDEX CONCURRENTLY {name}_id ON {name} (id)"));
    });
    m.sql(format!("INSERT INTO {name} (id, note) VALUES (1, 'a'), (2, 'b')"));
    m.alter_column(name.as_str(), "note").set_type(varchar(9)).not_null();
    note(m, &format!("parts {N}, last"));
}

fn no_parts<const N: usize>(m: &mut Migration) {
    m.sql(format!("DELETE FROM ledger WHERE what = 'parts {N}, first'"));
    m.drop_table(format!("p{N}").as_str());
    m.sql("VACUUM");
    m.sql(format!("DELETE FROM ledger WHERE what = 'parts {N}, last'"));
}

/// Code of the user's, on either database.
fn code<const N: usize>(m: &mut Migration) {
    m.run(|connection| {
        Box::pin(async move {
            let sql = sqlx::AssertSqlSafe(format!("INSERT INTO ledger (what) VALUES ('code {N}')"));
            match connection {
                Connection::Sqlite(tx) => sqlx::query(sql).execute(tx).await.map(drop)?,
                Connection::Postgres(tx) => sqlx::query(sql).execute(tx).await.map(drop)?,
                _ => return Err("a database that this test does not know".into()),
            }
            Ok(())
        })
    });
    m.alter_table("ledger").comment("what was done");
}

fn no_code<const N: usize>(m: &mut Migration) {
    m.alter_table("ledger").no_comment();
    m.sql(format!("DELETE FROM ledger WHERE what = 'code {N}'"));
}

/// A table that is made anew where it cannot be altered.
fn alter<const N: usize>(m: &mut Migration) {
    m.create_column("ledger", format!("extra{N}"), integer()).nullable();
    m.backfill("ledger").set(format!("extra{N}"), "id").batch(7);
    m.create_check("ledger", format!("extra{N} > 0").as_str());
    note(m, &format!("alter {N}"));
}

fn no_alter<const N: usize>(m: &mut Migration) {
    m.sql(format!("DELETE FROM ledger WHERE what = 'alter {N}'"));
    m.drop_check("ledger", format!("extra{N} > 0").as_str());
    m.drop_column("ledger", format!("extra{N}"));
}

fn four<const N: usize>() -> [MigrationDef; 4] {
    // Tests live as long as their migrations.
    let id = |k: usize| -> &'static str { format!("{:08x}", 0x1000_0000 + N * 4 + k).leak() };
    let def = |k: usize, message, up, down| MigrationDef {
        message,
        revises: vec![id(k).to_owned().leak() as &str].leak(),
        ..MigrationDef::new(id(k + 1), up, down)
    };
    [
        def(0, "a table", table::<N>, no_table::<N>),
        MigrationDef { transaction: Transaction::None, ..def(1, "in parts", parts::<N>, no_parts::<N>) },
        def(2, "code", code::<N>, no_code::<N>),
        def(3, "alter", alter::<N>, no_alter::<N>),
    ]
}

/// Forty-nine migrations, one after the other.
#[must_use]
pub fn migrations() -> Vec<MigrationDef> {
    let mut all = vec![MigrationDef { message: "begin", ..MigrationDef::new("10000000", first, no_first) }];
    macro_rules! fours {
        ($($n:literal)*) => {$( all.extend(four::<$n>()); )*};
    }
    fours!(0 1 2 3 4 5 6 7 8 9 10 11);
    all
}

/// A migrator of the first so many.
///
/// # Panics
///
/// When they make no graph.
#[must_use]
pub fn migrator(count: usize) -> Migrator {
    let migrations = migrations().into_iter().take(count);
    Migrator::builder().migrations(migrations).build().unwrap_or_else(|e| panic!("{e}"))
}

/// A connection to a database, which is made where it is a file.
///
/// # Panics
///
/// When there is none.
pub async fn open(url: &str) -> Box<dyn Backend> {
    connect(url, Missing::Create).await.unwrap_or_else(|e| panic!("{e}"))
}
