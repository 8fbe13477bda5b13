//! Printed modules, compiled and run: they say what they were printed from, and no tool finds fault with them.

use std::process::Command;

use limbeck::change::{Change, Delta, In};
use limbeck::diff::{Renames, diff};
use limbeck::plan::{Plan, order};
use limbeck::schema::{
    Action, Auto, Check, Column, ColumnVariant, Conflict, Database, Default, Deferrable, Domain, DomainCheck, Enum,
    Exclusion, ExclusionElement, Extension, ForeignKey, Generated, Index, Key, Literal, Match, Namespace, Nulls, Order,
    PrimaryKey, Schema, Sequence, SequenceOptions, Sort, SqlObject, SqlObjectKind, Table, TableHead, Type, Unique,
};
use limbeck::source::{Backfill, Module, Sql, Step, Value, print, steps};
use limbeck_tests::generate::{Choices, Profile, schema};
use limbeck_tests::project::{Outcome, Project};

/// A module that goes from one schema to another and back.
fn module(at: usize, message: &str, plan: Plan, from: &Schema) -> Module {
    let after = from.after(&plan.changes).expect("the plan fits");
    Module {
        id: format!("{:08x}", 0xa000_0000_usize + at),
        revises: at.checked_sub(1).map(|before| format!("{:08x}", 0xa000_0000 + before)).into_iter().collect(),
        message: message.to_owned(),
        up: steps(&plan.changes, from).expect("the plan fits"),
        down: steps(&plan.inverse().changes, &after).expect("the plan fits"),
        ..Module::default()
    }
}

/// Bytes that are always the same.
fn bytes(seed: u32, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(count)
    .collect()
}

fn drawn(seed: u32) -> Schema {
    schema(&mut Choices::new(&bytes(seed, 200)), Profile::POSTGRES)
}

fn generated() -> Vec<Module> {
    let pairs = (0..16).map(|at| (drawn(2 * at), drawn(2 * at + 1)));
    pairs
        .enumerate()
        .map(|(at, (from, to))| {
            let plan = order(diff(&from, &to, &Renames::default()).expect("no renames")).expect("an order");
            module(at, "made up", plan, &from)
        })
        .collect()
}

