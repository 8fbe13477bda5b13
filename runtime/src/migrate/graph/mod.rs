//! The graph of revisions.

mod error;
mod lineage;
mod target;
mod walk;

pub use error::{GraphError, TargetError};
pub use lineage::{Lineage, Revision, is_id};
pub use target::{Range, Target, Within};

use std::collections::{BTreeMap, BTreeSet};

use super::MigrationDef;

/// The migrations of a program, each after those that it revises or depends on.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// In an order in which everything comes after what it needs; always the same one.
    order: Vec<MigrationDef>,
    place: BTreeMap<&'static str, usize>,
    lineage: Lineage,
}

impl Graph {
    /// The graph of some migrations.
    ///
    /// One module that was compiled twice, into a library and into a binary, counts once.
    ///
    /// # Errors
    ///
    /// When ids or labels repeat or are none, a parent is missing, or migrations go in a circle.
    pub fn new(migrations: impl IntoIterator<Item = MigrationDef>) -> Result<Self, GraphError> {
        let mut all: Vec<MigrationDef> = migrations.into_iter().collect();
        let mut seen = BTreeSet::new();
        all.retain(|m| seen.insert((m.id, m.file, m.message)));
        let lineage = Lineage::new(all.iter().map(Revision::from))?;
        let by_id: BTreeMap<&str, MigrationDef> = all.iter().map(|m| (m.id, *m)).collect();
        let order: Vec<MigrationDef> = lineage.order().filter_map(|r| by_id.get(r.id.as_str()).copied()).collect();
        let place = order.iter().enumerate().map(|(at, m)| (m.id, at)).collect();
        Ok(Self { order, place, lineage })
    }

    /// The graph of all migrations that modules registered, of one group.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn registered(group: Option<&str>) -> Result<Self, GraphError> {
        let all = inventory::iter::<super::Registered>().map(|r| r.0);
        Self::new(all.filter(|m| m.group == group))
    }

    /// How the revisions follow each other.
    #[must_use]
    pub fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    /// All migrations, each after what it needs.
    #[must_use]
    pub fn migrations(&self) -> &[MigrationDef] {
        &self.order
    }

    /// The migration of an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&MigrationDef> {
        self.place(id).map(|at| &self.order[at])
    }

    /// Where a migration stands in the order.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<usize> {
        self.place.get(id).copied()
    }

    fn all<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> Vec<&MigrationDef> {
        ids.into_iter().filter_map(|id| self.find(id)).collect()
    }

    fn ids(&self, ids: &BTreeSet<String>) -> BTreeSet<&'static str> {
        self.order.iter().map(|m| m.id).filter(|id| ids.contains(*id)).collect()
    }

    /// The migrations that none revises.
    #[must_use]
    pub fn heads(&self) -> Vec<&MigrationDef> {
        self.all(self.lineage.heads())
    }

    /// The migrations that revise none.
    #[must_use]
    pub fn bases(&self) -> Vec<&MigrationDef> {
        self.all(self.lineage.bases())
    }

    /// The migrations that more than one other revises.
    #[must_use]
    pub fn branch_points(&self) -> Vec<&MigrationDef> {
        self.all(self.lineage.branch_points())
    }

    /// The migrations that revise this one.
    #[must_use]
    pub fn children(&self, id: &str) -> Vec<&MigrationDef> {
        self.all(self.lineage.children(id))
    }

    /// Some migrations and all that they need.
    #[must_use]
    pub fn ancestors<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'static str> {
        let ids = ids.into_iter().filter_map(|id| self.find(id)).map(|m| m.id);
        self.ids(&self.lineage.ancestors(ids))
    }

    /// Some migrations and all that need them.
    #[must_use]
    pub fn descendants<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'static str> {
        let ids = ids.into_iter().filter_map(|id| self.find(id)).map(|m| m.id);
        self.ids(&self.lineage.descendants(ids))
    }

    /// The heads among some applied migrations: those that no other applied one revises.
    #[must_use]
    pub fn heads_of(&self, applied: &BTreeSet<String>) -> Vec<&MigrationDef> {
        self.all(self.lineage.heads_of(applied))
    }

    /// The migration that an id, the beginning of one, or a label means.
    ///
    /// # Errors
    ///
    /// When none or several do.
    pub fn revision(&self, word: &str) -> Result<&MigrationDef, TargetError> {
        self.find(self.lineage.find(word)?).ok_or_else(|| TargetError::Unknown(word.to_owned()))
    }

    /// The one head.
    ///
    /// # Errors
    ///
    /// When there are several.
    pub fn head(&self) -> Result<Option<&MigrationDef>, TargetError> {
        Ok(self.all(self.lineage.targets(&Target::Head, &BTreeSet::new())?).pop())
    }

    /// The migrations that a target names, given what is applied; none for `base`.
    ///
    /// # Errors
    ///
    /// When the target is none.
    pub fn targets(&self, target: &Target, applied: &BTreeSet<String>) -> Result<Vec<&MigrationDef>, TargetError> {
        Ok(self.all(self.lineage.targets(target, applied)?))
    }

    /// The migrations to apply, in order, to get up to a target.
    ///
    /// # Errors
    ///
    /// When the target is not clear, or does not lead up.
    pub fn upgrade(&self, target: &Target, applied: &BTreeSet<String>) -> Result<Vec<&MigrationDef>, TargetError> {
        Ok(self.all(self.lineage.upgrade(target, applied)?))
    }

    /// The ids to undo, in order, to get down to a target. `applied` is what a database has, in the order in which it
    /// was applied, rows of a newer program among them; `last_run` is what its last run applied.
    ///
    /// # Errors
    ///
    /// When the target is not clear, not applied, or does not lead down.
    pub fn downgrade(
        &self,
        target: &Target,
        applied: &[Revision],
        last_run: &BTreeSet<String>,
    ) -> Result<Vec<String>, TargetError> {
        let ids: BTreeSet<String> = applied.iter().map(|r| r.id.clone()).collect();
        let undone = self.lineage.undone(target, &self.lineage.with(applied), &ids, last_run)?;
        Ok(applied.iter().rev().map(|r| r.id.clone()).filter(|id| undone.contains(id)).collect())
    }

    /// The migrations of a range, in order.
    ///
    /// # Errors
    ///
    /// When a side of it is not clear.
    pub fn range(&self, range: &Range, applied: &BTreeSet<String>) -> Result<Vec<&MigrationDef>, TargetError> {
        Ok(self.all(self.lineage.range(range, applied)?))
    }
}

impl From<&MigrationDef> for Revision {
    fn from(migration: &MigrationDef) -> Self {
        let strings = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect();
        Self {
            id: migration.id.to_owned(),
            revises: strings(migration.revises),
            depends_on: strings(migration.depends_on),
            labels: strings(migration.labels),
            message: migration.message.to_owned(),
            file: migration.file.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
