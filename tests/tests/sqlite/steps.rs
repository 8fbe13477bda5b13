//! What the steps of migrations come to.

use limbeck::dialect::Dialect;
use limbeck::dialect::sqlite::Sqlite;
use limbeck::diff::{Renames, diff};
use limbeck::migrate::{Event, MigrationDef, Migrator, Progress, Target};
use limbeck::migration::*;
use limbeck::plan::order;
use limbeck::registry::Registry;
use limbeck_tests::live::{difference, migrate};

use crate::database::{File, execute, look, rows, run, schema_of, values};

/// What was sent.
#[derive(Default)]
struct Sent(Vec<String>);

impl Progress for Sent {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Statement(statement) = event {
            self.0.push(statement.sql.clone());
        }
    }
}

fn two(up: fn(&mut Migration), down: fn(&mut Migration)) -> Migrator {
    losing(up, down, &[])
}

fn losing(up: fn(&mut Migration), down: fn(&mut Migration), loses: &'static [&'static str]) -> Migrator {
    let first = MigrationDef { message: "a table", ..MigrationDef::new("11111111", start, no_start) };
    let second =
        MigrationDef { message: "changes", revises: &["11111111"], loses, ..MigrationDef::new("22222222", up, down) };
    Migrator::builder().migrations([first, second]).build().unwrap_or_else(|e| panic!("{e}"))
}

fn start(m: &mut Migration) {
    m.create_table("t", |t| {
        t.column("id", integer()).auto_increment();
        t.column("a", integer()).nullable();
        t.column("b", text()).nullable();
        t.primary_key(["id"]);
        t.index(["a"]);
    });
    m.sql("INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')");
}

fn no_start(m: &mut Migration) {
    m.drop_table("t");
}

fn many(m: &mut Migration) {
    m.alter_column("t", "a").set_type(text()).not_null();
    m.create_column("t", "c", text()).default_sql("lower('C')");
    m.alter_column("t", "b").not_null();
    m.create_unique("t", ["b"]);
    m.create_check("t", "a > 0");
    m.create_index("t", ["c"]);
    m.alter_table("t").strict(true);
}

fn not_many(m: &mut Migration) {
    m.alter_table("t").strict(false);
    m.drop_index("t", ["c"]);
    m.drop_check("t", "a > 0");
    m.drop_unique("t", ["b"]);
    m.alter_column("t", "b").nullable();
    m.drop_column("t", "c");
    m.alter_column("t", "a").set_type(integer()).nullable();
}

fn copies(sent: &Sent) -> usize {
    sent.0.iter().filter(|sql| sql.starts_with("INSERT OR ABORT INTO t ")).count()
}

#[test]
fn all_steps_of_one_table_make_one_copy_in_each_direction() {
    run(async {
        let file = File::new();
        let migrator = two(many, not_many);
        migrator
            .upgrade(file.open().await, Target::Revision("11111111".to_owned()))
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        let before = look(&mut *file.open().await).await;
        let mut up = Sent::default();
        migrator.upgrade_with(file.open().await, Target::Head, &mut up).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(copies(&up), 1, "{:#?}", up.0);
        let now = values(&mut *file.open().await, "t", &["id", "a", "b", "c"], true).await;
        // What the new column holds is its default, worked out for the rows that are there.
        assert_eq!(
            now,
            ["1 | integer 1 | text '1' | text 'x' | text 'c'", "2 | integer 2 | text '2' | text 'y' | text 'c'"]
        );
        let mut down = Sent::default();
        let to = Target::Revision("11111111".to_owned());
        migrator.downgrade_with(file.open().await, to, &mut down).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(copies(&down), 1, "{:#?}", down.0);
        assert_eq!(look(&mut *file.open().await).await, before);
    });
}

