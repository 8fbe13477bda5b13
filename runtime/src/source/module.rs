//! A migration module as a value, and its text.

use super::Step;
use super::print::Lines;
use super::words::{doc, string};

/// All that a module says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Module {
    /// Its id.
    pub id: String,
    /// The ids that it comes after.
    pub revises: Vec<String>,
    /// What it is about.
    pub message: String,
    /// Names that lead to it.
    pub labels: Vec<String>,
    /// The ids that must be there before it and are no part of its line.
    pub depends_on: Vec<String>,
    /// Which of a program's databases it belongs to, when there are several.
    pub group: Option<String>,
    /// What somebody agreed to lose, in words: `column account.nickname`.
    pub loses: Vec<String>,
    /// Remarks under the message, a line each.
    pub notes: Vec<String>,
    /// Rust items for its own code, before `up`.
    pub items: String,
    /// The steps forwards.
    pub up: Vec<Step>,
    /// The steps back.
    pub down: Vec<Step>,
    /// What people wrote among them.
    pub hand: Hand,
}

/// Statements that people wrote, in the order in which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hand {
    /// Among the steps forwards.
    pub up: Vec<ByHand>,
    /// Among the steps back.
    pub down: Vec<ByHand>,
}

/// A statement that a person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// After how many steps it stands.
    pub after: usize,
    /// Whether it says the step that comes next there, which is then not printed.
    pub instead: bool,
    /// Its lines, comments above it included.
    pub text: String,
}

/// The module's text.
#[must_use]
pub fn print(module: &Module) -> String {
    let Module { id, revises, message, labels, depends_on, group, loses, notes, items, up, down, hand } = module;
    let mut out = String::new();
    for line in message.lines().chain((!notes.is_empty()).then_some("")).chain(notes.iter().map(String::as_str)) {
        out.push_str(format!("//! {}", doc(line)).trim_end());
        out.push('\n');
    }
    let list = |words: &[String]| format!("[{}]", words.iter().map(|w| string(w)).collect::<Vec<_>>().join(", "));
    out.push_str("\nuse limbeck::migration::prelude::*;\n\nlimbeck::migration! {\n");
    out.push_str(&format!(
        "    id: {},\n    revises: {},\n    message: {},\n",
        string(id),
        list(revises),
        string(message)
    ));
    if !labels.is_empty() {
        out.push_str(&format!("    labels: {},\n", list(labels)));
    }
    if let Some(group) = group {
        out.push_str(&format!("    group: {},\n", string(group)));
    }
    if !depends_on.is_empty() {
        out.push_str(&format!("    depends_on: {},\n", list(depends_on)));
    }
    if !loses.is_empty() {
        out.push_str(&format!("    loses: {},\n", list(loses)));
    }
    out.push_str("}\n");
    out.push_str(items);
    for (name, steps, hand) in [("up", up, &hand.up), ("down", down, &hand.down)] {
        let mut lines = Lines::default();
        for at in 0..=steps.len() {
            let said = |instead: bool| hand.iter().filter(move |it| it.after == at && it.instead == instead);
            said(false).for_each(|it| lines.0.push_str(&it.text));
            match (said(true).next(), steps.get(at)) {
                (Some(it), _) => lines.0.push_str(&it.text),
                (None, Some(step)) => lines.step(step, 1),
                (None, None) => {}
            }
        }
        // Clippy's pedantic limit for a function is a hundred lines, and a list of steps may be longer, the more so
        // when rustfmt has broken its lines.
        let long = if lines.0.lines().count() > 50 { "#[allow(clippy::too_many_lines)]\n" } else { "" };
        let parameter = if lines.0.is_empty() { "_" } else { "m" };
        out.push_str(&format!("\n{long}pub fn {name}({parameter}: &mut Migration) {{"));
        if !lines.0.is_empty() {
            out.push('\n');
            out.push_str(&lines.0);
        }
        out.push_str("}\n");
    }
    out
}
