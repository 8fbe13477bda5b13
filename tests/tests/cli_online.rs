//! What is made while others write: an index beside the table's readers and writers, a constraint whose rows are looked
//! at later.

use limbeck_tests::project::{Project, started};
use limbeck_tests::server::ServerDatabase;

const MODELS: &str = r#"//! Models.

/// Somebody.
#[derive(limbeck::Table)]
pub struct Account {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// Where mail goes.
    pub email: String,
}
"#;

/// What the database says of an index: its definition, and whether it is whole.
fn index(database: &ServerDatabase) -> String {
    let asked = "select pg_get_indexdef(indexrelid), indisvalid from pg_index where indrelid = 'account'::regclass \
                 and not indisprimary";
    database.run(asked).trim().to_owned()
}

fn say(project: &Project, message: &str, way: &str, steps: &str) {
    let path = project.module_path(message);
    let module = project.read(&path);
    let open = format!("pub fn {way}(_: &mut Migration) {{}}");
    assert!(module.contains(&open), "{module}");
    project.write(&path, &module.replace(&open, &format!("pub fn {way}(m: &mut Migration) {{\n    {steps}\n}}")));
}

#[test]
fn an_index_is_built_beside_those_who_write() {
    let database = ServerDatabase::new("cli_online");
    let project = started("online", "postgres", MODELS).database(database.url());
    let _ = project.limbeck(&["revision", "-m", "accounts", "--apply"]).code(0);
    database.run("insert into account values (1, 'ann@example.org'), (2, 'ann@example.org')");
    let unique = "#[derive(limbeck::Table)]\n#[table(unique(email; concurrently))]";
    project.write("db/src/models.rs", &MODELS.replace("#[derive(limbeck::Table)]", unique));
    let _ = project.limbeck(&["revision", "-m", "one mail each"]).code(0);
    let module = project.module("one_mail_each");
    assert!(module.contains(".concurrently()"), "{module}");

    // Rows are in the way, and that is told before anything is done.
    let failed = project.limbeck(&["upgrade"]).code(2).err;
    assert!(failed.contains("values that rows of account share in email: 1, such as ann@example.org"), "{failed}");
    assert_eq!(index(&database), "");
    // As if they had come after that look: what the server leaves behind is no index, and the run goes on when the rows are mended.
    let (head, rest) = module.split_once("    m.assert_none(").expect("an assertion");
    let (_, rest) = rest.split_once(");\n").expect("its end");
    project.write(&project.module_path("one_mail_each"), &format!("{head}{rest}"));
    let failed = project.limbeck(&["upgrade"]).code(2).timeless().err;
    assert!(failed.contains("could not create unique index"), "{failed}");
    assert!(index(&database).ends_with("|f"), "{}", index(&database));
    database.run("delete from account where id = 2");
    let _ = project.limbeck(&["upgrade"]).code(0);
    let built = "CREATE UNIQUE INDEX account_email_idx ON public.account USING btree (email)|t";
    assert_eq!(index(&database), built);
    let _ = project.limbeck(&["check"]).code(0);

    // The same by hand: an invalid index counts as absent, and gives way.
    let _ = project.limbeck(&["downgrade", "-1"]).code(0);
    assert_eq!(index(&database), "");
    database.run("insert into account values (2, 'ann@example.org')");
    let by_hand = "create unique index concurrently account_email_idx on account (email)";
    let psql = std::process::Command::new("psql").args(["-X", "-q", "-d", database.url(), "-c", by_hand]).output();
    assert!(!psql.expect("psql runs").status.success(), "the rows are not unique");
    assert!(index(&database).ends_with("|f"), "{}", index(&database));
    database.run("delete from account where id = 2");
    let _ = project.limbeck(&["upgrade"]).code(0);
    assert_eq!(index(&database), built);
    let _ = project.limbeck(&["check"]).code(0);

    // A check that looks at the rows later.
    let checked = unique.replace("concurrently)", "concurrently), check(\"length(email) > 2\"; name = \"long\")");
    project.write("db/src/models.rs", &MODELS.replace("#[derive(limbeck::Table)]", &checked));
    let _ = project.limbeck(&["revision", "--empty", "-m", "later"]).code(0);
    say(&project, "later", "up", "m.create_check(\"account\", \"length(email) > 2\").named(\"long\").not_valid();");
    say(&project, "later", "down", "m.drop_check(\"account\", by_name(\"long\"));");
    let _ = project.limbeck(&["revision", "--empty", "--offline", "-m", "now"]).code(0);
    say(&project, "now", "up", "m.validate_constraint(\"account\", \"long\");");
    let valid = || database.run("select convalidated from pg_constraint where conname = 'long'");
    let _ = project.limbeck(&["upgrade", "+1"]).code(0);
    assert_eq!(valid().trim(), "f");
    let plan = project.limbeck(&["upgrade", "--plan"]).code(0).out;
    assert!(plan.contains("ALTER TABLE account VALIDATE CONSTRAINT long"), "{plan}");
    let _ = project.limbeck(&["upgrade"]).code(0);
    assert_eq!(valid().trim(), "t");
    let _ = project.limbeck(&["check"]).code(0);
}
