//! What a change creates, drops and requires: all that ordering needs to know.

use std::collections::BTreeSet;

use super::{Change, Delta, In};
use crate::schema::{
    Check, Column, Default, Domain, Enum, Exclusion, Expression, ForeignKey, Generated, Index, Key, KeyOf, Name,
    QualifiedName, Reference, SqlObject, SqlObjectKind, Table, TokenKind, Type, tokens,
};

/// Something that a change may create, drop or need.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// A PostgreSQL schema.
    Namespace(Name),
    /// One extension.
    Extension(Name),
    /// A function, a procedure: all of one name.
    Routine(QualifiedName),
    /// Whatever extensions bring: types, operators, functions. Nobody says which, so all who may need one need all.
    Extensions,
    /// An enum or a domain.
    Type(QualifiedName),
    /// What a domain gives to those that are made over it: its default, as it is then.
    Base(QualifiedName),
    /// A label of an enum.
    Label(QualifiedName, Name),
    /// A table, index, sequence, view or type: they share their names.
    Relation(QualifiedName),
    /// What is said of a table as a whole. Whether it is logged decides what it may point at.
    Options(QualifiedName),
    /// A column.
    Column(QualifiedName, Name),
    /// Columns of a table that no two rows share, sorted: what a foreign key can point at.
    Key(QualifiedName, Vec<Name>),
    /// A constraint, by its name.
    Constraint(QualifiedName, Name),
}

/// What a change touches. The inverse of a change has creates and drops swapped, and requires and releases; guesses
/// are the same.
#[derive(Clone, Debug, PartialEq, Eq, std::default::Default)]
pub struct Touches {
    /// There after, and not before, or not the same.
    pub creates: BTreeSet<Object>,
    /// There before, and not after, or not the same.
    pub drops: BTreeSet<Object>,
    /// Needed after.
    pub requires: BTreeSet<Object>,
    /// Needed before, and no longer.
    pub releases: BTreeSet<Object>,
    /// Those of the last two that only some words speak for. A word may as well be a column, an alias or a CTE of that
    /// name, and databases take a statement whose words name nothing yet, so nothing may be refused for one.
    pub guesses: BTreeSet<Object>,
}

