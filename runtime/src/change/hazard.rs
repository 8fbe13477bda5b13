//! What to be careful about: a change that may fail on rows, that rewrites a table, or that breaks running programs.

use std::fmt;

use super::describe::type_name;
use super::{Change, Delta, In};
use crate::schema::{Column, Name, QualifiedName, Type};

/// What a change may do besides what it is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hazard {
    /// It fails on rows of this table that do not fit, in words: `where email is NULL`.
    Fails(QualifiedName, String),
    /// Every row of the table is written anew while nobody can use it.
    Rewrites(QualifiedName),
    /// Programs that still use the old name fail from then on.
    Renames(String),
    /// Nobody can write to the table while an index is built.
    Blocks(QualifiedName),
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fails(table, rows) => write!(f, "fails when `{table}` has rows {rows}"),
            Self::Rewrites(table) => write!(f, "writes every row of `{table}` anew, and nobody can use it meanwhile"),
            Self::Renames(name) => write!(f, "programs that still say `{name}` fail from then on"),
            Self::Blocks(table) => write!(f, "nobody can write to `{table}` while the index is built"),
        }
    }
}

/// What becomes of values when their type changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// They stay as they are.
    Same,
    /// They are written anew, and all of them fit.
    Widens,
    /// Some may not fit, which is an error.
    Fails,
    /// Some lose something, silently.
    Loses,
}

/// What becomes of the values of one type as values of another.
#[must_use]
pub fn fit(from: &Type, to: &Type) -> Fit {
    use Type::{
        Array, BigInt, Boolean, Bytes, Char, Date, Double, Integer, Json, Jsonb, Named, Numeric, Real, SmallInt, Sql,
        Text, Time, TimeTz, Timestamp, TimestampTz, Uuid, Varchar,
    };
    // A precision that is left out is the largest.
    let digits = |p: &Option<u8>| p.unwrap_or(6);
    let at_least = |a: &Option<u8>, b: &Option<u8>, fit| if digits(b) >= digits(a) { fit } else { Fit::Loses };
    match (from, to) {
        (a, b) if a == b => Fit::Same,
        (Array(a), Array(b)) => fit(a, b),
        // Only the first of them stays; as a text they come back as one.
        (Array(_), _) => Fit::Loses,
        (SmallInt, Integer | BigInt | Real | Double | Numeric(None))
        | (Integer, BigInt | Double | Numeric(None))
        | (BigInt, Numeric(None))
        | (Real, Double)
        | (Jsonb, Json)
        | (Date, Timestamp(_) | TimestampTz(_))
        | (Boolean, SmallInt | Integer | BigInt | Real | Double | Numeric(None)) => Fit::Widens,
        (Time(a), Time(b))
        | (TimeTz(a), TimeTz(b))
        | (Timestamp(a), Timestamp(b))
        | (TimestampTz(a), TimestampTz(b)) => at_least(a, b, Fit::Same),
        (Timestamp(a), TimestampTz(b)) | (TimestampTz(a), Timestamp(b)) | (Time(a), TimeTz(b)) => {
            at_least(a, b, Fit::Widens)
        }
        (Numeric(_), Numeric(None)) | (Varchar(_), Varchar(None) | Text) | (Text, Varchar(None)) => Fit::Same,
        (Numeric(Some((p, s))), Numeric(Some((q, t)))) => {
            if t < s {
                Fit::Loses
            } else if i32::from(*q) - i32::from(*t) < i32::from(*p) - i32::from(*s) {
                Fit::Fails
            } else if t == s {
                Fit::Same
            } else {
                Fit::Widens
            }
        }
        (Varchar(Some(n)), Varchar(Some(m))) if m >= n => Fit::Same,
        (Char(n), Varchar(Some(m)) | Char(m)) if m >= n => Fit::Widens,
        // Their texts have more digits than one of the databases writes, and bytes need not be a text.
        (Real | Double | Bytes, Text | Varchar(_) | Char(_)) => Fit::Loses,
        (_, Text | Varchar(None)) => Fit::Widens,
        // Words and whole numbers that do not fit are an error.
        (
            Text | Varchar(_) | Char(_) | Named(_),
            Varchar(_) | Char(_) | SmallInt | Integer | BigInt | Boolean | Uuid,
        )
        | (SmallInt | Integer | BigInt, SmallInt | Integer | Numeric(_))
        | (_, Named(_)) => Fit::Fails,
        // All else changes what it can, and does not say so.
        (
            SmallInt
            | Integer
            | BigInt
            | Real
            | Double
            | Numeric(_)
            | Boolean
            | Text
            | Varchar(_)
            | Char(_)
            | Bytes
            | Date
            | Time(_)
            | TimeTz(_)
            | Timestamp(_)
            | TimestampTz(_)
            | Type::Interval(_)
            | Uuid
            | Json
            | Jsonb
            | Named(_)
            | Sql(_),
            _,
        ) => Fit::Loses,
    }
}