/// A table with everything that can be said of one.
#[expect(clippy::too_many_lines, reason = "there is much that can be said of a table")]
fn everything() -> Table {
    let mut table = Table::new(("auth", "every thing"));
    let column = |name: &str, ty: Type| Column::new(name.to_owned(), ty);
    let counting = SequenceOptions {
        start: Some(100_000),
        increment: Some(-1),
        min: Some(i64::MIN),
        max: Some(i64::MAX),
        cache: Some(2),
        cycle: true,
    };
    let types = [
        Type::Boolean,
        Type::SmallInt,
        Type::Integer,
        Type::BigInt,
        Type::Real,
        Type::Double,
        Type::Numeric(None),
        Type::Numeric(Some((10, -2))),
        Type::Text,
        Type::Varchar(None),
        Type::Varchar(Some(10485760)),
        Type::Char(2),
        Type::Bytes,
        Type::Date,
        Type::Time(None),
        Type::Time(Some(3)),
        Type::TimeTz(Some(0)),
        Type::Timestamp(Some(3)),
        Type::TimestampTz(None),
        Type::TimestampTz(Some(6)),
        Type::Interval(Some(2)),
        Type::Uuid,
        Type::Json,
        Type::Jsonb,
        Type::Array(Box::new(Type::Array(Box::new(Type::Named(("auth", "role").into()))))),
        Type::Named("mood".into()),
        Type::Sql("geometry(\"Point\", 4326)".to_owned()),
    ];
    table.columns = types.into_iter().enumerate().map(|(at, ty)| column(&format!("c{at}"), ty)).collect();
    let defaults = [
        Literal::Boolean(false),
        Literal::Integer(-12345),
        Literal::Float("1.50e3".to_owned()),
        Literal::Text("it's \"so\"\\ \n\t\u{7} é {}".to_owned()),
    ];
    table.columns.extend(defaults.into_iter().enumerate().map(|(at, default)| Column {
        default: Some(Default::Literal(default)),
        ..column(&format!("d{at}"), Type::Text)
    }));
    let variant = ColumnVariant {
        ty: Some(Type::Sql("BLOB".to_owned())),
        default: Some(None),
        generated: Some(Some(Generated { expression: "a || '\"'".into(), stored: false })),
        collation: Some("nocase".to_owned()),
    };
    let other = ColumnVariant {
        default: Some(Some(Default::Sql("now()".into()))),
        generated: Some(None),
        ..std::default::Default::default()
    };
    table.columns.extend([
        Column {
            nullable: true,
            default: Some(Default::Sql("'{}'::jsonb".into())),
            collation: Some("\"de_DE\"".to_owned()),
            comment: Some("A comment\nof two lines".to_owned()),
            storage: Some("external".to_owned()),
            compression: Some("lz4".to_owned()),
            not_null_conflict: Some(Conflict::Ignore),
            variants: [(Database("postgres"), variant), (Database("sqlite"), other)].into(),
            ..column("all", Type::Text)
        },
        Column {
            generated: Some(Generated { expression: "c1 * 2".into(), stored: true }),
            ..column("g", Type::Integer)
        },
        Column { auto: Some(Auto::Increment), ..column("a0", Type::BigInt) },
        Column { auto: Some(Auto::Identity { always: true, options: counting.clone() }), ..column("a1", Type::BigInt) },
        Column {
            auto: Some(Auto::Identity { always: false, options: SequenceOptions::default() }),
            ..column("a2", Type::BigInt)
        },
        Column {
            auto: Some(Auto::Serial { sequence: Some("s".into()), options: counting }),
            ..column("a3", Type::BigInt)
        },
        Column {
            auto: Some(Auto::Serial { sequence: None, options: SequenceOptions::default() }),
            ..column("a4", Type::BigInt)
        },
    ]);
    let sorts = [("c1".into(), Sort { order: Order::Descending, collation: Some("rtrim".to_owned()) })];
    table.primary_key = Some(PrimaryKey {
        name: Some("every \"key\"".into()),
        include: vec!["c2".into()],
        deferrable: Deferrable::Deferred,
        conflict: Some(Conflict::Replace),
        sorts: sorts.clone().into(),
        comment: Some("pk".to_owned()),
        ..PrimaryKey::new(["c1"])
    });
    table.uniques = vec![
        Unique::new(["c1", "c2"]),
        Unique {
            name: Some("u".into()),
            include: vec!["c3".into()],
            nulls_not_distinct: true,
            deferrable: Deferrable::Immediate,
            conflict: Some(Conflict::Abort),
            sorts: sorts.into(),
            comment: Some("u".to_owned()),
            ..Unique::new(["c2"])
        },
    ];
    table.checks = vec![
        Check::new("c1 > 0"),
        Check {
            name: Some("ck".into()),
            no_inherit: true,
            not_valid: true,
            not_enforced: true,
            only: Some(Database("postgres")),
            comment: Some("ck".to_owned()),
            ..Check::new("c2 IN ('a', 'b', 'a rather long label', 'another rather long label', 'and one more of them')")
        },
    ];
    table.foreign_keys = vec![
        ForeignKey::new(["c1"], "account", ["id"]),
        ForeignKey {
            name: Some("fk".into()),
            on_delete: Action::SetNull,
            on_update: Action::Cascade,
            on_delete_columns: vec!["c1".into()],
            period: true,
            matching: Match::Full,
            deferrable: Deferrable::Deferred,
            not_valid: true,
            not_enforced: true,
            comment: Some("fk".to_owned()),
            ..ForeignKey::new(["c1", "c2"], ("auth", "account"), ["id", "other id"])
        },
    ];
    table.exclusions = vec![Exclusion {
        name: None,
        using: "gist".to_owned(),
        elements: vec![
            ExclusionElement { key: Key::column("c1"), operator: "=".to_owned() },
            ExclusionElement { key: Key::expression("tsrange(c2, c3)"), operator: "&&".to_owned() },
        ],
        include: vec!["c4".into()],
        predicate: Some("c1 > 0".into()),
        deferrable: Deferrable::Immediate,
        comment: Some("x".to_owned()),
    }];
    let key = Key {
        order: Order::Descending,
        nulls: Some(Nulls::Last),
        opclass: Some("text_pattern_ops".to_owned()),
        collation: Some("\"C\"".to_owned()),
        ..Key::expression("lower(c8)")
    };
    let plain = Key { order: Order::Descending, nulls: Some(Nulls::First), ..Key::column("c2") };
    table.indexes = vec![
        Index::new([Key::column("c1"), plain.clone()]),
        Index::new([Key::column("name desc"), plain]),
        Index {
            name: Some("i".into()),
            unique: true,
            using: Some("btree".to_owned()),
            include: vec!["c3".into(), "c4".into()],
            predicate: Some("c1 IS NOT NULL".into()),
            nulls_not_distinct: true,
            with: [("fillfactor".to_owned(), "70".to_owned())].into(),
            only: Some(Database("postgres")),
            comment: Some("i".to_owned()),
            ..Index::new([key])
        },
    ];
    table.options.comment = Some("The table.".to_owned());
    table.options.unlogged = true;
    table.options.with = [("fillfactor".to_owned(), "70".to_owned())].into();
    table.options.strict = true;
    table.options.without_rowid = true;
    table
}

