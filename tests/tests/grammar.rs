//! The whole grammar of the attributes, as a schema.

#![expect(dead_code, reason = "the structs are only described, never made")]

use limbeck::registry::{Backfill, Registry, RegistryError};
use limbeck::schema::{
    Action, Auto, Column, Database, Default as Value, Deferrable, ForeignKey, Generated, Index, Key, KeyOf, Literal,
    Nulls, Order, QualifiedName, Schema, SequenceOptions, Table as TableValue, Type, Unique,
};
use limbeck::{ColumnType, Columns, Enum, Table};

const POSTGRES: Database = Database("postgres");
const SQLITE: Database = Database("sqlite");

fn schema(registry: &Registry) -> Schema {
    registry.schema().expect("the models agree")
}

fn table<T: Table>() -> TableValue {
    schema(&Registry::default().table::<T>()).tables.into_values().next().expect("there is one table")
}

fn column(table: &TableValue, name: &str) -> Column {
    table.column(name).cloned().unwrap_or_else(|| panic!("no column {name} in {table:?}"))
}

#[derive(Table)]
#[table(name = "Odd Name", schema = "auth", rename_all = "camelCase", comment = "Kept \"odd\"", group = "second")]
#[table(renamed_from = "old", unlogged, with(fillfactor = 70, autovacuum_enabled = false), strict)]
#[table(primary_key(tenant_id, id; name = "odd_key"))]
struct Head {
    tenant_id: i64,
    id: i64,
    /// What it is called.
    ///
    /// In two paragraphs.
    #[column(comment = doc, renamed_from = "label", backfill = "'none'")]
    display_name: String,
    #[column(rename = "explicit")]
    other_name: String,
}

#[test]
fn a_table_has_names_and_options() {
    let registry = Registry::default().table::<Head>();
    let schema = schema(&registry);
    let name = QualifiedName::new(Some("auth".into()), "Odd Name");
    assert!(schema.namespaces.contains_key("auth"));
    let table = &schema.tables[&name];
    assert_eq!(
        table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
        ["tenantId", "id", "displayName", "explicit"]
    );
    let key = table.primary_key.as_ref().expect("there is a key");
    assert_eq!((key.name.as_deref(), key.columns.len()), (Some("odd_key"), 2));
    assert_eq!(key.columns[0], "tenantId");
    assert_eq!(table.options.comment.as_deref(), Some("Kept \"odd\""));
    assert!(table.options.unlogged && table.options.strict && !table.options.without_rowid);
    assert_eq!(
        table.options.with.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>(),
        ["autovacuum_enabled=false", "fillfactor=70"]
    );
    assert_eq!(column(table, "displayName").comment.as_deref(), Some("What it is called.\n\nIn two paragraphs."));
    let renames = registry.renames();
    assert_eq!(renames.tables, [(QualifiedName::new(Some("auth".into()), "old"), name.clone())]);
    assert_eq!(renames.columns, [(name.clone(), "label".into(), "displayName".into())]);
    let backfill = Backfill { table: name, column: "displayName".into(), expression: "'none'".into() };
    assert_eq!(registry.backfills(), [backfill]);
}

#[test]
fn a_group_keeps_databases_apart() {
    let of = |group| Registry::registered_in(group).tables().filter(|t| t.model.ends_with("::Head")).count();
    assert_eq!((of(None), of(Some("second"))), (0, 1));
}

#[derive(Table)]
#[table(without_rowid, column("search", "tsvector"; generated = "to_tsvector(body)", nullable, comment = "For search"))]
struct Values {
    #[column(primary_key, identity(always, start = 1000, increment = -1, min = -5, max = 1_000, cache = 20, cycle))]
    id: i64,
    #[column(default = -5)]
    number: i32,
    #[column(default = -1.5e3)]
    float: f64,
    #[column(default = "it's")]
    text: String,
    #[column(default = 'x', length = 1)]
    letter: String,
    #[column(default = false)]
    flag: bool,
    #[column(default_sql = "'{}'", collation = "C")]
    list: Vec<String>,
    #[column(precision = 12, scale = -2)]
    price: rust_decimal::Decimal,
    #[column(precision = 5, scale = 2, default = 0)]
    rate: Option<rust_decimal::Decimal>,
    #[column(generated = "number * 2")]
    double: i64,
    #[column(generated = "number * 3", virtual)]
    triple: i64,
    #[column(
        default = "{}",
        postgres(sql_type = "jsonb", default_sql = "'{}'::jsonb", collation = "C"),
        sqlite(default = none, generated = "1", virtual, sql_type = "TEXT COLLATE NOCASE")
    )]
    settings: Foreign,
}

/// A type that no column holds by itself.
struct Foreign;

