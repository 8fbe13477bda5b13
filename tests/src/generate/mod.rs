//! Random schemas: valid ones, drawn from few names, so that two of them overlap.
//!
//! A schema is drawn from a string of bytes, so that proptest shrinks it: fewer and smaller bytes are fewer and
//! plainer objects.

mod beside;

use limbeck::schema::{
    Action, Auto, Check, Column, Default, Deferrable, Enum, ForeignKey, Generated, Index, Key, Literal, Name,
    Namespace, Nulls, Order, PrimaryKey, QualifiedName, Schema, Sequence, SequenceOptions, Table, Type, Unique,
};

/// What a database can hold.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Arrays, more schemas than one, sequences, deferrable keys, index methods and included columns.
    pub postgres: bool,
    /// Exact numbers.
    pub decimals: bool,
    /// Stored computed columns.
    pub generated: bool,
    /// Whether every constraint that gets a name keeps it: SQLite's do not always.
    pub names: bool,
}

impl Profile {
    /// Everything that a schema can say and PostgreSQL can do.
    pub const POSTGRES: Self = Self { postgres: true, decimals: true, generated: true, names: true };
    /// Everything that a schema can say and SQLite can do.
    pub const SQLITE: Self = Self { postgres: false, decimals: false, generated: true, names: true };
}

/// Bytes as a source of choices; when they run out, every choice is the first.
#[derive(Debug)]
pub struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Choices<'a> {
    /// Choices from bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.bytes.next().map_or(0, |b| usize::from(*b) % n.max(1))
    }

    /// Yes, once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// One of these.
    pub fn one<'b, T>(&mut self, of: &'b [T]) -> &'b T {
        &of[self.below(of.len())]
    }

    /// Some of these, in their order, each once in `n` times.
    pub fn some<T: Clone>(&mut self, of: &[T], n: usize) -> Vec<T> {
        of.iter().filter(|_| self.once_in(n)).cloned().collect()
    }
}

const TABLES: [&str; 6] = [
    "account",
    "post",
    "tag",
    "Odd \"Name\"",
    "order",
    "a_table_with_quite_a_long_name_that_ends_near_the_limit_of_63",
];
const COLUMNS: [&str; 8] =
    ["x", "y", "title", "Camel Case", "select", "état", "z", "a_column_with_a_long_name_as_real_schemas_have_them"];
const ENUMS: [&str; 2] = ["role", "Mood"];
const LABELS: [&str; 5] = ["owner", "member", "it's", "in progress", "Guest"];

/// A schema.
#[must_use]
pub fn schema(choices: &mut Choices<'_>, profile: Profile) -> Schema {
    let mut schema = Schema::empty();
    let namespaces: Vec<Option<Name>> = if profile.postgres && choices.once_in(4) {
        schema.namespaces.insert("auth".into(), Namespace { name: "auth".into(), comment: None });
        vec![None, Some("auth".into())]
    } else {
        vec![None]
    };
    for name in choices.some(&ENUMS, 2) {
        let count = 1 + choices.below(4);
        let first = choices.below(LABELS.len());
        let labels = (0..count).map(|i| LABELS[(first + i) % LABELS.len()].into()).collect();
        let name = QualifiedName::new(choices.one(&namespaces).clone(), name);
        schema.enums.insert(name.clone(), Enum { name, labels, comment: None });
    }
    if profile.postgres && choices.once_in(4) {
        let name = QualifiedName::from("ticket_number");
        let options = SequenceOptions { increment: choices.once_in(2).then_some(5), ..SequenceOptions::default() };
        schema.sequences.insert(name.clone(), Sequence { name, ty: Type::BigInt, options, comment: None });
    }
    for name in choices.some(&TABLES, 2) {
        let name = QualifiedName::new(choices.one(&namespaces).clone(), name);
        let table = table(choices, profile, &name, &schema);
        schema.tables.insert(name, table);
    }
    foreign_keys(choices, profile, &mut schema);
    if profile.postgres {
        beside::draw(choices, &mut schema);
    }
    schema
}

