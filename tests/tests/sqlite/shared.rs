//! Real schemas and cases, where the folder with them lies beside the repository.

use std::path::PathBuf;

use limbeck::change::{Change, Delta};
use limbeck::schema::Schema;
use limbeck_tests::live::carry_out;

use crate::database::{File, execute, introspect, look, run};

/// Names the folder when it lies elsewhere.
const SHARED: &str = "LIMBECK_TEST_SHARED";

/// The folder, or a word on the tests that are left out.
fn shared() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os(SHARED).map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a test that is left out must say so")]
    {
        eprintln!("left out: there is no folder `shared` beside the repository; name it in {SHARED}");
    }
    None
}

/// The schemas: a name and the statements.
fn schemas(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder.join("schemas/sqlite")).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_else(|e| panic!("{e}"));
        found.push((entry.file_name().to_string_lossy().into_owned(), text));
    }
    let cases = std::fs::read_to_string(folder.join("cases/sqlite.jsonl")).unwrap_or_else(|e| panic!("{e}"));
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}"));
        for side in ["from", "to"] {
            let statements = case[side].as_array().into_iter().flatten().filter_map(|s| s.as_str());
            let text = statements.map(|s| format!("{s}\n;\n")).collect::<String>();
            found.push((format!("{} {side}", case["id"]), text));
        }
    }
    found.sort();
    found
}

#[test]
fn every_real_schema_is_read_and_written_again() {
    let Some(folder) = shared() else { return };
    run(async {
        for (name, ddl) in schemas(&folder) {
            let (_file, mut original) = File::with("").await;
            execute(&mut *original, &ddl).await;
            let schema = introspect(&mut *original).await;
            let (_file, mut copy) = File::with("").await;
            let tables = schema.tables.values().map(|t| Change::Table(Delta::Create(t.clone())));
            let objects = schema.objects.values().map(|o| Change::Object(Delta::Create(o.clone())));
            carry_out(&mut *copy, &tables.chain(objects).collect::<Vec<_>>(), &Schema::empty()).await;
            assert_eq!(look(&mut *copy).await, look(&mut *original).await, "{name}");
            let (_, left) = limbeck_tests::live::difference(&mut *copy, &schema).await;
            assert!(left.is_empty(), "{name}: {left:?}");
        }
    });
}
