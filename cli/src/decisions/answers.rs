//! Answers to what only a person can say, each with the flag that gives it.

use std::path::Path;

use clap::Args as ClapArgs;
use limbeck::change::Loss;
use limbeck::diff::Candidate;
use limbeck::schema::{Column, QualifiedName};
use limbeck::source::Value;

use crate::failure::Failure;

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Rename(String),
    NoRename(String),
    Lose(String),
    Keep(String),
    /// The column; the expression is still to be said.
    Backfill(String),
    /// The column; the expression is said later, in the module.
    Placeholder(String),
    /// The column; nobody has to be filled in, and an upgrade stops while somebody has.
    NoBackfill(String),
    /// The crate, whose models are gone for good.
    CrateGone(String),
    /// A column that comes back on the way down; the expression is still to be said.
    DownFill(String),
    /// What comes back on the way down, and may fail on rows.
    DownMayFail(String),
    /// There is no way down.
    Irreversible,
    /// The label that goes; the one that rows get instead is still to be said.
    Map(String),
}

impl Answer {
    /// Whether two answers rename the same thing, or to the same thing.
    pub(crate) fn uses_up(&self, other: &Self) -> bool {
        let (Self::Rename(one), Self::Rename(other)) = (self, other) else { return false };
        one.rsplit_once(':').map(|(old, _)| old) == other.rsplit_once(':').map(|(old, _)| old)
    }

