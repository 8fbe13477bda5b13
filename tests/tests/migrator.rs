//! Migrations run from a program, on SQLite.

use limbeck::dialect::sqlite;
use limbeck::migrate::{MigrateError, MigrationDef, Migrator, Target};
use limbeck::migration::*;

fn accounts(m: &mut Migration) {
    m.create_enum("role", ["owner", "member"]);
    m.create_table("account", |t| {
        t.column("id", bigint()).auto_increment();
        t.column("email", varchar(200));
        t.column("role", named("role")).default("member");
        t.column("created_at", timestamptz()).default_sql("CURRENT_TIMESTAMP");
        t.primary_key(["id"]);
        t.unique(["email"]);
        t.check("length(email) > 2");
    });
    m.sql("INSERT INTO account (email) VALUES ('ann@example.org')");
}

fn no_accounts(m: &mut Migration) {
    m.drop_table("account");
    m.drop_enum("role");
}

fn posts(m: &mut Migration) {
    m.create_table("post", |t| {
        t.column("id", bigint()).auto_increment();
        t.column("author_id", bigint());
        t.column("title", text());
        t.primary_key(["id"]);
        t.foreign_key(["author_id"]).references("account", ["id"]).on_delete(Cascade);
        t.index(["author_id", "title desc"]);
    });
    m.alter_column("account", "email").set_type(text()).nullable();
    m.drop_check("account", "length(email) > 2");
    m.alter_enum("role").labels(["owner", "member", "guest"]);
    m.run(|connection| {
        Box::pin(async move {
            if let Connection::Sqlite(tx) = connection {
                sqlx::query("INSERT INTO post (author_id, title) VALUES (1, 'first')").execute(tx).await?;
            }
            Ok(())
        })
    });
}

fn no_posts(m: &mut Migration) {
    m.alter_enum("role").labels(["owner", "member"]);
    m.create_check("account", "length(email) > 2");
    m.alter_column("account", "email").set_type(varchar(200)).not_null();
    m.drop_table("post");
}

fn broken(m: &mut Migration) {
    m.create_table("half", |t| {
        t.column("id", bigint());
    });
    m.sql("INSERT INTO nowhere VALUES (1)");
}

fn migrations() -> [MigrationDef; 2] {
    let first = MigrationDef { message: "accounts", ..MigrationDef::new("11111111", accounts, no_accounts) };
    let second =
        MigrationDef { message: "posts", revises: &["11111111"], ..MigrationDef::new("22222222", posts, no_posts) };
    [second, first]
}

fn migrator(more: &[MigrationDef]) -> Migrator {
    Migrator::builder().migrations(migrations()).migrations(more.iter().copied()).build().expect("a graph")
}

struct Database {
    _folder: tempfile::TempDir,
    url: String,
}

impl Database {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/test.db", folder.path().display());
        Self { _folder: folder, url }
    }

    async fn connect(&self) -> Box<dyn limbeck::dialect::Backend> {
        sqlite::connect(&self.url, limbeck::dialect::Missing::Create).await.expect("a connection")
    }

    async fn names(&self) -> Vec<String> {
        let query = "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";
        let rows = self.connect().await.rows(query).await.expect("rows");
        rows.into_iter().flatten().flatten().collect()
    }
}

fn bookkeeping() -> Vec<String> {
    ["limbeck_history", "limbeck_log", "limbeck_meta"].map(str::to_owned).to_vec()
}

#[tokio::test]
async fn up_is_quiet_and_down_leaves_nothing() {
    let (database, migrator) = (Database::new(), migrator(&[]));
    let report = migrator.upgrade(database.connect().await, Target::Head).await.expect("upgrade");
    assert_eq!(report.migrations, ["11111111", "22222222"]);
    let again = migrator.upgrade(database.connect().await, Target::Head).await.expect("nothing to do");
    assert!(again.migrations.is_empty());

    let mut backend = database.connect().await;
    let status = migrator.status(&mut *backend).await.expect("status");
    assert!(status.drift.is_empty(), "{:#?}", status.drift);
    assert!(status.pending.is_empty() && status.unmanaged.is_empty(), "{:?}", status.unmanaged);
    let rows = backend.rows("SELECT email, role, title FROM account JOIN post ON author_id = account.id").await;
    let expected = ["ann@example.org", "member", "first"].map(|v| Some(v.to_owned()));
    assert_eq!(rows.expect("rows"), [expected.to_vec()]);
    drop(backend);

    let report = migrator.downgrade(database.connect().await, "-1".parse().expect("a target")).await.expect("down");
    assert_eq!(report.migrations, ["22222222"]);
    let mut backend = database.connect().await;
    let status = migrator.status(&mut *backend).await.expect("status");
    assert!(status.drift.is_empty(), "{:#?}", status.drift);
    assert_eq!(status.pending.len(), 1);
    drop(backend);

    migrator.downgrade(database.connect().await, Target::Base).await.expect("down to the base");
    assert_eq!(database.names().await, bookkeeping());
}

