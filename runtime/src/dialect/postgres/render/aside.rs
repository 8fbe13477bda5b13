//! What is taken off before a change and put back after it.

use super::Run;
use super::parts::Stated;
use crate::schema::{
    Check, Column, Exclusion, Expression, ForeignKey, Index, Key, KeyOf, Name, Part, PrimaryKey, QualifiedName, Table,
    Unique,
};

/// Something that was taken off.
#[derive(Clone, Debug)]
pub(super) enum Aside {
    PrimaryKey(QualifiedName, PrimaryKey),
    Unique(QualifiedName, Unique),
    Check(QualifiedName, Check),
    ForeignKey(QualifiedName, ForeignKey),
    Exclusion(QualifiedName, Exclusion),
    Index(QualifiedName, Index),
    /// A computed column.
    Column(QualifiedName, Column),
}

impl Run<'_> {
    /// Takes off everything about a column that its new type could break: expressions over it, foreign keys on it and
    /// to it.
    pub(super) fn take_off_users(&mut self, table: &QualifiedName, column: &Name) {
        let Some(found) = self.state.tables.get(table).cloned() else { return };
        self.take_off_references_to(table, |k| k.referenced_columns.contains(column));
        self.take_off(&found, Aside::ForeignKey, |k: &ForeignKey| k.columns.contains(column));
        self.take_off(&found, Aside::Check, |c: &Check| c.expression.mentions(column));
        self.take_off(&found, Aside::Exclusion, |x: &Exclusion| {
            over(&x.predicate, column) || x.elements.iter().any(|e| in_expression(&e.key, column))
        });
        self.take_off(&found, Aside::Index, |i: &Index| {
            over(&i.predicate, column) || i.keys.iter().any(|k| in_expression(k, column))
        });
        self.take_off_computed(table, column);
    }

    /// Takes off the columns that are computed from a column: the server never changes its type under them.
    pub(super) fn take_off_computed(&mut self, table: &QualifiedName, column: &Name) {
        let Some(found) = self.state.tables.get(table).cloned() else { return };
        let from_it = |c: &&Column| c.generated.as_ref().is_some_and(|g| g.expression.mentions(column));
        for other in found.columns.iter().filter(from_it) {
            self.take_off_computed_column(table, other);
        }
    }

    /// Takes off a column that is computed.
    pub(super) fn take_off_computed_column(&mut self, table: &QualifiedName, column: &Column) {
        let it = Aside::Column(table.clone(), column.clone());
        let Some(found) = self.state.tables.get(table).cloned() else { return };
        if self.aside.iter().any(|aside| aside.same(&it)) {
            return;
        }
        self.take_off_column_users(&found, &column.name);
        self.drop_column(table, column);
        self.aside.push(it);
    }

    /// The computed columns that are off.
    pub(super) fn columns_aside(&self) -> impl Iterator<Item = &Name> {
        self.aside.iter().filter_map(|aside| match aside {
            Aside::Column(_, column) => Some(&column.name),
            Aside::PrimaryKey(..)
            | Aside::Unique(..)
            | Aside::Check(..)
            | Aside::ForeignKey(..)
            | Aside::Exclusion(..)
            | Aside::Index(..) => None,
        })
    }

    /// Takes off everything that falls with a column: for a column that goes and comes again.
    pub(super) fn take_off_column_users(&mut self, table: &Table, column: &Name) {
        let has = |columns: &[Name]| columns.contains(column);
        self.take_off_references_to(&table.name, |k| has(&k.referenced_columns));
        self.take_off(table, Aside::ForeignKey, |k: &ForeignKey| has(&k.columns));
        self.take_off(table, Aside::Check, |c: &Check| c.expression.mentions(column));
        self.take_off(table, Aside::Exclusion, |x: &Exclusion| {
            over(&x.predicate, column) || has(&x.include) || x.elements.iter().any(|e| on(&e.key, column))
        });
        self.take_off(table, Aside::Index, |i: &Index| {
            over(&i.predicate, column) || has(&i.include) || i.keys.iter().any(|k| on(k, column))
        });
        self.take_off(table, Aside::Unique, |u: &Unique| has(&u.columns) || has(&u.include));
        self.take_off(table, Aside::PrimaryKey, |k: &PrimaryKey| has(&k.columns) || has(&k.include));
    }

    fn take_off<P: Stated>(
        &mut self,
        table: &Table,
        aside: impl Fn(QualifiedName, P) -> Aside,
        wanted: impl Fn(&P) -> bool,
    ) {
        for part in P::all(table).iter().filter(|p| wanted(p)) {
            let it = aside(table.name.clone(), part.clone());
            if self.aside.iter().any(|other| other.same(&it)) {
                continue;
            }
            self.forget_settings(&table.name, part.name());
            let name = part.name().map(Name::as_str).unwrap_or_default();
            self.say(part.drop_statement(&table.name), format!("take off {} `{name}`", P::KIND));
            self.aside.push(it);
        }
    }

    /// Takes off foreign keys to columns that stop being a key. They come back when there is a key again.
    pub(super) fn take_off_references(&mut self, table: &QualifiedName, columns: &[Name]) {
        let same = |k: &ForeignKey| {
            k.referenced_columns.len() == columns.len() && columns.iter().all(|c| k.referenced_columns.contains(c))
        };
        self.take_off_references_to(table, same);
    }

    fn take_off_references_to(&mut self, table: &QualifiedName, wanted: impl Fn(&ForeignKey) -> bool) {
        let others: Vec<Table> = self.state.tables.values().cloned().collect();
        for other in &others {
            self.take_off(other, Aside::ForeignKey, |k: &ForeignKey| k.references == *table && wanted(k));
        }
    }

    /// Takes off a table's expressions that say a routine's name.
    pub(super) fn take_off_expressions(&mut self, table: &QualifiedName, routine: &str) {
        let Some(found) = self.state.tables.get(table).cloned() else { return };
        let says = |e: &Expression| e.mentions(routine);
        let in_key = |key: &Key| matches!(&key.of, KeyOf::Expression(e) if says(e));
        self.take_off(&found, Aside::Check, |c: &Check| says(&c.expression));
        self.take_off(&found, Aside::Exclusion, |x: &Exclusion| {
            x.predicate.as_ref().is_some_and(says) || x.elements.iter().any(|e| in_key(&e.key))
        });
        self.take_off(&found, Aside::Index, |i: &Index| {
            i.predicate.as_ref().is_some_and(says) || i.keys.iter().any(in_key)
        });
        for column in found.columns.iter().filter(|c| c.generated.as_ref().is_some_and(|g| says(&g.expression))) {
            self.take_off_computed_column(table, column);
        }
    }

    /// Puts back what is still wanted. Foreign keys wait for the end: both of their sides may change.
    pub(super) fn put_back(&mut self, end: bool) {
        let (now, wait): (Vec<Aside>, Vec<Aside>) =
            std::mem::take(&mut self.aside).into_iter().partition(|a| end || !matches!(a, Aside::ForeignKey(..)));
        self.aside = wait;
        // Computed columns first, constraints that need keys last.
        let rank = |aside: &Aside| match aside {
            Aside::Column(..) => 0,
            Aside::PrimaryKey(..) => 1,
            Aside::Unique(..) => 2,
            Aside::Check(..) => 3,
            Aside::Exclusion(..) => 4,
            Aside::Index(..) => 5,
            Aside::ForeignKey(..) => 6,
        };
        let mut now = now;
        now.sort_by_key(rank);
        for aside in now {
            match aside {
                Aside::Column(table, column) => {
                    let there = self.state.tables.get(&table).is_some_and(|t| t.column(&column.name).is_some());
                    if there {
                        self.add_column(&table, &column);
                    }
                }
                Aside::PrimaryKey(table, part) => self.put(&table, &part),
                Aside::Unique(table, part) => self.put(&table, &part),
                Aside::Check(table, part) => self.put(&table, &part),
                Aside::Exclusion(table, part) => self.put(&table, &part),
                Aside::Index(table, part) => self.put(&table, &part),
                Aside::ForeignKey(table, part) => self.put(&table, &part),
            }
        }
    }

    fn put<P: Stated>(&mut self, table: &QualifiedName, part: &P) {
        let Some(found) = self.state.tables.get(table) else { return };
        let Some(part) = part.find(found).map(|at| P::all(found)[at].clone()) else { return };
        let name = part.name().map(Name::as_str).unwrap_or_default();
        self.say(part.create(table), format!("put back {} `{name}`", P::KIND));
        self.first_comment(&part.commented(table), part.comment(), &format!("{} `{name}`", P::KIND));
    }
}

