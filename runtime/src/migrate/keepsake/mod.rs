//! What a migration keeps of what it drops, and how it comes back.
//!
//! A keepsake is a copy in a table of its own: all rows of a table, or the values of a column with the primary key that
//! tells whose they are. A copy, and not the table itself under another name, because nothing else has to know of it:
//! no foreign key holds it or is held by it, no type that goes is needed by it, and what comes back is made by the
//! steps of `down` as everything else. It costs the time and the room of a copy.
//!
//! Values that become others (a label goes, a type gets narrower) are kept with what they became: one that somebody has
//! changed since stays as it is.

mod copying;
mod shelf;

pub use shelf::Shelf;

#[cfg(feature = "driver")]
use crate::change::Formerly;
use crate::change::{Change, Delta, Hazard, Loss};
use crate::dialect::Dialect;
use crate::plan::Statement;
#[cfg(feature = "driver")]
use crate::schema::Table;
use crate::schema::{Name, QualifiedName, Schema, SqlObjectKind};
use copying::Copying;

/// Why something cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeepError {
    /// Nothing tells the rows apart.
    #[error(
        "cannot keep {what}: `{table}` has no primary key that stays, and nothing else tells whose the values are; give it one in a migration before, or agree to lose it"
    )]
    NoKey {
        /// What goes.
        what: String,
        /// The table.
        table: String,
    },
    /// Part of a table that stays, or a virtual table.
    #[error(
        "cannot keep {what}: it is no plain table of its own; copy its rows in a migration before, or agree to lose it"
    )]
    Part {
        /// What goes.
        what: String,
    },
    /// A rename among the steps that keep.
    #[error("`{name}` gets another name inside of keep_dropped; say the rename before it")]
    Renames {
        /// What is renamed.
        name: String,
    },
}

/// A copy of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keepsake {
    /// The loss that it makes up for.
    loss: Loss,
    /// The table.
    pub table: QualifiedName,
    /// What of it.
    pub of: Of,
}

/// What is copied of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// Its rows.
    Rows,
    /// The values of a column that goes.
    Column(Name),
    /// The values of a column that stays and holds others afterwards: those that are one of these labels, or all.
    Values(Name, Vec<Name>),
}

/// When something is done about copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before anything goes: they are made.
    Keep,
    /// When all is done: what became of the values is written beside them.
    Seal,
    /// Before anything comes back: what somebody changed since is left out.
    Sift,
    /// When there is room for it: it comes back, and the copies go.
    Restore,
}

/// Copies, and what is done about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// When.
    pub moment: Moment,
    /// All that is not lost.
    pub losses: Vec<Loss>,
    /// The copies.
    pub keepsakes: Vec<Keepsake>,
}

impl Keeping {
    /// What has to be kept so that some changes lose nothing, on the schema before them.
    ///
    /// # Errors
    ///
    /// When something cannot be kept.
    pub fn of(moment: Moment, changes: &[Change], before: &Schema) -> Result<Self, KeepError> {
        let renamed = changes.iter().flat_map(Change::hazards).find_map(|hazard| match hazard {
            Hazard::Renames(name) => Some(name),
            Hazard::Fails(..) | Hazard::Rewrites(_) | Hazard::Blocks(_) => None,
        });
        if let Some(name) = renamed {
            return Err(KeepError::Renames { name });
        }
        let losses: Vec<Loss> = changes.iter().flat_map(Change::loses).collect();
        let mut keeping = Self { moment, losses, keepsakes: Vec::new() };
        for change in changes {
            for loss in change.loses() {
                keeping.keep(loss, whole(change), before)?;
            }
        }
        Ok(keeping)
    }

