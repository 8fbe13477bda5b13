//! The verbs, one file each.

mod check;
mod diff;
mod history;
mod init;
mod revision;
mod upgrade;

use std::path::{Path, PathBuf};

use limbeck::dialect::{Backend, Missing};
use limbeck::migrate::{Migrator, Place, Target};

use crate::args::{Args, Command, uncertain};
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::standing::Standing;
use crate::ui::Ui;
use crate::{database, hints, host, side};

/// What every command knows.
pub(crate) struct Context<'a> {
    pub(crate) ui: &'a Ui,
    pub(crate) cwd: PathBuf,
    pub(crate) database_url: Option<String>,
    project: Option<Project>,
}

impl Context<'_> {
    /// The project, which the command needs.
    pub(crate) fn project(&self) -> Result<&Project, Failure> {
        self.project.as_ref().ok_or_else(|| {
            Failure::new("no project is here")
                .why("looked for limbeck.toml, upwards from the current folder")
                .next(self.ui.command("init"))
        })
    }

    /// What limbeck.toml says to leave alone.
    pub(crate) fn ignore(&self) -> &[String] {
        self.project.as_ref().map_or(&[], |project| &project.config.ignore)
    }

    /// The database that is meant.
    pub(crate) fn database(&self) -> Result<database::Place, Failure> {
        database::find(self.database_url.as_deref(), &self.cwd, self.project.as_ref())
    }

    /// A connection to it.
    pub(crate) async fn connect(&self, missing: Missing) -> Result<Box<dyn Backend>, Failure> {
        side::connect(&self.database()?.url, missing).await
    }

    /// A connection for a command that changes something, which says what it means.
    pub(crate) async fn open(&self, missing: Missing) -> Result<Box<dyn Backend>, Failure> {
        let backend = self.connect(missing).await?;
        self.ui.line(format!("database {} ({})", backend.place(), self.database()?.named_by));
        Ok(backend)
    }

    /// This program's models and migrations.
    pub(crate) fn migrator(&self) -> Result<Migrator, Failure> {
        let migrator =
            Migrator::from_registry().map_err(|error| hints::migrate(&error, &|rest| self.ui.command(rest)))?;
        let Some(project) = &self.project else {
            return Ok(migrator);
        };
        let history = &project.config.history;
        let default = Place::default();
        Ok(migrator.bookkeeping(Place {
            schema: history.schema.as_deref().map(Into::into),
            prefix: history.prefix.clone().unwrap_or(default.prefix),
        }))
    }

    /// Where everything stands.
    pub(crate) async fn standing(&self, missing: Missing) -> Result<Standing, Failure> {
        let migrator = self.migrator()?;
        Standing::read(self.ui, migrator, self.connect(missing).await?).await
    }

    /// A place in the graph.
    pub(crate) fn target(&self, text: &str) -> Result<Target, Failure> {
        text.parse().map_err(|error| Failure::from_error(&error).next(self.ui.command("history")))
    }

    /// A path as seen from here, where that is shorter.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.cwd).unwrap_or(path).display().to_string()
    }
}

impl Command {
    /// Whether the command needs the models or the migrations, so that it must run in the user's binary.
    pub(crate) fn needs_host(&self) -> bool {
        match self {
            Self::Init(_) => false,
            Self::Diff(diff) => !diff.is_between_databases(),
            Self::Revision(_)
            | Self::Upgrade { .. }
            | Self::Downgrade { .. }
            | Self::Current { .. }
            | Self::History { .. }
            | Self::Check { .. } => true,
        }
    }

    /// Hears which package was named before the verb.
    pub(crate) fn of_package(&mut self, package: Option<String>) {
        match self {
            Self::Init(init) => init.package = init.package.take().or(package),
            Self::Diff(_)
            | Self::Revision(_)
            | Self::Upgrade { .. }
            | Self::Downgrade { .. }
            | Self::Current { .. }
            | Self::History { .. }
            | Self::Check { .. } => {}
        }
    }
}

/// Runs a command.
pub(crate) fn run(ui: &Ui, args: Args) -> Result<Exit, Failure> {
    let cwd =
        std::env::current_dir().map_err(|error| Failure::new("cannot tell the current folder").because(&error))?;
    let told = std::env::var_os(host::PROJECT).map(PathBuf::from);
    let project = match &args.command {
        Command::Init(_) => None,
        _ => Project::find(&cwd, told)?,
    };
    let context = Context { ui, cwd, database_url: args.database_url, project };
    match args.command {
        Command::Init(init) => init::run(&context, &init),
        Command::Diff(diff) => wait(diff::run(&context, &diff)),
        Command::Revision(revision) => wait(revision::run(&context, &revision)),
        Command::Upgrade { target, interrupted } => {
            wait(upgrade::up(&context, context.target(&target)?, uncertain(interrupted)))
        }
        Command::Downgrade { target, interrupted } => wait(upgrade::down(&context, &target, uncertain(interrupted))),
        Command::Current { format } => wait(history::current(&context, format)),
        Command::History { format } => wait(history::all(&context, format)),
        Command::Check { format } => wait(check::run(&context, format)),
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
