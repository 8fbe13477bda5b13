//! Objects that exist only to ask the server how it prints an expression.
//!
//! All of them are temporary, so that nothing real is locked, and all of them are rolled back. Types go into `pg_temp`
//! too, which is searched for types before everything else (manual, 20.11.1, *search_path*).

use std::collections::{BTreeMap, BTreeSet};

use super::slots::Role;
use super::types::type_name;
use super::write::{identifier, qualified, string};
use crate::schema::{Column, Name, QualifiedName, Schema, Table, TokenKind, Type, tokens};

/// Undone whatever happens.
pub(super) const SAVEPOINT: &str = "SAVEPOINT limbeck_scratch";
pub(super) const UNDO: &str = "ROLLBACK TO SAVEPOINT limbeck_scratch";

/// Text is printed with this search path, whatever the user's is: only the default schema's objects are bare.
pub(super) const FIXED_PATH: &str =
    "SELECT set_config('search_path', coalesce(quote_ident(current_schema()), 'pg_catalog'), true)";

/// An expression that the server is asked about.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// The table or domain it belongs to.
    pub(super) owner: QualifiedName,
    /// Whether that is a domain.
    pub(super) domain: bool,
    /// Its place among the owner's expressions.
    pub(super) at: usize,
    /// What it is there for.
    pub(super) role: Role,
    /// Its text.
    pub(super) text: String,
}

/// The statements that put questions, each of them about one thing.
pub(super) struct Scratch {
    /// Types, then tables.
    pub(super) setup: Vec<String>,
    /// One a question, in their order.
    pub(super) asking: Vec<String>,
    /// Types of other schemas, by the names that stand for them here.
    stand_ins: BTreeMap<Name, QualifiedName>,
}

/// The name under which a question's answer is found.
pub(super) fn mark(question: usize) -> String {
    format!("limbeck_q{question}")
}

impl Scratch {
    /// What must be made to ask about a schema's expressions. `present` are the enums that the database has, with the
    /// schema's own labels: they stand for themselves.
    pub(super) fn new(schema: &Schema, questions: &[Question], present: &BTreeSet<QualifiedName>) -> Self {
        let mut scratch = Self { setup: Vec::new(), asking: Vec::new(), stand_ins: BTreeMap::new() };
        for name in needed(schema, questions).into_iter().filter(|name| !present.contains(name)) {
            scratch.make_type(schema, &name);
        }
        let mut tables: BTreeMap<&QualifiedName, String> = BTreeMap::new();
        for question in questions.iter().filter(|q| !q.domain) {
            let taken = |name: &QualifiedName| tables.keys().any(|t| t.name == name.name);
            if tables.contains_key(&question.owner) {
                continue;
            }
            let name = if taken(&question.owner) {
                format!("limbeck_t{}", tables.len())
            } else {
                question.owner.name.to_string()
            };
            let name = format!("pg_temp.{}", identifier(&name));
            if let Some(table) = schema.tables.get(&question.owner) {
                let asked: Vec<&Question> =
                    questions.iter().filter(|q| !q.domain && q.owner == question.owner).collect();
                scratch.make_table(&name, table, &asked);
            }
            tables.insert(&question.owner, name);
        }
        for (at, question) in questions.iter().enumerate() {
            let table = tables.get(&question.owner).map_or("", String::as_str);
            scratch.asking.push(scratch.ask(at, question, table));
        }
        scratch
    }

    fn make_type(&mut self, schema: &Schema, name: &QualifiedName) {
        let here = match &name.schema {
            None => name.name.clone(),
            Some(_) => {
                let stand_in: Name = format!("limbeck_type{}", self.stand_ins.len()).into();
                self.stand_ins.insert(stand_in.clone(), name.clone());
                stand_in
            }
        };
        let here = identifier(&here);
        if let Some(of) = schema.enums.get(name) {
            let labels: Vec<String> = of.labels.iter().map(|l| string(l)).collect();
            self.setup.push(format!("CREATE TYPE pg_temp.{here} AS ENUM ({})", labels.join(", ")));
        } else if let Some(domain) = schema.domains.get(name) {
            self.setup.push(format!("CREATE DOMAIN pg_temp.{here} AS {}", self.type_name(&domain.ty)));
        }
    }

    /// A table with the columns that its questions mention: of the others, the server may not know the types.
    fn make_table(&mut self, name: &str, table: &Table, questions: &[&Question]) {
        let mentioned = |column: &&Column| {
            questions.iter().any(|q| tokens(&q.text).iter().any(|t| t.is_name(&column.name)) || q.text.contains(".*"))
        };
        let columns: Vec<String> = table
            .columns
            .iter()
            .filter(mentioned)
            .map(|c| format!("{} {}", identifier(&c.name), self.type_name(&c.ty)))
            .collect();
        self.setup.push(format!("CREATE TABLE {name} ({})", columns.join(", ")));
    }

