//! The names that we must invent.
//!
//! The rule is frozen: the same table and columns give the same name for ever, because a migration that was
//! applied years ago is undone by the names that it made. It follows PostgreSQL's own habit (`makeObjectName` and
//! `ChooseIndexName` in its source): `<table>_<columns>_<kind>`, the longer of the first two shortened until the
//! whole fits.

use std::collections::BTreeSet;

use crate::change::{Change, Delta, In};
use crate::schema::{
    Check, Domain, DomainCheck, Index, KeyOf, Name, Part, QualifiedName, Schema, Table, TokenKind, tokens,
};

/// PostgreSQL's `NAMEDATALEN - 1` (manual, section 4.1.1). Every database gets names that fit, so that one history
/// gives one name everywhere.
pub const IDENTIFIER_BYTES: usize = 63;

/// Joins a table's name, columns and a kind to a name of at most 63 bytes.
#[must_use]
pub fn object_name(table: &str, columns: &str, kind: &str) -> Name {
    let underscores = 1 + usize::from(!columns.is_empty());
    let room = IDENTIFIER_BYTES - kind.len() - underscores;
    let (mut first, mut second) = (table.len(), columns.len());
    while first + second > room {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let (first, second) = (clip(table, first), clip(columns, second));
    if columns.is_empty() { format!("{first}_{kind}") } else { format!("{first}_{second}_{kind}") }.into()
}

/// The longest beginning of at most so many bytes that does not cut a character.
fn clip(text: &str, mut bytes: usize) -> &str {
    while !text.is_char_boundary(bytes) {
        bytes -= 1;
    }
    &text[..bytes]
}

/// The name of a unique constraint, a foreign key, a check or an index that no one declared, before it is made
/// different from others.
fn part_name(table: &QualifiedName, columns: &[&str], kind: &str) -> Name {
    object_name(&table.name, &columns.join("_"), kind)
}

/// A name that is still free: the one asked for, or the same with the first number that makes it so.
fn free(taken: &Taken<'_>, make: impl Fn(&str) -> Name, kind: &str) -> Name {
    let name = make(kind);
    if !taken.contains(&name) {
        return name;
    }
    (1..).map(|n| make(&format!("{kind}{n}"))).find(|name| !taken.contains(name)).unwrap_or(name)
}

/// Columns of a table that an expression mentions, in the order of the expression.
fn mentioned<'a>(table: &'a Table, sql: &str) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for token in tokens(sql) {
        if !matches!(token.kind, TokenKind::Word | TokenKind::Quoted) {
            continue;
        }
        if let Some(column) = table.columns.iter().find(|c| token.is_name(&c.name))
            && !found.contains(&column.name.as_str())
        {
            found.push(&column.name);
        }
    }
    found
}

/// PostgreSQL names a check after its column when it mentions exactly one.
fn check_name(table: &Table, check: &Check, taken: &Taken<'_>) -> Name {
    let columns = mentioned(table, check.expression.as_str());
    let column = match columns.as_slice() {
        [one] => vec![*one],
        _ => Vec::new(),
    };
    free(taken, |kind| part_name(&table.name, &column, kind), "check")
}

/// PostgreSQL calls an expression in an index `expr`.
fn index_name(table: &QualifiedName, index: &Index, taken: &Taken<'_>) -> Name {
    let columns: Vec<&str> = index
        .keys
        .iter()
        .map(|k| match &k.of {
            KeyOf::Column(name) => name.as_str(),
            KeyOf::Expression(_) => "expr",
        })
        .chain(index.include.iter().map(Name::as_str))
        .collect();
    free(taken, |kind| part_name(table, &columns, kind), "idx")
}

/// The names that are taken: of the relations of a schema, of the constraints of one table, and those given since.
/// Looked up, not collected: a schema has thousands, and a change asks for few.
struct Taken<'a> {
    before: &'a Schema,
    table: QualifiedName,
    given: BTreeSet<Name>,
}

