//! Reads `CREATE TABLE`.

use std::collections::BTreeMap;

use super::super::lex::{can_be_name, raw};
use super::{Reader, split};
use crate::schema::{
    Action, Auto, Check, Column, Default, Deferrable, Expression, ForeignKey, Generated, Match, Name, Order,
    PrimaryKey, Sort, Spelling, Table, Type, Unique,
};

/// A table as its statement says it, and where it says so.
#[derive(Debug)]
pub(in super::super) struct ReadTable {
    /// The table.
    pub(in super::super) table: Table,
    /// The columns and table constraints, in the order of the text.
    pub(in super::super) elements: Vec<Element>,
}

/// One element of the list in the parentheses.
#[derive(Debug)]
pub(in super::super) struct Element {
    /// Its text.
    pub(in super::super) text: String,
    /// What it defines.
    pub(in super::super) of: ElementOf,
}

/// What an element defines.
#[derive(Debug)]
pub(in super::super) enum ElementOf {
    /// A column, by its place in the table, and the constraints that stand with it.
    Column(usize, Vec<PartAt>),
    /// A constraint of the table.
    Part(PartAt),
}

/// A constraint, by its place in the table.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum PartAt {
    /// The primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique(usize),
    /// A check.
    Check(usize),
    /// A foreign key.
    ForeignKey(usize),
}

/// The table that a statement creates. Nothing when the text is no such statement.
pub(in super::super) fn read_table(sql: &str) -> Option<ReadTable> {
    let mut reader = Reader::new(sql);
    reader.eat("create").then_some(())?;
    let _ = reader.eat("temp") || reader.eat("temporary");
    reader.eat("table").then_some(())?;
    reader.eat_all(&["if", "not", "exists"]);
    let mut body = Body { table: Table::new(&*reader.qualified_name()?), reader, elements: Vec::new() };
    body.reader.eat_sign("(").then_some(())?;
    while !body.reader.eat_sign(")") {
        body.element()?;
        body.reader.eat_sign(",");
    }
    let Body { mut reader, mut table, elements } = body;
    let key_of_table = elements.iter().any(|e| matches!(e.of, ElementOf::Part(PartAt::PrimaryKey)));
    while let Some(token) = reader.peek() {
        reader.at += 1;
        table.options.strict |= token.is_word("strict");
        table.options.without_rowid |= token.is_word("rowid");
    }
    if key_of_table {
        forget_order_of_rowid(&mut table);
    }
    imply_not_null(&mut table);
    table.options.spelling = Spelling(Some(sql.to_owned()));
    Some(ReadTable { table, elements })
}

/// The row's number has one order, whatever the table's own constraint says.
fn forget_order_of_rowid(table: &mut Table) {
    let Some(key) = &mut table.primary_key else { return };
    let sorts = std::mem::take(&mut key.sorts);
    if rowid_alias(table).is_none()
        && let Some(key) = &mut table.primary_key
    {
        key.sorts = sorts;
    }
}

/// The columns of a primary key are NOT NULL where a table is STRICT or WITHOUT ROWID; elsewhere they are not, for
/// reasons of history (`CREATE TABLE`, *The PRIMARY KEY*). A row's own number never is NULL, and says nothing of it.
fn imply_not_null(table: &mut Table) {
    let implied = table.options.without_rowid || table.options.strict && rowid_alias(table).is_none();
    let keys: Vec<Name> = table.primary_key.iter().filter(|_| implied).flat_map(|k| k.columns.clone()).collect();
    table.columns.iter_mut().filter(|c| keys.contains(&c.name)).for_each(|c| c.nullable = false);
}

