//! `purge`: removes for good what migrations kept of what they dropped.

use std::collections::BTreeSet;

use limbeck::dialect::Missing;

use crate::context::Context;
use crate::decisions::counts::Count;
use crate::failure::{Exit, Failure};

/// Runs `purge`.
pub(crate) async fn run(context: &Context<'_>, revision: Option<&str>, yes: bool) -> Result<Exit, Failure> {
    let ui = context.ui;
    let migrator = context.nobodys_migrator()?;
    let backend = context.open(Missing::Refuse).await?;
    let mut kept = migrator.kept(backend, None).await.map_err(|error| context.failed(&error))?;
    if let Some(word) = revision {
        let id = id(context, word, kept.iter().map(|it| it.migration.as_str()))?;
        kept.retain(|it| it.migration == id);
    }
    if kept.is_empty() {
        ui.line("nothing is kept");
        return Ok(Exit::Fine);
    }
    for it in &kept {
        ui.change(format!("- {} kept by {}: {}", it.what, it.migration, Count::Rows(it.rows).words()));
    }
    if !yes {
        let missing = Failure::undecided("what is purged never comes back; nothing was changed")
            .why("a downgrade past these migrations is refused from then on");
        let again = revision.map(|word| format!("purge {word} --yes")).unwrap_or_else(|| "purge --yes".to_owned());
        let missing = missing.next(ui.command(&again));
        if !ui.can_ask() {
            return Err(missing);
        }
        if !ui.agrees("what is purged never comes back, and a downgrade past it is refused", "remove it for good") {
            return Err(Failure::undecided("stopped; nothing was changed"));
        }
    }
    let backend = context.connect(Missing::Refuse).await?;
    migrator.purge(backend, &kept).await.map_err(|error| context.failed(&error))?;
    ui.line("purged");
    Ok(Exit::Fine)
}

/// The id that a word means: a migration's, or the beginning of one whose copies are here.
fn id<'a>(context: &Context<'_>, word: &str, kept: impl Iterator<Item = &'a str>) -> Result<String, Failure> {
    if let Ok(lineage) = context.lineage()
        && let Ok(id) = lineage.find(word)
    {
        return Ok(id.to_owned());
    }
    let found: BTreeSet<&str> = kept.filter(|id| word.len() >= 4 && id.starts_with(word)).collect();
    match found.first() {
        Some(id) if found.len() == 1 => Ok((*id).to_owned()),
        Some(_) | None => Err(Failure::new(format!("no migration that keeps something is meant by `{word}`"))
            .next(context.ui.command("history"))),
    }
}
