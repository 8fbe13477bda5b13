//! Reading the catalogs: a fixed number of queries, each a file that can be pasted into psql.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Fields, pairs};
use super::objects::at_home;
use super::serial::{reads, serial, unsaid};
use super::types::parse;
use super::words::read_again;
use super::write::{identifier, outer, qualified};
use crate::dialect::{Introspection, Unmodelled};
use crate::plan::object_name;
use crate::schema::{
    Action, Auto, Check, Column, Default, Deferrable, Domain, DomainCheck, Enum, Exclusion, ExclusionElement,
    Expression, Extension, ForeignKey, Found, Generated, Index, Key, KeyOf, Match, Name, Namespace, Nulls, Order,
    PrimaryKey, QualifiedName, Reference, Schema, Sequence, Spelling, SqlObject, SqlObjectKind, Table, Type, Unique,
    tokens,
};

/// The queries, in the order of [`Catalog`]'s fields.
pub(super) const QUERIES: [&str; 12] = [
    include_str!("catalog/namespaces.sql"),
    include_str!("catalog/extensions.sql"),
    include_str!("catalog/enums.sql"),
    include_str!("catalog/domains.sql"),
    include_str!("catalog/sequences.sql"),
    include_str!("catalog/tables.sql"),
    include_str!("catalog/columns.sql"),
    include_str!("catalog/constraints.sql"),
    include_str!("catalog/indexes.sql"),
    include_str!("catalog/objects.sql"),
    include_str!("catalog/needs.sql"),
    include_str!("catalog/unmodelled.sql"),
];

pub(super) type Rows = Vec<Vec<Option<String>>>;

/// Sequences by the columns that own them, each with how: `a` by serial, `i` by identity.
type Owned = BTreeMap<(QualifiedName, Name), Vec<(String, Sequence)>>;

/// Something about a sequence that a statement sets.
fn setting(schema: &mut Schema, of: &QualifiedName, what: &str, table: Option<QualifiedName>, sql: String) {
    let name = of.sibling(format!("{what} of sequence {}", of.name));
    let object = SqlObject { table, ..SqlObject::new(SqlObjectKind::Setting, name.clone(), sql) };
    schema.objects.insert(name, object);
}

/// Turns rows into a schema.
pub(super) struct Reader<'a> {
    /// The schema that names without one mean.
    pub(super) home: &'a str,
}

