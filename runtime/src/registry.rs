//! The models of a program: collected, checked against each other, and built into a schema.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Renames;
use crate::schema::{
    Auto, Check, Column, ColumnVariant, Default, Enum, Exclusion, ExclusionElement, Expression, ForeignKey, Generated,
    Index, Key, KeyOf, Literal, Name, Namespace, Online, PrimaryKey, QualifiedName, Schema, SequenceOptions, Table,
    Type, Unique,
};
use crate::table::{
    AutoDef, CheckDef, ColumnDef, DefaultDef, EnumDef, ExclusionDef, ForeignKeyDef, IndexDef, KeyDef, KeyOfDef,
    OptionsDef, ReferenceDef, SequenceDef, StoredDef, TableDef, TypeDef, UniqueDef, VariantDef,
};

/// Some models, sorted by the names of their tables.
#[derive(Clone, Debug, std::default::Default)]
pub struct Registry {
    tables: BTreeMap<Place, &'static TableDef>,
}

/// The table's name, and where the struct stands: its package, its file, its line.
type Place = (QualifiedName, &'static str, (&'static str, u32));

/// What fills a column in rows that were there before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: Name,
    /// The expression.
    pub expression: Expression,
}

/// Models that contradict each other, or are not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// Nothing is registered. That is never read as 'drop everything'.
    #[error(
        "no models are registered: a crate that is never named in code is not linked, and registers nothing; write `limbeck::models!(my_models);` (or `use my_models as _;`) in the program"
    )]
    Empty,
    /// Two structs are one table.
    #[error(
        "table `{table}` has two models: `{first}` at {first_at} and `{second}` at {second_at}; give one of them another name with #[table(name = \"…\")]"
    )]
    Twice {
        /// The table.
        table: String,
        /// One struct.
        first: String,
        /// Its file and line.
        first_at: String,
        /// The other.
        second: String,
        /// Its file and line.
        second_at: String,
    },
    /// Two enums have one name and different labels.
    #[error(
        "enum `{name}` has different labels in `{first}` and in `{second}`; give one of them another name with #[db_enum(name = \"…\")]"
    )]
    Enum {
        /// The enum.
        name: String,
        /// A table that uses it one way.
        first: String,
        /// A table that uses it another.
        second: String,
    },
    /// A foreign key refers to a field that the other model does not have as a column.
    #[error("`{from}` refers to `{to}`, which is no column")]
    Reference {
        /// The table and columns.
        from: String,
        /// The model and field.
        to: String,
    },
}

impl Registry {
    /// All models that this program's crates registered, of no group.
    #[must_use]
    pub fn registered() -> Self {
        Self::registered_in(None)
    }

    /// All models that this program's crates registered, of one group.
    #[must_use]
    pub fn registered_in(group: Option<&str>) -> Self {
        let mut registry = Self::all();
        registry.tables.retain(|_, table| table.options.group == group);
        registry
    }

    /// All models that this program's crates registered, of whatever group.
    #[must_use]
    pub fn all() -> Self {
        inventory::iter::<crate::__private::Model>().map(|m| m.0).fold(Self::default(), Self::with)
    }

    /// One more model, given by hand. Of a model with type parameters the compiler checks here what it checks of others
    /// where they are: defaults, keys, and what foreign keys refer to.
    #[must_use]
    pub fn table<T: crate::Table>(self) -> Self {
        const { T::CHECKED };
        self.with(T::TABLE)
    }

    fn with(mut self, table: &'static TableDef) -> Self {
        // A module that is compiled into a library and into a binary registers twice. The struct's path may begin with
        // either's name, and two functions may each have a struct of one path: its place tells.
        self.tables.entry((name(table), table.package, table.at)).or_insert(table);
        self
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The models, sorted by the names of their tables.
    pub fn tables(&self) -> impl Iterator<Item = &'static TableDef> {
        self.tables.values().copied()
    }

