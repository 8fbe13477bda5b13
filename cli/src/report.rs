//! What is right and what is wrong, a line each.

use std::borrow::Cow;

use serde_json::json;

use crate::failure::Exit;
use crate::ui::Format;
use crate::ui::Ui;

/// One thing that was looked at.
pub(crate) struct Line {
    /// What it is.
    pub(crate) title: Cow<'static, str>,
    /// What is wrong; nothing when all is well.
    pub(crate) wrong: Vec<String>,
    /// The command that mends it.
    pub(crate) next: String,
    /// What to say when all is well.
    pub(crate) fine: String,
}

/// Prints the lines, and says whether all is well.
pub(crate) fn report(ui: &Ui, lines: &[Line], format: Format) -> Exit {
    match format {
        Format::Human => human(ui, lines),
        Format::Json => {
            let lines: Vec<_> = lines
                .iter()
                .map(|line| {
                    let next = (!line.wrong.is_empty()).then_some(&line.next);
                    json!({ "check": line.title, "ok": line.wrong.is_empty(), "wrong": line.wrong, "next": next })
                })
                .collect();
            ui.raw(&format!("{:#}\n", json!(lines)));
        }
    }
    if lines.iter().all(|line| line.wrong.is_empty()) { Exit::Fine } else { Exit::Different }
}

fn human(ui: &Ui, lines: &[Line]) {
    for line in lines {
        if let [first, more @ ..] = line.wrong.as_slice() {
            ui.change(format!("- {}: {first}", line.title));
            more.iter().for_each(|more| ui.line(format!("    {more}")));
        } else {
            ui.change(format!("+ {}: {}", line.title, line.fine));
        }
    }
    let mut said: Vec<&str> = Vec::new();
    for line in lines.iter().filter(|line| !line.wrong.is_empty()) {
        if !said.contains(&line.next.as_str()) {
            said.push(&line.next);
            ui.next(&line.next);
        }
    }
}
