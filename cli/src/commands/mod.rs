//! The verbs, one file each.

mod diff;
mod init;

use std::path::PathBuf;

use crate::args::{Args, Command};
use crate::failure::{Exit, Failure};
use crate::ui::Ui;

/// What every command knows.
pub(crate) struct Context<'a> {
    pub(crate) ui: &'a Ui,
    pub(crate) cwd: PathBuf,
    pub(crate) database_url: Option<String>,
}

impl Command {
    /// Whether the command needs the models or the migrations, so that it must run in the user's binary.
    pub(crate) fn needs_host(&self) -> bool {
        match self {
            Self::Init(_) => false,
            Self::Diff(diff) => !diff.is_between_databases(),
        }
    }

    /// Hears which package was named before the verb.
    pub(crate) fn of_package(&mut self, package: Option<String>) {
        match self {
            Self::Init(init) => init.package = init.package.take().or(package),
            Self::Diff(_) => {}
        }
    }
}

/// Runs a command.
pub(crate) fn run(ui: &Ui, args: Args) -> Result<Exit, Failure> {
    let cwd =
        std::env::current_dir().map_err(|error| Failure::new("cannot tell the current folder").because(&error))?;
    let context = Context { ui, cwd, database_url: args.database_url };
    match args.command {
        Command::Init(init) => init::run(&context, &init),
        Command::Diff(diff) => wait(diff::run(&context, &diff)),
    }
}

/// Drives a command that talks to a database.
fn wait(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start the runtime").because(&error))?
        .block_on(work)
}