/// The column that is another name for the row's number (*ROWIDs and the INTEGER PRIMARY KEY*): the only column of
/// the primary key, declared exactly INTEGER. `PRIMARY KEY DESC` at the column itself is no such alias, at the table
/// it is.
pub(in super::super) fn rowid_alias(table: &Table) -> Option<&Column> {
    let key = table.primary_key.as_ref().filter(|_| !table.options.without_rowid)?;
    let [name] = key.columns.as_slice() else {
        return None;
    };
    let descending = key.sorts.get(name).is_some_and(|s| s.order == Order::Descending);
    let column = table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name))?;
    let integer = match &column.ty {
        Type::Sql(declared) => declared.eq_ignore_ascii_case("integer"),
        Type::SmallInt | Type::Integer | Type::BigInt => true,
        Type::Boolean => table.options.strict,
        Type::Real
        | Type::Double
        | Type::Numeric(_)
        | Type::Text
        | Type::Varchar(_)
        | Type::Char(_)
        | Type::Bytes
        | Type::Date
        | Type::Time(_)
        | Type::TimeTz(_)
        | Type::Timestamp(_)
        | Type::TimestampTz(_)
        | Type::Interval(_)
        | Type::Uuid
        | Type::Json
        | Type::Jsonb
        | Type::Array(_)
        | Type::Named(_) => false,
    };
    (integer && !descending).then_some(column)
}

struct Body<'a> {
    reader: Reader<'a>,
    table: Table,
    elements: Vec<Element>,
}

