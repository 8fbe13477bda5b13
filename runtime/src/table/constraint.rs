//! Constraints and indexes.

use super::text::same;
use super::{Column, TableDef};
use crate::schema::{Action, Database, Deferrable, Nulls, Order};

/// A unique constraint.
#[derive(Clone, Copy, Debug)]
pub struct UniqueDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// The columns, by name.
    pub columns: &'static [&'static str],
    /// Columns that ride along.
    pub include: &'static [&'static str],
    /// Whether two NULLs count as the same.
    pub nulls_not_distinct: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
}

impl UniqueDef {
    /// A unique constraint with nothing else said.
    #[must_use]
    pub const fn new(columns: &'static [&'static str]) -> Self {
        Self { name: None, columns, include: &[], nulls_not_distinct: false, deferrable: Deferrable::No }
    }
}

/// A check.
#[derive(Clone, Copy, Debug)]
pub struct CheckDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// The condition.
    pub expression: &'static str,
    /// The one database it exists on.
    pub only: Option<Database>,
}

impl CheckDef {
    /// A check with nothing else said.
    #[must_use]
    pub const fn new(expression: &'static str) -> Self {
        Self { name: None, expression, only: None }
    }
}

/// A foreign key.
#[derive(Clone, Copy, Debug)]
pub struct ForeignKeyDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// The columns, by name.
    pub columns: &'static [&'static str],
    /// What they point at.
    pub references: ReferenceDef,
    /// What a delete over there does here.
    pub on_delete: Action,
    /// What an update over there does here.
    pub on_update: Action,
    /// When it is checked.
    pub deferrable: Deferrable,
}

impl ForeignKeyDef {
    /// A foreign key with nothing else said.
    #[must_use]
    pub const fn new(columns: &'static [&'static str], references: ReferenceDef) -> Self {
        Self {
            name: None,
            columns,
            references,
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
        }
    }

    /// A foreign key to fields of a model.
    #[must_use]
    pub const fn to(
        columns: &'static [&'static str],
        table: fn() -> &'static TableDef,
        fields: &'static [&'static str],
    ) -> Self {
        Self::new(columns, ReferenceDef::Model { table, fields })
    }

    /// The foreign key, with a name.
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// The foreign key, with what a delete over there does here.
    #[must_use]
    pub const fn on_delete(mut self, action: Action) -> Self {
        self.on_delete = action;
        self
    }

    /// The foreign key, with what an update over there does here.
    #[must_use]
    pub const fn on_update(mut self, action: Action) -> Self {
        self.on_update = action;
        self
    }

    /// The foreign key, with when it is checked.
    #[must_use]
    pub const fn deferrable(mut self, when: Deferrable) -> Self {
        self.deferrable = when;
        self
    }
}

/// What a foreign key points at.
#[derive(Clone, Copy, Debug)]
pub enum ReferenceDef {
    /// Fields of a model. A function, so that two models may refer to each other.
    Model {
        /// The model's table.
        table: fn() -> &'static TableDef,
        /// The fields, as Rust spells them without `r#`.
        fields: &'static [&'static str],
    },
    /// A table without a model.
    Table {
        /// Its schema, when it is not the default one.
        schema: Option<&'static str>,
        /// Its name.
        table: &'static str,
        /// Its columns.
        columns: &'static [&'static str],
    },
}

/// An exclusion constraint.
#[derive(Clone, Copy, Debug)]
pub struct ExclusionDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// The index method.
    pub using: &'static str,
    /// The elements: what is compared, and with which operator.
    pub elements: &'static [(KeyDef, &'static str)],
    /// The rows it is about.
    pub predicate: Option<&'static str>,
    /// When it is checked.
    pub deferrable: Deferrable,
}

/// An index.
#[derive(Clone, Copy, Debug)]
pub struct IndexDef {
    /// The name, when one is declared.
    pub name: Option<&'static str>,
    /// Whether no two rows share the keys.
    pub unique: bool,
    /// The method, when it is not `btree`.
    pub using: Option<&'static str>,
    /// What is indexed.
    pub keys: &'static [KeyDef],
    /// Columns that ride along.
    pub include: &'static [&'static str],
    /// The rows it is about.
    pub predicate: Option<&'static str>,
    /// Whether two NULLs count as the same.
    pub nulls_not_distinct: bool,
    /// Storage parameters.
    pub with: &'static [(&'static str, &'static str)],
    /// The one database it exists on.
    pub only: Option<Database>,
    /// Whether it is built without blocking writers (PostgreSQL, `CREATE INDEX CONCURRENTLY`).
    pub concurrently: bool,
}

impl IndexDef {
    /// An index with nothing else said.
    #[must_use]
    pub const fn new(keys: &'static [KeyDef]) -> Self {
        Self {
            name: None,
            unique: false,
            using: None,
            keys,
            include: &[],
            predicate: None,
            nulls_not_distinct: false,
            with: &[],
            only: None,
            concurrently: false,
        }
    }
}

impl IndexDef {
    /// Whether its keys are exactly these columns.
    pub(super) const fn is_over(&self, columns: &[Column]) -> bool {
        let mut at = 0;
        while at < columns.len() {
            let mut found = false;
            let mut key = 0;
            while key < self.keys.len() {
                if let KeyOfDef::Column(name) = self.keys[key].of
                    && same(name, columns[at].name())
                {
                    found = true;
                }
                key += 1;
            }
            if !found {
                return false;
            }
            at += 1;
        }
        self.keys.len() == columns.len()
    }
}

/// One key of an index.
#[derive(Clone, Copy, Debug)]
pub struct KeyDef {
    /// The column's name, or the expression.
    pub of: KeyOfDef,
    /// The direction.
    pub order: Order,
    /// Where NULLs sort.
    pub nulls: Option<Nulls>,
    /// The operator class.
    pub opclass: Option<&'static str>,
    /// The collation.
    pub collation: Option<&'static str>,
}

impl KeyDef {
    /// A key over a column, ascending.
    #[must_use]
    pub const fn column(name: &'static str) -> Self {
        Self { of: KeyOfDef::Column(name), order: Order::Ascending, nulls: None, opclass: None, collation: None }
    }

    /// A key over an expression, ascending.
    #[must_use]
    pub const fn expression(sql: &'static str) -> Self {
        Self { of: KeyOfDef::Expression(sql), order: Order::Ascending, nulls: None, opclass: None, collation: None }
    }
}

/// What a key is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOfDef {
    /// A column.
    Column(&'static str),
    /// An expression.
    Expression(&'static str),
}
