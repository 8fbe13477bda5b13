//! `verify --clone-of`: what is still missing on a real database, tried on a copy of its schema.

use limbeck_tests::story::on_both;

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

#[test]
fn what_is_missing_runs_on_a_copy() {
    on_both("verify-clone", NOTE, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        story.sql("INSERT INTO note (title) VALUES ('one')");
        story.sql("CREATE TABLE of_others (id integer)");
        let title = "    pub title: String,\n";
        story.write(
            "db/src/models.rs",
            &NOTE.replace(title, &format!("{title}    /// The rest.\n    pub body: Option<String>,\n")),
        );
        let _ = story.limbeck(&["revision", "-m", "bodies"]).code(0);
        let url = story.url().to_owned();
        let verify = |code: i32| {
            let told = story.limbeck(&["verify", "--clone-of", &url]).code(code).timeless();
            story.placeless(&told.to_string())
        };
        insta::assert_snapshot!("clone", verify(0));
        assert_eq!(story.rows("SELECT title FROM note"), ["one"], "the real one is only read");
        // Somebody was quicker, by hand, and in another way.
        story.sql("ALTER TABLE note ADD COLUMN body integer");
        let red = verify(1);
        assert!(red.contains("- up: ") && red.contains("bodies does not run"), "{red}");
        let _ = story.limbeck(&["verify"]).code(0);
    });
}
