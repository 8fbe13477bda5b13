//! Statements as a script for psql.

use crate::plan::{Place, Statement};

/// See [`Dialect::script`](crate::dialect::Dialect::script). Run it with `psql -v ON_ERROR_STOP=1 -f`.
pub(super) fn script(statements: &[Statement]) -> String {
    let mut text = String::new();
    let mut open = false;
    for statement in statements {
        let inside = matches!(statement.place, Place::Transaction | Place::Committed);
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
    text
}
