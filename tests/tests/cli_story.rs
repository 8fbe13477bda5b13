//! A project's life on SQLite: from `init` to the way back, and a query on a column that is not there yet.

use limbeck_tests::project::{Project, started};

const FIRST: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
#[table(index(title), check("length(title) > 0"))]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
}
"#;

const SECOND: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
#[table(index(title), check("length(title) > 0"))]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
    /// The rest.
    pub body: Option<String>,
}
"#;

fn modules(project: &Project) -> Vec<String> {
    let files = project.files();
    files.into_keys().filter(|path| path.contains("migrations/m2")).collect()
}

#[test]
fn from_nothing_to_tables_and_back() {
    let project = started("story", "sqlite", FIRST).sqlite();
    insta::assert_snapshot!("1_revision", project.limbeck(&["revision", "-m", "First tables"]).code(0).timeless());
    let written = modules(&project);
    insta::assert_snapshot!("1_module", project.read(&written[0]));
    insta::assert_snapshot!("1_list", limbeck_tests::project::undated(&project.read("db/src/migrations/mod.rs")));
    insta::assert_snapshot!("1_heads", project.read("db/src/migrations/heads"));
    // Written and not yet run: nothing new is planned on top of it.
    let before = project.files();
    insta::assert_snapshot!("2_behind", project.limbeck(&["revision", "-m", "again"]).code(2).timeless());
    insta::assert_snapshot!("2_check", project.limbeck(&["check"]).code(1).timeless());
    assert_eq!(project.files(), before);
    insta::assert_snapshot!("3_upgrade", project.limbeck(&["upgrade"]).code(0).timeless());
    insta::assert_snapshot!("3_again", project.limbeck(&["upgrade"]).code(0).timeless());
    insta::assert_snapshot!("3_check", project.limbeck(&["check"]).code(0).timeless());
    insta::assert_snapshot!("3_nothing", project.limbeck(&["revision", "-m", "again"]).code(0).timeless());
    assert_eq!(project.files(), before, "there was nothing to write");
    insta::assert_snapshot!("4_current", project.limbeck(&["current"]).code(0).timeless());

    project.write("db/src/models.rs", SECOND);
    insta::assert_snapshot!("5_check", project.limbeck(&["check"]).code(1).timeless());
    insta::assert_snapshot!("5_revision", project.limbeck(&["revision", "-m", "bodies"]).code(0).timeless());
    insta::assert_snapshot!("5_upgrade", project.limbeck(&["upgrade"]).code(0).timeless());
    insta::assert_snapshot!("6_history", project.limbeck(&["history"]).code(0).timeless());
    insta::assert_snapshot!("7_down", project.limbeck(&["downgrade", "-1"]).code(0).timeless());
    insta::assert_snapshot!("7_base", project.limbeck(&["downgrade", "base"]).code(0).timeless());
    insta::assert_snapshot!("7_current", project.limbeck(&["current"]).code(0).timeless());
    let _ = project.limbeck(&["upgrade", "head"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    // What was generated is clean under the lints that people turn on.
    let clippy =
        ["clippy", "--quiet", "-p", "story-db", "--all-targets", "--", "-W", "clippy::pedantic", "-W", "missing_docs"];
    let _ = project.cargo(&clippy).code(0);
}

#[test]
fn a_query_on_a_column_that_is_not_there_yet() {
    let project = started("story-query", "sqlite", FIRST).sqlite();
    let _ = project.limbeck(&["revision", "-m", "First tables"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let manifest = project.read("Cargo.toml").replace(
        "[dependencies]\n",
        "[dependencies]\nsqlx = { version = \"0.9\", default-features = false, features = [\"runtime-tokio\", \"sqlite-bundled\", \"macros\"] }\n",
    );
    project.write("Cargo.toml", &manifest);
    project.write("db/src/models.rs", SECOND);
    project.write(
        "src/main.rs",
        "fn main() {\n    let _ = sqlx::query!(\"select body from note\");\n    println!(\"hello\");\n}\n",
    );
    let broken = project.cargo(&["check", "--quiet"]).code(101);
    assert!(broken.err.contains("body"), "{broken}");
    let _ = project.limbeck(&["revision", "-m", "bodies"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    assert_eq!(project.cargo(&["run", "--quiet"]).code(0).out, "hello\n");
}
