//! Rows for generated schemas, and what is left of them.

use limbeck::dialect::{Backend, DatabaseError, Dialect};
use limbeck::schema::{Column, Name, QualifiedName, Schema, Table, Type};

/// Puts a few rows into every table, such as survive a migration from `from` to `to`: values that both sides of a
/// column can hold, no two alike, and only one where something must be unique.
///
/// # Errors
///
/// When the database refuses them.
pub async fn seed(backend: &mut dyn Backend, from: &Schema, to: &Schema) -> Result<(), DatabaseError> {
    let dialect = backend.dialect();
    // Where a column can be an array, it holds values of its type and no others.
    let typed = backend.capabilities().arrays;
    for table in from.tables.values() {
        let other = to.tables.get(&table.name);
        let unique = |t: &Table| !t.uniques.is_empty() || t.indexes.iter().any(|i| i.unique);
        let count = if unique(table) || other.is_some_and(unique) { 1 } else { 3 };
        for row in 1..=count {
            let Some(insert) = insert((dialect, typed), table, other, (from, to), row) else { break };
            backend.execute(&insert).await?;
        }
    }
    Ok(())
}

fn insert(
    (dialect, typed): (&dyn Dialect, bool),
    table: &Table,
    other: Option<&Table>,
    (from, to): (&Schema, &Schema),
    row: usize,
) -> Option<String> {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for column in table.columns.iter().filter(|c| c.generated.is_none()) {
        let after = other.and_then(|t| t.column(&column.name));
        let stays_null = column.nullable && after.is_none_or(|c| c.nullable);
        // Nothing to point at yet: references stay NULL. Counters count.
        if column.name.starts_with("ref_") || column.name == "running_no" {
            continue;
        }
        // A database that checks types refuses a value that does not become one of the new type.
        let lost = typed && after.is_some_and(|c| !survives((&column.ty, from), (&c.ty, to)));
        // NULL is said: a default might be a label that goes.
        let value = match value(dialect, column, after, (from, to), row).filter(|_| !lost) {
            Some(value) if !(stays_null && row == 2) => value,
            Some(_) | None if stays_null => "NULL".to_owned(),
            Some(_) | None => return None,
        };
        names.push(dialect.identifier(&column.name));
        values.push(value);
    }
    let into = path(dialect, &table.name);
    Some(format!("INSERT INTO {into} ({}) VALUES ({})", names.join(", "), values.join(", ")))
}

fn value(
    dialect: &dyn Dialect,
    column: &Column,
    after: Option<&Column>,
    (from, to): (&Schema, &Schema),
    row: usize,
) -> Option<String> {
    let text = |t: &str| Some(dialect.string(t));
    // What becomes an enum must hold one of its labels already.
    if let (Some(Type::Named(name)), false) = (after.map(|c| &c.ty), is_enum(&column.ty, from))
        && let Some(of) = to.enums.get(name)
    {
        let room = |label: &&Name| match column.ty {
            Type::Varchar(Some(most)) | Type::Char(most) => label.chars().count() <= most as usize,
            _ => true,
        };
        let label = of.labels.iter().find(room)?;
        return text(label).filter(|_| matches!(column.ty, Type::Text | Type::Varchar(_) | Type::Char(_)));
    }
    match &column.ty {
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Numeric(_) => Some(row.to_string()),
        Type::Real | Type::Double => Some(format!("{row}.25")),
        Type::Boolean => Some(if row == 1 { "TRUE" } else { "FALSE" }.to_owned()),
        Type::Text | Type::Varchar(_) | Type::Char(_) => text(&row.to_string()),
        Type::Bytes => text(&format!("row {row}")),
        Type::Date => text(&format!("2026-01-{row:02}")),
        Type::Time(_) | Type::TimeTz(_) => text(&format!("12:00:{row:02}")),
        Type::Timestamp(_) | Type::TimestampTz(_) => text(&format!("2026-01-{row:02} 12:00:00")),
        Type::Interval(_) => text(&format!("{row} days")),
        Type::Uuid => text(&format!("00000000-0000-0000-0000-{row:012}")),
        Type::Json | Type::Jsonb => text(&format!("{{\"row\": {row}}}")),
        Type::Array(of) if of.named().is_some() => text("{}"),
        Type::Array(_) => text(&format!("{{a,{row}}}")),
        Type::Named(name) if from.domains.contains_key(name) => text(&row.to_string()),
        Type::Named(name) => {
            let before = from.enums.get(name)?;
            let stays = |label: &&Name| match after.map(|c| &c.ty) {
                Some(Type::Named(name)) => to.enums.get(name).is_some_and(|e| e.labels.contains(label)),
                Some(_) | None => true,
            };
            text(before.labels.iter().find(stays)?)
        }
        Type::Sql(ty) => text(&match ty.as_str() {
            "int4range" => format!("[{row},{})", row + 1),
            "bit varying(12)" => format!("{row:b}"),
            "place" => return None,
            "tsvector" | "money" => row.to_string(),
            _ => format!("10.0.0.{row}"),
        }),
    }
}

