//! Two branches that both added a migration, in real git repositories.

use std::process::Command;

use limbeck_tests::project::{Outcome, Project, started};

const NOTE: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
    /// Another name.
    pub nick: Option<String>,
}
"#;

/// The models with something in the place of something else.
fn models(replacements: &[(&str, &str)]) -> String {
    replacements.iter().fold(NOTE.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old} is not in {text}");
        text.replace(old, new)
    })
}

fn git(project: &Project, arguments: &[&str]) -> Outcome {
    let mut command = Command::new("git");
    command
        .args(["-c", "user.name=me", "-c", "user.email=me@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments);
    project.run(command, "")
}

fn commit(project: &Project, message: &str) {
    let _ = git(project, &["add", "."]).code(0);
    let _ = git(project, &["commit", "-q", "-m", message]).code(0);
}

/// A project whose branches `main` and `mine` each changed the models in a way of its own, with a migration each. The
/// database has that of `mine`, which is checked out in the middle of merging `main`; the models are `both`.
fn two_branches(name: &str, theirs: (&str, &[&str]), mine: (&str, &[&str]), both: &str) -> Project {
    let project = started(name, "sqlite", NOTE).sqlite();
    project.write(".gitignore", "app.db*\ntarget\n");
    let _ = git(&project, &["init", "-q", "-b", "main"]).code(0);
    let _ = project.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    project.sql("INSERT INTO note (title, nick) VALUES ('one', 'first')");
    commit(&project, "start");
    let _ = git(&project, &["checkout", "-q", "-b", "mine"]).code(0);
    let revision = |(models, flags): (&str, &[&str]), message: &str| {
        project.write("db/src/models.rs", models);
        let mut arguments = vec!["revision", "-m", message];
        arguments.extend(flags);
        let _ = project.limbeck(&arguments).code(0);
        commit(&project, message);
    };
    let _ = git(&project, &["checkout", "-q", "main"]).code(0);
    revision(theirs, "theirs");
    let _ = git(&project, &["checkout", "-q", "mine"]).code(0);
    revision(mine, "mine");
    let _ = project.limbeck(&["upgrade"]).code(0);
    let merge = git(&project, &["merge", "main"]).code(1);
    assert!(
        merge.out.contains("migrations/heads") && merge.out.contains("migrations/mod.rs"),
        "git must stop: {merge}"
    );
    project.write("db/src/models.rs", both);
    project
}

const BODY: (&str, &str) =
    ("    pub title: String,\n", "    pub title: String,\n    /// The rest.\n    pub body: Option<String>,\n");
const STARS: (&str, &str) = (
    "    pub nick: Option<String>,\n",
    "    pub nick: Option<String>,\n    /// How good it is.\n    #[column(default = 0)]\n    pub stars: i32,\n",
);

#[test]
fn the_same_table_on_a_laptop_that_has_this_branch_already() {
    let project =
        two_branches("branch-same", (&models(&[BODY]), &[]), (&models(&[STARS]), &[]), &models(&[BODY, STARS]));
    // What needs no build works in the middle of a merge.
    insta::assert_snapshot!("same_heads", project.limbeck(&["heads"]).code(0).timeless());
    insta::assert_snapshot!("same_history", project.limbeck(&["history"]).code(0).timeless());
    insta::assert_snapshot!("same_rebase", project.limbeck(&["rebase"]).code(0).timeless());
    insta::assert_snapshot!("same_list", limbeck_tests::project::undated(&project.read("db/src/migrations/mod.rs")));
    insta::assert_snapshot!("same_upgrade", project.limbeck(&["upgrade"]).code(0).timeless());
    insta::assert_snapshot!("same_check", project.limbeck(&["check"]).code(0).timeless());
    assert_eq!(project.rows("SELECT title || nick || stars || coalesce(body, '-') FROM note"), ["onefirst0-"]);
    insta::assert_snapshot!("same_again", project.limbeck(&["rebase"]).code(0).timeless());
    // A database that was at neither gets both, in the new order, and they lead back.
    let _ = project.limbeck(&["verify"]).code(0);
}

#[test]
fn different_tables() {
    let table = |name: &str| {
        format!(
            "{NOTE}\n/// More.\n#[derive(limbeck::Table)]\npub struct {name} {{\n    /// Its number.\n    #[column(primary_key)]\n    pub id: i64,\n}}\n"
        )
    };
    let both = format!("{}{}", table("Shelf"), table("Tag").trim_start_matches(NOTE));
    let project = two_branches("branch-other", (&table("Shelf"), &[]), (&table("Tag"), &[]), &both);
    let _ = project.limbeck(&["rebase"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
}

#[test]
fn a_rename_against_an_index() {
    let renamed = models(&[("    pub title: String,\n", "    pub headline: String,\n")]);
    let indexed = models(&[("#[derive(limbeck::Table)]\n", "#[derive(limbeck::Table)]\n#[table(index(title))]\n")]);
    let both = models(&[
        ("    pub title: String,\n", "    pub headline: String,\n"),
        ("#[derive(limbeck::Table)]\n", "#[derive(limbeck::Table)]\n#[table(index(headline))]\n"),
    ]);
    let project =
        two_branches("branch-rename", (&renamed, &["--rename", "note.title:headline"]), (&indexed, &[]), &both);
    let rebase = project.limbeck(&["rebase"]).code(3);
    insta::assert_snapshot!("rename_rebase", rebase.timeless());
    // The way through that is offered: down, written anew after the other's, up.
    let module = |message: &str| {
        let path = project.module_path(message);
        let id = path.split('_').nth(1).expect("an id").to_owned();
        (path, id)
    };
    let ((mine, _), (_, theirs)) = (module("mine"), module("theirs"));
    insta::assert_snapshot!("rename_applied", project.limbeck(&["rebase", "--regenerate"]).code(2).timeless());
    let _ = project.limbeck(&["downgrade", "-1"]).code(0);
    let _ = project.limbeck(&["upgrade", &theirs]).code(0);
    let text = project.read(&mine);
    let by_hand = "    // Names are shouted.\n    m.sql(\"UPDATE note SET nick = upper(nick)\");\n";
    let (head, rest) = text.split_once("pub fn up(m: &mut Migration) {\n").expect("an up");
    let text = format!("{head}pub fn up(m: &mut Migration) {{\n{by_hand}{rest}");
    let text = text.replace("    m.drop_index(", "    m.nothing(\"loud is as good\");\n    m.drop_index(");
    project.write(&mine, &text);
    insta::assert_snapshot!("rename_regenerate", project.limbeck(&["rebase", "--regenerate"]).code(0).timeless());
    insta::assert_snapshot!("rename_module", project.module("mine"));
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    assert_eq!(project.rows("SELECT headline || nick FROM note"), ["oneFIRST"]);
    let _ = project.limbeck(&["verify"]).code(0);
}

#[test]
fn a_rename_against_an_alteration() {
    let title = "    pub title: String,\n";
    let renamed = models(&[(title, "    pub headline: String,\n")]);
    let altered = models(&[(title, "    #[column(length = 200, default = \"-\")]\n    pub title: String,\n")]);
    let both = models(&[(title, "    #[column(length = 200, default = \"-\")]\n    pub headline: String,\n")]);
    let project = two_branches(
        "branch-rename-alter",
        (&renamed, &["--rename", "note.title:headline"]),
        (&altered, &["--down-may-fail", "all"]),
        &both,
    );
    let clash = project.limbeck(&["rebase"]).code(3);
    assert!(clash.err.contains("column note.title:"), "{clash}");
    let theirs = project.module_path("theirs").split('_').nth(1).expect("an id").to_owned();
    let _ = project.limbeck(&["downgrade", "-1"]).code(0);
    let _ = project.limbeck(&["upgrade", &theirs]).code(0);
    let _ = project.limbeck(&["rebase", "--regenerate", "--down-may-fail", "all"]).code(0);
    assert!(project.module("mine").contains("m.alter_column(\"note\", \"headline\")"), "{}", project.module("mine"));
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
    assert_eq!(project.rows("SELECT headline FROM note"), ["one"]);
}

#[test]
fn a_drop_against_an_alteration() {
    let dropped = models(&[("    /// Another name.\n    pub nick: Option<String>,\n", "")]);
    let altered = models(&[("    pub nick: Option<String>,\n", "    pub nick: String,\n")]);
    let project = two_branches("branch-drop", (&dropped, &["--lose", "all"]), (&altered, &[]), &dropped);
    insta::assert_snapshot!("drop_rebase", project.limbeck(&["rebase"]).code(3).timeless());
    insta::assert_snapshot!("drop_check", project.limbeck(&["check"]).code(1).timeless());
    insta::assert_snapshot!("drop_merge", project.limbeck(&["merge"]).code(2).timeless());
    // Nothing of it is left to do: what it was about is gone.
    let theirs = project.module_path("theirs").split('_').nth(1).expect("an id").to_owned();
    let _ = project.limbeck(&["downgrade", "-1"]).code(0);
    let _ = project.limbeck(&["upgrade", &theirs]).code(0);
    insta::assert_snapshot!("drop_regenerate", project.limbeck(&["rebase", "--regenerate"]).code(0).timeless());
    let mine = project.module_path("mine").split('_').nth(1).expect("an id").to_owned();
    let _ = project.limbeck(&["remove", &mine]).code(0);
    let _ = project.limbeck(&["check"]).code(0);
}
