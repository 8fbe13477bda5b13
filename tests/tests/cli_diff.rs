//! `diff` between two SQLite databases: what it prints, its exit codes, and that the scripts do what they say.

use std::io::Write;
use std::process::{Command, Stdio};

use limbeck_tests::project::{Outcome, Project, program};
use limbeck_tests::server::{ServerDatabase, server};

/// Runs a script in SQLite's own shell.
fn shell(project: &Project, database: &str, sql: &str) -> String {
    let mut child = Command::new("sqlite3")
        .arg(project.path(database))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("the tests need `sqlite3` (Debian: apt-get install sqlite3): {e}"));
    let mut input = child.stdin.take().unwrap_or_else(|| panic!("no input"));
    input.write_all(sql.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    drop(input);
    let output = child.wait_with_output().unwrap_or_else(|e| panic!("{e}"));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && errors.is_empty(), "{errors}\nin\n{sql}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn two(from: &str, to: &str) -> Project {
    let project = Project::new(&[]);
    shell(&project, "a.db", from);
    shell(&project, "b.db", to);
    project
}

fn diff(project: &Project, from: &str, to: &str, more: &[&str]) -> Outcome {
    let url = |name: &str| format!("sqlite://{}", project.path(name).display());
    let mut command = Command::new(program("limbeck"));
    command.args(["diff", "--from", &url(from), "--to", &url(to)]).args(more);
    project.run(command, "")
}

const BEFORE: &str = "create table account (id integer primary key, nick text, age integer);\n\
                      insert into account values (1, 'ann', 30);";
const AFTER: &str = "create table account (id integer primary key, name text, age integer not null default 0);\n\
                     create index account_name on account (name);\n\
                     create table note (id integer primary key, body text references account (id));";

#[test]
fn the_same_is_silent() {
    let project = two(BEFORE, BEFORE);
    for format in ["sql", "human", "json"] {
        let outcome = diff(&project, "a.db", "b.db", &["--format", format]).code(0);
        assert_eq!(outcome.err, "");
        assert!(format != "sql" || outcome.out.is_empty(), "{outcome}");
    }
}

#[test]
fn people_see_a_line_a_change_and_what_may_be_a_rename() {
    let project = two(BEFORE, AFTER);
    insta::assert_snapshot!(diff(&project, "a.db", "b.db", &[]).code(1));
    let report = diff(&project, "a.db", "b.db", &["--format", "json"]).code(1);
    let mut report: serde_json::Value = serde_json::from_str(&report.out).unwrap_or_else(|e| panic!("{e}: {report}"));
    let statements = report["statements"].take();
    assert!(statements.as_array().is_some_and(|s| s.iter().all(|s| s["sql"].is_string())), "{statements}");
    insta::assert_snapshot!("json", format!("{report:#}"));
}

#[test]
fn the_script_goes_there_and_back_and_a_rename_keeps_the_rows() {
    let project = two(BEFORE, AFTER);
    let rename = ["--format", "sql", "--rename", "account.nick:name"];
    let up = diff(&project, "a.db", "b.db", &rename).code(1);
    let down = diff(&project, "a.db", "b.db", &[&rename[..], &["--down"]].concat()).code(1);
    assert_eq!(up.err, "", "the rename is decided");
    shell(&project, "a.db", &up.out);
    assert_eq!(shell(&project, "a.db", "select * from account;"), "1|ann|30\n");
    let _ = diff(&project, "a.db", "b.db", &["--format", "sql"]).code(0);
    shell(&project, "a.db", &down.out);
    shell(&project, "c.db", BEFORE);
    let _ = diff(&project, "a.db", "c.db", &["--format", "sql"]).code(0);
    assert_eq!(shell(&project, "a.db", "select * from account;"), "1|ann|30\n");
}

#[test]
fn a_module_is_printed_with_both_ways() {
    let project = two(BEFORE, AFTER);
    let arguments = ["--format", "rust", "--rename", "account.nick:name"];
    insta::assert_snapshot!(diff(&project, "a.db", "b.db", &arguments).code(1));
    assert_eq!(diff(&project, "a.db", "a.db", &arguments[..2]).code(0).out, "");
}

