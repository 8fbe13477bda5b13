//! Columns.

use super::Run;
use super::sequence::{identity, serial_name};
use crate::change::{Delta, In};
use crate::dialect::postgres::canonical::usual_storage;
use crate::dialect::postgres::capabilities::{SET_EXPRESSION, STORAGE_DEFAULT};
use crate::dialect::postgres::types::{cast, casts_by_itself, type_name};
use crate::dialect::postgres::write::{default_text, identifier, qualified, string};
use crate::plan::Unsupported;
use crate::schema::{Auto, Column, QualifiedName, Type};

/// A column's definition.
pub(super) fn column(table: &QualifiedName, c: &Column) -> String {
    let mut text = format!("{} {}", identifier(&c.name), type_name(&c.ty));
    if let Some(compression) = &c.compression {
        text.push_str(&format!(" COMPRESSION {compression}"));
    }
    if let Some(collation) = &c.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    match (&c.auto, &c.default, &c.generated) {
        (Some(Auto::Serial { sequence, .. }), ..) => {
            let name = serial_name(table, &c.name, sequence.as_ref());
            text.push_str(&format!(" DEFAULT nextval({})", string(&qualified(&name))));
        }
        (Some(auto), ..) => text.push_str(&format!(" {}", identity(auto))),
        (None, _, Some(generated)) => {
            let kept = if generated.stored { "STORED" } else { "VIRTUAL" };
            text.push_str(&format!(" GENERATED ALWAYS AS ({}) {kept}", generated.expression));
        }
        (None, Some(default), None) => text.push_str(&format!(" DEFAULT {}", default_text(default))),
        (None, None, None) => {}
    }
    if !c.nullable {
        text.push_str(" NOT NULL");
    }
    text
}

