//! Models of a crate of their own, for references from other crates.

use limbeck::{ColumnType, Table};

/// A key of its own type.
#[derive(Clone, Copy, Debug, ColumnType)]
pub struct TenantId(pub i64);

/// A model that others refer to; its fields are private.
#[derive(Table)]
#[table(group = "tests", unique(slug), unique(region, code; where = "code is not null"))]
pub struct Tenant {
    #[column(primary_key)]
    id: TenantId,
    slug: String,
    region: i32,
    code: Option<i32>,
}

impl Tenant {
    /// What it is known by.
    #[must_use]
    pub fn key(&self) -> (TenantId, &str, i32, Option<i32>) {
        (self.id, &self.slug, self.region, self.code)
    }
}
