//! How a constraint or an index is told from others without its name.

use super::PartRef;
use crate::schema::{Check, Exclusion, ForeignKey, Index, Name, Part, Table, Unique, tokens};

/// A part that can be found by less than its whole structure.
pub trait Outline: Part + std::fmt::Debug {
    /// Whether another is over the same columns, keys or condition.
    fn outlines(&self, other: &Self) -> bool;

    /// The part with nothing but its outline.
    #[must_use]
    fn outline(&self) -> Self;
}

impl Outline for Unique {
    fn outlines(&self, other: &Self) -> bool {
        self.columns == other.columns
    }

    fn outline(&self) -> Self {
        Self::new(self.columns.clone())
    }
}

impl Outline for Check {
    fn outlines(&self, other: &Self) -> bool {
        let values =
            |c: &Self| tokens(c.expression.as_str()).iter().map(crate::schema::Token::value).collect::<Vec<_>>();
        values(self) == values(other)
    }

    fn outline(&self) -> Self {
        Self::new(self.expression.clone())
    }
}

impl Outline for ForeignKey {
    fn outlines(&self, other: &Self) -> bool {
        self.columns == other.columns
    }

    /// A reference by columns alone: whom it refers to is open.
    fn outline(&self) -> Self {
        Self::new(self.columns.clone(), "", Vec::<Name>::new())
    }
}

impl Outline for Exclusion {
    fn outlines(&self, other: &Self) -> bool {
        self.elements == other.elements
    }

    fn outline(&self) -> Self {
        self.structure()
    }
}

impl Outline for Index {
    fn outlines(&self, other: &Self) -> bool {
        self.keys == other.keys
    }

    fn outline(&self) -> Self {
        Self::new(self.keys.clone())
    }
}

impl<P: Outline> PartRef<P> {
    /// Where a table has this part, when it has exactly one such.
    #[must_use]
    pub fn find(&self, table: &Table) -> Option<usize> {
        let parts = P::all(table);
        match self {
            Self::Name(name) => parts.iter().position(|p| p.name() == Some(name)),
            Self::Like(wanted) => {
                let structure = wanted.structure();
                let only = |fits: &dyn Fn(&P) -> bool| {
                    let mut found = parts.iter().enumerate().filter(|(_, p)| fits(p));
                    match (found.next(), found.next()) {
                        (Some((at, _)), None) => Some(at),
                        (None | Some(_), _) => None,
                    }
                };
                only(&|p| p.structure() == structure).or_else(|| only(&|p| p.outlines(wanted)))
            }
        }
    }

    /// The shortest reference that finds this part of a table: its declared name, its outline, or all of it.
    #[must_use]
    pub fn to(part: &P, table: &Table) -> Self {
        if let Some(name) = part.name() {
            return Self::Name(name.clone());
        }
        let place = P::all(table).iter().position(|p| p == part);
        let outline = Self::Like(part.outline());
        if place.is_some() && outline.find(table) == place { outline } else { Self::Like(part.structure()) }
    }
}
