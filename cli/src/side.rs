//! One side of a comparison: a database, the models, or the migrations.

use limbeck::dialect::{self, Backend, Missing, Unmodelled};
use limbeck::migrate::without_bookkeeping;
use limbeck::schema::Schema;

use crate::failure::Failure;
use crate::hints;
use crate::project::database::redacted;

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
    /// Whether it is a database, which has its own spelling.
    pub(crate) is_database: bool,
    /// What it is, for people.
    pub(crate) title: String,
}

impl Side {
    /// The title of the models.
    pub(crate) const MODELS: &str = "models";

    /// A database: everything in it but migration tools' own tables.
    pub(crate) async fn database(backend: &mut dyn Backend) -> Result<Self, Failure> {
        let found = backend.introspect().await.map_err(|error| hints::database(&error))?;
        Ok(Self {
            schema: without_bookkeeping(found.schema),
            unmodelled: found.unmodelled,
            is_database: true,
            title: backend.place().to_owned(),
        })
    }

    /// Whether it is what models say: what no model can say is not missing in it.
    pub(crate) fn is_models(&self) -> bool {
        !self.is_database && self.title == Self::MODELS
    }

    /// What people wrote: the models or the migrations.
    pub(crate) fn written(schema: Schema, title: &str) -> Self {
        Self { schema, unmodelled: Vec::new(), is_database: false, title: title.to_owned() }
    }
}

/// Connects to a database.
pub(crate) async fn connect(url: &str, missing: Missing) -> Result<Box<dyn Backend>, Failure> {
    dialect::connect(url, missing).await.map_err(|error| hints::connect(&redacted(url), &error))
}
