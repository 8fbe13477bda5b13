//! Options that say nothing alone, and ones that exclude each other.

#[derive(limbeck::Table)]
struct Post {
    #[column(primary_key, identity, auto_increment)]
    id: i64,
    #[column(on_delete = cascade)]
    parent_id: i64,
    #[column(default = 1, default_sql = "2")]
    a: i64,
    #[column(generated = "a + 1", default = 1)]
    b: i64,
    #[column(sql_type = "varchar(64)", length = 64)]
    c: String,
    #[column(scale = 2)]
    d: i64,
    #[column(nullable)]
    e: i64,
    #[column(skip, unique)]
    f: i64,
    #[column(virtual)]
    g: i64,
}

fn main() {}
