//! What is read is what was written.

use limbeck::change::{Change, Delta};
use limbeck::dialect::Dialect;
use limbeck::dialect::Missing;
use limbeck::dialect::sqlite::{Sqlite, connect};
use limbeck::schema::{
    Action, Conflict, Default, Deferrable, ForeignKey, Key, KeyOf, Match, Order, QualifiedName, Schema, SqlObjectKind,
    Table, Type,
};
use limbeck_tests::live::{carry_out, migrate};

use crate::database::{File, introspect, look, rows, run, schema_of};

const EVERYTHING: &str = "
CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT COLLATE NOCASE UNIQUE ON CONFLICT IGNORE) STRICT;
CREATE TABLE \"Odd [Name]\" ( -- comment, with (parentheses
    [first col] INT DEFAULT -1 /* inline */, `second``` VARCHAR (20) NOT NULL ON CONFLICT FAIL,
    'third' DECIMAL(10, 2) CONSTRAINT d DEFAULT (1 + (2)) CONSTRAINT positive CHECK (third > 0),
    parent_id INTEGER CONSTRAINT fk REFERENCES PARENT ON UPDATE SET DEFAULT ON DELETE SET NULL MATCH FULL NOT NULL DEFERRABLE INITIALLY DEFERRED,
    total GENERATED ALWAYS AS ([first col] * 2) STORED, more AS (total || ',') UNIQUE,
    PRIMARY KEY ([first col] DESC, `second``` COLLATE RTRIM) ON CONFLICT ROLLBACK
    UNIQUE (third, parent_id), CONSTRAINT two CHECK (third <> ')'), FOREIGN KEY (\"third\") REFERENCES parent (CODE) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE counted (a, id INTEGER, PRIMARY KEY (id AUTOINCREMENT));
CREATE TABLE copied AS SELECT id, code AS \"the code\" FROM parent;
CREATE UNIQUE INDEX \"i 1\" ON \"Odd [Name]\" (lower([third]), parent_id COLLATE NOCASE DESC) WHERE third IS NOT NULL;
CREATE VIEW v AS SELECT * FROM parent; CREATE TRIGGER v_in INSTEAD OF INSERT ON v BEGIN SELECT 1; END;
CREATE VIRTUAL TABLE search USING fts5(body)";

fn table<'a>(schema: &'a Schema, name: &str) -> &'a Table {
    schema.tables.get(&QualifiedName::from(name)).unwrap_or_else(|| panic!("no table `{name}`"))
}

#[test]
fn everything_that_a_statement_says_is_read() {
    run(async {
        let schema = schema_of(EVERYTHING).await;
        let odd = table(&schema, "Odd [Name]");
        let names: Vec<&str> = odd.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["first col", "second`", "third", "parent_id", "total", "more"]);
        assert!(odd.options.without_rowid && !odd.options.strict && table(&schema, "parent").options.strict);
        let second = &odd.columns[1];
        assert_eq!((&second.ty, second.not_null_conflict), (&Type::Sql("VARCHAR (20)".into()), Some(Conflict::Fail)));
        assert_eq!(odd.columns[2].default, Some(Default::Sql("1 + (2)".into())));
        assert_eq!(odd.columns[4].generated.as_ref().map(|g| g.stored), Some(true));
        assert_eq!(odd.columns[5].generated.as_ref().map(|g| g.expression.as_str()), Some("total || ','"));
        let key = odd.primary_key.as_ref().map(|k| (k.conflict, k.columns.len(), k.sorts.len()));
        assert_eq!(key, Some((Some(Conflict::Rollback), 2, 2)));
        let names: Vec<Option<&str>> = odd.checks.iter().map(|c| c.name.as_deref()).collect();
        assert_eq!(names, [Some("positive"), Some("two")]);
        assert_eq!(odd.checks[1].expression.as_str(), "third <> ')'");
        assert_eq!(odd.uniques.len(), 2);
        assert_eq!(table(&schema, "parent").uniques[0].conflict, Some(Conflict::Ignore));
        assert!(table(&schema, "counted").columns[1].auto.is_some());
        assert_eq!(table(&schema, "copied").columns[1].name, "the code");
    });
}