impl Change {
    /// What this change creates, drops, requires and releases.
    #[must_use]
    pub fn touches(&self) -> Touches {
        match self {
            Self::Namespace(it) => of(it, |n| [Object::Namespace(n.name.clone())].into(), |_| BTreeSet::new()),
            Self::Extension(it) => of(
                it,
                |e| [Object::Extension(e.name.clone()), Object::Extensions].into(),
                |e| e.schema.iter().map(|s| Object::Namespace(s.clone())).collect(),
            ),
            Self::Enum(it) => {
                let mut touches = of(it, enum_is, |e| namespace(&e.name));
                // A label that stays is the same label.
                let stays: Vec<Object> = touches.creates.intersection(&touches.drops).cloned().collect();
                for label in stays.iter().filter(|o| matches!(o, Object::Label(..))) {
                    touches.creates.remove(label);
                    touches.drops.remove(label);
                }
                touches
            }
            Self::Label(it) => Touches {
                creates: [Object::Label(it.of.clone(), it.to.clone())].into(),
                drops: [Object::Label(it.of.clone(), it.from.clone())].into(),
                ..Touches::default()
            },
            Self::Domain(it) => {
                let is = |d: &Domain| type_is(&d.name).into_iter().chain([Object::Base(d.name.clone())]).collect();
                let mut touches = of(it, is, domain_needs);
                if let Delta::Alter { from, to } = it {
                    touches.releases.extend(foreign(&from.ty).filter(|_| from.ty != to.ty));
                    touches.requires.extend(foreign(&to.ty).filter(|_| from.ty != to.ty));
                    // Over the same type it stays what it is, and no column has to be off it.
                    if from.name == to.name && from.ty == to.ty && from.collation == to.collation {
                        touches.creates.retain(|o| !type_is(&to.name).contains(o));
                        touches.drops.retain(|o| !type_is(&from.name).contains(o));
                    }
                }
                touches
            }
            Self::Sequence(it) => of(it, |s| [Object::Relation(s.name.clone())].into(), |s| namespace(&s.name)),
            Self::Table(it) => match it {
                Delta::Create(t) => of::<Table>(&Delta::Create(t.clone()), table_is, table_needs),
                Delta::Drop(t) => of::<Table>(&Delta::Drop(t.clone()), table_is, table_needs),
                Delta::Alter { from, to } if from.name == to.name => Touches {
                    requires: [Object::Relation(to.name.clone())].into(),
                    ..of(
                        &Delta::Alter { from: from.name.clone(), to: to.name.clone() },
                        |name| [Object::Options(name.clone())].into(),
                        |_| BTreeSet::new(),
                    )
                },
                Delta::Alter { from, to } => of(
                    &Delta::Alter { from: from.name.clone(), to: to.name.clone() },
                    |name| [Object::Relation(name.clone())].into(),
                    namespace,
                ),
            },
            Self::Column(it) => {
                let mut touches = inside(it, column_is, column_needs);
                if let Delta::Alter { from, to } = &it.delta {
                    touches.releases.extend(from_extensions(from, to));
                    touches.requires.extend(from_extensions(to, from));
                }
                touches
            }
            Self::PrimaryKey(it) => inside(
                it,
                |t, k| key_is(t, &k.columns, k.name.as_ref()),
                |t, k| columns(t, k.columns.iter().chain(&k.include)),
            ),
            Self::Unique(it) => inside(
                it,
                |t, u| key_is(t, &u.columns, u.name.as_ref()),
                |t, u| columns(t, u.columns.iter().chain(&u.include)),
            ),
            Self::Check(it) => inside(it, |t, c| constraint(t, c.name.as_ref()), |t, c| mentioned(t, &c.expression)),
            Self::ForeignKey(it) => inside(it, |t, k| constraint(t, k.name.as_ref()), foreign_key_needs),
            Self::Exclusion(it) => inside(it, |t, x| constraint(t, x.name.as_ref()), exclusion_needs),
            Self::Index(it) => inside(it, index_is, index_needs),
            Self::Object(it) => {
                let mut touches = of(it, object_is, object_needs);
                let (Delta::Create(o) | Delta::Drop(o) | Delta::Alter { to: o, .. }) = it;
                touches.guesses = object_guesses(o);
                if let Delta::Alter { from, .. } = it {
                    touches.guesses.extend(object_guesses(from));
                }
                touches
            }
        }
    }
}

/// The touches of a delta, from what its thing is and what it needs.
fn of<T>(delta: &Delta<T>, is: impl Fn(&T) -> BTreeSet<Object>, needs: impl Fn(&T) -> BTreeSet<Object>) -> Touches {
    match delta {
        Delta::Create(it) => Touches { creates: is(it), requires: needs(it), ..Touches::default() },
        Delta::Drop(it) => Touches { drops: is(it), releases: needs(it), ..Touches::default() },
        // What is altered is another thing afterwards: whoever stands on it before must be off it,
        // whoever will stand on it must wait.
        Delta::Alter { from, to } => {
            let (before, after) = (needs(from), needs(to));
            Touches {
                creates: is(to),
                drops: is(from),
                requires: after.difference(&before).cloned().collect(),
                releases: before.difference(&after).cloned().collect(),
                ..Touches::default()
            }
        }
    }
}

fn inside<T>(
    it: &In<T>,
    is: impl Fn(&QualifiedName, &T) -> BTreeSet<Object>,
    needs: impl Fn(&QualifiedName, &T) -> BTreeSet<Object>,
) -> Touches {
    let mut touches = of(&it.delta, |part| is(&it.table, part), |part| needs(&it.table, part));
    let table = Object::Relation(it.table.clone());
    match &it.delta {
        Delta::Create(_) => touches.requires.insert(table),
        Delta::Drop(_) => touches.releases.insert(table),
        Delta::Alter { .. } => false,
    };
    touches
}

