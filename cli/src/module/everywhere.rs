//! One migration for all databases that limbeck.toml lists: each is planned for on its own, what all of them need is
//! said once, and the rest under `m.only`.

use std::collections::BTreeSet;

use limbeck::change::Change;
use limbeck::dialect::{Dialect, named, spelled};
use limbeck::diff::{Diff, Renames, towards};
use limbeck::migrate::Graph;
use limbeck::plan::{Plan, order};
use limbeck::schema::{Database, Schema};
use limbeck::source::{Step, steps};

use crate::context::Context;
use crate::failure::Failure;
use crate::project::config::DatabaseKind;

/// A database that a migration is for, and the schema that it has there before.
#[derive(Clone)]
pub(crate) struct Home {
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) start: Schema,
}

impl Home {
    pub(crate) fn database(&self) -> Database {
        self.dialect.database()
    }

    /// Its name, for people.
    pub(crate) fn title(&self) -> &'static str {
        DatabaseKind::of_key(self.database().0).map_or(self.database().0, DatabaseKind::title)
    }

    /// The form in which this database's schemas are compared.
    fn canonical(&self, schema: &Schema) -> Schema {
        self.dialect.canonical(&schema.on(self.database()))
    }
}

/// A change, and the databases that need it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) change: Change,
    on: BTreeSet<Database>,
    /// What it says, to find the same in another plan.
    says: String,
}

/// What the databases need, in an order that works on each. The first home is the database at hand.
#[derive(Clone)]
pub(crate) struct Everywhere {
    pub(crate) homes: Vec<Home>,
    pub(crate) wanted: Vec<Wanted>,
}

/// The databases that a migration is for: the one at hand, and those that limbeck.toml lists besides. Of those, only what
/// the migrations make of them is known.
pub(crate) fn homes(
    context: &Context<'_>,
    here: Database,
    start: Schema,
    graph: &Graph,
    models: &Schema,
) -> Result<Vec<Home>, Failure> {
    let others: Vec<_> = listed(context)?.filter(|name| *name != here.0).filter_map(named).collect();
    let mut homes: Vec<Home> =
        named(here.0).map(|dialect| Home { dialect, start: start.clone() }).into_iter().collect();
    if others.is_empty() {
        return Ok(homes);
    }
    let replayed = |database| graph.replay_all(database).map_err(|error| Failure::from_error(&error));
    let made = replayed(here)?;
    for dialect in others {
        let mut there = replayed(dialect.database())?;
        // A table that no migration made is there everywhere, as far as anybody knows.
        let tables = start.tables.iter().filter(|(name, _)| !made.tables.contains_key(name));
        there.tables.extend(tables.map(|(name, table)| (name.clone(), table.clone())));
        let enums = start.enums.iter().filter(|(name, _)| !made.enums.contains_key(name));
        there.enums.extend(enums.map(|(name, of)| (name.clone(), of.clone())));
        homes.push(Home { dialect, start: spelled(dialect, &there, models) });
    }
    Ok(homes)
}

/// The databases that limbeck.toml lists, by their names.
fn listed<'a>(context: &'a Context<'_>) -> Result<impl Iterator<Item = &'static str> + use<'a>, Failure> {
    Ok(context.project()?.config.databases.iter().map(|kind| kind.feature()))
}

/// The difference to the models on each of some databases.
pub(crate) fn differences(homes: &mut [Home], models: &Schema, renames: &Renames) -> Result<Vec<Diff>, Failure> {
    let found = |homes: &[Home]| -> Result<Vec<Diff>, Failure> {
        let all = homes.iter().map(|home| towards(&home.start, models, renames));
        all.collect::<Result<_, _>>().map_err(|error| Failure::from_error(&error))
    };
    let before = found(homes)?;
    if before.iter().all(|difference| *difference == before[0]) {
        return Ok(before);
    }
    // What one database cannot tell apart is a change all the same where another can: SQLite has one integer type.
    for difference in &before {
        for home in homes.iter_mut() {
            for change in &difference.changes {
                let undone = undone(&home.start, &difference.renames, change);
                if let Some(start) = undone.filter(|it| home.canonical(it) == home.canonical(&home.start)) {
                    home.start = start;
                }
            }
        }
    }
    found(homes)
}

