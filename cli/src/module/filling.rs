//! Values for rows that are there: what a person decided, as steps between those of a plan.

use limbeck::change::{Change, Delta, In};
use limbeck::dialect::holds;
use limbeck::migrate::{KeepError, ResolveError, resolve};
use limbeck::schema::{Column, Name, QualifiedName, Schema, Table, Type, tokens};
use limbeck::source::{Backfill, ColumnEdit, EnumEdit, Item, Step, Value, steps};

use super::asserting;
use super::everywhere::Everywhere;
use super::misfits::misfit;
use super::sql;
use crate::decisions::answers::{Answer, Answers};
use crate::failure::Failure;

/// The steps of `up`: what is taken for granted of the rows comes first, a column that rows have no value for is made in
/// three (nullable, filled, NOT NULL), and what is kept stands in a block that keeps it.
pub(crate) fn up(plan: &Everywhere, answers: &Answers) -> Result<Vec<Step>, Failure> {
    let mut said = plan.each(|home, plan| asserting::first(&plan.changes, &home.start, answers));
    said.extend(plan.steps(|changes, start| forwards(changes, start, answers))?);
    // What cannot be kept is known before anything is tried.
    for home in &plan.homes {
        resolve(&said, &home.start, Some(home.database())).map_err(|error| match error {
            ResolveError::Keep(error @ KeepError::NoKey { .. }) => {
                Failure::from_error(&error).next("--lose in place of --keep")
            }
            error => Failure::from_error(&error),
        })?;
    }
    Ok(said)
}

fn forwards(changes: &[Change], start: &Schema, answers: &Answers) -> Result<Vec<Step>, Failure> {
    let mut said = Vec::new();
    let mut state = start.clone();
    for change in read_before_gone(changes, answers) {
        let before = state.clone();
        let to = if let Change::Column(In { delta: Delta::Alter { to, .. }, .. }) = change { Some(to) } else { None };
        let filled = filled(steps_of(change, &mut state)?, (&before, to), answers)?;
        if change.loses().iter().any(|loss| answers.keeps(&loss.to_string())) {
            match said.last_mut() {
                Some(Step::KeepDropped(block)) => block.extend(filled),
                _ => said.push(Step::KeepDropped(filled)),
            }
        } else {
            said.extend(filled);
        }
    }
    Ok(said)
}

/// Changes in an order in which a column goes only when those are filled that get their values from it, where nothing else
/// has to come in between.
fn read_before_gone<'a>(changes: &'a [Change], answers: &Answers) -> Vec<&'a Change> {
    let mut order: Vec<&Change> = changes.iter().collect();
    let reads = |change: &Change, gone: &In<Column>, column: &Column| {
        let Change::Column(In { table, delta: Delta::Create(it) | Delta::Alter { to: it, .. } }) = change else {
            return false;
        };
        let Some(Value::Sql(sql)) = answers.backfill(table, it) else { return false };
        *table == gone.table && tokens(sql.as_str()).iter().any(|token| token.is_name(&column.name))
    };
    for gone in changes {
        let Change::Column(it) = gone else { continue };
        let Delta::Drop(column) = &it.delta else { continue };
        let Some(from) = order.iter().position(|change| std::ptr::eq(*change, gone)) else { continue };
        let Some(to) = order.iter().rposition(|change| reads(change, it, column)).filter(|to| *to > from) else {
            continue;
        };
        let touches = gone.touches();
        let bound = |change: &&Change| {
            let other = change.touches();
            !touches.drops.is_disjoint(&other.creates) || !touches.releases.is_disjoint(&other.drops)
        };
        if !order[from + 1..=to].iter().any(bound) {
            order[from..=to].rotate_left(1);
        }
    }
    order
}

/// The steps of `down`: what was kept comes back in a block of its own, and a column that must have a value gets it
/// before it must. What it may fail at is looked for first, where somebody said that it may.
pub(crate) fn down(plan: &Everywhere, answers: &Answers) -> Result<Vec<Step>, Failure> {
    let back = plan.inverse()?;
    let mut said = back.each(|home, changes| {
        let there = plan.on(home.database()).changes;
        asserting::back(&changes.changes, home, (answers, &there))
    });
    said.extend(back.steps(|changes, start| backwards(changes, start, answers))?);
    Ok(said)
}

