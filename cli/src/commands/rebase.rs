//! `rebase`: the migrations of this branch, put after those of another.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use limbeck::dialect::named;
use limbeck::migrate::{Graph, MigrationDef, Migrator, Target};

use super::{lock, revision};
use crate::args::Revision;
use crate::context::Context;
use crate::decisions::answers::Answers;
use crate::failure::{Exit, Failure};
use crate::project::files::{Files, read};
use crate::project::folder::Folder;
use crate::project::header::with_revises;

/// Takes git's markers out of `mod.rs` and `heads`, so that the migrations of both sides can be built.
pub(super) fn before_build(context: &Context<'_>) -> Result<(), Failure> {
    let folder = Folder::open(context.project()?.migrations())?;
    let heads: Vec<String> = context.lineage()?.heads().into_iter().map(str::to_owned).collect();
    let mut files = Files::default();
    folder.plan_union(&mut files, &heads)?;
    let paths: Vec<_> = files.paths().map(|path| context.shown(path)).collect();
    files.commit()?;
    if !paths.is_empty() {
        context.ui.line(format!("kept both sides of the merge in {}", paths.join(" and ")));
    }
    Ok(())
}

/// Runs `rebase`.
pub(crate) async fn run(
    context: &Context<'_>,
    onto: Option<&str>,
    anyway: bool,
    regenerate: Option<Answers>,
) -> Result<Exit, Failure> {
    let migrator = context.migrator()?;
    let graph = migrator.graph();
    let heads: Vec<&MigrationDef> = graph.heads();
    let [one, other] = heads.as_slice() else {
        if heads.len() < 2 {
            context.ui.line("there is one head; nothing to move");
            return Ok(Exit::Fine);
        }
        let heads = heads.iter().map(|m| format!("{} {}", m.id, m.message)).collect::<Vec<_>>().join(", ");
        return Err(Failure::new(format!("there are more than two heads: {heads}"))
            .next(context.ui.command("merge A B, until two are left")));
    };
    let theirs = match onto {
        Some(word) => onto_said(context, graph, word)?,
        None => onto_by_git(context, graph, [one, other])?,
    };
    let mine = if theirs == one.id { other.id } else { one.id };
    let before = graph.ancestors([theirs.as_str()]);
    let moved: Vec<&MigrationDef> = graph
        .migrations()
        .iter()
        .filter(|m| graph.ancestors([mine]).contains(m.id) && !before.contains(m.id))
        .collect();
    let found = match &regenerate {
        Some(_) => Vec::new(),
        None => clashes(context, graph, mine, &theirs, anyway)?,
    };
    // What came directly after what both have comes after the other head now.
    let first: Vec<&&MigrationDef> =
        moved.iter().filter(|m| m.revises.iter().all(|parent| before.contains(parent))).collect();
    let after = moved_after(&migrator, &first, &theirs)?;
    // The last one fits when it has been written.
    let told = regenerate.as_ref().map(|_| mine);
    fits(context, &after, told)?;
    let headers = context.headers()?;
    let folder = Folder::open(context.project()?.migrations())?;
    let mut files = Files::default();
    for migration in &first {
        let header = headers.iter().find(|header| header.revision.id == migration.id);
        let path = header.map(|header| header.path.clone());
        let path =
            path.ok_or_else(|| Failure::new(format!("migration `{}` has no module in the folder", migration.id)))?;
        let text = read(&path)?;
        let text = with_revises(&text, std::slice::from_ref(&theirs))
            .ok_or_else(|| Failure::new(format!("`{}` has no `migration!` header", path.display())))?;
        folder.plan_text(&mut files, &path, text, &[mine.to_owned()]);
    }
    if let Some(answers) = regenerate {
        return anew(context, (&migrator, after), (mine, &theirs), answers, files).await;
    }
    lock::plan(context, &mut files)?;
    files.commit()?;
    for line in found {
        context.ui.note(line);
    }
    for migration in &moved {
        context.ui.line(format!("{} {} comes after {theirs} now", migration.id, migration.message));
    }
    next(context, &moved, &before).await
}

