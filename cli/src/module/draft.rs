//! What a new migration starts from, and where it shall lead.

use limbeck::change::{Change, Delta};
use limbeck::dialect::{Missing, spelled};
use limbeck::diff::{Idle, Renames};
use limbeck::migrate::{Graph, Migrator};
use limbeck::registry::Backfill;
use limbeck::schema::{Database, Schema};
use limbeck::source::{Module, Step};

use super::everywhere::{Everywhere, Home, differences, homes, together};
use super::proving::{self, Proof};
use crate::args::Revision;
use crate::context::Context;
use crate::decisions;
use crate::decisions::answers::Answers;
use crate::decisions::idle::Topics;
use crate::decisions::rename;
use crate::decisions::rows::Rows;
use crate::failure::Failure;
use crate::hints;
use crate::project::locks;
use crate::standing::{Standing, models_in_words};

/// What a new migration starts from, and where it shall lead.
pub(crate) struct Draft {
    /// The migrations without one that is written anew.
    pub(crate) graph: Graph,
    /// The database, unless none is to be asked.
    standing: Option<Standing>,
    /// The databases that it is for, and what they have: first the one at hand.
    pub(crate) homes: Vec<Home>,
    models: Schema,
    /// The renames that the models declare.
    renames: Renames,
    /// What the models say that rows get which are there.
    pub(crate) backfills: Vec<Backfill>,
}

impl Draft {
    /// From the database as it is.
    pub(crate) async fn online(
        context: &Context<'_>,
        migrator: Migrator,
        (amends, quiet): (bool, bool),
    ) -> Result<Self, Failure> {
        let backend = context.connect(Missing::Create).await?;
        let mut standing = Standing::read(context.ui, migrator, backend).await?;
        if !quiet {
            context.ui.line(standing.summary());
        }
        refuse_behind(context, &standing, amends)?;
        let drift = standing.drift(context.ignore());
        for change in &drift {
            context.ui.note(format!("changed in the database by hand: {change}"));
        }
        if !drift.is_empty() {
            context.ui.note("the new migration starts from what the migrations say");
        }
        if !quiet {
            standing.tell_unmanaged(context.ui, context.ignore());
        }
        let start = standing.start().await?;
        for Idle { is, was, both } in standing.migrator.registry().renames().idle(&start) {
            context.ui.note(if both {
                format!("`{is}` and `{was}` are both there, so renamed_from does nothing: a swap is said by --rename")
            } else {
                format!("`{is}` is no longer called `{was}`: remove its renamed_from")
            });
        }
        let (models, renames) = (standing.models.clone(), standing.renames(&start));
        let graph = standing.migrator.graph().clone();
        let backfills = standing.migrator.registry().backfills();
        let homes = homes(context, standing.backend.dialect().database(), start, &graph, &models)?;
        Ok(Self { graph, homes, models, renames, backfills, standing: Some(standing) })
    }

    /// From what the migrations add up to.
    pub(crate) fn offline(context: &Context<'_>, migrator: &Migrator) -> Result<Self, Failure> {
        let models = migrator.registry().schema().map_err(|error| hints::registry(&error))?;
        let dialect = context.dialect()?;
        let start = migrator.graph().replay_all(dialect.database()).map_err(|error| Failure::from_error(&error))?;
        let start = spelled(dialect, &start, &models);
        context
            .ui
            .line(format!("{}; compared with the migrations, no database asked", models_in_words(migrator.registry())));
        let renames = migrator.registry().renames().pending(&start, &models);
        let backfills = migrator.registry().backfills();
        let homes = homes(context, dialect.database(), start, migrator.graph(), &models)?;
        Ok(Self { graph: migrator.graph().clone(), standing: None, homes, models, renames, backfills })
    }

    /// The schema of the database at hand.
    pub(crate) fn start(&self) -> &Schema {
        &self.homes[0].start
    }

    /// The plan to the models, with all that only a person can say.
    pub(crate) async fn plan(
        &mut self,
        context: &Context<'_>,
        (args, message): (&Revision, &str),
        (given, answers): (&Answers, &mut Answers),
    ) -> Result<Everywhere, Failure> {
        loop {
            let mut renames = self.renames.clone();
            renames.extend(rename::parse(&answers.rename, self.start(), &self.models)?);
            let differences = differences(&mut self.homes, &self.models, &renames)?;
            let everything = together(&differences);
            let changes: Vec<Change> = everything.renames.iter().chain(&everything.changes).cloned().collect();
            let mut rows = self.rows(context, &changes);
            let drops = |change: &Change| matches!(change, Change::Table(Delta::Drop(_)));
            if changes.iter().any(drops) {
                rows.vanished = locks::vanished(context.project()?)?;
            }
            let open = decisions::open(answers, &mut rows, &everything).await;
            if open.is_empty() {
                return Everywhere::new(self.homes.clone(), differences);
            }
            self.topics(context, answers)?.refuse_others(given)?;
            decisions::settle(context.ui, open, answers, (&args.again(message), args.format))?;
        }
    }

