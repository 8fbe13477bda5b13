//! Statements that no transaction can hold: those of which the manual says so, each on its own page.

use super::write::string;
use crate::dialect::Alone;
use crate::schema::{Token, TokenKind, tokens};

pub(super) fn alone(sql: &str) -> Option<Alone> {
    let tokens = tokens(sql);
    let words: Vec<String> = tokens.iter().take(2).map(|t| t.text.to_ascii_lowercase()).collect();
    let concurrently = tokens.iter().position(|t| t.is_word("concurrently"));
    match (words.first().map(String::as_str), words.get(1).map(String::as_str)) {
        (Some("vacuum"), _) | (Some("alter"), Some("system")) => Some(Alone::Repeat),
        (Some("create" | "drop"), Some("database" | "tablespace" | "subscription")) => Some(Alone::Unknown),
        (Some("reindex"), Some("database" | "system")) => Some(Alone::Repeat),
        (Some("create"), Some("index" | "unique")) => concurrently.map(|at| created(sql, &tokens[at + 1..])),
        (Some("drop"), Some("index")) => concurrently.map(|at| dropped(sql, &tokens[at + 1..])),
        // `REFRESH MATERIALIZED VIEW CONCURRENTLY` is at home in a transaction.
        (Some("reindex" | "alter"), _) => concurrently.map(|_| Alone::Unknown),
        _ => None,
    }
}

fn is_name(token: &Token<'_>) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Quoted)
}

/// The text of a name that may be qualified, and how many tokens it has.
fn name<'a>(sql: &'a str, tokens: &[Token<'a>]) -> Option<(&'a str, usize)> {
    let first = tokens.first().filter(|t| is_name(t))?;
    let qualified = tokens.get(1).is_some_and(|t| t.text == ".");
    let (last, count) = if qualified { (tokens.get(2).filter(|t| is_name(t))?, 3) } else { (first, 1) };
    Some((&sql[first.start..last.start + last.text.len()], count))
}

fn past_words<'a, 'b>(tokens: &'a [Token<'b>], words: &[&str]) -> &'a [Token<'b>] {
    let there = words.iter().zip(tokens).filter(|(word, token)| token.is_word(word)).count() == words.len();
    if there { &tokens[words.len()..] } else { tokens }
}

/// `[IF NOT EXISTS] name ON [ONLY] table`: when the build dies, an invalid index stays (`CREATE INDEX`, *Building
/// Indexes Concurrently*).
fn created(sql: &str, tokens: &[Token<'_>]) -> Alone {
    let tokens = past_words(tokens, &["if", "not", "exists"]);
    let [index, on, rest @ ..] = tokens else { return Alone::Unknown };
    if !is_name(index) || !on.is_word("on") {
        return Alone::Unknown;
    }
    let Some((table, _)) = name(sql, past_words(rest, &["only"])) else { return Alone::Unknown };
    let schema = table.rfind('.').map(|at| &table[..=at]).unwrap_or_default();
    Alone::Ask {
        query: format!(
            "SELECT CASE WHEN i.indisvalid THEN 'done' ELSE 'broken' END FROM pg_catalog.pg_index i \
             JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
             WHERE c.relname = {} AND i.indrelid = to_regclass({})",
            string(&index.value()),
            string(table)
        ),
        repair: Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {schema}{}", index.text)),
    }
}

/// `[IF EXISTS] name`: done when it is gone.
fn dropped(sql: &str, tokens: &[Token<'_>]) -> Alone {
    match name(sql, past_words(tokens, &["if", "exists"])) {
        Some((index, _)) => {
            Alone::Ask { query: format!("SELECT 'done' WHERE to_regclass({}) IS NULL", string(index)), repair: None }
        }
        None => Alone::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_transaction_holds() {
        for sql in ["vacuum full t", "ALTER SYSTEM SET x = 1", "-- now\nREINDEX DATABASE d"] {
            assert_eq!(alone(sql), Some(Alone::Repeat), "{sql}");
        }
        for sql in ["CREATE DATABASE d", "CREATE INDEX CONCURRENTLY ON t (a)", "REINDEX INDEX CONCURRENTLY i"] {
            assert_eq!(alone(sql), Some(Alone::Unknown), "{sql}");
        }
        for sql in [
            "CREATE INDEX i ON t (concurrently_built)",
            "INSERT INTO t VALUES ('vacuum concurrently')",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "CREATE TABLE \"concurrently\" (id int)",
            "",
        ] {
            assert_eq!(alone(sql), None, "{sql}");
        }
    }

    #[test]
    fn an_index_is_asked_for() {
        let Some(Alone::Ask { query, repair }) =
            alone("create unique index concurrently if not exists \"My idx\" on only app.t (a)")
        else {
            panic!("the catalog knows indexes")
        };
        assert!(query.ends_with("WHERE c.relname = 'My idx' AND i.indrelid = to_regclass('app.t')"), "{query}");
        assert_eq!(repair.as_deref(), Some("DROP INDEX CONCURRENTLY IF EXISTS app.\"My idx\""));
        let Some(Alone::Ask { query, repair: None }) = alone("DROP INDEX CONCURRENTLY IF EXISTS app.i") else {
            panic!("the catalog knows indexes")
        };
        assert_eq!(query, "SELECT 'done' WHERE to_regclass('app.i') IS NULL");
    }
}
