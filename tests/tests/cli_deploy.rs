//! A deploy and what may go wrong with it: an old and a new program side by side on one PostgreSQL database.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use limbeck_tests::project::{Outcome, Project, source, started};
use limbeck_tests::server::ServerDatabase;

const MODELS: &str = r#"//! Models.

/// Somebody.
#[derive(limbeck::Table)]
pub struct Account {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// Where mail goes.
    pub email: Option<String>,
}
"#;

/// What people deploy: it upgrades when it starts, or waits for the replica that does, and then reads a column.
const APP: &str = r#"//! The app.

use std::time::Duration;

use deploy_db::limbeck::migrate::{Migrator, Target};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pool = sqlx::PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
    let migrator = Migrator::from_registry()?;
    match std::env::args().nth(1).as_deref() {
        Some("wait") => migrator.require_head(&pool, Duration::from_secs(60)).await?,
        _ => {
            let report = migrator.upgrade(&pool, Target::Head).await?;
            println!("{} applied, {} newer", report.migrations.len(), report.newer.len());
        }
    }
    let mail: Vec<Option<String>> = sqlx::query_scalar("SELECT COLUMN FROM account").fetch_all(&pool).await?;
    println!("{mail:?}");
    Ok(())
}
"#;

/// Programs as they were built at one time: the app, and the command line that hosts its migrations.
struct Deployed<'a> {
    project: &'a Project,
    app: PathBuf,
    host: PathBuf,
}

/// Builds both, and keeps them when the next ones are built.
fn deployed<'a>(project: &'a Project, name: &str, column: &str) -> Deployed<'a> {
    project.write("src/main.rs", &APP.replace("COLUMN", column));
    let _ = project.cargo(&["build", "--quiet", "--workspace", "--features", "deploy-db/cli"]).code(0);
    let keep = |program: &str| {
        let to = project.path(&format!("{name}-{program}"));
        std::fs::copy(source().join("target/projects/debug").join(program), &to).expect("the program is there");
        to
    };
    Deployed { project, app: keep("deploy"), host: keep("deploy-db") }
}

impl Deployed<'_> {
    fn app(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(&self.app);
        command.args(arguments);
        self.project.run(command, "")
    }

    fn host(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(&self.host);
        command.args(arguments);
        self.project.run(command, "db")
    }
}

/// A migration that a person writes, after the one before.
fn written(project: &Project, message: &str, up: &str, down: &str) {
    let _ = project.limbeck(&["revision", "--empty", "--offline", "-m", message]).code(0);
    let path = project.module_path(&message.replace(' ', "_"));
    let module = project.read(&path);
    let say = |text: String, way: &str, steps: &str| {
        let open = format!("pub fn {way}(_: &mut Migration) {{}}");
        assert!(text.contains(&open), "{text}");
        text.replace(&open, &format!("pub fn {way}(m: &mut Migration) {{\n    {steps}\n}}"))
    };
    project.write(&path, &say(say(module, "up", up), "down", down));
}

fn applied(database: &ServerDatabase) -> usize {
    database.run("select count(*) from limbeck_history").trim().parse().expect("a number")
}

