//! One history for PostgreSQL and SQLite: every revision is planned and proved on both.

use limbeck_tests::project::started;
use limbeck_tests::server::ServerDatabase;

const BEFORE: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
    /// How often it was read.
    #[column(default = 0)]
    pub reads: i32,
}
"#;

/// Integers are all one to SQLite, and the new column is one to both.
fn wider() -> String {
    BEFORE.replace("pub reads: i32,\n", "pub reads: i64,\n    /// What it is.\n    pub kind: Option<String>,\n")
}

#[test]
fn a_revision_is_planned_and_proved_on_both() {
    let server = ServerDatabase::new("cli_everywhere");
    let project = started("everywhere", "postgres,sqlite", BEFORE).sqlite();
    let toml = project.read("db/limbeck.toml");
    let listed = format!("{toml}scratch_url = \"{}\"\n", server.url());
    let told = |arguments: &[&str], code: i32| {
        let outcome = project.limbeck(arguments).code(code).timeless().to_string();
        outcome.replace(server.url(), "SERVER").replace(&server.url().replacen("postgresql", "postgres", 1), "SERVER")
    };
    let on_server = |arguments: &[&str], code: i32| {
        let all: Vec<&str> = ["--database-url", server.url()].into_iter().chain(arguments.iter().copied()).collect();
        project.limbeck(&all).code(code)
    };

    // Without a server to try it on, that is said.
    insta::assert_snapshot!("nowhere", told(&["revision", "-m", "notes"], 0));
    let module = project.module("notes");
    insta::assert_snapshot!("nowhere_module", module);
    project.write("db/limbeck.toml", &listed);
    insta::assert_snapshot!("anew", told(&["revision", "--amend", "--apply"], 0));
    assert!(!project.module("notes").contains("Not proved"));
    let _ = on_server(&["upgrade"], 0);

    // What one of them cannot tell apart is a change all the same, whichever is at hand.
    project.write("db/src/models.rs", &wider());
    insta::assert_snapshot!("ahead", told(&["check"], 1));
    insta::assert_snapshot!("wider", told(&["revision", "-m", "wider", "--down-may-fail", "note.reads"], 0));
    let module = project.module("wider");
    insta::assert_snapshot!("wider_module", module);
    let id = module.split('"').nth(1).expect("an id").to_owned();
    let _ = project.limbeck(&["remove", &id]).code(0);
    let _ = on_server(&["revision", "-m", "wider", "--down-may-fail", "note.reads"], 0);
    assert_eq!(project.module("wider"), module, "the same file, whichever database is at hand");
    for at_hand in [false, true] {
        let run = |arguments: &[&str]| {
            if at_hand {
                let _ = on_server(arguments, 0);
            } else {
                let _ = project.limbeck(arguments).code(0);
            }
        };
        for arguments in [["upgrade"].as_slice(), &["check"], &["downgrade", "-1"], &["upgrade"]] {
            run(arguments);
        }
    }
    let of_server = "select data_type from information_schema.columns where column_name = 'reads'";
    assert_eq!(server.run(of_server).trim(), "bigint");

    // What one database has alone, it alone loses.
    let _ = project.limbeck(&["revision", "--empty", "-m", "by kind"]).code(0);
    let path = project.module_path("by_kind");
    let text = project.read(&path);
    let (head, _) = text.split_once("pub fn up(").expect("there is a way up");
    let only = |way: &str, step: &str| {
        format!(
            "pub fn {way}(m: &mut Migration) {{\n    m.only(Database(\"sqlite\"), |m| {{\n        {step}\n    }});\n}}\n"
        )
    };
    let up = only("up", "m.create_index(\"note\", [\"kind\"]).named(\"by_kind\");");
    let down = only("down", "m.drop_index(\"note\", by_name(\"by_kind\"));");
    project.write(&path, &format!("{head}{up}\n{down}"));
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = on_server(&["upgrade"], 0);
    insta::assert_snapshot!("only", told(&["revision", "-m", "no index"], 0));
    insta::assert_snapshot!("only_module", project.module("no_index"));
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = on_server(&["upgrade"], 0);
    let _ = project.limbeck(&["check"]).code(0);
    let _ = on_server(&["check"], 0);

    // A word that only one of them knows is found before the file is there.
    project.sql("INSERT INTO note (title) VALUES ('one')");
    let kind = "pub kind: Option<String>,\n";
    let day = format!("{kind}    /// When.\n    pub day: String,\n");
    project.write("db/src/models.rs", &wider().replace(kind, &day));
    let files = project.files();
    let backfill = ["revision", "-m", "days", "--backfill", "note.day=strftime('%Y', 'now')"];
    insta::assert_snapshot!("one_knows", told(&backfill, 2));
    assert_eq!(project.files(), files, "nothing was written");
    let _ = project.limbeck(&["revision", "-m", "days", "--backfill", "note.day='today'", "--apply"]).code(0);

    insta::assert_snapshot!("verify", told(&["verify"], 0));
    project.write("db/limbeck.toml", &toml);
    insta::assert_snapshot!("verify_one", told(&["verify"], 0));
}

#[test]
fn a_group_has_a_database_of_its_own() {
    let project = started("grouped", "sqlite", "//! Models.\n").sqlite();
    let of = |name: &str, attribute: &str| {
        format!(
            "/// One.\n#[derive(limbeck::Table)]\n{attribute}pub struct {name} {{\n    /// Its number.\n    \
             #[column(primary_key)]\n    pub id: i64,\n}}\n"
        )
    };
    let models = of("Bill", "#[table(group = \"billing\")]\n") + &of("Person", "");
    project.write("db/src/models.rs", &format!("//! Models.\n\n{models}"));
    let toml = project.read("db/limbeck.toml");
    project.write("db/limbeck.toml", &format!("group = \"billing\"\n{toml}"));
    let _ = project.limbeck(&["revision", "-m", "bills"]).code(0);
    let module = project.module("bills");
    assert!(module.contains("group: \"billing\",") && !module.contains("person"), "{module}");
    let lock = project.read("db/limbeck.lock");
    assert!(lock.contains("table bill v1") && !lock.contains("person"), "nobody has migrated the others: {lock}");
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    let _ = project.limbeck(&["verify"]).code(0);
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('bill', 'person')";
    assert_eq!(project.rows(tables), ["bill"]);
}