impl Reader<'_> {
    /// What the queries found.
    pub(super) fn read(&self, rows: [Rows; 12]) -> Introspection {
        let [
            namespaces,
            extensions,
            enums,
            domains,
            sequences,
            tables,
            columns,
            constraints,
            indexes,
            objects,
            needs,
            unmodelled,
        ] = rows;
        let mut schema = Schema::empty();
        for mut row in namespaces.into_iter().map(Fields::of) {
            let namespace = Namespace { name: row.text().into(), comment: row.maybe() };
            if namespace.name != *self.home && namespace.name != "public" {
                schema.namespaces.insert(namespace.name.clone(), namespace);
            }
        }
        for mut row in extensions.into_iter().map(Fields::of) {
            let (name, space) = (Name::from(row.text()), row.text());
            let space = (space != self.home && space != "pg_catalog").then(|| space.into());
            schema.extensions.insert(name.clone(), Extension { name, schema: space, version: None });
        }
        for mut row in enums.into_iter().map(Fields::of) {
            let (name, label, comment) = (self.name(&mut row), row.maybe(), row.maybe());
            let found = schema.enums.entry(name.clone()).or_insert(Enum { name, labels: Vec::new(), comment });
            found.labels.extend(label.map(Name::from));
        }
        domains.into_iter().for_each(|row| self.domain(&mut schema, row));
        let mut owned: Owned = BTreeMap::new();
        let mut unlogged: Vec<(QualifiedName, Option<QualifiedName>)> = Vec::new();
        for row in sequences {
            let (sequence, owner, is_unlogged) = self.sequence(row);
            let table = owner.as_ref().map(|(_, table, _)| table.clone());
            unlogged.extend(is_unlogged.then(|| (sequence.name.clone(), table)));
            match owner {
                Some((kind, table, column)) => {
                    owned.entry((table, column)).or_default().push((kind, sequence));
                }
                None => {
                    schema.sequences.insert(sequence.name.clone(), sequence);
                }
            }
        }
        for mut row in tables.into_iter().map(Fields::of) {
            let mut table = Table::new(self.name(&mut row));
            table.options.unlogged = row.text() == "u";
            let parameters = row.maybe();
            table.options.with = pairs(parameters.as_deref());
            table.options.spelling = Spelling(parameters);
            table.options.comment = row.maybe();
            table.options.partition_by = row.maybe();
            schema.tables.insert(table.name.clone(), table);
        }
        for row in columns {
            let (table, column) = self.column(row, &mut owned);
            if let Some(table) = schema.tables.get_mut(&table) {
                table.columns.push(column);
            }
        }
        let mut exclusions: BTreeMap<(QualifiedName, Name), Vec<String>> = BTreeMap::new();
        for row in constraints {
            self.constraint(&mut schema, row, &mut exclusions);
        }
        self.indexes(&mut schema, indexes, &exclusions);
        for row in objects.into_iter().map(Fields::of) {
            let object = self.object(row);
            schema.objects.insert(object.name.clone(), object);
        }
        self.unread(&mut schema, owned);
        self.unlogged(&mut schema, unlogged);
        for mut row in needs.into_iter().map(Fields::of) {
            let (name, kind) = (self.name(&mut row), row.text());
            let (of, part) = (self.name(&mut row), Name::from(row.text()));
            let known = schema.objects.get_mut(&name).and_then(|o| o.found.needs.as_mut());
            known.into_iter().for_each(|known| {
                known.insert(match kind.as_str() {
                    "c" => Reference::Column(of.clone(), part.clone()),
                    "t" => Reference::Type(of.clone()),
                    "k" => Reference::Constraint(of.clone(), part.clone()),
                    _ => Reference::Object(of.clone()),
                });
            });
        }
        let unmodelled = unmodelled
            .into_iter()
            .map(Fields::of)
            .map(|mut row| {
                let (kind, name, definition) = (row.text(), row.text(), row.text());
                let relation = row.maybe().map(|schema| self.qualified(schema, row.text()));
                Unmodelled { kind, name, definition, relation }
            })
            .collect();
        Introspection { schema, unmodelled }
    }

    fn object(&self, mut row: Fields) -> SqlObject {
        let kind = match row.text().as_str() {
            "view" => SqlObjectKind::View,
            "materialized view" => SqlObjectKind::MaterializedView,
            "routine" => SqlObjectKind::Routine,
            "trigger" => SqlObjectKind::Trigger,
            "rule" => SqlObjectKind::Rule,
            "policy" => SqlObjectKind::Policy,
            "row security" => SqlObjectKind::RowSecurity,
            "composite type" => SqlObjectKind::CompositeType,
            "range type" => SqlObjectKind::RangeType,
            "setting" => SqlObjectKind::Setting,
            "child table" => SqlObjectKind::ChildTable,
            "collation" => SqlObjectKind::Collation,
            _ => SqlObjectKind::Privileges,
        };
        let name = self.name(&mut row);
        let (schema, table) = (row.maybe(), row.maybe());
        let table = schema.zip(table).map(|(schema, table)| self.qualified(schema, table));
        let sql = read_again(&at_home(&row.text(), self.home));
        let (comment, owner) = (row.maybe(), row.maybe().map(Name::from));
        let only_set = matches!(
            kind,
            SqlObjectKind::RowSecurity | SqlObjectKind::Privileges | SqlObjectKind::Setting | SqlObjectKind::ChildTable
        );
        let found = Found { owner, needs: (!only_set).then(BTreeSet::new) };
        SqlObject { table, comment, found, ..SqlObject::new(kind, name, sql) }
    }

    fn name(&self, row: &mut Fields) -> QualifiedName {
        let (schema, name) = (row.text(), row.text());
        self.qualified(schema, name)
    }

    fn qualified(&self, schema: String, name: String) -> QualifiedName {
        QualifiedName::new((schema != self.home).then(|| schema.into()), name)
    }

    /// A type: one that the schema defines by its name, any other by its text.
    fn ty(&self, text: &str, space: String, name: String, kind: &str, array: bool, extension: bool) -> Type {
        if matches!(kind, "e" | "d") && !extension {
            let named = Type::Named(self.qualified(space, name));
            return if array { Type::Array(Box::new(named)) } else { named };
        }
        parse(self.at_home(text))
    }

    /// A name in the default schema needs no schema.
    fn at_home<'t>(&self, text: &'t str) -> &'t str {
        text.strip_prefix(self.home).and_then(|rest| rest.strip_prefix('.')).unwrap_or(text)
    }

    fn domain(&self, schema: &mut Schema, row: Vec<Option<String>>) {
        let mut row = Fields::of(row);
        let name = self.name(&mut row);
        let (text, space, base, kind) = (row.text(), row.text(), row.text(), row.text());
        let domain = Domain {
            name: name.clone(),
            ty: self.ty(&text, space, base, &kind, false, false),
            not_null: row.flag(),
            default: row.sql().map(|sql| Default::Sql(sql.into())),
            collation: row.maybe(),
            comment: row.maybe(),
            checks: Vec::new(),
        };
        let check = row.maybe().map(|name| DomainCheck {
            name: Some(name.into()),
            expression: row.sql().unwrap_or_default().into(),
            not_valid: !row.flag(),
        });
        schema.domains.entry(name).or_insert(domain).checks.extend(check);
    }

    /// A sequence whose column does not read it stands by itself, and goes with the column. One of a table that a schema
    /// does not know is that table's.
    fn unread(&self, schema: &mut Schema, owned: Owned) {
        for ((table, column), sequences) in owned {
            for (_, sequence) in sequences.into_iter().filter(|(kind, _)| kind == "a") {
                if !schema.tables.contains_key(&table) && !schema.objects.contains_key(&table) {
                    continue;
                }
                let owner = format!("{}.{}", qualified(&table), identifier(&column));
                let sql = format!("ALTER SEQUENCE {} OWNED BY {owner}", qualified(&sequence.name));
                setting(schema, &sequence.name, "owner", Some(table.clone()), sql);
                schema.sequences.insert(sequence.name.clone(), sequence);
            }
        }
    }

    /// A sequence is logged or not as its column's table is, unless somebody wanted it otherwise.
    fn unlogged(&self, schema: &mut Schema, unlogged: Vec<(QualifiedName, Option<QualifiedName>)>) {
        for (name, table) in unlogged {
            let usual = table.as_ref().is_some_and(|t| schema.tables.get(t).is_none_or(|t| t.options.unlogged));
            if !usual {
                let sql = format!("ALTER SEQUENCE {} SET UNLOGGED", qualified(&name));
                setting(schema, &name, "logging", table, sql);
            }
        }
    }

    fn sequence(&self, row: Vec<Option<String>>) -> (Sequence, Option<(String, QualifiedName, Name)>, bool) {
        let mut row = Fields::of(row);
        let name = self.name(&mut row);
        let ty = parse(&row.text());
        let (start, increment, min, max, cache) =
            (row.number(), row.number(), row.number(), row.number(), row.number());
        let cycle = row.flag();
        let comment = row.maybe();
        let options = unsaid(&ty, start, increment, min, max, cache, cycle);
        let (kind, of, column) = (row.maybe(), self.name(&mut row), Name::from(row.text()));
        (Sequence { name, ty, options, comment }, kind.map(|kind| (kind, of, column)), row.flag())
    }

    fn column(&self, row: Vec<Option<String>>, owned: &mut Owned) -> (QualifiedName, Column) {
        let mut row = Fields::of(row);
        let table = self.name(&mut row);
        let (name, text) = (row.text(), row.text());
        let (space, base, kind, array, extension) = (row.text(), row.text(), row.text(), row.flag(), row.flag());
        let mut column = Column::new(name, self.ty(&text, space, base, &kind, array, extension));
        column.nullable = !row.flag();
        let default = row.sql();
        let (generated, identity) = (row.text(), row.text());
        column.collation = row.maybe();
        column.storage = row.maybe();
        column.compression = row.maybe();
        column.comment = row.maybe();
        let key = (table.clone(), column.name.clone());
        match (generated.as_str(), identity.as_str(), default) {
            ("s" | "v", _, Some(sql)) => {
                column.generated = Some(Generated { expression: sql.into(), stored: generated == "s" });
            }
            (_, "a" | "d", _) => {
                let all = owned.entry(key).or_default();
                let own = all.iter().position(|(kind, _)| kind == "i");
                let options = own.map(|at| all.remove(at).1.options).unwrap_or_default();
                column.auto = Some(Auto::Identity { always: identity == "a", options });
            }
            (_, _, Some(sql)) => {
                let all = owned.entry(key).or_default();
                match all.iter().position(|(_, s)| reads(&sql, &s.name.name)) {
                    Some(at) => column.auto = Some(serial(&table, &column, &all.remove(at).1)),
                    None => column.default = Some(Default::Sql(sql.into())),
                }
            }
            (_, _, None) => {}
        }
        (table, column)
    }

    fn constraint(
        &self,
        schema: &mut Schema,
        row: Vec<Option<String>>,
        exclusions: &mut BTreeMap<(QualifiedName, Name), Vec<String>>,
    ) {
        let mut row = Fields::of(row);
        let table = self.name(&mut row);
        let (name, kind) = (Name::from(row.text()), row.text());
        let columns = row.list();
        let (space, other) = (row.text(), row.text());
        let referenced = row.list();
        let (on_update, on_delete, matching) = (action(&row.text()), action(&row.text()), row.text());
        let deferrable = match (row.flag(), row.flag()) {
            (false, _) => Deferrable::No,
            (true, false) => Deferrable::Immediate,
            (true, true) => Deferrable::Deferred,
        };
        let (valid, no_inherit, expression) = (row.flag(), row.flag(), row.sql());
        let include = row.list();
        let nulls_not_distinct = row.flag();
        let on_delete_columns = row.list();
        let operators: Vec<String> = row.list().iter().map(ToString::to_string).collect();
        let comment = row.maybe();
        let (not_enforced, period) = (row.flag(), row.flag());
        let not_valid = !valid && !not_enforced;
        if kind == "n" {
            return not_null(schema, &table, (&name, &columns), (valid, no_inherit));
        }
        let Some(found) = schema.tables.get_mut(&table) else { return };
        let name = Some(name);
        match kind.as_str() {
            "p" => {
                found.primary_key =
                    Some(PrimaryKey { name, include, period, deferrable, comment, ..PrimaryKey::new(columns) });
            }
            "u" => found.uniques.push(Unique {
                name,
                include,
                nulls_not_distinct,
                period,
                deferrable,
                comment,
                ..Unique::new(columns)
            }),
            "c" => {
                let expression = Expression(outer(&expression.unwrap_or_default()).to_owned());
                found.checks.push(Check {
                    name,
                    no_inherit,
                    not_valid,
                    not_enforced,
                    comment,
                    ..Check::new(expression)
                });
            }
            "f" => {
                let references = self.qualified(space, other);
                let matching = if matching == "f" { Match::Full } else { Match::Simple };
                found.foreign_keys.push(ForeignKey {
                    name,
                    on_delete,
                    on_update,
                    on_delete_columns,
                    period,
                    matching,
                    deferrable,
                    not_valid,
                    not_enforced,
                    comment,
                    ..ForeignKey::new(columns, references, referenced)
                });
            }
            "x" => {
                let Some(name) = name else { return };
                exclusions.insert((table, name.clone()), operators);
                found.exclusions.push(Exclusion {
                    name: Some(name),
                    using: String::new(),
                    elements: Vec::new(),
                    include: Vec::new(),
                    predicate: None,
                    deferrable,
                    comment,
                });
            }
            _ => {}
        }
    }

    fn indexes(&self, schema: &mut Schema, rows: Rows, exclusions: &BTreeMap<(QualifiedName, Name), Vec<String>>) {
        for row in rows {
            let mut row = Fields::of(row);
            let table = self.name(&mut row);
            let name = Name::from(row.text());
            let (constraint, unique, valid, method) = (row.flag(), row.flag(), row.flag(), row.text());
            let (nulls_not_distinct, predicate) = (row.flag(), row.sql());
            let predicate = predicate.map(|p| Expression(outer(&p).to_owned()));
            let (parameters, comment) = (row.maybe(), row.maybe());
            let included = row.flag();
            let (column, expression) = (row.maybe(), row.sql());
            let (opclass, collation) = (row.maybe(), row.maybe());
            let (descending, nulls_first) = (row.flag(), row.flag());
            let (whole, place) = (row.maybe(), row.number());
            let collation = collation.filter(|_| whole.is_none_or(|sql| collates(&sql, place)));
            let of = match column {
                Some(column) => KeyOf::Column(column.into()),
                None => KeyOf::Expression(outer(&expression.unwrap_or_default()).into()),
            };
            let order = if descending { Order::Descending } else { Order::Ascending };
            let nulls = match (descending, nulls_first) {
                (false, true) => Some(Nulls::First),
                (true, false) => Some(Nulls::Last),
                (false, false) | (true, true) => None,
            };
            let key = Key { of, order, nulls, opclass, collation };
            let Some(found) = schema.tables.get_mut(&table) else { continue };
            if constraint {
                let operators = exclusions.get(&(table, name.clone()));
                let Some(exclusion) = found.exclusions.iter_mut().find(|x| x.name.as_ref() == Some(&name)) else {
                    continue;
                };
                (exclusion.using, exclusion.predicate) = (method, predicate);
                match (included, key.of.clone()) {
                    (true, KeyOf::Column(column)) => exclusion.include.push(column),
                    (true | false, _) => {
                        let at = exclusion.elements.len();
                        let operator = operators.and_then(|o| o.get(at)).cloned().unwrap_or_default();
                        exclusion.elements.push(ExclusionElement { key, operator });
                    }
                }
                continue;
            }
            // One that was left behind by a build that failed is as good as absent.
            if !valid {
                continue;
            }
            if found.indexes.last().and_then(|i| i.name.as_ref()) != Some(&name) {
                let using = (method != "btree").then_some(method);
                found.indexes.push(Index {
                    name: Some(name),
                    unique,
                    using,
                    predicate,
                    nulls_not_distinct,
                    with: pairs(parameters.as_deref()),
                    spelling: Spelling(parameters),
                    comment,
                    ..Index::new(Vec::<Key>::new())
                });
            }
            let Some(index) = found.indexes.last_mut() else { continue };
            match (included, key.of.clone()) {
                (true, KeyOf::Column(column)) => index.include.push(column),
                (true | false, _) => index.keys.push(key),
            }
        }
    }
}