#[test]
fn a_column_has_values() {
    let table = table::<Values>();
    let literal = |name| match column(&table, name).default {
        Some(Value::Literal(literal)) => literal,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(literal("number"), Literal::Integer(-5));
    assert_eq!(literal("float"), Literal::Float("-1.5e3".into()));
    assert_eq!(literal("text"), Literal::Text("it's".into()));
    assert_eq!(literal("letter"), Literal::Text("x".into()));
    assert_eq!(literal("flag"), Literal::Boolean(false));
    assert_eq!(column(&table, "list").default, Some(Value::Sql("'{}'".into())));
    assert_eq!(column(&table, "list").collation.as_deref(), Some("C"));
    assert_eq!(column(&table, "price").ty, Type::Numeric(Some((12, -2))));
    assert_eq!((column(&table, "rate").ty, column(&table, "rate").nullable), (Type::Numeric(Some((5, 2))), true));
    let generated = |sql: &str, stored| Some(Generated { expression: sql.into(), stored });
    assert_eq!(column(&table, "double").generated, generated("number * 2", true));
    assert_eq!(column(&table, "triple").generated, generated("number * 3", false));
    let options = SequenceOptions {
        start: Some(1000),
        increment: Some(-1),
        min: Some(-5),
        max: Some(1000),
        cache: Some(20),
        cycle: true,
    };
    assert_eq!(column(&table, "id").auto, Some(Auto::Identity { always: true, options }));
    let search = column(&table, "search");
    assert_eq!((search.ty, search.nullable), (Type::Sql("tsvector".into()), true));
    assert_eq!(
        (search.generated, search.comment.as_deref()),
        (generated("to_tsvector(body)", true), Some("For search"))
    );
    assert!(table.options.without_rowid);
}

#[test]
fn a_column_varies_by_database() {
    let schema = schema(&Registry::default().table::<Values>());
    let on = |database| column(&schema.on(database).tables[&"values".into()], "settings");
    let postgres = on(POSTGRES);
    assert_eq!(postgres.ty, Type::Sql("jsonb".into()));
    assert_eq!(postgres.default, Some(Value::Sql("'{}'::jsonb".into())));
    assert_eq!(postgres.collation.as_deref(), Some("C"));
    let sqlite = on(SQLITE);
    assert_eq!(sqlite.ty, Type::Sql("TEXT COLLATE NOCASE".into()));
    assert_eq!(sqlite.default, None);
    assert_eq!(sqlite.generated, Some(Generated { expression: "1".into(), stored: false }));
}

#[derive(Table)]
#[table(
    primary_key(id),
    unique(owner, slug; name = "one_slug", include(id), nulls_not_distinct, deferrable = initially_deferred),
    unique("lower(slug)"),
    unique(slug; where = "owner is null"),
    index(owner desc nulls last, "lower(slug)", id nulls first; using = btree, include(slug), with(fillfactor = 50)),
    index(slug; unique, name = "slug_index", opclass = "text_pattern_ops", concurrently),
    postgres(index(slug; using = gin), check("slug ~ '^a'"; name = "pattern")),
    sqlite(index(slug), check("slug glob 'a*'")),
    check("length(slug) > 2"; name = "slug_length"),
    check("id > 0"),
    exclude("slug with =, int8range(id, owner) with &&"; where = "id > 0", deferrable, name = "no_overlap")
)]
struct Keys {
    id: i64,
    #[column(unique(name = "one_owner", nulls_not_distinct), index, check = "owner > 0")]
    owner: Option<i64>,
    #[column(
        unique(where = "id > 5"),
        index(using = hash, name = "by_hash"),
        postgres(index(using = spgist), check("slug is not null")),
        sqlite(index(name = "plain"))
    )]
    slug: String,
}

#[test]
fn keys_and_constraints() {
    let table = table::<Keys>();
    let mut named = Unique::new(["owner", "slug"]);
    named.name = Some("one_slug".into());
    named.include = vec!["id".into()];
    named.nulls_not_distinct = true;
    named.deferrable = Deferrable::Deferred;
    let mut one = Unique::new(["owner"]);
    one.name = Some("one_owner".into());
    one.nulls_not_distinct = true;
    assert_eq!(table.uniques, [one, named]);
    let checks: Vec<String> = (table.checks.iter())
        .map(|c| {
            let only = c.only.map_or("all", |d| d.0);
            format!("{} {} {}", c.name.as_deref().unwrap_or("-"), c.expression.as_str(), only)
        })
        .collect();
    assert_eq!(
        checks,
        [
            "- owner > 0 all",
            "- slug is not null postgres",
            "slug_length length(slug) > 2 all",
            "- id > 0 all",
            "pattern slug ~ '^a' postgres",
            "- slug glob 'a*' sqlite"
        ]
    );
    let exclusion = &table.exclusions[0];
    assert_eq!((exclusion.using.as_str(), exclusion.deferrable), ("gist", Deferrable::Immediate));
    let elements: Vec<_> = exclusion.elements.iter().map(|e| (e.key.of.clone(), e.operator.as_str())).collect();
    assert_eq!(
        elements,
        [(KeyOf::Column("slug".into()), "="), (KeyOf::Expression("int8range(id, owner)".into()), "&&")]
    );
    assert_eq!(exclusion.predicate, Some("id > 0".into()));
}

