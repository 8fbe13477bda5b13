//! What stands in the parentheses of an argument.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitInt, LitStr, Path, Token, parenthesized, token};

use super::arguments::{Content, Flag, Set, attribute, options};
use crate::errors::{Errors, hint};

/// A field, or a field of a flattened one: `slug`, `address.city`.
pub(crate) struct FieldRef(pub(crate) Vec<Ident>);

impl FieldRef {
    pub(crate) fn first(&self) -> &Ident {
        &self.0[0]
    }
}

impl Parse for FieldRef {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut path = vec![field(input)?];
        while input.parse::<Option<Token![.]>>()?.is_some() {
            path.push(field(input)?);
        }
        Ok(Self(path))
    }
}

fn field(input: ParseStream<'_>) -> syn::Result<Ident> {
    if input.peek(LitStr) {
        return Err(input.error("fields are written without quotes"));
    }
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected a field"));
    }
    Ident::parse_any(input)
}

impl ToTokens for FieldRef {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        let path = &self.0;
        quote::quote!(#(#path).*).to_tokens(tokens);
    }
}

/// What an index has as a key.
pub(crate) enum KeyTarget {
    Field(FieldRef),
    Expression(LitStr),
}

/// One key: `created_at desc nulls last`, `"lower(email)"`.
pub(crate) struct Key {
    pub(crate) target: KeyTarget,
    pub(crate) descending: Option<Span>,
    pub(crate) nulls_first: Option<(bool, Span)>,
}

impl Parse for Key {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let target =
            if input.peek(LitStr) { KeyTarget::Expression(input.parse()?) } else { KeyTarget::Field(input.parse()?) };
        let mut key = Self { target, descending: None, nulls_first: None };
        while input.peek(Ident) {
            let word: Ident = input.parse()?;
            match word.to_string().as_str() {
                "asc" => {}
                "desc" => key.descending = Some(word.span()),
                "nulls" => {
                    let place: Ident = input.parse()?;
                    key.nulls_first = match place.to_string().as_str() {
                        "first" => Some((true, word.span())),
                        "last" => Some((false, word.span())),
                        _ => return Err(syn::Error::new(place.span(), "expected `nulls first` or `nulls last`")),
                    };
                }
                _ => {
                    return Err(syn::Error::new(
                        word.span(),
                        "expected `asc`, `desc`, `nulls first` or `nulls last`, or a comma before the next key",
                    ));
                }
            }
        }
        Ok(key)
    }
}

/// Things with commas between them, up to a semicolon or the end.
fn list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let mut list = Vec::new();
    while !input.is_empty() && !input.peek(Token![;]) {
        list.push(input.parse()?);
        if !input.is_empty() && !input.peek(Token![;]) {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(list)
}

attribute! {
    /// Options of an index, a unique constraint, a primary key or an exclusion.
    pub(crate) struct IndexOptions {
        /// The name it must have. Without one it is matched by what it is over, whatever the database calls it.
        name: Set<LitStr> = "name",
        /// The index method: `btree`, `hash`, `gin`, `gist`, `brin`, …
        using: Set<Ident> = "using",
        /// The condition that rows in the index meet, in SQL.
        predicate: Set<LitStr> = "where",
        /// Fields whose values ride along without being keys.
        include: Vec<FieldList> = "include",
        /// Two NULLs count as the same value.
        nulls_not_distinct: Flag = "nulls_not_distinct",
        /// The operator class of every key.
        opclass: Set<LitStr> = "opclass",
        /// Storage parameters: `with(fillfactor = 70)`.
        with: Vec<WithPart> = "with",
        /// Built without blocking writers.
        concurrently: Flag = "concurrently",
        /// No two rows share the keys.
        unique: Flag = "unique",
        /// Checked at the end of the transaction, if it says so, or always: `deferrable = initially_deferred`.
        deferrable: Deferral = "deferrable",
    }
}

/// Fields in parentheses.
pub(crate) struct FieldList(pub(crate) Vec<FieldRef>);

impl Content for FieldList {
    fn read(_: &Ident, input: ParseStream<'_>, _: &Errors) -> syn::Result<Self> {
        list(input).map(Self)
    }
}

/// Keys and options: `index(owner_id, created_at desc; where = "…")`.
pub(crate) struct IndexPart {
    pub(crate) span: Span,
    pub(crate) keys: Vec<Key>,
    pub(crate) options: IndexOptions,
}

impl Content for IndexPart {
    fn read(key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Self> {
        let keys = list(input)?;
        if keys.is_empty() {
            errors.at(key.span(), format_args!("`{key}` names no field: `{key}(field, …)`"));
        }
        Ok(Self { span: key.span(), keys, options: options(input, errors)? })
    }
}

/// Storage parameters.
pub(crate) struct WithPart(pub(crate) Vec<(String, String)>);

impl Content for WithPart {
    fn read(_: &Ident, input: ParseStream<'_>, _: &Errors) -> syn::Result<Self> {
        let mut all = Vec::new();
        while !input.is_empty() {
            let mut name = Ident::parse_any(input)?.to_string();
            while input.parse::<Option<Token![.]>>()?.is_some() {
                name = format!("{name}.{}", Ident::parse_any(input)?);
            }
            input.parse::<Token![=]>()?;
            let value = if input.peek(LitStr) {
                input.parse::<LitStr>()?.value()
            } else if input.peek(Ident::peek_any) {
                Ident::parse_any(input)?.to_string()
            } else {
                input.parse::<syn::Lit>()?.to_token_stream().to_string()
            };
            all.push((name, value));
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Self(all))
    }
}

attribute! {
    /// Options of a check.
    pub(crate) struct CheckOptions {
        /// The name it must have.
        name: Set<LitStr> = "name",
    }
}

/// `check("length(slug) > 2"; name = "…")`.
pub(crate) struct CheckPart {
    pub(crate) expression: LitStr,
    pub(crate) options: CheckOptions,
}

impl Content for CheckPart {
    fn read(key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Self> {
        Ok(Self { expression: sql(key, input)?, options: options(input, errors)? })
    }
}

/// SQL, which stands in quotes.
fn sql(key: &Ident, input: ParseStream<'_>) -> syn::Result<LitStr> {
    input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), format_args!("SQL is written in quotes: `{key}(\"…\")`")))
}

