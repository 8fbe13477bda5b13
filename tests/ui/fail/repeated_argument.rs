//! An argument that is given twice.

#[derive(limbeck::Table)]
#[table(name = "a", name = "b")]
struct Account {
    #[column(primary_key)]
    #[column(primary_key)]
    id: i64,
}

fn main() {}