impl<'a> Taken<'a> {
    fn in_schema(before: &'a Schema, table: &QualifiedName) -> Self {
        Self { before, table: table.clone(), given: BTreeSet::new() }
    }

    fn contains(&self, name: &Name) -> bool {
        let path = self.table.sibling(name.clone());
        let is = |other: Option<&Name>| other == Some(name);
        let has = |t: &Table| {
            is(t.primary_key.as_ref().and_then(|k| k.name.as_ref()))
                || t.uniques.iter().any(|u| is(u.name.as_ref()))
                || t.exclusions.iter().any(|x| is(x.name.as_ref()))
                || t.indexes.iter().any(|i| is(i.name.as_ref()))
        };
        let own = |t: &Table| {
            t.checks.iter().any(|c| is(c.name.as_ref())) || t.foreign_keys.iter().any(|k| is(k.name.as_ref()))
        };
        let Schema { sequences, tables, objects, .. } = self.before;
        self.given.contains(name)
            || sequences.contains_key(&path)
            || objects.contains_key(&path)
            || tables.contains_key(&path)
            || tables.values().any(|t| t.name.schema == self.table.schema && has(t))
            || tables.get(&self.table).is_some_and(own)
    }

    fn table(&mut self, table: &Table) {
        self.given.extend(table.checks.iter().filter_map(|c| c.name.clone()));
        self.given.extend(table.foreign_keys.iter().filter_map(|k| k.name.clone()));
        self.given.extend(table.uniques.iter().filter_map(|u| u.name.clone()));
        self.given.extend(table.primary_key.iter().filter_map(|k| k.name.clone()));
        self.given.extend(table.exclusions.iter().filter_map(|x| x.name.clone()));
    }

    /// Names a part, and remembers the name.
    fn give<P: Part>(&mut self, part: &mut P, make: impl FnOnce(&P, &Self) -> Name) {
        let name = part.name().cloned().unwrap_or_else(|| make(part, self));
        self.given.insert(name.clone());
        *part = part.clone().with_name(Some(name));
    }
}

/// Gives a table's nameless parts the names that we invent. Without `constraints`, only indexes are named.
fn name_table(table: &mut Table, taken: &mut Taken<'_>, constraints: bool) {
    taken.given.insert(table.name.name.clone());
    taken.table(table);
    let whole = table.clone();
    let name = &whole.name;
    if constraints {
        if let Some(key) = &mut table.primary_key {
            taken.give(key, |_, all| free(all, |kind| part_name(name, &[], kind), "pkey"));
        }
        for unique in &mut table.uniques {
            taken.give(unique, |u, all| {
                let columns: Vec<&str> = u.columns.iter().chain(&u.include).map(Name::as_str).collect();
                free(all, |kind| part_name(name, &columns, kind), "key")
            });
        }
        for check in &mut table.checks {
            taken.give(check, |c, all| check_name(&whole, c, all));
        }
        for key in &mut table.foreign_keys {
            taken.give(key, |k, all| {
                let columns: Vec<&str> = k.columns.iter().map(Name::as_str).collect();
                free(all, |kind| part_name(name, &columns, kind), "fkey")
            });
        }
        for exclusion in &mut table.exclusions {
            taken.give(exclusion, |x, all| {
                let columns: Vec<&str> = x
                    .elements
                    .iter()
                    .map(|e| match &e.key.of {
                        KeyOf::Column(name) => name.as_str(),
                        KeyOf::Expression(_) => "expr",
                    })
                    .collect();
                free(all, |kind| part_name(name, &columns, kind), "excl")
            });
        }
    }
    for index in &mut table.indexes {
        taken.give(index, |i, all| index_name(name, i, all));
    }
}

