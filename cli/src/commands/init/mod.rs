//! `init`: sets a project up.
//!
//! Everything is decided first and then written at once; cargo has the last word, and when it cannot read the
//! result, all is put back.

mod layout;
mod manifest;
mod template;

use cargo_metadata::camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, MetadataCommand};

use self::layout::Layout;
use self::manifest::{Manifests, Requirement};
use crate::args::Init;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::project::cargo;
use crate::project::config::DatabaseKind;
use crate::project::database;
use crate::project::files::Files;

/// Runs `init`.
pub(crate) fn run(context: &Context<'_>, args: &Init) -> Result<Exit, Failure> {
    let metadata = read(&context.cwd).map_err(|failure| failure.next("cargo new app, then run this inside it"))?;
    let layout = Layout::new(context, &metadata, args)?;
    let databases = databases(context, &layout, args)?;
    let requirement = Requirement::new(&databases, args.limbeck_path.as_deref());
    let mut files = Files::default();
    let mut manifests = Manifests::default();
    if args.in_place {
        in_place(&layout, &databases, &requirement, &mut manifests, &mut files)?;
    } else {
        own_crate(&layout, &databases, &requirement, &mut manifests, &mut files)?;
    }
    if let Some((manifest, bin)) = layout.default_run(args.in_place) {
        manifests.edit(&manifest)?["package"]["default-run"] = toml_edit::value(bin);
    }
    for (path, text) in manifests.texts() {
        files.write(path, text);
    }
    let existed: Vec<bool> = files.paths().map(std::path::Path::exists).collect();
    let paths: Vec<_> = files.paths().map(std::path::Path::to_owned).collect();
    let written = files.commit()?;
    if let Err(failure) = read(&context.cwd) {
        written.undo();
        return Err(failure.why("nothing was changed"));
    }
    for (path, existed) in paths.iter().zip(existed) {
        let shown = path.strip_prefix(&metadata.workspace_root).unwrap_or(path);
        let did = if existed { "changed" } else { "wrote" };
        context.ui.line(format!("{did} {}", shown.display()));
    }
    report(context, &layout, args);
    Ok(Exit::Fine)
}

fn read(cwd: &std::path::Path) -> Result<Metadata, Failure> {
    MetadataCommand::new().current_dir(cwd).no_deps().exec().map_err(cargo::cannot_read)
}

/// Which databases the migrations are for: told, or seen in the database's URL, or in the features of sqlx.
fn databases(context: &Context<'_>, layout: &Layout<'_>, args: &Init) -> Result<Vec<DatabaseKind>, Failure> {
    let mut databases = args.database.clone();
    if databases.is_empty() {
        let place =
            database::look(context.database_url.as_deref(), &|name| std::env::var(name).ok(), &context.cwd, None)?;
        databases.extend(place.and_then(|place| DatabaseKind::of_url(&place.url)));
    }
    if databases.is_empty() {
        databases = layout.sqlx_databases();
    }
    databases.sort();
    databases.dedup();
    if databases.is_empty() {
        return Err(Failure::undecided("which database are the migrations for?")
            .why("neither DATABASE_URL nor a feature of sqlx says so")
            .next(context.ui.command("init --database sqlite"))
            .next(context.ui.command("init --database postgres"))
            .next(context.ui.command("init --database postgres,sqlite")));
    }
    Ok(databases)
}

fn own_crate(
    layout: &Layout<'_>,
    databases: &[DatabaseKind],
    requirement: &Requirement,
    manifests: &mut Manifests,
    files: &mut Files,
) -> Result<(), Failure> {
    let folder = &layout.folder;
    let app = layout.app.name.as_str();
    files.write(folder.join("Cargo.toml"), template::manifest(&layout.name, app, requirement));
    files.write(folder.join("limbeck.toml"), template::config(databases, "src/migrations"));
    files.write(folder.join("src/lib.rs"), template::library(app));
    files.write(folder.join("src/main.rs"), template::host(&layout.library));
    files.write(folder.join("src/models.rs"), template::models());
    files.write(folder.join("src/migrations/mod.rs"), template::migrations());
    files.write(folder.join("src/migrations/heads"), "");
    let root = layout.workspace_manifest();
    manifest::add_member(manifests.edit(&root)?, &layout.member());
    let path = relative(layout.app_folder(), folder);
    manifest::add_path_dependency(manifests.edit(&layout.app.manifest_path)?, &layout.name, &path);
    Ok(())
}

fn in_place(
    layout: &Layout<'_>,
    databases: &[DatabaseKind],
    requirement: &Requirement,
    manifests: &mut Manifests,
    files: &mut Files,
) -> Result<(), Failure> {
    let folder = layout.app_folder();
    let library = layout.library_target()?;
    let sources = library.src_path.parent().unwrap_or(folder);
    let text = std::fs::read_to_string(&library.src_path)
        .map_err(|error| Failure::new(format!("cannot read `{}`", library.src_path)).because(&error))?;
    let migrations = sources.join("migrations");
    if migrations.exists() || sources.join("migrations.rs").exists() {
        return Err(Failure::new(format!("`{migrations}` exists already"))
            .why("Limbeck's migrations are a Rust module of that name"));
    }
    let models = sources.join("models").exists() || sources.join("models.rs").exists();
    if !models {
        files.write(sources.join("models.rs"), template::models());
    }
    files.write(migrations.join("mod.rs"), template::migrations());
    files.write(migrations.join("heads"), "");
    files.write(&library.src_path, template::with_modules(&text, !models));
    let host = format!("src/bin/{}.rs", layout.name);
    files.write(folder.join(&host), template::host(&layout.library));
    let shown = migrations.strip_prefix(folder).unwrap_or(&migrations);
    files.write(folder.join("limbeck.toml"), template::config(databases, shown.as_str()));
    manifest::host_here(manifests.edit(&layout.app.manifest_path)?, &layout.name, &host, requirement)
}

fn report(context: &Context<'_>, layout: &Layout<'_>, args: &Init) {
    if args.in_place {
        context.ui.note(format!(
            "models and migrations build together with all of `{app}`: while code in it uses `sqlx::query!` on a \
             column that the database does not have yet, `{app}` does not compile, and neither does `{revision}`; \
             a crate of its own, which `init` writes without `--in-place`, has no such trouble",
            app = layout.app.name,
            revision = context.ui.command("revision"),
        ));
    }
    let root = &layout.root;
    let models = layout.models();
    let models = models.strip_prefix(root).unwrap_or(&models);
    context
        .ui
        .next(format!("describe a table in {models}, then {}", context.ui.command("revision -m \"first tables\"")));
}

/// The path from one folder to another.
fn relative(from: &Utf8Path, to: &Utf8Path) -> Utf8PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| "..");
    let down = to.components().skip(shared).map(|c| c.as_str());
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_up_and_then_down() {
        let path = |from: &str, to: &str| relative(from.into(), to.into());
        assert_eq!(path("/w", "/w/db"), "db");
        assert_eq!(path("/w/crates/app", "/w/db"), "../../db");
        assert_eq!(path("/w/crates/app", "/w/crates/db"), "../db");
    }
}
