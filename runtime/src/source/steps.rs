//! A plan in the words of a module: the other way round from resolving.

use super::{ColumnEdit, EnumEdit, Item, NewName, Outline, PartRef, Step, TableEdit, Target};
use crate::change::{ApplyError, Change, Delta, In};
use crate::schema::{Column, Enum, Part, QualifiedName, Schema, TableHead};

/// The steps that say these changes, starting from a schema.
///
/// # Errors
///
/// When a change does not fit the schema.
pub fn steps(changes: &[Change], before: &Schema) -> Result<Vec<Step>, ApplyError> {
    let mut schema = before.clone();
    let mut steps = Vec::new();
    for change in changes {
        steps.extend(step(change, &schema));
        change.apply(&mut schema)?;
    }
    Ok(steps)
}

fn step(change: &Change, before: &Schema) -> Vec<Step> {
    match change {
        Change::Namespace(it) => whole(
            it,
            Item::Namespace,
            |n| Target::Namespace(n.name.clone()),
            |n| QualifiedName::new(None, n.name.clone()),
        ),
        Change::Extension(it) => whole(
            it,
            Item::Extension,
            |e| Target::Extension(e.name.clone()),
            |e| QualifiedName::new(None, e.name.clone()),
        ),
        Change::Enum(Delta::Alter { from, to }) => alter_enum(from, to),
        Change::Enum(it) => whole(it, Item::Enum, |e| Target::Enum(e.name.clone()), |e| e.name.clone()),
        Change::Label(it) => {
            vec![Step::Rename(Target::Label(it.of.clone(), it.from.clone()), NewName::Name(it.to.clone()))]
        }
        Change::Domain(it) => whole(it, Item::Domain, |d| Target::Domain(d.name.clone()), |d| d.name.clone()),
        Change::Sequence(it) => whole(it, Item::Sequence, |s| Target::Sequence(s.name.clone()), |s| s.name.clone()),
        Change::Object(it) => whole(it, Item::Object, |o| Target::Object(o.name.clone()), |o| o.name.clone()),
        Change::Table(it) => match it {
            Delta::Create(table) => vec![Step::Create(Item::Table(table.clone()))],
            Delta::Drop(table) => vec![Step::Drop(Target::Table(table.name.clone()))],
            Delta::Alter { from, to } => alter_table(from, to),
        },
        Change::Column(it) => match &it.delta {
            Delta::Create(column) => vec![Step::Create(Item::Column(it.table.clone(), column.clone()))],
            Delta::Drop(column) => vec![Step::Drop(Target::Column(it.table.clone(), column.name.clone()))],
            Delta::Alter { from, to } => alter_column(&it.table, from, to),
        },
        Change::PrimaryKey(it) => part(it, Item::PrimaryKey, |_| Target::PrimaryKey(it.table.clone())),
        Change::Unique(it) => part(it, Item::Unique, |u| Target::Unique(it.table.clone(), reference(u, it, before))),
        Change::Check(it) => part(it, Item::Check, |c| Target::Check(it.table.clone(), reference(c, it, before))),
        Change::ForeignKey(it) => {
            part(it, Item::ForeignKey, |k| Target::ForeignKey(it.table.clone(), reference(k, it, before)))
        }
        Change::Exclusion(it) => {
            part(it, Item::Exclusion, |x| Target::Exclusion(it.table.clone(), reference(x, it, before)))
        }
        Change::Index(it) => part(it, Item::Index, |i| Target::Index(it.table.clone(), reference(i, it, before))),
    }
}

fn reference<P: Outline>(part: &P, it: &In<P>, before: &Schema) -> PartRef<P> {
    match before.tables.get(&it.table) {
        Some(table) => PartRef::to(part, table),
        None => PartRef::Like(part.structure()),
    }
}

fn whole<T: Clone>(
    delta: &Delta<T>,
    item: impl Fn(T) -> Item,
    target: impl Fn(&T) -> Target,
    name: impl Fn(&T) -> QualifiedName,
) -> Vec<Step> {
    match delta {
        Delta::Create(it) => vec![Step::Create(item(it.clone()))],
        Delta::Drop(it) => vec![Step::Drop(target(it))],
        Delta::Alter { from, to } if name(from) != name(to) => {
            vec![Step::Rename(target(from), new_name(&name(from), &name(to)))]
        }
        Delta::Alter { to, .. } => vec![Step::Alter(item(to.clone()))],
    }
}

