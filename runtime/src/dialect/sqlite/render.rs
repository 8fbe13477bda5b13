//! Changes as statements.
//!
//! Renames are made one by one, as they come. Between them everything is by state: what a table is and what it shall
//! be, whatever the number of changes in between, so that a table is made anew at most once.

use std::collections::BTreeSet;

use super::alter::Difference;
use super::canonical::find_table;
use super::capabilities::RENAME_COLUMN;
use super::create::{create_index, create_table};
use super::guard;
use super::objects;
use super::rebuild::{around, rebuild};
use super::write::identifier;
use crate::change::{Change, Delta, In};
use crate::plan::{Capabilities, Statement, Unsupported};
use crate::schema::{Column, Index, Name, QualifiedName, Schema, SqlObject, Table};

/// See [`Dialect::render`](crate::dialect::Dialect::render).
pub(super) fn render(changes: &[Change], before: &Schema, can: &Capabilities) -> Result<Vec<Statement>, Unsupported> {
    let mut run = Run {
        can,
        began: before,
        renamed: Vec::new(),
        database: before.clone(),
        state: before.clone(),
        statements: Vec::new(),
        anew: BTreeSet::new(),
        asked: BTreeSet::new(),
        unguarded: false,
        dropped: BTreeSet::new(),
        names: before.tables.keys().map(|name| (name.clone(), name.clone())).collect(),
        waiting: BTreeSet::new(),
        broken: BTreeSet::new(),
    };
    for change in changes {
        run.change(change)?;
    }
    run.flush(true)?;
    Ok(run.finish())
}

struct Run<'a> {
    can: &'a Capabilities,
    /// What the database holds at the beginning.
    began: &'a Schema,
    /// The names of tables and columns that are gone.
    renamed: Vec<Name>,
    /// What the database holds after the statements so far.
    database: Schema,
    /// What it shall hold after the changes so far.
    state: Schema,
    statements: Vec<Statement>,
    /// The tables made anew, by their latest names.
    anew: BTreeSet<QualifiedName>,
    /// The same, by the names that they had then.
    asked: BTreeSet<QualifiedName>,
    /// Whether foreign keys must be off though no table is made anew.
    unguarded: bool,
    /// The columns that went since the statements so far. One of that name that is there again is another one.
    dropped: BTreeSet<(QualifiedName, Name)>,
    /// The tables' names at the beginning, and the latest ones.
    names: Vec<(QualifiedName, QualifiedName)>,
    /// The objects that shall be there by now and are made later, when all renames are done.
    waiting: BTreeSet<QualifiedName>,
    /// Those of them that were broken and stood in the way of a rename.
    broken: BTreeSet<QualifiedName>,
}

