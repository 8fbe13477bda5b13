//! Random edits of models on databases with rows, through the command: no value of a column that is there before and
//! after is changed or lost, unless somebody agreed to it, or the command refuses and the database is as it was. What was
//! applied is undone again, and everything is as before, unless somebody agreed that it is not.
//!
//! `LIMBECK_EDITS` says how many, half of them on each database; `LIMBECK_EDIT` picks one.

#![expect(clippy::print_stdout, reason = "how the edits ended is read by people")]

mod models;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;

use limbeck_tests::generate::Choices;
use limbeck_tests::project::{Outcome, Project, source};
use limbeck_tests::server::{ServerDatabase, server};
use models::{Kind, Models};
use serde_json::{Value, json};

/// How many edits are tried when nobody says.
const EDITS: usize = 16;
/// After so many rounds of answers something else is wrong.
const ROUNDS: usize = 8;

const MAIN: &str = r#"
use std::sync::OnceLock;

use limbeck::diff::{Renames, diff};
use limbeck::migrate::{MigrationDef, Migrator};
use limbeck::migration::Migration;
use limbeck::plan::order;
use limbeck::registry::Registry;
use limbeck::schema::Schema;
use limbeck::source::{Step, steps};

static FIRST: OnceLock<Vec<Step>> = OnceLock::new();

fn first(m: &mut Migration) {
    FIRST.get().into_iter().flatten().for_each(|step| m.say(step.clone()));
}

/// The models of one edit, before or after it, and one migration: the one that made those before.
fn main() -> std::process::ExitCode {
    let edit = std::env::var("EDIT").expect("a number");
    let group = move |side: &str| Registry::registered_in(Some(format!("e{edit}_{side}").leak()));
    let before = group("before").schema().expect("models");
    let plan = order(diff(&Schema::empty(), &before, &Renames::default()).expect("a diff")).expect("an order");
    FIRST.get_or_init(|| steps(&plan.changes, &Schema::empty()).expect("steps"));
    limbeck_cli::main_with(move || {
        let migration = MigrationDef {
            message: "before",
            ..MigrationDef::new("00000001", first, |m| m.irreversible("it is the first"))
        };
        Migrator::builder().registry(group(&std::env::var("SIDE").expect("a side"))).migrations([migration]).build()
    })
}
"#;

/// One edit.
struct Edit {
    number: usize,
    before: Models,
    after: Models,
    rows: Vec<String>,
    /// For what is still to be chosen.
    bytes: Vec<u8>,
}

/// Bytes that look like chance, the same for a number.
fn bytes(number: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(number as u64 + 1);
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(600).collect()
}

impl Edit {
    fn draw(number: usize) -> Self {
        let bytes = bytes(number);
        let mut choices = Choices::new(&bytes[..400]);
        let before = Models::draw(&mut choices);
        let after = before.edited(&mut choices);
        let rows = before.rows(&mut choices);
        Self { number, before, after, rows, bytes: bytes[400..].to_vec() }
    }
}

/// The program with the models of all edits.
fn build(edits: &[Edit]) -> Project {
    let root = source();
    let manifest = format!(
        "[package]\nname = \"edits\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         limbeck = {{ path = {:?}, features = [\"derive\", \"postgres\", \"sqlite\"] }}\nlimbeck-cli = {{ path = {:?} }}\n",
        root.join("runtime"),
        root.join("cli")
    );
    let mut text = "#![allow(dead_code, non_snake_case)]\n".to_owned();
    for edit in edits {
        let _ = writeln!(text, "{}", edit.before.source(&format!("e{}_before", edit.number)));
        let _ = writeln!(text, "{}", edit.after.source(&format!("e{}_after", edit.number)));
    }
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).expect("a lock file");
    let project = Project::new(&[("Cargo.toml", &manifest), ("Cargo.lock", &lock), ("src/main.rs", &(text + MAIN))]);
    let _ = project.cargo(&["build", "--quiet", "--offline"]).code(0);
    project
}

/// A database with the rows of one edit.
enum Place {
    Server(ServerDatabase),
    File(String),
}

impl Place {
    fn url(&self, project: &Project) -> String {
        match self {
            Self::Server(server) => server.url().to_owned(),
            Self::File(name) => format!("sqlite://{}?mode=rwc", project.path(name).display()),
        }
    }

