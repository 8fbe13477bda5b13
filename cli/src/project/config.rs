//! `limbeck.toml`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::failure::Failure;

/// The name of the file.
pub(crate) const FILE: &str = "limbeck.toml";

/// How long rows are counted, when limbeck.toml does not say; then their number is an estimate.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// What a project says about itself. A key that is not known is an error, so that a typo is not silence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The kinds of databases that every migration must run on: `postgres`, `sqlite`.
    #[serde(default)]
    pub(crate) databases: Vec<DatabaseKind>,
    /// The database, when nothing else names one.
    #[serde(default)]
    pub(crate) url: Option<String>,
    /// The group of the models and migrations, where a program has several databases.
    #[serde(default)]
    pub(crate) group: Option<String>,
    /// A server where databases may be made and dropped, to try migrations out, when the one at hand is not local.
    #[serde(default)]
    pub(crate) scratch_url: Option<String>,
    /// The folder of the migrations, from the folder of this file.
    #[serde(default = "migrations")]
    pub(crate) migrations: PathBuf,
    /// Objects that are left alone: `table`, `schema.table`, `table.column`; `*` stands for any text.
    #[serde(default)]
    pub(crate) ignore: Vec<String>,
    /// How long rows are counted for a decision, as `2s`; then their number is an estimate.
    #[serde(default, deserialize_with = "duration")]
    pub(crate) count_limit: Option<Duration>,
    /// When a model that no migration covers is a compile error. The derives read it; here it is only checked.
    #[serde(default)]
    #[expect(dead_code, reason = "read so that a wrong value is an error here too")]
    pub(crate) drift: Drift,
    /// Where Limbeck keeps its own tables.
    #[serde(default)]
    pub(crate) history: HistoryConfig,
}

/// Where Limbeck keeps its own tables.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryConfig {
    /// The schema they are in, when it is not the default one.
    #[serde(default)]
    pub(crate) schema: Option<String>,
    /// What their names begin with.
    #[serde(default)]
    pub(crate) prefix: Option<String>,
}

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DatabaseKind {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

impl DatabaseKind {
    /// The name of the cargo feature.
    pub(crate) fn feature(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
        }
    }

    /// Its name, for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        }
    }

    /// The kind with such a key.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        [Self::Postgres, Self::Sqlite].into_iter().find(|kind| kind.feature() == key)
    }

    /// The URL under which a kind that needs no server makes scratch databases.
    pub(crate) fn serverless(self) -> Option<&'static str> {
        match self {
            Self::Postgres => None,
            Self::Sqlite => Some("sqlite::memory:"),
        }
    }

    /// The kind that a URL's scheme names.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        match url.split(':').next() {
            Some("postgres" | "postgresql") => Some(Self::Postgres),
            Some("sqlite") => Some(Self::Sqlite),
            Some(_) | None => None,
        }
    }
}

/// When a model that no migration covers is a compile error.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Drift {
    /// In builds without debug assertions.
    #[default]
    Release,
    /// In every build.
    Always,
    /// Never.
    Off,
}

fn duration<'a, D: Deserializer<'a>>(text: D) -> Result<Option<Duration>, D::Error> {
    humantime::parse_duration(&String::deserialize(text)?).map(Some).map_err(D::Error::custom)
}

fn migrations() -> PathBuf {
    PathBuf::from("src/migrations")
}

impl Config {
    /// Reads the file in a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("cannot read `{}`", path.display())).because(&error))?;
        Self::parse(&text).map_err(|error| {
            Failure::new(format!("cannot understand `{}`", path.display())).why(error.to_string().trim_end())
        })
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_all_defaults() {
        let config = Config::parse("").expect("nothing is mandatory");
        assert_eq!(config.migrations, Path::new("src/migrations"));
        assert!(config.databases.is_empty());
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = Config::parse("database = \"sqlite\"").expect_err("a typo");
        assert!(error.to_string().contains("database"), "{error}");
        assert!(error.to_string().contains("databases"), "{error}");
    }

    #[test]
    fn the_scheme_says_the_kind() {
        assert_eq!(DatabaseKind::of_url("postgresql://a/b"), Some(DatabaseKind::Postgres));
        assert_eq!(DatabaseKind::of_url("sqlite:a.db"), Some(DatabaseKind::Sqlite));
        assert_eq!(DatabaseKind::of_url("mysql://a/b"), None);
    }
}