fn table(choices: &mut Choices<'_>, profile: Profile, name: &QualifiedName, schema: &Schema) -> Table {
    let mut table = Table::new(name.clone());
    let mut id = Column::new("id", if choices.once_in(3) { Type::BigInt } else { Type::Integer });
    if choices.once_in(3) {
        id.auto = Some(Auto::Increment);
        id.ty = Type::BigInt;
    }
    table.columns.push(id);
    for column_name in choices.some(&COLUMNS, 2) {
        table.columns.push(column(choices, profile, column_name, schema));
    }
    if profile.generated && choices.once_in(4) {
        let mut total = Column::new("total", Type::BigInt);
        total.nullable = true;
        total.generated = Some(Generated { expression: "id * 2".into(), stored: true });
        table.columns.push(total);
    }
    if !choices.once_in(6) || table.columns[0].auto.is_some() {
        table.primary_key = Some(PrimaryKey::new(["id"]));
    }
    let plain: Vec<Name> = table.columns.iter().filter(|c| indexable(c)).map(|c| c.name.clone()).collect();
    if choices.once_in(3) {
        let columns = choices.some(&plain, 2);
        if !columns.is_empty() {
            let mut unique = Unique::new(columns);
            unique.name = named(choices, profile, name, "uq");
            table.uniques.push(unique);
        }
    }
    for at in 0..choices.below(3) {
        let mut check = Check::new(*choices.one(&["id > 0", "id <> 7", "id BETWEEN 1 AND 1000000"]));
        check.name = named(choices, profile, name, &format!("ck{at}"));
        if table.checks.iter().all(|c: &Check| c.expression != check.expression) {
            table.checks.push(check);
        }
    }
    for at in 0..choices.below(3) {
        if let Some(index) = index(choices, profile, name, &plain, at)
            && table.indexes.iter().all(|i| i.keys != index.keys)
        {
            table.indexes.push(index);
        }
    }
    table
}

fn indexable(column: &Column) -> bool {
    !matches!(column.ty, Type::Json | Type::Jsonb | Type::Array(_)) && column.generated.is_none()
}

fn named(choices: &mut Choices<'_>, profile: Profile, table: &QualifiedName, kind: &str) -> Option<Name> {
    let short: String = table.name.chars().filter(char::is_ascii_lowercase).take(12).collect();
    let schema = table.schema.as_deref().unwrap_or_default();
    (profile.names && choices.once_in(2)).then(|| format!("{short}{schema}_{kind}").into())
}

fn column(choices: &mut Choices<'_>, profile: Profile, name: &str, schema: &Schema) -> Column {
    let mut types = vec![
        Type::Integer,
        Type::Text,
        Type::Boolean,
        Type::BigInt,
        Type::Varchar(Some(40)),
        Type::Double,
        Type::Timestamp(None),
        Type::TimestampTz(None),
        Type::Date,
        Type::Uuid,
        Type::Bytes,
        Type::Jsonb,
    ];
    types.extend(schema.enums.keys().map(|name| Type::Named(name.clone())));
    if profile.decimals {
        types.push(Type::Numeric(Some((12, 2))));
    }
    if profile.postgres {
        types.push(Type::Array(Box::new(Type::Text)));
        types.push(Type::Sql("inet".to_owned()));
        types.extend(schema.enums.keys().map(|name| Type::Array(Box::new(Type::Named(name.clone())))));
        types.extend([Type::SmallInt, Type::Real, Type::Varchar(Some(10)), Type::Char(3), Type::Time(Some(3))]);
        types.extend([Type::Interval(None), Type::Timestamp(Some(0)), Type::Numeric(Some((6, 1)))]);
        types.extend(["bit varying(12)", "int4range", "tsvector", "money"].map(|ty| Type::Sql(ty.to_owned())));
    }
    let mut column = Column::new(name, choices.one(&types).clone());
    column.nullable = choices.once_in(2);
    // A column that comes to a table with rows needs a value for them.
    if !column.nullable || choices.once_in(3) {
        column.default = default(choices, &column.ty, schema);
        column.nullable |= column.default.is_none();
    }
    if profile.postgres && choices.once_in(8) {
        column.comment = Some("What it's for".to_owned());
    }
    column
}

