//! A reading list: its models and its migrations.

/// The migrations of the database.
pub mod migrations;
/// What the tables look like.
pub mod models;
