//! A foreign key to something that is no model, and to something that is not there.

struct Account {
    id: i64,
}

#[derive(limbeck::Table)]
struct Post {
    #[column(primary_key)]
    id: i64,
    #[column(references = Account::id)]
    author_id: i64,
    #[column(references = Acount::id)]
    editor_id: i64,
}

fn main() {
    let _ = Account { id: 1 }.id;
}
