//! Changes in words: one line each, for people.

use std::fmt;

use super::{Change, Delta, In};
use crate::schema::{Column, Default, Index, KeyOf, Literal, Name, Part, Table, Type};

/// A change in words.
///
/// `+ table  account (3 columns, 1 index)`, `- column account.nickname`, `~ column account.email: varchar(64) → text`.
#[derive(Debug)]
pub struct Describe<'a>(pub &'a Change);

impl fmt::Display for Describe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Change::Namespace(it) => line(f, it, "schema", |n| n.name.to_string(), |_| String::new()),
            Change::Extension(it) => line(f, it, "extension", |e| e.name.to_string(), |_| String::new()),
            Change::Enum(it) => line(f, it, "enum", |e| e.name.to_string(), |e| format!(" ({})", names(&e.labels))),
            Change::Label(it) => write!(f, "~ label  {}.{} → {}", it.of, it.from, it.to),
            Change::Domain(it) => line(f, it, "domain", |d| d.name.to_string(), |d| format!(" ({})", type_name(&d.ty))),
            Change::Sequence(it) => line(f, it, "sequence", |s| s.name.to_string(), |_| String::new()),
            Change::Object(it) => {
                let (Delta::Create(o) | Delta::Drop(o) | Delta::Alter { to: o, .. }) = it;
                line(f, it, o.kind.word(), |o| o.name.to_string(), |_| String::new())
            }
            Change::Table(it) => match it {
                Delta::Create(t) => write!(f, "+ table  {} ({})", t.name, parts(t)),
                Delta::Drop(t) => write!(f, "- table  {} ({})", t.name, parts(t)),
                Delta::Alter { from, to } if from.name == to.name => {
                    write!(f, "~ table  {} (options)", from.name)
                }
                Delta::Alter { from, to } => write!(f, "~ table  {} → {}", from.name, to.name),
            },
            Change::Column(it) => match &it.delta {
                Delta::Create(c) => write!(f, "+ column {}.{} ({})", it.table, c.name, column(c)),
                Delta::Drop(c) => write!(f, "- column {}.{} ({})", it.table, c.name, column(c)),
                Delta::Alter { from, to } if from.name != to.name => {
                    write!(f, "~ column {}.{} → {}", it.table, from.name, to.name)
                }
                Delta::Alter { from, to } => {
                    let (before, after) = (column(from), column(to));
                    if before == after {
                        write!(f, "~ column {}.{}", it.table, to.name)
                    } else {
                        write!(f, "~ column {}.{}: {before} → {after}", it.table, to.name)
                    }
                }
            },
            Change::PrimaryKey(it) => part(f, it, "primary key", |k| format!("({})", names(&k.columns))),
            Change::Unique(it) => part(f, it, "unique", |u| format!("({})", names(&u.columns))),
            Change::Check(it) => part(f, it, "check", |c| format!("({})", c.expression)),
            Change::ForeignKey(it) => part(f, it, "foreign key", |k| {
                format!("({}) → {}({})", names(&k.columns), k.references, names(&k.referenced_columns))
            }),
            Change::Exclusion(it) => part(f, it, "exclusion", |x| format!("using {}", x.using)),
            Change::Index(it) => part(f, it, "index", keys),
        }
    }
}

fn line<T>(
    f: &mut fmt::Formatter<'_>,
    delta: &Delta<T>,
    kind: &str,
    name: impl Fn(&T) -> String,
    more: impl Fn(&T) -> String,
) -> fmt::Result {
    match delta {
        Delta::Create(it) => write!(f, "+ {kind:<6} {}{}", name(it), more(it)),
        Delta::Drop(it) => write!(f, "- {kind:<6} {}{}", name(it), more(it)),
        Delta::Alter { from, to } if name(from) != name(to) => {
            write!(f, "~ {kind:<6} {} → {}", name(from), name(to))
        }
        Delta::Alter { from, to } if more(from) != more(to) => {
            write!(f, "~ {kind:<6} {}:{} →{}", name(to), more(from), more(to))
        }
        Delta::Alter { to, .. } => write!(f, "~ {kind:<6} {}", name(to)),
    }
}

