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

#[test]
fn what_the_compiler_warns_of_is_told() {
    on_both("verify-quiet", NOTE, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        // The compiler warns here and does not refuse, although these tests tell it to.
        story.write("warn.sh", "#!/bin/sh\nexec \"$@\" --force-warn unused_variables\n");
        let verify = |code: i32| {
            let mut command = std::process::Command::new(limbeck_tests::project::program("cargo-limbeck"));
            command.args(["limbeck", "verify", "--offline"]).env("RUSTC_WORKSPACE_WRAPPER", story.path("warn.sh"));
            story.run(command, "").code(code).timeless().out
        };
        let mut chmod = std::process::Command::new("chmod");
        chmod.args(["+x", "warn.sh"]);
        let _ = story.run(chmod, "").code(0);
        insta::assert_snapshot!("quiet", verify(0));
        let path = story.module_path("notes");
        let text = story.read(&path);
        story.write(&path, &text.replacen("Migration) {\n", "Migration) {\n    let forgotten = 1;\n", 1));
        insta::assert_snapshot!("warned", verify(1));
    });
}