/// Writes out the names that a change leaves to us, knowing the schema before it: new parts get the name that we
/// invent, parts that are there the name that they have. With `constraints`, constraints are named too; a database
/// that can do without keeps them nameless.
#[must_use]
pub fn named(change: &Change, before: &Schema, constraints: bool) -> Change {
    let mut change = change.clone();
    match &mut change {
        Change::Table(Delta::Create(table)) => {
            let mut taken = Taken::in_schema(before, &table.name);
            name_table(table, &mut taken, constraints);
        }
        Change::PrimaryKey(it) => name_part(it, before, constraints),
        Change::Unique(it) => name_part(it, before, constraints),
        Change::Check(it) => name_part(it, before, constraints),
        Change::ForeignKey(it) => name_part(it, before, constraints),
        Change::Exclusion(it) => name_part(it, before, constraints),
        Change::Index(it) => name_part(it, before, true),
        Change::Domain(Delta::Create(domain)) => name_checks(domain, &[]),
        Change::Domain(Delta::Alter { from, to }) => {
            if let Some(there) = before.domains.get(&from.name) {
                name_checks(from, &there.checks);
            }
            name_checks(to, &from.checks);
        }
        Change::Domain(Delta::Drop(_)) => {}
        Change::Table(_)
        | Change::Namespace(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Label(_)
        | Change::Sequence(_)
        | Change::Column(_)
        | Change::Object(_) => {}
    }
    change
}

/// Gives a domain's nameless checks the names that they have, or those that we invent.
fn name_checks(domain: &mut Domain, there: &[DomainCheck]) {
    let mut taken: BTreeSet<Name> = domain.checks.iter().filter_map(|c| c.name.clone()).collect();
    for check in domain.checks.iter_mut().filter(|c| c.name.is_none()) {
        let known = there.iter().filter(|c| c.expression == check.expression).filter_map(|c| c.name.clone());
        let name = known.into_iter().find(|name| !taken.contains(name)).unwrap_or_else(|| {
            let used = |name: &Name| taken.contains(name) || there.iter().any(|c| c.name.as_ref() == Some(name));
            let make = |kind: &str| part_name(&domain.name, &[], kind);
            let first = make("check");
            let mut others = (1..).map(|n| make(&format!("check{n}")));
            if used(&first) { others.find(|name| !used(name)).unwrap_or(first) } else { first }
        });
        taken.insert(name.clone());
        check.name = Some(name);
    }
}

fn name_part<P: Part>(it: &mut In<P>, before: &Schema, invent: bool) {
    let Some(table) = before.tables.get(&it.table) else {
        return;
    };
    let there = |part: &P| part.find(table).and_then(|at| P::all(table)[at].name().cloned());
    match &mut it.delta {
        Delta::Create(part) if part.name().is_none() && invent => {
            // It is named the way it would be if it came last in its table.
            let mut table = table.clone();
            let mut taken = Taken::in_schema(before, &table.name);
            part.clone().push(&mut table);
            name_table(&mut table, &mut taken, true);
            if let Some(last) = P::all(&table).last() {
                *part = last.clone();
            }
        }
        Delta::Create(_) => {}
        Delta::Drop(part) => {
            if let Some(name) = there(part) {
                *part = part.clone().with_name(Some(name));
            }
        }
        Delta::Alter { from, to } => {
            if let Some(name) = there(from) {
                *from = from.clone().with_name(Some(name.clone()));
                if to.name().is_none() {
                    *to = to.clone().with_name(Some(name));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_postgresql() {
        assert_eq!(object_name("account", "email", "key"), "account_email_key");
        assert_eq!(object_name("account", "", "pkey"), "account_pkey");
        // `CREATE TABLE` on PostgreSQL 15 gives exactly these.
        let long = "loooooooooooooooooooooooooooooooooooooooong_table_63_characters";
        assert_eq!(
            object_name(long, "a", "check").as_str(),
            "loooooooooooooooooooooooooooooooooooooooong_table_63_ch_a_check"
        );
        assert_eq!(
            object_name("a_table_of_twenty_nine_chars_", "a_column_of_thirty_five_characters_", "fkey").len(),
            IDENTIFIER_BYTES
        );
        assert!(object_name(&"表".repeat(20), &"列".repeat(20), "check").len() <= IDENTIFIER_BYTES);
    }
}
