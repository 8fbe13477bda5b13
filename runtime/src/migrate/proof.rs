//! Proof: the steps of a migration are run up, down and up on a database that is thrown away, and each time the
//! database must be exactly what it should be.

use std::collections::BTreeSet;

use super::keepsake::{Keepsake, made};
use super::resolve::changes;
use super::seed::{Seeds, seeds, value};
use super::witness::{Rows, Side, Witness, read};
use super::work::{Unit, Work, units};
use super::{Action, ResolveError, Terms, resolve, without_bookkeeping, work};
use crate::change::{Change, Describe, Formerly, Object};
use crate::dialect::{Backend, DatabaseError, aligned};
use crate::diff::{RenameError, Renames, diff};
use crate::plan::{Cycle, LowerError, Place, order};
use crate::schema::{Database, Expression, QualifiedName, Schema, Type};
use crate::source::Step;

/// What is to be proved.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// The schema that the migration starts from.
    pub start: &'a Schema,
    /// The schema that it leads to.
    pub goal: &'a Schema,
    /// Its steps forwards.
    pub up: &'a [Step],
    /// Its steps back.
    pub down: &'a [Step],
    /// The tables that have rows: made-up rows stand for them.
    pub seeded: &'a BTreeSet<QualifiedName>,
}

/// Why a migration is not proved.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// A statement failed.
    #[error("{when}: cannot {about}")]
    Failed {
        /// On the way where.
        when: &'static str,
        /// What the statement was for.
        about: String,
        /// What the database said.
        #[source]
        source: Box<DatabaseError>,
    },
    /// The migration stopped at rows that it looks for itself.
    #[error("{when}: there are {what}")]
    Stopped {
        /// On the way where.
        when: &'static str,
        /// The rows.
        what: String,
    },
    /// The database is not what it should be.
    #[error("{when} the database is not what it should be: {}", .differences.join("; "))]
    Differs {
        /// After what.
        when: &'static str,
        /// What would have to change, in words.
        differences: Vec<String>,
    },
    /// Rows are gone that should be there.
    #[error("{when} `{table}` has {found} rows and had {before}")]
    Rows {
        /// After what.
        when: &'static str,
        /// The table.
        table: QualifiedName,
        /// How many rows it had.
        before: usize,
        /// How many it has.
        found: usize,
    },
    /// Rows hold other values than they should.
    #[error("{when} rows of `{table}` hold other values than before, in columns that no step is about")]
    Values {
        /// After what.
        when: &'static str,
        /// The table.
        table: QualifiedName,
    },
    /// What was kept has not come back as it was.
    #[error("after `down` {what} is not what it was")]
    Unkept {
        /// What was kept.
        what: String,
    },
    /// A step does not fit.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// The database cannot do it.
    #[error(transparent)]
    Lower(#[from] LowerError),
    /// The start cannot be made.
    #[error("cannot make the schema that the migration starts from: {0}")]
    Order(#[from] Cycle),
    /// The start cannot be made.
    #[error("cannot make the schema that the migration starts from: {0}")]
    Diff(#[from] RenameError),
    /// The database cannot be asked.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl ProofError {
    /// Whether it was rows that did not fit: real rows may be others than those made up here.
    #[must_use]
    pub fn is_about_values(&self) -> bool {
        let Self::Failed { source, .. } = self else { return false };
        let sqlx::Error::Database(error) = &source.source else { return false };
        // Data exceptions and violated constraints (PostgreSQL, Appendix A; SQLite, *Result Codes*).
        error.code().is_some_and(|code| code.starts_with("22") || code.starts_with("23") || code.ends_with("19"))
            || !matches!(error.kind(), sqlx::error::ErrorKind::Other)
    }
}

/// Proves a claim on an empty database, and leaves it as the migration leads it. Gives how many rows were made up.
///
/// # Errors
///
/// When the claim is false, or nobody can tell.
pub async fn prove(scratch: &mut dyn Backend, claim: &Claim<'_>) -> Result<usize, ProofError> {
    let Claim { start, goal, up, down, .. } = claim;
    make(scratch, start).await?;
    let stops = asserted(up, scratch.dialect().database());
    let mut seeded = seed(scratch, (Seeds::Plain, start), claim.seeded, &stops).await?;
    // What somebody still has to say is any value of its type here.
    let any = |ty: &Type| Expression(value(ty, 1, goal, scratch.dialect()));
    let [up, down] = [up, down].map(|steps| steps.iter().map(|step| step.with_values(&any)).collect::<Vec<_>>());
    let (up, down) = (up.as_slice(), down.as_slice());
    let database = scratch.dialect().database();
    let (there, _) = resolve(up, start, Some(database))?;
    let (back, _) = resolve(down, goal, Some(database))?;
    let keeps = keepsakes(&there);
    let there_changes: Vec<Change> = changes(&there).cloned().collect();
    let formerly = Formerly { changes: &there_changes, start };
    let kept = contents(scratch, &keeps, &formerly).await?;
    let witness = Witness::of(&formerly, (&there, &back), goal);
    let mut before = witness.look(scratch, Side::Start).await?;
    for (way, steps, from, to, side) in [
        ("after `up`", up, start, goal, Side::Goal),
        ("after `down`", down, goal, start, Side::Start),
        ("after `up` again", up, start, goal, Side::Goal),
    ] {
        if way == "after `down`" {
            if down.iter().any(|step| matches!(step, Step::Irreversible(_))) {
                break;
            }
            // Rows come between: what the goal allows, the start need not.
            let stops = asserted(down, scratch.dialect().database());
            let more = seed(scratch, (Seeds::Large, goal), claim.seeded, &stops).await?;
            if more > 0 {
                seeded += more;
                before = witness.look(scratch, Side::Goal).await?;
            }
        }
        let found = scratch_schema(scratch).await?;
        let here = aligned(scratch, &found, from).await?;
        let (actions, _) = resolve(steps, &here, Some(database))?;
        let (work, _) = work(&actions, &here, scratch.dialect(), scratch.capabilities(), &Terms::default())?;
        run(scratch, &work, way).await?;
        let found = scratch_schema(scratch).await?;
        let here = aligned(scratch, &found, to).await?;
        let difference = diff(&here, to, &Renames::default())?;
        if !difference.is_empty() {
            let differences = difference.changes.iter().map(|change| Describe(change).to_string()).collect();
            return Err(ProofError::Differs { when: way, differences });
        }
        if way == "after `down`" {
            let found = contents(scratch, &keeps, &formerly).await?;
            let gone = |(was, is): (&Rows, &Rows)| was.iter().any(|(row, n)| is.get(row).is_none_or(|m| m < n));
            if let Some(at) = kept.iter().zip(&found).position(gone) {
                return Err(ProofError::Unkept { what: keeps[at].to_string() });
            }
        }
        let after = witness.look(scratch, side).await?;
        if let Some((table, were, are)) = witness.unlike(&before, &after) {
            let table = table.name(side).clone();
            return Err(match (were.values().sum(), are.values().sum()) {
                (before, found) if before == found => ProofError::Values { when: way, table },
                (before, found) => ProofError::Rows { when: way, table, before, found },
            });
        }
    }
    Ok(seeded)
}

async fn scratch_schema(scratch: &mut dyn Backend) -> Result<Schema, DatabaseError> {
    Ok(without_bookkeeping(scratch.introspect().await?.schema))
}

/// Brings an empty database to a schema.
///
/// # Errors
///
/// When the database cannot hold it.
pub async fn make(scratch: &mut dyn Backend, start: &Schema) -> Result<(), ProofError> {
    let empty = scratch_schema(scratch).await?;
    let here = aligned(scratch, &empty, start).await?;
    let mut difference = diff(&here, start, &Renames::default())?;
    difference.changes.retain(|change| !change.touches().creates.is_empty());
    let actions: Vec<Action> = order(difference)?.changes.into_iter().map(Action::Change).collect();
    let (work, _) = work(&actions, &here, scratch.dialect(), scratch.capabilities(), &Terms::default())?;
    run(scratch, &work, "on the way to where the migration starts").await
}

/// Does some work, without bookkeeping.
async fn run(scratch: &mut dyn Backend, work: &[Work], when: &'static str) -> Result<(), ProofError> {
    let placed = |place: Place| {
        work.iter().filter_map(move |it| match it {
            Work::Statement(statement) if statement.place == place => Some(statement),
            Work::Statement(_) | Work::Run(_) | Work::Repeat(_) | Work::Commit | Work::Remark(_) => None,
        })
    };
    let failed = |about: &str| {
        let about = about.to_owned();
        move |source| ProofError::Failed { when, about, source: Box::new(source) }
    };
    for statement in placed(Place::Setup) {
        scratch.execute(&statement.sql).await.map_err(failed(&statement.about))?;
    }
    for unit in units(work) {
        match unit {
            Unit::Alone(statement) => {
                scratch.execute(&statement.sql).await.map_err(failed(&statement.about))?;
            }
            Unit::Repeat(repeat) => {
                while scratch.execute(&repeat.statement.sql).await.map_err(failed(&repeat.statement.about))? > 0 {}
            }
            Unit::Together(parts) => {
                scratch.begin().await?;
                for part in parts {
                    let Work::Statement(statement) = part else { continue };
                    if statement.finds_none {
                        let about = format!("look for {}", statement.about);
                        let found = scratch.rows(&counted(&statement.sql)).await.map_err(failed(&about))?;
                        if !found.into_iter().flatten().flatten().any(|count| count == "0") {
                            scratch.rollback().await?;
                            return Err(ProofError::Stopped { when, what: statement.about.clone() });
                        }
                        continue;
                    }
                    if let Err(error) = scratch.execute(&statement.sql).await {
                        scratch.rollback().await.ok();
                        return Err(failed(&statement.about)(error));
                    }
                }
                scratch.commit().await?;
            }
        }
    }
    for statement in placed(Place::Cleanup) {
        scratch.execute(&statement.sql).await.map_err(failed(&statement.about))?;
    }
    Ok(())
}

/// The queries that some steps begin with, and that must find nothing.
fn asserted(steps: &[Step], database: Database) -> Vec<&str> {
    let mut queries = Vec::new();
    for step in steps {
        if let Step::AssertNone(_, query) = step {
            queries.push(query.as_str());
        } else if let Step::Only(only, inner) = step {
            queries.extend(asserted(inner, database).into_iter().filter(|_| *only == database));
        } else {
            break;
        }
    }
    queries
}

/// Puts made-up rows in. What a constraint refuses is left out, and what the migration itself stops at.
async fn seed(
    scratch: &mut dyn Backend,
    (which, schema): (Seeds, &Schema),
    seeded: &BTreeSet<QualifiedName>,
    stops: &[&str],
) -> Result<usize, DatabaseError> {
    let tables = schema.tables.values().filter(|table| seeded.contains(&table.name));
    let mut open: Vec<String> = tables.flat_map(|table| seeds(which, table, schema, scratch.dialect())).collect();
    let mut done = 0;
    // A row may need one of another table first.
    loop {
        let mut refused = Vec::new();
        let before = done;
        for sql in open {
            match sow(scratch, &sql, stops).await? {
                Sown::Stays => done += 1,
                Sown::Stops => {}
                Sown::Refused => refused.push(sql),
            }
        }
        if refused.is_empty() || done == before {
            return Ok(done);
        }
        open = refused;
    }
}

/// How many rows a query finds.
fn counted(query: &str) -> String {
    format!("SELECT CAST(count(*) AS text) FROM ({query}) AS limbeck_found")
}

/// What became of a made-up row.
enum Sown {
    Stays,
    /// The migration would stop at it.
    Stops,
    /// The database did not take it.
    Refused,
}

/// Puts one made-up row in.
async fn sow(scratch: &mut dyn Backend, sql: &str, stops: &[&str]) -> Result<Sown, DatabaseError> {
    scratch.begin().await?;
    if scratch.execute(sql).await.is_err() {
        scratch.rollback().await?;
        return Ok(Sown::Refused);
    }
    for query in stops {
        // A query that is wrong shows when it is run in its place.
        let found = scratch.rows(&counted(query)).await.unwrap_or_default();
        if !found.into_iter().flatten().flatten().any(|count| count == "0") {
            scratch.rollback().await?;
            return Ok(Sown::Stops);
        }
    }
    scratch.commit().await?;
    Ok(Sown::Stays)
}

/// What some actions keep of what they drop.
fn keepsakes(actions: &[Action]) -> Vec<Keepsake> {
    made(actions).flat_map(|keeping| keeping.keepsakes.iter().cloned()).collect()
}

/// The values that are kept, row by row, under the names before.
async fn contents(
    scratch: &mut dyn Backend,
    keeps: &[Keepsake],
    formerly: &Formerly<'_>,
) -> Result<Vec<Rows>, DatabaseError> {
    let mut contents = Vec::new();
    for keepsake in keeps {
        contents.push(match keepsake.before(formerly) {
            Some((table, columns)) => read(scratch, &table.name, &columns).await?,
            None => Rows::new(),
        });
    }
    Ok(contents)
}

/// The part of a schema that changes are about: their tables, and all that those need.
#[must_use]
pub fn concerned(schema: &Schema, changes: &[Change]) -> Schema {
    let mut names: BTreeSet<QualifiedName> = BTreeSet::new();
    for change in changes {
        let touches = change.touches();
        let all = [touches.creates, touches.drops, touches.requires, touches.releases].into_iter().flatten();
        names.extend(all.filter_map(|object| match object {
            Object::Relation(name)
            | Object::Options(name)
            | Object::Column(name, _)
            | Object::Key(name, _)
            | Object::Constraint(name, _) => Some(name),
            Object::Namespace(_)
            | Object::Extension(_)
            | Object::Routine(_)
            | Object::Extensions
            | Object::Type(_)
            | Object::Base(_)
            | Object::Label(..) => None,
        }));
    }
    // A type stands in the columns of tables that no change names.
    let types: BTreeSet<QualifiedName> = changes
        .iter()
        .flat_map(|change| {
            let touches = change.touches();
            touches.creates.into_iter().chain(touches.drops)
        })
        .filter_map(|object| match object {
            Object::Type(name) | Object::Base(name) | Object::Label(name, _) => Some(name),
            Object::Relation(_)
            | Object::Options(_)
            | Object::Column(..)
            | Object::Key(..)
            | Object::Constraint(..)
            | Object::Namespace(_)
            | Object::Extension(_)
            | Object::Routine(_)
            | Object::Extensions => None,
        })
        .collect();
    let holds = |name: &QualifiedName| {
        schema.tables.get(name).is_some_and(|table| {
            table.columns.iter().any(|column| column.ty.named().is_some_and(|ty| types.contains(ty)))
        })
    };
    names.extend(schema.tables.keys().filter(|name| holds(name)).cloned());
    loop {
        let more: Vec<QualifiedName> = schema
            .tables
            .values()
            .filter(|table| names.contains(&table.name))
            .flat_map(|table| table.foreign_keys.iter().map(|key| key.references.clone()))
            .filter(|name| !names.contains(name))
            .collect();
        if more.is_empty() {
            break;
        }
        names.extend(more);
    }
    let mut part = schema.clone();
    part.tables.retain(|name, _| names.contains(name));
    part
}
