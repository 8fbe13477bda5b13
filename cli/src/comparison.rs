//! What there is to say about two sides.

use std::collections::BTreeMap;

use limbeck::dialect::{Backend, DatabaseError, Unmodelled, aligned, respelled};
use limbeck::diff::{Candidate, candidates, diff};
use limbeck::plan::{Piece, Plan, Statement, lower, order};
use limbeck::schema::Schema;
use limbeck::source::{Step, steps};

use crate::failure::Failure;
use crate::hints;
use crate::rename;
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
        let renames = rename::parse(renames, &from.schema, &to.schema)?;
        let (before, after) = spelled(backend, from, to).await.map_err(|error| hints::database(&error))?;
        let difference = diff(&before, &after, &renames).map_err(|error| Failure::from_error(&error))?;
        let candidates = candidates(&difference);
        let plan = order(difference).map_err(|error| Failure::from_error(&error))?;
        let (up, reached) = statements(backend, &plan, &before)?;
        let back = plan.clone().inverse();
        let up_steps = steps(&plan.changes, &before).map_err(|error| Failure::from_error(&error))?;
        let down_steps = steps(&back.changes, &reached).map_err(|error| Failure::from_error(&error))?;
        let (plan, statements, steps) = if down {
            let (down, _) = statements(backend, &back, &reached)?;
            (back, down, (down_steps, up_steps))
        } else {
            (plan, up, (up_steps, down_steps))
        };
        let script = backend.dialect().script(&statements);
        let mut unmodelled = unlike(&from.unmodelled, &to.unmodelled);
        unmodelled.sort();
        Ok(Self { plan, steps, statements, script, candidates, unmodelled })
    }

    /// Whether the sides are the same.
    pub(crate) fn is_empty(&self) -> bool {
        self.plan.is_empty() && self.unmodelled.is_empty()
    }
}

/// The two schemas, where one is spelled as the other wherever the database takes them for the same.
async fn spelled(backend: &mut dyn Backend, from: &Side, to: &Side) -> Result<(Schema, Schema), DatabaseError> {
    let (before, after) = (&from.schema, &to.schema);
    Ok(match (from.is_database, to.is_database) {
        (true, _) => (aligned(backend, before, after).await?, after.clone()),
        (false, true) => (before.clone(), aligned(backend, after, before).await?),
        (false, false) => (respelled(backend, before, after).await?, after.clone()),
    })
}

/// The statements that carry a plan out, and the schema after them.
pub(crate) fn statements(
    backend: &dyn Backend,
    plan: &Plan,
    before: &Schema,
) -> Result<(Vec<Statement>, Schema), Failure> {
    let capabilities = backend.capabilities();
    let cannot = |error: &dyn std::error::Error| Failure::from_error(error);
    let lowered = lower(&plan.changes, before, capabilities).map_err(|error| cannot(&error))?;
    let mut statements = Vec::new();
    for piece in lowered.pieces {
        match piece {
            Piece::Changes { before, changes } => {
                let rendered = backend.dialect().render(&changes, &before, capabilities);
                statements.extend(rendered.map_err(|error| cannot(&error))?);
            }
            Piece::Sql { sql, about } => statements.push(Statement::new(sql, about)),
        }
    }
    Ok((statements, lowered.after))
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
        Unmodelled { kind: "view".into(), name: name.into(), definition: definition.into() }
    }

    #[test]
    fn what_is_known_by_text_is_compared_by_text() {
        let from = [view("a", "1"), view("b", "1"), view("c", "1")];
        let to = [view("b", "1"), view("c", "2"), view("d", "1")];
        assert_eq!(unlike(&from, &to), ["view `a` goes", "view `c` differs", "view `d` comes"]);
        assert!(unlike(&from, &from).is_empty());
    }
}
