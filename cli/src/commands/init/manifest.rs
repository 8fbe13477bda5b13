//! Changes to `Cargo.toml` files that keep their formatting.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use cargo_metadata::camino::{Utf8Path, Utf8PathBuf};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use crate::failure::Failure;
use crate::project::config::DatabaseKind;
use crate::project::pattern::matches;

/// The manifests that are being changed.
#[derive(Default)]
pub(super) struct Manifests(BTreeMap<Utf8PathBuf, DocumentMut>);

impl Manifests {
    /// A manifest, to change. The same one is read once.
    pub(super) fn edit(&mut self, path: &Utf8Path) -> Result<&mut DocumentMut, Failure> {
        match self.0.entry(path.to_owned()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(vacant) => {
                let cannot = || Failure::new(format!("cannot read `{path}`"));
                let text = std::fs::read_to_string(path).map_err(|error| cannot().because(&error))?;
                let document = text.parse().map_err(|error| cannot().because(&error))?;
                Ok(vacant.insert(document))
            }
        }
    }

    /// The new texts.
    pub(super) fn texts(self) -> impl Iterator<Item = (Utf8PathBuf, String)> {
        self.0.into_iter().map(|(path, document)| (path, document.to_string()))
    }
}

/// How a project depends on Limbeck.
pub(super) struct Requirement {
    features: Vec<&'static str>,
    source: Option<std::path::PathBuf>,
}

impl Requirement {
    pub(super) fn new(databases: &[DatabaseKind], source: Option<&Path>) -> Self {
        Self {
            features: databases.iter().map(|database| database.feature()).collect(),
            source: source.map(Path::to_owned),
        }
    }

    /// The library.
    pub(super) fn library(&self) -> InlineTable {
        let mut table = self.table("runtime");
        table.insert("features", self.features().into());
        table
    }

    /// The command line.
    pub(super) fn command_line(&self) -> InlineTable {
        let mut table = self.table("cli");
        table.insert("default-features", false.into());
        table.insert("features", self.features().into());
        table.insert("optional", true.into());
        table
    }

    fn table(&self, folder: &str) -> InlineTable {
        let mut table = InlineTable::new();
        match &self.source {
            Some(source) => {
                let path = source.join(folder).to_string_lossy().into_owned();
                table.insert("path", path.into());
            }
            None => {
                table.insert("version", env!("CARGO_PKG_VERSION").into());
            }
        }
        table
    }

    fn features(&self) -> Array {
        self.features.iter().copied().collect()
    }
}

/// Whether a pattern of members, as cargo reads it, covers a path: `*` stands for any text between slashes.
pub(super) fn covers(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    let (patterns, parts): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    patterns.len() == parts.len() && patterns.iter().zip(parts).all(|(p, s)| matches(p, s))
}

/// Makes a package a member of the workspace, and the root a workspace where it is none.
pub(super) fn add_member(document: &mut DocumentMut, member: &str) {
    let workspace = table(document.as_table_mut(), "workspace");
    let members = workspace.entry("members").or_insert_with(|| value(Array::new()));
    let Some(members) = members.as_array_mut() else {
        return;
    };
    let covered = |known: &Value| known.as_str().is_some_and(|known| covers(known, member));
    if !members.iter().any(covered) {
        push(members, member);
    }
}

/// Adds to an array in the way its other elements are written: each on its own line, or all on one.
fn push(array: &mut Array, text: &str) {
    let prefix = array
        .iter()
        .last()
        .and_then(|last| last.decor().prefix().and_then(|p| p.as_str()).map(str::to_owned))
        .filter(|prefix| prefix.contains('\n'));
    let mut new = Value::from(text);
    match prefix {
        Some(prefix) => {
            // A comment above the last element is about that one alone.
            let line = prefix.rfind('\n').map_or(prefix.as_str(), |at| &prefix[at..]);
            new.decor_mut().set_prefix(line);
            array.push_formatted(new);
            array.set_trailing_comma(true);
        }
        None => array.push(text),
    }
}

/// Adds a dependency on a package in a folder.
pub(super) fn add_path_dependency(document: &mut DocumentMut, name: &str, path: &Utf8Path) {
    let parts: Vec<&str> = path.components().map(|c| c.as_str()).collect();
    let mut dependency = InlineTable::new();
    dependency.insert("path", parts.join("/").into());
    table(document.as_table_mut(), "dependencies").insert(name, value(dependency));
}

