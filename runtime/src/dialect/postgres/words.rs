//! One spelling of an expression, as far as that can be told without a server.
//!
//! Only what means the same in every schema is made the same: case, quotes, spaces and parentheses around the whole.
//! A default also sheds the cast to its own column's type, and the quotes around its number. Everything else is the
//! server's to judge (`settle`).

use super::types::parse;
use super::write::{identifier, string};
use crate::schema::{Token, TokenKind, Type, tokens};

/// What is known about an expression.
#[derive(Clone, Copy, Debug)]
pub(super) enum Context<'a> {
    /// It becomes a value of this type.
    Of(&'a Type),
    /// Nothing.
    Free,
}

/// An expression's one spelling.
pub(super) fn expression(text: &str, context: Context<'_>) -> String {
    let all = tokens(text);
    let mut words: Vec<Word<'_>> = all.iter().enumerate().map(|(at, token)| Word::new(token, at, &all)).collect();
    let mut slice = bare(&words);
    if let Context::Of(ty) = context {
        while let Some(inner) = without_cast(slice, ty) {
            slice = bare(inner);
        }
        if let Some(value) = plain_value(slice, ty) {
            return value;
        }
    }
    let kept = slice.len();
    let start = slice.first().map_or(0, |first| first.at);
    words = words.into_iter().skip(start).take(kept).collect();
    let mut out = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        if at > 0 && !word.joined {
            out.push(' ');
        }
        out.push_str(&word.text);
    }
    out
}

/// A text of the server's, so written that the server prints it the same way when it reads it again. In
/// `ARRAY['a'::varchar]::text[]` it takes the cast of the array for one of every value, unless the values' own type is
/// said before.
#[cfg(feature = "postgres")]
pub(super) fn read_again(text: &str) -> String {
    let all = tokens(text);
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (at, token) in all.iter().enumerate() {
        let Some(ty) = values_type(text, &all, at) else { continue };
        let close = token.start + token.text.len();
        out.push_str(&text[end..close]);
        out.push_str(&format!("::{ty}[]"));
        end = close;
    }
    out + &text[end..]
}

/// The type to which each value is cast of an array that ends at a token, when the array is cast to another.
#[cfg(feature = "postgres")]
fn values_type<'a>(text: &'a str, all: &[Token<'a>], close: usize) -> Option<&'a str> {
    let cast = all[close + 1..].iter().find(|t| t.text != ")").filter(|t| t.text == "::" && all[close].text == "]")?;
    // Back to where it opens, by way of the commas that part its values.
    let (mut depth, mut at) = (0, close);
    let mut ends = vec![close];
    loop {
        match all[at].text {
            "]" | ")" => depth += 1,
            "[" | "(" => depth -= 1,
            "," if depth == 1 => ends.push(at),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        at = at.checked_sub(1)?;
    }
    if !at.checked_sub(1).is_some_and(|before| all[before].is_word("array")) {
        return None;
    }
    let cast_of = |(start, end): (usize, usize)| {
        let cast = (start..end).rev().find(|i| all[*i].text == "::")?;
        let (first, last) = (all.get(cast + 1)?, all[end - 1]);
        let plain = all[cast + 1..end].iter().all(|t| !matches!(t.text, "(" | ")" | "[" | "]"));
        (cast + 1 < end && plain).then(|| &text[first.start..last.start + last.text.len()])
    };
    let starts = ends.iter().skip(1).copied().chain([at]);
    let types: Option<Vec<&str>> = ends.iter().zip(starts).map(|(end, start)| cast_of((start + 1, *end))).collect();
    let types = types?;
    let said = text[cast.start + cast.text.len()..].trim_start().strip_prefix(types[0]);
    let again = said.is_some_and(|rest| rest.starts_with('['));
    (!again && types.iter().all(|ty| *ty == types[0])).then(|| types[0])
}

/// One token in its one spelling.
struct Word<'a> {
    token: Token<'a>,
    text: String,
    at: usize,
    /// Part of an operator that began before: `!~*`.
    joined: bool,
}

impl<'a> Word<'a> {
    fn new(token: &Token<'a>, at: usize, all: &[Token<'a>]) -> Self {
        let text = match token.kind {
            TokenKind::Word => token.text.to_ascii_lowercase(),
            TokenKind::Quoted => identifier(&token.value()),
            TokenKind::String => literal(token),
            TokenKind::Number => token.text.to_ascii_lowercase(),
            TokenKind::Sign if token.text == "!=" => "<>".to_owned(),
            TokenKind::Sign => token.text.to_owned(),
        };
        let joined = at > 0 && {
            let before = &all[at - 1];
            operator(before) && operator(token) && before.start + before.text.len() == token.start
        };
        Self { token: *token, text, at, joined }
    }
}

/// Whether a sign may be a part of an operator's name (manual, 4.1.3).
fn operator(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Sign && token.text.chars().all(|c| "+-*/<>=~!@#%^&|`?".contains(c))
}

