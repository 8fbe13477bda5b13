//! Enum types.

use super::Run;
use super::remake::Made;
use crate::change::Delta;
use crate::dialect::postgres::write::{qualified, string};
use crate::schema::{Enum, Name};

impl Run<'_> {
    pub(super) fn enumeration(&mut self, delta: &Delta<Enum>) {
        match delta {
            Delta::Create(e) => {
                match self.old_domains.remove(&e.name) {
                    Some(from) => self.remake(Made::DomainToEnum(&from, e)),
                    None => self.create_enum(e),
                }
                self.first_comment(
                    &format!("TYPE {}", qualified(&e.name)),
                    e.comment.as_deref(),
                    &format!("enum `{}`", e.name),
                );
            }
            Delta::Drop(e) if self.leaves(&e.name) => {
                self.old_enums.insert(e.name.clone(), e.clone());
            }
            Delta::Drop(e) => self.say(format!("DROP TYPE {}", qualified(&e.name)), format!("drop enum `{}`", e.name)),
            Delta::Alter { from, to } => {
                if from.name != to.name {
                    self.moved("TYPE", "enum", &from.name, &to.name);
                }
                let mut recreated = false;
                if from.labels != to.labels {
                    match additions(&from.labels, &to.labels) {
                        Some(additions) => self.add_values(to, &additions),
                        None => {
                            self.remake(Made::Enum(&Enum { name: to.name.clone(), ..from.clone() }, to));
                            recreated = true;
                        }
                    }
                }
                if from.comment != to.comment || recreated && to.comment.is_some() {
                    self.comment(
                        &format!("TYPE {}", qualified(&to.name)),
                        to.comment.as_deref(),
                        &format!("enum `{}`", to.name),
                    );
                }
            }
        }
    }

    pub(super) fn create_enum(&mut self, e: &Enum) {
        let labels: Vec<String> = e.labels.iter().map(|l| string(l)).collect();
        let sql = format!("CREATE TYPE {} AS ENUM ({})", qualified(&e.name), labels.join(", "));
        self.say(sql, format!("create enum `{}`", e.name));
    }

    /// New values in their places. One that a later statement uses has to be committed before (manual, `ALTER TYPE`,
    /// *Notes*).
    fn add_values(&mut self, to: &Enum, additions: &[(Name, String)]) {
        for (label, place) in additions {
            let sql = format!("ALTER TYPE {} ADD VALUE {}{place}", qualified(&to.name), string(label));
            self.say(sql, format!("add label `{label}` to enum `{}`", to.name));
        }
        if additions.iter().any(|(label, _)| self.used_later(label)) {
            self.committed();
        }
    }

    fn used_later(&self, label: &Name) -> bool {
        // A label stands in a literal default as it is, in an expression as a string.
        let said = [format!("{:?}", label.as_str()), format!("'{}'", label.replace('\'', "''"))];
        self.later.iter().any(|change| {
            let text = format!("{change:?}");
            said.iter().any(|s| text.contains(s.as_str()))
        })
    }
}

/// The labels to add and where, when adding is all there is to do.
fn additions(from: &[Name], to: &[Name]) -> Option<Vec<(Name, String)>> {
    let mut kept = to.iter().filter(|l| from.contains(l));
    if !from.iter().all(|l| kept.next() == Some(l)) || kept.next().is_some() {
        return None;
    }
    let mut found = Vec::new();
    for (at, label) in to.iter().enumerate().filter(|(_, l)| !from.contains(l)) {
        let last = to[at..].iter().all(|l| !from.contains(l));
        let place = match (last, at) {
            (true, _) => String::new(),
            (false, 0) => {
                // Labels before the first old one are added in order, each before that one.
                let next = to[at..].iter().find(|l| from.contains(l))?;
                format!(" BEFORE {}", string(next))
            }
            (false, _) => format!(" AFTER {}", string(&to[at - 1])),
        };
        found.push((label.clone(), place));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<Name> {
        list.iter().map(|n| Name::from(*n)).collect()
    }

    #[test]
    fn labels_are_added_in_their_places() {
        let places = |from: &[&str], to: &[&str]| {
            additions(&names(from), &names(to)).map(|a| a.iter().map(|(l, p)| format!("{l}{p}")).collect::<Vec<_>>())
        };
        assert_eq!(places(&["b"], &["a", "b", "c"]), Some(vec!["a BEFORE 'b'".into(), "c".into()]));
        assert_eq!(places(&["b"], &["x", "y", "b"]), Some(vec!["x BEFORE 'b'".into(), "y AFTER 'x'".into()]));
        assert_eq!(places(&["a", "d"], &["a", "b", "c", "d"]), Some(vec!["b AFTER 'a'".into(), "c AFTER 'b'".into()]));
        assert_eq!(places(&["a", "b"], &["b", "a"]), None);
        assert_eq!(places(&["a", "b"], &["a"]), None);
    }
}