/// All that one of the databases needs.
pub(crate) fn together(differences: &[Diff]) -> Diff {
    fn all<'a>(lists: impl Iterator<Item = &'a Vec<Change>>) -> Vec<Change> {
        lists.flatten().fold(Vec::new(), |mut all, change| {
            if !all.contains(change) {
                all.push(change.clone());
            }
            all
        })
    }
    match differences {
        [first, rest @ ..] if rest.iter().all(|it| it == first) => first.clone(),
        several => Diff {
            renames: all(several.iter().map(|it| &it.renames)),
            changes: all(several.iter().map(|it| &it.changes)),
        },
    }
}

/// A schema as if a change were still to come. Changes are named by the names after the renames.
fn undone(start: &Schema, renames: &[Change], change: &Change) -> Option<Schema> {
    let mut schema = start.after(renames).ok()?;
    change.clone().inverse().apply(&mut schema).ok()?;
    let back: Vec<Change> = renames.iter().rev().map(|it| it.clone().inverse()).collect();
    schema.after(&back).ok()
}

impl Everywhere {
    /// The plans of all databases as one.
    pub(crate) fn new(homes: Vec<Home>, differences: Vec<Diff>) -> Result<Self, Failure> {
        let mut wanted = Vec::new();
        for (home, difference) in homes.iter().zip(differences) {
            let plan = order(difference).map_err(|error| Failure::from_error(&error))?;
            wanted = merged(wanted, said(plan, home)?);
        }
        Ok(Self { homes, wanted })
    }

