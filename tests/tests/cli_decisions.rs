//! What only a person can say: asked once, with the flags that answer it, and kept in the migration.

use limbeck_tests::project::{Project, started};
use limbeck_tests::story::{NOTE, NOTES, on_both, on_notes, on_postgres};

/// A project with rows in it.
fn project(name: &str) -> Project {
    let project = started(name, "sqlite", NOTE).sqlite();
    let _ = project.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    project.sql(NOTES);
    project
}

#[test]
fn a_rename_and_a_new_column_that_rows_have_no_value_for() {
    on_notes("decide-rename", |story| {
        let after = NOTE.replace(
            "    pub nick: Option<String>,\n",
            "    pub nickname: Option<String>,\n    /// What it is.\n    pub kind: String,\n",
        );
        story.write("db/src/models.rs", &after);
        let files = story.files();
        insta::assert_snapshot!("open", story.tell(&["revision", "-m", "kinds"], 3));
        insta::assert_snapshot!("open_json", story.tell(&["revision", "-m", "kinds", "--format", "json"], 3));
        assert_eq!(story.files(), files, "nothing was written");
        let answers = [
            "revision",
            "-m",
            "kinds",
            "--rename",
            "note.nick:nickname",
            "--backfill",
            "note.kind='plain'",
            "--no-rename=note.kind",
        ];
        insta::assert_snapshot!("decided", story.tell(&answers, 0));
        insta::assert_snapshot!("decided_module", story.module("kinds"));
        let _ = story.limbeck(&["upgrade"]).code(0);
        let _ = story.limbeck(&["check"]).code(0);
        let rows = "SELECT title || '|' || coalesce(nickname, '-') || '|' || kind FROM note ORDER BY id";
        assert_eq!(story.rows(rows), ["one|first|plain", "two|-|plain"]);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        let rows = "SELECT title || '|' || coalesce(nick, '-') FROM note ORDER BY id";
        assert_eq!(story.rows(rows), ["one|first", "two|-"]);
    });
}

