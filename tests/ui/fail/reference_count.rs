//! A foreign key with more fields on one side, without fields, or with fields that are not there.

#[derive(limbeck::Table)]
#[table(
    foreign_key((tenant_id, author_id) references Post(id)),
    foreign_key(() references Post()),
    foreign_key((tenant_id, authr_id) references Post(tenant_id, id)),
    foreign_key((tenant_id) referencing Post(id)),
)]
struct Post {
    #[column(primary_key)]
    id: i64,
    tenant_id: i64,
    author_id: i64,
}

fn main() {}