    fn rows(&self, project: &Project, sql: &str) -> Result<Vec<String>, String> {
        let mut shell = match self {
            Self::Server(server) => {
                let mut psql = Command::new("psql");
                psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, "-d", server.url()]);
                psql
            }
            Self::File(name) => {
                let mut sqlite = Command::new("sqlite3");
                sqlite.args(["-bail", name, sql]);
                sqlite
            }
        };
        shell.current_dir(project.path(""));
        let output = shell.output().expect("a shell");
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
    }

    /// The values of a column by the row's number; nothing when there is no such column.
    fn values(&self, project: &Project, table: &str, column: &str) -> Option<BTreeMap<String, Option<String>>> {
        let sql = format!("SELECT id || '|' || coalesce(CAST({column} AS text), '<null>') FROM {table} ORDER BY id");
        let rows = self.rows(project, &sql).ok()?;
        let part = |row: String| {
            let (id, value) = row.split_once('|').expect("two parts");
            (id.to_owned(), (value != "<null>").then(|| value.to_owned()))
        };
        Some(rows.into_iter().map(part).collect())
    }

    /// All tables but the bookkeeping's, as the database tells of them. What nobody named has any name.
    fn schema(&self, project: &Project) -> Vec<String> {
        let schema = match self {
            Self::Server(_) => {
                "SELECT table_name || '.' || column_name || ' ' || data_type || coalesce(character_maximum_length::text, '')
                        || is_nullable || coalesce(column_default, '')
                   FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'limbeck%'
                 UNION ALL SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                   WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'limbeck%'
                 UNION ALL SELECT regexp_replace(indexdef, 'INDEX .* ON', 'INDEX ON') FROM pg_indexes
                   WHERE schemaname = 'public' AND tablename NOT LIKE 'limbeck%'
                 UNION ALL SELECT 'label ' || row_number() OVER (ORDER BY enumsortorder) || enumlabel FROM pg_enum ORDER BY 1"
            }
            Self::File(_) => {
                "WITH t AS (SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'limbeck%' AND name NOT LIKE 'sqlite%')
                 SELECT t.name || '.' || c.name || ' ' || c.type || c.\"notnull\" || coalesce(c.dflt_value, '') || c.pk AS said
                   FROM t, pragma_table_info(t.name) c
                 UNION ALL SELECT t.name || ' index ' || i.\"unique\" || i.origin || i.partial ||
                   (SELECT group_concat(coalesce(name, '')) FROM pragma_index_info(i.name)) FROM t, pragma_index_list(t.name) i
                 UNION ALL SELECT t.name || ' refers ' || f.\"from\" || ' ' || f.\"table\" || ' ' || coalesce(f.\"to\", '') || f.on_delete
                   FROM t, pragma_foreign_key_list(t.name) f ORDER BY 1"
            }
        };
        self.rows(project, schema).expect("a schema")
    }

    /// All that is in the database but the bookkeeping, to see whether it is as it was.
    fn all(&self, project: &Project, models: &Models) -> Vec<String> {
        let mut all = self.schema(project);
        for model in &models.tables {
            for field in &model.fields {
                all.push(format!("{model:?} {:?}", self.values(project, &model.name, &field.name), model = model.name));
            }
        }
        all
    }
}

/// What somebody answered.
#[derive(Debug, Default)]
struct Said(BTreeMap<String, Vec<String>>);

