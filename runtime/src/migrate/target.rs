//! Where to go: Alembic's grammar of revisions.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::{Graph, MigrationDef};

/// A place in the graph, as a user says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one newest migration: `head`.
    Head,
    /// All newest migrations: `heads`.
    Heads,
    /// Before the first: `base`.
    Base,
    /// A migration: its id, a beginning of it of four digits or more, or a label.
    Revision(String),
    /// The newest migration of a label's line: `label@head`.
    LabelHead(String),
    /// So many steps from where the database is: `+2`, `-1`.
    Relative(i64),
    /// So many steps from a place: `8f3a+1`, `head-2`.
    Offset(Box<Target>, i64),
}

/// A place that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The words are not of the grammar.
    #[error(
        "`{0}` is no revision; say an id or four digits of it, a label, `head`, `heads`, `base`, `+N`, `-N`, `REV+N` or `REV-N`"
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
        /// The ids that begin so.
        candidates: Vec<String>,
    },
    /// One is needed, and there are several.
    #[error("there are several heads: {}; say which, or `heads` for all, or bring them together with `limbeck merge`", .0.join(", "))]
    SeveralHeads(Vec<String>),
    /// There are not so many steps.
    #[error("there are not {0} steps in that direction")]
    TooFar(i64),
    /// A step leads to several places.
    #[error("one step from `{from}` leads to {}; say which", .to.join(" or "))]
    Fork {
        /// From where.
        from: String,
        /// To which.
        to: Vec<String>,
    },
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let malformed = || TargetError::Malformed(text.to_owned());
        if text.starts_with(['+', '-']) {
            return text.parse().map(Self::Relative).map_err(|_| malformed());
        }
        if let Some(at) = text.rfind(['+', '-'])
            && let Ok(steps) = text[at..].parse()
        {
            return Ok(Self::Offset(Box::new(text[..at].parse()?), steps));
        }
        match text {
            "head" => Ok(Self::Head),
            "heads" => Ok(Self::Heads),
            "base" => Ok(Self::Base),
            _ => match text.split_once('@') {
                Some((label, "head")) if !label.is_empty() => Ok(Self::LabelHead(label.to_owned())),
                Some(_) => Err(malformed()),
                None if text.is_empty() || text.contains(char::is_whitespace) => Err(malformed()),
                None => Ok(Self::Revision(text.to_owned())),
            },
        }
    }
}

impl Graph {
    /// The migration that an id, the beginning of one, or a label means.
    ///
    /// # Errors
    ///
    /// When none or several do.
    pub fn revision(&self, word: &str) -> Result<&MigrationDef, TargetError> {
        if let Some(found) = self.find(word) {
            return Ok(found);
        }
        if let Some(found) = self.migrations().iter().find(|m| m.labels.contains(&word)) {
            return Ok(found);
        }
        let begins: Vec<&MigrationDef> = self.migrations().iter().filter(|m| m.id.starts_with(word)).collect();
        match begins.as_slice() {
            [one] if word.len() >= 4 => Ok(one),
            [_, _, ..] => Err(TargetError::Ambiguous {
                prefix: word.to_owned(),
                candidates: begins.iter().map(|m| m.id.to_owned()).collect(),
            }),
            [] | [_] => Err(TargetError::Unknown(word.to_owned())),
        }
    }

