//! Views, routines, triggers, policies, privileges: known by their text, taken off before what they stand on changes,
//! and put back at the end with their owners, privileges and comments.

use super::Run;
use crate::change::{Change, Delta, Object, Reads, Touches};
use crate::dialect::postgres::objects::{
    belongs_to, called, can_replace, fields, in_order, is_of, is_over, mentions, needs, reads, replacing, stands_on,
    statements, undone,
};
use crate::dialect::postgres::types::type_name;
use crate::dialect::postgres::write::{default_text, identifier, qualified};
use crate::plan::Unsupported;
use crate::schema::{
    Column, Default, Domain, Name, QualifiedName, Reference, SqlObject, SqlObjectKind, TokenKind, Type, tokens,
};

impl Run<'_> {
    pub(super) fn object(&mut self, delta: &Delta<SqlObject>) -> Result<(), Unsupported> {
        match delta {
            Delta::Create(o) if o.kind == SqlObjectKind::VirtualTable => {
                return Err(self.lacks("virtual tables", &o.name.to_string()));
            }
            Delta::Create(o) if o.kind == SqlObjectKind::ChildTable && self.was_table(&o.name) => {
                return Err(self.lacks("way to make a table the part of another without its rows", &o.name.to_string()));
            }
            Delta::Create(o) => {
                // What stands on something that waits to be put back waits with it.
                if self.waiting().iter().any(|other| needs(o, other)) {
                    self.off.insert(o.name.clone(), "create");
                } else {
                    self.make(o, "create", false);
                }
            }
            Delta::Drop(o) => {
                // Of privileges, only those on a column went with it.
                if self.off.remove(&o.name).is_none() || o.kind == SqlObjectKind::Privileges {
                    self.take_off_dependents(o);
                    self.unmake(o, "drop");
                }
            }
            Delta::Alter { from, to } => self.alter_object(from, to)?,
        }
        Ok(())
    }

    fn alter_object(&mut self, from: &SqlObject, to: &SqlObject) -> Result<(), Unsupported> {
        if from.name != to.name {
            return Err(self.lacks("rename of an object that is known by its text", &from.name.to_string()));
        }
        let about = format!("alter {} `{}`", to.kind.word(), to.name);
        // What is off is put back as it shall be. Of privileges, only those on a column went with it.
        if self.off.contains_key(&from.name) {
            if to.kind == SqlObjectKind::Privileges {
                let new = statements(to);
                self.undo(from, |s| !new.contains(&s), &about);
            }
            return Ok(());
        }
        if from.sql != to.sql {
            match to.kind {
                SqlObjectKind::Routine if can_replace(from, to) => self.say_routine(to, replacing(&to.sql), &about),
                SqlObjectKind::CompositeType => self.alter_fields(from, to, &about)?,
                SqlObjectKind::Privileges | SqlObjectKind::RowSecurity | SqlObjectKind::Setting => {
                    let (old, new) = (statements(from), statements(to));
                    // What is said of something that a statement makes goes when that does.
                    let makes = |s: &&&str| tokens(s).first().is_some_and(|t| t.is_word("create"));
                    let anew = old.iter().find(makes).is_some_and(|s| !new.contains(s));
                    self.undo(from, |s| anew || !new.contains(&s), &about);
                    for statement in new.into_iter().filter(|s| anew || !old.contains(s)) {
                        self.say(statement, &about);
                    }
                }
                SqlObjectKind::ChildTable => self.alter_child(from, to, &about)?,
                SqlObjectKind::Routine
                | SqlObjectKind::View
                | SqlObjectKind::MaterializedView
                | SqlObjectKind::VirtualTable
                | SqlObjectKind::Trigger
                | SqlObjectKind::Rule
                | SqlObjectKind::Policy
                | SqlObjectKind::Collation
                | SqlObjectKind::RangeType => {
                    self.take_off_dependents(from);
                    self.unmake(from, "drop");
                    self.make(to, "create", false);
                    return Ok(());
                }
            }
        }
        if let (true, Some(on)) = (from.comment != to.comment, called(to)) {
            self.comment(&on, to.comment.as_deref(), &format!("{} `{}`", to.kind.word(), to.name));
        }
        Ok(())
    }

    /// A partition gets other bounds; what is said of a child after it is made comes and goes. Its columns are its
    /// parent's, and so change with that.
    fn alter_child(&mut self, from: &SqlObject, to: &SqlObject, about: &str) -> Result<(), Unsupported> {
        let refused = self.lacks("way to make that of a child table", &to.name.to_string());
        let (old, new) = (statements(from), statements(to));
        let made = |all: &[&str]| all.first().map(|s| stored(s)).map(|(made, with)| (made.to_owned(), with));
        if let (Some((old, kept)), Some((new, with))) = (made(&old), made(&new)) {
            let name = qualified(&to.name);
            if old != new {
                let (Some((parent, before)), Some((other, after))) = (bounds(&old), bounds(&new)) else {
                    return Err(refused);
                };
                if parent != other || before == after {
                    return Err(refused);
                }
                self.say(format!("ALTER TABLE {parent} DETACH PARTITION {name}"), about);
                self.say(format!("ALTER TABLE {parent} ATTACH PARTITION {name} {after}"), about);
            }
            // They stand in the order in which they were set, so that all begin anew.
            if kept != with {
                let keys: Vec<&str> = kept.iter().filter_map(|pair| pair.split('=').next()).map(str::trim).collect();
                for (verb, list) in [("RESET", keys.join(", ")), ("SET", with.join(", "))] {
                    if !list.is_empty() {
                        self.say(format!("ALTER TABLE {name} {verb} ({list})"), about);
                    }
                }
            }
        }
        let parent = old.first().and_then(|s| bounds(s)).map(|(parent, _)| parent.to_owned()).unwrap_or_default();
        for gone in old.iter().skip(1).rev().filter(|s| !new.contains(s)) {
            match self.as_its_parent(gone, &parent).or_else(|| undone(gone)) {
                Some(statement) => self.say(statement, about),
                None => return Err(refused),
            }
        }
        for statement in new.into_iter().skip(1).filter(|s| !old.contains(s)) {
            self.say(statement, about);
        }
        Ok(())
    }

    /// What a child said of a column otherwise than its parent, as its parent says it.
    fn as_its_parent(&self, statement: &str, parent: &str) -> Option<String> {
        let all = tokens(statement);
        let at = all.windows(2).position(|w| w[0].is_word("alter") && w[1].is_word("column"))?;
        let (column, verb, what) = (all.get(at + 2)?, all.get(at + 3)?, all.get(at + 4)?);
        let head = statement[..verb.start].trim();
        if what.is_word("not") {
            return Some(format!("{head} DROP NOT NULL"));
        }
        let table = self.state.tables.values().find(|t| qualified(&t.name) == parent)?;
        let default = table.column(&column.value())?.default.as_ref();
        Some(match default.filter(|_| what.is_word("default")) {
            Some(default) => format!("{head} SET DEFAULT {}", default_text(default)),
            None => format!("{head} DROP DEFAULT"),
        })
    }

    /// A composite type's fields come, go and change one by one, as long as no table holds such values.
    fn alter_fields(&mut self, from: &SqlObject, to: &SqlObject, about: &str) -> Result<(), Unsupported> {
        let (old, new) = (fields(&from.sql), fields(&to.sql));
        let head = format!("ALTER TYPE {}", qualified(&to.name));
        let before = |name: &str| old.iter().find(|(other, _)| other == name).map(|(_, ty)| ty);
        let missing = |list: &[(String, String)], name: &str| list.iter().all(|(other, _)| other != name);
        // A field is added at the end: those that are there stay as far as they come first, in their order.
        let left = old.iter().filter(|(name, _)| !missing(&new, name));
        let stay = left.zip(&new).take_while(|((a, _), (b, _))| a == b).count();
        let moved: Vec<&str> =
            new[stay..].iter().map(|(name, _)| name.as_str()).filter(|name| !missing(&old, name)).collect();
        if let (Some(_), Some((table, column))) = (moved.first(), self.columns_of(&to.name).first()) {
            let holder = format!("{table}.{}", column.name);
            return Err(self.lacks("way to bring the fields of a type that a column holds into another order", &holder));
        }
        for (name, _) in old.iter().filter(|(name, _)| missing(&new, name) || moved.contains(&name.as_str())) {
            self.say(format!("{head} DROP ATTRIBUTE {}", identifier(name)), about);
        }
        let retyped = |(name, ty): &&(String, String)| before(name).is_some_and(|before| before != ty);
        let users =
            if new[..stay].iter().any(|f| retyped(&f)) { self.hold_as_text(&to.name, about) } else { Vec::new() };
        for (name, ty) in new[..stay].iter().filter(retyped) {
            self.say(format!("{head} ALTER ATTRIBUTE {} TYPE {ty}", identifier(name)), about);
        }
        for (table, column) in users {
            self.bring_back(&table, &column, about);
        }
        for (name, ty) in &new[stay..] {
            self.say(format!("{head} ADD ATTRIBUTE {} {ty}", identifier(name)), about);
        }
        let rest = |o: &SqlObject| statements(o).into_iter().skip(1).map(str::to_owned).collect::<Vec<_>>();
        let (before, after) = (rest(from), rest(to));
        // A comment on a field that stays goes by itself.
        let on = |s: &str| tokens(s).iter().rfind(|t| t.is_word("is")).map(|t| s[..t.start].trim().to_owned());
        let stays = |s: &&String| {
            new.iter().any(|(name, _)| on(s).is_some_and(|on| on.ends_with(&format!(".{}", identifier(name)))))
        };
        for gone in before.iter().filter(|s| after.iter().all(|other| on(other) != on(s))).filter(stays) {
            if let Some(statement) = undone(gone) {
                self.say(statement, about);
            }
        }
        for statement in after.into_iter().filter(|s| !before.contains(s)) {
            self.say(statement, about);
        }
        Ok(())
    }

    /// The columns that hold values of a composite type, or of one that has such a field.
    pub(super) fn columns_of(&self, ty: &QualifiedName) -> Vec<(QualifiedName, Column)> {
        let mut names = vec![qualified(ty)];
        let mut at = 0;
        while at < names.len() {
            let (name, list) = (names[at].clone(), format!("{}[]", names[at]));
            let has = |o: &&SqlObject| {
                o.kind == SqlObjectKind::CompositeType
                    && fields(&o.sql).iter().any(|(_, ty)| *ty == name || *ty == list)
            };
            let more: Vec<String> = self.state.objects.values().filter(has).map(|o| qualified(&o.name)).collect();
            names.extend(more.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
            at += 1;
        }
        let of = |c: &Column| match &c.ty {
            Type::Sql(text) => names.contains(text),
            Type::Array(of) => matches!(&**of, Type::Sql(text) if names.contains(text)),
            _other => false,
        };
        let tables = self.state.tables.values();
        tables.flat_map(|t| t.columns.iter().map(|c| (t.name.clone(), c.clone()))).filter(|(_, c)| of(c)).collect()
    }

    /// Makes text of the columns of a type whose fields shall change: the server changes none under them.
    pub(super) fn hold_as_text(&mut self, ty: &QualifiedName, about: &str) -> Vec<(QualifiedName, Column)> {
        let users = self.columns_of(ty);
        for (table, column) in &users {
            self.take_off_readers(table, &column.name, false);
            self.take_off_users(table, &column.name);
            let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&column.name));
            if column.default.is_some() && column.generated.is_none() {
                self.say(format!("{head} DROP DEFAULT"), about);
            }
            let text = if matches!(column.ty, Type::Array(_)) { "text[]" } else { "text" };
            self.say(format!("{head} TYPE {text} USING {}::{text}", identifier(&column.name)), about);
        }
        users
    }

    pub(super) fn bring_back(&mut self, table: &QualifiedName, column: &Column, about: &str) {
        let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&column.name));
        let ty = type_name(&column.ty);
        self.say(format!("{head} TYPE {ty} USING {}::{ty}", identifier(&column.name)), about);
        if let Some(default) = column.default.as_ref().filter(|_| column.generated.is_none()) {
            self.say(format!("{head} SET DEFAULT {}", default_text(default)), about);
        }
        if let Some(storage) = &column.storage {
            self.say(format!("{head} SET STORAGE {storage}"), about);
        }
    }

    fn waiting(&self) -> Vec<SqlObject> {
        self.off.keys().filter_map(|name| self.state.objects.get(name)).cloned().collect()
    }

    fn make(&mut self, object: &SqlObject, verb: &str, again: bool) {
        let about = format!("{verb} {} `{}`", object.kind.word(), object.name);
        match object.kind {
            SqlObjectKind::Routine => {
                self.say_routine(object, object.sql.trim().trim_end_matches(';').to_owned(), &about)
            }
            SqlObjectKind::View
            | SqlObjectKind::MaterializedView
            | SqlObjectKind::VirtualTable
            | SqlObjectKind::Trigger
            | SqlObjectKind::Rule
            | SqlObjectKind::Policy
            | SqlObjectKind::RowSecurity
            | SqlObjectKind::Privileges
            | SqlObjectKind::CompositeType
            | SqlObjectKind::RangeType
            | SqlObjectKind::Setting
            | SqlObjectKind::ChildTable
            | SqlObjectKind::Collation => statements(object).into_iter().for_each(|s| self.say(s, &about)),
        }
        let Some(on) = called(object) else { return };
        if let Some(owner) = object.found.owner.as_ref().filter(|_| again) {
            self.say(format!("ALTER {on} OWNER TO {owner}"), &about);
        }
        self.first_comment(&on, object.comment.as_deref(), &format!("{} `{}`", object.kind.word(), object.name));
    }

    /// Makes a routine. A body in a string is not read as long as something that it says is still to come, or a column of
    /// the rows that it gives is still to go (manual, `check_function_bodies`).
    fn say_routine(&mut self, routine: &SqlObject, sql: String, about: &str) {
        let unread = Reads::of(routine).is_some_and(|reads| {
            self.coming.iter().flat_map(|t| &t.creates).any(|object| reads.reads(object))
                || self.coming.iter().flat_map(|t| &t.drops).any(|object| reads.is_of(object))
                || self.waiting().iter().any(|o| reads.says(o.own_name()))
                || self.columns_aside().any(|column| reads.says(column))
        });
        if unread {
            self.say("SET LOCAL check_function_bodies TO off", about);
        }
        self.say(sql, about);
        if unread {
            self.say("SET LOCAL check_function_bodies TO DEFAULT", about);
        }
    }

    fn unmake(&mut self, object: &SqlObject, verb: &str) {
        let about = format!("{verb} {} `{}`", object.kind.word(), object.name);
        match called(object) {
            Some(on) => self.say(format!("DROP {on}"), about),
            None => self.undo(object, |_| true, &about),
        }
    }

    /// Undoes statements that only set something, save those about columns that are gone.
    fn undo(&mut self, object: &SqlObject, which: impl Fn(&str) -> bool, about: &str) {
        let columns: Option<Vec<Name>> = object
            .table
            .as_ref()
            .and_then(|t| self.state.tables.get(t))
            .map(|t| t.columns.iter().map(|c| c.name.clone()).collect());
        let gone = |statement: &str| {
            let all = tokens(statement);
            let rights = all.first().is_some_and(|t| t.is_word("grant") || t.is_word("revoke"));
            let on = all.iter().position(|t| t.is_word("on")).filter(|_| rights).unwrap_or(0);
            let column = all[..on].windows(3).find(|w| w[0].text == "(" && w[2].text == ")").map(|w| w[1].value());
            column.is_some_and(|c| columns.as_ref().is_some_and(|all| all.iter().all(|name| **name != *c)))
        };
        let undoing = statements(object).into_iter().rev().filter(|s| which(s) && !gone(s));
        let undoing: Vec<String> = undoing.filter_map(undone).collect();
        for statement in undoing {
            self.say(statement, about);
        }
    }

    /// Takes off everything that stands on an object that goes.
    fn take_off_dependents(&mut self, object: &SqlObject) {
        self.take_off_objects(|o| stands_on(o, object), Some(object));
        if object.kind == SqlObjectKind::Routine {
            self.take_off_callers(object.own_name());
        }
    }

    /// Takes off the objects that are meant, and those that stand on them. What belongs to the object under which all
    /// this happens goes with it, without a word.
    fn take_off_objects(&mut self, meant: impl Fn(&SqlObject) -> bool, under: Option<&SqlObject>) {
        let held = |o: &&SqlObject| o.kind != SqlObjectKind::ChildTable && meant(o);
        let objects: Vec<SqlObject> = self.state.objects.values().filter(held).cloned().collect();
        for object in in_order(objects).into_iter().rev() {
            if self.off.contains_key(&object.name) {
                continue;
            }
            self.off.insert(object.name.clone(), "put back");
            self.take_off_dependents(&object);
            // What only sets something goes with what it is set on; what is made by a statement, statistics, stays.
            let sets = tokens(&object.sql).first().is_none_or(|t| !t.is_word("create"));
            let silently = under.is_some_and(|under| belongs_to(&object, under))
                || sets && matches!(object.kind, SqlObjectKind::Privileges | SqlObjectKind::Setting);
            if !silently {
                self.unmake(&object, "take off");
            }
        }
    }

    /// Takes off the objects that stand on a column: the server changes neither its type nor takes it away under them.
    pub(super) fn take_off_readers(&mut self, table: &QualifiedName, column: &Name, goes: bool) {
        let reads = |o: &SqlObject| {
            let hit = match o.kind {
                SqlObjectKind::View
                | SqlObjectKind::MaterializedView
                | SqlObjectKind::Rule
                | SqlObjectKind::Trigger
                | SqlObjectKind::Policy => true,
                // A body that is a string stands on nothing.
                SqlObjectKind::Routine => !tokens(&o.sql).iter().any(|t| t.kind == TokenKind::String),
                // A column takes its own privileges with it.
                SqlObjectKind::Privileges => goes,
                SqlObjectKind::Setting => goes && o.table.as_ref() == Some(table),
                SqlObjectKind::RowSecurity
                | SqlObjectKind::ChildTable
                | SqlObjectKind::VirtualTable
                | SqlObjectKind::CompositeType
                | SqlObjectKind::Collation
                | SqlObjectKind::RangeType => false,
            };
            hit && reads(o, table, column)
        };
        self.take_off_objects(reads, None);
    }

    /// Takes off the objects that say a type's name, save some: casts in views and policies, arguments of routines.
    pub(super) fn take_off_sayers(&mut self, name: &QualifiedName, save: &[SqlObject]) {
        let says = |o: &SqlObject| {
            is_of(o, name) && !matches!(o.kind, SqlObjectKind::Privileges | SqlObjectKind::Setting) && !save.contains(o)
        };
        self.take_off_objects(says, None);
    }

    /// Takes off the objects that stand on a table that goes: something else of its name is to come.
    pub(super) fn take_off_objects_over(&mut self, table: &QualifiedName) {
        self.take_off_objects(|o| is_over(o, table) && o.table.as_ref() != Some(table), None);
    }

    /// What is set about an index goes with it, and comes back with it.
    pub(super) fn forget_settings(&mut self, table: &QualifiedName, index: Option<&Name>) {
        let about = |o: &&SqlObject| {
            let of_index = index.is_some_and(|index| mentions(o, index));
            o.kind == SqlObjectKind::Setting && o.table.as_ref() == Some(table) && of_index
        };
        let names: Vec<QualifiedName> = self.state.objects.values().filter(about).map(|o| o.name.clone()).collect();
        self.off.extend(names.into_iter().map(|name| (name, "put back")));
    }

    /// Takes off the objects that stand on a constraint: views that group by a primary key.
    pub(super) fn take_off_objects_by(&mut self, table: &QualifiedName, constraint: Option<&Name>) {
        let Some(constraint) = constraint else { return };
        let reference = Reference::Constraint(table.clone(), constraint.clone());
        self.take_off_objects(|o| o.found.needs.as_ref().is_some_and(|known| known.contains(&reference)), None);
    }

    /// Takes off what tables and domains hold that calls a routine: it comes back when the routine does.
    fn take_off_callers(&mut self, routine: &str) {
        for domain in self.state.domains.values().cloned().collect::<Vec<_>>() {
            let without = Domain {
                checks: domain.checks.iter().filter(|c| !c.expression.mentions(routine)).cloned().collect(),
                default: domain.default.clone().filter(|d| !matches!(d, Default::Sql(e) if e.mentions(routine))),
                ..domain.clone()
            };
            if without != domain && !self.domains_off.contains_key(&domain.name) {
                self.alter_domain(&domain, &without);
                self.domains_off.insert(domain.name.clone(), without);
            }
        }
        let tables: Vec<QualifiedName> = self.state.tables.keys().cloned().collect();
        for name in tables {
            self.take_off_expressions(&name, routine);
            let Some(table) = self.state.tables.get(&name) else { continue };
            let calls = |c: &&Column| matches!(&c.default, Some(Default::Sql(e)) if c.generated.is_none() && e.mentions(routine));
            let columns: Vec<Name> = table.columns.iter().filter(calls).map(|c| c.name.clone()).collect();
            for column in columns {
                let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(&name), identifier(&column));
                self.say(format!("{head} DROP DEFAULT"), format!("take off the default of `{name}.{column}`"));
                self.defaults_off.push((name.clone(), column));
            }
        }
    }

    /// Makes the objects that wait, in an order that works: those that defaults, checks and computed columns may call
    /// first.
    pub(super) fn put_objects_back(&mut self, routines: bool) {
        let here = |o: &SqlObject| {
            let table = o.table.as_ref().is_none_or(|t| self.state.tables.contains_key(t) || self.is_view(t));
            let early =
                matches!(o.kind, SqlObjectKind::Routine | SqlObjectKind::CompositeType | SqlObjectKind::RangeType);
            table && if routines { early && !self.waits(o) } else { true }
        };
        let now: Vec<SqlObject> = self.waiting().into_iter().filter(here).collect();
        for object in in_order(now) {
            if let Some(verb) = self.off.remove(&object.name) {
                self.make(&object, verb, verb == "put back");
            }
        }
        if self.waiting().iter().any(|o| o.kind == SqlObjectKind::Routine) {
            return;
        }
        for (name, without) in std::mem::take(&mut self.domains_off) {
            if let Some(domain) = self.state.domains.get(&name).cloned() {
                self.alter_domain(&without, &domain);
            }
        }
        for (table, column) in std::mem::take(&mut self.defaults_off) {
            let found = self.state.tables.get(&table).and_then(|t| t.column(&column)).and_then(|c| c.default.clone());
            let Some(default) = found else { continue };
            let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(&table), identifier(&column));
            let about = format!("put back the default of `{table}.{column}`");
            self.say(format!("{head} SET DEFAULT {}", default_text(&default)), about);
        }
    }

    /// Whether something that a routine or a type stands on is not there yet.
    fn waits(&self, object: &SqlObject) -> bool {
        let view = |o: &SqlObject| matches!(o.kind, SqlObjectKind::View | SqlObjectKind::MaterializedView);
        let needs = Change::Object(Delta::Create(object.clone())).touches().requires;
        let made = |t: &Touches| {
            t.creates.iter().any(|o| *o != Object::Extensions && !t.drops.contains(o) && needs.contains(o))
        };
        self.waiting().iter().any(|o| view(o) && stands_on(object, o)) || self.coming.iter().any(made)
    }

    fn is_view(&self, name: &QualifiedName) -> bool {
        self.state.objects.contains_key(name) || self.state.sequences.contains_key(name)
    }
}

/// The statement that creates a child without its storage parameters, and those. The bounds of a partition by hash are
/// in a `WITH`, too, and set nothing equal.
fn stored(statement: &str) -> (&str, Vec<String>) {
    let all = tokens(statement);
    let with = all.iter().rposition(|t| t.is_word("with")).filter(|at| all[*at..].iter().any(|t| t.text == "="));
    let Some(with) = with else { return (statement, Vec::new()) };
    let (made, list) = (statement[..all[with].start].trim(), statement[all[with].start + "with".len()..].trim());
    let list = list.trim_start_matches('(').trim_end_matches(')');
    (made, list.split(',').map(|pair| pair.trim().to_owned()).collect())
}

/// The parent of a partition and its bounds, from the statement that creates it.
fn bounds(statement: &str) -> Option<(&str, &str)> {
    let all = tokens(statement);
    let of = all.windows(2).position(|w| w[0].is_word("partition") && w[1].is_word("of"))?;
    let parent = all.get(of + 2)?;
    let start = all.iter().skip(of + 3).find(|t| t.is_word("for") || t.is_word("default"))?;
    let name = statement[parent.start..start.start].trim();
    Some((name, statement[start.start..].trim()))
}
