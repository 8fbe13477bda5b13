//! Answers that are about nothing: a misspelt name must not pass for a decision.

use std::collections::{BTreeMap, BTreeSet};

use limbeck::change::{Change, Delta, In, Loss};
use limbeck::dialect::Dialect;
use limbeck::diff::{Diff, candidates};

use super::answers::{Answers, full, quoted};
use super::open::gone;
use super::way_back::{self, labels_that_come};
use crate::failure::Failure;
use crate::project::locks::Vanished;

/// What answers can be about, by the flag that gives them.
#[derive(Default)]
pub(crate) struct Topics(BTreeMap<&'static str, BTreeSet<String>>);

impl Topics {
    /// Adds what a difference has to be decided, whether rows are about it or not.
    pub(crate) fn add(&mut self, difference: &Diff, vanished: &[Vanished], dialects: &[&'static dyn Dialect]) {
        for candidate in candidates(difference) {
            self.put("--no-rename", full(&candidate, &candidate.to));
        }
        for it in vanished.iter().filter(|it| !gone(it, difference).is_empty()) {
            self.put("--crate-gone", it.package.clone());
        }
        for change in &difference.changes {
            for loss in change.loses() {
                self.put("--lose", loss.to_string());
                self.put("--keep", loss.to_string());
                if let Loss::Label(of, label) = &loss {
                    self.put("--map", format!("{of}.{label}"));
                }
            }
            for risk in way_back::risks(change, &difference.changes, dialects) {
                self.put("--down-may-fail", risk.what);
            }
            for (of, label) in labels_that_come(change) {
                self.put("--map", format!("{of}.{label}"));
            }
            let Change::Column(In { table, delta }) = change else { continue };
            match delta {
                Delta::Create(column) if column.generated.is_some() => {}
                Delta::Create(column) => {
                    self.put("--backfill", format!("{table}.{}", column.name));
                    self.put("--placeholder", format!("{table}.{}", column.name));
                }
                Delta::Drop(column) => self.put("--down-fill", format!("{table}.{}", column.name)),
                Delta::Alter { from, to } => {
                    self.put("--down-fill", format!("{table}.{}", from.name));
                    if change.unfilled().is_some() {
                        self.put("--backfill", format!("{table}.{}", to.name));
                        self.put("--placeholder", format!("{table}.{}", to.name));
                        self.put("--no-backfill", format!("{table}.{}", to.name));
                    }
                }
            }
        }
    }

    fn put(&mut self, flag: &'static str, topic: String) {
        self.0.entry(flag).or_default().insert(topic);
    }

    /// Refuses answers that are about nothing of this.
    pub(crate) fn refuse_others(&self, answers: &Answers) -> Result<(), Failure> {
        // What a rename names is looked for when it is understood.
        for (flag, words) in answers.lists().into_iter().filter(|(flag, _)| *flag != "--rename") {
            let known = self.0.get(flag);
            for word in words {
                let topic = word.split_once('=').map_or(word.as_str(), |(topic, _)| topic.trim());
                if word.split_once('=').is_some_and(|(_, said)| said.trim().is_empty()) {
                    return Err(Failure::new(format!("`{flag} {}` says nothing after `=`", quoted(word)))
                        .next(format!("{flag} {}", quoted(&format!("{topic}=SQL")))));
                }
                let is_known = known.is_some_and(|known| known.contains(topic));
                if is_known || matches!(topic, "all" | "*") {
                    continue;
                }
                let failure = Failure::new(format!("`{flag} {}` answers nothing that is asked", quoted(topic)));
                let known = known.into_iter().flatten().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
                return Err(if known.is_empty() {
                    failure.why(format!("nothing in this migration needs {flag}")).next("the same without it")
                } else {
                    failure.why(format!("what {flag} can be about here: {known}")).next("the same with one of these")
                });
            }
        }
        Ok(())
    }
}
