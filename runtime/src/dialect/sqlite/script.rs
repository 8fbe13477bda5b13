//! Statements as a script for the `sqlite3` shell.

use super::lex::lex;
use crate::plan::{Place, Statement};

/// The script. The shell goes on after an error unless it is told otherwise, and a failed copy that a `DROP TABLE`
/// follows would lose the table: hence `.bail on`. Nothing to do gives an empty script.
pub(super) fn script(statements: &[Statement]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let mut text = ".bail on\n".to_owned();
    let part = |of: &dyn Fn(Place) -> bool| {
        let mut seen: Vec<&str> = Vec::new();
        let mut part = String::new();
        for statement in statements.iter().filter(|s| of(s.place)) {
            // What stands outside of the transaction sets something, and once is enough.
            let outside = matches!(statement.place, Place::Setup | Place::Cleanup);
            if !(outside && seen.contains(&statement.sql.as_str())) {
                part.push_str(&ended(&statement.sql));
                seen.push(&statement.sql);
            }
        }
        part
    };
    text.push_str(&part(&|place| place == Place::Setup));
    // Nothing in SQLite must stand outside of the transaction, so everything else stands in it.
    let inside = part(&|place| matches!(place, Place::Transaction | Place::Committed | Place::Alone));
    if !inside.is_empty() {
        text.push_str("BEGIN IMMEDIATE;\n");
        text.push_str(&inside);
        text.push_str("COMMIT;\n");
    }
    text.push_str(&part(&|place| place == Place::Cleanup));
    text
}

/// A statement with its semicolon, which a comment at the end must not swallow.
fn ended(sql: &str) -> String {
    let sql = &*unbroken(sql.trim_end());
    let end = lex(sql).last().map_or(0, |t| t.start + t.text.len());
    match sql.get(..end) {
        Some(statement) if statement.ends_with(';') => format!("{sql}\n"),
        Some(statement) if statement.len() == sql.len() => format!("{sql};\n"),
        Some(_) | None => format!("{sql}\n;\n"),
    }
}

/// A statement without lines that say nothing but `/` or `go`: the shell takes each for a semicolon, as other shells do
/// (*Command Line Shell For SQLite*, 2). Such a line joins the one before, unless that ends in a comment; with a comment
/// before the word it is no such line either.
fn unbroken(sql: &str) -> String {
    let tokens = lex(sql);
    let end = |at: usize| tokens[at].start + tokens[at].text.len();
    let mut text = String::new();
    let mut done = 0;
    for (at, token) in tokens.iter().enumerate().skip(1) {
        let before = &sql[end(at - 1)..token.start];
        let after = &sql[end(at)..tokens.get(at + 1).map_or(sql.len(), |next| next.start)];
        let ends = token.text == "/" || token.text.eq_ignore_ascii_case("go");
        if ends && before.contains('\n') && after.contains('\n') {
            text.push_str(&sql[done..end(at - 1)]);
            if before.trim().is_empty() {
                text.push(' ');
            } else {
                text.push_str(before);
                text.push_str("/**/ ");
            }
            done = token.start;
        }
    }
    text.push_str(&sql[done..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(script(&[]), "");
    }

    #[test]
    fn settings_stand_outside_of_the_transaction() {
        let statements = [
            Statement::new("PRAGMA foreign_keys = OFF", "off").at(Place::Setup),
            Statement::new("CREATE VIEW v AS SELECT 1 -- one", "view"),
            Statement::new("CREATE TABLE t (a)", "table"),
            Statement::new("PRAGMA foreign_keys = OFF", "off").at(Place::Setup),
            Statement::new("PRAGMA foreign_keys = ON", "on").at(Place::Cleanup),
        ];
        insta::assert_snapshot!(script(&statements), @r"
        .bail on
        PRAGMA foreign_keys = OFF;
        BEGIN IMMEDIATE;
        CREATE VIEW v AS SELECT 1 -- one
        ;
        CREATE TABLE t (a);
        COMMIT;
        PRAGMA foreign_keys = ON;
        ");
    }

    #[test]
    fn no_line_is_an_end_by_itself() {
        let check = |sql: &str, expected: &str| assert_eq!(ended(sql), expected);
        check("SELECT a\n/\nb, '\ngo\n'", "SELECT a /\nb, '\ngo\n';\n");
        check("SELECT\n  Go -- went\nFROM t", "SELECT Go -- went\nFROM t;\n");
        check("SELECT -- what\ngo\nFROM t", "SELECT -- what\n/**/ go\nFROM t;\n");
        check("SELECT\ngo FROM t WHERE\ngo", "SELECT\ngo FROM t WHERE\ngo;\n");
    }
}
