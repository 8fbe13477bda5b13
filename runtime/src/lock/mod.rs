//! `limbeck.lock`: what the migrations make of a crate's models, one line an object, beside the crate's `Cargo.toml`.
//!
//! The derives read it, and compare it while compiling with what the model says now: a release build with a model that no
//! migration covers does not compile. `cargo limbeck revision` and `cargo limbeck lock` write it; git keeps it.
//!
//! ```text
//! # Written by `cargo limbeck lock`: what the migrations make of these models.
//! enum role v1 1d6b0c5a2f4be2c1c9a1cf0d8b8f7f53
//! table auth.account v1 5f0d4a6c1b2e90fd6a9f1e2b3c4d5e6f
//! ```
//!
//! A line is a kind, a name, the version of the encoding, and a hash; from the right, because a name may have spaces. In a
//! name, `\`, `.` and line ends are written `\\`, `\.`, `\n` and `\r`, so that a dot always ends a schema. Lines are
//! sorted; a line that begins with `#` is a comment. An enum that is stored as text or as a number is part of the tables
//! that use it and has no line.
//!
//! | when | what is compared |
//! |---|---|
//! | there is no `limbeck.lock` | nothing |
//! | without debug assertions (`--release`) | every model of the library and the programs |
//! | `limbeck.toml` says `drift = "always"` | the same in every build |
//! | it says `drift = "off"`, or `LIMBECK_DRIFT=off` is set | nothing; the variable wins |
//! | unit tests, integration tests, benchmarks | nothing |
//!
//! `limbeck.toml` is looked for beside the crate's `Cargo.toml` and above it, up to the folder of `Cargo.lock`. Cargo
//! builds the crate anew when one of the two files or the variable changes; that a file appeared, it sees when the crate is
//! built anew for another reason. A generic model is no table, and is not
//! compared.
//!
//! # The encoding, version 1
//!
//! Frozen. A model's hash is the sum, modulo 2¹²⁸, of the hashes of its parts: the table itself, and each column, unique
//! constraint, check, foreign key, exclusion and index, those of flattened structs among them. So the order of fields and
//! of attributes says nothing. The hash of a part is FNV-1a with 128 bits over a sequence of texts and numbers, stirred
//! three times: `h ^= h >> 64; h *= 0x9e3779b97f4a7c15f39cc0605cedc835`. A text is its bytes in UTF-8 and a byte `ff`; a
//! number is a byte `fe` and eight bytes, the lowest first. What is not said is left out, so that what Limbeck learns to
//! say later leaves old hashes as they are. Where a model stands in Rust, `renamed_from`, `backfill`, `group` and
//! `concurrently` are no part of it.

mod hash;

use std::collections::{BTreeMap, BTreeSet};

#[doc(hidden)]
pub use hash::{assert_enum, assert_table, keys};

use crate::registry::{Registry, enum_of};
use crate::schema::QualifiedName;
use crate::table::{EnumDef, ReferenceDef, StoredDef, TableDef};

/// The name of the file.
pub const FILE: &str = "limbeck.lock";

/// What the first line of the file says.
const HEAD: &str = "# Written by `cargo limbeck lock`: what the migrations make of these models.\n";

/// The text of `limbeck.lock` for each package with models. Only to be written when the models equal what the migrations
/// add up to.
///
/// [`Registry::all`] gives the models of every group. Where a package is, cargo knows (`cargo metadata`).
///
/// ```
/// use limbeck::lock;
/// use limbeck::registry::Registry;
///
/// #[derive(limbeck::Table)]
/// struct Account {
///     #[column(primary_key)]
///     id: i64,
/// }
///
/// let texts = lock::texts(&Registry::default().table::<Account>());
/// let (_package, text) = texts.first_key_value().unwrap();
/// assert!(text.lines().any(|line| line.starts_with("table account v1 ")));
/// ```
#[must_use]
pub fn texts(registry: &Registry) -> BTreeMap<&'static str, String> {
    let mut lines: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut add = |package, kind: &str, schema, name, hash: u128| {
        let line = format!("{kind} {} v1 {hash:032x}", object(schema, name));
        lines.entry(package).or_default().insert(line);
    };
    for table in registry.tables() {
        add(table.package, "table", table.schema, table.name, of_table(table));
        for of in table.all_columns().into_iter().filter_map(|column| enum_of(&column.ty)) {
            if of.stored == StoredDef::Type && !of.package.is_empty() {
                add(of.package, "enum", of.schema, of.name, of_enum(of));
            }
        }
    }
    let text = |lines: BTreeSet<String>| lines.into_iter().fold(HEAD.to_owned(), |text, line| text + &line + "\n");
    lines.into_iter().map(|(package, lines)| (package, text(lines))).collect()
}

/// What a line calls it: the derives write the same.
/// The tables that such a text is about.
#[must_use]
pub fn tables(text: &str) -> Vec<QualifiedName> {
    let names = text.lines().filter_map(|line| line.strip_prefix("table ")?.rsplit_once(" v"));
    names.map(|(name, _)| parted(name)).collect()
}

/// A name as it was before it was written on a line.
fn parted(text: &str) -> QualifiedName {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for letter in text.chars() {
        let last = parts.len() - 1;
        match (std::mem::take(&mut escaped), letter) {
            (false, '\\') => escaped = true,
            (false, '.') => parts.push(String::new()),
            (true, 'n') => parts[last].push('\n'),
            (true, 'r') => parts[last].push('\r'),
            (_, letter) => parts[last].push(letter),
        }
    }
    let name = parts.pop().unwrap_or_default();
    QualifiedName::new(parts.pop().map(|schema| schema.as_str().into()), name.as_str())
}

fn object(schema: Option<&str>, name: &str) -> String {
    let part = |text: &str| text.replace('\\', "\\\\").replace('.', "\\.").replace('\n', "\\n").replace('\r', "\\r");
    schema.map_or_else(|| part(name), |schema| format!("{}.{}", part(schema), part(name)))
}

/// A model's hash. The compiler computes the same.
#[must_use]
pub fn of_table(table: &'static TableDef) -> u128 {
    let foreign: u128 = table.parts().into_iter().map(of_keys).fold(0, u128::wrapping_add);
    hash::table(table).wrapping_add(foreign)
}

/// An enum's hash. The compiler computes the same.
#[must_use]
pub const fn of_enum(of: &EnumDef) -> u128 {
    hash::enumeration(of)
}

/// The foreign keys of a struct to models, whose tables the compiler gives by themselves: two models may refer to each other.
fn of_keys(table: &'static TableDef) -> u128 {
    let targets: Vec<&TableDef> = table
        .foreign_keys
        .iter()
        .filter_map(|key| match key.references {
            ReferenceDef::Model { table, .. } => Some(table()),
            ReferenceDef::Table { .. } => None,
        })
        .collect();
    keys(table, &targets)
}

#[cfg(test)]
mod tests;
