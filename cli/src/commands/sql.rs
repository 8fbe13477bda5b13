//! `sql`: migrations as a script, for somebody who runs it by hand.

use std::collections::BTreeSet;
use std::process::Command;

use limbeck::change::{Change, Describe};
use limbeck::dialect::{Dialect, named};
use limbeck::migrate::{Direction, Graph, Range, ScriptFor, Scripted, Target};

use crate::args::SqlFormat;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::project::config::DatabaseKind;

/// What was asked for.
pub(crate) struct Wanted {
    pub(crate) range: String,
    pub(crate) database: Option<DatabaseKind>,
    pub(crate) skip_data: bool,
    pub(crate) since: Option<String>,
    pub(crate) format: SqlFormat,
}

/// Runs `sql`.
pub(crate) fn run(context: &Context<'_>, wanted: &Wanted) -> Result<Exit, Failure> {
    let dialect = match wanted.database {
        Some(kind) => named(kind.feature()).ok_or_else(|| Failure::new("no such database"))?,
        None => context.dialect()?,
    };
    let migrator = context.migrator()?;
    let (applied, target) = match &wanted.since {
        Some(reference) => (before(context, migrator.graph(), reference)?, Target::Heads),
        None => ends(context, migrator.graph(), &wanted.range)?,
    };
    let asked = ScriptFor { applied: &applied, target: &target, skip_data: wanted.skip_data };
    let script = migrator.script(dialect, &asked).map_err(|error| context.failed(&error))?;
    match wanted.format {
        SqlFormat::Sql => {
            let statements: Vec<_> = script.iter().flat_map(|part| part.statements.clone()).collect();
            if !statements.is_empty() {
                context.ui.raw(&dialect.script(&statements));
            }
        }
        SqlFormat::Markdown => context.ui.raw(&markdown(dialect, &script)),
    }
    Ok(Exit::Fine)
}

/// What is there at the first end of a range, and where the other end is.
fn ends(context: &Context<'_>, graph: &Graph, range: &str) -> Result<(BTreeSet<String>, Target), Failure> {
    let none = BTreeSet::new();
    let wrong = |error| context.wrong_target(&error);
    let Range { from, to } = range.parse().map_err(wrong)?;
    let from = from.unwrap_or(Target::Base);
    let at = graph.targets(&from, &none).map_err(wrong)?;
    let applied = graph.ancestors(at.iter().map(|m| m.id)).into_iter().map(str::to_owned).collect();
    Ok((applied, to.unwrap_or(Target::Head)))
}

/// The migrations that a commit had.
fn before(context: &Context<'_>, graph: &Graph, reference: &str) -> Result<BTreeSet<String>, Failure> {
    let folder = context.project()?.migrations();
    let output = Command::new("git")
        .args(["ls-tree", "--name-only", reference, "./"])
        .current_dir(&folder)
        .output()
        .map_err(|error| Failure::new("cannot run `git`").because(&error))?;
    if !output.status.success() {
        return Err(Failure::new(format!("git does not know `{reference}`"))
            .why(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    let headers = context.headers()?;
    let there = headers.iter().filter(|header| {
        let name = header.path.file_name().unwrap_or_default().to_string_lossy();
        names.lines().any(|line| line == name)
    });
    Ok(there.map(|header| header.revision.id.clone()).filter(|id| graph.find(id).is_some()).collect())
}

fn markdown(dialect: &dyn Dialect, script: &[Scripted]) -> String {
    if script.is_empty() {
        return "No migrations.\n".to_owned();
    }
    let mut text = String::new();
    for part in script {
        let way = match part.direction {
            Direction::Up => "",
            Direction::Down => " (down)",
        };
        text.push_str(&format!("### `{}` {}{way}\n\n", part.id, part.message));
        for change in &part.changes {
            text.push_str(&format!("- `{}`\n", Describe(change)));
        }
        let hazards = part.changes.iter().flat_map(Change::hazards).map(|it| it.to_string());
        let losses = part.changes.iter().flat_map(Change::loses).map(|it| format!("loses {it}"));
        for careful in losses.chain(hazards) {
            text.push_str(&format!("- **careful**: {careful}\n"));
        }
        text.push_str(&format!("\n```sql\n{}```\n\n", dialect.script(&part.statements)));
    }
    text
}
