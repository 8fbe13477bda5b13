//! What a way back may fail at, on the rows that are there by then.

use limbeck::change::{Change, Delta, Fit, In, Loss, fit};
use limbeck::dialect::Dialect;
use limbeck::schema::{Check, Column, ForeignKey, KeyOf, Name, QualifiedName, Schema, Table, Type, tokens};

use super::answers::{Answers, named};

/// Something that comes back, and that rows may not fit. What a migration creates goes again, and nobody is asked.
pub(crate) struct Risk {
    /// What it is, as answers name it: `note.title`, `unique note (title)`.
    pub(crate) what: String,
    /// The table.
    pub(crate) table: QualifiedName,
    /// What comes back, and what of rows, in words.
    pub(crate) why: String,
    /// What rows do not fit it.
    pub(crate) rows: Misfit,
    /// There is none when this is kept.
    pub(crate) unless_kept: Option<Loss>,
    /// There is none when this is lost.
    pub(crate) unless_lost: Option<Loss>,
    /// There is none when this enum is the other one under a new name.
    pub(crate) unless_renamed: Option<QualifiedName>,
}

/// Which rows do not fit what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// All of them: they have no value at all, unless it was kept.
    All,
    /// Those without a value, or whose value is none of the type that comes back.
    Values,
    /// Those whose value is another one in the type that comes back, which nobody says then.
    Changed,
    /// Those that a constraint does not allow.
    Constraint,
}

impl Risk {
    /// Whether a person's answers leave none of it: rows get a value, or what would miss is kept, or lost with it.
    pub(crate) fn is_averted(&self, answers: &Answers) -> bool {
        named(&answers.down_fill, &self.what).is_some()
            || self.unless_kept.as_ref().is_some_and(|loss| answers.keeps(&loss.to_string()))
            || self.unless_lost.as_ref().is_some_and(|loss| answers.agree(loss))
    }

    /// A constraint that comes back over rows of a table.
    fn constraint(what: String, table: &QualifiedName, why: String) -> Self {
        Self {
            what,
            table: table.clone(),
            why,
            rows: Misfit::Constraint,
            unless_kept: None,
            unless_lost: None,
            unless_renamed: None,
        }
    }
}

