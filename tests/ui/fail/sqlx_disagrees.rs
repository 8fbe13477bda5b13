//! sqlx's own attributes say something else.

#[derive(limbeck::Table)]
#[sqlx(rename_all = "camelCase")]
#[table(rename_all = "snake_case")]
struct Account {
    #[column(primary_key)]
    id: i64,
    #[sqlx(rename = "mail")]
    #[column(name = "email")]
    email: String,
}

#[derive(limbeck::Enum)]
#[sqlx(type_name = "role")]
#[db_enum(name = "account_role")]
enum Role {
    #[sqlx(rename = "owner")]
    #[db_enum(rename = "Owner")]
    Owner,
}

#[derive(limbeck::Enum)]
#[sqlx(rename_all = "snake_case")]
#[db_enum(text)]
enum Colour {
    Red,
}

#[derive(limbeck::ColumnType)]
#[sqlx(type_name = "email")]
#[column_type(sql_type = "citext")]
struct Email(String);

fn main() {
    let _ = (Role::Owner, Colour::Red);
}
