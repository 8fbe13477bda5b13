//! What a model says, as const data: the derive emits these values, [`crate::registry`] turns them into a
//! [`Schema`](crate::schema::Schema).
//!
//! Everything is `&'static` and built by `const fn`, so that a derive is one expression and costs the compiler
//! little.

mod assert;
mod column;
mod constraint;
pub(crate) mod text;
mod types;

pub use assert::{
    assert_counted, assert_default, assert_distinct, assert_length, assert_numeric, assert_primary_key, assert_refer,
    assert_refers, assert_set_null,
};
pub use column::{AutoDef, Column, ColumnDef, DefaultDef, SequenceDef, VariantDef, all_of, named, part_of};
pub use constraint::{CheckDef, ExclusionDef, ForeignKeyDef, IndexDef, KeyDef, KeyOfDef, ReferenceDef, UniqueDef};
pub use types::{ColumnType, Enum, EnumDef, Probe, StoredDef, TypeDef, Unprobed};

/// A struct that is a table. Derived by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "this type does not implement `limbeck::Table`",
    note = "add `#[derive(limbeck::Table)]` to it, or name a table without a model: references = \"schema.table(column)\""
)]
pub trait Table {
    /// The table.
    const TABLE: &'static TableDef;
    /// A struct with the model's fields, each of them a [`Column`].
    type Columns;
    /// The columns, to build queries with: `Account::COLUMNS.email.name()`.
    const COLUMNS: Self::Columns;
    /// What the compiler checks of a model with type parameters when it is made a table.
    #[doc(hidden)]
    const CHECKED: () = ();
}

/// A struct whose fields are columns of the tables that have it as a `#[column(flatten)]` field. Derived by
/// `#[derive(Columns)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be flattened into a table",
    label = "this type does not implement `limbeck::Columns`",
    note = "add `#[derive(limbeck::Columns)]` to it"
)]
pub trait Columns {
    /// The columns and what is said about them; a table without a name.
    const PART: &'static TableDef;
    /// A struct with the fields, each of them a [`Column`].
    type Columns;
    /// The columns, to build queries with.
    const COLUMNS: Self::Columns;
    /// The hash of the foreign keys to models: see [`crate::lock`].
    #[doc(hidden)]
    const FOREIGN: u128 = 0;
}

/// A table, as a derive describes it.
#[derive(Clone, Copy, Debug)]
pub struct TableDef {
    /// The schema, when it is not the default one.
    pub schema: Option<&'static str>,
    /// The table's name.
    pub name: &'static str,
    /// The struct's path, for messages and to tell a repeated registration from a second model.
    pub model: &'static str,
    /// The package the struct is in.
    pub package: &'static str,
    /// The file and line of the struct.
    pub at: (&'static str, u32),
    /// The columns, in the order of the fields.
    pub columns: &'static [ColumnDef],
    /// Structs whose columns stand among them: before which of `columns`, and what.
    pub flattened: &'static [(usize, &'static TableDef)],
    /// The columns of the primary key, by name; empty when there is none.
    pub primary_key: &'static [&'static str],
    /// The unique constraints.
    pub uniques: &'static [UniqueDef],
    /// The checks.
    pub checks: &'static [CheckDef],
    /// The foreign keys.
    pub foreign_keys: &'static [ForeignKeyDef],
    /// The exclusion constraints.
    pub exclusions: &'static [ExclusionDef],
    /// The indexes.
    pub indexes: &'static [IndexDef],
    /// Everything else.
    pub options: OptionsDef,
}