impl Change {
    /// A column that rows which are there have no value for, and whether it is new.
    #[must_use]
    pub fn unfilled(&self) -> Option<(&QualifiedName, &Column, bool)> {
        let Self::Column(In { table, delta }) = self else { return None };
        match delta {
            Delta::Create(column) if lacks_value(column) => Some((table, column, true)),
            Delta::Alter { from, to } if from.nullable && !to.nullable && from.name == to.name => {
                Some((table, to, false))
            }
            Delta::Create(_) | Delta::Drop(_) | Delta::Alter { .. } => None,
        }
    }

    /// What to be careful about, on a table with rows.
    #[must_use]
    pub fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::Table(Delta::Alter { from, to }) if from.name != to.name => {
                vec![Hazard::Renames(from.name.to_string())]
            }
            Self::Column(it) => column(it),
            Self::PrimaryKey(In { table, delta: Delta::Create(key) }) => vec![duplicates(table, &key.columns)],
            Self::Unique(In { table, delta: Delta::Create(unique) }) => vec![duplicates(table, &unique.columns)],
            Self::Check(In { table, delta: Delta::Create(check) }) if !check.not_valid => {
                vec![Hazard::Fails(table.clone(), format!("where not ({})", check.expression))]
            }
            Self::ForeignKey(In { table, delta: Delta::Create(key) }) if !key.not_valid => {
                let columns = key.columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
                vec![Hazard::Fails(table.clone(), format!("whose ({columns}) is not in `{}`", key.references))]
            }
            Self::Index(In { table, delta: Delta::Create(index) }) => {
                let mut hazards = vec![Hazard::Blocks(table.clone())];
                if index.unique {
                    hazards.push(Hazard::Fails(table.clone(), "that are equal in the index's columns".to_owned()));
                }
                hazards
            }
            Self::Label(it) => vec![Hazard::Renames(format!("{}.{}", it.of, it.from))],
            Self::Namespace(_)
            | Self::Extension(_)
            | Self::Enum(_)
            | Self::Domain(_)
            | Self::Sequence(_)
            | Self::Table(_)
            | Self::PrimaryKey(_)
            | Self::Unique(_)
            | Self::Check(_)
            | Self::ForeignKey(_)
            | Self::Exclusion(_)
            | Self::Index(_)
            | Self::Object(_) => Vec::new(),
        }
    }
}

/// Whether rows that are there have no value for a column that comes.
fn lacks_value(c: &Column) -> bool {
    !c.nullable && c.default.is_none() && c.generated.is_none() && c.auto.is_none()
}

fn duplicates(table: &QualifiedName, columns: &[Name]) -> Hazard {
    let columns = columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    Hazard::Fails(table.clone(), format!("that are equal in ({columns})"))
}

