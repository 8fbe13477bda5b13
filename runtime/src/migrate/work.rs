//! What a migration comes to on one database: statements and code, in order, and what of it commits at once.

use super::{Action, Transaction};
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
    /// Commit what was done so far.
    Commit,
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
    transaction: Transaction,
) -> Result<(Vec<Work>, Schema), LowerError> {
    let mut working = Working { state: before.clone(), work: Vec::new(), changes: Vec::new(), dialect, capabilities };
    for action in actions {
        match action {
            Action::Change(change) => working.changes.push(change.clone()),
            Action::Made(change) => {
                working.flush()?;
                change.apply(&mut working.state)?;
            }
            Action::Sql(sql) => {
                working.flush()?;
                let mut statement = Statement::new(sql.text.clone(), "run SQL of the migration's own");
                statement.repeatable = sql.repeatable;
                if sql.alone {
                    statement.place = Place::Alone;
                }
                working.work.push(Work::Statement(statement));
            }
            Action::Run(run) => {
                working.flush()?;
                working.work.push(Work::Run(run.clone()));
            }
            Action::Irreversible(_) => {}
        }
        if transaction == Transaction::None {
            working.flush()?;
            working.work.push(Work::Commit);
        }
    }
    working.flush()?;
    Ok((working.work, working.state))
}

struct Working<'a> {
    state: Schema,
    work: Vec<Work>,
    changes: Vec<Change>,
    dialect: &'a dyn Dialect,
    capabilities: &'a Capabilities,
}

impl Working<'_> {
    /// Changes that follow each other are rendered together: SQLite makes a table anew once for all of them.
    fn flush(&mut self) -> Result<(), LowerError> {
        if self.changes.is_empty() {
            return Ok(());
        }
        let lowered = lower(&std::mem::take(&mut self.changes), &self.state, self.capabilities)?;
        for piece in lowered.pieces {
            match piece {
                Piece::Changes { before, changes } => {
                    let statements = self.dialect.render(&changes, &before, self.capabilities)?;
                    self.work.extend(statements.into_iter().map(Work::Statement));
                }
                Piece::Sql { sql, about } => self.work.push(Work::Statement(Statement::new(sql, about))),
            }
        }
        self.state = lowered.after;
        Ok(())
    }
}

/// What commits at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Unit<'a> {
    /// What is done.
    pub(super) work: Vec<&'a Work>,
    /// The statement that runs outside of any transaction, if it is one.
    pub(super) alone: Option<&'a Statement>,
}

/// The parts of some work that commit one after the other. The last one is a transaction: what is written down about
/// the whole is written in it.
pub(super) fn units(work: &[Work]) -> Vec<Unit<'_>> {
    let mut units = Vec::new();
    let mut open = Unit::default();
    for it in work {
        match it {
            Work::Statement(statement) => match statement.place {
                // These belong to the connection, not to the work.
                Place::Setup | Place::Cleanup => {}
                Place::Transaction => open.work.push(it),
                Place::Committed => {
                    open.work.push(it);
                    units.push(std::mem::take(&mut open));
                }
                Place::Alone => {
                    if !open.work.is_empty() {
                        units.push(std::mem::take(&mut open));
                    }
                    units.push(Unit { work: Vec::new(), alone: Some(statement) });
                }
            },
            Work::Run(_) => open.work.push(it),
            Work::Commit if open.work.is_empty() => {}
            Work::Commit => units.push(std::mem::take(&mut open)),
        }
    }
    if !open.work.is_empty() || units.last().is_none_or(|last| last.alone.is_some()) {
        units.push(open);
    }
    units
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

/// What of a repeatable statement stands after its place.
const REPEATABLE: &str = ", repeatable";

const COMMIT: &str = "commit";
const RUN: &str = "run";

/// Work as one text that can be kept and taken apart again. Of code, only where it stands is kept.
#[must_use]
pub fn stored(work: &[Work]) -> String {
    let mut text = String::new();
    for it in work {
        match it {
            Work::Statement(statement) => {
                let place =
                    PLACES.iter().find(|(place, _)| *place == statement.place).map_or("transaction", |(_, word)| word);
                let repeatable = if statement.repeatable { REPEATABLE } else { "" };
                text.push_str(&format!("{MARK}{place}{repeatable}: {}\n{}\n", statement.about, statement.sql));
            }
            Work::Run(_) => text.push_str(&format!("{MARK}{RUN}: code of the migration's own\n")),
            Work::Commit => text.push_str(&format!("{MARK}{COMMIT}: what was done so far\n")),
        }
    }
    text
}

