//! Trying a migration out on a database that is thrown away, before its file exists.

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant};

use limbeck::change::{Change, Delta};
use limbeck::dialect::{Backend, ConnectError, Missing, Throwaway, is_local, throwaway};
use limbeck::migrate::{Claim, ProofError, concerned, prove as prove_claim};
use limbeck::plan::Plan;
use limbeck::schema::{QualifiedName, Schema};
use limbeck::source::{Module, Step};

use crate::context::Context;
use crate::database::redacted;
use crate::failure::Failure;
use crate::{counts, hints, side};

/// What is proved of a migration that has a way back.
const ALL_WAYS: &str = "up reaches the models, down restores the start, up again";

/// What came of it.
#[derive(Debug)]
pub(crate) enum Proof {
    /// Up, down and up again each led where they should; with so many rows made up, if any, and in so much time.
    Proved { rows: usize, ways: &'static str, took: Duration },
    /// The same, but made-up rows did not fit: real ones may.
    Unsure { why: String, took: Duration },
    /// Nobody tried, and why.
    Skipped(String),
    /// There is nothing to try.
    Nothing,
}

impl Proof {
    /// What the module says of it.
    pub(crate) fn notes(&self) -> Vec<String> {
        match self {
            Self::Proved { .. } | Self::Nothing => Vec::new(),
            Self::Unsure { why, .. } => vec![format!("Rows that do not fit make this fail: {why}.")],
            Self::Skipped(why) => vec![format!("Not proved: {why}.")],
        }
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proved { rows, ways, took } => {
                let rows = if *rows > 0 { format!(", with {rows} made-up rows") } else { String::new() };
                write!(f, "proved on a scratch database: {ways}{rows} ({} ms)", took.as_millis())
            }
            Self::Unsure { why, took } => {
                write!(f, "proved on an empty scratch database: {ALL_WAYS} ({} ms)\n  careful: {why}", took.as_millis())
            }
            Self::Skipped(why) => write!(f, "not proved: {why}"),
            Self::Nothing => f.write_str("nothing to prove: there are no steps"),
        }
    }
}

/// Tries a migration out. One that does not do what it should is an error, and is not written.
pub(crate) async fn prove(
    context: &Context<'_>,
    backend: &mut dyn Backend,
    start: &Schema,
    (plan, module): (&Plan, &Module),
) -> Result<Proof, Failure> {
    let Some(url) = server(context)? else {
        return Ok(Proof::Skipped(
            "the database is on another machine, and limbeck.toml names no scratch_url".to_owned(),
        ));
    };
    let began = Instant::now();
    let start = concerned(start, &plan.changes);
    let mut goal = start.clone();
    for change in &plan.changes {
        change.apply(&mut goal).map_err(|error| Failure::from_error(&error))?;
    }
    let with_rows = with_rows(backend, &start, plan).await;
    let one_way = module.down.iter().any(|step| matches!(step, Step::Irreversible(_)));
    let ways = if one_way { "up reaches the models, and there is no way back" } else { ALL_WAYS };
    let none = BTreeSet::new();
    let claim = |seeded| Claim { start: &start, goal: &goal, up: &module.up, down: &module.down, seeded };
    attempt(&url, &claim(&none)).await?.map_err(|error| refused(&error))?;
    if with_rows.is_empty() {
        return Ok(Proof::Proved { rows: 0, ways, took: began.elapsed() });
    }
    match attempt(&url, &claim(&with_rows)).await? {
        Ok(rows) => Ok(Proof::Proved { rows, ways, took: began.elapsed() }),
        Err(error) if error.is_about_values() => {
            let failure = match &error {
                ProofError::Failed { source, .. } => Failure::new(error.to_string()).because(&source.source),
                error => Failure::from_error(error),
            };
            let why = [vec![failure.what], failure.why].concat().join(": ");
            Ok(Proof::Unsure { why, took: began.elapsed() })
        }
        Err(error) => Err(refused(&error)),
    }
}

/// Where a scratch database may be made.
fn server(context: &Context<'_>) -> Result<Option<String>, Failure> {
    if let Some(url) = context.scratch_url() {
        return Ok(Some(url.to_owned()));
    }
    let url = context.database()?.url;
    Ok(is_local(&url).then_some(url))
}

/// Runs one claim on a database of its own.
async fn attempt(url: &str, claim: &Claim<'_>) -> Result<Result<usize, ProofError>, Failure> {
    let scratch = scratch(url).await?;
    let mut backend = side::connect(scratch.url(), Missing::Create).await?;
    let proved = prove_claim(&mut *backend, claim).await;
    backend.close().await.map_err(|error| hints::database(&error))?;
    scratch.remove().await.map_err(|error| hints::database(&error))?;
    Ok(proved)
}

/// A database that is thrown away, on the server that a URL names.
pub(crate) async fn scratch(url: &str) -> Result<Throwaway, Failure> {
    throwaway(url).await.map_err(|error| {
        let failure = hints::connect(&redacted(url), &error);
        match error {
            ConnectError::Database(error) => Failure::new("cannot make a scratch database to prove the migration on")
                .because(&error.source)
                .next("ALTER ROLE … CREATEDB, for the role that migrates")
                .next("scratch_url = \"postgres://…\" in limbeck.toml, a server where it may")
                .next("--no-prove"),
            ConnectError::Scheme { .. } | ConnectError::NotBuilt { .. } => failure,
        }
    })
}

/// The tables that have rows in the database at hand, as far as the plan is about them.
async fn with_rows(backend: &mut dyn Backend, start: &Schema, plan: &Plan) -> BTreeSet<QualifiedName> {
    let mut found = BTreeSet::new();
    for table in start.tables.keys() {
        // A table that the plan renames is there by its name before; its rows are as good as any.
        let before = plan.changes.iter().find_map(|change| {
            let Change::Table(Delta::Alter { from, to }) = change else { return None };
            (to.name == *table).then(|| from.name.clone())
        });
        if counts::has_rows(backend, before.as_ref().unwrap_or(table)).await {
            found.insert(table.clone());
        }
    }
    found
}

fn refused(error: &ProofError) -> Failure {
    let failure = Failure::new("the migration does not do what it should; it was not written");
    match error {
        ProofError::Differs { when, differences } => {
            let failure = failure.why(format!("{when} the scratch database is not what it should be:"));
            differences.iter().fold(failure, |failure, line| failure.why(format!("  {line}")))
        }
        ProofError::Failed { source, .. } => {
            let failure = failure.why(error.to_string()).because(&source.source);
            match &source.sql {
                Some(sql) => failure.why(format!("in: {sql}")),
                None => failure,
            }
        }
        error => failure.because(error),
    }
    .next("--no-prove writes it all the same; please report this, it is Limbeck's fault")
}
