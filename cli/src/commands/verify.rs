//! `verify`: all that can be said about a project's migrations, in one command, for a build server.

use std::collections::BTreeSet;

use limbeck::change::Describe;
use limbeck::dialect::{Introspection, Missing, is_local};
use limbeck::diff::{Renames, diff};
use limbeck::migrate::{MigrateError, Migrator, Quiet, Target, make, without_bookkeeping};
use limbeck::schema::Database;

use super::check;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::host::warnings::warnings;
use crate::module::proving;
use crate::project::config::DatabaseKind;
use crate::project::database::redacted;
use crate::project::locks;
use crate::report::{Line, report};
use crate::standing::Standing;
use crate::ui::Format;
use crate::{hints, side};

/// Runs `verify`.
pub(crate) async fn run(
    context: &Context<'_>,
    (offline, clone_of): (bool, Option<&str>),
    format: Format,
) -> Result<Exit, Failure> {
    let migrator = context.migrator()?;
    let mut lines = vec![one_head(context, &migrator)];
    if offline {
        lines.push(check::models_offline(context)?);
        lines.push(locked(context)?);
        lines.extend(quiet(context)?);
        context.ui.note("not looked at, for want of a database: that migrations run, and that their way back does");
        return Ok(report(context.ui, &lines, format));
    }
    let kinds = kinds(context, clone_of)?;
    let places: Vec<(DatabaseKind, Option<String>)> = kinds
        .iter()
        .map(|kind| {
            let clone = clone_of.filter(|url| is_local(url) && context.scratch_url().is_none()).map(str::to_owned);
            (*kind, clone.or_else(|| proving::server(context, Database(kind.feature()))))
        })
        .collect();
    if places.iter().all(|(_, url)| url.is_none()) {
        return Err(proving::nowhere().next(context.ui.command("verify --offline")));
    }
    for (kind, url) in places {
        let Some(url) = url else {
            context.ui.note(format!("not looked at on {}: limbeck.toml names no scratch_url for it", kind.title()));
            continue;
        };
        let scratch = proving::scratch(&url).await?;
        let walked = match clone_of {
            Some(real) => walk_copy(context, &migrator, real, scratch.url()).await,
            None => walk(context, &migrator, scratch.url(), None).await,
        };
        scratch.remove().await.map_err(|error| hints::database(&error))?;
        lines.extend(walked?.into_iter().map(|line| match kinds.len() {
            1 => line,
            _ => Line { title: format!("{} on {}", line.title, kind.title()).into(), ..line },
        }));
    }
    lines.push(locked(context)?);
    lines.extend(quiet(context)?);
    Ok(report(context.ui, &lines, format))
}

/// The kinds of databases that the migrations are for, or that of the one to be copied.
fn kinds(context: &Context<'_>, clone_of: Option<&str>) -> Result<Vec<DatabaseKind>, Failure> {
    let listed = &context.project()?.config.databases;
    if clone_of.is_none() && !listed.is_empty() {
        return Ok(listed.clone());
    }
    let url = clone_of.map_or_else(|| context.database().map(|place| place.url), |url| Ok(url.to_owned()))?;
    DatabaseKind::of_url(&url).map(|kind| vec![kind]).ok_or_else(|| {
        Failure::new(format!("`{}` is no database that Limbeck knows", redacted(&url)))
            .next("a URL that begins with postgres:// or sqlite://")
    })
}

/// The migrations end in one.
fn one_head(context: &Context<'_>, migrator: &Migrator) -> Line {
    let heads = migrator.graph().heads();
    let wrong = match heads.as_slice() {
        [] | [_] => Vec::new(),
        several => {
            let heads = several.iter().map(|m| format!("{} {} is a head", m.id, m.message));
            std::iter::once("there are several".to_owned()).chain(heads).collect()
        }
    };
    let fine = heads.first().map_or_else(|| "no migrations yet".to_owned(), |m| format!("{} {}", m.id, m.message));
    Line { title: "one head".into(), wrong, next: context.ui.command("merge"), fine }
}

