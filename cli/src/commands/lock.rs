//! `lock`: writes down what the migrations make of the models, for release builds to compare with.

use super::check;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::project::files::Files;
use crate::project::locks::{stale, wanted};
use crate::report::report;
use crate::ui::Format;

/// Plans the files anew where the migrations cover the models: after a merge, git may have left its markers in one.
pub(super) fn plan(context: &Context<'_>, files: &mut Files) -> Result<(), Failure> {
    if check::models_offline(context)?.wrong.is_empty() {
        for (path, text) in stale(wanted(context.project()?)?) {
            files.write(path, text);
        }
    }
    Ok(())
}

/// Runs `lock`. Only models that the migrations cover are written down.
pub(crate) fn run(context: &Context<'_>) -> Result<Exit, Failure> {
    let covered = check::models_offline(context)?;
    if !covered.wrong.is_empty() {
        return Ok(report(context.ui, &[covered], Format::Human));
    }
    let mut files = Files::default();
    for (path, text) in stale(wanted(context.project()?)?) {
        files.write(path, text);
    }
    let paths: Vec<String> = files.paths().map(|path| context.shown(path)).collect();
    files.commit()?;
    if paths.is_empty() {
        context.ui.line("limbeck.lock says what the migrations make of the models; nothing was written");
    }
    for path in paths {
        context.ui.line(format!("wrote {path}"));
    }
    Ok(Exit::Fine)
}
