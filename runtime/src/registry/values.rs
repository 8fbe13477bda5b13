//! What models declare, as the values of a schema.

use super::RegistryError;
use crate::schema::{
    Auto, Check, Column, ColumnVariant, Default, Enum, Exclusion, ExclusionElement, Expression, ForeignKey, Generated,
    Index, Key, KeyOf, Literal, Name, Online, PrimaryKey, QualifiedName, SequenceOptions, Table, Type, Unique,
};
use crate::table::{
    AutoDef, CheckDef, ColumnDef, DefaultDef, EnumDef, ExclusionDef, ForeignKeyDef, IndexDef, KeyDef, KeyOfDef,
    OptionsDef, ReferenceDef, SequenceDef, StoredDef, TableDef, TypeDef, UniqueDef, VariantDef,
};

pub(super) fn name(def: &TableDef) -> QualifiedName {
    QualifiedName::new(def.schema.map(Name::from_static), Name::from_static(def.name))
}

pub(super) fn names(list: &[&'static str]) -> Vec<Name> {
    list.iter().map(|n| Name::from_static(n)).collect()
}

pub(super) fn text(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

pub(crate) fn enum_of(ty: &TypeDef) -> Option<&'static EnumDef> {
    match ty {
        TypeDef::Enum(def) => Some(def),
        TypeDef::Array(of) => enum_of(of),
        TypeDef::Boolean
        | TypeDef::SmallInt
        | TypeDef::Integer
        | TypeDef::BigInt
        | TypeDef::Real
        | TypeDef::Double
        | TypeDef::Numeric(_)
        | TypeDef::Text
        | TypeDef::Varchar(_)
        | TypeDef::Char(_)
        | TypeDef::Bytes
        | TypeDef::Date
        | TypeDef::Time(_)
        | TypeDef::TimeTz(_)
        | TypeDef::Timestamp(_)
        | TypeDef::TimestampTz(_)
        | TypeDef::Interval(_)
        | TypeDef::Uuid
        | TypeDef::Json
        | TypeDef::Jsonb
        | TypeDef::Sql(_) => None,
    }
}

pub(super) fn enum_name(def: &EnumDef) -> QualifiedName {
    QualifiedName::new(def.schema.map(Name::from_static), Name::from_static(def.name))
}

pub(super) fn enumeration(def: &EnumDef) -> Enum {
    Enum { name: enum_name(def), labels: names(def.labels), comment: text(def.comment) }
}

pub(super) fn table(def: &'static TableDef) -> Result<Table, RegistryError> {
    let TableDef {
        schema: _,
        name: _,
        model: _,
        package: _,
        at: _,
        columns: _,
        flattened: _,
        primary_key,
        uniques: _,
        checks: _,
        foreign_keys: _,
        exclusions: _,
        indexes: _,
        options,
    } = def;
    let OptionsDef { comment, renamed_from: _, group: _, primary_key_name, unlogged, with, strict, without_rowid } =
        *options;
    let mut table = Table::new(name(def));
    table.columns = def.all_columns().into_iter().map(column).collect();
    if !primary_key.is_empty() {
        let mut key = PrimaryKey::new(names(primary_key));
        key.name = primary_key_name.map(Name::from_static);
        table.primary_key = Some(key);
    }
    for part in def.parts() {
        table.uniques.extend(part.uniques.iter().map(unique));
        table.checks.extend(part.checks.iter().map(check));
        for key in part.foreign_keys {
            table.foreign_keys.push(foreign_key(def, key)?);
        }
        table.exclusions.extend(part.exclusions.iter().map(exclusion));
        table.indexes.extend(part.indexes.iter().map(index));
    }
    table.checks.extend(def.all_columns().into_iter().filter_map(values));
    table.options.comment = text(comment);
    table.options.unlogged = unlogged;
    table.options.with = with.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    table.options.strict = strict;
    table.options.without_rowid = without_rowid;
    Ok(table)
}

pub(super) fn ty(def: &TypeDef) -> Type {
    match *def {
        TypeDef::Boolean => Type::Boolean,
        TypeDef::SmallInt => Type::SmallInt,
        TypeDef::Integer => Type::Integer,
        TypeDef::BigInt => Type::BigInt,
        TypeDef::Real => Type::Real,
        TypeDef::Double => Type::Double,
        TypeDef::Numeric(p) => Type::Numeric(p),
        TypeDef::Text => Type::Text,
        TypeDef::Varchar(n) => Type::Varchar(n),
        TypeDef::Char(n) => Type::Char(n),
        TypeDef::Bytes => Type::Bytes,
        TypeDef::Date => Type::Date,
        TypeDef::Time(p) => Type::Time(p),
        TypeDef::TimeTz(p) => Type::TimeTz(p),
        TypeDef::Timestamp(p) => Type::Timestamp(p),
        TypeDef::TimestampTz(p) => Type::TimestampTz(p),
        TypeDef::Interval(p) => Type::Interval(p),
        TypeDef::Uuid => Type::Uuid,
        TypeDef::Json => Type::Json,
        TypeDef::Jsonb => Type::Jsonb,
        TypeDef::Array(of) => Type::Array(Box::new(ty(of))),
        TypeDef::Enum(def) => match def.stored {
            StoredDef::Type => Type::Named(enum_name(def)),
            StoredDef::Text => Type::Text,
            StoredDef::Integer(number, _) => ty(number),
        },
        TypeDef::Sql(text) => Type::Sql(text.to_owned()),
    }
}

/// The check that stands for the type of an enum which is stored as text or as a number. The elements of an array are
/// not checked: the databases have no word for it in common.
pub(super) fn values(column: &ColumnDef) -> Option<Check> {
    let TypeDef::Enum(of) = column.ty else {
        return None;
    };
    let values: Vec<String> = match of.stored {
        StoredDef::Type => return None,
        StoredDef::Text => of.labels.iter().map(|label| format!("'{}'", label.replace('\'', "''"))).collect(),
        StoredDef::Integer(_, numbers) => numbers.iter().map(ToString::to_string).collect(),
    };
    let name = column.name.replace('"', "\"\"");
    Some(Check::new(format!("\"{name}\" in ({})", values.join(", "))))
}

pub(super) fn default(def: &DefaultDef) -> Default {
    match *def {
        DefaultDef::Boolean(b) => Default::Literal(Literal::Boolean(b)),
        DefaultDef::Integer(i) => Default::Literal(Literal::Integer(i)),
        DefaultDef::Float(x) => Default::Literal(Literal::Float(x.to_owned())),
        DefaultDef::Text(t) => Default::Literal(Literal::Text(t.to_owned())),
        DefaultDef::Sql(sql) => Default::Sql(sql.into()),
    }
}

pub(super) fn generated((sql, stored): &(&str, bool)) -> Generated {
    Generated { expression: (*sql).into(), stored: *stored }
}

pub(super) fn column(def: &ColumnDef) -> Column {
    let ColumnDef {
        field: _,
        name,
        ty: holds,
        nullable,
        default: value,
        generated: computed,
        auto: numbered,
        collation,
        comment,
        renamed_from: _,
        backfill: _,
        variants,
    } = def;
    let mut column = Column::new(Name::from_static(name), ty(holds));
    column.nullable = *nullable;
    column.default = value.as_ref().map(default);
    column.generated = computed.as_ref().map(generated);
    column.auto = numbered.as_ref().map(auto);
    column.collation = text(*collation);
    column.comment = text(*comment);
    column.variants = variants.iter().map(|(database, v)| (*database, variant(v))).collect();
    column
}

pub(super) fn variant(def: &VariantDef) -> ColumnVariant {
    ColumnVariant {
        ty: def.ty.map(|t| Type::Sql(t.to_owned())),
        default: def.default.map(|d| d.as_ref().map(default)),
        generated: def.generated.as_ref().map(|g| Some(generated(g))),
        collation: text(def.collation),
    }
}

pub(super) fn auto(def: &AutoDef) -> Auto {
    match def {
        AutoDef::Increment => Auto::Increment,
        AutoDef::Identity { always, options } => {
            let SequenceDef { start, increment, min, max, cache, cycle } = *options;
            Auto::Identity { always: *always, options: SequenceOptions { start, increment, min, max, cache, cycle } }
        }
        AutoDef::Serial => Auto::Serial { sequence: None, options: SequenceOptions::default() },
    }
}

pub(super) fn unique(def: &UniqueDef) -> Unique {
    let mut unique = Unique::new(names(def.columns));
    unique.name = def.name.map(Name::from_static);
    unique.include = names(def.include);
    unique.nulls_not_distinct = def.nulls_not_distinct;
    unique.deferrable = def.deferrable;
    unique
}

pub(super) fn check(def: &CheckDef) -> Check {
    let mut check = Check::new(def.expression);
    check.name = def.name.map(Name::from_static);
    check.only = def.only;
    check
}

pub(super) fn foreign_key(of: &TableDef, def: &ForeignKeyDef) -> Result<ForeignKey, RegistryError> {
    let mut key = match def.references {
        ReferenceDef::Model { table, fields } => {
            let other = table();
            let column = |field: &&'static str| {
                let found = other.columns.iter().find(|c| c.field == *field);
                found.map(|c| Name::from_static(c.name)).ok_or_else(|| RegistryError::Reference {
                    from: format!("{}.{}", of.name, def.columns.join(", ")),
                    to: format!("{}::{field}", other.model),
                })
            };
            let columns: Vec<Name> = fields.iter().map(column).collect::<Result<_, _>>()?;
            ForeignKey::new(names(def.columns), name(other), columns)
        }
        ReferenceDef::Table { schema, table, columns } => {
            let table = QualifiedName::new(schema.map(Name::from_static), Name::from_static(table));
            ForeignKey::new(names(def.columns), table, names(columns))
        }
    };
    key.name = def.name.map(Name::from_static);
    key.on_delete = def.on_delete;
    key.on_update = def.on_update;
    key.deferrable = def.deferrable;
    Ok(key)
}

