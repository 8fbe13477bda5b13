//! What a migration comes to on one database: statements and code, in order.

use super::Action;
use crate::change::Change;
use crate::dialect::Dialect;
use crate::plan::{Capabilities, LowerError, Piece, Place, Statement, lower};
use crate::schema::Schema;
use crate::source::Run;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Send a statement.
    Statement(Statement),
    /// Run code of the user's.
    Run(Run),
}

/// What actions come to on a database, starting from a schema, and the schema after them with every name written out.
///
/// # Errors
///
/// When the database cannot do it.
pub fn work(
    actions: &[Action],
    before: &Schema,
    dialect: &dyn Dialect,
    capabilities: &Capabilities,
) -> Result<(Vec<Work>, Schema), LowerError> {
    let mut state = before.clone();
    let mut work = Vec::new();
    let mut changes: Vec<Change> = Vec::new();
    let mut flush = |changes: &mut Vec<Change>, work: &mut Vec<Work>| -> Result<(), LowerError> {
        if changes.is_empty() {
            return Ok(());
        }
        let lowered = lower(&std::mem::take(changes), &state, capabilities)?;
        for piece in lowered.pieces {
            match piece {
                Piece::Changes { before, changes } => {
                    let statements = dialect.render(&changes, &before, capabilities)?;
                    work.extend(statements.into_iter().map(Work::Statement));
                }
                Piece::Sql { sql, about } => work.push(Work::Statement(Statement::new(sql, about))),
            }
        }
        state = lowered.after;
        Ok(())
    };
    for action in actions {
        match action {
            Action::Change(change) => changes.push(change.clone()),
            Action::Sql(sql) => {
                flush(&mut changes, &mut work)?;
                work.push(Work::Statement(Statement::new(sql.text.clone(), "run SQL of the migration's own")));
            }
            Action::Run(run) => {
                flush(&mut changes, &mut work)?;
                work.push(Work::Run(run.clone()));
            }
            Action::Irreversible(_) => {}
        }
    }
    flush(&mut changes, &mut work)?;
    Ok((work, state))
}

/// What opens each statement in a stored script.
const MARK: &str = "-- limbeck: ";

const PLACES: [(Place, &str); 5] = [
    (Place::Setup, "setup"),
    (Place::Transaction, "transaction"),
    (Place::Committed, "committed"),
    (Place::Alone, "alone"),
    (Place::Cleanup, "cleanup"),
];

/// Statements as one text that can be kept and taken apart again. Nothing when there is code among them.
#[must_use]
pub fn stored(work: &[Work]) -> Option<String> {
    let mut text = String::new();
    for it in work {
        let Work::Statement(statement) = it else { return None };
        let place = PLACES.iter().find(|(place, _)| *place == statement.place).map_or("transaction", |(_, word)| word);
        text.push_str(&format!("{MARK}{place}: {}\n{}\n", statement.about, statement.sql));
    }
    Some(text)
}

/// The statements of a stored text.
#[must_use]
pub fn restored(text: &str) -> Vec<Work> {
    let mut work: Vec<Work> = Vec::new();
    for line in text.lines() {
        let marked = line.strip_prefix(MARK).and_then(|rest| rest.split_once(": "));
        let place = marked.and_then(|(word, about)| {
            PLACES.iter().find(|(_, known)| *known == word).map(|(place, _)| (*place, about))
        });
        match (place, work.last_mut()) {
            (Some((place, about)), _) => work.push(Work::Statement(Statement::new("", about).at(place))),
            (None, Some(Work::Statement(statement))) => {
                if !statement.sql.is_empty() {
                    statement.sql.push('\n');
                }
                statement.sql.push_str(line);
            }
            (None, Some(Work::Run(_)) | None) => {}
        }
    }
    work
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back() {
        let work = vec![
            Work::Statement(Statement::new("PRAGMA foreign_keys=OFF", "turn foreign keys off").at(Place::Setup)),
            Work::Statement(Statement::new("DROP TABLE a\n-- not ours\n", "drop table `a`: all of it")),
        ];
        let text = stored(&work).unwrap_or_default();
        let trimmed = Statement::new("DROP TABLE a\n-- not ours", "drop table `a`: all of it");
        assert_eq!(restored(&text), [work[0].clone(), Work::Statement(trimmed)]);
        assert!(restored("").is_empty());
    }
}
