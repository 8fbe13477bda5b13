//! Columns.

use std::collections::BTreeMap;

use super::{Database, Default, Expression, Name, SequenceOptions, Type};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub ty: Type,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What an insert that leaves it out gets.
    pub default: Option<Default>,
    /// The expression it is computed from.
    pub generated: Option<Generated>,
    /// The counter it is numbered by.
    pub auto: Option<Auto>,
    /// The collation, in the database's own words, when it is not the type's.
    pub collation: Option<String>,
    /// A comment.
    pub comment: Option<String>,
    /// The TOAST strategy, when it is not the type's (PostgreSQL, `ALTER TABLE … SET STORAGE`).
    pub storage: Option<String>,
    /// The compression method, when it is not the server's (PostgreSQL, `ALTER TABLE … SET COMPRESSION`).
    pub compression: Option<String>,
    /// The `ON CONFLICT` of the NOT NULL constraint (SQLite, *ON CONFLICT clause*).
    pub not_null_conflict: Option<super::Conflict>,
    /// What differs on one database.
    pub variants: BTreeMap<Database, ColumnVariant>,
}

impl Column {
    /// A NOT NULL column with nothing else said.
    pub fn new(name: impl Into<Name>, ty: Type) -> Self {
        Self {
            name: name.into(),
            ty,
            nullable: false,
            default: None,
            generated: None,
            auto: None,
            collation: None,
            comment: None,
            storage: None,
            compression: None,
            not_null_conflict: None,
            variants: BTreeMap::new(),
        }
    }

    /// Replaces what differs on this database, and forgets the rest.
    pub fn choose(&mut self, database: Database) {
        let variants = std::mem::take(&mut self.variants);
        let Some(variant) = variants.get(&database) else {
            return;
        };
        let ColumnVariant { ty, default, generated, collation } = variant.clone();
        if let Some(ty) = ty {
            self.ty = ty;
        }
        if let Some(default) = default {
            self.default = default;
        }
        if let Some(generated) = generated {
            self.generated = generated;
        }
        if let Some(collation) = collation {
            self.collation = Some(collation);
        }
    }
}

/// What differs in a column on one database. `None` leaves it as it is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, std::default::Default)]
pub struct ColumnVariant {
    /// Another type.
    pub ty: Option<Type>,
    /// Another default, or none.
    pub default: Option<Option<Default>>,
    /// Another expression to compute it from, or none.
    pub generated: Option<Option<Generated>>,
    /// Another collation.
    pub collation: Option<String>,
}

/// How a column is computed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Generated {
    /// From what.
    pub expression: Expression,
    /// Whether the value is kept in the row, or computed when it is read.
    pub stored: bool,
}

/// How a column is numbered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Auto {
    /// Whatever the database does best: an identity column on PostgreSQL, `AUTOINCREMENT` on SQLite.
    Increment,
    /// An identity column (PostgreSQL, `CREATE TABLE`, *GENERATED … AS IDENTITY*).
    Identity {
        /// `ALWAYS` rather than `BY DEFAULT`.
        always: bool,
        /// How its sequence counts.
        options: SequenceOptions,
    },
    /// A sequence that the column owns, read by a default (PostgreSQL, section 8.1.4, *Serial Types*).
    Serial {
        /// The sequence's name, when it is not the default one `<table>_<column>_seq`.
        sequence: Option<Name>,
        /// How it counts.
        options: SequenceOptions,
    },
}
