//! A schema in one database's form.

use crate::plan::Capabilities;
use crate::schema::{Check, Column, Enum, Expression, Name, Schema, Table, TableOptions, Type};

/// A schema in a database's form: variants chosen, enums as checks, what it has no word for left out.
#[must_use]
pub fn lower_schema(schema: &Schema, capabilities: &Capabilities) -> Schema {
    let mut lowered = schema.clone();
    if !capabilities.enums {
        lowered.enums.clear();
    }
    if !capabilities.extensions {
        lowered.extensions.clear();
    }
    for (name, table) in schema.tables.iter().filter(|(_, table)| !is_low(table, schema, capabilities)) {
        lowered.tables.insert(name.clone(), lower_table(table, schema, capabilities));
    }
    lowered
}

/// Whether [`lower_table`] would change nothing. Most tables are such, and there are many.
pub(super) fn is_low(table: &Table, schema: &Schema, can: &Capabilities) -> bool {
    let Table {
        name: _,
        columns,
        primary_key: _,
        uniques: _,
        checks,
        foreign_keys: _,
        exclusions: _,
        indexes,
        options,
    } = table;
    let TableOptions { comment, unlogged, with, partition_by, strict, without_rowid, spelling: _ } = options;
    let plain = |c: &Column| {
        c.variants.is_empty()
            && (can.comments || c.comment.is_none())
            && (can.storage_options || c.storage.is_none() && c.compression.is_none())
            && (can.enums || c.ty.named().is_none_or(|name| !schema.enums.contains_key(name)))
    };
    let plain_index = |i: &crate::schema::Index| {
        i.only.is_none()
            && (can.comments || i.comment.is_none())
            && (can.storage_options || i.with.is_empty() && i.keys.iter().all(|k| k.opclass.is_none()))
    };
    columns.iter().all(plain)
        && indexes.iter().all(plain_index)
        && checks.iter().all(|c| c.only.is_none())
        && (can.comments || comment.is_none())
        && (can.storage_options || !unlogged && with.is_empty() && partition_by.is_none())
        && (can.rowid_options || !strict && !without_rowid)
}

pub(super) fn lower_table(table: &Table, schema: &Schema, can: &Capabilities) -> Table {
    let mut lowered = table.clone();
    lowered.choose(can.database);
    let checks: Vec<Check> = lowered.columns.iter_mut().filter_map(|c| lower_column(c, schema, can)).collect();
    lowered.checks.extend(checks);
    lower_options(&mut lowered.options, can);
    lowered.indexes.iter_mut().for_each(|i| lower_index(i, can));
    lowered
}

/// A column in a database's form, and the check that stands for its enum.
pub(super) fn lower_column(column: &mut Column, schema: &Schema, can: &Capabilities) -> Option<Check> {
    column.choose(can.database);
    if !can.comments {
        column.comment = None;
    }
    if !can.storage_options {
        column.storage = None;
        column.compression = None;
    }
    let labels = column.ty.named().filter(|_| !can.enums).and_then(|name| schema.enums.get(name))?;
    column.ty = Type::Text;
    Some(enum_check(&column.name, labels))
}

pub(super) fn lower_options(options: &mut TableOptions, can: &Capabilities) {
    if !can.comments {
        options.comment = None;
    }
    if !can.storage_options {
        options.unlogged = false;
        options.partition_by = None;
        options.with.clear();
    }
    if !can.rowid_options {
        options.strict = false;
        options.without_rowid = false;
    }
}

pub(super) fn lower_index(index: &mut crate::schema::Index, can: &Capabilities) {
    if !can.comments {
        index.comment = None;
    }
    if !can.storage_options {
        index.with.clear();
        index.keys.iter_mut().for_each(|k| k.opclass = None);
    }
}

/// The check that stands for an enum where there are no enum types.
pub(super) fn enum_check(column: &Name, labels: &Enum) -> Check {
    let list: Vec<String> = labels.labels.iter().map(|l| literal(l)).collect();
    Check::new(Expression(format!("{} IN ({})", quoted(column), list.join(", "))))
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
