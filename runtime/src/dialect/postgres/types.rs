//! Types and their names.

use super::write::qualified;
use crate::schema::{Token, TokenKind, Type, tokens};

/// A type as SQL writes it (manual, chapter 8).
pub(super) fn type_name(ty: &Type) -> String {
    let precise = |name: &str, precision: &Option<u8>, zone: &str| match precision {
        None => format!("{name}{zone}"),
        Some(p) => format!("{name}({p}){zone}"),
    };
    match ty {
        Type::Boolean => "boolean".into(),
        Type::SmallInt => "smallint".into(),
        Type::Integer => "integer".into(),
        Type::BigInt => "bigint".into(),
        Type::Real => "real".into(),
        Type::Double => "double precision".into(),
        Type::Numeric(None) => "numeric".into(),
        Type::Numeric(Some((precision, 0))) => format!("numeric({precision})"),
        Type::Numeric(Some((precision, scale))) => format!("numeric({precision}, {scale})"),
        Type::Text => "text".into(),
        Type::Varchar(None) => "varchar".into(),
        Type::Varchar(Some(n)) => format!("varchar({n})"),
        Type::Char(n) => format!("char({n})"),
        Type::Bytes => "bytea".into(),
        Type::Date => "date".into(),
        Type::Time(p) => precise("time", p, ""),
        Type::TimeTz(p) => precise("time", p, " with time zone"),
        Type::Timestamp(p) => precise("timestamp", p, ""),
        Type::TimestampTz(p) => precise("timestamp", p, " with time zone"),
        Type::Interval(p) => precise("interval", p, ""),
        Type::Uuid => "uuid".into(),
        Type::Json => "json".into(),
        Type::Jsonb => "jsonb".into(),
        Type::Array(of) => format!("{}[]", type_name(of)),
        Type::Named(name) => qualified(name),
        Type::Sql(text) => text.clone(),
    }
}

/// Whether a type is there only as long as a schema or an extension makes it.
pub(super) fn made_by_schema(ty: &Type) -> bool {
    match ty {
        Type::Named(_) | Type::Sql(_) => true,
        Type::Array(of) => made_by_schema(of),
        Type::Boolean
        | Type::SmallInt
        | Type::Integer
        | Type::BigInt
        | Type::Real
        | Type::Double
        | Type::Numeric(_)
        | Type::Text
        | Type::Varchar(_)
        | Type::Char(_)
        | Type::Bytes
        | Type::Date
        | Type::Time(_)
        | Type::TimeTz(_)
        | Type::Timestamp(_)
        | Type::TimestampTz(_)
        | Type::Interval(_)
        | Type::Uuid
        | Type::Json
        | Type::Jsonb => false,
    }
}

/// The type that a text names, in any spelling that the server takes.
pub(super) fn parse(text: &str) -> Type {
    let all = tokens(text);
    let (base, dimensions) = without_brackets(&all);
    let plain = scalar(base).unwrap_or_else(|| Type::Sql(joined(base)));
    // The server keeps no number of dimensions (manual, 8.15.1).
    if dimensions { Type::Array(Box::new(plain)) } else { plain }
}

/// The tokens before `[]`, `[3]`, `[][]` or `ARRAY`, and whether there was any of these.
fn without_brackets<'a, 'b>(all: &'a [Token<'b>]) -> (&'a [Token<'b>], bool) {
    let end = all.iter().position(|t| t.text == "[" || t.is_word("array")).unwrap_or(all.len());
    (&all[..end], end < all.len())
}

