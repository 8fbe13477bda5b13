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
    let sql = sql.trim_end();
    let end = lex(sql).last().map_or(0, |t| t.start + t.text.len());
    match sql.get(..end) {
        Some(statement) if statement.ends_with(';') => format!("{sql}\n"),
        Some(statement) if statement.len() == sql.len() => format!("{sql};\n"),
        Some(_) | None => format!("{sql}\n;\n"),
    }
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
}
