//! `diff`: the plan from one side to another.

use limbeck::change::Describe;
use limbeck::dialect::{Backend, Missing};
use limbeck::diff::managed;
use limbeck::plan::Place;
use limbeck::schema::Database;
use limbeck::source::{Module, print};
use serde_json::json;

use crate::args::{Diff, DiffFormat};
use crate::comparison::Comparison;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::hints;
use crate::project::folder::new_id;
use crate::side::{self, Side, Source};

/// Runs `diff`.
pub(crate) async fn run(context: &Context<'_>, args: &Diff) -> Result<Exit, Failure> {
    let mut left = open(&args.from).await?;
    let mut right = open(&args.to).await?;
    same_kind(left.as_deref(), right.as_deref())?;
    let mut from = match &mut left {
        Some(backend) => Some(Side::database(&mut **backend).await?),
        None => None,
    };
    let mut to = match &mut right {
        Some(backend) => Some(Side::database(&mut **backend).await?),
        None => None,
    };
    // Without a database on either side, the project's own says how things are spelled.
    let mut backend = match left.or(right) {
        Some(backend) => backend,
        None => context.connect(Missing::Refuse).await?,
    };
    let database = backend.dialect().database();
    for (side, source) in [(&mut from, &args.from), (&mut to, &args.to)] {
        if side.is_none() {
            *side = Some(written(context, source, database)?);
        }
    }
    let (Some(mut from), Some(mut to)) = (from, to) else {
        return Err(Failure::new("a side is missing"));
    };
    if from.is_database != to.is_database && !args.all {
        let migrator = context.migrator()?;
        let models = migrator.registry().schema().unwrap_or_default();
        let migrations = migrator.graph().replay_all(database).unwrap_or_default();
        for side in [&mut from, &mut to].into_iter().filter(|side| side.is_database) {
            side.schema = managed(&side.schema, &[&models, &migrations]).schema;
            side.unmodelled.clear();
        }
    }
    let comparison = Comparison::new(&mut *backend, (&from, &to), &args.rename, args.down).await?;
    match args.format {
        DiffFormat::Human => human(context, &comparison),
        DiffFormat::Sql => context.ui.raw(&script(&comparison)),
        DiffFormat::Rust => context.ui.raw(&module(&comparison)),
        DiffFormat::Json => context.ui.raw(&as_json(&comparison, (&from, &to), args.down)),
    }
    for candidate in &comparison.candidates {
        context.ui.note(format!(
            "{} `{}` may be `{}` under a new name; if so: {}",
            candidate.kind,
            candidate.from,
            candidate.to,
            candidate.flag()
        ));
    }
    for difference in &comparison.unmodelled {
        context.ui.note(format!("{difference}; Limbeck does not change such objects"));
    }
    Ok(if comparison.is_empty() { Exit::Fine } else { Exit::Different })
}

async fn open(source: &Source) -> Result<Option<Box<dyn Backend>>, Failure> {
    match source {
        Source::Url(url) => side::connect(url, Missing::Refuse).await.map(Some),
        Source::Models | Source::Migrations => Ok(None),
    }
}

/// The models or the migrations, for one kind of database.
fn written(context: &Context<'_>, source: &Source, database: Database) -> Result<Side, Failure> {
    let migrator = context.migrator()?;
    if *source == Source::Migrations {
        let schema = migrator.graph().replay_all(database).map_err(|error| Failure::from_error(&error))?;
        return Ok(Side::written(schema, "migrations"));
    }
    let schema = migrator.registry().schema().map_err(|error| hints::registry(&error))?;
    Ok(Side::written(schema, Side::MODELS))
}

fn same_kind(from: Option<&dyn Backend>, to: Option<&dyn Backend>) -> Result<(), Failure> {
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(());
    };
    let (a, b) = (from.capabilities(), to.capabilities());
    if a.database == b.database {
        return Ok(());
    }
    Err(Failure::new(format!("cannot compare {} with {}", a.title, b.title))
        .why("a plan between two databases is in the words of one")
        .next("name two databases of one kind"))
}

fn human(context: &Context<'_>, comparison: &Comparison) {
    if comparison.plan.is_empty() {
        context.ui.line("no difference");
    }
    for change in &comparison.plan.changes {
        context.ui.change(Describe(change).to_string());
        for loss in change.loses() {
            context.ui.line(format!("    loses {loss}"));
        }
    }
}

/// Nothing at all when there is nothing to do.
fn script(comparison: &Comparison) -> String {
    if comparison.statements.is_empty() { String::new() } else { comparison.script.clone() }
}

/// A migration that starts from nothing before it. Nothing at all when there is nothing to do.
fn module(comparison: &Comparison) -> String {
    if comparison.plan.is_empty() {
        return String::new();
    }
    let (up, down) = comparison.steps.clone();
    let module = Module {
        message: "what limbeck diff found".into(),
        loses: comparison.plan.changes.iter().flat_map(|c| c.loses()).map(|loss| loss.to_string()).collect(),
        up,
        down,
        ..Module::default()
    };
    print(&Module { id: new_id(&module, &|_| false), ..module })
}

fn as_json(comparison: &Comparison, (from, to): (&Side, &Side), down: bool) -> String {
    let changes = comparison.plan.changes.iter().map(|change| {
        let loses: Vec<String> = change.loses().iter().map(ToString::to_string).collect();
        json!({ "change": Describe(change).to_string(), "loses": loses })
    });
    let statements = comparison.statements.iter().map(|statement| {
        let place = match statement.place {
            Place::Setup => "setup",
            Place::Transaction => "transaction",
            Place::Committed => "committed",
            Place::Alone => "alone",
            Place::Cleanup => "cleanup",
        };
        json!({ "sql": statement.sql, "about": statement.about, "place": place })
    });
    let renames = comparison.candidates.iter().map(|candidate| {
        let within = candidate.within.as_ref().map(ToString::to_string);
        json!({
            "kind": candidate.kind, "within": within, "from": candidate.from, "to": candidate.to,
            "likeness": candidate.likeness, "flag": candidate.flag(),
        })
    });
    let report = json!({
        "from": from.title,
        "to": to.title,
        "down": down,
        "changes": changes.collect::<Vec<_>>(),
        "statements": statements.collect::<Vec<_>>(),
        "rename_candidates": renames.collect::<Vec<_>>(),
        "unmodelled": comparison.unmodelled,
    });
    format!("{report:#}\n")
}