/// A table with nothing in it but columns, by a short name for the derives' output.
#[doc(hidden)]
#[must_use]
pub const fn table(
    name: &'static str,
    model: &'static str,
    package: &'static str,
    at: (&'static str, u32),
    columns: &'static [ColumnDef],
) -> TableDef {
    TableDef::new(name, model, package, at, columns)
}

impl TableDef {
    /// A table with nothing in it.
    #[must_use]
    pub const fn new(
        name: &'static str,
        model: &'static str,
        package: &'static str,
        at: (&'static str, u32),
        columns: &'static [ColumnDef],
    ) -> Self {
        Self {
            schema: None,
            name,
            model,
            package,
            at,
            columns,
            flattened: &[],
            primary_key: &[],
            uniques: &[],
            checks: &[],
            foreign_keys: &[],
            exclusions: &[],
            indexes: &[],
            options: OptionsDef::NONE,
        }
    }

    /// The table, in a schema.
    #[must_use]
    pub const fn schema(mut self, schema: &'static str) -> Self {
        self.schema = Some(schema);
        self
    }

    /// The table, with the columns of other structs among its own.
    #[must_use]
    pub const fn flattened(mut self, parts: &'static [(usize, &'static TableDef)]) -> Self {
        self.flattened = parts;
        self
    }

    /// The table, with a primary key.
    #[must_use]
    pub const fn primary_key(mut self, columns: &'static [&'static str]) -> Self {
        self.primary_key = columns;
        self
    }

    /// The table, with unique constraints.
    #[must_use]
    pub const fn uniques(mut self, uniques: &'static [UniqueDef]) -> Self {
        self.uniques = uniques;
        self
    }

    /// The table, with checks.
    #[must_use]
    pub const fn checks(mut self, checks: &'static [CheckDef]) -> Self {
        self.checks = checks;
        self
    }

    /// The table, with foreign keys.
    #[must_use]
    pub const fn foreign_keys(mut self, foreign_keys: &'static [ForeignKeyDef]) -> Self {
        self.foreign_keys = foreign_keys;
        self
    }

    /// The table, with exclusion constraints.
    #[must_use]
    pub const fn exclusions(mut self, exclusions: &'static [ExclusionDef]) -> Self {
        self.exclusions = exclusions;
        self
    }

    /// The table, with indexes.
    #[must_use]
    pub const fn indexes(mut self, indexes: &'static [IndexDef]) -> Self {
        self.indexes = indexes;
        self
    }

    /// The table, with options.
    #[must_use]
    pub const fn options(mut self, options: OptionsDef) -> Self {
        self.options = options;
        self
    }

    /// All columns in order, those of flattened structs among them.
    #[must_use]
    pub fn all_columns(&self) -> Vec<&'static ColumnDef> {
        let mut all: Vec<&'static ColumnDef> = Vec::new();
        let mut parts = self.flattened.iter().peekable();
        for (index, column) in self.columns.iter().enumerate() {
            while let Some((_, part)) = parts.next_if(|(before, _)| *before <= index) {
                all.extend(part.all_columns());
            }
            all.push(column);
        }
        all.extend(parts.flat_map(|(_, part)| part.all_columns()));
        all
    }

    /// The table and the structs flattened into it, the table first.
    #[must_use]
    pub fn parts(&'static self) -> Vec<&'static TableDef> {
        let mut parts = vec![self];
        parts.extend(self.flattened.iter().flat_map(|(_, part)| part.parts()));
        parts
    }
}

/// What a table has besides columns, constraints and indexes.
#[derive(Clone, Copy, Debug)]
pub struct OptionsDef {
    /// A comment.
    pub comment: Option<&'static str>,
    /// The table it was renamed from.
    pub renamed_from: Option<&'static str>,
    /// Which of a program's databases it belongs to.
    pub group: Option<&'static str>,
    /// The primary key's name, when one is declared.
    pub primary_key_name: Option<&'static str>,
    /// PostgreSQL: not in the write-ahead log.
    pub unlogged: bool,
    /// PostgreSQL: storage parameters.
    pub with: &'static [(&'static str, &'static str)],
    /// SQLite: types are enforced.
    pub strict: bool,
    /// SQLite: rows are kept in the primary key's order.
    pub without_rowid: bool,
}

impl OptionsDef {
    /// No options.
    pub const NONE: Self = Self {
        comment: None,
        renamed_from: None,
        group: None,
        primary_key_name: None,
        unlogged: false,
        with: &[],
        strict: false,
        without_rowid: false,
    };
}
