//! `check`: three lines, so that a red one says which side is wrong.

use limbeck::change::Describe;
use limbeck::dialect::{Missing, spelled};
use limbeck::diff::{Diff, towards};
use limbeck::migrate::{Migrator, Status};
use limbeck::schema::{Database, Schema};

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::hints;
use crate::module::everywhere::homes;
use crate::report::{Line, report};
use crate::standing::Standing;
use crate::ui::Format;

/// Runs `check`.
pub(crate) async fn run(context: &Context<'_>, offline: bool, format: Format) -> Result<Exit, Failure> {
    let lines = if offline {
        vec![models_offline(context)?]
    } else {
        let mut standing = context.standing(Missing::Refuse).await?;
        standing.tell_unmanaged(context.ui, context.ignore());
        vec![models(context, &mut standing).await?, history(context, &standing), database(context, &standing)]
    };
    Ok(report(context.ui, &lines, format))
}

/// Whether `revision` would write something.
pub(super) async fn models(context: &Context<'_>, standing: &mut Standing) -> Result<Line, Failure> {
    let several = standing.migrator.graph().heads().len() > 1;
    let start = if standing.status.pending.is_empty() { standing.start().await } else { standing.goal().await };
    let start = match start {
        Err(failure) if several => return Ok(apart(context, failure)),
        start => start?,
    };
    let here = standing.backend.dialect().database();
    match compared(context, (here, start), &standing.migrator, &standing.models) {
        Err(failure) if several => Ok(apart(context, failure)),
        line => line,
    }
}

/// The same without a database: the models against what the migrations add up to.
pub(super) fn models_offline(context: &Context<'_>) -> Result<Line, Failure> {
    let migrator = context.migrator()?;
    let models = migrator.registry().schema().map_err(|error| hints::registry(&error))?;
    let dialect = context.dialect()?;
    let several = migrator.graph().heads().len() > 1;
    let start = match migrator.graph().replay_all(dialect.database()).map_err(|error| Failure::from_error(&error)) {
        Err(failure) if several => return Ok(apart(context, failure)),
        start => start?,
    };
    compared(context, (dialect.database(), spelled(dialect, &start, &models)), &migrator, &models)
}

/// Two branches of which one cannot come after the other as they are.
fn apart(context: &Context<'_>, failure: Failure) -> Line {
    let wrong = vec!["the branches do not fit each other".to_owned(), failure.what];
    Line { title: "models and migrations".into(), wrong, next: context.ui.command("rebase"), fine: String::new() }
}

/// What the models say and the migrations do not, on any of the databases that limbeck.toml lists.
fn compared(
    context: &Context<'_>,
    (here, start): (Database, Schema),
    migrator: &Migrator,
    models: &Schema,
) -> Result<Line, Failure> {
    let graph = migrator.graph();
    let renames = migrator.registry().renames().pending(&start, models);
    let homes = homes(context, here, start, graph, models)?;
    let mut wrong: Vec<String> = Vec::new();
    for home in &homes {
        let difference = towards(&home.start, models, &renames).map_err(|error| Failure::from_error(&error))?;
        let found = described(&difference).into_iter().filter(|line| !wrong.contains(line)).collect::<Vec<_>>();
        let on = if home.database() == here { String::new() } else { format!(" (on {})", home.title()) };
        wrong.extend(found.into_iter().map(|line| format!("{line}{on}")));
    }
    if !wrong.is_empty() {
        wrong.insert(0, "the models are ahead".to_owned());
    }
    let fine = if graph.migrations().is_empty() {
        "no migrations yet, and the database has what the models say"
    } else {
        "the migrations make what the models say"
    };
    let next = context.ui.command("revision -m \"what changes\"");
    Ok(Line { title: "models and migrations".into(), wrong, next, fine: fine.to_owned() })
}

/// Whether all is applied, and all that is applied is known.
fn history(context: &Context<'_>, standing: &Standing) -> Line {
    let Status { pending, newer, edited, .. } = &standing.status;
    let pending = pending.iter().map(|m| format!("{} {} is not applied", m.id, m.message));
    let newer = newer.iter().map(|id| format!("{id} is applied and not known here"));
    let edited = edited.iter().map(|m| format!("{} {} was edited after it was applied", m.id, m.message));
    let next = if standing.status.pending.is_empty() {
        "put the module back as it was, and write a new migration for what is new".to_owned()
    } else {
        context.ui.command("upgrade")
    };
    let heads = standing.migrator.graph().heads();
    let (mut wrong, mut next) = (Vec::new(), next);
    if heads.len() > 1 {
        wrong.push(format!("the migrations end in {} heads", heads.len()));
        wrong.extend(heads.iter().map(|m| format!("{} {} is one", m.id, m.message)));
        next = context.ui.command("rebase");
    }
    wrong.extend(pending.chain(newer).chain(edited));
    Line { title: "migrations and history".into(), wrong, next, fine: format!("the database {}", standing.position()) }
}

/// Whether somebody changed the database behind the migrations' back.
fn database(context: &Context<'_>, standing: &Standing) -> Line {
    let mut wrong = standing.drift(context.ignore());
    if !wrong.is_empty() {
        wrong.insert(0, "somebody changed the database by hand".to_owned());
    }
    Line {
        title: "migrations and database".into(),
        wrong,
        next: context.ui.command("diff --from migrations --to URL shows it; change the models, or the database back"),
        fine: format!("{} is what its migrations made", standing.backend.place()),
    }
}

fn described(difference: &Diff) -> Vec<String> {
    difference.renames.iter().chain(&difference.changes).map(|change| Describe(change).to_string()).collect()
}
