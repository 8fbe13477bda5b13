//! `upgrade`, `downgrade`, `redo`, `stamp`: run migrations, or say that they ran.

use limbeck::change::{Change, Describe};
use limbeck::dialect::{Backend, Missing, losses};
use limbeck::migrate::{Deploy, Graph, MigrateError, Migrator, Preview, Remark, Report, Target, Work};
use limbeck::source::Module;

use crate::args::{Phase, Run};
use crate::context::Context;
use crate::decisions::counts::{Count, Counting, NONE};
use crate::failure::{Exit, Failure};
use crate::module::in_memory;
use crate::standing::position;
use crate::telling::Telling;

/// Runs `upgrade`.
pub(crate) async fn up(
    context: &Context<'_>,
    target: &str,
    (plan, phase): (bool, Option<Phase>),
    run: &Run,
) -> Result<Exit, Failure> {
    let target = context.target(target)?;
    let migrator = run.told(context.migrator()?);
    let migrator = match phase {
        Some(phase) => migrator.phase(phase.into()),
        None => migrator,
    };
    if plan {
        let mut backend = context.open(Missing::Refuse).await?;
        let previews = migrator.preview(context.connect(Missing::Refuse).await?, target).await;
        return show(context, &mut *backend, ("up", &previews.map_err(|error| context.failed(&error))?)).await;
    }
    let backend = context.open(Missing::Create).await?;
    let mut telling = Telling::new(context.ui);
    let report = unless_interrupted(migrator.upgrade_with(backend, target, &mut telling)).await?;
    drop(telling);
    let exit = finish(context, &migrator, report).await?;
    if phase == Some(Phase::Before) {
        let waits = migrator.graph().migrations().iter().filter(|m| m.deploy == Deploy::After);
        let applied = context.applied().await?;
        for m in waits.filter(|m| applied.iter().all(|row| row.id != m.id)) {
            context.ui.note(format!("{} {} waits until the old code is gone: --phase after", m.id, m.message));
        }
    }
    Ok(exit)
}

/// Runs `downgrade`.
pub(crate) async fn down(
    context: &Context<'_>,
    target: &str,
    (plan, stored): (bool, bool),
    run: &Run,
) -> Result<Exit, Failure> {
    let mut target = context.target(target)?;
    let migrator = run.told(if stored { context.nobodys_migrator()? } else { context.migrator()? });
    if let Target::Revision(word) = &mut target
        && stored
        && let Ok(lineage) = context.lineage()
        && let Ok(id) = lineage.find(word)
    {
        // The database knows no labels; the modules beside this program do.
        *word = id.to_owned();
    }
    let mut backend = context.open(Missing::Refuse).await?;
    if plan {
        let previews = migrator.preview_down(context.connect(Missing::Refuse).await?, target).await;
        return show(context, &mut *backend, ("down", &previews.map_err(|error| context.failed(&error))?)).await;
    }
    let mut telling = Telling::new(context.ui);
    let report = unless_interrupted(migrator.downgrade_with(backend, target, &mut telling)).await?;
    drop(telling);
    finish(context, &migrator, report).await
}

/// Runs `redo`.
pub(crate) async fn redo(context: &Context<'_>, run: &Run) -> Result<Exit, Failure> {
    let migrator = run.told(context.migrator()?);
    let backend = context.open(Missing::Refuse).await?;
    let mut telling = Telling::new(context.ui);
    let report = unless_interrupted(migrator.redo_with(backend, &mut telling)).await?;
    drop(telling);
    finish(context, &migrator, report).await
}

/// Runs `stamp`.
pub(crate) async fn stamp(context: &Context<'_>, target: &str, purge: bool) -> Result<Exit, Failure> {
    let target = context.target(target)?;
    let migrator = context.migrator()?;
    let backend = context.open(Missing::Refuse).await?;
    migrator.stamp(backend, target, purge).await.map_err(|error| context.failed(&error))?;
    finish(context, &migrator, Ok(Report { run: String::new(), migrations: vec![String::new()], newer: Vec::new() }))
        .await
}

