//! Rows that a change would fail on are told before anything is done, with their number and the first of them.

use limbeck_tests::story::on_both;

const MODELS: &str = "//! Models.

/// A team.
#[derive(limbeck::Table)]
pub struct Team {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
}

/// Somebody.
#[derive(limbeck::Table)]
pub struct Member {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// Where to write to.
    pub email: String,
    /// How old.
    pub age: Option<i64>,
    /// Of which team.
    pub team_id: i64,
}
";

#[test]
fn rows_that_stand_in_the_way_are_told() {
    on_both("assert", MODELS, |story| {
        let _ = story.limbeck(&["revision", "-m", "members", "--apply"]).code(0);
        for (message, from, to, bad, mend) in [
            (
                "unique",
                "    pub email: String,\n",
                "    #[column(unique)]\n    pub email: String,\n",
                "INSERT INTO member VALUES (1, 'a', 1, 1), (2, 'a', 1, 1), (3, 'b', 1, 1)",
                "UPDATE member SET email = 'c' WHERE id = 2",
            ),
            (
                "check",
                "#[derive(limbeck::Table)]\npub struct Member {\n",
                "#[derive(limbeck::Table)]\n#[table(check(\"age < 100\"))]\npub struct Member {\n",
                "UPDATE member SET age = 200 WHERE id > 1",
                "UPDATE member SET age = 20",
            ),
            (
                "team",
                "    pub team_id: i64,\n",
                "    #[column(references = Team::id)]\n    pub team_id: i64,\n",
                "UPDATE member SET team_id = 7 WHERE id = 3",
                "INSERT INTO team VALUES (1), (7)",
            ),
        ] {
            let models = story.read("db/src/models.rs");
            assert!(models.contains(from), "{models}");
            story.write("db/src/models.rs", &models.replace(from, to));
            let _ = story.limbeck(&["revision", "-m", message]).code(0);
            story.sql(bad);
            // Without what the proof remarks of made-up rows, which are each database's own.
            let module = story.module(message);
            let steps = module.split_once("pub fn up").map_or("", |(_, steps)| steps);
            insta::assert_snapshot!(format!("{message}_steps"), steps);
            insta::assert_snapshot!(message, story.tell(&["upgrade"], 2));
            // A script stops there, too, and leaves nothing.
            story.write("up.sql", &story.limbeck(&["sql", "head-1:head"]).code(0).out);
            let stopped = story.shell("up.sql");
            assert!(stopped.code != 0 && stopped.to_string().contains("there are"), "{stopped}");
            assert!(story.limbeck(&["check"]).code(1).out.contains("is not applied"));
            story.sql(mend);
            let _ = story.limbeck(&["upgrade"]).code(0);
        }
        let _ = story.limbeck(&["check"]).code(0);
        let _ = story.limbeck(&["verify"]).code(0);
        // A value that became required since nobody lacked one.
        let models = story.read("db/src/models.rs").replace("pub age: Option<i64>", "pub age: i64");
        story.write("db/src/models.rs", &models);
        let _ = story.limbeck(&["revision", "-m", "ages"]).code(0);
        story.sql("UPDATE member SET age = NULL WHERE id = 2");
        insta::assert_snapshot!("ages", story.tell(&["upgrade"], 2));
        story.sql("UPDATE member SET age = 2 WHERE id = 2");
        let _ = story.limbeck(&["upgrade"]).code(0);
    });
}

const ITEMS: &str = r#"//! Models.

/// What something is.
#[derive(limbeck::Enum)]
#[db_enum(rename_all = "snake_case")]
pub enum Kind {
    /// To read.
    Book,
    /// To hear.
    Record,
}

/// Something.
#[derive(limbeck::Table)]
pub struct Item {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// What it is.
    pub kind: KIND,
    /// How many there are.
    pub stock: STOCK,
    /// Its name.
    #[column(length = LENGTH)]
    pub name: String,
}
"#;

#[test]
fn values_that_fit_no_new_type_are_told() {
    let models = |kind: &str, stock: &str, length: &str| {
        ITEMS.replace("KIND", kind).replace("STOCK", stock).replace("LENGTH", length)
    };
    on_both("misfit", &models("String", "String", "20"), |story| {
        let _ = story.limbeck(&["revision", "-m", "items", "--apply"]).code(0);
        story.sql("INSERT INTO item VALUES (1, 'book', '10', 'short'), (2, 'film', '7', 'short'), (3, 'book', 'ten', 'much too long')");
        story.write("db/src/models.rs", &models("Kind", "i32", "5"));
        let _ = story.limbeck(&["revision", "-m", "types"]).code(0);
        let module = story.module("types");
        let up = module.split_once("pub fn up").map_or("", |(_, steps)| steps);
        insta::assert_snapshot!("types_up", up.split_once("pub fn down").map_or("", |(up, _)| up));
        insta::assert_snapshot!("types_kind", story.tell(&["upgrade"], 2));
        story.sql("UPDATE item SET kind = 'record' WHERE id = 2");
        insta::assert_snapshot!("types_stock", story.tell(&["upgrade"], 2));
        story.sql("UPDATE item SET stock = '99999999999' WHERE id = 3");
        assert!(story.tell(&["upgrade"], 2).contains("whose stock does not fit integer: 1, such as 3"));
        story.sql("UPDATE item SET stock = '3' WHERE id = 3");
        insta::assert_snapshot!("types_name", story.tell(&["upgrade"], 2));
        story.sql("UPDATE item SET name = 'long' WHERE id = 3");
        let _ = story.limbeck(&["upgrade"]).code(0);
        let _ = story.limbeck(&["check"]).code(0);
        assert_eq!(story.rows("SELECT sum(stock) FROM item"), ["20"]);
    });
}