#[test]
fn old_and_new_programs_side_by_side() {
    let database = ServerDatabase::new("cli_deploy");
    let project = started("deploy", "postgres", MODELS).database(database.url());
    let manifest = project.read("Cargo.toml");
    let needs = "[dependencies]\n\
                 sqlx = { version = \"0.9\", default-features = false, features = [\"runtime-tokio\", \"postgres\"] }\n\
                 tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    project.write("Cargo.toml", &manifest.replace("[dependencies]\n", needs));
    let _ = project.limbeck(&["revision", "-m", "accounts"]).code(0);
    let first = project.module_path("accounts");
    let id = first.rsplit('/').next().and_then(|file| file.split('_').nth(1)).expect("an id").to_owned();
    let old = deployed(&project, "old", "email");
    assert_eq!(old.app(&[]).code(0).out, "1 applied, 0 newer\n[]\n");
    database.run("insert into account values (1, 'ann@example.org')");

    // The next version: a column for the new code now, the old one's column only when the old code is gone.
    project.write(
        "db/src/models.rs",
        &MODELS.replace("pub email: Option<String>", "#[column(name = \"mail\")]\n    pub mail: Option<String>"),
    );
    written(
        &project,
        "mail",
        "m.create_column(\"account\", \"mail\", text()).nullable();\n    m.sql(\"UPDATE account SET mail = email\");",
        "m.drop_column(\"account\", \"mail\");",
    );
    written(
        &project,
        "no email",
        "m.drop_column(\"account\", \"email\");",
        "m.create_column(\"account\", \"email\", text()).nullable();\n    m.sql(\"UPDATE account SET email = mail\");",
    );
    let path = project.module_path("no_email");
    let header = "    message: \"no email\",\n";
    let says = format!("{header}    deploy: after,\n    loses: [\"column account.email\"],\n");
    project.write(&path, &project.read(&path).replace(header, &says));
    written(&project, "by mail", "m.create_index(\"account\", [\"mail\"]);", "m.drop_index(\"account\", [\"mail\"]);");
    written(&project, "for good", "m.sql(\"SELECT pg_sleep(2)\");", "m.irreversible(\"nobody sleeps backwards\");");
    let by_mail = project.module_path("by_mail");
    let by_mail = by_mail.rsplit('/').next().and_then(|file| file.split('_').nth(1)).expect("an id");
    let new = deployed(&project, "new", "mail");

    // Before the rollout. The old program goes on, also when it starts anew, and says that the database is ahead.
    let _ = new.host(&["upgrade", "--phase", "before"]).code(0);
    assert_eq!(applied(&database), 2);
    assert_eq!(old.app(&[]).code(0).out, "0 applied, 1 newer\n[Some(\"ann@example.org\")]\n");
    insta::assert_snapshot!("old_meets_newer", old.host(&["upgrade"]).code(0).timeless().err);
    // Both at once, many times: nobody is in anybody's way.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| old.app(&[]).code(0));
            scope.spawn(|| new.host(&["upgrade", "--phase", "before"]).code(0));
        }
    });
    assert_eq!(applied(&database), 2);

    // After it: a replica of the new version waits for the one that migrates.
    let waiting = Command::new(&new.app).arg("wait").env("DATABASE_URL", database.url()).stdout(Stdio::piped()).spawn();
    let waiting = waiting.expect("it starts");
    let _ = new.host(&["upgrade", by_mail, "--phase", "after"]).code(0);
    assert_eq!(database.run("select count(*) from information_schema.columns where column_name = 'email'").trim(), "0");
    // The last one takes a while: a second run says whom it waits for.
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| new.host(&["upgrade"]).code(0));
        while database
            .run("select 1 from pg_stat_activity where query like '%pg_sleep(2)%' and pid <> pg_backend_pid()")
            .is_empty()
        {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let other = new.host(&["upgrade"]).code(0);
        (one.join().expect("it ends"), other)
    });
    assert!(one.out.contains("for good") || one.err.contains("for good"), "{one}");
    let holder = other.err.lines().find(|line| line.contains("waiting for another run")).unwrap_or_default();
    assert!(holder.contains("process ") && holder.contains("limbeck, since 2"), "{other}");
    let waited = waiting.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&waited.stdout), "[Some(\"ann@example.org\")]\n");

    // What cannot be undone refuses before anything is undone.
    let before = database.run("select id, applied_at from limbeck_history order by position");
    insta::assert_snapshot!("irreversible", new.host(&["downgrade", &id]).code(2).timeless().err);
    assert_eq!(database.run("select id, applied_at from limbeck_history order by position"), before);
    assert!(old.host(&["downgrade", &id]).code(2).err.contains("nobody sleeps backwards"));
    let _ = new.host(&["stamp", by_mail]).code(0);

    // Back at night, by the old program, which never knew what it undoes.
    let _ = old.host(&["downgrade", &id]).code(0);
    assert_eq!(applied(&database), 1);
    assert_eq!(old.app(&[]).code(0).out, "0 applied, 0 newer\n[Some(\"ann@example.org\")]\n");
    // The deploy again, as one run of three; the plain program takes that run back with nothing compiled.
    let _ = new.host(&["upgrade", by_mail]).code(0);
    assert_eq!(applied(&database), 4);
    project.write("db/src/models.rs", "this is no Rust");
    let _ = project.limbeck(&["downgrade", "last-run", "--stored"]).code(0);
    assert_eq!(applied(&database), 1);
    assert_eq!(old.app(&[]).code(0).out, "0 applied, 0 newer\n[Some(\"ann@example.org\")]\n");
}
