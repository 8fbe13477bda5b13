//! Values for rows that are there: what a person decided, as steps between those of a plan.

use limbeck::schema::{Column, Name, QualifiedName, Schema};
use limbeck::source::{Backfill, ColumnEdit, EnumEdit, Item, Step};

use crate::args::Answers;
use crate::decisions::columns_of;
use crate::failure::Failure;

/// The steps, with a column that rows have no value for made in three: nullable, filled, NOT NULL.
pub(crate) fn filled(steps: Vec<Step>, start: &Schema, answers: &Answers) -> Result<Vec<Step>, Failure> {
    let mut filled = Vec::new();
    for step in steps {
        match step {
            Step::Create(Item::Column(table, column)) => match answers.backfill(&table, &column.name) {
                Some(sql) if !column.nullable => {
                    let tight =
                        Step::AlterColumn(table.clone(), column.name.clone(), vec![ColumnEdit::Nullable(false)]);
                    filled.push(Step::Create(Item::Column(table.clone(), Column { nullable: true, ..column.clone() })));
                    filled.push(fill(&table, &column.name, sql));
                    filled.push(tight);
                }
                _ => filled.push(Step::Create(Item::Column(table, column))),
            },
            Step::AlterColumn(table, name, edits) => {
                let tight = edits.iter().any(|edit| matches!(edit, ColumnEdit::Nullable(false)));
                if let Some(sql) = answers.backfill(&table, &name)
                    && tight
                {
                    filled.push(fill(&table, &name, sql));
                }
                filled.push(Step::AlterColumn(table, name, edits));
            }
            Step::AlterEnum(of, edits) => {
                for edit in &edits {
                    if let EnumEdit::Labels(labels) = edit {
                        filled.extend(mapped(&of, labels, start, answers)?);
                    }
                }
                filled.push(Step::AlterEnum(of, edits));
            }
            step => filled.push(step),
        }
    }
    Ok(filled)
}

fn fill(table: &QualifiedName, column: &Name, sql: &str) -> Step {
    Step::Backfill(Backfill {
        table: table.clone(),
        set: vec![(column.clone(), sql.trim().into())],
        filter: None,
        batch: None,
    })
}

/// What gives rows that hold a label which goes another one.
fn mapped(of: &QualifiedName, labels: &[Name], start: &Schema, answers: &Answers) -> Result<Vec<Step>, Failure> {
    let Some(before) = start.enums.get(of) else { return Ok(Vec::new()) };
    let mut steps = Vec::new();
    for gone in before.labels.iter().filter(|label| !labels.contains(label)) {
        let Some(other) = answers.mapped(of, gone) else { continue };
        let stays = |list: &[Name]| list.iter().any(|label| label.as_str() == other);
        if !stays(&before.labels) || !stays(labels) {
            return Err(Failure::new(format!("`--map {of}.{gone}={other}`: `{of}` has no label `{other}` yet"))
                .why("rows can only get one that is there before and after"));
        }
        for (table, column) in columns_of(start, of) {
            let name = format!("\"{}\"", column.replace('"', "\"\""));
            let label = |label: &str| format!("'{}'", label.replace('\'', "''"));
            let filter = Some(format!("{name} = {}", label(gone)).as_str().into());
            steps.push(Step::Backfill(Backfill {
                table,
                set: vec![(column, label(other).as_str().into())],
                filter,
                batch: None,
            }));
        }
    }
    Ok(steps)
}
