//! Sequences, and columns that are numbered by one.

use super::Run;
use crate::change::Delta;
use crate::dialect::postgres::capabilities::UNLOGGED_SEQUENCES;
use crate::dialect::postgres::types::{limits, type_name};
use crate::dialect::postgres::write::{identifier, qualified, string};
use crate::plan::object_name;
use crate::schema::{Auto, Column, Name, QualifiedName, Sequence, SequenceOptions, Type};

/// The sequence of a serial column: its own name, or the one that `serial` gives (manual, 8.1.4).
pub(in crate::dialect::postgres) fn serial_name(
    table: &QualifiedName,
    column: &Name,
    sequence: Option<&Name>,
) -> QualifiedName {
    table.sibling(sequence.cloned().unwrap_or_else(|| object_name(&table.name, column, "seq")))
}

/// The clauses that say how a sequence counts.
pub(super) fn counting(options: &SequenceOptions) -> String {
    let SequenceOptions { start, increment, min, max, cache, cycle } = options;
    let mut text = String::new();
    let words =
        [("START WITH", start), ("INCREMENT BY", increment), ("MINVALUE", min), ("MAXVALUE", max), ("CACHE", cache)];
    for (word, value) in words {
        if let Some(value) = value {
            text.push_str(&format!(" {word} {value}"));
        }
    }
    if *cycle {
        text.push_str(" CYCLE");
    }
    text
}

/// What the options of a sequence come to (manual, `CREATE SEQUENCE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bounds {
    min: i64,
    max: i64,
    start: i64,
}

impl Bounds {
    fn of(options: &SequenceOptions, ty: &Type) -> Self {
        let (low, high) = limits(ty);
        let down = options.increment.is_some_and(|step| step < 0);
        let (min, max) = if down { (low, -1) } else { (1, high) };
        let (min, max) = (options.min.unwrap_or(min), options.max.unwrap_or(max));
        Self { min, max, start: options.start.unwrap_or(if down { max } else { min }) }
    }

    /// The same in another type: a bound that is the type's own becomes the other's (manual, `ALTER SEQUENCE`, *AS*).
    fn in_type(self, from: &Type, to: &Type) -> Self {
        let ((low, high), (new_low, new_high)) = (limits(from), limits(to));
        let min = if self.min == low { new_low } else { self.min };
        let max = if self.max == high { new_high } else { self.max };
        Self { min, max, ..self }
    }

    /// Whether every place of another sequence is one of this.
    fn holds(self, other: Self) -> bool {
        self.min <= other.min && self.max >= other.max
    }

    /// A place, or the nearest one.
    fn nearest(self, place: &str) -> String {
        format!("least(greatest({place}, {}), {})", self.min, self.max)
    }

    /// Whether a place is one.
    fn is_within(self, place: &str) -> String {
        format!("{place} BETWEEN {} AND {}", self.min, self.max)
    }
}

/// One way of counting, and the type that is counted in.
type Counting<'a> = (&'a SequenceOptions, &'a Type);

