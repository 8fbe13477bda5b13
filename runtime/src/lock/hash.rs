//! The hash, as `const fn`: see the module above for the encoding, which is frozen. No tag is renamed or used again.

use crate::schema::{Action, Database, Deferrable, Nulls, Order};
use crate::table::text::{fail, same};
use crate::table::{
    AutoDef, CheckDef, ColumnDef, DefaultDef, EnumDef, ExclusionDef, ForeignKeyDef, IndexDef, KeyDef, KeyOfDef,
    OptionsDef, ReferenceDef, SequenceDef, StoredDef, TableDef, TypeDef, UniqueDef, VariantDef,
};

/// What was said so far.
#[derive(Clone, Copy)]
struct Hash(u128);

/// FNV-1a, 128 bits (IETF draft-eastlake-fnv, section 5).
const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl Hash {
    /// A part of this kind.
    const fn of(kind: &str) -> Self {
        Self(BASIS).text(kind)
    }

    const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u128).wrapping_mul(PRIME))
    }

    const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            self.0 = (self.0 ^ bytes[at] as u128).wrapping_mul(PRIME);
            at += 1;
        }
        // No byte of UTF-8.
        self.byte(0xff)
    }

    const fn number(mut self, number: i64) -> Self {
        self = self.byte(0xfe);
        let bytes = number.to_le_bytes();
        let mut at = 0;
        while at < bytes.len() {
            self = self.byte(bytes[at]);
            at += 1;
        }
        self
    }

    const fn flag(self, tag: &str, set: bool) -> Self {
        if set { self.text(tag) } else { self }
    }

    const fn maybe(self, tag: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(tag).text(text),
            None => self,
        }
    }

    const fn maybe_number(self, tag: &str, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.text(tag).number(number),
            None => self,
        }
    }

    const fn list(mut self, tag: &str, texts: &[&str]) -> Self {
        if texts.is_empty() {
            return self;
        }
        self = self.text(tag).number(texts.len() as i64);
        let mut at = 0;
        while at < texts.len() {
            self = self.text(texts[at]);
            at += 1;
        }
        self
    }

    const fn only(self, database: Option<Database>) -> Self {
        match database {
            Some(database) => self.text("only").text(database.0),
            None => self,
        }
    }

    /// Values of sums: without this, parts whose last bytes are exchanged could have the sum that they had before.
    const fn finish(self) -> u128 {
        let mut hash = self.0;
        let mut round = 0;
        while round < 3 {
            hash ^= hash >> 64;
            hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
            round += 1;
        }
        hash
    }

    const fn ty(self, ty: &TypeDef) -> Self {
        let (word, first, second) = match *ty {
            TypeDef::Boolean => ("boolean", None, None),
            TypeDef::SmallInt => ("smallint", None, None),
            TypeDef::Integer => ("integer", None, None),
            TypeDef::BigInt => ("bigint", None, None),
            TypeDef::Real => ("real", None, None),
            TypeDef::Double => ("double", None, None),
            TypeDef::Numeric(None) => ("numeric", None, None),
            TypeDef::Numeric(Some((precision, scale))) => ("numeric", Some(precision as i64), Some(scale as i64)),
            TypeDef::Text => ("text", None, None),
            TypeDef::Varchar(None) => ("varchar", None, None),
            TypeDef::Varchar(Some(length)) => ("varchar", Some(length as i64), None),
            TypeDef::Char(length) => ("char", Some(length as i64), None),
            TypeDef::Bytes => ("bytes", None, None),
            TypeDef::Date => ("date", None, None),
            TypeDef::Time(precision) => ("time", digits(precision), None),
            TypeDef::TimeTz(precision) => ("timetz", digits(precision), None),
            TypeDef::Timestamp(precision) => ("timestamp", digits(precision), None),
            TypeDef::TimestampTz(precision) => ("timestamptz", digits(precision), None),
            TypeDef::Interval(precision) => ("interval", digits(precision), None),
            TypeDef::Uuid => ("uuid", None, None),
            TypeDef::Json => ("json", None, None),
            TypeDef::Jsonb => ("jsonb", None, None),
            TypeDef::Array(of) => return self.text("array").ty(of),
            TypeDef::Enum(of) => return self.enumeration(of),
            TypeDef::Sql(text) => return self.text("sql").text(text),
        };
        self.text(word).maybe_number("first", first).maybe_number("second", second)
    }

    /// An enum with a type of its own has a line of its own; another is what its columns may hold.
    const fn enumeration(self, of: &EnumDef) -> Self {
        match of.stored {
            StoredDef::Type => self.text("enum").maybe("schema", of.schema).text(of.name),
            StoredDef::Text => self.text("words").list("labels", of.labels),
            StoredDef::Integer(number, values) => {
                let mut hash = self.text("numbers").ty(number).number(values.len() as i64);
                let mut at = 0;
                while at < values.len() {
                    hash = hash.number(values[at]);
                    at += 1;
                }
                hash
            }
        }
    }

    const fn default(self, default: &Option<DefaultDef>) -> Self {
        match default {
            None => self,
            Some(DefaultDef::Boolean(value)) => self.text("default").text(if *value { "true" } else { "false" }),
            Some(DefaultDef::Integer(value)) => self.text("default").text("integer").number(*value),
            Some(DefaultDef::Float(text)) => self.text("default").text("float").text(text),
            Some(DefaultDef::Text(text)) => self.text("default").text("text").text(text),
            Some(DefaultDef::Sql(sql)) => self.text("default").text("sql").text(sql),
        }
    }

    const fn generated(self, generated: &Option<(&str, bool)>) -> Self {
        match generated {
            Some((sql, stored)) => self.text("generated").text(sql).flag("virtual", !*stored),
            None => self,
        }
    }

    const fn auto(self, auto: &Option<AutoDef>) -> Self {
        match auto {
            None => self,
            Some(AutoDef::Increment) => self.text("increment"),
            Some(AutoDef::Serial) => self.text("serial"),
            Some(AutoDef::Identity { always, options }) => {
                let SequenceDef { start, increment, min, max, cache, cycle } = *options;
                self.text("identity")
                    .flag("always", *always)
                    .maybe_number("start", start)
                    .maybe_number("step", increment)
                    .maybe_number("min", min)
                    .maybe_number("max", max)
                    .maybe_number("cache", cache)
                    .flag("cycle", cycle)
            }
        }
    }

    const fn variant(self, database: Database, variant: &VariantDef) -> Self {
        let VariantDef { ty, default, generated, collation } = variant;
        let hash = self.text("on").text(database.0).maybe("type", *ty);
        let hash = match default {
            Some(None) => hash.text("no default"),
            Some(default) => hash.default(default),
            None => hash,
        };
        hash.generated(generated).maybe("collation", *collation)
    }

    const fn deferrable(self, when: Deferrable) -> Self {
        match when {
            Deferrable::No => self,
            Deferrable::Immediate => self.text("deferrable"),
            Deferrable::Deferred => self.text("deferred"),
        }
    }

    const fn action(self, tag: &str, action: Action) -> Self {
        match action {
            Action::NoAction => self,
            Action::Restrict => self.text(tag).text("restrict"),
            Action::Cascade => self.text(tag).text("cascade"),
            Action::SetNull => self.text(tag).text("set null"),
            Action::SetDefault => self.text(tag).text("set default"),
        }
    }

    const fn key(self, key: &KeyDef) -> Self {
        let KeyDef { of, order, nulls, opclass, collation } = key;
        let hash = match of {
            KeyOfDef::Column(name) => self.text("key").text(name),
            KeyOfDef::Expression(sql) => self.text("expression").text(sql),
        };
        let hash = hash.flag("desc", matches!(order, Order::Descending));
        let hash = hash.flag("nulls first", matches!(nulls, Some(Nulls::First)));
        let hash = hash.flag("nulls last", matches!(nulls, Some(Nulls::Last)));
        hash.maybe("opclass", *opclass).maybe("collation", *collation)
    }
}

