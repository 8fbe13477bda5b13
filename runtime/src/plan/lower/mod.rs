//! Giving each database its form of the changes, or a typed error that names the object.
//!
//! What a database lacks is either replaced (an enum type by a check), left out where nothing is lost by it
//! (comments, storage parameters), or refused.

mod schema;

pub use schema::lower_schema;

use schema::{enum_check, literal, lower_column, lower_index, lower_options, lower_table, quoted};

use super::{Capabilities, Unsupported, named};
use crate::change::{Change, Delta, In, RenameLabel};
use crate::schema::{Check, Column, Deferrable, Name, QualifiedName, Schema, Table, Type};

/// Changes in one database's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// The pieces, in order.
    pub pieces: Vec<Piece>,
    /// The schema after them, as the model says it, every name written out.
    pub after: Schema,
}

/// A run of changes, or a statement between two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Changes, and the schema before them in the database's form.
    Changes {
        /// The schema before.
        before: Schema,
        /// The changes.
        changes: Vec<Change>,
    },
    /// A statement that moves data, and what it does in words.
    Sql {
        /// The statement.
        sql: String,
        /// What it does.
        about: String,
    },
}

/// A change that cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LowerError {
    /// The database cannot.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The schema is not what the change starts from.
    #[error(transparent)]
    Apply(#[from] crate::change::ApplyError),
}

/// Gives changes the form of one database. `before` is the schema as models and migrations say it, with the names
/// that the database has.
///
/// # Errors
///
/// When the database lacks what a change needs, or a change does not fit the schema.
pub fn lower(changes: &[Change], before: &Schema, capabilities: &Capabilities) -> Result<Lowered, LowerError> {
    let mut state = before.clone();
    let mut physical = lower_schema(before, capabilities);
    let mut lowering = Lowering { capabilities, pieces: Vec::new() };
    for change in changes {
        let change = named(change, &state, capabilities.named_constraints);
        // Only a change of an enum looks different from the two sides of it.
        let steps = if matches!(change, Change::Enum(_) | Change::Label(_)) {
            let before = state.clone();
            change.apply(&mut state)?;
            lowering.change(&change, &before, &state)?
        } else {
            let steps = lowering.change(&change, &state, &state)?;
            change.apply(&mut state)?;
            steps
        };
        for step in steps {
            match step {
                Step::Change(change) => {
                    let change = named(&change, &physical, capabilities.named_constraints);
                    lowering.push(&change, &physical);
                    change.apply(&mut physical)?;
                }
                Step::Sql { sql, about } => lowering.pieces.push(Piece::Sql { sql, about }),
            }
        }
    }
    Ok(Lowered { pieces: lowering.pieces, after: state })
}

#[expect(clippy::large_enum_variant, reason = "a step is handed on at once")]
enum Step {
    Change(Change),
    Sql { sql: String, about: String },
}

struct Lowering<'a> {
    capabilities: &'a Capabilities,
    pieces: Vec<Piece>,
}

