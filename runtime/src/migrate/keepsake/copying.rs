//! The statements that make a copy and bring it back.

use super::{Keepsake, Moment, Of};
use crate::dialect::Dialect;
use crate::plan::Statement;
use crate::schema::{Column, Name, QualifiedName, Table, Type};

/// One copy, its table in the database's form, and the database's way of saying things.
pub(super) struct Copying<'a> {
    pub(super) keepsake: &'a Keepsake,
    pub(super) table: &'a Table,
    pub(super) dialect: &'a dyn Dialect,
    pub(super) copy: QualifiedName,
}

/// The column of a copy that says what a value became.
const BECAME: &str = "limbeck_became";

impl Copying<'_> {
    pub(super) fn statements(&self, moment: Moment) -> Vec<Statement> {
        match (moment, &self.keepsake.of) {
            (Moment::Keep, Of::Rows) => self.keep(&self.stored(), None),
            (Moment::Keep, Of::Column(name)) => {
                let Some(column) = self.table.column(name) else { return Vec::new() };
                // Where it comes back with a default, rows have to be told that they had no value.
                let there = column.default.is_none().then(|| format!("NOT ({} IS NULL)", self.name(name)));
                self.keep(&[self.key(), vec![column]].concat(), there)
            }
            (Moment::Keep, Of::Values(name, labels)) => {
                let Some(column) = self.table.column(name) else { return Vec::new() };
                self.keep(&[self.key(), vec![column]].concat(), self.holds(column, labels))
            }
            (Moment::Seal, Of::Values(name, _)) => vec![self.seal(name)],
            (Moment::Sift, Of::Values(name, _)) => vec![self.sift(name)],
            (Moment::Seal | Moment::Sift, Of::Rows | Of::Column(_)) => Vec::new(),
            (Moment::Restore, Of::Rows) => self.back(self.refill()),
            (Moment::Restore, Of::Column(name) | Of::Values(name, _)) => {
                let Some(column) = self.table.column(name) else { return Vec::new() };
                self.back(vec![format!(
                    "UPDATE {} AS t SET {} = {} FROM {} AS k WHERE {}",
                    self.dialect.qualified(&self.table.name),
                    self.name(name),
                    self.thawed(column),
                    self.dialect.qualified(&self.copy),
                    self.same_row()
                )])
            }
        }
    }

    fn name(&self, name: &Name) -> String {
        self.dialect.identifier(name)
    }

    /// The columns that hold what is said to them.
    fn stored(&self) -> Vec<&Column> {
        self.table.columns.iter().filter(|column| column.generated.is_none()).collect()
    }

    fn key(&self) -> Vec<&Column> {
        let key = self.table.primary_key.iter().flat_map(|key| &key.columns);
        key.filter_map(|name| self.table.column(name)).collect()
    }

    /// A column's value as a copy holds it: a type that the schema makes may be gone before the copy.
    fn frozen(&self, from: &str, column: &Column) -> String {
        let value = format!("{from}{}", self.name(&column.name));
        match self.dialect.kept_as_text(&column.ty) {
            Some(_) => format!("CAST({value} AS text)"),
            None => value,
        }
    }

    /// The same as the column holds it.
    fn thawed(&self, column: &Column) -> String {
        let value = format!("k.{}", self.name(&column.name));
        match self.dialect.kept_as_text(&column.ty) {
            Some(ty) => format!("CAST({value} AS {ty})"),
            None => value,
        }
    }

    /// The condition that a row `t` is the one that a row `k` was copied from.
    fn same_row(&self) -> String {
        let same = |column: &&Column| format!("{} = k.{}", self.frozen("t.", column), self.name(&column.name));
        self.key().iter().map(same).collect::<Vec<_>>().join(" AND ")
    }

    /// Rows that hold one of some labels; where it is about no labels, all rows: one without a value may get one.
    fn holds(&self, column: &Column, labels: &[Name]) -> Option<String> {
        let value = self.name(&column.name);
        if labels.is_empty() {
            return None;
        }
        let labels = labels.iter().map(|label| self.dialect.string(label));
        if matches!(column.ty, Type::Array(_)) {
            let any = labels.map(|label| format!("{label} = ANY (CAST({value} AS text[]))"));
            return Some(any.collect::<Vec<_>>().join(" OR "));
        }
        Some(format!("CAST({value} AS text) IN ({})", labels.collect::<Vec<_>>().join(", ")))
    }

    fn keep(&self, columns: &[&Column], filter: Option<String>) -> Vec<Statement> {
        let table = self.dialect.qualified(&self.table.name);
        let mut values: Vec<String> = columns
            .iter()
            .map(|column| {
                let value = self.frozen("", column);
                if value == self.name(&column.name) { value } else { format!("{value} AS {}", self.name(&column.name)) }
            })
            .collect();
        if matches!(self.keepsake.of, Of::Values(..)) {
            values.push(format!("CAST(NULL AS text) AS {BECAME}"));
        }
        let filter = filter.map(|filter| format!(" WHERE {filter}")).unwrap_or_default();
        let copy = self.dialect.qualified(&self.copy);
        let about = format!("keep {}", self.keepsake);
        let hold = self.dialect.hold(&self.table.name).map(|sql| Statement::new(sql, about.clone()));
        let make = format!("CREATE TABLE {copy} AS SELECT {} FROM {table}{filter}", values.join(", "));
        let make = Statement::new(make, about).through(format!("SELECT CAST(count(*) AS text) FROM {table}"));
        hold.into_iter().chain([make]).collect()
    }

    fn seal(&self, column: &Name) -> Statement {
        let sql = format!(
            "UPDATE {} AS k SET {BECAME} = CAST(t.{} AS text) FROM {} AS t WHERE {}",
            self.dialect.qualified(&self.copy),
            self.name(column),
            self.dialect.qualified(&self.table.name),
            self.same_row()
        );
        Statement::new(sql, format!("write down what became of {}", self.keepsake))
    }

    fn sift(&self, column: &Name) -> Statement {
        let is = format!("CAST(t.{} AS text)", self.name(column));
        let sql = format!(
            "DELETE FROM {} AS k WHERE NOT EXISTS (SELECT 1 FROM {} AS t WHERE {} AND \
             ({is} = k.{BECAME} OR ({is} IS NULL AND k.{BECAME} IS NULL)))",
            self.dialect.qualified(&self.copy),
            self.dialect.qualified(&self.table.name),
            self.same_row()
        );
        Statement::new(sql, format!("leave {} out that changed since", self.keepsake))
    }

    fn refill(&self) -> Vec<String> {
        let columns = self.stored();
        let names = columns.iter().map(|column| self.name(&column.name)).collect::<Vec<_>>().join(", ");
        let values = columns.iter().map(|column| self.thawed(column)).collect::<Vec<_>>().join(", ");
        let select = format!("SELECT {values} FROM {} AS k", self.dialect.qualified(&self.copy));
        self.dialect.refill(self.table, &names, &select)
    }

    /// Statements that bring something back, and the end of the copy.
    fn back(&self, statements: Vec<String>) -> Vec<Statement> {
        let copy = self.dialect.qualified(&self.copy);
        let rows = format!("SELECT CAST(count(*) AS text) FROM {copy}");
        let back = statements
            .into_iter()
            .map(|sql| Statement::new(sql, format!("bring back {}", self.keepsake)).through(rows.clone()));
        let clear = Statement::new(format!("DROP TABLE {copy}"), format!("put away the copy of {}", self.keepsake));
        back.chain([clear]).collect()
    }
}
