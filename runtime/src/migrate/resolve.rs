//! Steps by name, resolved against the schema before them.

use super::keepsake::{KeepError, Keeping, Moment, makes_place};
use crate::change::{ApplyError, Change, Delta, In, Loss, RenameLabel};
use crate::schema::{Check, Column, Database, Enum, ForeignKey, Name, Part, QualifiedName, Schema, Table, TableHead};
use crate::source::{
    Backfill, ColumnEdit, EnumEdit, Item, NewName, Outline, PartRef, Run, Sql, Step, TableEdit, Target,
};

/// What a step comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A change.
    Change(Change),
    /// A change that a statement or code before this made.
    Made(Change),
    /// A statement.
    Sql(Sql),
    /// What must not be there, and the query that finds it.
    AssertNone(String, String),
    /// What nobody agreed to lose, before the change that loses it, and the migration: no row may have it.
    LosesNone(Loss, String),
    /// Values for rows that are there, and the columns that tell one row from another.
    Backfill(Backfill, Vec<Name>),
    /// Copies of what goes, or what becomes of them.
    Keepsakes(Keeping),
    /// Code of the user's.
    Run(Run),
    /// Nothing: and the reason why what was done cannot be undone.
    Irreversible(String),
    /// Nothing: and the reason why there is nothing to undo.
    Nothing(String),
}

