//! Whether two branches can be put one after the other, either way round.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::builder::Migration;
use super::{Action, Graph, MigrationDef, ReplayError, resolve};
use crate::change::{Describe, Object, Touches};
use crate::diff::{Renames, diff};
use crate::schema::{Database, QualifiedName, Schema};

/// Something that both of two branches are about, so that their order matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// What it is: `column account.email`.
    pub object: String,
    /// What the one branch does: the migration's id, and the change in words.
    pub one: (String, String),
    /// What the other branch does.
    pub other: (String, String),
}

/// What two branches have to do with each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clashes {
    /// What both are about.
    pub clashes: Vec<Clash>,
    /// Migrations with statements or code of their own: nobody can tell what those touch.
    pub opaque: Vec<String>,
}

impl Clashes {
    /// Whether the branches can be put one after the other, either way round.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clashes.is_empty() && self.opaque.is_empty()
    }
}

/// What one migration does to an object.
struct Doing {
    id: &'static str,
    words: String,
    touches: Touches,
}

impl Graph {
    /// What two revisions, with all that leads to each and not to the other, have to do with each other.
    ///
    /// # Errors
    ///
    /// When a step does not fit the schema before it.
    pub fn clashes(&self, one: &str, other: &str, database: Database) -> Result<Clashes, ReplayError> {
        let (first, second) = (self.ancestors([one]), self.ancestors([other]));
        let common: BTreeSet<String> = first.intersection(&second).map(|id| (*id).to_owned()).collect();
        let before = self.replay(&common, database)?;
        let branch = |of: &BTreeSet<&'static str>| -> Vec<&MigrationDef> {
            self.migrations().iter().filter(|m| of.contains(m.id) && !common.contains(m.id)).collect()
        };
        let (first, second) = (branch(&first), branch(&second));
        let mut opaque = Vec::new();
        let (one, after_one) = doings(&first, &before, database, &mut opaque)?;
        let (other, after_other) = doings(&second, &before, database, &mut opaque)?;
        let mut clashes: BTreeMap<String, Clash> = BTreeMap::new();
        for a in &one {
            for b in &other {
                for object in shared(&a.touches, &b.touches) {
                    clashes.entry(Named(object).to_string()).or_insert_with(|| Clash {
                        object: Named(object).to_string(),
                        one: (a.id.to_owned(), a.words.clone()),
                        other: (b.id.to_owned(), b.words.clone()),
                    });
                }
            }
        }
        let clashes: Vec<Clash> = clashes.into_values().collect();
        // What touches nothing in common comes to the same either way; when it does not, nobody can tell why.
        if clashes.is_empty() && opaque.is_empty() {
            let one_first = doings(&second, &after_one, database, &mut opaque).map(|(_, after)| after);
            let other_first = doings(&first, &after_other, database, &mut opaque).map(|(_, after)| after);
            // The order of columns is no difference.
            let same = |a: &Schema, b: &Schema| diff(a, b, &Renames::default()).is_ok_and(|it| it.is_empty());
            if !matches!((one_first, other_first), (Ok(a), Ok(b)) if same(&a, &b)) {
                opaque.extend(first.iter().chain(&second).map(|m| m.id.to_owned()));
            }
        }
        Ok(Clashes { clashes, opaque })
    }
}

fn doings(
    branch: &[&MigrationDef],
    before: &Schema,
    database: Database,
    opaque: &mut Vec<String>,
) -> Result<(Vec<Doing>, Schema), ReplayError> {
    let mut schema = before.clone();
    let mut doings = Vec::new();
    for migration in branch {
        let steps = Migration::record(migration.up);
        let (actions, after) =
            resolve(&steps, &schema, Some(database)).map_err(|error| ReplayError::of(migration, error))?;
        for action in actions {
            match action {
                Action::Change(change) | Action::Made(change) => doings.push(Doing {
                    id: migration.id,
                    words: Describe(&change).to_string(),
                    touches: change.touches(),
                }),
                Action::Backfill(backfill, _) => {
                    let table = backfill.table.clone();
                    let columns = backfill.set.iter().map(|(name, _)| Object::Column(table.clone(), name.clone()));
                    let requires = columns.chain([Object::Relation(table.clone())]).collect();
                    let touches = Touches { requires, ..Touches::default() };
                    doings.push(Doing { id: migration.id, words: format!("backfill table `{table}`"), touches });
                }
                Action::Sql(_) | Action::Run(_) if !opaque.iter().any(|id| id == migration.id) => {
                    opaque.push(migration.id.to_owned());
                }
                Action::Sql(_)
                | Action::Run(_)
                | Action::AssertNone(..)
                | Action::Keepsakes(_)
                | Action::Irreversible(_)
                | Action::LosesNone(..)
                | Action::Nothing(_) => {}
            }
        }
        schema = after;
    }
    Ok((doings, schema))
}

