//! Whether a table can be changed where it stands.
//!
//! The rules are SQLite's own (*ALTER TABLE*, 3 to 6). Everything else is a rebuild.

use super::canonical::canonical_table;
use super::capabilities::DROP_COLUMN;
use super::create::added_column;
use super::lex::{can_be_name, has_comments, lex, raw};
use super::objects::mentions;
use super::parse::PartAt;
use super::write;
use crate::plan::{Capabilities, Statement, Unsupported};
use crate::schema::{Column, Default, Index, KeyOf, Part, Schema, Table};

/// What separates two tables of one name, indexes aside.
pub(super) struct Difference<'a> {
    before: &'a Table,
    after: &'a Table,
    /// In canonical form, as is everything that is compared.
    from: Table,
    to: Table,
}

impl<'a> Difference<'a> {
    pub(super) fn new(before: (&'a Table, &Schema), after: (&'a Table, &Schema)) -> Self {
        let (from, to) = (canonical_table(before.0, before.1), canonical_table(after.0, after.1));
        Self { before: before.0, after: after.0, from, to }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.alike()
            && self.from.columns.iter().all(|c| self.to.columns.contains(c))
            && self.to.columns.iter().all(|c| self.from.columns.contains(c))
            && same_parts(&self.from.checks, &self.to.checks)
            && same_parts(&self.from.foreign_keys, &self.to.foreign_keys)
    }

    /// Whether all is alike that cannot be changed in place whatever it is.
    fn alike(&self) -> bool {
        self.from.options == self.to.options
            && self.from.primary_key == self.to.primary_key
            && same_parts(&self.from.uniques, &self.to.uniques)
            && same_parts(&self.from.exclusions, &self.to.exclusions)
    }

    /// The indexes that go, and those that come.
    pub(super) fn indexes(&self) -> (Vec<&'a Index>, Vec<&'a Index>) {
        let goes = pick(&self.from.indexes, &self.to.indexes).into_iter().map(|at| &self.before.indexes[at]);
        let comes = pick(&self.to.indexes, &self.from.indexes).into_iter().map(|at| &self.after.indexes[at]);
        (goes.collect(), comes.collect())
    }

    /// The statements that change the table where it stands, or nothing when that cannot be. `whole` says that no view
    /// and no trigger is broken.
    pub(super) fn in_place(
        &self,
        state: &Schema,
        can: &Capabilities,
        whole: bool,
    ) -> Result<Option<Vec<Statement>>, Unsupported> {
        let changed = |c: &&Column| self.from.columns.iter().any(|f| f.name == c.name && f != *c);
        if !self.alike() || self.to.columns.iter().any(|c| changed(&c)) {
            return Ok(None);
        }
        let dropped: Vec<&Column> =
            self.before.columns.iter().filter(|c| self.after.column(&c.name).is_none()).collect();
        let added: Vec<&Column> = self.after.columns.iter().filter(|c| self.before.column(&c.name).is_none()).collect();
        let stays = self.before.columns.len() > dropped.len();
        if !stays || !dropped.iter().all(|c| whole && self.droppable(c, state, can)) {
            return Ok(None);
        }
        let again = |c: &&Column| dropped.iter().any(|d| d.name.eq_ignore_ascii_case(&c.name));
        if !added.iter().all(|c| self.addable(c)) || added.iter().any(again) {
            return Ok(None);
        }
        let Some(parts) = self.folded(&added) else {
            return Ok(None);
        };
        let mut statements: Vec<Statement> = dropped.iter().map(|c| self.drop_column(c)).collect();
        for (column, with) in added.iter().zip(parts) {
            statements.push(self.add_column(column, &with, state, &can.title)?);
        }
        Ok(Some(statements))
    }

    fn drop_column(&self, column: &Column) -> Statement {
        let (table, name) = (&self.after.name, &column.name);
        let sql = format!("ALTER TABLE {} DROP COLUMN {}", write::identifier(&table.name), write::identifier(name));
        Statement::new(sql, format!("drop column `{table}.{name}`"))
    }

    fn add_column(
        &self,
        column: &Column,
        with: &[PartAt],
        state: &Schema,
        title: &str,
    ) -> Result<Statement, Unsupported> {
        let table = &self.after.name;
        let definition = added_column(self.after, column, with, state, title)?;
        let sql = format!("ALTER TABLE {} ADD COLUMN {definition}", write::identifier(&table.name));
        Ok(Statement::new(sql, format!("add column `{table}.{}`", column.name)))
    }

    /// *ALTER TABLE ADD COLUMN*: no key, a constant default, a value for the rows that are there.
    fn addable(&self, column: &Column) -> bool {
        let keyed = self.after.primary_key.iter().any(|k| k.columns.contains(&column.name));
        let valued = match (&column.generated, &column.default) {
            (Some(generated), _) => !generated.stored && column.nullable,
            (None, Some(default)) => write::is_constant(default) && (column.nullable || !is_null(default)),
            (None, None) => column.nullable,
        };
        valued && !keyed && column.auto.is_none()
    }

