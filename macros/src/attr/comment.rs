//! Comments.

use syn::parse::ParseStream;
use syn::{Ident, LitStr};

/// A comment, or the doc comment.
pub(crate) enum Comment {
    Text(LitStr),
    Doc,
}

impl syn::parse::Parse for Comment {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Ident) {
            let word: Ident = input.parse()?;
            if word == "doc" {
                return Ok(Self::Doc);
            }
            return Err(syn::Error::new(word.span(), "expected \"text\", or `doc` for the doc comment"));
        }
        input.parse().map(Self::Text)
    }
}
