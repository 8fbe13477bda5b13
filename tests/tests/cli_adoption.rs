//! An old project comes to Limbeck: its database and its history stay what they are.

use std::path::Path;
use std::process::Command;

use limbeck_tests::project::{Project, started};
use limbeck_tests::server::ServerDatabase;

/// Twelve migrations as sqlx has them, of what such projects hold.
const FILES: [(&str, &str); 12] = [
    ("0001_account.sql", "CREATE TABLE account (\n    id bigserial PRIMARY KEY,\n    email text NOT NULL\n);\n"),
    ("0002_unique.sql", "ALTER TABLE account ADD CONSTRAINT account_email_key UNIQUE (email);\n"),
    (
        "0003_role.sql",
        "CREATE TYPE role AS ENUM ('owner', 'member');\nALTER TABLE account ADD COLUMN role role NOT NULL DEFAULT 'member';\n",
    ),
    (
        "0004_post.sql",
        "CREATE TABLE post (\n    id uuid PRIMARY KEY,\n    author_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,\n    title varchar(80) NOT NULL,\n    created_at timestamptz NOT NULL DEFAULT now()\n);\n",
    ),
    ("0005_index.sql", "CREATE INDEX post_author_id_idx ON post (author_id, created_at DESC);\n"),
    ("0006_data.sql", "INSERT INTO account (email) VALUES ('root@example.com');\n"),
    ("0007_check.sql", "ALTER TABLE post ADD CONSTRAINT post_title_check CHECK (length(title) > 0);\n"),
    ("0008_label.sql", "ALTER TYPE role ADD VALUE 'guest';\n"),
    ("0009_tags.sql", "ALTER TABLE post ADD COLUMN tags text[] NOT NULL DEFAULT '{}';\n"),
    ("0010_price.sql", "ALTER TABLE post ADD COLUMN price numeric(10, 2);\n"),
    ("0011_comment.sql", "COMMENT ON TABLE post IS 'what people write';\n"),
    ("0012_partial.sql", "CREATE UNIQUE INDEX post_one_title ON post (author_id) WHERE price IS NULL;\n"),
];

const MODELS: &str = r#"//! Models.

/// Somebody.
#[derive(limbeck::Table)]
pub struct Account {
    /// Its number.
    #[column(primary_key, serial)]
    pub id: i64,
    /// Where to write to.
    #[column(unique)]
    pub email: String,
    /// What they may do.
    #[column(default = "member")]
    pub role: Role,
}

/// What somebody may do.
#[derive(limbeck::Enum)]
#[db_enum(rename_all = "snake_case")]
pub enum Role {
    /// All.
    Owner,
    /// Some.
    Member,
    /// Little.
    Guest,
}

/// What people write.
#[derive(limbeck::Table)]
#[table(
    comment = "what people write",
    index(author_id, created_at desc),
    unique(author_id; where = "price IS NULL"),
    check("length(title) > 0")
)]
pub struct Post {
    /// Its id.
    #[column(primary_key, sql_type = "uuid")]
    pub id: String,
    /// Who wrote it.
    #[column(references = Account::id, on_delete = cascade)]
    pub author_id: i64,
    /// The first line.
    #[column(length = 80)]
    pub title: String,
    /// When.
    #[column(default_sql = "now()", sql_type = "timestamptz")]
    pub created_at: String,
    /// What it is about.
    #[column(default_sql = "'{}'")]
    pub tags: Vec<String>,
    /// What it costs.
    #[column(sql_type = "numeric(10, 2)")]
    pub price: Option<String>,
}
"#;

fn project(name: &str) -> Project {
    let project = started(name, "postgres", MODELS);
    for (file, text) in FILES {
        project.write(&format!("migrations/{file}"), text);
    }
    project
}

