//! `baseline`: the first migration of a database that came another way.

use std::collections::BTreeSet;
use std::path::Path;

use limbeck::change::Describe;
use limbeck::dialect::{Backend, Missing};
use limbeck::diff::{Renames, diff};
use limbeck::migrate::{Migrator, Target, without_bookkeeping};
use limbeck::plan::{Plan, order};
use limbeck::schema::{Database, Schema};
use limbeck::source::{Module, Sql, Step, steps};

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::module::{in_memory, proving};
use crate::project::files::Files;
use crate::project::folder::{Folder, new_id};
use crate::project::sql_folder::{self, SqlFile, Tool};
use crate::{hints, side};

/// Runs `baseline`.
pub(crate) async fn run(context: &Context<'_>, message: &str, sql: Option<&Path>) -> Result<Exit, Failure> {
    let folder = Folder::open(context.project()?.migrations())?;
    if let Some(first) = context.headers()?.first() {
        return Err(Failure::new("a baseline is the first migration, and there are others")
            .why(format!("{} {}", first.revision.id, first.revision.message))
            .next(context.ui.command("revision -m \"what changes\"")));
    }
    let mut backend = context.open(Missing::Refuse).await?;
    let found = backend.introspect().await.map_err(|error| hints::database(&error))?;
    for it in &found.unmodelled {
        context.ui.note(format!("{} `{}` is there and is no part of the baseline", it.kind, it.name));
    }
    let (module, is_applied) = match sql {
        None => {
            let schema = without_bookkeeping(found.schema);
            let plan = plan(&schema)?;
            (module(message, &plan, &schema, Vec::new())?, true)
        }
        Some(path) => {
            let (tool, files) = sql_folder::read(&context.cwd.join(path))?;
            let is_applied = is_applied(&mut *backend, &found.schema, tool, &files).await?;
            let schema = reached(context, backend.dialect().database(), &files).await?;
            let plan = plan(&schema)?;
            (module(message, &plan, &schema, files)?, is_applied)
        }
    };
    let module = Module { group: context.group(), ..module };
    let mut files = Files::default();
    let path = folder.plan(&mut files, &module, std::slice::from_ref(&module.id))?;
    files.commit()?;
    context.ui.line(format!("wrote {}", context.shown(&path)));
    if !is_applied {
        context.ui.next(context.ui.command("upgrade"));
        return Ok(Exit::Fine);
    }
    let id = module.id.clone();
    let migrator = Migrator::builder().migrations([in_memory::migration(module)]).build();
    let migrator = migrator.map_err(|error| context.failed(&error))?.bookkeeping(context.bookkeeping());
    migrator.stamp(backend, Target::revision(&*id), false).await.map_err(|error| context.failed(&error))?;
    context.ui.line(format!("the database is at {id} (head): it has all of this already"));
    context.ui.next(context.ui.command("check"));
    Ok(Exit::Fine)
}

/// The plan from nothing.
fn plan(schema: &Schema) -> Result<Plan, Failure> {
    let difference =
        diff(&Schema::empty(), schema, &Renames::default()).map_err(|error| Failure::from_error(&error))?;
    order(difference).map_err(|error| Failure::from_error(&error))
}

/// The module: the steps themselves, or the statements of the files and what they come to.
fn module(message: &str, plan: &Plan, reached: &Schema, files: Vec<SqlFile>) -> Result<Module, Failure> {
    let failed = |error| Failure::from_error(&error);
    let made = steps(&plan.changes, &Schema::empty()).map_err(failed)?;
    let down = steps(&plan.clone().inverse().changes, reached).map_err(failed)?;
    let notes =
        if files.is_empty() { Vec::new() } else { vec![format!("{} files of SQL, as they were.", files.len())] };
    let up = if files.is_empty() {
        made
    } else {
        let statements =
            files.into_iter().map(|file| Step::Sql(Sql { text: file.text, alone: file.alone, ..Sql::default() }));
        statements.chain([Step::Effect(made)]).collect()
    };
    let module = Module { message: message.to_owned(), notes, up, down, ..Module::default() };
    let id = new_id(&module, &|_| false);
    Ok(Module { id, ..module })
}

/// What the files come to, on a database that is thrown away.
async fn reached(context: &Context<'_>, database: Database, files: &[SqlFile]) -> Result<Schema, Failure> {
    let url = proving::server(context, database).ok_or_else(proving::nowhere)?;
    let scratch = proving::scratch(&url).await?;
    let mut backend = side::connect(scratch.url(), Missing::Create).await?;
    let ran = run_all(&mut *backend, files).await;
    backend.close().await.map_err(|error| hints::database(&error))?;
    scratch.remove().await.map_err(|error| hints::database(&error))?;
    ran
}

async fn run_all(backend: &mut dyn Backend, files: &[SqlFile]) -> Result<Schema, Failure> {
    for file in files {
        backend.execute(&file.text).await.map_err(|error| {
            Failure::new(format!("`{}` does not run after the files before it", file.name)).because(&error.source)
        })?;
    }
    let found = backend.introspect().await.map_err(|error| hints::database(&error))?;
    Ok(without_bookkeeping(found.schema))
}

/// Whether the tool wrote down that the database has all files; some of them are an error.
async fn is_applied(
    backend: &mut dyn Backend,
    schema: &Schema,
    tool: Tool,
    files: &[SqlFile],
) -> Result<bool, Failure> {
    if !schema.tables.keys().any(|name| name.name.as_str() == tool.table()) {
        let left = plan(&without_bookkeeping(schema.clone()))?;
        return match left.changes.first() {
            None => Ok(false),
            Some(first) => Err(Failure::new(format!("the database has no `{}`, and is not empty", tool.table()))
                .why(Describe(first).to_string())
                .next("name a database that the files were applied to, or an empty one")),
        };
    }
    let rows = backend.rows(tool.versions()).await.map_err(|error| hints::database(&error))?;
    let applied: BTreeSet<String> = rows.into_iter().flatten().flatten().collect();
    let missing: Vec<&str> =
        files.iter().filter(|file| !applied.contains(&file.version)).map(|file| file.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(true);
    }
    Err(Failure::new("the database does not have all of the files yet")
        .why(format!("missing: {}", missing.join(", ")))
        .next("apply them with the tool that they were written for, and run this again"))
}
