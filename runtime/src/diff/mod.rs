//! Two schemas in, their differences out.
//!
//! [`align`] first gives one schema the other's spelling wherever a database holds the two for the same; what is
//! left is compared with `==`. A name that no one declared matches by structure. Renames are told, never guessed:
//! [`candidates`] says which drop and create may be one.

mod align;
mod candidates;
mod managed;
mod matching;
mod renames;
mod towards;

pub use align::{align, respell, undeclared};
pub use candidates::{Candidate, candidates};
pub use managed::{Managed, managed};
pub use renames::{Idle, RenameError, Renames};
pub use towards::towards;

use std::sync::Arc;

use crate::change::{Change, Delta, In};
use crate::schema::{Column, Domain, DomainCheck, Part, QualifiedName, Schema, SqlObject, Table};
use matching::{entries, parts};

/// Differences, in no order but the same one for the same schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The renames. They come first, and in this order: all other changes use the names after them.
    pub renames: Vec<Change>,
    /// Everything else.
    pub changes: Vec<Change>,
}

impl Diff {
    /// Whether the two schemas are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.renames.is_empty() && self.changes.is_empty()
    }
}

/// What turns one schema into the other.
///
/// # Errors
///
/// When a rename that was decided does not fit the two schemas.
pub fn diff(from: &Schema, to: &Schema, renames: &Renames) -> Result<Diff, RenameError> {
    let (from, renames) = renames.carry_out(from, to)?;
    let mut changes = Vec::new();
    changes.extend(entries(&from.namespaces, &to.namespaces).map(Change::Namespace));
    changes.extend(entries(&from.extensions, &to.extensions).map(Change::Extension));
    changes.extend(entries(&from.enums, &to.enums).map(Change::Enum));
    changes.extend(entries(&from.domains, &to.domains).filter_map(domain).map(Change::Domain));
    changes.extend(entries(&from.sequences, &to.sequences).map(Change::Sequence));
    let mut altered = Vec::new();
    for delta in entries(from.tables.shared(), to.tables.shared()) {
        match delta {
            Delta::Create(table) => changes.push(Change::Table(Delta::Create(Arc::unwrap_or_clone(table)))),
            Delta::Drop(table) => changes.push(Change::Table(Delta::Drop(Arc::unwrap_or_clone(table)))),
            Delta::Alter { from, to } => altered.push((from, to)),
        }
    }
    changes.extend(heads(&altered));
    altered.iter().for_each(|(from, to)| inside(from, to, &mut changes));
    for delta in entries(&from.objects, &to.objects) {
        changes.extend(recreated(delta).map(Change::Object));
    }
    Ok(Diff { renames, changes })
}

/// A domain's checks are in no order, and one that no one named is known by its condition.
fn domain(delta: Delta<Domain>) -> Option<Delta<Domain>> {
    let Delta::Alter { mut from, mut to } = delta else { return Some(delta) };
    let mut rest = std::mem::take(&mut from.checks);
    for check in &mut to.checks {
        let same = |c: &DomainCheck| c.expression == check.expression && (check.name.is_none() || check.name == c.name);
        if let Some(at) = rest.iter().position(same) {
            let found = rest.remove(at);
            check.name = check.name.take().or_else(|| found.name.clone());
            from.checks.push(found);
        }
    }
    from.checks.append(&mut rest);
    (from != to).then_some(Delta::Alter { from, to })
}

/// What is known by its text alone is not altered but made anew, unless its text can be replaced or stays as it is.
fn recreated(delta: Delta<SqlObject>) -> impl Iterator<Item = Delta<SqlObject>> {
    let (first, second) = match delta {
        Delta::Create(_) | Delta::Drop(_) => (delta, None),
        Delta::Alter { ref from, ref to }
            if from.kind == to.kind && from.table == to.table && (from.sql == to.sql || to.kind.is_replaced()) =>
        {
            (delta, None)
        }
        Delta::Alter { from, to } => (Delta::Drop(from), Some(Delta::Create(to))),
    };
    [Some(first), second].into_iter().flatten()
}

/// What is said of whole tables. A logged table may not point at one that is not, so that those that are pointed at
/// become logged first, and become unlogged last. A foreign key that stays is no change, and orders nothing by itself.
fn heads(altered: &[(Arc<Table>, Arc<Table>)]) -> Vec<Change> {
    let points = |(from, to): &(Arc<Table>, Arc<Table>), other: &Table| {
        from.foreign_keys.iter().chain(&to.foreign_keys).any(|key| key.references == other.name)
    };
    let waits = |one: &(Arc<Table>, Arc<Table>), other: &(Arc<Table>, Arc<Table>)| {
        let turns =
            one.0.options.unlogged != one.1.options.unlogged && other.0.options.unlogged != other.1.options.unlogged;
        let together = turns && one.1.options.unlogged == other.1.options.unlogged && one.1.name != other.1.name;
        together && if one.1.options.unlogged { points(other, &one.1) } else { points(one, &other.1) }
    };
    let mut open: Vec<_> = altered.iter().filter(|(from, to)| from.options != to.options).collect();
    let mut ordered = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let next = open.iter().position(|one| open.iter().all(|other| !waits(one, other))).unwrap_or(0);
        let (from, to) = open.remove(next);
        ordered.push(Change::Table(Delta::Alter { from: from.head(), to: to.head() }));
    }
    ordered
}

/// The differences between the parts of two tables of one name.
fn inside(from: &Table, to: &Table, changes: &mut Vec<Change>) {
    fn of<P: Part>(from: &Table, to: &Table, change: impl Fn(In<P>) -> Change) -> Vec<Change> {
        parts(P::all(from), P::all(to)).into_iter().map(|delta| change(In { table: to.name.clone(), delta })).collect()
    }
    changes.extend(columns(&to.name, &from.columns, &to.columns));
    changes.extend(of(from, to, Change::PrimaryKey));
    changes.extend(of(from, to, Change::Unique));
    changes.extend(of(from, to, Change::Check));
    changes.extend(of(from, to, Change::ForeignKey));
    changes.extend(of(from, to, Change::Exclusion));
    changes.extend(of(from, to, Change::Index));
}

/// Columns match by name; their order is no part of equality.
fn columns(table: &QualifiedName, from: &[Column], to: &[Column]) -> Vec<Change> {
    let dropped = from.iter().filter(|c| to.iter().all(|d| d.name != c.name)).map(|c| Delta::Drop(c.clone()));
    let others = to.iter().filter_map(|c| match from.iter().find(|d| d.name == c.name) {
        None => Some(Delta::Create(c.clone())),
        Some(same) if same == c => None,
        Some(other) => Some(Delta::Alter { from: other.clone(), to: c.clone() }),
    });
    dropped.chain(others).map(|delta| Change::Column(In { table: table.clone(), delta })).collect()
}
