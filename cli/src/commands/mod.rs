//! The verbs, one file each.

mod baseline;
mod check;
mod diff;
mod history;
mod init;
mod lock;
mod merge;
mod purge;
mod rebase;
mod revision;
mod sql;
mod unapplied;
mod upgrade;
mod verify;

use std::path::PathBuf;

use crate::args::{Args, Command};
use crate::context::{Context, Own};
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::project::cargo;
use crate::ui::Ui;

impl Command {
    /// Whether the command needs the models or the migrations, so that it must run in the user's binary.
    pub(crate) fn needs_host(&self) -> bool {
        match self {
            Self::Diff(diff) => !diff.is_between_databases(),
            Self::Downgrade { stored, .. } => !stored,
            Self::Init(_)
            | Self::Current { .. }
            | Self::History { .. }
            | Self::Heads { .. }
            | Self::Branches { .. }
            | Self::Show { .. }
            | Self::Baseline { .. }
            | Self::Edit { .. }
            | Self::Remove { .. }
            | Self::Purge { .. } => false,
            Self::Revision(_)
            | Self::Upgrade { .. }
            | Self::Redo { .. }
            | Self::Stamp { .. }
            | Self::Merge { .. }
            | Self::Rebase { .. }
            | Self::Check { .. }
            | Self::Lock
            | Self::Verify { .. }
            | Self::Sql { .. } => true,
        }
    }
}

/// Runs a command.
pub(crate) fn run(ui: &Ui, args: Args, own: Option<&Own>) -> Result<Exit, Failure> {
    let cwd =
        std::env::current_dir().map_err(|error| Failure::new("cannot tell the current folder").because(&error))?;
    let told = std::env::var_os(cargo::PROJECT).map(PathBuf::from);
    let project = match &args.command {
        Command::Init(_) => None,
        _ => Project::find(&cwd, told)?,
    };
    let context = Context { ui, cwd, database_url: args.database_url, project, own };
    match args.command {
        Command::Init(init) => init::run(&context, &init),
        Command::Diff(diff) => wait(diff::run(&context, &diff)),
        Command::Revision(revision) => wait(revision::run(&context, &revision)),
        Command::Upgrade { target, plan, phase, run } => wait(upgrade::up(&context, &target, (plan, phase), &run)),
        Command::Downgrade { target, plan, stored, run } => {
            wait(upgrade::down(&context, &target, (plan, stored), &run))
        }
        Command::Redo { run } => wait(upgrade::redo(&context, &run)),
        Command::Stamp { target, purge } => wait(upgrade::stamp(&context, &target, purge)),
        Command::Current { format } => wait(history::current(&context, format)),
        Command::History { range, verbose, format } => wait(history::all(&context, range.as_deref(), verbose, format)),
        Command::Heads { format } => wait(history::heads(&context, format)),
        Command::Branches { format } => wait(history::branches(&context, format)),
        Command::Show { revision, format } => wait(history::show(&context, &revision, format)),
        Command::Edit { revision } => unapplied::edit(&context, &revision),
        Command::Remove { revision } => wait(unapplied::remove(&context, &revision)),
        Command::Purge { revision, yes } => wait(purge::run(&context, revision.as_deref(), yes)),
        Command::Merge { revisions, message, anyway } => wait(merge::run(&context, &revisions, &message, anyway)),
        Command::Rebase { onto, anyway, regenerate, answers } => {
            wait(rebase::run(&context, onto.as_deref(), anyway, regenerate.then_some(answers)))
        }
        Command::Check { offline, format } => wait(check::run(&context, offline, format)),
        Command::Baseline { message, sql } => wait(baseline::run(&context, &message, sql.as_deref())),
        Command::Lock => lock::run(&context),
        Command::Verify { offline, clone_of, format } => {
            wait(verify::run(&context, (offline, clone_of.as_deref()), format))
        }
        Command::Sql { range, database, skip_data, since, format } => {
            sql::run(&context, &sql::Wanted { range, database, skip_data, since, format })
        }
    }
}

/// What must be done before the user's binary can be built: a merge may have left its markers in the source.
pub(crate) fn before_build(ui: &Ui, args: &Args) -> Result<(), Failure> {
    if !matches!(args.command, Command::Rebase { .. }) {
        return Ok(());
    }
    let cwd =
        std::env::current_dir().map_err(|error| Failure::new("cannot tell the current folder").because(&error))?;
    let project = Project::find(&cwd, None)?;
    let context = Context { ui, cwd, database_url: args.database_url.clone(), project, own: None };
    rebase::before_build(&context)
}

/// Drives a command that talks to a database.
fn wait(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start the runtime").because(&error))?
        .block_on(work)
}
