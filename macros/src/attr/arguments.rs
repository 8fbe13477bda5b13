//! How arguments are read, whatever they are called.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, Token, parenthesized, token};

use crate::errors::{Errors, hint};

/// An attribute, or a list of options inside one.
pub(crate) trait Arguments: Default {
    /// Every accepted word, aliases last.
    const WORDS: &'static [&'static str];
    /// Every argument's word and its doc comment.
    #[cfg(test)]
    const REFERENCE: &'static [(&'static str, &'static str)];

    /// Reads one argument; false when there is none of this name.
    fn read(&mut self, key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<bool>;
}

/// How one argument's value is read, after its name.
pub(crate) trait Argument: Default {
    fn read(&mut self, key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<()>;
}

/// What stands in an argument's parentheses.
pub(crate) trait Content: Sized {
    fn read(key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Self>;
}

/// Declares the arguments of an attribute: a field, the type that reads it, and its words.
macro_rules! attribute {
    (
        $(#[doc = $about:literal])*
        $vis:vis struct $name:ident {$(
            $(#[doc = $doc:literal])+
            $field:ident: $ty:ty = $word:literal $(| $alias:literal)*,
        )+}
    ) => {
        $(#[doc = $about])*
        #[derive(Default)]
        $vis struct $name {$(
            $(#[doc = $doc])+
            $vis $field: $ty,
        )+}

        impl $crate::attr::arguments::Arguments for $name {
            const WORDS: &'static [&'static str] = &[$($word,)+ $($($alias,)*)+];
            #[cfg(test)]
            const REFERENCE: &'static [(&'static str, &'static str)] = &[$(($word, concat!($($doc, "\n"),+)),)+];

            fn read(
                &mut self,
                key: &syn::Ident,
                input: syn::parse::ParseStream<'_>,
                errors: &$crate::errors::Errors,
            ) -> syn::Result<bool> {
                match key.to_string().trim_start_matches("r#") {
                    $($word $(| $alias)* => {
                        $crate::attr::arguments::Argument::read(&mut self.$field, key, input, errors)?;
                    })+
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }
    };
}
pub(crate) use attribute;

/// All of an item's attributes of this name, read into one value. Mistakes are noted, and reading goes on behind them.
pub(crate) fn attributes<A: Arguments>(name: &str, attrs: &[Attribute], errors: &Errors) -> A {
    let mut read = A::default();
    for attr in attrs.iter().filter(|a| a.path().is_ident(name)) {
        let Ok(list) = attr.meta.require_list() else {
            errors.on(attr, format_args!("write the arguments in parentheses: `#[{name}(…)]`"));
            continue;
        };
        let before = errors.count();
        let result = list.parse_args_with(|input: ParseStream<'_>| arguments(&mut read, input, errors));
        // Parentheses that were left at a mistake inside are reported once more at the end of the attribute.
        if errors.count() == before {
            errors.keep(result);
        }
    }
    read
}

/// Arguments with commas between them, up to the end.
pub(crate) fn arguments<A: Arguments>(into: &mut A, input: ParseStream<'_>, errors: &Errors) -> syn::Result<()> {
    while !input.is_empty() {
        if let Err(error) = argument(into, input, errors) {
            errors.push(error);
            skip(input);
        }
        if input.is_empty() {
            break;
        }
        if !input.peek(Token![,]) {
            errors.push(input.error("expected a comma before the next argument"));
            skip(input);
        }
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(())
}

fn argument<A: Arguments>(into: &mut A, input: ParseStream<'_>, errors: &Errors) -> syn::Result<()> {
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected the name of an argument"));
    }
    let key = Ident::parse_any(input)?;
    if into.read(&key, input, errors)? {
        return Ok(());
    }
    skip(input);
    let word = key.to_string();
    errors.at(key.span(), format_args!("unknown argument `{word}`: {}", hint(&word, A::WORDS.iter().copied())));
    Ok(())
}

/// Leaves out what is left of an argument.
fn skip(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<proc_macro2::TokenTree>().is_err() {
            break;
        }
    }
}

/// A word that is there or not.
#[derive(Default)]
pub(crate) struct Flag(Option<Span>);

impl Flag {
    pub(crate) fn is_set(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn span(&self) -> Option<Span> {
        self.0
    }
}

impl Argument for Flag {
    fn read(&mut self, key: &Ident, input: ParseStream<'_>, _: &Errors) -> syn::Result<()> {
        once(self.0.is_some(), key)?;
        self.0 = Some(key.span());
        if input.peek(Token![=]) || input.peek(token::Paren) {
            return Err(input.error(format_args!("`{key}` takes no value")));
        }
        Ok(())
    }
}

/// `word = value`.
pub(crate) struct Set<T>(Option<(Span, T)>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Set<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }

    /// The word's place.
    pub(crate) fn span(&self) -> Option<Span> {
        self.0.as_ref().map(|(span, _)| *span)
    }
}

impl Set<syn::LitStr> {
    pub(crate) fn text(&self) -> Option<String> {
        self.get().map(syn::LitStr::value)
    }
}

impl<T: Parse> Argument for Set<T> {
    fn read(&mut self, key: &Ident, input: ParseStream<'_>, _: &Errors) -> syn::Result<()> {
        once(self.0.is_some(), key)?;
        if !input.peek(Token![=]) {
            return Err(syn::Error::new(key.span(), format_args!("`{key}` needs a value: `{key} = …`")));
        }
        input.parse::<Token![=]>()?;
        self.0 = Some((key.span(), input.parse()?));
        Ok(())
    }
}

/// `word(…)`, as often as one likes.
impl<T: Content> Argument for Vec<T> {
    fn read(&mut self, key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<()> {
        if !input.peek(token::Paren) {
            return Err(syn::Error::new(key.span(), format_args!("`{key}` needs parentheses: `{key}(…)`")));
        }
        let content;
        parenthesized!(content in input);
        self.push(T::read(key, &content, errors)?);
        rest(&content, errors);
        Ok(())
    }
}

/// `word` or `word(…)`, once.
pub(crate) struct Maybe<T>(Option<(Span, T)>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Maybe<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }

    pub(crate) fn span(&self) -> Option<Span> {
        self.0.as_ref().map(|(span, _)| *span)
    }
}

impl<T: Arguments> Argument for Maybe<T> {
    fn read(&mut self, key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<()> {
        once(self.0.is_some(), key)?;
        let mut value = T::default();
        if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            arguments(&mut value, &content, errors)?;
        }
        self.0 = Some((key.span(), value));
        Ok(())
    }
}

/// `word(arguments)`: what is inside belongs to one database.
#[derive(Default)]
pub(crate) struct On<T>(pub(crate) T);

impl<T: Arguments> Argument for On<T> {
    fn read(&mut self, key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<()> {
        if !input.peek(token::Paren) {
            return Err(syn::Error::new(key.span(), format_args!("`{key}` needs parentheses: `{key}(…)`")));
        }
        let content;
        parenthesized!(content in input);
        arguments(&mut self.0, &content, errors)
    }
}

/// Options behind a semicolon.
pub(crate) fn options<A: Arguments>(input: ParseStream<'_>, errors: &Errors) -> syn::Result<A> {
    let mut options = A::default();
    if input.parse::<Option<Token![;]>>()?.is_some() {
        arguments(&mut options, input, errors)?;
    }
    Ok(options)
}

fn once(already: bool, key: &Ident) -> syn::Result<()> {
    if already {
        return Err(syn::Error::new(key.span(), format_args!("`{key}` is given twice; keep one of them")));
    }
    Ok(())
}

fn rest(content: ParseStream<'_>, errors: &Errors) {
    if !content.is_empty() {
        errors.push(content.error("nothing more was expected here; options stand behind a semicolon"));
        // What is left must be taken, or the parser reports it a second time.
        while content.parse::<proc_macro2::TokenTree>().is_ok() {}
    }
}
