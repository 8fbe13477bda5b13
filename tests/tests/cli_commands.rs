//! The commands around a run: looking, planning, stamping, redoing, drafts, branches.

use limbeck_tests::project::{Project, started};

const ONE: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// The first line.
    pub title: String,
}
"#;

/// The model with more fields.
fn with(fields: &str) -> String {
    ONE.replace("    pub title: String,\n", &format!("    pub title: String,\n{fields}"))
}

fn modules(project: &Project) -> Vec<String> {
    let mut files: Vec<String> = project.files().into_keys().filter(|path| path.contains("migrations/m2")).collect();
    files.sort();
    files
}

/// The ids of the migrations that the head comes after, the head first.
fn ids(project: &Project) -> Vec<String> {
    let history = project.limbeck(&["history", "--format", "json"]).code(0).out;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&history).expect("JSON");
    rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn looking_planning_and_going_back() {
    let project = started("commands", "sqlite", ONE).sqlite();
    insta::assert_snapshot!("none_history", project.limbeck(&["history"]).code(0).timeless());
    let _ = project.limbeck(&["revision", "-m", "notes"]).code(0);
    insta::assert_snapshot!("remove", project.limbeck(&["remove"]).code(0).timeless());
    assert_eq!(modules(&project), Vec::<String>::new());
    let _ = project.limbeck(&["revision", "-m", "notes", "--label", "first"]).code(0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    project.write("db/src/models.rs", &with("    /// The rest.\n    pub body: Option<String>,\n"));
    insta::assert_snapshot!("check_offline", project.limbeck(&["check", "--offline"]).code(1).timeless());
    insta::assert_snapshot!(
        "revision_offline",
        project.limbeck(&["revision", "-m", "bodies", "--offline"]).code(0).timeless()
    );
    insta::assert_snapshot!("upgrade_plan", project.limbeck(&["upgrade", "--plan"]).code(0).timeless());
    let before = modules(&project);
    project.write(
        "db/src/models.rs",
        &with("    /// The rest.\n    pub body: Option<String>,\n    /// How often it was read.\n    #[column(default = 0)]\n    pub reads: i64,\n"),
    );
    insta::assert_snapshot!("amend", project.limbeck(&["revision", "--amend"]).code(0).timeless());
    assert_eq!(modules(&project), before, "the file is the same one");
    insta::assert_snapshot!("amended", project.read(&before[1]));
    insta::assert_snapshot!("upgrade_lock_wait", project.limbeck(&["upgrade", "--lock-wait", "5s"]).code(0).timeless());
    insta::assert_snapshot!("amend_applied", project.limbeck(&["revision", "--amend"]).code(2).timeless());
    insta::assert_snapshot!("remove_applied", project.limbeck(&["remove"]).code(2).timeless());
    insta::assert_snapshot!("remove_below", project.limbeck(&["remove", "first"]).code(2).timeless());
    insta::assert_snapshot!("redo", project.limbeck(&["redo"]).code(0).timeless());
    insta::assert_snapshot!("history", project.limbeck(&["history", "-r", "first:"]).code(0).timeless());
    insta::assert_snapshot!("history_of_one", project.limbeck(&["history", "-r", "first"]).code(0).timeless());
    insta::assert_snapshot!("downgrade_plan", project.limbeck(&["downgrade", "-1", "--plan"]).code(0).timeless());
    // Without a build: the source is broken, and the stored way back is enough.
    project.write("db/src/models.rs", "this is no Rust");
    insta::assert_snapshot!("stored", project.limbeck(&["downgrade", "first", "--stored"]).code(0).timeless());
    insta::assert_snapshot!("stored_current", project.limbeck(&["current"]).code(0).timeless());
    let shown = project.limbeck(&["show", "first"]).code(0);
    assert!(shown.out.contains("followed by") && shown.out.contains("applied     "), "{shown}");
    project.write("db/src/models.rs", ONE);
    insta::assert_snapshot!("stamp", project.limbeck(&["stamp", "head"]).code(0).timeless());
    insta::assert_snapshot!("stamp_base", project.limbeck(&["stamp", "base"]).code(0).timeless());
    insta::assert_snapshot!("unknown", project.limbeck(&["show", "nothing"]).code(2).timeless());
}

#[test]
fn written_and_run_in_one_go() {
    let project = started("at-once", "sqlite", ONE).sqlite();
    insta::assert_snapshot!("apply", project.limbeck(&["revision", "-m", "notes", "--apply"]).code(0).timeless());
    // What was recorded is what the module says: nothing counts as edited.
    let _ = project.limbeck(&["check"]).code(0);
    // History knows the migration by its id, whatever its file is called.
    let (path, list) = (project.module_path("notes"), "db/src/migrations/mod.rs");
    let (old, new) = (path.rsplit('/').next().expect("a file").trim_end_matches(".rs"), "m20200101_the_first_one");
    std::fs::rename(project.path(&path), project.path(&path.replace(old, new))).expect("it gets another name");
    project.write(list, &project.read(list).replace(old, new));
    let _ = project.limbeck(&["check"]).code(0);
    let again = project.limbeck(&["upgrade"]).code(0).out;
    assert!(again.contains("nothing to do"), "{again}");
    let _ = project.limbeck(&["downgrade", "base"]).code(0);
}

#[test]
fn branches_are_told_and_brought_together() {
    let project = started("branches", "sqlite", ONE).sqlite();
    let _ = project.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    let base = ids(&project).remove(0);
    let _ = project.limbeck(&["revision", "-m", "left", "--empty", "--apply"]).code(0);
    insta::assert_snapshot!(
        "no_head",
        project.limbeck(&["revision", "-m", "right", "--empty", "--head", &base]).code(2).timeless()
    );
    let _ = project.limbeck(&["revision", "-m", "right", "--empty", "--head", &base, "--splice"]).code(0);
    insta::assert_snapshot!("heads", project.limbeck(&["heads"]).code(0).timeless());
    insta::assert_snapshot!("branches", project.limbeck(&["branches"]).code(0).timeless());
    insta::assert_snapshot!("two_heads", project.limbeck(&["upgrade"]).code(2).timeless());
    insta::assert_snapshot!("two_heads_revision", project.limbeck(&["revision", "-m", "more"]).code(2).timeless());
    insta::assert_snapshot!("merge", project.limbeck(&["merge"]).code(0).timeless());
    let _ = project.limbeck(&["upgrade"]).code(0);
    insta::assert_snapshot!("merged", project.limbeck(&["history"]).code(0).timeless());
    insta::assert_snapshot!("merge_again", project.limbeck(&["merge"]).code(0).timeless());
    let _ = project.limbeck(&["check"]).code(0);
}

#[test]
fn what_a_deploy_leaves_for_later_waits() {
    let project = started("phases", "sqlite", ONE).sqlite();
    let _ = project.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    let _ = project.limbeck(&["revision", "-m", "later", "--empty"]).code(0);
    let path = project.module_path("later");
    project.write(
        &path,
        &project.read(&path).replace("    message: \"later\",\n", "    message: \"later\",\n    deploy: after,\n"),
    );
    insta::assert_snapshot!("phase_before", project.limbeck(&["upgrade", "--phase", "before"]).code(0).timeless());
    insta::assert_snapshot!("phase_after", project.limbeck(&["upgrade", "--phase", "after"]).code(0).timeless());
}
