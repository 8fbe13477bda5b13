//! `set_null` on a field that cannot be NULL.

#[derive(limbeck::Table)]
struct Post {
    #[column(primary_key)]
    id: i64,
    #[column(references = Post::id, on_delete = set_null)]
    parent_id: i64,
}

fn main() {}