#[test]
fn answers_in_a_file() {
    let project = project("decide-file");
    project.write("db/src/models.rs", &NOTE.replace("pub nick: Option<String>", "pub nickname: Option<String>"));
    project.write("answers.json", r#"{"rename": ["note.nick:nickname"]}"#);
    let _ = project.limbeck(&["revision", "-m", "names", "--decisions", "answers.json", "--apply"]).code(0);
    assert_eq!(project.rows("SELECT coalesce(nickname, '-') FROM note ORDER BY id"), ["first", "-"]);
    // The environment names the file as well.
    project.write("db/src/models.rs", &NOTE.replace("pub nick: Option<String>", "pub handle: Option<String>"));
    project.write("answers.json", r#"{"rename": ["note.nickname:handle"]}"#);
    let mut command = std::process::Command::new(limbeck_tests::project::program("cargo-limbeck"));
    command.args(["limbeck", "revision", "-m", "handles", "--apply"]).env("LIMBECK_DECISIONS", "answers.json");
    let _ = project.run(command, "").code(0);
    assert_eq!(project.rows("SELECT coalesce(handle, '-') FROM note ORDER BY id"), ["first", "-"]);
    // Or it has them itself.
    project.write("db/src/models.rs", &NOTE.replace("pub nick: Option<String>", "pub alias: Option<String>"));
    let mut command = std::process::Command::new(limbeck_tests::project::program("cargo-limbeck"));
    let said = r#"{"rename": ["note.handle:alias"]}"#;
    command.args(["limbeck", "revision", "-m", "aliases", "--apply"]).env("LIMBECK_DECISIONS", said);
    let _ = project.run(command, "").code(0);
    assert_eq!(project.rows("SELECT coalesce(alias, '-') FROM note ORDER BY id"), ["first", "-"]);
    project.write("answers.json", r#"{"renames": []}"#);
    insta::assert_snapshot!(
        "bad_file",
        project.limbeck(&["revision", "-m", "names", "--decisions", "answers.json"]).code(2).timeless()
    );
}

#[test]
fn what_is_lost_is_agreed_to_once() {
    on_notes("decide-loss", |story| {
        let gone = NOTE.replace("    /// Another name.\n    pub nick: Option<String>,\n", "");
        story.write("db/src/models.rs", &gone);
        insta::assert_snapshot!("loss", story.tell(&["revision", "-m", "no nicks"], 3));
        // A name that is misspelt is no answer to anything, even where another one covers it.
        let misspelt = ["revision", "-m", "no nicks", "--keep", "column note.nik", "--lose", "all"];
        insta::assert_snapshot!("loss_misspelt", story.tell(&misspelt, 2));
        let idle = ["revision", "-m", "no nicks", "--lose", "column note.nick", "--backfill", "note.kind='plain'"];
        insta::assert_snapshot!("loss_idle", story.tell(&idle, 2));
        let lose = ["revision", "-m", "no nicks", "--lose", "column note.nick"];
        insta::assert_snapshot!("loss_decided", story.tell(&lose, 0));
        insta::assert_snapshot!("loss_module", story.module("no_nicks"));
        insta::assert_snapshot!("loss_plan", story.tell(&["upgrade", "--plan"], 0));
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(story.rows("SELECT title FROM note ORDER BY id"), ["one", "two"]);
        // Nobody agreed to what a person took out of the list.
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        let path = story.module_path("no_nicks");
        story.write(&path, &story.read(&path).replace("    loses: [\"column note.nick\"],\n", ""));
        story.sql("UPDATE note SET nick = 'again' WHERE title = 'one'");
        let plan = story.limbeck(&["upgrade", "--plan"]).code(0);
        assert!(plan.out.contains("careful: the upgrade stops here, since no line of the module agrees"), "{plan}");
        insta::assert_snapshot!("loss_refused", story.tell(&["upgrade"], 2));
        // A script stops there, too.
        story.write("up.sql", &story.limbeck(&["sql", "head-1:head"]).code(0).out);
        let stopped = story.shell("up.sql");
        assert!(stopped.code != 0 && stopped.to_string().contains("would lose column note.nick"), "{stopped}");
        assert_eq!(story.rows("SELECT title || coalesce(nick, '-') FROM note ORDER BY id"), ["oneagain", "two-"]);
        // What no row has cannot be lost.
        story.sql("UPDATE note SET nick = NULL");
        let _ = story.limbeck(&["upgrade"]).code(0);
    });
}

#[test]
fn a_model_is_deleted_by_mistake() {
    on_notes("decide-mistake", |story| {
        let (_, kept) = NOTE.split_once("/// Something").expect("there is a note");
        let other = kept.replace("Note", "Page").replace(" written down.", "/// Something else.");
        story.write("db/src/models.rs", &format!("//! Models.\n\n{other}"));
        let files = story.files();
        insta::assert_snapshot!("mistake", story.tell(&["revision", "-m", "pages"], 3));
        assert_eq!(story.files(), files, "nothing was written");
        story.write("db/src/models.rs", &format!("{NOTE}\n{other}"));
        insta::assert_snapshot!("mistake_mended", story.tell(&["revision", "-m", "pages", "--apply"], 0));
        assert_eq!(story.rows("SELECT title FROM note ORDER BY id"), ["one", "two"]);
    });
}

#[test]
fn what_no_row_is_about_needs_no_decision() {
    on_notes("decide-empty", |story| {
        story.sql("DELETE FROM note");
        let nick = "    /// Another name.\n    pub nick: Option<String>,\n";
        story.write("db/src/models.rs", &NOTE.replace(nick, "    /// What it is.\n    pub kind: i64,\n"));
        insta::assert_snapshot!("empty", story.tell(&["revision", "-m", "kinds"], 0));
        insta::assert_snapshot!("empty_module", story.module("kinds"));
        // Where there are rows, nobody has agreed to anything.
        story.sql(NOTES);
        insta::assert_snapshot!("empty_lost", story.tell(&["upgrade"], 2));
        story.sql("UPDATE note SET nick = NULL");
        insta::assert_snapshot!("empty_valueless", story.tell(&["upgrade"], 2));
        story.sql("DELETE FROM note");
        let _ = story.limbeck(&["upgrade"]).code(0);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        // It can be agreed to all the same.
        let _ = story.limbeck(&["remove"]).code(0);
        let agreed = ["revision", "-m", "kinds", "--lose", "column note.nick", "--backfill", "note.kind=1"];
        let _ = story.limbeck(&agreed).code(0);
        story.sql(NOTES);
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(story.rows("SELECT title || kind FROM note ORDER BY title"), ["one1", "two1"]);
    });
}

#[test]
fn a_column_becomes_not_null_over_rows_without_a_value() {
    on_notes("decide-tight", |story| {
        story.write("db/src/models.rs", &NOTE.replace("pub nick: Option<String>", "pub nick: String"));
        insta::assert_snapshot!("tight", story.tell(&["revision", "-m", "nicks"], 3));
        let _ = story.limbeck(&["revision", "-m", "nicks", "--backfill", "note.nick=lower(title)"]).code(0);
        insta::assert_snapshot!("tight_module", story.module("nicks"));
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(story.rows("SELECT nick FROM note ORDER BY id"), ["first", "two"]);
        let _ = story.limbeck(&["check"]).code(0);
    });
}

#[test]
fn a_model_says_what_rows_get() {
    on_notes("decide-model", |story| {
        let with = |column: &str| {
            let column = format!("    pub nick: Option<String>,\n    /// What it is.\n    #[column({column})]\n");
            NOTE.replace("    pub nick: Option<String>,\n", &format!("{column}    pub kind: String,\n"))
        };
        // A default is an answer of its own.
        for (column, kinds) in [("backfill = \"upper(title)\"", ["ONE", "TWO"]), ("default = \"plain\"", ["plain"; 2])]
        {
            story.write("db/src/models.rs", &with(column));
            let _ = story.limbeck(&["revision", "-m", "kinds", "--apply"]).code(0);
            assert_eq!(story.rows("SELECT kind FROM note ORDER BY id"), kinds);
            let _ = story.limbeck(&["downgrade", "-1"]).code(0);
            let _ = story.limbeck(&["remove"]).code(0);
        }
        // What may be NULL need not be.
        story.write("db/src/models.rs", &with("length = 9").replace("pub kind: String", "pub kind: Option<String>"));
        let _ = story.limbeck(&["revision", "-m", "kinds", "--backfill", "note.kind=lower(title)", "--apply"]).code(0);
        assert_eq!(story.rows("SELECT kind FROM note ORDER BY id"), ["one", "two"]);
    });
}

#[test]
fn a_model_says_what_it_was_called_until_that_is_done() {
    on_notes("decide-attribute", |story| {
        let renamed = NOTE.replace("pub nick:", "#[column(renamed_from = \"nick\")]\n    pub nickname:");
        let renamed = renamed
            .replace("#[derive(limbeck::Table)]", "#[derive(limbeck::Table)]\n#[table(renamed_from = \"note\")]");
        story.write("db/src/models.rs", &renamed.replace("struct Note", "struct Memo"));
        insta::assert_snapshot!("attribute", story.tell(&["revision", "-m", "names"], 0));
        insta::assert_snapshot!("attribute_plan", story.tell(&["upgrade", "--plan"], 0));
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(story.rows("SELECT coalesce(nickname, '-') FROM memo ORDER BY id"), ["first", "-"]);
        insta::assert_snapshot!("attribute_done", story.tell(&["revision", "-m", "nothing"], 0));
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT coalesce(nick, '-') FROM note ORDER BY id"), ["first", "-"]);
    });
}

#[test]
fn names_are_swapped_and_types_change_with_a_name() {
    const PAIRS: &str = r#"//! Models.

/// A pair.
#[derive(limbeck::Table)]
#[table(index(one; name = "pair_one"))]
pub struct Pair {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// One.
    pub one: String,
    /// The other.
    #[column(unique)]
    pub other: String,
    /// How many.
    pub many: f32,
}
"#;
    on_both("decide-swap", PAIRS, |story| {
        let _ = story.limbeck(&["revision", "-m", "pairs", "--apply"]).code(0);
        story.sql("INSERT INTO pair (one, other, many) VALUES ('a', 'b', 1), ('c', 'd', 2)");
        let swapped = PAIRS
            .replace("    pub one: String,", "    pub swapped: String,")
            .replace("    pub other: String,", "    pub one: String,")
            .replace("pub swapped", "pub other")
            .replace("index(one; name = \"pair_one\")", "index(other; name = \"pair_first\")")
            .replace("pub many: f32", "pub number: f64");
        story.write("db/src/models.rs", &swapped);
        let swap = [
            "revision",
            "-m",
            "swap",
            "--rename",
            "pair.one:other",
            "--rename",
            "pair.other:one",
            "--rename",
            "pair.many:number",
            "--down-may-fail",
            "all",
        ];
        insta::assert_snapshot!("swap", story.tell(&swap, 0));
        insta::assert_snapshot!("swap_module", story.module("swap"));
        let _ = story.limbeck(&["upgrade"]).code(0);
        let _ = story.limbeck(&["check"]).code(0);
        assert_eq!(story.rows("SELECT other || one || CAST(number AS integer) FROM pair ORDER BY id"), ["ab1", "cd2"]);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT one || other || CAST(many AS integer) FROM pair ORDER BY id"), ["ab1", "cd2"]);
    });
}

#[test]
fn rows_that_hold_a_label_which_goes_get_another() {
    const STATES: &str = r#"//! Models.

/// Something written down.
#[derive(limbeck::Table)]
pub struct Note {
    /// Its number.
    #[column(primary_key, auto_increment)]
    pub id: i64,
    /// Where it stands.
    pub state: State,
}

/// Where a note stands.
#[derive(limbeck::Enum)]
pub enum State {
    /// Not done.
    Open,
    /// Done.
    Closed,
    /// Nobody cares.
    Dropped,
}
"#;
    on_both("decide-map", STATES, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        story.sql("INSERT INTO note (state) VALUES ('Open'), ('Dropped'), ('Closed')");
        story.write("db/src/models.rs", &STATES.replace("    /// Nobody cares.\n    Dropped,\n", ""));
        insta::assert_snapshot!("label_open", story.tell(&["revision", "-m", "fewer"], 3));
        let wrong = ["revision", "-m", "fewer", "--map", "state.Dropped=Nothing"];
        insta::assert_snapshot!("label_wrong", story.tell(&wrong, 2));
        let right = ["revision", "-m", "fewer", "--map", "state.Dropped=Closed", "--apply"];
        insta::assert_snapshot!("label_mapped", story.tell(&right, 0));
        assert_eq!(story.rows("SELECT state FROM note ORDER BY id"), ["Open", "Closed", "Closed"]);
        let _ = story.limbeck(&["check"]).code(0);
    });
    // The enum may get another name, and other labels as well: rows are looked for under those that they have.
    on_both("decide-map-named", STATES, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        story.sql("INSERT INTO note (state) VALUES ('Open'), ('Dropped'), ('Closed')");
        let stage = STATES.replace("pub enum State", "pub enum Stage").replace("pub state: State", "pub state: Stage");
        let stage = stage.replace("    Closed,\n", "    Done,\n").replace("Dropped,\n", "Fresh,\n");
        story.write("db/src/models.rs", &stage);
        let named = ["revision", "-m", "stages", "--rename", "state:stage", "--rename", "state.Closed:Done"];
        let named = [&named[..], &["--no-rename=stage.Fresh"]].concat();
        let open = story.limbeck(&named).code(3);
        assert!(open.err.contains("label stage.Dropped goes, and rows hold it: 1 row"), "{open}");
        let mapped = ["--map", "stage.Dropped=Open", "--keep", "label stage.Dropped", "--apply"];
        let _ = story.limbeck(&[&named[..], &mapped].concat()).code(0);
        assert_eq!(story.rows("SELECT state FROM note ORDER BY id"), ["Open", "Open", "Done"]);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT state FROM note ORDER BY id"), ["Open", "Dropped", "Closed"]);
    });
    // Labels in arrays count, and become others, too.
    let lists = STATES.replace("pub state: State", "pub states: Vec<State>");
    let story = on_postgres("decide-map-lists", &lists);
    let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    story.sql("INSERT INTO note (states) VALUES ('{Open,Dropped}'), ('{Dropped,Dropped}'), ('{}')");
    story.write("db/src/models.rs", &lists.replace("    /// Nobody cares.\n    Dropped,\n", ""));
    let open = story.limbeck(&["revision", "-m", "fewer"]).code(3);
    assert!(open.err.contains("label state.Dropped goes, and rows hold it: 2 rows"), "{open}");
    let keep = ["revision", "-m", "fewer", "--map", "state.Dropped=Closed", "--keep", "all", "--apply"];
    let _ = story.limbeck(&keep).code(0);
    assert_eq!(story.rows("SELECT states FROM note ORDER BY id"), ["{Open,Closed}", "{Closed,Closed}", "{}"]);
    let _ = story.limbeck(&["downgrade", "-1"]).code(0);
    assert_eq!(story.rows("SELECT states FROM note ORDER BY id"), ["{Open,Dropped}", "{Dropped,Dropped}", "{}"]);
}

#[test]
fn a_required_column_with_each_answer() {
    on_notes("decide-required", |story| {
        let kind = |attribute: &str, ty: &str| {
            let nick = "    pub nick: Option<String>,\n";
            NOTE.replace(nick, &format!("{nick}    /// What it is.\n{attribute}    pub kind: {ty},\n"))
        };
        // Said later, in the module.
        story.write("db/src/models.rs", &kind("", "String"));
        insta::assert_snapshot!("required_open", story.tell(&["revision", "-m", "kinds"], 3));
        let _ = story.limbeck(&["revision", "-m", "kinds", "--placeholder", "note.kind"]).code(0);
        insta::assert_snapshot!("required_placeholder", story.module("kinds"));
        insta::assert_snapshot!("required_refused", story.tell(&["upgrade"], 2));
        let _ = story.limbeck(&["sql", "head-1:head"]).code(2);
        assert!(story.limbeck(&["verify"]).code(1).out.contains("what rows get in `note.kind`"));
        assert_eq!(story.rows("SELECT count(*) FROM note"), ["2"]);
        let path = story.module_path("kinds");
        story.write(&path, &story.read(&path).replace("placeholder(text())", "\"upper(title)\""));
        let _ = story.limbeck(&["upgrade"]).code(0);
        assert_eq!(story.rows("SELECT kind FROM note ORDER BY id"), ["ONE", "TWO"]);
        let anew = || {
            let _ = story.limbeck(&["downgrade", "-1"]).code(0);
            let path = story.module_path("kinds");
            let text = story.read(&path);
            let id = text.split('"').nth(1).expect("an id");
            let _ = story.limbeck(&["remove", id]).code(0);
        };
        // Said at once.
        anew();
        let _ = story.limbeck(&["revision", "-m", "kinds", "--backfill", "note.kind=lower(title)", "--apply"]).code(0);
        assert_eq!(story.rows("SELECT kind FROM note ORDER BY id"), ["one", "two"]);
        // Said in the model: for all rows, or for those that are there.
        for (attribute, ty, expected) in [
            ("    #[column(default = \"plain\")]\n", "String", ["plain", "plain"]),
            ("    #[column(backfill = \"title\")]\n", "String", ["one", "two"]),
            ("", "Option<String>", ["-", "-"]),
        ] {
            anew();
            story.write("db/src/models.rs", &kind(attribute, ty));
            let _ = story.limbeck(&["revision", "-m", "kinds", "--apply"]).code(0);
            assert_eq!(story.rows("SELECT coalesce(kind, '-') FROM note ORDER BY id"), expected);
        }
        // It becomes required: nobody is filled in, and the upgrade says whom that leaves.
        story.write("db/src/models.rs", &kind("", "String"));
        insta::assert_snapshot!("tighten_open", story.tell(&["revision", "-m", "sure"], 3));
        let _ = story.limbeck(&["revision", "-m", "sure", "--no-backfill", "note.kind"]).code(0);
        insta::assert_snapshot!("tighten_refused", story.tell(&["upgrade"], 2));
        story.sql("UPDATE note SET kind = 'late'");
        let _ = story.limbeck(&["upgrade"]).code(0);
        let _ = story.limbeck(&["check"]).code(0);
    });
}

#[test]
fn many_rows_are_estimated() {
    on_notes("decide-many", |story| {
        let many = if story.is_on_server() {
            "INSERT INTO note (title, nick) SELECT 'x', 'y' FROM generate_series(1, 300000); ANALYZE note"
        } else {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) \
             INSERT INTO note (title, nick) SELECT 'x', 'y' FROM n"
        };
        story.sql(many);
        let toml = story.read("db/limbeck.toml");
        story.write("db/src/models.rs", &NOTE.replace("    /// Another name.\n    pub nick: Option<String>,\n", ""));
        let exact = story.limbeck(&["revision", "-m", "no nicks"]).code(3).err;
        assert!(exact.contains("column note.nick goes: 300001 rows"), "{exact}");
        story.write("db/limbeck.toml", &format!("count_limit = \"1ms\"\n{toml}"));
        let about = story.limbeck(&["revision", "-m", "no nicks"]).code(3).err;
        assert!(about.contains("column note.nick goes: rows, of about 300002, too many to count"), "{about}");
    });
}

