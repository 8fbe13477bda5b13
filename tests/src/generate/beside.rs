//! What only PostgreSQL has: drawn after the rest, over the tables that there are.

use std::collections::BTreeMap;

use limbeck::dialect::Dialect as _;
use limbeck::dialect::postgres::Postgres;
use limbeck::schema::{
    Auto, Check, Column, Default, Deferrable, Domain, DomainCheck, Exclusion, ExclusionElement, Generated, Index, Key,
    Literal, Match, Name, QualifiedName, Schema, SequenceOptions, SqlObject, SqlObjectKind, Table, Type,
};

use super::Choices;

/// Adds it.
pub(super) fn draw(choices: &mut Choices<'_>, schema: &mut Schema) {
    types(choices, schema);
    let names: Vec<QualifiedName> = schema.tables.keys().cloned().collect();
    for name in &names {
        let known = (!schema.domains.is_empty(), schema.objects.contains_key(&"place".into()));
        if let Some(table) = schema.tables.get_mut(name) {
            columns(choices, table, known);
            constraints(choices, table);
            indexes(choices, table);
            options(choices, table);
        }
    }
    unlogged(choices, schema);
    for name in &names {
        objects(choices, schema, name);
    }
}

fn object(schema: &mut Schema, kind: SqlObjectKind, name: QualifiedName, table: Option<&QualifiedName>, sql: String) {
    let object = SqlObject { table: table.cloned(), ..SqlObject::new(kind, name.clone(), sql) };
    schema.objects.insert(name, object);
}

fn types(choices: &mut Choices<'_>, schema: &mut Schema) {
    if choices.once_in(3) {
        let check = |name: Option<&str>, sql: &str| DomainCheck {
            name: name.map(Into::into),
            expression: sql.into(),
            not_valid: false,
        };
        let mut checks = vec![check(None, "VALUE <> 'nobody'")];
        if choices.once_in(2) {
            checks.push(check(Some("short"), "length(value) < 300"));
        }
        let default = choices.once_in(2).then(|| Default::Literal(Literal::Text("it's".to_owned())));
        let comment = choices.once_in(3).then(|| "an address".to_owned());
        let name = QualifiedName::from("address");
        let domain =
            Domain { name: name.clone(), ty: Type::Text, not_null: false, default, checks, collation: None, comment };
        schema.domains.insert(name, domain);
    }
    if choices.once_in(3) {
        let more = if choices.once_in(2) { ", \"No\" int" } else { "" };
        let sql = format!("create type place as (street text{more})");
        object(schema, SqlObjectKind::CompositeType, "place".into(), None, sql);
    }
}

fn columns(choices: &mut Choices<'_>, table: &mut Table, (domain, place): (bool, bool)) {
    let mut add = |name: &str, ty: Type| {
        table.columns.push(Column { nullable: true, ..Column::new(name, ty) });
        table.columns.len() - 1
    };
    if choices.once_in(3) {
        add("contact", if domain { Type::Named("address".into()) } else { Type::Text });
    }
    if place && choices.once_in(2) {
        add("place", Type::Sql("place".to_owned()));
    }
    if choices.once_in(4) {
        let at = add("running_no", Type::BigInt);
        let options = SequenceOptions { increment: choices.once_in(2).then_some(2), ..SequenceOptions::default() };
        let auto = match choices.below(3) {
            0 => Auto::Serial { sequence: None, options },
            always => Auto::Identity { always: always == 1, options },
        };
        table.columns[at].auto = Some(auto);
        table.columns[at].nullable = false;
    }
    for column in &mut table.columns {
        let text = matches!(column.ty, Type::Text | Type::Varchar(_));
        if text && choices.once_in(5) {
            column.collation = Some("\"C\"".to_owned());
        }
        if text && choices.once_in(6) {
            column.storage = Some("external".to_owned());
        }
    }
    let source = table.columns.iter().find(|c| c.ty == Type::Text && c.generated.is_none()).map(|c| c.name.clone());
    if let Some(source) = source.filter(|_| choices.once_in(5)) {
        let mut lower = Column::new("lowered", Type::Text);
        lower.nullable = true;
        let expression = format!("lower({})", Postgres.identifier(&source)).into();
        lower.generated = Some(Generated { expression, stored: true });
        table.columns.push(lower);
    }
}

fn constraints(choices: &mut Choices<'_>, table: &mut Table) {
    for unique in &mut table.uniques {
        if choices.once_in(4) {
            unique.deferrable = Deferrable::Immediate;
        }
    }
    if choices.once_in(5) {
        let mut check = Check::new("id < 2000000");
        (check.no_inherit, check.not_valid) = (choices.once_in(2), choices.once_in(2));
        check.comment = choices.once_in(2).then(|| "few".to_owned());
        table.checks.push(check);
    }
    if choices.once_in(6) {
        table.columns.push(Column { nullable: true, ..Column::new("during", Type::Sql("int4range".to_owned())) });
        let element = ExclusionElement { key: Key::column("during"), operator: "&&".to_owned() };
        table.exclusions.push(Exclusion {
            name: None,
            using: "gist".to_owned(),
            elements: vec![element],
            include: Vec::new(),
            predicate: choices.once_in(2).then(|| "id > 3".into()),
            deferrable: if choices.once_in(3) { Deferrable::Deferred } else { Deferrable::No },
            comment: None,
        });
    }
    for key in &mut table.foreign_keys {
        if choices.once_in(4) {
            key.matching = Match::Full;
        }
        if choices.once_in(5) {
            key.not_valid = true;
        }
    }
}

