//! The commands that the guide shows, run as it shows them.

use std::cell::RefCell;
use std::collections::BTreeSet;

use limbeck_tests::project::{Outcome, Project, source};
use limbeck_tests::server::{ServerDatabase, server};

const PAGES: [(&str, &str); 10] = [
    ("getting_started", include_str!("../../runtime/src/guide/getting_started.md")),
    ("running", include_str!("../../runtime/src/guide/running.md")),
    ("data", include_str!("../../runtime/src/guide/data.md")),
    ("objects", include_str!("../../runtime/src/guide/objects.md")),
    ("decisions", include_str!("../../runtime/src/guide/decisions.md")),
    ("config", include_str!("../../runtime/src/guide/config.md")),
    ("branches", include_str!("../../runtime/src/guide/branches.md")),
    ("adopting", include_str!("../../runtime/src/guide/adopting.md")),
    ("review", include_str!("../../runtime/src/guide/review.md")),
    ("README", include_str!("../../README.md")),
];

/// What stands before a command of ours in a page.
const PROMPT: &str = "$ cargo limbeck ";

fn commands(page: &str) -> BTreeSet<String> {
    let (_, text) = PAGES.iter().find(|(name, _)| *name == page).unwrap_or_else(|| panic!("there is no page {page}"));
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix(PROMPT));
    // A remark, and where the output goes, are the shell's.
    lines.map(|line| line.split(['#', '>']).next().unwrap_or_default().trim().to_owned()).collect()
}

/// Words as the shell parts them.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in command.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("one at least").push(c),
        }
    }
    words
}

/// The commands that have not been run yet.
struct Guide(RefCell<BTreeSet<(String, String)>>);

impl Guide {
    fn new() -> Self {
        let all = PAGES.iter().flat_map(|(page, _)| commands(page).into_iter().map(|it| ((*page).to_owned(), it)));
        Self(RefCell::new(all.collect()))
    }

    /// Runs what a page says; `as_if` replaces what is an example there.
    fn run(&self, project: &Project, page: &str, command: &str, as_if: (&str, &str)) -> Outcome {
        assert!(commands(page).contains(command), "the page {page} does not say `{command}`");
        self.0.borrow_mut().remove(&(page.to_owned(), command.to_owned()));
        let words: Vec<String> = words(command).into_iter().map(|word| word.replace(as_if.0, as_if.1)).collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["init", rest @ ..] => project.init("", rest),
            words => project.limbeck(words),
        }
    }
}

