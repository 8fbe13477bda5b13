//! `limbeck.lock`, beside the `Cargo.toml` of each crate with models.

use std::path::PathBuf;

use cargo_metadata::MetadataCommand;
use limbeck::lock;
use limbeck::registry::Registry;

use crate::cargo;
use crate::context::Context;
use crate::failure::Failure;

/// What the files shall say, with the models as they are. A crate that is no part of the workspace has none.
pub(crate) fn wanted(context: &Context<'_>) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut command = MetadataCommand::new();
    command.no_deps().current_dir(&context.project()?.root);
    let metadata = command.exec().map_err(cargo::cannot_read)?;
    let texts = lock::texts(&Registry::all());
    let packages = metadata.workspace_packages();
    let places = packages.iter().filter_map(|package| {
        let text = texts.get(package.name.as_str())?;
        Some((package.manifest_path.parent()?.join(lock::FILE).into_std_path_buf(), text.clone()))
    });
    Ok(places.collect())
}

/// The files that say something else, or are not there.
pub(crate) fn stale(wanted: Vec<(PathBuf, String)>) -> Vec<(PathBuf, String)> {
    let reads = |path: &PathBuf| std::fs::read_to_string(path).map(|text| text.replace("\r\n", "\n")).ok();
    wanted.into_iter().filter(|(path, text)| reads(path).as_ref() != Some(text)).collect()
}