#[test]
fn a_stored_way_back_loses_nothing_that_came_since() {
    run(async {
        let file = File::new();
        two(many, not_many).upgrade(file.open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        execute(&mut *file.open().await, "CREATE INDEX more ON t (b)").await;
        let before = look(&mut *file.open().await).await;
        // Nobody knows the modules here, so what was stored has to do.
        let stored = Migrator::builder().migrations([]).build().unwrap_or_else(|e| panic!("{e}"));
        let Err(error) = stored.downgrade(file.open().await, Target::Base).await else { panic!("it did not fail") };
        assert!(error.to_string().contains("table `t` has other columns, indexes or triggers"), "{error}");
        assert_eq!(look(&mut *file.open().await).await, before);
        execute(&mut *file.open().await, "DROP INDEX more").await;
        stored.downgrade(file.open().await, Target::Base).await.unwrap_or_else(|e| panic!("{e}"));
    });
}

fn by_hand(m: &mut Migration) {
    m.sql("CREATE INDEX by_hand ON t (b) WHERE a > 0");
    m.sql("ALTER TABLE t ADD COLUMN hand TEXT DEFAULT 'x'");
    m.sql("CREATE TRIGGER hands AFTER INSERT ON t BEGIN SELECT 1; END");
}

#[test]
fn what_statements_made_is_known_to_the_next_migration() {
    run(async {
        let migrator = || {
            let first = MigrationDef { message: "a table", ..MigrationDef::new("11111111", start, no_start) };
            let second = MigrationDef {
                revises: &["11111111"],
                ..MigrationDef::new("22222222", by_hand, |m| m.irreversible("a test"))
            };
            let third = MigrationDef { revises: &["22222222"], ..MigrationDef::new("33333333", many, not_many) };
            Migrator::builder().migrations([first, second, third]).build().unwrap_or_else(|e| panic!("{e}"))
        };
        let file = File::new();
        migrator().upgrade(file.open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        let made = "SELECT name FROM sqlite_schema WHERE name LIKE '%hand%' ORDER BY 1";
        assert_eq!(rows(&mut *file.open().await, made).await, ["by_hand", "hands"]);
        assert_eq!(values(&mut *file.open().await, "t", &["hand"], true).await, ["1 | text 'x'", "2 | text 'x'"]);
    });
}

fn another_b(m: &mut Migration) {
    m.drop_column("t", "b");
    m.create_column("t", "b", text()).default("new");
    m.drop_column("t", "a");
    m.create_column("t", "a", integer()).nullable();
    m.create_index("t", ["a"]);
}

fn b_again(m: &mut Migration) {
    m.drop_column("t", "b");
    m.create_column("t", "b", text()).nullable();
}

#[test]
fn a_column_that_goes_and_comes_again_is_another_one() {
    run(async {
        let file = File::new();
        let migrator = losing(another_b, b_again, &["column t.a", "column t.b"]);
        migrator.upgrade(file.open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        let now = values(&mut *file.open().await, "t", &["id", "a", "b"], true).await;
        assert_eq!(now, ["1 | integer 1 | null NULL | text 'new'", "2 | integer 2 | null NULL | text 'new'"]);
        let to = Target::Revision("11111111".to_owned());
        migrator.downgrade(file.open().await, to).await.unwrap_or_else(|e| panic!("{e}"));
        let now = values(&mut *file.open().await, "t", &["id", "a", "b"], true).await;
        assert_eq!(now, ["1 | integer 1 | null NULL | null NULL", "2 | integer 2 | null NULL | null NULL"]);
    });
}

fn filled(m: &mut Migration) {
    m.create_column("t", "c", text()).nullable();
    m.backfill("t").set("c", "b || a").batch(1);
    m.alter_column("t", "c").not_null();
}

fn not_filled(m: &mut Migration) {
    m.drop_column("t", "c");
}

#[test]
fn a_new_column_without_null_takes_its_backfill() {
    run(async {
        let file = File::new();
        let migrator = two(filled, not_filled);
        migrator.upgrade(file.open().await, Target::Head).await.unwrap_or_else(|e| panic!("{e}"));
        let mut backend = file.open().await;
        assert_eq!(values(&mut *backend, "t", &["c"], true).await, ["1 | text 'x1'", "2 | text 'y2'"]);
        let null = "SELECT CAST(\"notnull\" AS TEXT) FROM pragma_table_info('t') WHERE name = 'c'";
        assert_eq!(rows(&mut *backend, null).await, ["1"]);
    });
}

mod first {
    #[derive(limbeck::Enum)]
    #[sqlx(type_name = "mood", rename_all = "snake_case")]
    #[expect(dead_code, reason = "a model is its columns")]
    pub(super) enum Mood {
        Glad,
        Sad,
    }

    #[derive(limbeck::Table)]
    #[expect(dead_code, reason = "a model is its columns")]
    pub(super) struct Person {
        #[column(primary_key, auto_increment)]
        id: i64,
        mood: Mood,
        #[column(unique)]
        name: String,
        other: Option<Mood>,
    }
}

mod later {
    #[derive(limbeck::Enum)]
    #[sqlx(type_name = "mood", rename_all = "snake_case")]
    #[expect(dead_code, reason = "a model is its columns")]
    pub(super) enum Mood {
        Glad,
        Sad,
        Angry,
    }

    #[derive(limbeck::Table)]
    #[expect(dead_code, reason = "a model is its columns")]
    pub(super) struct Person {
        other: Option<super::first::Mood>,
        #[column(unique)]
        name: String,
        #[column(primary_key, auto_increment)]
        id: i64,
        mood: super::first::Mood,
    }

    #[derive(limbeck::Table)]
    #[table(name = "person")]
    #[expect(dead_code, reason = "a model is its columns")]
    pub(super) struct Moodier {
        #[column(primary_key, auto_increment)]
        id: i64,
        mood: Mood,
        #[column(unique)]
        name: String,
        other: Option<Mood>,
    }
}

#[test]
fn an_enum_is_recognised_in_its_checks_and_fields_in_another_order_are_the_same() {
    run(async {
        let schema = |registry: Registry| registry.schema().unwrap_or_else(|e| panic!("{e}"));
        let file = File::new();
        let mut backend = file.open().await;
        migrate(&mut *backend, &schema(Registry::default().table::<first::Person>())).await;
        execute(&mut *backend, "INSERT INTO person (mood, name) VALUES ('sad', 'x')").await;
        let refused = backend.execute("INSERT INTO person (mood, name) VALUES ('angry', 'y')").await;
        assert!(refused.is_err_and(|e| e.to_string().contains("CHECK constraint failed")));
        let (_, left) = difference(&mut *backend, &schema(Registry::default().table::<later::Person>())).await;
        assert!(left.is_empty(), "{left:?}");
        let moodier = schema(Registry::default().table::<later::Moodier>());
        migrate(&mut *backend, &moodier).await;
        execute(&mut *backend, "INSERT INTO person (mood, name) VALUES ('angry', 'y')").await;
        let (_, left) = difference(&mut *backend, &moodier).await;
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(values(&mut *backend, "person", &["mood"], true).await, ["1 | text 'sad'", "2 | text 'angry'"]);
    });
}

#[test]
fn what_a_version_cannot_do_in_place_is_a_copy() {
    run(async {
        let (from, to) =
            ("CREATE TABLE t (id INTEGER PRIMARY KEY, gone TEXT)", "CREATE TABLE t (id INTEGER PRIMARY KEY)");
        let (from, to) = (schema_of(from).await, schema_of(to).await);
        let changes = diff(&from, &to, &Renames::default()).unwrap_or_else(|e| panic!("{e}"));
        let changes = order(changes).unwrap_or_else(|e| panic!("{e}")).changes;
        let first = |version: u32| {
            let statements = Sqlite.render(&changes, &from, &Sqlite.capabilities(version));
            let statements = statements.unwrap_or_else(|e| panic!("{e}"));
            let words = ["ALTER TABLE t DROP COLUMN gone", "INSERT OR ABORT INTO t (id) SELECT id FROM limbeck_old_t"];
            words.map(|words| statements.iter().any(|s| s.sql == words))
        };
        // 3.35.0 has DROP COLUMN, and could corrupt the file with it; 3.35.5 is the first without.
        assert_eq!([3_034_000, 3_035_004, 3_035_005].map(first), [[false, true], [false, true], [true, false]]);
    });
}
