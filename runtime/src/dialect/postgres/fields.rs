//! A row of the catalogs, field by field.

use std::collections::BTreeMap;

use super::words::read_again;
use crate::schema::Name;

/// What separates names in a list.
const SEPARATOR: char = '\u{1f}';

/// A row, field by field.
pub(super) struct Fields(std::vec::IntoIter<Option<String>>);

impl Fields {
    pub(super) fn of(row: Vec<Option<String>>) -> Self {
        Self(row.into_iter())
    }

    pub(super) fn maybe(&mut self) -> Option<String> {
        self.0.next().flatten()
    }

    pub(super) fn text(&mut self) -> String {
        self.maybe().unwrap_or_default()
    }

    /// An expression, as the server is told it.
    pub(super) fn sql(&mut self) -> Option<String> {
        self.maybe().map(|text| read_again(&text))
    }

    pub(super) fn flag(&mut self) -> bool {
        matches!(self.text().as_str(), "true" | "t" | "1")
    }

    pub(super) fn number(&mut self) -> i64 {
        self.text().parse().unwrap_or_default()
    }

    pub(super) fn list(&mut self) -> Vec<Name> {
        self.maybe().map(|t| t.split(SEPARATOR).map(Name::from).collect()).unwrap_or_default()
    }
}

/// Storage parameters.
pub(super) fn pairs(text: Option<&str>) -> BTreeMap<String, String> {
    let all = text.unwrap_or_default().split(SEPARATOR);
    all.filter_map(|p| p.split_once('=')).map(|(k, v)| (k.into(), v.into())).collect()
}
