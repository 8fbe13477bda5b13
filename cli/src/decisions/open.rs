//! What is still to be decided about a difference.

use std::collections::BTreeSet;

use limbeck::change::{Change, Delta, Loss};
use limbeck::diff::{Candidate, Diff, candidates};
use limbeck::schema::{Column, QualifiedName};

use super::answers::{Answer, Answers, full};
use super::counts;
use super::rows::Rows;
use super::way_back::{self, Misfit, Risk};
use crate::project::locks::Vanished;

/// Something to decide, with the answers there are.
pub(crate) struct Decision {
    /// `crate`, `rename`, `loss`, `backfill`, `down`.
    pub(crate) kind: &'static str,
    /// The question, for people.
    pub(crate) question: String,
    /// Each answer in words, and what says it.
    pub(crate) answers: Vec<(String, Answer)>,
    /// What may still turn out so that there is nothing to decide.
    pub(crate) unless: Vec<Unless>,
    /// The words that complete an answer, when they are some of few.
    pub(super) words: Vec<String>,
}

/// An answer to another question that settles a decision.
pub(crate) enum Unless {
    /// The column or table is renamed.
    Renamed(String),
    /// What goes is kept.
    Kept(String),
    /// What goes is not.
    Lost(String),
}

impl Decision {
    fn new(kind: &'static str, question: String, answers: Vec<(String, Answer)>) -> Self {
        Self { kind, question, answers, unless: Vec::new(), words: Vec::new() }
    }

    fn unless(mut self, other: Option<Unless>) -> Self {
        self.unless.extend(other);
        self
    }

    /// The question, and when it is one.
    pub(super) fn said(&self) -> String {
        let when = |unless: &Unless| match unless {
            Unless::Renamed(name) => format!("`{name}` is not renamed"),
            Unless::Kept(what) => format!("{what} is not kept"),
            Unless::Lost(what) => format!("{what} is kept"),
        };
        let when = self.unless.iter().map(when).collect::<Vec<_>>().join(" and ");
        if when.is_empty() { self.question.clone() } else { format!("if {when}: {}", self.question) }
    }

    /// The first answer that fits those that were chosen before.
    pub(super) fn first<'a>(&'a self, chosen: &[&Answer]) -> Option<&'a Answer> {
        if chosen.iter().any(|answer| self.unless.iter().any(|other| other.is_settled(answer))) {
            return None;
        }
        self.answers.iter().map(|(_, answer)| answer).find(|answer| !chosen.iter().any(|other| answer.uses_up(other)))
    }
}

impl Unless {
    fn is_settled(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Renamed(name), Answer::Rename(pair)) => {
                let (old, new) = pair.rsplit_once(':').unwrap_or((pair, ""));
                let within = old.rsplit_once('.').map(|(within, _)| format!("{within}."));
                old == name || format!("{}{new}", within.unwrap_or_default()) == *name
            }
            (Self::Kept(what), Answer::Keep(kept)) => what == kept,
            (Self::Lost(what), Answer::Lose(lost)) => what == lost,
            (Self::Renamed(_) | Self::Kept(_) | Self::Lost(_), _) => false,
        }
    }
}

