//! One story, told on both databases: the same models, the same commands, the same transcript.

use std::ops::Deref;
use std::process::Command;

use crate::project::{Outcome, Project, started};
use crate::server::ServerDatabase;

/// A project on one of the databases.
#[derive(Debug)]
pub struct Story {
    project: Project,
    server: Option<ServerDatabase>,
}

impl Deref for Story {
    type Target = Project;

    fn deref(&self) -> &Project {
        &self.project
    }
}

/// Tells a story on SQLite and on PostgreSQL. The name must be one that no other test uses.
pub fn on_both(name: &str, models: &str, tell: impl Fn(&Story)) {
    tell(&Story { project: started(name, "sqlite", models).sqlite(), server: None });
    tell(&on_postgres(name, models));
}

/// A model for stories of what becomes of its rows.
pub const NOTE: &str = r#"//! Models.

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

/// Its rows.
pub const NOTES: &str = "INSERT INTO note (title, nick) VALUES ('one', 'first'), ('two', NULL)";

/// Tells a story of notes that are there, on SQLite and on PostgreSQL.
pub fn on_notes(name: &str, tell: impl Fn(&Story)) {
    on_both(name, NOTE, |story| {
        let _ = story.limbeck(&["revision", "-m", "notes", "--apply"]).code(0);
        story.sql(NOTES);
        tell(story);
    });
}

/// A project on PostgreSQL alone.
#[must_use]
pub fn on_postgres(name: &str, models: &str) -> Story {
    let server = ServerDatabase::new(&name.replace('-', "_"));
    let project = started(name, "postgres", models).database(server.url());
    Story { project, server: Some(server) }
}

impl Story {
    /// Whether this is the one on PostgreSQL.
    #[must_use]
    pub fn is_on_server(&self) -> bool {
        self.server.is_some()
    }

    /// The rows of a query, of one column each.
    #[must_use]
    pub fn rows(&self, sql: &str) -> Vec<String> {
        match &self.server {
            Some(server) => server.run(sql).lines().map(str::to_owned).collect(),
            None => self.project.rows(sql),
        }
    }

    /// Runs statements.
    pub fn sql(&self, sql: &str) {
        let _ = self.rows(sql);
    }

    /// Runs a script with the database's own shell.
    #[must_use]
    pub fn shell(&self, script: &str) -> Outcome {
        let read = format!(".read {script}");
        let (program, arguments) = if self.is_on_server() {
            ("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script, "-d", self.url()].to_vec())
        } else {
            ("sqlite3", ["app.db", read.as_str()].to_vec())
        };
        let mut command = Command::new(program);
        command.args(arguments);
        self.run(command, "")
    }

    /// Runs `cargo limbeck …`, and gives what a user sees, without what differs from day to day or is the database's
    /// name. The exit code must be this.
    #[must_use]
    pub fn tell(&self, arguments: &[&str], code: i32) -> String {
        let Outcome { out, err, .. } = self.project.limbeck(arguments).code(code).timeless();
        self.placeless(&format!("$ cargo limbeck {}\n{out}{err}", typed(arguments)))
    }

    /// Text without the places that are different each time.
    #[must_use]
    pub fn placeless(&self, text: &str) -> String {
        let mut text = text.replace("sqlite://PROJECT/app.db", "DATABASE").replace("PROJECT/app.db", "DATABASE");
        if let Some(server) = &self.server {
            let url = server.url();
            let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
            let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
            let rest = rest.split('?').next().unwrap_or(rest);
            for scheme in ["postgres://", "postgresql://"] {
                text = text.replace(&format!("{scheme}{rest}"), "DATABASE");
            }
        }
        text
    }
}

/// Arguments as a person types them.
fn typed(arguments: &[&str]) -> String {
    let word = |word: &&str| if word.contains([' ', '*', '\'']) { format!("{word:?}") } else { (*word).to_owned() };
    arguments.iter().map(word).collect::<Vec<_>>().join(" ")
}
