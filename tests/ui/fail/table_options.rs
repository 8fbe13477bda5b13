//! Options that the thing does not have.

#[derive(limbeck::Table)]
#[table(
    without_rowid,
    comment = doc,
    rename_all = "snakecase",
    renamed_from = "stay",
    primary_key(id desc; where = "true"),
    index(id; deferrable, nulls_not_distinct),
    unique(id; unique),
    exclude("id", "room with ="),
    check(id > 1),
    crate = "limbeck",
)]
struct Stay {
    id: i64,
}

#[derive(limbeck::Table)]
#[table(without_rowid, renamed_from = "bed", exclude("room"))]
struct Bed {
    room: i64,
}

fn main() {}