/// Small objects of every kind.
fn objects() -> Vec<Change> {
    let object = |kind, name: &str, table: Option<&str>, sql: &str| {
        Change::Object(Delta::Create(SqlObject { table: table.map(Into::into), ..SqlObject::new(kind, name, sql) }))
    };
    vec![
        Change::Namespace(Delta::Create(Namespace { name: "auth".into(), comment: Some("who".to_owned()) })),
        Change::Extension(Delta::Create(Extension {
            name: "citext".into(),
            schema: Some("auth".into()),
            version: Some("1.6".to_owned()),
        })),
        Change::Enum(Delta::Create(Enum { name: "mood".into(), labels: vec![], comment: None })),
        Change::Enum(Delta::Create(Enum {
            name: ("auth", "role").into(),
            labels: (0..12).map(|n| format!("label {n}").into()).collect(),
            comment: Some("roles".to_owned()),
        })),
        Change::Domain(Delta::Create(Domain {
            name: "email".into(),
            ty: Type::Text,
            not_null: true,
            default: Some(Default::Literal(Literal::Text(String::new()))),
            checks: vec![
                DomainCheck { name: None, expression: "VALUE ~ '@'".into(), not_valid: false },
                DomainCheck { name: Some("short".into()), expression: "length(VALUE) < 100".into(), not_valid: true },
            ],
            collation: Some("\"C\"".to_owned()),
            comment: Some("an address".to_owned()),
        })),
        Change::Sequence(Delta::Create(Sequence {
            name: "ticket".into(),
            ty: Type::BigInt,
            options: SequenceOptions { cycle: true, ..SequenceOptions::default() },
            comment: Some("tickets".to_owned()),
        })),
        Change::Table(Delta::Create(Table::new("empty"))),
        Change::Table(Delta::Create(everything())),
        object(SqlObjectKind::View, "v", None, "CREATE VIEW v AS\nSELECT 1 AS \"one\",\n  '\\' AS two"),
        object(SqlObjectKind::Trigger, "t", Some("empty"), "CREATE TRIGGER t …"),
        object(SqlObjectKind::VirtualTable, "f", None, "CREATE VIRTUAL TABLE f USING fts5(x)"),
        object(SqlObjectKind::MaterializedView, "totals", None, "CREATE MATERIALIZED VIEW totals AS SELECT 1 AS n"),
        object(SqlObjectKind::Routine, "f(integer)", None, "CREATE FUNCTION f(integer) …"),
        object(SqlObjectKind::Rule, "r on empty", Some("empty"), "CREATE RULE r …"),
        object(SqlObjectKind::Policy, "p on empty", Some("empty"), "CREATE POLICY p …"),
        object(SqlObjectKind::RowSecurity, "row security of empty", Some("empty"), "ALTER TABLE empty …"),
        object(SqlObjectKind::Privileges, "privileges on empty", Some("empty"), "GRANT SELECT ON empty TO reader"),
        object(SqlObjectKind::CompositeType, "point3", None, "CREATE TYPE point3 AS (x real)"),
        object(SqlObjectKind::RangeType, "floats", None, "CREATE TYPE floats AS RANGE (subtype = float8)"),
        object(SqlObjectKind::Collation, "plain", None, "CREATE COLLATION plain (locale = 'C')"),
        object(SqlObjectKind::ChildTable, "part", None, "CREATE TABLE part PARTITION OF …"),
        object(SqlObjectKind::Setting, "replica identity of empty", Some("empty"), "ALTER TABLE empty …"),
    ]
}

