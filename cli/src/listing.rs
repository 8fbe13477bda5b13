//! Migrations as lines: what is said of each, and what the database says of it.

use limbeck::migrate::{Applied, Lineage, Revision};
use serde_json::json;

use crate::ui::Format;
use crate::ui::Ui;

/// A migration, and what the database says of it.
pub(crate) struct Row {
    revision: Revision,
    /// Nothing when no database was asked.
    applied: Option<Option<Applied>>,
    /// Whether none revises it.
    head: bool,
    /// Whether it is known only because the database has it.
    unknown: bool,
    children: Vec<String>,
}

impl Row {
    /// A migration that is known here. `applied` is what the database has, when one was asked.
    pub(crate) fn known(revision: &Revision, lineage: &Lineage, applied: Option<&[Applied]>) -> Self {
        let children: Vec<String> = lineage.children(&revision.id).into_iter().map(str::to_owned).collect();
        Self {
            revision: revision.clone(),
            applied: applied.map(|rows| rows.iter().find(|row| row.id == revision.id).cloned()),
            head: children.is_empty(),
            unknown: false,
            children,
        }
    }

    /// A migration that only the database knows.
    pub(crate) fn unknown(row: &Applied) -> Self {
        Self {
            revision: row.revision(),
            applied: Some(Some(row.clone())),
            head: false,
            unknown: true,
            children: Vec::new(),
        }
    }

    /// One line.
    fn short(&self) -> String {
        let Revision { id, message, .. } = &self.revision;
        let mark = match &self.applied {
            None => "",
            Some(Some(_)) => " applied",
            Some(None) => " pending",
        };
        let said = [
            (self.head, " (head)"),
            (self.revision.revises.len() > 1, " (merge)"),
            (self.children.len() > 1, " (branch point)"),
            (self.unknown, " (not known here)"),
        ];
        let said: String = said.iter().filter(|(is, _)| *is).map(|(_, words)| *words).collect();
        format!("{id}{mark}{said} {message}")
    }

    /// All there is to say, a line each.
    fn long(&self) -> Vec<String> {
        let Revision { revises, depends_on, labels, file, .. } = &self.revision;
        let list = |ids: &[String]| ids.join(", ");
        let mut lines = vec![self.short()];
        let mut say = |what: &str, text: String| {
            if !text.is_empty() {
                lines.push(format!("    {what:<11} {text}"));
            }
        };
        say("revises", if revises.is_empty() { "nothing: a base".to_owned() } else { list(revises) });
        say("depends on", list(depends_on));
        say("labels", list(labels));
        say("followed by", list(&self.children));
        say("file", file.clone());
        if let Some(Some(row)) = &self.applied {
            let by = if row.by.is_empty() { String::new() } else { format!(" by {}", row.by) };
            say("applied", format!("{}{by}, run {} ({} ms)", row.at, row.run, row.duration_ms));
        }
        lines
    }

    /// For programs.
    pub(crate) fn json(&self) -> serde_json::Value {
        let Revision { id, message, revises, depends_on, labels, file } = &self.revision;
        let row = self.applied.as_ref().and_then(Option::as_ref);
        json!({
            "id": id, "message": message, "revises": revises, "depends_on": depends_on, "labels": labels, "file": file,
            "head": self.head, "known": !self.unknown, "applied": self.applied.as_ref().map(Option::is_some),
            "at": row.map(|row| &row.at), "run": row.map(|row| &row.run), "by": row.map(|row| &row.by),
        })
    }
}

/// Prints a list; `none` when it is empty.
pub(crate) fn list(ui: &Ui, rows: &[Row], (format, verbose): (Format, bool), none: &str) {
    match format {
        Format::Json => ui.raw(&format!("{:#}\n", json!(rows.iter().map(Row::json).collect::<Vec<_>>()))),
        Format::Human if rows.is_empty() => ui.line(none),
        Format::Human if verbose => rows.iter().flat_map(Row::long).for_each(|line| ui.line(line)),
        Format::Human => rows.iter().for_each(|row| ui.line(row.short())),
    }
}