/// A string in plain quotes, unless it holds escapes or bits.
fn literal(token: &Token<'_>) -> String {
    let first = token.text.as_bytes().first().map_or(b'\'', u8::to_ascii_lowercase);
    match first {
        b'e' if !token.text.contains('\\') => string(&token.value()),
        b'\'' | b'$' => string(&token.value()),
        _ => token.text.to_owned(),
    }
}

/// Without parentheses around the whole.
fn bare<'a, 'b>(mut words: &'a [Word<'b>]) -> &'a [Word<'b>] {
    while let [first, inner @ .., last] = words
        && first.text == "("
        && last.text == ")"
        && balanced(inner)
    {
        words = inner;
    }
    words
}

/// Whether every parenthesis is closed where it was opened.
fn balanced(words: &[Word<'_>]) -> bool {
    let mut depth = 0_i32;
    for word in words.iter().filter(|w| w.token.kind == TokenKind::Sign) {
        depth += match &*word.text {
            "(" | "[" => 1,
            ")" | "]" => -1,
            _ => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Without the cast that the server writes after a literal, or after something in parentheses, that has the type
/// anyway.
fn without_cast<'a, 'b>(words: &'a [Word<'b>], ty: &Type) -> Option<&'a [Word<'b>]> {
    let cast = words.iter().rposition(|w| w.text == "::" && w.token.kind == TokenKind::Sign)?;
    let (inner, target) = (&words[..cast], &words[cast + 1..]);
    let text: Vec<&str> = target.iter().map(|w| w.token.text).collect();
    let target = parse(&text.join(" "));
    let fits = match inner {
        [one] => match one.token.kind {
            TokenKind::String => is_bare(&target, ty),
            // A cast of a number is one that the server keeps, unless the number is of the type already.
            TokenKind::Number if one.text.contains('.') => target == Type::Numeric(None) && is_bare(&target, ty),
            TokenKind::Number => target == Type::Integer && *ty == Type::Integer,
            TokenKind::Word => matches!(&*one.text, "null" | "true" | "false") && is_bare(&target, ty),
            TokenKind::Quoted | TokenKind::Sign => false,
        },
        [open, .., close] if open.text == "(" && close.text == ")" && balanced(&inner[1..inner.len() - 1]) => {
            matches!(bare(inner), [one] if one.token.kind == TokenKind::String) && is_bare(&target, ty)
        }
        [..] => false,
    };
    fits.then_some(inner)
}

/// Whether a type is the other without its length, precision or scale: so the server casts a literal.
fn is_bare(target: &Type, ty: &Type) -> bool {
    match (target, ty) {
        (Type::Numeric(None), Type::Numeric(_))
        | (Type::Varchar(None), Type::Varchar(_))
        | (Type::Time(None), Type::Time(_))
        | (Type::TimeTz(None), Type::TimeTz(_))
        | (Type::Timestamp(None), Type::Timestamp(_))
        | (Type::TimestampTz(None), Type::TimestampTz(_))
        | (Type::Interval(None), Type::Interval(_)) => true,
        (Type::Sql(text), Type::Char(_)) => text == "bpchar",
        (Type::Sql(text), Type::Named(name)) => {
            let parts: Vec<String> = tokens(text).iter().filter(|t| t.text != ".").map(Token::value).collect();
            match (parts.as_slice(), &name.schema) {
                ([one], _) | ([_, one], None) => **one == *name.name,
                ([schema, one], Some(of)) => **one == *name.name && **schema == **of,
                ([..], _) => false,
            }
        }
        (Type::Array(a), Type::Array(b)) => is_bare(a, b),
        (
            Type::Numeric(_)
            | Type::Varchar(_)
            | Type::Time(_)
            | Type::TimeTz(_)
            | Type::Timestamp(_)
            | Type::TimestampTz(_)
            | Type::Interval(_),
            _,
        ) => false,
        (target, ty) => target == ty,
    }
}

/// A number or a truth value as the server keeps it. A quoted number is one of the column's type, a plain one an
/// `integer`, a `bigint` or a `numeric`, whichever holds it first, and the two are printed differently.
fn plain_value(words: &[Word<'_>], ty: &Type) -> Option<String> {
    let of_numbers =
        matches!(ty, Type::SmallInt | Type::Integer | Type::BigInt | Type::Numeric(_) | Type::Real | Type::Double);
    match words {
        [sign, one] if sign.text == "-" && one.token.kind == TokenKind::Number => Some(format!("-{}", one.text)),
        [one] if one.token.kind == TokenKind::String => {
            let (value, decimal) = (one.token.value(), matches!(ty, Type::Numeric(_)));
            match (ty, &*value.trim().to_ascii_lowercase()) {
                (Type::Boolean, "t" | "true") => Some("true".to_owned()),
                (Type::Boolean, "f" | "false") => Some("false".to_owned()),
                (Type::Integer, number) => number.parse::<i32>().ok().map(|n| n.to_string()),
                (Type::BigInt, number) if number.parse::<i32>().is_err() => {
                    number.parse::<i64>().ok().map(|n| n.to_string())
                }
                (_, number) if decimal && number.contains('.') && is_decimal(number) => Some(number.to_owned()),
                (_, _) => None,
            }
        }
        // The server writes a number below zero, and a large one, as text with a cast.
        [one, cast, target @ ..] if of_numbers && one.token.kind == TokenKind::String && cast.text == "::" => {
            let text: Vec<&str> = target.iter().map(|w| w.token.text).collect();
            let value = one.token.value();
            let plain = match parse(&text.join(" ")) {
                Type::Integer => value.parse::<i32>().is_ok(),
                Type::BigInt => value.parse::<i32>().is_err() && value.parse::<i64>().is_ok(),
                Type::Numeric(None) => value.contains('.') && is_decimal(&value),
                _other => false,
            };
            plain.then_some(value)
        }
        [..] => None,
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, ty: &Type) -> String {
        expression(text, Context::Of(ty))
    }

    #[test]
    fn a_default_is_what_it_is_however_it_is_written() {
        for (ty, spellings) in [
            (Type::Integer, vec!["7", "'7'", "(7)", "'7'::integer", "7::int4", "('7'::int)"]),
            (Type::Integer, vec!["-1", "'-1'::integer", "(-1)", "'-1'"]),
            (Type::BigInt, vec!["-1", "'-1'::integer", "(- 1)"]),
            (Type::BigInt, vec!["5000000000", "'5000000000'::bigint"]),
            (Type::Double, vec!["-5.2", "'-5.2'::numeric", "(-5.2)"]),
            (Type::Numeric(Some((9, 2))), vec!["1.50", "'1.50'", "1.50::numeric"]),
            (Type::Boolean, vec!["TRUE", "'t'", "true::boolean", "'true'"]),
            (Type::Text, vec!["'x'", "'x'::text", "(('x')::TEXT)", "E'x'", "$$x$$"]),
            (Type::Varchar(Some(9)), vec!["'x'", "'x'::character varying", "'x'::varchar"]),
            (Type::Char(2), vec!["'x'", "'x'::bpchar"]),
            (Type::Jsonb, vec!["'{}'", "'{}'::jsonb", "('{}'::JSONB)"]),
            (Type::Array(Box::new(Type::Text)), vec!["'{}'", "'{}'::text[]"]),
            (Type::Array(Box::new(Type::Varchar(Some(3)))), vec!["'{}'", "'{}'::character varying[]"]),
            (Type::Named("role".into()), vec!["'a'", "'a'::role", "'a'::public.role", "'a'::\"role\""]),
            (Type::TimestampTz(None), vec!["now()", "NOW( )", "(now())"]),
        ] {
            let forms: Vec<String> = spellings.iter().map(|text| of(text, &ty)).collect();
            assert!(forms.iter().all(|form| *form == forms[0]), "{ty:?}: {forms:?}");
        }
    }

    #[test]
    fn what_may_differ_stays_different() {
        assert_ne!(of("'now'::text", &Type::TimestampTz(None)), of("'now'", &Type::TimestampTz(None)));
        assert_ne!(of("a::integer", &Type::Integer), of("a", &Type::Integer));
        assert_ne!(of("'1'", &Type::Text), of("1", &Type::Text));
        // The server keeps and prints these as different things, and so does a dump.
        assert_ne!(of("'5.2'", &Type::Double), of("5.2", &Type::Double));
        assert_ne!(of("'7'", &Type::BigInt), of("7", &Type::BigInt));
        assert_ne!(of("'x'::varchar(3)", &Type::Varchar(Some(3))), of("'x'", &Type::Varchar(Some(3))));
        assert_ne!(expression("a = 'x'::text", Context::Free), expression("a = 'x'", Context::Free));
        assert_ne!(expression("(a) + (b)", Context::Free), expression("a) + (b", Context::Free));
        assert_ne!(of("'1'::integer + 1", &Type::Integer), of("'1' + 1", &Type::Integer));
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn an_array_says_the_type_of_its_values() {
        for (printed, written) in [
            (
                "x::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])",
                "x::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::character varying[]::text[])",
            ),
            (
                "((x)::text = ANY ((ARRAY['a'::character varying])::text[]))",
                "((x)::text = ANY ((ARRAY['a'::character varying]::character varying[])::text[]))",
            ),
        ] {
            assert_eq!(read_again(printed), written);
            assert_eq!(read_again(written), written);
        }
        for same in ["x = ANY (ARRAY['a'::text, 'b'::text])", "ARRAY[a, b]::text[]", "a[1]::text", "ARRAY[]::text[]"] {
            assert_eq!(read_again(same), same);
        }
    }

    #[test]
    fn operators_stay_in_one_piece() {
        assert_eq!(expression("a!~*'x'  AND\n\"B\" != 2 -- c", Context::Free), "a !~* 'x' and \"B\" <> 2");
        assert_eq!(expression("((x ->> 'a')::int) > 0", Context::Free), "( ( x ->> 'a' ) :: int ) > 0");
    }
}
