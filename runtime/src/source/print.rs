//! Steps as the text of a Rust module.
//!
//! The printer does not know the direction: `up` and `down` are two lists of steps. What it writes is in rustfmt's
//! default style as far as lines go, names nothing but literals, and is the same for the same input.

use super::words::{
    action, auto, column, conflict, counting, database, default, deferrable, doc, generated, integer, key, keys, names,
    object, sorts, string, text, ty, variants,
};
use super::{Backfill, ColumnEdit, EnumEdit, Item, NewName, PartRef, Sql, Step, TableEdit, Target, Value};
use crate::schema::{
    Action, Check, Domain, Exclusion, ExclusionElement, Expression, ForeignKey, Index, Match, Online, Part, PrimaryKey,
    Table, TableOptions, Unique,
};

/// All that a module says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Module {
    /// Its id.
    pub id: String,
    /// The ids that it comes after.
    pub revises: Vec<String>,
    /// What it is about.
    pub message: String,
    /// Names that lead to it.
    pub labels: Vec<String>,
    /// The ids that must be there before it and are no part of its line.
    pub depends_on: Vec<String>,
    /// Which of a program's databases it belongs to, when there are several.
    pub group: Option<String>,
    /// What somebody agreed to lose, in words: `column account.nickname`.
    pub loses: Vec<String>,
    /// Remarks under the message, a line each.
    pub notes: Vec<String>,
    /// Rust items for its own code, before `up`.
    pub items: String,
    /// The steps forwards.
    pub up: Vec<Step>,
    /// The steps back.
    pub down: Vec<Step>,
    /// What people wrote among them.
    pub hand: Hand,
}

/// Statements that people wrote, in the order in which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hand {
    /// Among the steps forwards.
    pub up: Vec<ByHand>,
    /// Among the steps back.
    pub down: Vec<ByHand>,
}

/// A statement that a person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// After how many steps it stands.
    pub after: usize,
    /// Whether it says the step that comes next there, which is then not printed.
    pub instead: bool,
    /// Its lines, comments above it included.
    pub text: String,
}

/// The module's text.
#[must_use]
pub fn print(module: &Module) -> String {
    let Module { id, revises, message, labels, depends_on, group, loses, notes, items, up, down, hand } = module;
    let mut out = String::new();
    for line in message.lines().chain((!notes.is_empty()).then_some("")).chain(notes.iter().map(String::as_str)) {
        out.push_str(format!("//! {}", doc(line)).trim_end());
        out.push('\n');
    }
    let list = |words: &[String]| format!("[{}]", words.iter().map(|w| string(w)).collect::<Vec<_>>().join(", "));
    out.push_str("\nuse limbeck::migration::prelude::*;\n\nlimbeck::migration! {\n");
    out.push_str(&format!(
        "    id: {},\n    revises: {},\n    message: {},\n",
        string(id),
        list(revises),
        string(message)
    ));
    if !labels.is_empty() {
        out.push_str(&format!("    labels: {},\n", list(labels)));
    }
    if let Some(group) = group {
        out.push_str(&format!("    group: {},\n", string(group)));
    }
    if !depends_on.is_empty() {
        out.push_str(&format!("    depends_on: {},\n", list(depends_on)));
    }
    if !loses.is_empty() {
        out.push_str(&format!("    loses: {},\n", list(loses)));
    }
    out.push_str("}\n");
    out.push_str(items);
    for (name, steps, hand) in [("up", up, &hand.up), ("down", down, &hand.down)] {
        let mut lines = Lines::default();
        for at in 0..=steps.len() {
            let said = |instead: bool| hand.iter().filter(move |it| it.after == at && it.instead == instead);
            said(false).for_each(|it| lines.0.push_str(&it.text));
            match (said(true).next(), steps.get(at)) {
                (Some(it), _) => lines.0.push_str(&it.text),
                (None, Some(step)) => lines.step(step, 1),
                (None, None) => {}
            }
        }
        // Clippy's pedantic limit for a function is a hundred lines, and a list of steps may be longer, the more so
        // when rustfmt has broken its lines.
        let long = if lines.0.lines().count() > 50 { "#[allow(clippy::too_many_lines)]\n" } else { "" };
        let parameter = if lines.0.is_empty() { "_" } else { "m" };
        out.push_str(&format!("\n{long}pub fn {name}({parameter}: &mut Migration) {{"));
        if !lines.0.is_empty() {
            out.push('\n');
            out.push_str(&lines.0);
        }
        out.push_str("}\n");
    }
    out
}