impl Said {
    fn list(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// As the file that `--decisions` reads.
    fn json(&self) -> String {
        let one = |(key, list): (&String, &Vec<String>)| match key.as_str() {
            "irreversible" => (key.clone(), json!("nobody knows how")),
            _ => (key.clone(), json!(list)),
        };
        Value::Object(self.0.iter().map(one).collect()).to_string()
    }

    /// Chooses one of the answers to a decision.
    fn answer(&mut self, decision: &Value, edit: &Edit, choices: &mut Choices<'_>) {
        let flags: Vec<&str> = decision["answers"]
            .as_array()
            .expect("answers")
            .iter()
            .map(|answer| answer["flag"].as_str().expect("a flag"))
            .filter(|flag| !flag.starts_with("--placeholder") && !flag.starts_with("--no-backfill"))
            .collect();
        let flag = choices.one(&flags).trim_start_matches("--");
        let (key, value) = flag.split_once([' ', '=']).unwrap_or((flag, ""));
        let value = value.trim_matches('\'').to_owned();
        let name = value.split('=').next().unwrap_or_default().to_owned();
        let value = match key {
            "backfill" => {
                let kind = kind(&edit.after, &name).unwrap_or(Kind::Text);
                format!("{name}={}", edit.after.filling(&kind))
            }
            // It is of the type that the column has by then, and fits the one that it gets.
            "down-fill" => {
                let after = kind(&edit.after, &name);
                let filling = match (edit.before.filling(&kind(&edit.before, &name).unwrap_or(Kind::Text)), after) {
                    (filling, None) => filling,
                    (filling, Some(Kind::Text | Kind::Short(_))) if filling.starts_with('\'') => filling,
                    (filling, Some(Kind::Text | Kind::Short(_))) => format!("CAST({filling} AS text)"),
                    (_, Some(after)) => edit.after.filling(&after),
                };
                format!("{name}={filling}")
            }
            "map" => {
                let stays: Vec<&String> =
                    edit.before.labels.iter().filter(|label| edit.after.labels.contains(label)).collect();
                let none = "none".to_owned();
                format!("{name}={}", if stays.is_empty() { &none } else { *choices.one(&stays) })
            }
            _ => value,
        };
        // One thing is renamed once.
        let old = |pair: &str| pair.rsplit_once(':').map(|(old, _)| old.to_owned());
        if key == "rename" && self.list("rename").iter().any(|pair| old(pair) == old(&value)) {
            let new = decision["question"].as_str().and_then(|text| text.split('`').nth(1)).unwrap_or_default();
            self.0.entry("no_rename".to_owned()).or_default().push(new.to_owned());
        } else {
            self.0.entry(key.replace('-', "_")).or_default().push(value);
        }
    }

    /// What a table, a column or a label is called now.
    fn now(&self, name: &str, within: &[&str]) -> String {
        let full = |pair: &&String, old: &str| pair.rsplit_once(':').is_some_and(|(from, _)| from == old);
        let olds: Vec<String> = if within.is_empty() {
            vec![name.to_owned()]
        } else {
            within.iter().map(|within| format!("{within}.{name}")).collect()
        };
        let found = self.list("rename").iter().find(|pair| olds.iter().any(|old| full(pair, old)));
        found.and_then(|pair| pair.rsplit_once(':')).map_or_else(|| name.to_owned(), |(_, new)| new.to_owned())
    }
}

/// What a column holds, by its full name.
fn kind(models: &Models, name: &str) -> Option<Kind> {
    let (table, column) = name.split_once('.')?;
    let model = models.tables.iter().find(|model| model.name == table)?;
    Some(model.field(column)?.kind.clone())
}

/// A value, whatever type it is of by now.
fn plain(value: &str) -> String {
    let value = match value {
        "t" | "true" => "1",
        "f" | "false" => "0",
        other => other,
    };
    value.parse::<f64>().map_or_else(|_| value.to_owned(), |number| number.to_string())
}

/// How an edit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// There and back.
    Undone,
    /// There; somebody said that the way back may not be one.
    Applied,
    Nothing,
    Refused,
    Stopped,
}

/// The values of the rows before, by table and column, then by the row's number.
type Values = BTreeMap<(String, String), BTreeMap<String, Option<String>>>;