#[test]
fn a_foreign_key_says_whom_it_means() {
    run(async {
        let schema = schema_of(EVERYTHING).await;
        let odd = table(&schema, "Odd [Name]");
        let mut first = ForeignKey::new(["parent_id"], "parent", ["id"]);
        first.name = Some("fk".into());
        (first.on_delete, first.on_update) = (Action::SetNull, Action::SetDefault);
        (first.matching, first.deferrable) = (Match::Full, Deferrable::Deferred);
        let mut second = ForeignKey::new(["third"], "parent", ["code"]);
        second.on_delete = Action::Cascade;
        assert_eq!(odd.foreign_keys, [first, second]);
    });
}

#[test]
fn an_index_is_told_from_a_constraint() {
    run(async {
        let schema = schema_of(EVERYTHING).await;
        let odd = table(&schema, "Odd [Name]");
        let [index] = odd.indexes.as_slice() else { panic!("{:?}", odd.indexes) };
        assert_eq!((index.name.as_deref(), index.unique), (Some("i 1"), true));
        assert_eq!(index.keys[0].of, KeyOf::Expression("lower([third])".into()));
        let second = Key { order: Order::Descending, collation: Some("NOCASE".into()), ..Key::column("parent_id") };
        assert_eq!(index.keys[1], second);
        assert_eq!(index.predicate.as_ref().map(|p| p.as_str()), Some("third IS NOT NULL"));
    });
}

#[test]
fn views_triggers_and_virtual_tables_are_kept_as_text() {
    run(async {
        let schema = schema_of(EVERYTHING).await;
        let kinds: Vec<(&str, SqlObjectKind)> =
            schema.objects.values().map(|o| (o.name.name.as_str(), o.kind)).collect();
        let expected =
            [("search", SqlObjectKind::VirtualTable), ("v", SqlObjectKind::View), ("v_in", SqlObjectKind::Trigger)];
        assert_eq!(kinds, expected);
        assert!(schema.tables.keys().all(|t| !t.name.starts_with("search")), "shadow tables are the module's own");
    });
}

/// A copy made from the values alone is the same; one that may use the words has the same words.
#[test]
fn what_is_read_can_be_written_again() {
    run(async {
        let (_file, mut original) = File::with(EVERYTHING).await;
        let schema = introspect(&mut *original).await;
        let texts = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search%' ORDER BY 1";
        for words in [true, false] {
            let mut source = schema.clone();
            if !words {
                source.tables.values_mut().for_each(forget_words);
            }
            let (_file, mut copy) = File::with("").await;
            let tables = source.tables.values().map(|t| Change::Table(Delta::Create(t.clone())));
            let objects = source.objects.values().map(|o| Change::Object(Delta::Create(o.clone())));
            let changes: Vec<Change> = tables.chain(objects).collect();
            carry_out(&mut *copy, &changes, &Schema::empty()).await;
            if words {
                assert_eq!(rows(&mut *copy, texts).await, rows(&mut *original, texts).await);
            }
            // Without the words an index is written anew, and a foreign key says whom it means.
            let seen = |look: Vec<String>| {
                let same = |l: &String| words || !l.contains("CREATE") && !l.starts_with("reference");
                look.into_iter().filter(same).collect::<Vec<_>>()
            };
            assert_eq!(seen(look(&mut *copy).await), seen(look(&mut *original).await));
            let again = introspect(&mut *copy).await;
            assert_eq!(Sqlite.canonical(&again), Sqlite.canonical(&schema));
        }
    });
}

fn forget_words(table: &mut Table) {
    table.options.spelling.0 = None;
    table.indexes.iter_mut().for_each(|i| i.spelling.0 = None);
    table.foreign_keys.iter_mut().for_each(|k| k.spelling.0 = None);
    table.uniques.iter_mut().for_each(|u| u.spelling.0 = None);
    table.checks.iter_mut().for_each(|c| c.spelling.0 = None);
}

