//! What a database looks like, as plain values.
//!
//! A [`Schema`] is *current* (read from a database), *desired* (built from models) or *replayed* (what the
//! migrations so far add up to). All three hold logical types and logical names; what one database makes of
//! them is its dialect's business.

mod column;
mod constraint;
mod default;
mod enums;
mod expression;
mod found;
mod index;
mod name;
mod object;
mod sequence;
mod spelling;
mod table;
mod tables;
mod types;

pub use column::{Auto, Column, ColumnVariant, Generated};
pub use constraint::{
    Action, Check, Conflict, Deferrable, Exclusion, ExclusionElement, ForeignKey, Match, PrimaryKey, Sort, Unique,
};
pub use default::{Default, Literal};
pub use enums::Enum;
pub use expression::{Expression, Token, TokenKind, tokens};
pub use found::{Found, Reference};
pub use index::{Index, Key, KeyOf, Nulls, Online, Order};
pub use name::{Database, Name, QualifiedName};
pub use object::{Domain, DomainCheck, Extension, Namespace, SqlObject, SqlObjectKind};
pub use sequence::{Sequence, SequenceOptions};
pub use spelling::Spelling;
pub use table::{Part, Table, TableHead, TableOptions};
pub use tables::Tables;
pub use types::Type;

use std::collections::BTreeMap;
use std::sync::Arc;

/// A whole database, or the part of it that is managed.
///
/// Every map is ordered, so that the same schema always gives the same output.
#[derive(Clone, Debug, PartialEq, Eq, std::default::Default)]
pub struct Schema {
    /// PostgreSQL schemas other than the default one, by name.
    pub namespaces: BTreeMap<Name, Namespace>,
    /// Extensions, by name.
    pub extensions: BTreeMap<Name, Extension>,
    /// Enum types, by name.
    pub enums: BTreeMap<QualifiedName, Enum>,
    /// Domains, by name.
    pub domains: BTreeMap<QualifiedName, Domain>,
    /// Sequences that no column owns, by name.
    pub sequences: BTreeMap<QualifiedName, Sequence>,
    /// Tables, by name.
    pub tables: Tables,
    /// Objects known by their SQL text alone (SQLite's views and triggers), by name.
    pub objects: BTreeMap<QualifiedName, SqlObject>,
}

impl Schema {
    /// A schema with nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The columns that hold labels of an enum, alone or in arrays, with their tables.
    #[must_use]
    pub fn columns_of(&self, of: &QualifiedName) -> Vec<(QualifiedName, Name)> {
        let tables = self.tables.values().filter(|_| self.enums.contains_key(of));
        let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        let holding = columns.filter(|(_, column)| column.ty.named() == Some(of));
        holding.map(|(table, column)| (table.name.clone(), column.name.clone())).collect()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { namespaces, extensions, enums, domains, sequences, tables, objects } = self;
        namespaces.is_empty()
            && extensions.is_empty()
            && enums.is_empty()
            && domains.is_empty()
            && sequences.is_empty()
            && tables.is_empty()
            && objects.is_empty()
    }

    /// What this schema looks like on one database: variants chosen, objects of other databases left out.
    #[must_use]
    pub fn on(&self, database: Database) -> Self {
        let mut schema = self.clone();
        // Only those that differ are copied: most do not.
        for table in schema.tables.shared_mut().values_mut().filter(|table| table.varies()) {
            Arc::make_mut(table).choose(database);
        }
        schema
    }
}