impl Lowering<'_> {
    fn push(&mut self, change: &Change, before: &Schema) {
        match self.pieces.last_mut() {
            Some(Piece::Changes { changes, .. }) => changes.push(change.clone()),
            Some(Piece::Sql { .. }) | None => {
                self.pieces.push(Piece::Changes { before: before.clone(), changes: vec![change.clone()] });
            }
        }
    }

    fn change(&self, change: &Change, before: &Schema, after: &Schema) -> Result<Vec<Step>, Unsupported> {
        let can = self.capabilities;
        let lowered = match change {
            Change::Namespace(delta) => {
                if let (false, Delta::Create(namespace)) = (can.namespaces, delta) {
                    return Err(self.lacks("schemas", &namespace.name, "leave `schema = …` out"));
                }
                change.clone()
            }
            // Without enums and extensions there is nothing to make: their users are lowered instead.
            Change::Extension(_) if !can.extensions => return Ok(Vec::new()),
            Change::Enum(Delta::Alter { from, to }) if !can.enums => {
                return Ok(self.relist(&from.name, &to.name, before, after));
            }
            Change::Enum(_) if !can.enums => return Ok(Vec::new()),
            Change::Label(it) if !can.enums => return Ok(self.relabel(it, before, after)),
            Change::Domain(delta) => {
                if let (false, Delta::Create(domain)) = (can.domains, delta) {
                    return Err(self.lacks("domains", &domain.name, "use the domain's own type and a check"));
                }
                change.clone()
            }
            Change::Sequence(delta) => {
                if let (false, Delta::Create(sequence)) = (can.sequences, delta) {
                    return Err(self.lacks("sequences", &sequence.name, "number rows with `auto_increment`"));
                }
                change.clone()
            }
            Change::Table(Delta::Create(table)) => Change::Table(Delta::Create(self.table(table, after)?)),
            Change::Table(Delta::Drop(table)) => Change::Table(Delta::Drop(lower_table(table, before, can))),
            Change::Table(Delta::Alter { from, to }) => {
                let (mut from, mut to) = (from.clone(), to.clone());
                lower_options(&mut from.options, can);
                lower_options(&mut to.options, can);
                if from == to {
                    return Ok(Vec::new());
                }
                Change::Table(Delta::Alter { from, to })
            }
            Change::Column(it) => return self.column(it, before, after),
            Change::Check(it) if elsewhere(&it.delta, |c| c.only, can) => return Ok(Vec::new()),
            Change::Index(it) if elsewhere(&it.delta, |i| i.only, can) => return Ok(Vec::new()),
            Change::PrimaryKey(it) => {
                if let Delta::Create(key) = &it.delta {
                    self.deferrable(key.deferrable, &it.table)?;
                }
                match in_place(it, can, |k| k.comment = None) {
                    Some(it) => Change::PrimaryKey(it),
                    None => return Ok(Vec::new()),
                }
            }
            Change::Unique(it) => {
                if let Delta::Create(unique) = &it.delta {
                    self.unique(unique, &it.table)?;
                }
                match in_place(it, can, |u| u.comment = None) {
                    Some(it) => Change::Unique(it),
                    None => return Ok(Vec::new()),
                }
            }
            Change::Check(it) => {
                let plain = |c: &mut Check| {
                    c.only = None;
                    if !can.comments {
                        c.comment = None;
                    }
                };
                match mapped(it, plain) {
                    Some(it) => Change::Check(it),
                    None => return Ok(Vec::new()),
                }
            }
            Change::ForeignKey(it) => match in_place(it, can, |k| k.comment = None) {
                Some(it) => Change::ForeignKey(it),
                None => return Ok(Vec::new()),
            },
            Change::Exclusion(it) => {
                if let (false, Delta::Create(_)) = (can.exclusions, &it.delta) {
                    return Err(self.lacks("exclusion constraints", &it.table, "put it under `postgres(…)`"));
                }
                change.clone()
            }
            Change::Index(it) => {
                if let Delta::Create(index) = &it.delta {
                    self.index(index, &it.table)?;
                }
                let plain = |i: &mut crate::schema::Index| {
                    i.only = None;
                    lower_index(i, can);
                };
                match mapped(it, plain) {
                    Some(it) => Change::Index(it),
                    None => return Ok(Vec::new()),
                }
            }
            Change::Enum(_) | Change::Label(_) | Change::Extension(_) | Change::Object(_) => change.clone(),
        };
        Ok(vec![Step::Change(lowered)])
    }

    /// A column, and the check that stands for its enum.
    fn column(&self, it: &In<Column>, before: &Schema, after: &Schema) -> Result<Vec<Step>, Unsupported> {
        let can = self.capabilities;
        let part = |schema: &Schema, column: &Column| {
            let mut column = column.clone();
            let check = lower_column(&mut column, schema, can);
            (column, check)
        };
        let check = |delta| Step::Change(Change::Check(In { table: it.table.clone(), delta }));
        let change = |delta| Step::Change(Change::Column(In { table: it.table.clone(), delta }));
        Ok(match &it.delta {
            Delta::Create(column) => {
                self.supports(column, &it.table, after)?;
                let (column, is_label) = part(after, column);
                std::iter::once(change(Delta::Create(column)))
                    .chain(is_label.map(|c| check(Delta::Create(c))))
                    .collect()
            }
            Delta::Drop(column) => {
                let (column, is_label) = part(before, column);
                is_label.map(|c| check(Delta::Drop(c))).into_iter().chain([change(Delta::Drop(column))]).collect()
            }
            Delta::Alter { from, to } => {
                self.supports(to, &it.table, after)?;
                let ((old, was), (new, will)) = (part(before, from), part(after, to));
                let mut steps = Vec::new();
                // A rename carries the check along; only another type or other labels change it.
                let swapped = if old.name == new.name { was != will } else { was.is_some() != will.is_some() };
                if swapped {
                    steps.extend(was.map(|c| check(Delta::Drop(c))));
                }
                if old != new {
                    steps.push(change(Delta::Alter { from: old, to: new }));
                }
                if swapped {
                    steps.extend(will.map(|c| check(Delta::Create(c))));
                }
                steps
            }
        })
    }

    /// Another list of labels: another check on every column of the enum.
    fn relist(&self, from: &QualifiedName, to: &QualifiedName, before: &Schema, after: &Schema) -> Vec<Step> {
        let mut steps = Vec::new();
        for (table, column) in columns_of(before, from) {
            let (Some(was), Some(will)) = (before.enums.get(from), after.enums.get(to)) else {
                continue;
            };
            if was.labels == will.labels {
                continue;
            }
            let check = |delta| Step::Change(Change::Check(In { table: table.clone(), delta }));
            steps.push(check(Delta::Drop(enum_check(&column.name, was))));
            steps.push(check(Delta::Create(enum_check(&column.name, will))));
        }
        steps
    }

    /// Another name for a label: the check goes, the rows change, the new check comes.
    fn relabel(&self, it: &RenameLabel, before: &Schema, after: &Schema) -> Vec<Step> {
        let mut steps = Vec::new();
        for (table, column) in columns_of(before, &it.of) {
            let (Some(was), Some(will)) = (before.enums.get(&it.of), after.enums.get(&it.of)) else {
                continue;
            };
            let check = |delta| Step::Change(Change::Check(In { table: table.clone(), delta }));
            steps.push(check(Delta::Drop(enum_check(&column.name, was))));
            steps.push(Step::Sql {
                // Standard SQL's own quoting: what lacks enums here reads it.
                sql: format!(
                    "UPDATE {} SET {c} = {} WHERE {c} = {}",
                    quoted(&table.name),
                    literal(&it.to),
                    literal(&it.from),
                    c = quoted(&column.name)
                ),
                about: format!("rename label `{}` to `{}` in `{table}.{}`", it.from, it.to, column.name),
            });
            let altered = after.tables.get(table).and_then(|t| t.column(&column.name)).filter(|c| *c != column);
            if let Some(altered) = altered {
                let (mut from, mut to) = (column.clone(), altered.clone());
                lower_column(&mut from, before, self.capabilities);
                lower_column(&mut to, after, self.capabilities);
                steps.push(Step::Change(Change::Column(In { table: table.clone(), delta: Delta::Alter { from, to } })));
            }
            steps.push(check(Delta::Create(enum_check(&column.name, will))));
        }
        steps
    }

    fn table(&self, table: &Table, schema: &Schema) -> Result<Table, Unsupported> {
        let can = self.capabilities;
        if let (false, Some(_)) = (can.namespaces, &table.name.schema) {
            return Err(self.lacks("schemas", &table.name, "leave `schema = …` out"));
        }
        let mut here = table.clone();
        here.choose(can.database);
        if let (false, Some(_)) = (can.exclusions, here.exclusions.first()) {
            return Err(self.lacks("exclusion constraints", &table.name, "put it under `postgres(…)`"));
        }
        here.columns.iter().try_for_each(|c| self.supports(c, &table.name, schema))?;
        here.uniques.iter().try_for_each(|u| self.unique(u, &table.name))?;
        here.indexes.iter().try_for_each(|i| self.index(i, &table.name))?;
        here.primary_key.iter().try_for_each(|k| self.deferrable(k.deferrable, &table.name))?;
        Ok(lower_table(table, schema, can))
    }

    fn supports(&self, column: &Column, table: &QualifiedName, schema: &Schema) -> Result<(), Unsupported> {
        let can = self.capabilities;
        let mut column = column.clone();
        column.choose(can.database);
        let refuse =
            |what: &str, instead: &str| Err(Unsupported::column(&can.title, what, table, &column.name, instead));
        match &column.ty {
            Type::Array(_) if !can.arrays => refuse("arrays", "store it as `sqlx::types::Json<Vec<…>>`"),
            Type::Numeric(_) if !can.decimals => {
                refuse("decimals", "wrap it in a newtype that is stored as text: `limbeck::guide::sqlite` shows one")
            }
            Type::Named(name) if !can.domains && schema.domains.contains_key(name) => {
                refuse("domains", "use the domain's own type and a check")
            }
            Type::Boolean
            | Type::SmallInt
            | Type::Integer
            | Type::BigInt
            | Type::Real
            | Type::Double
            | Type::Numeric(_)
            | Type::Text
            | Type::Varchar(_)
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
            | Type::Sql(_) => Ok(()),
        }
    }

    fn unique(&self, unique: &crate::schema::Unique, table: &QualifiedName) -> Result<(), Unsupported> {
        if unique.nulls_not_distinct && !self.capabilities.nulls_not_distinct {
            return Err(self.lacks("NULLS NOT DISTINCT", table, "leave it out, or put it under `postgres(…)`"));
        }
        self.include(&unique.include, table)?;
        self.deferrable(unique.deferrable, table)
    }

    fn index(&self, index: &crate::schema::Index, table: &QualifiedName) -> Result<(), Unsupported> {
        let can = self.capabilities;
        if let (false, Some(method)) = (can.index_methods, &index.using) {
            let what = format!("`{method}` indexes");
            return Err(self.lacks(&what, table, "put the index under `postgres(…)`"));
        }
        if index.nulls_not_distinct && !can.nulls_not_distinct {
            return Err(self.lacks("NULLS NOT DISTINCT", table, "put the index under `postgres(…)`"));
        }
        self.include(&index.include, table)
    }

    fn include(&self, include: &[Name], table: &QualifiedName) -> Result<(), Unsupported> {
        if include.is_empty() || self.capabilities.index_include {
            return Ok(());
        }
        Err(self.lacks("INCLUDE columns", table, "leave them out, or put them under `postgres(…)`"))
    }

    fn deferrable(&self, deferrable: Deferrable, table: &QualifiedName) -> Result<(), Unsupported> {
        if deferrable == Deferrable::No || self.capabilities.deferrable_keys {
            return Ok(());
        }
        Err(self.lacks("deferrable keys", table, "leave `deferrable` out"))
    }

    fn lacks(&self, what: &str, object: &impl std::fmt::Display, instead: &str) -> Unsupported {
        Unsupported {
            title: self.capabilities.title.clone(),
            what: what.to_owned(),
            object: object.to_string(),
            instead: instead.to_owned(),
        }
    }
}

