//! Which revisions a word means, and which to apply or undo to get there.

use std::collections::BTreeSet;

use super::{Lineage, Range, Revision, Target, TargetError, Within};

/// Fewer digits than this are no name.
const PREFIX: usize = 4;

impl Lineage {
    /// The id that a word stands for: an id, a label, or the beginning of exactly one id.
    ///
    /// # Errors
    ///
    /// When no revision or more than one is meant.
    pub fn find(&self, word: &str) -> Result<&str, TargetError> {
        if let Some(id) = self.exact(word) {
            return Ok(id);
        }
        if word.len() < PREFIX {
            return Err(TargetError::Unknown(word.to_owned()));
        }
        let after = self.revisions.range(word.to_owned()..).map(|(id, _)| id.as_str());
        let found: Vec<&str> = after.take_while(|id| id.starts_with(word)).collect();
        match found.as_slice() {
            [] => Err(TargetError::Unknown(word.to_owned())),
            [one] => Ok(one),
            [_, ..] => Err(TargetError::Ambiguous { prefix: word.to_owned(), candidates: self.all_named(&found) }),
        }
    }

    /// The revisions that a word means, given what is applied; none is `base`.
    ///
    /// # Errors
    ///
    /// When the word is not clear, or leads nowhere.
    pub fn targets(&self, target: &Target, applied: &BTreeSet<String>) -> Result<Vec<&str>, TargetError> {
        match target {
            Target::Head => self.one_head(self.heads()),
            Target::Heads => Ok(self.heads()),
            Target::Base => Ok(Vec::new()),
            Target::Current => Ok(self.heads_of(applied)),
            Target::Revision(word) => Ok(vec![self.find(word)?]),
            Target::Offset(from, by) => match self.targets(from, applied)?.as_slice() {
                [] => Ok(self.offset(target, None, *by)?.into_iter().collect()),
                [one] => Ok(self.offset(target, Some(one), *by)?.into_iter().collect()),
                several @ [_, ..] => Err(TargetError::SeveralHeads(self.all_named(several))),
            },
            Target::Branch(label, within) => {
                let branch = self.branch(label)?;
                let heads = || self.heads().into_iter().filter(|h| branch.contains(*h)).collect();
                match within {
                    Within::Head => self.one_head(heads()),
                    Within::Heads => Ok(heads()),
                    Within::Base => Ok(Vec::new()),
                    Within::Relative(_) => Err(TargetError::Malformed(target.to_string())),
                }
            }
            Target::LastRun | Target::Relative(_) => Err(TargetError::Malformed(target.to_string())),
        }
    }

    /// The revisions to apply, in order, to get up to a target.
    ///
    /// # Errors
    ///
    /// When the target is not clear, or does not lead up.
    pub fn upgrade(&self, target: &Target, applied: &BTreeSet<String>) -> Result<Vec<&str>, TargetError> {
        let wrong_way = || TargetError::WrongWay { asked: target.to_string(), direction: "up", instead: "downgrade" };
        match target {
            Target::Relative(by) if *by >= 0 => return self.climb(target, *by, applied, |_| true),
            Target::Branch(label, Within::Relative(by)) if *by >= 0 => {
                let branch = self.branch(label)?;
                return self.climb(target, *by, applied, |id| branch.contains(id));
            }
            Target::Base | Target::LastRun | Target::Relative(_) => return Err(wrong_way()),
            Target::Branch(_, Within::Base | Within::Relative(_)) => return Err(wrong_way()),
            Target::Head
            | Target::Heads
            | Target::Current
            | Target::Revision(_)
            | Target::Offset(..)
            | Target::Branch(_, Within::Head | Within::Heads) => {}
        }
        let wanted = self.ancestors(self.targets(target, applied)?);
        Ok(self.in_order(&wanted).filter(|id| !applied.contains(*id)).collect())
    }

