//! Carrying plans out on a real database.

use limbeck::change::Change;
use limbeck::dialect::{Backend, aligned};
use limbeck::diff::{Diff, Renames, diff};
use limbeck::plan::{Piece, Place, Plan, Statement, lower, order};
use limbeck::schema::Schema;

/// Makes the changes on a database that is at `before`, and gives the schema after them.
///
/// # Panics
///
/// When the database cannot or will not, with the statement.
pub async fn carry_out(backend: &mut dyn Backend, changes: &[Change], before: &Schema) -> Schema {
    let lowered = lower(changes, before, backend.capabilities()).unwrap_or_else(|e| panic!("{e}"));
    let mut statements = Vec::new();
    for piece in &lowered.pieces {
        match piece {
            Piece::Changes { before, changes } => {
                let rendered = backend.dialect().render(changes, before, backend.capabilities());
                statements.extend(rendered.unwrap_or_else(|e| panic!("{e}")));
            }
            Piece::Sql { sql, about } => statements.push(Statement::new(sql, about)),
        }
    }
    let all = backend.dialect().script(&statements);
    let mut open = false;
    let mut ordered: Vec<&Statement> = statements.iter().filter(|s| s.place == Place::Setup).collect();
    ordered.extend(statements.iter().filter(|s| !matches!(s.place, Place::Setup | Place::Cleanup)));
    ordered.extend(statements.iter().filter(|s| s.place == Place::Cleanup));
    for statement in ordered {
        let wants = matches!(statement.place, Place::Transaction | Place::Committed);
        if wants && !open {
            backend.begin().await.unwrap_or_else(|e| panic!("{e}"));
        } else if !wants && open {
            backend.commit().await.unwrap_or_else(|e| panic!("{e}"));
        }
        open = wants;
        if let Err(e) = backend.execute(&statement.sql).await {
            panic!("{e}\n{}\nin\n{all}", statement.sql);
        }
        if statement.place == Place::Committed {
            backend.commit().await.unwrap_or_else(|e| panic!("{e}"));
            open = false;
        }
    }
    if open {
        backend.commit().await.unwrap_or_else(|e| panic!("{e}\nin\n{all}"));
    }
    lowered.after
}

/// What the database lacks to be `wanted`, and the schema it is at, in `wanted`'s spelling.
///
/// # Panics
///
/// When the database cannot be read.
pub async fn difference(backend: &mut dyn Backend, wanted: &Schema) -> (Schema, Diff) {
    let found = backend.introspect().await.unwrap_or_else(|e| panic!("{e}"));
    let current = aligned(backend, &found.schema, wanted).await.unwrap_or_else(|e| panic!("{e}"));
    let diff = diff(&current, wanted, &Renames::default()).unwrap_or_else(|e| panic!("{e}"));
    (current, diff)
}

/// Takes a database from where it is to `wanted`: the plan, and the schema before it.
///
/// # Panics
///
/// When it cannot be done.
pub async fn migrate(backend: &mut dyn Backend, wanted: &Schema) -> (Plan, Schema) {
    let (current, diff) = difference(backend, wanted).await;
    let plan = order(diff).unwrap_or_else(|e| panic!("{e}"));
    let after = carry_out(backend, &plan.changes, &current).await;
    (plan, after)
}
