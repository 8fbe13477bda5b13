//! The tags of steps. Frozen: none is renamed, none is used again.

use super::encode::{Encode, node, record};
use crate::source::{Backfill, ColumnEdit, EnumEdit, Item, NewName, PartRef, Sql, Step, TableEdit, Target, Value};

impl Encode for Step {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Create(item) => node(out, "create", &[item]),
            Self::Drop(target) => node(out, "drop", &[target]),
            Self::Rename(target, to) => node(out, "rename", &[target, to]),
            Self::Comment(target, comment) => node(out, "comment", &[target, comment]),
            Self::AlterColumn(table, name, edits) => node(out, "alter_column", &[table, name, edits]),
            Self::AlterTable(name, edits) => node(out, "alter_table", &[name, edits]),
            Self::AlterEnum(name, edits) => node(out, "alter_enum", &[name, edits]),
            Self::Alter(item) => node(out, "alter", &[item]),
            Self::Sql(sql) => sql.encode(out),
            // Nobody sees into code: that there is some, and where, is all that can be said.
            Self::Run(_) => node(out, "run", &[]),
            Self::Backfill(backfill) => backfill.encode(out),
            Self::Effect(steps) => node(out, "effect", &[steps]),
            Self::Only(database, steps) => node(out, "only", &[database, steps]),
            Self::AssertNone(what, query) => node(out, "assert_none", &[what, query]),
            Self::Validate(table, name) => node(out, "validate", &[table, name]),
            Self::Nothing(why) => node(out, "nothing", &[why]),
            Self::KeepDropped(steps) => node(out, "keep_dropped", &[steps]),
            Self::RestoreDropped(steps) => node(out, "restore_dropped", &[steps]),
            Self::Irreversible(why) => node(out, "irreversible", &[why]),
        }
    }
}

impl Encode for Value {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Sql(expression) => expression.encode(out),
            Self::Placeholder(ty) => node(out, "placeholder", &[ty]),
        }
    }
}

record!(Backfill, "backfill" { table "table", set "set", filter "where", batch "batch" });
record!(Sql, "sql" { text "text", repeatable "repeatable", alone "alone" });

impl Encode for Item {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Namespace(it) => it.encode(out),
            Self::Extension(it) => it.encode(out),
            Self::Enum(it) => it.encode(out),
            Self::Domain(it) => it.encode(out),
            Self::Sequence(it) => it.encode(out),
            Self::Table(it) => it.encode(out),
            Self::Object(it) => it.encode(out),
            Self::Column(table, it) => node(out, "of", &[table, it]),
            Self::PrimaryKey(table, it) => node(out, "of", &[table, it]),
            Self::Unique(table, it) => node(out, "of", &[table, it]),
            Self::Check(table, it) => node(out, "of", &[table, it]),
            Self::ForeignKey(table, it) => node(out, "of", &[table, it]),
            Self::Exclusion(table, it) => node(out, "of", &[table, it]),
            Self::Index(table, it) => node(out, "of", &[table, it]),
        }
    }
}

impl Encode for Target {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Namespace(name) => node(out, "schema", &[name]),
            Self::Extension(name) => node(out, "extension", &[name]),
            Self::Enum(name) => node(out, "enum", &[name]),
            Self::Label(of, label) => node(out, "label", &[of, label]),
            Self::Domain(name) => node(out, "domain", &[name]),
            Self::Sequence(name) => node(out, "sequence", &[name]),
            Self::Table(name) => node(out, "table", &[name]),
            Self::Object(name) => node(out, "object", &[name]),
            Self::Column(table, name) => node(out, "column", &[table, name]),
            Self::PrimaryKey(table) => node(out, "primary_key", &[table]),
            Self::Unique(table, part) => node(out, "unique", &[table, part]),
            Self::Check(table, part) => node(out, "check", &[table, part]),
            Self::ForeignKey(table, part) => node(out, "foreign_key", &[table, part]),
            Self::Exclusion(table, part) => node(out, "exclusion", &[table, part]),
            Self::Index(table, part) => node(out, "index", &[table, part]),
        }
    }
}

impl<P: Encode> Encode for PartRef<P> {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Name(name) => node(out, "name", &[name]),
            Self::Like(part) => node(out, "like", &[part]),
        }
    }
}

impl Encode for NewName {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Name(name) => node(out, "name", &[name]),
            Self::Moved(name) => node(out, "moved", &[name]),
            Self::Undeclared => node(out, "undeclared", &[]),
        }
    }
}

impl Encode for ColumnEdit {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Type(to) => node(out, "type", &[to]),
            Self::Nullable(to) => node(out, "nullable", &[to]),
            Self::Default(to) => node(out, "default", &[to]),
            Self::Generated(to) => node(out, "generated", &[to]),
            Self::Auto(to) => node(out, "auto", &[to]),
            Self::Collation(to) => node(out, "collation", &[to]),
            Self::Comment(to) => node(out, "comment", &[to]),
            Self::Storage(to) => node(out, "storage", &[to]),
            Self::Compression(to) => node(out, "compression", &[to]),
            Self::NotNullConflict(to) => node(out, "not_null_conflict", &[to]),
            Self::Variants(to) => node(out, "variants", &[to]),
        }
    }
}

impl Encode for TableEdit {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Comment(to) => node(out, "comment", &[to]),
            Self::Unlogged(to) => node(out, "unlogged", &[to]),
            Self::With(to) => node(out, "with", &[to]),
            Self::Strict(to) => node(out, "strict", &[to]),
            Self::WithoutRowid(to) => node(out, "without_rowid", &[to]),
        }
    }
}

impl Encode for EnumEdit {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Labels(to) => node(out, "labels", &[to]),
            Self::Comment(to) => node(out, "comment", &[to]),
        }
    }
}