/// Values that were there before and are gone or changed, although nobody agreed to that.
fn lost(project: &Project, place: &Place, (before, said): (&Values, &Said)) -> Vec<String> {
    let mut wrong = Vec::new();
    for ((table, column), values) in before {
        let table_now = said.now(table, &[]);
        let column_now = said.now(column, &[table, &table_now]);
        let mut lost = BTreeSet::new();
        for table in [table, &table_now] {
            lost.insert(format!("table {table}"));
            for column in [column, &column_now] {
                lost.extend([format!("column {table}.{column}"), format!("values {table}.{column}")]);
            }
        }
        if values.values().all(Option::is_none) {
            continue;
        }
        if ["lose", "keep"].iter().any(|key| said.list(key).iter().any(|what| lost.contains(what))) {
            continue;
        }
        // What stopped on the way may have the old names still.
        let found = [&table_now, table].into_iter().find_map(|table| {
            [&column_now, column].into_iter().find_map(|column| place.values(project, table, column))
        });
        let Some(found) = found else {
            wrong.push(format!("{table}.{column} is gone, and nobody agreed to that"));
            continue;
        };
        for (id, value) in values {
            let Some(value) = value else { continue };
            let mut wanted = said.now(value, &["state_of"]);
            if let Some(mapped) = said.list("map").iter().find_map(|it| it.strip_prefix(&format!("state_of.{value}=")))
            {
                mapped.clone_into(&mut wanted);
            }
            let is = found.get(id).cloned().flatten();
            if is.as_deref().map(plain) != Some(plain(&wanted)) && is.as_deref() != Some(value.as_str()) {
                wrong.push(format!("{table}.{column} of row {id} was {value:?} and is {is:?}"));
            }
        }
    }
    wrong
}

/// Values that were there before, and are others there and back.
fn changed(project: &Project, place: &Place, (before, said): (&Values, &Said)) -> Vec<String> {
    let mut wrong = Vec::new();
    for ((table, column), values) in before {
        let table_now = said.now(table, &[]);
        let column_now = said.now(column, &[table, &table_now]);
        // What was agreed to, by any of the names.
        let agreed = [table, &table_now].into_iter().flat_map(|table| {
            [column, &column_now].map(|column| [format!("column {table}.{column}"), format!("values {table}.{column}")])
        });
        let agreed: Vec<String> = agreed.flatten().chain([format!("table {table}")]).collect();
        let filled = said.list("down_fill").iter().any(|fill| {
            fill.split_once('=').is_some_and(|(name, _)| agreed.iter().any(|it| it.ends_with(&format!(" {name}"))))
        });
        if filled || agreed.iter().any(|what| said.list("lose").contains(what)) {
            continue;
        }
        let found = place.values(project, table, column).unwrap_or_default();
        for (id, value) in values {
            let Some(value) = value else { continue };
            let label = format!("state_of.{value}");
            let kept = said.list("keep").contains(&format!("label {label}"));
            if !kept && said.list("map").iter().any(|map| map.starts_with(&format!("{label}="))) {
                continue;
            }
            let is = found.get(id).cloned().flatten();
            if is.as_deref().map(plain) != Some(plain(value)) {
                wrong.push(format!("{table}.{column} of row {id} was {value:?}, and {is:?} comes back"));
            }
        }
    }
    wrong
}