fn backwards(changes: &[Change], start: &Schema, answers: &Answers) -> Result<Vec<Step>, Failure> {
    let mut said = Vec::new();
    let mut state = start.clone();
    for change in changes {
        let before = state.clone();
        let steps = steps_of(change, &mut state)?;
        let mut back = Vec::new();
        let kept = change.clone().inverse().loses().iter().any(|loss| answers.keeps(&loss.to_string()));
        for step in steps {
            match step {
                Step::Create(Item::Column(table, column)) if change.unfilled().is_some() => {
                    let fill = answers
                        .down_fill(&table, &column.name)
                        .map(|sql| fill(&table, &column.name, sql.trim().into()));
                    if kept || fill.is_some() {
                        // Rows that came since have no value that was kept.
                        let still = before.tables.get(&table).map(|found| still_empty(found, &column.name));
                        let between = fill.map_or_else(|| still.into_iter().collect(), |fill| vec![fill]);
                        back.extend(in_three(table, column, between));
                    } else {
                        back.push(Step::Create(Item::Column(table, column)));
                    }
                }
                Step::AlterColumn(table, name, edits) => {
                    if let Some(sql) = answers.down_fill(&table, &name) {
                        let misfit = narrower(change, start);
                        back.push(fitted(&table, &name, (sql.trim(), &edits), misfit));
                    }
                    back.push(Step::AlterColumn(table, name, edits));
                }
                Step::AlterEnum(of, edits) => {
                    back.extend(others(&of, &edits, &before, answers)?);
                    back.push(Step::AlterEnum(of, edits));
                }
                step => back.push(step),
            }
        }
        match said.last_mut() {
            Some(Step::RestoreDropped(block)) if kept => block.extend(back),
            _ if kept => said.push(Step::RestoreDropped(back)),
            _ => said.extend(back),
        }
    }
    Ok(said)
}

/// What stops where a row still has no value in a column.
fn still_empty(table: &Table, column: &Name) -> Step {
    let (key, name) = (asserting::key_of(table), asserting::said(&table.name));
    let query = format!("SELECT {key} FROM {name} WHERE {} IS NULL", sql::name(column));
    Step::AssertNone(format!("rows of {} without a value for {column}", table.name), query)
}

/// What makes rows fit a column that is about to get narrower.
fn fitted(table: &QualifiedName, column: &Name, (sql, edits): (&str, &[ColumnEdit]), misfit: Option<String>) -> Step {
    let set = vec![(column.clone(), sql.into())];
    let narrower = edits.iter().any(|edit| matches!(edit, ColumnEdit::Type(_)));
    let tighter = edits.iter().any(|edit| matches!(edit, ColumnEdit::Nullable(false)));
    let name = sql::name(column);
    let empty = format!("({name} IS NULL AND ({sql}) IS NOT NULL)");
    let filter = narrower.then(|| {
        // Where nobody can tell which values do not fit, all others get the one that does.
        let other =
            misfit.map_or_else(|| format!("{name} <> ({sql})"), |misfit| format!("({misfit}) AND {name} <> ({sql})"));
        if tighter { format!("{other} OR {empty}") } else { other }
    });
    let filter = filter.map(|filter| filter.as_str().into());
    Step::Backfill(Backfill { table: table.clone(), set, filter, batch: None })
}

/// What holds of the values that do not fit the type that a change gives their column.
fn narrower(change: &Change, schema: &Schema) -> Option<String> {
    let Change::Column(In { delta: Delta::Alter { from, to }, .. }) = change else { return None };
    let labels = |of: &QualifiedName| schema.enums.get(of).map(|of| of.labels.clone());
    misfit(&sql::name(&to.name), (&from.ty, &to.ty), &labels)
}

/// The steps that say a change, and the schema after it.
fn steps_of(change: &Change, state: &mut Schema) -> Result<Vec<Step>, Failure> {
    let said = steps(std::slice::from_ref(change), state).map_err(|error| Failure::from_error(&error))?;
    change.apply(state).map_err(|error| Failure::from_error(&error))?;
    Ok(said)
}

