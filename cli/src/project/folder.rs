//! The folder of migrations: one module a migration, `mod.rs` with a sorted line for each, and `heads`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use limbeck::source::{Module, print};
use sha2::{Digest, Sha256};

use super::files::Files;
use super::header::Header;
use crate::failure::Failure;

/// The folder of migrations.
pub(crate) struct Folder {
    path: PathBuf,
}

/// How much of a message goes into a file's name.
const SLUG: usize = 40;

impl Folder {
    /// The folder at a path, which must be there with its `mod.rs`.
    pub(crate) fn open(path: PathBuf) -> Result<Self, Failure> {
        if path.join("mod.rs").is_file() {
            return Ok(Self { path });
        }
        Err(Failure::new(format!("`{}` is no folder of migrations", path.display()))
            .why("it has no `mod.rs`; limbeck.toml says under `migrations` where the folder is"))
    }

    /// Plans the files of a new migration, and gives the module's path. `heads` are those after it.
    pub(crate) fn plan(&self, files: &mut Files, module: &Module, heads: &[String]) -> Result<PathBuf, Failure> {
        let name = module_name(module, SystemTime::now());
        let path = self.path.join(format!("{name}.rs"));
        files.write(&path, formatted(&print(module), &self.path));
        self.plan_heads(files, heads);
        // Last, so that a run that is killed leaves at most a file that nothing names.
        let (list, text) = self.list()?;
        files.write(list, with_line(&text, &name));
        Ok(path)
    }

    /// Plans the files of a migration in the place of the one that has its id.
    pub(crate) fn plan_anew(&self, files: &mut Files, module: &Module, heads: &[String]) -> Result<PathBuf, Failure> {
        let before = self.headers()?.into_iter().find(|header| header.revision.id == module.id);
        let path = self.plan(files, module, heads)?;
        if let Some(before) = before.filter(|before| before.path != path) {
            let name = before.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let (list, text) = self.list()?;
            let new = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            files.write(list, with_line(&without_line(&text, &name), &new));
            files.remove(before.path);
        } else {
            // The line is there.
            let (list, text) = self.list()?;
            files.write(list, text);
        }
        Ok(path)
    }

    /// Plans that a module goes. `heads` are those after it.
    pub(crate) fn plan_removal(&self, files: &mut Files, module: &Path, heads: &[String]) -> Result<(), Failure> {
        let name = module.file_stem().unwrap_or_default().to_string_lossy();
        let (list, text) = self.list()?;
        // First, so that a run that is killed leaves at most a file that nothing names.
        files.write(list, without_line(&text, &name));
        self.plan_heads(files, heads);
        files.remove(module);
        Ok(())
    }

    fn plan_heads(&self, files: &mut Files, heads: &[String]) {
        let mut heads = heads.to_vec();
        heads.sort();
        files.write(self.path.join("heads"), heads.iter().map(|head| format!("{head}\n")).collect::<String>());
    }

    /// `mod.rs` and its text.
    fn list(&self) -> Result<(PathBuf, String), Failure> {
        let list = self.path.join("mod.rs");
        let text = std::fs::read_to_string(&list)
            .map_err(|error| Failure::new(format!("cannot read `{}`", list.display())).because(&error))?;
        if is_conflict(&text) {
            return Err(Failure::new(format!("`{}` holds conflict markers of a merge", list.display()))
                .next("limbeck rebase, which keeps the `mod` lines of both sides"));
        }
        Ok((list, text))
    }

    /// Plans a `mod.rs` and a `heads` that hold what both sides of a merge say, where git left its markers in one.
    pub(crate) fn plan_union(&self, files: &mut Files, heads: &[String]) -> Result<(), Failure> {
        let list = self.path.join("mod.rs");
        let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
        let (text, known) = (read(&list), read(&self.path.join("heads")));
        if is_conflict(&text) {
            let mut clean = String::new();
            let mut modules: Vec<String> = Vec::new();
            for line in text.lines().filter(|line| !is_marker(line)) {
                match declared(line) {
                    Some(name) => modules.push(name.to_owned()),
                    None => clean.push_str(&format!("{line}\n")),
                }
            }
            modules.sort();
            modules.dedup();
            let text = modules.iter().fold(clean, |text, name| with_line(&text, name));
            files.write(list, text);
        }
        if is_conflict(&text) || is_conflict(&known) {
            self.plan_heads(files, heads);
        }
        Ok(())
    }

    /// Plans another text for a module, and other heads.
    pub(crate) fn plan_text(&self, files: &mut Files, module: &Path, text: String, heads: &[String]) {
        files.write(module, text);
        self.plan_heads(files, heads);
    }

    /// What the modules say about themselves, by their text.
    pub(crate) fn headers(&self) -> Result<Vec<Header>, Failure> {
        let cannot = |error| Failure::new(format!("cannot read `{}`", self.path.display())).because(&error);
        let mut headers = Vec::new();
        for entry in std::fs::read_dir(&self.path).map_err(&cannot)? {
            let path = entry.map_err(&cannot)?.path();
            if path.extension().is_some_and(|end| end == "rs") && path.file_name().is_some_and(|name| name != "mod.rs")
            {
                headers.extend(Header::read(&path)?);
            }
        }
        headers.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(headers)
    }
}

