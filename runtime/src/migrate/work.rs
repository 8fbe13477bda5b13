//! What a migration comes to on one database: statements and code, in order, and what of it commits at once.

use super::keepsake::Shelf;
use super::{Action, Transaction};
use crate::change::{Change, Delta, Loss};
use crate::dialect::{Alone, Dialect, rows_of};
use crate::plan::{Capabilities, LowerError, Piece, Place, Statement, lower, lower_schema};
use crate::schema::{Expression, Name, Schema};
use crate::source::{Backfill, Run, Value};

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Send a statement.
    Statement(Statement),
    /// Run code of the user's.
    Run(Run),
    /// Send a statement again and again, each time in a transaction of its own, until it changes no row.
    Repeat(Repeat),
    /// Commit what was done so far.
    Commit,
    /// Nothing to do, and a word about it for whoever goes back with no more than what was stored.
    Remark(Remark),
}

/// What a way back says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Nothing needs to be undone, and why.
    Nothing(String),
    /// It cannot be undone, and why.
    Irreversible(String),
}

/// How the work of one migration is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Whether it is one transaction.
    pub transaction: Transaction,
    /// Where copies of what it drops are.
    pub shelf: Shelf,
}

/// A statement that does so many rows at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The statement.
    pub statement: Statement,
    /// The query that counts the rows that are still to be done.
    pub rest: String,
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
    terms: &Terms,
) -> Result<(Vec<Work>, Schema), LowerError> {
    let (work, changes) = (Vec::new(), Vec::new());
    let mut working =
        Working { state: before.clone(), work, changes, rows: false, labels: false, dialect, capabilities };
    for action in actions {
        match action {
            Action::Change(change) => {
                working.labels |= brings_labels(change);
                working.changes.push(change.clone());
            }
            Action::Made(change) => {
                working.flush()?;
                change.apply(&mut working.state)?;
            }
            Action::Sql(sql) => {
                working.flush()?;
                let mut statement = Statement::new(sql.text.clone(), "run SQL of the migration's own");
                statement.repeatable = sql.repeatable;
                let refused = dialect.alone(&sql.text);
                if sql.alone || refused.is_some() {
                    statement.place = Place::Alone;
                    statement.repeatable |= refused == Some(Alone::Repeat);
                }
                working.change_rows(Work::Statement(statement));
            }
            Action::AssertNone(what, query) => {
                working.flush()?;
                working.work.push(Work::Statement(Statement::finding_none(query, what)));
            }
            Action::LosesNone(loss, id) => {
                working.flush()?;
                let about = disputed_by(loss, id);
                for rows in rows_of(loss, &working.state, dialect) {
                    // Nobody writes between the question and the change.
                    let hold = dialect.hold(&rows.table).map(|sql| Statement::new(sql, about.clone()));
                    let asked = Statement::finding_none(rows.one(dialect), about.clone());
                    working.work.extend(hold.into_iter().chain([asked]).map(Work::Statement));
                }
            }
            Action::Backfill(backfill, key) => {
                working.flush()?;
                working.work.push(Work::Repeat(repeat(backfill, key, dialect)));
            }
            Action::Run(run) => {
                working.flush()?;
                working.change_rows(Work::Run(run.clone()));
            }
            Action::Keepsakes(keeping) => {
                working.flush()?;
                // A label of a type is committed before a row can hold it (PostgreSQL's manual, `ALTER TYPE`, *Notes*).
                if capabilities.enums && (keeping.brings_labels_back() || std::mem::take(&mut working.labels)) {
                    working.work.push(Work::Commit);
                }
                let physical = lower_schema(&working.state, capabilities);
                let statements = keeping.statements(&physical, dialect, &terms.shelf);
                statements.into_iter().for_each(|statement| working.change_rows(Work::Statement(statement)));
            }
            Action::Irreversible(why) => working.work.push(Work::Remark(Remark::Irreversible(why.clone()))),
            Action::Nothing(why) => working.work.push(Work::Remark(Remark::Nothing(why.clone()))),
        }
        if terms.transaction == Transaction::None {
            working.flush()?;
            working.work.push(Work::Commit);
        }
    }
    working.flush()?;
    Ok((working.work, working.state))
}

