//! What can be said about an object that is no table: a schema, an enum, a domain.

use crate::schema::{
    Default, Domain, DomainCheck, Enum, Expression, Extension, Literal, Name, Namespace, QualifiedName, SqlObject,
};
use crate::source::EnumEdit;

/// An enum that is altered: what is not said stays.
#[derive(Debug)]
pub struct EnumAlter<'a> {
    pub(super) edits: &'a mut Vec<EnumEdit>,
}

impl EnumAlter<'_> {
    /// All labels, in order. A label that is missing is dropped; rows must not hold it.
    pub fn labels<N: Into<Name>>(&mut self, labels: impl IntoIterator<Item = N>) -> &mut Self {
        self.edits.push(EnumEdit::Labels(labels.into_iter().map(Into::into).collect()));
        self
    }

    /// A comment.
    pub fn comment(&mut self, comment: &str) -> &mut Self {
        self.edits.push(EnumEdit::Comment(Some(comment.to_owned())));
        self
    }

    /// No comment.
    pub fn no_comment(&mut self) -> &mut Self {
        self.edits.push(EnumEdit::Comment(None));
        self
    }
}

impl Namespace {
    /// A comment.
    pub fn comment(&mut self, comment: &str) -> &mut Self {
        self.comment = Some(comment.to_owned());
        self
    }
}

impl Enum {
    /// A comment.
    pub fn comment(&mut self, comment: &str) -> &mut Self {
        self.comment = Some(comment.to_owned());
        self
    }
}

impl Extension {
    /// The schema that its objects are in.
    pub fn schema(&mut self, schema: impl Into<Name>) -> &mut Self {
        self.schema = Some(schema.into());
        self
    }

    /// The version.
    pub fn version(&mut self, version: &str) -> &mut Self {
        self.version = Some(version.to_owned());
        self
    }
}

impl SqlObject {
    /// A comment.
    pub fn comment(&mut self, comment: &str) -> &mut Self {
        self.comment = Some(comment.to_owned());
        self
    }

    /// The table or view that a trigger belongs to.
    pub fn on(&mut self, table: impl Into<QualifiedName>) -> &mut Self {
        self.table = Some(table.into());
        self
    }
}

impl Domain {
    /// NULL is refused.
    pub fn not_null(&mut self) -> &mut Self {
        self.not_null = true;
        self
    }

    /// A plain default.
    pub fn default(&mut self, value: impl Into<Literal>) -> &mut Self {
        self.default = Some(Default::Literal(value.into()));
        self
    }

    /// A default in SQL.
    pub fn default_sql(&mut self, sql: impl Into<Expression>) -> &mut Self {
        self.default = Some(Default::Sql(sql.into()));
        self
    }

    /// A check over `VALUE`.
    pub fn check(&mut self, expression: impl Into<Expression>) -> &mut Self {
        self.checks.push(DomainCheck { name: None, expression: expression.into(), not_valid: false });
        self
    }

    /// A check over `VALUE` with a name.
    pub fn check_named(&mut self, name: impl Into<Name>, expression: impl Into<Expression>) -> &mut Self {
        self.checks.push(DomainCheck { name: Some(name.into()), expression: expression.into(), not_valid: false });
        self
    }

    /// Leaves values that are there already unchecked by the last check.
    pub fn not_valid(&mut self) -> &mut Self {
        self.checks.iter_mut().last().into_iter().for_each(|check| check.not_valid = true);
        self
    }

    /// The collation.
    pub fn collation(&mut self, collation: &str) -> &mut Self {
        self.collation = Some(collation.to_owned());
        self
    }

    /// A comment.
    pub fn comment(&mut self, comment: &str) -> &mut Self {
        self.comment = Some(comment.to_owned());
        self
    }
}