#[test]
fn indexes() {
    let indexes = table::<Keys>().indexes;
    let named = |name: &str| indexes.iter().find(|i| i.name.as_deref() == Some(name)).cloned().expect("it is there");
    let unnamed = |wanted: &dyn Fn(&Index) -> bool| indexes.iter().filter(|i| i.name.is_none() && wanted(i)).count();
    assert_eq!(indexes.len(), 11);
    assert_eq!(unnamed(&|i| i.unique && i.predicate.is_some()), 2, "both partial ones");
    assert_eq!(unnamed(&|i| i.unique && i.keys == [Key::expression("lower(slug)")]), 1);
    assert_eq!(unnamed(&|i| i.only == Some(POSTGRES)), 2);
    assert_eq!(unnamed(&|i| i.only == Some(SQLITE)), 1);
    assert_eq!(named("plain").only, Some(SQLITE));
    assert_eq!(named("by_hash").using.as_deref(), Some("hash"));
    let slug = named("slug_index");
    assert!(slug.unique);
    assert_eq!(slug.keys[0].opclass.as_deref(), Some("text_pattern_ops"));
    let large = indexes.iter().find(|i| i.keys.len() == 3).expect("it is there");
    assert_eq!((large.using.clone(), large.with.len(), large.include.len()), (None, 1, 1));
    assert_eq!((large.keys[0].order, large.keys[0].nulls), (Order::Descending, Some(Nulls::Last)));
    assert_eq!(large.keys[2].nulls, Some(Nulls::First));
    assert!(Keys::TABLE.indexes.iter().any(|i| i.concurrently));
}

#[derive(Columns)]
#[table(unique(city, street), check("zip > 0"), rename_all = "camelCase")]
struct Address {
    street: String,
    #[column(index)]
    city: String,
    #[column(flatten)]
    country: Country,
    #[column(default = 1)]
    zip: i32,
}

#[derive(Columns)]
struct Country {
    country_code: Option<String>,
}

#[derive(Table)]
#[table(index(address.city, name), unique(address.country.country_code; where = "name <> ''"))]
struct Person {
    #[column(primary_key)]
    id: i64,
    #[column(flatten)]
    address: Address,
    name: String,
    #[sqlx(skip)]
    cached: Foreign,
}

#[test]
fn a_flattened_struct_brings_its_columns_and_what_is_said_about_them() {
    let table = table::<Person>();
    assert_eq!(
        table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
        ["id", "street", "city", "country_code", "zip", "name"]
    );
    assert_eq!(table.uniques, [Unique::new(["city", "street"])]);
    assert_eq!(table.checks.len(), 1);
    assert_eq!(table.indexes.len(), 3);
    assert!(table.indexes.contains(&Index::new([Key::column("city"), Key::column("name")])));
    assert!(column(&table, "country_code").nullable);
    assert_eq!(Address::COLUMNS.street.name(), "street");
}

#[derive(Table)]
#[table(
    name = "node",
    foreign_key((x, y) references Node(x, y); name = "up", on_delete = set_null, on_update = cascade),
    foreign_key(x references "geo.grid(x)"; on_delete = set_default),
    unique(x, y)
)]
struct Node {
    #[column(primary_key, auto_increment)]
    id: i64,
    x: Option<i32>,
    y: Option<i32>,
    #[column(references = Node::id, on_delete = restrict, on_update = no_action, deferrable)]
    next: i64,
}

#[test]
fn foreign_keys() {
    let table = table::<Node>();
    let mut next = ForeignKey::new(["next"], "node", ["id"]);
    next.on_delete = Action::Restrict;
    next.deferrable = Deferrable::Immediate;
    let mut up = ForeignKey::new(["x", "y"], "node", ["x", "y"]);
    up.name = Some("up".into());
    up.on_delete = Action::SetNull;
    up.on_update = Action::Cascade;
    let mut grid = ForeignKey::new(["x"], ("geo", "grid"), ["x"]);
    grid.on_delete = Action::SetDefault;
    assert_eq!(table.foreign_keys, [next, up, grid]);
    assert_eq!(column(&table, "id").auto, Some(Auto::Increment));
}

#[derive(Enum)]
#[db_enum(schema = "auth", rename_all = "SCREAMING-KEBAB-CASE", comment = "What it may do", renamed_from = "rights")]
enum UserRight {
    ReadAll,
    #[db_enum(rename = "write", renamed_from = "WRITE")]
    Write,
}

