//! The graph of revisions.

use std::collections::{BTreeMap, BTreeSet};

use super::MigrationDef;

/// The migrations of a program, each after those that it revises or depends on.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// In an order in which everything comes after what it needs; always the same one.
    order: Vec<MigrationDef>,
    place: BTreeMap<&'static str, usize>,
}

/// What is wrong with a set of migrations.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Two migrations have one id.
    #[error("two migrations have the id `{id}`: {first} and {second}; give one of them another id")]
    Duplicate {
        /// The id.
        id: String,
        /// One file.
        first: String,
        /// The other.
        second: String,
    },
    /// A migration comes after one that is not there.
    #[error("migration `{id}` ({file}) comes after `{parent}`, which is not there; is its module missing in mod.rs?")]
    Missing {
        /// The migration.
        id: String,
        /// Its file.
        file: String,
        /// The one that is not there.
        parent: String,
    },
    /// Migrations that come after each other.
    #[error("migrations come after each other in a circle: {}", .ids.join(", "))]
    Cycle {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Two migrations bear one label.
    #[error("two migrations bear the label `{label}`: `{first}` and `{second}`")]
    Label {
        /// The label.
        label: String,
        /// One id.
        first: String,
        /// The other.
        second: String,
    },
}

impl Graph {
    /// The graph of some migrations.
    ///
    /// One module that was compiled twice, into a library and into a binary, counts once.
    ///
    /// # Errors
    ///
    /// When ids repeat, a parent is missing, or migrations go in a circle.
    pub fn new(migrations: impl IntoIterator<Item = MigrationDef>) -> Result<Self, GraphError> {
        let mut by_id: BTreeMap<&'static str, MigrationDef> = BTreeMap::new();
        for migration in migrations {
            match by_id.get(migration.id) {
                Some(other) if other.file != migration.file => {
                    let (mut files, id) = ([other.file, migration.file], migration.id);
                    files.sort_unstable();
                    let [first, second] = files.map(str::to_owned);
                    return Err(GraphError::Duplicate { id: id.to_owned(), first, second });
                }
                Some(_) => {}
                None => {
                    by_id.insert(migration.id, migration);
                }
            }
        }
        labels(&by_id)?;
        let order = sorted(&by_id)?;
        let place = order.iter().enumerate().map(|(at, m)| (m.id, at)).collect();
        Ok(Self { order, place })
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

    /// All migrations, each after what it needs.
    #[must_use]
    pub fn migrations(&self) -> &[MigrationDef] {
        &self.order
    }

    /// The migration of an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&MigrationDef> {
        self.place.get(id).map(|&at| &self.order[at])
    }

    /// Where a migration stands in the order.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<usize> {
        self.place.get(id).copied()
    }

    /// The migrations that none revises.
    #[must_use]
    pub fn heads(&self) -> Vec<&MigrationDef> {
        let revised: BTreeSet<&str> = self.order.iter().flat_map(|m| m.revises.iter().copied()).collect();
        self.order.iter().filter(|m| !revised.contains(m.id)).collect()
    }

    /// The migrations that revise none.
    #[must_use]
    pub fn bases(&self) -> Vec<&MigrationDef> {
        self.order.iter().filter(|m| m.revises.is_empty()).collect()
    }

    /// The migrations that revise this one.
    #[must_use]
    pub fn children(&self, id: &str) -> Vec<&MigrationDef> {
        self.order.iter().filter(|m| m.revises.contains(&id)).collect()
    }

    /// Some migrations and all that they need.
    #[must_use]
    pub fn ancestors<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&MigrationDef> = ids.into_iter().filter_map(|id| self.find(id)).collect();
        while let Some(migration) = open.pop() {
            if found.insert(migration.id) {
                open.extend(needs(migration).filter_map(|id| self.find(id)));
            }
        }
        found
    }

    /// Some migrations and all that need them.
    #[must_use]
    pub fn descendants<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'static str> {
        let mut found: BTreeSet<&'static str> = ids.into_iter().filter_map(|id| Some(self.find(id)?.id)).collect();
        // In order, so that one pass sees every chain.
        for migration in &self.order {
            if needs(migration).any(|id| found.contains(id)) {
                found.insert(migration.id);
            }
        }
        found
    }

    /// The heads among some applied migrations: those that no other applied one revises.
    #[must_use]
    pub fn heads_of(&self, applied: &BTreeSet<String>) -> Vec<&MigrationDef> {
        let applied: Vec<&MigrationDef> = self.order.iter().filter(|m| applied.contains(m.id)).collect();
        let revised: BTreeSet<&str> = applied.iter().flat_map(|m| m.revises.iter().copied()).collect();
        applied.into_iter().filter(|m| !revised.contains(m.id)).collect()
    }
}

/// What a migration comes after.
fn needs(migration: &MigrationDef) -> impl Iterator<Item = &'static str> {
    migration.revises.iter().chain(migration.depends_on).copied()
}

fn labels(by_id: &BTreeMap<&'static str, MigrationDef>) -> Result<(), GraphError> {
    let mut bearers: BTreeMap<&str, &str> = BTreeMap::new();
    for migration in by_id.values() {
        for label in migration.labels {
            if let Some(first) = bearers.insert(label, migration.id) {
                let [first, second] = [first, migration.id].map(str::to_owned);
                return Err(GraphError::Label { label: (*label).to_owned(), first, second });
            }
        }
    }
    Ok(())
}

fn sorted(by_id: &BTreeMap<&'static str, MigrationDef>) -> Result<Vec<MigrationDef>, GraphError> {
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    let mut after: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
    for migration in by_id.values() {
        let mut count = 0;
        for parent in needs(migration).collect::<BTreeSet<_>>() {
            if !by_id.contains_key(parent) {
                return Err(GraphError::Missing {
                    id: migration.id.to_owned(),
                    file: migration.file.to_owned(),
                    parent: parent.to_owned(),
                });
            }
            after.entry(parent).or_default().push(migration.id);
            count += 1;
        }
        held.insert(migration.id, count);
    }
    let mut ready: BTreeSet<&'static str> = by_id.keys().copied().filter(|id| held[id] == 0).collect();
    let mut order = Vec::with_capacity(by_id.len());
    while let Some(id) = ready.pop_first() {
        order.push(by_id[id]);
        for next in after.get(id).into_iter().flatten() {
            if let Some(count) = held.get_mut(next) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(next);
                }
            }
        }
    }
    if order.len() < by_id.len() {
        let ids = held.into_iter().filter(|(_, count)| *count > 0).map(|(id, _)| id.to_owned()).collect();
        return Err(GraphError::Cycle { ids });
    }
    Ok(order)
}
