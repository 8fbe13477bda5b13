//! Asking what is still to be decided, where somebody can answer; a list of it everywhere else.

use serde_json::json;

use super::answers::{Answer, Answers};
use super::open::Decision;
use crate::failure::Failure;
use crate::ui::Format;
use crate::ui::Ui;

/// Asks, on a terminal; elsewhere the list of all that is open, with the command that answers it.
pub(crate) fn settle(
    ui: &Ui,
    open: Vec<Decision>,
    answers: &mut Answers,
    (again, format): (&str, Format),
) -> Result<(), Failure> {
    if ui.can_ask() && format == Format::Human {
        // What is open only if another answer does not settle it is asked when that is known.
        for decision in open.into_iter().filter(|decision| decision.unless.is_empty()) {
            // One thing can be renamed only once: what is used up is not offered again.
            let given: Vec<Answer> = answers.rename.iter().cloned().map(Answer::Rename).collect();
            let offered: Vec<(String, Answer)> = decision
                .answers
                .into_iter()
                .filter(|(_, answer)| !given.iter().any(|other| answer.uses_up(other)))
                .collect();
            let (answer, said) = asked(ui, (&decision.question, &decision.words), offered)
                .ok_or_else(|| Failure::undecided("stopped; nothing was written"))?;
            answers.give(answer, said);
        }
        return Ok(());
    }
    if format == Format::Json {
        let list = open.iter().map(|decision| {
            let answers = decision.answers.iter().map(|(words, a)| json!({ "answer": words, "flag": a.flag() }));
            json!({ "kind": decision.kind, "question": decision.said(), "answers": answers.collect::<Vec<_>>() })
        });
        ui.raw(&format!("{:#}\n", json!({ "decisions": list.collect::<Vec<_>>() })));
    }
    let mut failure = Failure::undecided(match open.len() {
        1 => "one decision is missing; nothing was written".to_owned(),
        n => format!("{n} decisions are missing; nothing was written"),
    });
    for decision in &open {
        failure = failure.why(decision.said());
        for (words, answer) in &decision.answers {
            failure = failure.why(format!("  {:<40} {words}", answer.flag()));
        }
    }
    let mut chosen: Vec<&Answer> = Vec::new();
    for decision in &open {
        if let Some(answer) = decision.first(&chosen) {
            chosen.push(answer);
        }
    }
    let flags: Vec<String> = chosen.into_iter().map(Answer::flag).collect();
    Err(failure.next(ui.command(&format!("{again} {}", flags.join(" ")))))
}

/// What a person answers, with the words that the answer needs.
fn asked(ui: &Ui, (question, known): (&str, &[String]), offered: Vec<(String, Answer)>) -> Option<(Answer, String)> {
    let words = offered.iter().map(|(words, _)| words.clone()).collect();
    let (_, answer) = offered.into_iter().nth(ui.choose(question, words)?)?;
    let said = match &answer {
        Answer::Rename(_)
        | Answer::NoRename(_)
        | Answer::Lose(_)
        | Answer::Keep(_)
        | Answer::Placeholder(_)
        | Answer::NoBackfill(_)
        | Answer::CrateGone(_)
        | Answer::DownMayFail(_)
        | Answer::Irreversible => String::new(),
        Answer::Backfill(column) | Answer::DownFill(column) => ui.words(&format!("{column} ="), "SQL")?,
        Answer::Map(label) => {
            let at = ui.choose(&format!("{label} becomes"), known.to_vec())?;
            known.get(at)?.clone()
        }
    };
    Some((answer, said))
}
