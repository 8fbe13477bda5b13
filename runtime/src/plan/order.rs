//! Ordering changes by what each creates, drops, requires and releases.
//!
//! There is one rule, and no list of pairs: whoever needs a thing comes after it is made and before it is unmade, and
//! a thing is unmade before another of its name is made. Foreign keys that close a circle of tables are made apart. What
//! only words speak for is followed as far as it goes: a circle that a guess closes is opened at the guess. What a
//! routine's body reads is a wish of the same shape, which gives way where the rule leaves no place for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Change, Delta, Describe, In, Object, Touches};
use crate::diff::Diff;
use crate::schema::{Column, Domain, ForeignKey, QualifiedName, Table};

/// Changes in an order that works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The changes.
    pub changes: Vec<Change>,
}

impl Plan {
    /// The plan that undoes this one.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { changes: self.changes.into_iter().rev().map(Change::inverse).collect() }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Changes that wait for each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these changes wait for each other, make them in two migrations: {}", .changes.join("; "))]
pub struct Cycle {
    /// The changes, in words.
    pub changes: Vec<String>,
}

/// Puts changes into an order that works, always the same one.
///
/// # Errors
///
/// When some changes wait for each other.
pub fn order(diff: Diff) -> Result<Plan, Cycle> {
    let (mut first, others): (Vec<Change>, Vec<Change>) =
        diff.changes.into_iter().partition(|c| prepares(c, &diff.renames));
    first.extend(diff.renames);
    let others = part_defaults(detach(others));
    first.extend(sort(&others)?.into_iter().map(|at| others[at].clone()));
    Ok(Plan { changes: first })
}

/// A table that moves to a new schema needs it before everything else.
fn prepares(change: &Change, renames: &[Change]) -> bool {
    let Change::Namespace(Delta::Create(namespace)) = change else {
        return false;
    };
    let needed = Object::Namespace(namespace.name.clone());
    renames.iter().any(|r| r.touches().requires.contains(&needed))
}

/// Takes the foreign keys that close a circle out of created and dropped tables, as changes of their own. The same
/// for both, so that undoing a plan is the plan of undoing.
fn detach(changes: Vec<Change>) -> Vec<Change> {
    let tables = |of: fn(&Change) -> Option<&Table>| changes.iter().filter_map(of).collect::<Vec<_>>();
    let created = circular(&tables(created));
    let dropped = circular(&tables(dropped));
    let mut detached = Vec::new();
    let mut rest = Vec::new();
    for change in changes {
        rest.push(match change {
            Change::Table(Delta::Create(table)) => {
                let (table, keys) = without(table, &created);
                detached.extend(keys.into_iter().map(|k| foreign_key(&table.name, Delta::Create(k))));
                Change::Table(Delta::Create(table))
            }
            Change::Table(Delta::Drop(table)) => {
                let (table, keys) = without(table, &dropped);
                detached.extend(keys.into_iter().map(|k| foreign_key(&table.name, Delta::Drop(k))));
                Change::Table(Delta::Drop(table))
            }
            other => other,
        });
    }
    rest.extend(detached);
    rest
}

/// A default that goes from a label that is dropped to one that is created can be set neither before the enum changes
/// nor after it: it goes and comes back.
fn part_defaults(changes: Vec<Change>) -> Vec<Change> {
    let labels: Vec<Touches> = changes.iter().filter(|c| matches!(c, Change::Enum(_))).map(Change::touches).collect();
    let both = |touches: &Touches| {
        labels.iter().any(|e| !e.drops.is_disjoint(&touches.releases) && !e.creates.is_disjoint(&touches.requires))
    };
    let mut parted = Vec::new();
    for change in changes {
        match change {
            Change::Column(In { table, delta: Delta::Alter { from, to } })
                if from.ty == to.ty && both(&alter(&table, &from, &to).touches()) =>
            {
                let between = Column { default: None, ..from.clone() };
                parted.extend([alter(&table, &from, &between), alter(&table, &between, &to)]);
            }
            Change::Domain(Delta::Alter { from, to })
                if from.ty == to.ty
                    && both(&Change::Domain(Delta::Alter { from: from.clone(), to: to.clone() }).touches()) =>
            {
                let between = Domain { default: None, ..from.clone() };
                parted.push(Change::Domain(Delta::Alter { from, to: between.clone() }));
                parted.push(Change::Domain(Delta::Alter { from: between, to }));
            }
            other => parted.push(other),
        }
    }
    parted
}

fn alter(table: &QualifiedName, from: &Column, to: &Column) -> Change {
    Change::Column(In { table: table.clone(), delta: Delta::Alter { from: from.clone(), to: to.clone() } })
}

fn created(change: &Change) -> Option<&Table> {
    if let Change::Table(Delta::Create(table)) = change { Some(table) } else { None }
}

fn dropped(change: &Change) -> Option<&Table> {
    if let Change::Table(Delta::Drop(table)) = change { Some(table) } else { None }
}

fn foreign_key(table: &QualifiedName, delta: Delta<ForeignKey>) -> Change {
    Change::ForeignKey(In { table: table.clone(), delta })
}

/// From each table of a circle, to those whose foreign keys must wait: tables are taken in an order in which each
/// refers to earlier ones, and when there is none left, the one that waits for the fewest goes first.
fn circular(tables: &[&Table]) -> BTreeSet<(QualifiedName, QualifiedName)> {
    let mut waiting: BTreeMap<&QualifiedName, BTreeSet<&QualifiedName>> =
        tables.iter().map(|t| (&t.name, t.foreign_keys.iter().map(|k| &k.references).collect())).collect();
    let all: BTreeSet<&QualifiedName> = waiting.keys().copied().collect();
    for (name, needs) in &mut waiting {
        needs.retain(|other| all.contains(other) && other != name);
    }
    let mut cut = BTreeSet::new();
    while let Some(next) = waiting.iter().min_by_key(|(name, needs)| (needs.len(), **name)).map(|(name, _)| *name) {
        let needs = waiting.remove(next).unwrap_or_default();
        cut.extend(needs.into_iter().map(|other| (next.clone(), other.clone())));
        waiting.values_mut().for_each(|needs| {
            needs.remove(next);
        });
    }
    cut
}

fn without(mut table: Table, cut: &BTreeSet<(QualifiedName, QualifiedName)>) -> (Table, Vec<ForeignKey>) {
    let name = table.name.clone();
    let goes = |k: &ForeignKey| cut.contains(&(name.clone(), k.references.clone()));
    let (gone, kept) = std::mem::take(&mut table.foreign_keys).into_iter().partition(goes);
    table.foreign_keys = kept;
    (table, gone)
}

/// The order, as places in the list: always the change with the lowest rank among those that nothing holds back.
fn sort(changes: &[Change]) -> Result<Vec<usize>, Cycle> {
    let touches: Vec<Touches> = changes.iter().map(Change::touches).collect();
    let (creators, droppers) = (holders(&touches, |t| &t.creates), holders(&touches, |t| &t.drops));
    let mut waits = Waits::of(&touches, &creators, &droppers);
    let (wishes, mut wished) = wishes(changes, &creators, &droppers);
    let place = |at: usize, wished: &[usize]| (wished[at] > 0, rank(&changes[at]), at);
    let mut ready: BTreeSet<(bool, u8, usize)> =
        (0..changes.len()).filter(|&at| waits.is_free(at)).map(|at| place(at, &wished)).collect();
    let mut ordered = Vec::with_capacity(changes.len());
    loop {
        while let Some((_, _, at)) = ready.pop_first() {
            ordered.push(at);
            for &next in &wishes[at] {
                let stood = ready.remove(&place(next, &wished));
                wished[next] -= 1;
                if stood {
                    ready.insert(place(next, &wished));
                }
            }
            ready.extend(waits.done(at).into_iter().map(|next| place(next, &wished)));
        }
        if ordered.len() == changes.len() {
            return Ok(ordered);
        }
        let Some(second) = waits.open() else {
            let stuck = (0..changes.len()).filter(|&at| !waits.is_free(at));
            return Err(Cycle { changes: stuck.map(|at| Describe(&changes[at]).to_string()).collect() });
        };
        ready.extend(waits.is_free(second).then(|| place(second, &wished)));
    }
}

/// The changes that touch each object in some way.
type Holders<'a> = BTreeMap<&'a Object, Vec<usize>>;

fn holders(touches: &[Touches], of: fn(&Touches) -> &BTreeSet<Object>) -> Holders<'_> {
    let mut map = Holders::new();
    for (at, touch) in touches.iter().enumerate() {
        of(touch).iter().for_each(|object| map.entry(object).or_default().push(at));
    }
    map
}

