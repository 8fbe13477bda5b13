//! The migrations, one sorted line each.

mod m20261123_3ce8956a_documents;
mod m20261123_a4f55a78_accounts;
mod m20261123_bb64eeaa_workspaces_and_members;
