//! Columns.

use std::fmt;

use super::{ColumnType, Columns, Table, TableDef, TypeDef};
use crate::schema::Database;

/// A column, as a derive describes it.
#[derive(Clone, Copy, Debug)]
pub struct ColumnDef {
    /// The field, as Rust spells it without `r#`; empty for a column that is no field.
    pub field: &'static str,
    /// The column's name.
    pub name: &'static str,
    /// What it holds.
    pub ty: TypeDef,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What an insert that leaves it out gets.
    pub default: Option<DefaultDef>,
    /// The expression it is computed from, and whether the value is stored.
    pub generated: Option<(&'static str, bool)>,
    /// The counter it is numbered by.
    pub auto: Option<AutoDef>,
    /// The collation.
    pub collation: Option<&'static str>,
    /// A comment.
    pub comment: Option<&'static str>,
    /// The column it was renamed from.
    pub renamed_from: Option<&'static str>,
    /// The expression that fills it in rows that were there before.
    pub backfill: Option<&'static str>,
    /// What differs on one database.
    pub variants: &'static [(Database, VariantDef)],
}

impl ColumnDef {
    /// A column of a Rust type.
    #[must_use]
    pub const fn of<T: ColumnType + ?Sized>(field: &'static str, name: &'static str) -> Self {
        Self::typed(field, name, T::TYPE, T::NULLABLE)
    }

    /// The column of a field that is spelled like this.
    #[doc(hidden)]
    #[must_use]
    pub const fn field(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }

    /// A column of a type that is named.
    #[must_use]
    pub const fn typed(field: &'static str, name: &'static str, ty: TypeDef, nullable: bool) -> Self {
        Self {
            field,
            name,
            ty,
            nullable,
            default: None,
            generated: None,
            auto: None,
            collation: None,
            comment: None,
            renamed_from: None,
            backfill: None,
            variants: &[],
        }
    }

    /// The column, holding at most this many characters, if it holds text.
    #[must_use]
    pub const fn length(mut self, length: u32) -> Self {
        match self.ty {
            TypeDef::Text | TypeDef::Varchar(_) => self.ty = TypeDef::Varchar(Some(length)),
            TypeDef::Char(_) => self.ty = TypeDef::Char(length),
            _ => {}
        }
        self
    }

    /// The column, holding decimals of so many digits, so many of them behind the point, if it holds decimals.
    #[must_use]
    pub const fn numeric(mut self, precision: u16, scale: i16) -> Self {
        if let TypeDef::Numeric(_) = self.ty {
            self.ty = TypeDef::Numeric(Some((precision, scale)));
        }
        self
    }

    /// The column, with a default.
    #[must_use]
    pub const fn default(mut self, default: DefaultDef) -> Self {
        self.default = Some(default);
        self
    }

    /// The column, with a whole number as its default.
    #[must_use]
    pub const fn default_integer(self, value: i64) -> Self {
        self.default(DefaultDef::Integer(value))
    }

    /// The column, with a default in SQL.
    #[must_use]
    pub const fn default_sql(self, sql: &'static str) -> Self {
        self.default(DefaultDef::Sql(sql))
    }

    /// The column, computed from an expression, the value stored or not.
    #[must_use]
    pub const fn generated(mut self, expression: &'static str, stored: bool) -> Self {
        self.generated = Some((expression, stored));
        self
    }

    /// The column, numbered by the database.
    #[must_use]
    pub const fn auto(mut self, auto: AutoDef) -> Self {
        self.auto = Some(auto);
        self
    }

    /// The column, with a collation.
    #[must_use]
    pub const fn collation(mut self, collation: &'static str) -> Self {
        self.collation = Some(collation);
        self
    }

    /// The column, with a comment.
    #[must_use]
    pub const fn comment(mut self, comment: &'static str) -> Self {
        self.comment = Some(comment);
        self
    }

    /// The column, which had another name before.
    #[must_use]
    pub const fn renamed_from(mut self, name: &'static str) -> Self {
        self.renamed_from = Some(name);
        self
    }

    /// The column, with what rows that were there before get.
    #[must_use]
    pub const fn backfill(mut self, expression: &'static str) -> Self {
        self.backfill = Some(expression);
        self
    }

