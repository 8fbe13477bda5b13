//! Column defaults.

use super::Expression;

/// What a column gets when an insert leaves it out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Default {
    /// A plain value, which every database spells its own way.
    Literal(Literal),
    /// SQL text.
    Sql(Expression),
}

/// A plain value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, as written.
    Float(String),
    /// Text, without quotes. Also the label of an enum.
    Text(String),
}
