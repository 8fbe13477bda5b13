//! What a routine's text says, bodies in strings and all.
//!
//! The server reads such a body when the routine is made, and what it says is held by nothing: it may go, or become
//! another, under the routine. So this is a wish and not a need. Where an order fulfils it, it is that order; where none
//! does, because a view that the body reads goes and comes again, the dialect makes the routine unread.

use std::collections::BTreeSet;

use super::{Change, Delta, Object};
use crate::schema::{SqlObject, SqlObjectKind, Token, TokenKind, tokens};

/// What a routine says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reads {
    words: BTreeSet<String>,
    /// Those outside of strings, types of arguments and results among them.
    head: BTreeSet<String>,
}

impl Reads {
    /// What an object says, if it is a routine with a body in a string: what else names a thing stands on it.
    #[must_use]
    pub fn of(object: &SqlObject) -> Option<Self> {
        let all = tokens(&object.sql);
        (object.kind == SqlObjectKind::Routine && all.iter().any(|t| t.kind == TokenKind::String)).then(|| {
            let mut words = BTreeSet::new();
            say(&object.sql, &mut words);
            let names = all.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Quoted));
            Self { words, head: names.map(Token::value).collect() }
        })
    }

    /// Whether that may be about a thing. Schemas are not looked at, and whoever says a table may mean any part of it: a
    /// row of it has them all.
    #[must_use]
    pub fn reads(&self, object: &Object) -> bool {
        match object {
            Object::Namespace(name) => self.says(name),
            Object::Routine(name) | Object::Type(name) | Object::Relation(name) => self.says(&name.name),
            Object::Column(table, _) | Object::Key(table, _) => self.says(&table.name),
            Object::Constraint(_, name) | Object::Label(_, name) => self.says(name),
            // Nobody knows what they bring.
            Object::Extensions => true,
            Object::Extension(_) | Object::Base(_) | Object::Options(_) => false,
        }
    }

    /// Whether a thing is a column of a table whose rows are taken or given: all of them have to be there, and no more.
    #[must_use]
    pub fn is_of(&self, object: &Object) -> bool {
        match object {
            Object::Column(table, _) => self.head.contains(&*table.name),
            Object::Namespace(_)
            | Object::Extension(_)
            | Object::Routine(_)
            | Object::Extensions
            | Object::Type(_)
            | Object::Base(_)
            | Object::Label(..)
            | Object::Relation(_)
            | Object::Options(_)
            | Object::Key(..)
            | Object::Constraint(..) => false,
        }
    }

    /// Whether a word is said, or a string.
    #[must_use]
    pub fn says(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

impl Change {
    /// What a routine says before this change, and what it says after it.
    #[must_use]
    pub fn reads(&self) -> (Option<Reads>, Option<Reads>) {
        let Self::Object(delta) = self else { return (None, None) };
        match delta {
            Delta::Create(to) => (None, Reads::of(to)),
            Delta::Drop(from) => (Reads::of(from), None),
            Delta::Alter { from, to } => (Reads::of(from), Reads::of(to)),
        }
    }
}

/// Collects the words of a text, and those in its strings: a body is one, and holds others.
fn say(text: &str, words: &mut BTreeSet<String>) {
    for token in tokens(text) {
        match token.kind {
            TokenKind::Word | TokenKind::Quoted => {
                words.insert(token.value());
            }
            TokenKind::String => {
                let inner = token.value();
                say(&inner, words);
                words.insert(inner);
            }
            TokenKind::Number | TokenKind::Sign => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_as_far_as_it_goes() {
        let sql = "CREATE FUNCTION f() RETURNS r LANGUAGE sql AS $$SELECT \"Odd\" FROM s.t WHERE e = 'a label'$$";
        let reads = Reads::of(&SqlObject::new(SqlObjectKind::Routine, "f()", sql)).expect("a body in a string");
        for object in [
            Object::Relation(("s", "t").into()),
            Object::Column("t".into(), "any".into()),
            Object::Label("e".into(), "a label".into()),
            Object::Type("r".into()),
            Object::Relation("Odd".into()),
        ] {
            assert!(reads.reads(&object), "{object:?}");
        }
        assert!(!reads.reads(&Object::Relation("u".into())));
        assert!(reads.is_of(&Object::Column("r".into(), "any".into())));
        assert!(!reads.is_of(&Object::Column("t".into(), "any".into())));
        assert_eq!(
            Reads::of(&SqlObject::new(SqlObjectKind::Routine, "f()", "… BEGIN ATOMIC SELECT a FROM t; END")),
            None
        );
    }
}
