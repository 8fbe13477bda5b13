//! Rows that a migration would fail on, looked for before it does anything.

use limbeck::change::{Change, Delta, Fit, In, fit, type_name};
use limbeck::schema::{Check, Column, Default, ForeignKey, KeyOf, Literal, Name, QualifiedName, Schema, Table};
use limbeck::source::{Step, Value};

use crate::args::Answers;
use crate::misfits::misfit;

/// What a plan takes for granted of the rows that are there, as steps that come first.
pub(crate) fn first(changes: &[Change], start: &Schema, answers: &Answers) -> Vec<Step> {
    changes.iter().flat_map(|change| of(change, changes, start, answers)).collect()
}

fn of(change: &Change, changes: &[Change], start: &Schema, answers: &Answers) -> Vec<Step> {
    let twins = |table, columns: &[Name], nulls| twins(table, (columns, nulls), (changes, start), answers);
    match change {
        Change::Unique(In { table, delta: Delta::Create(unique) }) => {
            twins(table, &unique.columns, unique.nulls_not_distinct)
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
            columns.and_then(|columns| twins(table, &columns, index.nulls_not_distinct))
        }
        Change::PrimaryKey(In { table, delta: Delta::Create(key) }) => twins(table, &key.columns, true),
        Change::Check(In { table, delta: Delta::Create(check) }) => broken(table, check, changes, start),
        Change::ForeignKey(In { table, delta: Delta::Create(key) }) => orphans(table, key, changes, start),
        Change::Column(In { table, delta: Delta::Alter { from, to } }) if from.name == to.name => {
            let misfits = misfits(table, (from, to), changes, start);
            let empty = empty(table, (from, to), start).filter(|_| answers.backfill(table, to).is_none());
            return misfits.into_iter().chain(empty).collect();
        }
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

/// Values that have no place in the type that their column gets.
fn misfits(table: &QualifiedName, (from, to): (&Column, &Column), changes: &[Change], start: &Schema) -> Option<Step> {
    let found = start.tables.get(table).filter(|found| found.column(&to.name) == Some(from))?;
    if fit(&from.ty, &to.ty) != Fit::Fails {
        return None;
    }
    let misfit = misfit(&quoted(&to.name), (&from.ty, &to.ty), &|of| labels(of, changes, start))?;
    let query = format!("SELECT {} FROM {} WHERE {misfit}", key_of(found), said(table));
    let what = format!("rows of {table} whose {} does not fit {}", to.name, type_name(&to.ty));
    Some(Step::AssertNone(what, query))
}

/// Rows that lack a value in a column that becomes NOT NULL.
fn empty(table: &QualifiedName, (from, to): (&Column, &Column), start: &Schema) -> Option<Step> {
    let found = start.tables.get(table).filter(|found| found.column(&to.name) == Some(from))?;
    (from.nullable && !to.nullable).then(|| {
        let query = format!("SELECT {} FROM {} WHERE {} IS NULL", key_of(found), said(table), quoted(&to.name));
        Step::AssertNone(format!("rows of {table} without a value for {}", to.name), query)
    })
}

/// The labels of an enum that a column becomes.
fn labels(of: &QualifiedName, changes: &[Change], start: &Schema) -> Option<Vec<Name>> {
    let made = changes.iter().find_map(|change| {
        let Change::Enum(Delta::Create(it) | Delta::Alter { to: it, .. }) = change else { return None };
        (it.name == *of).then_some(it)
    });
    made.or_else(|| start.enums.get(of)).map(|it| it.labels.clone())
}

/// A table that is there before the migration, with these columns, under the names that they keep.
fn known<'a>(table: &QualifiedName, columns: &[Name], changes: &[Change], start: &'a Schema) -> Option<&'a Table> {
    let found = start.tables.get(table)?;
    let all = columns.iter().all(|name| found.column(name).is_some());
    // A name may be another's before, and a type another one.
    let stays = changes.iter().all(|change| {
        if let Change::Table(Delta::Alter { from, to }) = change {
            from.name == to.name || (from.name != *table && to.name != *table)
        } else if let Change::Column(In { table: of, delta }) = change
            && of == table
        {
            match delta {
                Delta::Alter { from, to } => (from.name == to.name && from.ty == to.ty) || !columns.contains(&to.name),
                Delta::Create(column) | Delta::Drop(column) => !columns.contains(&column.name),
            }
        } else {
            true
        }
    });
    (all && stays).then_some(found)
}

