//! `revision`: writes a migration.

use limbeck::change::{Change, Describe};
use limbeck::dialect::{Missing, named};
use limbeck::diff::{candidates, diff};
use limbeck::plan::{Plan, lower, order};
use limbeck::schema::Schema;
use limbeck::source::{Module, steps};

use super::Context;
use crate::args::Revision;
use crate::failure::{Exit, Failure};
use crate::files::Files;
use crate::folder::{Folder, new_id};
use crate::rename;
use crate::standing::Standing;

/// Runs `revision`.
pub(crate) async fn run(context: &Context<'_>, args: &Revision) -> Result<Exit, Failure> {
    let folder = Folder::open(context.project()?.migrations())?;
    let mut standing = context.standing(Missing::Create).await?;
    context.ui.line(standing.summary());
    refuse_behind(context, &standing)?;
    let drift = standing.drift(context.ignore());
    for change in &drift {
        context.ui.note(format!("changed in the database by hand: {change}"));
    }
    if !drift.is_empty() {
        context.ui.note("the new migration starts from what the migrations say");
    }
    let start = standing.start().await?;
    let plan = if args.empty { Plan::default() } else { plan(context, args, &standing, &start)? };
    if plan.is_empty() && !args.empty {
        context.ui.line("no changes; nothing was written");
        return Ok(Exit::Fine);
    }
    for change in &plan.changes {
        context.ui.change(Describe(change).to_string());
        for loss in change.loses() {
            context.ui.line(format!("    loses {loss}"));
        }
    }
    let module = module(args, &standing, &plan, &start)?;
    plan_elsewhere(context, &plan, &start)?;
    let mut files = Files::default();
    let path = folder.plan(&mut files, &module, &heads_after(&standing, &module))?;
    files.commit()?;
    context.ui.line(format!("wrote {}", context.shown(&path)));
    context.ui.next(context.ui.command("upgrade"));
    Ok(Exit::Fine)
}

/// A revision is planned on what the database has, so the database must have all.
fn refuse_behind(context: &Context<'_>, standing: &Standing) -> Result<(), Failure> {
    let place = standing.backend.place();
    if let [first, ..] = standing.status.newer.as_slice() {
        return Err(Failure::new(format!("database `{place}` has migration `{first}`, which is not known here"))
            .next("update this working copy, so that it has all migrations"));
    }
    if standing.status.pending.is_empty() {
        return Ok(());
    }
    let mut failure = Failure::new(format!("database `{place}` is behind its migrations"));
    for migration in &standing.status.pending {
        failure = failure.why(format!("{} {} is not applied", migration.id, migration.message));
    }
    Err(failure.next(context.ui.command("upgrade")))
}

fn plan(context: &Context<'_>, args: &Revision, standing: &Standing, start: &Schema) -> Result<Plan, Failure> {
    let models = &standing.models;
    let mut renames = standing.renames(start);
    renames.extend(rename::parse(&args.rename, start, models)?);
    let difference = diff(start, models, &renames).map_err(|error| Failure::from_error(&error))?;
    let undecided = if args.no_rename { Vec::new() } else { candidates(&difference) };
    if !undecided.is_empty() {
        let mut failure = Failure::undecided("some changes need a decision");
        let again = format!("revision -m {:?}", args.message);
        for candidate in &undecided {
            let full = |name: &str| match &candidate.within {
                Some(within) => format!("{within}.{name}"),
                None => name.to_owned(),
            };
            failure = failure
                .why(format!(
                    "{} `{}` goes and `{}` comes: is it one {} under a new name?",
                    candidate.kind,
                    full(&candidate.from),
                    full(&candidate.to),
                    candidate.kind
                ))
                .next(context.ui.command(&format!("{again} {}", candidate.flag())));
        }
        return Err(failure.next(context.ui.command(&format!("{again} --no-rename"))));
    }
    order(difference).map_err(|error| Failure::from_error(&error))
}

/// The plan and its way back must be possible on every database that limbeck.toml lists.
fn plan_elsewhere(context: &Context<'_>, plan: &Plan, start: &Schema) -> Result<(), Failure> {
    for kind in &context.project()?.config.databases {
        let Some(dialect) = named(kind.feature()) else { continue };
        let capabilities = dialect.newest();
        let there = lower(&plan.changes, start, &capabilities);
        let back = plan.clone().inverse();
        let both = there.and_then(|lowered| lower(&back.changes, &lowered.after, &capabilities));
        if let Err(error) = both {
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

fn module(args: &Revision, standing: &Standing, plan: &Plan, start: &Schema) -> Result<Module, Failure> {
    let mut reached = start.clone();
    for change in &plan.changes {
        change.apply(&mut reached).map_err(|error| Failure::from_error(&error))?;
    }
    let back = plan.clone().inverse();
    let said = |changes: &[Change], from: &Schema| steps(changes, from).map_err(|error| Failure::from_error(&error));
    let module = Module {
        id: String::new(),
        revises: standing.migrator.graph().heads().iter().map(|head| head.id.to_owned()).collect(),
        message: args.message.trim().to_owned(),
        labels: args.label.clone(),
        loses: plan.changes.iter().flat_map(Change::loses).map(|loss| loss.to_string()).collect(),
        notes: Vec::new(),
        up: said(&plan.changes, start)?,
        down: said(&back.changes, &reached)?,
    };
    let id = new_id(&module, &|id| standing.migrator.graph().find(id).is_some());
    Ok(Module { id, ..module })
}

fn heads_after(standing: &Standing, module: &Module) -> Vec<String> {
    let heads = standing.migrator.graph().heads().into_iter().map(|head| head.id.to_owned());
    heads.filter(|id| !module.revises.contains(id)).chain([module.id.clone()]).collect()
}
