//! What the tables look like: one struct a table.

/// Someone who writes.
#[derive(Clone, Debug, PartialEq, limbeck::Table, sqlx::FromRow)]
pub struct Author {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// As on the title page.
    #[column(unique)]
    pub name: String,
}

/// Something to read.
#[derive(Clone, Debug, PartialEq, limbeck::Table, sqlx::FromRow)]
#[table(index(author_id, title), check("length(title) > 0"))]
pub struct Book {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// Who wrote it.
    #[column(references = Author::id, on_delete = cascade)]
    pub author_id: i64,
    /// As on the title page.
    pub title: String,
    /// Whether it is read.
    #[column(default = "wanted")]
    pub state: State,
    /// What one thinks of it; `Option` means that NULL is allowed.
    pub note: Option<String>,
}

/// How far one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, limbeck::Enum, sqlx::Type)]
#[sqlx(rename_all = "snake_case")]
pub enum State {
    /// On the list.
    Wanted,
    /// On the table.
    Reading,
    /// On the shelf.
    Read,
}
