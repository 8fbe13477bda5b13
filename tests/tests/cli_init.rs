//! `init` in every shape of project: everything compiles afterwards, and `cargo run` still runs the app.

use std::process::Command;

use limbeck_tests::project::Project;

const HELLO: &str = "fn main() {\n    println!(\"hello\");\n}\n";

fn package(name: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}")
}

/// The app runs as before, the host builds, and the command line knows it.
fn works(project: &Project, run_in: &str, host: &str) {
    let mut run = Command::new(env!("CARGO"));
    run.args(["run", "--quiet"]);
    let ran = project.run(run, run_in).code(0);
    assert_eq!(ran.out, "hello\n", "{ran}");
    let _ = project.cargo(&["check", "--quiet", "--workspace", "--all-targets"]).code(0);
    let help = project.limbeck(&["-p", host, "--version"]).code(0);
    assert!(help.out.starts_with("limbeck "), "{help}");
    let _ = project.cargo(&["build", "--quiet", "-p", host, "--features", "cli"]).code(0);
}

/// An error, and not a file touched.
fn refused(project: &Project, folder: &str, arguments: &[&str], code: i32) -> String {
    let before = project.files();
    let outcome = project.init(folder, arguments).code(code);
    assert_eq!(project.files(), before, "{outcome}");
    assert_eq!(outcome.out, "", "nothing was written, and nothing says so");
    outcome.err
}

#[test]
fn a_package_with_a_binary_only() {
    let project =
        Project::new(&[("Cargo.toml", &package("shape-bin", "\n# kept\n[dependencies]\n")), ("src/main.rs", HELLO)]);
    let outcome = project.init("", &["--database", "sqlite"]).code(0);
    insta::assert_snapshot!(outcome);
    insta::assert_snapshot!("a_package_with_a_binary_only_manifest", project.read("Cargo.toml"));
    works(&project, "", "shape-bin-db");
    // Once more is an error that changes nothing.
    insta::assert_snapshot!("twice", refused(&project, "", &["--database", "sqlite"], 2));
}

#[test]
fn a_virtual_workspace_keeps_its_formatting_and_its_default_binary() {
    let project = Project::new(&[
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\n    \"crates/app\", # the app\n    \"crates/lib\",\n]\n",
        ),
        ("crates/app/Cargo.toml", &package("shape-virtual", "")),
        ("crates/app/src/main.rs", HELLO),
        ("crates/lib/Cargo.toml", &package("shape-virtual-lib", "")),
        ("crates/lib/src/lib.rs", "//! A library.\n"),
    ]);
    // The only package with a binary is the app.
    let _ = project.init("", &["--database", "sqlite"]).code(0);
    insta::assert_snapshot!("virtual_root", project.read("Cargo.toml"));
    insta::assert_snapshot!("virtual_app", project.read("crates/app/Cargo.toml"));
    works(&project, "", "shape-virtual-db");
}

#[test]
fn a_rooted_workspace_and_a_nested_package() {
    let project = Project::new(&[
        ("Cargo.toml", &package("shape-root", "\n[workspace]\nmembers = [\"crates/*\"]\n")),
        ("src/main.rs", "fn main() {\n    println!(\"root\");\n}\n"),
        ("crates/app/Cargo.toml", &package("shape-nested", "")),
        ("crates/app/src/main.rs", HELLO),
    ]);
    let _ = project.init("crates/app/src", &["--database", "sqlite", "--path", "crates/store"]).code(0);
    let root = project.read("Cargo.toml");
    assert!(root.contains("members = [\"crates/*\"]"), "the pattern covers it: {root}");
    assert!(project.read("crates/app/Cargo.toml").contains("shape-nested-db = { path = \"../store\" }"));
    works(&project, "crates/app", "shape-nested-db");
    let root = project.cargo(&["run", "--quiet"]).code(0);
    assert_eq!(root.out, "root\n");
}

#[test]
fn in_place_in_a_library_of_another_name_with_a_binary() {
    let project = Project::new(&[
        ("Cargo.toml", &package("shape-place", "\n[lib]\nname = \"other_name\"\npath = \"code/lib.rs\"\n")),
        (
            "code/lib.rs",
            "//! A library.\n#![deny(missing_docs)]\n\n/// Greets.\npub fn hello() -> &'static str {\n    \"hello\"\n}\n",
        ),
        ("src/main.rs", "fn main() {\n    println!(\"{}\", other_name::hello());\n}\n"),
    ]);
    let outcome = project.init("", &["--database", "postgres,sqlite", "--in-place"]).code(0);
    insta::assert_snapshot!(outcome);
    insta::assert_snapshot!(
        "in_place_manifest",
        project.read("Cargo.toml").replace(&*limbeck_tests::project::source().to_string_lossy(), "LIMBECK")
    );
    insta::assert_snapshot!("in_place_library", project.read("code/lib.rs"));
    works(&project, "", "shape-place");
    insta::assert_snapshot!("in_place_twice", refused(&project, "", &["--in-place"], 2));
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    let bin = Project::new(&[("Cargo.toml", &package("shape-refused", "")), ("src/main.rs", HELLO)]);
    insta::assert_snapshot!("no_library", refused(&bin, "", &["--in-place", "--database", "sqlite"], 2));
    insta::assert_snapshot!("no_database", refused(&bin, "", &[], 3));
    insta::assert_snapshot!("outside", refused(&bin, "", &["--path", "../db", "--database", "sqlite"], 2));
    insta::assert_snapshot!("no_package", refused(&bin, "", &["-p", "nobody", "--database", "sqlite"], 2));
    bin.write("db/notes", "mine");
    insta::assert_snapshot!("occupied", refused(&bin, "", &["--database", "sqlite"], 2));

    let two = Project::new(&[
        ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\"]\n"),
        ("one/Cargo.toml", &package("shape-one", "")),
        ("one/src/main.rs", HELLO),
        ("two/Cargo.toml", &package("shape-two", "")),
        ("two/src/main.rs", HELLO),
    ]);
    insta::assert_snapshot!("which_package", refused(&two, "", &["--database", "sqlite"], 3));

    let nothing = Project::new(&[]);
    insta::assert_snapshot!("no_project", refused(&nothing, "", &["--database", "sqlite"], 2));
}

#[test]
fn what_cargo_cannot_read_afterwards_is_put_back() {
    let project = Project::new(&[("Cargo.toml", &package("shape-undone", "")), ("src/main.rs", HELLO)]);
    insta::assert_snapshot!("undone", refused(&project, "", &["--database", "sqlite", "--name", "not a name"], 2));
}
