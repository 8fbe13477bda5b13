//! More than one primary key, and one that may be NULL.

#[derive(limbeck::Table)]
#[table(primary_key(id), primary_key(slug))]
struct Post {
    #[column(primary_key)]
    id: i64,
    slug: String,
}

#[derive(limbeck::Table)]
struct Draft {
    #[column(primary_key)]
    id: Option<i64>,
}

fn main() {}