fn default(choices: &mut Choices<'_>, ty: &Type, schema: &Schema) -> Option<Default> {
    let literal = |l| Some(Default::Literal(l));
    match ty {
        Type::Integer | Type::BigInt | Type::SmallInt => literal(Literal::Integer(i64::from(choices.once_in(2)) * 7)),
        Type::Text | Type::Varchar(_) => literal(Literal::Text((*choices.one(&["", "it's", "a"])).to_owned())),
        Type::Boolean => literal(Literal::Boolean(choices.once_in(2))),
        Type::Double => literal(Literal::Float("1.5".to_owned())),
        Type::Timestamp(_) => Some(Default::Sql("CURRENT_TIMESTAMP".into())),
        Type::Named(name) => {
            let label = schema.enums.get(name)?.labels.first()?;
            literal(Literal::Text(label.to_string()))
        }
        Type::Real
        | Type::Numeric(_)
        | Type::Char(_)
        | Type::Bytes
        | Type::Date
        | Type::Time(_)
        | Type::TimeTz(_)
        | Type::TimestampTz(_)
        | Type::Interval(_)
        | Type::Uuid
        | Type::Json
        | Type::Jsonb
        | Type::Array(_)
        | Type::Sql(_) => None,
    }
}

fn index(
    choices: &mut Choices<'_>,
    profile: Profile,
    table: &QualifiedName,
    columns: &[Name],
    at: usize,
) -> Option<Index> {
    let mut keys: Vec<Key> = choices.some(columns, 3).into_iter().map(Key::column).collect();
    if keys.is_empty() {
        keys.push(if choices.once_in(2) { Key::expression("id + 1") } else { Key::column("id") });
    }
    if let Some(key) = keys.first_mut()
        && choices.once_in(3)
    {
        key.order = Order::Descending;
        key.nulls = (profile.postgres && choices.once_in(2)).then_some(Nulls::Last);
    }
    let mut index = Index::new(keys);
    index.name = named(choices, profile, table, &format!("ix{at}"));
    if choices.once_in(3) {
        index.predicate = Some("id > 10".into());
    }
    if profile.postgres && choices.once_in(4) {
        index.include =
            columns.iter().filter(|c| index.keys.iter().all(|k| *k != Key::column(*c))).take(1).cloned().collect();
    }
    Some(index)
}

/// Foreign keys come last, when all keys to point at are known. Circles are welcome.
fn foreign_keys(choices: &mut Choices<'_>, profile: Profile, schema: &mut Schema) {
    let targets: Vec<(QualifiedName, Type)> = schema
        .tables
        .values()
        .filter(|t| t.primary_key.is_some())
        .map(|t| (t.name.clone(), t.columns[0].ty.clone()))
        .collect();
    if targets.is_empty() {
        return;
    }
    for table in schema.tables.values_mut() {
        for at in 0..choices.below(3) {
            let (target, ty) = choices.one(&targets).clone();
            let mut column = Column::new(format!("ref_{at}"), ty);
            column.nullable = true;
            let mut key = ForeignKey::new([column.name.clone()], target, ["id"]);
            key.on_delete = *choices.one(&[Action::NoAction, Action::Cascade, Action::SetNull]);
            if choices.once_in(4) {
                key.deferrable = Deferrable::Deferred;
            }
            key.name = named(choices, profile, &table.name, &format!("fk{at}"));
            table.columns.push(column);
            table.foreign_keys.push(key);
        }
    }
}