impl Body<'_> {
    fn element(&mut self) -> Option<()> {
        let start = self.reader.at;
        let constraint = ["constraint", "primary", "unique", "check", "foreign"].iter().any(|w| self.reader.is_word(w));
        let of = if constraint { ElementOf::Part(self.constraint()?) } else { self.column()? };
        // A reader that does not move would never end.
        (self.reader.at > start).then_some(())?;
        let text = self.reader.slice(start..self.reader.at).to_owned();
        self.elements.push(Element { text, of });
        Some(())
    }

    fn column(&mut self) -> Option<ElementOf> {
        let name = self.reader.name()?;
        let ty = self.declared_type()?;
        let place = self.table.columns.len();
        let mut column = Column::new(name, Type::Sql(ty));
        column.nullable = true;
        self.table.columns.push(column);
        let mut parts = Vec::new();
        let mut named = None;
        while self.reader.peek().is_some_and(|t| t.text != "," && t.text != ")") {
            if self.reader.eat("constraint") {
                named = Some(self.reader.name()?);
            } else {
                parts.extend(self.column_constraint(place, named.take())?);
            }
        }
        Some(ElementOf::Column(place, parts))
    }

    /// A type is any row of words with up to two numbers (*Datatypes In SQLite*, 3.1).
    fn declared_type(&mut self) -> Option<String> {
        const CONSTRAINTS: [&str; 11] = [
            "constraint",
            "default",
            "null",
            "not",
            "primary",
            "unique",
            "check",
            "references",
            "collate",
            "as",
            "deferrable",
        ];
        let start = self.reader.at;
        while let Some(token) = self.reader.peek().filter(can_be_name) {
            let ends = CONSTRAINTS.iter().any(|w| token.is_word(w));
            if ends || token.is_word("generated") && self.reader.ahead_is(1, "always") {
                break;
            }
            self.reader.at += 1;
        }
        if self.reader.at > start && self.reader.is_sign("(") {
            self.reader.group()?;
        }
        match (self.reader.at - start, self.reader.tokens.get(start)) {
            (1, Some(token)) => Some(raw(token)),
            (0, _) | (_, None) => Some(String::new()),
            (_, Some(_)) => Some(self.reader.slice(start..self.reader.at).to_owned()),
        }
    }

    fn column_constraint(&mut self, place: usize, named: Option<Name>) -> Option<Option<PartAt>> {
        let name = self.table.columns[place].name.clone();
        let reader = &mut self.reader;
        let part = if reader.eat("default") {
            let default = Self::default(reader)?;
            self.table.columns[place].default = Some(Default::Sql(default));
            None
        } else if reader.eat_all(&["not", "null"]) {
            self.table.columns[place].nullable = false;
            self.table.columns[place].not_null_conflict = reader.conflict();
            None
        } else if reader.eat("null") {
            reader.conflict();
            None
        } else if reader.eat("collate") {
            self.table.columns[place].collation = Some(reader.name()?.to_string());
            None
        } else if reader.eat_all(&["generated", "always", "as"]) || reader.eat("as") {
            let expression = reader.expression()?;
            let stored = reader.eat("stored");
            let _ = stored || reader.eat("virtual");
            self.table.columns[place].generated = Some(Generated { expression, stored });
            None
        } else if reader.eat_all(&["primary", "key"]) {
            let mut key = PrimaryKey::new([&*name]);
            let descending = reader.eat("desc");
            let _ = descending || reader.eat("asc");
            if descending {
                key.sorts.insert(name, Sort { order: Order::Descending, collation: None });
            }
            key.name = named;
            key.conflict = reader.conflict();
            if reader.eat("autoincrement") {
                self.table.columns[place].auto = Some(Auto::Increment);
            }
            self.table.primary_key = Some(key);
            Some(PartAt::PrimaryKey)
        } else if reader.eat("unique") {
            let mut unique = Unique::new([name]);
            unique.name = named;
            unique.conflict = reader.conflict();
            self.table.uniques.push(unique);
            Some(PartAt::Unique(self.table.uniques.len() - 1))
        } else if reader.is_word("check") {
            Some(self.check(named)?)
        } else if reader.is_word("references") {
            Some(self.references(vec![name], named)?)
        } else {
            // Only the last foreign key can be meant (`DEFERRABLE` stands apart from `REFERENCES` in the grammar).
            let deferrable = Self::deferrable(reader)?;
            self.table.foreign_keys.last_mut()?.deferrable = deferrable;
            None
        };
        Some(part)
    }

    /// A literal with its sign, a keyword, or an expression in parentheses, which are no part of it.
    fn default(reader: &mut Reader<'_>) -> Option<Expression> {
        if reader.is_sign("(") {
            return reader.expression();
        }
        let start = reader.at;
        let _ = reader.eat_sign("-") || reader.eat_sign("+");
        reader.peek()?;
        reader.at += 1;
        Some(reader.slice(start..reader.at).into())
    }

    fn constraint(&mut self) -> Option<PartAt> {
        let named = if self.reader.eat("constraint") { Some(self.reader.name()?) } else { None };
        if self.reader.eat_all(&["primary", "key"]) {
            let (columns, sorts, increments) = self.sorted_columns()?;
            if increments && let Some(column) = self.table.columns.iter_mut().find(|c| Some(&c.name) == columns.first())
            {
                column.auto = Some(Auto::Increment);
            }
            let key = PrimaryKey { name: named, sorts, conflict: self.reader.conflict(), ..PrimaryKey::new(columns) };
            self.table.primary_key = Some(key);
            return Some(PartAt::PrimaryKey);
        }
        let start = self.reader.at;
        if self.reader.eat("unique") {
            let (columns, sorts, _) = self.sorted_columns()?;
            let unique = Unique { name: named, sorts, conflict: self.reader.conflict(), ..Unique::new(columns) };
            let words = self.reader.slice(start..self.reader.at).to_owned();
            let unique = Unique { spelling: Spelling(Some(words)), ..unique };
            self.table.uniques.push(unique);
            return Some(PartAt::Unique(self.table.uniques.len() - 1));
        }
        if self.reader.is_word("check") {
            return self.check(named);
        }
        self.reader.eat_all(&["foreign", "key"]).then_some(())?;
        let columns = self.reader.names()?.iter().map(|c| self.spelled(c)).collect();
        self.references(columns, named)
    }

    /// The name of a column as its definition spells it: constraints may spell it in any case.
    fn spelled(&self, name: &Name) -> Name {
        let found = self.table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name));
        found.map_or_else(|| name.clone(), |c| c.name.clone())
    }

    /// `(a COLLATE nocase DESC, b AUTOINCREMENT)`.
    fn sorted_columns(&mut self) -> Option<(Vec<Name>, BTreeMap<Name, Sort>, bool)> {
        let places = self.reader.group()?;
        let (mut columns, mut sorts, mut increments) = (Vec::new(), BTreeMap::new(), false);
        for part in split(&self.reader.tokens, places) {
            let tokens = &self.reader.tokens[part];
            let name = self.spelled(&raw(tokens.first().filter(|t| can_be_name(t))?).into());
            let collation = tokens.iter().position(|t| t.is_word("collate")).and_then(|at| tokens.get(at + 1)).map(raw);
            let descending = tokens.iter().skip(1).any(|t| t.is_word("desc"));
            increments |= tokens.iter().skip(1).any(|t| t.is_word("autoincrement"));
            if descending || collation.is_some() {
                let order = if descending { Order::Descending } else { Order::Ascending };
                sorts.insert(name.clone(), Sort { order, collation });
            }
            columns.push(name);
        }
        Some((columns, sorts, increments))
    }

    fn check(&mut self, named: Option<Name>) -> Option<PartAt> {
        let start = self.reader.at;
        self.reader.eat("check").then_some(())?;
        let mut check = Check::new(self.reader.expression()?);
        check.name = named;
        // Parsed and without effect (`CREATE TABLE`, *CHECK constraints*).
        self.reader.conflict();
        check.spelling = Spelling(Some(self.reader.slice(start..self.reader.at).to_owned()));
        self.table.checks.push(check);
        Some(PartAt::Check(self.table.checks.len() - 1))
    }

    fn references(&mut self, columns: Vec<Name>, named: Option<Name>) -> Option<PartAt> {
        let reader = &mut self.reader;
        let start = reader.at;
        reader.eat("references").then_some(())?;
        let table = reader.name()?;
        let referenced = if reader.is_sign("(") { reader.names()? } else { Vec::new() };
        let mut key = ForeignKey::new(columns, &*table, referenced);
        key.name = named;
        loop {
            if reader.eat_all(&["on", "delete"]) {
                key.on_delete = Self::action(reader)?;
            } else if reader.eat_all(&["on", "update"]) {
                key.on_update = Self::action(reader)?;
            } else if reader.eat_all(&["on", "insert"]) {
                Self::action(reader)?;
            } else if reader.eat("match") {
                key.matching = match reader.name()?.to_ascii_lowercase().as_str() {
                    "full" => Match::Full,
                    "partial" => Match::Partial,
                    _ => Match::Simple,
                };
            } else if reader.is_word("deferrable") || reader.is_word("not") && reader.ahead_is(1, "deferrable") {
                key.deferrable = Self::deferrable(reader)?;
            } else {
                break;
            }
        }
        key.spelling = Spelling(Some(reader.slice(start..reader.at).to_owned()));
        self.table.foreign_keys.push(key);
        Some(PartAt::ForeignKey(self.table.foreign_keys.len() - 1))
    }

    fn action(reader: &mut Reader<'_>) -> Option<Action> {
        const ACTIONS: [(&[&str], Action); 5] = [
            (&["set", "null"], Action::SetNull),
            (&["set", "default"], Action::SetDefault),
            (&["cascade"], Action::Cascade),
            (&["restrict"], Action::Restrict),
            (&["no", "action"], Action::NoAction),
        ];
        ACTIONS.iter().find(|(words, _)| reader.eat_all(words)).map(|(_, action)| *action)
    }

    fn deferrable(reader: &mut Reader<'_>) -> Option<Deferrable> {
        let not = reader.eat("not");
        reader.eat("deferrable").then_some(())?;
        let deferred = reader.eat_all(&["initially", "deferred"]);
        let _ = deferred || reader.eat_all(&["initially", "immediate"]);
        Some(match (not, deferred) {
            (true, _) => Deferrable::No,
            (false, true) => Deferrable::Deferred,
            (false, false) => Deferrable::Immediate,
        })
    }
}
