//! The derives of limbeck: use them through the crate `limbeck`.
#![doc = ""]
#![doc = include_str!("../attributes.md")]

mod ast;
mod attr;
mod check;
mod errors;
mod exclude;
mod expand;
mod fallback;
mod lock;
mod name;

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

use ast::{Enumeration, Model, Newtype};
use errors::Errors;

/// Makes a struct a table: each field is a column, `Option` means NULL, and the model registers itself.
///
/// ```ignore
/// #[derive(limbeck::Table)]
/// #[table(index(owner_id, created_at desc), check("length(slug) > 2"))]
/// pub struct Workspace {
///     #[column(primary_key, default_sql = "gen_random_uuid()")]
///     id: Uuid,
///     #[column(unique, length = 64)]
///     slug: String,
///     #[column(references = Account::id, on_delete = cascade)]
///     owner_id: Uuid,
///     archived_at: Option<DateTime<Utc>>,
///     #[column(default_sql = "now()")]
///     created_at: DateTime<Utc>,
/// }
/// ```
///
/// `Workspace::COLUMNS.slug` (of the trait `Table`) is the column as a value, to build queries with. With a
/// `limbeck.lock` beside `Cargo.toml`, a release build with a model that no migration covers does not compile.
///
/// A struct with type or const parameters is no table before they are given: it does not register itself (give
/// `Registry::table` the one that is meant), it is not compared with `limbeck.lock`, and what two types have to agree on,
/// foreign keys above all, is not checked while compiling but when the registry is made into a schema, as far as names
/// go. Lifetimes change nothing.
///
/// All attributes are in the [reference](crate#attributes). sqlx's own `#[sqlx(rename, rename_all, skip, flatten, json,
/// try_from)]` count too.
#[proc_macro_derive(Table, attributes(table, column, sqlx))]
pub fn table(input: TokenStream) -> TokenStream {
    model(&parse_macro_input!(input), true)
}

/// Makes a struct's fields columns of the tables that have it as a `#[column(flatten)]` field.
///
/// Its fields take the same attributes as a table's; keys over them are named `field.inner` in the table.
#[proc_macro_derive(Columns, attributes(table, column, sqlx))]
pub fn columns(input: TokenStream) -> TokenStream {
    model(&parse_macro_input!(input), false)
}

/// Makes a fieldless enum a column's type.
///
/// Its name and labels are those that sqlx sends: `#[sqlx(type_name = "role", rename_all = "snake_case")]`. With
/// `#[repr(i32)]` it is stored as a number, with `#[sqlx(type_name = "text")]` as text, each with a check.
#[proc_macro_derive(Enum, attributes(db_enum, sqlx))]
pub fn enumeration(input: TokenStream) -> TokenStream {
    let input: DeriveInput = parse_macro_input!(input);
    let errors = Errors::new();
    let read = Enumeration::read(&input, &errors);
    finish(errors, &read, check::enumeration, expand::enumeration, fallback::enumeration)
}

/// Makes a struct around one value a column's type: that of the value.
#[proc_macro_derive(ColumnType, attributes(column_type, sqlx))]
pub fn newtype(input: TokenStream) -> TokenStream {
    let input: DeriveInput = parse_macro_input!(input);
    let errors = Errors::new();
    let read = Newtype::read(&input, &errors);
    finish(errors, &read, |_, _| (), expand::newtype, fallback::newtype)
}

fn model(input: &DeriveInput, whole: bool) -> TokenStream {
    let errors = Errors::new();
    let read = Model::read(input, whole, &errors);
    finish(errors, &read, check::model, expand::model, fallback::model)
}

/// Checks and expands an item; with mistakes, they come out together with an impl without content.
fn finish<T>(
    errors: Errors,
    item: &T,
    check: impl FnOnce(&T, &Errors),
    expand: impl FnOnce(&T) -> proc_macro2::TokenStream,
    fallback: impl FnOnce(&T) -> proc_macro2::TokenStream,
) -> TokenStream {
    check(item, &errors);
    match errors.finish() {
        None => expand(item).into(),
        Some(mistakes) => {
            let stub = fallback(item);
            quote!(#mistakes #stub).into()
        }
    }
}
