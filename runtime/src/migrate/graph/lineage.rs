//! How revisions follow each other, whoever says so: registered modules, headers of files, rows of a history.

use std::collections::{BTreeMap, BTreeSet};

use super::GraphError;

/// A migration's place in the graph: its `migration!` header, wherever it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// The revisions that it comes directly after: none for a base, several for a merge.
    pub revises: Vec<String>,
    /// Revisions of other branches that must be there first, by id or by label.
    pub depends_on: Vec<String>,
    /// Names that lead to it and to its branch.
    pub labels: Vec<String>,
    /// What it is about.
    pub message: String,
    /// Where it is said: a file.
    pub file: String,
}

/// Revisions, checked: every parent is there, every id and label is its own, nothing goes in a circle.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    pub(super) revisions: BTreeMap<String, Revision>,
    /// Who revises a revision.
    pub(super) children: BTreeMap<String, BTreeSet<String>>,
    /// Who revises a revision or depends on it.
    pub(super) followers: BTreeMap<String, BTreeSet<String>>,
    labels: BTreeMap<String, String>,
    pub(super) order: Vec<String>,
}

impl Lineage {
    /// Checks revisions and puts them in order.
    ///
    /// # Errors
    ///
    /// When two share an id or a label, a parent is missing, a label cannot be told from something else, or some
    /// revisions wait for each other.
    pub fn new(revisions: impl IntoIterator<Item = Revision>) -> Result<Self, GraphError> {
        let mut graph = Self::default();
        for revision in revisions {
            graph.insert(revision)?;
        }
        let edges: Vec<(String, String, bool)> = graph
            .revisions
            .values()
            .flat_map(|r| {
                let revises = r.revises.iter().map(|p| (p.clone(), r.id.clone(), true));
                revises.chain(r.depends_on.iter().map(|p| (p.clone(), r.id.clone(), false)))
            })
            .collect();
        for (parent, child, revises) in edges {
            let parent = graph.exact(&parent).map(str::to_owned).ok_or_else(|| GraphError::Missing {
                id: child.clone(),
                file: graph.revisions[&child].file.clone(),
                parent: parent.clone(),
            })?;
            if revises {
                graph.children.entry(parent.clone()).or_default().insert(child.clone());
            }
            graph.followers.entry(parent).or_default().insert(child);
        }
        graph.order = graph.sort()?;
        Ok(graph)
    }

    fn insert(&mut self, revision: Revision) -> Result<(), GraphError> {
        if !is_id(&revision.id) {
            return Err(GraphError::BadId { id: revision.id, message: revision.message });
        }
        if let Some(other) = self.revisions.get(&revision.id) {
            let mut files = [other.file.clone(), revision.file];
            files.sort_unstable();
            let [first, second] = files;
            return Err(GraphError::Duplicate { id: revision.id, first, second });
        }
        for label in &revision.labels {
            if !is_label(label) {
                return Err(GraphError::BadLabel { label: label.clone(), id: revision.id.clone() });
            }
            if let Some(first) = self.labels.insert(label.clone(), revision.id.clone()) {
                return Err(GraphError::Label { label: label.clone(), first, second: revision.id.clone() });
            }
        }
        self.revisions.insert(revision.id.clone(), revision);
        Ok(())
    }