fn namespace(name: &QualifiedName) -> BTreeSet<Object> {
    name.schema.iter().map(|s| Object::Namespace(s.clone())).collect()
}

fn columns<'a>(table: &QualifiedName, names: impl IntoIterator<Item = &'a Name>) -> BTreeSet<Object> {
    names.into_iter().map(|c| Object::Column(table.clone(), c.clone())).collect()
}

fn constraint(table: &QualifiedName, name: Option<&Name>) -> BTreeSet<Object> {
    name.map(|n| Object::Constraint(table.clone(), n.clone())).into_iter().collect()
}

fn sorted_key(table: &QualifiedName, columns: &[Name]) -> Object {
    let mut columns = columns.to_vec();
    columns.sort();
    Object::Key(table.clone(), columns)
}

fn key_is(table: &QualifiedName, columns: &[Name], name: Option<&Name>) -> BTreeSet<Object> {
    let mut is = constraint(table, name);
    // Its index shares the names of tables.
    is.extend(name.map(|n| Object::Relation(table.sibling(n.clone()))));
    is.insert(sorted_key(table, columns));
    is
}

fn enum_is(e: &Enum) -> BTreeSet<Object> {
    let labels = e.labels.iter().map(|l| Object::Label(e.name.clone(), l.clone()));
    labels.chain(type_is(&e.name)).collect()
}

/// A type has a name that no table can have: each table is a type as well.
fn type_is(name: &QualifiedName) -> [Object; 2] {
    [Object::Type(name.clone()), Object::Relation(name.clone())]
}

fn domain_needs(d: &Domain) -> BTreeSet<Object> {
    let mut needs = namespace(&d.name);
    needs.extend(type_needs(&d.ty));
    needs.extend(d.ty.named().map(|base| Object::Base(base.clone())));
    needs.extend(collation_needs(d.collation.as_deref()));
    needs.insert(Object::Extensions);
    needs.extend(default_needs(&d.name, d.default.as_ref(), d.ty.named()));
    for check in &d.checks {
        needs.extend(mentioned(&d.name, &check.expression));
    }
    needs
}

fn type_needs(ty: &Type) -> BTreeSet<Object> {
    match ty {
        Type::Array(of) => type_needs(of),
        Type::Sql(text) => named_in(None, text).into_iter().map(|(name, _)| Object::Type(name)).collect(),
        named => named.named().map(|name| Object::Type(name.clone())).into_iter().collect(),
    }
}

fn table_is(t: &Table) -> BTreeSet<Object> {
    let mut is: BTreeSet<Object> = [Object::Relation(t.name.clone())].into();
    t.columns.iter().for_each(|c| is.extend(column_is(&t.name, c)));
    t.primary_key.iter().for_each(|k| is.extend(key_is(&t.name, &k.columns, k.name.as_ref())));
    t.uniques.iter().for_each(|u| is.extend(key_is(&t.name, &u.columns, u.name.as_ref())));
    t.indexes.iter().for_each(|i| is.extend(index_is(&t.name, i)));
    is
}

fn table_needs(t: &Table) -> BTreeSet<Object> {
    let mut needs = namespace(&t.name);
    needs.insert(Object::Extensions);
    t.columns.iter().for_each(|c| needs.extend(column_needs(&t.name, c)));
    t.checks.iter().for_each(|c: &Check| needs.extend(mentioned(&t.name, &c.expression)));
    t.foreign_keys.iter().for_each(|k| needs.extend(foreign_key_needs(&t.name, k)));
    t.exclusions.iter().for_each(|x| needs.extend(exclusion_needs(&t.name, x)));
    t.indexes.iter().for_each(|i| needs.extend(index_needs(&t.name, i)));
    let own = table_is(t);
    needs.retain(|o| !own.contains(o));
    needs
}

