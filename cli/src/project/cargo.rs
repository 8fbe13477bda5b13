//! What cargo knows about a project.

use std::ffi::OsString;

use cargo_metadata::{Metadata, Package};

use crate::failure::Failure;

/// Tells the host where its project is.
pub(crate) const PROJECT: &str = "LIMBECK_PROJECT";

/// What to say when cargo cannot describe the project.
pub(crate) fn cannot_read(error: cargo_metadata::Error) -> Failure {
    let failure = Failure::new("cannot read the cargo project here");
    match error {
        cargo_metadata::Error::CargoMetadata { stderr } => failure.why(stderr.trim().trim_start_matches("error: ")),
        error => failure.because(&error),
    }
}

/// The cargo to use: the one that called us, if one did.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The packages of a workspace that host a command line.
pub(crate) fn hosts(metadata: &Metadata) -> Vec<&Package> {
    let mut hosts: Vec<&Package> =
        metadata.workspace_packages().into_iter().filter(|package| package.metadata.get("limbeck").is_some()).collect();
    hosts.sort_by(|a, b| a.name.cmp(&b.name));
    hosts
}
