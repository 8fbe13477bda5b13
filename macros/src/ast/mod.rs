//! A struct with its attributes read, and the questions that checks and expansion ask it.

mod enums;
mod newtype;

pub(crate) use enums::{Enumeration, Stored};
pub(crate) use newtype::Newtype;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Path, Type};

use crate::attr::{self, ColumnAttr, Comment, FieldRef, IndexPart, Sqlx, TableAttr};
use crate::errors::{Errors, hint};
use crate::name::{self, CASES, Case};

/// Limbeck's name within a model's expansion, and those of its trait `ColumnType` and of the model's columns: short,
/// because all of it is read by the compiler, and some of it by people.
pub(crate) const ALIAS: [&str; 3] = ["__l", "__T", "__A"];

/// A struct that is a table, or a part of one.
pub(crate) struct Model<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) attr: TableAttr,
    pub(crate) name: Named,
    pub(crate) fields: Vec<Field<'a>>,
    /// The path to limbeck, as the user gave it.
    pub(crate) path: TokenStream,
    /// What the expansion calls it: see [`ALIAS`].
    pub(crate) krate: Ident,
    /// Whether it is a table of its own, and no part of others (`#[derive(Columns)]`).
    pub(crate) whole: bool,
}

/// A name in the database, and where it comes from.
pub(crate) struct Named {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// Whether someone wrote it out.
    pub(crate) declared: bool,
}

/// A field.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attr: ColumnAttr,
    pub(crate) sqlx: Sqlx,
    pub(crate) name: Named,
    pub(crate) kind: Kind,
    pub(crate) doc: Option<String>,
}

/// What a field is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Column,
    Flatten,
    Skip,
}

impl<'a> Model<'a> {
    /// Reads the struct; one without fields when it is none, with the mistake noted.
    pub(crate) fn read(input: &'a DeriveInput, whole: bool, errors: &Errors) -> Self {
        let attr: TableAttr = attr::attributes("table", &input.attrs, errors);
        let sqlx = attr::sqlx(&input.attrs);
        let path = krate(attr.krate.get());
        let krate = Ident::new(ALIAS[0], Span::call_site());
        let name = match attr.name.get() {
            Some(name) => Named::declared(name),
            None => Named { text: name::table_of(&input.ident), span: input.ident.span(), declared: false },
        };
        let case = rename_all(attr.rename_all.get(), sqlx.rename_all.as_ref(), errors);
        let fields = named_fields(input, whole, errors);
        let fields = fields.filter_map(|field| Field::read(field, case, errors)).collect();
        Self { input, attr, name, fields, path, krate, whole }
    }

    /// The field that a reference names, when it is a column of this struct itself.
    pub(crate) fn field(&self, ident: &Ident) -> Option<&Field<'a>> {
        let wanted = name::unraw(ident);
        self.fields.iter().find(|f| name::unraw(f.ident) == wanted)
    }

    /// The fields that are columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|f| f.kind == Kind::Column)
    }

    /// Every list of keys, with the word it stands behind.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&'static str, &IndexPart)> {
        let TableAttr { primary_key, unique, index, postgres, sqlite, .. } = &self.attr;
        let named = |word: &'static str| move |part| (word, part);
        (primary_key.iter().map(named("primary_key")))
            .chain(unique.iter().map(named("unique")))
            .chain(index.iter().map(named("index")))
            .chain(postgres.0.index.iter().map(named("index")))
            .chain(sqlite.0.index.iter().map(named("index")))
    }

    /// Whether it has parameters that only a use of it fills in, so that nothing about it is known before.
    pub(crate) fn is_generic(&self) -> bool {
        self.input.generics.params.iter().any(|p| !matches!(p, syn::GenericParam::Lifetime(_)))
    }

    /// The struct's comment.
    pub(crate) fn comment(&self) -> Option<String> {
        comment(self.attr.comment.get(), doc(&self.input.attrs))
    }

    /// What a reference to a field gives as a name: text, or an expression for a flattened one.
    pub(crate) fn column_name(&self, field: &FieldRef) -> TokenStream {
        match self.field(field.first()) {
            Some(first) if field.0.len() == 1 => {
                let name = &first.name.text;
                quote!(#name)
            }
            Some(first) => {
                let (krate, ty) = (&self.krate, first.ty);
                let rest = &field.0[1..];
                let deeper = rest.iter().fold(
                    quote!(<#ty as #krate::Columns>::COLUMNS),
                    |path, ident| quote::quote_spanned!(ident.span()=> #path.#ident),
                );
                quote!(#deeper.name())
            }
            // Noted by the checks; the fallback leaves keys out.
            None => quote!(""),
        }
    }
}

/// The fields of a struct that has names for them.
fn named_fields<'a>(
    input: &'a DeriveInput,
    whole: bool,
    errors: &Errors,
) -> impl Iterator<Item = &'a syn::Field> + use<'a> {
    let derive = if whole { "Table" } else { "Columns" };
    let named = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(&fields.named),
            Fields::Unnamed(_) | Fields::Unit => {
                let help = format!("`#[derive({derive})]` needs a struct with named fields: each is a column");
                errors.on(&input.ident, help);
                None
            }
        },
        Data::Enum(_) => {
            let help = format!("`#[derive({derive})]` is for structs; for an enum, derive `limbeck::Enum`");
            errors.on(&input.ident, help);
            None
        }
        Data::Union(_) => {
            errors.on(&input.ident, format!("`#[derive({derive})]` is for structs"));
            None
        }
    };
    named.into_iter().flatten()
}