#[test]
fn what_is_nobodys_is_reported_and_left_alone() {
    on_notes("decide-unmanaged", |story| {
        story.sql("CREATE TABLE of_others (id integer)");
        story.sql("CREATE VIEW of_theirs AS SELECT id FROM of_others");
        insta::assert_snapshot!("unmanaged", story.tell(&["check"], 0));
        let toml = story.read("db/limbeck.toml");
        story.write("db/limbeck.toml", &format!("ignore = [\"of_*\"]\n{toml}"));
        assert_eq!(story.limbeck(&["check"]).code(0).err, "");
        assert_eq!(story.limbeck(&["revision", "-m", "nothing"]).code(0).err, "");
        assert_eq!(story.rows("SELECT count(*) FROM of_theirs"), ["0"]);
    });
}

#[test]
fn a_crate_that_is_not_linked_any_more() {
    on_notes("decide-crate", |story| {
        let app = story.read("Cargo.toml");
        let (head, rest) = app.split_once("members = [").expect("a workspace");
        story.write("Cargo.toml", &format!("{head}members = [\"billing\", {rest}"));
        let limbeck = limbeck_tests::project::source().join("runtime");
        story.write(
            "billing/Cargo.toml",
            &format!(
                "[package]\nname = \"decide-billing\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                 limbeck = {{ path = {limbeck:?}, default-features = false, features = [\"derive\"] }}\n"
            ),
        );
        let models = "//! Bills.\n\n/// A bill.\n#[derive(limbeck::Table)]\npub struct Bill {\n    /// Its number.\n    \
                      #[column(primary_key)]\n    pub id: i64,\n}\n";
        story.write("billing/src/lib.rs", models);
        let manifest = story.read("db/Cargo.toml");
        let depends = "[dependencies]\ndecide-billing = { path = \"../billing\" }\n";
        story.write("db/Cargo.toml", &manifest.replacen("[dependencies]\n", depends, 1));
        let linked = format!("{NOTE}\nlimbeck::models!(decide_billing);\n");
        story.write("db/src/models.rs", &linked);
        let _ = story.limbeck(&["revision", "-m", "bills", "--apply"]).code(0);
        story.sql("INSERT INTO bill VALUES (1)");
        // Somebody takes the line for one that does nothing.
        story.write("db/src/models.rs", NOTE);
        let files = story.files();
        insta::assert_snapshot!("crate", story.tell(&["revision", "-m", "tidy"], 3));
        assert_eq!(story.files(), files, "nothing was written");
        story.write("db/src/models.rs", &linked);
        let _ = story.limbeck(&["check"]).code(0);
        story.write("db/src/models.rs", NOTE);
        let gone = ["revision", "-m", "tidy", "--crate-gone", "decide-billing", "--keep", "table bill", "--apply"];
        let _ = story.limbeck(&gone).code(0);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        assert_eq!(story.rows("SELECT id FROM bill"), ["1"]);
    });
}

