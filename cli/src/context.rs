//! What every command knows, and finds when it needs it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use limbeck::dialect::{Backend, Dialect, Missing, named};
use limbeck::migrate::{Applied, Lineage, MigrateError, Migrator, Place, Revision, Target, TargetError};

use crate::failure::Failure;
use crate::project::Project;
use crate::project::config::PATIENCE;
use crate::project::database;
use crate::project::folder::Folder;
use crate::project::header::Header;
use crate::standing::Standing;
use crate::ui::Ui;
use crate::{hints, side};

/// Gives a program's models and migrations, those of a group.
pub(crate) type Own = dyn Fn(Option<&str>) -> Result<Migrator, MigrateError>;

/// What every command knows.
pub(crate) struct Context<'a> {
    pub(crate) ui: &'a Ui,
    pub(crate) cwd: PathBuf,
    pub(crate) database_url: Option<String>,
    pub(crate) project: Option<Project>,
    /// The models and the migrations, when this is the user's binary, which has them in it.
    pub(crate) own: Option<&'a Own>,
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

    /// How long rows are counted; then their number is an estimate.
    pub(crate) fn patience(&self) -> Duration {
        self.project.as_ref().and_then(|project| project.config.count_limit).unwrap_or(PATIENCE)
    }

    /// The group of the models and migrations, when limbeck.toml names one.
    pub(crate) fn group(&self) -> Option<String> {
        self.project.as_ref().and_then(|project| project.config.group.clone())
    }

    /// Where scratch databases may be made, when limbeck.toml says so.
    pub(crate) fn scratch_url(&self) -> Option<&str> {
        self.project.as_ref().and_then(|project| project.config.scratch_url.as_deref())
    }

    /// The dialect of the first database that limbeck.toml lists.
    pub(crate) fn dialect(&self) -> Result<&'static dyn Dialect, Failure> {
        let kinds = &self.project()?.config.databases;
        kinds.iter().find_map(|kind| named(kind.feature())).ok_or_else(|| {
            Failure::new("nobody says which database the migrations are for")
                .next("write databases = [\"postgres\"] into limbeck.toml")
        })
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
        let migrator = match self.own {
            Some(own) => own(self.group().as_deref()),
            None => Migrator::from_registry(),
        };
        Ok(migrator.map_err(|error| self.failed(&error))?.bookkeeping(self.bookkeeping()))
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
        if self.own.is_some() {
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

    /// The migration that a run left half done in the database.
    pub(crate) async fn half_done(&self) -> Result<Option<(String, usize)>, Failure> {
        let backend = self.connect(Missing::Refuse).await?;
        self.nobodys_migrator()?.half_done(backend).await.map_err(|error| self.failed(&error))
    }

    /// Refuses to do something about a migration that is half done: what is done of it is known by what it says.
    pub(crate) async fn refuse_half_done(&self, id: &str, title: &str) -> Result<(), Failure> {
        match self.half_done().await? {
            Some((of, done)) if of == id => Err(Failure::new(title)
                .why(format!("a run left it half done: {done} of its parts are done in the database"))
                .next(self.ui.command("upgrade"))),
            Some(_) | None => Ok(()),
        }
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
