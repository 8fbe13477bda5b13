//! `limbeck.lock`: a release build with a model that no migration covers does not compile.

use std::process::Command;

use limbeck_tests::project::{Outcome, Project, source};

const MODELS: &str = r#"//! The models.

/// A role.
#[derive(limbeck::Enum)]
#[sqlx(rename_all = "snake_case")]
pub enum Role {
    /// All rights.
    Owner,
    /// Some.
    Member,
}

/// What is known of a change.
#[derive(limbeck::Columns)]
pub struct Trace {
    /// Who did it.
    #[column(references = Account::id)]
    pub by: Option<i64>,
}

/// An account.
#[derive(limbeck::Table)]
pub struct Account {
    /// The key.
    #[column(primary_key)]
    pub id: i64,
    /// The role.
    pub role: Role,
    /// Where it comes from.
    #[column(flatten)]
    pub trace: Trace,
}
"#;

/// Writes `limbeck.lock`, as the command line does.
const WRITE: &str = r#"//! Writes the lock.
limbeck::models!(drift_models);

fn main() {
    let texts = limbeck::lock::texts(&limbeck::registry::Registry::all());
    std::fs::write("models/limbeck.lock", &texts["drift-models"]).unwrap();
}
"#;

/// Two crates with models and a program that writes the file. Packages have names that no other project has.
fn project(name: &str) -> Project {
    let limbeck = source().join("runtime");
    let limbeck = format!("limbeck = {{ path = {limbeck:?}, default-features = false, features = [\"derive\"] }}");
    let manifest = |name: &str, more: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{limbeck}\n{more}\n"
        )
    };
    let other = "//! Not touched.\n\n/// A thing.\n#[derive(limbeck::Table)]\npub struct Thing {\n    /// The key.\n    \
                 #[column(primary_key)]\n    pub id: i64,\n}\n";
    Project::new(&[
        ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"models\", \"other\", \"write\"]\n"),
        ("models/Cargo.toml", &manifest(&format!("{name}-models"), "")),
        ("models/src/lib.rs", MODELS),
        ("other/Cargo.toml", &manifest(&format!("{name}-other"), "")),
        ("other/src/lib.rs", other),
        (
            "write/Cargo.toml",
            &manifest(&format!("{name}-write"), &format!("{name}-models = {{ path = \"../models\" }}")),
        ),
        ("write/src/main.rs", WRITE),
    ])
}

fn lock(project: &Project) {
    let _ = project.cargo(&["run", "--quiet", "--offline", "--package", "drift-write"]).code(0);
}

fn check(project: &Project, arguments: &[&str]) -> Outcome {
    let mut all = vec!["check", "--offline", "--workspace", "--exclude", "*-write"];
    all.extend(arguments);
    project.cargo(&all)
}

fn passes(project: &Project) {
    let _ = check(project, &["--release"]).code(0);
}

/// Fails at the item whose line ends like this, with one message.
fn fails(project: &Project, item: &str, message: &str) {
    let outcome = check(project, &["--release"]).code(101);
    assert!(outcome.err.contains(message) && outcome.err.contains(item), "{outcome}");
    let errors = outcome.err.lines().filter(|line| line.starts_with("error")).count();
    assert_eq!(errors, 2, "one message, and cargo's that it could not compile: {outcome}");
    assert!(!outcome.err.contains("-other v0"), "only the crate whose file changed is built: {outcome}");
}

#[test]
fn a_release_build_ships_no_model_without_a_migration() {
    let project = project("drift");
    let change = |from, to| project.write("models/src/lib.rs", &MODELS.replacen(from, to, 1));

    // Without the file nothing is compared.
    passes(&project);
    lock(&project);
    let locked = project.read("models/limbeck.lock");
    let strict = ["clippy", "--release", "--offline", "--workspace", "--exclude", "*-write", "--"];
    let lints = ["-Dwarnings", "-Dclippy::pedantic", "-Dclippy::nursery", "-Dmissing_docs", "-Funsafe_code"];
    let _ = project.cargo(&[&strict[..], &lints[..]].concat()).code(0);
    // Cargo does not see that a file appeared.
    change("The models.", "Our models.");
    passes(&project);

    // The model changes: a release build says so, another does not, and going back or migrating makes it pass.
    change("pub role: Role", "pub role: Option<Role>");
    let message = "the model `drift_models::Account` (table `account`) is not what the migrations make of it: write one \
                   with `cargo limbeck revision`, or set LIMBECK_DRIFT=off to build all the same";
    fails(&project, "pub struct Account", message);
    let _ = check(&project, &[]).code(0);
    change("", "");
    passes(&project);
    change("pub role: Role", "pub role: Option<Role>");
    fails(&project, "pub struct Account", message);
    let mut command = Command::new(env!("CARGO"));
    command.args(["check", "--offline", "--release", "--package", "drift-models"]).env("LIMBECK_DRIFT", "off");
    let _ = project.run(command, "").code(0);
    fails(&project, "pub struct Account", message);
    lock(&project);
    passes(&project);

    // The file changes, and the model does not: the crate is built anew.
    project.write("models/limbeck.lock", &locked);
    fails(&project, "pub struct Account", message);
    change("", "");
    passes(&project);

    // What is flattened counts, and what is referred to, and enums.
    change("pub by: Option<i64>", "#[column(name = \"who\")] pub by: Option<i64>");
    fails(&project, "pub struct Account", message);
    change("#[column(primary_key)]", "#[column(primary_key, name = \"key\")]");
    fails(&project, "pub struct Account", message);
    change("    Member,", "    Guest,");
    fails(
        &project,
        "pub enum Role",
        "the enum `drift_models::Role` (type `role`) is not what the migrations make of it",
    );
    let moved = MODELS.replace("    /// The role.\n    pub role: Role,\n", "");
    project.write(
        "models/src/lib.rs",
        &moved.replace("pub trace: Trace,", "pub trace: Trace,\n    /// It.\n    pub role: Role,"),
    );
    passes(&project);
    let letter = "/// A letter.\n#[derive(limbeck::Table)]\npub struct Letter {\n    /// The key.\n    \
                  #[column(primary_key)]\n    pub id: i64,\n}\n";
    project.write("models/src/lib.rs", &format!("{MODELS}\n{letter}"));
    fails(&project, "pub struct Letter", "the model `drift_models::Letter` (table `letter`) is in no migration");
}

#[test]
fn the_file_and_the_setting_can_be_wrong() {
    let project = project("marks");
    passes(&project);
    // Cargo does not see that a file appeared.
    project.write("models/src/lib.rs", &format!("{MODELS}\n"));
    project.write(
        "models/limbeck.lock",
        "<<<<<<< ours\ntable account v1 1\n=======\ntable account v1 2\n>>>>>>> theirs\n",
    );
    fails(
        &project,
        "pub enum Role",
        "limbeck.lock has the marks of a git conflict in line 1: resolve the migrations first, and then write it anew with `cargo limbeck lock`",
    );
    let _ = check(&project, &[]).code(0);
    project.write("models/limbeck.lock", "table account v1 1\n");
    project.write("models/limbeck.toml", "drift = \"never\"\n");
    fails(&project, "pub enum Role", "`drift` in limbeck.toml is \"never\"; it is `release`, `always` or `off`");
    project.write("models/limbeck.toml", "drift = \"off\"\n");
    passes(&project);
    project.write("models/src/lib.rs", MODELS);
    let _ = check(&project, &[]).code(0);
    project.write("models/limbeck.toml", "drift = \"always\"\n");
    let outcome = check(&project, &[]).code(101);
    assert!(outcome.err.contains("is not what the migrations make of it"), "{outcome}");
}