/// The clauses that turn one way of counting into another. Bounds are said: beside another type, `NO MAXVALUE` is not
/// what it is alone.
fn recounting((from, was): Counting<'_>, (to, will): Counting<'_>) -> Vec<String> {
    let (old, new) = (Bounds::of(from, was).in_type(was, will), Bounds::of(to, will));
    let mut clauses = Vec::new();
    if from.increment != to.increment {
        clauses.push(format!("INCREMENT BY {}", to.increment.unwrap_or(1)));
    }
    if old.min != new.min {
        clauses.push(format!("MINVALUE {}", new.min));
    }
    if old.max != new.max {
        clauses.push(format!("MAXVALUE {}", new.max));
    }
    if old.start != new.start {
        clauses.push(format!("START WITH {}", new.start));
    }
    if from.cache != to.cache {
        clauses.push(format!("CACHE {}", to.cache.unwrap_or(1)));
    }
    if from.cycle != to.cycle {
        clauses.push(if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    clauses
}

/// A sequence may stand where the new bounds do not let it. Between the clauses that let it stand in both, and those
/// that say the new bounds, this puts it where it may stay; a sequence that never gave a number begins anew.
fn between_bounds(sequence: &str, from: Counting<'_>, to: Counting<'_>) -> Option<(Vec<String>, String)> {
    let (old, new) = (Bounds::of(from.0, from.1), Bounds::of(to.0, to.1));
    if new.holds(old) {
        return None;
    }
    let mut wider = Vec::new();
    if new.min < old.min {
        wider.push(format!("MINVALUE {}", new.min));
    }
    if new.max > old.max {
        wider.push(format!("MAXVALUE {}", new.max));
    }
    let last = format!("pg_sequence_last_value({sequence}::regclass)");
    let position = format!(
        "SELECT setval({sequence}::regclass, {}, coalesce({}, false))",
        new.nearest(&format!("coalesce({last}, {})", new.start)),
        new.is_within(&last)
    );
    Some((wider, position))
}

/// A serial column's sequence counts in the column's type, unless its limits lie beyond that, or are those of a smaller
/// type.
fn sequence_type(column: &Column, options: &SequenceOptions) -> Type {
    let (low, high) = limits(&column.ty);
    let beyond = options.max.is_some_and(|max| max > high) || options.min.is_some_and(|min| min < low);
    let down = options.increment.is_some_and(|step| step < 0);
    let of = |ty: &Type| {
        let (low, high) = limits(ty);
        if down { options.min == Some(low) } else { options.max == Some(high) }
    };
    let smaller = [Type::SmallInt, Type::Integer].into_iter().find(|ty| limits(ty).1 < high && of(ty));
    if beyond { Type::BigInt } else { smaller.unwrap_or_else(|| column.ty.clone()) }
}

impl Run<'_> {
    pub(super) fn sequence(&mut self, delta: &Delta<Sequence>) {
        match delta {
            // A serial column's sequence that shall stand by itself is let go.
            Delta::Create(s) if self.serial_of(&s.name).is_some() => {
                let Some((table, column, options)) = self.serial_of(&s.name) else { return };
                let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(&table), identifier(&column.name));
                let about = format!("let go of sequence `{}`", s.name);
                self.say(format!("{head} DROP DEFAULT"), &about);
                self.say(format!("ALTER SEQUENCE {} OWNED BY NONE", qualified(&s.name)), &about);
                self.recount(&s.name, (&options, &sequence_type(&column, &options)), (&s.options, &s.ty));
                self.first_comment(
                    &format!("SEQUENCE {}", qualified(&s.name)),
                    s.comment.as_deref(),
                    &format!("sequence `{}`", s.name),
                );
            }
            Delta::Create(s) => {
                let name = qualified(&s.name);
                let sql = format!("CREATE SEQUENCE {name} AS {}{}", type_name(&s.ty), counting(&s.options));
                self.say(sql, format!("create sequence `{}`", s.name));
                self.first_comment(
                    &format!("SEQUENCE {name}"),
                    s.comment.as_deref(),
                    &format!("sequence `{}`", s.name),
                );
            }
            // A serial column has taken it.
            Delta::Drop(s) if self.serial_of(&s.name).is_some() => {}
            Delta::Drop(s) => {
                self.say(format!("DROP SEQUENCE {}", qualified(&s.name)), format!("drop sequence `{}`", s.name));
            }
            Delta::Alter { from, to } => {
                if from.name != to.name {
                    self.moved("SEQUENCE", "sequence", &from.name, &to.name);
                }
                let name = qualified(&to.name);
                self.recount(&to.name, (&from.options, &from.ty), (&to.options, &to.ty));
                if from.comment != to.comment {
                    let about = format!("sequence `{}`", to.name);
                    self.comment(&format!("SEQUENCE {name}"), to.comment.as_deref(), &about);
                }
            }
        }
    }

    /// The serial column that a sequence belongs to, and how it counts for it.
    fn serial_of(&self, sequence: &QualifiedName) -> Option<(QualifiedName, Column, SequenceOptions)> {
        let columns = self.state.tables.values().flat_map(|t| t.columns.iter().map(|c| (&t.name, c)));
        let mut serial = columns.filter_map(|(table, c)| match &c.auto {
            Some(Auto::Serial { sequence, options }) => Some((table, c, sequence.as_ref(), options)),
            Some(Auto::Increment | Auto::Identity { .. }) | None => None,
        });
        let found = serial.find(|(table, c, name, _)| serial_name(table, &c.name, *name) == *sequence);
        found.map(|(table, c, _, options)| (table.clone(), c.clone(), options.clone()))
    }

    /// Another way of counting. A narrower type comes last, a wider one first.
    fn recount(&mut self, sequence: &QualifiedName, from: Counting<'_>, to: Counting<'_>) {
        let (name, about) = (qualified(sequence), format!("alter sequence `{sequence}`"));
        let (old, new) =
            (Bounds::of(&SequenceOptions::default(), from.1), Bounds::of(&SequenceOptions::default(), to.1));
        let ty = (from.1 != to.1).then(|| format!("AS {}", type_name(to.1)));
        if let Some((mut wider, position)) = between_bounds(&string(&name), from, to) {
            wider.splice(..0, ty.clone().filter(|_| new.max > old.max));
            if !wider.is_empty() {
                self.say(format!("ALTER SEQUENCE {name} {}", wider.join(" ")), &about);
            }
            self.say(position, &about);
        }
        let mut clauses = recounting(from, to);
        clauses.splice(..0, ty);
        if !clauses.is_empty() {
            self.say(format!("ALTER SEQUENCE {name} {}", clauses.join(" ")), about);
        }
    }

    /// A serial column's sequence is there before the column that reads it.
    pub(super) fn sequence_before(&mut self, table: &QualifiedName, column: &Column) {
        if let Some(Auto::Serial { sequence, options }) = &column.auto {
            let name = serial_name(table, &column.name, sequence.as_ref());
            let ty = type_name(&sequence_type(column, options));
            let kind = self.sequence_kind(table);
            let sql = format!("CREATE {kind} {} AS {ty}{}", qualified(&name), counting(options));
            self.say(sql, format!("create sequence `{name}`"));
        }
    }

    /// The sequence of an unlogged table's column is unlogged too (release notes of 15).
    fn sequence_kind(&self, table: &QualifiedName) -> &'static str {
        let unlogged = self.state.tables.get(table).is_some_and(|t| t.options.unlogged) || self.unlogged;
        if unlogged && self.can.version >= UNLOGGED_SEQUENCES { "UNLOGGED SEQUENCE" } else { "SEQUENCE" }
    }

    /// And belongs to it from then on.
    pub(super) fn sequence_after(&mut self, table: &QualifiedName, column: &Column) {
        if let Some(Auto::Serial { sequence, .. }) = &column.auto {
            let name = serial_name(table, &column.name, sequence.as_ref());
            let owner = format!("{}.{}", qualified(table), identifier(&column.name));
            let sql = format!("ALTER SEQUENCE {} OWNED BY {owner}", qualified(&name));
            self.say(sql, format!("let `{table}.{}` own its sequence", column.name));
        }
    }

    /// From one way of being numbered to another. The position is carried along: an insert afterwards works.
    pub(super) fn renumber(&mut self, table: &QualifiedName, from: &Column, to: &Column) {
        let about = format!("number `{table}.{}`", to.name);
        let column = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&to.name));
        match (&from.auto, &to.auto) {
            (None, None) => {}
            (None, Some(Auto::Serial { sequence, .. })) => {
                let name = serial_name(table, &to.name, sequence.as_ref());
                match self.state.sequences.get(&name).cloned() {
                    Some(own) => {
                        let options = to.auto.as_ref().map(|auto| said(auto).1).unwrap_or_default();
                        self.recount(&name, (&own.options, &own.ty), (&options, &sequence_type(to, &options)));
                        if own.comment.is_some() {
                            self.comment(
                                &format!("SEQUENCE {}", qualified(&name)),
                                None,
                                &format!("sequence `{name}`"),
                            );
                        }
                        self.read_sequence(table, to, &name);
                        self.sequence_after(table, to);
                    }
                    None => {
                        self.sequence_before(table, to);
                        self.read_sequence(table, to, &name);
                        self.sequence_after(table, to);
                        self.catch_up(table, to);
                    }
                }
            }
            (None, Some(auto)) => {
                self.say(format!("{column} ADD {}", identity(auto)), &about);
                self.catch_up(table, to);
            }
            (Some(Auto::Serial { sequence, .. }), None) => {
                let name = serial_name(table, &to.name, sequence.as_ref());
                // It stands by itself already.
                if self.state.sequences.contains_key(&name) {
                    return;
                }
                self.say(format!("{column} DROP DEFAULT"), &about);
                self.say(format!("DROP SEQUENCE {}", qualified(&name)), format!("drop sequence `{name}`"));
            }
            (Some(_), None) => self.say(format!("{column} DROP IDENTITY"), &about),
            (Some(Auto::Serial { sequence: old, options: a }), Some(Auto::Serial { sequence: new, options: b })) => {
                let (old, new) =
                    (serial_name(table, &to.name, old.as_ref()), serial_name(table, &to.name, new.as_ref()));
                if old != new {
                    self.moved("SEQUENCE", "sequence", &old, &new);
                }
                self.recount(&new, (a, &sequence_type(from, a)), (b, &sequence_type(to, b)));
            }
            (Some(Auto::Serial { sequence, .. }), Some(auto)) => {
                self.serial_to_identity(table, (from, to), sequence.as_ref(), auto);
            }
            (Some(_), Some(Auto::Serial { sequence, .. })) => self.identity_to_serial(table, to, sequence.as_ref()),
            (Some(was), Some(will)) => {
                let ((always, a), (will_always, b)) = (said(was), said(will));
                let (old, new) = ((&a, &from.ty), (&b, &to.ty));
                let set = |clauses: Vec<String>| clauses.into_iter().map(|c| format!("SET {c}")).collect::<Vec<_>>();
                // A smaller type has made room already.
                if limits(&to.ty).1 >= limits(&from.ty).1 {
                    self.make_room_to_count(table, to, (&a, &to.ty), new);
                }
                let mut clauses = set(recounting(old, new));
                if always != will_always {
                    clauses.push(format!("SET GENERATED {}", word(will_always)));
                }
                if !clauses.is_empty() {
                    self.say(format!("{column} {}", clauses.join(" ")), &about);
                }
            }
        }
    }

    /// Puts an identity column's sequence where new bounds let it stand.
    fn make_room_to_count(&mut self, table: &QualifiedName, column: &Column, old: Counting<'_>, new: Counting<'_>) {
        let about = format!("number `{table}.{}`", column.name);
        let sequence = format!("pg_get_serial_sequence({}, {})", string(&qualified(table)), string(&column.name));
        if let Some((wider, position)) = between_bounds(&sequence, old, new) {
            if !wider.is_empty() {
                let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&column.name));
                let wider: Vec<String> = wider.into_iter().map(|clause| format!("SET {clause}")).collect();
                self.say(format!("{head} {}", wider.join(" ")), &about);
            }
            self.say(position, about);
        }
    }

    /// Before an identity column takes a smaller type, its sequence, which takes it too, must count within that.
    pub(super) fn narrow_identity(&mut self, table: &QualifiedName, from: &Column, to: &Column) {
        let (Some(Auto::Increment | Auto::Identity { .. }), Some(Auto::Increment | Auto::Identity { .. })) =
            (&from.auto, &to.auto)
        else {
            return;
        };
        let (Some(was), Some(will)) = (&from.auto, &to.auto) else { return };
        let ((_, a), (_, b)) = (said(was), said(will));
        if limits(&to.ty).1 >= limits(&from.ty).1 {
            return;
        }
        self.make_room_to_count(table, to, (&a, &from.ty), (&b, &to.ty));
        let (old, Bounds { min, max, start }) = (Bounds::of(&a, &from.ty), Bounds::of(&b, &to.ty));
        let mut clauses = Vec::new();
        clauses.extend((old.min != min).then(|| format!("SET MINVALUE {min}")));
        clauses.extend((old.max != max).then(|| format!("SET MAXVALUE {max}")));
        clauses.extend((old.start != start).then(|| format!("SET START WITH {start}")));
        if !clauses.is_empty() {
            let head = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&to.name));
            self.say(format!("{head} {}", clauses.join(" ")), format!("number `{table}.{}`", to.name));
        }
    }

    fn read_sequence(&mut self, table: &QualifiedName, column: &Column, sequence: &QualifiedName) {
        let sql = format!(
            "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT nextval({})",
            qualified(table),
            identifier(&column.name),
            string(&qualified(sequence))
        );
        self.say(sql, format!("number `{table}.{}`", column.name));
    }

    /// The old sequence steps aside, so that the new one gets the name that it would have had anyway.
    fn serial_to_identity(
        &mut self,
        table: &QualifiedName,
        (from, to): (&Column, &Column),
        sequence: Option<&Name>,
        auto: &Auto,
    ) {
        let about = format!("turn `{table}.{}` from serial to identity", to.name);
        let old = serial_name(table, &to.name, sequence);
        let aside = old.sibling("limbeck_old_sequence");
        let column = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&to.name));
        self.say(format!("{column} DROP DEFAULT"), &about);
        self.say(format!("ALTER SEQUENCE {} OWNED BY NONE", qualified(&old)), &about);
        self.say(format!("ALTER SEQUENCE {} RENAME TO {}", qualified(&old), identifier(&aside.name)), &about);
        self.say(format!("{column} ADD {}", identity(auto)), &about);
        let of = format!("pg_get_serial_sequence({}, {})", string(&qualified(table)), string(&to.name));
        // One that never gave a number begins where the new one does, unless it was put elsewhere.
        let (_, was) = said(from.auto.as_ref().unwrap_or(auto));
        let old_start = Bounds::of(&was, &sequence_type(from, &was)).start;
        let new = Bounds::of(&said(auto).1, &to.ty);
        let sql = format!(
            "SELECT setval({of}, {}, is_called AND {}) FROM {} WHERE is_called OR last_value <> {old_start}",
            new.nearest("last_value"),
            new.is_within("last_value"),
            qualified(&aside)
        );
        self.say(sql, format!("carry the position of `{table}.{}`", to.name));
        self.say(format!("DROP SEQUENCE {}", qualified(&aside)), &about);
    }

    fn identity_to_serial(&mut self, table: &QualifiedName, to: &Column, sequence: Option<&Name>) {
        let about = format!("turn `{table}.{}` from identity to serial", to.name);
        let new = serial_name(table, &to.name, sequence);
        let aside = new.sibling("limbeck_new_sequence");
        let column = format!("ALTER TABLE {} ALTER COLUMN {}", qualified(table), identifier(&to.name));
        let options = to.auto.as_ref().map(|auto| said(auto).1).unwrap_or_default();
        let ty = sequence_type(to, &options);
        let kind = self.sequence_kind(table);
        let sql = format!("CREATE {kind} {} AS {}{}", qualified(&aside), type_name(&ty), counting(&options));
        self.say(sql, &about);
        let of = format!("pg_get_serial_sequence({}, {})", string(&qualified(table)), string(&to.name));
        let last = format!("pg_sequence_last_value({of}::regclass)");
        let bounds = Bounds::of(&options, &ty);
        let sql = format!(
            "SELECT setval({}, {}, {}) WHERE {last} IS NOT NULL",
            string(&qualified(&aside)),
            bounds.nearest(&last),
            bounds.is_within(&last)
        );
        self.say(sql, format!("carry the position of `{table}.{}`", to.name));
        self.say(format!("{column} DROP IDENTITY"), &about);
        self.say(format!("ALTER SEQUENCE {} RENAME TO {}", qualified(&aside), identifier(&new.name)), &about);
        self.read_sequence(table, to, &new);
        self.sequence_after(table, to);
    }

    /// Rows that are there already have numbers: the next one comes after them.
    fn catch_up(&mut self, table: &QualifiedName, to: &Column) {
        let options = match &to.auto {
            Some(Auto::Identity { options, .. } | Auto::Serial { options, .. }) => options.clone(),
            Some(Auto::Increment) | None => SequenceOptions::default(),
        };
        // A sequence that goes down, or has limits of its own, is its owner's business.
        if options.increment.is_some_and(|i| i < 0) || options.min.is_some() || options.max.is_some() {
            return;
        }
        let of = format!("pg_get_serial_sequence({}, {})", string(&qualified(table)), string(&to.name));
        let column = identifier(&to.name);
        let sql = format!("SELECT setval({of}, max({column})) FROM {} HAVING max({column}) > 0", qualified(table));
        self.say(sql, format!("go on after the numbers in `{table}.{}`", to.name));
    }

    /// A serial column's sequence that no one named follows its table's name.
    pub(super) fn follow_table(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let Some(table) = self.state.tables.get(from).cloned() else { return };
        for column in &table.columns {
            let Some(Auto::Serial { sequence: None, .. }) = &column.auto else { continue };
            // `SET SCHEMA` has moved it already.
            let old = serial_name(&QualifiedName::new(to.schema.clone(), from.name.clone()), &column.name, None);
            let new = serial_name(to, &column.name, None);
            if old != new {
                self.moved("SEQUENCE", "sequence", &old, &new);
            }
        }
    }
}

/// How a column is numbered; what `auto_increment` means here.
fn said(auto: &Auto) -> (bool, SequenceOptions) {
    match auto {
        Auto::Identity { always, options } => (*always, options.clone()),
        Auto::Serial { options, .. } => (false, options.clone()),
        Auto::Increment => (false, SequenceOptions::default()),
    }
}

fn word(always: bool) -> &'static str {
    if always { "ALWAYS" } else { "BY DEFAULT" }
}

/// `GENERATED … AS IDENTITY (…)`.
pub(super) fn identity(auto: &Auto) -> String {
    let (always, options) = said(auto);
    let counting = counting(&options);
    let counting = if counting.is_empty() { String::new() } else { format!(" ({})", counting.trim_start()) };
    format!("GENERATED {} AS IDENTITY{counting}", word(always))
}
