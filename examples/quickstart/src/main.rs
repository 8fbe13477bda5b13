//! The whole round on an SQLite file, with library calls only: what `cargo limbeck` does is not more than this.

use std::error::Error;

use limbeck::change::Describe;
use limbeck::dialect::{Backend, Missing, aligned, connect};
use limbeck::diff::{Renames, diff};
use limbeck::migrate::{Migrator, Target};
use limbeck::plan::{Plan, order};
use limbeck::schema::Schema;
use limbeck::source::{Module, print, steps};
use quickstart::models::{Author, Book, State};
use sqlx::sqlite::SqlitePool;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("books.db").display());
    let mut backend = connect(&url, Missing::Create).await?;
    let migrator = Migrator::from_registry()?;
    let models = migrator.registry().schema()?;

    title("The models, in src/models.rs");
    let code = include_str!("models.rs").lines().filter(|line| !line.trim_start().starts_with("//"));
    println!("{}", code.collect::<Vec<_>>().join("\n").trim());

    title("The plan, from an empty database to the models");
    let (start, plan) = plan(&mut *backend, &models).await?;
    for change in &plan.changes {
        println!("{}", Describe(change));
    }

    title("The module that `cargo limbeck revision` writes of it");
    let module = module(&plan, &start, &models)?;
    print!("{module}");
    std::fs::write(folder.path().join("m_first_tables.rs"), &module)?;

    title("Upgrade, with the migrations that are committed in src/migrations");
    let pool = SqlitePool::connect(&url).await?;
    let report = migrator.upgrade(&pool, Target::Head).await?;
    for id in &report.migrations {
        let message = migrator.graph().find(id).map_or("", |migration| migration.message);
        println!("{id} {message}");
    }

    title("The tables work, and nothing differs from the models");
    println!("{:?}", book(&pool).await?);
    let (_, left) = self::plan(&mut *backend, &models).await?;
    println!("{} changes to make", left.changes.len());
    assert!(left.is_empty(), "the committed migrations make what the models say");

    title("Downgrade to nothing");
    let report = migrator.downgrade(&pool, Target::Base).await?;
    println!("undone: {}", report.migrations.join(", "));
    let names =
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by 1";
    let tables: Vec<String> = sqlx::query_scalar(names).fetch_all(&pool).await?;
    println!("left: {} (Limbeck's own bookkeeping)", tables.join(", "));
    Ok(())
}

/// What makes a database what the models say, and the schema that this starts from.
async fn plan(backend: &mut dyn Backend, models: &Schema) -> Result<(Schema, Plan)> {
    let found = backend.introspect().await?;
    let found = limbeck::migrate::without_bookkeeping(found.schema);
    let start = aligned(backend, &found, models).await?;
    let difference = diff(&start, models, &Renames::default())?;
    Ok((start, order(difference)?))
}

/// A plan as a Rust module, with the way back.
fn module(plan: &Plan, start: &Schema, models: &Schema) -> Result<String> {
    let back = plan.clone().inverse();
    Ok(print(&Module {
        id: "00c0ffee".to_owned(),
        message: "first tables".to_owned(),
        up: steps(&plan.changes, start)?,
        down: steps(&back.changes, models)?,
        ..Module::default()
    }))
}

/// Writes a row, and reads it back as the model.
async fn book(pool: &SqlitePool) -> Result<Book> {
    let author: Author =
        sqlx::query_as("insert into author (name) values ('Mary Shelley') returning *").fetch_one(pool).await?;
    let book: Book = sqlx::query_as("insert into book (author_id, title) values ($1, 'Frankenstein') returning *")
        .bind(author.id)
        .fetch_one(pool)
        .await?;
    assert_eq!(book.state, State::Wanted);
    Ok(book)
}

fn title(text: &str) {
    println!("\n== {text}\n");
}