impl Run<'_> {
    fn change(&mut self, change: &Change) -> Result<(), Unsupported> {
        match change {
            Change::Table(Delta::Alter { from, to }) if from.name != to.name => {
                self.flush(false)?;
                self.set_broken_aside();
                self.rename_table(&from.name, &to.name);
                return self.renamed(change);
            }
            Change::Column(In { table, delta: Delta::Alter { from, to } }) if from.name != to.name => {
                self.flush(false)?;
                self.set_broken_aside();
                self.rename_column(table, from, to)?;
                return self.renamed(change);
            }
            // A table that goes and comes again is another one: its rows must not stay.
            Change::Table(Delta::Create(table)) if self.database.tables.contains_key(&table.name) => {
                self.flush(false)?
            }
            Change::Column(In { table, delta: Delta::Drop(column) }) => {
                self.dropped.insert((table.clone(), column.name.clone()));
            }
            Change::Table(_)
            | Change::Column(_)
            | Change::PrimaryKey(_)
            | Change::Unique(_)
            | Change::Check(_)
            | Change::ForeignKey(_)
            | Change::Index(_) => {}
            Change::Object(Delta::Create(o) | Delta::Drop(o) | Delta::Alter { to: o, .. }) => {
                if !super::objects::is_known(o.kind) {
                    return Err(self.lacks(o.kind.word(), &o.name.to_string()));
                }
            }
            Change::Namespace(it) => return Err(self.lacks("schemas", &name(it, |n| n.name.to_string()))),
            Change::Extension(it) => return Err(self.lacks("extensions", &name(it, |e| e.name.to_string()))),
            Change::Enum(it) => return Err(self.lacks("enum types", &name(it, |e| e.name.to_string()))),
            Change::Label(it) => return Err(self.lacks("enum types", &it.of.to_string())),
            Change::Domain(it) => return Err(self.lacks("domains", &name(it, |d| d.name.to_string()))),
            Change::Sequence(it) => return Err(self.lacks("sequences", &name(it, |s| s.name.to_string()))),
            Change::Exclusion(it) => return Err(self.lacks("exclusion constraints", &it.table.to_string())),
        }
        self.apply(change)
    }

    fn lacks(&self, what: &str, object: &str) -> Unsupported {
        Unsupported {
            title: self.can.title.clone(),
            what: what.to_owned(),
            object: object.to_owned(),
            instead: "say what stands for it here under `sqlite(…)`, or keep it for other databases".to_owned(),
        }
    }

    fn apply(&mut self, change: &Change) -> Result<(), Unsupported> {
        change.apply(&mut self.state).map_err(|error| Unsupported {
            title: self.can.title.clone(),
            what: format!("such a schema: {error}"),
            object: crate::change::Describe(change).to_string(),
            instead: "compare with the database again".to_owned(),
        })
    }

    fn renamed(&mut self, change: &Change) -> Result<(), Unsupported> {
        self.apply(change)?;
        self.database = self.state.clone();
        self.database.objects.retain(|name, _| !self.waiting.contains(name));
        Ok(())
    }

    /// SQLite renames nothing while a view or a trigger is broken: these go, and come back at the end.
    fn set_broken_aside(&mut self) {
        let objects: Vec<&SqlObject> = self.database.objects.values().collect();
        let broken = objects::broken(&objects, |name| find_table(&self.database, &name.into()).is_some());
        self.statements.extend(broken.iter().map(|o| objects::drop(o)));
        let names: Vec<QualifiedName> = broken.iter().map(|o| o.name.clone()).collect();
        self.waiting.extend(names.iter().cloned());
        self.broken.extend(names);
        self.database.objects.retain(|name, _| !self.waiting.contains(name));
    }

    fn rename_table(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let rename = |from: &str, to: &str| format!("ALTER TABLE {} RENAME TO {}", identifier(from), identifier(to));
        let about = format!("rename table `{from}` to `{to}`");
        if from.name.eq_ignore_ascii_case(&to.name) {
            // For SQLite the two names are one, and taken.
            let between = format!("limbeck_swap_{}", to.name);
            self.statements.push(Statement::new(rename(&from.name, &between), &*about));
            self.statements.push(Statement::new(rename(&between, &to.name), about));
        } else {
            self.statements.push(Statement::new(rename(&from.name, &to.name), about));
        }
        self.renamed.push(from.name.clone());
        if let Some((_, latest)) = self.names.iter_mut().find(|(_, latest)| latest == from) {
            *latest = to.clone();
        }
        if self.anew.remove(from) {
            self.anew.insert(to.clone());
        }
    }

    fn rename_column(&mut self, table: &QualifiedName, from: &Column, to: &Column) -> Result<(), Unsupported> {
        if self.can.version < RENAME_COLUMN {
            return Err(self.lacks("RENAME COLUMN", &format!("{table}.{}", from.name)));
        }
        let (table_name, old, new) = (identifier(&table.name), identifier(&from.name), identifier(&to.name));
        self.statements.push(Statement::new(
            format!("ALTER TABLE {table_name} RENAME COLUMN {old} TO {new}"),
            format!("rename column `{table}.{}` to `{}`", from.name, to.name),
        ));
        self.renamed.push(from.name.clone());
        Ok(())
    }

    /// Makes the database what it shall be by now. What goes goes first, from the outside in; what comes comes last:
    /// names are free by then, and SQLite asks for nothing that a statement mentions before it is used.
    fn flush(&mut self, last: bool) -> Result<(), Unsupported> {
        let (before, after) = (std::mem::take(&mut self.database), self.state.clone());
        let went = std::mem::take(&mut self.dropped);
        let tables = Tables::of(&before, &after, &went, self.can)?;
        let anew: BTreeSet<QualifiedName> = tables.anew.iter().map(|(b, _)| b.name.clone()).collect();
        let gone = anew.iter().cloned().chain(tables.dropped.iter().map(|t| t.name.clone())).collect();
        let off = objects::off(&before, &after, &gone);
        self.statements.extend(off.iter().map(|o| objects::drop(o)));
        for (index, table) in &tables.indexes_off {
            self.statements.push(drop_index(index, table));
        }
        let (dropped, safe) = children_first(&tables.dropped, &before, &after);
        self.unguarded |= !safe;
        self.statements.extend(dropped.into_iter().map(drop_table));
        self.statements.extend(tables.in_place);
        for (b, a) in &tables.anew {
            self.statements.extend(rebuild(b, a, &columns_of(&b.name, &went), &after, &self.can.title)?);
        }
        for table in &tables.created {
            let sql = create_table(table, &after, &self.can.title)?;
            self.statements.push(Statement::new(sql, format!("create table `{}`", table.name)));
        }
        for (index, table) in &tables.indexes_on {
            let name = index.name.as_deref().unwrap_or_default();
            let about = format!("create index `{name}` on `{}`", table.name);
            self.statements.push(Statement::new(create_index(index, table, &after), about));
        }
        // What is new says the names after all renames, and so waits for them; what was off only for a while is taken
        // along by them.
        let (now, later): (Vec<&SqlObject>, Vec<&SqlObject>) =
            objects::on(&after, &before, &off).into_iter().partition(|o| last || off.contains(o));
        for object in &now {
            self.refuse_stale(object)?;
            self.statements.push(objects::create(object));
        }
        self.waiting = later.into_iter().map(|o| o.name.clone()).collect();
        self.names.retain(|(_, latest)| after.tables.contains_key(latest));
        self.asked.extend(anew.iter().cloned());
        self.anew.extend(anew);
        self.database = after;
        self.database.objects.retain(|name, _| !self.waiting.contains(name));
        Ok(())
    }

    /// A view or a trigger that is made anew although it did not change must not speak of a name that is gone: where it
    /// stays, SQLite itself takes it along, but its words here are ours.
    fn refuse_stale(&self, object: &SqlObject) -> Result<(), Unsupported> {
        let stale = self.renamed.iter().find(|old| objects::mentions(object, old));
        match (stale, self.began.objects.get(&object.name)) {
            (Some(old), Some(before)) if before.sql == object.sql && self.broken.contains(&object.name) => {
                Err(Unsupported {
                    title: self.can.title.clone(),
                    what: format!("way to rename `{old}` while something broken mentions it"),
                    object: object.name.to_string(),
                    instead: format!("drop or mend that {} first", object.kind.word()),
                })
            }
            (Some(old), Some(before)) if before.sql == object.sql => Err(Unsupported {
                title: self.can.title.clone(),
                what: format!("way to tell whether `{old}` is the name that changes"),
                object: object.name.to_string(),
                instead: "rename in a migration of its own".to_owned(),
            }),
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }

    fn finish(self) -> Vec<Statement> {
        if self.anew.is_empty() && !self.unguarded {
            return self.statements;
        }
        let was = |name: &QualifiedName| {
            let found = self.names.iter().find(|(_, latest)| latest == name);
            found.map_or_else(|| name.clone(), |(first, _)| first.clone())
        };
        let children = guard::children(self.began, &self.database, &self.anew, was);
        let mut body = guard::begin(&children, &self.asked);
        body.extend(self.statements);
        body.extend(guard::end(&children));
        around(body, !self.anew.is_empty())
    }
}