/// Rows that have the same in columns that become unique. A column that comes with the migration has what rows get.
fn twins(
    table: &QualifiedName,
    (columns, nulls): (&[Name], bool),
    (changes, start): (&[Change], &Schema),
    answers: &Answers,
) -> Option<Step> {
    let comes = |name: &Name| {
        changes.iter().find_map(|change| {
            let Change::Column(In { table: of, delta: Delta::Create(column) }) = change else { return None };
            (of == table && column.name == *name).then_some(column)
        })
    };
    let (new, old): (Vec<Name>, Vec<Name>) = columns.iter().cloned().partition(|name| comes(name).is_some());
    let found = known(table, &old, changes, start)?;
    let values: Vec<String> = columns
        .iter()
        .map(|name| {
            comes(name).map_or_else(|| Some(quoted(name)), |column| value(column, answers.backfill(table, column)))
        })
        .collect::<Option<_>>()?;
    let list = columns.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let some = columns.iter().map(|name| format!("{} IS NOT NULL", quoted(name))).collect::<Vec<_>>().join(" AND ");
    let filter = if nulls { String::new() } else { format!(" WHERE {some}") };
    let names = columns.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let from = if new.is_empty() {
        said(&found.name)
    } else {
        let values = values.iter().zip(columns).map(|(value, name)| {
            if new.contains(name) { format!("({value}) AS {}", quoted(name)) } else { value.clone() }
        });
        format!("(SELECT {} FROM {}) AS rows", values.collect::<Vec<_>>().join(", "), said(&found.name))
    };
    let query = format!("SELECT {list} FROM {from}{filter} GROUP BY {list} HAVING count(*) > 1");
    Some(Step::AssertNone(format!("values that rows of {table} share in {names}"), query))
}

/// What rows get in a column that comes, as SQL; nothing when they get none, or each another one.
fn value(column: &Column, filled: Option<Value>) -> Option<String> {
    match filled {
        Some(Value::Sql(expression)) => Some(expression.to_string()),
        Some(Value::Placeholder(_)) => None,
        None => match column.default.as_ref()? {
            Default::Literal(Literal::Text(text)) => Some(format!("'{}'", text.replace('\'', "''"))),
            Default::Literal(Literal::Integer(number)) => Some(number.to_string()),
            Default::Literal(Literal::Float(number)) => Some(number.clone()),
            Default::Literal(Literal::Boolean(truth)) => Some(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
            Default::Sql(_) => None,
        },
    }
}

fn broken(table: &QualifiedName, check: &Check, changes: &[Change], start: &Schema) -> Option<Step> {
    if check.not_valid || check.not_enforced || check.only.is_some() {
        return None;
    }
    let whole = start.tables.get(table)?;
    let words = limbeck::schema::tokens(check.expression.as_str());
    // Columns that come with the migration have no rows yet.
    let comes = |change: &Change| {
        matches!(
            change,
            Change::Column(In { table: of, delta: Delta::Create(column) | Delta::Alter { to: column, .. } })
                if of == table && words.iter().any(|word| word.is_name(&column.name))
        )
    };
    let columns: Vec<Name> = whole
        .columns
        .iter()
        .map(|c| c.name.clone())
        .filter(|name| words.iter().any(|word| word.is_name(name)))
        .collect();
    let found = known(table, &columns, changes, start).filter(|_| !changes.iter().any(comes))?;
    let query = format!("SELECT {} FROM {} WHERE NOT ({})", key_of(found), said(table), check.expression);
    Some(Step::AssertNone(format!("rows of {table} that break {}", check.expression), query))
}

fn orphans(table: &QualifiedName, key: &ForeignKey, changes: &[Change], start: &Schema) -> Option<Step> {
    if key.not_valid || key.not_enforced || key.period {
        return None;
    }
    known(table, &key.columns, changes, start)?;
    known(&key.references, &key.referenced_columns, changes, start)?;
    let list = key.columns.iter().map(|name| format!("child.{}", quoted(name))).collect::<Vec<_>>();
    let some = list.iter().map(|name| format!("{name} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
    let same = key.referenced_columns.iter().zip(&list).map(|(to, from)| format!("parent.{} = {from}", quoted(to)));
    let query = format!(
        "SELECT DISTINCT {} FROM {} AS child WHERE {some} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {})",
        list.join(", "),
        said(table),
        said(&key.references),
        same.collect::<Vec<_>>().join(" AND ")
    );
    Some(Step::AssertNone(format!("values in {table} that are not in {}", key.references), query))
}

/// What tells a row from another.
fn key_of(table: &Table) -> String {
    let key = table.primary_key.as_ref().map(|key| key.columns.iter().map(quoted).collect::<Vec<_>>().join(", "));
    key.unwrap_or_else(|| "*".to_owned())
}

fn said(name: &QualifiedName) -> String {
    let schema = name.schema.as_ref().map(|schema| format!("{}.", quoted(schema))).unwrap_or_default();
    format!("{schema}{}", quoted(&name.name))
}

/// Quoted always: the statement is for every database, and each has keywords of its own.
fn quoted(name: &Name) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