    /// The flag that gives it.
    pub(crate) fn flag(&self) -> String {
        match self {
            Self::Rename(pair) => format!("--rename {}", quoted(pair)),
            Self::NoRename(new) => format!("--no-rename={}", quoted(new)),
            Self::Lose(what) => format!("--lose {}", quoted(what)),
            Self::Keep(what) => format!("--keep {}", quoted(what)),
            Self::Backfill(column) => format!("--backfill {}", quoted(&format!("{column}=SQL"))),
            Self::Placeholder(column) => format!("--placeholder {}", quoted(column)),
            Self::NoBackfill(column) => format!("--no-backfill {}", quoted(column)),
            Self::CrateGone(package) => format!("--crate-gone {}", quoted(package)),
            Self::DownFill(column) => format!("--down-fill {}", quoted(&format!("{column}=SQL"))),
            Self::DownMayFail(what) => format!("--down-may-fail {}", quoted(what)),
            Self::Irreversible => "--irreversible".to_owned(),
            Self::Map(label) => format!("--map {}", quoted(&format!("{label}=OTHER"))),
        }
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    if word.chars().all(|c| c.is_alphanumeric() || "._:=-/".contains(c)) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Why there is no way down, when nobody says.
pub(crate) const IRREVERSIBLE: &str = "the rows that are there by then need not fit what was before";

/// What only a person can say.
#[derive(Clone, Debug, Default, ClapArgs, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Answers {
    /// A drop and a create that are one rename: `old:new` for a table, `table.old:new` for a column.
    #[arg(long, value_name = "OLD:NEW")]
    pub(crate) rename: Vec<String>,
    /// What is created is no rename of what goes; with nothing named, nothing is.
    #[arg(long, value_name = "NEW", require_equals = true, num_args = 0..=1, default_missing_value = "*")]
    pub(crate) no_rename: Vec<String>,
    /// What may be lost: `table note`, `column note.title`; `all` for everything.
    #[arg(long, value_name = "WHAT")]
    pub(crate) lose: Vec<String>,
    /// What is kept when it goes, so that a downgrade brings it back: `column note.title`; `all` for everything.
    #[arg(long, value_name = "WHAT")]
    pub(crate) keep: Vec<String>,
    /// What rows get that are there: `table.column=EXPRESSION`.
    #[arg(long, value_name = "COLUMN=SQL")]
    pub(crate) backfill: Vec<String>,
    /// A column for which the module gets a placeholder: what rows get is said there, before an upgrade.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) placeholder: Vec<String>,
    /// A column that becomes NOT NULL with nothing for rows that are NULL: an upgrade stops while there is one.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) no_backfill: Vec<String>,
    /// A crate whose models are gone for good, and their tables with them.
    #[arg(long, value_name = "CRATE")]
    pub(crate) crate_gone: Vec<String>,
    /// What rows get that hold a label which goes: `type.old=new`.
    #[arg(long, value_name = "LABEL=OTHER")]
    pub(crate) map: Vec<String>,
    /// What rows get on the way down, in a column that comes back or gets narrower: `table.column=EXPRESSION`.
    #[arg(long, value_name = "COLUMN=SQL")]
    pub(crate) down_fill: Vec<String>,
    /// What the way down may fail at, on rows that do not fit by then: `note.title`, `unique note (title)`, `all`.
    #[arg(long, value_name = "WHAT")]
    pub(crate) down_may_fail: Vec<String>,
    /// There is no way down, and why.
    #[arg(long, value_name = "WHY", require_equals = true, num_args = 0..=1, default_missing_value = IRREVERSIBLE)]
    pub(crate) irreversible: Option<String>,
}

impl Answers {
    /// What was said, by the flags that say it; all but the last, which needs no name.
    pub(crate) fn lists(&self) -> [(&'static str, &[String]); 11] {
        let Answers {
            rename,
            no_rename,
            lose,
            keep,
            backfill,
            placeholder,
            no_backfill,
            map,
            crate_gone,
            down_fill,
            down_may_fail,
            irreversible: _,
        } = self;
        [
            ("--rename", rename),
            ("--no-rename", no_rename),
            ("--lose", lose),
            ("--keep", keep),
            ("--backfill", backfill),
            ("--placeholder", placeholder),
            ("--no-backfill", no_backfill),
            ("--crate-gone", crate_gone),
            ("--map", map),
            ("--down-fill", down_fill),
            ("--down-may-fail", down_may_fail),
        ]
    }

    /// The flags that say all of it, each after a space.
    pub(crate) fn flags(&self) -> String {
        let mut flags = String::new();
        for (flag, words) in self.lists() {
            // It can stand alone, so what it says stands after a sign.
            let sign = if flag == "--no-rename" { '=' } else { ' ' };
            for word in words {
                match word.as_str() {
                    "*" => flags.push_str(&format!(" {flag}")),
                    word => flags.push_str(&format!(" {flag}{sign}{}", quoted(word))),
                }
            }
        }
        match self.irreversible.as_deref() {
            Some(IRREVERSIBLE) => flags.push_str(" --irreversible"),
            Some(why) => flags.push_str(&format!(" --irreversible={}", quoted(why))),
            None => {}
        }
        flags
    }

    /// These, and those in a file, or in JSON that stands in its name's place.
    pub(crate) fn and_file(&self, path: Option<&Path>) -> Result<Self, Failure> {
        let mut all = self.clone();
        if let Some(path) = path {
            let cannot = || format!("cannot read the decisions in `{}`", path.display());
            let text = match path.to_str().filter(|text| text.trim_start().starts_with('{')) {
                Some(json) => json.to_owned(),
                None => std::fs::read_to_string(path).map_err(|error| Failure::new(cannot()).because(&error))?,
            };
            let more: Self = serde_json::from_str(&text).map_err(|error| {
                Failure::new(cannot()).because(&error).next(
                    r#"write {"rename": ["old:new"], "lose": ["column note.title"], "backfill": ["note.kind='x'"]}"#,
                )
            })?;
            all.rename.extend(more.rename);
            all.no_rename.extend(more.no_rename);
            all.lose.extend(more.lose);
            all.keep.extend(more.keep);
            all.backfill.extend(more.backfill);
            all.placeholder.extend(more.placeholder);
            all.no_backfill.extend(more.no_backfill);
            all.map.extend(more.map);
            all.crate_gone.extend(more.crate_gone);
            all.down_fill.extend(more.down_fill);
            all.down_may_fail.extend(more.down_may_fail);
            all.irreversible = all.irreversible.or(more.irreversible);
        }
        Ok(all)
    }

    pub(crate) fn give(&mut self, answer: Answer, said: String) {
        match answer {
            Answer::Rename(pair) => self.rename.push(pair),
            Answer::NoRename(new) => self.no_rename.push(new),
            Answer::Lose(what) => self.lose.push(what),
            Answer::Keep(what) => self.keep.push(what),
            Answer::Backfill(column) => self.backfill.push(format!("{column}={said}")),
            Answer::Placeholder(column) => self.placeholder.push(column),
            Answer::NoBackfill(column) => self.no_backfill.push(column),
            Answer::CrateGone(package) => self.crate_gone.push(package),
            Answer::DownFill(column) => self.down_fill.push(format!("{column}={said}")),
            Answer::DownMayFail(what) => self.down_may_fail.push(what),
            Answer::Irreversible => self.irreversible = Some(IRREVERSIBLE.to_owned()),
            Answer::Map(label) => self.map.push(format!("{label}={said}")),
        }
    }

    /// What rows get that hold a label which goes.
    pub(crate) fn mapped(&self, of: &QualifiedName, label: &str) -> Option<&str> {
        named(&self.map, &format!("{of}.{label}"))
    }

    /// Whether a person said that what is created is no rename.
    pub(crate) fn denies(&self, candidate: &Candidate) -> bool {
        self.no_rename.iter().any(|new| new == "*" || *new == full(candidate, &candidate.to))
    }

    pub(crate) fn loses(&self, loss: &str) -> bool {
        self.lose.iter().any(|what| what == "all" || what == loss)
    }

    /// Whether a person agreed to lose something: in so many words, or by saying what rows get in its place.
    pub(crate) fn agree(&self, loss: &Loss) -> bool {
        let name = loss.to_string();
        let mapped = matches!(loss, Loss::Label(of, label) if self.mapped(of, label).is_some());
        !self.keeps(&name) && (mapped || self.loses(&name))
    }

    /// Whether something that goes is kept, so that the way back brings it back.
    pub(crate) fn keeps(&self, loss: &str) -> bool {
        !self.lose.iter().any(|what| what == loss) && self.keep.iter().any(|what| what == "all" || what == loss)
    }

    /// What rows get in a column that comes back on the way down.
    pub(crate) fn down_fill(&self, table: &QualifiedName, column: &str) -> Option<&str> {
        named(&self.down_fill, &format!("{table}.{column}"))
    }

    /// Whether it is known that the way back may fail at something.
    pub(crate) fn may_fail(&self, what: &str) -> bool {
        self.down_may_fail.iter().any(|known| known == "all" || known == what)
    }

    /// What rows get in a column, as a person said it, or will say it.
    pub(crate) fn backfill(&self, table: &QualifiedName, column: &Column) -> Option<Value> {
        let name = format!("{table}.{}", column.name);
        let open = || self.placeholder.contains(&name).then(|| Value::Placeholder(column.ty.clone()));
        named(&self.backfill, &name).map(|sql| sql.trim().into()).or_else(open)
    }

    /// Whether a person said what becomes of rows that lack a value.
    pub(crate) fn says(&self, table: &QualifiedName, column: &Column) -> bool {
        self.backfill(table, column).is_some() || self.leaves(table, &column.name)
    }

    /// Whether a person said that rows which lack a value shall stop the upgrade.
    pub(crate) fn leaves(&self, table: &QualifiedName, column: &str) -> bool {
        self.no_backfill.contains(&format!("{table}.{column}"))
    }
}

/// What stands after `name=` in a list.
pub(crate) fn named<'a>(list: &'a [String], name: &str) -> Option<&'a str> {
    list.iter().filter_map(|it| it.split_once('=')).find(|(of, _)| of.trim() == name).map(|(_, it)| it)
}

/// A name with that of the table or enum that it is in.
pub(crate) fn full(candidate: &Candidate, name: &str) -> String {
    match &candidate.within {
        Some(within) => format!("{within}.{name}"),
        None => name.to_owned(),
    }
}