/// All that is still to be decided about a difference. What no row is about needs no decision; where nobody knows,
/// everything has rows.
pub(crate) async fn open(answers: &Answers, rows: &mut Rows<'_>, difference: &Diff) -> Vec<Decision> {
    let mut asked: Vec<Candidate> = Vec::new();
    for candidate in candidates(difference).into_iter().filter(|c| !answers.denies(c)) {
        // Two columns that have nothing in common may be one all the same; what has no values is not missed.
        let goes = candidate.within.as_ref().map(|table| Loss::Column(table.clone(), candidate.from.as_str().into()));
        let is_missed = match goes.filter(|_| !candidate.is_likely()) {
            Some(loss) => rows.lost(&loss).await.as_deref() != Some(counts::NONE),
            None => true,
        };
        asked.extend(is_missed.then_some(candidate));
    }
    let mut open = renames(&asked);
    open.extend(rows.vanished.iter().filter_map(|it| vanished(answers, it, difference)));
    for change in &difference.changes {
        for loss in change.loses() {
            let old = asked.iter().find(|c| loss.to_string() == format!("{} {}", c.kind, full(c, &c.from)));
            let decision = lost(answers, rows, &loss).await;
            open.extend(decision.map(|it| it.unless(old.map(|c| Unless::Renamed(full(c, &c.from))))));
        }
        for risk in way_back::risks(change, &difference.changes, &rows.dialects) {
            open.extend(way_back(answers, rows, risk, &asked).await);
        }
        let Some((table, column, is_new)) = change.unfilled() else { continue };
        let name = format!("{table}.{}", column.name);
        let new = asked.iter().find(|c| c.kind == "column" && full(c, &c.to) == name);
        let decision = empty(answers, rows, (table, column, is_new)).await;
        open.extend(decision.map(|it| it.unless(new.map(|c| Unless::Renamed(full(c, &c.to))))));
    }
    // Two databases may call what goes by different words, and it goes once.
    let mut said = BTreeSet::new();
    open.retain(|decision| said.insert(decision.said()));
    open
}

/// The tables of a crate's models that a difference drops.
pub(crate) fn gone(vanished: &Vanished, difference: &Diff) -> Vec<String> {
    let goes = |name: &&QualifiedName| {
        difference.changes.iter().any(|it| matches!(it, Change::Table(Delta::Drop(table)) if table.name == **name))
    };
    vanished.tables.iter().filter(goes).map(|name| format!("`{name}`")).collect()
}

/// A crate whose models are not in this program any more, when the plan drops a table of theirs.
fn vanished(answers: &Answers, vanished: &Vanished, difference: &Diff) -> Option<Decision> {
    let gone = gone(vanished, difference);
    if gone.is_empty() || answers.crate_gone.contains(&vanished.package) {
        return None;
    }
    let package = &vanished.package;
    let question = format!(
        "crate `{package}` has the models of {} (its limbeck.lock says so), and none of its models is in this program; \
         if it is only not linked, say `limbeck::models!({});` beside the migrations",
        gone.join(", "),
        package.replace('-', "_")
    );
    let answer = ("its models are gone for good".to_owned(), Answer::CrateGone(package.clone()));
    Some(Decision::new("crate", question, vec![answer]))
}

async fn lost(answers: &Answers, rows: &mut Rows<'_>, loss: &Loss) -> Option<Decision> {
    let name = loss.to_string();
    let mapped = matches!(loss, Loss::Label(of, label) if answers.mapped(of, label).is_some());
    let kept = answers.keeps(&name);
    if mapped || !matches!(loss, Loss::Label(..)) && (kept || answers.loses(&name)) {
        return None;
    }
    let count = rows.lost(loss).await;
    if count.as_deref() == Some(counts::NONE) {
        return None;
    }
    let count = count.map(|count| format!(": {count}")).unwrap_or_default();
    let lose = ("lose it for good".to_owned(), Answer::Lose(name.clone()));
    let keep = ("keep it: a downgrade brings it back".to_owned(), Answer::Keep(name.clone()));
    let keep = (!kept && rows.can_keep(loss)).then_some(keep);
    let (question, answers) = match loss {
        // That rows held it can be kept, and still they need another one.
        Loss::Label(of, label) => (
            format!("{name} goes, and rows hold it{count}"),
            [("give them another".to_owned(), Answer::Map(format!("{of}.{label}")))].into_iter().chain(keep).collect(),
        ),
        Loss::Values(..) => (
            format!("{name} lose what the new type, or what computes them, does not keep{count}"),
            keep.into_iter().chain([lose]).collect(),
        ),
        Loss::Table(_) => {
            (format!("{name} goes, as no model is left for it{count}"), keep.into_iter().chain([lose]).collect())
        }
        Loss::Column(..) => (format!("{name} goes{count}"), keep.into_iter().chain([lose]).collect()),
    };
    Some(Decision { words: rows.labels_that_stay(loss), ..Decision::new("loss", question, answers) })
}