/// Which changes wait for which.
struct Waits {
    /// From each change to those that wait for it, and why.
    after: Vec<BTreeMap<usize, Why>>,
    /// For how many others each one waits.
    held: Vec<usize>,
}

/// Why a change waits for another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// A word may mean what the other makes or unmakes.
    Guess,
    /// It does not work otherwise.
    Need,
}

impl Waits {
    fn of(touches: &[Touches], creators: &Holders<'_>, droppers: &Holders<'_>) -> Self {
        let mut waits = Self { after: vec![BTreeMap::new(); touches.len()], held: vec![0; touches.len()] };
        for (at, touch) in touches.iter().enumerate() {
            let why = |object: &Object| if touch.guesses.contains(object) { Why::Guess } else { Why::Need };
            for object in &touch.requires {
                creators.get(object).into_iter().flatten().for_each(|&maker| waits.edge(maker, at, why(object)));
            }
            for object in &touch.releases {
                droppers.get(object).into_iter().flatten().for_each(|&breaker| waits.edge(at, breaker, why(object)));
            }
            // Two alterations of one thing both drop and create it, and are in nobody's way.
            for object in touch.drops.difference(&touch.creates).filter(|o| **o != Object::Extensions) {
                let makers = creators.get(object).into_iter().flatten();
                makers
                    .filter(|&&maker| !touches[maker].drops.contains(object))
                    .for_each(|&maker| waits.edge(at, maker, Why::Need));
            }
        }
        waits
    }

