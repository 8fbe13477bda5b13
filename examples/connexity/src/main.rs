//! A workspace app on PostgreSQL. It upgrades its database when it starts, and then does what it is for.
//!
//! ```console
//! $ createdb connexity
//! $ DATABASE_URL=postgres://localhost/connexity cargo run -p connexity
//! ```

mod store;

use std::error::Error;

use limbeck::migrate::{Migrator, Target};
use sqlx::postgres::PgPool;

use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL").map_err(|_| "set DATABASE_URL, say to postgres://localhost/connexity")?;
    let pool = PgPool::connect(&url).await?;
    Migrator::from_registry()?.upgrade(&pool, Target::Head).await?;

    let store = Store::new(pool);
    let ann = store.account("ann@example.org", "Ann").await?;
    let bob = store.account("bob@example.org", "Bob").await?;
    let garden = store.workspace("garden", "The garden", ann).await?;
    store.invite(garden, bob).await?;
    store.write(garden, bob, "Roses", &["plants", "summer"]).await?;
    store.write(garden, ann, "Tools", &["shed"]).await?;
    for document in store.tagged(garden, "plants").await? {
        println!("{} ({})", document.title, document.tags.join(", "));
    }
    for (name, role) in store.members(garden).await? {
        println!("{name}: {role:?}");
    }
    Ok(())
}
