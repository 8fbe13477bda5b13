//! What people wrote into a module that is written anew.

use std::ops::Range;

use limbeck::source::{ByHand, Hand, Step};
use syn::spanned::Spanned;
use syn::{Item, UseTree};

/// A module's own steps with their text, and the Rust items that are neither `up` nor `down` nor the header. Nothing
/// when its statements are not one a step: then nobody can tell which is which.
pub(crate) struct Before {
    up: Vec<(Step, String)>,
    down: Vec<(Step, String)>,
    /// Items of the module's own.
    pub(crate) items: String,
}

impl Before {
    /// From a module's text, and the steps that it records.
    pub(crate) fn read(text: &str, up: Vec<Step>, down: Vec<Step>) -> Option<Self> {
        let file = syn::parse_file(text).ok()?;
        let statements = |name: &str, steps: Vec<Step>| {
            let found = file.items.iter().find_map(|item| match item {
                Item::Fn(function) if function.sig.ident == name => Some(function),
                _ => None,
            })?;
            let open = function_body(&found.block).start + 1;
            let ends: Vec<usize> = found.block.stmts.iter().map(|s| s.span().byte_range().end).collect();
            // A comment belongs to the statement that it stands above.
            let starts = std::iter::once(open).chain(ends.iter().copied());
            let texts: Vec<String> =
                starts.zip(&ends).filter_map(|(from, to)| text.get(from..*to)).map(whole).collect();
            (texts.len() == steps.len()).then(|| steps.into_iter().zip(texts).collect::<Vec<_>>())
        };
        let (up, down) = (statements("up", up)?, statements("down", down)?);
        let mut items = String::new();
        let mut end = 0;
        for item in &file.items {
            let range = with_attributes(item);
            let ours = match item {
                Item::Fn(function) => function.sig.ident == "up" || function.sig.ident == "down",
                Item::Macro(it) => it.mac.path.segments.last().is_some_and(|s| s.ident == "migration"),
                Item::Use(it) => is_prelude(&it.tree),
                _ => false,
            };
            if !ours {
                // The first item's text begins after the module's own remarks.
                let from = if end == 0 { range.start } else { end };
                items.push_str(&format!("\n{}\n", text.get(from..range.end)?.trim_matches('\n')));
            }
            end = range.end;
        }
        Some(Self { up, down, items })
    }

    /// Whether there is anything that only a person can say.
    pub(crate) fn has_own(&self) -> bool {
        self.up.iter().chain(&self.down).any(|(step, _)| is_own(step))
    }

    /// Values for rows and assertions that the new steps do not have: a model or an answer may have said them, or a
    /// person, and nobody can tell.
    pub(crate) fn gone(&self, up: &[Step], down: &[Step]) -> Vec<&str> {
        let lost = |said: &'_ (Step, String), now: &[Step]| {
            matches!(said.0, Step::Backfill(_) | Step::AssertNone(..)) && !now.contains(&said.0)
        };
        let (before, after) = (self.up.iter().filter(|it| lost(it, up)), self.down.iter().filter(|it| lost(it, down)));
        before.chain(after).map(|(_, text)| text.trim()).collect()
    }

    /// What of it stays, now that the steps are these.
    pub(crate) fn beside(&self, up: &[Step], down: &[Step]) -> Hand {
        Hand { up: placed(&self.up, up), down: placed(&self.down, down) }
    }
}

/// Steps that are still among the new ones keep their text. What only a person can say stays after the step that it
/// stood after, and at the end when that is gone.
fn placed(before: &[(Step, String)], steps: &[Step]) -> Vec<ByHand> {
    let mut placed = Vec::new();
    let mut taken = vec![false; steps.len()];
    let mut after = 0;
    for (step, text) in before {
        if is_own(step) {
            placed.push(ByHand { after, instead: false, text: text.clone() });
            continue;
        }
        match (0..steps.len()).find(|at| !taken[*at] && steps[*at] == *step) {
            Some(at) => {
                taken[at] = true;
                placed.push(ByHand { after: at, instead: true, text: text.clone() });
                after = at + 1;
            }
            None => after = steps.len(),
        }
    }
    placed
}