    /// What one of the databases needs.
    pub(crate) fn on(&self, database: Database) -> Plan {
        let here = self.wanted.iter().filter(|it| it.on.contains(&database));
        Plan { changes: here.map(|it| it.change.clone()).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = &Change> {
        self.wanted.iter().map(|it| &it.change)
    }

    /// The databases that a change is for, in words, when it is not for all.
    pub(crate) fn only(&self, wanted: &Wanted) -> Option<String> {
        let on = self.homes.iter().filter(|home| wanted.on.contains(&home.database())).map(Home::title);
        (wanted.on.len() < self.homes.len()).then(|| on.collect::<Vec<_>>().join(", "))
    }

    /// Everything undone, from where it leads to.
    pub(crate) fn inverse(&self) -> Result<Self, Failure> {
        let mut homes = self.homes.clone();
        for home in &mut homes {
            let plan = self.on(home.database());
            home.start = home.start.after(&plan.changes).map_err(|error| Failure::from_error(&error))?;
        }
        let back = self.wanted.iter().rev().map(|it| Wanted { change: it.change.clone().inverse(), ..it.clone() });
        Ok(Self { wanted: back.collect(), homes })
    }

    /// The steps that say all of it. `say` gives those of some changes in a row, from the schema before them.
    pub(crate) fn steps(
        &self,
        say: impl Fn(&[Change], &Schema) -> Result<Vec<Step>, Failure>,
    ) -> Result<Vec<Step>, Failure> {
        let mut states: Vec<(Database, Schema)> =
            self.homes.iter().map(|home| (home.database(), home.start.clone())).collect();
        let mut all = Vec::new();
        for run in self.wanted.chunk_by(|one, next| one.on == next.on) {
            let [first, ..] = run else { continue };
            let changes: Vec<Change> = run.iter().map(|it| it.change.clone()).collect();
            let shared = first.on.len() == self.homes.len();
            for (at, (database, state)) in states.iter_mut().enumerate() {
                if !first.on.contains(database) {
                    continue;
                }
                if !shared {
                    all.push(Step::Only(*database, say(&changes, state)?));
                } else if at == 0 {
                    all.extend(say(&changes, state)?);
                }
                *state = state.after(&changes).map_err(|error| Failure::from_error(&error))?;
            }
        }
        Ok(all)
    }

    /// Steps of each database: those that all of them have once, the others under the name of theirs.
    pub(crate) fn each(&self, say: impl Fn(&Home, &Plan) -> Vec<Step>) -> Vec<Step> {
        let lists: Vec<(Database, Vec<Step>)> =
            self.homes.iter().map(|home| (home.database(), say(home, &self.on(home.database())))).collect();
        let shared = |step: &Step| lists.iter().all(|(_, list)| list.contains(step));
        let mut all: Vec<Step> = lists.first().map(|(_, list)| list.clone()).unwrap_or_default();
        all.retain(|step| shared(step));
        for (database, list) in &lists {
            let own: Vec<Step> = list.iter().filter(|step| !shared(step)).cloned().collect();
            all.extend((!own.is_empty()).then_some(Step::Only(*database, own)));
        }
        all
    }
}

/// A plan with what each change says, forwards and, where something is altered, back.
fn said(plan: Plan, home: &Home) -> Result<Vec<Wanted>, Failure> {
    let mut state = home.start.clone();
    let mut all = Vec::new();
    for change in plan.changes {
        let say = |change: &Change, state: &Schema| {
            steps(std::slice::from_ref(change), state).map_err(|error| Failure::from_error(&error))
        };
        let there = say(&change, &state)?;
        change.apply(&mut state).map_err(|error| Failure::from_error(&error))?;
        let touches = change.touches();
        let is_drop = touches.creates.is_empty() && !touches.drops.is_empty();
        // What is dropped is the same thing, whatever a database calls its parts.
        let back = if is_drop { Vec::new() } else { say(&change.clone().inverse(), &state)? };
        all.push(Wanted { change, on: BTreeSet::from([home.database()]), says: format!("{there:?} {back:?}") });
    }
    Ok(all)
}

/// Two lists as one that keeps the order of both. What is in both at places that agree is there once.
fn merged(one: Vec<Wanted>, other: Vec<Wanted>) -> Vec<Wanted> {
    if one.is_empty() {
        return other;
    }
    let same = |a: usize, b: usize| one[a].says == other[b].says;
    let head = (0..one.len().min(other.len())).take_while(|at| same(*at, *at)).count();
    let (rows, columns) = (one.len() - head, other.len() - head);
    // The longest list that is in both, from each pair of places on.
    let mut longest = vec![vec![0_usize; columns + 1]; rows + 1];
    for a in (0..rows).rev() {
        for b in (0..columns).rev() {
            longest[a][b] = if same(head + a, head + b) {
                longest[a + 1][b + 1] + 1
            } else {
                longest[a + 1][b].max(longest[a][b + 1])
            };
        }
    }
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    let (mut a, mut b) = (0, 0);
    while a < rows && b < columns {
        if same(head + a, head + b) {
            pairs.push((head + a, head + b));
            (a, b) = (a + 1, b + 1);
        } else if longest[a + 1][b] >= longest[a][b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    let (mut one, mut other) = (one.into_iter(), other.into_iter());
    let (mut all, mut done) = (Vec::new(), (0, 0));
    for (a, b) in pairs {
        all.extend(one.by_ref().take(a - done.0));
        all.extend(other.by_ref().take(b - done.1));
        all.extend(one.next().zip(other.next()).map(|(mut both, same)| {
            both.on.extend(same.on);
            both
        }));
        done = (a + 1, b + 1);
    }
    all.extend(one);
    all.extend(other);
    all
}

#[cfg(test)]
mod tests {
    use limbeck::change::{Delta, In};
    use limbeck::schema::{Column, Type};

    use super::*;

    fn wanted(on: &'static str, names: &str) -> Vec<Wanted> {
        let column = |name: char| {
            let delta = Delta::Create(Column::new(name.to_string().as_str(), Type::Text));
            let change = Change::Column(In { table: "t".into(), delta });
            Wanted { change, on: BTreeSet::from([Database(on)]), says: name.to_string() }
        };
        names.chars().map(column).collect()
    }

    /// What each wants is there in its order; what both want at places that agree is there once.
    #[test]
    fn two_plans_are_one() {
        for (one, other, both) in
            [("abc", "abc", "abc"), ("abc", "axc", "ac"), ("", "ab", ""), ("abcd", "cdab", "ab"), ("ab", "xyabz", "ab")]
        {
            let all = merged(wanted("postgres", one), wanted("sqlite", other));
            let of = |on: &'static str| -> String {
                all.iter().filter(|it| it.on.contains(&Database(on))).map(|it| it.says.as_str()).collect()
            };
            assert_eq!((of("postgres").as_str(), of("sqlite").as_str()), (one, other));
            let shared = all.iter().filter(|it| it.on.len() == 2).count();
            assert_eq!(shared, both.len(), "{one} {other}");
        }
    }
}