    fn edge(&mut self, first: usize, second: usize, why: Why) {
        if first == second {
            return;
        }
        match self.after[first].insert(second, why) {
            None => self.held[second] += 1,
            Some(before) => {
                self.after[first].insert(second, why.max(before));
            }
        }
    }

    fn is_free(&self, at: usize) -> bool {
        self.held[at] == 0
    }

    /// Takes a change for made; gives those that wait for nothing any more.
    fn done(&mut self, at: usize) -> Vec<usize> {
        let waiting = std::mem::take(&mut self.after[at]);
        waiting.keys().for_each(|&second| self.held[second] -= 1);
        waiting.into_keys().filter(|&second| self.is_free(second)).collect()
    }

    /// Forgets the first guess that stands in a circle; gives the change that waited for it.
    fn open(&mut self) -> Option<usize> {
        let guesses = self.after.iter().enumerate().flat_map(|(first, waiting)| {
            waiting.iter().filter(|(_, why)| **why == Why::Guess).map(move |(&second, _)| (first, second))
        });
        let (first, second) = guesses.into_iter().find(|&(first, second)| self.leads(second, first))?;
        self.after[first].remove(&second);
        self.held[second] -= 1;
        Some(second)
    }

    /// Whether one change waits for another, by way of whatever others.
    fn leads(&self, first: usize, last: usize) -> bool {
        let mut seen = BTreeSet::from([first]);
        let mut open = vec![first];
        while let Some(at) = open.pop() {
            if at == last {
                return true;
            }
            open.extend(self.after[at].keys().filter(|&&next| seen.insert(next)));
        }
        false
    }
}