/// What to do with a database that may have some of both already.
async fn next(context: &Context<'_>, moved: &[&MigrationDef], before: &BTreeSet<&str>) -> Result<Exit, Failure> {
    let applied: BTreeSet<String> = match context.applied_if_any().await? {
        Some(rows) => rows.into_iter().map(|row| row.id).collect(),
        None => BTreeSet::new(),
    };
    let here = moved.iter().any(|m| applied.contains(m.id));
    let missing = before.iter().any(|id| !applied.contains(*id));
    if here && missing {
        context.ui.note(
            "this database has the migrations of this branch already; those of the other are applied beside them",
        );
    }
    context.ui.next(context.ui.command("upgrade"));
    context.ui.next(context.ui.command("check"));
    Ok(Exit::Fine)
}

fn onto_said(context: &Context<'_>, graph: &Graph, word: &str) -> Result<String, Failure> {
    let target: Target = context.target(word)?;
    let found = graph.targets(&target, &BTreeSet::new()).map_err(|error| context.wrong_target(&error))?;
    match found.as_slice() {
        [one] if graph.children(one.id).is_empty() => Ok(one.id.to_owned()),
        _ => Err(Failure::new(format!("`{word}` is no head")).next(context.ui.command("heads"))),
    }
}

/// The head whose migrations another branch of git has: the one that is being merged, the one upstream, or `main`.
fn onto_by_git(context: &Context<'_>, graph: &Graph, [one, other]: [&MigrationDef; 2]) -> Result<String, Failure> {
    let folder = context.project()?.migrations();
    let headers = context.headers()?;
    let file = |m: &MigrationDef| {
        let header = headers.iter().find(|header| header.revision.id == m.id)?;
        Some(header.path.file_name()?.to_string_lossy().into_owned())
    };
    let (files, common) = ([file(one), file(other)], [one, other]);
    // In the middle of a rebase of git's own, HEAD is the other branch.
    let rebasing = git(&folder, &["rev-parse", "-q", "--verify", "REBASE_HEAD"]).is_some();
    let references: &[&str] = if rebasing {
        &["HEAD"]
    } else {
        &["MERGE_HEAD", "@{upstream}", "origin/HEAD", "origin/main", "main", "master"]
    };
    for reference in references {
        let Some(names) = git(&folder, &["ls-tree", "--name-only", reference, "./"]) else { continue };
        let there =
            files.each_ref().map(|file| file.as_ref().is_some_and(|file| names.lines().any(|line| line == file)));
        match there {
            [true, false] => return Ok(common[0].id.to_owned()),
            [false, true] => return Ok(common[1].id.to_owned()),
            [true, true] | [false, false] => {}
        }
    }
    let mut failure = Failure::undecided("two branches meet here, and git does not tell which one is this one's");
    for head in [one, other] {
        let chain: Vec<String> = chain(graph, head, if head.id == one.id { other } else { one });
        failure = failure.why(format!("{}: {}", head.id, chain.join(", ")));
    }
    for head in [one, other] {
        failure = failure.next(context.ui.command(&format!("rebase --onto {}", head.id)));
    }
    Err(failure)
}