fn part<P: Part>(f: &mut fmt::Formatter<'_>, it: &In<P>, kind: &str, text: impl Fn(&P) -> String) -> fmt::Result {
    let called = |p: &P| p.name().map_or_else(String::new, |n| format!(" `{n}`"));
    match &it.delta {
        Delta::Create(p) => write!(f, "+ {kind:<6} {} {}{}", it.table, text(p), called(p)),
        Delta::Drop(p) => write!(f, "- {kind:<6} {} {}{}", it.table, text(p), called(p)),
        Delta::Alter { from, to } => write!(f, "~ {kind:<6} {} {}{} →{}", it.table, text(to), called(from), called(to)),
    }
}

fn names(names: &[Name]) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}

fn keys(index: &Index) -> String {
    let keys: Vec<&str> = index
        .keys
        .iter()
        .map(|k| match &k.of {
            KeyOf::Column(name) => name.as_str(),
            KeyOf::Expression(expression) => expression.as_str(),
        })
        .collect();
    format!("({}){}", keys.join(", "), if index.unique { " unique" } else { "" })
}

fn parts(t: &Table) -> String {
    let count = |n: usize, one: &str, many: &str| (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { many }));
    [
        count(t.columns.len(), "column", "columns"),
        count(t.uniques.len(), "unique", "uniques"),
        count(t.indexes.len(), "index", "indexes"),
        count(t.foreign_keys.len(), "foreign key", "foreign keys"),
        count(t.checks.len(), "check", "checks"),
        count(t.exclusions.len(), "exclusion", "exclusions"),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

fn column(c: &Column) -> String {
    let mut text = type_name(&c.ty);
    if c.nullable {
        text.push_str(", null");
    }
    match &c.default {
        None => {}
        Some(Default::Sql(sql)) => text.push_str(&format!(", default {sql}")),
        Some(Default::Literal(literal)) => text.push_str(&format!(
            ", default {}",
            match literal {
                Literal::Boolean(b) => b.to_string(),
                Literal::Integer(i) => i.to_string(),
                Literal::Float(x) => x.clone(),
                Literal::Text(t) => format!("'{t}'"),
            }
        )),
    }
    if c.generated.is_some() {
        text.push_str(", generated");
    }
    text
}

/// A type in words: PostgreSQL's, in lower case.
#[must_use]
pub fn type_name(ty: &Type) -> String {
    let with = |name: &str, n: &Option<u8>| n.map_or_else(|| name.to_owned(), |n| format!("{name}({n})"));
    match ty {
        Type::Boolean => "boolean".into(),
        Type::SmallInt => "smallint".into(),
        Type::Integer => "integer".into(),
        Type::BigInt => "bigint".into(),
        Type::Real => "real".into(),
        Type::Double => "double precision".into(),
        Type::Numeric(None) => "numeric".into(),
        Type::Numeric(Some((p, s))) => format!("numeric({p}, {s})"),
        Type::Text => "text".into(),
        Type::Varchar(None) => "varchar".into(),
        Type::Varchar(Some(n)) => format!("varchar({n})"),
        Type::Char(n) => format!("char({n})"),
        Type::Bytes => "bytea".into(),
        Type::Date => "date".into(),
        Type::Time(p) => with("time", p),
        Type::TimeTz(p) => with("timetz", p),
        Type::Timestamp(p) => with("timestamp", p),
        Type::TimestampTz(p) => with("timestamptz", p),
        Type::Interval(p) => with("interval", p),
        Type::Uuid => "uuid".into(),
        Type::Json => "json".into(),
        Type::Jsonb => "jsonb".into(),
        Type::Array(of) => format!("{}[]", type_name(of)),
        Type::Named(name) => name.to_string(),
        Type::Sql(text) => text.clone(),
    }
}