/// What should come after each change, and for how many each should wait, where that can be had: a routine comes after
/// all that its body reads, and before what its body read goes. What is unmade and made again is not waited for on the
/// way out, or the routine would have no place.
fn wishes(changes: &[Change], creators: &Holders<'_>, droppers: &Holders<'_>) -> (Vec<BTreeSet<usize>>, Vec<usize>) {
    let mut after: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); changes.len()];
    let mut wished: Vec<usize> = vec![0; changes.len()];
    let mut edge = |first: usize, second: usize| {
        if first != second && after[first].insert(second) {
            wished[second] += 1;
        }
    };
    for (at, change) in changes.iter().enumerate() {
        let (before, now) = change.reads();
        if let Some(reads) = now {
            let made = creators.iter().filter(|(object, _)| reads.reads(object));
            made.flat_map(|(_, makers)| makers).for_each(|&maker| edge(maker, at));
        }
        if let Some(reads) = before {
            let gone = droppers.iter().filter(|(object, _)| !creators.contains_key(*object) && reads.reads(object));
            gone.flat_map(|(_, breakers)| breakers).for_each(|&breaker| edge(at, breaker));
        }
    }
    (after, wished)
}

/// Where nothing else decides, the order that reads best: what is taken away first, from the outside in; then what is
/// made, from the inside out.
fn rank(change: &Change) -> u8 {
    let kind = match change {
        Change::Namespace(_) => 0,
        Change::Extension(_) => 1,
        Change::Enum(_) | Change::Label(_) => 2,
        Change::Domain(_) => 3,
        Change::Sequence(_) => 4,
        Change::Table(_) => 5,
        Change::Column(_) => 6,
        Change::PrimaryKey(_) => 7,
        Change::Unique(_) => 8,
        Change::Check(_) => 9,
        Change::Exclusion(_) => 10,
        Change::Index(_) => 11,
        Change::ForeignKey(_) => 12,
        Change::Object(_) => 13,
    };
    if takes_away(change) { 30 - kind } else { 31 + kind }
}

fn takes_away(change: &Change) -> bool {
    fn of<T, A>(delta: &Delta<T, A>) -> bool {
        matches!(delta, Delta::Drop(_))
    }
    match change {
        Change::Namespace(it) => of(it),
        Change::Extension(it) => of(it),
        Change::Enum(it) => of(it),
        Change::Label(_) => false,
        Change::Domain(it) => of(it),
        Change::Sequence(it) => of(it),
        Change::Table(it) => of(it),
        Change::Column(it) => of(&it.delta),
        Change::PrimaryKey(it) => of(&it.delta),
        Change::Unique(it) => of(&it.delta),
        Change::Check(it) => of(&it.delta),
        Change::ForeignKey(it) => of(&it.delta),
        Change::Exclusion(it) => of(&it.delta),
        Change::Index(it) => of(&it.delta),
        Change::Object(it) => of(it),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{SqlObject, SqlObjectKind};

    /// The names of objects in the order in which they are made, and that in which they go.
    fn ordered(objects: &[SqlObject]) -> [String; 2] {
        let plan = |of: fn(SqlObject) -> Delta<SqlObject>| {
            let changes = objects.iter().cloned().map(|o| Change::Object(of(o))).collect();
            let plan = order(Diff { changes, ..Diff::default() }).unwrap_or_else(|e| panic!("{e}"));
            let names = plan
                .changes
                .iter()
                .map(|c| Describe(c).to_string().split_whitespace().last().unwrap_or_default().to_owned());
            names.collect::<Vec<_>>().join(" ")
        };
        [plan(Delta::Create), plan(Delta::Drop)]
    }

    fn view(name: &str, sql: &str) -> SqlObject {
        SqlObject::new(SqlObjectKind::View, name, sql)
    }

    #[test]
    fn words_decide_the_order_and_refuse_nothing() {
        let a = view("a", "CREATE VIEW a AS SELECT b FROM f");
        let b = view("b", "CREATE VIEW b AS SELECT a FROM f");
        let c = view("c", "CREATE VIEW c AS SELECT b FROM f");
        // `a` and `b` seem to stand on each other, `c` on one of them: it stays after it.
        assert_eq!(ordered(&[c.clone(), a.clone(), b.clone()]), ["b c a", "c b a"]);
        assert_eq!(ordered(&[c, b]), ["b c", "c b"]);
        let trigger = SqlObject {
            table: Some("f".into()),
            ..SqlObject::new(SqlObjectKind::Trigger, "f", "CREATE TRIGGER f AFTER INSERT ON f BEGIN SELECT a; END")
        };
        assert_eq!(ordered(&[trigger, a]).map(|names| names.len()), [3, 3]);
    }
}