impl Named {
    pub(crate) fn declared(name: &LitStr) -> Self {
        Self { text: name.value(), span: name.span(), declared: true }
    }
}

impl<'a> Field<'a> {
    fn read(field: &'a syn::Field, case: Option<Case>, errors: &Errors) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let attr: ColumnAttr = attr::attributes("column", &field.attrs, errors);
        let sqlx = attr::sqlx(&field.attrs);
        let name = match (attr.name.get(), &sqlx.rename) {
            (Some(ours), Some(theirs)) if ours.value() != theirs.value() => {
                let (ours_text, theirs_text) = (ours.value(), theirs.value());
                errors.on(ours, format!("`#[column]` calls this `{ours_text}`, `#[sqlx]` calls it `{theirs_text}`: sqlx would not find the column; keep one of the two"));
                Named::declared(ours)
            }
            (Some(name), _) | (None, Some(name)) => Named::declared(name),
            (None, None) => {
                let plain = name::unraw(ident);
                let text = case.map_or_else(|| plain.clone(), |case| case.apply(&plain));
                Named { text, span: ident.span(), declared: false }
            }
        };
        let kind = match (attr.skip.is_set() || sqlx.skip, attr.flatten.is_set() || sqlx.flatten) {
            (true, _) => Kind::Skip,
            (false, true) => Kind::Flatten,
            (false, false) => Kind::Column,
        };
        Some(Self { ident, ty: &field.ty, attr, sqlx, name, kind, doc: doc(&field.attrs) })
    }

    /// The field as Rust spells it, without `r#`.
    pub(crate) fn rust_name(&self) -> String {
        name::unraw(self.ident)
    }

    /// Where the field's type stands.
    pub(crate) fn type_span(&self) -> Span {
        self.ty.span()
    }
}

/// The path to limbeck.
pub(crate) fn krate(given: Option<&crate::attr::CratePath>) -> TokenStream {
    match given {
        Some(path) => {
            let path: &Path = &path.0;
            quote!(#path)
        }
        None => quote!(::limbeck),
    }
}

/// The case that ours and sqlx's `rename_all` give; a disagreement is a mistake.
pub(crate) fn rename_all(ours: Option<&LitStr>, theirs: Option<&LitStr>, errors: &Errors) -> Option<Case> {
    let read = |given: &LitStr| {
        let text = given.value();
        let case = Case::from_text(&text);
        if case.is_none() {
            errors.on(given, format!("unknown case \"{text}\": {}", hint(&text, CASES)));
        }
        case
    };
    if let (Some(ours), Some(theirs)) = (ours, theirs)
        && ours.value() != theirs.value()
    {
        let (ours_text, theirs_text) = (ours.value(), theirs.value());
        errors.on(
            ours,
            format!("`rename_all` is \"{ours_text}\" here and \"{theirs_text}\" in `#[sqlx]`: keep one of the two"),
        );
        return Case::from_text(&ours_text);
    }
    // A case that sqlx does not know is reported by sqlx's derive, too; ours lists what there is.
    ours.or(theirs).and_then(read)
}

/// A comment: given, or the doc comment when that is asked for.
pub(crate) fn comment(given: Option<&Comment>, doc: Option<String>) -> Option<String> {
    match given? {
        Comment::Text(text) => Some(text.value()),
        Comment::Doc => doc,
    }
}

/// The doc comment, without the space that begins each line.
pub(crate) fn doc(attrs: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attrs
        .iter()
        .filter(|a| a.path().is_ident("doc"))
        .filter_map(|a| match &a.meta {
            syn::Meta::NameValue(meta) => match &meta.value {
                syn::Expr::Lit(lit) => match &lit.lit {
                    syn::Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .map(|line| line.strip_prefix(' ').map(str::to_owned).unwrap_or(line))
        .collect();
    let text = lines.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}