    /// What answers can be about: with all renames, and with those that were known when an answer was given.
    pub(crate) fn topics(&mut self, context: &Context<'_>, answers: &Answers) -> Result<Topics, Failure> {
        let mut topics = Topics::default();
        let vanished = if answers.crate_gone.is_empty() { Vec::new() } else { locks::vanished(context.project()?)? };
        for known in 0..=answers.rename.len() {
            let mut renames = self.renames.clone();
            renames.extend(rename::parse(&answers.rename[..known], self.start(), &self.models)?);
            // One of several can be impossible without the others, as in a swap.
            let Ok(differences) = differences(&mut self.homes, &self.models, &renames) else { continue };
            let dialects: Vec<_> = self.homes.iter().map(|home| home.dialect).collect();
            topics.add(&together(&differences), &vanished, &dialects);
        }
        Ok(topics)
    }

    /// The rows that some changes are about, as far as a database is at hand.
    pub(crate) fn rows<'a>(&'a mut self, context: &Context<'_>, changes: &'a [Change]) -> Rows<'a> {
        Rows {
            backend: self.standing.as_mut().map(|standing| &mut *standing.backend),
            start: &self.homes[0].start,
            changes,
            dialects: self.homes.iter().map(|home| home.dialect).collect(),
            patience: context.patience(),
            vanished: Vec::new(),
        }
    }

    /// The rows, in words, that the migration would stop at in the database at hand as it is.
    pub(crate) async fn stops(&mut self, context: &Context<'_>, up: &[Step]) -> Vec<String> {
        let (patience, database) = (context.patience(), self.homes[0].database());
        let Some(standing) = &mut self.standing else { return Vec::new() };
        let mut stops = Vec::new();
        for (what, query) in asserted(up, database) {
            let count = format!("SELECT CAST(count(*) AS text) FROM ({query}) AS limbeck_found");
            // One that the database cannot answer as it is shows when the migration is tried out.
            let counted = standing.backend.rows_within(&count, patience).await.ok().flatten();
            let count = counted.into_iter().flatten().flatten().flatten().find(|count| count != "0");
            stops.extend(count.map(|count| format!("there are {what}: {count}")));
        }
        stops
    }

    /// Tries the migration out.
    pub(crate) async fn prove(
        &mut self,
        context: &Context<'_>,
        plan: &Everywhere,
        module: &Module,
    ) -> Result<Proof, Failure> {
        if plan.is_empty() {
            return Ok(Proof::default());
        }
        let Some(standing) = &mut self.standing else {
            return Ok(Proof::skipped("no database was to be asked"));
        };
        let mut plan = plan.clone();
        let start = &mut plan.homes[0].start;
        // What extensions and schemas bring is needed, whoever made them.
        for (name, extension) in &standing.status.current.extensions {
            start.extensions.entry(name.clone()).or_insert_with(|| extension.clone());
        }
        for (name, namespace) in &standing.status.current.namespaces {
            start.namespaces.entry(name.clone()).or_insert_with(|| namespace.clone());
        }
        proving::prove(context, &mut *standing.backend, (&plan, module)).await
    }
}

/// What some steps begin with that looks for rows on one database.
fn asserted(steps: &[Step], database: Database) -> Vec<(&str, &str)> {
    let mut all = Vec::new();
    for step in steps {
        if let Step::AssertNone(what, query) = step {
            all.push((what.as_str(), query.as_str()));
        } else if let Step::Only(only, steps) = step {
            all.extend(asserted(steps, database).into_iter().filter(|_| *only == database));
        } else {
            break;
        }
    }
    all
}

/// A revision is planned on what the database has, so the database must have all.
fn refuse_behind(context: &Context<'_>, standing: &Standing, amends: bool) -> Result<(), Failure> {
    let place = standing.backend.place();
    if let [first, ..] = standing.status.newer.as_slice() {
        return Err(Failure::new(format!("database `{place}` has migration `{first}`, which is not known here"))
            .next("update this working copy, so that it has all migrations"));
    }
    if standing.status.pending.is_empty() {
        return Ok(());
    }
    let mut failure = Failure::new(format!("database `{place}` is behind its migrations"));
    for migration in &standing.status.pending {
        failure = failure.why(format!("{} {} is not applied", migration.id, migration.message));
    }
    failure = failure.next(context.ui.command("upgrade"));
    if !amends && standing.status.pending.len() == 1 {
        failure = failure.next(context.ui.command("revision --amend"));
    }
    Err(failure)
}