/// Runs a module that was written just now, and that this program was built without.
pub(crate) async fn at_once(context: &Context<'_>, graph: &Graph, module: Module) -> Result<Exit, Failure> {
    let new = in_memory::migration(module);
    let all = graph.migrations().iter().copied().chain([new]);
    let migrator = Migrator::builder().migrations(all).build().map_err(|error| context.failed(&error))?;
    let migrator = migrator.bookkeeping(context.bookkeeping());
    let backend = context.open(Missing::Create).await?;
    let mut telling = Telling::new(context.ui);
    let report = unless_interrupted(migrator.upgrade_with(backend, Target::revision(new.id), &mut telling)).await?;
    drop(telling);
    finish(context, &migrator, report).await
}

/// Work that Ctrl-C breaks off: its connection is given up with whatever it holds.
async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    tokio::select! {
        done = work => Ok(done),
        _ = tokio::signal::ctrl_c() => Err(Failure::new("interrupted")
            .why("the migration that was under way is rolled back; those before it stay")),
    }
}

/// Says where the database is now; after a failure too, for what went well before it stays.
async fn finish(
    context: &Context<'_>,
    migrator: &Migrator,
    report: Result<Report, MigrateError>,
) -> Result<Exit, Failure> {
    let report = report.map_err(|error| context.failed(&error))?;
    for id in &report.newer {
        context.ui.note(format!("the database has migration `{id}`, which is newer than this program"));
    }
    let applied = migrator.applied(context.connect(Missing::Refuse).await?).await;
    let applied = applied.map_err(|error| context.failed(&error))?;
    let known = migrator.graph().lineage().clone();
    // A migrator that knows no migration is told by the modules where it is.
    let lineage = if migrator.graph().migrations().is_empty() { context.lineage().unwrap_or(known) } else { known };
    let at = position(&lineage, &applied.into_iter().map(|row| row.id).collect());
    let did = if report.migrations.is_empty() { "nothing to do: the database" } else { "the database" };
    context.ui.line(format!("{did} {at}"));
    Ok(Exit::Fine)
}

/// Prints what would run.
async fn show(
    context: &Context<'_>,
    backend: &mut (dyn Backend + 'static),
    (way, previews): (&str, &[Preview]),
) -> Result<Exit, Failure> {
    let ui = context.ui;
    let dialect = backend.dialect();
    let mut counting = Counting { backend, patience: context.patience() };
    if previews.is_empty() {
        ui.line("nothing to do");
    }
    for preview in previews {
        ui.line(format!("{way} {} {}", preview.id, preview.message));
        let mut losses = losses(&preview.changes, &preview.before, dialect).into_iter();
        for change in &preview.changes {
            ui.change(format!("  {}", Describe(change)).trim_start());
            for (loss, rows) in losses.by_ref().take(change.loses().len()) {
                let rows = counting.all(&rows).await.map(Count::words);
                let stops = preview.disputed.contains(&loss) && rows.as_deref() != Some(NONE);
                let rows = rows.map(|rows| format!(": {rows}")).unwrap_or_default();
                let becomes = if preview.keeps.contains(&loss) { "keeps" } else { "loses" };
                ui.line(format!("    {becomes} {loss}{rows}"));
                if stops {
                    ui.line("    careful: the upgrade stops here, since no line of the module agrees to that");
                }
            }
        }
        for hazard in preview.changes.iter().flat_map(Change::hazards) {
            ui.line(format!("    careful: {hazard}"));
        }
        for work in &preview.work {
            match work {
                Work::Statement(statement) => ui.line(format!("    {};", statement.sql)),
                Work::Repeat(repeat) => {
                    ui.line(format!("    {}; -- again and again, in batches", repeat.statement.sql));
                }
                Work::Run(_) => ui.line("    -- code of the migration's own"),
                Work::Remark(Remark::Nothing(why)) => ui.line(format!("    -- nothing to undo: {why}")),
                Work::Remark(Remark::Irreversible(why)) => ui.line(format!("    -- cannot be undone: {why}")),
                Work::Commit => {}
            }
        }
    }
    Ok(Exit::Fine)
}