async fn empty(
    answers: &Answers,
    rows: &mut Rows<'_>,
    (table, column, is_new): (&QualifiedName, &Column, bool),
) -> Option<Decision> {
    if answers.says(table, column) {
        return None;
    }
    let count = rows.unfilled(table, (!is_new).then_some(&column.name)).await;
    if count.as_deref() == Some(counts::NONE) {
        return None;
    }
    let count = count.unwrap_or_else(|| "rows".to_owned());
    let name = format!("{table}.{}", column.name);
    let question = if is_new {
        format!("column {name} is NOT NULL, `{table}` has {count}, and the model gives no default")
    } else {
        format!("column {name} becomes NOT NULL, and is NULL in {count} of `{table}`")
    };
    let mut answers = vec![
        ("a one-off value for the rows that are there, as SQL".to_owned(), Answer::Backfill(name.clone())),
        (
            "say it later: a placeholder in the module, which no upgrade runs".to_owned(),
            Answer::Placeholder(name.clone()),
        ),
    ];
    if !is_new {
        let leave = "ignore for now: an upgrade stops while a row is NULL, and names it".to_owned();
        answers.push((leave, Answer::NoBackfill(name)));
    }
    Some(Decision::new("backfill", question, answers))
}

/// What has to be said about undoing a change, where rows may not fit what was before.
async fn way_back(answers: &Answers, rows: &mut Rows<'_>, risk: Risk, asked: &[Candidate]) -> Option<Decision> {
    if answers.irreversible.is_some()
        || risk.is_averted(answers)
        || answers.may_fail(&risk.what)
        || !rows.are_in(&risk.table).await
    {
        return None;
    }
    // Rows are filled in batches, told apart by their key.
    let keyed = rows.is_keyed(&risk.table);
    let fill = ("what they get then, as SQL".to_owned(), Answer::DownFill(risk.what.clone()));
    let fails = ("it may fail then, and change nothing".to_owned(), Answer::DownMayFail(risk.what.clone()));
    let never = ("there is no way back".to_owned(), Answer::Irreversible);
    let offered = match risk.rows {
        Misfit::All if keyed => vec![fill, never],
        Misfit::Values if keyed => vec![fill, fails, never],
        Misfit::Changed => {
            vec![("they may become others then".to_owned(), Answer::DownMayFail(risk.what.clone())), never]
        }
        Misfit::All | Misfit::Values | Misfit::Constraint => vec![fails, never],
    };
    let decision = Decision::new("down", risk.why, offered);
    let kept = risk.unless_kept.filter(|loss| rows.can_keep(loss) && !answers.agree(loss));
    let lost = risk.unless_lost.filter(|loss| !answers.keeps(&loss.to_string()));
    let of = risk.unless_renamed.map(|of| of.to_string());
    let renamed = asked.iter().find(|c| match c.kind {
        "column" => full(c, &c.from) == risk.what,
        "enum" => Some(&c.from) == of.as_ref(),
        _ => false,
    });
    let decision = decision.unless(lost.map(|loss| Unless::Lost(loss.to_string())));
    let decision = decision.unless(kept.map(|loss| Unless::Kept(loss.to_string())));
    Some(decision.unless(renamed.map(|c| Unless::Renamed(full(c, &c.from)))))
}

/// One question for each thing that comes, with all that it may have been, the most alike first.
fn renames(candidates: &[Candidate]) -> Vec<Decision> {
    let mut open: Vec<(String, Decision)> = Vec::new();
    for candidate in candidates {
        let new = full(candidate, &candidate.to);
        let old = full(candidate, &candidate.from);
        let pair = format!("{old}:{}", candidate.to);
        let answer = (format!("`{old}` under a new name"), Answer::Rename(pair));
        let key = format!("{} {new}", candidate.kind);
        if let Some((_, decision)) = open.iter_mut().find(|(known, _)| *known == key) {
            decision.answers.push(answer);
            continue;
        }
        let question = format!("{} `{new}` comes: is it new, or has it another name already?", candidate.kind);
        open.push((key, Decision::new("rename", question, vec![answer])));
    }
    for (key, decision) in &mut open {
        let new = key.split_once(' ').map_or(key.as_str(), |(_, new)| new).to_owned();
        decision.answers.push(("new".to_owned(), Answer::NoRename(new)));
    }
    open.into_iter().map(|(_, decision)| decision).collect()
}
