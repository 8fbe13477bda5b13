//! Writes `CREATE TABLE` and `CREATE INDEX`, in the words in which they were written before wherever those still say
//! what the values say.

use super::canonical::canonical_table;
use super::parse::{Element, ElementOf, PartAt, ReadTable, read_index, read_table, rowid_alias};
use super::write;
use crate::plan::Unsupported;
use crate::schema::{Auto, Column, Index, Order, Part, PrimaryKey, Schema, Table, Type};

/// `CREATE TABLE` for a table with everything but its indexes.
pub(super) fn create_table(table: &Table, schema: &Schema, title: &str) -> Result<String, Unsupported> {
    refuse_exclusions(table, title)?;
    let mut writing = Writing::new(table, schema, title);
    let mut columns = Vec::new();
    for at in 0..table.columns.len() {
        columns.push(writing.column(at)?);
    }
    let mut constraints = writing.spelled_constraints();
    constraints.extend(writing.other_constraints());
    if let Some(words) = writing.verbatim() {
        return Ok(words);
    }
    let lines =
        columns.into_iter().chain(constraints).map(|line| format!("    {line}")).collect::<Vec<_>>().join(",\n");
    let options = [(table.options.strict, "STRICT"), (table.options.without_rowid, "WITHOUT ROWID")];
    let options: Vec<&str> = options.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    let space = if options.is_empty() { "" } else { " " };
    Ok(format!("CREATE TABLE {} (\n{lines}\n){space}{}", write::identifier(&table.name.name), options.join(", ")))
}

/// A column as `ADD COLUMN` writes it, with the checks and foreign keys that come with it.
pub(super) fn added_column(
    table: &Table,
    column: &Column,
    with: &[PartAt],
    schema: &Schema,
    title: &str,
) -> Result<String, Unsupported> {
    let mut writing = Writing::new(table, schema, title);
    writing.done.only(with);
    let at = table.columns.iter().position(|c| c.name == column.name);
    let mut sql = match at.and_then(|at| writing.spelled_column(at)) {
        Some(words) => words,
        None => write::column(column, table, None, title)?,
    };
    for part in with {
        let name = match part {
            PartAt::Check(at) if !writing.done.checks[*at] => &table.checks[*at].name,
            PartAt::ForeignKey(at) if !writing.done.foreign_keys[*at] => &table.foreign_keys[*at].name,
            PartAt::Check(_) | PartAt::ForeignKey(_) | PartAt::PrimaryKey | PartAt::Unique(_) => continue,
        };
        let words = match part {
            // At a table a check may have an ON CONFLICT, which means nothing; at a column it may not.
            PartAt::Check(at) => Some(writing.words(*part))
                .filter(|words| words.ends_with(')'))
                .unwrap_or_else(|| write::check(&table.checks[*at])),
            PartAt::ForeignKey(_) | PartAt::PrimaryKey | PartAt::Unique(_) => writing.words(*part),
        };
        sql.push_str(&format!(" {}{words}", write::constraint(name.as_ref())));
    }
    Ok(sql)
}

/// `CREATE INDEX`.
pub(super) fn create_index(index: &Index, table: &Table, schema: &Schema) -> String {
    let same = |sql: &&str| {
        read_index(sql).is_some_and(|(on, read)| {
            let form = |index: &Index| {
                let mut alone = table.clone();
                alone.indexes = vec![index.clone()];
                canonical_table(&alone, schema).indexes
            };
            on == table.name.name && read.name == index.name && form(&read) == form(index)
        })
    };
    index
        .spelling
        .text()
        .filter(same)
        .map_or_else(|| write::create_index(index, &table.name.name), |sql| ended(sql).to_owned())
}

fn ended(sql: &str) -> &str {
    sql.trim_end().trim_end_matches(';').trim_end()
}

fn refuse_exclusions(table: &Table, title: &str) -> Result<(), Unsupported> {
    match table.exclusions.first() {
        None => Ok(()),
        Some(_) => Err(Unsupported {
            title: title.to_owned(),
            what: "exclusion constraints".to_owned(),
            object: table.name.to_string(),
            instead: "put it under `postgres(…)`".to_owned(),
        }),
    }
}

/// Constraints of a table that are written already.
struct Done {
    primary_key: bool,
    uniques: Vec<bool>,
    checks: Vec<bool>,
    foreign_keys: Vec<bool>,
}

struct Writing<'a> {
    table: &'a Table,
    schema: &'a Schema,
    title: &'a str,
    form: Table,
    /// The words of old, and their table in canonical form.
    spelled: Option<(ReadTable, Table)>,
    used: Vec<bool>,
    done: Done,
    wrote: bool,
}

