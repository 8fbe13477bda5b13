//! What a change loses for good.

use std::fmt;

use super::{Change, Delta, Fit, fit};
use crate::schema::{Name, QualifiedName, SqlObjectKind};

/// Data that a change throws away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// A table with its rows.
    Table(QualifiedName),
    /// A column with its values.
    Column(QualifiedName, Name),
    /// A label of an enum: rows cannot hold it any more.
    Label(QualifiedName, Name),
    /// What of a column's values does not fit its new type.
    Values(QualifiedName, Name),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => write!(f, "table {table}"),
            Self::Column(table, column) => write!(f, "column {table}.{column}"),
            Self::Label(of, label) => write!(f, "label {of}.{label}"),
            Self::Values(table, column) => write!(f, "values {table}.{column}"),
        }
    }
}

impl Change {
    /// What this change loses. A computed column loses nothing.
    #[must_use]
    pub fn loses(&self) -> Vec<Loss> {
        match self {
            Self::Object(Delta::Drop(o)) if o.kind.holds_rows() => vec![Loss::Table(o.name.clone())],
            // It can only be made anew.
            Self::Object(Delta::Alter { from, .. }) if from.kind == SqlObjectKind::VirtualTable => {
                vec![Loss::Table(from.name.clone())]
            }
            Self::Table(Delta::Drop(table)) => vec![Loss::Table(table.name.clone())],
            Self::Column(it) => match &it.delta {
                Delta::Drop(c) if c.generated.is_none() => {
                    vec![Loss::Column(it.table.clone(), c.name.clone())]
                }
                // What is computed takes the place of what was there.
                Delta::Alter { from, to }
                    if fit(&from.ty, &to.ty) == Fit::Loses || from.generated.is_none() && to.generated.is_some() =>
                {
                    vec![Loss::Values(it.table.clone(), to.name.clone())]
                }
                Delta::Create(_) | Delta::Drop(_) | Delta::Alter { .. } => Vec::new(),
            },
            Self::Enum(Delta::Alter { from, to }) => from
                .labels
                .iter()
                .filter(|label| !to.labels.contains(label))
                .map(|label| Loss::Label(from.name.clone(), label.clone()))
                .collect(),
            Self::Namespace(_)
            | Self::Extension(_)
            | Self::Enum(_)
            | Self::Label(_)
            | Self::Domain(_)
            | Self::Sequence(_)
            | Self::Table(_)
            | Self::PrimaryKey(_)
            | Self::Unique(_)
            | Self::Check(_)
            | Self::ForeignKey(_)
            | Self::Exclusion(_)
            | Self::Index(_)
            | Self::Object(_) => Vec::new(),
        }
    }
}