const fn digits(precision: Option<u8>) -> Option<i64> {
    match precision {
        Some(precision) => Some(precision as i64),
        None => None,
    }
}

/// Everything about a table but its foreign keys to models.
pub(super) const fn table(def: &TableDef) -> u128 {
    let OptionsDef { comment, renamed_from: _, group: _, primary_key_name, unlogged, with, strict, without_rowid } =
        def.options;
    let mut sum = Hash::of("table")
        .maybe("schema", def.schema)
        .text(def.name)
        .list("primary key", def.primary_key)
        .maybe("named", primary_key_name)
        .maybe("comment", comment)
        .flag("unlogged", unlogged)
        .flag("strict", strict)
        .flag("without rowid", without_rowid)
        .finish();
    let mut at = 0;
    while at < with.len() {
        sum = sum.wrapping_add(Hash::of("with").text(with[at].0).text(with[at].1).finish());
        at += 1;
    }
    sum.wrapping_add(parts(def))
}

/// The sum of a table's parts, and of those of the structs flattened into it.
const fn parts(def: &TableDef) -> u128 {
    let mut sum = keys_by_name(def);
    let mut at = 0;
    while at < def.columns.len() {
        sum = sum.wrapping_add(column(&def.columns[at]));
        at += 1;
    }
    at = 0;
    while at < def.uniques.len() {
        sum = sum.wrapping_add(unique(&def.uniques[at]));
        at += 1;
    }
    at = 0;
    while at < def.checks.len() {
        let CheckDef { name, expression, only } = def.checks[at];
        let hash = Hash::of("check").text(expression).maybe("name", name).only(only);
        sum = sum.wrapping_add(hash.finish());
        at += 1;
    }
    at = 0;
    while at < def.exclusions.len() {
        sum = sum.wrapping_add(exclusion(&def.exclusions[at]));
        at += 1;
    }
    at = 0;
    while at < def.indexes.len() {
        sum = sum.wrapping_add(index(&def.indexes[at]));
        at += 1;
    }
    at = 0;
    while at < def.flattened.len() {
        sum = sum.wrapping_add(parts(def.flattened[at].1));
        at += 1;
    }
    sum
}

