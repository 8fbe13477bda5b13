//! What a rename does to objects that are known by their text alone.
//!
//! Text has no scopes, so this follows a name only where it is sure whose it is; where it is not, the text stays as it
//! was, and so is a difference that somebody sees.

use crate::schema::{Expression, Name, QualifiedName, Schema, SqlObject, Token, TokenKind, tokens};

/// The words after which a table stands.
const BEFORE_A_TABLE: [&str; 4] = ["from", "join", "into", "update"];

/// Follows a column into views and triggers. `table` is its table's name.
pub(super) fn reword_column(schema: &mut Schema, table: &QualifiedName, from: &Name, to: &Name) {
    let mut objects = std::mem::take(&mut schema.objects);
    for object in objects.values_mut() {
        if let Some(sql) = column_renamed(object, schema, table, (from, to)) {
            object.sql = sql;
        }
    }
    schema.objects = objects;
}

/// Follows a table into views and triggers.
pub(super) fn reword_table(schema: &mut Schema, from: &QualifiedName, to: &QualifiedName) {
    let ambiguous = schema.tables.values().any(|t| t.columns.iter().any(|c| c.name.eq_ignore_ascii_case(&from.name)));
    for object in schema.objects.values_mut() {
        let places: Option<Vec<usize>> = {
            let tokens = tokens(&object.sql);
            let hits = (0..tokens.len()).filter(|at| tokens[*at].is_name(&from.name) && !after_dot(&tokens, *at));
            hits.map(|at| {
                let table = followed_by(&tokens, at, ".")
                    || at > 0 && BEFORE_A_TABLE.iter().chain(&["on"]).any(|word| tokens[at - 1].is_word(word));
                (table || !ambiguous).then_some(tokens[at].start)
            })
            .collect()
        };
        if let Some(places) = places {
            object.sql = replaced(&object.sql, &places, &to.name);
        }
    }
}

/// The text after the rename, or nothing where one place is in doubt.
fn column_renamed(
    object: &SqlObject,
    schema: &Schema,
    table: &QualifiedName,
    (from, to): (&Name, &Name),
) -> Option<String> {
    let tokens = tokens(&object.sql);
    let own = object.table.as_ref().is_some_and(|t| t.name.eq_ignore_ascii_case(&table.name));
    let used = |name: &QualifiedName| stands_as_table(&tokens, name);
    let here = used(table);
    if !own && !here {
        return None;
    }
    // Whoever else could have a column of this name: another table that has one, or a view, of which we know nothing.
    let doubtful = schema.tables.values().any(|t| t.name != *table && used(&t.name) && t.column(from).is_some());
    let begin = tokens.iter().position(|t| t.is_word("begin")).unwrap_or(tokens.len());
    let on = tokens.iter().position(|t| t.is_word("on")).unwrap_or(0);
    let mut places = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.is_name(from)) {
        let mine = if after_dot(&tokens, at) {
            let qualifier = &tokens[at.checked_sub(2)?];
            if qualifier.is_word("new") || qualifier.is_word("old") {
                own
            } else if qualifier.is_name(&table.name) {
                true
            } else if schema.tables.keys().any(|t| qualifier.is_name(&t.name)) {
                false
            } else {
                // An alias, and no one says whose.
                return None;
            }
        } else if followed_by(&tokens, at, "(") || followed_by(&tokens, at, ".") {
            false
        } else if object.table.is_some() && at < begin {
            // The list of `UPDATE OF` stands before the table; after it there is nothing but the condition.
            own && at < on
        } else if here && doubtful {
            return None;
        } else {
            here
        };
        if mine {
            places.push(token.start);
        }
    }
    Some(replaced(&object.sql, &places, to))
}

fn stands_as_table(tokens: &[Token<'_>], name: &QualifiedName) -> bool {
    tokens.windows(2).any(|pair| {
        let before = BEFORE_A_TABLE.iter().any(|word| pair[0].is_word(word)) || pair[0].text == ",";
        before && pair[1].is_name(&name.name)
    })
}

fn after_dot(tokens: &[Token<'_>], at: usize) -> bool {
    at > 0 && tokens[at - 1].text == "."
}

fn followed_by(tokens: &[Token<'_>], at: usize, sign: &str) -> bool {
    tokens.get(at + 1).is_some_and(|t| t.kind == TokenKind::Sign && t.text == sign)
}

/// The text with the names at these places replaced.
fn replaced(sql: &str, places: &[usize], to: &Name) -> String {
    let new = Expression::from("x").renamed("x", to);
    let mut text = String::with_capacity(sql.len());
    let mut end = 0;
    for token in tokens(sql).iter().filter(|t| places.contains(&t.start)) {
        text.push_str(&sql[end..token.start]);
        text.push_str(new.as_str());
        end = token.start + token.text.len();
    }
    text.push_str(&sql[end..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, SqlObjectKind, Table, Type};

    fn schema(sql: &str, on: Option<&str>) -> Schema {
        let mut schema = Schema::empty();
        for (name, columns) in [("account", ["id", "nick"]), ("post", ["owner", "nick"])] {
            let mut table = Table::new(name);
            table.columns = columns.iter().map(|c| Column::new(*c, Type::Text)).collect();
            schema.tables.insert(table.name.clone(), table);
        }
        let kind = if on.is_some() { SqlObjectKind::Trigger } else { SqlObjectKind::View };
        let name = QualifiedName::from("it");
        let table = on.map(QualifiedName::from);
        schema.objects.insert(name.clone(), SqlObject { table, ..SqlObject::new(kind, name, sql) });
        schema
    }

    fn after_column(sql: &str, on: Option<&str>) -> String {
        let mut schema = schema(sql, on);
        reword_column(&mut schema, &"account".into(), &"nick".into(), &"name".into());
        schema.objects.values().map(|o| o.sql.clone()).collect()
    }

    #[test]
    fn a_column_is_followed_where_it_is_clear_whose_it_is() {
        assert_eq!(
            after_column("CREATE VIEW it AS SELECT nick FROM account", None),
            "CREATE VIEW it AS SELECT \"name\" FROM account"
        );
        assert_eq!(
            after_column(
                "CREATE TRIGGER it AFTER UPDATE OF nick ON account BEGIN UPDATE post SET nick = new.nick; END",
                Some("account")
            ),
            "CREATE TRIGGER it AFTER UPDATE OF \"name\" ON account BEGIN UPDATE post SET nick = new.\"name\"; END"
        );
        assert_eq!(
            after_column("CREATE VIEW it AS SELECT account.nick, post.nick FROM account, post", None),
            "CREATE VIEW it AS SELECT account.\"name\", post.nick FROM account, post"
        );
    }

    #[test]
    fn and_left_alone_where_it_is_not() {
        for sql in [
            "CREATE VIEW it AS SELECT nick FROM account JOIN post ON owner = id",
            "CREATE VIEW it AS SELECT a.nick FROM account AS a",
            "CREATE VIEW it AS SELECT nick FROM post",
        ] {
            assert_eq!(after_column(sql, None), sql);
        }
    }

    #[test]
    fn a_table_is_followed() {
        let mut schema = schema(
            "CREATE TRIGGER it AFTER INSERT ON account BEGIN DELETE FROM account WHERE account.id = 'account'; END",
            Some("account"),
        );
        reword_table(&mut schema, &"account".into(), &"Member".into());
        let sql: String = schema.objects.values().map(|o| o.sql.clone()).collect();
        assert_eq!(
            sql,
            "CREATE TRIGGER it AFTER INSERT ON \"Member\" BEGIN DELETE FROM \"Member\" WHERE \"Member\".id = 'account'; END"
        );
    }
}