fn indexes(choices: &mut Choices<'_>, table: &mut Table) {
    let mut push = |index: Index| {
        if table.indexes.iter().all(|i| i.keys != index.keys) {
            table.indexes.push(index);
        }
    };
    for column in table.columns.iter().filter(|c| c.generated.is_none()) {
        match &column.ty {
            Type::Jsonb if choices.once_in(2) => {
                push(Index { using: Some("gin".to_owned()), ..Index::new([Key::column(column.name.clone())]) });
            }
            Type::Text if choices.once_in(4) => {
                let mut key = Key::column(column.name.clone());
                key.opclass = choices.once_in(2).then(|| "text_pattern_ops".to_owned());
                key.collation = choices.once_in(2).then(|| "\"C\"".to_owned());
                push(Index::new([key]));
            }
            Type::Text if choices.once_in(4) => {
                push(Index::new([Key::expression(format!("lower({})", Postgres.identifier(&column.name)))]));
            }
            Type::Integer if choices.once_in(5) => {
                let mut index = Index::new([Key::column(column.name.clone())]);
                index.using = Some("hash".to_owned());
                index.with = BTreeMap::from([("fillfactor".to_owned(), "60".to_owned())]);
                push(index);
            }
            _ => {}
        }
    }
}

fn options(choices: &mut Choices<'_>, table: &mut Table) {
    if choices.once_in(5) {
        table.options.with.insert("fillfactor".to_owned(), (*choices.one(&["70", "80"])).to_owned());
    }
    if choices.once_in(5) {
        table.options.comment = Some("it's a table".to_owned());
    }
}

/// A table that keeps its rows must not point at one that does not.
fn unlogged(choices: &mut Choices<'_>, schema: &mut Schema) {
    let in_keys: Vec<QualifiedName> = schema
        .tables
        .values()
        .flat_map(|t| t.foreign_keys.iter().flat_map(|k| [t.name.clone(), k.references.clone()]))
        .collect();
    for table in schema.tables.values_mut().filter(|t| !in_keys.contains(&t.name)) {
        table.options.unlogged = choices.once_in(3);
    }
}

fn objects(choices: &mut Choices<'_>, schema: &mut Schema, table: &QualifiedName) {
    let said = |name: &QualifiedName| {
        let schema = name.schema.as_ref().map(|s| format!("{}.", Postgres.identifier(s))).unwrap_or_default();
        format!("{schema}{}", Postgres.identifier(&name.name))
    };
    let on = said(table);
    let columns: Vec<Name> = schema.tables[table].columns.iter().map(|c| c.name.clone()).collect();
    let column = |choices: &mut Choices<'_>| Postgres.identifier(choices.one(&columns));
    let named = |what: &str| table.sibling(format!("{what} on {}", table.name));
    if choices.once_in(3) {
        let mut some = choices.some(&columns, 2);
        if some.is_empty() {
            some.push("id".into());
        }
        let list = some.iter().map(|c| Postgres.identifier(c)).collect::<Vec<_>>().join(", ");
        let name = QualifiedName::from(format!("seen_{}", table.name.len()).as_str());
        let sql = format!("create view {} as select {list} from {on} where id > 0", said(&name));
        object(schema, SqlObjectKind::View, name.clone(), None, sql);
        if choices.once_in(3) {
            let first = Postgres.identifier(&some[0]);
            let over = QualifiedName::from(format!("seen_again_{}", table.name.len()).as_str());
            let sql = format!("create view {} as select max({first}::text) as most from {}", said(&over), said(&name));
            object(schema, SqlObjectKind::View, over, None, sql);
        }
    }
    if choices.once_in(5) {
        let name = QualifiedName::from(format!("counted_{}", table.name.len()).as_str());
        let by = column(choices);
        let sql = format!("create materialized view {} as select count({by}) n from {on}", said(&name));
        object(schema, SqlObjectKind::MaterializedView, name, None, sql);
    }
    if choices.once_in(4) {
        let sql = "create function touch() returns trigger language plpgsql as $$ begin return new; end $$";
        object(schema, SqlObjectKind::Routine, "touch()".into(), None, sql.to_owned());
        let of = column(choices);
        let sql = format!(
            "create trigger touched before update of {of} on {on} for each row when (old.{of} is null) execute function touch()"
        );
        // A computed column is none yet when a trigger runs before.
        let sql = if schema.tables[table].columns.iter().any(|c| c.generated.is_some()) {
            format!("create trigger touched before update on {on} for each row execute function touch()")
        } else {
            sql
        };
        object(schema, SqlObjectKind::Trigger, named("touched"), Some(table), sql);
    }
    if choices.once_in(5) {
        let of = column(choices);
        let sql = format!("create policy own on {on} for select using ({of} is not null)");
        object(schema, SqlObjectKind::Policy, named("own"), Some(table), sql);
        let name = table.sibling(format!("row security of {}", table.name));
        let sql = format!("alter table {on} enable row level security");
        object(schema, SqlObjectKind::RowSecurity, name, Some(table), sql);
    }
    if choices.once_in(5) {
        let of = column(choices);
        let sql = format!("grant select ({of}), delete on {on} to public");
        object(
            schema,
            SqlObjectKind::Privileges,
            table.sibling(format!("privileges on {}", table.name)),
            Some(table),
            sql,
        );
    }
}
