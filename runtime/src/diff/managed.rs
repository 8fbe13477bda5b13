//! What of a database is ours to compare.

use std::sync::Arc;

use crate::schema::{QualifiedName, Schema, SqlObjectKind};

/// A database's schema, parted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Managed {
    /// What a model or a migration mentions, whole.
    pub schema: Schema,
    /// The rest, in words: reported, never touched.
    pub unmanaged: Vec<String>,
}

/// Parts a database's schema into what the models or the migrations mention and the rest.
///
/// A table that is mentioned is managed with all its columns, constraints and indexes; so is a type that a managed
/// table uses.
#[must_use]
pub fn managed(current: &Schema, mentions: &[&Schema]) -> Managed {
    let mut schema = Schema::empty();
    let mut unmanaged = Vec::new();
    let mut other = |kind: &str, name: &dyn std::fmt::Display| unmanaged.push(format!("{kind} {name}"));
    for (name, table) in current.tables.shared() {
        if mentions.iter().any(|s| s.tables.contains_key(name)) {
            schema.tables.shared_mut().insert(name.clone(), Arc::clone(table));
        } else {
            other("table", name);
        }
    }
    let used =
        |name: &QualifiedName| schema.tables.values().flat_map(|t| &t.columns).any(|c| c.ty.named() == Some(name));
    for (name, it) in &current.enums {
        if used(name) || mentions.iter().any(|s| s.enums.contains_key(name)) {
            schema.enums.insert(name.clone(), it.clone());
        } else {
            other("enum", name);
        }
    }
    for (name, it) in &current.domains {
        if used(name) || mentions.iter().any(|s| s.domains.contains_key(name)) {
            schema.domains.insert(name.clone(), it.clone());
        } else {
            other("domain", name);
        }
    }
    for (name, it) in &current.sequences {
        if mentions.iter().any(|s| s.sequences.contains_key(name)) {
            schema.sequences.insert(name.clone(), it.clone());
        } else {
            other("sequence", name);
        }
    }
    for (name, it) in &current.objects {
        if mentions.iter().any(|s| s.objects.contains_key(name)) {
            schema.objects.insert(name.clone(), it.clone());
        } else if it.kind != SqlObjectKind::Privileges {
            // Who may do what is often an administrator's to say, and nothing stands on it.
            other(it.kind.word(), name);
        }
    }
    for (name, it) in &current.namespaces {
        if mentions.iter().any(|s| s.namespaces.contains_key(name)) {
            schema.namespaces.insert(name.clone(), it.clone());
        } else {
            other("schema", name);
        }
    }
    for (name, it) in &current.extensions {
        if mentions.iter().any(|s| s.extensions.contains_key(name)) {
            schema.extensions.insert(name.clone(), it.clone());
        }
    }
    Managed { schema, unmanaged }
}
