//! Renames that were decided.

use crate::change::{ApplyError, Change, Delta, In, RenameLabel};
use crate::schema::{Name, QualifiedName, Schema};

/// Renames that a person decided: by attribute, by flag or at a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// Enum types: from, to.
    pub enums: Vec<(QualifiedName, QualifiedName)>,
    /// Tables: from, to.
    pub tables: Vec<(QualifiedName, QualifiedName)>,
    /// Columns: the table by its new name, from, to.
    pub columns: Vec<(QualifiedName, Name, Name)>,
    /// Labels of enums: the type by its new name, from, to.
    pub labels: Vec<(QualifiedName, Name, Name)>,
}

/// A rename that has nothing left to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// What it is called.
    pub is: String,
    /// What it was called.
    pub was: String,
    /// Whether something has the old name, too: then nobody can tell whether the two were swapped already.
    pub both: bool,
}

/// A rename that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenameError {
    /// Nothing has the old name.
    #[error("cannot rename {kind} `{from}` to `{to}`: there is no {kind} `{from}`")]
    NoSource {
        /// What it is.
        kind: &'static str,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// Nothing shall have the new name.
    #[error("cannot rename {kind} `{from}` to `{to}`: no model and no database has a {kind} `{to}`")]
    NoTarget {
        /// What it is.
        kind: &'static str,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// The new name is taken by something else that is there before.
    #[error(
        "cannot rename {kind} `{from}` to `{to}`: {kind} `{to}` exists already; drop or rename it in a migration of its own first"
    )]
    Taken {
        /// What it is.
        kind: &'static str,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// The schema refused.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl Renames {
    /// Adds other renames, save those that are there.
    pub fn extend(&mut self, other: Self) {
        fn add<T: PartialEq>(to: &mut Vec<T>, more: Vec<T>) {
            for it in more {
                if !to.contains(&it) {
                    to.push(it);
                }
            }
        }
        add(&mut self.enums, other.enums);
        add(&mut self.tables, other.tables);
        add(&mut self.columns, other.columns);
        add(&mut self.labels, other.labels);
    }

    /// Those that still have something to do: the old name is there before and not after, the new one after and not
    /// before. A rename that is written on a model and was migrated long ago has nothing left to do.
    #[must_use]
    pub fn pending(&self, from: &Schema, to: &Schema) -> Self {
        let tables: Vec<_> = self
            .tables
            .iter()
            .filter(|(old, new)| {
                from.tables.contains_key(old) && to.tables.contains_key(new) && !from.tables.contains_key(new)
            })
            .cloned()
            .collect();
        let enums: Vec<_> = self
            .enums
            .iter()
            .filter(|(old, new)| {
                from.enums.contains_key(old) && to.enums.contains_key(new) && !from.enums.contains_key(new)
            })
            .cloned()
            .collect();
        let was = |list: &[(QualifiedName, QualifiedName)], new: &QualifiedName| {
            list.iter().find(|(_, n)| n == new).map_or_else(|| new.clone(), |(old, _)| old.clone())
        };
        let columns = self
            .columns
            .iter()
            .filter(|(table, old, new)| {
                let before = from.tables.get(&was(&tables, table));
                let after = to.tables.get(table);
                before.is_some_and(|t| t.column(old).is_some() && t.column(new).is_none())
                    && after.is_some_and(|t| t.column(new).is_some() && t.column(old).is_none())
            })
            .cloned()
            .collect();
        let labels = self
            .labels
            .iter()
            .filter(|(of, old, new)| {
                let before = from.enums.get(&was(&enums, of));
                let after = to.enums.get(of);
                before.is_some_and(|e| e.labels.contains(old) && !e.labels.contains(new))
                    && after.is_some_and(|e| e.labels.contains(new) && !e.labels.contains(old))
            })
            .cloned()
            .collect();
        Self { enums, tables, columns, labels }
    }

    /// Those that have nothing left to do, because the new name is there.
    #[must_use]
    pub fn idle(&self, schema: &Schema) -> Vec<Idle> {
        let has_column = |table: &QualifiedName, column: &Name| {
            schema.tables.get(table).is_some_and(|table| table.column(column).is_some())
        };
        let has_label =
            |of: &QualifiedName, label: &Name| schema.enums.get(of).is_some_and(|of| of.labels.contains(label));
        let idle = |is: String, was: String, has: (bool, bool)| {
            let (old, new) = has;
            new.then_some(Idle { is, was, both: old })
        };
        let whole = |(old, new): &(QualifiedName, QualifiedName), has: &dyn Fn(&QualifiedName) -> bool| {
            idle(new.to_string(), old.to_string(), (has(old), has(new)))
        };
        let inside = |(of, old, new): &(QualifiedName, Name, Name), has: &dyn Fn(&QualifiedName, &Name) -> bool| {
            idle(format!("{of}.{new}"), old.to_string(), (has(of, old), has(of, new)))
        };
        let enums = self.enums.iter().filter_map(|it| whole(it, &|name| schema.enums.contains_key(name)));
        let tables = self.tables.iter().filter_map(|it| whole(it, &|name| schema.tables.contains_key(name)));
        let columns = self.columns.iter().filter_map(|it| inside(it, &has_column));
        let labels = self.labels.iter().filter_map(|it| inside(it, &has_label));
        enums.chain(tables).chain(columns).chain(labels).collect()
    }

    /// Carries the renames out on a schema: the schema after them, and the changes, in an order that works. Swapped
    /// names go by way of a third.
    pub(super) fn carry_out(&self, from: &Schema, to: &Schema) -> Result<(Schema, Vec<Change>), RenameError> {
        let mut schema = from.clone();
        let mut changes = Vec::new();
        let mut push = |schema: &mut Schema, change: Change| -> Result<(), RenameError> {
            change.apply(schema)?;
            changes.push(change);
            Ok(())
        };
        in_turn(
            "enum",
            &self.enums,
            &mut schema,
            |s, n| s.enums.contains_key(n),
            |n| to.enums.contains_key(n),
            QualifiedName::sibling,
            |s, old, new| {
                let from = s.enums[old].clone();
                let to = crate::schema::Enum { name: new.clone(), ..from.clone() };
                push(s, Change::Enum(Delta::Alter { from, to }))
            },
        )?;
        in_turn(
            "table",
            &self.tables,
            &mut schema,
            |s, n| s.tables.contains_key(n),
            |n| to.tables.contains_key(n),
            QualifiedName::sibling,
            |s, old, new| {
                let from = s.tables[old].head();
                let to = crate::schema::TableHead { name: new.clone(), ..from.clone() };
                push(s, Change::Table(Delta::Alter { from, to }))
            },
        )?;
        let columns: Vec<_> =
            self.columns.iter().map(|(t, old, new)| ((t.clone(), old.clone()), (t.clone(), new.clone()))).collect();
        let has = |s: &Schema, (table, name): &(QualifiedName, Name)| {
            s.tables.get(table).is_some_and(|t| t.column(name).is_some())
        };
        in_turn(
            "column",
            &Dotted::list(&columns),
            &mut schema,
            |s, n| has(s, &n.0),
            |n| has(to, &n.0),
            Dotted::sibling,
            |s, old, new| {
                let Some(from) = s.tables.get(&old.0.0).and_then(|t| t.column(&old.0.1)).cloned() else {
                    return Ok(());
                };
                let to = crate::schema::Column { name: new.0.1.clone(), ..from.clone() };
                push(s, Change::Column(In { table: old.0.0.clone(), delta: Delta::Alter { from, to } }))
            },
        )?;
        let labels: Vec<_> =
            self.labels.iter().map(|(e, old, new)| ((e.clone(), old.clone()), (e.clone(), new.clone()))).collect();
        let has =
            |s: &Schema, (of, label): &(QualifiedName, Name)| s.enums.get(of).is_some_and(|e| e.labels.contains(label));
        in_turn(
            "label",
            &Dotted::list(&labels),
            &mut schema,
            |s, n| has(s, &n.0),
            |n| has(to, &n.0),
            Dotted::sibling,
            |s, old, new| {
                push(s, Change::Label(RenameLabel { of: old.0.0.clone(), from: old.0.1.clone(), to: new.0.1.clone() }))
            },
        )?;
        Ok((schema, changes))
    }
}

