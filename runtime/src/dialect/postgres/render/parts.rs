//! Constraints and indexes.

use std::collections::BTreeMap;

use super::Run;
use crate::change::{Delta, In};
use crate::dialect::postgres::write::{action, deferrable, identifier, list, qualified};
use crate::plan::{Place, Statement};
use crate::schema::{
    Action, Check, Exclusion, ForeignKey, Index, Key, KeyOf, Match, Name, Nulls, Order, Part, PrimaryKey,
    QualifiedName, Spelling, Table, Unique,
};

/// A part of a table that has a statement of its own.
pub(super) trait Stated: Part {
    /// The statement that makes it.
    fn create(&self, table: &QualifiedName) -> String;

    /// The statement that takes it away.
    fn drop_statement(&self, table: &QualifiedName) -> String {
        let name = self.name().map(|n| identifier(n)).unwrap_or_default();
        format!("ALTER TABLE {} DROP CONSTRAINT {name}", qualified(table))
    }

    /// What `COMMENT ON` takes.
    fn commented(&self, table: &QualifiedName) -> String {
        let name = self.name().map(|n| identifier(n)).unwrap_or_default();
        format!("CONSTRAINT {name} ON {}", qualified(table))
    }

    /// The statement that gives it another name.
    fn rename(&self, table: &QualifiedName, to: &Name) -> String {
        let name = self.name().map(|n| identifier(n)).unwrap_or_default();
        format!("ALTER TABLE {} RENAME CONSTRAINT {name} TO {}", qualified(table), identifier(to))
    }

    /// Whether others may write while it is made.
    fn is_online(&self) -> bool {
        false
    }

    /// Makes room for it to go: takes off what stands on it.
    fn make_room(&self, _run: &mut Run<'_>, _table: &QualifiedName) {}
}

/// A constraint's definition, with its name.
pub(super) fn constraint(name: Option<&Name>, definition: &str) -> String {
    name.map_or_else(|| definition.to_owned(), |n| format!("CONSTRAINT {} {definition}", identifier(n)))
}

fn add(table: &QualifiedName, name: Option<&Name>, definition: &str) -> String {
    format!("ALTER TABLE {} ADD {}", qualified(table), constraint(name, definition))
}

fn included(include: &[Name]) -> String {
    if include.is_empty() { String::new() } else { format!(" INCLUDE ({})", list(include)) }
}

fn without_overlaps(period: bool) -> &'static str {
    if period { " WITHOUT OVERLAPS" } else { "" }
}

/// The columns of a foreign key, on either side.
fn referring(columns: &[Name], period: bool) -> String {
    match columns.split_last() {
        Some((last, rest)) if period && !rest.is_empty() => format!("{}, PERIOD {}", list(rest), identifier(last)),
        _plain => list(columns),
    }
}

pub(super) fn primary_key(k: &PrimaryKey) -> String {
    format!(
        "PRIMARY KEY ({}{}){}{}",
        list(&k.columns),
        without_overlaps(k.period),
        included(&k.include),
        deferrable(k.deferrable)
    )
}

pub(super) fn unique(u: &Unique) -> String {
    let nulls = if u.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    format!(
        "UNIQUE{nulls} ({}{}){}{}",
        list(&u.columns),
        without_overlaps(u.period),
        included(&u.include),
        deferrable(u.deferrable)
    )
}

pub(super) fn check(c: &Check) -> String {
    let inherit = if c.no_inherit { " NO INHERIT" } else { "" };
    format!("CHECK ({}){inherit}{}", c.expression, checked(c.not_valid, c.not_enforced))
}

fn checked(not_valid: bool, not_enforced: bool) -> &'static str {
    match (not_valid, not_enforced) {
        (_, true) => " NOT ENFORCED",
        (true, false) => " NOT VALID",
        (false, false) => "",
    }
}