fn scalar(all: &[Token<'_>]) -> Option<Type> {
    let open = all.iter().position(|t| t.text == "(");
    let close = all.iter().position(|t| t.text == ")");
    let numbers: Vec<i64> = match (open, close) {
        (Some(open), Some(close)) if open < close => {
            let inner = &all[open + 1..close];
            let negative = |at: usize| at > 0 && inner[at - 1].text == "-";
            let value = |(at, t): (usize, &Token<'_>)| {
                let n: i64 = t.text.parse().ok()?;
                Some(if negative(at) { -n } else { n })
            };
            inner.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Number).filter_map(value).collect()
        }
        (Some(_) | None, _) => Vec::new(),
    };
    let outside = all.iter().enumerate().filter(|(at, _)| match (open, close) {
        (Some(open), Some(close)) => *at < open || *at > close,
        (Some(_) | None, _) => true,
    });
    let mut words: Vec<String> = Vec::new();
    for (_, token) in outside {
        if token.kind != TokenKind::Word {
            return if words == ["pg_catalog"] && token.text == "." { scalar(&all[2..]) } else { None };
        }
        words.push(token.text.to_lowercase());
    }
    let number = numbers.first().copied();
    let precision = || number.and_then(|n| u8::try_from(n).ok());
    let length = || number.and_then(|n| u32::try_from(n).ok());
    Some(match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bool" | "boolean"] => Type::Boolean,
        ["int2" | "smallint"] => Type::SmallInt,
        ["int" | "int4" | "integer"] => Type::Integer,
        ["int8" | "bigint"] => Type::BigInt,
        ["float4" | "real"] => Type::Real,
        ["float8"] | ["double", "precision"] => Type::Double,
        ["float"] => match number {
            Some(n) if n <= 24 => Type::Real,
            Some(_) | None => Type::Double,
        },
        ["numeric" | "decimal" | "dec"] => Type::Numeric(number.and_then(|p| {
            let scale = numbers.get(1).copied().unwrap_or(0);
            Some((u16::try_from(p).ok()?, i16::try_from(scale).ok()?))
        })),
        ["text"] => Type::Text,
        ["varchar"] | ["character" | "char", "varying"] => Type::Varchar(length()),
        ["char" | "character"] => Type::Char(length().unwrap_or(1)),
        ["bpchar"] if number.is_some() => Type::Char(length().unwrap_or(1)),
        ["bytea"] => Type::Bytes,
        ["date"] => Type::Date,
        ["time"] | ["time", "without", "time", "zone"] => Type::Time(precision()),
        ["timetz"] | ["time", "with", "time", "zone"] => Type::TimeTz(precision()),
        ["timestamp"] | ["timestamp", "without", "time", "zone"] => Type::Timestamp(precision()),
        ["timestamptz"] | ["timestamp", "with", "time", "zone"] => Type::TimestampTz(precision()),
        ["interval"] => Type::Interval(precision()),
        ["uuid"] => Type::Uuid,
        ["json"] => Type::Json,
        ["jsonb"] => Type::Jsonb,
        _ => return None,
    })
}

/// Another type's text in one spelling: words in lower case, one space between words and none elsewhere.
fn joined(all: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for token in all {
        let word = token.kind == TokenKind::Word || token.kind == TokenKind::Quoted;
        if word && after_word {
            text.push(' ');
        }
        match token.kind {
            TokenKind::Word => text.push_str(&token.text.to_lowercase()),
            TokenKind::Quoted | TokenKind::String | TokenKind::Number | TokenKind::Sign => text.push_str(token.text),
        }
        after_word = word || token.text == ")";
    }
    text
}

/// Whether a value of one type becomes one of the other without being told how (manual, 10.4; assignment casts).
pub(super) fn casts_by_itself(from: &Type, to: &Type) -> bool {
    let family = |ty: &Type| match ty {
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Numeric(_) => Some(1),
        Type::Text | Type::Varchar(_) | Type::Char(_) => Some(2),
        Type::Date | Type::Timestamp(_) | Type::TimestampTz(_) => Some(3),
        Type::Time(_) | Type::TimeTz(_) => Some(4),
        Type::Interval(_) => Some(5),
        Type::Json | Type::Jsonb => Some(6),
        Type::Boolean | Type::Bytes | Type::Uuid | Type::Array(_) | Type::Named(_) | Type::Sql(_) => None,
    };
    family(from).is_some() && family(from) == family(to)
}

/// The lowest and the highest value of an integer type (manual, 8.1.1).
pub(super) fn limits(ty: &Type) -> (i64, i64) {
    if *ty == Type::SmallInt {
        (i64::from(i16::MIN), i64::from(i16::MAX))
    } else if *ty == Type::Integer {
        (i64::from(i32::MIN), i64::from(i32::MAX))
    } else {
        (i64::MIN, i64::MAX)
    }
}

