//! The rules of ARCHITECTURE.md that the compiler does not hold, against the source tree.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use limbeck_tests::project::source;

/// A source file: where it is, and its lines without comments and without its unit tests.
struct Source {
    path: String,
    lines: Vec<(usize, String)>,
}

fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&source().join(folder), &mut found);
    assert!(!found.is_empty(), "no sources in {folder}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.unwrap_or_else(|e| panic!("{e}")).path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            let lines = code.lines().enumerate().map(|(at, line)| (at + 1, uncommented(line).to_owned()));
            let shown = path.strip_prefix(source()).unwrap_or(&path).display().to_string();
            found.push(Source { path: shown, lines: lines.collect() });
        }
    }
}

/// A line up to its comment; `//` inside a string is no comment.
fn uncommented(line: &str) -> &str {
    let bytes = line.as_bytes();
    let mut quoted = false;
    for at in 0..bytes.len() {
        match bytes[at] {
            b'"' if at == 0 || bytes[at - 1] != b'\\' => quoted = !quoted,
            b'/' if !quoted && bytes.get(at + 1) == Some(&b'/') => return &line[..at],
            _ => {}
        }
    }
    line
}

/// The words of a line: identifiers and what stands between.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The places that break a rule, which must be none.
fn none(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

fn places(folder: &str, breaks: impl Fn(&Source, &str) -> bool) -> Vec<String> {
    let mut places = Vec::new();
    for source in sources(folder) {
        for (number, line) in &source.lines {
            if breaks(&source, line) {
                places.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    places
}

/// The folders of the runtime, and the ones that each may know.
const ARROWS: [(&str, &[&str]); 7] = [
    ("schema", &[]),
    ("change", &["schema"]),
    ("diff", &["change", "schema"]),
    ("plan", &["diff", "change", "schema"]),
    ("source", &["plan", "diff", "change", "schema"]),
    ("dialect", &["plan", "diff", "change", "schema"]),
    ("migrate", &["dialect", "source", "plan", "diff", "change", "schema"]),
];

#[test]
fn no_arrow_runs_back_up() {
    for (folder, known) in ARROWS {
        let forbidden: Vec<&str> =
            ARROWS.iter().map(|(name, _)| *name).filter(|name| *name != folder && !known.contains(name)).collect();
        let up = |line: &str| forbidden.iter().any(|name| line.contains(&format!("crate::{name}::")));
        // `crate::{a, b}` would hide a folder from the line above.
        let hidden = |line: &str| line.contains("crate::{");
        let broken = places(&format!("runtime/src/{folder}"), |_, line| up(line) || hidden(line));
        none(&format!("`{folder}` knows only {known:?}"), broken);
    }
}

#[test]
fn the_middle_is_pure() {
    for folder in ["schema", "change", "diff", "plan", "source"] {
        // Text that tells people what to write is no use of it.
        let impure = |line: &str| {
            let code: String = line.split('"').step_by(2).collect();
            words(&code).any(|word| matches!(word, "sqlx" | "tokio" | "async" | "await" | "fs" | "env" | "SystemTime"))
        };
        let broken = places(&format!("runtime/src/{folder}"), |_, line| impure(line));
        none(&format!("`{folder}` is values in, values out"), broken);
    }
}

#[test]
fn the_pure_part_needs_no_driver() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "limbeck", "--no-default-features", "--edges", "normal", "--prefix", "none"])
        .current_dir(source())
        .output()
        .unwrap_or_else(|e| panic!("cannot run cargo: {e}"));
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(tree.contains("inventory"), "{tree}{}", String::from_utf8_lossy(&output.stderr));
    let drivers: Vec<&str> = tree.lines().filter(|l| l.starts_with("sqlx") || l.starts_with("tokio")).collect();
    assert!(drivers.is_empty(), "{drivers:?}");
}

#[test]
fn only_a_dialect_asks_which_database_it_is() {
    for folder in ["schema", "change", "diff", "plan", "source"] {
        let asks = |line: &str| {
            let code: String = line.split('"').step_by(2).collect();
            words(&code).any(|word| matches!(word, "POSTGRES" | "SQLITE" | "Postgres" | "Sqlite"))
                || line.contains("Database(\"")
        };
        none(&format!("`{folder}` branches on no database"), places(&format!("runtime/src/{folder}"), |_, l| asks(l)));
    }
}

#[test]
fn our_enums_are_matched_whole() {
    let ours = ["Change::", "Delta::", "Step::", "Action::", "Place::", "Type::", "Piece::", "Loss::"];
    for folder in ["runtime/src", "cli/src"] {
        let mut broken = Vec::new();
        for source in sources(folder) {
            for (at, (number, line)) in source.lines.iter().enumerate() {
                if !line.trim_start().starts_with("_ =>") {
                    continue;
                }
                // rustfmt puts all arms of a match at one depth, and what is inside them deeper.
                let depth = line.len() - line.trim_start().len();
                let arms = source.lines[..at].iter().rev().map(|(_, line)| line.as_str());
                let arms = arms.take_while(|l| l.trim().is_empty() || l.len() - l.trim_start().len() >= depth);
                let whole = arms
                    .filter(|l| l.len() - l.trim_start().len() == depth)
                    .any(|l| ours.iter().any(|name| l.trim_start().trim_start_matches('(').starts_with(name)));
                if whole {
                    broken.push(format!("{}:{number}", source.path));
                }
            }
        }
        none("a new variant must be seen by the compiler's checklist", broken);
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    for folder in ["macros/src", "runtime/src", "cli/src"] {
        let hashed = |line: &str| words(line).any(|word| word == "HashMap" || word == "HashSet");
        none("hash maps have no order", places(folder, |_, line| hashed(line)));
    }
}

#[test]
fn only_ui_prints() {
    for folder in ["macros/src", "runtime/src", "cli/src"] {
        let prints = |line: &str| {
            let macros = ["print!", "println!", "eprint!", "eprintln!"].iter().any(|name| line.contains(name));
            macros || line.contains("io::stdout()") || line.contains("io::stderr()")
        };
        let broken = places(folder, |source, line| source.path != "cli/src/ui.rs" && prints(line));
        none("`cli/src/ui.rs` is the only place that prints", broken);
    }
}

#[test]
fn dialects_have_the_same_files() {
    let folder = source().join("runtime/src/dialect");
    let dialects: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap_or_else(|e| panic!("{e}")).path())
        .filter(|path| path.is_dir())
        .collect();
    for dialect in dialects {
        for file in ["mod", "capabilities", "canonical", "types", "render", "introspect", "lock"] {
            let there = dialect.join(format!("{file}.rs")).exists() || dialect.join(file).join("mod.rs").exists();
            assert!(there, "{} has no `{file}`", dialect.display());
        }
        assert!(dialect.join("catalog").is_dir(), "{} keeps its catalog queries as files", dialect.display());
    }
}

#[test]
fn a_file_is_one_noun() {
    for folder in ["macros/src", "runtime/src", "cli/src", "tests/src"] {
        let broken = sources(folder)
            .into_iter()
            .map(|source| source.path)
            .filter(|path| {
                words(path).any(|w| matches!(w, "util" | "utils" | "helpers" | "common" | "manager" | "misc"))
            })
            .collect();
        none("a name that says nothing", broken);
    }
}

#[test]
fn the_top_level_is_what_it_says() {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(source())
        .output()
        .unwrap_or_else(|e| panic!("the tests need `git` (Debian: apt-get install git): {e}"));
    let listed = String::from_utf8_lossy(&output.stdout);
    let top: BTreeSet<&str> = listed.lines().filter_map(|path| path.split('/').next()).collect();
    let folders: Vec<&str> =
        top.iter().copied().filter(|name| !name.starts_with('.') && source().join(name).is_dir()).collect();
    assert_eq!(folders, ["cli", "examples", "macros", "runtime", "tests"]);
    for file in [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
    ] {
        assert!(top.contains(file), "no {file}");
    }
}
