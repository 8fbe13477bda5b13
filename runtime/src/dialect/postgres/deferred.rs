//! Constraints that wait for the end of a transaction.

use super::write::identifier;
use crate::schema::{Deferrable, Name, Part, QualifiedName, Schema, SqlObjectKind, Table, tokens};

/// The statements that check at once what waits, and let it wait again as it did (manual, `SET CONSTRAINTS`).
pub(super) fn check_rows(schema: &Schema) -> Vec<String> {
    let mut can_wait = schema.objects.values().any(|o| {
        o.kind == SqlObjectKind::Trigger
            && tokens(&o.sql).windows(2).any(|w| w[0].is_word("constraint") && w[1].is_word("trigger"))
    });
    let mut waiting: Vec<String> = Vec::new();
    for table in schema.tables.values() {
        let mut look = |deferrable: Deferrable, name: Option<&Name>| {
            can_wait |= deferrable != Deferrable::No;
            if deferrable == Deferrable::Deferred {
                waiting.extend(name.map(|name| called(table, name)));
            }
        };
        table.primary_key.iter().for_each(|k| look(k.deferrable, k.name()));
        table.uniques.iter().for_each(|u| look(u.deferrable, u.name()));
        table.foreign_keys.iter().for_each(|k| look(k.deferrable, k.name()));
        table.exclusions.iter().for_each(|x| look(x.deferrable, x.name()));
    }
    if !can_wait {
        return Vec::new();
    }
    let mut statements = vec!["SET CONSTRAINTS ALL IMMEDIATE".to_owned()];
    if !waiting.is_empty() {
        statements.push(format!("SET CONSTRAINTS {} DEFERRED", waiting.join(", ")));
    }
    statements
}

/// A constraint is found by its schema and name: of one name on several tables, all are meant.
fn called(table: &Table, name: &Name) -> String {
    let QualifiedName { schema, .. } = &table.name;
    let schema = schema.as_ref().map(|s| format!("{}.", identifier(s))).unwrap_or_default();
    format!("{schema}{}", identifier(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, ForeignKey, Type};

    #[test]
    fn only_what_can_wait_is_checked() {
        let mut table = Table::new(("auth", "member"));
        table.columns.push(Column::new("of", Type::BigInt));
        table.foreign_keys.push(ForeignKey { name: Some("Of".into()), ..ForeignKey::new(["of"], "team", ["id"]) });
        let mut schema = Schema::empty();
        schema.tables.insert(table.name.clone(), table.clone());
        assert_eq!(check_rows(&schema), [""; 0]);
        table.foreign_keys[0].deferrable = Deferrable::Immediate;
        schema.tables.insert(table.name.clone(), table.clone());
        assert_eq!(check_rows(&schema), ["SET CONSTRAINTS ALL IMMEDIATE"]);
        table.foreign_keys[0].deferrable = Deferrable::Deferred;
        schema.tables.insert(table.name.clone(), table);
        assert_eq!(check_rows(&schema), ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS auth.\"Of\" DEFERRED"]);
    }
}