fn new_name(from: &QualifiedName, to: &QualifiedName) -> NewName {
    if from.schema == to.schema { NewName::Name(to.name.clone()) } else { NewName::Moved(to.clone()) }
}

fn part<P: Part>(it: &In<P>, item: impl Fn(QualifiedName, P) -> Item, target: impl Fn(&P) -> Target) -> Vec<Step> {
    match &it.delta {
        Delta::Create(part) => vec![Step::Create(item(it.table.clone(), part.clone()))],
        Delta::Drop(part) => vec![Step::Drop(target(part))],
        // The rows that were there count, or do not any more: only the former can be said of what stays.
        Delta::Alter { from, to } if from.validated().is_none() && to.validated().is_some() => {
            vec![Step::Drop(target(from)), Step::Create(item(it.table.clone(), to.clone()))]
        }
        Delta::Alter { from, to } => {
            let mut steps = Vec::new();
            match from.name().cloned() {
                Some(name) if from.validated().is_some() && to.validated().is_none() => {
                    steps.push(Step::Validate(it.table.clone(), name));
                }
                _ => {}
            }
            // The comment first, so that both are said under the old name.
            if from.comment() != to.comment() {
                steps.push(Step::Comment(target(from), to.comment().map(str::to_owned)));
            }
            if from.name() != to.name() {
                let name = to.name().cloned().map_or(NewName::Undeclared, NewName::Name);
                steps.push(Step::Rename(target(from), name));
            }
            steps
        }
    }
}

fn alter_enum(from: &Enum, to: &Enum) -> Vec<Step> {
    if from.name != to.name {
        return vec![Step::Rename(Target::Enum(from.name.clone()), new_name(&from.name, &to.name))];
    }
    let mut edits = Vec::new();
    if from.labels != to.labels {
        edits.push(EnumEdit::Labels(to.labels.clone()));
    }
    if from.comment != to.comment {
        edits.push(EnumEdit::Comment(to.comment.clone()));
    }
    vec![Step::AlterEnum(from.name.clone(), edits)]
}

fn alter_table(from: &TableHead, to: &TableHead) -> Vec<Step> {
    if from.name != to.name {
        return vec![Step::Rename(Target::Table(from.name.clone()), new_name(&from.name, &to.name))];
    }
    let (old, new) = (&from.options, &to.options);
    let mut edits = Vec::new();
    let mut edit = |differs: bool, edit: TableEdit| {
        if differs {
            edits.push(edit);
        }
    };
    edit(old.comment != new.comment, TableEdit::Comment(new.comment.clone()));
    edit(old.unlogged != new.unlogged, TableEdit::Unlogged(new.unlogged));
    edit(old.with != new.with, TableEdit::With(new.with.clone()));
    edit(old.strict != new.strict, TableEdit::Strict(new.strict));
    edit(old.without_rowid != new.without_rowid, TableEdit::WithoutRowid(new.without_rowid));
    vec![Step::AlterTable(from.name.clone(), edits)]
}

fn alter_column(table: &QualifiedName, from: &Column, to: &Column) -> Vec<Step> {
    if from.name != to.name {
        let target = Target::Column(table.clone(), from.name.clone());
        return vec![Step::Rename(target, NewName::Name(to.name.clone()))];
    }
    let mut edits = Vec::new();
    let mut edit = |differs: bool, edit: ColumnEdit| {
        if differs {
            edits.push(edit);
        }
    };
    let Column {
        name: _,
        ty,
        nullable,
        default,
        generated,
        auto,
        collation,
        comment,
        storage,
        compression,
        not_null_conflict,
        variants,
    } = to.clone();
    edit(from.ty != ty, ColumnEdit::Type(ty));
    edit(from.nullable != nullable, ColumnEdit::Nullable(nullable));
    edit(from.default != default, ColumnEdit::Default(default));
    edit(from.generated != generated, ColumnEdit::Generated(generated));
    edit(from.auto != auto, ColumnEdit::Auto(auto));
    edit(from.collation != collation, ColumnEdit::Collation(collation));
    edit(from.comment != comment, ColumnEdit::Comment(comment));
    edit(from.storage != storage, ColumnEdit::Storage(storage));
    edit(from.compression != compression, ColumnEdit::Compression(compression));
    edit(from.not_null_conflict != not_null_conflict, ColumnEdit::NotNullConflict(not_null_conflict));
    edit(from.variants != variants, ColumnEdit::Variants(variants));
    vec![Step::AlterColumn(table.clone(), to.name.clone(), edits)]
}
