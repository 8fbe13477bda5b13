//! `revision`: writes a migration.

use std::collections::BTreeSet;

use limbeck::change::{Change, Describe, Hazard, Loss};
use limbeck::migrate::builder::Migration;
use limbeck::migrate::{Graph, MigrationDef, Migrator, Target, TargetError, row_types};
use limbeck::plan::lower;
use limbeck::schema::Schema;
use limbeck::source::{Module, Step};

use super::upgrade;
use crate::args::Revision;
use crate::context::Context;
use crate::decisions::answers::{Answer, Answers, quoted};
use crate::decisions::way_back::labels_that_come;
use crate::failure::{Exit, Failure};
use crate::module::draft::Draft;
use crate::module::everywhere::Everywhere;
use crate::module::filling;
use crate::module::hand::{Before, is_own};
use crate::module::proving::Proof;
use crate::project::files::{Files, read};
use crate::project::folder::{Folder, new_id};
use crate::project::locks;
use crate::ui::Format;

/// The sqlx that limbeck is built on.
const SQLX: &str = "0.9";

/// Runs `revision`.
pub(crate) async fn run(context: &Context<'_>, args: &Revision) -> Result<Exit, Failure> {
    write(context, context.migrator()?, args, Files::default()).await
}

/// Writes a migration, as some migrations stand, and other files together with it.
pub(crate) async fn write(
    context: &Context<'_>,
    whole: Migrator,
    args: &Revision,
    mut files: Files,
) -> Result<Exit, Failure> {
    let folder = Folder::open(context.project()?.migrations())?;
    let amended = if args.amend { Some(amended(context, &whole, args.offline).await?) } else { None };
    let before = amended.map(|m| by_hand(context, &m)).transpose()?.flatten();
    if args.apply && before.as_ref().is_some_and(|before| before.has_own()) {
        return Err(Failure::new("the migration has statements of its own, which must be built before they can run")
            .next(format!("{} without --apply", context.ui.command("revision --amend"))));
    }
    let migrator = match amended {
        Some(amended) => without(context, &whole, amended.id)?,
        None => whole,
    };
    let revises = parents(context, migrator.graph(), args)?;
    let mut draft = if args.offline {
        Draft::offline(context, &migrator)?
    } else {
        Draft::online(context, migrator, (amended.is_some(), args.format == Format::Json)).await?
    };
    let given = args.answers.and_file(args.decisions.as_deref())?;
    let mut answers = given.clone();
    // A person's word counts before the model's.
    answers.backfill.extend(draft.backfills.iter().map(|it| format!("{}.{}={}", it.table, it.column, it.expression)));
    let message = args.message.as_deref().or(amended.map(|m| m.message)).unwrap_or_default().trim().to_owned();
    let plan = if args.empty {
        Everywhere::new(draft.homes.clone(), Vec::new())?
    } else {
        let plan = draft.plan(context, (args, &message), (&given, &mut answers)).await?;
        if !plan.is_empty() && given.lists().iter().any(|(_, words)| !words.is_empty()) {
            draft.topics(context, &answers)?.refuse_others(&given)?;
        }
        plan
    };
    if plan.is_empty() && !args.empty && before.as_ref().is_none_or(|before| !before.has_own()) {
        files.commit()?;
        if let Some(amended) = amended {
            context.ui.line(format!("migration {} has nothing left to do", amended.id));
            context.ui.next(context.ui.command(&format!("remove {}", amended.id)));
            return Ok(Exit::Fine);
        }
        context.ui.line("no changes; nothing was written");
        return Ok(Exit::Fine);
    }
    let changes: Vec<Change> = plan.changes().cloned().collect();
    let mut notes = Vec::new();
    for wanted in &plan.wanted {
        let change = &wanted.change;
        let only = plan.only(wanted).map(|on| format!(" (only on {on})")).unwrap_or_default();
        context.ui.change(format!("{}{only}", Describe(change)));
        for loss in change.loses() {
            let rows = draft.rows(context, &changes).lost(&loss).await;
            let counted = rows.as_ref().map(|rows| format!(": {rows}")).unwrap_or_default();
            if answers.keeps(&loss.to_string()) {
                context.ui.line(format!("    keeps {loss}{counted}"));
                continue;
            }
            context.ui.line(format!("    loses {loss}{counted}"));
            let rows = rows.map(|rows| format!(" ({rows} where this was written)")).unwrap_or_default();
            if answers.agree(&loss) {
                notes.push(format!("Loses `{loss}`{rows}."));
            } else {
                let (answer, does) = match &loss {
                    Loss::Label(of, label) => (Answer::Map(format!("{of}.{label}")), "gives them another"),
                    Loss::Table(_) | Loss::Column(..) | Loss::Values(..) => {
                        (Answer::Lose(loss.to_string()), "lets it go")
                    }
                };
                context.ui.line(format!("    careful: an upgrade stops where rows have it; {} {does}", answer.flag()));
                notes.push(format!("Drops `{loss}`{rows}, and stops where rows have it."));
            }
        }
        if let Some((table, column, _)) = change.unfilled().filter(|(table, column, _)| !answers.says(table, column)) {
            let fill = Answer::Backfill(format!("{table}.{}", column.name)).flag();
            let stops = format!("an upgrade stops where rows of {table} have no value for {}", column.name);
            context.ui.line(format!("    careful: {stops}; {fill} gives them one"));
        }
        for (of, label) in labels_that_come(change).into_iter().filter(|_| answers.irreversible.is_none()) {
            if answers.mapped(of, label).is_none() {
                let map = quoted(&format!("{of}.{label}=OTHER"));
                let stops = format!("the way back stops while rows hold {of}.{label}");
                context.ui.line(format!("    careful: {stops}; --map {map} gives them another then"));
            }
        }
        for hazard in change.hazards() {
            // A name on the way of a swap is nobody's.
            if let Hazard::Renames(name) = &hazard
                && !name.contains("limbeck_swap_")
            {
                context.ui.line(format!("    careful: {hazard}"));
            }
        }
    }
    let labels =
        if args.label.is_empty() { amended.map(|m| owned(m.labels)).unwrap_or_default() } else { args.label.clone() };
    let depends_on = resolved(context, &draft.graph, &args.depends_on)?;
    let module = Module { revises, message, labels, depends_on, group: context.group(), ..module(&plan, &answers)? };
    let module = Module { items: rows(context, draft.start(), &args.rows)?, ..module };
    let module = match &before {
        Some(before) => {
            for text in before.gone(&module.up, &module.down) {
                context.ui.note(format!("no longer in it; put it back when a person wrote it: {text}"));
            }
            let hand = before.beside(&module.up, &module.down);
            Module { items: before.items.clone(), hand, ..module }
        }
        None => module,
    };
    if args.format == Format::Human {
        for rows in draft.stops(context, &module.up).await {
            context.ui.line(format!("  careful: an upgrade stops while {rows}"));
        }
    }
    let id = match amended {
        Some(amended) => amended.id.to_owned(),
        None => new_id(&module, &|id| draft.graph.find(id).is_some()),
    };
    let module = Module { id, ..module };
    possible_everywhere(&plan)?;
    let proof =
        if args.no_prove { Proof::skipped("it was not wanted") } else { draft.prove(context, &plan, &module).await? };
    notes.extend(proof.notes());
    let module = Module { notes, ..module };
    if args.format == Format::Human {
        proof.lines().iter().for_each(|line| context.ui.line(line));
    }
    let heads = heads_after(&draft.graph, &module);
    let path = match amended {
        Some(_) => folder.plan_anew(&mut files, &module, &heads)?,
        None => folder.plan(&mut files, &module, &heads)?,
    };
    // The models are covered now; a migration for data says nothing about that.
    if !args.empty {
        for (path, text) in locks::stale(locks::wanted(context.project()?)?) {
            files.write(path, text);
        }
    }
    files.commit()?;
    context.ui.line(format!("wrote {}", context.shown(&path)));
    if before.is_some_and(|before| before.has_own()) {
        context.ui.note("what was written by hand stays as it is, and was not tried out: read it, then `verify`");
    }
    if !args.rows.is_empty() && !context.project()?.depends_on("sqlx") {
        context.ui.line("  its row types are sqlx's, and this crate does not depend on it:");
        context.ui.line(format!("  cargo add sqlx@{SQLX} --no-default-features --features derive"));
    }
    if args.apply {
        return upgrade::at_once(context, &draft.graph, module).await;
    }
    let open = module.up.iter().flat_map(Step::placeholders).next().is_some();
    context.ui.next(context.ui.command(&if open { format!("edit {}", module.id) } else { "upgrade".to_owned() }));
    Ok(Exit::Fine)
}