/// What undoing a change may fail at, on one of some databases. `all` are the changes that it is one of.
pub(crate) fn risks(change: &Change, all: &[Change], dialects: &[&'static dyn Dialect]) -> Vec<Risk> {
    let back = change.clone().inverse();
    if let Some((table, column, true)) = back.unfilled() {
        let why = format!(
            "the way back creates column {table}.{} NOT NULL without a default, and rows have no value for it",
            column.name
        );
        return vec![Risk {
            what: format!("{table}.{}", column.name),
            table: table.clone(),
            why,
            rows: Misfit::All,
            unless_kept: change.loses().into_iter().next(),
            unless_lost: None,
            unless_renamed: None,
        }];
    }
    let equal = |table: &QualifiedName, kind: &str, columns: Vec<&str>| {
        let columns = columns.join(", ");
        let why = format!("the way back makes ({columns}) of `{table}` unique again, and rows may be equal by then");
        Some(Risk::constraint(format!("{kind} {table} ({columns})"), table, why))
    };
    let one = match &back {
        Change::Column(In { table, delta: Delta::Alter { from, to } }) if from.name == to.name => {
            values(table, (from, to), dialects)
                .map(|risk| Risk { unless_kept: change.loses().into_iter().next(), ..risk })
        }
        Change::PrimaryKey(In { table, delta: Delta::Create(key) }) => {
            equal(table, "unique", key.columns.iter().map(Name::as_str).collect())
        }
        Change::Unique(In { table, delta: Delta::Create(unique) }) => {
            equal(table, "unique", unique.columns.iter().map(Name::as_str).collect())
        }
        Change::Index(In { table, delta: Delta::Create(index) }) if index.unique => {
            let keys = index.keys.iter().map(|key| match &key.of {
                KeyOf::Column(name) => name.as_str(),
                KeyOf::Expression(expression) => expression.as_str(),
            });
            equal(table, "unique index", keys.collect())
        }
        Change::Exclusion(In { table, delta: Delta::Create(exclusion) }) => {
            let why = format!("the way back makes the exclusion of `{table}` again, and rows may clash by then");
            Some(Risk::constraint(format!("exclusion {table} using {}", exclusion.using), table, why))
        }
        Change::Check(In { table, delta: Delta::Create(check) }) => broken(table, check, all),
        Change::ForeignKey(In { table, delta: Delta::Create(key) }) => orphans(table, key, all),
        Change::Table(Delta::Create(table)) => return kept_orphans(table, all),
        Change::Namespace(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Label(_)
        | Change::Domain(_)
        | Change::Sequence(_)
        | Change::Table(_)
        | Change::Column(_)
        | Change::PrimaryKey(_)
        | Change::Unique(_)
        | Change::Check(_)
        | Change::ForeignKey(_)
        | Change::Exclusion(_)
        | Change::Index(_)
        | Change::Object(_) => None,
    };
    one.into_iter().collect()
}

/// The labels that a change adds to an enum. They go again on the way back, which stops while rows hold them.
pub(crate) fn labels_that_come(change: &Change) -> Vec<(&QualifiedName, &Name)> {
    let Change::Enum(Delta::Alter { from, to }) = change else { return Vec::new() };
    to.labels.iter().filter(|label| !from.labels.contains(label)).map(|label| (&to.name, label)).collect()
}

/// Whether some changes drop a column.
fn drops(all: &[Change], table: &QualifiedName, column: &str) -> Option<Column> {
    all.iter().find_map(|change| {
        let Change::Column(In { table: of, delta: Delta::Drop(it) }) = change else { return None };
        (of == table && it.name.as_str() == column).then(|| it.clone())
    })
}

/// A check that comes back. What a column held that comes back with it did fit.
fn broken(table: &QualifiedName, check: &Check, all: &[Change]) -> Option<Risk> {
    let words = tokens(check.expression.as_str());
    let comes_back = all.iter().any(|change| {
        matches!(change, Change::Column(In { table: of, delta: Delta::Drop(column) })
            if of == table && words.iter().any(|word| word.is_name(&column.name)))
    });
    if comes_back || check.not_valid || check.not_enforced {
        return None;
    }
    let what = format!("check {table} ({})", check.expression);
    let why = format!("the way back checks ({}) of `{table}` again, and rows may break it by then", check.expression);
    Some(Risk::constraint(what, table, why))
}

fn said(table: &QualifiedName, key: &ForeignKey) -> (String, String) {
    let columns = key.columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    let what = format!("foreign key {table} ({columns})");
    (what, format!("the way back makes ({columns}) of `{table}` refer to `{}` again", key.references))
}

/// Whether a table goes with its rows.
fn goes(all: &[Change], table: &QualifiedName) -> bool {
    all.iter().any(|change| matches!(change, Change::Table(Delta::Drop(it)) if it.name == *table))
}

/// A foreign key that comes back: over columns that stay, or over one that comes back while those that it refers to do
/// not.
fn orphans(table: &QualifiedName, key: &ForeignKey, all: &[Change]) -> Option<Risk> {
    if key.not_valid || key.not_enforced {
        return None;
    }
    let (what, why) = said(table, key);
    let column = key.columns.iter().find_map(|name| drops(all, table, name));
    let unless_kept = goes(all, &key.references).then(|| Loss::Table(key.references.clone()));
    match (column, unless_kept) {
        (None, unless_kept) => {
            let why = format!("{why}, and rows may refer to none by then");
            Some(Risk { unless_kept, ..Risk::constraint(what, table, why) })
        }
        (Some(column), Some(lost)) => {
            let why = format!("{why}, whose rows do not come back");
            let unless_lost = column.nullable.then(|| Loss::Column(table.clone(), column.name.clone()));
            Some(Risk { unless_kept: Some(lost), unless_lost, ..Risk::constraint(what, table, why) })
        }
        (Some(_), None) => None,
    }
}

/// Foreign keys of a table that comes back with its rows, while those that they refer to do not.
fn kept_orphans(table: &Table, all: &[Change]) -> Vec<Risk> {
    let lost = table.foreign_keys.iter().filter(|key| key.references != table.name && goes(all, &key.references));
    let risk = |key: &ForeignKey| {
        let (what, why) = said(&table.name, key);
        Risk {
            unless_kept: Some(Loss::Table(key.references.clone())),
            unless_lost: Some(Loss::Table(table.name.clone())),
            ..Risk::constraint(what, &table.name, format!("{why}, whose rows do not come back"))
        }
    };
    lost.filter(|key| !key.not_valid && !key.not_enforced).map(risk).collect()
}

fn values(table: &QualifiedName, (from, to): (&Column, &Column), dialects: &[&'static dyn Dialect]) -> Option<Risk> {
    let what = format!("{table}.{}", to.name);
    let tight = from.nullable && !to.nullable;
    let fit = fit(&from.ty, &to.ty);
    let narrow = fit >= Fit::Fails && dialects.iter().any(|dialect| tells(*dialect, &from.ty, &to.ty));
    let why = match (tight, narrow) {
        _ if from.generated.is_none() && to.generated.is_some() => {
            format!("the way back computes column {what} again, and what rows hold by then is gone")
        }
        (false, false) => return None,
        (true, false) => format!("the way back makes column {what} NOT NULL again, and rows may be NULL by then"),
        (false, true) => {
            let what = format!("the way back makes column {what} narrower again");
            if fit == Fit::Loses {
                format!("{what}, and what rows hold by then may be another value in that")
            } else {
                format!("{what}, and rows may hold what does not fit by then")
            }
        }
        (true, true) => {
            format!("the way back makes column {what} narrower and NOT NULL again, and rows need not fit by then")
        }
    };
    // The way back goes from the one type to the other: what was there is what it leads to.
    let unless_renamed = from.ty.named().and(to.ty.named()).cloned();
    let (unless_kept, unless_lost) = (None, None);
    let computed = from.generated.is_none() && to.generated.is_some();
    let rows = if !tight && (fit == Fit::Loses || computed) { Misfit::Changed } else { Misfit::Values };
    Some(Risk { what, table: table.clone(), why, rows, unless_kept, unless_lost, unless_renamed })
}

/// Whether a database tells two types apart.
fn tells(dialect: &dyn Dialect, one: &Type, other: &Type) -> bool {
    let holding = |ty: &Type| {
        let mut schema = Schema::empty();
        let mut table = Table::new("t");
        table.columns.push(Column::new("c", ty.clone()));
        schema.tables.insert("t".into(), table);
        dialect.canonical(&schema)
    };
    holding(one) != holding(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone<T>(part: T) -> In<T> {
        In { table: "note".into(), delta: Delta::Drop(part) }
    }

    fn found(all: &[Change]) -> Vec<String> {
        let of = |change: &Change| risks(change, all, &[]);
        let words = |risk: Risk| {
            let kept = risk.unless_kept.map(|loss| format!(", unless {loss} is kept")).unwrap_or_default();
            let lost = risk.unless_lost.map(|loss| format!(", unless {loss} is lost")).unwrap_or_default();
            format!("{}{kept}{lost}", risk.what)
        };
        all.iter().flat_map(of).map(words).collect()
    }

    #[test]
    fn constraints_come_back_over_columns_that_stayed() {
        let key = ForeignKey::new(["writer"], "person", ["id"]);
        let check = Check::new("reads > 0");
        let changes = [Change::ForeignKey(gone(key.clone())), Change::Check(gone(check.clone()))];
        assert_eq!(found(&changes), ["foreign key note (writer)", "check note (reads > 0)"]);
        // What was not held to them before is not afterwards.
        let key = Change::ForeignKey(gone(ForeignKey { not_valid: true, ..key }));
        assert!(found(&[key, Change::Check(gone(Check { not_valid: true, ..check.clone() }))]).is_empty());
        // What comes back with its column did fit.
        let mut reads = Column::new("reads", Type::Integer);
        reads.nullable = true;
        assert!(found(&[Change::Check(gone(check)), Change::Column(gone(reads))]).is_empty());
    }

    #[test]
    fn what_is_kept_cannot_refer_to_what_is_lost() {
        let key = ForeignKey::new(["writer"], "person", ["id"]);
        let person = Change::Table(Delta::Drop(Table::new("person")));
        let mut writer = Column::new("writer", Type::BigInt);
        writer.nullable = true;
        let alone = [Change::ForeignKey(gone(key.clone())), Change::Column(gone(writer)), person.clone()];
        let wanted = "foreign key note (writer), unless table person is kept, unless column note.writer is lost";
        assert_eq!(found(&alone), [wanted]);
        assert!(found(&alone[..2]).is_empty(), "who wrote it is still there");
        let mut note = Table::new("note");
        note.foreign_keys.push(key);
        let wanted = "foreign key note (writer), unless table person is kept, unless table note is lost";
        assert_eq!(found(&[Change::Table(Delta::Drop(note)), person]), [wanted]);
    }
}