    /// The revisions to undo to get down to a target. `there` is this lineage with what a database has besides: rows
    /// of a newer program. `last_run` is what the last run applied.
    ///
    /// # Errors
    ///
    /// When the target is not clear, not applied, or does not lead down.
    pub(super) fn undone(
        &self,
        target: &Target,
        there: &Self,
        applied: &BTreeSet<String>,
        last_run: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, TargetError> {
        match target {
            Target::Base => Ok(applied.clone()),
            Target::LastRun => Ok(there.descendants(last_run.iter().map(String::as_str))),
            Target::Relative(by) if *by < 0 => there.descend(target, by.unsigned_abs(), applied, |_| true),
            Target::Branch(label, Within::Relative(by)) if *by < 0 => {
                let branch = there.branch(label)?;
                there.descend(target, by.unsigned_abs(), applied, |id| branch.contains(id))
            }
            Target::Branch(label, Within::Base) => Ok(there.only_for(there.find(label)?, applied)),
            Target::Relative(_) | Target::Branch(_, Within::Relative(_)) => {
                Err(TargetError::WrongWay { asked: target.to_string(), direction: "down", instead: "upgrade" })
            }
            Target::Head
            | Target::Heads
            | Target::Current
            | Target::Revision(_)
            | Target::Offset(..)
            | Target::Branch(_, Within::Head | Within::Heads) => {
                // What only the database knows can be gone down to as well.
                let stay = match self.targets(target, applied) {
                    Err(TargetError::Unknown(_)) => there.targets(target, applied)?,
                    stay => stay?,
                };
                if let Some(absent) = stay.iter().find(|id| !applied.contains(**id)) {
                    return Err(TargetError::NotApplied(self.named(absent)));
                }
                if stay.is_empty() {
                    return Ok(applied.clone());
                }
                let followers = stay.iter().flat_map(|id| there.followers.get(*id).into_iter().flatten());
                Ok(there.descendants(followers.map(String::as_str)))
            }
        }
    }

    /// This lineage and some revisions of a newer program, as far as they are known.
    pub(super) fn with(&self, rows: &[Revision]) -> Self {
        let mut there = self.clone();
        for row in rows.iter().filter(|row| !self.revisions.contains_key(&row.id)) {
            for parent in &row.revises {
                there.children.entry(parent.clone()).or_default().insert(row.id.clone());
                there.followers.entry(parent.clone()).or_default().insert(row.id.clone());
            }
            there.order.push(row.id.clone());
            there.revisions.insert(row.id.clone(), row.clone());
        }
        there
    }

    /// The revisions of a range, in order.
    ///
    /// # Errors
    ///
    /// When a side of it is not clear.
    pub fn range(&self, range: &Range, applied: &BTreeSet<String>) -> Result<Vec<&str>, TargetError> {
        let all = || self.order.iter().cloned().collect::<BTreeSet<String>>();
        let below = match &range.to {
            None => all(),
            Some(to) => self.ancestors(self.targets(to, applied)?),
        };
        let above = match &range.from {
            None | Some(Target::Base) => all(),
            Some(from) => self.descendants(self.targets(from, applied)?),
        };
        let both: BTreeSet<String> = below.intersection(&above).cloned().collect();
        Ok(self.in_order(&both).collect())
    }

    /// A label's branch: the revision that bears it, all that leads to it and all that follows it.
    fn branch(&self, label: &str) -> Result<BTreeSet<String>, TargetError> {
        let id = self.find(label)?;
        let mut branch = self.ancestors([id]);
        branch.extend(self.descendants([id]));
        Ok(branch)
    }

    fn one_head<'a>(&self, heads: Vec<&'a str>) -> Result<Vec<&'a str>, TargetError> {
        if heads.len() > 1 {
            return Err(TargetError::SeveralHeads(self.all_named(&heads)));
        }
        Ok(heads)
    }

    fn all_named(&self, ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| self.named(id)).collect()
    }

    fn in_order<'a>(&'a self, ids: &BTreeSet<String>) -> impl DoubleEndedIterator<Item = &'a str> {
        self.order.iter().map(String::as_str).filter(|id| ids.contains(*id))
    }

    fn one_way<'a>(&self, asked: &Target, ways: &[&'a str], end: &'static str) -> Result<&'a str, TargetError> {
        match ways {
            [] => Err(TargetError::TooFar { asked: asked.to_string(), end }),
            [one] => Ok(one),
            several @ [_, ..] => Err(TargetError::Fork { asked: asked.to_string(), to: self.all_named(several) }),
        }
    }

    /// So many revisions away from one; `base` is one below the first.
    fn offset<'a>(&'a self, asked: &Target, from: Option<&'a str>, by: i32) -> Result<Option<&'a str>, TargetError> {
        let mut at = from;
        for _ in 0..by.unsigned_abs() {
            at = match at.and_then(|id| self.revision(id)) {
                Some(revision) if by > 0 => Some(self.one_way(asked, &self.children(&revision.id), "head")?),
                Some(revision) if revision.revises.is_empty() => None,
                Some(revision) => {
                    let parents: Vec<&str> = revision.revises.iter().filter_map(|p| self.exact(p)).collect();
                    Some(self.one_way(asked, &parents, "base")?)
                }
                None if by > 0 => Some(self.one_way(asked, &self.bases(), "head")?),
                None => return Err(TargetError::TooFar { asked: asked.to_string(), end: "base" }),
            };
        }
        Ok(at)
    }

    /// The next so many revisions, each the only one that can come next, with all that they depend on.
    fn climb(
        &self,
        asked: &Target,
        by: i32,
        applied: &BTreeSet<String>,
        within: impl Fn(&str) -> bool,
    ) -> Result<Vec<&str>, TargetError> {
        let mut there = applied.clone();
        for _ in 0..by {
            let ways: Vec<&str> = self
                .order()
                .filter(|r| !there.contains(&r.id) && within(&r.id))
                .filter(|r| r.revises.iter().filter_map(|p| self.exact(p)).all(|p| there.contains(p)))
                .map(|r| r.id.as_str())
                .collect();
            let next = self.one_way(asked, &ways, "head")?;
            there.extend(self.ancestors([next]));
        }
        Ok(self.in_order(&there).filter(|id| !applied.contains(*id)).collect())
    }

    /// The last so many revisions, each the only one that can go next, with all that need them.
    fn descend(
        &self,
        asked: &Target,
        by: u32,
        applied: &BTreeSet<String>,
        within: impl Fn(&str) -> bool,
    ) -> Result<BTreeSet<String>, TargetError> {
        let mut undone = BTreeSet::new();
        for _ in 0..by {
            let there: BTreeSet<String> = applied.difference(&undone).cloned().collect();
            let ways: Vec<&str> = self.heads_of(&there).into_iter().filter(|id| within(id)).collect();
            undone.extend(self.descendants([self.one_way(asked, &ways, "base")?]));
        }
        Ok(undone)
    }

    /// What goes when a branch goes: its revision, all that needs it, and what only led to it.
    fn only_for(&self, id: &str, applied: &BTreeSet<String>) -> BTreeSet<String> {
        let mut gone = self.descendants([id]);
        let leading = self.ancestors([id]);
        for id in self.in_order(&leading).rev() {
            let needed = self.followers.get(id).into_iter().flatten();
            if needed.filter(|f| applied.contains(*f)).all(|f| gone.contains(f)) {
                gone.insert(id.to_owned());
            }
        }
        gone
    }
}
