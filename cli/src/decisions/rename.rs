//! `--rename old:new`, and what it means.

use limbeck::diff::Renames;
use limbeck::schema::{Name, QualifiedName, Schema};

use crate::failure::Failure;

/// Understands what a person said about renames. `table:new`, `schema.table:new`, `table.column:new`, `enum.label:new`;
/// a name with a dot or a colon in it stands in double quotes.
pub(crate) fn parse(flags: &[String], from: &Schema, to: &Schema) -> Result<Renames, Failure> {
    let mut renames = Renames::default();
    let mut inside = Vec::new();
    for flag in flags {
        let words = split(flag).filter(|(old, new)| !old.is_empty() && !new.is_empty());
        let Some((old, new)) = words else {
            return Err(Failure::new(format!("cannot understand `--rename {flag}`"))
                .next("--rename old:new for a table, --rename table.old:new for a column"));
        };
        let whole = qualified(&old);
        let target = match new.as_slice() {
            [name] => whole.sibling(name.as_str()),
            parts => qualified(parts),
        };
        if from.tables.contains_key(&whole) {
            renames.tables.push((whole, target));
        } else if from.enums.contains_key(&whole) {
            renames.enums.push((whole, target));
        } else {
            inside.push((flag, old, new));
        }
    }
    for (flag, old, new) in inside {
        let ([parent @ .., name], [new]) = (old.as_slice(), new.as_slice()) else {
            return Err(no_such(flag));
        };
        // Columns and labels are looked for under the new name of what they are in; people may say the old one.
        let parent = qualified(parent);
        let renamed = |list: &[(QualifiedName, QualifiedName)]| {
            list.iter().find(|(old, _)| *old == parent).map_or_else(|| parent.clone(), |(_, new)| new.clone())
        };
        let (table, of) = (renamed(&renames.tables), renamed(&renames.enums));
        let (name, new) = (Name::from(name.as_str()), Name::from(new.as_str()));
        if to.tables.contains_key(&table) {
            renames.columns.push((table, name, new));
        } else if to.enums.contains_key(&of) {
            renames.labels.push((of, name, new));
        } else {
            return Err(no_such(flag));
        }
    }
    Ok(renames)
}

/// The same renames, the other way round.
pub(crate) fn inverse(renames: &Renames) -> Renames {
    fn turned<T: Clone>(pairs: &[(T, T)]) -> Vec<(T, T)> {
        pairs.iter().map(|(old, new)| (new.clone(), old.clone())).collect()
    }
    fn before(pairs: &[(QualifiedName, QualifiedName)], name: &QualifiedName) -> QualifiedName {
        pairs.iter().find(|(_, new)| new == name).map_or_else(|| name.clone(), |(old, _)| old.clone())
    }
    fn inside(
        all: &[(QualifiedName, Name, Name)],
        pairs: &[(QualifiedName, QualifiedName)],
    ) -> Vec<(QualifiedName, Name, Name)> {
        all.iter().map(|(within, old, new)| (before(pairs, within), new.clone(), old.clone())).collect()
    }
    Renames {
        columns: inside(&renames.columns, &renames.tables),
        labels: inside(&renames.labels, &renames.enums),
        tables: turned(&renames.tables),
        enums: turned(&renames.enums),
    }
}

fn no_such(flag: &str) -> Failure {
    Failure::new(format!("`--rename {flag}` names nothing that is there"))
        .why("looked for a table, an enum, a column of a table and a label of an enum")
        .next("--rename old:new for a table, --rename table.old:new for a column")
}

/// The last part is the name, the one before it the schema.
fn qualified(parts: &[String]) -> QualifiedName {
    match parts {
        [] => QualifiedName::new(None, ""),
        [name] => QualifiedName::new(None, name.as_str()),
        [.., schema, name] => QualifiedName::new(Some(schema.as_str().into()), name.as_str()),
    }
}

/// The parts before and after the colon; quotes keep dots and colons together.
fn split(flag: &str) -> Option<(Vec<String>, Vec<String>)> {
    let mut sides = vec![vec![String::new()]];
    let mut quoted = false;
    for c in flag.chars() {
        let side = sides.last_mut()?;
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => side.push(String::new()),
            ':' if !quoted => sides.push(vec![String::new()]),
            c => side.last_mut()?.push(c),
        }
    }
    let empty = sides.iter().flatten().any(String::is_empty);
    match <[Vec<String>; 2]>::try_from(sides) {
        Ok([old, new]) if !empty && !quoted => Some((old, new)),
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use limbeck::schema::{Enum, Table};

    fn schema(tables: &[&str], enums: &[&str]) -> Schema {
        let mut schema = Schema::empty();
        for name in tables {
            schema.tables.insert((*name).into(), Table::new(*name));
        }
        for name in enums {
            let it = Enum { name: (*name).into(), labels: vec!["a".into()], comment: None };
            schema.enums.insert((*name).into(), it);
        }
        schema
    }

    fn of(flags: &[&str]) -> Result<Renames, Failure> {
        let flags: Vec<String> = flags.iter().map(|f| (*f).to_owned()).collect();
        parse(&flags, &schema(&["user", "odd.name"], &["role"]), &schema(&["account"], &["rank"]))
    }

    #[test]
    fn tables_enums_columns_and_labels() {
        let renames = of(&["user.nick:nickname", "user:account", "role:rank", "role.a:b"]).expect("all are there");
        assert_eq!(renames.tables, [("user".into(), "account".into())]);
        assert_eq!(renames.columns, [("account".into(), "nick".into(), "nickname".into())]);
        assert_eq!(renames.enums, [("role".into(), "rank".into())]);
        assert_eq!(renames.labels, [("rank".into(), "a".into(), "b".into())]);
    }

    #[test]
    fn an_inverse_is_by_the_names_before() {
        let renames = of(&["user.nick:nickname", "user:account"]).expect("all are there");
        let back = inverse(&renames);
        assert_eq!(back.tables, [("account".into(), "user".into())]);
        assert_eq!(back.columns, [("user".into(), "nickname".into(), "nick".into())]);
        assert_eq!(inverse(&back), renames);
    }

    #[test]
    fn quotes_keep_a_dot() {
        let renames = of(&["\"odd.name\":plain"]).expect("it is there");
        assert_eq!(renames.tables, [("odd.name".into(), "plain".into())]);
    }

    #[test]
    fn what_is_not_there_or_not_understood_is_an_error() {
        for flag in ["user", ":x", "user:", "a:b:c", "\"user:account", "nobody:account", "nobody.x:y"] {
            assert!(of(&[flag]).is_err(), "{flag}");
        }
    }
}
