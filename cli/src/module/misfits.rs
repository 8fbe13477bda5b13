//! Values that have no place in another type.

use limbeck::schema::{Name, QualifiedName, Type};

use super::sql;

/// What holds of the values of a column that have no place in another type, in words that every database knows. Where
/// only the database can tell (dates, JSON), nothing: the change itself fails then.
pub(crate) fn misfit(
    column: &str,
    (from, to): (&Type, &Type),
    labels: &dyn Fn(&QualifiedName) -> Option<Vec<Name>>,
) -> Option<String> {
    use Type::{
        Array, BigInt, Boolean, Bytes, Char, Double, Integer, Named, Numeric, Real, SmallInt, Text, Uuid, Varchar,
    };
    // A number is compared as one, and all else by its text.
    let is_text = matches!(from, Text | Varchar(_) | Char(_));
    let is_number = matches!(from, SmallInt | Integer | BigInt | Numeric(_)) && !matches!(to, Named(_));
    let column = if is_text || is_number { column.to_owned() } else { format!("CAST({column} AS text)") };
    match (from, to) {
        (SmallInt | Integer | BigInt, SmallInt | Integer) => {
            let (least, most) = bounds(to);
            Some(format!("{column} NOT BETWEEN {least} AND {most}"))
        }
        (SmallInt | Integer | BigInt | Numeric(_), Numeric(Some((precision, scale)))) => {
            let digits = u32::try_from(i32::from(*precision) - i32::from(*scale)).ok()?;
            Some(format!("abs({column}) >= 1{}", "0".repeat(digits as usize)))
        }
        (Text | Varchar(_) | Char(_) | Named(_), Varchar(Some(length)) | Char(length)) => {
            Some(format!("length({column}) > {length}"))
        }
        (Text | Varchar(_) | Char(_) | Named(_), SmallInt | Integer | BigInt) => {
            let (least, most) = bounds(to);
            // Zeros at the front, blanks and a plus would be gone.
            let digits = format!("CASE WHEN {column} LIKE '-%' THEN substr({column}, 2) ELSE {column} END");
            Some(format!(
                "CASE WHEN {column} = '0' THEN FALSE \
                 WHEN {column} = '' OR trim({digits}, '0123456789') <> '' OR {digits} = '' OR {digits} LIKE '0%' \
                 THEN TRUE ELSE CAST({column} AS numeric) NOT BETWEEN {least} AND {most} END"
            ))
        }
        (Text | Varchar(_) | Char(_) | Named(_), Real | Double | Numeric(_)) => Some(format!(
            "trim({column}) = '' OR trim(lower(trim({column})), '0123456789.+-e') NOT IN ('', 'nan', 'inf', 'infinity')"
        )),
        (Text | Varchar(_) | Char(_) | Named(_), Boolean) => {
            let words = ["t", "tr", "tru", "true", "y", "ye", "yes", "on", "1", "f", "fa", "fal", "fals", "false"];
            let words = words.into_iter().chain(["n", "no", "of", "off", "0"]).map(|word| format!("'{word}'"));
            Some(format!("lower(trim({column})) NOT IN ({})", words.collect::<Vec<_>>().join(", ")))
        }
        (Text | Varchar(_) | Char(_) | Named(_), Uuid) => {
            let digits = format!("replace(lower(trim({column}, ' {{}}')), '-', '')");
            Some(format!("length({digits}) <> 32 OR trim({digits}, '0123456789abcdef') <> ''"))
        }
        (Array(_) | Bytes, _) => None,
        (_, Named(of)) => {
            let labels = labels(of)?.into_iter().map(|label| sql::text(&label));
            Some(format!("{column} NOT IN ({})", labels.collect::<Vec<_>>().join(", ")))
        }
        _ => None,
    }
}

/// The least and the greatest of an integer type.
fn bounds(ty: &Type) -> (i64, i64) {
    if *ty == Type::SmallInt {
        (i16::MIN.into(), i16::MAX.into())
    } else if *ty == Type::Integer {
        (i32::MIN.into(), i32::MAX.into())
    } else {
        (i64::MIN, i64::MAX)
    }
}
