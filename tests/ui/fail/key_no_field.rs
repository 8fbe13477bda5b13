//! Keys that name no field.

#[derive(limbeck::Table)]
#[table(
    index(ownr_id),
    index(slug, slug),
    index(created_at descending),
    index(created),
    unique("slug", cache),
    unique(),
    unique(slug, owner),
    primary_key(uuid),
    index(owner_id; include(slg)),
)]
struct Post {
    id: i64,
    owner_id: i64,
    slug: String,
    #[column(name = "created")]
    created_at: i64,
    #[column(skip)]
    cache: u8,
}

fn main() {}
