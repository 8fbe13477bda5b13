//! Drops and creates that may be renames.

use crate::change::{Change, Delta, In};
use crate::diff::Diff;
use crate::schema::{Column, Enum, KeyOf, Name, QualifiedName, Table};

/// A drop and a create that may be one rename.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What it is: `table` or `column`, `enum` or `label`.
    pub kind: &'static str,
    /// The table of a column, the type of a label.
    pub within: Option<QualifiedName>,
    /// What is dropped.
    pub from: String,
    /// What is created.
    pub to: String,
    /// How alike the two are, from 0 to 100.
    pub likeness: u32,
}

impl Candidate {
    /// Whether the two look like one.
    #[must_use]
    pub fn is_likely(&self) -> bool {
        self.likeness >= LIKELY
    }

    /// The flag that decides it: `--rename account.nick:nickname`.
    #[must_use]
    pub fn flag(&self) -> String {
        match &self.within {
            Some(within) => format!("--rename {within}.{}:{}", self.from, self.to),
            None => format!("--rename {}:{}", self.from, self.to),
        }
    }
}

/// Below this, a table or an enum that goes and one that comes have nothing to do with each other. Of columns in one table
/// nobody can tell, and it matters where rows have values in them.
const LIKELY: u32 = 30;

/// Drops and creates that may be renames, the most alike first for each that is created.
#[must_use]
pub fn candidates(diff: &Diff) -> Vec<Candidate> {
    diff.changes.iter().flat_map(|created| ranked(of(created, &diff.changes))).collect()
}

/// What one change may be the other half of.
fn of(created: &Change, changes: &[Change]) -> Vec<Candidate> {
    if let Change::Table(Delta::Create(to)) = created {
        let dropped =
            changes.iter().filter_map(|c| if let Change::Table(Delta::Drop(from)) = c { Some(from) } else { None });
        let candidate = |from: &Table| whole("table", &from.name, &to.name, tables_alike(from, to));
        return dropped.map(candidate).collect();
    }
    if let Change::Enum(Delta::Create(to)) = created {
        let dropped =
            changes.iter().filter_map(|c| if let Change::Enum(Delta::Drop(from)) = c { Some(from) } else { None });
        let candidate = |from: &Enum| whole("enum", &from.name, &to.name, shared(&from.labels, &to.labels));
        return dropped.map(candidate).collect();
    }
    if let Change::Column(In { table, delta: Delta::Create(to) }) = created {
        let (mut dropped, mut place, mut places) = (Vec::new(), 0, 0);
        for change in changes {
            let Change::Column(In { table: other, delta }) = change else { continue };
            match delta {
                Delta::Drop(from) if other == table => dropped.push(from),
                Delta::Create(it) if other == table => {
                    place = if it.name == to.name { places } else { place };
                    places += 1;
                }
                Delta::Drop(_) | Delta::Create(_) | Delta::Alter { .. } => {}
            }
        }
        let candidate = |(at, from): (usize, &Column)| {
            let alike = columns_alike(from, to)
                + u32::from(at == place) * 5
                + shared_uses(&uses(changes, table, from, false), &uses(changes, table, to, true)) * 10 / 100;
            within("column", table, &from.name, &to.name, alike)
        };
        return dropped.into_iter().enumerate().map(candidate).collect();
    }
    if let Change::Enum(Delta::Alter { from, to }) = created {
        let gone: Vec<&Name> = from.labels.iter().filter(|l| !to.labels.contains(l)).collect();
        let come = to.labels.iter().filter(|l| !from.labels.contains(l));
        let candidate = |old: &Name, new: &Name| within("label", &to.name, old, new, 50 + names_alike(old, new) / 2);
        return come.flat_map(|new| gone.iter().map(move |old| candidate(old, new))).collect();
    }
    Vec::new()
}

fn whole(kind: &'static str, from: &QualifiedName, to: &QualifiedName, likeness: u32) -> Candidate {
    Candidate { kind, within: None, from: from.to_string(), to: to.to_string(), likeness }
}

fn within(kind: &'static str, within: &QualifiedName, from: &Name, to: &Name, likeness: u32) -> Candidate {
    Candidate { kind, within: Some(within.clone()), from: from.to_string(), to: to.to_string(), likeness }
}

fn ranked(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.retain(|c| c.is_likely() || c.kind == "column");
    candidates.sort_by(|a, b| b.likeness.cmp(&a.likeness).then_with(|| a.from.cmp(&b.from)));
    candidates
}

/// Two columns are alike when they hold the same and are called alike.
fn columns_alike(from: &Column, to: &Column) -> u32 {
    let ty = if from.ty == to.ty { 40 } else { 0 };
    let rest = if from.nullable == to.nullable && from.default == to.default { 15 } else { 0 };
    ty + rest + names_alike(&from.name, &to.name) * 30 / 100
}