fn column_is(table: &QualifiedName, c: &Column) -> BTreeSet<Object> {
    [Object::Column(table.clone(), c.name.clone())].into()
}

fn column_needs(table: &QualifiedName, c: &Column) -> BTreeSet<Object> {
    let mut needs = type_needs(&c.ty);
    needs.extend(collation_needs(c.collation.as_deref()));
    needs.insert(Object::Extensions);
    needs.extend(default_needs(table, c.default.as_ref(), c.ty.named()));
    if let Some(Generated { expression, .. }) = &c.generated {
        needs.extend(mentioned(table, expression));
    }
    needs.remove(&Object::Column(table.clone(), c.name.clone()));
    needs
}

/// What a default stands on, the labels of the enum that it is of among it.
fn default_needs(beside: &QualifiedName, default: Option<&Default>, of: Option<&QualifiedName>) -> BTreeSet<Object> {
    let mut needs = BTreeSet::new();
    if let Some(Default::Sql(expression)) = default {
        needs.extend(mentioned(beside, expression));
    }
    let labels = default.map(Default::texts).unwrap_or_default();
    needs.extend(of.into_iter().flat_map(|of| labels.iter().map(|l| Object::Label(of.clone(), l.as_str().into()))));
    needs
}

/// Extensions, when a type may be one's.
fn foreign(ty: &Type) -> Option<Object> {
    match ty {
        Type::Array(of) => foreign(of),
        Type::Sql(_) => Some(Object::Extensions),
        _known => None,
    }
}

/// Extensions, when a column needs one for what another does not say: both sides of an altered column may need some,
/// and it is what differs that waits for one, or keeps one waiting.
fn from_extensions(column: &Column, other: &Column) -> Option<Object> {
    let calls = |e: &Expression| tokens(e.as_str()).iter().any(|t| t.text == "(");
    let ty = foreign(&column.ty).filter(|_| column.ty != other.ty);
    let default = matches!(&column.default, Some(Default::Sql(e)) if calls(e)) && column.default != other.default;
    let generated =
        column.generated.as_ref().is_some_and(|g| calls(&g.expression)) && column.generated != other.generated;
    ty.or((default || generated).then_some(Object::Extensions))
}

/// Everything that an expression may stand on. Words are taken for columns of the table and for types, strings for
/// sequences: a wrong guess names nothing that a change touches, and so costs nothing.
fn mentioned(table: &QualifiedName, expression: &Expression) -> BTreeSet<Object> {
    let mut found = BTreeSet::from([Object::Extensions]);
    let called = named_in(Some(table), expression.as_str()).into_iter().filter(|(_, called)| *called);
    found.extend(called.map(|(name, _)| Object::Routine(name)));
    let all = tokens(expression.as_str());
    let sign = |at: usize| all.get(at).map(|t| t.text);
    for (at, token) in all.iter().enumerate() {
        let name = Name::from(token.value());
        match token.kind {
            TokenKind::Word | TokenKind::Quoted => {
                // A name with a schema before it is that schema's, and no other type's.
                if at >= 2 && sign(at - 1) == Some(".") {
                    found.insert(Object::Type(QualifiedName::new(Some(all[at - 2].value().into()), name.clone())));
                } else {
                    found.insert(Object::Type(table.sibling(name.clone())));
                    found.insert(Object::Type(QualifiedName::new(None, name.clone())));
                }
                found.insert(Object::Column(table.clone(), name));
            }
            TokenKind::String => {
                found.insert(Object::Relation(match name.split_once('.') {
                    Some((schema, name)) => (schema.trim_matches('"'), name.trim_matches('"')).into(),
                    None => QualifiedName::new(None, name.trim_matches('"')),
                }));
            }
            TokenKind::Number | TokenKind::Sign => {}
        }
    }
    found
}

