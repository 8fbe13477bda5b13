//! The tags of what a schema holds. Frozen: none is renamed, none is used again.

use super::encode::{Encode, node, record, words};
use crate::schema::{
    Action, Auto, Check, Column, ColumnVariant, Conflict, Database, Default, Deferrable, Domain, DomainCheck, Enum,
    Exclusion, ExclusionElement, Expression, Extension, ForeignKey, Generated, Index, Key, KeyOf, Literal, Match, Name,
    Namespace, Nulls, Online, Order, PrimaryKey, QualifiedName, Sequence, SequenceOptions, Sort, SqlObject,
    SqlObjectKind, Table, TableOptions, Type, Unique,
};

impl Encode for Name {
    fn encode(&self, out: &mut String) {
        self.as_str().encode(out);
    }
}

impl Encode for Expression {
    fn encode(&self, out: &mut String) {
        self.as_str().encode(out);
    }
}

impl Encode for Database {
    fn encode(&self, out: &mut String) {
        self.0.encode(out);
    }
}

impl Encode for QualifiedName {
    fn encode(&self, out: &mut String) {
        match &self.schema {
            Some(schema) => node(out, "in", &[schema, &self.name]),
            None => self.name.encode(out),
        }
    }
}

impl Encode for Type {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Boolean => node(out, "boolean", &[]),
            Self::SmallInt => node(out, "smallint", &[]),
            Self::Integer => node(out, "integer", &[]),
            Self::BigInt => node(out, "bigint", &[]),
            Self::Real => node(out, "real", &[]),
            Self::Double => node(out, "double", &[]),
            Self::Numeric(None) => node(out, "numeric", &[]),
            Self::Numeric(Some((precision, scale))) => node(out, "numeric", &[precision, scale]),
            Self::Text => node(out, "text", &[]),
            Self::Varchar(None) => node(out, "varchar", &[]),
            Self::Varchar(Some(length)) => node(out, "varchar", &[length]),
            Self::Char(length) => node(out, "char", &[length]),
            Self::Bytes => node(out, "bytes", &[]),
            Self::Date => node(out, "date", &[]),
            Self::Time(precision) => node(out, "time", &[precision]),
            Self::TimeTz(precision) => node(out, "timetz", &[precision]),
            Self::Timestamp(precision) => node(out, "timestamp", &[precision]),
            Self::TimestampTz(precision) => node(out, "timestamptz", &[precision]),
            Self::Interval(precision) => node(out, "interval", &[precision]),
            Self::Uuid => node(out, "uuid", &[]),
            Self::Json => node(out, "json", &[]),
            Self::Jsonb => node(out, "jsonb", &[]),
            Self::Array(of) => node(out, "array", &[&**of]),
            Self::Named(name) => node(out, "named", &[name]),
            Self::Sql(text) => node(out, "sql", &[text]),
        }
    }
}

impl Encode for Default {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Literal(Literal::Boolean(value)) => node(out, "boolean", &[value]),
            Self::Literal(Literal::Integer(value)) => node(out, "integer", &[value]),
            Self::Literal(Literal::Float(value)) => node(out, "float", &[value]),
            Self::Literal(Literal::Text(value)) => node(out, "text", &[value]),
            Self::Sql(sql) => node(out, "sql", &[sql]),
        }
    }
}

impl Encode for Auto {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Increment => node(out, "increment", &[]),
            Self::Identity { always, options } => node(out, "identity", &[always, options]),
            Self::Serial { sequence, options } => node(out, "serial", &[sequence, options]),
        }
    }
}

impl Encode for KeyOf {
    fn encode(&self, out: &mut String) {
        match self {
            Self::Column(name) => node(out, "column", &[name]),
            Self::Expression(expression) => node(out, "expression", &[expression]),
        }
    }
}

