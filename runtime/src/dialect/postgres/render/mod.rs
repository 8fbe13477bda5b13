//! Changes as statements.
//!
//! Changes are made one by one, in the plan's order. What PostgreSQL cannot carry through a change (a check over a
//! column whose type changes, a foreign key to a primary key that is made anew) is taken off before it and put back
//! after it, as far as it is still wanted then.

mod aside;
mod column;
mod enums;
mod object;
mod parts;
mod remake;
mod sequence;
mod table;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::types::type_name;
use super::write::{default_text, identifier, qualified, string};
use crate::change::{Change, Delta, Touches};
use crate::plan::{Capabilities, Place, Statement, Unsupported};
use crate::schema::{
    Column, Domain, DomainCheck, Enum, Extension, Name, Namespace, QualifiedName, Schema, SqlObjectKind, Type,
};
use aside::Aside;
use remake::Made;
#[cfg(feature = "postgres")]
pub(super) use sequence::serial_name;

/// See [`Dialect::render`](crate::dialect::Dialect::render).
pub(super) fn render(changes: &[Change], before: &Schema, can: &Capabilities) -> Result<Vec<Statement>, Unsupported> {
    let mut run = Run {
        can,
        state: before.clone(),
        statements: Vec::new(),
        aside: Vec::new(),
        off: BTreeMap::new(),
        defaults_off: Vec::new(),
        domains_off: BTreeMap::new(),
        old_enums: BTreeMap::new(),
        old_domains: BTreeMap::new(),
        later: Vec::new(),
        coming: changes.iter().map(Change::touches).collect(),
        unlogged: false,
        tables: before.tables.keys().cloned().collect(),
        children: before
            .objects
            .values()
            .filter(|o| o.kind == SqlObjectKind::ChildTable)
            .map(|o| o.name.clone())
            .collect(),
    };
    for (at, change) in changes.iter().enumerate() {
        run.coming.pop_front();
        run.later = changes[at + 1..].to_vec();
        run.change(change)?;
        change.apply(&mut run.state).map_err(|error| run.lacks(&format!("such a schema: {error}"), "this change"))?;
        run.put_objects_back(true);
        run.put_back(false);
    }
    run.put_back(true);
    run.put_objects_back(false);
    Ok(run.statements)
}

struct Run<'a> {
    can: &'a Capabilities,
    /// The schema after the changes so far.
    state: Schema,
    statements: Vec<Statement>,
    /// What was taken off and waits to be put back.
    aside: Vec<Aside>,
    /// The objects known by their text that are not there now and shall be at the end, each with what that is called.
    off: BTreeMap<QualifiedName, &'static str>,
    /// Columns whose defaults were taken off.
    defaults_off: Vec<(QualifiedName, Name)>,
    /// Domains whose checks or defaults were taken off, as they are now.
    domains_off: BTreeMap<QualifiedName, Domain>,
    /// Types that columns still have, and that go when another kind of type of the name comes.
    old_enums: BTreeMap<QualifiedName, Enum>,
    old_domains: BTreeMap<QualifiedName, Domain>,
    /// The changes that are still to come.
    later: Vec<Change>,
    /// What those touch.
    coming: VecDeque<Touches>,
    /// Whether the table that is being made is unlogged.
    unlogged: bool,
    /// The tables and the children of tables that were there at first: neither becomes the other.
    tables: BTreeSet<QualifiedName>,
    children: BTreeSet<QualifiedName>,
}