#[tokio::test]
async fn a_broken_migration_is_rolled_back_whole() {
    let database = Database::new();
    let bad =
        MigrationDef { message: "broken", revises: &["22222222"], ..MigrationDef::new("33333333", broken, |_| {}) };
    let error = migrator(&[bad]).upgrade(database.connect().await, Target::Head).await.expect_err("it fails");
    let MigrateError::Failed { id, source, .. } = &error else { panic!("{error}") };
    assert_eq!((id.as_str(), source.sql.as_deref()), ("33333333", Some("INSERT INTO nowhere VALUES (1)")));
    assert!(!database.names().await.contains(&"half".to_owned()));
    let applied = migrator(&[]).applied(database.connect().await).await.expect("history");
    assert_eq!(applied.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["11111111", "22222222"]);
}

#[tokio::test]
async fn an_older_program_goes_on_and_can_undo_what_it_does_not_know() {
    let database = Database::new();
    let tags = |m: &mut Migration| {
        m.create_table("tag", |t| {
            t.column("id", bigint());
            t.primary_key(["id"]);
        });
    };
    let newer = MigrationDef {
        message: "tags",
        revises: &["22222222"],
        ..MigrationDef::new("33333333", tags, |m| m.drop_table("tag"))
    };
    migrator(&[newer]).upgrade(database.connect().await, Target::Head).await.expect("upgrade");
    let report = migrator(&[]).upgrade(database.connect().await, Target::Head).await.expect("it starts");
    assert_eq!(report.newer, ["33333333"]);
    let report = migrator(&[]).downgrade(database.connect().await, Target::Head).await.expect("stored statements");
    assert_eq!(report.migrations, ["33333333"]);
    assert!(!database.names().await.contains(&"tag".to_owned()));

    let stranger = MigrationDef { message: "other", ..MigrationDef::new("44444444", |_| {}, |_| {}) };
    migrator(&[stranger]).upgrade(database.connect().await, Target::Heads).await.expect("a second base");
    let error = migrator(&[]).upgrade(database.connect().await, Target::Head).await.expect_err("not ours");
    assert!(matches!(error, MigrateError::Unknown { .. }), "{error}");
}

#[tokio::test]
async fn what_cannot_be_undone_is_refused_before_it_starts() {
    let database = Database::new();
    let last = MigrationDef {
        message: "merge accounts",
        revises: &["22222222"],
        ..MigrationDef::new(
            "33333333",
            |m| {
                m.sql("SELECT 1");
            },
            |m| m.irreversible("the old rows are gone"),
        )
    };
    let migrator = migrator(&[last]);
    migrator.upgrade(database.connect().await, Target::Head).await.expect("upgrade");
    let error = migrator.downgrade(database.connect().await, Target::Base).await.expect_err("refused");
    assert!(error.to_string().contains("the old rows are gone"), "{error}");
    assert_eq!(migrator.applied(database.connect().await).await.expect("history").len(), 3);
}

#[test]
fn the_future_of_an_upgrade_is_send() {
    fn is_send<T: Send>(_: &T) {}
    let migrator = migrator(&[]);
    let pool = async { sqlx::SqlitePool::connect_lazy("sqlite::memory:").expect("a pool") };
    let work = async { migrator.upgrade(&pool.await, Target::Head).await };
    is_send(&work);
}

#[tokio::test]
async fn a_replica_waits_for_the_head_and_never_migrates() {
    let (database, migrator) = (Database::new(), migrator(&[]));
    let short = std::time::Duration::from_millis(50);
    let error = migrator.require_head(database.connect().await, short).await.expect_err("nobody migrates");
    assert!(matches!(&error, MigrateError::Behind { pending } if pending.len() == 2), "{error}");
    assert!(database.names().await.is_empty());
    let (waits, runs) = tokio::join!(
        migrator.require_head(database.connect().await, std::time::Duration::from_secs(20)),
        migrator.upgrade(database.connect().await, Target::Head),
    );
    waits.expect("the head comes");
    assert_eq!(runs.expect("upgrade").migrations.len(), 2);
}

#[tokio::test]
async fn an_upgrade_with_nothing_to_do_asks_at_most_five_questions() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = format!("sqlite://{}/test.db?mode=rwc", folder.path().display());
    let server = limbeck_tests::server::ServerDatabase::new("migrator_nothing");
    for url in [file.as_str(), server.url()] {
        let open =
            || async { limbeck::dialect::connect(url, limbeck::dialect::Missing::Create).await.expect("a connection") };
        let only = MigrationDef { message: "half", ..MigrationDef::new("00000001", one, no_one) };
        let migrator = Migrator::builder().migrations([only]).build().expect("a graph");
        migrator.upgrade(open().await, Target::Head).await.expect("an upgrade");
        let recording = limbeck_tests::recorder::Recording::default();
        let backend = limbeck_tests::recorder::Recorder::over(open().await, &recording);
        let report = migrator.upgrade(backend, Target::Head).await.expect("an upgrade");
        assert!(report.migrations.is_empty());
        // One more is asked when connecting.
        assert!(recording.statements().len() < 5, "{:#?}", recording.statements());
        assert_eq!(recording.own(), 0);
    }
}

fn one(m: &mut Migration) {
    m.create_table("one", |t| {
        t.column("id", bigint());
    });
}

fn no_one(m: &mut Migration) {
    m.drop_table("one");
}