    /// The column, with what differs on one database.
    #[must_use]
    pub const fn on(mut self, variants: &'static [(Database, VariantDef)]) -> Self {
        self.variants = variants;
        self
    }
}

/// A column of a model, as its name in Rust gives it: `Account::COLUMNS.email`.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    table: &'static TableDef,
    index: usize,
}

impl Column {
    /// The column at this place of the table's own columns.
    #[must_use]
    pub const fn new(table: &'static TableDef, index: usize) -> Self {
        Self { table, index }
    }

    /// The table it is in.
    #[must_use]
    pub const fn table(self) -> &'static TableDef {
        self.table
    }

    /// Its description.
    #[must_use]
    pub const fn def(self) -> &'static ColumnDef {
        &self.table.columns[self.index]
    }

    /// Its name in the database, without quotes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.def().name
    }

    /// Its description, unless the model did not compile.
    pub(super) const fn known(self) -> Option<&'static ColumnDef> {
        if self.index < self.table.columns.len() { Some(self.def()) } else { None }
    }
}

/// The name in double quotes, as both PostgreSQL and SQLite read it back whatever its letters.
impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.name().replace('"', "\"\""))
    }
}

/// What differs in a column on one database.
#[derive(Clone, Copy, Debug)]
pub struct VariantDef {
    /// Another type.
    pub ty: Option<&'static str>,
    /// Another default: `Some(None)` is none at all.
    pub default: Option<Option<DefaultDef>>,
    /// Another expression to compute it from, and whether the value is stored.
    pub generated: Option<(&'static str, bool)>,
    /// Another collation.
    pub collation: Option<&'static str>,
}

impl VariantDef {
    /// Nothing differs.
    pub const NONE: Self = Self { ty: None, default: None, generated: None, collation: None };
}

/// A column's default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultDef {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, as written.
    Float(&'static str),
    /// Text, or the label of an enum.
    Text(&'static str),
    /// SQL.
    Sql(&'static str),
}

/// How a column is numbered.
#[derive(Clone, Copy, Debug)]
pub enum AutoDef {
    /// Whatever the database does best.
    Increment,
    /// An identity column.
    Identity {
        /// `ALWAYS` rather than `BY DEFAULT`.
        always: bool,
        /// How its sequence counts.
        options: SequenceDef,
    },
    /// A sequence that the column owns, read by a default.
    Serial,
}

/// How a sequence counts; `None` is the database's default.
#[derive(Clone, Copy, Debug)]
pub struct SequenceDef {
    /// The first value.
    pub start: Option<i64>,
    /// The step.
    pub increment: Option<i64>,
    /// The lowest value.
    pub min: Option<i64>,
    /// The highest value.
    pub max: Option<i64>,
    /// How many values a session takes at once.
    pub cache: Option<i64>,
    /// Whether it begins again at the end.
    pub cycle: bool,
}

impl SequenceDef {
    /// The database's defaults.
    pub const DEFAULT: Self = Self { start: None, increment: None, min: None, max: None, cache: None, cycle: false };
}

/// The columns with these names, each the name of a field unless that is known to be another. What has a name is no field,
/// and keeps it. The derives' output uses it, and the two functions below.
#[doc(hidden)]
#[must_use]
pub const fn named<const N: usize>(names: [&'static str; N], mut columns: [ColumnDef; N]) -> [ColumnDef; N] {
    let mut at = 0;
    while at < N {
        if columns[at].name.is_empty() {
            columns[at].name = names[at];
            if columns[at].field.is_empty() {
                columns[at].field = names[at];
            }
        }
        at += 1;
    }
    columns
}

/// The first columns of a table.
#[doc(hidden)]
#[must_use]
pub const fn all_of<const N: usize, T: Table>() -> [Column; N] {
    first(T::TABLE)
}

/// The first columns of a part of a table.
#[doc(hidden)]
#[must_use]
pub const fn part_of<const N: usize, T: Columns>() -> [Column; N] {
    first(T::PART)
}

const fn first<const N: usize>(table: &'static TableDef) -> [Column; N] {
    let mut all = [Column::new(table, 0); N];
    let mut at = 0;
    while at < N {
        all[at].index = at;
        at += 1;
    }
    all
}
