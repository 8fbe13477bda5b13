//! The database of `connexity`: its models and its migrations.

pub mod migrations;
pub mod models;
