//! A foreign key to a field that is not unique: alone, or in another combination.

#[derive(limbeck::Table)]
#[table(primary_key(tenant_id, id))]
struct Account {
    tenant_id: i64,
    id: i64,
    email: String,
}

#[derive(limbeck::Table)]
#[table(foreign_key((tenant_id, author_email) references Account(tenant_id, email)))]
struct Post {
    #[column(primary_key)]
    id: i64,
    tenant_id: i64,
    #[column(references = Account::email)]
    author_email: String,
    #[column(references = Account::id)]
    author_id: i64,
}

fn main() {}
