//! The journal of a migration that does not commit at once.
//!
//! Such a migration is in parts. Before the first one, all of its work is written down; each part commits together
//! with a row that says so; the last one with the row of history. A run that dies in between leaves a journal that is
//! open: the next run goes on from there, with the work as it was written down, whatever database or program it is.
//! A part that no transaction can hold is announced before it runs: when it was announced and never said to be done,
//! nobody knows whether it ran.
//!
//! The rows are in `limbeck_log`, and these words in its `event` are frozen: `begin up` and `begin down` (`detail` is
//! the hash of what the migration says), `down` (what undoes it), `plan` (the work), `done` (how many parts are done),
//! `alone` (the part that begins outside of a transaction). `upgrade`, `downgrade` and `abandon` close it.

use super::Direction;
use super::history::History;
use crate::dialect::{Backend, DatabaseError};

/// A journal that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Journal {
    /// The migration.
    pub(super) migration: String,
    /// Which way.
    pub(super) direction: Direction,
    /// The hash of what it said.
    pub(super) hash: String,
    /// What undoes it, for its row of history.
    pub(super) down: String,
    /// The work, as it is stored.
    pub(super) plan: String,
    /// How many parts are done.
    pub(super) done: usize,
}

/// Where a migration stands, as its own transaction sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether it is applied.
    pub(super) applied: bool,
    /// How many migrations are.
    pub(super) count: usize,
    /// The journal that is open: whose it is, and how many parts are done.
    pub(super) open: Option<(String, usize)>,
    /// Whether the next part was announced to run outside of a transaction.
    pub(super) announced: bool,
    /// Whether this is not the session that has the lock.
    pub(super) elsewhere: bool,
}

impl Standing {
    /// Takes one row of the log in.
    fn row(&mut self, event: &str, migration: String, detail: &str) {
        match event {
            "begin up" | "begin down" => self.open = Some((migration, 0)),
            "upgrade" | "downgrade" | "abandon" => self.open = None,
            "done" => {
                if let Some((_, done)) = &mut self.open {
                    *done = detail.parse().unwrap_or_default();
                }
                self.announced = false;
            }
            "alone" => self.announced = true,
            // Words of the journal that say nothing about where it is, and words of later versions.
            _ => {}
        }
    }
}

impl History {
    /// The journal that is open, if one is.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub(super) async fn journal(&self, backend: &mut dyn Backend) -> Result<Option<Journal>, DatabaseError> {
        let log = backend.dialect().qualified(self.log());
        let query = format!("SELECT event, migration, detail FROM {log} WHERE {} ORDER BY id", since_begin(&log));
        let mut open: Option<Journal> = None;
        for row in backend.rows(&query).await? {
            let [event, migration, detail] = fields(row);
            match (event.as_str(), &mut open) {
                ("begin up" | "begin down", _) => {
                    let direction = if event == "begin up" { Direction::Up } else { Direction::Down };
                    let (down, plan) = (String::new(), String::new());
                    open = Some(Journal { migration, direction, hash: detail, down, plan, done: 0 });
                }
                ("upgrade" | "downgrade" | "abandon", _) => open = None,
                ("down", Some(open)) => open.down = detail,
                ("plan", Some(open)) => open.plan = detail,
                ("done", Some(open)) => open.done = detail.parse().unwrap_or_default(),
                _ => {}
            }
        }
        Ok(open)
    }

    /// Where a migration stands, in one question. With `begin`, it is the first one of a transaction.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub(super) async fn standing(
        &self,
        backend: &mut dyn Backend,
        id: &str,
        begin: bool,
    ) -> Result<Standing, DatabaseError> {
        let dialect = backend.dialect();
        let log = dialect.qualified(self.log());
        let mut query = format!(
            "SELECT event, migration, detail FROM (\
             SELECT -1 AS n, 'count' AS event, '' AS migration, CAST(count(*) AS text) AS detail FROM {history} \
             UNION ALL SELECT 0, 'applied', id, '' FROM {history} WHERE id = {id} \
             UNION ALL SELECT id, event, migration, CASE WHEN event = 'done' THEN detail ELSE '' END \
             FROM {log} WHERE {since}",
            history = dialect.qualified(self.history()),
            id = dialect.string(id),
            since = since_begin(&log),
        );
        if let Some(same) = backend.same_session() {
            query.push_str(&format!(" UNION ALL SELECT 0, 'elsewhere', '', '' WHERE NOT ({same})"));
        }
        query.push_str(") AS standing ORDER BY n");
        let mut standing = Standing::default();
        let rows = if begin { backend.begin_asking(&query).await? } else { backend.rows(&query).await? };
        for row in rows {
            let [event, migration, detail] = fields(row);
            match event.as_str() {
                "count" => standing.count = detail.parse().unwrap_or_default(),
                "applied" => standing.applied = true,
                "elsewhere" => standing.elsewhere = true,
                _ => standing.row(&event, migration, &detail),
            }
        }
        Ok(standing)
    }
}

/// One migration is under way at a time, so all that matters follows the last beginning, if no end came after it. The
/// ends are looked for too, because there is always one near: a log without a beginning is not read whole each time.
fn since_begin(log: &str) -> String {
    format!(
        "id >= (SELECT max(id) FROM {log} \
         WHERE event IN ('begin up', 'begin down', 'upgrade', 'downgrade', 'abandon'))"
    )
}

fn fields(row: Vec<Option<String>>) -> [String; 3] {
    let mut fields = row.into_iter().map(Option::unwrap_or_default);
    std::array::from_fn(|_| fields.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(rows: &[(&str, &str)]) -> Standing {
        let mut standing = Standing::default();
        rows.iter().for_each(|(event, detail)| standing.row(event, "m".to_owned(), detail));
        standing
    }

    #[test]
    fn a_journal_says_where_it_is() {
        let open = |done, announced| Standing { open: Some(("m".to_owned(), done)), announced, ..Standing::default() };
        assert_eq!(standing(&[]), Standing::default());
        assert_eq!(standing(&[("begin up", ""), ("plan", ""), ("down", "")]), open(0, false));
        assert_eq!(standing(&[("begin up", ""), ("done", "1"), ("alone", "1")]), open(1, true));
        assert_eq!(standing(&[("begin down", ""), ("alone", "0"), ("done", "1")]), open(1, false));
        assert_eq!(standing(&[("begin up", ""), ("done", "1"), ("upgrade", "")]), Standing::default());
        assert_eq!(standing(&[("begin up", ""), ("abandon", "")]), Standing::default());
    }
}