    /// The packages that the models are in, with how many each has.
    #[must_use]
    pub fn packages(&self) -> BTreeMap<&'static str, usize> {
        let mut packages = BTreeMap::new();
        self.tables().for_each(|t| *packages.entry(t.package).or_default() += 1);
        packages
    }

    /// What the models say, as a schema.
    ///
    /// # Errors
    ///
    /// When there are none, or they contradict each other.
    pub fn schema(&self) -> Result<Schema, RegistryError> {
        if self.is_empty() {
            return Err(RegistryError::Empty);
        }
        let mut schema = Schema::empty();
        let mut users: BTreeMap<QualifiedName, &'static str> = BTreeMap::new();
        let mut seen: BTreeMap<QualifiedName, &'static TableDef> = BTreeMap::new();
        for def in self.tables() {
            let name = name(def);
            if let Some(first) = seen.insert(name.clone(), def) {
                let at = |t: &TableDef| format!("{}:{}", t.at.0, t.at.1);
                return Err(RegistryError::Twice {
                    table: name.to_string(),
                    first: first.model.to_owned(),
                    first_at: at(first),
                    second: def.model.to_owned(),
                    second_at: at(def),
                });
            }
            for found in def.all_columns().into_iter().filter_map(|c| enum_of(&c.ty)) {
                if found.stored != StoredDef::Type {
                    continue;
                }
                let made = enumeration(found);
                let user = users.entry(made.name.clone()).or_insert(def.model);
                match schema.enums.get(&made.name) {
                    Some(other) if *other != made => {
                        let [first, second] = [*user, def.model].map(str::to_owned);
                        return Err(RegistryError::Enum { name: made.name.to_string(), first, second });
                    }
                    Some(_) | None => {
                        schema.enums.insert(made.name.clone(), made);
                    }
                }
            }
            schema.tables.insert(name, table(def)?);
        }
        let spaces: BTreeSet<Name> =
            schema.tables.keys().chain(schema.enums.keys()).filter_map(|n| n.schema.clone()).collect();
        schema.namespaces = spaces.into_iter().map(|n| (n.clone(), Namespace { name: n, comment: None })).collect();
        Ok(schema)
    }

    /// The renames that the models declare.
    #[must_use]
    pub fn renames(&self) -> Renames {
        let mut renames = Renames::default();
        for def in self.tables() {
            let table = name(def);
            if let Some(from) = def.options.renamed_from {
                renames.tables.push((table.sibling(from), table.clone()));
            }
            for column in def.all_columns() {
                if let Some(from) = column.renamed_from {
                    renames.columns.push((table.clone(), from.into(), column.name.into()));
                }
                let Some(of) = enum_of(&column.ty) else { continue };
                let to = enum_name(of);
                let mut more = Renames::default();
                more.enums.extend(of.renamed_from.map(|from| (to.sibling(from), to.clone())));
                let labels = of.renamed_labels.iter();
                more.labels.extend(labels.map(|(from, new)| (to.clone(), (*from).into(), (*new).into())));
                renames.extend(more);
            }
        }
        renames
    }

    /// What fills new columns in rows that were there before, as the models declare it.
    #[must_use]
    pub fn backfills(&self) -> Vec<Backfill> {
        let of = |def: &'static TableDef| {
            def.all_columns().into_iter().filter_map(move |column| {
                let expression = Expression::from(column.backfill?);
                Some(Backfill { table: name(def), column: Name::from_static(column.name), expression })
            })
        };
        self.tables().flat_map(of).collect()
    }
}

fn name(def: &TableDef) -> QualifiedName {
    QualifiedName::new(def.schema.map(Name::from_static), Name::from_static(def.name))
}

fn names(list: &[&'static str]) -> Vec<Name> {
    list.iter().map(|n| Name::from_static(n)).collect()
}

fn text(text: Option<&str>) -> Option<String> {
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

fn enum_name(def: &EnumDef) -> QualifiedName {
    QualifiedName::new(def.schema.map(Name::from_static), Name::from_static(def.name))
}

fn enumeration(def: &EnumDef) -> Enum {
    Enum { name: enum_name(def), labels: names(def.labels), comment: text(def.comment) }
}

fn table(def: &'static TableDef) -> Result<Table, RegistryError> {
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

fn ty(def: &TypeDef) -> Type {
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
fn values(column: &ColumnDef) -> Option<Check> {
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

fn default(def: &DefaultDef) -> Default {
    match *def {
        DefaultDef::Boolean(b) => Default::Literal(Literal::Boolean(b)),
        DefaultDef::Integer(i) => Default::Literal(Literal::Integer(i)),
        DefaultDef::Float(x) => Default::Literal(Literal::Float(x.to_owned())),
        DefaultDef::Text(t) => Default::Literal(Literal::Text(t.to_owned())),
        DefaultDef::Sql(sql) => Default::Sql(sql.into()),
    }
}

fn generated((sql, stored): &(&str, bool)) -> Generated {
    Generated { expression: (*sql).into(), stored: *stored }
}

fn column(def: &ColumnDef) -> Column {
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

fn variant(def: &VariantDef) -> ColumnVariant {
    ColumnVariant {
        ty: def.ty.map(|t| Type::Sql(t.to_owned())),
        default: def.default.map(|d| d.as_ref().map(default)),
        generated: def.generated.as_ref().map(|g| Some(generated(g))),
        collation: text(def.collation),
    }
}

fn auto(def: &AutoDef) -> Auto {
    match def {
        AutoDef::Increment => Auto::Increment,
        AutoDef::Identity { always, options } => {
            let SequenceDef { start, increment, min, max, cache, cycle } = *options;
            Auto::Identity { always: *always, options: SequenceOptions { start, increment, min, max, cache, cycle } }
        }
        AutoDef::Serial => Auto::Serial { sequence: None, options: SequenceOptions::default() },
    }
}

fn unique(def: &UniqueDef) -> Unique {
    let mut unique = Unique::new(names(def.columns));
    unique.name = def.name.map(Name::from_static);
    unique.include = names(def.include);
    unique.nulls_not_distinct = def.nulls_not_distinct;
    unique.deferrable = def.deferrable;
    unique
}

fn check(def: &CheckDef) -> Check {
    let mut check = Check::new(def.expression);
    check.name = def.name.map(Name::from_static);
    check.only = def.only;
    check
}

fn foreign_key(of: &TableDef, def: &ForeignKeyDef) -> Result<ForeignKey, RegistryError> {
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

fn key(def: &KeyDef) -> Key {
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

fn exclusion(def: &ExclusionDef) -> Exclusion {
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

fn index(def: &IndexDef) -> Index {
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
