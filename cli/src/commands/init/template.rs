//! The files that `init` writes.

use super::manifest::Requirement;
use crate::project::config::DatabaseKind;

/// `Cargo.toml` of the new crate.
pub(super) fn manifest(name: &str, app: &str, requirement: &Requirement) -> String {
    format!(
        r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
description = "The database of {app}: its models and migrations"
publish = false

# Where `cargo limbeck` finds the binary that hosts it.
[package.metadata.limbeck]
bin = "{name}"

[features]
# The command line, which the app does without.
cli = ["dep:limbeck-cli"]

[dependencies]
limbeck = {limbeck}
limbeck-cli = {cli}

[[bin]]
name = "{name}"
path = "src/main.rs"
required-features = ["cli"]
"#,
        limbeck = requirement.library(),
        cli = requirement.command_line(),
    )
}

/// `limbeck.toml`.
pub(super) fn config(databases: &[DatabaseKind], migrations: &str) -> String {
    let databases: Vec<String> = databases.iter().map(|database| format!("\"{}\"", database.feature())).collect();
    format!(
        r#"# The databases that every migration must run on.
databases = [{}]
# The folder of the migrations.
migrations = "{migrations}"
"#,
        databases.join(", ")
    )
}

/// `src/lib.rs`.
pub(super) fn library(app: &str) -> String {
    format!(
        r#"//! The database of `{app}`: its models and its migrations.

pub mod migrations;
pub mod models;

// The app upgrades with this very Limbeck, and links the models and migrations by naming this crate.
pub use limbeck;
"#
    )
}

/// The binary that hosts the command line.
pub(super) fn host(library: &str) -> String {
    format!(
        r#"//! The command line of the migrations; `cargo limbeck` builds and runs it.

// A crate that is not named is not linked, and its models would be unknown.
use {library} as _;

fn main() -> std::process::ExitCode {{
    limbeck_cli::main()
}}
"#
    )
}

/// `src/models.rs`.
pub(super) fn models() -> &'static str {
    r#"//! What the tables look like: one struct a table.

// #[derive(limbeck::Table)]
// pub struct Note {
//     #[column(primary_key, auto_increment)]
//     pub id: i64,
//     #[column(unique)]
//     pub slug: String,
//     /// `Option` means that NULL is allowed.
//     pub body: Option<String>,
// }
"#
}

/// `src/migrations/mod.rs`.
pub(super) fn migrations() -> &'static str {
    "//! The migrations, one sorted line each.\n"
}

/// A library's text with the two modules in it.
pub(super) fn with_modules(text: &str, models: bool) -> String {
    let mut text = text.trim_end().to_owned();
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str("/// The migrations of the database.\npub mod migrations;\n");
    let has_models = text.lines().any(|line| {
        let words = line.trim().trim_end_matches(';');
        words.ends_with("mod models")
    });
    if models && !has_models {
        text.push_str("/// What the tables look like.\npub mod models;\n");
    }
    text
}
