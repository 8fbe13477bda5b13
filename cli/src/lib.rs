//! The command line of limbeck.
//!
//! Migrations are code and models are linked, so the command line is a library that a small binary of the user's
//! hosts: it ends its `main` with [`main`]. `cargo limbeck …` and `limbeck …` find that binary, build it and run it;
//! what needs nothing compiled they do themselves.
//!
//! ```no_run
//! // use my_db as _;
//!
//! fn main() -> std::process::ExitCode {
//!     limbeck_cli::main()
//! }
//! ```

mod args;
mod commands;
mod comparison;
mod context;
mod decisions;
mod failure;
mod hints;
mod host;
mod listing;
mod module;
mod project;
mod report;
mod side;
mod standing;
mod telling;
mod ui;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use limbeck::migrate::{MigrateError, Migrator};

use crate::args::Args;
use crate::context::Own;
use crate::failure::{Exit, Failure};
use crate::ui::Ui;

/// The command line, inside a binary that links the models and the migrations. Reads the program's arguments.
///
/// Gives 0 when all is well, 1 when there is a difference, 2 after an error, 3 when a decision is missing.
pub fn main() -> ExitCode {
    run(&|group| group.map_or_else(Migrator::from_registry, Migrator::from_group))
}

/// The same with models and migrations that are given by hand, and not registered.
///
/// ```no_run
/// use limbeck::migrate::Migrator;
/// use limbeck::registry::Registry;
///
/// fn main() -> std::process::ExitCode {
///     limbeck_cli::main_with(|| Migrator::builder().registry(Registry::registered_in(Some("billing"))).build())
/// }
/// ```
pub fn main_with(own: impl Fn() -> Result<Migrator, MigrateError> + 'static) -> ExitCode {
    run(&move |_| own())
}

fn run(own: &Own) -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let name = arguments
        .first()
        .and_then(|path| std::path::Path::new(path).file_stem())
        .map_or_else(|| "limbeck".into(), |s| s.to_string_lossy().into_owned());
    let ui = Ui::of_process(std::env::var(host::CALLED_AS).unwrap_or(name));
    finish(&ui, hosted(&ui, arguments, own))
}

/// The binaries `limbeck` and `cargo-limbeck`: what needs nothing compiled is done here, all else by the host.
#[doc(hidden)]
pub fn plain(called_as: &str, arguments: Vec<OsString>) -> ExitCode {
    let ui = Ui::of_process(called_as.to_owned());
    finish(&ui, here_or_hosted(&ui, arguments))
}

/// Runs a command in this process when it needs nothing compiled, and in the host otherwise.
fn here_or_hosted(ui: &Ui, arguments: Vec<OsString>) -> Result<Exit, Failure> {
    let (cargo, rest) = host::split(&arguments[1..])?;
    let mut whole = vec![OsString::from(ui.called_as())];
    whole.extend(rest.iter().cloned());
    // The host may be of another version, so its arguments are its own to judge. Help is the same for all.
    match Args::try_parse_from(&whole) {
        Ok(mut args) if !args.command.needs_host() => {
            match &mut args.command {
                args::Command::Init(init) => init.package = init.package.take().or(cargo.package),
                // Cargo knows where a package is.
                _ if cargo.package.is_some() => return host::forward(ui, &cargo, &rest),
                _ => {}
            }
            commands::run(ui, args, None)
        }
        Err(error) if !error.use_stderr() || is_plain(&rest) => Ok(ui.usage(&error)),
        Ok(args) => {
            commands::before_build(ui, &args)?;
            host::forward(ui, &cargo, &rest)
        }
        Err(_) => host::forward(ui, &cargo, &rest),
    }
}

/// Whether a mistake in these arguments can be told without the host: there is no verb, or one that is the same for
/// all projects.
fn is_plain(arguments: &[OsString]) -> bool {
    arguments.first().is_none_or(|verb| verb == "init" || verb == "diff")
}

fn hosted(ui: &Ui, arguments: Vec<OsString>, own: &Own) -> Result<Exit, Failure> {
    // Usage is told in the words that the user typed.
    let called = std::iter::once(OsString::from(ui.called_as()));
    let args = match Args::try_parse_from(called.chain(arguments.into_iter().skip(1))) {
        Ok(args) => args,
        Err(error) => return Ok(ui.usage(&error)),
    };
    commands::run(ui, args, Some(own))
}

fn finish(ui: &Ui, result: Result<Exit, Failure>) -> ExitCode {
    let exit = result.unwrap_or_else(|failure| {
        ui.failure(&failure);
        failure.exit
    });
    ExitCode::from(exit as u8)
}