/// Whether a step says something that no model says.
pub(crate) fn is_own(step: &Step) -> bool {
    match step {
        Step::KeepDropped(steps) | Step::RestoreDropped(steps) => steps.iter().any(is_own),
        step => matches!(
            step,
            Step::Sql(_) | Step::Run(_) | Step::Only(..) | Step::Effect(_) | Step::Nothing(_) | Step::Irreversible(_)
        ),
    }
}

fn function_body(block: &syn::Block) -> Range<usize> {
    block.brace_token.span.join().byte_range()
}

/// An item, with the remarks and attributes above it.
fn with_attributes(item: &Item) -> Range<usize> {
    item.span().byte_range()
}

fn is_prelude(tree: &UseTree) -> bool {
    let mut tree = tree;
    let mut path = Vec::new();
    while let UseTree::Path(it) = tree {
        path.push(it.ident.to_string());
        tree = &it.tree;
    }
    path == ["limbeck", "migration", "prelude"] && matches!(tree, UseTree::Glob(_))
}

/// A statement's lines, the first one with its indentation.
fn whole(text: &str) -> String {
    let text = text.trim_start_matches([' ', '\t']).trim_start_matches('\n').trim_end();
    if text.starts_with([' ', '\t']) { format!("{text}\n") } else { format!("    {text}\n") }
}

#[cfg(test)]
mod tests {
    use limbeck::migrate::builder::Migration;
    use limbeck::migration::*;

    use super::*;

    const TEXT: &str = "//! notes

use limbeck::migration::prelude::*;

limbeck::migration! { id: \"a\" }

/// What a title is made of.
const FROM: &str = \"name\";

pub fn up(m: &mut Migration) {
    // The new one first.
    m.create_column(\"note\", \"title\", text()).nullable();
    // From what was there.
    m.sql(
        \"UPDATE note SET title = name\",
    );
    m.create_index(\"note\", [\"title\"]).concurrently();
}

pub fn down(m: &mut Migration) { m.drop_column(\"note\", \"title\"); }
";

    fn up(m: &mut Migration) {
        m.create_column("note", "title", text()).nullable();
        m.sql("UPDATE note SET title = name");
        m.create_index("note", ["title"]).concurrently();
    }

    fn down(m: &mut Migration) {
        m.drop_column("note", "title");
    }

    #[test]
    fn what_people_wrote_keeps_its_place() {
        let before = Before::read(TEXT, Migration::record(up), Migration::record(down)).expect("one statement a step");
        assert_eq!(before.items, "\n/// What a title is made of.\nconst FROM: &str = \"name\";\n");
        let new = Migration::record(|m| {
            m.create_column("note", "title", text()).nullable();
            m.create_column("note", "body", text()).nullable();
            m.create_index("note", ["title"]);
        });
        let hand = before.beside(&new, &[]);
        let said: Vec<(usize, bool, &str)> =
            hand.up.iter().map(|it| (it.after, it.instead, it.text.as_str())).collect();
        assert_eq!(
            said,
            [
                (0, true, "    // The new one first.\n    m.create_column(\"note\", \"title\", text()).nullable();\n"),
                (
                    1,
                    false,
                    "    // From what was there.\n    m.sql(\n        \"UPDATE note SET title = name\",\n    );\n"
                ),
                (2, true, "    m.create_index(\"note\", [\"title\"]).concurrently();\n"),
            ]
        );
        assert!(hand.down.is_empty());
        assert_eq!(before.gone(&new, &[]), [""; 0]);
        let filled = |m: &mut Migration| {
            m.backfill("note").set("title", "name");
        };
        let text =
            TEXT.replace("m.drop_column(\"note\", \"title\");", "m.backfill(\"note\").set(\"title\", \"name\");");
        let before =
            Before::read(&text, Migration::record(up), Migration::record(filled)).expect("one statement a step");
        assert_eq!(before.gone(&new, &[]), ["m.backfill(\"note\").set(\"title\", \"name\");"]);
        assert!(Before::read(TEXT, Migration::record(up), Vec::new()).is_none());
    }
}
