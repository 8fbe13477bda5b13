//! What can be wrong: each with the message that people see, and with proof that nothing was half done.

use std::process::Command;

use limbeck_tests::project::{Project, started};

const NOTE: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
}
"#;

/// Runs a command that must fail, and shows that neither a file nor the database changed.
fn refused(project: &Project, arguments: &[&str], code: i32) -> String {
    let (files, tables) = (project.files(), tables(project));
    let outcome = project.limbeck(arguments).code(code).timeless();
    assert_eq!(project.files(), files, "{outcome}");
    assert_eq!(self::tables(project), tables, "{outcome}");
    outcome.to_string()
}

/// What SQLite's own shell answers.
fn shell(project: &Project, sql: &str) -> String {
    let output = Command::new("sqlite3")
        .arg(project.path("app.db"))
        .arg(sql)
        .output()
        .unwrap_or_else(|e| panic!("the tests need `sqlite3` (Debian: apt-get install sqlite3): {e}"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Everything in the SQLite database but the bookkeeping.
fn tables(project: &Project) -> String {
    shell(project, "select sql from sqlite_schema where tbl_name not like 'limbeck%' and name not like 'sqlite%'")
}

#[test]
fn a_database_that_cannot_be_used() {
    let project = started("bad-url", "postgres,sqlite", NOTE).sqlite();
    for (name, url) in [
        ("unreachable", "postgres://me:s3cret@127.0.0.1:1/app"),
        ("scheme", "mysql://me:s3cret@localhost/app"),
        ("no_file", "sqlite:///nowhere/app.db"),
    ] {
        for command in [&["upgrade"][..], &["revision", "-m", "x"], &["current"]] {
            let text = refused(&project, &[command, &["--database-url", url]].concat(), 2);
            assert!(!text.contains("s3cret"), "{text}");
            insta::assert_snapshot!(format!("{name}_{}", command[0]), text);
        }
    }
    let nameless = started("bad-nothing", "sqlite", NOTE);
    insta::assert_snapshot!("no_url", refused(&nameless, &["upgrade"], 2));
}

#[test]
fn models_that_cannot_be_used() {
    let none = started("bad-none", "sqlite", "//! Models.\n").sqlite();
    insta::assert_snapshot!("no_models", refused(&none, &["revision", "-m", "x"], 2));
    let twice = NOTE.replace("//! Models.\n", "//! Models.\n\n/// Another.\n#[derive(limbeck::Table)]\n#[table(name = \"note\")]\npub struct Memo {\n    /// Its number.\n    #[column(primary_key)]\n    pub id: i64,\n}\n");
    let two = started("bad-two", "sqlite", &twice).sqlite();
    insta::assert_snapshot!("two_models", refused(&two, &["revision", "-m", "x"], 2));
}

#[test]
fn a_broken_migration_is_rolled_back_whole() {
    let project = started("bad-broken", "sqlite", NOTE).sqlite();
    let _ = project.limbeck(&["revision", "-m", "notes"]).code(0);
    let module = project.files().into_keys().find(|p| p.contains("migrations/m2")).unwrap_or_default();
    let text = project.read(&module);
    let broken = text.replacen("    });\n}\n", "    });\n    m.sql(\"insert into nowhere values (1)\");\n}\n", 1);
    assert_ne!(text, broken);
    project.write(&module, &broken);
    insta::assert_snapshot!("broken", refused(&project, &["upgrade"], 2));
    assert_eq!(shell(&project, "select count(*) from limbeck_history"), "0\n", "it is not taken for applied");
    project.write(&module, &text);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
}

#[test]
fn names_of_every_kind() {
    let long = "l".repeat(62);
    let models = format!(
        r#"//! Models.

/// Reserved.
#[derive(limbeck::Table)]
#[table(name = "order")]
pub struct Order {{
    /// Capitals, a space and a quote.
    #[column(primary_key, name = "The \"Id\"")]
    pub id: i64,
    /// Reserved.
    #[column(name = "select", unique)]
    pub choice: String,
    /// Long.
    #[column(index, name = "{long}")]
    pub other: i64,
}}

/// Long, and refers to the other.
#[derive(limbeck::Table)]
#[table(name = "{long}")]
pub struct Long {{
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// The other.
    #[column(references = Order::id, name = "Order Id")]
    pub order: i64,
}}
"#
    );
    let project = started("bad-names", "sqlite", &models).sqlite();
    let _ = project.limbeck(&["revision", "-m", "names"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    let _ = project.limbeck(&["downgrade", "base"]).code(0);
    assert!(!tables(&project).contains("order"), "{}", tables(&project));
}