const fn column(def: &ColumnDef) -> u128 {
    let ColumnDef {
        field: _,
        name,
        ty,
        nullable,
        default,
        generated,
        auto,
        collation,
        comment,
        renamed_from: _,
        backfill: _,
        variants,
    } = def;
    let mut hash = Hash::of("column")
        .text(name)
        .ty(ty)
        .flag("null", *nullable)
        .default(default)
        .generated(generated)
        .auto(auto)
        .maybe("collation", *collation)
        .maybe("comment", *comment);
    let mut at = 0;
    while at < variants.len() {
        hash = hash.variant(variants[at].0, &variants[at].1);
        at += 1;
    }
    hash.finish()
}

const fn unique(def: &UniqueDef) -> u128 {
    let UniqueDef { name, columns, include, nulls_not_distinct, deferrable } = def;
    Hash::of("unique")
        .list("columns", columns)
        .maybe("name", *name)
        .list("include", include)
        .flag("nulls not distinct", *nulls_not_distinct)
        .deferrable(*deferrable)
        .finish()
}

const fn exclusion(def: &ExclusionDef) -> u128 {
    let ExclusionDef { name, using, elements, predicate, deferrable } = def;
    let mut hash = Hash::of("exclusion").text(using).number(elements.len() as i64);
    let mut at = 0;
    while at < elements.len() {
        hash = hash.key(&elements[at].0).text(elements[at].1);
        at += 1;
    }
    hash.maybe("name", *name).maybe("where", *predicate).deferrable(*deferrable).finish()
}

const fn index(def: &IndexDef) -> u128 {
    let IndexDef { name, unique, using, keys, include, predicate, nulls_not_distinct, with, only, concurrently: _ } =
        def;
    let mut hash = Hash::of("index").number(keys.len() as i64);
    let mut at = 0;
    while at < keys.len() {
        hash = hash.key(&keys[at]);
        at += 1;
    }
    hash = hash
        .maybe("name", *name)
        .flag("unique", *unique)
        .maybe("using", *using)
        .list("include", include)
        .maybe("where", *predicate)
        .flag("nulls not distinct", *nulls_not_distinct)
        .only(*only);
    at = 0;
    while at < with.len() {
        hash = hash.text("with").text(with[at].0).text(with[at].1);
        at += 1;
    }
    hash.finish()
}