#[derive(Default)]
struct Lines(String);

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

    fn step(&mut self, step: &Step, depth: usize) {
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

/// The kind of a target, as verbs are formed with it, and where it is.
fn said(target: &Target) -> (&'static str, String) {
    match target {
        Target::Namespace(name) => ("schema", string(name)),
        Target::Extension(name) => ("extension", string(name)),
        Target::Enum(name) => ("enum", object(name)),
        Target::Label(of, label) => ("label", format!("{}, {}", object(of), string(label))),
        Target::Domain(name) => ("domain", object(name)),
        Target::Sequence(name) => ("sequence", object(name)),
        Target::Table(name) => ("table", object(name)),
        Target::Object(name) => ("object", object(name)),
        Target::Column(table, name) => ("column", format!("{}, {}", object(table), string(name))),
        Target::PrimaryKey(table) => ("primary_key", object(table)),
        Target::Unique(t, part) => ("unique", format!("{}, {}", object(t), reference(part, "unique", unique))),
        Target::Check(t, part) => ("check", format!("{}, {}", object(t), reference(part, "check", check))),
        Target::ForeignKey(t, part) => {
            ("foreign_key", format!("{}, {}", object(t), reference(part, "foreign_key", foreign_key)))
        }
        Target::Exclusion(t, part) => {
            ("exclusion", format!("{}, {}", object(t), reference(part, "exclusion", exclusion)))
        }
        Target::Index(t, part) => ("index", format!("{}, {}", object(t), reference(part, "index", index))),
    }
}

/// A part by its name, by its outline, or by all that is said of it.
fn reference<P: Part>(part: &PartRef<P>, word: &str, print: impl Fn(&P) -> (String, Vec<String>)) -> String {
    match part {
        PartRef::Name(name) => format!("by_name({})", string(name)),
        PartRef::Like(part) => match print(part) {
            (of, calls) if calls.is_empty() && word != "exclusion" => of,
            (of, calls) => format!("{word}({of}){}", calls.concat()),
        },
    }
}

/// Calls that every part knows.
fn common<P: Part>(part: &P) -> impl Iterator<Item = String> {
    let name = part.name().map(|n| format!(".named({})", string(n)));
    name.into_iter().chain(text("comment", part.comment()))
}

fn included(include: &[crate::schema::Name]) -> Option<String> {
    (!include.is_empty()).then(|| format!(".include({})", names(include)))
}

fn flag(said: bool, word: &str) -> Option<String> {
    said.then(|| format!(".{word}()"))
}

fn primary_key(k: &PrimaryKey) -> (String, Vec<String>) {
    let PrimaryKey { name: _, columns, include, period, deferrable: when, conflict: what, sorts: sorted, comment: _ } =
        k;
    let mut calls: Vec<String> = included(include).into_iter().collect();
    calls.extend(flag(*period, "period"));
    calls.extend(deferrable(*when));
    calls.extend(what.map(|c| format!(".on_conflict({})", conflict(c))));
    calls.extend(sorts(sorted));
    calls.extend(common(k));
    (names(columns), calls)
}

fn unique(u: &Unique) -> (String, Vec<String>) {
    let Unique {
        name: _,
        columns,
        include,
        nulls_not_distinct,
        period,
        deferrable: when,
        conflict: what,
        sorts: sorted,
        comment: _,
        spelling: _,
    } = u;
    let mut calls: Vec<String> = included(include).into_iter().collect();
    calls.extend(flag(*nulls_not_distinct, "nulls_not_distinct"));
    calls.extend(flag(*period, "period"));
    calls.extend(deferrable(*when));
    calls.extend(what.map(|c| format!(".on_conflict({})", conflict(c))));
    calls.extend(sorts(sorted));
    calls.extend(common(u));
    (names(columns), calls)
}

fn check(c: &Check) -> (String, Vec<String>) {
    let Check { name: _, expression, no_inherit, not_valid, not_enforced, only, comment: _, spelling: _ } = c;
    let mut calls: Vec<String> = flag(*no_inherit, "no_inherit").into_iter().collect();
    calls.extend(flag(*not_valid, "not_valid"));
    calls.extend(flag(*not_enforced, "not_enforced"));
    calls.extend(only.map(|d| format!(".only({})", database(d))));
    calls.extend(common(c));
    (string(expression.as_str()), calls)
}

fn foreign_key(k: &ForeignKey) -> (String, Vec<String>) {
    let ForeignKey {
        name: _,
        columns,
        references,
        referenced_columns,
        on_delete,
        on_update,
        on_delete_columns,
        period,
        matching,
        deferrable: when,
        not_valid,
        not_enforced,
        comment: _,
        spelling: _,
    } = k;
    let mut calls = Vec::new();
    if !referenced_columns.is_empty() {
        calls.push(format!(".references({}, {})", object(references), names(referenced_columns)));
    }
    calls.extend((*on_delete != Action::NoAction).then(|| format!(".on_delete({})", action(*on_delete))));
    calls.extend((*on_update != Action::NoAction).then(|| format!(".on_update({})", action(*on_update))));
    calls.extend((!on_delete_columns.is_empty()).then(|| format!(".on_delete_columns({})", names(on_delete_columns))));
    calls.extend(flag(*period, "period"));
    calls.extend(match matching {
        Match::Simple => None,
        Match::Full => Some(".match_full()".to_owned()),
        Match::Partial => Some(".match_partial()".to_owned()),
    });
    calls.extend(deferrable(*when));
    calls.extend(flag(*not_valid, "not_valid"));
    calls.extend(flag(*not_enforced, "not_enforced"));
    calls.extend(common(k));
    (names(columns), calls)
}

fn exclusion(x: &Exclusion) -> (String, Vec<String>) {
    let Exclusion { name: _, using, elements, include, predicate, deferrable: when, comment: _ } = x;
    let mut calls: Vec<String> = elements
        .iter()
        .map(|ExclusionElement { key: of, operator }| format!(".element({}, {})", key(of), string(operator)))
        .collect();
    calls.extend(included(include));
    calls.extend(predicate.as_ref().map(|p| format!(".filter({})", string(p.as_str()))));
    calls.extend(deferrable(*when));
    calls.extend(common(x));
    (string(using), calls)
}

fn index(i: &Index) -> (String, Vec<String>) {
    let Index {
        name: _,
        unique,
        using,
        keys: of,
        include,
        predicate,
        nulls_not_distinct,
        with,
        only,
        comment: _,
        online,
        spelling: _,
    } = i;
    let mut calls: Vec<String> = flag(*unique, "unique").into_iter().collect();
    calls.extend(flag(online.0, "concurrently"));
    calls.extend(text("using", using.as_deref()));
    calls.extend(included(include));
    calls.extend(predicate.as_ref().map(|p| format!(".filter({})", string(p.as_str()))));
    calls.extend(flag(*nulls_not_distinct, "nulls_not_distinct"));
    calls.extend(with.iter().map(|(k, v)| format!(".with({}, {})", string(k), string(v))));
    calls.extend(only.map(|d| format!(".only({})", database(d))));
    calls.extend(common(i));
    (keys(of), calls)
}

/// `.word(text)`, or `.no_word()`.
fn optional(word: &str, of: Option<&str>) -> String {
    text(word, of).unwrap_or_else(|| format!(".no_{word}()"))
}

fn column_edit(edit: &ColumnEdit) -> Vec<String> {
    let one = |call: String| vec![call];
    match edit {
        ColumnEdit::Type(to) => one(format!(".set_type({})", ty(to))),
        ColumnEdit::Nullable(true) => one(".nullable()".to_owned()),
        ColumnEdit::Nullable(false) => one(".not_null()".to_owned()),
        ColumnEdit::Default(Some(to)) => one(default(to)),
        ColumnEdit::Default(None) => one(".no_default()".to_owned()),
        ColumnEdit::Generated(Some(to)) => one(generated(to)),
        ColumnEdit::Generated(None) => one(".not_generated()".to_owned()),
        ColumnEdit::Auto(Some(to)) => auto(to),
        ColumnEdit::Auto(None) => one(".not_numbered()".to_owned()),
        ColumnEdit::Collation(to) => one(optional("collation", to.as_deref())),
        ColumnEdit::Comment(to) => one(optional("comment", to.as_deref())),
        ColumnEdit::Storage(to) => one(optional("storage", to.as_deref())),
        ColumnEdit::Compression(to) => one(optional("compression", to.as_deref())),
        ColumnEdit::NotNullConflict(Some(to)) => one(format!(".on_null({})", conflict(*to))),
        ColumnEdit::NotNullConflict(None) => one(".no_on_null()".to_owned()),
        ColumnEdit::Variants(to) => std::iter::once(".everywhere()".to_owned()).chain(variants(to)).collect(),
    }
}

fn table_edit(edit: &TableEdit) -> Vec<String> {
    match edit {
        TableEdit::Comment(to) => vec![optional("comment", to.as_deref())],
        TableEdit::Unlogged(true) => vec![".unlogged()".to_owned()],
        TableEdit::Unlogged(false) => vec![".logged()".to_owned()],
        TableEdit::With(to) => {
            let with = to.iter().map(|(k, v)| format!(".with({}, {})", string(k), string(v)));
            std::iter::once(".without_parameters()".to_owned()).chain(with).collect()
        }
        TableEdit::Strict(to) => vec![format!(".strict({to})")],
        TableEdit::WithoutRowid(to) => vec![format!(".without_rowid({to})")],
    }
}
