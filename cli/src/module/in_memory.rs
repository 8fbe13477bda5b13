//! A module that was written just now, as a migration of this program, which was built without it.

use std::sync::OnceLock;

use limbeck::migrate::MigrationDef;
use limbeck::migrate::builder::Migration;
use limbeck::source::{Module, Step};

/// What the module says. A migration says its steps through plain functions; those of this one find them here.
static SAID: OnceLock<(Vec<Step>, Vec<Step>)> = OnceLock::new();

/// The migration. One program writes at most one module.
pub(crate) fn migration(module: Module) -> MigrationDef {
    let Module { id, revises, message, labels, depends_on, group, loses, notes: _, items: _, up, down, hand: _ } =
        module;
    SAID.get_or_init(|| (up, down));
    MigrationDef {
        revises: leaked(revises),
        message: message.leak(),
        labels: leaked(labels),
        depends_on: leaked(depends_on),
        group: group.map(|group| &*group.leak()),
        loses: leaked(loses),
        ..MigrationDef::new(id.leak(), |m| say(m, |said| &said.0), |m| say(m, |said| &said.1))
    }
}

fn say(m: &mut Migration, steps: impl Fn(&(Vec<Step>, Vec<Step>)) -> &[Step]) {
    SAID.get().into_iter().flat_map(|said| steps(said).to_vec()).for_each(|step| m.say(step));
}

fn leaked(texts: Vec<String>) -> &'static [&'static str] {
    texts.into_iter().map(|text| &*text.leak()).collect::<Vec<_>>().leak()
}