impl<'a> Writing<'a> {
    fn new(table: &'a Table, schema: &'a Schema, title: &'a str) -> Self {
        let form = canonical_table(table, schema);
        let spelled = table.options.spelling.text().and_then(read_table).map(|read| {
            let mut alike = read.table.clone();
            alike.name = table.name.clone();
            let form = canonical_table(&alike, schema);
            (read, form)
        });
        let used = vec![false; spelled.as_ref().map_or(0, |(read, _)| read.elements.len())];
        let done = Done {
            primary_key: table.primary_key.is_none(),
            uniques: vec![false; table.uniques.len()],
            checks: vec![false; table.checks.len()],
            foreign_keys: vec![false; table.foreign_keys.len()],
        };
        Self { table, schema, title, form, spelled, used, done, wrote: false }
    }

    fn column(&mut self, at: usize) -> Result<String, Unsupported> {
        if let Some(words) = self.spelled_column(at) {
            return Ok(words);
        }
        self.wrote = true;
        let (table, column) = (self.table, &self.table.columns[at]);
        let key = table.primary_key.as_ref().filter(|key| !self.done.primary_key && stands_inline(table, column, key));
        self.done.primary_key |= key.is_some();
        if column.auto.is_some() && key.is_none() {
            return Err(Unsupported::column(
                self.title,
                "counters outside of an integer primary key",
                &table.name,
                &column.name,
                "make the column the primary key, or number the rows yourself",
            ));
        }
        write::column(column, table, key, self.title)
    }

    /// The column in the words of old, if they say the same of it and of the constraints that stand with it.
    fn spelled_column(&mut self, at: usize) -> Option<String> {
        let spelled = self.spelled.as_ref()?;
        let (read, there) = spelled;
        let column = &self.form.columns[at];
        let (place, parts) = read.elements.iter().enumerate().find_map(|(place, element)| match &element.of {
            ElementOf::Column(c, parts) if there.columns[*c] == *column && !self.used[place] => Some((place, parts)),
            ElementOf::Column(..) | ElementOf::Part(_) => None,
        })?;
        let claims: Option<Vec<PartAt>> = parts.iter().map(|part| claim(self, spelled, *part)).collect();
        let text = read.elements[place].text.clone();
        for claim in claims? {
            self.done.mark(claim);
        }
        self.used[place] = true;
        Some(text)
    }

    /// A constraint that has no place in the words of the table, without its name: in the words in which the database
    /// that has it keeps it, as long as they say the same.
    fn words(&self, part: PartAt) -> String {
        let table = self.table;
        let (spelling, frame, words) = match part {
            PartAt::PrimaryKey => {
                return table.primary_key.as_ref().map_or_else(String::new, write::primary_key);
            }
            PartAt::Unique(at) => (&table.uniques[at].spelling, String::new(), write::unique(&table.uniques[at])),
            PartAt::Check(at) => (&table.checks[at].spelling, String::new(), write::check(&table.checks[at])),
            PartAt::ForeignKey(at) => {
                let key = &table.foreign_keys[at];
                let columns = write::list(&key.columns);
                (&key.spelling, format!("FOREIGN KEY ({columns}) "), write::references(key))
            }
        };
        let columns = write::list(table.columns.iter().map(|c| &c.name));
        let same = |words: &&str| {
            read_table(&format!("CREATE TABLE t ({columns}, {frame}{words})")).is_some_and(|mut read| {
                (read.table.name, read.table.columns) = (table.name.clone(), table.columns.clone());
                // `REFERENCES t` in `t` itself means this one.
                read.table.primary_key = table.primary_key.clone();
                let (there, here) = (canonical_table(&read.table, self.schema), &self.form);
                match part {
                    PartAt::PrimaryKey => false,
                    PartAt::Unique(at) => there.uniques == [here.uniques[at].clone()],
                    PartAt::Check(at) => there.checks == [here.checks[at].clone()],
                    PartAt::ForeignKey(at) => there.foreign_keys == [here.foreign_keys[at].clone()],
                }
            })
        };
        spelling.text().filter(same).map_or(words, str::to_owned)
    }

    fn spelled_constraints(&mut self) -> Vec<String> {
        let Some(spelled) = self.spelled.take() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (place, Element { text, of }) in spelled.0.elements.iter().enumerate() {
            if let ElementOf::Part(part) = of
                && let Some(claim) = claim(self, &spelled, *part)
            {
                self.done.mark(claim);
                self.used[place] = true;
                found.push(text.clone());
            }
        }
        self.spelled = Some(spelled);
        found
    }

    fn other_constraints(&mut self) -> Vec<String> {
        let Done { primary_key, uniques, checks, foreign_keys } = &self.done;
        let open = |done: &[bool]| (0..done.len()).filter(|at| !done[*at]).collect::<Vec<_>>();
        let table = self.table;
        let key = table.primary_key.iter().filter(|_| !primary_key).map(|k| (&k.name, PartAt::PrimaryKey));
        let uniques = open(uniques).into_iter().map(|at| (&table.uniques[at].name, PartAt::Unique(at)));
        let keys = open(foreign_keys).into_iter().map(|at| (&table.foreign_keys[at].name, PartAt::ForeignKey(at)));
        let checks = open(checks).into_iter().map(|at| (&table.checks[at].name, PartAt::Check(at)));
        let found: Vec<String> = key
            .chain(uniques)
            .chain(keys)
            .chain(checks)
            .map(|(name, part)| {
                let columns = match part {
                    PartAt::ForeignKey(at) => {
                        format!("FOREIGN KEY ({}) ", write::list(&table.foreign_keys[at].columns))
                    }
                    PartAt::PrimaryKey | PartAt::Unique(_) | PartAt::Check(_) => String::new(),
                };
                format!("{}{columns}{}", write::constraint(name.as_ref()), self.words(part))
            })
            .collect();
        self.wrote |= !found.is_empty();
        found
    }

