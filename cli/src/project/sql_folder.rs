//! A folder of migrations in SQL, as other tools lay it out.

use std::path::Path;

use crate::failure::Failure;

/// Whose layout it is, and so where it is written down what a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// `20240101120000_name.sql`, or `….up.sql` and `….down.sql`.
    Sqlx,
    /// `V1__name.sql`.
    Refinery,
    /// `2024-01-01-120000_name/up.sql`.
    Diesel,
}

impl Tool {
    /// Its table.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Sqlx => "_sqlx_migrations",
            Self::Refinery => "refinery_schema_history",
            Self::Diesel => "__diesel_schema_migrations",
        }
    }

    /// The query for the versions that a database has.
    pub(crate) fn versions(self) -> &'static str {
        match self {
            Self::Sqlx => "SELECT CAST(version AS text) FROM _sqlx_migrations WHERE success",
            Self::Refinery => "SELECT CAST(version AS text) FROM refinery_schema_history",
            Self::Diesel => "SELECT CAST(version AS text) FROM __diesel_schema_migrations",
        }
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SqlFile {
    /// The version, as the tool writes it down.
    pub(crate) version: String,
    /// Where it is, for people.
    pub(crate) name: String,
    /// The statements.
    pub(crate) text: String,
    /// Whether it must not run in a transaction (sqlx, `-- no-transaction`).
    pub(crate) alone: bool,
}

/// Reads a folder, in the order in which its tool runs it.
pub(crate) fn read(folder: &Path) -> Result<(Tool, Vec<SqlFile>), Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("cannot read `{}`", folder.display())).because(&error);
    let mut found: Vec<(u128, Tool, SqlFile)> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((tool, version)) = version(&name, path.is_dir()) else { continue };
        let file = if path.is_dir() { path.join("up.sql") } else { path };
        let text = std::fs::read_to_string(&file).map_err(cannot)?.replace("\r\n", "\n");
        let alone = text.starts_with("-- no-transaction");
        let order = version.parse().unwrap_or_default();
        found.push((order, tool, SqlFile { version, name, text: text.trim_end().to_owned(), alone }));
    }
    found.sort_by(|a, b| (a.0, &a.2.name).cmp(&(b.0, &b.2.name)));
    let Some((_, tool, _)) = found.first() else {
        return Err(Failure::new(format!("`{}` has no migrations in SQL", folder.display()))
            .why("looked for `1_name.sql` (sqlx), `V1__name.sql` (refinery) and `1_name/up.sql` (diesel)"));
    };
    let tool = *tool;
    if let Some((_, _, other)) = found.iter().find(|(_, other, _)| *other != tool) {
        return Err(Failure::new(format!("`{}` is laid out as more than one tool does", folder.display()))
            .why(format!("{} and {}", found[0].2.name, other.name)));
    }
    Ok((tool, found.into_iter().map(|(_, _, file)| file).collect()))
}

/// Whose file this is, and its version.
fn version(name: &str, folder: bool) -> Option<(Tool, String)> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if folder {
        let (version, _) = name.split_once('_')?;
        let version = version.replace('-', "");
        return digits(&version).then_some((Tool::Diesel, version));
    }
    let stem = name.strip_suffix(".sql")?;
    if stem.ends_with(".down") {
        return None;
    }
    if let Some((version, _)) = stem.strip_prefix('V').and_then(|rest| rest.split_once("__")) {
        return digits(version).then(|| (Tool::Refinery, version.to_owned()));
    }
    let (version, _) = stem.split_once('_')?;
    digits(version).then(|| (Tool::Sqlx, version.trim_start_matches('0').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_names() {
        for (name, folder, want) in [
            ("20240101_users.sql", false, Some((Tool::Sqlx, "20240101"))),
            ("0003_users.up.sql", false, Some((Tool::Sqlx, "3"))),
            ("0003_users.down.sql", false, None),
            ("V12__users.sql", false, Some((Tool::Refinery, "12"))),
            ("2024-01-02-030405_users", true, Some((Tool::Diesel, "20240102030405"))),
            ("README.md", false, None),
            ("seed.sql", false, None),
        ] {
            assert_eq!(version(name, folder), want.map(|(tool, version)| (tool, version.to_owned())), "{name}");
        }
    }
}
