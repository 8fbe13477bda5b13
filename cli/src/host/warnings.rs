//! What the compiler warns of in the modules of the migrations.

use std::io::BufReader;
use std::path::Path;
use std::process::{Command, Stdio};

use cargo_metadata::Message;
use cargo_metadata::diagnostic::DiagnosticLevel;

use crate::failure::Failure;
use crate::project::cargo::program;

/// Tells the host how cargo built it, so that it can ask for what the compiler said: an argument a line.
pub(crate) const BUILT_WITH: &str = "LIMBECK_BUILT_WITH";

/// What the compiler warned of in the files of a folder, when cargo built this program; nothing when it did not. Cargo
/// repeats what it said then, and builds nothing.
pub(crate) fn warnings(folder: &Path) -> Result<Option<Vec<String>>, Failure> {
    let Ok(arguments) = std::env::var(BUILT_WITH) else { return Ok(None) };
    let cannot =
        |error: &dyn std::error::Error| Failure::new("cannot ask cargo what the compiler warned of").because(error);
    let mut cargo = Command::new(program())
        .args(["build", "--quiet", "--message-format=json"])
        .args(arguments.lines())
        .env("LIMBECK_DRIFT", "off")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| cannot(&error))?;
    let Some(output) = cargo.stdout.take() else { return Ok(None) };
    let mut warnings = Vec::new();
    for message in Message::parse_stream(BufReader::new(output)) {
        if let Message::CompilerMessage(said) = message.map_err(|error| cannot(&error))?
            && said.message.level == DiagnosticLevel::Warning
        {
            let place = said.message.spans.iter().find(|span| is_in(Path::new(&span.file_name), folder));
            warnings.extend(
                place.map(|span| format!("{}:{}: {}", name(&span.file_name), span.line_start, said.message.message)),
            );
        }
    }
    cargo.wait().map_err(|error| cannot(&error))?;
    warnings.sort();
    warnings.dedup();
    Ok(Some(warnings))
}

/// Whether a path, which begins at the workspace's folder, is in a folder.
fn is_in(path: &Path, folder: &Path) -> bool {
    path.starts_with(folder)
        || folder.ancestors().skip(1).any(|root| root.join(path).starts_with(folder) && root.join(path).is_file())
}

fn name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}
