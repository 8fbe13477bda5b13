//! What a rename does to everything that mentions the old name.

use std::collections::BTreeMap;

use super::reword::{reword_column, reword_table};
use crate::schema::{
    Column, Default, Exclusion, Expression, Index, Key, KeyOf, Literal, Name, QualifiedName, Reference, Schema, Sort,
    SqlObject, Table,
};

/// Puts a column's new name wherever the old one is meant. The column itself is already renamed.
pub fn rename_column(schema: &mut Schema, table: &QualifiedName, from: &Name, to: &Name) {
    reword_column(schema, table, from, to);
    follow(schema, |reference| match reference {
        Reference::Column(of, column) if of == *table && column == *from => Reference::Column(of, to.clone()),
        other => other,
    });
    let list = |names: &mut Vec<Name>| names.iter_mut().filter(|n| *n == from).for_each(|n| *n = to.clone());
    let text = |e: &mut Expression| *e = e.renamed(from, to);
    let sorts = |sorts: &mut BTreeMap<Name, Sort>| {
        if let Some(sort) = sorts.remove(from) {
            sorts.insert(to.clone(), sort);
        }
    };
    for (name, other) in &mut schema.tables {
        for key in &mut other.foreign_keys {
            if key.references == *table {
                list(&mut key.referenced_columns);
            }
            if name == table {
                list(&mut key.columns);
                list(&mut key.on_delete_columns);
            }
        }
    }
    let Some(table) = schema.tables.get_mut(table) else {
        return;
    };
    let Table { name: _, columns, primary_key, uniques, checks, foreign_keys: _, exclusions, indexes, options: _ } =
        table;
    for column in columns {
        if let Some(generated) = &mut column.generated {
            text(&mut generated.expression);
        }
        for variant in column.variants.values_mut() {
            if let Some(Some(generated)) = &mut variant.generated {
                text(&mut generated.expression);
            }
        }
    }
    if let Some(key) = primary_key {
        list(&mut key.columns);
        list(&mut key.include);
        sorts(&mut key.sorts);
    }
    for unique in uniques {
        list(&mut unique.columns);
        list(&mut unique.include);
        sorts(&mut unique.sorts);
    }
    checks.iter_mut().for_each(|c| text(&mut c.expression));
    let key = |key: &mut Key| match &mut key.of {
        KeyOf::Column(name) if name == from => *name = to.clone(),
        KeyOf::Column(_) => {}
        KeyOf::Expression(expression) => text(expression),
    };
    for Exclusion { elements, include, predicate, .. } in exclusions {
        elements.iter_mut().for_each(|e| key(&mut e.key));
        list(include);
        predicate.iter_mut().for_each(text);
    }
    for Index { keys, include, predicate, .. } in indexes {
        keys.iter_mut().for_each(key);
        list(include);
        predicate.iter_mut().for_each(text);
    }
}

/// Puts a table's new name wherever the old one is meant. The table itself is already renamed.
pub(super) fn rename_table(schema: &mut Schema, from: &QualifiedName, to: &QualifiedName) {
    for table in schema.tables.values_mut() {
        for key in table.foreign_keys.iter_mut().filter(|k| k.references == *from) {
            key.references = to.clone();
        }
    }
    reword_table(schema, from, to);
    let moved = |name: QualifiedName| if name == *from { to.clone() } else { name };
    follow(schema, |reference| match reference {
        Reference::Object(name) => Reference::Object(moved(name)),
        Reference::Column(of, column) => Reference::Column(moved(of), column),
        Reference::Constraint(of, name) => Reference::Constraint(moved(of), name),
        Reference::Type(name) => Reference::Type(name),
    });
    let objects = std::mem::take(&mut schema.objects);
    schema.objects = objects.into_values().map(|o| follow_table(o, from, to)).map(|o| (o.name.clone(), o)).collect();
}

/// Puts other names into what objects are known to stand on.
fn follow(schema: &mut Schema, rename: impl Fn(Reference) -> Reference) {
    schema.objects.values_mut().for_each(|object| object.found.rename(&rename));
}

/// What belongs to a table goes with it, and some of it has the table's name in its own.
fn follow_table(mut object: SqlObject, from: &QualifiedName, to: &QualifiedName) -> SqlObject {
    if object.table.as_ref() != Some(from) {
        return object;
    }
    object.table = Some(to.clone());
    for word in [" on ", "row security of ", "privileges on ", "replica identity of ", "cluster mark of "] {
        if let Some(rest) = object.name.name.strip_suffix(&*from.name).filter(|rest| rest.ends_with(word)) {
            object.name = to.sibling(format!("{rest}{}", to.name));
            break;
        }
    }
    object
}

/// Puts a type's new name wherever the old one is meant.
pub(super) fn rename_type(schema: &mut Schema, from: &QualifiedName, to: &QualifiedName) {
    for column in schema.tables.values_mut().flat_map(|t| &mut t.columns) {
        let ty = std::mem::replace(&mut column.ty, crate::schema::Type::Text);
        column.ty = ty.renamed(from, to);
        if let Some(Default::Sql(expression)) = &mut column.default {
            *expression = expression.renamed(&from.name, &to.name);
        }
    }
    follow(schema, |reference| match reference {
        Reference::Type(name) if name == *from => Reference::Type(to.clone()),
        other => other,
    });
    for domain in schema.domains.values_mut() {
        let ty = std::mem::replace(&mut domain.ty, crate::schema::Type::Text);
        domain.ty = ty.renamed(from, to);
    }
}

/// Puts a label's new name wherever the old one is meant: in defaults of the enum's columns, and in expressions of
/// tables that have such a column.
pub(super) fn rename_label(schema: &mut Schema, of: &QualifiedName, from: &Name, to: &Name) {
    for table in schema.tables.values_mut() {
        let uses = |c: &Column| c.ty.named() == Some(of);
        if !table.columns.iter().any(uses) {
            continue;
        }
        let text = |e: &mut Expression| *e = e.relabelled(from, to);
        for column in &mut table.columns {
            match &mut column.default {
                Some(Default::Literal(Literal::Text(label))) if column.ty.named() == Some(of) && **label == **from => {
                    *label = to.to_string();
                }
                Some(Default::Sql(expression)) if column.ty.named() == Some(of) => text(expression),
                Some(_) | None => {}
            }
            if let Some(generated) = &mut column.generated {
                text(&mut generated.expression);
            }
        }
        table.checks.iter_mut().for_each(|c| text(&mut c.expression));
        for index in &mut table.indexes {
            for key in &mut index.keys {
                if let KeyOf::Expression(expression) = &mut key.of {
                    text(expression);
                }
            }
            index.predicate.iter_mut().for_each(text);
        }
        for exclusion in &mut table.exclusions {
            exclusion.predicate.iter_mut().for_each(text);
        }
    }
}