fn foreign_key_needs(table: &QualifiedName, k: &ForeignKey) -> BTreeSet<Object> {
    let mut needs = columns(table, &k.columns);
    needs.extend(columns(&k.references, &k.referenced_columns));
    needs.insert(Object::Relation(k.references.clone()));
    needs.extend([Object::Options(table.clone()), Object::Options(k.references.clone())]);
    needs.insert(sorted_key(&k.references, &k.referenced_columns));
    needs
}

fn key_needs(table: &QualifiedName, key: &Key) -> BTreeSet<Object> {
    let mut needs = match &key.of {
        KeyOf::Column(name) => [Object::Column(table.clone(), name.clone())].into(),
        KeyOf::Expression(expression) => mentioned(table, expression),
    };
    needs.extend(collation_needs(key.collation.as_deref()));
    needs
}

/// Collations share no name with a type that matters, so they stand among types.
fn collation_needs(collation: Option<&str>) -> BTreeSet<Object> {
    collation.into_iter().flat_map(|c| named_in(None, c)).map(|(name, _)| Object::Type(name)).collect()
}

fn exclusion_needs(table: &QualifiedName, x: &Exclusion) -> BTreeSet<Object> {
    let mut needs = columns(table, &x.include);
    x.elements.iter().for_each(|e| needs.extend(key_needs(table, &e.key)));
    x.predicate.iter().for_each(|p| needs.extend(mentioned(table, p)));
    needs.insert(Object::Extensions);
    needs
}

fn index_is(table: &QualifiedName, i: &Index) -> BTreeSet<Object> {
    let mut is: BTreeSet<Object> = i.name.iter().map(|n| Object::Relation(table.sibling(n.clone()))).collect();
    let columns: Option<Vec<Name>> = i
        .keys
        .iter()
        .map(|k| match &k.of {
            KeyOf::Column(name) => Some(name.clone()),
            KeyOf::Expression(_) => None,
        })
        .collect();
    if let Some(columns) = columns.filter(|_| i.unique && i.predicate.is_none()) {
        is.insert(sorted_key(table, &columns));
    }
    is
}

fn index_needs(table: &QualifiedName, i: &Index) -> BTreeSet<Object> {
    let mut needs = columns(table, &i.include);
    i.keys.iter().for_each(|k| needs.extend(key_needs(table, k)));
    i.predicate.iter().for_each(|p| needs.extend(mentioned(table, p)));
    needs.insert(Object::Extensions);
    needs
}

/// Names in a text, each with the schema that is said or, where none is, with none and with the one beside which the
/// text stands; and whether a parenthesis follows, as it does when a function is called.
fn named_in(beside: Option<&QualifiedName>, text: &str) -> Vec<(QualifiedName, bool)> {
    let all = tokens(text);
    let is_name = |at: usize| matches!(all[at].kind, TokenKind::Word | TokenKind::Quoted);
    let sign = |at: usize, sign: &str| all.get(at).is_some_and(|t| t.text == sign);
    let mut found = Vec::new();
    for at in (0..all.len()).filter(|at| is_name(*at)) {
        let name = Name::from(all[at].value());
        let called = sign(at + 1, "(");
        if at >= 2 && sign(at - 1, ".") && is_name(at - 2) {
            found.push((QualifiedName::new(Some(all[at - 2].value().into()), name), called));
        } else {
            found.extend(beside.filter(|b| b.schema.is_some()).map(|b| (b.sibling(name.clone()), called)));
            found.push((QualifiedName::new(None, name), called));
        }
    }
    found
}

fn referred(reference: &Reference) -> Vec<Object> {
    let relation = reference.relation().map(|name| Object::Relation(name.clone()));
    let part = match reference {
        Reference::Object(_) => None,
        Reference::Column(of, name) => Some(Object::Column(of.clone(), name.clone())),
        Reference::Type(name) => Some(Object::Type(name.clone())),
        Reference::Constraint(of, name) => Some(Object::Constraint(of.clone(), name.clone())),
    };
    relation.into_iter().chain(part).collect()
}

