//! The project a command works in: the folder of `limbeck.toml`.

pub(crate) mod cargo;
pub(crate) mod config;
pub(crate) mod database;
pub(crate) mod files;
pub(crate) mod folder;
pub(crate) mod header;
pub(crate) mod locks;
pub(crate) mod pattern;
pub(crate) mod sql_folder;

use std::path::{Path, PathBuf};

use self::config::Config;
use crate::failure::Failure;

/// The folder of `limbeck.toml`, and what is in it.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// The folder.
    pub(crate) root: PathBuf,
    /// The file.
    pub(crate) config: Config,
}

impl Project {
    /// The project that a process belongs to: the one it was told, else the nearest folder upwards with a
    /// `limbeck.toml` in it or in a folder of its own.
    pub(crate) fn find(cwd: &Path, told: Option<PathBuf>) -> Result<Option<Self>, Failure> {
        let root = told.filter(|root| root.join(config::FILE).is_file()).or_else(|| nearest(cwd));
        root.map(|root| {
            let config = Config::read(&root)?;
            Ok(Self { root, config })
        })
        .transpose()
    }

    /// Whether the package's manifest names a crate among its dependencies.
    pub(crate) fn depends_on(&self, name: &str) -> bool {
        let manifest = std::fs::read_to_string(self.root.join("Cargo.toml")).unwrap_or_default();
        let manifest: toml::Table = manifest.parse().unwrap_or_default();
        manifest.get("dependencies").and_then(|all| all.get(name)).is_some()
    }

    /// The folder of the migrations.
    pub(crate) fn migrations(&self) -> PathBuf {
        self.root.join(&self.config.migrations)
    }
}

fn nearest(cwd: &Path) -> Option<PathBuf> {
    cwd.ancestors().find_map(|folder| {
        if folder.join(config::FILE).is_file() {
            return Some(folder.to_owned());
        }
        // `init` puts the project into a folder of the workspace. More than one is for `-p` to say.
        if !folder.join("Cargo.toml").is_file() {
            return None;
        }
        let mut inside = std::fs::read_dir(folder)
            .ok()?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.join(config::FILE).is_file());
        match (inside.next(), inside.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) | (None, _) => None,
        }
    })
}
