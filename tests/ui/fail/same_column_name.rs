//! Two columns of one name.

#[derive(limbeck::Columns)]
struct Stamps {
    created: i64,
}

#[derive(limbeck::Table)]
#[table(column("title", "text"))]
struct Post {
    title: String,
    #[column(name = "title")]
    heading: String,
}

#[derive(limbeck::Table)]
struct Draft {
    #[column(primary_key)]
    id: i64,
    created: i64,
    #[column(flatten)]
    stamps: Stamps,
}

fn main() {}
