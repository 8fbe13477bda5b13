//! Rows that are made up from the types of columns, so that a proof has something to lose.

use crate::dialect::Dialect;
use crate::schema::{Column, Name, Schema, Table, Type};

/// Which rows a table gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seeds {
    /// Plain ones: digits, so that a cast to a number finds one.
    Plain,
    /// Others, as large as the types allow: what fits a wider type need not fit a narrower one.
    Large,
}

/// How many rows a table gets.
const ROWS: u32 = 3;

/// The statements that put rows in. Values depend on the type and the row alone, so that a foreign key finds what it
/// points at; the last row is NULL wherever it may be.
pub(super) fn seeds(which: Seeds, table: &Table, schema: &Schema, dialect: &dyn Dialect) -> Vec<String> {
    let first = if which == Seeds::Plain { 1 } else { ROWS + 1 };
    let last = first + ROWS - 1;
    let given: Vec<&Column> = table.columns.iter().filter(|c| c.generated.is_none() && c.auto.is_none()).collect();
    if given.is_empty() {
        return (0..ROWS).map(|_| format!("INSERT INTO {} DEFAULT VALUES", dialect.qualified(&table.name))).collect();
    }
    let names: Vec<String> = given.iter().map(|column| dialect.identifier(&column.name)).collect();
    (first..=last)
        .map(|row| {
            let values: Vec<String> = given
                .iter()
                .map(|column| {
                    let null = column.nullable && row == last;
                    if null {
                        return "NULL".to_owned();
                    }
                    let large = if which == Seeds::Large { large(&column.ty, row, dialect) } else { None };
                    large.unwrap_or_else(|| value(&column.ty, row, schema, dialect))
                })
                .collect();
            let table = dialect.qualified(&table.name);
            format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))
        })
        .collect()
}

fn large(ty: &Type, row: u32, dialect: &dyn Dialect) -> Option<String> {
    match ty {
        Type::Integer => Some((i32::MAX - row.cast_signed()).to_string()),
        Type::BigInt => Some((i64::MAX - i64::from(row)).to_string()),
        Type::Varchar(Some(n)) => Some(dialect.string(&row.to_string().repeat((*n).min(200) as usize))),
        Type::Varchar(None) | Type::Text => Some(dialect.string(&row.to_string().repeat(200))),
        Type::Boolean
        | Type::SmallInt
        | Type::Real
        | Type::Double
        | Type::Numeric(_)
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
        | Type::Jsonb
        | Type::Array(_)
        | Type::Named(_)
        | Type::Sql(_) => None,
    }
}

/// A value of a type, as SQL.
pub(super) fn value(ty: &Type, row: u32, schema: &Schema, dialect: &dyn Dialect) -> String {
    let text = |text: String| dialect.string(&text);
    match ty {
        Type::Boolean => if row == 1 { "TRUE" } else { "FALSE" }.to_owned(),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double => row.to_string(),
        Type::Numeric(Some((precision, scale))) if i32::from(*precision) <= i32::from(*scale) => "0".to_owned(),
        Type::Numeric(_) => row.to_string(),
        // Digits: a cast to a number finds one.
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Bytes => text(row.to_string()),
        Type::Date => text(format!("2024-01-0{row}")),
        Type::Time(_) => text(format!("0{row}:00:00")),
        Type::TimeTz(_) => text(format!("0{row}:00:00+00")),
        Type::Timestamp(_) => text(format!("2024-01-0{row} 00:00:00")),
        Type::TimestampTz(_) => text(format!("2024-01-0{row} 00:00:00+00")),
        Type::Interval(_) => text(format!("{row} days")),
        Type::Uuid => text(format!("00000000-0000-4000-8000-00000000000{row}")),
        Type::Json | Type::Jsonb => text("{}".to_owned()),
        Type::Array(_) => text("{}".to_owned()),
        Type::Named(name) => {
            if let Some(labels) = schema.enums.get(name).map(|it| &it.labels) {
                let at = (row as usize - 1).min(labels.len().saturating_sub(1));
                return labels.get(at).map_or_else(|| "NULL".to_owned(), |label: &Name| dialect.string(label));
            }
            schema.domains.get(name).map_or_else(|| text(row.to_string()), |it| value(&it.ty, row, schema, dialect))
        }
        Type::Sql(_) => text(row.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fit_types_and_each_other() {
        let dialect = crate::dialect::named("sqlite").expect("it is known");
        let mut table = Table::new("account");
        let mut nick = Column::new("nick", Type::Text);
        nick.nullable = true;
        table.columns = vec![Column::new("id", Type::Uuid), nick];
        let rows = seeds(Seeds::Plain, &table, &Schema::empty(), dialect);
        assert_eq!(
            rows,
            [
                "INSERT INTO account (id, nick) VALUES ('00000000-0000-4000-8000-000000000001', '1')",
                "INSERT INTO account (id, nick) VALUES ('00000000-0000-4000-8000-000000000002', '2')",
                "INSERT INTO account (id, nick) VALUES ('00000000-0000-4000-8000-000000000003', NULL)",
            ]
        );
    }
}
