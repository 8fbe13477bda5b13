//! A foreign key to a field of another type.

#[derive(limbeck::ColumnType)]
struct AccountId(i64);

#[derive(limbeck::Table)]
struct Account {
    #[column(primary_key)]
    id: AccountId,
}

#[derive(limbeck::Table)]
struct Post {
    #[column(primary_key)]
    id: i64,
    #[column(references = Account::id)]
    author_id: String,
    #[column(references = Account::id)]
    editor_id: Option<i32>,
}

fn main() {}