impl Run<'_> {
    fn was_table(&self, name: &QualifiedName) -> bool {
        self.tables.contains(name)
    }

    fn say(&mut self, sql: impl Into<String>, about: impl Into<String>) {
        self.statements.push(Statement::new(sql, about));
    }

    fn lacks(&self, what: &str, object: &str) -> Unsupported {
        Unsupported {
            title: self.can.title.clone(),
            what: what.to_owned(),
            object: object.to_owned(),
            instead: "make the change in steps of your own with `m.sql`".to_owned(),
        }
    }

    fn change(&mut self, change: &Change) -> Result<(), Unsupported> {
        match change {
            Change::Namespace(delta) => self.namespace(delta),
            Change::Extension(delta) => self.extension(delta),
            Change::Enum(delta) => self.enumeration(delta),
            Change::Label(it) => {
                let (of, from, to) = (qualified(&it.of), string(&it.from), string(&it.to));
                let about = format!("rename label `{}` of `{}` to `{}`", it.from, it.of, it.to);
                self.say(format!("ALTER TYPE {of} RENAME VALUE {from} TO {to}"), about);
            }
            Change::Domain(delta) => self.domain(delta),
            Change::Sequence(delta) => self.sequence(delta),
            Change::Table(delta) => self.table(delta)?,
            Change::Column(it) => self.column(it)?,
            Change::PrimaryKey(it) => self.part(it),
            Change::Unique(it) => self.part(it),
            Change::Check(it) => self.part(it),
            Change::ForeignKey(it) => self.part(it),
            Change::Exclusion(it) => self.part(it),
            Change::Index(it) => self.part(it),
            Change::Object(delta) => self.object(delta)?,
        }
        Ok(())
    }

    fn comment(&mut self, on: &str, comment: Option<&str>, about: &str) {
        let text = comment.map_or("NULL".to_owned(), string);
        self.say(format!("COMMENT ON {on} IS {text}"), format!("comment on {about}"));
    }

    /// A comment on something new.
    fn first_comment(&mut self, on: &str, comment: Option<&str>, about: &str) {
        if comment.is_some() {
            self.comment(on, comment, about);
        }
    }

    fn namespace(&mut self, delta: &Delta<Namespace>) {
        match delta {
            Delta::Create(n) => {
                let name = identifier(&n.name);
                self.say(format!("CREATE SCHEMA {name}"), format!("create schema `{}`", n.name));
                self.first_comment(&format!("SCHEMA {name}"), n.comment.as_deref(), &format!("schema `{}`", n.name));
            }
            Delta::Drop(n) => {
                self.say(format!("DROP SCHEMA {}", identifier(&n.name)), format!("drop schema `{}`", n.name));
            }
            Delta::Alter { from, to } => {
                let (old, new) = (identifier(&from.name), identifier(&to.name));
                if old != new {
                    let about = format!("rename schema `{}` to `{}`", from.name, to.name);
                    self.say(format!("ALTER SCHEMA {old} RENAME TO {new}"), about);
                }
                if from.comment != to.comment {
                    self.comment(&format!("SCHEMA {new}"), to.comment.as_deref(), &format!("schema `{}`", to.name));
                }
            }
        }
    }

    fn extension(&mut self, delta: &Delta<Extension>) {
        match delta {
            Delta::Create(e) => {
                let schema = e.schema.as_ref().map(|s| format!(" SCHEMA {}", identifier(s))).unwrap_or_default();
                let version = e.version.as_ref().map(|v| format!(" VERSION {}", string(v))).unwrap_or_default();
                let sql = format!("CREATE EXTENSION {}{schema}{version}", identifier(&e.name));
                self.say(sql, format!("create extension `{}`", e.name));
            }
            Delta::Drop(e) => {
                self.say(format!("DROP EXTENSION {}", identifier(&e.name)), format!("drop extension `{}`", e.name));
            }
            Delta::Alter { from, to } => {
                let name = identifier(&to.name);
                if let (true, Some(version)) = (from.version != to.version, &to.version) {
                    let sql = format!("ALTER EXTENSION {name} UPDATE TO {}", string(version));
                    self.say(sql, format!("update extension `{}`", to.name));
                }
                if from.schema != to.schema {
                    let schema = to.schema.as_ref().map_or("public".to_owned(), |s| identifier(s));
                    let sql = format!("ALTER EXTENSION {name} SET SCHEMA {schema}");
                    self.say(sql, format!("move extension `{}`", to.name));
                }
            }
        }
    }

    fn domain(&mut self, delta: &Delta<Domain>) {
        match delta {
            Delta::Create(d) => match self.old_enums.remove(&d.name) {
                Some(from) => self.remake(Made::EnumToDomain(&from, d)),
                None => self.create_domain(d),
            },
            Delta::Drop(d) if self.leaves(&d.name) => {
                self.old_domains.insert(d.name.clone(), d.clone());
            }
            Delta::Drop(d) => {
                self.say(format!("DROP DOMAIN {}", qualified(&d.name)), format!("drop domain `{}`", d.name))
            }
            Delta::Alter { from, to } => {
                let off = self.domains_off.remove(&from.name);
                self.alter_domain(&off.map_or_else(|| from.clone(), |d| Domain { name: from.name.clone(), ..d }), to);
            }
        }
    }

    fn create_domain(&mut self, d: &Domain) {
        let name = qualified(&d.name);
        let mut sql = format!("CREATE DOMAIN {name} AS {}", type_name(&d.ty));
        if let Some(collation) = &d.collation {
            sql.push_str(&format!(" COLLATE {collation}"));
        }
        if let Some(default) = &d.default {
            sql.push_str(&format!(" DEFAULT {}", default_text(default)));
        }
        if d.not_null {
            sql.push_str(" NOT NULL");
        }
        for check in d.checks.iter().filter(|c| !c.not_valid) {
            sql.push_str(&format!(" {}", domain_check(check)));
        }
        self.say(sql, format!("create domain `{}`", d.name));
        // A new domain has no values, so that only a statement of its own leaves some unchecked.
        for check in d.checks.iter().filter(|c| c.not_valid) {
            self.add_domain_check(d, check);
        }
        self.first_comment(&format!("DOMAIN {name}"), d.comment.as_deref(), &format!("domain `{}`", d.name));
    }

    fn add_domain_check(&mut self, domain: &Domain, check: &DomainCheck) {
        let not_valid = if check.not_valid { " NOT VALID" } else { "" };
        let sql = format!("ALTER DOMAIN {} ADD {}{not_valid}", qualified(&domain.name), domain_check(check));
        self.say(sql, format!("alter domain `{}`", domain.name));
    }

    fn alter_domain(&mut self, from: &Domain, to: &Domain) {
        if from.name != to.name {
            self.moved("DOMAIN", "domain", &from.name, &to.name);
        }
        // The server looks at no values inside of others (manual, `ALTER DOMAIN`, *Notes*).
        let stricter =
            to.not_null && !from.not_null || to.checks.iter().any(|c| !from.checks.contains(c) && !c.not_valid);
        if from.ty != to.ty || from.collation != to.collation || stricter && self.is_held_in_arrays(&to.name) {
            self.remake(Made::Domain(&Domain { name: to.name.clone(), ..from.clone() }, to));
            return;
        }
        let name = qualified(&to.name);
        let about = format!("alter domain `{}`", to.name);
        if from.default != to.default {
            let default =
                to.default.as_ref().map_or("DROP DEFAULT".to_owned(), |d| format!("SET DEFAULT {}", default_text(d)));
            self.say(format!("ALTER DOMAIN {name} {default}"), &about);
        }
        if from.not_null != to.not_null {
            let verb = if to.not_null { "SET" } else { "DROP" };
            self.say(format!("ALTER DOMAIN {name} {verb} NOT NULL"), &about);
        }
        let validated = |c: &DomainCheck| DomainCheck { not_valid: false, ..c.clone() };
        let stays =
            |c: &DomainCheck, on: &Domain| on.checks.contains(c) || c.not_valid && on.checks.contains(&validated(c));
        for check in from.checks.iter().filter(|c| !stays(c, to)) {
            let Some(constraint) = &check.name else { continue };
            self.say(format!("ALTER DOMAIN {name} DROP CONSTRAINT {}", identifier(constraint)), &about);
        }
        for check in to.checks.iter().filter(|c| !from.checks.contains(c)) {
            let waits = DomainCheck { not_valid: true, ..check.clone() };
            match &check.name {
                Some(constraint) if from.checks.contains(&waits) => {
                    self.say(format!("ALTER DOMAIN {name} VALIDATE CONSTRAINT {}", identifier(constraint)), &about);
                }
                Some(_) | None => self.add_domain_check(to, check),
            }
        }
        if from.comment != to.comment {
            self.comment(&format!("DOMAIN {name}"), to.comment.as_deref(), &format!("domain `{}`", to.name));
        }
    }

    fn is_held_in_arrays(&self, ty: &QualifiedName) -> bool {
        let holds = |c: &Column| matches!(c.ty, Type::Array(_)) && c.ty.named() == Some(ty);
        self.state.tables.values().any(|t| t.columns.iter().any(holds))
    }

    /// Another schema, another name.
    fn moved(&mut self, word: &str, kind: &str, from: &QualifiedName, to: &QualifiedName) {
        let about = format!("rename {kind} `{from}` to `{to}`");
        let mut here = from.clone();
        if from.schema != to.schema {
            let schema = to.schema.as_ref().map_or("public".to_owned(), |s| identifier(s));
            self.say(format!("ALTER {word} {} SET SCHEMA {schema}", qualified(&here)), &about);
            here.schema.clone_from(&to.schema);
        }
        if from.name != to.name {
            self.say(format!("ALTER {word} {} RENAME TO {}", qualified(&here), identifier(&to.name)), &about);
        }
    }

    /// The last statement is committed before what follows.
    fn committed(&mut self) {
        if let Some(last) = self.statements.last_mut() {
            last.place = Place::Committed;
        }
    }
}

fn domain_check(check: &DomainCheck) -> String {
    let named = check.name.as_ref().map(|n| format!("CONSTRAINT {} ", identifier(n))).unwrap_or_default();
    format!("{named}CHECK ({})", check.expression)
}
