//! Trying a migration out on a database that is thrown away, before its file exists.

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant};

use limbeck::dialect::{Backend, ConnectError, Missing, Throwaway, is_local, throwaway};
use limbeck::migrate::{Claim, ProofError, concerned, prove as prove_claim};
use limbeck::plan::Plan;
use limbeck::schema::{Database, QualifiedName, Schema};
use limbeck::source::{Module, Step};

use super::everywhere::Everywhere;
use crate::context::Context;
use crate::decisions::counts;
use crate::failure::Failure;
use crate::project::config::DatabaseKind;
use crate::project::database::redacted;
use crate::{hints, side};

/// What is proved of a migration that has a way back.
const ALL_WAYS: &str = "up reaches the models, down restores the start, up again";

/// What came of it, on each of the databases that a migration is for.
#[derive(Debug, Default)]
pub(crate) struct Proof(Vec<(Option<&'static str>, Outcome)>);

/// What came of it on one database.
#[derive(Debug)]
enum Outcome {
    /// Up, down and up again each led where they should; with so many rows made up, if any, and in so much time.
    Proved { rows: usize, ways: &'static str, took: Duration },
    /// The same, but made-up rows did not fit: real ones may.
    Unsure { why: String, took: Duration },
    /// Nobody tried, and why.
    Skipped(String),
    /// It has nothing to do there.
    Nothing,
}

impl Proof {
    /// Nobody tried, and why.
    pub(crate) fn skipped(why: &str) -> Self {
        Self(vec![(None, Outcome::Skipped(why.to_owned()))])
    }

    /// What the module says of it.
    pub(crate) fn notes(&self) -> Vec<String> {
        let note = |(on, outcome): &(Option<&'static str>, Outcome)| {
            let on = on.map(|on| format!(" on {on}")).unwrap_or_default();
            match outcome {
                Outcome::Proved { .. } | Outcome::Nothing => None,
                Outcome::Unsure { why, .. } => Some(format!("Rows that do not fit make this fail{on}: {why}.")),
                Outcome::Skipped(why) => Some(format!("Not proved{on}: {why}.")),
            }
        };
        self.0.iter().filter_map(note).collect()
    }

    /// The same for people.
    pub(crate) fn lines(&self) -> Vec<String> {
        if self.0.is_empty() {
            return vec!["nothing to prove: there are no steps".to_owned()];
        }
        let line = |(on, outcome): &(Option<&'static str>, Outcome)| match on {
            Some(on) => format!("{on}: {outcome}"),
            None => outcome.to_string(),
        };
        self.0.iter().map(line).collect()
    }
}

impl fmt::Display for Outcome {
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
            Self::Nothing => f.write_str("nothing to do there"),
        }
    }
}

/// Tries a migration out on each database that it is for. One that does not do what it should is an error, and is not
/// written.
pub(crate) async fn prove(
    context: &Context<'_>,
    backend: &mut dyn Backend,
    (plan, module): (&Everywhere, &Module),
) -> Result<Proof, Failure> {
    let mut outcomes = Vec::new();
    let mut rows = BTreeSet::new();
    for (at, home) in plan.homes.iter().enumerate() {
        let there = plan.on(home.database());
        let start = concerned(&home.start, &there.changes);
        // Where nobody can look, the tables have rows that have some at hand.
        if at == 0 {
            rows = with_rows(backend, &start).await;
        }
        let outcome = match server(context, home.database()) {
            _ if there.is_empty() => Outcome::Nothing,
            Some(url) => on_one(&url, (&start, &there), module, &rows).await.map_err(|failure| {
                if plan.homes.len() > 1 { failure.why(format!("that was on {}", home.title())) } else { failure }
            })?,
            None => Outcome::Skipped(if at == 0 {
                "the database is on another machine, and limbeck.toml names no scratch_url".to_owned()
            } else {
                "limbeck.toml names no scratch_url for it".to_owned()
            }),
        };
        outcomes.push(((plan.homes.len() > 1).then(|| home.title()), outcome));
    }
    Ok(Proof(outcomes))
}

async fn on_one(
    url: &str,
    (start, plan): (&Schema, &Plan),
    module: &Module,
    rows: &BTreeSet<QualifiedName>,
) -> Result<Outcome, Failure> {
    let began = Instant::now();
    let goal = start.after(&plan.changes).map_err(|error| Failure::from_error(&error))?;
    let one_way = module.down.iter().any(|step| matches!(step, Step::Irreversible(_)));
    let ways = if one_way { "up reaches the models, and there is no way back" } else { ALL_WAYS };
    let none = BTreeSet::new();
    let claim = |seeded| Claim { start, goal: &goal, up: &module.up, down: &module.down, seeded };
    attempt(url, &claim(&none)).await?.map_err(|error| refused(&error))?;
    let rows: BTreeSet<QualifiedName> = rows.iter().filter(|name| start.tables.contains_key(name)).cloned().collect();
    if rows.is_empty() {
        return Ok(Outcome::Proved { rows: 0, ways, took: began.elapsed() });
    }
    match attempt(url, &claim(&rows)).await? {
        Ok(rows) => Ok(Outcome::Proved { rows, ways, took: began.elapsed() }),
        // It looks for such rows itself, and says so.
        Err(ProofError::Stopped { .. }) => Ok(Outcome::Proved { rows: 0, ways, took: began.elapsed() }),
        Err(error) if error.is_about_values() => {
            let failure = match &error {
                ProofError::Failed { source, .. } => Failure::new(error.to_string()).because(&source.source),
                error => Failure::from_error(error),
            };
            let why = [vec![failure.what], failure.why].concat().join(": ");
            Ok(Outcome::Unsure { why, took: began.elapsed() })
        }
        Err(error) => Err(refused(&error)),
    }
}

/// Where a scratch database of a kind may be made: on the server that limbeck.toml names for it, or that of the database
/// at hand; of SQLite, anywhere.
pub(crate) fn server(context: &Context<'_>, database: Database) -> Option<String> {
    let of_kind = |url: &str| DatabaseKind::of_url(url).is_some_and(|kind| kind.feature() == database.0);
    if let Some(url) = context.scratch_url().filter(|url| of_kind(url)) {
        return Some(url.to_owned());
    }
    match context.database().ok().filter(|place| of_kind(&place.url)) {
        Some(place) => is_local(&place.url).then_some(place.url),
        None => DatabaseKind::of_key(database.0).and_then(DatabaseKind::serverless).map(str::to_owned),
    }
}

/// There is no place where a scratch database may be made.
pub(crate) fn nowhere() -> Failure {
    Failure::new("there is no place for a scratch database")
        .why("the database is on another machine, and limbeck.toml names no scratch_url")
        .next("scratch_url = \"postgres://…\" in limbeck.toml, a server where databases may be made and dropped")
}

/// Runs one claim on a database of its own.
async fn attempt(url: &str, claim: &Claim<'_>) -> Result<Result<usize, ProofError>, Failure> {
    // One connection is all it takes: what needs no server stays in memory.
    let memory = DatabaseKind::of_url(url).and_then(DatabaseKind::serverless);
    let made = if memory.is_none() { Some(scratch(url).await?) } else { None };
    let place = made.as_ref().map(Throwaway::url).or(memory).unwrap_or(url);
    let mut backend = side::connect(place, Missing::Create).await?;
    let proved = prove_claim(&mut *backend, claim).await;
    backend.close().await.map_err(|error| hints::database(&error))?;
    if let Some(made) = made {
        made.remove().await.map_err(|error| hints::database(&error))?;
    }
    Ok(proved)
}

/// A database that is thrown away, on the server that a URL names.
pub(crate) async fn scratch(url: &str) -> Result<Throwaway, Failure> {
    throwaway(url).await.map_err(|error| {
        let failure = hints::connect(&redacted(url), &error);
        match error {
            ConnectError::Database(error) => Failure::new("cannot make a scratch database to prove the migration on")
                .because(&error.source)
                .next(match role(url) {
                    Some(role) => format!("ALTER ROLE \"{role}\" CREATEDB;"),
                    None => "ALTER ROLE … CREATEDB, for the role that migrates".to_owned(),
                })
                .next("scratch_url = \"postgres://…\" in limbeck.toml, a server where it may")
                .next("--no-prove"),
            ConnectError::Scheme { .. } | ConnectError::NotBuilt { .. } => failure,
        }
    })
}

/// The role that a URL names.
fn role(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (who, _) = rest.split(['/', '?']).next()?.rsplit_once('@')?;
    who.split(':').next().filter(|role| !role.is_empty())
}

/// The tables that have rows in the database at hand.
async fn with_rows(backend: &mut dyn Backend, start: &Schema) -> BTreeSet<QualifiedName> {
    let mut found = BTreeSet::new();
    for table in start.tables.keys() {
        if counts::has_rows(backend, table).await {
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
    .next(match error {
        // What rows get is in the words of whoever wrote the migration.
        ProofError::Failed { about, .. } if about.starts_with("backfill ") => {
            "say what rows get in words that the database knows; --no-prove writes it all the same"
        }
        _ => "--no-prove writes it all the same; please report this, it is Limbeck's fault",
    })
}