/// Alterations of everything, from a schema that holds it.
fn alterations(from: &Schema) -> Vec<Change> {
    fn part<T>(change: impl Fn(In<T>) -> Change, from: T, to: T) -> Change {
        change(In { table: ("auth", "every thing").into(), delta: Delta::Alter { from, to } })
    }
    let table = &from.tables[&("auth", "every thing").into()];
    let all = table.column("all").expect("it is there").clone();
    let bare = Column::new("all", Type::Varchar(Some(9)));
    let numbered = table.column("a1").expect("it is there").clone();
    let serial =
        Column { auto: Some(Auto::Serial { sequence: None, options: SequenceOptions::default() }), ..numbered.clone() };
    let mut options = table.head().options;
    options.with = [("autovacuum_enabled".to_owned(), "off".to_owned())].into();
    (options.comment, options.unlogged, options.strict, options.without_rowid) = (None, false, false, false);
    let head = TableHead { options, ..table.head() };
    let renamed = TableHead { name: "everything".into(), ..head.clone() };
    let role = from.enums[&("auth", "role").into()].clone();
    let fewer = Enum { labels: vec!["a".into(), "b".into()], comment: None, ..role.clone() };
    let key = table.primary_key.clone().expect("it is there");
    let unique = table.uniques[0].clone();
    let index = table.indexes[2].clone();
    let exclusion = table.exclusions[0].clone();
    let check = table.checks[0].clone();
    let foreign = table.foreign_keys[0].clone();
    vec![
        part(Change::Column, all.clone(), bare),
        part(Change::Column, numbered.clone(), serial),
        part(Change::PrimaryKey, key.clone(), PrimaryKey { comment: None, ..key.clone() }),
        part(Change::Unique, unique.clone(), Unique { name: Some("named".into()), ..unique.clone() }),
        part(Change::Index, index.clone(), Index { name: None, ..index.clone() }),
        part(Change::Exclusion, exclusion.clone(), Exclusion { comment: None, ..exclusion.clone() }),
        part(Change::Check, check.clone(), Check { comment: Some("note".to_owned()), ..check.clone() }),
        part(Change::ForeignKey, foreign.clone(), ForeignKey { comment: Some("f".to_owned()), ..foreign.clone() }),
        Change::Enum(Delta::Alter { from: role, to: fewer.clone() }),
        Change::Enum(Delta::Alter { from: fewer.clone(), to: Enum { name: "roles".into(), ..fewer } }),
        Change::Table(Delta::Alter { from: table.head(), to: head.clone() }),
        Change::Table(Delta::Alter { from: head, to: renamed }),
    ]
}

