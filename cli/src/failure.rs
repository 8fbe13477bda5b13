//! Why a command stopped.

use std::error::Error;

/// How a command ended, as the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All is well; for `check` and `diff`: there is nothing to do.
    Fine = 0,
    /// There is a difference.
    Different = 1,
    /// Something went wrong.
    Error = 2,
    /// A decision is missing.
    Undecided = 3,
}

/// What was being done, why it failed, and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong, with the object's name in it.
    pub(crate) what: String,
    /// Why, one line each.
    pub(crate) why: Vec<String>,
    /// What to do next: a command, or words.
    pub(crate) next: Vec<String>,
    /// How the process ends.
    pub(crate) exit: Exit,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), why: Vec::new(), next: Vec::new(), exit: Exit::Error }
    }

    /// A decision that only a person can make.
    pub(crate) fn undecided(what: impl Into<String>) -> Self {
        Self { exit: Exit::Undecided, ..Self::new(what) }
    }

    /// An error with all its causes.
    pub(crate) fn from_error(error: &dyn Error) -> Self {
        let mut failure = Self::new(error.to_string());
        if let Some(source) = error.source() {
            failure = failure.because(source);
        }
        failure
    }

    /// Adds an error and its causes. What a cause repeats of the line before is said once.
    #[must_use]
    pub(crate) fn because(mut self, error: &dyn Error) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            let text = error.to_string();
            // sqlx says that a database spoke, which is no news here, and in which line of its own source.
            let text = text.strip_prefix("error returned from database: ").unwrap_or(&text);
            let text = match text.rsplit_once(" at line ") {
                Some((said, line)) if line.bytes().all(|b| b.is_ascii_digit()) => said.to_owned(),
                Some(_) | None => text.to_owned(),
            };
            let said = self.why.last().unwrap_or(&self.what);
            if !said.contains(&text) {
                self.why.push(text);
            }
            cause = error.source();
        }
        self
    }

    /// Adds a reason.
    #[must_use]
    pub(crate) fn why(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub(crate) fn next(mut self, next: impl Into<String>) -> Self {
        self.next.push(next.into());
        self
    }
}
