//! `merge`: a migration without steps that brings branches together.

use limbeck::dialect::named;
use limbeck::migrate::{Graph, Target};
use limbeck::source::Module;

use super::lock;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::project::files::Files;
use crate::project::folder::{Folder, new_id};

/// Runs `merge`.
pub(crate) async fn run(context: &Context<'_>, words: &[String], message: &str, anyway: bool) -> Result<Exit, Failure> {
    let migrator = context.migrator()?;
    let graph = migrator.graph();
    let heads = heads(context, graph, words)?;
    if heads.len() < 2 {
        context.ui.line("there is one head; nothing to bring together");
        return Ok(Exit::Fine);
    }
    for (at, one) in heads.iter().enumerate() {
        for other in &heads[at + 1..] {
            refuse_clashes(context, graph, (one, other), anyway)?;
        }
    }
    let module =
        Module { revises: heads, message: message.trim().to_owned(), group: context.group(), ..Module::default() };
    let id = new_id(&module, &|id| graph.find(id).is_some());
    let module = Module { id, ..module };
    let after = graph.heads().into_iter().map(|head| head.id.to_owned()).filter(|id| !module.revises.contains(id));
    let after: Vec<String> = after.chain([module.id.clone()]).collect();
    let mut files = Files::default();
    let path = Folder::open(context.project()?.migrations())?.plan(&mut files, &module, &after)?;
    lock::plan(context, &mut files)?;
    files.commit()?;
    context.ui.line(format!("wrote {}", context.shown(&path)));
    context.ui.next(context.ui.command("upgrade"));
    Ok(Exit::Fine)
}

/// The revisions to bring together: those named, else all heads.
fn heads(context: &Context<'_>, graph: &Graph, words: &[String]) -> Result<Vec<String>, Failure> {
    let none = std::collections::BTreeSet::new();
    let targets = match words {
        [] => vec![Target::Heads],
        words => words.iter().map(|word| context.target(word)).collect::<Result<_, _>>()?,
    };
    let mut heads: Vec<String> = Vec::new();
    for target in targets {
        let found = graph.targets(&target, &none).map_err(|error| context.wrong_target(&error))?;
        heads.extend(found.iter().map(|m| m.id.to_owned()));
    }
    heads.sort();
    heads.dedup();
    for one in &heads {
        let before = graph.ancestors([one.as_str()]);
        if let Some(other) = heads.iter().find(|other| *other != one && before.contains(other.as_str())) {
            return Err(
                Failure::new(format!("`{one}` comes after `{other}` already")).next(context.ui.command("heads"))
            );
        }
    }
    Ok(heads)
}

/// Branches that do not commute are no business of an empty migration.
fn refuse_clashes(
    context: &Context<'_>,
    graph: &Graph,
    (one, other): (&str, &str),
    anyway: bool,
) -> Result<(), Failure> {
    let listed = context.project()?.config.databases.iter().filter_map(|kind| named(kind.feature()));
    for database in listed.map(|dialect| dialect.database()) {
        let found = graph.clashes(one, other, database).map_err(|error| Failure::from_error(&error))?;
        if !found.clashes.is_empty() {
            let mut failure = Failure::new(format!("`{one}` and `{other}` do not go together as they are"));
            for clash in &found.clashes {
                failure = failure.why(format!("both are about {}:", clash.object));
                failure = failure.why(format!("  {}  {}", clash.one.0, clash.one.1));
                failure = failure.why(format!("  {}  {}", clash.other.0, clash.other.1));
            }
            return Err(failure.next(context.ui.command("rebase")));
        }
        if !found.opaque.is_empty() && !anyway {
            return Err(Failure::undecided(format!(
                "nobody can tell whether the order of `{one}` and `{other}` matters"
            ))
            .why(format!("{} has statements or code of its own", found.opaque.join(", ")))
            .next(context.ui.command("merge --anyway")));
        }
    }
    Ok(())
}
