//! What a way back may fail at, on the rows that are there by then.

use limbeck::change::{Change, Delta, Fit, In, fit};
use limbeck::dialect::Dialect;
use limbeck::schema::{Column, Name, QualifiedName, Schema, Table, Type};

use crate::filling::unfilled;

/// Something that comes back, and that rows may not fit.
pub(crate) struct Risk {
    /// What it is, as answers name it: `note.title`, `unique note (title)`.
    pub(crate) what: String,
    /// The table.
    pub(crate) table: QualifiedName,
    /// What comes back, and what of rows, in words.
    pub(crate) why: String,
    /// What rows do not fit it.
    pub(crate) rows: Misfit,
}

/// Which rows do not fit what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// All of them: they have no value at all, unless it was kept.
    All,
    /// Those without a value, or whose value is none of the type that comes back.
    Values,
    /// Those that are equal.
    Equal,
}

/// What undoing a change may fail at, on one of some databases.
pub(crate) fn risk(change: &Change, dialects: &[&'static dyn Dialect]) -> Option<Risk> {
    let back = change.clone().inverse();
    if let Some((table, column, true)) = unfilled(&back) {
        let why = format!(
            "the way back creates column {table}.{} NOT NULL without a default, and rows have no value for it",
            column.name
        );
        return Some(Risk { what: format!("{table}.{}", column.name), table: table.clone(), why, rows: Misfit::All });
    }
    let equal = |table: &QualifiedName, columns: Vec<&str>| {
        let columns = columns.join(", ");
        Some(Risk {
            what: format!("unique {table} ({columns})"),
            table: table.clone(),
            why: format!("the way back makes ({columns}) of `{table}` unique again, and rows may be equal by then"),
            rows: Misfit::Equal,
        })
    };
    match &back {
        Change::Column(In { table, delta: Delta::Alter { from, to } }) if from.name == to.name => {
            values(table, (from, to), dialects)
        }
        Change::PrimaryKey(In { table, delta: Delta::Create(key) }) => {
            equal(table, key.columns.iter().map(Name::as_str).collect())
        }
        Change::Unique(In { table, delta: Delta::Create(unique) }) => {
            equal(table, unique.columns.iter().map(Name::as_str).collect())
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

fn values(table: &QualifiedName, (from, to): (&Column, &Column), dialects: &[&'static dyn Dialect]) -> Option<Risk> {
    let what = format!("{table}.{}", to.name);
    let tight = from.nullable && !to.nullable;
    let narrow =
        fit(&from.ty, &to.ty) == Fit::Fails && dialects.iter().any(|dialect| tells(*dialect, &from.ty, &to.ty));
    let why = match (tight, narrow) {
        (false, false) => return None,
        (true, false) => format!("the way back makes column {what} NOT NULL again, and rows may be NULL by then"),
        (false, true) => {
            format!("the way back makes column {what} narrower again, and rows may hold what does not fit by then")
        }
        (true, true) => {
            format!("the way back makes column {what} narrower and NOT NULL again, and rows need not fit by then")
        }
    };
    Some(Risk { what, table: table.clone(), why, rows: Misfit::Values })
}

/// Whether a database tells two types apart.
fn tells(dialect: &dyn Dialect, one: &Type, other: &Type) -> bool {
    let holding = |ty: &Type| {
        let mut schema = Schema::empty();
        let mut table = Table::new("t");
        table.columns.push(Column::new("c", ty.clone()));
        schema.tables.insert("t".into(), table);
        dialect.canonical(&schema)
    };
    holding(one) != holding(other)
}