/// A column that must have a value, made before it must, with what stands in between.
fn in_three(table: QualifiedName, column: Column, between: Vec<Step>) -> Vec<Step> {
    let tight = Step::AlterColumn(table.clone(), column.name.clone(), vec![ColumnEdit::Nullable(false)]);
    let loose = Step::Create(Item::Column(table, Column { nullable: true, ..column }));
    [loose].into_iter().chain(between).chain([tight]).collect()
}

/// Steps with what a person said that rows get. `start` is the schema around them, `to` the column that they alter.
fn filled(steps: Vec<Step>, (start, to): (&Schema, Option<&Column>), answers: &Answers) -> Result<Vec<Step>, Failure> {
    let mut filled = Vec::new();
    for step in steps {
        match step {
            Step::Create(Item::Column(table, column)) => match answers.backfill(&table, &column) {
                Some(value) => {
                    let fill = fill(&table, &column.name, value);
                    if column.nullable {
                        filled.extend([Step::Create(Item::Column(table, column)), fill]);
                    } else {
                        filled.extend(in_three(table, column, vec![fill]));
                    }
                }
                None => filled.push(Step::Create(Item::Column(table, column))),
            },
            Step::AlterColumn(table, name, edits) => {
                let (tight, first): (Vec<ColumnEdit>, Vec<ColumnEdit>) =
                    edits.into_iter().partition(|edit| *edit == ColumnEdit::Nullable(false));
                let value = to.filter(|_| !tight.is_empty()).and_then(|column| answers.backfill(&table, column));
                // What rows get is of the new type, so they get it when the column has that.
                let (before, after) =
                    if value.is_some() { (first, tight) } else { (Vec::new(), [first, tight].concat()) };
                let alter = |edits: Vec<ColumnEdit>| {
                    (!edits.is_empty()).then(|| Step::AlterColumn(table.clone(), name.clone(), edits))
                };
                filled.extend(alter(before));
                filled.extend(value.map(|value| fill(&table, &name, value)));
                filled.extend(alter(after));
            }
            Step::AlterEnum(of, edits) => {
                filled.extend(others(&of, &edits, start, answers)?);
                filled.push(Step::AlterEnum(of, edits));
            }
            step => filled.push(step),
        }
    }
    Ok(filled)
}

fn fill(table: &QualifiedName, column: &Name, value: Value) -> Step {
    Step::Backfill(Backfill { table: table.clone(), set: vec![(column.clone(), value)], filter: None, batch: None })
}

/// What gives rows that hold a label which goes another one.
fn others(of: &QualifiedName, edits: &[EnumEdit], start: &Schema, answers: &Answers) -> Result<Vec<Step>, Failure> {
    let labels = edits.iter().find_map(|edit| if let EnumEdit::Labels(labels) = edit { Some(labels) } else { None });
    let (Some(before), Some(labels)) = (start.enums.get(of), labels) else { return Ok(Vec::new()) };
    let mut steps = Vec::new();
    for gone in before.labels.iter().filter(|label| !labels.contains(label)) {
        let Some(other) = answers.mapped(of, gone) else { continue };
        let stays = |list: &[Name]| list.iter().any(|label| label.as_str() == other);
        if !stays(&before.labels) || !stays(labels) {
            let both: Vec<&str> = before.labels.iter().filter(|it| labels.contains(it)).map(Name::as_str).collect();
            return Err(Failure::new(format!(
                "`--map {of}.{gone}={other}`: `{of}` has no label `{other}` before and after"
            ))
            .why(format!("rows can only get one of these: {}", both.join(", ")))
            .next(Answer::Map(format!("{of}.{gone}")).flag()));
        }
        for (table, column) in start.columns_of(of) {
            let name = sql::name(&column);
            let (gone, other) = (sql::text(gone), sql::text(other));
            let Some(held) = start.tables.get(&table).and_then(|it| it.column(&column)) else { continue };
            let filter = holds(held, &name, &gone);
            let is_array = matches!(held.ty, Type::Array(_));
            let value = if is_array { format!("array_replace({name}, {gone}, {other})") } else { other };
            steps.push(Step::Backfill(Backfill {
                table,
                set: vec![(column, value.as_str().into())],
                filter: Some(filter.as_str().into()),
                batch: None,
            }));
        }
    }
    Ok(steps)
}
