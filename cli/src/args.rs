//! The command line's grammar.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use limbeck::migrate::{Deploy, Migrator, Uncertain};

use crate::decisions::answers::{Answers, quoted};
use crate::project::config::DatabaseKind;
use crate::side::Source;
use crate::ui::Format;

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
    Revision(Box<Revision>),
    /// Run migrations up to a revision.
    Upgrade {
        /// `head`, `heads`, `+N`, an id or four digits of it, a label.
        #[arg(default_value = "head", allow_hyphen_values = true)]
        target: String,
        /// Show what would run, with its SQL and what it would lose, and run nothing.
        #[arg(long)]
        plan: bool,
        /// How far a deploy has come: before, what says `deploy: after` waits until the old code is gone.
        #[arg(long, value_enum)]
        phase: Option<Phase>,
        #[command(flatten)]
        run: Run,
    },
    /// Run migrations back down to a revision.
    Downgrade {
        /// `base`, `-N`, `last-run`, an id or four digits of it, a label.
        #[arg(allow_hyphen_values = true)]
        target: String,
        /// Show what would run, with its SQL and what it would lose, and run nothing.
        #[arg(long)]
        plan: bool,
        /// Use the statements that were stored when the migrations were applied: nothing is compiled.
        #[arg(long)]
        stored: bool,
        #[command(flatten)]
        run: Run,
    },
    /// Undo the last migration and run it again.
    Redo {
        #[command(flatten)]
        run: Run,
    },
    /// Say which revision the database is at.
    Current {
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// List the migrations, the newest first.
    History {
        /// Only these: `A:B`, both included; a side left out is open.
        #[arg(short, long, value_name = "A:B", allow_hyphen_values = true)]
        range: Option<String>,
        /// Say all there is to say about each.
        #[arg(short, long)]
        verbose: bool,
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// List the migrations that none comes after.
    Heads {
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// List the migrations that more than one comes after, and what follows them.
    Branches {
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Say all there is to say about a migration.
    Show {
        /// `head`, `current`, an id or four digits of it, a label.
        #[arg(default_value = "head", allow_hyphen_values = true)]
        revision: String,
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Write down that the database is at a revision, and run nothing.
    Stamp {
        /// `head`, `heads`, `base`, an id or four digits of it, a label.
        #[arg(allow_hyphen_values = true)]
        target: String,
        /// Forget also what is applied and not known here.
        #[arg(long)]
        purge: bool,
    },
    /// Open a migration in the editor that VISUAL or EDITOR names.
    Edit {
        /// `head`, an id or four digits of it, a label.
        #[arg(default_value = "head", allow_hyphen_values = true)]
        revision: String,
    },
    /// Remove a migration that is applied nowhere and that none comes after.
    Remove {
        /// `head`, an id or four digits of it, a label.
        #[arg(default_value = "head", allow_hyphen_values = true)]
        revision: String,
    },
    /// Write a migration without steps that brings heads together.
    Merge {
        /// Which [else: all heads].
        revisions: Vec<String>,
        /// What the migration is about.
        #[arg(short, long, default_value = "merge")]
        message: String,
        /// Bring them together although nobody can tell whether their order matters.
        #[arg(long)]
        anyway: bool,
    },
    /// Put the migrations of this branch after those of another.
    Rebase {
        /// The head of the other branch [else: the one that git's other branch has].
        #[arg(long, value_name = "REVISION")]
        onto: Option<String>,
        /// Do it although both are about the same things, or nobody can tell.
        #[arg(long)]
        anyway: bool,
        /// Write this branch's last migration anew from the models, after the other's; what people wrote in it stays.
        #[arg(long, conflicts_with = "anyway")]
        regenerate: bool,
        /// What a person decided.
        #[command(flatten)]
        answers: Answers,
    },
    /// Remove for good what migrations kept of what they dropped (`keep_dropped`).
    Purge {
        /// What this one kept: an id or four digits of it [else: what all of them kept].
        revision: Option<String>,
        /// Ask nothing.
        #[arg(long)]
        yes: bool,
    },
    /// Say whether models, migrations, history and database agree.
    Check {
        /// Compare models and migrations alone: no database is needed.
        #[arg(long)]
        offline: bool,
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Write limbeck.lock anew: what the migrations make of the models, which release builds compare with.
    Lock,
    /// Look at all that can be wrong with the migrations, on a database that is thrown away: for a build server.
    Verify {
        /// Do what needs no database.
        #[arg(long)]
        offline: bool,
        /// Start from a copy of this database's schema and history: what is still missing there is run and undone.
        #[arg(long, value_name = "URL", conflicts_with = "offline")]
        clone_of: Option<String>,
        /// What to print.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Write the first migration from a database that is there, or from a folder of migrations in SQL.
    Baseline {
        /// What the migration is about.
        #[arg(short, long, default_value = "baseline")]
        message: String,
        /// Migrations of sqlx, refinery or diesel, which become the migration as they are.
        #[arg(long, value_name = "FOLDER")]
        sql: Option<PathBuf>,
    },
    /// Print the SQL of an upgrade, or of a downgrade when the later one stands first.
    Sql {
        /// From one revision to another: `A:B`, `base:head`; a side left out is the base or the head.
        #[arg(default_value = "base:head", allow_hyphen_values = true)]
        range: String,
        /// For this kind of database [else: the first in limbeck.toml].
        #[arg(long, value_enum)]
        database: Option<DatabaseKind>,
        /// Leave a comment where code of a migration's own would run.
        #[arg(long)]
        skip_data: bool,
        /// Only the migrations that came after this commit, branch or tag.
        #[arg(long, value_name = "GIT_REF", conflicts_with = "range")]
        since: Option<String>,
        /// How it is printed.
        #[arg(long, value_enum, default_value_t = SqlFormat::Sql)]
        format: SqlFormat,
    },
    /// Print the plan from one side to another, a side being a database's URL, `models` or `migrations`.
    Diff(Diff),
}

/// How a run goes about it.
#[derive(Debug, ClapArgs)]
pub(crate) struct Run {
    /// Wait so long for another run to end.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = humantime::parse_duration)]
    pub(crate) lock_wait: Duration,
    /// Let no statement wait longer for a lock; then it is tried again, as long as --lock-wait says.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(crate) lock_timeout: Option<Duration>,
    /// Let no statement run longer.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(crate) statement_timeout: Option<Duration>,
    /// Whether the statement took effect that a run died at, outside of a transaction.
    #[arg(long, value_enum)]
    pub(crate) interrupted: Option<Interrupted>,
}

impl Run {
    /// A migrator that goes about it so.
    pub(crate) fn told(&self, migrator: Migrator) -> Migrator {
        let migrator = migrator.lock_wait(self.lock_wait);
        let migrator = match self.lock_timeout {
            Some(limit) => migrator.lock_timeout(limit),
            None => migrator,
        };
        let migrator = match self.statement_timeout {
            Some(limit) => migrator.statement_timeout(limit),
            None => migrator,
        };
        migrator.interrupted(match self.interrupted {
            None => Uncertain::Refuse,
            Some(Interrupted::Done) => Uncertain::Done,
            Some(Interrupted::Again) => Uncertain::Again,
        })
    }
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
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct Revision {
    /// What the migration is about.
    #[arg(short, long, required_unless_present = "amend")]
    pub(crate) message: Option<String>,
    /// Write a migration without steps, for data.
    #[arg(long)]
    pub(crate) empty: bool,
    /// A table whose rows its code reads or writes: their type is written into the module, as it is at that revision.
    #[arg(long, value_name = "TABLE", requires = "empty")]
    pub(crate) rows: Vec<String>,
    /// Come after this one [else: the only head].
    #[arg(long, value_name = "REVISION", conflicts_with = "amend")]
    pub(crate) head: Vec<String>,
    /// Come after a revision that another comes after already: a branch.
    #[arg(long, requires = "head")]
    pub(crate) splice: bool,
    /// A revision of another branch that must be there first.
    #[arg(long, value_name = "REVISION")]
    pub(crate) depends_on: Vec<String>,
    /// Write the last migration anew, which is not applied yet.
    #[arg(long)]
    pub(crate) amend: bool,
    /// Run it at once.
    #[arg(long)]
    pub(crate) apply: bool,
    /// Write it without trying it out on a database that is thrown away.
    #[arg(long)]
    pub(crate) no_prove: bool,
    /// Compare the models with what the migrations add up to: no database is needed.
    #[arg(long, conflicts_with = "apply")]
    pub(crate) offline: bool,
    /// What a person decided.
    #[command(flatten)]
    pub(crate) answers: Answers,
    /// Answers in a file, or as they are: JSON with the lists `rename`, `no_rename`, `lose`, `keep`, `backfill`,
    /// `placeholder`, `no_backfill`, `map`, `crate_gone`, `down_fill`, `down_may_fail`; and `irreversible`.
    #[arg(long, value_name = "FILE", env = "LIMBECK_DECISIONS")]
    pub(crate) decisions: Option<PathBuf>,
    /// How open decisions are told.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// A name that leads to the migration.
    #[arg(long)]
    pub(crate) label: Vec<String>,
    /// What it comes after, when `rebase` writes it.
    #[arg(skip)]
    pub(crate) rebase: Option<String>,
}

impl Revision {
    /// The command once more: answers to what is open go to its end.
    pub(crate) fn again(&self, message: &str) -> String {
        let Revision {
            message: _,
            empty: _,
            rows: _,
            head,
            splice,
            depends_on,
            amend,
            apply,
            no_prove,
            offline,
            answers,
            decisions,
            format: _,
            label,
            rebase,
        } = self;
        // All else is not what a person said, then.
        if let Some(onto) = rebase {
            return format!("rebase --onto {onto} --regenerate{}", answers.flags());
        }
        let mut again = if *amend { "revision --amend".to_owned() } else { format!("revision -m {message:?}") };
        for (flag, words) in [("--head", head), ("--depends-on", depends_on), ("--label", label)] {
            for word in words {
                again.push_str(&format!(" {flag} {}", quoted(word)));
            }
        }
        again.push_str(&answers.flags());
        if let Some(file) = decisions {
            again.push_str(&format!(" --decisions {}", quoted(&file.to_string_lossy())));
        }
        let flags = [("--splice", splice), ("--offline", offline), ("--no-prove", no_prove), ("--apply", apply)];
        for (flag, _) in flags.into_iter().filter(|(_, is)| **is) {
            again.push_str(&format!(" {flag}"));
        }
        again
    }
}

/// How far a deploy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Phase {
    /// The old code still runs.
    Before,
    /// The old code is gone.
    After,
}

impl From<Phase> for Deploy {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Before => Self::Before,
            Phase::After => Self::After,
        }
    }
}

/// What became of a statement that a run died at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Interrupted {
    /// It took effect: go on after it.
    Done,
    /// It did not: run it again.
    Again,
}

/// How `sql` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlFormat {
    /// A script for the database's own shell.
    Sql,
    /// For a comment on a pull request.
    Markdown,
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    /// What is told to type next is what was typed, and then the answers.
    #[test]
    fn a_revision_is_said_again_as_it_was_said() {
        for said in [
            "revision -m \"kinds\" --head 1234 --depends-on 5678 --label kinds --rename note.nick:nickname \
             --no-rename=note.kind --lose all --keep all --backfill note.kind=1 --placeholder note.one \
             --no-backfill note.two --crate-gone billing --map state.old=new --down-fill note.kind=2 \
             --down-may-fail all --irreversible=never --decisions a.json --splice --offline --no-prove",
            "revision --amend --no-rename --irreversible --apply",
        ] {
            let words = said.split_whitespace().map(|word| word.trim_matches('"'));
            let args = Args::try_parse_from(["limbeck"].into_iter().chain(words)).expect("it is a command");
            let Command::Revision(revision) = args.command else { panic!("{said}") };
            let again = revision.again(revision.message.as_deref().unwrap_or_default());
            assert_eq!(again, said.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
