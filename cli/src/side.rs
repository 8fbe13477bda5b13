//! One side of a comparison: a database, the models, or the migrations.

use limbeck::dialect::{self, Backend, Unmodelled};
use limbeck::schema::Schema;

use crate::database::redacted;
use crate::failure::Failure;
use crate::hints;
use limbeck::migrate::is_bookkeeping;

/// What `--from` and `--to` name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A database, by its URL.
    Url(String),
    /// The models.
    Models,
    /// What the migrations add up to.
    Migrations,
}

impl std::str::FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "models" => Ok(Self::Models),
            "migrations" => Ok(Self::Migrations),
            url if url.contains(':') => Ok(Self::Url(url.to_owned())),
            _ => Err("expected a database URL, `models` or `migrations`".to_owned()),
        }
    }
}

/// A side, loaded.
pub(crate) struct Side {
    /// What it holds.
    pub(crate) schema: Schema,
    /// What else is there, in a database.
    pub(crate) unmodelled: Vec<Unmodelled>,
    /// The connection, to a database.
    pub(crate) backend: Option<Box<dyn Backend>>,
    /// What it is, for people.
    pub(crate) title: String,
}

impl Side {
    /// A database: everything in it but migration tools' own tables.
    pub(crate) async fn database(url: &str) -> Result<Self, Failure> {
        let mut backend = connect(url).await?;
        let mut found = backend.introspect().await.map_err(|error| hints::database(&error))?;
        found.schema.tables.retain(|_, table| !is_bookkeeping(table));
        let title = backend.place().to_owned();
        Ok(Self { schema: found.schema, unmodelled: found.unmodelled, backend: Some(backend), title })
    }
}

/// Connects to a database.
pub(crate) async fn connect(url: &str) -> Result<Box<dyn Backend>, Failure> {
    dialect::connect(url).await.map_err(|error| hints::connect(&redacted(url), &error))
}
