//! All mistakes of an item at once.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects mistakes. Dropping it without [`Errors::finish`] is a bug that shows, so that none is ever lost.
pub(crate) struct Errors {
    found: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { found: RefCell::new(Some(Vec::new())) }
    }

    /// A mistake at one place.
    pub(crate) fn at(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// A mistake over a stretch of the user's tokens.
    pub(crate) fn on(&self, tokens: &impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// A mistake that a parser found.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(found) = self.found.borrow_mut().as_mut() {
            found.push(error);
        }
    }

    /// The value, or nothing and the mistake noted.
    pub(crate) fn keep<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.found.borrow().as_ref().map_or(0, Vec::len)
    }

    /// The mistakes as `compile_error!`s, or nothing when there is none.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        let found = self.found.borrow_mut().take().unwrap_or_default();
        let all = found.into_iter().reduce(|mut all, next| {
            all.combine(next);
            all
        })?;
        Some(all.into_compile_error())
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.found.borrow().is_some() {
            panic!("limbeck-macros: the collected mistakes were dropped unread");
        }
    }
}

/// How to go on after an unknown word: the nearest known one, and all of them.
pub(crate) fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let list = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    match nearest(word, &known) {
        Some(near) => format!("did you mean `{near}`? Known are {list}"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("known are {list}"),
    }
}

/// The known word that a slip of the fingers may have meant: within a third of its length.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(word, k), *k))
        .filter(|(distance, k)| *distance <= k.len().max(word.len()).div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_names_its_neighbour() {
        assert_eq!(hint("uniqe", ["name", "unique"]), "did you mean `unique`? Known are `name`, `unique`");
        assert_eq!(hint("colour", ["name"]), "known are `name`");
    }

    #[test]
    fn all_mistakes_come_out() {
        let errors = Errors::new();
        errors.at(Span::call_site(), "one");
        errors.at(Span::call_site(), "two");
        let text = errors.finish().map(|t| t.to_string()).unwrap_or_default();
        assert!(text.contains("one") && text.contains("two"), "{text}");
    }

    #[test]
    #[should_panic(expected = "dropped unread")]
    fn mistakes_cannot_be_dropped() {
        drop(Errors::new());
    }
}
