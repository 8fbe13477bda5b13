//! `history`, `current`, `heads`, `branches`, `show`: the migrations, and where the database is among them.

use limbeck::migrate::{Applied, Lineage, Range, Revision};

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::listing::{Row, list};
use crate::ui::Format;

/// Runs `history`: the newest first.
pub(crate) async fn all(
    context: &Context<'_>,
    range: Option<&str>,
    verbose: bool,
    format: Format,
) -> Result<Exit, Failure> {
    let lineage = context.lineage()?;
    let applied = context.applied_if_any().await?;
    let mut rows: Vec<Row> = Vec::new();
    if let Some(range) = range {
        let wrong = |error| context.wrong_target(&error);
        let range: Range = range.parse().map_err(wrong)?;
        let have = applied.iter().flatten().map(|row| row.id.clone()).collect();
        let ids = lineage.range(&range, &have).map_err(wrong)?;
        rows.extend(ids.iter().rev().filter_map(|id| lineage.revision(id)).map(|r| known(r, &lineage, &applied)));
    } else {
        let unknown = applied.iter().flatten().rev().filter(|row| lineage.revision(&row.id).is_none());
        rows.extend(unknown.map(Row::unknown));
        rows.extend(lineage.order().rev().map(|revision| known(revision, &lineage, &applied)));
    }
    list(context.ui, &rows, (format, verbose), "no migrations yet");
    Ok(Exit::Fine)
}

/// Runs `current`: the applied migrations that no other applied one comes after.
pub(crate) async fn current(context: &Context<'_>, format: Format) -> Result<Exit, Failure> {
    let lineage = context.lineage()?;
    let applied = context.applied().await?;
    let ids = applied.iter().map(|row| row.id.clone()).collect();
    let at = lineage.heads_of(&ids);
    let rows = applied.iter().filter(|row| lineage.revision(&row.id).is_none()).map(Row::unknown);
    let at = at.iter().filter_map(|id| lineage.revision(id)).map(|r| Row::known(r, &lineage, Some(&applied)));
    list(context.ui, &rows.chain(at).collect::<Vec<_>>(), (format, false), "no migration is applied");
    if let Some((id, done)) = context.half_done().await? {
        context.ui.note(format!("{id} is half done: {done} of its parts; `upgrade` goes on with it"));
    }
    Ok(Exit::Fine)
}

/// Runs `heads`: the migrations that none comes after.
pub(crate) async fn heads(context: &Context<'_>, format: Format) -> Result<Exit, Failure> {
    let lineage = context.lineage()?;
    let applied = context.applied_if_any().await?;
    let heads = lineage.heads();
    let rows: Vec<Row> =
        heads.iter().filter_map(|id| lineage.revision(id)).map(|r| known(r, &lineage, &applied)).collect();
    list(context.ui, &rows, (format, false), "no migrations yet");
    if format == Format::Human && rows.len() > 1 {
        context.ui.next(context.ui.command("rebase"));
    }
    Ok(Exit::Fine)
}

/// Runs `branches`: the migrations that more than one comes after, each with what follows it.
pub(crate) async fn branches(context: &Context<'_>, format: Format) -> Result<Exit, Failure> {
    let lineage = context.lineage()?;
    let applied = context.applied_if_any().await?;
    let points = lineage.branch_points();
    let rows: Vec<Row> = points
        .iter()
        .flat_map(|point| std::iter::once(*point).chain(lineage.children(point)))
        .filter_map(|id| lineage.revision(id))
        .map(|r| known(r, &lineage, &applied))
        .collect();
    list(context.ui, &rows, (format, false), "the migrations follow each other in one line");
    Ok(Exit::Fine)
}

/// Runs `show`.
pub(crate) async fn show(context: &Context<'_>, word: &str, format: Format) -> Result<Exit, Failure> {
    let lineage = context.lineage()?;
    let applied = context.applied_if_any().await?;
    let have = applied.iter().flatten().map(|row| row.id.clone()).collect();
    let ids = lineage.targets(&context.target(word)?, &have).map_err(|error| context.wrong_target(&error))?;
    let rows: Vec<Row> =
        ids.iter().filter_map(|id| lineage.revision(id)).map(|r| known(r, &lineage, &applied)).collect();
    list(context.ui, &rows, (format, true), "no migration is meant: `base` is before the first");
    Ok(Exit::Fine)
}

fn known(revision: &Revision, lineage: &Lineage, applied: &Option<Vec<Applied>>) -> Row {
    Row::known(revision, lineage, applied.as_deref())
}