    fn ask(&self, at: usize, question: &Question, table: &str) -> String {
        let (mark, text) = (mark(at), self.in_scratch_words(&question.text));
        match &question.role {
            Role::Default(_, ty) if question.domain => {
                format!("CREATE TABLE pg_temp.limbeck_d{at} ({mark} {} DEFAULT ({text}))", self.type_name(ty))
            }
            Role::Default(_, ty) => {
                format!("ALTER TABLE {table} ADD COLUMN {mark} {} DEFAULT ({text})", self.type_name(ty))
            }
            Role::Generated(_, ty) => {
                let ty = self.type_name(ty);
                format!("ALTER TABLE {table} ADD COLUMN {mark} {ty} GENERATED ALWAYS AS ({text}) STORED")
            }
            Role::Condition(_) => format!("ALTER TABLE {table} ADD CONSTRAINT {mark} CHECK ({text})"),
            // Any expression is a condition this way, whether it can be indexed here or not.
            Role::Key => format!("ALTER TABLE {table} ADD CONSTRAINT {mark} CHECK (({text}) IS NOT NULL)"),
            Role::Value(ty) => {
                let ty = self.type_name(ty);
                format!("CREATE DOMAIN pg_temp.limbeck_d{at} AS {ty} CONSTRAINT {mark} CHECK ({text})")
            }
        }
    }

    fn type_name(&self, ty: &Type) -> String {
        let renamed = self
            .stand_ins
            .iter()
            .fold(ty.clone(), |ty, (here, real)| ty.renamed(real, &QualifiedName::new(None, here)));
        type_name(&renamed)
    }

    /// An expression in the words of the scratch place: `auth.role` is a stand-in there.
    fn in_scratch_words(&self, text: &str) -> String {
        let all = tokens(text);
        let mut out = String::new();
        let (mut end, mut at) = (0, 0);
        while let Some(token) = all.get(at) {
            let stand_in = self.stand_ins.iter().find(|(_, real)| {
                let schema = real.schema.as_ref().is_some_and(|s| token.is_name(s));
                schema
                    && all.get(at + 1).is_some_and(|t| t.text == ".")
                    && all.get(at + 2).is_some_and(|t| t.is_name(&real.name))
            });
            out.push_str(&text[end..token.start]);
            match stand_in {
                Some((here, _)) => {
                    out.push_str(here);
                    at += 2;
                }
                None => out.push_str(token.text),
            }
            end = all[at].start + all[at].text.len();
            at += 1;
        }
        out + &text[end..]
    }

    /// The server's answer in the words of the schema.
    pub(super) fn in_own_words(&self, role: &Role, answer: &str) -> String {
        let inner = match role {
            Role::Key => answer.trim_end_matches(')').strip_suffix(" IS NOT NULL").map_or(answer, |key| {
                // With parentheses around the whole, or without.
                if answer.ends_with(')') { key.strip_prefix('(').unwrap_or(key) } else { key }
            }),
            Role::Default(..) | Role::Generated(..) | Role::Condition(_) | Role::Value(_) => answer,
        };
        let mut out = String::new();
        let mut end = 0;
        for token in tokens(inner) {
            out.push_str(&inner[end..token.start]);
            let real = self.stand_ins.get(&*token.value()).filter(|_| token.kind == TokenKind::Word);
            out.push_str(&real.map_or_else(|| token.text.to_owned(), qualified));
            end = token.start + token.text.len();
        }
        out + &inner[end..]
    }
}

/// The types of a schema's own that questions need: those of columns and those that expressions mention. Domains
/// come after the types that they are made from.
pub(super) fn needed(schema: &Schema, questions: &[Question]) -> Vec<QualifiedName> {
    let words: BTreeSet<String> =
        questions.iter().flat_map(|q| tokens(&q.text).iter().map(|t| t.value()).collect::<Vec<_>>()).collect();
    let owners: BTreeSet<&QualifiedName> = questions.iter().map(|q| &q.owner).collect();
    let tables = owners.iter().filter_map(|name| schema.tables.get(name));
    let columns = tables.flat_map(|t| &t.columns).filter_map(|c| c.ty.named());
    let of_domains = owners.iter().filter_map(|name| schema.domains.get(*name)).filter_map(|d| d.ty.named());
    let mentioned = schema.enums.keys().chain(schema.domains.keys()).filter(|name| words.contains(&*name.name));
    let mut all: BTreeSet<QualifiedName> = columns.chain(of_domains).chain(mentioned).cloned().collect();
    let bases: Vec<QualifiedName> =
        all.iter().filter_map(|name| schema.domains.get(name)?.ty.named().cloned()).collect();
    all.extend(bases);
    let is_domain = |name: &QualifiedName| schema.domains.contains_key(name);
    let (domains, enums): (Vec<_>, Vec<_>) = all.into_iter().partition(is_domain);
    enums.into_iter().chain(domains).collect()
}