fn is_enum(ty: &Type, schema: &Schema) -> bool {
    matches!(ty, Type::Named(name) if schema.enums.contains_key(name))
}

/// Whether the values that [`value`] makes of one type can become values of another, on a database that checks.
fn survives((from, before): (&Type, &Schema), (to, after): (&Type, &Schema)) -> bool {
    let number = |ty: &Type| {
        matches!(ty, Type::SmallInt | Type::Integer | Type::BigInt | Type::Numeric(_) | Type::Real | Type::Double)
    };
    let moment = |ty: &Type| matches!(ty, Type::Date | Type::Timestamp(_) | Type::TimestampTz(_));
    let domain = |ty: &Type, of: &Schema| matches!(ty, Type::Named(name) if of.domains.contains_key(name));
    let text = |ty: &Type| matches!(ty, Type::Text | Type::Varchar(_) | Type::Char(_));
    let narrow = matches!(to, Type::Varchar(Some(..20)) | Type::Char(_));
    let (from_domain, to_domain) = (domain(from, before), domain(to, after));
    let from_text = from_domain || text(from);
    if narrow || from_domain || to_domain {
        return from == to || from_text && (text(to) || to_domain);
    }
    from == to
        || text(to) && !matches!(from, Type::Array(of) if of.named().is_some())
        || number(from) && number(to)
        || moment(from) && moment(to)
        || text(from)
            && (number(to) || (matches!(to, Type::Bytes | Type::Named(_)) || *to == Type::Array(Box::new(Type::Text))))
        || is_enum(from, before) && is_enum(to, after)
}

/// The values of the columns that are in both schemas and the same, as text, in an order that says nothing.
///
/// # Errors
///
/// When the database refuses to tell.
pub async fn kept(backend: &mut dyn Backend, one: &Schema, other: &Schema) -> Result<Vec<String>, DatabaseError> {
    let dialect = backend.dialect();
    let mut kept = Vec::new();
    for table in one.tables.values() {
        let Some(twin) = other.tables.get(&table.name) else { continue };
        let names: Vec<String> = table
            .columns
            .iter()
            .filter(|c| twin.column(&c.name).is_some_and(|d| d.ty == c.ty && d.generated == c.generated))
            .map(|c| format!("CAST({} AS text)", dialect.identifier(&c.name)))
            .collect();
        if names.is_empty() {
            continue;
        }
        let query = format!("SELECT {} FROM {}", names.join(", "), path(dialect, &table.name));
        let mut rows: Vec<String> = backend.rows(&query).await?.iter().map(|row| format!("{row:?}")).collect();
        rows.sort();
        kept.extend(rows.into_iter().map(|row| format!("{}: {row}", table.name)));
    }
    Ok(kept)
}

fn path(dialect: &dyn Dialect, name: &QualifiedName) -> String {
    let schema = name.schema.as_ref().map(|s| format!("{}.", dialect.identifier(s))).unwrap_or_default();
    format!("{schema}{}", dialect.identifier(&name.name))
}
