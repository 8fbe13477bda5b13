//! The way to what models say.

use std::collections::BTreeSet;

use super::renames::{RenameError, Renames};
use super::{Diff, diff};
use crate::change::{Change, Delta, Object};
use crate::schema::{Schema, SqlObject};

/// What turns a schema into what models say. What no model can say stays as the migrations made it: schemas, extensions,
/// domains, sequences, and the objects beside tables, as long as all that they stand on stays.
///
/// # Errors
///
/// When a rename that was decided does not fit the two schemas.
pub fn towards(from: &Schema, models: &Schema, renames: &Renames) -> Result<Diff, RenameError> {
    let first = diff(from, models, renames)?;
    let others = [
        from.namespaces.is_empty(),
        from.extensions.is_empty(),
        from.domains.is_empty(),
        from.sequences.is_empty(),
        from.objects.is_empty(),
    ];
    if others.iter().all(|is_empty| *is_empty) {
        return Ok(first);
    }
    let renamed = from.after(&first.renames)?;
    let mut goal = models.clone();
    for (name, it) in renamed.namespaces {
        goal.namespaces.entry(name).or_insert(it);
    }
    for (name, it) in renamed.extensions {
        goal.extensions.entry(name).or_insert(it);
    }
    for (name, it) in renamed.domains {
        goal.domains.entry(name).or_insert(it);
    }
    for (name, it) in renamed.sequences {
        goal.sequences.entry(name).or_insert(it);
    }
    for (name, it) in renamed.objects {
        goal.objects.entry(name).or_insert(it);
    }
    leave(&mut goal, &first.changes);
    diff(from, &goal, renames)
}

/// Takes out the objects that stand on what goes, and those that stand on them.
fn leave(goal: &mut Schema, changes: &[Change]) {
    let mut gone: BTreeSet<Object> = changes.iter().filter(|change| models_say(change)).flat_map(dropped).collect();
    loop {
        let on_gone = |object: &SqlObject| {
            let touches = Change::Object(Delta::Create(object.clone())).touches();
            touches.requires.iter().any(|it| gone.contains(it)).then_some((object.name.clone(), touches.creates))
        };
        let more: Vec<_> = goal.objects.values().filter_map(on_gone).collect();
        if more.is_empty() {
            return;
        }
        for (name, was) in more {
            goal.objects.remove(&name);
            gone.extend(was);
        }
    }
}

/// What a change drops without making another of its name.
fn dropped(change: &Change) -> Vec<Object> {
    let touches = change.touches();
    touches.drops.difference(&touches.creates).cloned().collect()
}

/// Whether a change is of a kind that models can say.
fn models_say(change: &Change) -> bool {
    match change {
        Change::Enum(_)
        | Change::Label(_)
        | Change::Table(_)
        | Change::Column(_)
        | Change::PrimaryKey(_)
        | Change::Unique(_)
        | Change::Check(_)
        | Change::ForeignKey(_)
        | Change::Exclusion(_)
        | Change::Index(_) => true,
        Change::Namespace(_) | Change::Extension(_) | Change::Domain(_) | Change::Sequence(_) | Change::Object(_) => {
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, SqlObjectKind, Table, Type};

    fn object(name: &str, sql: &str) -> SqlObject {
        SqlObject::new(SqlObjectKind::View, name, sql)
    }

    #[test]
    fn what_no_model_can_say_stays_as_long_as_it_can() {
        let mut note = Table::new("note");
        note.columns = vec![Column::new("id", Type::BigInt), Column::new("nick", Type::Text)];
        let mut models = Schema::empty();
        models.tables.insert(note.name.clone(), note.clone());
        let mut from = models.clone();
        let gone = Table { name: "old".into(), ..note };
        from.tables.insert(gone.name.clone(), gone);
        for it in [
            object("stays", "CREATE VIEW stays AS SELECT id FROM note"),
            object("goes", "CREATE VIEW goes AS SELECT id FROM old"),
            object("goes_too", "CREATE VIEW goes_too AS SELECT id FROM goes"),
        ] {
            from.objects.insert(it.name.clone(), it);
        }
        let found = towards(&from, &models, &Renames::default()).expect("no renames").changes;
        let said: Vec<String> = found.iter().map(|change| crate::change::Describe(change).to_string()).collect();
        assert_eq!(said, ["- table  old (2 columns)", "- view   goes", "- view   goes_too"]);
    }
}