const APP: [(&str, &str); 2] = [
    ("Cargo.toml", "[package]\nname = \"my-app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("src/main.rs", "fn main() {}\n"),
];

const NOTE: &str = "//! Models.

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

/// Somebody.
#[derive(limbeck::Table)]
pub struct Account {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// Where to write to.
    pub email: String,
}
";

const NICK: &str = "    /// Another name.\n    pub nick: Option<String>,\n";

#[test]
fn every_page_with_a_command_is_here() {
    let folder = source().join("runtime/src/guide");
    for file in std::fs::read_dir(folder).expect("the guide").map(|file| file.expect("a file").path()) {
        let text = std::fs::read_to_string(&file).expect("a text");
        let page = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_known = PAGES.iter().any(|(name, _)| *name == page);
        assert!(is_known || !text.lines().any(|line| line.trim().starts_with(PROMPT)), "{page}");
    }
}

#[test]
fn every_command_does_what_its_page_says() {
    let guide = Guide::new();
    let same = ("", "");
    let project = Project::new(&APP).sqlite();
    let run = |page: &str, command: &str, code: i32| guide.run(&project, page, command, same).code(code);

    let _ = run("getting_started", "init --database sqlite", 0);
    project.write("db/src/models.rs", NOTE);
    let _ = run("getting_started", "revision -m \"notes\"", 0);
    let _ = run("running", "upgrade --plan", 0);
    let _ = run("getting_started", "upgrade", 0);
    let _ = run("getting_started", "check", 0);
    project.sql("INSERT INTO note (title, nick) VALUES ('one', 'first'), ('two', NULL)");
    project.write("db/src/models.rs", &NOTE.replace("title: String", "headline: String"));
    let asked = run("getting_started", "revision -m \"headline\"", 3);
    assert!(asked.err.contains("--rename note.title:headline"), "{asked}");

    let answers = PAGES
        .iter()
        .find(|(name, _)| *name == "decisions")
        .and_then(|(_, text)| text.lines().skip_while(|line| !line.starts_with("$ cat answers.json")).nth(1));
    let kinds =
        "    /// Another name.\n    pub nickname: Option<String>,\n    /// Of what kind.\n    pub kind: String,\n";
    project.write("db/src/models.rs", &NOTE.replace(NICK, kinds));
    let asked = run("decisions", "revision -m \"kinds\"", 3);
    assert!(asked.err.contains("--backfill note.kind="), "{asked}");
    project.write("answers.json", answers.expect("the page shows the file"));
    let _ = run("decisions", "revision -m \"kinds\" --decisions answers.json", 0);
    let _ = run("running", "upgrade --phase before", 0);
    let _ = run("running", "upgrade --phase after", 0);
    let _ = run("decisions", "purge", 0);

    let _ = run("data", "revision --empty -m \"lower case addresses\"", 0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = run("objects", "revision --empty -m \"who wrote lately\"", 0);
    let _ = project.limbeck(&["upgrade"]).code(0);
    let _ = run("branches", "rebase", 0);
    let _ = run("branches", "merge", 0);
    let _ = run("review", "verify", 0);
    let id = project.module_path("notes").split('_').nth(1).expect("an id").to_owned();
    for range in ["sql 51c0:head", "sql head:51c0"] {
        let script = guide.run(&project, "review", range, ("51c0", &id[..4])).code(0);
        assert!(script.out.contains("limbeck_history"), "{script}");
    }
    let rows = run("data", "revision --empty -m \"lower case addresses\" --rows account", 0);
    assert!(rows.out.contains("cargo add sqlx"), "{rows}");

    let old = ServerDatabase::new("guide_adopting");
    let adopted = Project::new(&APP).database(old.url());
    let _ = guide.run(&adopted, "adopting", "init --database postgres", same).code(0);
    adopted.write("migrations/0001_note.sql", "CREATE TABLE note (id bigint PRIMARY KEY);\n");
    let _ = guide.run(&adopted, "adopting", "baseline --sql migrations", same).code(0);

    let both = Project::new(&APP).sqlite();
    let _ = both.init("", &["--database", "postgres,sqlite"]).code(0);
    let toml = both.read("db/limbeck.toml");
    both.write("db/limbeck.toml", &format!("scratch_url = \"{}\"\n{toml}", server()));
    let reads = NOTE.replace(NICK, "    /// How often.\n    #[column(default = 0)]\n    pub reads: i32,\n");
    both.write("db/src/models.rs", &reads);
    let _ = both.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
    both.write("db/src/models.rs", &reads.replace("pub reads: i32", "pub reads: i64"));
    let wider = guide.run(&both, "config", "revision -m \"wider\"", same).code(0);
    for said in ["~ column note.reads: integer, default 0 → bigint, default 0", "SQLite: proved", "PostgreSQL: proved"]
    {
        assert!(wider.out.contains(said), "{wider}");
    }

    let readme = Project::new(&APP).sqlite();
    let run = |command: &str| guide.run(&readme, "README", command, same);
    let _ = run("init --database sqlite").code(0);
    readme.write("db/src/models.rs", NOTE);
    let _ = run("revision -m \"first tables\"").code(0);
    let _ = run("upgrade").code(0);
    let _ = run("check").code(0);
    readme.write("db/src/models.rs", &NOTE.replace(NICK, "    /// Where.\n    pub workspace: Option<String>,\n"));
    let _ = run("revision -m \"add workspace\"").code(3);
    assert_eq!(guide.0.into_inner(), BTreeSet::new(), "these are never run");
}