    /// The whole statement of old, when every word of it still holds.
    fn verbatim(&self) -> Option<String> {
        let (read, there) = self.spelled.as_ref()?;
        let whole = !self.wrote && self.used.iter().all(|used| *used);
        let same = read.table.name == self.table.name && there.options == self.form.options;
        let text = self.table.options.spelling.text().filter(|_| whole && same)?;
        Some(ended(text).to_owned())
    }
}

impl Done {
    /// Takes everything for written but these.
    fn only(&mut self, open: &[PartAt]) {
        self.primary_key = true;
        for list in [&mut self.uniques, &mut self.checks, &mut self.foreign_keys] {
            list.fill(true);
        }
        for part in open {
            match part {
                PartAt::PrimaryKey => self.primary_key = false,
                PartAt::Unique(at) => self.uniques[*at] = false,
                PartAt::Check(at) => self.checks[*at] = false,
                PartAt::ForeignKey(at) => self.foreign_keys[*at] = false,
            }
        }
    }

    fn mark(&mut self, part: PartAt) {
        match part {
            PartAt::PrimaryKey => self.primary_key = true,
            PartAt::Unique(at) => self.uniques[at] = true,
            PartAt::Check(at) => self.checks[at] = true,
            PartAt::ForeignKey(at) => self.foreign_keys[at] = true,
        }
    }
}

/// The constraint that a part of the old words stands for, if there is one that is not written yet. Who names no name
/// is content with the old one, unless another has it now.
fn claim(writing: &Writing<'_>, (read, there): &(ReadTable, Table), part: PartAt) -> Option<PartAt> {
    fn find<P: Part>(here: (&[P], &[P]), (words, wanted): (&P, &P), done: &[bool]) -> Option<usize> {
        let (values, forms) = here;
        let free = values.iter().all(|other| other.name().is_none() || other.name() != words.name());
        let content = |at: usize| values[at].name() == words.name() || values[at].name().is_none() && free;
        (0..forms.len()).find(|&at| !done[at] && content(at) && forms[at] == *wanted)
    }
    let Writing { table, form, done, .. } = writing;
    let words = &read.table;
    match part {
        PartAt::PrimaryKey => {
            let (mine, theirs) = (table.primary_key.as_ref()?, words.primary_key.as_ref()?);
            let content = mine.name.is_none() || mine.name == theirs.name;
            // AUTOINCREMENT may stand with the key, and is the column's.
            let counts = |table: &Table| table.columns.iter().any(|c| c.auto.is_some());
            let same = form.primary_key == there.primary_key && counts(form) == counts(there);
            (!done.primary_key && content && same).then_some(part)
        }
        PartAt::Unique(at) => {
            let wanted = (&words.uniques[at], &there.uniques[at]);
            find((&table.uniques, &form.uniques), wanted, &done.uniques).map(PartAt::Unique)
        }
        PartAt::Check(at) => {
            let wanted = (&words.checks[at], &there.checks[at]);
            find((&table.checks, &form.checks), wanted, &done.checks).map(PartAt::Check)
        }
        PartAt::ForeignKey(at) => {
            let wanted = (&words.foreign_keys[at], &there.foreign_keys[at]);
            find((&table.foreign_keys, &form.foreign_keys), wanted, &done.foreign_keys).map(PartAt::ForeignKey)
        }
    }
}

/// An alias of the row's number is declared where it stands: AUTOINCREMENT can stand nowhere else that reads well,
/// and `INTEGER PRIMARY KEY DESC`, which is no alias, cannot stand elsewhere at all.
fn stands_inline(table: &Table, column: &Column, key: &PrimaryKey) -> bool {
    let alone = matches!(key.columns.as_slice(), [one] if one.eq_ignore_ascii_case(&column.name));
    let alias = rowid_alias(table).is_some_and(|c| c.name == column.name);
    let descending = key.sorts.values().any(|s| s.order == Order::Descending && s.collation.is_none());
    let integer = matches!(&column.ty, Type::Sql(ty) if ty.eq_ignore_ascii_case("integer"));
    let counted = column.auto.as_ref().is_some_and(|auto| match auto {
        Auto::Increment | Auto::Identity { .. } | Auto::Serial { .. } => true,
    });
    alone && (alias || descending && integer && !table.options.without_rowid && !counted)
}