/// Tries one edit. What is wrong with it is an error in words.
fn attempt(project: &Project, edit: &Edit) -> Result<(End, String), String> {
    let folder = format!("edit{}", edit.number);
    let place = if edit.number.is_multiple_of(2) {
        Place::Server(ServerDatabase::new(&format!("edit_{}", edit.number)))
    } else {
        Place::File(format!("{folder}/app.db"))
    };
    // Some are for both databases, and proved on both.
    let both = format!("databases = [\"postgres\", \"sqlite\"]\nscratch_url = \"{}\"\n", server());
    let listed = if edit.number.is_multiple_of(3) { both } else { String::new() };
    project.write(&format!("{folder}/limbeck.toml"), &format!("{listed}migrations = \"migrations\"\n"));
    project.write(&format!("{folder}/migrations/mod.rs"), "");
    project.write(&format!("{folder}/migrations/heads"), "00000001\n");
    let run = |side: &str, arguments: &[&str]| -> Outcome {
        let mut command = Command::new(source().join("target/projects/debug/edits"));
        command.args(["--database-url", &place.url(project)]).args(arguments);
        command.env("EDIT", edit.number.to_string()).env("SIDE", side);
        project.run(command, &folder)
    };
    let upgraded = run("before", &["upgrade"]);
    if upgraded.code != 0 {
        return Err(format!("the models before cannot be made: {upgraded}"));
    }
    for row in &edit.rows {
        place.rows(project, row).map_err(|error| format!("{row}: {error}"))?;
    }
    let untouched = place.all(project, &edit.before);
    let mut before = Values::new();
    for model in &edit.before.tables {
        for name in model.fields.iter().map(|field| field.name.as_str()).chain(["id"]) {
            let values = place.values(project, &model.name, name).ok_or("a column is missing")?;
            before.insert((model.name.clone(), name.to_owned()), values);
        }
    }
    let mut choices = Choices::new(&edit.bytes);
    let mut said = Said::default();
    let mut outcome;
    let mut round = 0;
    loop {
        project.write(&format!("{folder}/decisions.json"), &said.json());
        let arguments = ["revision", "-m", "edit", "--apply", "--format", "json", "--decisions", "decisions.json"];
        outcome = run("after", &arguments);
        round += 1;
        if outcome.code != 3 || round == ROUNDS {
            break;
        }
        let open: Value = serde_json::from_str(&outcome.out).map_err(|error| format!("{error}: {outcome}"))?;
        for decision in open["decisions"].as_array().ok_or("no decisions")? {
            // Another answer may settle it.
            if !decision["question"].as_str().unwrap_or_default().starts_with("if ") {
                said.answer(decision, edit, &mut choices);
            }
        }
    }
    let told = format!("{}\n{outcome}", said.json());
    // A plan that proves to be wrong is refused, and is still wrong.
    if outcome.err.contains("Limbeck's fault") || outcome.err.contains("there is no ") {
        return Err(told);
    }
    // Values that rows get are committed in batches: what was done before a batch that fails stays.
    let stopped = outcome.code == 2 && outcome.err.contains("which stay");
    if !stopped && (outcome.code == 2 || outcome.code == 3) {
        let found = place.all(project, &edit.before);
        return if found == untouched {
            Ok((End::Refused, told))
        } else {
            Err(format!("refused, and the database is another: {told}\n{untouched:#?}\n{found:#?}"))
        };
    }
    if !stopped && outcome.code != 0 {
        return Err(told);
    }
    let wrong = lost(project, &place, (&before, &said));
    if !wrong.is_empty() {
        return Err(format!("{}\n{told}", wrong.join("\n")));
    }
    if stopped {
        return Ok((End::Stopped, told));
    }
    if outcome.out.contains("no changes") {
        return Ok((End::Nothing, told));
    }
    let there = place.all(project, &edit.after);
    let back = run("before", &["downgrade", "-1"]);
    if back.code == 0 {
        let found = place.schema(project);
        let wrong = changed(project, &place, (&before, &said));
        let is_as_before = untouched.starts_with(&found);
        return if is_as_before && wrong.is_empty() {
            Ok((End::Undone, told))
        } else {
            Err(format!("undone, and not as before: {}\n{told}\n{untouched:#?}\n{found:#?}", wrong.join("\n")))
        };
    }
    if back.code == 2 && back.err.contains("which stay") && !said.list("down_may_fail").is_empty() {
        return Ok((End::Stopped, told));
    }
    let foretold = !said.list("irreversible").is_empty() || !said.list("down_may_fail").is_empty();
    if !foretold || place.all(project, &edit.after) != there {
        return Err(format!("cannot be undone: {told}\n{back}"));
    }
    Ok((End::Applied, told))
}

#[test]
fn no_value_is_lost_that_nobody_agreed_to_lose() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<usize>().expect("a number"));
    let edits: Vec<Edit> = match number("LIMBECK_EDIT") {
        Some(one) => vec![Edit::draw(one)],
        None => (0..number("LIMBECK_EDITS").unwrap_or(EDITS)).map(Edit::draw).collect(),
    };
    let project = build(&edits);
    let mut ends: BTreeMap<End, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for edit in &edits {
        match attempt(&project, edit) {
            Ok((end, told)) => {
                *ends.entry(end).or_default() += 1;
                if edits.len() == 1 || end >= End::Refused {
                    println!("edit {}: {end:?} {told}", edit.number);
                }
            }
            Err(error) => wrong.push(format!(
                "edit {}: {error}\n{}{}",
                edit.number,
                edit.before.source("before"),
                edit.after.source("after")
            )),
        }
    }
    println!("{ends:?}, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let applied = [End::Undone, End::Applied].iter().filter_map(|end| ends.get(end)).sum::<usize>();
    assert!(edits.len() == 1 || applied * 2 > edits.len(), "most edits work: {ends:?}");
}
