//! The migrations, one sorted line each.

mod m20261123_a4f55a78_accounts;
