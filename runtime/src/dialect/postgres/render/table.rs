//! Tables.

use super::Run;
use super::column::column;
use super::parts::{Stated, check, constraint, exclusion, foreign_key, parameters, primary_key, unique};
use crate::change::Delta;
use crate::dialect::postgres::write::qualified;
use crate::plan::Unsupported;
use crate::schema::{Check, Exclusion, ForeignKey, Index, PrimaryKey, Table, TableHead, TableOptions, Unique};

impl Run<'_> {
    pub(super) fn table(&mut self, delta: &Delta<Table, TableHead>) -> Result<(), Unsupported> {
        match delta {
            Delta::Create(table) if self.children.contains(&table.name) => {
                return Err(self.lacks("way to make a part of a table stand by itself", &table.name.to_string()));
            }
            Delta::Create(table) => self.create_table(table),
            Delta::Drop(table) => {
                self.take_off_objects_over(&table.name);
                self.say(format!("DROP TABLE {}", qualified(&table.name)), format!("drop table `{}`", table.name));
            }
            Delta::Alter { from, to } => self.alter_table(from, to)?,
        }
        Ok(())
    }

    fn create_table(&mut self, table: &Table) {
        let name = qualified(&table.name);
        self.unlogged = table.options.unlogged;
        for of in &table.columns {
            self.sequence_before(&table.name, of);
        }
        self.unlogged = false;
        let mut lines: Vec<String> = table.columns.iter().map(|c| column(&table.name, c)).collect();
        lines.extend(table.primary_key.iter().map(|k| constraint(k.name.as_ref(), &primary_key(k))));
        let (apart, together): (Vec<&Unique>, Vec<&Unique>) = table.uniques.iter().partition(|u| repeats(u, table));
        lines.extend(together.into_iter().map(|u| constraint(u.name.as_ref(), &unique(u))));
        lines.extend(table.checks.iter().filter(|c| !c.not_valid).map(|c| constraint(c.name.as_ref(), &check(c))));
        lines.extend(table.exclusions.iter().map(|x| constraint(x.name.as_ref(), &exclusion(x))));
        let valid = table.foreign_keys.iter().filter(|k| !k.not_valid);
        lines.extend(valid.map(|k| constraint(k.name.as_ref(), &foreign_key(k))));
        let unlogged = if table.options.unlogged { "UNLOGGED " } else { "" };
        let with = parameters(&table.options.with, &table.options.spelling);
        let with = if with.is_empty() { String::new() } else { format!(" WITH ({})", with.join(", ")) };
        let body = if lines.is_empty() { "()".to_owned() } else { format!("(\n    {}\n)", lines.join(",\n    ")) };
        let parted = table.options.partition_by.as_ref().map(|key| format!(" PARTITION BY {key}")).unwrap_or_default();
        self.say(
            format!("CREATE {unlogged}TABLE {name} {body}{parted}{with}"),
            format!("create table `{}`", table.name),
        );
        for of in &table.columns {
            self.sequence_after(&table.name, of);
            self.column_details(&table.name, of);
        }
        for unique in apart {
            self.say(unique.create(&table.name), format!("create unique constraint on `{}`", table.name));
        }
        // In a CREATE TABLE nothing can be left unchecked: there are no rows.
        for check in table.checks.iter().filter(|c| c.not_valid) {
            self.say(check.create(&table.name), format!("create check on `{}`", table.name));
        }
        for key in table.foreign_keys.iter().filter(|k| k.not_valid) {
            self.say(key.create(&table.name), format!("create foreign key on `{}`", table.name));
        }
        for index in &table.indexes {
            let called = index.name.as_ref().map(ToString::to_string).unwrap_or_default();
            self.say(index.create(&table.name), format!("create index `{called}`"));
        }
        let about = format!("table `{}`", table.name);
        self.first_comment(&format!("TABLE {name}"), table.options.comment.as_deref(), &about);
        self.part_comments::<PrimaryKey>(table);
        self.part_comments::<Unique>(table);
        self.part_comments::<Check>(table);
        self.part_comments::<Exclusion>(table);
        self.part_comments::<ForeignKey>(table);
        self.part_comments::<Index>(table);
    }

    fn alter_table(&mut self, from: &TableHead, to: &TableHead) -> Result<(), Unsupported> {
        if from.name != to.name {
            self.moved("TABLE", "table", &from.name, &to.name);
            self.follow_table(&from.name, &to.name);
        }
        let (old, new) = (&from.options, &to.options);
        let name = qualified(&to.name);
        let about = format!("alter table `{}`", to.name);
        if old.partition_by != new.partition_by {
            return Err(self.lacks("way to part a table that is there", &to.name.to_string()));
        }
        if old.unlogged != new.unlogged {
            let word = if new.unlogged { "UNLOGGED" } else { "LOGGED" };
            self.say(format!("ALTER TABLE {name} SET {word}"), &about);
        }
        let (reset, set) = reparametered(old, new);
        if !reset.is_empty() {
            self.say(format!("ALTER TABLE {name} RESET ({})", reset.join(", ")), &about);
        }
        if !set.is_empty() {
            self.say(format!("ALTER TABLE {name} SET ({})", set.join(", ")), &about);
        }
        if old.comment != new.comment {
            self.comment(&format!("TABLE {name}"), new.comment.as_deref(), &format!("table `{}`", to.name));
        }
        Ok(())
    }
}

/// The parameters to reset and those to set. The server puts what is set behind what stays; where they shall stand
/// otherwise, all begin anew.
fn reparametered(old: &TableOptions, new: &TableOptions) -> (Vec<String>, Vec<String>) {
    let (before, wanted) = (parameters(&old.with, &old.spelling), parameters(&new.with, &new.spelling));
    if old.with == new.with {
        return (Vec::new(), Vec::new());
    }
    let key = |pair: &String| pair.split(" = ").next().unwrap_or_default().to_owned();
    let set: Vec<String> = wanted.iter().filter(|pair| !before.contains(pair)).cloned().collect();
    let gone: Vec<String> = before.iter().map(key).filter(|k| !new.with.contains_key(k)).collect();
    let mut reached: Vec<String> = before.iter().filter(|pair| wanted.contains(pair)).cloned().collect();
    reached.extend(set.iter().cloned());
    if reached == wanted || new.spelling.text().is_none() {
        (gone, set)
    } else {
        (before.iter().map(key).collect(), wanted)
    }
}

/// Whether a unique constraint says what the primary key or an earlier one says: inside a CREATE TABLE the server
/// makes one of the two, and says nothing.
fn repeats(unique: &Unique, table: &Table) -> bool {
    let key = table.primary_key.iter().map(|k| (&k.columns, &k.include, k.deferrable, false));
    let says = |u: &Unique| (u.columns.clone(), u.include.clone(), u.deferrable, u.nulls_not_distinct);
    let mut earlier = table.uniques.iter().take_while(|u| !std::ptr::eq(*u, unique));
    key.into_iter().any(|(columns, include, deferrable, nulls)| {
        (columns, include, deferrable, nulls)
            == (&unique.columns, &unique.include, unique.deferrable, unique.nulls_not_distinct)
    }) || earlier.any(|u| says(u) == says(unique))
}