fn written() -> Vec<Module> {
    let plan = Plan { changes: objects() };
    let full = Schema::empty().after(&plan.changes).expect("it fits");
    let altered = Plan { changes: alterations(&full) };
    let mut modules = vec![
        module(100, "everything there is", plan, &Schema::empty()),
        module(101, "alter owner_id of MyTable, and a[1] <b> http://x.y", altered, &full),
        module(102, "nothing", Plan::default(), &full),
    ];
    let sql = |text: &str, repeatable| Step::Sql(Sql { text: text.to_owned(), repeatable, alone: repeatable });
    modules[2].loses = vec!["column account.nickname".to_owned(), "table note".to_owned()];
    modules[2].labels = vec!["payments".to_owned()];
    modules[2].notes = vec!["loses column `account.nickname`".to_owned()];
    modules[2].up = vec![
        sql("UPDATE account SET nickname = 'x'", false),
        sql("DELETE FROM \"account\"\nWHERE nickname = '\\'\n  AND id > 0", true),
        Step::Only(Database("postgres"), vec![sql("VACUUM", false)]),
        Step::Only(Database("sqlite"), vec![]),
        Step::Effect(vec![sql("SELECT 1", false)]),
        Step::Backfill(Backfill {
            table: ("auth", "account").into(),
            set: vec![
                ("email".into(), "lower(email)".into()),
                ("x".into(), "'\"'".into()),
                ("y".into(), Value::Placeholder(Type::Uuid)),
            ],
            filter: Some("email <> lower(email)".into()),
            batch: Some(50_000),
        }),
        Step::Validate(("auth", "every thing").into(), "c".into()),
        Step::Nothing("the rows may stay".to_owned()),
        Step::Irreversible("rows are gone".to_owned()),
    ];
    modules
}

const MANIFEST: &str = "[package]\nname = \"printed-modules\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                        [dependencies]\nlimbeck = { path = \"LIMBECK\", default-features = false, features = [\"sqlite\"] }\n\n[workspace]\n";

const MAIN: &str = "//! Says what every module says.
use limbeck::migrate::builder::Migration;
use limbeck::migrate::Graph;

fn main() {
    for m in Graph::registered(None).expect(\"a graph\").migrations() {
        println!(\"{} up {:#?} down {:#?}\", m.id, Migration::record(m.up), Migration::record(m.down));
    }
}
";

fn project(modules: &[Module]) -> Project {
    let source = limbeck_tests::project::source().join("runtime");
    let manifest = MANIFEST.replace("LIMBECK", &source.display().to_string());
    let project = Project::new(&[("Cargo.toml", &manifest)]);
    let mut main = MAIN.to_owned();
    for module in modules {
        project.write(&format!("src/m{}.rs", module.id), &print(module));
        main.push_str(&format!("\nmod m{};\n", module.id));
    }
    project.write("src/main.rs", &main);
    project
}

#[test]
fn printed_modules_say_what_they_were_printed_from() {
    let mut modules = generated();
    modules.extend(written());
    // Each stands alone here: whom it revises is no matter.
    modules.iter_mut().for_each(|m| m.revises.clear());
    let project = project(&modules);

    // What `revision` does with a module before it writes the file.
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "src/main.rs"]);
    let _: Outcome = project.run(rustfmt, "").code(0);

    let lints = ["-D", "warnings", "-D", "clippy::pedantic", "-D", "missing_docs"];
    let mut clippy = vec!["clippy", "--quiet", "--"];
    clippy.extend(lints);
    let _ = project.cargo(&clippy).code(0);

    let said = project.cargo(&["run", "--quiet"]).code(0);
    modules.sort_by(|a, b| a.id.cmp(&b.id));
    let expected: String = modules.iter().map(|m| format!("{} up {:#?} down {:#?}\n", m.id, m.up, m.down)).collect();
    for (said, meant) in said.out.lines().zip(expected.lines()) {
        assert_eq!(said, meant);
    }
    assert_eq!(said.out, expected);
}

#[test]
fn the_same_steps_give_the_same_text() {
    let texts = || generated().iter().chain(&written()).map(print).collect::<Vec<_>>();
    assert_eq!(texts(), texts());
}
