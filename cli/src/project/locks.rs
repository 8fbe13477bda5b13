//! `limbeck.lock`, beside the `Cargo.toml` of each crate with models.

use std::path::PathBuf;

use cargo_metadata::{Metadata, MetadataCommand};
use limbeck::lock;
use limbeck::registry::Registry;
use limbeck::schema::QualifiedName;

use super::{Project, cargo};
use crate::failure::Failure;

/// What the files shall say, with the models as they are. A crate that is no part of the workspace has none. What they
/// say of models of other groups, whose migrations are others, stays.
pub(crate) fn wanted(project: &Project) -> Result<Vec<(PathBuf, String)>, Failure> {
    let metadata = workspace(project)?;
    let all = lock::texts(&Registry::all());
    let own = lock::texts(&Registry::registered_in(project.config.group.as_deref()));
    let packages = metadata.workspace_packages();
    let places = packages.iter().filter_map(|package| {
        let path = package.manifest_path.parent()?.join(lock::FILE).into_std_path_buf();
        let (all, own) = (all.get(package.name.as_str())?, own.get(package.name.as_str())?);
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        let text = all.lines().filter_map(|line| beside(line, own, &there)).map(|line| format!("{line}\n")).collect();
        Some((path, text))
    });
    Ok(places.collect())
}

/// A line as it shall be: as it is for our own models, for others as the file has it.
fn beside<'a>(line: &'a str, own: &str, there: &'a str) -> Option<&'a str> {
    let object = |line: &'a str| line.rsplit_once(" v").map(|(object, _)| object);
    if own.lines().any(|it| it == line) {
        return Some(line);
    }
    there.lines().find(|it| object(it).is_some() && object(it) == object(line))
}

/// A crate of the workspace that has models, none of which is in this program.
pub(crate) struct Vanished {
    pub(crate) package: String,
    /// The tables that its limbeck.lock has.
    pub(crate) tables: Vec<QualifiedName>,
}

/// The crates of the workspace whose models the migrations know and this program does not have.
pub(crate) fn vanished(project: &Project) -> Result<Vec<Vanished>, Failure> {
    let metadata = workspace(project)?;
    let registry = Registry::all();
    let linked = registry.packages();
    let all = metadata.workspace_packages().into_iter().filter_map(|package| {
        let text = std::fs::read_to_string(package.manifest_path.parent()?.join(lock::FILE)).ok()?;
        let tables = lock::tables(&text);
        let gone = !tables.is_empty() && !linked.contains_key(package.name.as_str());
        gone.then(|| Vanished { package: package.name.to_string(), tables })
    });
    Ok(all.collect())
}

fn workspace(project: &Project) -> Result<Metadata, Failure> {
    let mut command = MetadataCommand::new();
    command.no_deps().current_dir(&project.root);
    command.exec().map_err(cargo::cannot_read)
}

/// The files that say something else, or are not there.
pub(crate) fn stale(wanted: Vec<(PathBuf, String)>) -> Vec<(PathBuf, String)> {
    let reads = |path: &PathBuf| std::fs::read_to_string(path).map(|text| text.replace("\r\n", "\n")).ok();
    wanted.into_iter().filter(|(path, text)| reads(path).as_ref() != Some(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_of_other_groups_keep_their_lines() {
        let own = "# Head\ntable bill v1 aa\n";
        let there = "# Head\ntable bill v1 00\ntable person v1 11\n";
        let of = |line: &'static str| beside(line, own, there);
        assert_eq!(of("# Head"), Some("# Head"));
        assert_eq!(of("table bill v1 aa"), Some("table bill v1 aa"));
        assert_eq!(of("table person v1 22"), Some("table person v1 11"));
        assert_eq!(of("table new v1 33"), None);
    }
}
