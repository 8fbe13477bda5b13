//! The migrations, one sorted line each.

mod m20261123_a44ce75b_first_tables;
