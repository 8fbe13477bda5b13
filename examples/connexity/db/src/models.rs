//! What the tables look like: one struct a table.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

/// Someone who can sign in. Runs on PostgreSQL and on SQLite, from one migration.
#[derive(Clone, Debug, limbeck::Table, sqlx::FromRow)]
#[table(check("length(email) > 2"))]
pub struct Account {
    /// Made by the database.
    #[column(primary_key, postgres(default_sql = "gen_random_uuid()"), sqlite(default_sql = "(randomblob(16))"))]
    pub id: Uuid,
    /// Where mail goes, in lower case.
    #[column(unique, length = 320)]
    pub email: String,
    /// What others see.
    pub display_name: String,
    /// When the account was made.
    #[column(default_sql = "CURRENT_TIMESTAMP")]
    pub created_at: DateTime<Utc>,
}

/// A space that people share.
#[derive(Clone, Debug, limbeck::Table, sqlx::FromRow)]
#[table(index(owner_id, created_at desc), check("length(slug) > 2"))]
pub struct Workspace {
    /// Made by the database.
    #[column(primary_key, default_sql = "gen_random_uuid()")]
    pub id: Uuid,
    /// The name in URLs.
    #[column(unique, length = 64)]
    pub slug: String,
    /// What people call it.
    pub title: String,
    /// Who pays for it.
    #[column(references = Account::id, on_delete = restrict)]
    pub owner_id: Uuid,
    /// How it behaves.
    #[column(default_sql = "'{}'")]
    pub settings: Json<Settings>,
    /// When it was put away.
    pub archived_at: Option<DateTime<Utc>>,
    /// When it was made.
    #[column(default_sql = "now()")]
    pub created_at: DateTime<Utc>,
}

/// How a workspace behaves.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(default)]
pub struct Settings {
    /// Whether anyone with the address may read.
    pub public: bool,
    /// The language of its interface.
    pub language: Option<String>,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, limbeck::Enum, sqlx::Type)]
#[sqlx(type_name = "role", rename_all = "snake_case")]
pub enum Role {
    /// All.
    Owner,
    /// Read and write.
    Editor,
    /// Read.
    Viewer,
}

/// Someone's place in a workspace.
#[derive(Clone, Debug, limbeck::Table, sqlx::FromRow)]
#[table(primary_key(workspace_id, account_id), index(account_id))]
pub struct Membership {
    /// The workspace.
    #[column(references = Workspace::id, on_delete = cascade)]
    pub workspace_id: Uuid,
    /// The member.
    #[column(references = Account::id, on_delete = cascade)]
    pub account_id: Uuid,
    /// What the member may do.
    #[column(default = "viewer")]
    pub role: Role,
    /// Since when.
    #[column(default_sql = "now()")]
    pub joined_at: DateTime<Utc>,
}

/// A text that a workspace holds.
#[derive(Clone, Debug, limbeck::Table, sqlx::FromRow)]
#[table(index(workspace_id, updated_at desc))]
pub struct Document {
    /// Made by the database.
    #[column(primary_key, default_sql = "gen_random_uuid()")]
    pub id: Uuid,
    /// Where it is.
    #[column(references = Workspace::id, on_delete = cascade)]
    pub workspace_id: Uuid,
    /// Who wrote it, while there is such an account.
    #[column(references = Account::id, on_delete = set_null)]
    pub author_id: Option<Uuid>,
    /// The first line.
    #[column(length = 200)]
    pub title: String,
    /// The rest.
    #[column(default = "")]
    pub body: String,
    /// What it is about, to be found by.
    #[column(index(using = gin), default_sql = "'{}'")]
    pub tags: Vec<String>,
    /// When it last changed.
    #[column(default_sql = "now()")]
    pub updated_at: DateTime<Utc>,
}