/// What one of the two makes or unmakes and the other is about.
fn shared<'a>(one: &'a Touches, other: &'a Touches) -> Vec<&'a Object> {
    let moved = |touches: &'a Touches| touches.creates.union(&touches.drops).collect::<BTreeSet<_>>();
    let about = |touches: &'a Touches| {
        let needs = touches.requires.union(&touches.releases).collect::<BTreeSet<_>>();
        moved(touches).union(&needs).copied().collect::<BTreeSet<_>>()
    };
    let mut shared: BTreeSet<&Object> = moved(one).intersection(&about(other)).copied().collect();
    shared.extend(about(one).intersection(&moved(other)).copied());
    // Extensions bring nobody knows what; two branches that each need one do not meet there.
    shared.into_iter().filter(|object| !matches!(object, Object::Extensions)).collect()
}

/// An object in words.
struct Named<'a>(&'a Object);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = |f: &mut fmt::Formatter<'_>, kind: &str, table: &QualifiedName, name: &str| {
            write!(f, "{kind} {table}.{name}")
        };
        match self.0 {
            Object::Namespace(name) => write!(f, "schema {name}"),
            Object::Extension(name) => write!(f, "extension {name}"),
            Object::Routine(name) => write!(f, "routine {name}"),
            Object::Extensions => f.write_str("extensions"),
            Object::Type(name) | Object::Base(name) => write!(f, "type {name}"),
            Object::Label(of, name) => within(f, "label", of, name),
            Object::Relation(name) | Object::Options(name) => write!(f, "table {name}"),
            Object::Column(table, name) => within(f, "column", table, name),
            Object::Constraint(table, name) => within(f, "constraint", table, name),
            Object::Key(table, columns) => {
                let columns: Vec<&str> = columns.iter().map(|name| name.as_str()).collect();
                write!(f, "key {table}({})", columns.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::builder::{integer, text};
    use crate::schema::Database;

    fn base(m: &mut Migration) {
        m.create_table("account", |t| {
            t.column("id", integer());
            t.column("email", text());
            t.primary_key(["id"]);
        });
    }

    fn phone(m: &mut Migration) {
        m.create_column("account", "phone", text()).nullable();
    }

    fn city(m: &mut Migration) {
        m.create_column("account", "city", text()).nullable();
    }

    fn table(m: &mut Migration) {
        m.create_table("workspace", |t| {
            t.column("id", integer());
        });
    }

    fn renamed(m: &mut Migration) {
        m.rename_table("account", "user_account");
    }

    fn gone(m: &mut Migration) {
        m.drop_column("account", "email");
    }

    fn indexed(m: &mut Migration) {
        m.create_index("account", ["email"]);
    }

    fn sql(m: &mut Migration) {
        m.sql("UPDATE account SET email = lower(email)");
    }

    fn nothing(_: &mut Migration) {}

    fn clashes(one: fn(&mut Migration), other: fn(&mut Migration)) -> Clashes {
        let def = |id, revises, up| MigrationDef { revises, ..MigrationDef::new(id, up, nothing) };
        let all =
            [def("00000000", &[], base), def("11111111", &["00000000"], one), def("22222222", &["00000000"], other)];
        let graph = Graph::new(all).expect("a graph");
        graph.clashes("11111111", "22222222", Database("postgres")).expect("it can be replayed")
    }

    #[test]
    fn what_two_branches_have_in_common_is_found() {
        assert!(clashes(phone, table).is_empty());
        assert!(clashes(phone, city).is_empty());
        assert!(clashes(table, renamed).is_empty());
        for (one, other, object) in [
            (phone as fn(&mut Migration), phone as fn(&mut Migration), "column account.phone"),
            (renamed, phone, "table account"),
            (gone, indexed, "column account.email"),
        ] {
            let found = clashes(one, other);
            assert!(found.clashes.iter().any(|clash| clash.object == object), "{object}: {found:?}");
            let found = clashes(other, one);
            assert!(found.clashes.iter().any(|clash| clash.object == object), "{object}: {found:?}");
        }
        assert_eq!(clashes(sql, table).opaque, ["11111111"]);
    }
}