impl Run<'_> {
    pub(super) fn column(&mut self, it: &In<Column>) -> Result<(), Unsupported> {
        let table = &it.table;
        match &it.delta {
            Delta::Create(c) => self.add_column(table, c),
            Delta::Drop(c) => self.drop_column(table, c),
            Delta::Alter { from, to } if from.name != to.name => {
                let about = format!("rename column `{table}.{}` to `{}`", from.name, to.name);
                let (old, new) = (identifier(&from.name), identifier(&to.name));
                self.say(format!("ALTER TABLE {} RENAME COLUMN {old} TO {new}", qualified(table)), about);
                if let Some(Auto::Serial { sequence: None, .. }) = &from.auto {
                    let (old, new) = (serial_name(table, &from.name, None), serial_name(table, &to.name, None));
                    self.moved("SEQUENCE", "sequence", &old, &new);
                }
            }
            Delta::Alter { from, to } => self.alter_column(table, from, to),
        }
        Ok(())
    }

    pub(super) fn add_column(&mut self, table: &QualifiedName, c: &Column) {
        self.sequence_before(table, c);
        let sql = format!("ALTER TABLE {} ADD COLUMN {}", qualified(table), column(table, c));
        self.say(sql, format!("create column `{table}.{}`", c.name));
        self.sequence_after(table, c);
        self.column_details(table, c);
    }

    pub(super) fn drop_column(&mut self, table: &QualifiedName, c: &Column) {
        self.take_off_readers(table, &c.name, true);
        let sql = format!("ALTER TABLE {} DROP COLUMN {}", qualified(table), identifier(&c.name));
        self.say(sql, format!("drop column `{table}.{}`", c.name));
    }

    /// What a column's definition cannot say.
    pub(super) fn column_details(&mut self, table: &QualifiedName, c: &Column) {
        if let Some(storage) = &c.storage {
            let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&c.name));
            self.say(format!("{head} SET STORAGE {storage}"), format!("store `{table}.{}`", c.name));
        }
        let on = format!("COLUMN {}.{}", qualified(table), identifier(&c.name));
        self.first_comment(&on, c.comment.as_deref(), &format!("column `{table}.{}`", c.name));
    }

    fn alter_column(&mut self, table: &QualifiedName, from: &Column, to: &Column) {
        if self.anew(from, to) {
            if let Some(found) = self.state.tables.get(table).cloned() {
                self.take_off_column_users(&found, &to.name);
            }
            self.drop_column(table, from);
            self.add_column(table, to);
            return;
        }
        let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&to.name));
        let about = format!("alter column `{table}.{}`", to.name);
        let retyped = from.ty != to.ty || from.collation != to.collation;
        match (&from.generated, &to.generated) {
            (Some(_), None) => self.say(format!("{head} DROP EXPRESSION"), &about),
            (Some(a), Some(b)) if a != b => self.say(format!("{head} SET EXPRESSION AS ({})", b.expression), &about),
            (Some(_) | None, _) => {}
        }
        // A default that does not cast stops the type from changing; it goes, and comes back as it shall be.
        let plain = |c: &Column| c.default.clone().filter(|_| c.generated.is_none());
        let (before, after) = (plain(from), plain(to));
        let reset = retyped && before.is_some();
        if reset || before.is_some() && after.is_none() {
            self.say(format!("{head} DROP DEFAULT"), &about);
        }
        // Only integers are numbered: what stops being numbered does so before it becomes something else.
        let stops = retyped && from.auto.is_some() && to.auto.is_none();
        if stops {
            self.renumber(table, from, to);
        }
        if retyped {
            self.retype(table, from, to, &head);
        }
        if from.nullable && !to.nullable {
            self.say(format!("{head} SET NOT NULL"), &about);
        }
        if !stops && from.auto != to.auto || retyped && to.auto.is_some() {
            self.renumber(table, from, to);
        }
        // An identity column is NOT NULL until it is none any more.
        if !from.nullable && to.nullable {
            self.say(format!("{head} DROP NOT NULL"), &about);
        }
        if let Some(default) = after.filter(|after| reset || before.as_ref() != Some(after)) {
            self.say(format!("{head} SET DEFAULT {}", default_text(&default)), &about);
        }
        // A new type brings its own way of being stored.
        let kept = |text: &Option<String>| text.clone().filter(|_| !retyped);
        match &to.storage {
            same if kept(&from.storage) == *same => {}
            Some(storage) => self.say(format!("{head} SET STORAGE {storage}"), &about),
            None => self.reset_storage(&head, to, &about),
        }
        if kept(&from.compression) != to.compression {
            let compression = to.compression.as_deref().unwrap_or("default");
            self.say(format!("{head} SET COMPRESSION {compression}"), &about);
        }
        if from.comment != to.comment {
            let on = format!("COLUMN {}.{}", qualified(table), identifier(&to.name));
            self.comment(&on, to.comment.as_deref(), &format!("column `{table}.{}`", to.name));
        }
    }

    /// Back to the type's own way of being stored. Before 16 there is no word for it, and which one it is, of a type
    /// that only the server knows, only the server says.
    fn reset_storage(&mut self, head: &str, column: &Column, about: &str) {
        let usual = match &column.ty {
            Type::Named(name) if self.state.enums.contains_key(name) => Some("PLAIN"),
            ty => usual_storage(ty),
        };
        let storage = if self.can.version >= STORAGE_DEFAULT { Some("DEFAULT") } else { usual };
        let sql = match storage {
            Some(storage) => format!("{head} SET STORAGE {}", storage.to_uppercase()),
            None => format!(
                "DO $$ BEGIN EXECUTE (SELECT {} || CASE typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' \
                 WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END FROM pg_catalog.pg_type WHERE oid = {}::regtype); END $$",
                string(&format!("{head} SET STORAGE ")),
                string(&type_name(&column.ty))
            ),
        };
        self.say(sql, about);
    }

    /// Whether a column has to go and come again: a plain one cannot become computed, and before 17 no expression
    /// can be replaced. Nothing is lost by it that the expression does not bring back.
    fn anew(&self, from: &Column, to: &Column) -> bool {
        match (&from.generated, &to.generated) {
            (None, Some(_)) => true,
            (Some(a), Some(b)) if a != b || from.ty != to.ty => {
                self.can.version < SET_EXPRESSION || a.stored != b.stored || from.ty != to.ty
            }
            (Some(a), None) => !a.stored,
            (Some(_) | None, _) => false,
        }
    }

    fn retype(&mut self, table: &QualifiedName, from: &Column, to: &Column, head: &str) {
        self.take_off_readers(table, &to.name, false);
        self.narrow_identity(table, from, to);
        if !casts_by_itself(&from.ty, &to.ty) || matches!(to.ty, Type::Json | Type::Jsonb) {
            self.take_off_users(table, &to.name);
        } else {
            self.take_off_computed(table, &to.name);
        }
        let ty = type_name(&to.ty);
        // What a time without a zone means must not depend on whose session it is: a driver's is UTC, and a shell's is not.
        if is_zoned(&from.ty) != is_zoned(&to.ty) {
            self.say("SET LOCAL TimeZone TO 'UTC'".to_owned(), "read times as UTC");
        }
        let mut sql = format!("{head} TYPE {ty}");
        if let Some(collation) = &to.collation {
            sql.push_str(&format!(" COLLATE {collation}"));
        }
        if !casts_by_itself(&from.ty, &to.ty) {
            sql.push_str(&format!(" USING {}", cast(&identifier(&to.name), &from.ty, &to.ty)));
        }
        self.say(sql, format!("change the type of `{table}.{}` to {ty}", to.name));
    }
}

/// Whether a time's zone, or that of the session, says what it means.
fn is_zoned(ty: &Type) -> bool {
    matches!(ty, Type::TimestampTz(_) | Type::TimeTz(_))
}
