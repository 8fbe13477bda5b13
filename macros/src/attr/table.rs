//! `#[table(…)]`.

use syn::parse::ParseStream;
use syn::{Ident, LitStr, Path, Token};

use super::arguments::{Content, Flag, On, Set, arguments, attribute};
use super::column::ColumnAttr;
use super::comment::Comment;
use super::parts::{CheckPart, ExcludePart, ForeignKeyPart, IndexPart, WithPart};
use crate::errors::Errors;

attribute! {
    /// `#[table(…)]` on a struct.
    pub(crate) struct TableAttr {
        /// The table's name. Without one it is the struct's in snake_case.
        name: Set<LitStr> = "name" | "table_name" | "rename",
        /// The schema it is in (PostgreSQL). Without one it is the database's default schema.
        schema: Set<LitStr> = "schema",
        /// How column names are written: `snake_case`, `camelCase`, …
        rename_all: Set<LitStr> = "rename_all",
        /// A comment, or `comment = doc` for the struct's doc comment.
        comment: Set<Comment> = "comment",
        /// The name it had before: a rename keeps the rows.
        renamed_from: Set<LitStr> = "renamed_from",
        /// Which of a program's databases it belongs to.
        group: Set<LitStr> = "group",
        /// Where limbeck is found, when not at `::limbeck`.
        krate: Set<CratePath> = "crate",
        /// The fields that identify a row: `primary_key(tenant_id, id)`.
        primary_key: Vec<IndexPart> = "primary_key",
        /// Fields that no two rows share: `unique(tenant_id, slug; nulls_not_distinct)`. With `where`, `using`,
        /// `opclass`, `with`, `concurrently` or an expression it is a unique index, which alone can have them.
        unique: Vec<IndexPart> = "unique",
        /// An index: `index(owner_id, created_at desc; where = "archived_at is null")`.
        index: Vec<IndexPart> = "index",
        /// A key of several fields: `foreign_key((a, b) references Model(x, y); on_delete = cascade)`.
        foreign_key: Vec<ForeignKeyPart> = "foreign_key",
        /// A condition that every row meets, in SQL: `check("length(slug) > 2"; name = "slug_length")`.
        check: Vec<CheckPart> = "check",
        /// No two rows for which all operators are true (PostgreSQL): `exclude("room with =, during with &&")`.
        exclude: Vec<ExcludePart> = "exclude",
        /// A column that is no field: `column("search", "tsvector"; nullable)`.
        column: Vec<ExtraColumn> = "column",
        /// Types are enforced (SQLite).
        strict: Flag = "strict",
        /// Rows are kept in the order of the primary key (SQLite).
        without_rowid: Flag = "without_rowid",
        /// Not in the write-ahead log (PostgreSQL): faster, and empty after a crash.
        unlogged: Flag = "unlogged",
        /// Storage parameters (PostgreSQL): `with(fillfactor = 70)`.
        with: Vec<WithPart> = "with",
        /// What exists on PostgreSQL alone.
        postgres: On<TableOn> = "postgres",
        /// What exists on SQLite alone.
        sqlite: On<TableOn> = "sqlite",
    }
}

attribute! {
    /// What a table has on one database alone.
    pub(crate) struct TableOn {
        /// An index there.
        index: Vec<IndexPart> = "index",
        /// A condition there.
        check: Vec<CheckPart> = "check",
    }
}

/// A path that may begin with a keyword.
pub(crate) struct CratePath(pub(crate) Path);

impl syn::parse::Parse for CratePath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Err(input.error("the path is written without quotes: `crate = my::limbeck`"));
        }
        Path::parse_mod_style(input).map(Self)
    }
}

/// A column that is no field.
pub(crate) struct ExtraColumn {
    pub(crate) name: LitStr,
    pub(crate) ty: LitStr,
    pub(crate) column: ColumnAttr,
}

impl Content for ExtraColumn {
    fn read(_: &Ident, input: ParseStream<'_>, errors: &Errors) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![,]>()?;
        let ty = input.parse()?;
        let mut column = ColumnAttr::default();
        if input.parse::<Option<Token![;]>>()?.is_some() {
            arguments(&mut column, input, errors)?;
        }
        Ok(Self { name, ty, column })
    }
}
