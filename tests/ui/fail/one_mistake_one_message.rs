//! One mistake gives one message, whoever uses the model.

use limbeck::Table;

#[derive(limbeck::Table)]
struct Account {
    #[column(primary_key)]
    id: i64,
    #[column(uniqe)]
    email: String,
}

#[derive(limbeck::Table)]
struct Post {
    #[column(primary_key, references = Account::id)]
    id: i64,
    #[column(references = Account::email)]
    by: String,
}

fn main() {
    println!("{} {}", Account::TABLE.name, Account::COLUMNS.email.name());
    println!("{}", Post::TABLE.name);
}
