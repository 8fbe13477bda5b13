//! Says what a run does, while it does: a line that moves on a terminal, plain lines elsewhere.

use limbeck::migrate::{Direction, Event, Progress};

use crate::ui::{Ui, Working};

/// Somebody who listens to a run.
pub(crate) struct Telling<'a> {
    ui: &'a Ui,
    working: Working,
    /// The migration, and how many statements it has and how many of them were sent.
    at: (String, usize, usize),
}

impl<'a> Telling<'a> {
    /// To this terminal.
    pub(crate) fn new(ui: &'a Ui) -> Self {
        Self { ui, working: ui.working(), at: (String::new(), 0, 0) }
    }
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up  ",
        Direction::Down => "down",
    }
}

impl Progress for Telling<'_> {
    fn event(&mut self, event: Event<'_>) {
        let ui = self.ui;
        match event {
            Event::Waiting { holder } => {
                let holder = holder.map(|holder| format!(" ({holder})")).unwrap_or_default();
                self.working.beside(|| ui.note(format!("waiting for another run{holder}")));
            }
            Event::Begin { id, message, direction, statements } => {
                self.at = (format!("{} {id} {message}", word(direction)), statements, 0);
                self.working.say(&self.at.0);
            }
            Event::Statement(statement) => {
                let (title, all, sent) = &mut self.at;
                *sent += 1;
                self.working.say(&format!("{title}: {} ({sent} of {all})", statement.about));
            }
            // On a terminal the line counts the seconds itself.
            Event::Running { about, rows, took } => match (took.as_secs(), self.working.is_shown()) {
                (0, true) => self.working.say(&format!("{}: {about}: {rows} rows", self.at.0)),
                (0, false) => ui.note(format!("{about}: {rows} rows")),
                (seconds, false) if seconds % 10 == 0 => ui.note(format!("{about}: {rows} rows, {seconds} s")),
                _ => {}
            },
            Event::Batch { about, rows, rest } => {
                self.working.say(&format!("{}: {about}: {rows} rows, about {rest} left", self.at.0));
            }
            Event::Resume { id, message, done, parts } => self.working.beside(|| {
                ui.note(format!("{id} {message} was half done by another run: {done} of {parts} parts; going on"));
            }),
            Event::Retry { id } => {
                self.working.beside(|| ui.note(format!("{id}: others are in the way, trying again")))
            }
            Event::End { id, message, direction, took } => self.working.beside(|| {
                ui.line(format!("{} {id} {message} ({} ms)", word(direction), took.as_millis()));
            }),
            // The enum may grow; what is not known here is not told.
            _ => {}
        }
    }
}
