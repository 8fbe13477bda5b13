//! Rows that a migration would fail on, looked for before it does anything, and so under the names before it.

use limbeck::change::{Change, Delta, Fit, Formerly, In, fit, type_name};
use limbeck::dialect::holds;
use limbeck::schema::{
    Check, Column, Default, Enum, ForeignKey, KeyOf, Literal, Name, QualifiedName, Schema, Table, Type, tokens,
};
use limbeck::source::{Step, Value};

use super::everywhere::Home;
use super::misfits::misfit;
use super::sql;
use crate::decisions::answers::Answers;
use crate::decisions::way_back::risks;

/// What a plan takes for granted of the rows that are there, as steps that come first.
pub(crate) fn first(changes: &[Change], start: &Schema, answers: &Answers) -> Vec<Step> {
    let asserting = Asserting { before: Formerly { changes, start }, answers, is_back: false };
    changes.iter().flat_map(|change| asserting.of(change)).collect()
}

/// The same for the way back, of what nobody said how it does not fail. `there` are the changes that are undone.
pub(crate) fn back(changes: &[Change], home: &Home, (answers, there): (&Answers, &[Change])) -> Vec<Step> {
    // The renames come last then, and all else has the names that are there before.
    let others: Vec<Change> = changes.iter().filter(|change| !change.is_rename()).cloned().collect();
    let asserting = Asserting { before: Formerly { changes: &others, start: &home.start }, answers, is_back: true };
    let open = |change: &&Change| {
        let risks = risks(&(*change).clone().inverse(), there, &[home.dialect]);
        matches!(change, Change::Enum(_)) || risks.iter().any(|risk| !risk.is_averted(answers))
    };
    others.iter().filter(open).flat_map(|change| asserting.of(change)).collect()
}

struct Asserting<'a> {
    before: Formerly<'a>,
    answers: &'a Answers,
    /// What rows get in a column is said elsewhere then.
    is_back: bool,
}

