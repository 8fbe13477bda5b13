//! Steps as the text of a Rust module.
//!
//! The printer does not know the direction: `up` and `down` are two lists of steps. What it writes is in rustfmt's
//! default style as far as lines go, names nothing but literals, and is the same for the same input.

use super::parts::{
    check, column_edit, exclusion, flag, foreign_key, index, optional, primary_key, said, table_edit, unique,
};
use super::words::{column, counting, database, default, integer, names, object, string, text, ty};
use super::{Backfill, EnumEdit, Item, NewName, Sql, Step, Value};
use crate::schema::{Domain, Expression, Index, Online, Table, TableOptions};

/// Lines of Rust.
#[derive(Default)]
pub(super) struct Lines(pub(super) String);

/// rustfmt's `max_width`.
const WIDTH: usize = 100;

/// rustfmt's `chain_width`.
const CHAIN: usize = 60;

impl Lines {
    fn line(&mut self, depth: usize, text: &str) {
        self.0.push_str(&"    ".repeat(depth));
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// A statement: a call, and calls on what it gives, broken as rustfmt would.
    fn chain(&mut self, depth: usize, head: &str, calls: impl IntoIterator<Item = String>) {
        let calls: Vec<String> = calls.into_iter().collect();
        let whole = format!("{head}{}", calls.concat());
        if calls.is_empty() || (whole.len() <= CHAIN && !whole.contains('\n')) {
            self.line(depth, &format!("{whole};"));
            return;
        }
        self.line(depth, head);
        for (at, call) in calls.iter().enumerate() {
            let end = if at + 1 == calls.len() { ";" } else { "" };
            self.line(depth + 1, &format!("{call}{end}"));
        }
    }

    /// A call with a closure, which names its argument only when it has something to say.
    fn block(&mut self, depth: usize, call: &str, place: Option<&str>, argument: &str, say: impl FnOnce(&mut Self)) {
        let place = place.map(|p| format!("{p}, ")).unwrap_or_default();
        let mut inner = Self::default();
        say(&mut inner);
        if inner.0.is_empty() {
            self.line(depth, &format!("{call}({place}|_| {{}});"));
        } else {
            self.line(depth, &format!("{call}({place}|{argument}| {{"));
            self.0.push_str(&inner.0);
            self.line(depth, "});");
        }
    }

    pub(super) fn step(&mut self, step: &Step, depth: usize) {
        match step {
            Step::Create(item) => self.create(item, depth),
            Step::Drop(target) => {
                let (kind, place) = said(target);
                self.line(depth, &format!("m.drop_{kind}({place});"));
            }
            Step::Rename(target, to) => {
                let (kind, place) = said(target);
                let to = match to {
                    NewName::Name(name) => string(name),
                    NewName::Moved(name) if name.schema.is_none() => {
                        format!("in_default_schema({})", string(&name.name))
                    }
                    NewName::Moved(name) => object(name),
                    NewName::Undeclared => "UNDECLARED".to_owned(),
                };
                self.line(depth, &format!("m.rename_{kind}({place}, {to});"));
            }
            Step::Comment(target, comment) => {
                let (kind, place) = said(target);
                let comment = comment.as_ref().map_or("None".to_owned(), |c| format!("Some({})", string(c)));
                self.line(depth, &format!("m.comment_{kind}({place}, {comment});"));
            }
            Step::AlterColumn(table, name, edits) => {
                let head = format!("m.alter_column({}, {})", object(table), string(name));
                self.chain(depth, &head, edits.iter().flat_map(column_edit));
            }
            Step::AlterTable(table, edits) => {
                self.chain(depth, &format!("m.alter_table({})", object(table)), edits.iter().flat_map(table_edit));
            }
            Step::AlterEnum(name, edits) => {
                let head = format!("m.alter_enum({})", object(name));
                self.chain(
                    depth,
                    &head,
                    edits.iter().map(|edit| match edit {
                        EnumEdit::Labels(labels) => format!(".labels({})", names(labels)),
                        EnumEdit::Comment(comment) => optional("comment", comment.as_deref()),
                    }),
                );
            }
            Step::Alter(item) => self.small(item, "alter", depth),
            Step::Sql(Sql { text, repeatable, alone }) => {
                let calls = flag(*repeatable, "repeatable").into_iter().chain(flag(*alone, "alone"));
                self.chain(depth, &format!("m.sql({})", string(text)), calls);
            }
            Step::Backfill(Backfill { table, set, filter, batch }) => {
                let set = set.iter().map(|(column, value)| match value {
                    Value::Sql(expression) => format!(".set({}, {})", string(column), string(expression.as_str())),
                    Value::Placeholder(of) => format!(".set({}, placeholder({}))", string(column), ty(of)),
                });
                let calls = set.chain(text("filter", filter.as_ref().map(Expression::as_str)));
                let calls = calls.chain(batch.map(|n| format!(".batch({})", integer(n.into()))));
                self.chain(depth, &format!("m.backfill({})", object(table)), calls);
            }
            Step::Effect(steps) => {
                self.block(depth, "m.effect", None, "m", |lines| steps.iter().for_each(|s| lines.step(s, depth + 1)));
            }
            // Code cannot be printed; a plan has none.
            Step::Run(_) => {}
            Step::Only(only, steps) => {
                self.block(depth, "m.only", Some(&database(*only)), "m", |lines| {
                    steps.iter().for_each(|s| lines.step(s, depth + 1));
                });
            }
            Step::Validate(table, name) => {
                self.line(depth, &format!("m.validate_constraint({}, {});", object(table), string(name)));
            }
            Step::AssertNone(what, query) => {
                let (what, query) = (string(what), string(query));
                let whole = format!("m.assert_none({what}, {query});");
                if "    ".len() * depth + whole.len() <= WIDTH {
                    self.line(depth, &whole);
                } else {
                    self.line(depth, "m.assert_none(");
                    self.line(depth + 1, &format!("{what},"));
                    self.line(depth + 1, &format!("{query},"));
                    self.line(depth, ");");
                }
            }
            Step::Nothing(why) => self.line(depth, &format!("m.nothing({});", string(why))),
            Step::KeepDropped(steps) => {
                self.block(depth, "m.keep_dropped", None, "m", |lines| {
                    steps.iter().for_each(|s| lines.step(s, depth + 1));
                });
            }
            Step::RestoreDropped(steps) => {
                self.block(depth, "m.restore_dropped", None, "m", |lines| {
                    steps.iter().for_each(|s| lines.step(s, depth + 1));
                });
            }
            Step::Irreversible(why) => self.line(depth, &format!("m.irreversible({});", string(why))),
        }
    }

    fn create(&mut self, item: &Item, depth: usize) {
        match item {
            Item::Table(table) => {
                self.block(depth, "m.create_table", Some(&object(&table.name)), "t", |lines| {
                    lines.table(table, depth + 1)
                });
            }
            Item::Column(table, c) => {
                let head = format!("m.create_column({}, {}, {})", object(table), string(&c.name), ty(&c.ty));
                self.chain(depth, &head, column(c));
            }
            Item::PrimaryKey(table, k) => {
                self.part(depth, "m.create_primary_key", Some(object(table)), &primary_key(k))
            }
            Item::Unique(table, u) => self.part(depth, "m.create_unique", Some(object(table)), &unique(u)),
            Item::Check(table, c) => self.part(depth, "m.create_check", Some(object(table)), &check(c)),
            Item::ForeignKey(table, k) => {
                self.part(depth, "m.create_foreign_key", Some(object(table)), &foreign_key(k))
            }
            Item::Exclusion(table, x) => self.part(depth, "m.create_exclusion", Some(object(table)), &exclusion(x)),
            Item::Index(table, i) => self.part(depth, "m.create_index", Some(object(table)), &index(i)),
            Item::Namespace(_)
            | Item::Extension(_)
            | Item::Enum(_)
            | Item::Domain(_)
            | Item::Sequence(_)
            | Item::Object(_) => self.small(item, "create", depth),
        }
    }

    fn table(&mut self, table: &Table, depth: usize) {
        let Table { name: _, columns, primary_key: k, uniques, checks, foreign_keys, exclusions, indexes, options } =
            table;
        for c in columns {
            self.chain(depth, &format!("t.column({}, {})", string(&c.name), ty(&c.ty)), column(c));
        }
        k.iter().for_each(|k| self.part(depth, "t.primary_key", None, &primary_key(k)));
        uniques.iter().for_each(|u| self.part(depth, "t.unique", None, &unique(u)));
        foreign_keys.iter().for_each(|k| self.part(depth, "t.foreign_key", None, &foreign_key(k)));
        checks.iter().for_each(|c| self.part(depth, "t.check", None, &check(c)));
        exclusions.iter().for_each(|x| self.part(depth, "t.exclusion", None, &exclusion(x)));
        // A new table has no rows yet, and nobody who writes.
        let plain = indexes.iter().map(|i| Index { online: Online(false), ..i.clone() });
        plain.for_each(|i| self.part(depth, "t.index", None, &index(&i)));
        let TableOptions { comment, unlogged, with, partition_by, strict, without_rowid, spelling: _ } = options;
        let mut option = |said: bool, call: String| {
            if said {
                self.line(depth, &format!("t.{call};"));
            }
        };
        option(comment.is_some(), format!("comment({})", string(comment.as_deref().unwrap_or_default())));
        option(*unlogged, "unlogged()".to_owned());
        let by = string(partition_by.as_deref().unwrap_or_default());
        option(partition_by.is_some(), format!("partition_by({by})"));
        with.iter().for_each(|(k, v)| option(true, format!("with({}, {})", string(k), string(v))));
        option(*strict, "strict()".to_owned());
        option(*without_rowid, "without_rowid()".to_owned());
    }

    fn part(&mut self, depth: usize, word: &str, table: Option<String>, (of, calls): &(String, Vec<String>)) {
        let place = table.map(|t| format!("{t}, ")).unwrap_or_default();
        self.chain(depth, &format!("{word}({place}{of})"), calls.clone());
    }

    /// Objects that are said in one line, the same for `create` and `alter`.
    fn small(&mut self, item: &Item, verb: &str, depth: usize) {
        let (head, calls): (String, Vec<String>) = match item {
            Item::Namespace(n) => {
                (format!("schema({})", string(&n.name)), text("comment", n.comment.as_deref()).into_iter().collect())
            }
            Item::Extension(e) => {
                let calls =
                    text("schema", e.schema.as_deref()).into_iter().chain(text("version", e.version.as_deref()));
                (format!("extension({})", string(&e.name)), calls.collect())
            }
            Item::Enum(e) => {
                let head = format!("enum({}, {})", object(&e.name), names(&e.labels));
                (head, text("comment", e.comment.as_deref()).into_iter().collect())
            }
            Item::Domain(d) => (format!("domain({}, {})", object(&d.name), ty(&d.ty)), domain(d)),
            Item::Sequence(s) => {
                let calls = counting(&s.options).into_iter().chain(text("comment", s.comment.as_deref()));
                (format!("sequence({}, {})", object(&s.name), ty(&s.ty)), calls.collect())
            }
            Item::Object(o) => {
                let on = o.table.as_ref().map(|t| format!(".on({})", object(t)));
                let word = o.kind.word().replace(' ', "_");
                let calls = on.into_iter().chain(text("comment", o.comment.as_deref()));
                (format!("{word}({}, {})", object(&o.name), string(&o.sql)), calls.collect())
            }
            // These have steps of their own.
            Item::Table(_)
            | Item::Column(..)
            | Item::PrimaryKey(..)
            | Item::Unique(..)
            | Item::Check(..)
            | Item::ForeignKey(..)
            | Item::Exclusion(..)
            | Item::Index(..) => return,
        };
        self.chain(depth, &format!("m.{verb}_{head}"), calls);
    }
}

fn domain(d: &Domain) -> Vec<String> {
    let Domain { name: _, ty: _, not_null, default: value, checks, collation, comment } = d;
    let mut calls = Vec::new();
    calls.extend(not_null.then(|| ".not_null()".to_owned()));
    calls.extend(value.as_ref().map(default));
    for check in checks {
        let expression = string(check.expression.as_str());
        calls.push(match &check.name {
            Some(name) => format!(".check_named({}, {expression})", string(name)),
            None => format!(".check({expression})"),
        });
        calls.extend(check.not_valid.then(|| ".not_valid()".to_owned()));
    }
    calls.extend(text("collation", collation.as_deref()));
    calls.extend(text("comment", comment.as_deref()));
    calls
}