/// An id that the same migration gets wherever it is made. `taken` are those that it must not be.
pub(crate) fn new_id(module: &Module, taken: &dyn Fn(&str) -> bool) -> String {
    let unnamed = Module { id: String::new(), ..module.clone() };
    let text = print(&unnamed);
    let mut salt = 0_u32;
    loop {
        let digest = Sha256::new().chain_update(&text).chain_update(salt.to_be_bytes()).finalize();
        let id: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        if !taken(&id) {
            return id;
        }
        salt += 1;
    }
}

fn module_name(module: &Module, now: SystemTime) -> String {
    let (year, month, day) = date(now);
    let slug = slug(&module.message);
    let end = if slug.is_empty() { String::new() } else { format!("_{slug}") };
    format!("m{year:04}{month:02}{day:02}_{}{end}", module.id)
}

/// A message as part of a file's name: lower case words, as many as fit.
fn slug(message: &str) -> String {
    let mut slug = String::new();
    let words = message.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    for word in words {
        if !slug.is_empty() && slug.len() + word.len() >= SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug.extend(word.chars().take(SLUG).map(|c| c.to_ascii_lowercase()));
    }
    slug
}

/// The date in UTC, from the days since 1970, in the proleptic Gregorian calendar.
fn date(now: SystemTime) -> (i64, i64, i64) {
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let days = i64::try_from(seconds / 86_400).unwrap_or(0);
    // Years begin in March here, so that the leap day is the last of its year; eras of 400 years are all alike.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Whether git left its markers in a text.
fn is_conflict(text: &str) -> bool {
    text.lines().any(is_marker)
}

fn is_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker))
}

/// The module that a line declares.
fn declared(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'))
}

/// `mod.rs` without a module's line.
fn without_line(text: &str, name: &str) -> String {
    text.lines().filter(|line| declared(line) != Some(name)).map(|line| format!("{line}\n")).collect()
}

/// `mod.rs` with one more line, in its place among the others.
fn with_line(text: &str, name: &str) -> String {
    let new = format!("mod {name};");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let after = lines.iter().rposition(|line| declared(line).is_some_and(|known| known < name));
    let before = lines.iter().position(|line| declared(line).is_some());
    match (after, before) {
        (Some(at), _) => lines.insert(at + 1, new),
        (None, Some(at)) => lines.insert(at, new),
        (None, None) => {
            while lines.last().is_some_and(String::is_empty) {
                lines.pop();
            }
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(new);
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The text as rustfmt writes it with the project's settings; as it is where there is no rustfmt.
fn formatted(text: &str, folder: &Path) -> String {
    let run = || -> std::io::Result<Option<String>> {
        let mut child = Command::new("rustfmt")
            .args(["--edition", "2024"])
            // Standard input has no folder of its own: rustfmt.toml is looked for from here upwards.
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(text.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        Ok(output.status.success().then(|| String::from_utf8(output.stdout).ok()).flatten())
    };
    match run() {
        Ok(Some(formatted)) if !formatted.is_empty() => formatted,
        Ok(_) | Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(message: &str) -> Module {
        Module { id: "8f3a2c1d".into(), message: message.into(), ..Module::default() }
    }

    #[test]
    fn names_hold_the_day_the_id_and_the_message() {
        let day = |days: u64| UNIX_EPOCH + Duration::from_secs(days * 86_400 + 3_600);
        assert_eq!(module_name(&module("Add workspace"), day(20_780)), "m20261123_8f3a2c1d_add_workspace");
        assert_eq!(module_name(&module("  ¿?"), day(0)), "m19700101_8f3a2c1d");
        assert_eq!(date(day(11_016)), (2000, 2, 29));
        assert_eq!(date(day(11_017)), (2000, 3, 1));
        assert_eq!(slug("one two three four five six seven eight nine ten"), "one_two_three_four_five_six_seven_eight");
        assert_eq!(slug(&"x".repeat(99)).len(), SLUG);
    }

    #[test]
    fn an_id_is_of_what_the_migration_says() {
        let first = new_id(&module("a"), &|_| false);
        assert_eq!(first, new_id(&Module { id: "other".into(), ..module("a") }, &|_| false));
        assert_ne!(first, new_id(&module("b"), &|_| false));
        let second = new_id(&module("a"), &|id| id == first);
        assert_ne!(first, second);
        assert_eq!(second.len(), 8);
    }

    #[test]
    fn lines_are_sorted_and_all_else_stays() {
        assert_eq!(with_line("//! Migrations.\n", "m2"), "//! Migrations.\n\nmod m2;\n");
        assert_eq!(with_line("", "m2"), "mod m2;\n");
        let two = "//! Migrations.\n\npub mod m1;\nmod m3;\n\nfn mine() {}\n";
        assert_eq!(with_line(two, "m2"), "//! Migrations.\n\npub mod m1;\nmod m2;\nmod m3;\n\nfn mine() {}\n");
        assert_eq!(with_line(two, "m0"), "//! Migrations.\n\nmod m0;\npub mod m1;\nmod m3;\n\nfn mine() {}\n");
        assert_eq!(with_line(two, "m4"), "//! Migrations.\n\npub mod m1;\nmod m3;\nmod m4;\n\nfn mine() {}\n");
    }
}