/// The types of the rows that a migration for data is about, as they are before it.
fn rows(context: &Context<'_>, start: &Schema, names: &[String]) -> Result<String, Failure> {
    let mut tables = Vec::new();
    for name in names {
        let found = start.tables.iter().find(|(known, _)| known.to_string() == *name);
        let (_, table) = found.ok_or_else(|| {
            let known = start.tables.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            Failure::new(format!("there is no table `{name}` at this revision"))
                .why(format!("there are: {known}"))
                .next(context.ui.command("revision --empty -m \"…\" --rows TABLE"))
        })?;
        tables.push(table);
    }
    Ok(row_types(start, tables))
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The migration that is written anew: the only head, applied nowhere.
async fn amended(context: &Context<'_>, migrator: &Migrator, offline: bool) -> Result<MigrationDef, Failure> {
    let head = migrator.graph().head().map_err(|error| several(context, &error))?;
    let Some(head) = head.copied() else {
        return Err(Failure::new("there is no migration to write anew")
            .next(context.ui.command("revision -m \"what changes\"")));
    };
    let title = format!("migration `{}` ({}) cannot be written anew", head.id, head.message);
    if !offline && context.applied().await.unwrap_or_default().iter().any(|row| row.id == head.id) {
        return Err(Failure::new(title).why("it is applied").next(context.ui.command("downgrade -1")));
    }
    if !offline && context.database().is_ok() {
        context.refuse_half_done(head.id, &title).await?;
    }
    Ok(head)
}

/// What people wrote into a migration that is written anew.
fn by_hand(context: &Context<'_>, amended: &MigrationDef) -> Result<Option<Before>, Failure> {
    let (up, down) = (Migration::record(amended.up), Migration::record(amended.down));
    let own = up.iter().chain(&down).any(is_own);
    let header = context.headers()?.into_iter().find(|header| header.revision.id == amended.id);
    let text = header.map(|header| read(&header.path)).transpose()?.unwrap_or_default();
    let before = Before::read(&text, up, down);
    if own && before.is_none() {
        let title = format!("migration `{}` ({}) cannot be written anew", amended.id, amended.message);
        return Err(Failure::new(title)
            .why("it has steps that no model says, and its statements are not one a step, so they would be lost")
            .next(context.ui.command("revision -m \"what changes\"")));
    }
    Ok(before)
}

/// The same migrator, as if a migration had never been.
fn without(context: &Context<'_>, migrator: &Migrator, id: &str) -> Result<Migrator, Failure> {
    let others = migrator.graph().migrations().iter().filter(|m| m.id != id).copied();
    let migrator = Migrator::builder().migrations(others).registry(migrator.registry().clone()).build();
    Ok(migrator.map_err(|error| context.failed(&error))?.bookkeeping(context.bookkeeping()))
}

/// What the new migration comes after: the only head, or what was said.
fn parents(context: &Context<'_>, graph: &Graph, args: &Revision) -> Result<Vec<String>, Failure> {
    if args.head.is_empty() {
        let head = graph.head().map_err(|error| several(context, &error))?;
        return Ok(head.map(|head| head.id.to_owned()).into_iter().collect());
    }
    let parents = resolved(context, graph, &args.head)?;
    if let Some(parent) = parents.iter().find(|id| !graph.children(id).is_empty())
        && !args.splice
    {
        return Err(Failure::new(format!("`{parent}` is no head: others come after it"))
            .why("a migration beside them is a branch, which somebody must bring together again")
            .next(context.ui.command(&format!("revision --head {parent} --splice"))));
    }
    Ok(parents)
}

fn several(context: &Context<'_>, error: &TargetError) -> Failure {
    Failure::from_error(error)
        .next(context.ui.command("merge"))
        .next(context.ui.command("rebase"))
        .next(context.ui.command("revision --head REVISION"))
}

/// The ids that some words mean.
fn resolved(context: &Context<'_>, graph: &Graph, words: &[String]) -> Result<Vec<String>, Failure> {
    let none = BTreeSet::new();
    let mut ids = Vec::new();
    for word in words {
        let target: Target = context.target(word)?;
        let found = graph.targets(&target, &none).map_err(|error| context.wrong_target(&error))?;
        ids.extend(found.iter().map(|m| m.id.to_owned()));
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// The plan and its way back must be possible on every database.
fn possible_everywhere(plan: &Everywhere) -> Result<(), Failure> {
    for home in &plan.homes {
        let capabilities = home.dialect.newest();
        let there = plan.on(home.database());
        let back = there.clone().inverse();
        let lowered = lower(&there.changes, &home.start, &capabilities);
        if let Err(error) = lowered.and_then(|lowered| lower(&back.changes, &lowered.after, &capabilities)) {
            return Err(Failure::new(format!(
                "the migration cannot run on {}, which limbeck.toml lists",
                capabilities.title
            ))
            .because(&error)
            .why("nothing was written"));
        }
    }
    Ok(())
}

/// What a plan is as a module that still has no name.
fn module(plan: &Everywhere, answers: &Answers) -> Result<Module, Failure> {
    let mut loses: Vec<String> = Vec::new();
    for loss in plan.changes().flat_map(Change::loses).filter(|loss| answers.agree(loss)) {
        let loss = loss.to_string();
        if !loses.contains(&loss) {
            loses.push(loss);
        }
    }
    Ok(Module {
        loses,
        up: filling::up(plan, answers)?,
        down: match &answers.irreversible {
            Some(why) => vec![Step::Irreversible(why.clone())],
            None => filling::down(plan, answers)?,
        },
        ..Module::default()
    })
}

fn heads_after(graph: &Graph, module: &Module) -> Vec<String> {
    let heads = graph.heads().into_iter().map(|head| head.id.to_owned());
    heads.filter(|id| !module.revises.contains(id)).chain([module.id.clone()]).collect()
}