/// What goes or comes together with a column: its indexes and constraints, without its name.
fn uses(changes: &[Change], table: &QualifiedName, column: &Column, comes: bool) -> Vec<&'static str> {
    let named = |columns: &[Name]| columns.contains(&column.name);
    let here = |of: &QualifiedName, uses: bool| of == table && uses;
    let of = |change: &Change| {
        if let Change::Unique(In { table, delta: Delta::Create(it) | Delta::Drop(it) }) = change {
            here(table, named(&it.columns)).then_some("unique")
        } else if let Change::ForeignKey(In { table, delta: Delta::Create(it) | Delta::Drop(it) }) = change {
            here(table, named(&it.columns)).then_some("foreign key")
        } else if let Change::Check(In { table, delta: Delta::Create(it) | Delta::Drop(it) }) = change {
            here(table, it.expression.mentions(&column.name)).then_some("check")
        } else if let Change::Index(In { table, delta: Delta::Create(it) | Delta::Drop(it) }) = change {
            let keyed = it.keys.iter().any(|key| matches!(&key.of, KeyOf::Column(name) if *name == column.name));
            here(table, keyed).then_some("index")
        } else {
            None
        }
    };
    changes.iter().filter(|change| change.touches().creates.is_empty() != comes).filter_map(of).collect()
}

/// How much of what two columns are used for is the same; two that are used for nothing have that in common.
fn shared_uses(from: &[&'static str], to: &[&'static str]) -> u32 {
    if from.is_empty() && to.is_empty() { 100 } else { shared(from, to) }
}

/// Two tables are alike when their columns are.
fn tables_alike(from: &Table, to: &Table) -> u32 {
    let columns = |t: &Table| t.columns.iter().map(|c| (c.name.clone(), c.ty.clone())).collect::<Vec<_>>();
    shared(&columns(from), &columns(to)) * 80 / 100 + names_alike(&from.name.name, &to.name.name) * 20 / 100
}

fn shared<T: PartialEq>(from: &[T], to: &[T]) -> u32 {
    let both = from.iter().filter(|it| to.contains(it)).count();
    let all = from.len() + to.len() - both;
    u32::try_from(both * 100).unwrap_or(0).checked_div(u32::try_from(all).unwrap_or(1)).unwrap_or(0)
}

/// How alike two names are: the share of letter pairs they have in common (Dice's coefficient).
fn names_alike(from: &str, to: &str) -> u32 {
    let pairs = |text: &str| {
        let letters: Vec<char> = text.to_lowercase().chars().collect();
        letters.windows(2).map(|w| (w[0], w[1])).collect::<Vec<_>>()
    };
    let (from, mut to) = (pairs(from), pairs(to));
    let all = from.len() + to.len();
    let mut both = 0;
    for pair in &from {
        if let Some(at) = to.iter().position(|p| p == pair) {
            to.swap_remove(at);
            both += 2;
        }
    }
    u32::try_from(both * 100).unwrap_or(0).checked_div(u32::try_from(all).unwrap_or(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Type, Unique};

    /// The most alike comes first: by type and name, and of two that are the same in these, by what they are used for and
    /// by where they stand.
    #[test]
    fn the_most_alike_comes_first() {
        let table = QualifiedName::from("t");
        let column = |name: &str, ty: Type| Column::new(name, ty);
        let change = |delta| Change::Column(In { table: table.clone(), delta });
        let unique = |delta| Change::Unique(In { table: table.clone(), delta });
        let changes = vec![
            change(Delta::Drop(column("kind", Type::Text))),
            change(Delta::Drop(column("mail", Type::Text))),
            change(Delta::Drop(column("old_total", Type::Integer))),
            unique(Delta::Drop(Unique::new(["mail"]))),
            change(Delta::Create(column("zzz", Type::Text))),
            change(Delta::Create(column("total", Type::BigInt))),
            unique(Delta::Create(Unique::new(["zzz"]))),
        ];
        let found = candidates(&Diff { renames: Vec::new(), changes });
        let of = |to: &str| found.iter().filter(|c| c.to == to).map(|c| c.from.as_str()).collect::<Vec<_>>();
        assert_eq!(of("zzz"), ["mail", "kind", "old_total"]);
        // It has another type by now, and is called alike.
        assert_eq!(of("total"), ["old_total", "kind", "mail"]);
        let likely = |to: &str| found.iter().filter(|c| c.to == to && c.is_likely()).count();
        assert_eq!((likely("zzz"), likely("total")), (2, 1));
    }

    #[test]
    fn names_are_alike_by_their_letter_pairs() {
        assert_eq!(names_alike("username", "username"), 100);
        assert!(names_alike("username", "user_name") > 60);
        assert_eq!(names_alike("abc", "xyz"), 0);
        assert_eq!(names_alike("a", "b"), 0);
    }
}