pub(super) fn key(def: &KeyDef) -> Key {
    Key {
        of: match def.of {
            KeyOfDef::Column(name) => KeyOf::Column(Name::from_static(name)),
            KeyOfDef::Expression(sql) => KeyOf::Expression(sql.into()),
        },
        order: def.order,
        nulls: def.nulls,
        opclass: text(def.opclass),
        collation: text(def.collation),
    }
}

pub(super) fn exclusion(def: &ExclusionDef) -> Exclusion {
    let element = |(of, operator): &(KeyDef, &str)| ExclusionElement { key: key(of), operator: (*operator).to_owned() };
    Exclusion {
        name: def.name.map(Name::from_static),
        using: def.using.to_owned(),
        elements: def.elements.iter().map(element).collect(),
        include: Vec::new(),
        predicate: def.predicate.map(Expression::from),
        deferrable: def.deferrable,
        comment: None,
    }
}

pub(super) fn index(def: &IndexDef) -> Index {
    let mut index = Index::new(def.keys.iter().map(key));
    index.name = def.name.map(Name::from_static);
    index.unique = def.unique;
    index.using = text(def.using);
    index.include = names(def.include);
    index.predicate = def.predicate.map(Expression::from);
    index.nulls_not_distinct = def.nulls_not_distinct;
    index.with = def.with.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    index.only = def.only;
    index.online = Online(def.concurrently);
    index
}

/// Names crates whose models shall be part of this program: a crate that no code names is not linked.
///
/// In the program: `limbeck::models!(my_models, other_models);`.
#[macro_export]
macro_rules! models {
    ($($name:ident),+ $(,)?) => {
        $(use ::$name as _;)+
    };
}