/// The foreign keys of a struct to models, whose tables are given in the order of the keys: what a key holds is a function,
/// which the compiler does not call.
#[must_use]
pub const fn keys(def: &TableDef, targets: &[&TableDef]) -> u128 {
    let (mut sum, mut at, mut target) = (0u128, 0, 0);
    while at < def.foreign_keys.len() {
        let key = &def.foreign_keys[at];
        if let ReferenceDef::Model { fields, .. } = key.references
            && target < targets.len()
        {
            let there = targets[target];
            let mut hash = references(there.schema, there.name, fields.len());
            let mut field = 0;
            while field < fields.len() {
                hash = hash.text(named(there, fields[field]));
                field += 1;
            }
            sum = sum.wrapping_add(foreign_key(hash, key));
            target += 1;
        }
        at += 1;
    }
    sum
}

/// The foreign keys of a struct to tables without a model.
const fn keys_by_name(def: &TableDef) -> u128 {
    let (mut sum, mut at) = (0u128, 0);
    while at < def.foreign_keys.len() {
        let key = &def.foreign_keys[at];
        if let ReferenceDef::Table { schema, table, columns } = key.references {
            let mut hash = references(schema, table, columns.len());
            let mut column = 0;
            while column < columns.len() {
                hash = hash.text(columns[column]);
                column += 1;
            }
            sum = sum.wrapping_add(foreign_key(hash, key));
        }
        at += 1;
    }
    sum
}

const fn references(schema: Option<&str>, table: &str, columns: usize) -> Hash {
    Hash::of("foreign key").maybe("schema", schema).text(table).number(columns as i64)
}

const fn foreign_key(hash: Hash, def: &ForeignKeyDef) -> u128 {
    let ForeignKeyDef { name, columns, references: _, on_delete, on_update, deferrable } = def;
    hash.list("columns", columns)
        .maybe("name", *name)
        .action("on delete", *on_delete)
        .action("on update", *on_update)
        .deferrable(*deferrable)
        .finish()
}

/// The column of a field.
const fn named(table: &TableDef, field: &'static str) -> &'static str {
    let mut at = 0;
    while at < table.columns.len() {
        if same(table.columns[at].field, field) {
            return table.columns[at].name;
        }
        at += 1;
    }
    field
}

/// An enum with a type of its own.
pub(super) const fn enumeration(def: &EnumDef) -> u128 {
    let EnumDef { schema, name, labels, comment, renamed_from: _, renamed_labels: _, stored: _, model: _, package: _ } =
        def;
    Hash::of("enum").maybe("schema", *schema).text(name).list("labels", labels).maybe("comment", *comment).finish()
}

/// Stops the compiler when a model is not what `limbeck.lock` says of it. `foreign` is the sum of its foreign keys to
/// models, and of those of what is flattened into it.
///
/// # Panics
///
/// While compiling, with the model and the command that helps.
#[track_caller]
pub const fn assert_table(def: &TableDef, foreign: u128, locked: Option<u128>) {
    let (now, model) = (table(def).wrapping_add(foreign), def.model);
    match locked {
        Some(locked) if locked == now => {}
        Some(_) => changed("the model `", model, "` (table `", def.name),
        None => missing("the model `", model, "` (table `", def.name),
    }
}

/// Stops the compiler when an enum is not what `limbeck.lock` says of it. One that is not in it is part of no table.
///
/// # Panics
///
/// While compiling, with the enum and the command that helps.
#[track_caller]
pub const fn assert_enum(def: &EnumDef, locked: u128) {
    if enumeration(def) != locked {
        changed("the enum `", def.model, "` (type `", def.name);
    }
}

#[track_caller]
const fn changed(kind: &str, model: &str, object: &str, name: &str) -> ! {
    fail(&[
        kind,
        model,
        object,
        name,
        "`) is not what the migrations make of it: write one with `cargo limbeck revision`, or set LIMBECK_DRIFT=off \
         to build all the same",
    ])
}

#[track_caller]
const fn missing(kind: &str, model: &str, object: &str, name: &str) -> ! {
    fail(&[
        kind,
        model,
        object,
        name,
        "`) is in no migration: write one with `cargo limbeck revision`, or set LIMBECK_DRIFT=off to build all the same",
    ])
}