fn object_is(o: &SqlObject) -> BTreeSet<Object> {
    let mut is: BTreeSet<Object> = [Object::Relation(o.name.clone())].into();
    let own = || o.name.sibling(o.own_name());
    match o.kind {
        SqlObjectKind::Routine => {
            is.insert(Object::Routine(own()));
        }
        SqlObjectKind::CompositeType | SqlObjectKind::RangeType | SqlObjectKind::Collation => {
            is.insert(Object::Type(own()));
        }
        SqlObjectKind::View
        | SqlObjectKind::MaterializedView
        | SqlObjectKind::VirtualTable
        | SqlObjectKind::Trigger
        | SqlObjectKind::Rule
        | SqlObjectKind::Policy
        | SqlObjectKind::RowSecurity
        | SqlObjectKind::Privileges
        | SqlObjectKind::Setting
        | SqlObjectKind::ChildTable => {}
    }
    is
}

/// What an object stands on, as far as it is known or guessed.
fn object_needs(o: &SqlObject) -> BTreeSet<Object> {
    let mut needs = object_guesses(o);
    for own in object_is(o) {
        needs.remove(&own);
    }
    needs.extend(object_stands_on(o));
    needs
}

/// What an object stands on without a doubt.
fn object_stands_on(o: &SqlObject) -> BTreeSet<Object> {
    let mut needs = namespace(&o.name);
    needs.insert(Object::Extensions);
    // The server knows what the statement stands on.
    needs.extend(o.found.needs.iter().flatten().flat_map(referred));
    // A trigger's function is named with its schema or without, and what privileges are on says its arguments.
    needs.extend(o.table.iter().map(|t| Object::Relation(t.clone())));
    if let (SqlObjectKind::Privileges, Some((_, on))) = (o.kind, o.name.name.split_once("privileges on ")) {
        needs.insert(Object::Relation(o.name.sibling(on)));
    }
    needs
}

/// What an object's text names, strings left out: the body of a function is one, and the server looks into it only
/// when it runs, save for a body in plain SQL.
fn object_guesses(o: &SqlObject) -> BTreeSet<Object> {
    let mut guesses = BTreeSet::new();
    let all = tokens(&o.sql);
    let in_sql = all.windows(2).any(|w| w[0].is_word("language") && w[1].is_name("sql"));
    let bodies = all.iter().filter(|t| in_sql && t.kind == TokenKind::String).map(|t| t.value());
    // Who knows what the statement stands on knows nothing of what a body in quotes says.
    let told = o.found.needs.is_some();
    for text in (!told).then(|| o.sql.clone()).into_iter().chain(bodies) {
        for (name, called) in named_in(Some(&o.name), &text) {
            if called {
                guesses.insert(Object::Routine(name.clone()));
            }
            guesses.insert(Object::Type(name.clone()));
            guesses.insert(Object::Relation(name));
        }
    }
    // A default that reads a sequence says its name in a string.
    if o.kind == SqlObjectKind::ChildTable {
        guesses.extend(
            mentioned(&o.name, &Expression(o.sql.clone())).into_iter().filter(|o| matches!(o, Object::Relation(_))),
        );
    }
    // What an argument is when it is left out may be a label of its type.
    if o.kind == SqlObjectKind::Routine {
        let strings: Vec<Name> = all.iter().filter(|t| t.kind == TokenKind::String).map(|t| t.value().into()).collect();
        let known = object_stands_on(o);
        let is_type = |need: &Object| if let Object::Type(name) = need { Some(name.clone()) } else { None };
        let types: Vec<QualifiedName> = guesses.iter().chain(&known).filter_map(is_type).collect();
        let labels = |of: QualifiedName| strings.iter().map(move |label| Object::Label(of.clone(), label.clone()));
        guesses.extend(types.into_iter().flat_map(labels));
    }
    if let (Some(table), false) = (&o.table, told) {
        let names = all.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Quoted));
        guesses.extend(names.map(|t| Object::Column(table.clone(), t.value().into())));
    }
    let known = object_stands_on(o);
    guesses.retain(|guess| !known.contains(guess));
    guesses
}
