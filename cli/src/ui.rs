//! The only place that prints: results to standard output, notes and errors to standard error.

use std::io::{IsTerminal, Write};

use crate::failure::{Exit, Failure};

/// What is printed where there is something to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
}

/// Where output goes, and how.
#[derive(Debug)]
pub(crate) struct Ui {
    called_as: String,
    colour_out: bool,
    colour_err: bool,
}

/// A line that says what is being done.
pub(crate) struct Working(Option<indicatif::ProgressBar>);

impl Working {
    /// Says it anew. The seconds begin again.
    pub(crate) fn say(&self, text: &str) {
        if let Some(bar) = &self.0 {
            bar.reset_elapsed();
            bar.set_message(text.to_owned());
        }
    }

    /// Whether anybody sees it.
    pub(crate) fn is_shown(&self) -> bool {
        self.0.is_some()
    }

    /// Prints something that stays, beside it.
    pub(crate) fn beside(&self, print: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[derive(Clone, Copy)]
enum Style {
    Plain,
    Red,
    Green,
    Yellow,
    Bold,
}

impl Style {
    fn paint(self, text: &str, colour: bool) -> String {
        let code = match self {
            Self::Plain => return text.to_owned(),
            Self::Red => 31,
            Self::Green => 32,
            Self::Yellow => 33,
            Self::Bold => 1,
        };
        if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

impl Ui {
    /// For this process. Colours only on a terminal, and not when `NO_COLOR` is set (no-color.org).
    pub(crate) fn of_process(called_as: String) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Self {
            called_as,
            colour_out: wanted && std::io::stdout().is_terminal(),
            colour_err: wanted && std::io::stderr().is_terminal(),
        }
    }

    /// A command as the user would type it: `cargo limbeck upgrade`.
    pub(crate) fn command(&self, rest: &str) -> String {
        format!("{} {rest}", self.called_as)
    }

    /// What the user typed to get here.
    pub(crate) fn called_as(&self) -> &str {
        &self.called_as
    }

    /// One line of a result.
    pub(crate) fn line(&self, text: impl AsRef<str>) {
        self.out(&format!("  {}\n", text.as_ref()));
    }

    /// One change, in words: its first character says what it does.
    pub(crate) fn change(&self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let style = match text.chars().next() {
            Some('+') => Style::Green,
            Some('-') => Style::Red,
            Some('~') => Style::Yellow,
            Some(_) | None => Style::Plain,
        };
        self.out(&format!("  {}\n", style.paint(text, self.colour_out)));
    }

    /// What comes next.
    pub(crate) fn next(&self, text: impl AsRef<str>) {
        let label = Style::Bold.paint("next:", self.colour_out);
        self.out(&format!("  {label} {}\n", text.as_ref()));
    }

    /// Text as it is, for programs and files.
    pub(crate) fn raw(&self, text: &str) {
        self.out(text);
    }

    /// Something worth knowing that is no part of the result.
    pub(crate) fn note(&self, text: impl AsRef<str>) {
        let label = Style::Yellow.paint("note:", self.colour_err);
        self.err(&format!("{label} {}\n", text.as_ref()));
    }

    /// An error.
    pub(crate) fn failure(&self, failure: &Failure) {
        let label = Style::Red.paint("error:", self.colour_err);
        let mut text = format!("{label} {}\n", failure.what);
        for why in &failure.why {
            for line in why.lines() {
                text.push_str(&format!("  {line}\n"));
            }
        }
        let label = Style::Bold.paint("next:", self.colour_err);
        for next in &failure.next {
            text.push_str(&format!("  {label} {next}\n"));
        }
        self.err(&text);
    }

    /// What clap has to say: help and the version are results, all else is an error.
    pub(crate) fn usage(&self, error: &clap::Error) -> Exit {
        let colour = if error.use_stderr() { self.colour_err } else { self.colour_out };
        let text = if colour { error.render().ansi().to_string() } else { error.render().to_string() };
        if error.use_stderr() {
            self.err(&text);
            Exit::Error
        } else {
            self.out(&text);
            Exit::Fine
        }
    }

    /// Whether there is somebody to ask.
    pub(crate) fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Asks for one of some answers, by its number; nothing when a person does not want to go on.
    pub(crate) fn choose(&self, question: &str, mut answers: Vec<String>) -> Option<usize> {
        let last = answers.len();
        answers.push("stop here".to_owned());
        let chosen = inquire::Select::new(question, answers).raw_prompt().ok()?;
        (chosen.index != last).then_some(chosen.index)
    }

    /// Asks whether to do something that cannot be undone: whoever only presses a key stops.
    pub(crate) fn agrees(&self, question: &str, yes: &str) -> bool {
        inquire::Select::new(question, vec!["stop here", yes]).raw_prompt().is_ok_and(|chosen| chosen.index == 1)
    }

    /// Asks for words.
    pub(crate) fn words(&self, question: &str, help: &str) -> Option<String> {
        inquire::Text::new(question).with_help_message(help).prompt().ok()
    }

    /// A line that says what is being done, on a terminal; nothing elsewhere.
    pub(crate) fn working(&self) -> Working {
        Working(std::io::stderr().is_terminal().then(|| {
            let bar = indicatif::ProgressBar::new_spinner();
            bar.set_style(
                indicatif::ProgressStyle::with_template("  {msg} {elapsed}")
                    .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()),
            );
            bar.enable_steady_tick(std::time::Duration::from_millis(200));
            bar
        }))
    }

    fn out(&self, text: &str) {
        // A reader that went away (`| head`) is no error of ours.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    fn err(&self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}
