//! Migrations that move data.

use std::process::Command;

use limbeck_tests::project::{Project, started};
use limbeck_tests::server::ServerDatabase;

const MODELS: &str = r#"//! Models.

/// What somebody may do.
#[derive(limbeck::Enum)]
#[db_enum(rename_all = "snake_case")]
pub enum Role {
    /// All.
    Owner,
    /// Some.
    TeamMember,
}

/// Somebody.
#[derive(limbeck::Table)]
pub struct Account {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// Where mail goes.
    pub email: String,
    /// What it may do.
    #[column(default = "team_member")]
    pub role: Role,
    /// Whose guest it is.
    #[column(name = "type")]
    pub kind: Option<String>,
}
"#;

/// Code for the `up` of the module, on one database: every address in lower case, by way of the rows.
fn code(database: &str) -> String {
    format!(
        r#"    m.run(|connection| {{
        Box::pin(async move {{
            let Connection::{database}(connection) = connection else {{ return Ok(()) }};
            let rows: Vec<Account> = sqlx::query_as("SELECT * FROM account").fetch_all(&mut *connection).await?;
            for Account {{ id, email, .. }} in rows {{
                let lower = sqlx::query("UPDATE account SET email = $1 WHERE id = $2");
                lower.bind(email.to_lowercase()).bind(id).execute(&mut *connection).await?;
            }}
            Ok(())
        }})
    }});
"#
    )
}

/// Rows that a migration's code knows are those of its time: a model that loses a field later does not break it.
fn rows_are_frozen(project: &Project, database: &str, run: &dyn Fn(&str) -> String) -> (String, String) {
    let _ = project.limbeck(&["revision", "-m", "accounts"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    run("insert into account (id, email) values (1, 'Ann@Example.org')");
    let unknown = project.limbeck(&["revision", "--empty", "-m", "tidy", "--rows", "acount"]).code(2).timeless().err;
    let said = project.limbeck(&["revision", "--empty", "-m", "lower case", "--rows", "account"]).code(0).out;
    assert!(said.contains("cargo add sqlx@0.9 --no-default-features --features derive"), "{said}");
    let manifest = project.read("db/Cargo.toml");
    let sqlx = "[dependencies]\nsqlx = { version = \"0.9\", default-features = false, features = [\"derive\"] }\n";
    project.write("db/Cargo.toml", &manifest.replace("[dependencies]\n", sqlx));
    let path = project.module_path("lower_case");
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024", &path]);
    let _ = project.run(rustfmt, "").code(0);
    let module = project.read(&path);
    let filled = module
        .replace("pub fn up(_: &mut Migration) {}", &format!("pub fn up(m: &mut Migration) {{\n{}}}", code(database)));
    project.write(&path, &filled);
    let silent = project.limbeck(&["upgrade"]).code(2).timeless().err;
    assert!(silent.contains("`up` only moves data and `down` is empty"), "{silent}");
    assert!(project.limbeck(&["check", "--offline"]).code(2).err.contains("`down` is empty"));
    let said = "pub fn down(m: &mut Migration) {\n    m.nothing(\"lower case is as good\");\n}";
    project.write(&path, &filled.replace("pub fn down(_: &mut Migration) {}", said));
    let _ = project.limbeck(&["upgrade"]).code(0);
    assert_eq!(run("select email from account").trim(), "ann@example.org");
    // The model goes on; the migration stays what it was.
    project.write("db/src/models.rs", &MODELS.replace("    /// Where mail goes.\n    pub email: String,\n", ""));
    let _ = project.limbeck(&["revision", "-m", "no mail", "--lose", "all", "--irreversible"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    (module, unknown)
}

#[test]
fn rows_are_frozen_on_sqlite() {
    let project = started("data", "sqlite", MODELS).sqlite();
    let run = |sql: &str| project.rows(sql).join("\n");
    // A crate with rules of its own: what is derived and generated keeps them.
    project.write("rustfmt.toml", "hard_tabs = true\nmax_width = 70\n");
    let (module, unknown) = rows_are_frozen(&project, "Sqlite", &run);
    let lints = ["-Dwarnings", "-Dclippy::pedantic", "-Dmissing_docs", "-Funsafe_code"];
    let clippy = ["clippy", "--quiet", "-p", "data-db", "--all-targets", "--all-features", "--"];
    let _ = project.cargo(&[&clippy[..], &lints[..]].concat()).code(0);
    insta::assert_snapshot!("module_sqlite", module);
    insta::assert_snapshot!("unknown_table", unknown);
}

#[test]
fn rows_are_frozen_on_postgres() {
    let database = ServerDatabase::new("cli_data");
    let project = started("datapg", "postgres", MODELS).database(database.url());
    let (module, _) = rows_are_frozen(&project, "Postgres", &|sql| database.run(sql));
    insta::assert_snapshot!("module_postgres", module);
}