#[test]
fn a_role_that_may_create_no_database() {
    let story = on_postgres("decide-role", NOTE);
    let role = "limbeck_may_not";
    let _ = story.rows(&format!("DROP ROLE IF EXISTS {role}"));
    story.sql(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT ALL ON SCHEMA public TO {role}"));
    let rest = story.url().split_once("://").map_or("", |(_, rest)| rest);
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    let url = format!("postgres://{role}:x@{rest}");
    let told = story.limbeck(&["--database-url", &url, "revision", "-m", "notes"]).code(2).timeless();
    insta::assert_snapshot!("role", story.placeless(&told.to_string()));
    let _ = story.limbeck(&["--database-url", &url, "revision", "-m", "notes", "--no-prove", "--apply"]).code(0);
    assert!(story.module("notes").contains("//! Not proved: it was not wanted."));
    story.sql(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}"));
}

#[test]
fn a_table_is_renamed_with_its_columns_and_one_name_moves_on_to_another() {
    on_notes("decide-chain", |story| {
        let indexed = "#[derive(limbeck::Table)]\n#[table(index(title; name = \"by_title\"))]\n";
        let before = NOTE.replace("#[derive(limbeck::Table)]\n", indexed);
        story.write("db/src/models.rs", &before);
        let _ = story.limbeck(&["revision", "-m", "index", "--apply"]).code(0);
        // `title` is `headline` now, and `nick` is `title`; the index is called otherwise, too.
        let after = before
            .replace("by_title", "by_headline")
            .replace("index(title", "index(headline")
            .replace("pub title: String", "pub headline: String")
            .replace("pub nick:", "pub title:")
            .replace("pub struct Note", "pub struct Page");
        story.write("db/src/models.rs", &after);
        insta::assert_snapshot!("chain_open", story.tell(&["revision", "-m", "pages"], 3));
        let renames =
            ["--rename", "note:page", "--rename", "note.title:headline", "--rename", "note.nick:title", "--apply"];
        let arguments: Vec<&str> = ["revision", "-m", "pages"].into_iter().chain(renames).collect();
        insta::assert_snapshot!("chain", story.tell(&arguments, 0));
        insta::assert_snapshot!("chain_module", story.module("pages"));
        let rows = "SELECT headline || '|' || coalesce(title, '-') FROM page ORDER BY id";
        assert_eq!(story.rows(rows), ["one|first", "two|-"]);
        let _ = story.limbeck(&["check"]).code(0);
        let _ = story.limbeck(&["downgrade", "-1"]).code(0);
        let rows = "SELECT title || '|' || coalesce(nick, '-') FROM note ORDER BY id";
        assert_eq!(story.rows(rows), ["one|first", "two|-"]);
    });
}