pub(super) fn foreign_key(k: &ForeignKey) -> String {
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        referring(&k.columns, k.period),
        qualified(&k.references),
        referring(&k.referenced_columns, k.period)
    );
    match k.matching {
        Match::Full => text.push_str(" MATCH FULL"),
        Match::Simple | Match::Partial => {}
    }
    if k.on_update != Action::NoAction {
        text.push_str(&format!(" ON UPDATE {}", action(k.on_update)));
    }
    if k.on_delete != Action::NoAction {
        text.push_str(&format!(" ON DELETE {}", action(k.on_delete)));
        if !k.on_delete_columns.is_empty() {
            text.push_str(&format!(" ({})", list(&k.on_delete_columns)));
        }
    }
    text.push_str(deferrable(k.deferrable));
    text.push_str(checked(k.not_valid, k.not_enforced));
    text
}

pub(super) fn exclusion(x: &Exclusion) -> String {
    let elements: Vec<String> = x.elements.iter().map(|e| format!("{} WITH {}", key(&e.key), e.operator)).collect();
    let mut text = format!("EXCLUDE USING {} ({}){}", identifier(&x.using), elements.join(", "), included(&x.include));
    if let Some(predicate) = &x.predicate {
        text.push_str(&format!(" WHERE ({predicate})"));
    }
    text.push_str(deferrable(x.deferrable));
    text
}