/// A step that does not fit the schema before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// `up` only moves data, and `down` is empty.
    #[error(
        "`up` only moves data and `down` is empty: say there what undoes it, or `m.nothing(\"why\")` when nothing needs to be undone, or `m.irreversible(\"why\")` when nothing can be"
    )]
    Unsaid,
    /// What it names is not there.
    #[error("there is no {kind} `{name}`")]
    Missing {
        /// What it is.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// What it describes is not there, or more than one is.
    #[error("`{table}` has no {kind}, or more than one, that looks like {like}; say which by its name")]
    Unclear {
        /// The table.
        table: String,
        /// What it is.
        kind: &'static str,
        /// How it was described.
        like: String,
    },
    /// What goes cannot be kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The change does not fit.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

/// What steps come to, starting from a schema, and the schema after them.
///
/// What is said to another database than this is left out; without a database, all that is said to one only.
///
/// # Errors
///
/// When a step does not fit the schema before it.
pub fn resolve(
    steps: &[Step],
    before: &Schema,
    database: Option<Database>,
) -> Result<(Vec<Action>, Schema), ResolveError> {
    let mut resolving = Resolving { schema: before.clone(), actions: Vec::new(), database };
    steps.iter().try_for_each(|s| resolving.step(s))?;
    Ok((resolving.actions, resolving.schema))
}

struct Resolving {
    schema: Schema,
    actions: Vec<Action>,
    database: Option<Database>,
}

impl Resolving {
    fn step(&mut self, step: &Step) -> Result<(), ResolveError> {
        let change = match step {
            Step::Create(item) => create(item.clone()),
            Step::Drop(target) => self.drop(target)?,
            Step::Rename(target, to) => self.rename(target, to)?,
            Step::Comment(target, comment) => self.comment(target, comment.as_deref())?,
            Step::AlterColumn(table, name, edits) => {
                let from = self.column(table, name)?.clone();
                let mut to = from.clone();
                edits.iter().for_each(|e| edit_column(&mut to, e));
                Change::Column(In { table: table.clone(), delta: Delta::Alter { from, to } })
            }
            Step::AlterTable(name, edits) => {
                let from = self.table(name)?.head();
                let mut to = from.clone();
                edits.iter().for_each(|e| edit_table(&mut to, e));
                Change::Table(Delta::Alter { from, to })
            }
            Step::AlterEnum(name, edits) => {
                let from = self.schema.enums.get(name).ok_or_else(|| missing("enum", name))?.clone();
                let mut to = from.clone();
                edits.iter().for_each(|e| edit_enum(&mut to, e));
                Change::Enum(Delta::Alter { from, to })
            }
            Step::Alter(item) => self.alter(item)?,
            Step::Validate(table, name) => match self.validated(table, name)? {
                Some(change) => change,
                None => return Ok(()),
            },
            Step::Sql(sql) => return self.act(Action::Sql(sql.clone())),
            Step::AssertNone(what, query) => return self.act(Action::AssertNone(what.clone(), query.clone())),
            Step::Run(run) => return self.act(Action::Run(run.clone())),
            Step::Nothing(why) => return self.act(Action::Nothing(why.clone())),
            Step::Irreversible(why) => return self.act(Action::Irreversible(why.clone())),
            Step::Backfill(backfill) => {
                let key = self.primary_key(&backfill.table)?.columns;
                backfill.set.iter().try_for_each(|(c, _)| self.column(&backfill.table, c).map(drop))?;
                return self.act(Action::Backfill(backfill.clone(), key));
            }
            Step::Effect(steps) => return self.effect(steps),
            Step::KeepDropped(steps) => return self.keep_dropped(steps),
            Step::RestoreDropped(steps) => return self.restore_dropped(steps),
            Step::Only(database, steps) if Some(*database) == self.database => {
                return steps.iter().try_for_each(|s| self.step(s));
            }
            Step::Only(..) => return Ok(()),
        };
        change.apply(&mut self.schema)?;
        self.act(Action::Change(change))
    }

    /// A constraint that has not looked at the rows yet, as one that has; nothing when it has already.
    fn validated(&self, table: &QualifiedName, name: &Name) -> Result<Option<Change>, ResolveError> {
        let found = self.table(table)?;
        let within = table.clone();
        if let Some(from) = found.checks.iter().find(|c| c.name.as_ref() == Some(name)).cloned() {
            let to = Check { not_valid: false, ..from.clone() };
            let change = || Change::Check(In { table: within, delta: Delta::Alter { from: from.clone(), to } });
            return Ok(from.not_valid.then(change));
        }
        if let Some(from) = found.foreign_keys.iter().find(|k| k.name.as_ref() == Some(name)).cloned() {
            let to = ForeignKey { not_valid: false, ..from.clone() };
            let change = || Change::ForeignKey(In { table: within, delta: Delta::Alter { from: from.clone(), to } });
            return Ok(from.not_valid.then(change));
        }
        Err(missing("check or foreign key", name))
    }

    /// Resolves steps whose changes are made already.
    fn effect(&mut self, steps: &[Step]) -> Result<(), ResolveError> {
        let before = self.actions.len();
        steps.iter().try_for_each(|s| self.step(s))?;
        for action in &mut self.actions[before..] {
            if let Action::Change(change) = action {
                *action = Action::Made(change.clone());
            }
        }
        Ok(())
    }

    /// Resolves steps that keep what they drop: copies before the first, for later ones may change what goes.
    fn keep_dropped(&mut self, steps: &[Step]) -> Result<(), ResolveError> {
        let (start, at) = (self.schema.clone(), self.actions.len());
        steps.iter().try_for_each(|s| self.step(s))?;
        let gone: Vec<Change> = changes(&self.actions[at..]).cloned().collect();
        let keeping = Keeping::of(Moment::Keep, &gone, &start)?;
        let values = keeping.values(Moment::Seal);
        self.actions.insert(at, Action::Keepsakes(keeping));
        self.actions.extend(values.map(Action::Keepsakes));
        Ok(())
    }

    /// Resolves steps that bring back what was kept: as soon as it has a place, and before anything that looks at rows.
    fn restore_dropped(&mut self, steps: &[Step]) -> Result<(), ResolveError> {
        let at = self.actions.len();
        steps.iter().try_for_each(|s| self.step(s))?;
        let actions = self.actions.split_off(at);
        let back: Vec<Change> = changes(&actions).cloned().map(Change::inverse).collect();
        let mut waiting = Keeping::of(Moment::Restore, &back, &self.schema)?;
        self.actions.extend(waiting.values(Moment::Sift).map(Action::Keepsakes));
        let mut made: Vec<Loss> = Vec::new();
        for action in actions {
            if !matches!(&action, Action::Change(change) if makes_place(change)) {
                self.actions.extend(waiting.take(&made).map(Action::Keepsakes));
            }
            if let Action::Change(change) = &action {
                made.extend(change.clone().inverse().loses());
            }
            self.actions.push(action);
        }
        self.actions.extend(waiting.take(&made).map(Action::Keepsakes));
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends a step, and steps can fail")]
    fn act(&mut self, action: Action) -> Result<(), ResolveError> {
        self.actions.push(action);
        Ok(())
    }

    fn table(&self, name: &QualifiedName) -> Result<&Table, ResolveError> {
        self.schema.tables.get(name).ok_or_else(|| missing("table", name))
    }

    fn column(&self, table: &QualifiedName, name: &Name) -> Result<&Column, ResolveError> {
        self.table(table)?.column(name).ok_or_else(|| missing("column", format!("{table}.{name}")))
    }

    fn part<P: Outline>(&self, table: &QualifiedName, part: &PartRef<P>) -> Result<P, ResolveError> {
        let found = self.table(table)?;
        match (part.find(found), part) {
            (Some(at), _) => Ok(P::all(found)[at].clone()),
            (None, PartRef::Name(name)) => Err(missing(P::KIND, format!("{table}.{name}"))),
            (None, PartRef::Like(like)) => {
                let like = format!("{:?}", like.structure());
                Err(ResolveError::Unclear { table: table.to_string(), kind: P::KIND, like })
            }
        }
    }

    fn drop(&self, target: &Target) -> Result<Change, ResolveError> {
        let schema = &self.schema;
        Ok(match target {
            Target::Namespace(name) => {
                Change::Namespace(Delta::Drop(found(schema.namespaces.get(name), "schema", name)?))
            }
            Target::Extension(name) => {
                Change::Extension(Delta::Drop(found(schema.extensions.get(name), "extension", name)?))
            }
            Target::Enum(name) => Change::Enum(Delta::Drop(found(schema.enums.get(name), "enum", name)?)),
            Target::Label(of, label) => {
                let from = found(schema.enums.get(of), "enum", of)?;
                let mut to = from.clone();
                to.labels.retain(|l| l != label);
                Change::Enum(Delta::Alter { from, to })
            }
            Target::Domain(name) => Change::Domain(Delta::Drop(found(schema.domains.get(name), "domain", name)?)),
            Target::Sequence(name) => {
                Change::Sequence(Delta::Drop(found(schema.sequences.get(name), "sequence", name)?))
            }
            Target::Table(name) => Change::Table(Delta::Drop(self.table(name)?.clone())),
            Target::Object(name) => Change::Object(Delta::Drop(found(schema.objects.get(name), "object", name)?)),
            Target::Column(table, name) => dropped(table, self.column(table, name)?.clone(), Change::Column),
            Target::PrimaryKey(table) => dropped(table, self.primary_key(table)?, Change::PrimaryKey),
            Target::Unique(table, part) => dropped(table, self.part(table, part)?, Change::Unique),
            Target::Check(table, part) => dropped(table, self.part(table, part)?, Change::Check),
            Target::ForeignKey(table, part) => dropped(table, self.part(table, part)?, Change::ForeignKey),
            Target::Exclusion(table, part) => dropped(table, self.part(table, part)?, Change::Exclusion),
            Target::Index(table, part) => dropped(table, self.part(table, part)?, Change::Index),
        })
    }

    fn primary_key(&self, table: &QualifiedName) -> Result<crate::schema::PrimaryKey, ResolveError> {
        found(self.table(table)?.primary_key.as_ref(), "primary key of", table)
    }

    fn rename(&self, target: &Target, to: &NewName) -> Result<Change, ResolveError> {
        let schema = &self.schema;
        let plain = |from: &Name| match to {
            NewName::Name(name) => name.clone(),
            NewName::Moved(name) => name.name.clone(),
            NewName::Undeclared => from.clone(),
        };
        let moved = |from: &QualifiedName| match to {
            NewName::Name(name) => from.sibling(name.clone()),
            NewName::Moved(name) => name.clone(),
            NewName::Undeclared => from.clone(),
        };
        Ok(match target {
            Target::Namespace(name) => {
                let from = found(schema.namespaces.get(name), "schema", name)?;
                let to = crate::schema::Namespace { name: plain(name), ..from.clone() };
                Change::Namespace(Delta::Alter { from, to })
            }
            Target::Extension(name) => {
                let from = found(schema.extensions.get(name), "extension", name)?;
                let to = crate::schema::Extension { name: plain(name), ..from.clone() };
                Change::Extension(Delta::Alter { from, to })
            }
            Target::Enum(name) => {
                let from = found(schema.enums.get(name), "enum", name)?;
                let to = Enum { name: moved(name), ..from.clone() };
                Change::Enum(Delta::Alter { from, to })
            }
            Target::Label(of, label) => {
                Change::Label(RenameLabel { of: of.clone(), from: label.clone(), to: plain(label) })
            }
            Target::Domain(name) => {
                let from = found(schema.domains.get(name), "domain", name)?;
                let to = crate::schema::Domain { name: moved(name), ..from.clone() };
                Change::Domain(Delta::Alter { from, to })
            }
            Target::Sequence(name) => {
                let from = found(schema.sequences.get(name), "sequence", name)?;
                let to = crate::schema::Sequence { name: moved(name), ..from.clone() };
                Change::Sequence(Delta::Alter { from, to })
            }
            Target::Table(name) => {
                let from = self.table(name)?.head();
                let to = TableHead { name: moved(name), ..from.clone() };
                Change::Table(Delta::Alter { from, to })
            }
            Target::Object(name) => {
                let from = found(schema.objects.get(name), "object", name)?;
                let to = crate::schema::SqlObject { name: moved(name), ..from.clone() };
                Change::Object(Delta::Alter { from, to })
            }
            Target::Column(table, name) => {
                let from = self.column(table, name)?.clone();
                let to = Column { name: plain(name), ..from.clone() };
                Change::Column(In { table: table.clone(), delta: Delta::Alter { from, to } })
            }
            Target::PrimaryKey(table) => renamed(table, self.primary_key(table)?, to, Change::PrimaryKey),
            Target::Unique(table, part) => renamed(table, self.part(table, part)?, to, Change::Unique),
            Target::Check(table, part) => renamed(table, self.part(table, part)?, to, Change::Check),
            Target::ForeignKey(table, part) => renamed(table, self.part(table, part)?, to, Change::ForeignKey),
            Target::Exclusion(table, part) => renamed(table, self.part(table, part)?, to, Change::Exclusion),
            Target::Index(table, part) => renamed(table, self.part(table, part)?, to, Change::Index),
        })
    }

    fn comment(&self, target: &Target, comment: Option<&str>) -> Result<Change, ResolveError> {
        Ok(match target {
            Target::PrimaryKey(table) => commented(table, self.primary_key(table)?, comment, Change::PrimaryKey),
            Target::Unique(table, part) => commented(table, self.part(table, part)?, comment, Change::Unique),
            Target::Check(table, part) => commented(table, self.part(table, part)?, comment, Change::Check),
            Target::ForeignKey(table, part) => commented(table, self.part(table, part)?, comment, Change::ForeignKey),
            Target::Exclusion(table, part) => commented(table, self.part(table, part)?, comment, Change::Exclusion),
            Target::Index(table, part) => commented(table, self.part(table, part)?, comment, Change::Index),
            // The recorder has no word for the comment of anything else: their comments are said with the rest.
            Target::Namespace(_)
            | Target::Extension(_)
            | Target::Enum(_)
            | Target::Label(..)
            | Target::Domain(_)
            | Target::Sequence(_)
            | Target::Table(_)
            | Target::Object(_)
            | Target::Column(..) => return Err(missing("constraint or index", format!("{target:?}"))),
        })
    }

    fn alter(&self, item: &Item) -> Result<Change, ResolveError> {
        let schema = &self.schema;
        Ok(match item {
            Item::Namespace(to) => Change::Namespace(Delta::Alter {
                from: found(schema.namespaces.get(&to.name), "schema", &to.name)?,
                to: to.clone(),
            }),
            Item::Extension(to) => Change::Extension(Delta::Alter {
                from: found(schema.extensions.get(&to.name), "extension", &to.name)?,
                to: to.clone(),
            }),
            Item::Enum(to) => Change::Enum(Delta::Alter {
                from: found(schema.enums.get(&to.name), "enum", &to.name)?,
                to: to.clone(),
            }),
            Item::Domain(to) => Change::Domain(Delta::Alter {
                from: found(schema.domains.get(&to.name), "domain", &to.name)?,
                to: to.clone(),
            }),
            Item::Sequence(to) => Change::Sequence(Delta::Alter {
                from: found(schema.sequences.get(&to.name), "sequence", &to.name)?,
                to: to.clone(),
            }),
            Item::Object(to) => Change::Object(Delta::Alter {
                from: found(schema.objects.get(&to.name), "object", &to.name)?,
                to: to.clone(),
            }),
            // The recorder says these in part, by steps of their own.
            Item::Table(_)
            | Item::Column(..)
            | Item::PrimaryKey(..)
            | Item::Unique(..)
            | Item::Check(..)
            | Item::ForeignKey(..)
            | Item::Exclusion(..)
            | Item::Index(..) => return Err(missing("object to redefine", format!("{item:?}"))),
        })
    }
}

/// The changes among some actions, those that are still to be made.
pub(super) fn changes(actions: &[Action]) -> impl Iterator<Item = &Change> {
    actions.iter().filter_map(|action| match action {
        Action::Change(change) => Some(change),
        Action::Made(_)
        | Action::Sql(_)
        | Action::AssertNone(..)
        | Action::LosesNone(..)
        | Action::Backfill(..)
        | Action::Keepsakes(_)
        | Action::Run(_)
        | Action::Irreversible(_)
        | Action::Nothing(_) => None,
    })
}

fn missing(kind: &'static str, name: impl std::fmt::Display) -> ResolveError {
    ResolveError::Missing { kind, name: name.to_string() }
}

fn found<T: Clone>(it: Option<&T>, kind: &'static str, name: impl std::fmt::Display) -> Result<T, ResolveError> {
    it.cloned().ok_or_else(|| missing(kind, name))
}

fn dropped<T>(table: &QualifiedName, it: T, change: impl Fn(In<T>) -> Change) -> Change {
    change(In { table: table.clone(), delta: Delta::Drop(it) })
}

fn renamed<P: Part>(table: &QualifiedName, from: P, to: &NewName, change: impl Fn(In<P>) -> Change) -> Change {
    let name = match to {
        NewName::Name(name) => Some(name.clone()),
        NewName::Moved(name) => Some(name.name.clone()),
        NewName::Undeclared => None,
    };
    let to = from.clone().with_name(name);
    change(In { table: table.clone(), delta: Delta::Alter { from, to } })
}

fn commented<P: Part>(
    table: &QualifiedName,
    from: P,
    comment: Option<&str>,
    change: impl Fn(In<P>) -> Change,
) -> Change {
    let to = from.clone().with_comment(comment.map(str::to_owned));
    change(In { table: table.clone(), delta: Delta::Alter { from, to } })
}

fn create(item: Item) -> Change {
    fn inside<T>(table: QualifiedName, it: T) -> In<T> {
        In { table, delta: Delta::Create(it) }
    }
    match item {
        Item::Namespace(it) => Change::Namespace(Delta::Create(it)),
        Item::Extension(it) => Change::Extension(Delta::Create(it)),
        Item::Enum(it) => Change::Enum(Delta::Create(it)),
        Item::Domain(it) => Change::Domain(Delta::Create(it)),
        Item::Sequence(it) => Change::Sequence(Delta::Create(it)),
        Item::Table(it) => Change::Table(Delta::Create(it)),
        Item::Object(it) => Change::Object(Delta::Create(it)),
        Item::Column(table, it) => Change::Column(inside(table, it)),
        Item::PrimaryKey(table, it) => Change::PrimaryKey(inside(table, it)),
        Item::Unique(table, it) => Change::Unique(inside(table, it)),
        Item::Check(table, it) => Change::Check(inside(table, it)),
        Item::ForeignKey(table, it) => Change::ForeignKey(inside(table, it)),
        Item::Exclusion(table, it) => Change::Exclusion(inside(table, it)),
        Item::Index(table, it) => Change::Index(inside(table, it)),
    }
}

fn edit_column(column: &mut Column, edit: &ColumnEdit) {
    match edit.clone() {
        ColumnEdit::Type(to) => column.ty = to,
        ColumnEdit::Nullable(to) => column.nullable = to,
        ColumnEdit::Default(to) => column.default = to,
        ColumnEdit::Generated(to) => column.generated = to,
        ColumnEdit::Auto(to) => column.auto = to,
        ColumnEdit::Collation(to) => column.collation = to,
        ColumnEdit::Comment(to) => column.comment = to,
        ColumnEdit::Storage(to) => column.storage = to,
        ColumnEdit::Compression(to) => column.compression = to,
        ColumnEdit::NotNullConflict(to) => column.not_null_conflict = to,
        ColumnEdit::Variants(to) => column.variants = to,
    }
}

fn edit_table(table: &mut TableHead, edit: &TableEdit) {
    let options = &mut table.options;
    match edit.clone() {
        TableEdit::Comment(to) => options.comment = to,
        TableEdit::Unlogged(to) => options.unlogged = to,
        TableEdit::With(to) => options.with = to,
        TableEdit::Strict(to) => options.strict = to,
        TableEdit::WithoutRowid(to) => options.without_rowid = to,
    }
}

fn edit_enum(of: &mut Enum, edit: &EnumEdit) {
    match edit.clone() {
        EnumEdit::Labels(to) => of.labels = to,
        EnumEdit::Comment(to) => of.comment = to,
    }
}