/// What one head has and the other has not.
fn chain(graph: &Graph, head: &MigrationDef, other: &MigrationDef) -> Vec<String> {
    let (own, others) = (graph.ancestors([head.id]), graph.ancestors([other.id]));
    let only = graph.migrations().iter().filter(|m| own.contains(m.id) && !others.contains(m.id));
    only.map(|m| m.message.to_owned()).collect()
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(folder).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What both branches are about, side by side. It stops here unless a person said to go on.
fn clashes(
    context: &Context<'_>,
    graph: &Graph,
    mine: &str,
    theirs: &str,
    anyway: bool,
) -> Result<Vec<String>, Failure> {
    let mut notes = Vec::new();
    let listed = context.project()?.config.databases.iter().filter_map(|kind| named(kind.feature()));
    for database in listed.map(|dialect| dialect.database()) {
        let found = graph.clashes(mine, theirs, database).map_err(|error| Failure::from_error(&error))?;
        if found.is_empty() || anyway {
            continue;
        }
        let mut failure = Failure::undecided("both branches are about the same things; nothing was changed");
        for clash in &found.clashes {
            failure = failure
                .why(format!("{}:", clash.object))
                .why(format!("  this branch   {}  {}", clash.one.0, clash.one.1))
                .why(format!("  the other     {}  {}", clash.other.0, clash.other.1));
        }
        if !found.opaque.is_empty() {
            failure =
                failure.why(format!("{} has statements or code of its own: nobody can tell", found.opaque.join(", ")));
        }
        let again = format!("rebase --onto {theirs} --anyway");
        return Err(failure
            .why("read both; if this branch's are right after the other's, go on; else they are written anew from the models")
            .next(context.ui.command(&again))
            .next(context.ui.command(&format!("rebase --onto {theirs} --regenerate"))));
    }
    if anyway {
        notes.push("both branches may be about the same things: read what `upgrade --plan` shows".to_owned());
    }
    Ok(notes)
}

/// The migrations in the new order.
fn moved_after(migrator: &Migrator, first: &[&&MigrationDef], theirs: &str) -> Result<Graph, Failure> {
    let parent: &'static [&'static str] = vec![&*theirs.to_owned().leak()].leak();
    let moved = migrator
        .graph()
        .migrations()
        .iter()
        .map(|m| if first.iter().any(|f| f.id == m.id) { MigrationDef { revises: parent, ..*m } } else { *m });
    Graph::new(moved).map_err(|error| Failure::from_error(&error))
}

/// Whether the migrations fit each other in the new order, but for one.
fn fits(context: &Context<'_>, graph: &Graph, but: Option<&str>) -> Result<(), Failure> {
    let others = graph.migrations().iter().filter(|m| Some(m.id) != but).copied();
    let graph = Graph::new(others).map_err(|error| Failure::from_error(&error))?;
    for kind in &context.project()?.config.databases {
        let Some(dialect) = named(kind.feature()) else { continue };
        graph.replay_all(dialect.database()).map_err(|error| {
            Failure::from_error(&error)
                .why("in the new order it does not fit what comes before it; nothing was changed")
                .next(context.ui.command("rebase --regenerate"))
                .next(format!("{}, then write it anew", context.ui.command(&format!("remove {}", error.id))))
        })?;
    }
    Ok(())
}

/// Writes this branch's last migration anew, after the other's.
async fn anew(
    context: &Context<'_>,
    (migrator, after): (&Migrator, Graph),
    (mine, theirs): (&str, &str),
    answers: Answers,
    files: Files,
) -> Result<Exit, Failure> {
    let applied = context.applied_if_any().await?.unwrap_or_default();
    let applied: BTreeSet<&str> = applied.iter().map(|row| row.id.as_str()).collect();
    if applied.contains(mine) {
        return Err(Failure::new(format!("migration `{mine}` is applied here, and shall be written anew"))
            .next(context.ui.command("downgrade -1"))
            .next(context.ui.command(&format!("upgrade {theirs}")))
            .next(context.ui.command(&format!("rebase --onto {theirs} --regenerate"))));
    }
    let complete = after.migrations().iter().all(|m| m.id == mine || applied.contains(m.id));
    if !complete {
        context
            .ui
            .note(format!("the database does not have all that comes before `{mine}`: nothing is tried out on it"));
    }
    let whole =
        Migrator::builder().migrations(after.migrations().iter().copied()).registry(migrator.registry().clone());
    let whole = whole.build().map_err(|error| context.failed(&error))?.bookkeeping(context.bookkeeping());
    let args =
        Revision { amend: true, offline: !complete, answers, rebase: Some(theirs.to_owned()), ..Revision::default() };
    revision::write(context, whole, &args, files).await
}
