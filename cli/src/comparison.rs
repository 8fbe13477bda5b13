//! What there is to say about two sides.

use std::collections::BTreeMap;

use limbeck::dialect::{Backend, Unmodelled, aligned, respelled};
use limbeck::diff::{Candidate, Renames, candidates, diff, towards};
use limbeck::migrate::{Action, Terms, Work, work};
use limbeck::plan::{Plan, Statement, order};
use limbeck::schema::Schema;
use limbeck::source::{Step, steps};

use crate::decisions::rename;
use crate::failure::Failure;
use crate::hints;
use crate::side::Side;

/// The way from one side to another.
pub(crate) struct Comparison {
    /// The changes.
    pub(crate) plan: Plan,
    /// The steps of a module that makes them, and of its way back.
    pub(crate) steps: (Vec<Step>, Vec<Step>),
    /// What makes them, on the database that is one of the sides.
    pub(crate) statements: Vec<Statement>,
    /// The same as a script for the database's own shell.
    pub(crate) script: String,
    /// Drops and creates that may be renames.
    pub(crate) candidates: Vec<Candidate>,
    /// Differences of kinds that no plan can hold.
    pub(crate) unmodelled: Vec<String>,
}

impl Comparison {
    /// Compares two sides, in the words of a database that is one of them, or that stands for both. With `down`, the
    /// way back.
    pub(crate) async fn new(
        backend: &mut dyn Backend,
        (from, to): (&Side, &Side),
        renames: &[String],
        down: bool,
    ) -> Result<Self, Failure> {
        same_kind(from, to)?;
        same_kind(to, from)?;
        let renames = rename::parse(renames, &from.schema, &to.schema)?;
        // A name that nobody declared matches whatever a database has; so a database is what the plan starts from.
        let turned = to.is_database && !from.is_database;
        let ways = if turned {
            Ways::between(backend, (to, from), &rename::inverse(&renames)).await?.turned()
        } else {
            Ways::between(backend, (from, to), &renames).await?
        };
        let candidates = ways.candidates.clone();
        let Ways { there, back, .. } = if down { ways.turned() } else { ways };
        let (statements, _) = statements(backend, &there)?;
        Ok(Self {
            script: backend.dialect().script(&statements),
            steps: (there.steps()?, back.steps()?),
            plan: there.plan,
            statements,
            candidates,
            unmodelled: unlike(&from.unmodelled, &to.unmodelled),
        })
    }

    /// Whether the sides are the same.
    pub(crate) fn is_empty(&self) -> bool {
        self.plan.is_empty() && self.unmodelled.is_empty()
    }
}

/// A plan, and the schema it starts from.
struct Way {
    plan: Plan,
    before: Schema,
}

impl Way {
    fn steps(&self) -> Result<Vec<Step>, Failure> {
        steps(&self.plan.changes, &self.before).map_err(|error| Failure::from_error(&error))
    }
}

/// The way from one side to the other, and the way back.
struct Ways {
    there: Way,
    back: Way,
    candidates: Vec<Candidate>,
}

impl Ways {
    /// `from` is a database, or neither side is.
    async fn between(
        backend: &mut dyn Backend,
        (from, to): (&Side, &Side),
        renames: &Renames,
    ) -> Result<Self, Failure> {
        let before = if from.is_database {
            aligned(backend, &from.schema, &to.schema).await
        } else {
            respelled(backend, &from.schema, &to.schema).await
        };
        let before = before.map_err(|error| hints::database(&error))?;
        let compare = if to.is_models() { towards } else { diff };
        let difference = compare(&before, &to.schema, renames).map_err(|error| Failure::from_error(&error))?;
        let candidates = candidates(&difference);
        let plan = order(difference).map_err(|error| Failure::from_error(&error))?;
        let there = Way { plan, before };
        // The names that the database makes up on the way there are those that the way back finds.
        let (_, reached) = statements(backend, &there)?;
        let back = Way { plan: there.plan.clone().inverse(), before: reached };
        Ok(Self { there, back, candidates })
    }

    /// The same, seen from the other side.
    fn turned(mut self) -> Self {
        for candidate in &mut self.candidates {
            std::mem::swap(&mut candidate.from, &mut candidate.to);
        }
        Self { there: self.back, back: self.there, candidates: self.candidates }
    }
}

/// The statements that carry a plan out, and the schema after them.
fn statements(backend: &dyn Backend, way: &Way) -> Result<(Vec<Statement>, Schema), Failure> {
    let actions: Vec<Action> = way.plan.changes.iter().cloned().map(Action::Change).collect();
    let (work, after) = work(&actions, &way.before, backend.dialect(), backend.capabilities(), &Terms::default())
        .map_err(|error| Failure::from_error(&error))?;
    let statements = work.into_iter().filter_map(|work| match work {
        Work::Statement(statement) => Some(statement),
        Work::Run(_) | Work::Commit | Work::Repeat(_) | Work::Remark(_) => None,
    });
    Ok((statements.collect(), after))
}

/// Refuses a table whose name belongs to an object of another kind on the other side: no plan can make the one of the
/// other, and one that drops the table would lose its rows for nothing.
fn same_kind(tables: &Side, others: &Side) -> Result<(), Failure> {
    for other in &others.unmodelled {
        let Some(name) = other.relation.as_ref().filter(|name| tables.schema.tables.contains_key(name)) else {
            continue;
        };
        return Err(Failure::new(format!(
            "`{name}` is a table in {} and a {} in {}",
            tables.title, other.kind, others.title
        ))
        .why("Limbeck cannot make the one of the other, and its plan would lose the rows")
        .next("move the rows in a migration of your own, with `m.sql`, until both sides are of one kind"));
    }
    Ok(())
}

/// What is on one side only, or differs, among objects that are known by their text alone.
fn unlike(from: &[Unmodelled], to: &[Unmodelled]) -> Vec<String> {
    fn by_name(list: &[Unmodelled]) -> BTreeMap<(&str, &str), &str> {
        list.iter().map(|o| ((o.kind.as_str(), o.name.as_str()), o.definition.as_str())).collect()
    }
    let (from, to) = (by_name(from), by_name(to));
    let gone = from.keys().filter(|key| !to.contains_key(*key)).map(|(kind, name)| format!("{kind} `{name}` goes"));
    let others = to.iter().filter_map(|(key @ (kind, name), definition)| match from.get(key) {
        None => Some(format!("{kind} `{name}` comes")),
        Some(before) if before == definition => None,
        Some(_) => Some(format!("{kind} `{name}` differs")),
    });
    gone.chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, definition: &str) -> Unmodelled {
        Unmodelled { kind: "view".into(), name: name.into(), definition: definition.into(), relation: None }
    }

    #[test]
    fn what_is_known_by_text_is_compared_by_text() {
        let from = [view("a", "1"), view("b", "1"), view("c", "1")];
        let to = [view("b", "1"), view("c", "2"), view("d", "1")];
        assert_eq!(unlike(&from, &to), ["view `a` goes", "view `c` differs", "view `d` comes"]);
        assert!(unlike(&from, &from).is_empty());
    }
}