/// A constraint that makes a column NOT NULL (PostgreSQL 18). One that nobody named, and that holds for all rows, is
/// what the column says; the rest is set beside it.
fn not_null(
    schema: &mut Schema,
    table: &QualifiedName,
    (name, columns): (&Name, &[Name]),
    (valid, no_inherit): (bool, bool),
) {
    let (Some(found), [column]) = (schema.tables.get_mut(table), columns) else { return };
    let usual = object_name(&table.name, column, "not_null");
    let (head, called) = (format!("ALTER TABLE {}", qualified(table)), identifier(name));
    let mut said = Vec::new();
    if !valid {
        found.columns.iter_mut().filter(|c| c.name == *column).for_each(|c| c.nullable = true);
        said.push(format!("{head} ADD CONSTRAINT {called} NOT NULL {} NOT VALID", identifier(column)));
    } else if *name != usual {
        said.push(format!("{head} RENAME CONSTRAINT {} TO {called}", identifier(&usual)));
    }
    said.extend(no_inherit.then(|| format!("{head} ALTER CONSTRAINT {called} NO INHERIT")));
    if !said.is_empty() {
        let name = table.sibling(format!("not null of {}.{column}", table.name));
        let object = SqlObject {
            table: Some(table.clone()),
            ..SqlObject::new(SqlObjectKind::Setting, name.clone(), said.join(";\n"))
        };
        schema.objects.insert(name, object);
    }
}

fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// Whether the key at a place, counted from one, of an index's definition says a collation: outside of its expression.
fn collates(sql: &str, place: i64) -> bool {
    let all = tokens(sql);
    let (mut depth, mut at) = (0, 1);
    let from = all.iter().position(|t| t.is_word("using")).unwrap_or_default();
    for token in &all[from..] {
        match token.text {
            "(" => depth += 1,
            ")" if depth == 1 => break,
            ")" => depth -= 1,
            "," if depth == 1 => at += 1,
            _ if depth == 1 && at == place && token.is_word("collate") => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collation_of_the_expression_is_not_the_key_s() {
        let sql = "CREATE INDEX i ON public.t USING btree (lower(a), ((a COLLATE \"C\")), upper(a) COLLATE \"C\" DESC) WHERE (a COLLATE \"C\") > 'x'";
        assert_eq!([1, 2, 3].map(|place| collates(sql, place)), [false, false, true]);
    }
}