/// `exclude("room with =, during with &&"; where = "…")`.
pub(crate) struct ExcludePart {
    pub(crate) elements: LitStr,
    pub(crate) options: IndexOptions,
}

impl Content for ExcludePart {
    fn read(key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Self> {
        Ok(Self { elements: sql(key, input)?, options: options(input, errors)? })
    }
}

/// What a foreign key points at.
pub(crate) enum Target {
    /// A model.
    Model(Path),
    /// A table without one, as text: its schema, its name.
    Table(Option<String>, String),
}

/// `Model::field` or `"schema.table(column)"`.
pub(crate) struct Reference {
    pub(crate) target: Target,
    /// The fields of a model.
    pub(crate) fields: Vec<Ident>,
    /// The columns of a table.
    pub(crate) columns: Vec<String>,
    pub(crate) span: Span,
}

impl Parse for Reference {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Self::table(&input.parse()?);
        }
        let mut path: Path = input.parse()?;
        let last = path.segments.pop();
        path.segments.pop_punct();
        match last {
            Some(last) if !path.segments.is_empty() && last.arguments.is_none() => Ok(Self {
                span: last.ident.span(),
                target: Target::Model(path),
                fields: vec![last.ident],
                columns: Vec::new(),
            }),
            Some(last) => Err(syn::Error::new_spanned(
                last,
                "a reference names a model and a field, `Model::field`, or a table without a model, \"table(column)\"",
            )),
            None => Err(input.error("expected `Model::field`")),
        }
    }
}

impl Reference {
    fn table(text: &LitStr) -> syn::Result<Self> {
        let wrong = || syn::Error::new(text.span(), "write a table without a model as \"schema.table(column)\"");
        let value = text.value();
        let (table, columns) =
            value.trim().strip_suffix(')').and_then(|rest| rest.split_once('(')).ok_or_else(wrong)?;
        let columns: Vec<String> = columns.split(',').map(|c| c.trim().to_owned()).collect();
        let (schema, table) = match table.split_once('.') {
            Some((schema, table)) => (Some(schema.trim().to_owned()), table.trim().to_owned()),
            None => (None, table.trim().to_owned()),
        };
        if table.is_empty() || columns.iter().any(String::is_empty) || schema.as_ref().is_some_and(String::is_empty) {
            return Err(wrong());
        }
        Ok(Self { target: Target::Table(schema, table), fields: Vec::new(), columns, span: text.span() })
    }
}