/// Whether a change adds a label to an enum that is there.
fn brings_labels(change: &Change) -> bool {
    let Change::Enum(Delta::Alter { from, to }) = change else { return false };
    to.labels.iter().any(|label| !from.labels.contains(label))
}

/// What begins the words about rows that would lose what nobody agreed to.
pub(super) const ROWS: &str = "rows that would lose ";

fn disputed_by(loss: &Loss, id: &str) -> String {
    format!("{ROWS}{loss}, and no line of {id} agrees to that")
}

struct Working<'a> {
    state: Schema,
    work: Vec<Work>,
    changes: Vec<Change>,
    /// Whether rows may have changed since the schema did.
    rows: bool,
    /// Whether labels came that are not committed yet.
    labels: bool,
    dialect: &'a dyn Dialect,
    capabilities: &'a Capabilities,
}

impl Working<'_> {
    /// Something that may change rows.
    fn change_rows(&mut self, work: Work) {
        self.rows = true;
        self.work.push(work);
    }

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
                    if std::mem::take(&mut self.rows) && !statements.is_empty() {
                        let checks = self.dialect.check_rows(&before).into_iter();
                        let checks = checks.map(|sql| Statement::new(sql, "check the rows that have changed"));
                        self.work.extend(checks.map(Work::Statement));
                    }
                    self.work.extend(statements.into_iter().map(Work::Statement));
                }
                Piece::Sql { sql, about } => self.change_rows(Work::Statement(Statement::new(sql, about))),
            }
        }
        self.state = lowered.after;
        Ok(())
    }
}

#[cfg(feature = "driver")]
/// All rows of a backfill at once: for a script, which cannot repeat itself.
pub(super) fn whole(backfill: &Backfill, dialect: &dyn Dialect) -> Statement {
    let Backfill { table, set, filter, .. } = backfill;
    let (filter, set) = (backfilled(set, filter.as_ref(), dialect), values_of(set, dialect));
    let sql = format!("UPDATE {} SET {set} WHERE {filter}", dialect.qualified(table));
    Statement::new(sql, format!("backfill table `{table}`"))
}

/// The rows that a backfill is about.
fn backfilled(set: &[(Name, Value)], filter: Option<&Expression>, dialect: &dyn Dialect) -> String {
    filter.map_or_else(
        || {
            let empty = set.iter().map(|(c, e)| format!("({} IS NULL AND ({e}) IS NOT NULL)", dialect.identifier(c)));
            empty.collect::<Vec<_>>().join(" OR ")
        },
        ToString::to_string,
    )
}

/// What they get.
fn values_of(set: &[(Name, Value)], dialect: &dyn Dialect) -> String {
    set.iter().map(|(c, e)| format!("{} = {e}", dialect.identifier(c))).collect::<Vec<_>>().join(", ")
}

/// How many rows of a backfill commit at once, when nothing is said.
const BATCH: u32 = 1000;

/// The statement that does the next rows of a backfill.
fn repeat(backfill: &Backfill, key: &[Name], dialect: &dyn Dialect) -> Repeat {
    let Backfill { table, set, filter, batch } = backfill;
    let name = |name: &Name| dialect.identifier(name);
    let columns = key.iter().map(name).collect::<Vec<_>>().join(", ");
    let row = if key.len() == 1 { columns.clone() } else { format!("({columns})") };
    let (filter, set) = (backfilled(set, filter.as_ref(), dialect), values_of(set, dialect));
    let batch = batch.unwrap_or(BATCH);
    let sql_table = dialect.qualified(table);
    let sql = format!(
        "UPDATE {sql_table} SET {set} WHERE {row} IN (SELECT {columns} FROM {sql_table} WHERE {filter} LIMIT {batch})"
    );
    Repeat {
        statement: Statement::new(sql, format!("backfill table `{table}`")),
        rest: format!("SELECT CAST(count(*) AS text) FROM {sql_table} WHERE {filter}"),
    }
}

