//! Tables.

use std::collections::BTreeMap;

use super::{Check, Column, Database, Exclusion, ForeignKey, Index, Name, PrimaryKey, QualifiedName, Spelling, Unique};

/// A table with everything that belongs to it.
///
/// The order of columns is remembered for printing and is no part of equality between databases; the order of the
/// other lists has no meaning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Table {
    /// Its name.
    pub name: QualifiedName,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<PrimaryKey>,
    /// Its unique constraints.
    pub uniques: Vec<Unique>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// Its indexes, save those that a constraint made.
    pub indexes: Vec<Index>,
    /// Everything else.
    pub options: TableOptions,
}

impl Table {
    /// A table with nothing in it.
    pub fn new(name: impl Into<QualifiedName>) -> Self {
        Self {
            name: name.into(),
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            options: TableOptions::default(),
        }
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == *name)
    }

    /// The column of this name, to change.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|c| c.name == *name)
    }

    /// What an `alter table` that touches no column may change.
    #[must_use]
    pub fn head(&self) -> TableHead {
        TableHead { name: self.name.clone(), options: self.options.clone() }
    }

    /// Whether the primary key or a unique constraint or a whole unique index is over exactly these columns.
    #[must_use]
    pub fn is_key(&self, columns: &[Name]) -> bool {
        let same = |key: &[Name]| key.len() == columns.len() && columns.iter().all(|c| key.contains(c));
        self.primary_key.as_ref().is_some_and(|k| same(&k.columns))
            || self.uniques.iter().any(|u| same(&u.columns))
            || self.indexes.iter().any(|i| {
                let keys: Vec<Name> = i
                    .keys
                    .iter()
                    .filter_map(|k| match &k.of {
                        super::KeyOf::Column(name) => Some(name.clone()),
                        super::KeyOf::Expression(_) => None,
                    })
                    .collect();
                i.unique && i.predicate.is_none() && keys.len() == i.keys.len() && same(&keys)
            })
    }

    /// Whether it is not the same on every database.
    #[must_use]
    pub fn varies(&self) -> bool {
        self.columns.iter().any(|column| !column.variants.is_empty())
            || self.checks.iter().any(|check| check.only.is_some())
            || self.indexes.iter().any(|index| index.only.is_some())
    }

    /// Keeps what exists on this database, and chooses the columns' variants.
    pub fn choose(&mut self, database: Database) {
        for column in &mut self.columns {
            column.choose(database);
        }
        let here = |only: &mut Option<Database>| only.take().is_none_or(|only| only == database);
        self.checks.retain_mut(|check| here(&mut check.only));
        self.indexes.retain_mut(|index| here(&mut index.only));
    }
}

/// A table's name and options, without its columns and constraints.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableHead {
    /// The name.
    pub name: QualifiedName,
    /// The options.
    pub options: TableOptions,
}

/// What a table has besides columns, constraints and indexes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, std::default::Default)]
pub struct TableOptions {
    /// A comment.
    pub comment: Option<String>,
    /// Whether it is left out of the write-ahead log (PostgreSQL).
    pub unlogged: bool,
    /// Storage parameters (PostgreSQL, `CREATE TABLE`, *Storage Parameters*).
    pub with: BTreeMap<String, String>,
    /// How its rows are parted among tables of their own: `RANGE (day)` (PostgreSQL, `CREATE TABLE`, *PARTITION BY*).
    pub partition_by: Option<String>,
    /// Whether types are enforced (SQLite, *STRICT Tables*).
    pub strict: bool,
    /// Whether rows are kept in the primary key's order (SQLite, *The WITHOUT ROWID Optimization*).
    pub without_rowid: bool,
    /// The statement that made the table, in the database's own words (SQLite).
    pub spelling: Spelling,
}

/// A part of a table that is matched by its name or, when no one declared one, by its structure.
pub trait Part: Clone + PartialEq + Ord {
    /// What it is called in messages.
    const KIND: &'static str;

