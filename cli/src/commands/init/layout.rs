//! What a project looks like, and where things go in it.

use cargo_metadata::camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, Package, Target};

use super::manifest::Manifests;
use crate::args::Init;
use crate::context::Context;
use crate::failure::Failure;
use crate::project::cargo;
use crate::project::config::DatabaseKind;

/// A project, and the places that `init` chose in it.
pub(super) struct Layout<'a> {
    metadata: &'a Metadata,
    /// The workspace's folder.
    pub(super) root: Utf8PathBuf,
    /// The package that will use the database.
    pub(super) app: &'a Package,
    /// The name of the binary, and of the new package if there is one.
    pub(super) name: String,
    /// The name that Rust code knows the models' crate by.
    pub(super) library: String,
    /// The folder of the new package, or of the app.
    pub(super) folder: Utf8PathBuf,
    /// Whether the workspace is a folder of packages without one of its own.
    is_virtual: bool,
    /// The members that cargo means when none is named, where that is said.
    default_members: Option<Vec<String>>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(context: &Context<'_>, metadata: &'a Metadata, args: &Init) -> Result<Self, Failure> {
        let app = app(context, metadata, args)?;
        let name = args.name.clone().unwrap_or_else(|| format!("{}-db", app.name));
        let root = metadata.workspace_root.clone();
        not_twice(context, metadata, args, &name)?;
        let mut manifests = Manifests::default();
        let document = manifests.edit(&root.join("Cargo.toml"))?;
        let default_members = document
            .get("workspace")
            .and_then(|workspace| workspace.get("default-members"))
            .and_then(toml_edit::Item::as_array)
            .map(|members| {
                let members = members.iter().filter_map(toml_edit::Value::as_str);
                members.map(str::to_owned).collect()
            });
        let is_virtual = document.get("package").is_none();
        let (folder, library) = if args.in_place {
            let library = library(context, app)?.name.replace('-', "_");
            (folder_of(app).to_owned(), library)
        } else {
            (new_folder(context, &root, args)?, name.replace('-', "_"))
        };
        Ok(Self { metadata, root, app, name, library, folder, is_virtual, default_members })
    }

    /// The app's own folder.
    pub(super) fn app_folder(&self) -> &'a Utf8Path {
        folder_of(self.app)
    }

    /// The app's library.
    pub(super) fn library_target(&self) -> Result<&'a Target, Failure> {
        find_library(self.app).ok_or_else(|| Failure::new(format!("package `{}` has no library", self.app.name)))
    }

    /// The manifest that lists the workspace's members.
    pub(super) fn workspace_manifest(&self) -> Utf8PathBuf {
        self.root.join("Cargo.toml")
    }

    /// The new package, as a member of the workspace.
    pub(super) fn member(&self) -> String {
        let path = self.folder.strip_prefix(&self.root).unwrap_or(&self.folder);
        let parts: Vec<&str> = path.components().map(|c| c.as_str()).collect();
        parts.join("/")
    }

    /// Where the models are.
    pub(super) fn models(&self) -> Utf8PathBuf {
        let sources = if self.folder == self.app_folder() {
            find_library(self.app).and_then(|library| library.src_path.parent())
        } else {
            None
        };
        sources.map_or_else(|| self.folder.join("src"), Utf8Path::to_owned).join("models.rs")
    }

    /// The databases that the app's sqlx is built for.
    pub(super) fn sqlx_databases(&self) -> Vec<DatabaseKind> {
        let features: Vec<&str> = self
            .app
            .dependencies
            .iter()
            .filter(|dependency| dependency.name == "sqlx")
            .flat_map(|dependency| dependency.features.iter().map(String::as_str))
            .collect();
        [DatabaseKind::Postgres, DatabaseKind::Sqlite]
            .into_iter()
            .filter(|kind| features.iter().any(|f| f.starts_with(kind.feature())))
            .collect()
    }

    /// The manifest and the binary that `cargo run` must be told, because a second one comes beside it.
    ///
    /// `cargo run` counts every binary of the packages it means, also those whose features are not on.
    pub(super) fn default_run(&self, in_place: bool) -> Option<(Utf8PathBuf, String)> {
        let workspace: Vec<&Package> = self
            .metadata
            .workspace_packages()
            .into_iter()
            .filter(|package| self.metadata.workspace_default_members.contains(&package.id))
            .collect();
        let beside =
            if in_place { workspace.iter().any(|package| package.id == self.app.id) } else { self.is_default_member() };
        let own = in_place.then(|| only_binary(&[self.app])).flatten();
        own.or_else(|| beside.then(|| only_binary(&workspace)).flatten())
    }

    /// Whether cargo will mean the new package, too, when none is named.
    fn is_default_member(&self) -> bool {
        match &self.default_members {
            None => self.is_virtual,
            Some(patterns) => patterns.iter().any(|pattern| super::manifest::covers(pattern, &self.member())),
        }
    }
}