    /// The one head.
    ///
    /// # Errors
    ///
    /// When there are several.
    pub fn head(&self) -> Result<Option<&MigrationDef>, TargetError> {
        match self.heads().as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            several => Err(TargetError::SeveralHeads(several.iter().map(|m| m.id.to_owned()).collect())),
        }
    }

    /// What must be applied to be at a target, given what is.
    ///
    /// # Errors
    ///
    /// When the target is none.
    pub fn applied_at(
        &self,
        target: &Target,
        applied: &BTreeSet<String>,
    ) -> Result<BTreeSet<&'static str>, TargetError> {
        let heads = self.places(target, applied)?;
        Ok(self.ancestors(heads.iter().copied()))
    }

    /// The migrations that a target names; none for `base`.
    fn places(&self, target: &Target, applied: &BTreeSet<String>) -> Result<Vec<&'static str>, TargetError> {
        Ok(match target {
            Target::Head => self.head()?.map(|m| m.id).into_iter().collect(),
            Target::Heads => self.heads().iter().map(|m| m.id).collect(),
            Target::Base => Vec::new(),
            Target::Revision(word) => vec![self.revision(word)?.id],
            Target::LabelHead(label) => {
                let line = self.descendants([self.revision(label)?.id]);
                let heads: Vec<&'static str> =
                    self.heads().iter().map(|m| m.id).filter(|id| line.contains(id)).collect();
                if heads.len() > 1 {
                    return Err(TargetError::SeveralHeads(heads.iter().map(|id| (*id).to_owned()).collect()));
                }
                heads
            }
            Target::Relative(steps) => {
                let heads = self.heads_of(applied);
                match heads.as_slice() {
                    [] => self.walk(None, *steps)?,
                    [one] => self.walk(Some(one.id), *steps)?,
                    several => {
                        return Err(TargetError::SeveralHeads(several.iter().map(|m| m.id.to_owned()).collect()));
                    }
                }
            }
            Target::Offset(from, steps) => match self.places(from, applied)?.as_slice() {
                [] => self.walk(None, *steps)?,
                [one] => self.walk(Some(one), *steps)?,
                several => return Err(TargetError::SeveralHeads(several.iter().map(|id| (*id).to_owned()).collect())),
            },
        })
    }

    fn walk(&self, from: Option<&str>, steps: i64) -> Result<Vec<&'static str>, TargetError> {
        let mut at: Option<&'static str> = from.and_then(|id| self.find(id)).map(|m| m.id);
        for _ in 0..steps.unsigned_abs() {
            let next: Vec<&'static str> = match (at, steps > 0) {
                (None, true) => self.bases().iter().map(|m| m.id).collect(),
                (Some(id), true) => self.children(id).iter().map(|m| m.id).collect(),
                (None, false) => return Err(TargetError::TooFar(steps)),
                (Some(id), false) => match self.find(id).map_or(&[][..], |m| m.revises) {
                    [] => {
                        at = None;
                        continue;
                    }
                    parents => parents.to_vec(),
                },
            };
            at = match next.as_slice() {
                [] => return Err(TargetError::TooFar(steps)),
                [one] => Some(one),
                several => {
                    return Err(TargetError::Fork {
                        from: at.unwrap_or("base").to_owned(),
                        to: several.iter().map(|id| (*id).to_owned()).collect(),
                    });
                }
            };
        }
        Ok(at.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::GraphError;

    fn m(id: &'static str, revises: &'static [&'static str]) -> MigrationDef {
        MigrationDef { revises, file: id, ..MigrationDef::new(id, |_| {}, |_| {}) }
    }

    fn diamond() -> Graph {
        let all = [
            m("dddd0004", &["bbbb0002", "cccc0003"]),
            m("bbbb0002", &["aaaa0001"]),
            m("aaaa0001", &[]),
            m("cccc0003", &["aaaa0001"]),
        ];
        Graph::new(all).unwrap_or_default()
    }

    fn at(graph: &Graph, target: &str, applied: &[&str]) -> Result<Vec<&'static str>, TargetError> {
        let applied = applied.iter().map(|s| (*s).to_owned()).collect();
        Ok(graph.applied_at(&target.parse()?, &applied)?.into_iter().collect())
    }

    #[test]
    fn a_diamond_is_walked_in_order() {
        let graph = diamond();
        assert_eq!(
            graph.migrations().iter().map(|m| m.id).collect::<Vec<_>>(),
            ["aaaa0001", "bbbb0002", "cccc0003", "dddd0004"]
        );
        assert_eq!(at(&graph, "head", &[]).map(|a| a.len()), Ok(4));
        assert_eq!(at(&graph, "bbbb", &[]), Ok(vec!["aaaa0001", "bbbb0002"]));
        assert_eq!(at(&graph, "base", &["aaaa0001"]), Ok(vec![]));
        assert_eq!(at(&graph, "+1", &[]), Ok(vec!["aaaa0001"]));
        assert_eq!(at(&graph, "bbbb0002-1", &[]), Ok(vec!["aaaa0001"]));
        assert!(matches!(at(&graph, "+1", &["aaaa0001"]), Err(TargetError::Fork { .. })));
        assert!(matches!(at(&graph, "head-1", &[]), Err(TargetError::Fork { .. })));
        assert!(matches!(at(&graph, "base-1", &[]), Err(TargetError::TooFar(-1))));
    }

    #[test]
    fn every_way_to_be_wrong_has_its_error() {
        let graph = Graph::new([m("aaaa0001", &[]), m("aaaa0002", &[])]).unwrap_or_default();
        assert!(matches!(at(&graph, "aaaa", &[]), Err(TargetError::Ambiguous { .. })));
        assert!(matches!(at(&graph, "head", &[]), Err(TargetError::SeveralHeads(_))));
        assert!(matches!(at(&graph, "ffff", &[]), Err(TargetError::Unknown(_))));
        assert!(matches!(at(&graph, "a b", &[]), Err(TargetError::Malformed(_))));
        assert!(matches!(Graph::new([m("a", &["b"])]), Err(GraphError::Missing { .. })));
        assert!(matches!(Graph::new([m("a", &["b"]), m("b", &["a"])]), Err(GraphError::Cycle { .. })));
        let twin = MigrationDef { file: "other", ..m("a", &[]) };
        assert!(matches!(Graph::new([m("a", &[]), twin]), Err(GraphError::Duplicate { .. })));
        assert!(Graph::new([m("a", &[]), m("a", &[])]).is_ok());
    }
}