/// A name inside something: `table.column`, `type.label`.
#[derive(Clone, PartialEq, Eq)]
struct Dotted((QualifiedName, Name));

type Path = (QualifiedName, Name);

impl Dotted {
    fn list(paths: &[(Path, Path)]) -> Vec<(Self, Self)> {
        paths.iter().map(|(old, new)| (Self(old.clone()), Self(new.clone()))).collect()
    }

    fn sibling(&self, name: String) -> Self {
        Self((self.0.0.clone(), name.into()))
    }
}

impl std::fmt::Display for Dotted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0.0, self.0.1)
    }
}

/// Carries out the renames of one kind: always one whose new name is free; when there is none left, the first goes
/// to a name in between.
fn in_turn<N: Clone + PartialEq + std::fmt::Display>(
    kind: &'static str,
    renames: &[(N, N)],
    schema: &mut Schema,
    is_there: impl Fn(&Schema, &N) -> bool,
    is_wanted: impl Fn(&N) -> bool,
    sibling: impl Fn(&N, String) -> N,
    mut rename: impl FnMut(&mut Schema, &N, &N) -> Result<(), RenameError>,
) -> Result<(), RenameError> {
    for (old, new) in renames {
        let (from, to) = (old.to_string(), new.to_string());
        if !is_there(schema, old) {
            return Err(RenameError::NoSource { kind, from, to });
        }
        if !is_wanted(new) {
            return Err(RenameError::NoTarget { kind, from, to });
        }
        if is_there(schema, new) && renames.iter().all(|(other, _)| other != new) {
            return Err(RenameError::Taken { kind, from, to });
        }
    }
    let mut open = renames.to_vec();
    let mut between = 0;
    while !open.is_empty() {
        if let Some(at) = open.iter().position(|(_, new)| !is_there(schema, new)) {
            let (old, new) = open.remove(at);
            rename(schema, &old, &new)?;
        } else {
            between += 1;
            let name = sibling(&open[0].0, format!("limbeck_swap_{between}"));
            rename(schema, &open[0].0, &name)?;
            open[0].0 = name;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use crate::schema::{Column, Table, Type};

    fn schema(tables: &[(&str, &[&str])]) -> Schema {
        let mut schema = Schema::empty();
        for (name, columns) in tables {
            let mut table = Table::new(*name);
            table.columns = columns.iter().map(|c| Column::new(*c, Type::Text)).collect();
            schema.tables.insert(table.name.clone(), table);
        }
        schema
    }

    #[test]
    fn a_swap_goes_by_way_of_a_third_name() {
        let (a, b) = (schema(&[("t", &["x", "y"])]), schema(&[("t", &["y", "x"])]));
        let renames = Renames {
            columns: vec![("t".into(), "x".into(), "y".into()), ("t".into(), "y".into(), "x".into())],
            ..Renames::default()
        };
        let found = diff(&a, &b, &renames).unwrap_or_default();
        assert_eq!(found.renames.len(), 3);
        assert!(found.changes.is_empty());
    }

    #[test]
    fn a_rename_that_is_done_is_idle_and_a_swap_may_be() {
        let columns = vec![("t".into(), "x".into(), "y".into())];
        let renames = Renames { columns, ..Renames::default() };
        let idle = |columns: &[&str]| {
            renames.idle(&schema(&[("t", columns)])).into_iter().map(|it| (it.is, it.was, it.both)).collect::<Vec<_>>()
        };
        assert_eq!(idle(&["x"]), []);
        assert_eq!(idle(&["y"]), [("t.y".to_owned(), "x".to_owned(), false)]);
        assert_eq!(idle(&["x", "y"]), [("t.y".to_owned(), "x".to_owned(), true)]);
    }

    #[test]
    fn a_table_is_renamed_together_with_its_column() {
        let (a, b) = (schema(&[("old", &["x"])]), schema(&[("new", &["y"])]));
        let renames = Renames {
            tables: vec![("old".into(), "new".into())],
            columns: vec![("new".into(), "x".into(), "y".into())],
            ..Renames::default()
        };
        let found = diff(&a, &b, &renames).unwrap_or_default();
        assert_eq!((found.renames.len(), found.changes.len()), (2, 0));
    }

    #[test]
    fn a_rename_onto_something_that_stays_is_refused() {
        let (a, b) = (schema(&[("x", &[]), ("y", &[])]), schema(&[("y", &[])]));
        let renames = Renames { tables: vec![("x".into(), "y".into())], ..Renames::default() };
        assert!(matches!(diff(&a, &b, &renames), Err(RenameError::Taken { .. })));
    }
}
