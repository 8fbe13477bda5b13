//! Foreign keys that are right: in a cycle, of newtypes, composite, to unique fields, across crates, without a model.

use limbeck::registry::Registry;
use limbeck::{ColumnType, Columns, Table};
use limbeck_tests::models::{Tenant, TenantId};

#[derive(ColumnType)]
struct UserId(i64);

#[derive(Columns)]
struct Owned {
    #[column(references = User::id, index)]
    owner_id: i64,
}

#[derive(Table)]
#[table(name = "account", unique(tenant_id, email), foreign_key((tenant_id, boss) references Self(tenant_id, email)))]
struct User {
    #[column(primary_key)]
    id: UserId,
    #[column(references = Tenant::id, on_delete = cascade, on_update = restrict, deferrable = initially_deferred)]
    tenant_id: TenantId,
    #[column(length = 100)]
    email: String,
    boss: Option<String>,
    #[column(references = Post::id)]
    favourite: Option<i64>,
    #[column(references = "auth.session(id)")]
    session: Option<i64>,
}

#[derive(Table)]
#[table(
    foreign_key((tenant_id, author) references User(email, tenant_id); name = "post_author", on_delete = cascade),
    foreign_key((tenant_id, author) references "other(a, b)"),
    index(owned.owner_id, tenant_id)
)]
struct Post {
    #[column(primary_key)]
    id: i64,
    tenant_id: String,
    author: TenantId,
    #[column(flatten)]
    owned: Owned,
    #[column(references = limbeck_tests::models::Tenant::slug)]
    slug: String,
}

fn main() {
    let schema = Registry::default().table::<User>().table::<Post>().table::<Tenant>().schema().expect("they agree");
    let post = &schema.tables[&"post".into()];
    assert_eq!(post.foreign_keys.len(), 4);
    assert!(post.foreign_keys.iter().any(|k| k.name.is_some() && k.referenced_columns[0] == "email"));
    assert_eq!(post.indexes.len(), 2);
    let _ = (
        User { id: UserId(1), tenant_id: TenantId(1), email: String::new(), boss: None, favourite: None, session: None },
        Post { id: 1, tenant_id: String::new(), author: TenantId(2), owned: Owned { owner_id: 1 }, slug: String::new() },
    );
}
