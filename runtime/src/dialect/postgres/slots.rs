//! The expressions of a table, wherever they stand.

use super::words::Context;
use crate::schema::{Default, Domain, Expression, KeyOf, Name, Table, Type};

/// What an expression is there for. The server prints the same text in different ways at different places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// The default of a column, or of a domain's values.
    Default(Name, Type),
    /// What a column is computed from.
    Generated(Name, Type),
    /// A condition on rows: a check, or the predicate of an index or exclusion constraint.
    Condition(At),
    /// A key of an index or exclusion constraint.
    Key,
    /// A domain's condition over `VALUE`.
    Value(Type),
}

/// Where a condition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    /// A check.
    Check,
    /// An index.
    Index,
    /// An exclusion constraint.
    Exclusion,
}

impl Role {
    /// What the pure rules may know about the expression.
    pub(super) fn context(&self) -> Context<'_> {
        match self {
            Self::Default(_, ty) | Self::Generated(_, ty) => Context::Of(ty),
            Self::Condition(_) | Self::Key | Self::Value(_) => Context::Free,
        }
    }

    #[cfg(feature = "postgres")]
    /// Whether two expressions may be each other's: those of columns stand where they stand, others anywhere.
    pub(super) fn same_place(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Default(a, _), Self::Default(b, _)) | (Self::Generated(a, _), Self::Generated(b, _)) => a == b,
            (Self::Condition(a), Self::Condition(b)) => a == b,
            (Self::Key, Self::Key) | (Self::Value(_), Self::Value(_)) => true,
            (
                Self::Default(..) | Self::Generated(..) | Self::Condition(_) | Self::Key | Self::Value(_),
                Self::Default(..) | Self::Generated(..) | Self::Condition(_) | Self::Key | Self::Value(_),
            ) => false,
        }
    }
}

/// All expressions of a table, always in the same order.
pub(super) fn of_table(table: &mut Table) -> Vec<(Role, &mut Expression)> {
    let mut found = Vec::new();
    for column in &mut table.columns {
        let (name, ty) = (column.name.clone(), column.ty.clone());
        if let Some(Default::Sql(expression)) = &mut column.default {
            found.push((Role::Default(name.clone(), ty.clone()), expression));
        }
        if let Some(generated) = &mut column.generated {
            found.push((Role::Generated(name, ty), &mut generated.expression));
        }
    }
    found.extend(table.checks.iter_mut().map(|c| (Role::Condition(At::Check), &mut c.expression)));
    for index in &mut table.indexes {
        let keys = index.keys.iter_mut().map(|key| &mut key.of);
        found.extend(keys.filter_map(key));
        found.extend(index.predicate.iter_mut().map(|e| (Role::Condition(At::Index), e)));
    }
    for exclusion in &mut table.exclusions {
        let keys = exclusion.elements.iter_mut().map(|element| &mut element.key.of);
        found.extend(keys.filter_map(key));
        found.extend(exclusion.predicate.iter_mut().map(|e| (Role::Condition(At::Exclusion), e)));
    }
    found
}

fn key(of: &mut KeyOf) -> Option<(Role, &mut Expression)> {
    match of {
        KeyOf::Expression(expression) => Some((Role::Key, expression)),
        KeyOf::Column(_) => None,
    }
}

/// All expressions of a domain, always in the same order.
pub(super) fn of_domain(domain: &mut Domain) -> Vec<(Role, &mut Expression)> {
    let mut found = Vec::new();
    let ty = domain.ty.clone();
    if let Some(Default::Sql(expression)) = &mut domain.default {
        found.push((Role::Default(Name::from_static("value"), ty.clone()), expression));
    }
    found.extend(domain.checks.iter_mut().map(|c| (Role::Value(ty.clone()), &mut c.expression)));
    found
}
