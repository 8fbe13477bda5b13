//! What the derives make of structs and enums, as a schema.

#![expect(dead_code, reason = "the structs are only described, never made")]

use limbeck::registry::Registry;
use limbeck::schema::{
    Action, Check, Column, Default, Enum as EnumType, ForeignKey, Index, Key, Literal, Name, Order, PrimaryKey, Schema,
    Table as TableValue, Type, Unique,
};
use limbeck::{ColumnType, Enum, Table};

/// The schema of one model.
fn schema(registry: Registry) -> Schema {
    registry.schema().expect("the models agree")
}

fn table<T: Table>() -> TableValue {
    schema(Registry::default().table::<T>()).tables.into_values().next().expect("there is one table")
}

fn column(table: &TableValue, name: &str) -> Column {
    table.column(name).cloned().unwrap_or_else(|| panic!("no column {name} in {table:?}"))
}

#[derive(ColumnType)]
struct AccountId(i64);

type Maybe<T> = Option<T>;

#[derive(Table)]
#[table(index(email, created desc; where = "bio is not null"), check("length(email) > 2"; name = "email_length"))]
struct Account {
    #[column(primary_key, auto_increment)]
    id: i64,
    #[column(unique, length = 64)]
    email: String,
    bio: Maybe<String>,
    #[column(default = "member")]
    role: Role,
    past_roles: Vec<Role>,
    #[column(default_sql = "now()", sql_type = "timestamptz")]
    created: std::time::SystemTime,
    #[column(sql_type = "timestamptz")]
    gone: Maybe<std::time::SystemTime>,
    #[column(references = Self::id, on_delete = set_null)]
    boss: Option<AccountId>,
    r#type: i16,
    #[column(skip)]
    cache: std::cell::Cell<u8>,
}

#[derive(Enum)]
#[sqlx(type_name = "role", rename_all = "snake_case")]
enum Role {
    Owner,
    TeamMember,
    #[sqlx(rename = "member")]
    Plain,
}

#[test]
fn a_struct_is_a_table() {
    let table = table::<Account>();
    assert_eq!(table.name.to_string(), "account");
    assert_eq!(
        table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
        ["id", "email", "bio", "role", "past_roles", "created", "gone", "boss", "type"]
    );
    assert_eq!(table.primary_key, Some(PrimaryKey::new(["id"])));
    assert_eq!(table.uniques, [Unique::new(["email"])]);
    let mut check = Check::new("length(email) > 2");
    check.name = Some("email_length".into());
    assert_eq!(table.checks, [check]);
    let mut key = ForeignKey::new(["boss"], "account", ["id"]);
    key.on_delete = Action::SetNull;
    assert_eq!(table.foreign_keys, [key]);
    let mut created = Key::column("created");
    created.order = Order::Descending;
    let mut index = Index::new([Key::column("email"), created]);
    index.predicate = Some("bio is not null".into());
    assert_eq!(table.indexes, [index]);
}

#[test]
fn types_and_null_come_from_the_rust_type_under_whatever_name() {
    let table = table::<Account>();
    let of = |name| {
        let column = column(&table, name);
        (column.ty, column.nullable)
    };
    assert_eq!(of("email"), (Type::Varchar(Some(64)), false));
    assert_eq!(of("bio"), (Type::Text, true));
    assert_eq!(of("role"), (Type::Named("role".into()), false));
    assert_eq!(of("past_roles"), (Type::Array(Box::new(Type::Named("role".into()))), false));
    assert_eq!(of("created"), (Type::Sql("timestamptz".into()), false));
    assert_eq!(of("gone"), (Type::Sql("timestamptz".into()), true));
    assert_eq!(of("boss"), (Type::BigInt, true));
    assert_eq!(of("type"), (Type::SmallInt, false));
    assert_eq!(column(&table, "role").default, Some(Default::Literal(Literal::Text("member".into()))));
    assert_eq!(column(&table, "created").default, Some(Default::Sql("now()".into())));
}

#[test]
fn an_enum_is_what_sqlx_sends() {
    let schema = schema(Registry::default().table::<Account>());
    let labels: Vec<Name> = ["owner", "team_member", "member"].map(Name::from).to_vec();
    assert_eq!(
        schema.enums.into_values().collect::<Vec<_>>(),
        [EnumType { name: "role".into(), labels, comment: None }]
    );
}

#[test]
fn columns_are_there_to_build_queries_with() {
    assert_eq!(Account::COLUMNS.r#type.name(), "type");
    assert_eq!(
        format!("SELECT {} FROM {}", Account::COLUMNS.email, Account::TABLE.name),
        "SELECT \"email\" FROM account"
    );
}

#[test]
fn a_derived_struct_registers_itself() {
    let names: Vec<&str> = Registry::registered().tables().map(|t| t.name).collect();
    assert!(names.contains(&"account"), "{names:?}");
}