/// What must happen to the tables of a schema.
#[derive(Default)]
struct Tables<'a> {
    dropped: Vec<&'a Table>,
    created: Vec<&'a Table>,
    anew: Vec<(&'a Table, &'a Table)>,
    in_place: Vec<Statement>,
    indexes_off: Vec<(&'a Index, &'a Table)>,
    indexes_on: Vec<(&'a Index, &'a Table)>,
    /// Whether no view and no trigger is broken while tables change.
    whole: bool,
}

impl<'a> Tables<'a> {
    fn of(
        before: &'a Schema,
        after: &'a Schema,
        went: &BTreeSet<(QualifiedName, Name)>,
        can: &Capabilities,
    ) -> Result<Self, Unsupported> {
        let stay = |o: &&SqlObject| before.objects.get(&o.name).is_some_and(|other| other.sql == o.sql);
        let objects: Vec<&SqlObject> = after.objects.values().filter(stay).collect();
        let there = |table: &Table| before.tables.contains_key(&table.name);
        let broken = objects::broken(&objects, |name| find_table(after, &name.into()).is_some_and(there));
        let mut found = Self { whole: broken.is_empty(), ..Self::default() };
        found.dropped.extend(before.tables.values().filter(|t| !after.tables.contains_key(&t.name)));
        for table in after.tables.values() {
            match before.tables.get(&table.name) {
                None => {
                    found.created.push(table);
                    found.indexes_on.extend(table.indexes.iter().map(|i| (i, table)));
                }
                Some(other) if columns_of(&other.name, went).iter().any(|name| table.column(name).is_some()) => {
                    found.anew((other, table));
                }
                Some(same) if same == table => {}
                Some(other) => found.altered((other, before), (table, after), can)?,
            }
        }
        Ok(found)
    }

