//! What a type is called here.
//!
//! SQLite takes any words for a type and derives an affinity from them (*Datatypes In SQLite*, 3.1). What sqlx reads
//! and writes for a Rust type is decided by the declared words too (`FromStr for DataType` in its source), so these
//! are the words it knows.

use crate::schema::Type;

/// The declared type of a logical one. Nothing where sqlx has no type for it here.
pub(super) fn declared(ty: &Type, strict: bool) -> Option<String> {
    let words = match ty {
        Type::Sql(words) => return Some(words.clone()),
        Type::Varchar(Some(length)) if !strict => return Some(format!("VARCHAR({length})")),
        Type::Char(length) if !strict => return Some(format!("CHAR({length})")),
        // STRICT tables know six types (*STRICT Tables*, 2).
        Type::Boolean if strict => "INTEGER",
        Type::Date | Type::Time(_) | Type::Timestamp(_) | Type::TimestampTz(_) if strict => "TEXT",
        Type::Boolean => "BOOLEAN",
        Type::SmallInt | Type::Integer | Type::BigInt => "INTEGER",
        Type::Real | Type::Double => "REAL",
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Json | Type::Jsonb => "TEXT",
        Type::Bytes | Type::Uuid => "BLOB",
        Type::Date => "DATE",
        Type::Time(_) => "TIME",
        Type::Timestamp(_) | Type::TimestampTz(_) => "DATETIME",
        Type::Numeric(_) | Type::TimeTz(_) | Type::Interval(_) | Type::Array(_) | Type::Named(_) => return None,
    };
    Some(words.to_owned())
}

/// What a type is that [`declared`] has no words for, and what to do instead.
pub(super) fn missing(ty: &Type) -> (&'static str, &'static str) {
    const TEXT: &str = "wrap it in a newtype that is stored as text: `limbeck::guide::sqlite` shows one";
    match ty {
        Type::Numeric(_) => ("decimals", TEXT),
        Type::TimeTz(_) => ("times with a zone", TEXT),
        Type::Interval(_) => {
            ("intervals", "store the number of seconds, or wrap it in a newtype that is stored as text")
        }
        Type::Array(_) => ("arrays", "store it as `sqlx::types::Json<Vec<…>>`"),
        Type::Named(_)
        | Type::Sql(_)
        | Type::Varchar(_)
        | Type::Char(_)
        | Type::Boolean
        | Type::Date
        | Type::Time(_)
        | Type::Timestamp(_)
        | Type::TimestampTz(_)
        | Type::SmallInt
        | Type::Integer
        | Type::BigInt
        | Type::Real
        | Type::Double
        | Type::Text
        | Type::Json
        | Type::Jsonb
        | Type::Bytes
        | Type::Uuid => ("such types", "name the type as SQLite does: `#[column(sql_type = \"…\")]`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlx_reads_these_words() {
        let words = |ty: Type| (declared(&ty, false), declared(&ty, true));
        let both = |loose: &str, strict: &str| (Some(loose.to_owned()), Some(strict.to_owned()));
        assert_eq!(words(Type::Boolean), both("BOOLEAN", "INTEGER"));
        assert_eq!(words(Type::BigInt), both("INTEGER", "INTEGER"));
        assert_eq!(words(Type::Varchar(Some(64))), both("VARCHAR(64)", "TEXT"));
        assert_eq!(words(Type::Uuid), both("BLOB", "BLOB"));
        assert_eq!(words(Type::TimestampTz(None)), both("DATETIME", "TEXT"));
        assert_eq!(words(Type::Jsonb), both("TEXT", "TEXT"));
        assert_eq!(words(Type::Sql("NVARCHAR(10)".into())), both("NVARCHAR(10)", "NVARCHAR(10)"));
        assert_eq!(words(Type::Numeric(None)), (None, None));
    }
}