#[test]
fn spelling_makes_no_difference() {
    run(async {
        let one = schema_of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, \"name\" varchar(20) DEFAULT ( 'a' ), CHECK (\"name\" <> 'X' and Id>0));
             CREATE INDEX i ON t (lower(name) DESC)",
        )
        .await;
        let other = schema_of(
            "create table t(id integer constraint pk primary key, name VARCHAR( 20 ) default 'a', constraint c check(NAME<>'X' AND [id] > 0));
             create index i on t(LOWER(`name`) desc)",
        )
        .await;
        assert_eq!(Sqlite.canonical(&one), Sqlite.canonical(&other));
        for different in [
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20) DEFAULT 'A', CHECK (name <> 'X' AND id > 0)); CREATE INDEX i ON t (lower(name) DESC)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20) DEFAULT 'a', CHECK (name <> 'x' AND id > 0)); CREATE INDEX i ON t (lower(name) DESC)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(21) DEFAULT 'a', CHECK (name <> 'X' AND id > 0)); CREATE INDEX i ON t (lower(name) DESC)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20) DEFAULT 'a', CHECK (name <> 'X' AND id > 0)); CREATE INDEX i ON t (lower(name))",
        ] {
            assert_ne!(Sqlite.canonical(&one), Sqlite.canonical(&schema_of(different).await), "{different}");
        }
    });
}

#[test]
fn the_number_of_queries_does_not_grow() {
    // One page of SQL each, whatever the number of tables: four hundred tables are read as one is.
    run(async {
        let ddl: String = (0..400).map(|n| format!("CREATE TABLE t{n} (id INTEGER PRIMARY KEY, a TEXT);")).collect();
        assert_eq!(schema_of(&ddl).await.tables.len(), 400);
    });
}

#[test]
fn a_url_that_is_none_is_refused_in_words() {
    run(async {
        let error = connect("postgres://localhost/x", Missing::Refuse).await.err().map(|e| e.to_string());
        assert!(error.as_ref().is_some_and(|e| e.contains("connect to")), "{error:?}");
        let error = connect("sqlite:///no/such/file.db", Missing::Refuse).await.err().map(|e| e.to_string());
        assert!(error.as_ref().is_some_and(|e| e.contains("/no/such/file.db")), "{error:?}");
    });
}

#[test]
fn a_foreign_key_to_its_own_table_keeps_its_words() {
    run(async {
        let ddl = |rest: &str| format!("CREATE TABLE t (id INTEGER PRIMARY KEY, up INT {rest})");
        let (_file, mut backend) = File::with(&ddl("REFERENCES t ON DELETE CASCADE")).await;
        let after = ddl("NOT NULL REFERENCES t ON DELETE SET NULL");
        limbeck_tests::live::migrate(&mut *backend, &schema_of(&after).await).await;
        let (_file, mut other) = File::with(&after).await;
        assert_eq!(look(&mut *backend).await, look(&mut *other).await);
    });
}

#[test]
fn a_type_in_brackets_keeps_them_before_its_arguments() {
    run(async {
        let world = |length: u32| {
            format!(
                "CREATE TABLE t (a [nvarchar]({length}), b \"weird type\", c [a b](3) NOT NULL DEFAULT 'x', d x [y](2))"
            )
        };
        let schema = schema_of(&world(60)).await;
        let types: Vec<&Type> = table(&schema, "t").columns.iter().map(|c| &c.ty).collect();
        let expected = ["[nvarchar](60)", "weird type", "[a b](3)", "x [y](2)"].map(|ty| Type::Sql(ty.into()));
        assert_eq!(types, expected.iter().collect::<Vec<_>>());
        let (_file, mut backend) = File::with(&world(60)).await;
        let (_, mut other) = File::with(&world(100)).await;
        migrate(&mut *backend, &schema_of(&world(100)).await).await;
        assert_eq!(look(&mut *backend).await, look(&mut *other).await);
    });
}
