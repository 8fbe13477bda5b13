//! Models in several crates: they are found, foreign keys between them are checked, and what two places compile
//! counts once.

// A struct in a function is described and never made.
#![expect(dead_code, reason = "the structs are only described, never made")]

use std::path::Path;
use std::process::Command;

use limbeck::registry::{Registry, RegistryError};
use limbeck_tests::project::{Project, source};

/// Three crates: models, models that refer to them, and a program.
const CRATES: [(&str, &str, &str); 3] = [
    (
        "people",
        "",
        "#[derive(limbeck::ColumnType)] pub struct PersonId(pub i64);
         #[derive(limbeck::Table)] pub struct Person { #[column(primary_key)] id: PersonId, name: String }",
    ),
    (
        "letters",
        "people = { path = \"../people\" }",
        "#[derive(limbeck::Table)] pub struct Letter {
             #[column(primary_key)] id: i64,
             #[column(references = people::Person::id)] from_id: people::PersonId,
             #[column(references = people::Person::id)] to_id: i64,
         }",
    ),
    (
        "post",
        "people = { path = \"../people\" }\nletters = { path = \"../letters\" }",
        "limbeck::models!(people, letters);
         #[derive(limbeck::Table)] struct Stamp {
             #[column(primary_key, references = letters::Letter::id)] letter: i64,
             #[column(references = people::Person::REFERENCED)] by: TYPE,
         }
         fn main() {
             let schema = limbeck::registry::Registry::registered().schema().unwrap();
             let tables: Vec<String> = schema.tables.keys().map(ToString::to_string).collect();
             assert_eq!(tables, [\"letter\", \"person\", \"stamp\"]);
         }",
    ),
];

/// Builds the three crates and runs the program; what the compiler says, and whether all went well.
fn build(folder: &Path, referenced: &str, ty: &str) -> (String, bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let write = |path: &Path, text: String| {
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    };
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"people\", \"letters\", \"post\"]\n";
    write(&folder.join("Cargo.toml"), members.into());
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file can be copied");
    let limbeck = root.join("runtime");
    for (name, dependencies, code) in CRATES {
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             limbeck = {{ path = {limbeck:?}, default-features = false, features = [\"derive\"] }}\n{dependencies}\n"
        );
        let file = if name == "post" { "src/main.rs" } else { "src/lib.rs" };
        write(&folder.join(name).join("Cargo.toml"), manifest);
        write(&folder.join(name).join(file), code.replace("REFERENCED", referenced).replace("TYPE", ty));
    }
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--package", "post"])
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .current_dir(folder)
        .output()
        .expect("cargo runs");
    (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.success())
}

#[test]
fn foreign_keys_are_checked_across_crates() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let check = |referenced, ty| build(folder.path(), referenced, ty);
    let (text, ok) = check("id", "people::PersonId");
    assert!(ok, "{text}");
    for (referenced, ty, message) in [
        ("nmae", "i64", "no field `nmae`"),
        ("id", "String", "`by` is text, but `people::Person::id`, which it refers to, is bigint"),
        ("name", "String", "`people::Person::name` is not unique"),
    ] {
        let (text, ok) = check(referenced, ty);
        assert!(!ok && text.contains(message) && text.contains("post/src/main.rs:4"), "{text}");
        assert_eq!(text.matches("error[").count(), 1, "one mistake, one message: {text}");
    }
}

#[test]
fn two_structs_of_one_path_are_two_models() {
    fn one() -> Registry {
        #[derive(limbeck::Table)]
        #[table(group = "same path")]
        struct Parcel {
            #[column(primary_key)]
            id: i64,
        }
        Registry::default().table::<Parcel>().table::<Parcel>()
    }
    fn two(registry: Registry) -> Registry {
        #[derive(limbeck::Table)]
        #[table(group = "same path")]
        struct Parcel {
            #[column(primary_key)]
            id: i32,
        }
        registry.table::<Parcel>()
    }
    assert_eq!(one().tables().count(), 1);
    assert!(matches!(two(one()).schema(), Err(RegistryError::Twice { .. })));
    assert_eq!(Registry::registered_in(Some("same path")).tables().count(), 2);
    assert!(Registry::registered().is_empty() && Registry::all().tables().count() > 2);
}

#[test]
fn backfills_are_data() {
    #[derive(limbeck::Table)]
    #[table(group = "other")]
    struct Crate {
        #[column(primary_key)]
        id: i64,
        #[column(backfill = "length(label)", name = "size")]
        measure: i32,
    }
    let found = Registry::default().table::<Crate>().backfills();
    let found: Vec<_> = found.iter().map(|b| (b.table.to_string(), b.column.as_str(), b.expression.as_str())).collect();
    assert_eq!(found, [("crate".to_owned(), "size", "length(label)")]);
}

/// Five crates of sixty models each, and a program that counts them. A changed model has its own crate built anew, and
/// what depends on it, and no other.
#[test]
fn a_changed_model_rebuilds_its_own_crate() {
    let limbeck = source().join("runtime");
    let limbeck = format!("limbeck = {{ path = {limbeck:?}, default-features = false, features = [\"derive\"] }}\n");
    let manifest = |name: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{limbeck}")
    };
    let models = |part: usize| -> String {
        let model = |number| {
            let key = "#[column(primary_key)]";
            format!(
                "#[derive(limbeck::Table)]\npub struct M{part}x{number} {{ {key} pub id: i64, pub name: String }}\n"
            )
        };
        (0..60).map(model).collect()
    };
    let members: Vec<String> = (0..5).map(|part| format!("many-{part}")).collect();
    let names = members.iter().map(|name| name.replace('-', "_")).collect::<Vec<_>>().join(", ");
    let main = format!(
        "limbeck::models!({names});\nfn main() {{\n    \
         println!(\"{{}}\", limbeck::registry::Registry::registered().tables().count());\n}}\n"
    );
    let depend: String = members.iter().map(|name| format!("{name} = {{ path = \"../{name}\" }}\n")).collect();
    let project = Project::new(&[
        ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"many-*\"]\n"),
        ("many-all/Cargo.toml", &(manifest("many-all") + &depend)),
        ("many-all/src/main.rs", &main),
    ]);
    for (part, name) in members.iter().enumerate() {
        project.write(&format!("{name}/Cargo.toml"), &manifest(name));
        project.write(&format!("{name}/src/lib.rs"), &models(part));
    }
    let run = || project.cargo(&["run", "--offline", "--package", "many-all"]).code(0);
    assert_eq!(run().out, "300\n");
    project.write("many-3/src/lib.rs", &models(3).replacen("pub name: String", "pub title: String", 1));
    let again = run();
    let built: Vec<&str> = again.err.lines().filter_map(|line| line.trim().strip_prefix("Compiling ")).collect();
    let built: Vec<&str> = built.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!((again.out.as_str(), built), ("300\n", vec!["many-3", "many-all"]), "{}", again.err);
}
