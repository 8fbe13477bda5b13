//! The executor, interrupted and in company.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use limbeck::migrate::{Event, Progress, Target};
use limbeck::schema::Schema;
use limbeck_tests::engine::{migrations, migrator, open};
use limbeck_tests::server::{ServerDatabase, psql, server};

/// How often to kill; a few hundred take some minutes.
const TIMES: &str = "LIMBECK_TEST_KILLS";

/// A database of its own.
enum Place {
    File { _folder: tempfile::TempDir, url: String },
    Server(ServerDatabase),
}

impl Place {
    fn file(_: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/test.db", folder.path().display());
        Self::File { _folder: folder, url }
    }

    fn server(name: &str) -> Self {
        Self::Server(ServerDatabase::new(name))
    }

    fn url(&self) -> &str {
        match self {
            Self::File { url, .. } => url,
            Self::Server(database) => database.url(),
        }
    }
}

fn engine(way: &str, url: &str, count: usize) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_engine"));
    command.args([way, url, &count.to_string()]).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

fn finished(child: Child) {
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// All that a database holds, save when things happened.
async fn look(url: &str) -> (Schema, Vec<Vec<Option<String>>>, Vec<Vec<Option<String>>>) {
    let mut backend = open(url).await;
    let schema = backend.introspect().await.expect("a schema").schema;
    let ledger = match schema.tables.contains_key(&"ledger".into()) {
        true => backend.rows("SELECT what FROM ledger ORDER BY what").await.expect("rows"),
        false => Vec::new(),
    };
    let history =
        "SELECT id, revises, message, hash, CAST(position AS text), down FROM limbeck_history ORDER BY position";
    let history = backend.rows(history).await.expect("rows");
    (schema, ledger, history)
}

/// Numbers that look random and are the same every time.
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}

async fn killed_at_any_moment(place: fn(&str) -> Place) {
    let times: usize = std::env::var(TIMES).ok().and_then(|n| n.parse().ok()).unwrap_or(25);
    let count = migrations().len();
    let calm = place("engine_calm");
    finished(engine("up", calm.url(), count));
    let up = look(calm.url()).await;
    assert_eq!(up.2.len(), count);
    finished(engine("down", calm.url(), count));
    let down = look(calm.url()).await;
    assert!(down.2.is_empty());

    let mut waits = numbers(7);
    let mut kills = 0;
    while kills < times {
        let killed = place("engine_killed");
        for (way, end) in [("up", &up), ("down", &down)] {
            for wait in waits.by_ref() {
                let mut child = engine(way, killed.url(), count);
                std::thread::sleep(Duration::from_millis(wait % 250));
                if child.try_wait().expect("a process").is_some() {
                    finished(child);
                    break;
                }
                child.kill().expect("it dies");
                child.wait().expect("it is dead");
                kills += 1;
            }
            let found = look(killed.url()).await;
            assert_eq!(found.0, end.0, "{way}: the schema");
            assert_eq!(found.1, end.1, "{way}: the rows");
            assert_eq!(found.2, end.2, "{way}: the history");
        }
    }
}

#[tokio::test]
async fn killed_at_any_moment_and_run_again_on_sqlite() {
    killed_at_any_moment(Place::file).await;
}

#[tokio::test]
async fn killed_at_any_moment_and_run_again_on_postgres() {
    killed_at_any_moment(Place::server).await;
}

async fn sixteen(place: fn(&str) -> Place) {
    let count = migrations().len();
    let calm = place("engine_alone");
    finished(engine("up", calm.url(), count));
    let crowd = place("engine_crowd");
    let children: Vec<Child> = (0..16).map(|_| engine("up", crowd.url(), count)).collect();
    children.into_iter().for_each(finished);
    let (found, expected) = (look(crowd.url()).await, look(calm.url()).await);
    assert_eq!(found.1, expected.1);
    assert_eq!(found.0, expected.0);
    assert_eq!(found.2, expected.2);
    let mut backend = open(crowd.url()).await;
    let twice = "SELECT migration FROM limbeck_log WHERE event = 'upgrade' GROUP BY migration HAVING count(*) > 1";
    assert_eq!(backend.rows(twice).await.expect("rows"), Vec::<Vec<Option<String>>>::new());
}

#[tokio::test]
async fn sixteen_at_once_on_sqlite() {
    sixteen(Place::file).await;
}

#[tokio::test]
async fn sixteen_at_once_on_postgres() {
    sixteen(Place::server).await;
}

async fn one_dies(place: fn(&str) -> Place) {
    let count = migrations().len();
    let place = place("engine_one_dies");
    let mut first = engine("up", place.url(), count);
    std::thread::sleep(Duration::from_millis(30));
    let others: Vec<Child> = (0..4).map(|_| engine("up", place.url(), count)).collect();
    first.kill().expect("it dies");
    first.wait().expect("it is dead");
    others.into_iter().for_each(finished);
    assert_eq!(migrator(count).applied(open(place.url()).await).await.expect("history").len(), count);
}

#[tokio::test]
async fn a_dead_process_does_not_hold_others_up_on_sqlite() {
    one_dies(Place::file).await;
}

#[tokio::test]
async fn a_dead_process_does_not_hold_others_up_on_postgres() {
    one_dies(Place::server).await;
}

/// Cuts all connections to a database when so many statements were sent.
struct Cutter<'a> {
    database: &'a ServerDatabase,
    left: usize,
}

impl Progress for Cutter<'_> {
    fn event(&mut self, event: Event<'_>) {
        if !matches!(event, Event::Statement(_)) || self.left == 0 {
            return;
        }
        self.left -= 1;
        if self.left == 0 {
            let name = self.database.run("SELECT current_database()");
            let cut = format!(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}'",
                name.trim()
            );
            psql(&server(), &cut);
        }
    }
}

#[tokio::test]
async fn the_connection_is_cut_at_every_statement_in_turn() {
    let count = 9;
    let calm = Place::server("engine_uncut");
    finished(engine("up", calm.url(), count));
    let database = ServerDatabase::new("engine_cut");
    let migrator = migrator(count);
    let mut cuts = 0;
    // Each run gets one statement further than the one before, until nothing is left to be cut.
    for statement in 1.. {
        let mut cutter = Cutter { database: &database, left: statement };
        match migrator.upgrade_with(open(database.url()).await, Target::Head, &mut cutter).await {
            Ok(_) => break,
            Err(error) => {
                assert!(cutter.left == 0, "{error}");
                cuts += 1;
            }
        }
    }
    assert!(cuts > 10, "{cuts}");
    let (found, expected) = (look(database.url()).await, look(calm.url()).await);
    assert_eq!(found.1, expected.1);
    assert_eq!(found.0, expected.0);
    assert_eq!(found.2, expected.2);
}
