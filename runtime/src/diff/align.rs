//! Giving one schema another's spelling.

use std::collections::BTreeMap;

use super::matching::pairs;
use crate::schema::{
    Check, Database, Domain, DomainCheck, Exclusion, ForeignKey, Index, Name, Part, PrimaryKey, Schema, SqlObject,
    Table, TableOptions, Unique,
};

/// `current`, read from a database, with `hint`'s spelling wherever the database holds the two for the same.
///
/// `canonical` are the canonical forms of `current` and of `hint.on(database)`. A column, an option, a constraint, an
/// index whose canonical forms agree is taken from `hint`, variants and all; a constraint keeps the name that it has
/// in `current`. What `hint` keeps for other databases is added, so that it is no difference. After this, `==` finds
/// exactly the differences that the database would see.
#[must_use]
pub fn align(current: &Schema, hint: &Schema, canonical: (&Schema, &Schema), database: Database) -> Schema {
    let mut aligned = respell(current, hint, canonical, database);
    for (name, hint) in &hint.tables {
        if let Some(table) = aligned.tables.get_mut(name) {
            table.checks.extend(hint.checks.iter().filter(|c| !is_here(c.only, database)).cloned());
            table.indexes.extend(hint.indexes.iter().filter(|i| !is_here(i.only, database)).cloned());
        }
    }
    aligned
}

/// `current`, which people wrote, with `hint`'s spelling wherever one database holds the two for the same.
///
/// `canonical` are the canonical forms of `current.on(database)` and of `hint.on(database)`.
#[must_use]
pub fn respell(current: &Schema, hint: &Schema, canonical: (&Schema, &Schema), database: Database) -> Schema {
    let (here, there) = canonical;
    let Schema { namespaces, extensions, enums, domains, sequences, tables, objects } = current;
    Schema {
        namespaces: entries(namespaces, &hint.namespaces, (&here.namespaces, &there.namespaces)),
        extensions: entries(extensions, &hint.extensions, (&here.extensions, &there.extensions)),
        enums: entries(enums, &hint.enums, (&here.enums, &there.enums)),
        domains: domains
            .iter()
            .map(|(name, current)| {
                let known = (hint.domains.get(name), here.domains.get(name), there.domains.get(name));
                let (Some(hint), Some(here), Some(there)) = known else { return (name.clone(), current.clone()) };
                (name.clone(), domain(current, hint, (here, there)))
            })
            .collect(),
        sequences: entries(sequences, &hint.sequences, (&here.sequences, &there.sequences)),
        objects: entries(objects, &hint.objects, (&here.objects, &there.objects))
            .into_iter()
            // What the database said of an object is true whoever wrote its text.
            .map(|(name, object)| {
                let found = objects.get(&name).map(|o| o.found.clone()).unwrap_or_default();
                (name, SqlObject { found, ..object })
            })
            .collect(),
        tables: tables
            .iter()
            .map(|(name, current)| {
                let aligned = match (hint.tables.get(name), here.tables.get(name), there.tables.get(name)) {
                    (Some(hint), Some(here), Some(there)) => table(current, hint, (here, there), database),
                    (None, ..) | (_, None, _) | (.., None) => current.clone(),
                };
                (name.clone(), aligned)
            })
            .collect(),
    }
}

/// `current`, in the spelling of `replayed`, without the names that no one declared: neither the migrations, whose sum
/// `replayed` is, nor the models. They are the database's own, and a migration that said one would name what those
/// before it never named.
#[must_use]
pub fn undeclared(mut current: Schema, replayed: &Schema, models: &Schema) -> Schema {
    for (name, replayed) in &replayed.tables {
        let Some(table) = current.tables.get_mut(name) else { continue };
        nameless::<PrimaryKey>(table, replayed, models);
        nameless::<Unique>(table, replayed, models);
        nameless::<Check>(table, replayed, models);
        nameless::<ForeignKey>(table, replayed, models);
        nameless::<Exclusion>(table, replayed, models);
        nameless::<Index>(table, replayed, models);
    }
    current
}

fn nameless<P: Part>(table: &mut Table, replayed: &Table, models: &Schema) {
    let unnamed: Vec<P> = P::all(replayed).iter().filter(|part| part.name().is_none()).map(P::structure).collect();
    if unnamed.is_empty() {
        return;
    }
    let declared = |name: &Name| models.tables.values().any(|t| P::all(t).iter().any(|p| p.name() == Some(name)));
    for part in P::all_mut(table) {
        if part.name().is_some_and(|name| !declared(name)) && unnamed.contains(&part.structure()) {
            *part = part.clone().with_name(None);
        }
    }
}

fn is_here(only: Option<Database>, database: Database) -> bool {
    only.is_none_or(|only| only == database)
}

