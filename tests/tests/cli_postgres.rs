//! A project's life on PostgreSQL, and the same one on both databases.

use limbeck_tests::project::{Project, started};
use limbeck_tests::server::ServerDatabase;

const MODELS: &str = r#"//! Models.

/// What a member may do.
#[derive(limbeck::Enum)]
#[db_enum(rename_all = "snake_case")]
pub enum Role {
    /// All.
    Owner,
    /// Read.
    Viewer,
}

/// Someone.
#[derive(limbeck::Table)]
#[table(index(email desc), check("length(email) > 2"))]
pub struct Account {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// Where mail goes.
    #[column(unique, length = 200)]
    pub email: String,
    /// What it may do.
    #[column(default = "viewer")]
    pub role: Role,
    /// Who let it in.
    #[column(references = Account::id, on_delete = set_null)]
    pub invited_by: Option<i64>,
}
"#;

fn grown() -> String {
    MODELS
        .replace("    Viewer,\n", "    Viewer,\n    /// Look around.\n    Guest,\n")
        .replace("    pub invited_by", "    #[column(index)]\n    pub invited_by")
}

/// Everything that is left in the database but its bookkeeping.
fn left(database: &ServerDatabase) -> String {
    database.run(
        "select 'table ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'S', 'v') and c.relname not like 'limbeck%'
         union all select 'type ' || t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
         where n.nspname = 'public' and t.typtype in ('e', 'd') order by 1",
    )
}

#[test]
fn from_nothing_to_tables_and_back() {
    let database = ServerDatabase::new("cli_story");
    let project = started("pgstory", "postgres", MODELS).database(database.url());
    let hide = |text: String| text.replace(&hidden(&database), "SERVER");
    insta::assert_snapshot!(
        "revision",
        hide(project.limbeck(&["revision", "-m", "first tables"]).code(0).timeless().out)
    );
    insta::assert_snapshot!("upgrade", hide(project.limbeck(&["upgrade"]).code(0).timeless().out));
    insta::assert_snapshot!("check", hide(project.limbeck(&["check"]).code(0).timeless().out));
    database.run("insert into account (email) values ('ann@example.org')");

    project.write("db/src/models.rs", &grown());
    insta::assert_snapshot!("check_ahead", hide(project.limbeck(&["check"]).code(1).timeless().out));
    let _ = project.limbeck(&["revision", "-m", "guests"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    assert_eq!(database.run("select email, role from account"), "ann@example.org|viewer\n");
    let _ = project.limbeck(&["downgrade", "-1"]).code(0);
    assert_eq!(database.run("select email, role from account"), "ann@example.org|viewer\n");
    let _ = project.limbeck(&["downgrade", "base"]).code(0);
    assert_eq!(left(&database), "");
}

#[test]
fn one_history_runs_on_both() {
    let database = ServerDatabase::new("cli_both");
    let project: Project = started("both", "postgres,sqlite", MODELS).sqlite();
    let _ = project.limbeck(&["revision", "-m", "first tables"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    // The next one is planned on the other database.
    let project = project.database(database.url());
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    project.write("db/src/models.rs", &grown());
    let _ = project.limbeck(&["revision", "-m", "guests"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    let project = project.sqlite();
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    let _ = project.limbeck(&["downgrade", "base"]).code(0);
    let project = project.database(database.url());
    let _ = project.limbeck(&["downgrade", "base"]).code(0);
    assert_eq!(left(&database), "");
}

/// A database's URL as people see it, without user and password.
fn hidden(database: &ServerDatabase) -> String {
    let url = database.url();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    let rest = rest.split('?').next().unwrap_or(rest);
    format!("{scheme}://{rest}")
}
