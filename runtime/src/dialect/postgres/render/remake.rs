//! Types that are made anew under their own names: enums whose labels go or change places, domains over another type,
//! and the domains over either.

use super::Run;
use crate::change::{Change, Delta};
use crate::dialect::postgres::objects::fields;
use crate::dialect::postgres::types::{cast_over, of_arrays, path, type_name};
use crate::dialect::postgres::write::{default_text, identifier, qualified, string};
use crate::schema::{Column, Default, Domain, Enum, QualifiedName, SqlObject, SqlObjectKind, Type};

/// A type before and after.
#[derive(Clone, Copy)]
pub(super) enum Made<'a> {
    Enum(&'a Enum, &'a Enum),
    Domain(&'a Domain, &'a Domain),
    EnumToDomain(&'a Enum, &'a Domain),
    DomainToEnum(&'a Domain, &'a Enum),
}

impl Made<'_> {
    fn name(self) -> QualifiedName {
        match self {
            Self::Enum(_, to) | Self::DomainToEnum(_, to) => to.name.clone(),
            Self::Domain(_, to) | Self::EnumToDomain(_, to) => to.name.clone(),
        }
    }

    /// Whether a default is a label that is no more.
    fn outlives(self, default: &Default) -> bool {
        let Self::Enum(from, to) = self else { return true };
        let gone = |text: &str| from.labels.iter().any(|l| **l == *text) && !to.labels.iter().any(|l| **l == *text);
        !default.texts().iter().any(|text| gone(text))
    }
}