    /// The declared name, or the one the database gave.
    fn name(&self) -> Option<&Name>;

    /// The same part under another name.
    #[must_use]
    fn with_name(self, name: Option<Name>) -> Self;

    /// Its comment.
    fn comment(&self) -> Option<&str>;

    /// The same part under another comment.
    #[must_use]
    fn with_comment(self, comment: Option<String>) -> Self;

    /// The part without what can be altered in place: its name, its comment.
    #[must_use]
    fn structure(&self) -> Self;

    /// The same part, with the rows that were there before it looked at; nothing when it minds them already.
    #[must_use]
    fn validated(&self) -> Option<Self>;

    /// All of a table's.
    fn all(table: &Table) -> &[Self];

    /// All of a table's, to change.
    fn all_mut(table: &mut Table) -> &mut [Self];

    /// Adds one to a table. A second primary key takes the place of the first.
    fn push(self, table: &mut Table);

    /// Takes one out of a table, by its place in [`all`](Part::all).
    fn remove(table: &mut Table, at: usize);

    /// Where a table has this part: under its name, else with its structure.
    fn find(&self, table: &Table) -> Option<usize> {
        let (parts, structure) = (Self::all(table), self.structure());
        let same = |p: &Self| p.structure() == structure;
        parts
            .iter()
            .position(|p| p.name().is_some() && p.name() == self.name())
            // A copy that no one named goes before one that bears another name.
            .or_else(|| parts.iter().position(|p| same(p) && p.name().is_none()))
            .or_else(|| parts.iter().position(|p| same(p) && self.name().is_none()))
    }
}

macro_rules! part {
    ($part:ty, $kind:literal, $list:ident, $slice:ident, $slice_mut:ident, $push:expr, $remove:expr, $validated:expr) => {
        impl Part for $part {
            const KIND: &'static str = $kind;

            fn name(&self) -> Option<&Name> {
                self.name.as_ref()
            }

            fn with_name(mut self, name: Option<Name>) -> Self {
                self.name = name;
                self
            }

            fn comment(&self) -> Option<&str> {
                self.comment.as_deref()
            }

            fn with_comment(mut self, comment: Option<String>) -> Self {
                self.comment = comment;
                self
            }

            fn structure(&self) -> Self {
                let mut part = self.clone();
                part.name = None;
                part.comment = None;
                part
            }

            fn validated(&self) -> Option<Self> {
                let validated: fn(&Self) -> Option<Self> = $validated;
                validated(self)
            }

            fn all(table: &Table) -> &[Self] {
                table.$list.$slice()
            }

            fn all_mut(table: &mut Table) -> &mut [Self] {
                table.$list.$slice_mut()
            }

            fn push(self, table: &mut Table) {
                let push: fn(&mut Table, Self) = $push;
                push(table, self);
            }

            fn remove(table: &mut Table, at: usize) {
                let remove: fn(&mut Table, usize) = $remove;
                remove(table, at);
            }
        }
    };
    ($part:ty, $kind:literal, $list:ident, $validated:expr) => {
        part!(
            $part,
            $kind,
            $list,
            as_slice,
            as_mut_slice,
            |t, p| t.$list.push(p),
            |t, at| {
                t.$list.remove(at);
            },
            $validated
        );
    };
}

part!(
    PrimaryKey,
    "primary key",
    primary_key,
    as_slice,
    as_mut_slice,
    |t, p| t.primary_key = Some(p),
    |t, _| t.primary_key = None,
    |_| None
);
part!(Unique, "unique constraint", uniques, |_| None);
part!(Check, "check", checks, |c| c.not_valid.then(|| Check { not_valid: false, ..c.clone() }));
part!(ForeignKey, "foreign key", foreign_keys, |k| k.not_valid.then(|| ForeignKey { not_valid: false, ..k.clone() }));
part!(Exclusion, "exclusion constraint", exclusions, |_| None);
part!(Index, "index", indexes, |_| None);
