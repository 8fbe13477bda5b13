//! Small things as Rust expressions.

use crate::schema::{
    Action, Auto, Column, ColumnVariant, Conflict, Database, Default, Deferrable, Generated, Key, KeyOf, Literal, Name,
    Nulls, Order, QualifiedName, SequenceOptions, Sort, Type,
};
use std::collections::BTreeMap;

/// A string literal; raw where that saves escapes.
pub(super) fn string(text: &str) -> String {
    // Lines stay lines, so that SQL can be read.
    let plain = text.chars().all(|c| c == '\n' || !c.is_control());
    if plain && text.contains(['"', '\\', '\n']) && !text.contains("\"#") {
        let hash = if text.contains('"') { "#" } else { "" };
        format!("r{hash}\"{text}\"{hash}")
    } else {
        format!("{text:?}")
    }
}

/// A line of a doc comment. What is no plain word stands in backticks, as clippy asks and rustdoc needs.
pub(super) fn doc(line: &str) -> String {
    if line.contains('`') {
        return line.to_owned();
    }
    let word = |word: &str| {
        let inner =
            word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '(' | ')' | '"' | '\''));
        let hump = inner.as_bytes().windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
        if hump
            || inner.contains(['_', '<', '>', '[', ']', '*', '\\', '&'])
            || inner.contains("::")
            || inner.contains("//")
        {
            word.replacen(inner, &format!("`{inner}`"), 1)
        } else {
            word.to_owned()
        }
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The name of a table or another object.
pub(super) fn object(name: &QualifiedName) -> String {
    match &name.schema {
        Some(schema) => format!("({}, {})", string(schema), string(&name.name)),
        None => string(&name.name),
    }
}

/// A list of names.
pub(super) fn names(names: &[Name]) -> String {
    if names.is_empty() {
        return "[\"\"; 0]".to_owned();
    }
    format!("[{}]", names.iter().map(|n| string(n)).collect::<Vec<_>>().join(", "))
}

/// A whole number, in groups of three digits.
pub(super) fn integer(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    if number < 0 { format!("-{grouped}") } else { grouped }
}

/// A type.
pub(super) fn ty(of: &Type) -> String {
    let precise = |name: &str, precision: &Option<u8>| match precision {
        None => format!("{name}()"),
        Some(p) => format!("{name}_with({p})"),
    };
    match of {
        Type::Boolean => "boolean()".into(),
        Type::SmallInt => "smallint()".into(),
        Type::Integer => "integer()".into(),
        Type::BigInt => "bigint()".into(),
        Type::Real => "real()".into(),
        Type::Double => "double()".into(),
        Type::Numeric(None) => "numeric()".into(),
        Type::Numeric(Some((precision, scale))) => format!("numeric_with({precision}, {scale})"),
        Type::Text => "text()".into(),
        Type::Varchar(None) => "varchar_unlimited()".into(),
        Type::Varchar(Some(n)) => format!("varchar({})", integer((*n).into())),
        Type::Char(n) => format!("character({})", integer((*n).into())),
        Type::Bytes => "bytes()".into(),
        Type::Date => "date()".into(),
        Type::Time(p) => precise("time", p),
        Type::TimeTz(p) => precise("timetz", p),
        Type::Timestamp(p) => precise("timestamp", p),
        Type::TimestampTz(p) => precise("timestamptz", p),
        Type::Interval(p) => precise("interval", p),
        Type::Uuid => "uuid()".into(),
        Type::Json => "json()".into(),
        Type::Jsonb => "jsonb()".into(),
        Type::Array(element) => format!("array({})", ty(element)),
        Type::Named(name) => format!("named({})", object(name)),
        Type::Sql(text) => format!("sql_type({})", string(text)),
    }
}

/// A call that sets a default.
pub(super) fn default(default: &Default) -> String {
    match default {
        Default::Literal(Literal::Boolean(b)) => format!(".default({b})"),
        Default::Literal(Literal::Integer(i)) => format!(".default({})", integer(*i)),
        Default::Literal(Literal::Float(x)) => format!(".default(float({}))", string(x)),
        Default::Literal(Literal::Text(t)) => format!(".default({})", string(t)),
        Default::Sql(sql) => format!(".default_sql({})", string(sql.as_str())),
    }
}

/// A call that says what a column is computed from.
pub(super) fn generated(generated: &Generated) -> String {
    let word = if generated.stored { "generated" } else { "generated_virtual" };
    format!(".{word}({})", string(generated.expression.as_str()))
}

/// Calls that say how a column is numbered.
pub(super) fn auto(auto: &Auto) -> Vec<String> {
    match auto {
        Auto::Increment => vec![".auto_increment()".to_owned()],
        Auto::Identity { always, options } => {
            let word = if *always { ".identity_always()" } else { ".identity_by_default()" };
            std::iter::once(word.to_owned()).chain(counting(options)).collect()
        }
        Auto::Serial { sequence, options } => {
            let word = sequence.as_ref().map_or(".serial()".to_owned(), |s| format!(".serial_from({})", string(s)));
            std::iter::once(word).chain(counting(options)).collect()
        }
    }
}