#[derive(Enum)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
enum Colour {
    Red,
    #[sqlx(rename = "it's blue")]
    Blue,
}

#[derive(Enum)]
#[repr(i16)]
enum Level {
    Low = -1,
    Mid,
    High = 7,
}

#[derive(Enum)]
#[sqlx(type_name = "Auth.\"Odd\"")]
enum Odd {
    One,
}

/// A newtype by another name in SQL.
#[derive(ColumnType)]
#[column_type(sql_type = "citext")]
struct Email(String);

#[derive(ColumnType)]
struct Wrapped<T> {
    inner: T,
}

#[derive(ColumnType)]
struct Maybe(Option<Wrapped<i32>>);

#[derive(Table)]
struct Typed {
    #[column(primary_key, default = 7)]
    level: Level,
    rights: Vec<UserRight>,
    #[column(default = "red")]
    colour: Option<Colour>,
    colours: Vec<Colour>,
    odd: Odd,
    email: Email,
    emails: Vec<Email>,
    wrapped: Wrapped<String>,
    maybe: Maybe,
    #[sqlx(json)]
    json: Foreign,
    #[sqlx(json(nullable))]
    json_or_null: Option<Foreign>,
    #[sqlx(try_from = "i64")]
    converted: u64,
    #[sqlx(rename = "elsewhere")]
    renamed: Box<str>,
}

#[test]
fn enums_and_newtypes() {
    let registry = Registry::default().table::<Typed>();
    let schema = schema(&registry);
    let names: Vec<String> = schema.enums.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["auth.Odd", "auth.userright"]);
    let right = schema.enums.values().last().expect("it is there");
    assert_eq!(right.labels.iter().map(|l| l.as_str()).collect::<Vec<_>>(), ["READ-ALL", "write"]);
    assert_eq!(right.comment.as_deref(), Some("What it may do"));
    let renames = registry.renames();
    assert_eq!(renames.enums.len(), 1);
    assert_eq!(renames.labels, [(right.name.clone(), "WRITE".into(), "write".into())]);
    let table = &schema.tables[&"typed".into()];
    let of = |name: &str| column(table, name).ty;
    assert_eq!(of("level"), Type::SmallInt);
    assert_eq!(of("rights"), Type::Array(Box::new(Type::Named(right.name.clone()))));
    assert_eq!((of("colour"), of("colours")), (Type::Text, Type::Array(Box::new(Type::Text))));
    assert_eq!(
        (of("email"), of("emails")),
        (Type::Sql("citext".into()), Type::Array(Box::new(Type::Sql("citext".into()))))
    );
    assert_eq!((of("wrapped"), of("maybe"), column(table, "maybe").nullable), (Type::Text, Type::Integer, true));
    assert_eq!((of("json"), column(table, "json").nullable), (Type::Jsonb, false));
    assert_eq!((of("json_or_null"), column(table, "json_or_null").nullable), (Type::Jsonb, true));
    assert_eq!((of("converted"), of("elsewhere")), (Type::BigInt, Type::Text));
    let checks: Vec<&str> = table.checks.iter().map(|c| c.expression.as_str()).collect();
    assert_eq!(checks, ["\"level\" in (-1, 0, 7)", "\"colour\" in ('red', 'it''s blue')"]);
}

mod twice {
    #[derive(limbeck::Table)]
    #[table(group = "apart", name = "typed")]
    pub(super) struct Other {
        #[column(primary_key)]
        id: i64,
        level: Level,
    }

    #[derive(limbeck::Enum)]
    #[sqlx(type_name = "userright")]
    #[db_enum(schema = "auth")]
    pub(super) enum Level {
        Other,
    }

    #[derive(limbeck::Table)]
    #[table(group = "apart")]
    pub(super) struct User2 {
        #[column(primary_key)]
        level: Level,
    }
}

#[test]
fn models_that_contradict_each_other() {
    let error = Registry::default().table::<Typed>().table::<twice::Other>().schema().expect_err("one table twice");
    let text = error.to_string();
    assert!(matches!(error, RegistryError::Twice { .. }));
    for part in ["`typed`", "grammar::Typed", "grammar::twice::Other", "tests/grammar.rs:"] {
        assert!(text.contains(part), "{text}");
    }
    let error = Registry::default().table::<Typed>().table::<twice::User2>().schema().expect_err("one enum twice");
    assert!(matches!(error, RegistryError::Enum { .. }), "{error}");
    assert!(Registry::default().table::<Typed>().table::<Typed>().schema().is_ok(), "the same model twice is one");
    assert_eq!(Registry::default().schema(), Err(RegistryError::Empty));
    assert!(RegistryError::Empty.to_string().contains("limbeck::models!("));
}
