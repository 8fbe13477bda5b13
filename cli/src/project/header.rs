//! The `migration!` header of a module, read from its text: nothing is compiled.

use std::path::{Path, PathBuf};

use limbeck::migrate::Revision;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token, bracketed, token};

use crate::failure::Failure;

/// What a module says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// Its place in the graph.
    pub(crate) revision: Revision,
    /// Where its text is.
    pub(crate) path: PathBuf,
    /// All that is said, key by key, as it is written.
    pub(crate) keys: Vec<(String, Value)>,
}

/// What stands after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<String>),
    Word(String),
}

/// What opens a header.
const OPENS: &str = "migration!";

impl Header {
    /// The header of a module; nothing when it has none.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("cannot read `{}`", path.display())).because(&error))?;
        let Some(body) = body(&text) else {
            return Ok(None);
        };
        let keys: Keys = syn::parse_str(body).map_err(|error| {
            Failure::new(format!("cannot read the `migration!` header in `{}`", path.display())).because(&error)
        })?;
        let mut header = Self { path: path.to_owned(), ..Self::default() };
        header.revision.file = path.display().to_string();
        for (key, value) in &keys.0 {
            let revision = &mut header.revision;
            match (key.as_str(), value) {
                ("id", Value::Text(text)) => revision.id.clone_from(text),
                ("message", Value::Text(text)) => revision.message.clone_from(text),
                ("revises", Value::List(list)) => revision.revises.clone_from(list),
                ("depends_on", Value::List(list)) => revision.depends_on.clone_from(list),
                ("labels", Value::List(list)) => revision.labels.clone_from(list),
                // The compiler knows all keys; what only a run needs is not judged here.
                _ => {}
            }
        }
        header.keys = keys.0;
        Ok(Some(header))
    }
}

/// A module's text with other revisions that it comes after.
pub(crate) fn with_revises(text: &str, revises: &[String]) -> Option<String> {
    let body = body(text)?;
    let start = body.as_ptr() as usize - text.as_ptr() as usize;
    let list = format!("[{}]", revises.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", "));
    let place = body.match_indices("revises").map(|(at, word)| at + word.len()).find_map(|at| {
        let rest = body[at..].trim_start().strip_prefix(':')?.trim_start();
        let open = body.len() - rest.len();
        rest.starts_with('[').then_some(())?;
        Some((open, open + rest.find(']')? + 1))
    });
    let (from, to, new) = match place {
        Some((from, to)) => (from, to, list),
        // The id comes first, and a comma ends it.
        None => {
            let at = body.find(',').map_or(body.len(), |at| at + 1);
            let comma = if at == body.len() { "," } else { "" };
            (at, at, format!("{comma}\n    revises: {list},"))
        }
    };
    Some(format!("{}{new}{}", &text[..start + from], &text[start + to..]))
}

/// What stands in the header's brackets, in a module's text.
fn body(text: &str) -> Option<&str> {
    let start = text.match_indices(OPENS).map(|(at, _)| at).find(|at| {
        let line = &text[text[..*at].rfind('\n').map_or(0, |n| n + 1)..*at];
        !line.contains("//")
    })?;
    let inside = &text[start + OPENS.len()..];
    let open = inside.find(['{', '(', '['])?;
    let inside = &inside[open + 1..];
    let (mut depth, mut quoted, mut escaped) = (1_u32, false, false);
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' | '(' | '[' if !quoted => depth += 1,
            '}' | ')' | ']' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&inside[..at]);
        }
    }
    None
}

struct Keys(Vec<(String, Value)>);

impl Parse for Keys {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let pair = |input: ParseStream<'_>| {
            let key: Ident = input.parse()?;
            input.parse::<Token![:]>()?;
            let value = if input.peek(LitStr) {
                Value::Text(input.parse::<LitStr>()?.value())
            } else if input.peek(token::Bracket) {
                let list;
                bracketed!(list in input);
                let list = list.parse_terminated(<LitStr as Parse>::parse, Token![,])?;
                Value::List(list.iter().map(LitStr::value).collect())
            } else {
                Value::Word(input.parse::<Ident>()?.to_string())
            };
            Ok((key.to_string(), value))
        };
        Ok(Self(input.parse_terminated(pair, Token![,])?.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_parents_are_rewritten() {
        let text = "use x::*;\nlimbeck::migration! {\n    id: \"a\",\n    revises: [\"b\",\n \"c\"],\n    message: \"m\",\n}\nrest []\n";
        let want = "use x::*;\nlimbeck::migration! {\n    id: \"a\",\n    revises: [\"d\"],\n    message: \"m\",\n}\nrest []\n";
        assert_eq!(with_revises(text, &["d".to_owned()]).as_deref(), Some(want));
        let base = "migration! { id: \"a\", message: \"m\" }";
        assert_eq!(
            with_revises(base, &["d".to_owned()]).as_deref(),
            Some("migration! { id: \"a\",\n    revises: [\"d\"], message: \"m\" }")
        );
    }

    #[test]
    fn a_header_is_found_and_read() {
        let text = r#"//! Not this: limbeck::migration! { id: "x" }

use limbeck::migration::prelude::*;

limbeck::migration! {
    id: "8f3a2c1d",
    revises: ["51c09e77", "aaaaaaaa"],
    message: "braces } and \" quotes",
    transaction: none,
}

pub fn up(m: &mut Migration) { m.sql("}"); }
"#;
        let body = body(text).expect("a header");
        let keys: Keys = syn::parse_str(body).expect("readable");
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(
            keys.0,
            [
                ("id".to_owned(), text("8f3a2c1d")),
                ("revises".to_owned(), Value::List(vec!["51c09e77".into(), "aaaaaaaa".into()])),
                ("message".to_owned(), text("braces } and \" quotes")),
                ("transaction".to_owned(), Value::Word("none".into())),
            ]
        );
        assert_eq!(super::body("mod helpers;\n"), None);
    }
}
