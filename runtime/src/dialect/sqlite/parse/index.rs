//! Reads `CREATE INDEX`.

use super::super::lex::{can_be_name, lex, raw};
use super::{Reader, split};
use crate::schema::{Index, Key, KeyOf, Name, Order, Spelling, Token};

/// An index and the table it is on. Nothing when the text is no index.
pub(in super::super) fn read_index(sql: &str) -> Option<(Name, Index)> {
    let mut reader = Reader::new(sql);
    reader.eat("create").then_some(())?;
    let unique = reader.eat("unique");
    reader.eat("index").then_some(())?;
    reader.eat_all(&["if", "not", "exists"]);
    let name = reader.qualified_name()?;
    reader.eat("on").then_some(())?;
    let table = reader.name()?;
    let places = reader.group()?;
    let keys = split(&reader.tokens, places).into_iter().map(|part| read_key(&reader, part)).collect::<Vec<_>>();
    let predicate = reader.eat("where").then(|| {
        let end = reader.tokens.iter().position(|t| t.text == ";").unwrap_or(reader.tokens.len());
        reader.slice(reader.at..end).into()
    });
    let mut index = Index::new(keys);
    index.name = Some(name);
    index.unique = unique;
    index.predicate = predicate;
    index.spelling = Spelling(Some(sql.to_owned()));
    Some((table, index))
}

fn read_key(reader: &Reader<'_>, places: std::ops::Range<usize>) -> Key {
    let (start, mut end) = (places.start, places.end);
    let tokens = &reader.tokens;
    let order = match tokens[start..end].last() {
        Some(t) if t.is_word("desc") && end - start > 1 => Some(Order::Descending),
        Some(t) if t.is_word("asc") && end - start > 1 => Some(Order::Ascending),
        Some(_) | None => None,
    };
    end -= usize::from(order.is_some());
    let mut key = match key_of_tokens(&tokens[start..end]) {
        Some(key) => key,
        None => Key::expression(reader.slice(start..end)),
    };
    key.order = order.unwrap_or(Order::Ascending);
    key
}

/// A column, if that is all the tokens say: perhaps in parentheses, perhaps with a collation.
fn key_of_tokens(tokens: &[Token<'_>]) -> Option<Key> {
    match tokens {
        [name] if can_be_name(name) => Some(Key::column(raw(name))),
        [name, word, collation] if can_be_name(name) && word.is_word("collate") => {
            let mut key = Key::column(raw(name));
            key.collation = Some(raw(collation));
            Some(key)
        }
        [open, inner @ .., close] if open.text == "(" && close.text == ")" => key_of_tokens(inner),
        [_, ..] | [] => None,
    }
}

/// The key that an expression is really: `("a")` is the column, as SQLite sees it.
pub(in super::super) fn key_of(of: &KeyOf) -> KeyOf {
    match of {
        KeyOf::Column(_) => of.clone(),
        KeyOf::Expression(expression) => match key_of_tokens(&lex(expression.as_str())) {
            Some(Key { of, collation: None, .. }) => of,
            Some(Key { collation: Some(_), .. }) | None => of.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(sql: &str) -> Vec<Key> {
        read_index(sql).map(|(_, index)| index.keys).unwrap_or_default()
    }

    #[test]
    fn an_index_in_any_spelling() {
        let Some((table, index)) = read_index(
            "create /* x */ unique INDEX if not exists [my idx] on\"CapT table\" (`a` desc) WHERE a > 0 -- c",
        ) else {
            panic!("no index");
        };
        assert_eq!(table, "CapT table");
        assert_eq!(index.name.as_deref(), Some("my idx"));
        assert!(index.unique);
        assert_eq!(index.predicate.map(|p| p.0).as_deref(), Some("a > 0"));
        assert_eq!(index.keys[0].order, Order::Descending);
        assert_eq!(index.keys[0].of, KeyOf::Column("a".into()));
    }

    #[test]
    fn keys_are_columns_or_expressions() {
        let found =
            keys("CREATE INDEX i ON t (('a'), lower(b, 'x,y') ASC, c COLLATE NoCase DESC, a || b COLLATE nocase)");
        assert_eq!(found[0].of, KeyOf::Column("a".into()));
        assert_eq!(found[1].of, KeyOf::Expression("lower(b, 'x,y')".into()));
        assert_eq!((found[2].of.clone(), found[2].collation.as_deref()), (KeyOf::Column("c".into()), Some("NoCase")));
        assert_eq!(found[3].of, KeyOf::Expression("a || b COLLATE nocase".into()));
    }

    #[test]
    fn what_is_no_index_is_none() {
        for sql in ["", "CREATE TABLE t (a)", "CREATE INDEX", "CREATE INDEX i ON t", "CREATE INDEX i ON t ("] {
            assert!(read_index(sql).is_none(), "{sql}");
        }
    }
}
