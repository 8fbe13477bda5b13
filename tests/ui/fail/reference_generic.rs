//! A model with type parameters is checked where it is made a table.

use limbeck::Table;
use limbeck::registry::Registry;

#[derive(Table)]
struct Account {
    #[column(primary_key)]
    id: i64,
    email: String,
}

#[derive(Table)]
struct Event<T> {
    #[column(primary_key)]
    id: i64,
    #[column(references = Account::id)]
    account_id: i32,
    #[column(references = Account::email)]
    email: String,
    #[column(references = Self::id)]
    cause: Option<i64>,
    payload: T,
}

fn main() {
    let _ = Registry::default().table::<Event<String>>();
}
