//! `upgrade` and `downgrade`: run migrations.

use limbeck::dialect::Missing;
use limbeck::migrate::{Direction, Event, Progress, Report, Target, Uncertain};

use super::Context;
use crate::failure::{Exit, Failure};
use crate::hints;
use crate::standing::position;
use crate::ui::Ui;

/// Runs `upgrade`.
pub(crate) async fn up(context: &Context<'_>, target: Target, uncertain: Uncertain) -> Result<Exit, Failure> {
    let backend = context.open(Missing::Create).await?;
    let migrator = context.migrator()?.interrupted(uncertain);
    let report = migrator.upgrade_with(backend, target, &mut Telling { ui: context.ui }).await;
    finish(context, report).await
}

/// Runs `downgrade`.
pub(crate) async fn down(context: &Context<'_>, target: &str, uncertain: Uncertain) -> Result<Exit, Failure> {
    let parsed = if target == "last-run" { None } else { Some(context.target(target)?) };
    let backend = context.open(Missing::Refuse).await?;
    let migrator = context.migrator()?.interrupted(uncertain);
    let mut telling = Telling { ui: context.ui };
    let report = match parsed {
        Some(target) => migrator.downgrade_with(backend, target, &mut telling).await,
        None => migrator.downgrade_last_run(backend, &mut telling).await,
    };
    finish(context, report).await
}

/// Says where the database is now; after a failure too, for what went well before it stays.
async fn finish(
    context: &Context<'_>,
    report: Result<Report, limbeck::migrate::MigrateError>,
) -> Result<Exit, Failure> {
    let report = report.map_err(|error| hints::migrate(&error, &|rest| context.ui.command(rest)))?;
    for id in &report.newer {
        context.ui.note(format!("the database has migration `{id}`, which is newer than this program"));
    }
    let migrator = context.migrator()?;
    let applied = migrator.applied(context.connect(Missing::Refuse).await?).await;
    let applied = applied.map_err(|error| hints::migrate(&error, &|rest| context.ui.command(rest)))?;
    let at = position(migrator.graph(), &applied.into_iter().map(|row| row.id).collect());
    let did = if report.migrations.is_empty() { "nothing to do: the database" } else { "the database" };
    context.ui.line(format!("{did} {at}"));
    Ok(Exit::Fine)
}

/// Says what happens while it does.
struct Telling<'a> {
    ui: &'a Ui,
}

impl Progress for Telling<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Waiting { holder } => {
                let holder = holder.map(|holder| format!(" ({holder})")).unwrap_or_default();
                self.ui.note(format!("waiting for another run{holder}"));
            }
            Event::End { migration, direction, took } => {
                let word = match direction {
                    Direction::Up => "up  ",
                    Direction::Down => "down",
                };
                self.ui.line(format!("{word} {} {} ({} ms)", migration.id, migration.message, took.as_millis()));
            }
            // The enum may grow; what is not known here is not told.
            _ => {}
        }
    }
}
