//! Statements as a script for psql.

use crate::plan::{Place, Statement};

/// See [`Dialect::script`](crate::dialect::Dialect::script). Run it with `psql -v ON_ERROR_STOP=1 -f`; where one part
/// commits before another, it says so itself, because psql goes on after an error unless it is told otherwise.
pub(super) fn script(statements: &[Statement]) -> String {
    let mut text = String::new();
    let mut open = false;
    let mut parts = 0;
    for statement in statements {
        let inside = matches!(statement.place, Place::Transaction | Place::Committed);
        parts += usize::from(!inside || !open);
        if inside && !open {
            text.push_str("BEGIN;\n");
        } else if !inside && open {
            text.push_str("COMMIT;\n");
        }
        open = inside;
        text.push_str(&statement.sql);
        text.push_str(";\n");
        if statement.place == Place::Committed {
            text.push_str("COMMIT;\n");
            open = false;
        }
    }
    if open {
        text.push_str("COMMIT;\n");
    }
    if parts > 1 { format!("\\set ON_ERROR_STOP on\n{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commits_in_parts_stops_at_the_first_error() {
        let one = Statement::new("CREATE TABLE t (a int)", "table");
        let alone = Statement::new("VACUUM t", "vacuum").at(Place::Alone);
        assert_eq!(script(&[]), "");
        assert_eq!(script(std::slice::from_ref(&one)), "BEGIN;\nCREATE TABLE t (a int);\nCOMMIT;\n");
        assert_eq!(
            script(&[one, alone]),
            "\\set ON_ERROR_STOP on\nBEGIN;\nCREATE TABLE t (a int);\nCOMMIT;\nVACUUM t;\n"
        );
    }
}
