//! The words that name revisions: Alembic's grammar.

use std::fmt;
use std::str::FromStr;

use super::TargetError;

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// `head`: the only head.
    Head,
    /// `heads`: every head.
    Heads,
    /// `base`: before the first revision.
    Base,
    /// `current`: where the database is.
    Current,
    /// `last-run`: before the last run that changed something.
    LastRun,
    /// An id, the beginning of one, or a label.
    Revision(String),
    /// `+2`, `-1`: so many revisions from where the database is.
    Relative(i32),
    /// `1a2b+2`, `head-1`: so many revisions from that one.
    Offset(Box<Target>, i32),
    /// `label@head`, `label@+1`: the same within one branch.
    Branch(String, Within),
}

/// Where to go within a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Its only head.
    Head,
    /// Every head of it.
    Heads,
    /// Before its first revision.
    Base,
    /// So many revisions of it from where the database is.
    Relative(i32),
}

impl Target {
    /// A revision by its id, the beginning of its id, or a label.
    pub fn revision(word: impl Into<String>) -> Self {
        Self::Revision(word.into())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Heads => f.write_str("heads"),
            Self::Base => f.write_str("base"),
            Self::Current => f.write_str("current"),
            Self::LastRun => f.write_str("last-run"),
            Self::Revision(word) => f.write_str(word),
            Self::Relative(by) => write!(f, "{by:+}"),
            Self::Offset(from, by) => write!(f, "{from}{by:+}"),
            Self::Branch(label, within) => write!(f, "{label}@{within}"),
        }
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Heads => f.write_str("heads"),
            Self::Base => f.write_str("base"),
            Self::Relative(by) => write!(f, "{by:+}"),
        }
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let malformed = || TargetError::Malformed(text.to_owned());
        if let Some((label, within)) = text.split_once('@') {
            let within = match within.parse().map_err(|_| malformed())? {
                Self::Head => Within::Head,
                Self::Heads => Within::Heads,
                Self::Base => Within::Base,
                Self::Relative(by) => Within::Relative(by),
                Self::Current | Self::LastRun | Self::Revision(_) | Self::Offset(..) | Self::Branch(..) => {
                    return Err(malformed());
                }
            };
            return if is_word(label) { Ok(Self::Branch(label.to_owned(), within)) } else { Err(malformed()) };
        }
        match text {
            "head" => return Ok(Self::Head),
            "heads" => return Ok(Self::Heads),
            "base" => return Ok(Self::Base),
            "current" => return Ok(Self::Current),
            "last-run" => return Ok(Self::LastRun),
            _ => {}
        }
        if let Some(at) = text.rfind(['+', '-'])
            && text[at + 1..].bytes().all(|b| b.is_ascii_digit())
            && let Ok(by) = text[at..].parse::<i32>()
        {
            if at == 0 {
                return Ok(Self::Relative(by));
            }
            return match text[..at].parse().map_err(|_| malformed())? {
                from @ (Self::Head | Self::Base | Self::Current | Self::Revision(_)) => {
                    Ok(Self::Offset(Box::new(from), by))
                }
                Self::Heads | Self::LastRun | Self::Relative(_) | Self::Offset(..) | Self::Branch(..) => {
                    Err(malformed())
                }
            };
        }
        if is_word(text) { Ok(Self::Revision(text.to_owned())) } else { Err(malformed()) }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// `A:B`: the revisions from one to another, both included; a side left out is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub from: Option<Target>,
    /// The last.
    pub to: Option<Target>,
}

impl FromStr for Range {
    type Err = TargetError;

    /// A word without a colon is that revision alone.
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let side = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        match text.split_once(':') {
            Some((from, to)) => Ok(Self { from: side(from)?, to: side(to)? }),
            None => {
                let only: Target = text.parse()?;
                Ok(Self { from: Some(only.clone()), to: Some(only) })
            }
        }
    }
}
