//! Carrying a change out on a schema.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::rename::{rename_column, rename_label, rename_table, rename_type};
use super::{Change, Delta, In};
use crate::schema::{Column, Name, Part, QualifiedName, Schema, Table};

/// A change that does not fit the schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// What shall be dropped or altered is not there.
    #[error("there is no {0}")]
    Missing(String),
    /// What shall be created is there.
    #[error("{0} exists already")]
    Exists(String),
}

impl Change {
    /// Makes this change in a schema.
    ///
    /// # Errors
    ///
    /// When the schema does not hold what the change starts from. The schema may then be changed in part.
    pub fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        match self {
            Self::Namespace(it) => entry(&mut schema.namespaces, it, |n| n.name.clone(), "schema"),
            Self::Extension(it) => entry(&mut schema.extensions, it, |e| e.name.clone(), "extension"),
            Self::Enum(it) => {
                rename_if(it, |e| &e.name, |from, to| rename_type(schema, from, to));
                entry(&mut schema.enums, it, |e| e.name.clone(), "enum")
            }
            Self::Label(it) => {
                let found = schema.enums.get_mut(&it.of).ok_or_else(|| missing("enum", &it.of))?;
                let label = found.labels.iter_mut().find(|l| **l == it.from);
                *label.ok_or_else(|| missing("label", format!("{}.{}", it.of, it.from)))? = it.to.clone();
                rename_label(schema, &it.of, &it.from, &it.to);
                Ok(())
            }
            Self::Domain(it) => {
                rename_if(it, |d| &d.name, |from, to| rename_type(schema, from, to));
                entry(&mut schema.domains, it, |d| d.name.clone(), "domain")
            }
            Self::Sequence(it) => entry(&mut schema.sequences, it, |s| s.name.clone(), "sequence"),
            Self::Object(it) => entry(&mut schema.objects, it, |o| o.name.clone(), "object"),
            Self::Table(it) => match it {
                Delta::Create(t) => {
                    entry(schema.tables.shared_mut(), &Delta::Create(Arc::new(t.clone())), |t| t.name.clone(), "table")
                }
                Delta::Drop(t) => {
                    let gone = schema.tables.shared_mut().remove(&t.name);
                    gone.map(drop).ok_or_else(|| missing("table", &t.name))
                }
                Delta::Alter { from, to } => {
                    if from.name != to.name && schema.tables.contains_key(&to.name) {
                        return Err(exists("table", &to.name));
                    }
                    let mut table = schema.tables.remove(&from.name).ok_or_else(|| missing("table", &from.name))?;
                    table.name = to.name.clone();
                    table.options = to.options.clone();
                    schema.tables.insert(to.name.clone(), table);
                    if from.name != to.name {
                        rename_table(schema, &from.name, &to.name);
                    }
                    Ok(())
                }
            },
            Self::Column(it) => apply_column(schema, it),
            Self::PrimaryKey(it) => {
                let there = table(schema, &it.table)?.primary_key.is_some();
                if there && matches!(it.delta, Delta::Create(_)) {
                    return Err(exists("primary key of", &it.table));
                }
                part(schema, it)
            }
            Self::Unique(it) => part(schema, it),
            Self::Check(it) => part(schema, it),
            Self::ForeignKey(it) => part(schema, it),
            Self::Exclusion(it) => part(schema, it),
            Self::Index(it) => part(schema, it),
        }
    }
}

impl Schema {
    /// This schema after some changes.
    ///
    /// # Errors
    ///
    /// When one of them does not fit.
    pub fn after<'a>(&self, changes: impl IntoIterator<Item = &'a Change>) -> Result<Self, ApplyError> {
        let mut schema = self.clone();
        for change in changes {
            change.apply(&mut schema)?;
        }
        Ok(schema)
    }
}

fn missing(kind: &str, name: impl std::fmt::Display) -> ApplyError {
    ApplyError::Missing(format!("{kind} `{name}`"))
}

fn exists(kind: &str, name: impl std::fmt::Display) -> ApplyError {
    ApplyError::Exists(format!("{kind} `{name}`"))
}

fn table<'a>(schema: &'a mut Schema, name: &QualifiedName) -> Result<&'a mut Table, ApplyError> {
    schema.tables.get_mut(name).ok_or_else(|| missing("table", name))
}

fn rename_if<T>(
    delta: &Delta<T>,
    name: impl Fn(&T) -> &QualifiedName,
    rename: impl FnOnce(&QualifiedName, &QualifiedName),
) {
    if let Delta::Alter { from, to } = delta
        && name(from) != name(to)
    {
        rename(name(from), name(to));
    }
}

fn entry<K: Ord + std::fmt::Display, T: Clone>(
    map: &mut BTreeMap<K, T>,
    delta: &Delta<T>,
    key: impl Fn(&T) -> K,
    kind: &str,
) -> Result<(), ApplyError> {
    match delta {
        Delta::Create(it) => match map.entry(key(it)) {
            Entry::Occupied(there) => Err(exists(kind, there.key())),
            Entry::Vacant(free) => {
                free.insert(it.clone());
                Ok(())
            }
        },
        Delta::Drop(it) => map.remove(&key(it)).map(drop).ok_or_else(|| missing(kind, key(it))),
        Delta::Alter { from, to } => {
            map.remove(&key(from)).ok_or_else(|| missing(kind, key(from)))?;
            match map.insert(key(to), to.clone()) {
                Some(_) => Err(exists(kind, key(to))),
                None => Ok(()),
            }
        }
    }
}

fn apply_column(schema: &mut Schema, it: &In<Column>) -> Result<(), ApplyError> {
    let found = table(schema, &it.table)?;
    let at = |name: &Name| found.columns.iter().position(|c| c.name == *name);
    let path = |c: &Column| format!("{}.{}", it.table, c.name);
    match &it.delta {
        Delta::Create(c) => match at(&c.name) {
            Some(_) => return Err(exists("column", path(c))),
            None => found.columns.push(c.clone()),
        },
        Delta::Drop(c) => {
            let at = at(&c.name).ok_or_else(|| missing("column", path(c)))?;
            found.columns.remove(at);
        }
        Delta::Alter { from, to } => {
            let place = at(&from.name).ok_or_else(|| missing("column", path(from)))?;
            if from.name != to.name && at(&to.name).is_some() {
                return Err(exists("column", path(to)));
            }
            found.columns[place] = to.clone();
            if from.name != to.name {
                rename_column(schema, &it.table, &from.name, &to.name);
            }
        }
    }
    Ok(())
}

fn part<P: Part>(schema: &mut Schema, it: &In<P>) -> Result<(), ApplyError> {
    let table = table(schema, &it.table)?;
    let called = |p: &P| match p.name() {
        Some(name) => format!("{}.{name}", it.table),
        None => format!("on {}", it.table),
    };
    let find = |table: &Table, p: &P| p.find(table).ok_or_else(|| missing(P::KIND, called(p)));
    match &it.delta {
        Delta::Create(p) => {
            if p.name().is_some() && P::all(table).iter().any(|q| q.name() == p.name()) {
                return Err(exists(P::KIND, called(p)));
            }
            p.clone().push(table);
        }
        Delta::Drop(p) => {
            let at = find(table, p)?;
            P::remove(table, at);
        }
        Delta::Alter { from, to } => {
            let at = find(table, from)?;
            P::all_mut(table)[at] = to.clone();
        }
    }
    Ok(())
}
