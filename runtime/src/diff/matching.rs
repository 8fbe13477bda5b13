//! Matching things on both sides: by name, and parts of tables by structure where no one declared a name.

use std::collections::BTreeMap;

use crate::change::Delta;
use crate::schema::Part;

/// The differences between two maps.
pub(super) fn entries<'a, K: Ord, T: Clone + PartialEq>(
    from: &'a BTreeMap<K, T>,
    to: &'a BTreeMap<K, T>,
) -> impl Iterator<Item = Delta<T>> + 'a {
    let dropped = from.iter().filter(|(key, _)| !to.contains_key(key)).map(|(_, it)| Delta::Drop(it.clone()));
    let others = to.iter().filter_map(|(key, it)| match from.get(key) {
        None => Some(Delta::Create(it.clone())),
        Some(same) if same == it => None,
        Some(other) => Some(Delta::Alter { from: other.clone(), to: it.clone() }),
    });
    dropped.chain(others)
}

/// Pairs the parts of two tables, as places in the two lists.
///
/// Equal names first; then a part that no one named takes one of the same structure; last, one that bears another
/// name (a rename).
pub(super) fn pairs<P: Part>(from: &[P], to: &[P], same: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut free: Vec<usize> = (0..from.len()).collect();
    let mut open: Vec<usize> = (0..to.len()).collect();
    let mut found = Vec::new();
    let mut pass = |fits: &dyn Fn(usize, usize) -> bool| {
        open.retain(|&t| match free.iter().position(|&f| fits(f, t)) {
            Some(at) => {
                found.push((free.remove(at), t));
                false
            }
            None => true,
        });
    };
    pass(&|f, t| to[t].name().is_some() && from[f].name() == to[t].name());
    pass(&|f, t| to[t].name().is_none() && from[f].name().is_none() && same(f, t));
    pass(&|f, t| to[t].name().is_none() && same(f, t));
    pass(&|f, t| same(f, t));
    found.sort_unstable_by_key(|&(_, t)| t);
    found
}

/// The differences between the parts of two tables. A part whose structure differs is dropped and created; one whose
/// name or comment differs is altered.
pub(super) fn parts<P: Part>(from: &[P], to: &[P]) -> Vec<Delta<P>> {
    let structures = |parts: &[P]| parts.iter().map(P::structure).collect::<Vec<_>>();
    let (before, after) = (structures(from), structures(to));
    let mut pairs = pairs(from, to, |f, t| before[f] == after[t]);
    // What has not looked at the rows that were there can do so and stay.
    let validated = |f: usize, t: usize| from[f].validated().is_some_and(|p| p.structure() == after[t]);
    let kept =
        |f: usize, t: usize| from[f].name().is_some() && (to[t].name().is_none() || to[t].name() == from[f].name());
    for t in 0..to.len() {
        let free = |f: &usize| pairs.iter().all(|(g, u)| g != f && *u != t);
        if let Some(f) = (0..from.len()).filter(free).find(|&f| kept(f, t) && validated(f, t)) {
            pairs.push((f, t));
        }
    }
    let gone = (0..from.len()).filter(|f| pairs.iter().all(|(g, _)| g != f)).map(|f| Delta::Drop(from[f].clone()));
    let come = (0..to.len()).filter(|t| pairs.iter().all(|(_, u)| u != t)).map(|t| Delta::Create(to[t].clone()));
    let mut deltas: Vec<Delta<P>> = gone.collect();
    for &(f, t) in &pairs {
        let kept = to[t].clone().with_name(to[t].name().or(from[f].name()).cloned());
        if before[f] != after[t] && !validated(f, t) {
            deltas.extend([Delta::Drop(from[f].clone()), Delta::Create(to[t].clone())]);
        } else if from[f] != kept {
            deltas.push(Delta::Alter { from: from[f].clone(), to: kept });
        }
    }
    deltas.extend(come);
    deltas
}
