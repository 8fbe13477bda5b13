//! The ways in which migrations, or a word that names some, can be wrong.

/// What is wrong with a set of migrations.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// An id is not one.
    #[error(
        "`{id}` (of migration `{message}`) is no id: eight digits out of 0-9 and a-f; `limbeck revision` makes one"
    )]
    BadId {
        /// The text.
        id: String,
        /// What the migration is about.
        message: String,
    },
    /// Two migrations have one id.
    #[error("two migrations have the id `{id}`: {first} and {second}; give one of them another id")]
    Duplicate {
        /// The id.
        id: String,
        /// One file.
        first: String,
        /// The other.
        second: String,
    },
    /// A migration comes after one that is not there.
    #[error("migration `{id}` ({file}) comes after `{parent}`, which is not there; is its module missing in mod.rs?")]
    Missing {
        /// The migration.
        id: String,
        /// Its file.
        file: String,
        /// The one that is not there.
        parent: String,
    },
    /// Migrations that come after each other.
    #[error("migrations come after each other in a circle: {}; correct `revises` or `depends_on` of one of them", .ids.join(", "))]
    Cycle {
        /// Their ids.
        ids: Vec<String>,
    },
    /// A label can be taken for something else.
    #[error(
        "`{label}` (of migration `{id}`) cannot be a label; choose a word of letters, digits, `_`, `-` and `.` that is no hexadecimal number and no word of the grammar, and does not end in `-` and a number"
    )]
    BadLabel {
        /// The label.
        label: String,
        /// Whose it is.
        id: String,
    },
    /// Two migrations bear one label.
    #[error("two migrations bear the label `{label}`: `{first}` and `{second}`; take it off one of them")]
    Label {
        /// The label.
        label: String,
        /// One id.
        first: String,
        /// The other.
        second: String,
    },
}

/// A place that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// The words are not of the grammar.
    #[error(
        "`{0}` is no revision; say an id or four digits of it, a label, `head`, `heads`, `base`, `+N`, `-N`, `REV+N`, `REV-N` or `label@head`"
    )]
    Malformed(String),
    /// There is no such migration.
    #[error("there is no revision `{0}`; see `limbeck history`")]
    Unknown(String),
    /// More than one id begins so.
    #[error("`{prefix}` may be {}; say more digits", .candidates.join(" or "))]
    Ambiguous {
        /// What was said.
        prefix: String,
        /// The ids that begin so, with what they are about.
        candidates: Vec<String>,
    },
    /// One is needed, and there are several.
    #[error("there are several heads: {}; say which, or `heads` for all", .0.join(", "))]
    SeveralHeads(Vec<String>),
    /// There are not so many steps.
    #[error("`{asked}` goes beyond the {end}; see `limbeck history`")]
    TooFar {
        /// What was said.
        asked: String,
        /// `head` or `base`.
        end: &'static str,
    },
    /// A step leads to several places.
    #[error("`{asked}` may lead to {}; say which", .to.join(" or "))]
    Fork {
        /// What was said.
        asked: String,
        /// To which.
        to: Vec<String>,
    },
    /// The word leads the other way.
    #[error("`{asked}` does not lead {direction}; did you mean `limbeck {instead} {asked}`?")]
    WrongWay {
        /// What was said.
        asked: String,
        /// `up` or `down`.
        direction: &'static str,
        /// The command that goes there.
        instead: &'static str,
    },
    /// A downgrade to a migration that is not applied.
    #[error("revision {0} is not applied, so nothing can be undone back to it; see `limbeck current`")]
    NotApplied(String),
}
