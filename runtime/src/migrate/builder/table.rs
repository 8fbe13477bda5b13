//! Tables as a module says them.

use crate::schema::{
    Check, Column, Exclusion, Expression, ForeignKey, Index, Key, Name, PrimaryKey, Table, Type, Unique,
};
use crate::source::TableEdit;

/// A table that is created, part by part.
#[derive(Debug)]
pub struct TableBuilder {
    pub(super) table: Table,
}

/// The part that was just put into a list.
fn last<P>(list: &mut Vec<P>, part: P) -> &mut P {
    let at = list.len();
    list.push(part);
    &mut list[at]
}

impl TableBuilder {
    /// A column, NOT NULL unless `.nullable()` follows.
    pub fn column(&mut self, name: impl Into<Name>, ty: Type) -> &mut Column {
        last(&mut self.table.columns, Column::new(name, ty))
    }

    /// The primary key.
    pub fn primary_key<N: Into<Name>>(&mut self, columns: impl IntoIterator<Item = N>) -> &mut PrimaryKey {
        self.table.primary_key.insert(PrimaryKey::new(columns))
    }

    /// A unique constraint.
    pub fn unique<N: Into<Name>>(&mut self, columns: impl IntoIterator<Item = N>) -> &mut Unique {
        last(&mut self.table.uniques, Unique::new(columns))
    }

    /// A check.
    pub fn check(&mut self, expression: impl Into<Expression>) -> &mut Check {
        last(&mut self.table.checks, Check::new(expression))
    }

    /// A foreign key; `.references(…)` follows.
    pub fn foreign_key<N: Into<Name>>(&mut self, columns: impl IntoIterator<Item = N>) -> &mut ForeignKey {
        last(&mut self.table.foreign_keys, super::parts::foreign_key(columns))
    }

    /// An exclusion constraint; `.element(…)` follows.
    pub fn exclusion(&mut self, using: &str) -> &mut Exclusion {
        last(&mut self.table.exclusions, super::parts::exclusion(using))
    }

    /// An index.
    pub fn index<K: Into<Key>>(&mut self, keys: impl IntoIterator<Item = K>) -> &mut Index {
        last(&mut self.table.indexes, Index::new(keys))
    }

    /// A comment.
    pub fn comment(&mut self, comment: &str) {
        self.table.options.comment = Some(comment.to_owned());
    }

    /// It is left out of the write-ahead log (PostgreSQL).
    pub fn unlogged(&mut self) {
        self.table.options.unlogged = true;
    }

    /// Its rows are parted among tables of their own: `RANGE (day)` (PostgreSQL).
    pub fn partition_by(&mut self, key: &str) {
        self.table.options.partition_by = Some(key.to_owned());
    }

    /// A storage parameter (PostgreSQL).
    pub fn with(&mut self, parameter: &str, value: &str) {
        self.table.options.with.insert(parameter.to_owned(), value.to_owned());
    }

    /// Types are enforced (SQLite).
    pub fn strict(&mut self) {
        self.table.options.strict = true;
    }

    /// Rows are kept in the primary key's order (SQLite).
    pub fn without_rowid(&mut self) {
        self.table.options.without_rowid = true;
    }
}

/// A table whose options are altered: what is not said stays.
#[derive(Debug)]
pub struct TableAlter<'a> {
    pub(super) edits: &'a mut Vec<TableEdit>,
}

impl TableAlter<'_> {
    fn edit(&mut self, edit: TableEdit) -> &mut Self {
        self.edits.push(edit);
        self
    }

    /// A comment.
    pub fn comment(&mut self, comment: &str) -> &mut Self {
        self.edit(TableEdit::Comment(Some(comment.to_owned())))
    }

    /// No comment.
    pub fn no_comment(&mut self) -> &mut Self {
        self.edit(TableEdit::Comment(None))
    }

    /// Left out of the write-ahead log (PostgreSQL).
    pub fn unlogged(&mut self) -> &mut Self {
        self.edit(TableEdit::Unlogged(true))
    }

    /// In the write-ahead log again (PostgreSQL).
    pub fn logged(&mut self) -> &mut Self {
        self.edit(TableEdit::Unlogged(false))
    }

    /// No storage parameters; those that shall be are said after this (PostgreSQL).
    pub fn without_parameters(&mut self) -> &mut Self {
        self.edit(TableEdit::With(std::collections::BTreeMap::new()))
    }

    /// A storage parameter, after [`without_parameters`](Self::without_parameters) (PostgreSQL).
    pub fn with(&mut self, parameter: &str, value: &str) -> &mut Self {
        if !matches!(self.edits.last(), Some(TableEdit::With(_))) {
            self.without_parameters();
        }
        if let Some(TableEdit::With(with)) = self.edits.last_mut() {
            with.insert(parameter.to_owned(), value.to_owned());
        }
        self
    }

    /// Whether types are enforced (SQLite).
    pub fn strict(&mut self, strict: bool) -> &mut Self {
        self.edit(TableEdit::Strict(strict))
    }

    /// Whether rows are kept in the primary key's order (SQLite).
    pub fn without_rowid(&mut self, without: bool) -> &mut Self {
        self.edit(TableEdit::WithoutRowid(without))
    }
}
