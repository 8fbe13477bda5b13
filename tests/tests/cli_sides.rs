//! A red check says which side is wrong, and what to do about it.

use limbeck_tests::story::{Story, on_both};

const NOTE: &str = "//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
}
";

const BODY: (&str, &str) =
    ("    pub title: String,\n", "    pub title: String,\n    /// The rest.\n    pub body: Option<String>,\n");

/// What is wrong by the program's own account: the check, and the command that mends it.
fn wrong(story: &Story) -> Vec<(String, String)> {
    let told = story.limbeck(&["check", "--format", "json"]).code(1).out;
    let lines: Vec<serde_json::Value> = serde_json::from_str(&told).unwrap_or_else(|e| panic!("{e}: {told}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let wrong = lines.iter().filter(|line| line["ok"] == false);
    wrong.map(|line| (text(&line["check"]), text(&line["next"]))).collect()
}

#[test]
fn each_side_is_told_with_its_next_command() {
    on_both("sides", NOTE, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        // Models against migrations.
        story.write("db/src/models.rs", &NOTE.replace(BODY.0, BODY.1));
        insta::assert_snapshot!("models", story.tell(&["check"], 1));
        let models = ("models and migrations".to_owned(), "cargo limbeck revision -m \"what changes\"".to_owned());
        assert_eq!(wrong(story), [models]);
        // Migrations against history.
        let _ = story.limbeck(&["revision", "-m", "bodies"]).code(0);
        insta::assert_snapshot!("history", story.tell(&["check"], 1));
        assert_eq!(wrong(story), [("migrations and history".to_owned(), "cargo limbeck upgrade".to_owned())]);
        let _ = story.limbeck(&["upgrade"]).code(0);
        // Migrations against the database, and nothing of it slips into a revision.
        story.sql("CREATE INDEX by_hand ON note (title)");
        insta::assert_snapshot!("database", story.tell(&["check"], 1));
        let [(check, _)] = wrong(story).try_into().unwrap_or_else(|all| panic!("{all:?}"));
        assert_eq!(check, "migrations and database");
        let more = "    pub title: String,\n    /// Where.\n    pub place: Option<String>,\n";
        story.write("db/src/models.rs", &NOTE.replace(BODY.0, BODY.1).replace(BODY.0, more));
        insta::assert_snapshot!("all", story.tell(&["check"], 1));
        assert_eq!(wrong(story).len(), 2);
        let told = story.limbeck(&["revision", "-m", "places"]).code(0);
        assert!(told.err.contains("changed in the database by hand"), "{told}");
        let module = story.module("places");
        assert!(module.contains("\"place\"") && !module.contains("by_hand"), "{module}");
    });
}
