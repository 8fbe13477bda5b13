//! The tables of a schema.

use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::iter::Map;
use std::ops::Index;
use std::sync::Arc;

use super::{QualifiedName, Table};

/// Tables by name, in order. A copy shares every table with the original until one of the two changes it: a run keeps
/// a schema before and after each of its migrations, and each of these changes one table or two.
#[derive(Clone, PartialEq, Eq, std::default::Default)]
pub struct Tables(BTreeMap<QualifiedName, Arc<Table>>);

type Entry<'a> = (&'a QualifiedName, &'a Table);
type EntryMut<'a> = (&'a QualifiedName, &'a mut Table);

impl Tables {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is one of this name.
    #[must_use]
    pub fn contains_key(&self, name: &QualifiedName) -> bool {
        self.0.contains_key(name)
    }

    /// The one of this name.
    #[must_use]
    pub fn get(&self, name: &QualifiedName) -> Option<&Table> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// The one of this name, to be changed.
    pub fn get_mut(&mut self, name: &QualifiedName) -> Option<&mut Table> {
        self.0.get_mut(name).map(Arc::make_mut)
    }

    /// The one of this name, which is made where there is none.
    pub fn get_or_insert_with(&mut self, name: QualifiedName, table: impl FnOnce() -> Table) -> &mut Table {
        Arc::make_mut(self.0.entry(name).or_insert_with(|| Arc::new(table())))
    }

    /// Puts one in. The one that had the name before.
    pub fn insert(&mut self, name: QualifiedName, table: Table) -> Option<Table> {
        self.0.insert(name, Arc::new(table)).map(Arc::unwrap_or_clone)
    }

    /// Takes one out.
    pub fn remove(&mut self, name: &QualifiedName) -> Option<Table> {
        self.0.remove(name).map(Arc::unwrap_or_clone)
    }

    /// Keeps those for which something holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&QualifiedName, &Table) -> bool) {
        self.0.retain(|name, table| keep(name, table));
    }

    /// Their names.
    pub fn keys(&self) -> btree_map::Keys<'_, QualifiedName, Arc<Table>> {
        self.0.keys()
    }

    /// All of them.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Table> + ExactSizeIterator + Clone {
        self.0.values().map(AsRef::as_ref)
    }

    /// All of them, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Table> + ExactSizeIterator {
        self.0.values_mut().map(Arc::make_mut)
    }

    /// All of them.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = Table> + ExactSizeIterator {
        self.0.into_values().map(Arc::unwrap_or_clone)
    }

    /// The map itself.
    pub(crate) fn shared(&self) -> &BTreeMap<QualifiedName, Arc<Table>> {
        &self.0
    }

    /// The map itself, to be changed.
    pub(crate) fn shared_mut(&mut self) -> &mut BTreeMap<QualifiedName, Arc<Table>> {
        &mut self.0
    }

    /// All of them, with their names.
    pub fn iter(&self) -> <&Self as IntoIterator>::IntoIter {
        self.into_iter()
    }

    /// All of them, with their names, to be changed.
    pub fn iter_mut(&mut self) -> <&mut Self as IntoIterator>::IntoIter {
        self.into_iter()
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Index<&QualifiedName> for Tables {
    type Output = Table;

    /// Panics when there is none of this name.
    fn index(&self, name: &QualifiedName) -> &Table {
        &self.0[name]
    }
}

impl<'a> IntoIterator for &'a Tables {
    type Item = Entry<'a>;
    type IntoIter =
        Map<btree_map::Iter<'a, QualifiedName, Arc<Table>>, fn((&'a QualifiedName, &'a Arc<Table>)) -> Entry<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(name, table)| (name, table))
    }
}

impl<'a> IntoIterator for &'a mut Tables {
    type Item = EntryMut<'a>;
    type IntoIter = Map<
        btree_map::IterMut<'a, QualifiedName, Arc<Table>>,
        fn((&'a QualifiedName, &'a mut Arc<Table>)) -> EntryMut<'a>,
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut().map(|(name, table)| (name, Arc::make_mut(table)))
    }
}

impl IntoIterator for Tables {
    type Item = (QualifiedName, Table);
    type IntoIter =
        Map<btree_map::IntoIter<QualifiedName, Arc<Table>>, fn((QualifiedName, Arc<Table>)) -> (QualifiedName, Table)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(|(name, table)| (name, Arc::unwrap_or_clone(table)))
    }
}

impl FromIterator<(QualifiedName, Table)> for Tables {
    fn from_iter<I: IntoIterator<Item = (QualifiedName, Table)>>(tables: I) -> Self {
        Self(tables.into_iter().map(|(name, table)| (name, Arc::new(table))).collect())
    }
}

impl Extend<(QualifiedName, Table)> for Tables {
    fn extend<I: IntoIterator<Item = (QualifiedName, Table)>>(&mut self, tables: I) {
        self.0.extend(tables.into_iter().map(|(name, table)| (name, Arc::new(table))));
    }
}
