//! `history` and `current`: the migrations, and where the database is among them.

use limbeck::dialect::Missing;
use limbeck::migrate::{Applied, MigrationDef};
use serde_json::json;

use super::Context;
use crate::args::Format;
use crate::failure::{Exit, Failure};
use crate::hints;

/// Runs `history`: all migrations, the newest first.
pub(crate) async fn all(context: &Context<'_>, format: Format) -> Result<Exit, Failure> {
    let migrator = context.migrator()?;
    let applied = applied(context).await?;
    let heads: Vec<&str> = migrator.graph().heads().iter().map(|head| head.id).collect();
    let rows: Vec<Row<'_>> = migrator
        .graph()
        .migrations()
        .iter()
        .rev()
        .map(|migration| Row {
            migration,
            applied: applied.iter().find(|row| row.id == migration.id),
            head: heads.contains(&migration.id),
        })
        .collect();
    match format {
        Format::Json => context.ui.raw(&format!("{:#}\n", json!(rows.iter().map(Row::json).collect::<Vec<_>>()))),
        Format::Human if rows.is_empty() => context.ui.line("no migrations yet"),
        Format::Human => rows.iter().for_each(|row| context.ui.line(row.human())),
    }
    Ok(Exit::Fine)
}

/// Runs `current`: the applied migrations that no other applied one comes after.
pub(crate) async fn current(context: &Context<'_>, format: Format) -> Result<Exit, Failure> {
    let migrator = context.migrator()?;
    let applied = applied(context).await?;
    let ids = applied.iter().map(|row| row.id.clone()).collect();
    let heads: Vec<&str> = migrator.graph().heads().iter().map(|head| head.id).collect();
    let rows: Vec<Row<'_>> = migrator
        .graph()
        .heads_of(&ids)
        .into_iter()
        .map(|migration| Row {
            migration,
            applied: applied.iter().find(|row| row.id == migration.id),
            head: heads.contains(&migration.id),
        })
        .collect();
    match format {
        Format::Json => context.ui.raw(&format!("{:#}\n", json!(rows.iter().map(Row::json).collect::<Vec<_>>()))),
        Format::Human if rows.is_empty() => context.ui.line("no migration is applied"),
        Format::Human => rows.iter().for_each(|row| context.ui.line(row.human())),
    }
    Ok(Exit::Fine)
}

async fn applied(context: &Context<'_>) -> Result<Vec<Applied>, Failure> {
    let backend = context.connect(Missing::Refuse).await?;
    context.migrator()?.applied(backend).await.map_err(|error| hints::migrate(&error, &|rest| context.ui.command(rest)))
}

/// A migration, and what the database says of it.
struct Row<'a> {
    migration: &'a MigrationDef,
    applied: Option<&'a Applied>,
    head: bool,
}

impl Row<'_> {
    fn human(&self) -> String {
        let MigrationDef { id, message, .. } = self.migration;
        let head = if self.head { " (head)" } else { "" };
        let mark = if self.applied.is_some() { "applied" } else { "pending" };
        format!("{id} {mark}{head} {message}")
    }

    fn json(&self) -> serde_json::Value {
        let MigrationDef { id, message, revises, labels, .. } = self.migration;
        json!({
            "id": id, "message": message, "revises": revises, "labels": labels, "head": self.head,
            "applied": self.applied.is_some(), "at": self.applied.map(|row| &row.at), "run": self.applied.map(|row| &row.run),
        })
    }
}
