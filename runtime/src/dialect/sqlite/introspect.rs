//! What a database holds.
//!
//! Two queries, whatever the number of tables: the statements that SQLite keeps, and what its pragmas say of the
//! columns. Constraints, indexes and everything else that no pragma tells whole are read from the statements.

use std::collections::BTreeMap;

use super::canonical::{canonical_table, resolve};
use super::lex::lex;
use super::parse::{read_index, read_table, rowid_alias};
use crate::dialect::{Introspection, Unmodelled};
use crate::schema::{Part, QualifiedName, Schema, SqlObject, SqlObjectKind, Table, TokenKind, Type};

/// The query for statements: type, name, table, statement, kind of table, WITHOUT ROWID, STRICT.
pub(super) const SCHEMA: &str = include_str!("catalog/schema.sql");

/// The query for columns: table, name, declared type, NOT NULL, default, hidden.
pub(super) const COLUMNS: &str = include_str!("catalog/columns.sql");

type Row = Vec<Option<String>>;

/// Reads the rows of [`SCHEMA`] and [`COLUMNS`].
pub(super) fn read(statements: &[Row], columns: &[Row]) -> Introspection {
    let mut facts: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in columns {
        facts.entry(cell(row, 0)).or_default().push(row);
    }
    let mut found = Introspection::default();
    for row in statements.iter().filter(|row| cell(row, 0) == "table" || cell(row, 0) == "view") {
        read_relation(row, facts.get(cell(row, 1)).map_or(&[], Vec::as_slice), &mut found);
    }
    for row in statements {
        match cell(row, 0) {
            "index" => index(row, &mut found),
            "trigger" => object(row, SqlObjectKind::Trigger, &mut found),
            _ => {}
        }
    }
    let whole = found.schema.clone();
    for table in found.schema.tables.values_mut() {
        let alone = table.clone();
        table.foreign_keys.iter_mut().for_each(|key| resolve(key, &alone, &whole));
    }
    found
}

fn cell(row: &Row, at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

fn read_relation(row: &Row, facts: &[&Row], found: &mut Introspection) {
    match cell(row, 4) {
        "view" => object(row, SqlObjectKind::View, found),
        "virtual" => object(row, SqlObjectKind::VirtualTable, found),
        "shadow" => {}
        _ => match table(row, facts) {
            Some(table) => {
                found.schema.tables.insert(table.name.clone(), table);
            }
            None => unmodelled(row, found),
        },
    }
}

/// What cannot be read is reported, never passed over.
fn unmodelled(row: &Row, found: &mut Introspection) {
    found.unmodelled.push(Unmodelled {
        kind: cell(row, 0).to_owned(),
        name: cell(row, 1).to_owned(),
        definition: cell(row, 3).to_owned(),
        relation: Some(cell(row, 1).into()),
    });
}

/// The statement's table, with the pragma's word on each column. The two must know the same columns.
fn table(row: &Row, facts: &[&Row]) -> Option<Table> {
    let mut table = read_table(cell(row, 3))?.table;
    table.name = cell(row, 1).into();
    let is = |at: usize| cell(row, at) == "1";
    let agree = table.columns.len() == facts.len()
        && table.columns.iter().zip(facts).all(|(column, fact)| column.name == cell(fact, 1))
        && table.columns.iter().zip(facts).all(|(column, fact)| {
            let computed = matches!(cell(fact, 5), "2" | "3");
            column.generated.is_some() == computed && (computed || column.default.is_some() == fact[4].is_some())
        })
        && (table.options.without_rowid, table.options.strict) == (is(5), is(6));
    for (column, fact) in table.columns.iter_mut().zip(facts) {
        if !matches!(&column.ty, Type::Sql(words) if begins_in_quotes(words)) {
            column.ty = Type::Sql(cell(fact, 2).to_owned());
        }
        column.nullable = cell(fact, 3) == "0";
    }
    forget_repeated(&mut table);
    name_once(&mut table.uniques);
    name_once(&mut table.checks);
    name_once(&mut table.foreign_keys);
    agree.then_some(table)
}

/// Whether the first of several words stands in quotes: SQLite takes those off as if they stood around the whole type,
/// and its pragma says `nvarchar](60` for `[nvarchar](60)`.
fn begins_in_quotes(ty: &str) -> bool {
    matches!(lex(ty).as_slice(), [first, _, ..] if matches!(first.kind, TokenKind::Quoted | TokenKind::String))
}

/// SQLite lets two constraints bear one name; whoever looks for it must find one.
fn name_once<P: Part>(parts: &mut [P]) {
    for at in 1..parts.len() {
        if parts[at].name().is_some() && parts[..at].iter().any(|other| other.name() == parts[at].name()) {
            parts[at] = parts[at].clone().with_name(None);
        }
    }
}

/// SQLite makes no second index for a unique constraint that says what the primary key or an earlier one says
/// (`sqlite3CreateIndex` in its source). Nor do we see a second one.
fn forget_repeated(table: &mut Table) {
    let form = canonical_table(table, &Schema::empty());
    let key = form.primary_key.as_ref().filter(|_| rowid_alias(table).is_none());
    let mut seen: Vec<_> = key.into_iter().map(|k| (&k.columns, &k.sorts, k.conflict)).collect();
    let mut repeated = form.uniques.iter().map(|u| {
        let says = (&u.columns, &u.sorts, u.conflict);
        let again = seen.contains(&says);
        seen.push(says);
        again
    });
    table.uniques.retain(|_| !repeated.next().unwrap_or(false));
}

fn index(row: &Row, found: &mut Introspection) {
    let on: QualifiedName = cell(row, 2).into();
    match (read_index(cell(row, 3)), found.schema.tables.get_mut(&on)) {
        (Some((_, mut index)), Some(table)) => {
            index.name = Some(cell(row, 1).into());
            for key in &mut index.keys {
                if let crate::schema::KeyOf::Column(name) = &mut key.of
                    && let Some(column) = table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name))
                {
                    *name = column.name.clone();
                }
            }
            table.indexes.push(index);
        }
        (Some(_) | None, Some(_) | None) => unmodelled(row, found),
    }
}

fn object(row: &Row, kind: SqlObjectKind, found: &mut Introspection) {
    let name: QualifiedName = cell(row, 1).into();
    let table = (kind == SqlObjectKind::Trigger).then(|| cell(row, 2).into());
    // A trigger may bear the name of a view: triggers have names of their own.
    if found.schema.objects.contains_key(&name) {
        unmodelled(row, found);
        return;
    }
    found.schema.objects.insert(name.clone(), SqlObject { table, ..SqlObject::new(kind, name, cell(row, 3)) });
}