#[cfg(feature = "driver")]
/// What commits at once.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Unit<'a> {
    /// A transaction.
    Together(Vec<&'a Work>),
    /// A statement outside of any transaction.
    Alone(&'a Statement),
    /// A transaction for so many rows, and again.
    Repeat(&'a Repeat),
}

#[cfg(feature = "driver")]
/// The parts of some work that commit one after the other. The last one is a transaction: what is written down about
/// the whole is written in it.
pub(super) fn units(work: &[Work]) -> Vec<Unit<'_>> {
    let mut units = Vec::new();
    let mut open = Vec::new();
    let close = |open: &mut Vec<_>, units: &mut Vec<_>| {
        if !open.is_empty() {
            units.push(Unit::Together(std::mem::take(open)));
        }
    };
    for it in work {
        match it {
            Work::Statement(statement) => match statement.place {
                // These belong to the connection, not to the work.
                Place::Setup | Place::Cleanup => {}
                Place::Transaction => open.push(it),
                Place::Committed => {
                    open.push(it);
                    close(&mut open, &mut units);
                }
                Place::Alone => {
                    close(&mut open, &mut units);
                    units.push(Unit::Alone(statement));
                }
            },
            Work::Repeat(repeat) => {
                close(&mut open, &mut units);
                units.push(Unit::Repeat(repeat));
            }
            Work::Run(_) => open.push(it),
            Work::Remark(_) => {}
            Work::Commit => close(&mut open, &mut units),
        }
    }
    if !open.is_empty() || !matches!(units.last(), Some(Unit::Together(_))) {
        units.push(Unit::Together(open));
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

/// What of a query that must find nothing stands there.
const NONE: &str = ", none";

/// The query that counts what is left follows the statement that is repeated.
const REPEAT: &str = "repeat";
const REST: &str = "rest";
const COMMIT: &str = "commit";
const RUN: &str = "run";
const NOTHING: &str = "nothing";
const IRREVERSIBLE: &str = "irreversible";

/// Work as one text that can be kept and taken apart again. Of code, only where it stands is kept.
#[must_use]
pub fn stored(work: &[Work]) -> String {
    let mut text = String::new();
    for it in work {
        match it {
            Work::Statement(statement) => {
                let place =
                    PLACES.iter().find(|(place, _)| *place == statement.place).map_or("transaction", |(_, word)| word);
                let repeatable = match (statement.finds_none, statement.repeatable) {
                    (true, _) => NONE,
                    (false, true) => REPEATABLE,
                    (false, false) => "",
                };
                text.push_str(&format!("{MARK}{place}{repeatable}: {}\n{}\n", statement.about, statement.sql));
            }
            Work::Repeat(Repeat { statement, rest }) => {
                let Statement { about, sql, .. } = statement;
                text.push_str(&format!("{MARK}{REPEAT}: {about}\n{sql}\n{MARK}{REST}: what is left\n{rest}\n"));
            }
            Work::Run(_) => text.push_str(&format!("{MARK}{RUN}: code of the migration's own\n")),
            Work::Remark(Remark::Nothing(why)) => text.push_str(&remark(NOTHING, why)),
            Work::Remark(Remark::Irreversible(why)) => text.push_str(&remark(IRREVERSIBLE, why)),
            Work::Commit => text.push_str(&format!("{MARK}{COMMIT}: what was done so far\n")),
        }
    }
    text
}

/// A remark is one line, like all that opens something in a stored script.
fn remark(word: &str, why: &str) -> String {
    format!("{MARK}{word}: {}\n", why.replace(['\n', '\r'], " "))
}

/// The work of a stored text. `code` is what ran where the text says that code did; nothing when there is more or less
/// of it.
#[must_use]
pub fn restored(text: &str, code: &[Run]) -> Option<Vec<Work>> {
    let mut work: Vec<Work> = Vec::new();
    let mut code = code.iter();
    let mut rest = false;
    for line in text.lines() {
        let marked = line.strip_prefix(MARK).and_then(|rest| rest.split_once(": "));
        let opened = match marked {
            Some((COMMIT, _)) => Some(Work::Commit),
            Some((RUN, _)) => Some(Work::Run(code.next()?.clone())),
            Some((NOTHING, why)) => Some(Work::Remark(Remark::Nothing(why.to_owned()))),
            Some((IRREVERSIBLE, why)) => Some(Work::Remark(Remark::Irreversible(why.to_owned()))),
            Some((REPEAT, about)) => {
                Some(Work::Repeat(Repeat { statement: Statement::new("", about), rest: String::new() }))
            }
            Some((REST, _)) => {
                rest = true;
                continue;
            }
            Some((word, about)) => {
                let repeatable = word.ends_with(REPEATABLE);
                let word = word.strip_suffix(REPEATABLE).unwrap_or(word);
                let finds_none = word.ends_with(NONE);
                let word = word.strip_suffix(NONE).unwrap_or(word);
                PLACES.iter().find(|(_, known)| *known == word).map(|(place, _)| {
                    let mut statement = Statement::new("", about).at(*place);
                    (statement.repeatable, statement.finds_none) = (repeatable || finds_none, finds_none);
                    Work::Statement(statement)
                })
            }
            None => None,
        };
        let sql = match (opened, work.last_mut()) {
            (Some(opened), _) => {
                rest = false;
                work.push(opened);
                continue;
            }
            (None, Some(Work::Statement(statement))) => &mut statement.sql,
            (None, Some(Work::Repeat(repeat))) if rest => &mut repeat.rest,
            (None, Some(Work::Repeat(repeat))) => &mut repeat.statement.sql,
            (None, Some(Work::Run(_) | Work::Commit | Work::Remark(_)) | None) => continue,
        };
        if !sql.is_empty() {
            sql.push('\n');
        }
        sql.push_str(line);
    }
    code.next().is_none().then_some(work)
}

#[cfg(feature = "driver")]
/// The code among some work.
pub(super) fn code(work: &[Work]) -> Vec<Run> {
    work.iter()
        .filter_map(|it| match it {
            Work::Run(run) => Some(run.clone()),
            Work::Statement(_) | Work::Repeat(_) | Work::Commit | Work::Remark(_) => None,
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
            Work::Statement(Statement::finding_none("SELECT 1", "twins")),
            Work::Run(code[1].clone()),
            Work::Repeat(Repeat { statement: Statement::new("UPDATE\na", "fill"), rest: "SELECT\n1".to_owned() }),
            Work::Remark(Remark::Nothing("it is as good".to_owned())),
            statement("x", Place::Cleanup),
            Work::Remark(Remark::Irreversible("it is gone".to_owned())),
        ];
        let text = stored(&work);
        assert_eq!(restored(&text, &code), Some(work));
        assert_eq!(restored(&text, &code[..1]), None);
        assert_eq!(restored("DROP TABLE a", &[]), Some(vec![]));
        assert_eq!(restored(&stored(&[]), &code[..1]), None);
    }

    #[cfg(feature = "driver")]
    #[test]
    fn work_is_parted_where_it_commits() {
        let sizes = |work: &[Work]| -> Vec<Option<usize>> {
            let size = |unit: &Unit<'_>| match unit {
                Unit::Together(work) => Some(work.len()),
                Unit::Alone(_) | Unit::Repeat(_) => None,
            };
            units(work).iter().map(size).collect()
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