/// Makes a library the host of the command line.
pub(super) fn host_here(
    document: &mut DocumentMut,
    bin: &str,
    path: &str,
    requirement: &Requirement,
) -> Result<(), Failure> {
    let root = document.as_table_mut();
    let taken = |table: &str, key: &str| root.get(table).and_then(|t| t.get(key)).is_some();
    for name in ["limbeck", "limbeck-cli"] {
        if taken("dependencies", name) {
            return Err(Failure::new(format!("the package depends on `{name}` already"))
                .why("nothing was changed")
                .next("take that dependency out, and run this again"));
        }
    }
    // A project's own feature keeps its name.
    let feature = if taken("features", "cli") { "limbeck-cli" } else { "cli" };
    let mut host = InlineTable::new();
    host.insert("bin", bin.into());
    if feature != "cli" {
        host.insert("features", Array::from_iter([feature]).into());
    }
    let metadata = table(table(root, "package"), "metadata");
    metadata.set_implicit(true);
    metadata.insert("limbeck", value(host));
    let dependencies = table(root, "dependencies");
    dependencies.insert("limbeck", value(requirement.library()));
    dependencies.insert("limbeck-cli", value(requirement.command_line()));
    table(root, "features").insert(feature, value(Array::from_iter(["dep:limbeck-cli"])));
    let mut target = Table::new();
    target.insert("name", value(bin));
    target.insert("path", value(path));
    target.insert("required-features", value(Array::from_iter([feature])));
    let bins = root.entry("bin").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(bins) = bins.as_array_of_tables_mut() {
        bins.push(target);
    }
    Ok(())
}

/// A table of a table, made where it is missing.
fn table<'a>(parent: &'a mut Table, name: &str) -> &'a mut Table {
    let item = parent.entry(name).or_insert_with(|| Item::Table(Table::new()));
    if !item.is_table() {
        // An inline table is the same in other clothes.
        let taken = std::mem::take(item);
        *item = Item::Table(taken.into_table().unwrap_or_default());
    }
    item.as_table_mut().unwrap_or_else(|| unreachable!("made a table above"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(before: &str, member: &str) -> String {
        let mut document: DocumentMut = before.parse().expect("toml");
        add_member(&mut document, member);
        document.to_string()
    }

    #[test]
    fn a_single_package_becomes_a_workspace() {
        assert_eq!(
            member("[package]\nname = \"a\" # mine\n", "db"),
            "[package]\nname = \"a\" # mine\n\n[workspace]\nmembers = [\"db\"]\n"
        );
    }

    #[test]
    fn members_keep_their_formatting() {
        assert_eq!(
            member("[workspace]\nmembers = [\"a\", \"b\"]\n", "db"),
            "[workspace]\nmembers = [\"a\", \"b\", \"db\"]\n"
        );
        assert_eq!(
            member("[workspace]\nmembers = [\n    \"a\", # one\n    # two\n    \"b\",\n]\n", "db"),
            "[workspace]\nmembers = [\n    \"a\", # one\n    # two\n    \"b\",\n    \"db\",\n]\n"
        );
    }

    #[test]
    fn a_pattern_that_covers_it_is_enough() {
        let before = "[workspace]\nmembers = [\"crates/*\"]\n";
        assert_eq!(member(before, "crates/db"), before);
        assert!(member(before, "db").contains("\"crates/*\", \"db\""));
        assert!(covers("*", "db") && !covers("*", "a/db") && covers("./d*b/", "db"));
    }

    #[test]
    fn a_library_hosts_beside_what_it_has() {
        let mut document: DocumentMut =
            "[package]\nname = \"a\"\n\n[features]\ncli = []\n\n[[bin]]\nname = \"tool\"\n".parse().expect("toml");
        let requirement = Requirement::new(&[DatabaseKind::Sqlite], None);
        host_here(&mut document, "a-db", "src/bin/a-db.rs", &requirement).expect("it is free");
        insta::assert_snapshot!(document.to_string());
        host_here(&mut document, "a-db", "src/bin/a-db.rs", &requirement).expect_err("it is taken");
    }
}