/// A value of one type as one of another. Where there is no cast between the two, text is what they have in common:
/// every type is written and read as text (manual, `CREATE CAST`, *automatic I/O conversion casts*).
pub(super) fn cast(value: &str, from: &Type, to: &Type) -> String {
    match (from, to) {
        // An array is cast value by value, and so by the same way.
        (Type::Array(a), Type::Array(b)) => cast_over(value, &of_arrays(path(a, b))),
        // One value is an array of one, and back.
        (_, Type::Array(of)) => format!("ARRAY[{}]::{}", cast(value, from, of), type_name(to)),
        (Type::Array(of), to) if !is_text(to) => cast(&format!("{value}[1]"), of, to),
        // What the cast from integer means, for numbers that are none.
        (from, Type::Boolean) if is_number(from) && *from != Type::Integer => format!("({value} <> 0)"),
        (Type::Bytes, to) if is_text(to) => format!("convert_from({value}, 'UTF8')::{}", type_name(to)),
        (from, Type::Bytes) if is_text(from) => format!("convert_to({value}, 'UTF8')"),
        (from, to) => cast_over(value, &path(from, to)),
    }
}

/// A value as one of the last of some types, by way of each before it.
pub(super) fn cast_over(value: &str, way: &[Type]) -> String {
    way.iter().fold(value.to_owned(), |text, ty| format!("{text}::{}", type_name(ty)))
}

/// Arrays of these types.
pub(super) fn of_arrays(types: Vec<Type>) -> Vec<Type> {
    types.into_iter().map(|ty| Type::Array(Box::new(ty))).collect()
}

/// The types by which a value goes over: the other one at the end, before it those that there are casts to and from
/// (`pg_cast`).
pub(super) fn path(from: &Type, to: &Type) -> Vec<Type> {
    let by = match (word(from).as_deref(), word(to).as_deref()) {
        // Bits are an integer's, amounts of money a number's, identifiers of objects an integer's.
        (None, Some("bit" | "oid")) if is_number(from) && !is_integer(from) => Some(Type::BigInt),
        (None, Some("bit")) if *from == Type::SmallInt => Some(Type::Integer),
        (Some("bit" | "oid"), None) if is_number(to) && !is_integer(to) => Some(Type::BigInt),
        (Some("bit" | "oid"), None) if *to == Type::SmallInt => Some(Type::Integer),
        (None, Some("money")) if is_number(from) => Some(Type::Numeric(None)),
        (Some("money"), None) if is_number(to) => Some(Type::Numeric(None)),
        // There is a cast between boolean and integer, and none to other numbers.
        _ if *from == Type::Boolean && is_number(to) || is_number(from) && *to == Type::Boolean => Some(Type::Integer),
        _ if is_cast(from, to) => None,
        _ => Some(Type::Text),
    };
    by.filter(|by| by != from && by != to).into_iter().chain([to.clone()]).collect()
}

/// The first word of a type that only the database knows.
fn word(ty: &Type) -> Option<String> {
    match ty {
        // Bits of any number are read as no integer.
        Type::Sql(text) if matches!(tokens(text).get(1), Some(t) if t.is_word("varying")) => Some("varbit".to_owned()),
        Type::Sql(text) => text.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned),
        _other => None,
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Varchar(_) | Type::Char(_))
}

fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::SmallInt | Type::Integer | Type::BigInt)
}

fn is_number(ty: &Type) -> bool {
    is_integer(ty) || matches!(ty, Type::Numeric(_) | Type::Real | Type::Double)
}