fn entries<K: Ord + Clone, T: Clone + PartialEq>(
    current: &BTreeMap<K, T>,
    hint: &BTreeMap<K, T>,
    (here, there): (&BTreeMap<K, T>, &BTreeMap<K, T>),
) -> BTreeMap<K, T> {
    let spelled = |key: &K, it: &T| match hint.get(key) {
        Some(hint) if here.get(key).is_some() && here.get(key) == there.get(key) => hint.clone(),
        Some(_) | None => it.clone(),
    };
    current.iter().map(|(key, it)| (key.clone(), spelled(key, it))).collect()
}

fn domain(current: &Domain, hint: &Domain, (here, there): (&Domain, &Domain)) -> Domain {
    let mut aligned = current.clone();
    if here.ty == there.ty {
        aligned.ty = hint.ty.clone();
    }
    if here.default == there.default {
        aligned.default.clone_from(&hint.default);
    }
    if here.collation == there.collation {
        aligned.collation.clone_from(&hint.collation);
    }
    if here.comment == there.comment {
        aligned.comment.clone_from(&hint.comment);
    }
    let mut open: Vec<usize> = (0..there.checks.len()).collect();
    for (check, here) in aligned.checks.iter_mut().zip(&here.checks) {
        let same = |t: &usize| {
            DomainCheck { name: None, ..here.clone() } == DomainCheck { name: None, ..there.checks[*t].clone() }
        };
        let named = open.iter().position(|t| same(t) && there.checks[*t].name == here.name);
        let fits = named.or_else(|| open.iter().position(|t| same(t) && there.checks[*t].name.is_none()));
        if let Some(hint) = fits.and_then(|at| hint.checks.get(open.remove(at))) {
            *check = DomainCheck { name: check.name.clone(), ..hint.clone() };
        }
    }
    aligned
}

fn table(current: &Table, hint: &Table, canonical: (&Table, &Table), database: Database) -> Table {
    let (here, there) = canonical;
    let mut aligned = current.clone();
    if here.options == there.options {
        aligned.options = TableOptions { spelling: current.options.spelling.clone(), ..hint.options.clone() };
    }
    for (column, here) in aligned.columns.iter_mut().zip(&here.columns) {
        if let Some(same) = there.columns.iter().find(|c| *c == here)
            && let Some(hint) = hint.column(&same.name)
        {
            *column = hint.clone();
        }
    }
    parts(aligned.primary_key.as_mut_slice(), hint.primary_key.as_slice(), canonical);
    parts(&mut aligned.uniques, &hint.uniques, canonical);
    parts(&mut aligned.foreign_keys, &hint.foreign_keys, canonical);
    parts(&mut aligned.exclusions, &hint.exclusions, canonical);
    let mut checks: Vec<&mut Check> = aligned.checks.iter_mut().filter(|c| is_here(c.only, database)).collect();
    let hints: Vec<&Check> = hint.checks.iter().filter(|c| is_here(c.only, database)).collect();
    spell(&mut checks, &hints, canonical);
    let mut indexes: Vec<&mut Index> = aligned.indexes.iter_mut().filter(|i| is_here(i.only, database)).collect();
    let hints: Vec<&Index> = hint.indexes.iter().filter(|i| is_here(i.only, database)).collect();
    spell(&mut indexes, &hints, canonical);
    for (aligned, current) in aligned.indexes.iter_mut().zip(&current.indexes) {
        aligned.spelling = current.spelling.clone();
    }
    aligned
}

fn parts<P: Part>(current: &mut [P], hint: &[P], canonical: (&Table, &Table)) {
    spell(&mut current.iter_mut().collect::<Vec<_>>(), &hint.iter().collect::<Vec<_>>(), canonical);
}

/// Parts whose canonical forms have one structure are spelled as in `hint`. Both lists are in the order of their
/// canonical forms.
fn spell<P: Part>(current: &mut [&mut P], hint: &[&P], (here, there): (&Table, &Table)) {
    let structures = |table: &Table| P::all(table).iter().map(P::structure).collect::<Vec<_>>();
    let (before, after) = (structures(here), structures(there));
    let mut adopted: Vec<(usize, Name)> = Vec::new();
    for (f, t) in pairs(P::all(here), P::all(there), |f, t| before[f] == after[t]) {
        let (Some(part), Some(hint)) = (current.get_mut(f), hint.get(t)) else { continue };
        if P::all(here)[f].clone().with_name(None) == P::all(there)[t].clone().with_name(None) {
            // Where names make a difference, the one in the database is what a statement must say.
            let nameless = P::all(here)[f].name() == P::all(there)[t].name();
            let name = if nameless { hint.name() } else { part.name() };
            adopted.extend(name.filter(|_| nameless).map(|name| (f, name.clone())));
            **part = (*hint).clone().with_name(name.cloned());
        }
    }
    // Where names make no difference, one that moved to another part must not be found in its old place.
    for (at, part) in current.iter_mut().enumerate() {
        let moved = |name: &Name| adopted.iter().any(|(to, adopted)| adopted == name && *to != at);
        let stays = adopted.iter().any(|(to, _)| *to == at);
        if !stays && P::all(here)[at].name().is_none() && part.name().is_some_and(moved) {
            **part = (*part).clone().with_name(None);
        }
    }
}
