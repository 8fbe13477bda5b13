//! Which database is meant.

use std::path::Path;

use super::Project;
use crate::failure::Failure;

/// A database, and who named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its URL, password and all: never printed.
    pub(crate) url: String,
    /// Who named it, for people.
    pub(crate) named_by: String,
}

/// The variables that name a database, in order.
const VARIABLES: [&str; 2] = ["LIMBECK_DATABASE_URL", "DATABASE_URL"];

/// The database: from the option, the environment, `.env`, or `limbeck.toml`, in that order.
pub(crate) fn find(option: Option<&str>, cwd: &Path, project: Option<&Project>) -> Result<Place, Failure> {
    look(option, &|name| std::env::var(name).ok(), cwd, project)?.ok_or_else(|| {
        Failure::new("no database is named")
            .why("looked at `--database-url`, `LIMBECK_DATABASE_URL`, `DATABASE_URL`, `.env` and `url` in limbeck.toml")
            .next("export DATABASE_URL=postgres://localhost/app, or sqlite://app.db")
    })
}

/// As [`find`], with an environment to look at, and without an error when there is none.
pub(crate) fn look(
    option: Option<&str>,
    environment: &dyn Fn(&str) -> Option<String>,
    cwd: &Path,
    project: Option<&Project>,
) -> Result<Option<Place>, Failure> {
    let place = |url: &str, named_by: String| Place { url: url.to_owned(), named_by };
    if let Some(url) = option {
        return Ok(Some(place(url, "--database-url".into())));
    }
    for name in VARIABLES {
        if let Some(url) = environment(name).filter(|url| !url.is_empty()) {
            return Ok(Some(place(&url, name.into())));
        }
    }
    for folder in [Some(cwd), project.map(|p| p.root.as_path())].into_iter().flatten() {
        if let Some(found) = dotenv(folder)? {
            return Ok(Some(found));
        }
    }
    Ok(project.and_then(|p| p.config.url.as_deref()).map(|url| place(url, "limbeck.toml".into())))
}

/// What the nearest `.env` upwards says. It is read, not loaded: the environment stays as it is.
fn dotenv(folder: &Path) -> Result<Option<Place>, Failure> {
    let Some(path) = folder.ancestors().map(|folder| folder.join(".env")).find(|path| path.is_file()) else {
        return Ok(None);
    };
    let cannot = |error: dotenvy::Error| Failure::new(format!("cannot read `{}`", path.display())).because(&error);
    let pairs: Vec<(String, String)> =
        dotenvy::from_path_iter(&path).map_err(cannot)?.collect::<Result<_, _>>().map_err(cannot)?;
    let find = |name: &str| pairs.iter().find(|(key, _)| key == name);
    Ok(VARIABLES
        .iter()
        .find_map(|name| find(name))
        .map(|(name, url)| Place { url: url.clone(), named_by: format!("{name} in .env") }))
}

/// A URL without user and password, for people.
pub(crate) fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (rest, _) = rest.split_once('?').unwrap_or((rest, ""));
    let end = rest.find('/').unwrap_or(rest.len());
    // A password may hold an `@` of its own; the last one ends it.
    let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[host..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("limbeck-database-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        folder
    }

    #[test]
    fn the_order_is_option_environment_dotenv_config() {
        let folder = folder("order");
        let project = |url: Option<&str>| Project {
            root: folder.clone(),
            config: toml::from_str(&url.map_or_else(String::new, |u| format!("url = {u:?}"))).expect("a config"),
        };
        let nothing = |_: &str| None;
        let both = |name: &str| Some(format!("sqlite://{name}"));
        let second = |name: &str| (name == "DATABASE_URL").then(|| "sqlite://second".to_owned());
        let with = project(Some("sqlite://toml"));
        let who = |option: Option<&str>, env: &dyn Fn(&str) -> Option<String>, p: &Project| {
            look(option, env, &folder, Some(p)).expect("readable").map(|place| place.named_by)
        };
        assert_eq!(who(None, &nothing, &project(None)), None);
        assert_eq!(who(None, &nothing, &with).as_deref(), Some("limbeck.toml"));
        std::fs::write(folder.join(".env"), "DATABASE_URL=sqlite://dot\n").expect("written");
        assert_eq!(who(None, &nothing, &with).as_deref(), Some("DATABASE_URL in .env"));
        assert_eq!(who(None, &second, &with).as_deref(), Some("DATABASE_URL"));
        assert_eq!(who(None, &both, &with).as_deref(), Some("LIMBECK_DATABASE_URL"));
        assert_eq!(who(Some("sqlite://x"), &both, &with).as_deref(), Some("--database-url"));
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(redacted("postgres://me:s3cr@t@host:5432/db?sslmode=require"), "postgres://host:5432/db");
        assert_eq!(redacted("postgres://localhost/db"), "postgres://localhost/db");
        assert_eq!(redacted("sqlite://app.db?mode=rwc"), "sqlite://app.db");
        assert_eq!(redacted("sqlite:app.db"), "sqlite:app.db");
    }
}