/// What release builds compare with is what the models say.
fn locked(context: &Context<'_>) -> Result<Line, Failure> {
    let stale = locks::stale(locks::wanted(context.project()?)?);
    Ok(Line {
        title: "lock".into(),
        wrong: stale.iter().map(|(path, _)| format!("{} is not what the models say", context.shown(path))).collect(),
        next: context.ui.command("lock"),
        fine: "limbeck.lock is what the models say".to_owned(),
    })
}

/// The compiler has nothing to say about the modules. A program that is run by itself does not know.
fn quiet(context: &Context<'_>) -> Result<Option<Line>, Failure> {
    let folder = context.project()?.migrations();
    let folder = folder.canonicalize().unwrap_or(folder);
    let Some(wrong) = warnings(&folder)? else {
        context.ui.note("not looked at: what the compiler says of the modules; `cargo limbeck verify` does");
        return Ok(None);
    };
    let fine = "the modules compile without a warning".to_owned();
    Ok(Some(Line {
        title: "compiler".into(),
        wrong,
        next: "mend the module where the compiler points".to_owned(),
        fine,
    }))
}

/// The migrations that a real database still lacks, on a copy of its schema. Its rows stay where they are.
async fn walk_copy(context: &Context<'_>, migrator: &Migrator, real: &str, url: &str) -> Result<Vec<Line>, Failure> {
    let found = look(real).await?;
    let applied = migrator.applied(side::connect(real, Missing::Refuse).await?).await;
    let applied = applied.map_err(|error| context.failed(&error))?;
    let has: BTreeSet<String> = applied.into_iter().map(|row| row.id).collect();
    make(&mut *side::connect(url, Missing::Create).await?, &found.schema)
        .await
        .map_err(|error| Failure::new(format!("cannot copy the schema of `{}`", redacted(real))).because(&error))?;
    for end in migrator.graph().lineage().heads_of(&has) {
        let target = Target::revision(end);
        let stamped = migrator.stamp(side::connect(url, Missing::Create).await?, target, false).await;
        stamped.map_err(|error| context.failed(&error))?;
    }
    let left: Vec<String> = found.unmodelled.iter().map(|it| format!("{} {}", it.kind, it.name)).collect();
    if !left.is_empty() {
        context.ui.note(format!("not in the copy: {}", left.join(", ")));
    }
    let copied = Line {
        title: "copy".into(),
        wrong: Vec::new(),
        next: String::new(),
        fine: format!(
            "{} of {}, {} applied",
            counted(found.schema.tables.len(), "table"),
            redacted(real),
            counted(has.len(), "migration")
        ),
    };
    let walked = walk(context, migrator, url, Some(&has)).await?;
    Ok([copied].into_iter().chain(walked).collect())
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Each migration but those that are there up, down and up on a scratch database; when none was there, all the way down.
async fn walk(
    context: &Context<'_>,
    migrator: &Migrator,
    url: &str,
    there: Option<&BTreeSet<String>>,
) -> Result<Vec<Line>, Failure> {
    let connect = || side::connect(url, Missing::Create);
    let (mut up, mut down, mut skipped) = (Vec::new(), Vec::new(), 0);
    let mut before = look(url).await?;
    let missing: Vec<_> =
        migrator.graph().migrations().iter().filter(|m| there.is_none_or(|there| !there.contains(m.id))).collect();
    for migration in &missing {
        let title = format!("{} {}", migration.id, migration.message);
        let target = || Target::revision(migration.id);
        if let Err(error) = migrator.upgrade_with(connect().await?, target(), &mut Quiet).await {
            up.push(format!("{title} does not run: {}", in_one_line(context, &error)));
            break;
        }
        let after = look(url).await?;
        match migrator.downgrade_with(connect().await?, Target::LastRun, &mut Quiet).await {
            Err(MigrateError::Irreversible { .. }) => {
                skipped += 1;
                before = after;
                continue;
            }
            Err(error) => {
                down.push(format!("{title} does not run back: {}", in_one_line(context, &error)));
                before = after;
                continue;
            }
            Ok(_) => {}
        }
        down.extend(unlike(&look(url).await?, &before).map(|how| format!("{title} leaves after its `down`: {how}")));
        if let Err(error) = migrator.upgrade_with(connect().await?, target(), &mut Quiet).await {
            up.push(format!("{title} does not run a second time: {}", in_one_line(context, &error)));
            break;
        }
        let again = look(url).await?;
        up.extend(unlike(&again, &after).map(|how| format!("{title} comes to something else the second time: {how}")));
        before = again;
    }
    let on = if there.is_some() { "the copy" } else { "an empty database" };
    let mut lines = vec![Line {
        title: "up".into(),
        next: "mend the migration, or its order".to_owned(),
        fine: format!(
            "{} {} on {on}",
            counted(missing.len(), "migration"),
            if missing.len() == 1 { "runs" } else { "run" }
        ),
        wrong: up.clone(),
    }];
    if up.is_empty() {
        let mut standing = Standing::read(context.ui, context.migrator()?, connect().await?).await?;
        lines.push(check::models(context, &mut standing).await?);
    }
    let irreversible = if skipped > 0 { format!(", {skipped} say that they cannot be undone") } else { String::new() };
    lines.push(Line {
        title: "down".into(),
        next: "mend the `down` of the migration".to_owned(),
        fine: format!("each leads back to what was before it{irreversible}"),
        wrong: down,
    });
    if skipped == 0 && up.is_empty() && there.is_none() {
        let wrong = match migrator.downgrade_with(connect().await?, Target::Base, &mut Quiet).await {
            Err(error) => vec![in_one_line(context, &error)],
            Ok(_) => unlike(&look(url).await?, &look_at_nothing(url).await?).into_iter().collect(),
        };
        lines.push(Line {
            title: "base".into(),
            wrong,
            next: "mend the `down` of the migration that made it".to_owned(),
            fine: "downgrade base leaves nothing behind".to_owned(),
        });
    }
    Ok(lines)
}

fn in_one_line(context: &Context<'_>, error: &MigrateError) -> String {
    let failure = context.failed(error);
    [vec![failure.what], failure.why].concat().join(": ")
}

/// What is in the database, without bookkeeping.
async fn look(url: &str) -> Result<Introspection, Failure> {
    let mut backend = side::connect(url, Missing::Create).await?;
    let found = backend.introspect().await.map_err(|error| hints::database(&error))?;
    Ok(Introspection { schema: without_bookkeeping(found.schema), ..found })
}

/// What an empty database of this kind has.
async fn look_at_nothing(url: &str) -> Result<Introspection, Failure> {
    let empty = proving::scratch(url).await?;
    let found = look(empty.url()).await;
    empty.remove().await.map_err(|error| hints::database(&error))?;
    found
}

/// How the one differs from the other, in words.
fn unlike(found: &Introspection, wanted: &Introspection) -> Option<String> {
    let difference = match diff(&found.schema, &wanted.schema, &Renames::default()) {
        Ok(difference) => difference,
        Err(error) => return Some(error.to_string()),
    };
    let mut all: Vec<String> = difference.changes.iter().map(|change| Describe(change).to_string()).collect();
    let others = found.unmodelled.iter().filter(|it| !wanted.unmodelled.contains(it));
    let gone = wanted.unmodelled.iter().filter(|it| !found.unmodelled.contains(it));
    all.extend(others.map(|it| format!("- {} {}", it.kind, it.name)));
    all.extend(gone.map(|it| format!("+ {} {}", it.kind, it.name)));
    (!all.is_empty()).then(|| all.join("; "))
}
