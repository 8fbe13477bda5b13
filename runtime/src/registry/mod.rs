//! The models of a program: collected, checked against each other, and built into a schema.

mod values;

pub(crate) use values::enum_of;

use std::collections::{BTreeMap, BTreeSet};

use values::{enum_name, enumeration, name, table};

use crate::diff::Renames;
use crate::schema::{Expression, Name, Namespace, QualifiedName, Schema};
use crate::table::{StoredDef, TableDef};

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