/// A key of an index.
pub(super) fn key(k: &Key) -> String {
    let mut text = match &k.of {
        KeyOf::Column(name) => identifier(name),
        KeyOf::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = &k.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(opclass) = &k.opclass {
        text.push_str(&format!(" {opclass}"));
    }
    if k.order == Order::Descending {
        text.push_str(" DESC");
    }
    match k.nulls {
        Some(Nulls::First) => text.push_str(" NULLS FIRST"),
        Some(Nulls::Last) => text.push_str(" NULLS LAST"),
        None => {}
    }
    text
}

impl Stated for PrimaryKey {
    fn create(&self, table: &QualifiedName) -> String {
        add(table, self.name.as_ref(), &primary_key(self))
    }

    fn make_room(&self, run: &mut Run<'_>, table: &QualifiedName) {
        run.take_off_references(table, &self.columns);
        run.take_off_objects_by(table, self.name.as_ref());
    }
}

impl Stated for Unique {
    fn create(&self, table: &QualifiedName) -> String {
        add(table, self.name.as_ref(), &unique(self))
    }

    fn make_room(&self, run: &mut Run<'_>, table: &QualifiedName) {
        run.take_off_references(table, &self.columns);
        run.take_off_objects_by(table, self.name.as_ref());
    }
}

impl Stated for Check {
    fn create(&self, table: &QualifiedName) -> String {
        add(table, self.name.as_ref(), &check(self))
    }
}

impl Stated for ForeignKey {
    fn create(&self, table: &QualifiedName) -> String {
        add(table, self.name.as_ref(), &foreign_key(self))
    }
}

impl Stated for Exclusion {
    fn create(&self, table: &QualifiedName) -> String {
        add(table, self.name.as_ref(), &exclusion(self))
    }
}

impl Stated for Index {
    fn is_online(&self) -> bool {
        self.online.0
    }

    fn create(&self, table: &QualifiedName) -> String {
        let unique = if self.unique { "UNIQUE " } else { "" };
        let name = self.name.as_ref().map(|n| format!("{} ", identifier(n))).unwrap_or_default();
        let using = self.using.as_ref().map(|m| format!(" USING {}", identifier(m))).unwrap_or_default();
        let keys: Vec<String> = self.keys.iter().map(key).collect();
        let mut text = format!("CREATE {unique}INDEX {name}ON {}{using} ({})", qualified(table), keys.join(", "));
        text.push_str(&included(&self.include));
        if self.nulls_not_distinct {
            text.push_str(" NULLS NOT DISTINCT");
        }
        if !self.with.is_empty() {
            let with = parameters(&self.with, &self.spelling);
            text.push_str(&format!(" WITH ({})", with.join(", ")));
        }
        if let Some(predicate) = &self.predicate {
            text.push_str(&format!(" WHERE {predicate}"));
        }
        text
    }

    fn drop_statement(&self, table: &QualifiedName) -> String {
        format!("DROP INDEX {}", qualified(&in_schema_of(table, self.name.as_ref())))
    }

    fn commented(&self, table: &QualifiedName) -> String {
        format!("INDEX {}", qualified(&in_schema_of(table, self.name.as_ref())))
    }

    fn rename(&self, table: &QualifiedName, to: &Name) -> String {
        format!("ALTER INDEX {} RENAME TO {}", qualified(&in_schema_of(table, self.name.as_ref())), identifier(to))
    }

    fn make_room(&self, run: &mut Run<'_>, table: &QualifiedName) {
        let columns: Option<Vec<Name>> = self
            .keys
            .iter()
            .map(|k| match &k.of {
                KeyOf::Column(name) => Some(name.clone()),
                KeyOf::Expression(_) => None,
            })
            .collect();
        if let Some(columns) = columns.filter(|_| self.unique) {
            run.take_off_references(table, &columns);
        }
    }
}

/// Storage parameters, in the order in which the server has them, where that is known.
pub(super) fn parameters(with: &BTreeMap<String, String>, spelling: &Spelling) -> Vec<String> {
    let place = |key: &str| {
        let all = spelling.text().unwrap_or_default().split('\u{1f}');
        all.map(|pair| pair.split('=').next().unwrap_or_default()).position(|k| k == key).unwrap_or(usize::MAX)
    };
    let mut all: Vec<(&String, &String)> = with.iter().collect();
    all.sort_by_key(|(key, _)| place(key));
    all.into_iter().map(|(k, v)| format!("{k} = {v}")).collect()
}

/// An index lives in its table's schema.
fn in_schema_of(table: &QualifiedName, name: Option<&Name>) -> QualifiedName {
    table.sibling(name.map(Name::as_str).unwrap_or_default())
}

impl Run<'_> {
    pub(super) fn part<P: Stated>(&mut self, it: &In<P>) {
        let table = &it.table;
        let called = |p: &P| match p.name() {
            Some(name) => format!("{} `{name}`", P::KIND),
            None => format!("{} of `{table}`", P::KIND),
        };
        match &it.delta {
            Delta::Create(p) if p.is_online() => {
                let sql = p.create(table).replacen("INDEX ", "INDEX CONCURRENTLY ", 1);
                let statement = Statement::new(sql, format!("create {}", called(p))).at(Place::Alone);
                self.statements.push(statement);
                self.first_comment(&p.commented(table), p.comment(), &called(p));
            }
            Delta::Create(p) => {
                self.say(p.create(table), format!("create {}", called(p)));
                self.first_comment(&p.commented(table), p.comment(), &called(p));
            }
            Delta::Drop(p) => {
                p.make_room(self, table);
                self.forget_settings(table, p.name());
                self.say(p.drop_statement(table), format!("drop {}", called(p)));
            }
            Delta::Alter { from, to } => {
                if let (true, Some(name)) = (from.name() != to.name(), to.name()) {
                    self.say(from.rename(table, name), format!("rename {} to `{name}`", called(from)));
                }
                match (from.validated().is_some(), to.validated().is_some()) {
                    (true, false) => {
                        let name = to.name().map(|n| identifier(n)).unwrap_or_default();
                        let sql = format!("ALTER TABLE {} VALIDATE CONSTRAINT {name}", qualified(table));
                        self.say(sql, format!("validate {}", called(to)));
                    }
                    (false, true) => {
                        self.say(to.drop_statement(table), format!("drop {}", called(to)));
                        self.say(to.create(table), format!("create {}", called(to)));
                    }
                    (true, true) | (false, false) => {}
                }
                if from.comment() != to.comment() {
                    self.comment(&to.commented(table), to.comment(), &called(to));
                }
            }
        }
    }

    /// Comments of a new table's parts.
    pub(super) fn part_comments<P: Stated>(&mut self, table: &Table) {
        for part in P::all(table) {
            let name = part.name().map(Name::as_str).unwrap_or_default();
            self.first_comment(&part.commented(&table.name), part.comment(), &format!("{} `{name}`", P::KIND));
        }
    }
}