    /// Parents before children; among those that could come next, the smallest id.
    fn sort(&self) -> Result<Vec<String>, GraphError> {
        let mut waiting: BTreeMap<&str, usize> =
            self.revisions.values().map(|r| (r.id.as_str(), self.parents(r).len())).collect();
        let mut ready: BTreeSet<&str> = waiting.iter().filter(|(_, n)| **n == 0).map(|(id, _)| *id).collect();
        let mut order = Vec::with_capacity(self.revisions.len());
        while let Some(next) = ready.pop_first() {
            waiting.remove(next);
            order.push(next.to_owned());
            for child in self.followers.get(next).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(child.as_str()) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert(child);
                    }
                }
            }
        }
        // What merely follows a circle is not of it.
        let mut circle: BTreeSet<&str> = waiting.into_keys().collect();
        loop {
            let outside: Vec<&str> = circle
                .iter()
                .filter(|id| self.followers.get(**id).is_none_or(|f| f.iter().all(|c| !circle.contains(c.as_str()))))
                .copied()
                .collect();
            if outside.is_empty() {
                break;
            }
            circle.retain(|id| !outside.contains(id));
        }
        if circle.is_empty() {
            Ok(order)
        } else {
            Err(GraphError::Cycle { ids: circle.into_iter().map(str::to_owned).collect() })
        }
    }

    /// The ids that must be there before a revision.
    pub(super) fn parents<'a>(&'a self, revision: &'a Revision) -> BTreeSet<&'a str> {
        let ids = revision.revises.iter().chain(&revision.depends_on);
        ids.filter_map(|p| self.exact(p)).collect()
    }

    /// The id that an id or a label stands for.
    pub(super) fn exact<'a>(&'a self, word: &str) -> Option<&'a str> {
        match self.revisions.get_key_value(word) {
            Some((id, _)) => Some(id),
            None => self.labels.get(word).map(String::as_str),
        }
    }

    /// A revision in words: its id and message.
    pub(super) fn named(&self, id: &str) -> String {
        self.revisions.get(id).map_or_else(|| id.to_owned(), describe)
    }

    /// One revision.
    #[must_use]
    pub fn revision(&self, id: &str) -> Option<&Revision> {
        self.revisions.get(id)
    }

    /// All revisions, every one after those that it needs.
    pub fn order(&self) -> impl DoubleEndedIterator<Item = &Revision> {
        self.order.iter().filter_map(|id| self.revisions.get(id))
    }

    /// Revisions that no other revises.
    #[must_use]
    pub fn heads(&self) -> Vec<&str> {
        self.order.iter().map(String::as_str).filter(|id| !self.children.contains_key(*id)).collect()
    }

    /// Revisions that revise no other.
    #[must_use]
    pub fn bases(&self) -> Vec<&str> {
        self.order().filter(|r| r.revises.is_empty()).map(|r| r.id.as_str()).collect()
    }

    /// Revisions that more than one other revises.
    #[must_use]
    pub fn branch_points(&self) -> Vec<&str> {
        self.order.iter().map(String::as_str).filter(|id| self.children(id).len() > 1).collect()
    }

    /// Who revises a revision.
    #[must_use]
    pub fn children(&self, id: &str) -> Vec<&str> {
        self.children.get(id).into_iter().flatten().map(String::as_str).collect()
    }

    /// Those of some revisions that no other of them revises: where a database stands, given what was applied.
    #[must_use]
    pub fn heads_of<'a>(&'a self, applied: &BTreeSet<String>) -> Vec<&'a str> {
        let ids = self.order.iter().map(String::as_str).filter(|id| applied.contains(*id));
        ids.filter(|id| self.children(id).iter().all(|c| !applied.contains(*c))).collect()
    }

    /// Some revisions and all that must be there before them.
    #[must_use]
    pub fn ancestors<'a>(&'a self, of: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
        self.closure(of, |id| self.revisions.get(id).map(|r| self.parents(r)).unwrap_or_default())
    }

    /// Some revisions and all that need them.
    #[must_use]
    pub fn descendants<'a>(&'a self, of: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
        self.closure(of, |id| self.followers.get(id).into_iter().flatten().map(String::as_str).collect())
    }

    fn closure<'a>(
        &'a self,
        of: impl IntoIterator<Item = &'a str>,
        next: impl Fn(&'a str) -> BTreeSet<&'a str>,
    ) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&'a str> = of.into_iter().collect();
        while let Some(id) = open.pop() {
            if found.insert(id.to_owned()) {
                open.extend(next(id));
            }
        }
        found
    }
}

/// A revision in words.
fn describe(revision: &Revision) -> String {
    format!("{} ({})", revision.id, revision.message)
}

/// Whether this is eight hexadecimal digits in lower case.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether this can be a label: a word that cannot be read as a prefix of an id, a name of ours, or an offset.
fn is_label(text: &str) -> bool {
    const RESERVED: [&str; 5] = ["head", "heads", "base", "current", "last-run"];
    let word = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let hex = text.len() <= 8 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let offset = text.rsplit_once('-').is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    word && !hex && !offset && !RESERVED.contains(&text)
}
