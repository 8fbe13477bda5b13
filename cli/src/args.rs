//! The command line's grammar.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use limbeck::migrate::Uncertain;

use crate::config::DatabaseKind;
use crate::side::Source;

/// Rust structs in, reviewed and reversible database migrations out.
#[derive(Debug, Parser)]
#[command(name = "limbeck", version, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 fine, 1 there is a difference, 2 an error, 3 a decision is missing.")]
pub(crate) struct Args {
    /// The database [else: LIMBECK_DATABASE_URL, DATABASE_URL, .env, limbeck.toml].
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set a project up: a crate of its own for models and migrations.
    Init(Init),
    /// Compare the models with the database, and write a migration.
    Revision(Revision),
    /// Run migrations up to a revision.
    Upgrade {
        /// `head`, `heads`, `+N`, an id or four digits of it, a label.
        #[arg(default_value = "head", allow_hyphen_values = true)]
        target: String,
        /// Whether the statement took effect that a run died at, outside of a transaction.
        #[arg(long, value_enum)]
        interrupted: Option<Interrupted>,
    },
    /// Run migrations back down to a revision.
    Downgrade {
        /// `base`, `-N`, `last-run`, an id or four digits of it, a label.
        #[arg(allow_hyphen_values = true)]
        target: String,
        /// Whether the statement took effect that a run died at, outside of a transaction.
        #[arg(long, value_enum)]
        interrupted: Option<Interrupted>,
    },
    /// Say which revision the database is at.
    Current {
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// List the migrations, the newest first.
    History {
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Say whether models, migrations, history and database agree.
    Check {
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Print the plan from one side to another, a side being a database's URL, `models` or `migrations`.
    Diff(Diff),
}

/// `init`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Init {
    /// The databases that migrations are for [else: guessed from DATABASE_URL and the features of sqlx].
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) database: Vec<DatabaseKind>,
    /// The app, when the workspace has several packages.
    #[arg(short, long, value_name = "NAME")]
    pub(crate) package: Option<String>,
    /// Put models and migrations into the package itself, which must be a library.
    #[arg(long, conflicts_with_all = ["path", "name"])]
    pub(crate) in_place: bool,
    /// The folder of the new crate, from the workspace's root.
    #[arg(long, value_name = "FOLDER", default_value = "db")]
    pub(crate) path: PathBuf,
    /// The name of the new crate [else: the app's with `-db`].
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Where limbeck's own source is, for its tests.
    #[arg(long, hide = true, value_name = "FOLDER")]
    pub(crate) limbeck_path: Option<PathBuf>,
}

/// `revision`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Revision {
    /// What the migration is about.
    #[arg(short, long)]
    pub(crate) message: String,
    /// Write a migration without steps, for data.
    #[arg(long)]
    pub(crate) empty: bool,
    /// A drop and a create that are one rename: `old:new` for a table, `table.old:new` for a column.
    #[arg(long, value_name = "OLD:NEW")]
    pub(crate) rename: Vec<String>,
    /// Take every other drop and create for what they are.
    #[arg(long)]
    pub(crate) no_rename: bool,
    /// A name that leads to the migration.
    #[arg(long)]
    pub(crate) label: Vec<String>,
}

/// What became of a statement that a run died at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Interrupted {
    /// It took effect: go on after it.
    Done,
    /// It did not: run it again.
    Again,
}

/// What the engine is told about it: without a word it refuses.
pub(crate) fn uncertain(said: Option<Interrupted>) -> Uncertain {
    match said {
        None => Uncertain::Refuse,
        Some(Interrupted::Done) => Uncertain::Done,
        Some(Interrupted::Again) => Uncertain::Again,
    }
}

/// What is printed where there is something to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// `diff`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Diff {
    /// Where the plan starts.
    #[arg(long, value_name = "SRC")]
    pub(crate) from: Source,
    /// Where it ends.
    #[arg(long, value_name = "SRC")]
    pub(crate) to: Source,
    /// What to print.
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub(crate) format: DiffFormat,
    /// Print the way back instead.
    #[arg(long)]
    pub(crate) down: bool,
    /// A drop and a create that are one rename: `old:new` for a table, `table.old:new` for a column.
    #[arg(long, value_name = "OLD:NEW")]
    pub(crate) rename: Vec<String>,
    /// Compare also what neither a model nor a migration mentions.
    #[arg(long)]
    pub(crate) all: bool,
}

impl Diff {
    /// Whether both sides are databases, so that nothing of the project is needed.
    pub(crate) fn is_between_databases(&self) -> bool {
        matches!((&self.from, &self.to), (Source::Url(_), Source::Url(_)))
    }
}

/// What `diff` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// A line a change.
    Human,
    /// A script for the database's own shell.
    Sql,
    /// A migration module.
    Rust,
    /// Everything, for programs.
    Json,
}