impl Aside {
    fn same(&self, other: &Self) -> bool {
        fn part<P: Part>(a: (&QualifiedName, &P), b: (&QualifiedName, &P)) -> bool {
            a.0 == b.0 && a.1.name() == b.1.name()
        }
        match (self, other) {
            (Self::PrimaryKey(t, a), Self::PrimaryKey(u, b)) => part((t, a), (u, b)),
            (Self::Unique(t, a), Self::Unique(u, b)) => part((t, a), (u, b)),
            (Self::Check(t, a), Self::Check(u, b)) => part((t, a), (u, b)),
            (Self::ForeignKey(t, a), Self::ForeignKey(u, b)) => part((t, a), (u, b)),
            (Self::Exclusion(t, a), Self::Exclusion(u, b)) => part((t, a), (u, b)),
            (Self::Index(t, a), Self::Index(u, b)) => part((t, a), (u, b)),
            (Self::Column(t, a), Self::Column(u, b)) => t == u && a.name == b.name,
            (
                Self::PrimaryKey(..)
                | Self::Unique(..)
                | Self::Check(..)
                | Self::ForeignKey(..)
                | Self::Exclusion(..)
                | Self::Index(..)
                | Self::Column(..),
                _,
            ) => false,
        }
    }
}

fn over(expression: &Option<Expression>, column: &Name) -> bool {
    expression.as_ref().is_some_and(|e| e.mentions(column))
}

fn in_expression(key: &Key, column: &Name) -> bool {
    matches!(&key.of, KeyOf::Expression(expression) if expression.mentions(column))
}

fn on(key: &Key, column: &Name) -> bool {
    matches!(&key.of, KeyOf::Column(name) if name == column) || in_expression(key, column)
}