/// The work of a stored text. `code` is what ran where the text says that code did; nothing when there is more or less
/// of it.
#[must_use]
pub fn restored(text: &str, code: &[Run]) -> Option<Vec<Work>> {
    let mut work: Vec<Work> = Vec::new();
    let mut code = code.iter();
    for line in text.lines() {
        let marked = line.strip_prefix(MARK).and_then(|rest| rest.split_once(": "));
        let opened = match marked {
            Some((COMMIT, _)) => Some(Work::Commit),
            Some((RUN, _)) => Some(Work::Run(code.next()?.clone())),
            Some((word, about)) => {
                let repeatable = word.ends_with(REPEATABLE);
                let word = word.strip_suffix(REPEATABLE).unwrap_or(word);
                PLACES.iter().find(|(_, known)| *known == word).map(|(place, _)| {
                    let mut statement = Statement::new("", about).at(*place);
                    statement.repeatable = repeatable;
                    Work::Statement(statement)
                })
            }
            None => None,
        };
        match (opened, work.last_mut()) {
            (Some(opened), _) => work.push(opened),
            (None, Some(Work::Statement(statement))) => {
                if !statement.sql.is_empty() {
                    statement.sql.push('\n');
                }
                statement.sql.push_str(line);
            }
            (None, Some(Work::Run(_) | Work::Commit) | None) => {}
        }
    }
    code.next().is_none().then_some(work)
}

/// The code among some work.
pub(super) fn code(work: &[Work]) -> Vec<Run> {
    work.iter()
        .filter_map(|it| match it {
            Work::Run(run) => Some(run.clone()),
            Work::Statement(_) | Work::Commit => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(sql: &str, place: Place) -> Work {
        Work::Statement(Statement::new(sql, "do: it").at(place))
    }

    #[test]
    fn what_is_stored_comes_back() {
        let code = [Run(std::sync::Arc::new(1)), Run(std::sync::Arc::new(2))];
        let mut repeatable = Statement::new("VACUUM", "tidy up").at(Place::Alone);
        repeatable.repeatable = true;
        let work = vec![
            statement("PRAGMA foreign_keys=OFF", Place::Setup),
            Work::Run(code[0].clone()),
            statement("DROP TABLE a\n-- not ours", Place::Transaction),
            Work::Commit,
            Work::Statement(repeatable),
            Work::Run(code[1].clone()),
        ];
        let text = stored(&work);
        assert_eq!(restored(&text, &code), Some(work));
        assert_eq!(restored(&text, &code[..1]), None);
        assert_eq!(restored("DROP TABLE a", &[]), Some(vec![]));
        assert_eq!(restored(&stored(&[]), &code[..1]), None);
    }

    #[test]
    fn work_is_parted_where_it_commits() {
        let sizes = |work: &[Work]| -> Vec<Option<usize>> {
            units(work).iter().map(|u| u.alone.is_none().then_some(u.work.len())).collect()
        };
        let [t, c, a, s] =
            [Place::Transaction, Place::Committed, Place::Alone, Place::Setup].map(|p| statement("x", p));
        assert_eq!(sizes(&[]), [Some(0)]);
        assert_eq!(sizes(&[s.clone(), t.clone(), t.clone()]), [Some(2)]);
        assert_eq!(sizes(&[c.clone(), t.clone()]), [Some(1), Some(1)]);
        assert_eq!(sizes(&[t.clone(), c]), [Some(2)]);
        assert_eq!(sizes(&[t.clone(), a.clone()]), [Some(1), None, Some(0)]);
        assert_eq!(sizes(&[a.clone(), a, t.clone()]), [None, None, Some(1)]);
        assert_eq!(sizes(&[t.clone(), Work::Commit, Work::Commit, s, t, Work::Commit]), [Some(1), Some(1)]);
    }
}
