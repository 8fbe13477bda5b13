//! Finding the user's binary that hosts the command line, building it and running it.

pub(crate) mod warnings;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command as Process;

use cargo_metadata::{Metadata, MetadataCommand, Package};

use self::warnings::BUILT_WITH;
use crate::failure::{Exit, Failure};
use crate::project::cargo::{PROJECT, cannot_read, hosts, program};
use crate::ui::Ui;

/// Tells the host how it was called, so that it can name commands as the user types them.
pub(crate) const CALLED_AS: &str = "LIMBECK_CALLED_AS";
/// What cargo exits with when the build failed, or a program panicked.
const CARGO_FAILED: i32 = 101;

/// Options for cargo, which stand before the verb.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cargo {
    pub(crate) package: Option<String>,
    features: Vec<String>,
    profile: Option<String>,
    manifest_path: Option<PathBuf>,
}

/// What a package says under `package.metadata.limbeck`.
#[derive(Debug, serde::Deserialize)]
struct HostMetadata {
    bin: String,
    #[serde(default)]
    features: Option<Vec<String>>,
}

/// Splits the options for cargo from the verb and what follows it.
pub(crate) fn split(arguments: &[OsString]) -> Result<(Cargo, Vec<OsString>), Failure> {
    let mut cargo = Cargo::default();
    let mut arguments = arguments.iter().cloned().peekable();
    while let Some(flag) = arguments.peek().and_then(|a| a.to_str()).map(str::to_owned) {
        let (flag, inline) = match flag.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
            Some(_) | None => (flag, None),
        };
        if !["-p", "--package", "--features", "-F", "--profile", "--manifest-path", "--release"]
            .contains(&flag.as_str())
        {
            break;
        }
        arguments.next();
        if flag == "--release" {
            cargo.profile = Some("release".into());
            continue;
        }
        let value = inline
            .or_else(|| arguments.next().and_then(|v| v.into_string().ok()))
            .ok_or_else(|| Failure::new(format!("`{flag}` needs a value")))?;
        match flag.as_str() {
            "-p" | "--package" => cargo.package = Some(value),
            "--features" | "-F" => cargo.features.push(value),
            "--profile" => cargo.profile = Some(value),
            _ => cargo.manifest_path = Some(value.into()),
        }
    }
    Ok((cargo, arguments.collect()))
}

/// Builds the host, and runs a command in it.
pub(crate) fn forward(ui: &Ui, options: &Cargo, arguments: &[OsString]) -> Result<Exit, Failure> {
    let metadata = metadata(options)?;
    let (package, host) = find(ui, &metadata, options.package.as_deref())?;
    let mut built_with = vec!["--package".to_owned(), package.name.to_string()];
    built_with.extend(["--manifest-path".to_owned(), package.manifest_path.to_string()]);
    let mut features = options.features.clone();
    features.extend(host.features.unwrap_or_else(|| {
        let has = package.features.contains_key("cli");
        has.then(|| "cli".to_owned()).into_iter().collect()
    }));
    if !features.is_empty() {
        built_with.extend(["--features".to_owned(), features.join(",")]);
    }
    if let Some(profile) = &options.profile {
        built_with.extend(["--profile".to_owned(), profile.clone()]);
    }
    built_with.extend(["--bin".to_owned(), host.bin]);
    let mut process = Process::new(program());
    process.args(["run", "--quiet"]).args(&built_with).arg("--").args(arguments);
    process.env(BUILT_WITH, built_with.join("\n"));
    // The host must build while its models are ahead of its migrations.
    process.env("LIMBECK_DRIFT", "off");
    let called_as = match &options.package {
        Some(package) => format!("{} -p {package}", ui.called_as()),
        None => ui.called_as().to_owned(),
    };
    process.env(CALLED_AS, called_as);
    if let Some(folder) = package.manifest_path.parent() {
        process.env(PROJECT, folder);
    }
    let status = process.status().map_err(|error| Failure::new("cannot run `cargo`").because(&error))?;
    match status.code() {
        Some(0) => Ok(Exit::Fine),
        Some(1) => Ok(Exit::Different),
        Some(2) => Ok(Exit::Error),
        Some(3) => Ok(Exit::Undecided),
        Some(CARGO_FAILED) => Err(Failure::new(format!("`{}` does not run", package.name))
            .why("cargo says above what is wrong with it")
            .next(format!("cargo check --package {} --features {}", package.name, features.join(",")))),
        Some(_) | None => Err(Failure::new(format!("`{}` was stopped: {status}", package.name))),
    }
}

fn metadata(options: &Cargo) -> Result<Metadata, Failure> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(path) = &options.manifest_path {
        command.manifest_path(path);
    }
    command.exec().map_err(cannot_read)
}

fn find<'a>(ui: &Ui, metadata: &'a Metadata, wanted: Option<&str>) -> Result<(&'a Package, HostMetadata), Failure> {
    let hosts = hosts(metadata);
    let chosen = match (wanted, hosts.as_slice()) {
        (_, []) => {
            return Err(Failure::new(format!(
                "no package of the workspace `{}` hosts Limbeck",
                metadata.workspace_root
            ))
            .why("looked for `[package.metadata.limbeck]`")
            .next(ui.command("init")));
        }
        (Some(name), hosts) => hosts.iter().find(|p| p.name == name).ok_or_else(|| {
            Failure::new(format!("package `{name}` does not host Limbeck")).why(format!("these do: {}", names(hosts)))
        })?,
        (None, [only]) => only,
        (None, hosts) => nearest(hosts).ok_or_else(|| {
            Failure::undecided(format!("several packages host Limbeck: {}", names(hosts)))
                .next(ui.command(&format!("-p {} …", hosts[0].name)))
        })?,
    };
    let host = serde_json::from_value(chosen.metadata["limbeck"].clone()).map_err(|error| {
        Failure::new(format!("cannot understand `package.metadata.limbeck` in `{}`", chosen.manifest_path))
            .because(&error)
            .next("write limbeck = { bin = \"…\" } under [package.metadata]")
    })?;
    Ok((chosen, host))
}

/// Of several hosts, the one whose folder we are in.
fn nearest<'a, 'b>(hosts: &'b [&'a Package]) -> Option<&'b &'a Package> {
    let cwd = std::env::current_dir().ok()?;
    hosts.iter().find(|package| package.manifest_path.parent().is_some_and(|folder| cwd.starts_with(folder)))
}

fn names(packages: &[&Package]) -> String {
    let names: Vec<String> = packages.iter().map(|p| format!("`{}`", p.name)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> (Cargo, Vec<OsString>) {
        let words: Vec<OsString> = line.split_whitespace().map(Into::into).collect();
        split(&words).expect("every flag has its value")
    }

    #[test]
    fn what_stands_before_the_verb_is_for_cargo() {
        let (cargo, rest) = of("-p app-db --features=a,b --release revision -m x -p y");
        assert_eq!(
            cargo,
            Cargo {
                package: Some("app-db".into()),
                features: vec!["a,b".into()],
                profile: Some("release".into()),
                manifest_path: None,
            }
        );
        assert_eq!(rest, ["revision", "-m", "x", "-p", "y"]);
    }

    #[test]
    fn other_options_are_the_hosts() {
        let (cargo, rest) = of("--database-url sqlite:a upgrade");
        assert_eq!(cargo, Cargo::default());
        assert_eq!(rest, ["--database-url", "sqlite:a", "upgrade"]);
    }

    #[test]
    fn a_flag_without_its_value_is_an_error() {
        let failure = split(&["-p".into()]).expect_err("no value");
        assert_eq!(failure.what, "`-p` needs a value");
    }
}