    /// *ALTER TABLE DROP COLUMN*: nothing else may speak of it. Where a view or a trigger speaks of the table, what it
    /// means is not ours to say. Before 3.42 SQLite could lose its way among comments. And where a string stands in
    /// double quotes, in whatever statement, SQLite writes it with others (`sqlite_rename_quotefix` in its source).
    fn droppable(&self, column: &Column, state: &Schema, can: &Capabilities) -> bool {
        let Table { name, columns, primary_key, uniques, checks, foreign_keys, exclusions: _, indexes: _, options: _ } =
            self.before;
        let says = |sql: &str| lex(sql).iter().any(|t| can_be_name(t) && raw(t).eq_ignore_ascii_case(&column.name));
        let is = |other: &crate::schema::Name| other.eq_ignore_ascii_case(&column.name);
        let spoken = primary_key.iter().any(|k| k.columns.iter().any(is))
            || uniques.iter().any(|u| u.columns.iter().any(is))
            || checks.iter().any(|c| says(c.expression.as_str()))
            || foreign_keys.iter().any(|k| k.columns.iter().any(is))
            || columns.iter().any(|c| c.generated.as_ref().is_some_and(|g| says(g.expression.as_str())))
            || self.after.indexes.iter().any(|i| {
                i.predicate.iter().any(|p| says(p.as_str()))
                    || i.keys.iter().any(|k| match &k.of {
                        KeyOf::Column(name) => is(name),
                        KeyOf::Expression(expression) => says(expression.as_str()),
                    })
            })
            || state.tables.values().any(|t| {
                t.foreign_keys
                    .iter()
                    .any(|k| k.references.name.eq_ignore_ascii_case(&name.name) && k.referenced_columns.iter().any(is))
            })
            || state.objects.values().any(|o| mentions(o, &name.name));
        let commented = self.before.options.spelling.text().is_some_and(has_comments);
        can.version >= DROP_COLUMN && !spoken && !commented && !has_quoted_strings(state)
    }

    /// The checks and foreign keys that come, each with the new column it can stand with. Nothing when one cannot, or
    /// when one goes.
    fn folded(&self, added: &[&Column]) -> Option<Vec<Vec<PartAt>>> {
        let mut with: Vec<Vec<PartAt>> = vec![Vec::new(); added.len()];
        if !pick(&self.from.checks, &self.to.checks).is_empty()
            || !pick(&self.from.foreign_keys, &self.to.foreign_keys).is_empty()
        {
            return None;
        }
        for key in pick(&self.to.foreign_keys, &self.from.foreign_keys) {
            let [column] = self.after.foreign_keys[key].columns.as_slice() else { return None };
            // With a default, rows that are there would refer to something (*ALTER TABLE ADD COLUMN*).
            let at = added.iter().position(|c| c.name == *column && c.default.is_none())?;
            with[at].push(PartAt::ForeignKey(key));
        }
        for check in pick(&self.to.checks, &self.from.checks) {
            // A check can stand with any column once all that it speaks of are there.
            let tokens = lex(self.after.checks[check].expression.as_str());
            let at = added
                .iter()
                .rposition(|c| tokens.iter().any(|t| can_be_name(t) && raw(t).eq_ignore_ascii_case(&c.name)))?;
            with[at].push(PartAt::Check(check));
        }
        Some(with)
    }
}

/// Whether something in double quotes may be a string (*Double-quoted String Literals Are Accepted*), because it is the
/// name of nothing. A name that nobody here knows counts as one: that costs a rebuild, and nothing else.
fn has_quoted_strings(state: &Schema) -> bool {
    let in_table = |t: &Table, name: &str| {
        t.name.name.eq_ignore_ascii_case(name) || t.columns.iter().any(|c| c.name.eq_ignore_ascii_case(name))
    };
    let anywhere = |name: &str| {
        state.tables.values().any(|t| in_table(t, name))
            || state.objects.keys().any(|o| o.name.eq_ignore_ascii_case(name))
    };
    state.objects.values().any(|o| has_quoted_string(&o.sql, anywhere))
        || state.tables.values().any(|t| {
            let checks = t.checks.iter().map(|c| &c.expression);
            let generated = t.columns.iter().filter_map(|c| c.generated.as_ref()).map(|g| &g.expression);
            let keys = t.indexes.iter().flat_map(|i| &i.keys).filter_map(|k| match &k.of {
                KeyOf::Column(_) => None,
                KeyOf::Expression(expression) => Some(expression),
            });
            let predicates = t.indexes.iter().filter_map(|i| i.predicate.as_ref());
            let mut all = checks.chain(generated).chain(keys).chain(predicates);
            all.any(|e| has_quoted_string(e.as_str(), |name| in_table(t, name)))
        })
}

/// The same of one text: what is no name that is known, is not named here (`AS "x"`), and does not stand where only
/// names do (`"t".a`, `"f"(a)`).
fn has_quoted_string(sql: &str, is_name: impl Fn(&str) -> bool) -> bool {
    let tokens = lex(sql);
    let named = |at: usize| {
        let before = at.checked_sub(1).is_some_and(|at| tokens[at].text == "." || tokens[at].is_word("as"));
        before || tokens.get(at + 1).is_some_and(|next| matches!(next.text, "." | "("))
    };
    (0..tokens.len()).any(|at| tokens[at].text.starts_with('"') && !named(at) && !is_name(&raw(&tokens[at])))
}

fn is_null(default: &Default) -> bool {
    write::default_text(default).trim().eq_ignore_ascii_case("null")
}

/// The places of the parts of one side that the other has not.
fn pick<P: PartialEq>(parts: &[P], others: &[P]) -> Vec<usize> {
    let mut open: Vec<&P> = others.iter().collect();
    let mut found = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match open.iter().position(|other| *other == part) {
            Some(same) => {
                open.remove(same);
            }
            None => found.push(at),
        }
    }
    found
}

fn same_parts<P: Part>(a: &[P], b: &[P]) -> bool {
    a.len() == b.len() && pick(a, b).is_empty()
}
