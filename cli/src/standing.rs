//! Where a project and its database stand: the models, the migrations, what of them is applied, what is there.

use std::collections::BTreeSet;

use limbeck::change::Describe;
use limbeck::dialect::{Backend, aligned, respelled};
use limbeck::diff::{Renames, managed, undeclared};
use limbeck::migrate::{Lineage, Migrator, Status};
use limbeck::registry::Registry;
use limbeck::schema::Schema;

use crate::failure::Failure;
use crate::hints;
use crate::project::pattern::{ignored, matches};
use crate::ui::Ui;

/// All that revisions and checks are about.
pub(crate) struct Standing {
    pub(crate) backend: Box<dyn Backend>,
    pub(crate) migrator: Migrator,
    pub(crate) models: Schema,
    pub(crate) status: Status,
}

impl Standing {
    /// Reads everything.
    pub(crate) async fn read(ui: &Ui, migrator: Migrator, mut backend: Box<dyn Backend>) -> Result<Self, Failure> {
        let models = migrator.registry().schema().map_err(|error| hints::registry(&error))?;
        let status =
            migrator.status(&mut *backend).await.map_err(|error| hints::migrate(&error, &|rest| ui.command(rest)))?;
        Ok(Self { backend, migrator, models, status })
    }

    /// The models in words, and where the database is.
    pub(crate) fn summary(&self) -> String {
        format!("{}; database {} {}", models_in_words(self.migrator.registry()), self.backend.place(), self.position())
    }

    /// Where the database is, in words.
    pub(crate) fn position(&self) -> String {
        let applied = self.status.applied.iter().map(|row| row.id.clone()).collect();
        position(self.migrator.graph().lineage(), &applied)
    }

    /// Whether somebody changed the database behind the migrations' back.
    pub(crate) fn drifted(&self) -> bool {
        !self.status.drift.is_empty()
    }

    /// What somebody changed in the database by hand, in words, save what limbeck.toml ignores.
    pub(crate) fn drift(&self, ignore: &[String]) -> Vec<String> {
        let drift = &self.status.drift;
        let told = drift.renames.iter().chain(&drift.changes).filter(|change| !ignored(change, ignore));
        told.map(|change| Describe(&change.clone().inverse()).to_string()).collect()
    }

    /// Says what is in the database and nobody's here, save what limbeck.toml ignores.
    pub(crate) fn tell_unmanaged(&self, ui: &Ui, ignore: &[String]) {
        /// More are not listed.
        const SHOWN: usize = 5;
        let name = |it: &str| it.rsplit_once(' ').map_or(it, |(_, name)| name).to_owned();
        let ignored = |it: &&String| ignore.iter().any(|pattern| matches(pattern, &name(it)));
        let told: Vec<&String> = self.status.unmanaged.iter().filter(|it| !ignored(it)).collect();
        let Some(first) = told.first() else { return };
        let shown = told.iter().take(SHOWN).map(|it| it.as_str()).collect::<Vec<_>>().join(", ");
        let more = told.len().checked_sub(SHOWN + 1).map(|more| format!(" and {} more", more + 1)).unwrap_or_default();
        ui.note(format!(
            "left alone, since no model and no migration mentions it: {shown}{more}; a model of that name, or \
             `baseline`, brings it in; `ignore = [{:?}]` in limbeck.toml says that it is known",
            name(first)
        ));
    }

    /// The renames that the models declare and that are still to be done.
    pub(crate) fn renames(&self, start: &Schema) -> Renames {
        self.migrator.registry().renames().pending(start, &self.models)
    }

    /// The schema that a new migration starts from, in the models' spelling: the database's own, or what the
    /// migrations say where somebody changed the database behind their back.
    pub(crate) async fn start(&mut self) -> Result<Schema, Failure> {
        let Status { current, replayed, .. } = &self.status;
        let current = undeclared(managed(current, &[&self.models, replayed]).schema, replayed, &self.models);
        let start = if self.drifted() {
            let mut start = replayed.clone();
            // A table that is there and that no migration made is no part of the drift.
            let tables = current.tables.into_iter();
            start.tables.extend(tables.filter(|(name, _)| !replayed.tables.contains_key(name)));
            let enums = current.enums.into_iter();
            start.enums.extend(enums.filter(|(name, _)| !replayed.enums.contains_key(name)));
            respelled(&mut *self.backend, &start, &self.models).await
        } else {
            aligned(&mut *self.backend, &current, &self.models).await
        };
        start.map_err(|error| hints::database(&error))
    }

    /// What the migrations add up to, applied or not, in the models' spelling.
    pub(crate) async fn goal(&mut self) -> Result<Schema, Failure> {
        let database = self.backend.dialect().database();
        let whole = self.migrator.graph().replay_all(database).map_err(|error| Failure::from_error(&error))?;
        respelled(&mut *self.backend, &whole, &self.models).await.map_err(|error| hints::database(&error))
    }
}

/// Where a database with these migrations is, in words.
pub(crate) fn position(lineage: &Lineage, applied: &BTreeSet<String>) -> String {
    if applied.is_empty() {
        return "has no migrations yet".to_owned();
    }
    let heads = lineage.heads();
    let at: Vec<String> = lineage
        .heads_of(applied)
        .into_iter()
        .map(|id| if heads.contains(&id) { format!("{id} (head)") } else { id.to_owned() })
        .collect();
    if at.is_empty() {
        "is at revisions that are not known here".to_owned()
    } else {
        format!("is at {}", at.join(", "))
    }
}

/// The models in words: `12 models from crate connexity-db`.
pub(crate) fn models_in_words(registry: &Registry) -> String {
    let packages = registry.packages();
    let count: usize = packages.values().sum();
    let names: Vec<&str> = packages.into_keys().collect();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    format!("{count} model{} from crate{} {}", plural(count), plural(names.len()), names.join(", "))
}
