//! Row types for a migration's own code: what a table's rows are when it runs, whatever becomes of the model later.

use heck::ToUpperCamelCase as _;

use crate::schema::{Column, Enum, Name, Schema, Table, Type};

/// The types of the rows of some tables, and of the enums in them, as Rust items of a migration's module.
#[must_use]
pub fn row_types<'a>(schema: &Schema, tables: impl IntoIterator<Item = &'a Table>) -> String {
    let mut enums: Vec<&Enum> = Vec::new();
    let mut structs = String::new();
    for table in tables {
        let mut fields = String::new();
        for column in &table.columns {
            let ty = plain(column.ty.clone(), schema);
            if let Some(of) = ty.named().and_then(|name| schema.enums.get(name))
                && !enums.contains(&of)
            {
                enums.push(of);
            }
            fields.push_str(&field(column, &ty));
        }
        structs.push_str(&format!(
            "\n/// A row of `{}` when this migration runs.\n#[allow(dead_code)]\n#[derive(Debug, sqlx::FromRow)]\n\
             struct {} {{\n{fields}}}\n",
            table.name,
            table.name.name.to_upper_camel_case(),
        ));
    }
    enums.into_iter().map(item).collect::<String>() + &structs
}

fn item(of: &Enum) -> String {
    let label = |label: &Name| {
        let (sql, word) = (label.as_str(), label.to_upper_camel_case());
        // A label of digits is a word with something before it.
        let word = if word.starts_with(|c: char| c.is_alphabetic()) { word } else { format!("Label{word}") };
        format!("    #[sqlx(rename = {sql:?})]\n    {word},\n")
    };
    format!(
        "\n/// The enum `{name}` when this migration runs.\n#[allow(dead_code)]\n\
         #[derive(Clone, Copy, Debug, sqlx::Type)]\n#[sqlx(type_name = {sql:?})]\nenum {word} {{\n{labels}}}\n",
        name = of.name,
        sql = of.name.to_string(),
        word = of.name.name.to_upper_camel_case(),
        labels = of.labels.iter().map(label).collect::<String>()
    )
}

/// A type without domains, whose values are those of what they are over.
fn plain(ty: Type, schema: &Schema) -> Type {
    match ty {
        Type::Array(of) => Type::Array(Box::new(plain(*of, schema))),
        Type::Named(name) => match schema.domains.get(&name) {
            Some(domain) => plain(domain.ty.clone(), schema),
            None => Type::Named(name),
        },
        other => other,
    }
}

fn field(column: &Column, ty: &Type) -> String {
    /// Words that no field can be named, raw or not, and those that can, raw.
    const NEVER: [&str; 4] = ["crate", "self", "super", "_"];
    const KEYWORDS: [&str; 47] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
        "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
        "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
        "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
    ];
    let name = column.name.as_str();
    let mut chars = name.chars();
    let is_word = chars.next().is_some_and(|c| c == '_' || c.is_lowercase())
        && chars.all(|c| c == '_' || c.is_lowercase() || c.is_ascii_digit());
    let (rename, field) = match name {
        _ if !is_word || NEVER.contains(&name) => {
            let snake = heck::AsSnakeCase(name).to_string();
            (format!("    #[sqlx(rename = {name:?})]\n"), format!("field_{snake}"))
        }
        _ if KEYWORDS.contains(&name) => (String::new(), format!("r#{name}")),
        _ => (String::new(), name.to_owned()),
    };
    let (note, ty) = rust(ty);
    let ty = if column.nullable { format!("Option<{ty}>") } else { ty };
    format!("{note}{rename}    {field}: {ty},\n")
}

/// What sqlx reads a type as, and a remark where it reads none.
fn rust(ty: &Type) -> (String, String) {
    // What this crate is built with is what its user's code speaks.
    let at = |chrono: &str, time: &str| {
        let of = if cfg!(feature = "time") && !cfg!(feature = "chrono") { time } else { chrono };
        format!("sqlx::types::{of}")
    };
    let name = match ty {
        Type::Boolean => "bool".to_owned(),
        Type::SmallInt => "i16".to_owned(),
        Type::Integer => "i32".to_owned(),
        Type::BigInt => "i64".to_owned(),
        Type::Real => "f32".to_owned(),
        Type::Double => "f64".to_owned(),
        Type::Text | Type::Varchar(_) | Type::Char(_) => "String".to_owned(),
        Type::Bytes => "Vec<u8>".to_owned(),
        Type::Uuid => "sqlx::types::Uuid".to_owned(),
        Type::Json | Type::Jsonb => "sqlx::types::JsonValue".to_owned(),
        Type::Numeric(_) => "sqlx::types::Decimal".to_owned(),
        Type::Date => at("chrono::NaiveDate", "time::Date"),
        Type::Time(_) => at("chrono::NaiveTime", "time::Time"),
        Type::Timestamp(_) => at("chrono::NaiveDateTime", "time::PrimitiveDateTime"),
        Type::TimestampTz(_) => at("chrono::DateTime<sqlx::types::chrono::Utc>", "time::OffsetDateTime"),
        Type::Array(of) => {
            let (note, of) = rust(of);
            return (note, format!("Vec<{of}>"));
        }
        Type::Named(name) => name.name.to_upper_camel_case(),
        Type::TimeTz(_) | Type::Interval(_) | Type::Sql(_) => {
            return ("    /// Cast it to text in the query.\n".to_owned(), "String".to_owned());
        }
    };
    (String::new(), name)
}
