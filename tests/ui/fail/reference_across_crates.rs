//! Foreign keys to a model of another crate, whose fields are private.

use limbeck_tests::models::Tenant;

#[derive(limbeck::Table)]
#[table(foreign_key((region, code) references Tenant(region, code)))]
struct Office {
    #[column(primary_key)]
    id: i64,
    #[column(references = Tenant::id)]
    tenant: i64,
    #[column(references = Tenant::id)]
    other: String,
    #[column(references = Tenant::slugg)]
    slug: String,
    region: i32,
    code: i32,
}

fn main() {}
