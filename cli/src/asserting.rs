//! Rows that a migration would fail on, looked for before it does anything.

use limbeck::change::{Change, Delta, In};
use limbeck::schema::{Check, ForeignKey, KeyOf, Name, QualifiedName, Schema, Table};
use limbeck::source::Step;

use crate::args::Answers;

/// What a plan takes for granted of the rows that are there, as steps that come first.
pub(crate) fn first(changes: &[Change], start: &Schema, answers: &Answers) -> Vec<Step> {
    changes.iter().filter_map(|change| one(change, changes, start, answers)).collect()
}

fn one(change: &Change, changes: &[Change], start: &Schema, answers: &Answers) -> Option<Step> {
    match change {
        Change::Unique(In { table, delta: Delta::Create(unique) }) => {
            let table = known(table, &unique.columns, changes, start)?;
            Some(twins(table, &unique.columns, unique.nulls_not_distinct))
        }
        Change::Index(In { table, delta: Delta::Create(index) }) if index.unique && index.only.is_none() => {
            let columns: Option<Vec<Name>> = index
                .keys
                .iter()
                .map(|key| match &key.of {
                    KeyOf::Column(name) => Some(name.clone()),
                    KeyOf::Expression(_) => None,
                })
                .collect();
            let columns = columns.filter(|_| index.predicate.is_none())?;
            let table = known(table, &columns, changes, start)?;
            Some(twins(table, &columns, index.nulls_not_distinct))
        }
        Change::PrimaryKey(In { table, delta: Delta::Create(key) }) => {
            let table = known(table, &key.columns, changes, start)?;
            Some(twins(table, &key.columns, true))
        }
        Change::Check(In { table, delta: Delta::Create(check) }) => broken(table, check, changes, start),
        Change::ForeignKey(In { table, delta: Delta::Create(key) }) => orphans(table, key, changes, start),
        Change::Column(In { table, delta: Delta::Alter { from, to } }) => {
            let tightens = from.nullable && !to.nullable && from.name == to.name;
            let filled = answers.backfill(table, &to.name).is_some();
            let found = known(table, std::slice::from_ref(&to.name), changes, start)?;
            (tightens && !filled).then(|| {
                let (name, column) = (said(table), quoted(&to.name));
                let query = format!("SELECT {} FROM {name} WHERE {column} IS NULL", key_of(found));
                Step::AssertNone(format!("rows of {table} without a value for {}", to.name), query)
            })
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

fn twins(table: &Table, columns: &[Name], nulls: bool) -> Step {
    let list = columns.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let some = columns.iter().map(|name| format!("{} IS NOT NULL", quoted(name))).collect::<Vec<_>>().join(" AND ");
    let filter = if nulls { String::new() } else { format!(" WHERE {some}") };
    let names = columns.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let query = format!("SELECT {list} FROM {}{filter} GROUP BY {list} HAVING count(*) > 1", said(&table.name));
    Step::AssertNone(format!("values that rows of {} share in {names}", table.name), query)
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
