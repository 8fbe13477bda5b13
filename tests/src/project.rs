//! A user's project in a temporary folder, and the command line run in it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// A project. Its packages must have names that no other test uses: all projects are built in one target folder, so
/// that what they depend on is built once.
#[derive(Debug)]
pub struct Project {
    folder: TempDir,
    database_url: Option<String>,
}

/// What a command did.
#[derive(Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit {}\n--- out\n{}--- err\n{}", self.code, self.out, self.err)
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Outcome {
    /// The same, when the command ended as it should.
    ///
    /// # Panics
    ///
    /// When it ended otherwise, with all it printed.
    #[must_use]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }
}

/// The root of Limbeck's own source.
#[must_use]
pub fn source() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}

/// Where the programs under test are; they are built when first asked for.
fn programs() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "limbeck-cli", "--bins"])
            .current_dir(source())
            .status()
            .unwrap_or_else(|e| panic!("cannot run cargo: {e}"));
        assert!(status.success(), "limbeck-cli does not build");
        // This test is target/debug/deps/name-hash.
        let own = std::env::current_exe().unwrap_or_else(|e| panic!("where am I: {e}"));
        own.ancestors().nth(2).unwrap_or_else(|| panic!("no target folder above {}", own.display())).to_owned()
    })
}

/// The program `limbeck` or `cargo-limbeck`.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    programs().join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