fn column(it: &In<Column>) -> Vec<Hazard> {
    let In { table, delta } = it;
    match delta {
        Delta::Create(c) if lacks_value(c) => {
            vec![Hazard::Fails(table.clone(), format!("at all: `{}` has no value for them", c.name))]
        }
        Delta::Alter { from, to } if from.name != to.name => vec![Hazard::Renames(format!("{table}.{}", from.name))],
        Delta::Alter { from, to } => {
            let mut hazards = Vec::new();
            let fit = fit(&from.ty, &to.ty);
            if fit >= Fit::Fails {
                let (from, to) = (type_name(&from.ty), type_name(&to.ty));
                hazards.push(Hazard::Fails(table.clone(), format!("whose {from} is no {to}")));
            }
            if fit >= Fit::Widens {
                hazards.push(Hazard::Rewrites(table.clone()));
            }
            if from.nullable && !to.nullable {
                hazards.push(Hazard::Fails(table.clone(), format!("where {} is NULL", to.name)));
            }
            hazards
        }
        Delta::Create(_) | Delta::Drop(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_or_do_not() {
        let array = |ty| Type::Array(Box::new(ty));
        for (from, to, want) in [
            (Type::Integer, Type::BigInt, Fit::Widens),
            (Type::BigInt, Type::Integer, Fit::Fails),
            (Type::Varchar(Some(8)), Type::Varchar(Some(9)), Fit::Same),
            (Type::Varchar(Some(9)), Type::Varchar(Some(8)), Fit::Fails),
            (Type::Text, Type::Varchar(Some(8)), Fit::Fails),
            (Type::Varchar(Some(9)), Type::Text, Fit::Same),
            (Type::Numeric(Some((8, 2))), Type::Numeric(Some((10, 2))), Fit::Same),
            (Type::Numeric(Some((8, 2))), Type::Numeric(Some((8, 1))), Fit::Loses),
            (Type::Numeric(Some((8, 2))), Type::Numeric(Some((8, 3))), Fit::Fails),
            (Type::Numeric(Some((8, 2))), Type::Numeric(None), Fit::Same),
            (Type::TimestampTz(None), Type::Date, Fit::Loses),
            (Type::TimestampTz(None), Type::TimestampTz(Some(3)), Fit::Loses),
            (Type::TimestampTz(Some(3)), Type::TimestampTz(None), Fit::Same),
            (Type::Uuid, Type::Text, Fit::Widens),
            (Type::Text, Type::Uuid, Fit::Fails),
            (Type::Text, Type::Integer, Fit::Fails),
            (Type::Text, Type::Date, Fit::Loses),
            (Type::Integer, Type::Varchar(Some(3)), Fit::Loses),
            (Type::Double, Type::Numeric(None), Fit::Loses),
            (Type::Json, Type::Jsonb, Fit::Loses),
            (Type::Time(None), Type::TimeTz(Some(0)), Fit::Loses),
            (Type::Double, Type::Text, Fit::Loses),
            (Type::Sql("float4".into()), Type::Integer, Fit::Loses),
            (array(Type::Text), Type::Text, Fit::Loses),
            (array(Type::Integer), array(Type::BigInt), Fit::Widens),
            (Type::Double, Type::Real, Fit::Loses),
        ] {
            assert_eq!(fit(&from, &to), want, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn a_column_says_what_it_may_do() {
        let told = |from: Column, to: Column| -> Vec<String> {
            let delta = Delta::Alter { from, to };
            let change = Change::Column(In { table: "account".into(), delta });
            change.hazards().iter().map(ToString::to_string).collect()
        };
        let mut from = Column::new("age", Type::BigInt);
        from.nullable = true;
        assert_eq!(
            told(from.clone(), Column::new("age", Type::Integer)),
            [
                "fails when `account` has rows whose bigint is no integer",
                "writes every row of `account` anew, and nobody can use it meanwhile",
                "fails when `account` has rows where age is NULL",
            ]
        );
        let mut named = from.clone();
        named.name = "years".into();
        assert_eq!(told(from.clone(), named), ["programs that still say `account.age` fail from then on"]);
        assert!(told(from.clone(), from).is_empty());
    }
}