impl Run<'_> {
    /// Makes a type anew, and everything of the old one goes over.
    pub(super) fn remake(&mut self, made: Made<'_>) {
        let name = made.name();
        let domains = self.domains_over(&name);
        let all: Vec<QualifiedName> =
            std::iter::once(name.clone()).chain(domains.iter().map(|d| d.name.clone())).collect();
        let of = |c: &Column| c.ty.named().is_some_and(|ty| all.contains(ty));
        let tables = self.state.tables.values();
        let users: Vec<(QualifiedName, Column)> =
            tables.flat_map(|t| t.columns.iter().map(|c| (t.name.clone(), c.clone()))).filter(|(_, c)| of(c)).collect();
        // What a computed column holds comes back by itself, and in no other way.
        let (computed, users): (Vec<_>, Vec<_>) = users.into_iter().partition(|(_, c)| c.generated.is_some());
        let held = self.held_composites(&all);
        for ty in &all {
            self.take_off_users_of_type(ty, &held);
        }
        for (table, column) in &users {
            self.take_off_readers(table, &column.name, false);
            self.take_off_users(table, &column.name);
        }
        for (table, column) in &computed {
            self.take_off_computed_column(table, column);
        }
        let about = format!("make type `{name}` anew");
        let texts: Vec<_> = held.iter().flat_map(|composite| self.hold_as_text(&composite.name, &about)).collect();
        let old = |at: usize| all[at].sibling(format!("limbeck_old_type{at}"));
        for (at, ty) in all.iter().enumerate() {
            self.say(format!("ALTER TYPE {} RENAME TO {}", qualified(ty), identifier(&old(at).name)), &about);
        }
        // A domain's NOT NULL has a name since 17, which the new one shall have.
        let strict: Vec<usize> =
            (0..all.len()).filter(|at| self.state.domains.get(&all[*at]).is_some_and(|d| d.not_null)).collect();
        for at in strict {
            self.say(format!("ALTER DOMAIN {} DROP NOT NULL", qualified(&old(at))), &about);
        }
        match made {
            Made::Enum(_, to) | Made::DomainToEnum(_, to) => self.create_enum(to),
            Made::Domain(_, to) | Made::EnumToDomain(_, to) => self.create_domain(to),
        }
        for domain in &domains {
            let default = domain.default.clone().filter(|d| made.outlives(d));
            self.create_domain(&Domain { default, ..domain.clone() });
        }
        for (at, ty) in all.iter().enumerate() {
            self.say(same_owner(ty, &old(at)), &about);
        }
        for (table, column) in &users {
            self.go_over(table, column, made);
        }
        for composite in &held {
            for (field, ty) in fields(&composite.sql).iter().filter(|(_, ty)| is_one_of(&all, ty)) {
                let (of, field) = (qualified(&composite.name), identifier(field));
                self.say(format!("ALTER TYPE {of} ALTER ATTRIBUTE {field} TYPE {ty}"), &about);
            }
        }
        for (table, column) in &texts {
            self.bring_back(table, column, &about);
        }
        for at in (0..all.len()).rev() {
            self.say(format!("DROP TYPE {}", qualified(&old(at))), &about);
        }
    }

    /// Whether a type that goes is one that columns still have: another of its name is to come, and they go over then.
    pub(super) fn leaves(&self, name: &QualifiedName) -> bool {
        let comes = |change: &Change| {
            matches!(change, Change::Enum(Delta::Create(e)) if e.name == *name)
                || matches!(change, Change::Domain(Delta::Create(d)) if d.name == *name)
        };
        let has = |c: &Column| c.ty.named() == Some(name);
        self.later.iter().any(comes) && self.state.tables.values().any(|t| t.columns.iter().any(has))
    }

    /// The composite types with a field of these types whose values some column holds: they cannot go and come again.
    fn held_composites(&self, types: &[QualifiedName]) -> Vec<SqlObject> {
        let has = |o: &&SqlObject| {
            o.kind == SqlObjectKind::CompositeType && fields(&o.sql).iter().any(|(_, ty)| is_one_of(types, ty))
        };
        let found = self.state.objects.values().filter(has).filter(|o| !self.columns_of(&o.name).is_empty());
        found.cloned().collect()
    }

    /// The domains over a type, and those over them, each after what it is made from.
    fn domains_over(&self, name: &QualifiedName) -> Vec<Domain> {
        let mut found: Vec<Domain> = Vec::new();
        let mut open = vec![name.clone()];
        while let Some(base) = open.pop() {
            let over = self.state.domains.values().filter(|d| d.ty.named() == Some(&base));
            let over: Vec<Domain> = over.cloned().collect();
            open.extend(over.iter().map(|d| d.name.clone()));
            found.extend(over);
        }
        found
    }

    /// Brings a column to the new type of its type's name.
    fn go_over(&mut self, table: &QualifiedName, column: &Column, made: Made<'_>) {
        let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&column.name));
        let about = format!("bring `{table}.{}` to the new type `{}`", column.name, made.name());
        let plain = column.default.as_ref();
        if plain.is_some() {
            self.say(format!("{head} DROP DEFAULT"), &about);
        }
        let using = cast_over(&identifier(&column.name), &self.by_way_of(&column.ty, made));
        let collation = column.collation.as_ref().map(|c| format!(" COLLATE {c}")).unwrap_or_default();
        self.say(format!("{head} TYPE {}{collation} USING {using}", type_name(&column.ty)), &about);
        if let Some(default) = plain.filter(|default| made.outlives(default)) {
            self.say(format!("{head} SET DEFAULT {}", default_text(default)), &about);
        }
        if let Some(storage) = &column.storage {
            self.say(format!("{head} SET STORAGE {storage}"), &about);
        }
        if let Some(compression) = &column.compression {
            self.say(format!("{head} SET COMPRESSION {compression}"), &about);
        }
    }

    /// From what an old value is made of to what a new one is, and then to the type itself.
    fn by_way_of(&self, ty: &Type, made: Made<'_>) -> Vec<Type> {
        match ty {
            Type::Array(of) => of_arrays(self.by_way_of(of, made)),
            Type::Named(name) => {
                let mut way = match made {
                    Made::Domain(from, to) if from.name == *name => {
                        let mut way = vec![self.base(&from.ty)];
                        way.extend(path(&self.base(&from.ty), &self.base(&to.ty)));
                        way.dedup();
                        way
                    }
                    Made::Enum(from, _) if from.name == *name => vec![Type::Text],
                    Made::EnumToDomain(from, to) if from.name == *name => {
                        let mut way = vec![Type::Text];
                        way.extend(path(&Type::Text, &self.base(&to.ty)));
                        way.dedup();
                        way
                    }
                    Made::DomainToEnum(from, _) if from.name == *name => vec![self.base(&from.ty), Type::Text],
                    Made::Domain(..) | Made::Enum(..) | Made::EnumToDomain(..) | Made::DomainToEnum(..) => {
                        self.state.domains.get(name).map(|d| self.by_way_of(&d.ty, made)).unwrap_or_default()
                    }
                };
                way.push(ty.clone());
                way
            }
            other => vec![other.clone()],
        }
    }

    /// What values of a type are, domains looked through.
    pub(super) fn base(&self, ty: &Type) -> Type {
        match ty {
            Type::Named(name) => match self.state.domains.get(name) {
                Some(domain) => self.base(&domain.ty),
                None => ty.clone(),
            },
            other => other.clone(),
        }
    }

    /// Takes off the objects that say a type's name, and what roles may do with it: it goes with the type.
    fn take_off_users_of_type(&mut self, name: &QualifiedName, save: &[SqlObject]) {
        self.take_off_sayers(name, save);
        let privileges = name.sibling(format!("privileges on type {}", name.name));
        if self.state.objects.contains_key(&privileges) {
            self.off.insert(privileges, "put back");
        }
    }
}

/// Whether a field's type is one of some types, or an array of one.
fn is_one_of(types: &[QualifiedName], ty: &str) -> bool {
    types.iter().any(|name| qualified(name) == ty.trim_end_matches("[]"))
}

/// Gives a type the owner of another.
fn same_owner(ty: &QualifiedName, other: &QualifiedName) -> String {
    format!(
        "DO $$ BEGIN EXECUTE {} || (SELECT typowner::regrole FROM pg_catalog.pg_type WHERE oid = {}::regtype); END $$",
        string(&format!("ALTER TYPE {} OWNER TO ", qualified(ty))),
        string(&qualified(other))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Literal, Name};

    #[test]
    fn a_default_that_is_gone_does_not_outlive_its_enum() {
        let labels = |list: &[&str]| Enum {
            name: "e".into(),
            labels: list.iter().map(|l| Name::from(*l)).collect(),
            comment: None,
        };
        let (from, to) = (labels(&["a", "b"]), labels(&["b"]));
        let made = Made::Enum(&from, &to);
        assert!(!made.outlives(&Default::Literal(Literal::Text("a".into()))));
        assert!(made.outlives(&Default::Sql("'b'::e".into())));
        assert!(!made.outlives(&Default::Sql("ARRAY['a'::e]".into())));
        assert!(!made.outlives(&Default::Sql("'{b,a}'::e[]".into())));
    }
}