attribute! {
    /// Options of a foreign key.
    pub(crate) struct ForeignKeyOptions {
        /// The name it must have.
        name: Set<LitStr> = "name",
        /// What a delete of the other row does here: `cascade`, `restrict`, `set_null`, `set_default`, `no_action`.
        on_delete: Set<ActionWord> = "on_delete",
        /// What an update of the other key does here.
        on_update: Set<ActionWord> = "on_update",
        /// Checked at the end of the transaction, if it says so, or always: `deferrable = initially_deferred`.
        deferrable: Deferral = "deferrable",
    }
}

/// `foreign_key((a, b) references Model(x, y); on_delete = cascade)`.
pub(crate) struct ForeignKeyPart {
    pub(crate) fields: Vec<FieldRef>,
    pub(crate) reference: Reference,
    pub(crate) options: ForeignKeyOptions,
    pub(crate) span: Span,
}

impl Content for ForeignKeyPart {
    fn read(key: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Self> {
        let fields = if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            list(&content)?
        } else {
            vec![input.parse()?]
        };
        let word: Ident = input.parse()?;
        if word != "references" {
            return Err(syn::Error::new(word.span(), "expected `references`: `(a, b) references Model(x, y)`"));
        }
        let reference = if input.peek(LitStr) {
            Reference::table(&input.parse()?)?
        } else {
            let path: Path = input.parse()?;
            let content;
            parenthesized!(content in input);
            let fields = Punctuated::<Ident, Token![,]>::parse_terminated_with(&content, Ident::parse_any)?;
            Reference {
                target: Target::Model(path),
                fields: fields.into_iter().collect(),
                columns: Vec::new(),
                span: word.span(),
            }
        };
        Ok(Self { fields, reference, options: options(input, errors)?, span: key.span() })
    }
}

/// What a foreign key does.
#[derive(Clone, Copy)]
pub(crate) enum ActionWord {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

impl Parse for ActionWord {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        const WORDS: [&str; 5] = ["cascade", "restrict", "set_null", "set_default", "no_action"];
        if input.peek(LitStr) {
            return Err(input.error("an action is a word without quotes: `cascade`, `set_null`"));
        }
        let word = Ident::parse_any(input)?;
        match word.to_string().as_str() {
            "cascade" => Ok(Self::Cascade),
            "restrict" => Ok(Self::Restrict),
            "set_null" => Ok(Self::SetNull),
            "set_default" => Ok(Self::SetDefault),
            "no_action" => Ok(Self::NoAction),
            other => {
                Err(syn::Error::new(word.span(), format_args!("unknown action `{other}`: {}", hint(other, WORDS))))
            }
        }
    }
}

/// `deferrable` or `deferrable = initially_deferred`.
#[derive(Default)]
pub(crate) struct Deferral(pub(crate) Option<(Span, bool)>);

impl super::arguments::Argument for Deferral {
    fn read(&mut self, key: &Ident, input: ParseStream<'_>, _: &Errors) -> syn::Result<()> {
        let mut deferred = false;
        if input.parse::<Option<Token![=]>>()?.is_some() {
            let word = Ident::parse_any(input)?;
            match word.to_string().as_str() {
                "initially_deferred" => deferred = true,
                "initially_immediate" => {}
                _ => {
                    return Err(syn::Error::new(word.span(), "expected `initially_deferred` or `initially_immediate`"));
                }
            }
        }
        self.0 = Some((key.span(), deferred));
        Ok(())
    }
}

attribute! {
    /// How an identity column counts.
    pub(crate) struct IdentityPart {
        /// An insert may not give a value of its own.
        always: Flag = "always",
        /// The first value.
        start: Set<Number> = "start",
        /// The step.
        increment: Set<Number> = "increment",
        /// The lowest value.
        min: Set<Number> = "min",
        /// The highest value.
        max: Set<Number> = "max",
        /// How many values a session takes at once.
        cache: Set<Number> = "cache",
        /// Begins again at the end.
        cycle: Flag = "cycle",
    }
}

/// A whole number with a sign.
pub(crate) struct Number(pub(crate) i64);

impl Parse for Number {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let minus = input.parse::<Option<Token![-]>>()?.is_some();
        let lit: LitInt = input.parse()?;
        let text = format!("{}{}", if minus { "-" } else { "" }, lit.base10_digits());
        text.parse().map(Self).map_err(|_| syn::Error::new(lit.span(), "this number does not fit into 64 bits"))
    }
}