record!(Namespace, "schema" { name "name", comment "comment" });
record!(Extension, "extension" { name "name", schema "schema", version "version" });
record!(Enum, "enum" { name "name", labels "labels", comment "comment" });
record!(Domain, "domain" {
    name "name", ty "type", not_null "not_null", default "default", checks "checks", collation "collation",
    comment "comment",
});
record!(DomainCheck, "check" { name "name", expression "expression", not_valid "not_valid" });
record!(Sequence, "sequence" { name "name", ty "type", options "options", comment "comment" });
record!(SequenceOptions, "counting" {
    start "start", increment "increment", min "min", max "max", cache "cache", cycle "cycle",
});
record!(SqlObject, "object" { kind "kind", name "name", table "table", sql "sql", comment "comment" } without { found });
record!(Table, "table" {
    name "name", columns "columns", primary_key "primary_key", uniques "uniques", checks "checks",
    foreign_keys "foreign_keys", exclusions "exclusions", indexes "indexes", options "options",
});
record!(TableOptions, "options" {
    comment "comment", unlogged "unlogged", with "with", partition_by "partition_by", strict "strict", without_rowid "without_rowid",
} without { spelling });
record!(Column, "column" {
    name "name", ty "type", nullable "nullable", default "default", generated "generated", auto "auto",
    collation "collation", comment "comment", storage "storage", compression "compression",
    not_null_conflict "not_null_conflict", variants "variants",
});
record!(ColumnVariant, "variant" {
    ty "type", default "default", generated "generated", collation "collation",
});
record!(Generated, "generated" { expression "expression", stored "stored" });
record!(PrimaryKey, "primary_key" {
    name "name", columns "columns", include "include", period "period", deferrable "deferrable", conflict "conflict", sorts "sorts",
    comment "comment",
});
record!(Unique, "unique" {
    name "name", columns "columns", include "include", nulls_not_distinct "nulls_not_distinct",
    period "period", deferrable "deferrable", conflict "conflict", sorts "sorts", comment "comment",
} without { spelling });
record!(Sort, "sort" { order "order", collation "collation" });
record!(Check, "check" {
    name "name", expression "expression", no_inherit "no_inherit", not_valid "not_valid", not_enforced "not_enforced", only "only",
    comment "comment",
} without { spelling });
record!(ForeignKey, "foreign_key" {
    name "name", columns "columns", references "references", referenced_columns "referenced_columns",
    on_delete "on_delete", on_update "on_update", on_delete_columns "on_delete_columns", period "period", matching "match",
    deferrable "deferrable", not_valid "not_valid", not_enforced "not_enforced", comment "comment",
} without { spelling });
record!(Exclusion, "exclusion" {
    name "name", using "using", elements "elements", include "include", predicate "where", deferrable "deferrable",
    comment "comment",
});
record!(ExclusionElement, "element" { key "key", operator "operator" });
impl Encode for Online {
    fn encode(&self, out: &mut String) {
        self.0.encode(out);
    }

    fn is_unsaid(&self) -> bool {
        self.0.is_unsaid()
    }
}

record!(Index, "index" {
    name "name", unique "unique", using "using", keys "keys", include "include", predicate "where",
    nulls_not_distinct "nulls_not_distinct", with "with", only "only", comment "comment",
    online "concurrently",
} without { spelling });
record!(Key, "key" { of "of", order "order", nulls "nulls", opclass "opclass", collation "collation" });

words!(Order { Ascending "asc", Descending "desc" });
words!(Nulls { all First "first", Last "last" });
words!(Action {
    NoAction "no_action", Restrict "restrict", Cascade "cascade", SetNull "set_null", SetDefault "set_default",
});
words!(Match { Simple "simple", Full "full", Partial "partial" });
words!(Deferrable { No "no", Immediate "immediate", Deferred "deferred" });
words!(Conflict {
    all Rollback "rollback", Abort "abort", Fail "fail", Ignore "ignore", Replace "replace",
});
words!(SqlObjectKind {
    all View "view", Trigger "trigger", VirtualTable "virtual_table", MaterializedView "materialized_view",
    Routine "routine", Rule "rule", Policy "policy", RowSecurity "row_security", Privileges "privileges",
    CompositeType "composite_type", RangeType "range_type", Setting "setting",
    ChildTable "child_table", Collation "collation",
});