/// The one binary that `cargo run` runs now without being told.
fn only_binary(packages: &[&Package]) -> Option<(Utf8PathBuf, String)> {
    if packages.iter().any(|package| package.default_run.is_some()) {
        return None;
    }
    let mut binaries = packages.iter().flat_map(|package| {
        let binaries = package.targets.iter().filter(|target| target.is_bin());
        binaries.map(|target| (package.manifest_path.clone(), target.name.clone()))
    });
    let only = binaries.next()?;
    binaries.next().is_none().then_some(only)
}

fn folder_of(package: &Package) -> &Utf8Path {
    package.manifest_path.parent().unwrap_or(&package.manifest_path)
}

fn find_library(package: &Package) -> Option<&Target> {
    package.targets.iter().find(|target| target.is_lib())
}

fn library<'a>(context: &Context<'_>, app: &'a Package) -> Result<&'a Target, Failure> {
    find_library(app).ok_or_else(|| {
        Failure::new(format!("package `{}` has no library", app.name))
            .why("`--in-place` puts models and migrations into a library, so that a second binary can use them")
            .next(context.ui.command("init"))
    })
}

/// The package that will use the database: the one named, the one whose folder we are in, or the only one that
/// can be run.
fn app<'a>(context: &Context<'_>, metadata: &'a Metadata, args: &Init) -> Result<&'a Package, Failure> {
    let packages = metadata.workspace_packages();
    if let Some(wanted) = &args.package {
        return packages.iter().find(|package| package.name == wanted.as_str()).copied().ok_or_else(|| {
            Failure::new(format!("the workspace has no package `{wanted}`")).why(format!("it has {}", names(&packages)))
        });
    }
    let here = packages
        .iter()
        .filter(|package| context.cwd.starts_with(folder_of(package)))
        .max_by_key(|package| folder_of(package).as_str().len());
    if let Some(here) = here {
        return Ok(here);
    }
    let runnable: Vec<&Package> =
        packages.iter().filter(|package| package.targets.iter().any(Target::is_bin)).copied().collect();
    match (packages.as_slice(), runnable.as_slice()) {
        ([only], _) | (_, [only]) => Ok(only),
        ([], _) => Err(Failure::new(format!("the workspace `{}` has no packages", metadata.workspace_root))
            .next("cargo new app, then run this again")),
        (_, _) => {
            let mut failure = Failure::undecided("which package will use the database?");
            for package in &packages {
                failure = failure.next(context.ui.command(&format!("init -p {}", package.name)));
            }
            Err(failure)
        }
    }
}

fn names(packages: &[&Package]) -> String {
    let mut names: Vec<String> = packages.iter().map(|p| format!("`{}`", p.name)).collect();
    names.sort();
    names.join(", ")
}

fn not_twice(context: &Context<'_>, metadata: &Metadata, args: &Init, name: &str) -> Result<(), Failure> {
    let hosts = cargo::hosts(metadata);
    if let Some(host) = hosts.first().filter(|_| args.name.is_none()) {
        return Err(Failure::new(format!("package `{}` hosts Limbeck already", host.name))
            .why("nothing was changed")
            .next(context.ui.command("revision -m \"what changes\"")));
    }
    match metadata.packages.iter().find(|p| p.name == name) {
        Some(package) if !args.in_place => {
            Err(Failure::new(format!("the workspace has a package `{name}` already, in `{}`", folder_of(package)))
                .why("nothing was changed")
                .next(context.ui.command("init --name another-name")))
        }
        Some(_) | None => Ok(()),
    }
}

fn new_folder(context: &Context<'_>, root: &Utf8Path, args: &Init) -> Result<Utf8PathBuf, Failure> {
    let inside = args.path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let path = Utf8Path::from_path(&args.path).filter(|_| inside);
    let Some(path) = path else {
        return Err(Failure::new(format!("`{}` is not inside the workspace", args.path.display()))
            .why(format!("`--path` is a folder from `{root}`")));
    };
    let folder = root.join(path);
    let occupied = match std::fs::read_dir(&folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.exists(),
    };
    if occupied {
        return Err(Failure::new(format!("`{folder}` exists already"))
            .why("nothing was changed")
            .next(context.ui.command("init --path another/folder")));
    }
    Ok(folder)
}
