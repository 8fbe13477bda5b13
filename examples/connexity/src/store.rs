//! What is kept in the database.

use connexity_db::models::{Document, Role, Settings};
use sqlx::postgres::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Accounts, workspaces and documents.
pub struct Store {
    pool: PgPool,
}

impl Store {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The account with this address, made when there is none.
    pub async fn account(&self, email: &str, display_name: &str) -> Result<Uuid> {
        let upsert = "insert into account (email, display_name) values ($1, $2)
                      on conflict (email) do update set display_name = excluded.display_name returning id";
        sqlx::query_scalar(upsert).bind(email).bind(display_name).fetch_one(&self.pool).await
    }

    /// The workspace with this name, made with its owner as a member when there is none.
    pub async fn workspace(&self, slug: &str, title: &str, owner: Uuid) -> Result<Uuid> {
        let mut tx = self.pool.begin().await?;
        let upsert = "insert into workspace (slug, title, owner_id, settings) values ($1, $2, $3, $4)
                      on conflict (slug) do update set title = excluded.title returning id";
        let settings = Json(Settings { public: true, language: Some("en".into()) });
        let workspace: Uuid =
            sqlx::query_scalar(upsert).bind(slug).bind(title).bind(owner).bind(settings).fetch_one(&mut *tx).await?;
        sqlx::query(
            "insert into membership (workspace_id, account_id, role) values ($1, $2, $3) on conflict do nothing",
        )
        .bind(workspace)
        .bind(owner)
        .bind(Role::Owner)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(workspace)
    }

    /// Lets someone in, as a viewer: the column's default.
    pub async fn invite(&self, workspace: Uuid, account: Uuid) -> Result<()> {
        sqlx::query("insert into membership (workspace_id, account_id) values ($1, $2) on conflict do nothing")
            .bind(workspace)
            .bind(account)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Writes a document, in place of one with the same title.
    pub async fn write(&self, workspace: Uuid, author: Uuid, title: &str, tags: &[&str]) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("delete from document where workspace_id = $1 and title = $2")
            .bind(workspace)
            .bind(title)
            .execute(&mut *tx)
            .await?;
        sqlx::query("insert into document (workspace_id, author_id, title, tags) values ($1, $2, $3, $4)")
            .bind(workspace)
            .bind(author)
            .bind(title)
            .bind(tags)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// The documents with a tag, found by the GIN index.
    pub async fn tagged(&self, workspace: Uuid, tag: &str) -> Result<Vec<Document>> {
        let select = "select * from document where workspace_id = $1 and tags @> array[$2] order by title";
        sqlx::query_as(select).bind(workspace).bind(tag).fetch_all(&self.pool).await
    }

    /// Who is in a workspace, and what they may do.
    pub async fn members(&self, workspace: Uuid) -> Result<Vec<(String, Role)>> {
        let select = "select display_name, role from membership join account on id = account_id
                      where workspace_id = $1 order by display_name";
        sqlx::query_as(select).bind(workspace).fetch_all(&self.pool).await
    }
}
