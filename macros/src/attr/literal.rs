//! The value of `default = …`.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, Lit, Token};

/// A plain value.
pub(crate) enum Literal {
    Boolean(bool, Span),
    Integer(i64, Span),
    Float(String, Span),
    Text(String, Span),
    /// `none`: no default on this database.
    Nothing(Span),
}

impl Literal {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Boolean(_, span)
            | Self::Integer(_, span)
            | Self::Float(_, span)
            | Self::Text(_, span)
            | Self::Nothing(span) => *span,
        }
    }
}

impl Parse for Literal {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Ident) && !input.peek(syn::LitBool) {
            let ident = input.call(Ident::parse_any)?;
            if ident == "none" && !input.peek(Token![::]) {
                return Ok(Self::Nothing(ident.span()));
            }
            return Err(not_a_literal(ident.span()));
        }
        let minus = input.parse::<Option<Token![-]>>()?.is_some();
        let lit: Lit = input.parse().map_err(|error| not_a_literal(error.span()))?;
        let sign = if minus { "-" } else { "" };
        match lit {
            Lit::Bool(lit) if !minus => Ok(Self::Boolean(lit.value, lit.span())),
            Lit::Int(lit) => {
                let value = format!("{sign}{}", lit.base10_digits()).parse().map_err(|_| {
                    syn::Error::new(lit.span(), "this number does not fit a column: the largest holds 64 bits")
                })?;
                Ok(Self::Integer(value, lit.span()))
            }
            Lit::Float(lit) => Ok(Self::Float(format!("{sign}{}", lit.base10_digits()), lit.span())),
            Lit::Str(lit) if !minus => Ok(Self::Text(lit.value(), lit.span())),
            Lit::Char(lit) if !minus => Ok(Self::Text(lit.value().to_string(), lit.span())),
            other => Err(not_a_literal(other.span())),
        }
    }
}

fn not_a_literal(span: Span) -> syn::Error {
    syn::Error::new(span, "a default is a plain literal (true, 5, 1.5, \"text\"); write SQL as `default_sql = \"…\"`")
}
