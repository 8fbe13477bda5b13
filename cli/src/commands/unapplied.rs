//! `edit` and `remove`: a migration's module, before it is applied.

use std::process::Command;

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::project::files::Files;
use crate::project::folder::Folder;
use crate::project::header::Header;

/// Runs `edit`.
pub(crate) fn edit(context: &Context<'_>, word: &str) -> Result<Exit, Failure> {
    let header = find(context, word)?;
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let Some(editor) = editor else {
        return Err(Failure::new("no editor is named")
            .why("looked at VISUAL and EDITOR")
            .next(format!("open {}", context.shown(&header.path))));
    };
    // Editors are often named with options: `code --wait`.
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let status = Command::new(program)
        .args(words)
        .arg(&header.path)
        .status()
        .map_err(|error| Failure::new(format!("cannot run the editor `{editor}`")).because(&error))?;
    if status.success() {
        Ok(Exit::Fine)
    } else {
        Err(Failure::new(format!("the editor `{editor}` ended with {status}")))
    }
}

/// Runs `remove`.
pub(crate) async fn remove(context: &Context<'_>, word: &str) -> Result<Exit, Failure> {
    let header = find(context, word)?;
    let id = &header.revision.id;
    let title = format!("migration `{id}` ({})", header.revision.message);
    let lineage = context.lineage()?;
    let mut after: Vec<String> = lineage.descendants([id.as_str()]).into_iter().filter(|other| other != id).collect();
    after.sort();
    if !after.is_empty() {
        return Err(Failure::new(format!("{title} cannot be removed"))
            .why(format!("others come after it: {}", after.join(", ")))
            .next(context.ui.command("history --verbose")));
    }
    let place = context.database()?;
    if context.applied().await?.iter().any(|row| row.id == *id) {
        return Err(Failure::new(format!("{title} cannot be removed"))
            .why(format!("it is applied to the database that {} names", place.named_by))
            .next(format!(
                "{}, then {}",
                context.ui.command("downgrade -1"),
                context.ui.command(&format!("remove {id}"))
            )));
    }
    context.refuse_half_done(id, &format!("{title} cannot be removed")).await?;
    let folder = Folder::open(context.project()?.migrations())?;
    let mut files = Files::default();
    let parents =
        header.revision.revises.iter().filter(|parent| lineage.children(parent).iter().all(|child| child == id));
    let heads = lineage.heads().into_iter().filter(|head| head != id).map(str::to_owned).chain(parents.cloned());
    folder.plan_removal(&mut files, &header.path, &heads.collect::<Vec<_>>())?;
    files.commit()?;
    context.ui.line(format!("removed {}", context.shown(&header.path)));
    // Only a program with the models in it knows what limbeck.lock must say now.
    context.ui.next(context.ui.command("lock"));
    Ok(Exit::Fine)
}

/// The one module that a word means.
fn find(context: &Context<'_>, word: &str) -> Result<Header, Failure> {
    let lineage = context.lineage()?;
    let ids = lineage
        .targets(&context.target(word)?, &std::collections::BTreeSet::new())
        .map_err(|error| context.wrong_target(&error))?;
    let header = match ids.as_slice() {
        [id] => context.headers()?.into_iter().find(|header| header.revision.id == *id),
        [] | [_, ..] => None,
    };
    header.ok_or_else(|| Failure::new(format!("`{word}` is no single migration")).next(context.ui.command("history")))
}