/// Whether the server has a cast (`pg_cast`).
fn is_cast(from: &Type, to: &Type) -> bool {
    let moment = |ty: &Type| matches!(ty, Type::Date | Type::Timestamp(_) | Type::TimestampTz(_));
    let clock = |ty: &Type| matches!(ty, Type::Time(_) | Type::TimeTz(_));
    let json = |ty: &Type| matches!(ty, Type::Json | Type::Jsonb);
    // Integers and bits, money, object identifiers; two forms of one type; addresses; bits of any number and of one.
    let other = match (word(from).as_deref(), word(to).as_deref()) {
        (None, Some("bit" | "oid")) => is_integer(from),
        (Some("bit" | "oid"), None) => is_integer(to),
        (None, Some("money")) => matches!(from, Type::Numeric(_)),
        (Some("money"), None) => matches!(to, Type::Numeric(_)),
        (Some("inet"), Some("cidr")) | (Some("cidr"), Some("inet")) => true,
        (Some("bit"), Some("varbit")) | (Some("varbit"), Some("bit")) => true,
        (Some(from), Some(to)) => from == to,
        (None, _) | (_, None) => false,
    };
    other
        || is_text(from)
        || is_text(to)
        || is_number(from) && is_number(to)
        || matches!((from, to), (Type::Boolean, Type::Integer) | (Type::Integer, Type::Boolean))
        || moment(from) && moment(to)
        || clock(from) && clock(to)
        || matches!(from, Type::Timestamp(_) | Type::TimestampTz(_)) && matches!(to, Type::Time(_))
        || matches!((from, to), (Type::TimestampTz(_), Type::TimeTz(_)))
        || matches!((from, to), (Type::Time(_), Type::Interval(_)) | (Type::Interval(_), Type::Time(_)))
        || json(from) && json(to)
        || *from == Type::Jsonb && (is_number(to) || *to == Type::Boolean)
        || matches!((from, to), (Type::Interval(_), Type::Interval(_)))
        || from == to && !matches!(from, Type::Named(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_type() {
        for (text, ty) in [
            ("INT4", Type::Integer),
            ("pg_catalog.int8", Type::BigInt),
            ("character varying(40)", Type::Varchar(Some(40))),
            ("timestamp(3) with time zone", Type::TimestampTz(Some(3))),
            ("decimal(10,2)", Type::Numeric(Some((10, 2)))),
            ("numeric(5)", Type::Numeric(Some((5, 0)))),
            ("float(20)", Type::Real),
            ("char", Type::Char(1)),
            ("text[][]", Type::Array(Box::new(Type::Text))),
            ("bpchar", Type::Sql("bpchar".into())),
            ("BIT  VARYING (5)", Type::Sql("bit varying(5)".into())),
            ("interval day to second", Type::Sql("interval day to second".into())),
            ("\"Odd\".t", Type::Sql("\"Odd\".t".into())),
        ] {
            assert_eq!(parse(text), ty, "{text}");
        }
    }

    #[test]
    fn every_type_goes_over_to_every_other() {
        let role = Type::Named("role".into());
        let array = |of: Type| Type::Array(Box::new(of));
        for (from, to, sql) in [
            (Type::Integer, Type::Text, "v::text"),
            (Type::Integer, Type::Boolean, "v::boolean"),
            (Type::BigInt, Type::Boolean, "(v <> 0)"),
            (Type::Text, Type::Uuid, "v::uuid"),
            (Type::Uuid, Type::Integer, "v::text::integer"),
            (Type::Text, role.clone(), "v::role"),
            (Type::Integer, role.clone(), "v::text::role"),
            (Type::Text, array(Type::Text), "ARRAY[v::text]::text[]"),
            (array(Type::Text), Type::Integer, "v[1]::integer"),
            (array(Type::Text), Type::Text, "v::text"),
            (array(role.clone()), array(Type::Named("mood".into())), "v::text[]::mood[]"),
            (Type::Jsonb, Type::Integer, "v::integer"),
            (Type::Json, Type::Integer, "v::text::integer"),
            (Type::Sql("inet".into()), Type::Date, "v::text::date"),
            (Type::Integer, Type::Sql("bit(8)".into()), "v::bit(8)"),
            (Type::Double, Type::Sql("bit(8)".into()), "v::bigint::bit(8)"),
            (Type::Sql("bit(8)".into()), Type::SmallInt, "v::integer::smallint"),
            (Type::Sql("money".into()), Type::Integer, "v::numeric::integer"),
            (Type::Sql("bit varying(9)".into()), Type::Sql("bit(8)".into()), "v::bit(8)"),
            (role.clone(), array(Type::Named("mood".into())), "ARRAY[v::text::mood]::mood[]"),
            (array(Type::Boolean), array(Type::BigInt), "v::integer[]::bigint[]"),
            (array(Type::Uuid), array(Type::Integer), "v::text[]::integer[]"),
        ] {
            assert_eq!(cast("v", &from, &to), sql, "{from:?} {to:?}");
        }
    }

    #[test]
    fn a_type_survives_its_own_name() {
        for ty in [
            Type::Numeric(Some((8, 3))),
            Type::TimeTz(Some(2)),
            Type::Char(7),
            Type::Varchar(None),
            Type::Interval(Some(1)),
        ] {
            assert_eq!(parse(&type_name(&ty)), ty);
        }
    }
}