impl Project {
    /// A project of these files.
    ///
    /// # Panics
    ///
    /// When they cannot be written.
    #[must_use]
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::with_prefix("limbeck-project-").unwrap_or_else(|e| panic!("no folder: {e}"));
        let project = Self { folder, database_url: None };
        for (path, text) in files {
            project.write(path, text);
        }
        // What our own lock file says is what is built already.
        if project.path("Cargo.toml").exists() {
            let lock = fs::read_to_string(source().join("Cargo.lock")).unwrap_or_else(|e| panic!("no lock file: {e}"));
            project.write("Cargo.lock", &lock);
        }
        project
    }

    /// With a database.
    #[must_use]
    pub fn database(mut self, url: impl Into<String>) -> Self {
        self.database_url = Some(url.into());
        self
    }

    /// The database's URL.
    ///
    /// # Panics
    ///
    /// When it has none.
    #[must_use]
    pub fn url(&self) -> &str {
        self.database_url.as_deref().expect("a project with a database")
    }

    /// With an SQLite database in the project's folder.
    #[must_use]
    pub fn sqlite(self) -> Self {
        let url = format!("sqlite://{}?mode=rwc", self.path("app.db").display());
        self.database(url)
    }

    /// A path in the project.
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap_or(&path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    /// Reads a file.
    ///
    /// # Panics
    ///
    /// When it cannot be read.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Every file but cargo's lock and the database, to show that nothing changed.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        self.collect(self.folder.path(), &mut files);
        files
    }

    fn collect(&self, folder: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap_or_else(|e| panic!("{}: {e}", folder.display())).path();
            let name = path.strip_prefix(self.folder.path()).unwrap_or(&path).display().to_string();
            if path.is_dir() {
                files.insert(format!("{name}/"), String::new());
                self.collect(&path, files);
            } else if name != "Cargo.lock" && !name.starts_with("app.db") {
                files.insert(name, fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }

    /// The module of the migration whose file's name ends so.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn module_path(&self, slug: &str) -> String {
        let end = format!("_{slug}.rs");
        let found = self.files().into_keys().find(|path| path.contains("migrations/m2") && path.ends_with(&end));
        found.unwrap_or_else(|| panic!("no migration ends with {end}"))
    }

    /// Its text.
    #[must_use]
    pub fn module(&self, slug: &str) -> String {
        self.read(&self.module_path(slug))
    }

    /// Runs statements on the SQLite database.
    pub fn sql(&self, sql: &str) {
        let _ = self.rows(sql);
    }

    /// The rows of a query on the SQLite database, of one column each.
    ///
    /// # Panics
    ///
    /// When the shell refuses.
    #[must_use]
    pub fn rows(&self, sql: &str) -> Vec<String> {
        let output = Command::new("sqlite3").args(["-bail", "app.db", sql]).current_dir(self.path("")).output();
        let output = output.unwrap_or_else(|e| panic!("cannot run sqlite3: {e}"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// Runs `cargo limbeck …` in the project's folder.
    #[must_use]
    pub fn limbeck(&self, arguments: &[&str]) -> Outcome {
        self.limbeck_in("", arguments)
    }

    /// Runs `cargo limbeck …` in a folder of the project.
    #[must_use]
    pub fn limbeck_in(&self, folder: &str, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(program("cargo-limbeck"));
        command.arg("limbeck").args(arguments);
        self.run(command, folder)
    }

    /// Runs `cargo …` in the project's folder.
    #[must_use]
    pub fn cargo(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments);
        self.run(command, "")
    }

    /// Runs a command in a folder of the project. What it prints is the same wherever the project is.
    ///
    /// # Panics
    ///
    /// When it cannot be run.
    #[must_use]
    pub fn run(&self, mut command: Command, folder: &str) -> Outcome {
        command.current_dir(self.path(folder));
        for (name, _) in std::env::vars() {
            if name.starts_with("CARGO_") || name.starts_with("LIMBECK_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        command.env("CARGO", env!("CARGO")).env("CARGO_TARGET_DIR", source().join("target/projects"));
        // There are many projects: what is built for each is small, and built once.
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
        // Warnings are errors: what we generate must give none.
        command.env("RUSTFLAGS", "-D warnings").env("CARGO_TERM_COLOR", "never");
        if let Some(url) = &self.database_url {
            command.env("DATABASE_URL", url);
        }
        let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let real = self.folder.path().canonicalize().unwrap_or_default();
            text.replace(&*real.to_string_lossy(), "PROJECT").replace(&*self.path("").to_string_lossy(), "PROJECT/")
        };
        Outcome { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// `init`, with Limbeck's own source to depend on.
    #[must_use]
    pub fn init(&self, folder: &str, arguments: &[&str]) -> Outcome {
        let source = source();
        let source = source.to_string_lossy();
        let mut all = vec!["init", "--limbeck-path", &source];
        all.extend(arguments);
        self.limbeck_in(folder, &all)
    }
}

/// A project that `init` set up: an app `name` that says hello, and `name-db` with these models.
#[must_use]
pub fn started(name: &str, databases: &str, models: &str) -> Project {
    let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    let project =
        Project::new(&[("Cargo.toml", &manifest), ("src/main.rs", "fn main() {\n    println!(\"hello\");\n}\n")]);
    let _ = project.init("", &["--database", databases]).code(0);
    project.write("db/src/models.rs", models);
    project
}

impl Outcome {
    /// The same without what differs from day to day: dates and times taken.
    #[must_use]
    pub fn timeless(mut self) -> Self {
        self.out = timeless(&self.out);
        self.err = timeless(&self.err);
        self
    }
}

/// Text without the dates of files.
#[must_use]
pub fn undated(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("m2") {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let dated = digits == 8 && rest[at + 9..].starts_with('_');
        out.push_str(&rest[..at]);
        out.push_str(if dated { "mDATE" } else { "m2" });
        rest = &rest[at + if dated { 9 } else { 2 }..];
    }
    out + rest
}

/// Text without the dates of files, and without how long things took.
fn timeless(text: &str) -> String {
    let mut out = String::new();
    for piece in undated(text).split_inclusive('(') {
        let number = piece.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let unit = piece[number..].starts_with(" ms)") || piece[number..].starts_with(" s)");
        out.push_str(if number > 0 && unit { "N" } else { &piece[..number] });
        out.push_str(&piece[number..]);
    }
    out
}