/// A call that says how a sequence counts.
pub(super) fn counting(options: &SequenceOptions) -> Option<String> {
    let SequenceOptions { start, increment, min, max, cache, cycle } = options;
    let mut calls = String::new();
    for (word, value) in [("start", start), ("increment", increment), ("min", min), ("max", max), ("cache", cache)] {
        if let Some(value) = value {
            calls.push_str(&format!(".{word}({})", integer(*value)));
        }
    }
    if *cycle {
        calls.push_str(".cycle()");
    }
    (!calls.is_empty()).then(|| format!(".counting(|s| s{calls})"))
}

/// Calls for all that is said of a column beside its name and type.
pub(super) fn column(of: &Column) -> Vec<String> {
    let Column {
        name: _,
        ty: _,
        nullable,
        default: value,
        generated: computed,
        auto: numbered,
        collation,
        comment,
        storage,
        compression,
        not_null_conflict,
        variants: different,
    } = of;
    let mut calls = Vec::new();
    calls.extend(nullable.then(|| ".nullable()".to_owned()));
    calls.extend(value.as_ref().map(default));
    calls.extend(computed.as_ref().map(generated));
    calls.extend(numbered.iter().flat_map(auto));
    calls.extend(text("collation", collation.as_deref()));
    calls.extend(text("comment", comment.as_deref()));
    calls.extend(text("storage", storage.as_deref()));
    calls.extend(text("compression", compression.as_deref()));
    calls.extend(not_null_conflict.map(|c| format!(".on_null({})", conflict(c))));
    calls.extend(variants(different));
    calls
}

/// Calls that say what differs on one database.
pub(super) fn variants(variants: &BTreeMap<Database, ColumnVariant>) -> Vec<String> {
    variants
        .iter()
        .map(|(database, ColumnVariant { ty: other, default: value, generated: computed, collation })| {
            let mut calls = String::new();
            calls.extend(other.as_ref().map(|t| format!(".set_type({})", ty(t))));
            calls.extend(value.as_ref().map(|d| d.as_ref().map_or(".no_default()".to_owned(), default)));
            calls.extend(computed.as_ref().map(|g| g.as_ref().map_or(".not_generated()".to_owned(), generated)));
            calls.extend(text("collation", collation.as_deref()));
            format!(".on({}, |v| v{calls})", self::database(*database))
        })
        .collect()
}

/// A call with one text, when there is one.
pub(super) fn text(word: &str, text: Option<&str>) -> Option<String> {
    text.map(|t| format!(".{word}({})", string(t)))
}

/// A database.
pub(super) fn database(database: Database) -> String {
    format!("Database({})", string(database.0))
}

/// A list of keys: plain words where that says all.
pub(super) fn keys(keys: &[Key]) -> String {
    let plain: Option<Vec<String>> = keys.iter().map(plain_key).collect();
    let keys = plain.unwrap_or_else(|| keys.iter().map(key).collect());
    format!("[{}]", keys.join(", "))
}

/// `"created_at desc nulls last"`, when the column's name cannot be taken for more.
fn plain_key(key: &Key) -> Option<String> {
    let KeyOf::Column(name) = &key.of else { return None };
    if name.contains(char::is_whitespace) || key.opclass.is_some() || key.collation.is_some() {
        return None;
    }
    let order = if key.order == Order::Descending { " desc" } else { "" };
    let nulls = match key.nulls {
        None => "",
        Some(Nulls::First) => " nulls first",
        Some(Nulls::Last) => " nulls last",
    };
    Some(string(&format!("{name}{order}{nulls}")))
}

/// A key with all that can be said of it.
pub(super) fn key(key: &Key) -> String {
    let Key { of, order, nulls, opclass, collation } = key;
    let mut text = match of {
        KeyOf::Column(name) => format!("key({})", string(name)),
        KeyOf::Expression(expression) => format!("expression({})", string(expression.as_str())),
    };
    if *order == Order::Descending {
        text.push_str(".desc()");
    }
    match nulls {
        None => {}
        Some(Nulls::First) => text.push_str(".nulls_first()"),
        Some(Nulls::Last) => text.push_str(".nulls_last()"),
    }
    text.extend(self::text("opclass", opclass.as_deref()));
    text.extend(self::text("collation", collation.as_deref()));
    text
}

/// Calls that say how a constraint compares its columns.
pub(super) fn sorts(sorts: &BTreeMap<Name, Sort>) -> Vec<String> {
    sorts
        .iter()
        .map(|(name, Sort { order, collation })| {
            let key = Key { order: *order, collation: collation.clone(), ..Key::column(name) };
            format!(".sorted({})", self::key(&key))
        })
        .collect()
}

/// A call that says when a constraint is checked.
pub(super) fn deferrable(deferrable: Deferrable) -> Option<String> {
    match deferrable {
        Deferrable::No => None,
        Deferrable::Immediate => Some(".deferrable()".to_owned()),
        Deferrable::Deferred => Some(".initially_deferred()".to_owned()),
    }
}

/// What a change of the referenced row does.
pub(super) fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NoAction",
        Action::Restrict => "Restrict",
        Action::Cascade => "Cascade",
        Action::SetNull => "SetNull",
        Action::SetDefault => "SetDefault",
    }
}

/// What a violation does.
pub(super) fn conflict(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::Rollback => "Conflict::Rollback",
        Conflict::Abort => "Conflict::Abort",
        Conflict::Fail => "Conflict::Fail",
        Conflict::Ignore => "Conflict::Ignore",
        Conflict::Replace => "Conflict::Replace",
    }
}
