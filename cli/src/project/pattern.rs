//! Names with `*` in them.

use limbeck::change::{Change, Object};

/// Whether a pattern covers a text: `*` stands for any part of it.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| matches(tail, &rest[at..]))
        }),
    }
}

/// Whether `ignore` in limbeck.toml covers what a change makes or takes away: `table`, `schema.table`,
/// `table.column`, `table.constraint`, `index`.
pub(crate) fn ignored(change: &Change, patterns: &[String]) -> bool {
    let touches = change.touches();
    let mut names = touches.creates.iter().chain(&touches.drops).filter_map(|object| match object {
        Object::Namespace(name) | Object::Extension(name) => Some(name.to_string()),
        Object::Type(name)
        | Object::Base(name)
        | Object::Relation(name)
        | Object::Options(name)
        | Object::Routine(name) => Some(name.to_string()),
        Object::Label(within, name) | Object::Column(within, name) | Object::Constraint(within, name) => {
            Some(format!("{within}.{name}"))
        }
        Object::Extensions | Object::Key(..) => None,
    });
    names.any(|name| patterns.iter().any(|pattern| matches(pattern, &name)))
}

#[cfg(test)]
mod tests {
    use limbeck::change::{Delta, In};
    use limbeck::schema::{Column, Table, Type};

    use super::*;

    #[test]
    fn a_star_is_any_text() {
        assert!(matches("*", "") && matches("a*c", "abbc") && matches("a*b*c", "a-b-c") && matches("ab", "ab"));
        assert!(!matches("a*c", "abd") && !matches("ab", "abc") && !matches("", "a"));
    }

    #[test]
    fn a_change_is_ignored_by_the_name_of_what_it_touches() {
        let patterns = |list: &[&str]| list.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        let column = Change::Column(In { table: "t".into(), delta: Delta::Create(Column::new("c", Type::Text)) });
        let table = Change::Table(Delta::Drop(Table::new("t")));
        assert!(ignored(&column, &patterns(&["t.c"])) && ignored(&column, &patterns(&["x", "t.*"])));
        assert!(!ignored(&column, &patterns(&["t"])) && !ignored(&column, &[]));
        assert!(ignored(&table, &patterns(&["t"])) && !ignored(&table, &patterns(&["t.c"])));
    }
}