impl Asserting<'_> {
    fn of(&self, change: &Change) -> Vec<Step> {
        match change {
            Change::Unique(In { table, delta: Delta::Create(unique) }) => {
                self.twins(table, &unique.columns, unique.nulls_not_distinct)
            }
            Change::Index(In { table, delta: Delta::Create(index) })
                if index.unique && index.only.is_none() && index.predicate.is_none() =>
            {
                let columns: Option<Vec<Name>> = index
                    .keys
                    .iter()
                    .map(|key| match &key.of {
                        KeyOf::Column(name) => Some(name.clone()),
                        KeyOf::Expression(_) => None,
                    })
                    .collect();
                columns.and_then(|columns| self.twins(table, &columns, index.nulls_not_distinct))
            }
            Change::PrimaryKey(In { table, delta: Delta::Create(key) }) => self.twins(table, &key.columns, true),
            Change::Check(In { table, delta: Delta::Create(check) }) => self.broken(table, check),
            Change::ForeignKey(In { table, delta: Delta::Create(key) }) => self.orphans(table, key),
            Change::Column(In { table, delta: Delta::Create(column) }) if change.unfilled().is_some() => {
                self.valueless(table, column).or_else(|| self.filled_with_none(table, column))
            }
            Change::Column(In { table, delta: Delta::Alter { from, to } }) if from.name == to.name => {
                let filled = !self.is_back && self.answers.backfill(table, to).is_some();
                let empty = self.empty(table, (from, to)).filter(|_| !filled);
                let still = if filled && change.unfilled().is_some() { self.filled_with_none(table, to) } else { None };
                return self.misfits(table, (from, to)).into_iter().chain(empty).chain(still).collect();
            }
            Change::Enum(Delta::Alter { from, to }) => return self.holders(from, to),
            Change::Namespace(_)
            | Change::Extension(_)
            | Change::Enum(_)
            | Change::Label(_)
            | Change::Domain(_)
            | Change::Sequence(_)
            | Change::Table(_)
            | Change::Column(_)
            | Change::PrimaryKey(_)
            | Change::Unique(_)
            | Change::Check(_)
            | Change::ForeignKey(_)
            | Change::Exclusion(_)
            | Change::Index(_)
            | Change::Object(_) => None,
        }
        .into_iter()
        .collect()
    }

    /// Rows that hold a label which goes, and get no other one.
    fn holders(&self, from: &Enum, to: &Enum) -> Vec<Step> {
        let gone = |label: &&Name| self.answers.mapped(&from.name, label).is_none() && !to.labels.contains(label);
        let before = self.before.enum_name(&from.name);
        let mut all = Vec::new();
        for (table, column) in self.before.start.columns_of(&before) {
            let Some(found) = self.before.start.tables.get(&table) else { continue };
            let Some(held) = found.column(&column).filter(|_| self.before.keeps(&table, &column)) else { continue };
            for label in from.labels.iter().filter(gone) {
                let held = holds(held, &sql::name(&column), &sql::text(label));
                let query = format!("SELECT {} FROM {} WHERE {held}", key_of(found), said(&found.name));
                all.push(Step::AssertNone(format!("rows of {table} whose {column} is {label}"), query));
            }
        }
        all
    }

    /// Values that have no place in the type that their column gets.
    fn misfits(&self, table: &QualifiedName, (from, to): (&Column, &Column)) -> Option<Step> {
        let found = self.before.table(table)?;
        let was = self.before.column(table, &to.name).filter(|was| was.ty == from.ty)?;
        if fit(&from.ty, &to.ty) != Fit::Fails {
            return None;
        }
        let misfit = misfit(&sql::name(&was.name), (&from.ty, &to.ty), &|of| self.labels(of))?;
        let query = format!("SELECT {} FROM {} WHERE {misfit}", key_of(found), said(&found.name));
        let what = format!("rows of {} whose {} does not fit {}", found.name, was.name, type_name(&to.ty));
        Some(Step::AssertNone(what, query))
    }

    /// Rows that would have no value in a column that comes, when nobody said one.
    fn valueless(&self, table: &QualifiedName, column: &Column) -> Option<Step> {
        let found = self.before.table(table)?;
        let said = if self.is_back {
            self.answers.down_fill(table, &column.name).is_some()
        } else {
            self.answers.backfill(table, column).is_some()
        };
        let query = format!("SELECT {} FROM {}", key_of(found), crate::module::asserting::said(&found.name));
        let what = format!("rows of {} that get no value for {}", found.name, column.name);
        (!said).then_some(Step::AssertNone(what, query))
    }

    /// Rows that would still have no value, because what they get is NULL. Only where it speaks of columns that are there
    /// before, as they are.
    fn filled_with_none(&self, table: &QualifiedName, column: &Column) -> Option<Step> {
        let Some(Value::Sql(sql)) = self.answers.backfill(table, column).filter(|_| !self.is_back) else { return None };
        let found = self.before.table(table).filter(|found| found.name == *table)?;
        let words = tokens(sql.as_str());
        let moves = |name: &Name| {
            self.before.created(table, name).is_some()
                || self.before.retyped(table, name).is_some()
                || self.before.column_name(table, name) != name
        };
        let mut read =
            found.columns.iter().map(|it| &it.name).filter(|name| words.iter().any(|word| word.is_name(name)));
        // What speaks of no column is the same for all rows, and its author knows what it is.
        read.clone().next()?;
        if words.iter().any(|word| word.text.eq_ignore_ascii_case("select")) || read.any(moves) {
            return None;
        }
        let known = found.columns.iter().any(|it| it.name == column.name);
        let empty = if known { format!("{} IS NULL AND ", sql::name(&column.name)) } else { String::new() };
        let query = format!("SELECT {} FROM {} WHERE {empty}({sql}) IS NULL", key_of(found), said(&found.name));
        let what = format!("rows of {table} that get no value for {} from {sql}", column.name);
        Some(Step::AssertNone(what, query))
    }

    /// Rows that lack a value in a column that becomes NOT NULL.
    fn empty(&self, table: &QualifiedName, (from, to): (&Column, &Column)) -> Option<Step> {
        let found = self.before.table(table)?;
        let was = self.before.column(table, &to.name).filter(|_| from.nullable && !to.nullable)?;
        let (key, name) = (key_of(found), said(&found.name));
        let query = format!("SELECT {key} FROM {name} WHERE {} IS NULL", sql::name(&was.name));
        Some(Step::AssertNone(format!("rows of {} without a value for {}", found.name, was.name), query))
    }

    /// The labels of an enum that a column becomes.
    fn labels(&self, of: &QualifiedName) -> Option<Vec<Name>> {
        let made = self.before.changes.iter().find_map(|change| {
            let Change::Enum(Delta::Create(it) | Delta::Alter { to: it, .. }) = change else { return None };
            (it.name == *of).then_some(it)
        });
        made.or_else(|| self.before.start.enums.get(of)).map(|it| it.labels.clone())
    }

    /// Where the values stand that some columns of a table will have: the table itself, when they are there under these
    /// names, else a query. Nothing when nobody knows them, or there are none.
    fn values(&self, table: &QualifiedName, columns: &[Name]) -> Option<String> {
        let found = self.before.table(table)?;
        let all: Vec<(String, String)> = columns
            .iter()
            .map(|name| {
                let value = match self.before.created(table, name) {
                    Some(_) if self.is_back => return None,
                    Some(column) => format!("({})", value(column, self.answers.backfill(table, column))?),
                    None => {
                        let was = self.before.column(table, name)?;
                        let column = sql::name(&was.name);
                        // The only type whose values are others afterwards, and known.
                        match self.before.retyped(table, name) {
                            Some(Type::SmallInt | Type::Integer | Type::BigInt) if was.ty == Type::Boolean => {
                                format!("CASE WHEN {column} THEN 1 WHEN NOT {column} THEN 0 END")
                            }
                            Some(_) | None => column,
                        }
                    }
                };
                Some((value, sql::name(name)))
            })
            .collect::<Option<_>>()?;
        if all.iter().all(|(value, name)| value == name) {
            return Some(said(&found.name));
        }
        let list = all.into_iter().map(|(value, name)| format!("{value} AS {name}")).collect::<Vec<_>>().join(", ");
        Some(format!("(SELECT {list} FROM {})", said(&found.name)))
    }

    /// Whether a column keeps its type, or is new.
    fn stays(&self, table: &QualifiedName, columns: &[Name]) -> bool {
        columns.iter().all(|name| self.before.retyped(table, name).is_none())
    }

    /// Rows that have the same in columns that become unique.
    fn twins(&self, table: &QualifiedName, columns: &[Name], nulls: bool) -> Option<Step> {
        let values = self.values(table, columns).filter(|_| self.stays(table, columns))?;
        let list = columns.iter().map(|it| sql::name(it)).collect::<Vec<_>>().join(", ");
        let some =
            columns.iter().map(|name| format!("{} IS NOT NULL", sql::name(name))).collect::<Vec<_>>().join(" AND ");
        let filter = if nulls { String::new() } else { format!(" WHERE {some}") };
        let names = columns.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
        let alias = if values.starts_with('(') { " AS found" } else { "" };
        let query = format!("SELECT {list} FROM {values}{alias}{filter} GROUP BY {list} HAVING count(*) > 1");
        Some(Step::AssertNone(format!("values that rows of {table} share in {names}"), query))
    }

    /// Rows that a check does not allow.
    fn broken(&self, table: &QualifiedName, check: &Check) -> Option<Step> {
        if check.not_valid || check.not_enforced || check.only.is_some() {
            return None;
        }
        let found = self.before.table(table).filter(|found| found.name == *table)?;
        let words = tokens(check.expression.as_str());
        // It speaks of columns as they are afterwards: they must be there, as they are.
        let touched = self.before.changes.iter().any(|change| {
            let Change::Column(In { table: of, delta }) = change else { return false };
            let column = match delta {
                Delta::Create(column) | Delta::Drop(column) | Delta::Alter { to: column, .. } => column,
            };
            of == table && words.iter().any(|word| word.is_name(&column.name))
        });
        if touched {
            return None;
        }
        let query = format!("SELECT {} FROM {} WHERE NOT ({})", key_of(found), said(table), check.expression);
        Some(Step::AssertNone(format!("rows of {table} that break {}", check.expression), query))
    }

    /// Rows that refer to none.
    fn orphans(&self, table: &QualifiedName, key: &ForeignKey) -> Option<Step> {
        if key.not_valid || key.not_enforced || key.period {
            return None;
        }
        let children = self.values(table, &key.columns)?;
        let list = key.columns.iter().map(|name| format!("child.{}", sql::name(name))).collect::<Vec<_>>();
        let some = list.iter().map(|name| format!("{name} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
        let columns = list.join(", ");
        let mut query = format!("SELECT DISTINCT {columns} FROM {children} AS child WHERE {some}");
        // A table that comes has no rows yet.
        if self.before.table(&key.references).is_some() {
            let parents = self.values(&key.references, &key.referenced_columns)?;
            let retyped = !self.stays(table, &key.columns) || !self.stays(&key.references, &key.referenced_columns);
            if retyped && !self.are_plain(table, &key.columns) {
                return None;
            }
            let same = key.referenced_columns.iter().zip(&list).map(|(to, from)| {
                let to = format!("parent.{}", sql::name(to));
                if retyped { format!("CAST({to} AS text) = CAST({from} AS text)") } else { format!("{to} = {from}") }
            });
            let same = same.collect::<Vec<_>>().join(" AND ");
            query.push_str(&format!(" AND NOT EXISTS (SELECT 1 FROM {parents} AS parent WHERE {same})"));
        }
        Some(Step::AssertNone(format!("values in {table} that are not in {}", key.references), query))
    }

    /// Whether columns hold, before, what is the same when its text is.
    fn are_plain(&self, table: &QualifiedName, columns: &[Name]) -> bool {
        columns.iter().all(|name| {
            let is_integer = |ty: &Type| matches!(ty, Type::SmallInt | Type::Integer | Type::BigInt);
            let is_text = |ty: &Type| matches!(ty, Type::Text | Type::Varchar(_));
            let now = self.before.retyped(table, name);
            let was = self.before.column(table, name).map(|column| &column.ty);
            was.is_some_and(|was| {
                is_integer(was) || is_text(was) || *was == Type::Boolean && now.is_some_and(is_integer)
            })
        })
    }
}

/// What rows get in a column that comes, as SQL; nothing when they get none, or each another one.
fn value(column: &Column, filled: Option<Value>) -> Option<String> {
    match filled {
        Some(Value::Sql(expression)) => Some(expression.to_string()),
        Some(Value::Placeholder(_)) => None,
        None => match column.default.as_ref()? {
            Default::Literal(Literal::Text(text)) => Some(sql::text(text)),
            Default::Literal(Literal::Integer(number)) => Some(number.to_string()),
            Default::Literal(Literal::Float(number)) => Some(number.clone()),
            Default::Literal(Literal::Boolean(truth)) => Some(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
            Default::Sql(_) => None,
        },
    }
}

/// What tells a row from another.
pub(super) fn key_of(table: &Table) -> String {
    let key =
        table.primary_key.as_ref().map(|key| key.columns.iter().map(|it| sql::name(it)).collect::<Vec<_>>().join(", "));
    key.unwrap_or_else(|| "*".to_owned())
}

/// A table's name.
pub(super) fn said(name: &QualifiedName) -> String {
    let schema = name.schema.as_ref().map(|schema| format!("{}.", sql::name(schema))).unwrap_or_default();
    format!("{schema}{}", sql::name(&name.name))
}