#[test]
fn tables_of_migration_tools_are_left_out() {
    let project = two(
        "create table t (id integer primary key);",
        "create table t (id integer primary key);\n\
         create table _sqlx_migrations (version bigint primary key, description text not null, \
         installed_on timestamp not null default current_timestamp, success boolean not null, \
         checksum blob not null, execution_time bigint not null);\n\
         create table alembic_version (version_num varchar(32) not null, \
         constraint alembic_version_pkc primary key (version_num));",
    );
    let _ = diff(&project, "a.db", "b.db", &["--format", "sql"]).code(0);
}

#[test]
fn what_cannot_be_done_is_said() {
    let project = two("create table t (id integer);", "create table u (id integer);");
    insta::assert_snapshot!("no_such_rename", diff(&project, "a.db", "b.db", &["--rename", "x:y"]).code(2));
    insta::assert_snapshot!("no_such_file", diff(&project, "a.db", "missing.db", &[]).code(2));
    let mut command = Command::new(program("limbeck"));
    command.args(["diff", "--from", "mysql://me:secret@host/db", "--to", "mysql://host/other"]);
    insta::assert_snapshot!("unknown_scheme", project.run(command, "").code(2));
    let mut command = Command::new(program("limbeck"));
    command.args(["diff", "--from", "everything", "--to", "models"]);
    insta::assert_snapshot!("unknown_side", project.run(command, "").code(2));
    let mut command = Command::new(program("limbeck"));
    let sqlite = format!("sqlite://{}", project.path("a.db").display());
    command.args(["diff", "--from", &sqlite, "--to", "postgres://me:secret@127.0.0.1:1/db"]);
    insta::assert_snapshot!("unreachable", project.run(command, "").code(2));
}

/// A text without the place of the tests' server.
fn nowhere(text: &str) -> String {
    let server = server();
    let place = server.rsplit('@').next().and_then(|rest| rest.split('/').next()).unwrap_or_default();
    text.replace(place, "SERVER")
}

/// What a schema does not know cannot be made of a table, and a table that goes for it takes its rows along.
#[test]
fn a_table_that_is_something_else_on_the_other_side_is_refused() {
    let project = Project::new(&[]);
    let table = ServerDatabase::new("kind_table");
    table.run("create table log (id integer, at date); insert into log values (1, '2026-01-01')");
    for (name, sql) in [
        ("partitioned", "create table log (id integer, at date) partition by range (at)"),
        ("inheriting", "create table base (id integer); create table log (at date) inherits (base)"),
    ] {
        let other = ServerDatabase::new(&format!("kind_{name}"));
        other.run(sql);
        for (from, to, way) in [(&table, &other, "becomes"), (&other, &table, "was")] {
            for format in ["human", "sql"] {
                let mut command = Command::new(program("limbeck"));
                command.args(["diff", "--from", from.url(), "--to", to.url(), "--format", format]);
                let outcome = project.run(command, "").code(2);
                assert_eq!(outcome.out, "", "{name}: nothing is offered that could be run");
                if format == "human" {
                    insta::assert_snapshot!(format!("{name}_{way}"), nowhere(&outcome.err));
                }
            }
        }
    }
    // A view is known: it is planned, and the table's rows are named.
    let view = ServerDatabase::new("kind_view");
    view.run("create view log as select 1 as id");
    let mut command = Command::new(program("limbeck"));
    command.args(["diff", "--from", table.url(), "--to", view.url()]);
    let outcome = project.run(command, "").code(1);
    assert!(outcome.out.contains("loses table log") && outcome.out.contains("+ view   log"), "{outcome}");
    // The same kind of object beside tables, and one of the same name in another schema, are in nobody's way.
    let other = ServerDatabase::new("kind_beside");
    other.run("create table log (id integer, at date); create schema x; create view x.log as select 1 as id");
    let mut command = Command::new(program("limbeck"));
    command.args(["diff", "--from", table.url(), "--to", other.url()]);
    let _ = project.run(command, "").code(1);
}
