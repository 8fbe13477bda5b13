//! The verbs, one file each.

mod baseline;
mod check;
mod diff;
mod draft;
mod history;
mod init;
mod lock;
mod merge;
mod rebase;
mod revision;
mod sql;
mod upgrade;
mod verify;

use std::path::{Path, PathBuf};

use limbeck::dialect::{Backend, Missing};
use limbeck::migrate::{Applied, Lineage, MigrateError, Migrator, Place, Revision, Target, TargetError};

use crate::args::{Args, Command};
use crate::failure::{Exit, Failure};
use crate::folder::Folder;
use crate::header::Header;
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
    /// Whether this is the user's binary, which has the models and the migrations in it.
    hosted: bool,
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

    /// Where scratch databases may be made, when limbeck.toml says so.
    pub(crate) fn scratch_url(&self) -> Option<&str> {
        self.project.as_ref().and_then(|project| project.config.scratch_url.as_deref())
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
        Ok(Migrator::from_registry().map_err(|error| self.failed(&error))?.bookkeeping(self.bookkeeping()))
    }

    /// One that knows no migration: it has only what the database says of itself.
    pub(crate) fn nobodys_migrator(&self) -> Result<Migrator, Failure> {
        Ok(Migrator::builder().build().map_err(|error| self.failed(&error))?.bookkeeping(self.bookkeeping()))
    }

    /// Where the bookkeeping is.
    pub(crate) fn bookkeeping(&self) -> Place {
        let Some(project) = &self.project else { return Place::default() };
        let history = &project.config.history;
        Place {
            schema: history.schema.as_deref().map(Into::into),
            prefix: history.prefix.clone().unwrap_or(Place::default().prefix),
        }
    }

    /// How the migrations follow each other: what this program has of them, or what their modules say.
    pub(crate) fn lineage(&self) -> Result<Lineage, Failure> {
        if self.hosted {
            return Ok(self.migrator()?.graph().lineage().clone());
        }
        let headers =
            self.headers()?.into_iter().map(|header| Revision { file: self.shown(&header.path), ..header.revision });
        Lineage::new(headers).map_err(|error| Failure::from_error(&error))
    }

    /// What the modules of the migrations say about themselves.
    pub(crate) fn headers(&self) -> Result<Vec<Header>, Failure> {
        Folder::open(self.project()?.migrations())?.headers()
    }

    /// What the database has.
    pub(crate) async fn applied(&self) -> Result<Vec<Applied>, Failure> {
        let backend = self.connect(Missing::Refuse).await?;
        self.nobodys_migrator()?.applied(backend).await.map_err(|error| self.failed(&error))
    }

    /// What the database has, when one is named and can be reached: some commands can do without.
    pub(crate) async fn applied_if_any(&self) -> Result<Option<Vec<Applied>>, Failure> {
        if database::find(self.database_url.as_deref(), &self.cwd, self.project.as_ref()).is_err() {
            return Ok(None);
        }
        match self.applied().await {
            Ok(applied) => Ok(Some(applied)),
            Err(failure) => {
                let why = failure.why.first().map(|why| format!(": {why}")).unwrap_or_default();
                self.ui.note(format!("{}{why}; what is applied is not shown", failure.what));
                Ok(None)
            }
        }
    }

    /// What to say about an error of the library.
    pub(crate) fn failed(&self, error: &MigrateError) -> Failure {
        hints::migrate(error, &|rest| self.ui.command(rest))
    }

    /// What to say about a word that leads nowhere.
    pub(crate) fn wrong_target(&self, error: &TargetError) -> Failure {
        Failure::from_error(error).next(self.ui.command("history"))
    }

    /// Where everything stands.
    pub(crate) async fn standing(&self, missing: Missing) -> Result<Standing, Failure> {
        let migrator = self.migrator()?;
        Standing::read(self.ui, migrator, self.connect(missing).await?).await
    }

    /// A place in the graph.
    pub(crate) fn target(&self, text: &str) -> Result<Target, Failure> {
        text.parse().map_err(|error| self.wrong_target(&error))
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
            | Self::Remove { .. } => false,
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
pub(crate) fn run(ui: &Ui, args: Args, hosted: bool) -> Result<Exit, Failure> {
    let cwd =
        std::env::current_dir().map_err(|error| Failure::new("cannot tell the current folder").because(&error))?;
    let told = std::env::var_os(host::PROJECT).map(PathBuf::from);
    let project = match &args.command {
        Command::Init(_) => None,
        _ => Project::find(&cwd, told)?,
    };
    let context = Context { ui, cwd, database_url: args.database_url, project, hosted };
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
        Command::Edit { revision } => draft::edit(&context, &revision),
        Command::Remove { revision } => wait(draft::remove(&context, &revision)),
        Command::Merge { revisions, message, anyway } => wait(merge::run(&context, &revisions, &message, anyway)),
        Command::Rebase { onto, anyway } => wait(rebase::run(&context, onto.as_deref(), anyway)),
        Command::Check { offline, format } => wait(check::run(&context, offline, format)),
        Command::Baseline { message, sql } => wait(baseline::run(&context, &message, sql.as_deref())),
        Command::Lock => lock::run(&context),
        Command::Verify { offline, format } => wait(verify::run(&context, offline, format)),
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
    let context = Context { ui, cwd, database_url: args.database_url.clone(), project, hosted: false };
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
