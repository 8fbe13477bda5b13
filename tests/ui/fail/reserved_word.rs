//! Reserved words as names that nobody wrote out.

#[derive(limbeck::Table)]
struct User {
    #[column(primary_key)]
    id: i64,
    order: i32,
    r#type: i32,
}

#[derive(limbeck::Enum)]
enum Group {
    A,
}

fn main() {
    let _ = Group::A;
}
