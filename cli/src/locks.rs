//! `limbeck.lock`, beside the `Cargo.toml` of each crate with models.

use std::path::PathBuf;

use cargo_metadata::{Metadata, MetadataCommand};
use limbeck::lock;
use limbeck::registry::Registry;
use limbeck::schema::QualifiedName;

use crate::cargo;
use crate::context::Context;
use crate::failure::Failure;

/// What the files shall say, with the models as they are. A crate that is no part of the workspace has none.
pub(crate) fn wanted(context: &Context<'_>) -> Result<Vec<(PathBuf, String)>, Failure> {
    let metadata = workspace(context)?;
    let texts = lock::texts(&Registry::all());
    let packages = metadata.workspace_packages();
    let places = packages.iter().filter_map(|package| {
        let text = texts.get(package.name.as_str())?;
        Some((package.manifest_path.parent()?.join(lock::FILE).into_std_path_buf(), text.clone()))
    });
    Ok(places.collect())
}

/// A crate of the workspace that has models, none of which is in this program.
pub(crate) struct Vanished {
    pub(crate) package: String,
    /// The tables that its limbeck.lock has.
    pub(crate) tables: Vec<QualifiedName>,
}

/// The crates of the workspace whose models the migrations know and this program does not have.
pub(crate) fn vanished(context: &Context<'_>) -> Result<Vec<Vanished>, Failure> {
    let metadata = workspace(context)?;
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

fn workspace(context: &Context<'_>) -> Result<Metadata, Failure> {
    let mut command = MetadataCommand::new();
    command.no_deps().current_dir(&context.project()?.root);
    command.exec().map_err(cargo::cannot_read)
}

/// The files that say something else, or are not there.
pub(crate) fn stale(wanted: Vec<(PathBuf, String)>) -> Vec<(PathBuf, String)> {
    let reads = |path: &PathBuf| std::fs::read_to_string(path).map(|text| text.replace("\r\n", "\n")).ok();
    wanted.into_iter().filter(|(path, text)| reads(path).as_ref() != Some(text)).collect()
}