    fn altered(
        &mut self,
        (before, was): (&'a Table, &Schema),
        (after, will): (&'a Table, &Schema),
        can: &Capabilities,
    ) -> Result<(), Unsupported> {
        let difference = Difference::new((before, was), (after, will));
        let in_place =
            if difference.is_empty() { Some(Vec::new()) } else { difference.in_place(will, can, self.whole)? };
        match in_place {
            Some(statements) => {
                self.in_place.extend(statements);
                let (off, on) = difference.indexes();
                self.indexes_off.extend(off.into_iter().map(|i| (i, before)));
                self.indexes_on.extend(on.into_iter().map(|i| (i, after)));
            }
            None => self.anew((before, after)),
        }
        Ok(())
    }

    fn anew(&mut self, (before, after): (&'a Table, &'a Table)) {
        self.anew.push((before, after));
        self.indexes_off.extend(before.indexes.iter().map(|i| (i, before)));
        self.indexes_on.extend(after.indexes.iter().map(|i| (i, after)));
    }
}

fn columns_of<'a>(table: &QualifiedName, all: &'a BTreeSet<(QualifiedName, Name)>) -> Vec<&'a Name> {
    all.iter().filter(|(of, _)| of == table).map(|(_, name)| name).collect()
}

/// Tables to drop, each before those that it refers to. `DROP TABLE` deletes the rows first, and with foreign keys on
/// that reaches the rows of others (`DROP TABLE`): the second value says whether nothing can be reached.
fn children_first<'a>(dropped: &[&'a Table], before: &Schema, after: &Schema) -> (Vec<&'a Table>, bool) {
    let refers =
        |t: &Table, to: &Table| t.foreign_keys.iter().any(|k| k.references.name.eq_ignore_ascii_case(&to.name.name));
    let stays = |t: &&Table| after.tables.contains_key(&t.name);
    let mut safe = dropped.iter().all(|t| {
        !refers(t, t)
            && !before.tables.values().filter(stays).any(|other| refers(other, t))
            && !after.tables.values().any(|other| refers(other, t))
    });
    let mut open: Vec<&Table> = dropped.to_vec();
    let place = |open: &[&Table], name: &str| open.iter().position(|t| t.name.name.eq_ignore_ascii_case(name));
    let mut referred: Vec<usize> = vec![0; open.len()];
    let parents = |t: &Table| t.foreign_keys.iter().map(|k| k.references.name.clone()).collect::<BTreeSet<Name>>();
    for parent in open.iter().flat_map(|t| parents(t)) {
        place(&open, &parent).into_iter().for_each(|at| referred[at] += 1);
    }
    let mut ordered = Vec::new();
    while !open.is_empty() {
        let free = referred.iter().position(|count| *count == 0);
        safe &= free.is_some();
        let at = free.unwrap_or(0);
        referred.remove(at);
        let table = open.remove(at);
        for parent in parents(table) {
            place(&open, &parent).into_iter().for_each(|at| referred[at] = referred[at].saturating_sub(1));
        }
        ordered.push(table);
    }
    (ordered, safe)
}

fn drop_table(table: &Table) -> Statement {
    Statement::new(format!("DROP TABLE {}", identifier(&table.name.name)), format!("drop table `{}`", table.name))
}

fn drop_index(index: &Index, table: &Table) -> Statement {
    let name = index.name.as_deref().unwrap_or_default();
    Statement::new(format!("DROP INDEX {}", identifier(name)), format!("drop index `{name}` of `{}`", table.name))
}

fn name<T>(delta: &Delta<T>, name: impl Fn(&T) -> String) -> String {
    let (Delta::Create(it) | Delta::Drop(it) | Delta::Alter { to: it, .. }) = delta;
    name(it)
}