/// The columns of an enum, with their tables.
fn columns_of<'a>(schema: &'a Schema, name: &QualifiedName) -> Vec<(&'a QualifiedName, &'a Column)> {
    let columns = schema.tables.iter().flat_map(|(table, t)| t.columns.iter().map(move |c| (table, c)));
    columns.filter(|(_, c)| c.ty.named() == Some(name)).collect()
}

fn elsewhere<T>(delta: &Delta<T>, only: impl Fn(&T) -> Option<crate::schema::Database>, can: &Capabilities) -> bool {
    let (Delta::Create(it) | Delta::Drop(it) | Delta::Alter { to: it, .. }) = delta;
    only(it).is_some_and(|only| only != can.database)
}

/// A change of a part with both sides mapped; nothing when no difference is left.
fn mapped<T: Clone + PartialEq>(it: &In<T>, map: impl Fn(&mut T)) -> Option<In<T>> {
    let with = |part: &T| {
        let mut part = part.clone();
        map(&mut part);
        part
    };
    let delta = match &it.delta {
        Delta::Create(part) => Delta::Create(with(part)),
        Delta::Drop(part) => Delta::Drop(with(part)),
        Delta::Alter { from, to } => Delta::Alter { from: with(from), to: with(to) },
    };
    match &delta {
        Delta::Alter { from, to } if from == to => None,
        Delta::Create(_) | Delta::Drop(_) | Delta::Alter { .. } => Some(In { table: it.table.clone(), delta }),
    }
}

/// The same for a part that has nothing but a comment to leave out.
fn in_place<T: Clone + PartialEq>(it: &In<T>, can: &Capabilities, uncomment: impl Fn(&mut T)) -> Option<In<T>> {
    mapped(it, |part| {
        if !can.comments {
            uncomment(part);
        }
    })
}