    fn keep(&mut self, loss: Loss, part_of: Option<&QualifiedName>, before: &Schema) -> Result<(), KeepError> {
        match &loss {
            Loss::Table(table) if before.tables.contains_key(table) => {
                let (table, of) = (table.clone(), Of::Rows);
                self.keepsakes.push(Keepsake { loss, table, of });
            }
            // A partition's rows are among those of the table that it is a part of.
            Loss::Table(_) if part_of.is_some_and(|whole| self.losses.contains(&Loss::Table(whole.clone()))) => {}
            Loss::Table(_) => return Err(KeepError::Part { what: loss.to_string() }),
            Loss::Column(table, column) => {
                self.key(&loss, table, before)?;
                let (table, of) = (table.clone(), Of::Column(column.clone()));
                self.keepsakes.push(Keepsake { loss, table, of });
            }
            Loss::Values(table, column) => {
                self.key(&loss, table, before)?;
                let (table, of) = (table.clone(), Of::Values(column.clone(), Vec::new()));
                self.keepsakes.push(Keepsake { loss, table, of });
            }
            Loss::Label(of, label) => {
                for (table, column) in before.columns_of(of) {
                    let whole = Loss::Table(table.clone());
                    if self.losses.contains(&whole)
                        || self.losses.contains(&Loss::Column(table.clone(), column.clone()))
                    {
                        continue;
                    }
                    self.key(&loss, &table, before)?;
                    let known = self.keepsakes.iter_mut().find_map(|it| match &mut it.of {
                        Of::Values(c, labels) if it.table == table && *c == column => Some(labels),
                        Of::Rows | Of::Column(_) | Of::Values(..) => None,
                    });
                    match known {
                        Some(labels) => labels.push(label.clone()),
                        None => {
                            let of = Of::Values(column, vec![label.clone()]);
                            self.keepsakes.push(Keepsake { loss: loss.clone(), table, of });
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Rows are found again by a primary key that stays.
    fn key(&self, loss: &Loss, table: &QualifiedName, before: &Schema) -> Result<(), KeepError> {
        let goes = |column: &Name| self.losses.contains(&Loss::Column(table.clone(), column.clone()));
        let key = before.tables.get(table).and_then(|table| table.primary_key.as_ref());
        if key.is_some_and(|key| !key.columns.iter().any(goes)) {
            return Ok(());
        }
        Err(KeepError::NoKey { what: loss.to_string(), table: table.to_string() })
    }

    /// The same copies at another moment, as far as they are of values that become others.
    #[must_use]
    pub fn values(&self, moment: Moment) -> Option<Self> {
        let values = |it: &&Keepsake| matches!(it.of, Of::Values(..));
        let keepsakes: Vec<Keepsake> = self.keepsakes.iter().filter(values).cloned().collect();
        (!keepsakes.is_empty()).then_some(Self { moment, losses: Vec::new(), keepsakes })
    }

    /// Takes those copies out that make up for some losses.
    #[must_use]
    pub fn take(&mut self, losses: &[Loss]) -> Option<Self> {
        let (taken, rest) = std::mem::take(&mut self.keepsakes).into_iter().partition(|it| losses.contains(&it.loss));
        self.keepsakes = rest;
        let taken: Vec<Keepsake> = taken;
        (!taken.is_empty()).then_some(Self { moment: self.moment, losses: Vec::new(), keepsakes: taken })
    }

    /// Whether rows get labels that were not there until now.
    #[must_use]
    pub fn brings_labels_back(&self) -> bool {
        let label = |it: &Keepsake| matches!(&it.of, Of::Values(_, labels) if !labels.is_empty());
        self.moment == Moment::Restore && self.keepsakes.iter().any(label)
    }

    /// The statements, on the schema of that moment in the database's own form.
    #[must_use]
    pub fn statements(&self, physical: &Schema, dialect: &dyn Dialect, shelf: &Shelf) -> Vec<Statement> {
        let mut statements = Vec::new();
        // Parents come back before those that refer to them, in the order in which they are made.
        for keepsake in &self.keepsakes {
            let Some(table) = physical.tables.get(&keepsake.table) else { continue };
            let copying = Copying { keepsake, table, dialect, copy: shelf.table(&keepsake.to_string()) };
            statements.extend(copying.statements(self.moment));
        }
        if let (false, Some((before, after))) = (statements.is_empty(), dialect.seeing_all()) {
            statements.insert(0, Statement::new(before, "look at all rows, or at none"));
            statements.push(Statement::new(after, "look at rows as usual"));
        }
        statements
    }
}

impl Keepsake {
    /// The table before anything happened, with the columns that have to be as they were when it has come back, and those
    /// that tell the rows apart.
    #[cfg(feature = "driver")]
    pub(in crate::migrate) fn before<'a>(&'a self, formerly: &Formerly<'a>) -> Option<(&'a Table, Vec<&'a Name>)> {
        let table = formerly.start.tables.get(&formerly.name(&self.table))?;
        let columns = match &self.of {
            Of::Rows => table.columns.iter().map(|column| &column.name).collect(),
            Of::Column(name) | Of::Values(name, _) => {
                let key = table.primary_key.iter().flat_map(|key| &key.columns);
                key.chain([formerly.column_name(&self.table, name)]).collect()
            }
        };
        Some((table, columns))
    }
}

/// The table that a change drops a part of.
fn whole(change: &Change) -> Option<&QualifiedName> {
    if let Change::Object(Delta::Drop(object)) = change
        && object.kind == SqlObjectKind::ChildTable
    {
        return object.table.as_ref();
    }
    None
}

/// The copies that some actions make.
#[cfg(feature = "driver")]
pub(in crate::migrate) fn made(actions: &[crate::migrate::Action]) -> impl Iterator<Item = &Keeping> {
    actions.iter().filter_map(|action| match action {
        crate::migrate::Action::Keepsakes(keeping) if keeping.moment == Moment::Keep => Some(keeping),
        _other => None,
    })
}

/// All that some actions keep from being lost.
#[cfg(feature = "driver")]
pub(in crate::migrate) fn kept(actions: &[crate::migrate::Action]) -> Vec<&Loss> {
    made(actions).flat_map(|keeping| &keeping.losses).collect()
}

/// Whether a change makes a place for what comes back, or is needed for one, and looks at no row itself.
pub(in crate::migrate) fn makes_place(change: &Change) -> bool {
    use crate::change::In;
    match change {
        Change::Namespace(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Label(_)
        | Change::Domain(_)
        | Change::Sequence(_) => true,
        Change::Table(delta) => matches!(delta, Delta::Create(_)),
        Change::Column(In { delta, .. }) => matches!(delta, Delta::Create(_)),
        Change::Object(delta) => matches!(delta, Delta::Create(o) if o.kind == SqlObjectKind::ChildTable),
        Change::PrimaryKey(_)
        | Change::Unique(_)
        | Change::Check(_)
        | Change::ForeignKey(_)
        | Change::Exclusion(_)
        | Change::Index(_) => false,
    }
}

impl std::fmt::Display for Keepsake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.of {
            Of::Rows => write!(f, "table {}", self.table),
            Of::Column(column) => write!(f, "column {}.{column}", self.table),
            Of::Values(column, _) => write!(f, "values {}.{column}", self.table),
        }
    }
}
