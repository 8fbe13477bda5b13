//! A foreign key to a field that does not exist.

#[derive(limbeck::Table)]
struct Account {
    #[column(primary_key)]
    id: i64,
    email: String,
}

#[derive(limbeck::Table)]
struct Post {
    #[column(primary_key)]
    id: i64,
    #[column(references = Account::uid)]
    author_id: i64,
}

fn main() {}
