//! Reads the statements that SQLite stores: what its pragmas do not tell stands nowhere else.
//!
//! SQLite stores `CREATE TABLE` and `CREATE INDEX` as they were typed, from the name on (*The Schema Table*), and has
//! parsed them already: the reader need not find mistakes, only structure.

mod index;
mod table;

pub(super) use index::{key_of, read_index};
pub(super) use table::{Element, ElementOf, PartAt, ReadTable, read_table, rowid_alias};

use super::lex::{can_be_name, lex, raw};
use crate::schema::{Conflict, Expression, Name, Token};

/// A place in the tokens of a statement.
struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, tokens: lex(text), at: 0 }
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn is_word(&self, word: &str) -> bool {
        self.ahead_is(0, word)
    }

    fn ahead_is(&self, ahead: usize, word: &str) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|t| t.is_word(word))
    }

    fn is_sign(&self, sign: &str) -> bool {
        self.peek().is_some_and(|t| t.text == sign)
    }

    /// Goes past a keyword if it is next.
    fn eat(&mut self, word: &str) -> bool {
        let is = self.is_word(word);
        self.at += usize::from(is);
        is
    }

    /// Goes past several keywords if they are next.
    fn eat_all(&mut self, words: &[&str]) -> bool {
        let are = words.iter().enumerate().all(|(ahead, word)| self.ahead_is(ahead, word));
        self.at += if are { words.len() } else { 0 };
        are
    }

    fn eat_sign(&mut self, sign: &str) -> bool {
        let is = self.is_sign(sign);
        self.at += usize::from(is);
        is
    }

    fn name(&mut self) -> Option<Name> {
        let token = self.peek().filter(can_be_name)?;
        self.at += 1;
        Some(raw(&token).into())
    }

    /// A name with or without its database before it (`main.t`).
    fn qualified_name(&mut self) -> Option<Name> {
        let first = self.name()?;
        if self.eat_sign(".") { self.name() } else { Some(first) }
    }

    /// Goes past a parenthesis and everything up to its partner; gives the places of the tokens between.
    fn group(&mut self) -> Option<std::ops::Range<usize>> {
        if !self.eat_sign("(") {
            return None;
        }
        let (start, mut depth) = (self.at, 1);
        while let Some(token) = self.peek() {
            self.at += 1;
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(start..self.at - 1);
            }
        }
        None
    }

    /// The text of some tokens, with whatever stands between them and nothing around.
    fn slice(&self, places: std::ops::Range<usize>) -> &'a str {
        match self.tokens.get(places.clone()) {
            Some([first, .., last]) => &self.text[first.start..last.start + last.text.len()],
            Some([one]) => one.text,
            Some([]) | None => "",
        }
    }

    fn expression(&mut self) -> Option<Expression> {
        let places = self.group()?;
        Some(self.slice(places).into())
    }

    /// `(a, b)` as names.
    fn names(&mut self) -> Option<Vec<Name>> {
        if !self.eat_sign("(") {
            return None;
        }
        let mut names = vec![self.name()?];
        while self.eat_sign(",") {
            names.push(self.name()?);
        }
        self.eat_sign(")").then_some(names)
    }

    /// `ON CONFLICT …`.
    fn conflict(&mut self) -> Option<Conflict> {
        if !self.eat_all(&["on", "conflict"]) {
            return None;
        }
        let token = self.peek()?;
        self.at += 1;
        match token.value().as_str() {
            "rollback" => Some(Conflict::Rollback),
            "fail" => Some(Conflict::Fail),
            "ignore" => Some(Conflict::Ignore),
            "replace" => Some(Conflict::Replace),
            _ => Some(Conflict::Abort),
        }
    }
}

/// The parts of a list at its commas, parentheses respected, as places in the tokens.
fn split(tokens: &[Token<'_>], places: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0usize, places.start);
    for at in places.clone() {
        match tokens[at].text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                parts.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(start..places.end);
    parts
}