/// What pg_dump says of a database, without its words for who and when.
fn dump(database: &ServerDatabase) -> String {
    let output = Command::new("pg_dump")
        .args([
            "--schema-only",
            "--no-owner",
            "--exclude-table=limbeck_*",
            "--exclude-table=_sqlx_migrations",
            "-d",
            database.url(),
        ])
        .output()
        .expect("pg_dump runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter(|line| !line.starts_with('\\'))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn migrate(folder: &Path, url: &str) {
    let pool = sqlx::PgPool::connect(url).await.expect("a connection");
    let migrator = sqlx::migrate::Migrator::new(folder.to_owned()).await.expect("migrations");
    migrator.run(&pool).await.expect("they run");
    pool.close().await;
}

#[tokio::test]
async fn a_project_of_sqlx_with_twelve_migrations() {
    let old = ServerDatabase::new("adopt_old");
    let project = project("adopt").database(old.url());
    migrate(&project.path("migrations"), old.url()).await;
    let before = dump(&old);
    insta::assert_snapshot!("baseline", stable(&project, &old, &["baseline", "--sql", "migrations"]));
    assert_eq!(dump(&old), before, "nothing ran");
    let module = project.module("baseline");
    assert!(module.contains("CREATE UNIQUE INDEX post_one_title") && module.contains("m.effect("), "{module}");
    // What the models say is covered; what no model says is left alone.
    let _ = project.limbeck(&["current"]).code(0);
    let check = project.limbeck(&["check"]).code(0);
    assert!(check.out.contains("+ models and migrations"), "{check}");
    // A database from nothing gets the same.
    let new = ServerDatabase::new("adopt_new");
    let _ = project.limbeck(&["--database-url", new.url(), "upgrade"]).code(0);
    assert_eq!(dump(&new), before);
    assert_eq!(new.run("select email from account"), "root@example.com\n");
    // From here on a change is one of the models, on the old database and on a new one.
    let field = "    /// What it costs.\n";
    let more = "    /// A word for its address.\n    #[column(length = 40, index)]\n    pub slug: Option<String>,\n";
    project.write("db/src/models.rs", &MODELS.replace(field, &format!("{more}{field}")));
    let _ = project.limbeck(&["revision", "-m", "slugs", "--apply"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    let _ = project.limbeck(&["--database-url", new.url(), "upgrade"]).code(0);
    assert!(dump(&old).contains("slug character varying(40)") && dump(&old) != before);
    assert_eq!(dump(&new), dump(&old));
    let from_zero = ServerDatabase::new("adopt_zero");
    let _ = project.limbeck(&["--database-url", from_zero.url(), "upgrade"]).code(0);
    assert_eq!(dump(&from_zero), dump(&old));
}

#[test]
fn a_database_without_any_migrations() {
    let old = ServerDatabase::new("adopt_plain");
    old.run("create table account (id bigserial primary key, email text not null unique, role text not null)");
    let models =
        MODELS.replace("    #[column(default = \"member\")]\n    pub role: Role,\n", "    pub role: String,\n");
    let models = models[..models.find("/// What somebody may do.").expect("an enum")].to_owned();
    let project = started("adopt-plain", "postgres", &models).database(old.url());
    let before = dump(&old);
    let _ = project.limbeck(&["baseline"]).code(0);
    insta::assert_snapshot!("plain_module", project.module("baseline"));
    let _ = project.limbeck(&["check"]).code(0);
    assert_eq!(dump(&old), before);
    insta::assert_snapshot!("twice", stable(&project, &old, &["baseline"]));
    // The next change of the models is one.
    project.write(
        "db/src/models.rs",
        &models.replace(
            "    pub role: String,\n",
            "    pub role: String,\n    /// How to call.\n    pub phone: Option<String>,\n",
        ),
    );
    let _ = project.limbeck(&["revision", "-m", "phones", "--apply"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    let new = ServerDatabase::new("adopt_plain_new");
    let _ = project.limbeck(&["--database-url", new.url(), "upgrade"]).code(0);
    assert_eq!(dump(&new), dump(&old));
}

#[test]
fn half_of_the_files_is_too_little() {
    let old = ServerDatabase::new("adopt_half");
    let project = project("adopt-half").database(old.url());
    old.run("create table _sqlx_migrations (version bigint primary key, description text not null, installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null, execution_time bigint not null); insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (1, 'account', true, '', 0)");
    insta::assert_snapshot!("half", stable(&project, &old, &["baseline", "--sql", "migrations"]));
}

const SMALL: &str = "//! Models.

/// Somebody.
#[derive(limbeck::Table)]
pub struct Account {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// Where to write to.
    pub email: String,
}
";

#[test]
fn folders_of_refinery_and_diesel() {
    const FIRST: &str = "CREATE TABLE account (\n    id bigint NOT NULL PRIMARY KEY\n);\n";
    const SECOND: &str = "ALTER TABLE account ADD COLUMN email text NOT NULL DEFAULT 'none';\nALTER TABLE account ALTER COLUMN email DROP DEFAULT;\n";
    let refinery = "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));
        INSERT INTO refinery_schema_history VALUES (1, 'account', '', ''), (2, 'email', '', '')";
    let diesel = "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
        INSERT INTO __diesel_schema_migrations (version) VALUES ('20240101120000'), ('20240102120000')";
    for (tool, files, bookkeeping) in [
        ("refinery", ["V1__account.sql", "V2__email.sql"], refinery),
        ("diesel", ["2024-01-01-120000_account/up.sql", "2024-01-02-120000_email/up.sql"], diesel),
    ] {
        let old = ServerDatabase::new(&format!("adopt_{tool}"));
        old.run(&format!("{FIRST}{SECOND}{bookkeeping}"));
        let project = started(&format!("adopt-{tool}"), "postgres", SMALL).database(old.url());
        project.write(&format!("migrations/{}", files[0]), FIRST);
        project.write(&format!("migrations/{}", files[1]), SECOND);
        let _ = project.limbeck(&["baseline", "--sql", "migrations"]).code(0);
        let check = project.limbeck(&["check"]).code(0);
        assert!(check.out.contains("+ migrations and history"), "{tool}: {check}");
        let new = ServerDatabase::new(&format!("adopt_{tool}_new"));
        let _ = project.limbeck(&["--database-url", new.url(), "upgrade"]).code(0);
        let accounts = |dump: String| {
            let parts = dump.split("\n\n").map(str::trim).filter(|part| part.contains("account")).map(str::to_owned);
            parts.collect::<Vec<_>>()
        };
        assert_eq!(accounts(dump(&new)), accounts(dump(&old)), "{tool}");
    }
}

/// What a command prints, the same whatever the server.
fn stable(project: &Project, database: &ServerDatabase, arguments: &[&str]) -> String {
    let outcome = project.limbeck(arguments).timeless().to_string();
    let place = database.url().rsplit('@').next().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    let id = outcome.split("mDATE_").nth(1).map(|rest| rest[..8].to_owned()).unwrap_or_else(|| "no id".to_owned());
    outcome.replace(&place, "SERVER").replace(&id, "ID")
}
