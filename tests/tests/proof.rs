//! Proof finds faults: each is planted here, and must be caught.

use std::collections::BTreeSet;

use limbeck::dialect::{Missing, connect, throwaway};
use limbeck::diff::{Renames, diff};
use limbeck::migrate::{Claim, ProofError, prove};
use limbeck::plan::order;
use limbeck::schema::{Column, Index, PrimaryKey, QualifiedName, Schema, Table, Type};
use limbeck::source::{ColumnEdit, Item, Step, Target, steps};
use limbeck_tests::recorder::Recorder;
use limbeck_tests::server::{psql, server};

const BOTH: [fn() -> String; 2] = [|| "sqlite::memory:".to_owned(), server];

fn account(columns: Vec<Column>, indexes: Vec<Index>) -> Schema {
    let mut table = Table::new("account");
    table.columns = columns;
    table.columns.insert(0, Column::new("id", Type::BigInt));
    table.primary_key = Some(PrimaryKey::new(["id"]));
    table.indexes = indexes;
    let mut schema = Schema::empty();
    schema.tables.insert(table.name.clone(), table);
    schema
}

/// The steps there and back.
fn both(start: &Schema, goal: &Schema) -> (Vec<Step>, Vec<Step>) {
    let plan = order(diff(start, goal, &Renames::default()).expect("they can be compared")).expect("an order");
    let up = steps(&plan.changes, start).expect("they fit");
    (up, steps(&plan.inverse().changes, goal).expect("they fit"))
}

async fn attempt(
    url: &str,
    (start, goal): (&Schema, &Schema),
    (up, down): (&[Step], &[Step]),
    rows: bool,
) -> Result<usize, ProofError> {
    attempt_with(url, (start, goal), (up, down), rows, str::to_owned).await
}

/// The same with something else in place of each statement.
async fn attempt_with(
    url: &str,
    (start, goal): (&Schema, &Schema),
    (up, down): (&[Step], &[Step]),
    rows: bool,
    fault: fn(&str) -> String,
) -> Result<usize, ProofError> {
    let scratch = throwaway(url).await.expect("a scratch database");
    let backend = connect(scratch.url(), Missing::Create).await.expect("a connection");
    let mut backend = Recorder::rewriting(backend, fault);
    let seeded: BTreeSet<QualifiedName> = if rows { start.tables.keys().cloned().collect() } else { BTreeSet::new() };
    let proved = prove(&mut *backend, &Claim { start, goal, up, down, seeded: &seeded }).await;
    backend.close().await.expect("closed");
    scratch.remove().await.expect("removed");
    proved
}

#[tokio::test]
async fn what_is_right_is_proved_with_rows_in_it() {
    let start = account(vec![Column::new("age", Type::Text)], vec![]);
    let goal = account(vec![Column::new("age", Type::Integer)], vec![Index::new(["age"])]);
    let (up, down) = both(&start, &goal);
    for url in BOTH {
        let proved = attempt(&url(), (&start, &goal), (&up, &down), true).await;
        // Three before, and three that came since.
        assert_eq!(proved.expect("it is right"), 6);
    }
}

#[tokio::test]
async fn what_is_kept_and_does_not_come_back_is_found() {
    let mut nick = Column::new("nick", Type::Text);
    nick.nullable = true;
    let start = account(vec![nick], vec![]);
    let goal = account(vec![], vec![]);
    let (up, down) = both(&start, &goal);
    let up = [Step::KeepDropped(up)];
    for url in BOTH {
        let forgets = attempt(&url(), (&start, &goal), (&up, &down), true).await;
        assert_eq!(forgets.expect_err("it is gone").to_string(), "after `down` column account.nick is not what it was");
        let restores = [Step::RestoreDropped(down.clone())];
        let proved = attempt(&url(), (&start, &goal), (&up, &restores), true).await;
        assert_eq!(proved.expect("it comes back"), 6);
    }
}

#[tokio::test]
async fn a_forgotten_not_null_is_found() {
    let start = account(vec![], vec![]);
    let goal = account(vec![Column::new("email", Type::Text)], vec![]);
    let (mut up, down) = both(&start, &goal);
    let Some(Step::Create(Item::Column(_, column))) = up.first_mut() else { panic!("{up:?}") };
    column.nullable = true;
    for url in BOTH {
        let error = attempt(&url(), (&start, &goal), (&up, &down), false).await.expect_err("it is wrong");
        assert!(matches!(&error, ProofError::Differs { when: "after `up`", .. }), "{error}");
        assert!(error.to_string().contains("account.email"), "{error}");
    }
}

/// The steps are right, and what is sent is not.
#[tokio::test]
async fn a_render_that_forgets_a_not_null_is_found() {
    let start = account(vec![], vec![]);
    let goal = account(vec![Column::new("email", Type::Text)], vec![]);
    let (up, down) = both(&start, &goal);
    for url in BOTH {
        let forgets =
            |sql: &str| sql.replace("email text NOT NULL", "email text").replace("email TEXT NOT NULL", "email TEXT");
        let error = attempt_with(&url(), (&start, &goal), (&up, &down), false, forgets).await.expect_err("it is wrong");
        assert!(matches!(&error, ProofError::Differs { when: "after `up`", .. }), "{error}");
        assert!(error.to_string().contains("account.email"), "{error}");
    }
}

/// A table that is made anew is copied: a row or a value that does not come along is found.
#[tokio::test]
async fn a_copy_that_forgets_is_found() {
    let start = account(vec![Column::new("age", Type::Text), Column::new("nick", Type::Text)], vec![]);
    let goal = account(vec![Column::new("age", Type::Integer), Column::new("nick", Type::Text)], vec![]);
    let (up, down) = both(&start, &goal);
    let attempt = |fault| attempt_with("sqlite::memory:", (&start, &goal), (&up, &down), true, fault);
    let rows = |sql: &str| sql.replace(" FROM limbeck_old_account", " FROM limbeck_old_account WHERE id <> 2");
    let error = attempt(rows).await.expect_err("a row is gone");
    assert_eq!(error.to_string(), "after `up` `account` has 2 rows and had 3");
    let values = |sql: &str| sql.replace("nick FROM limbeck_old_account", "'' FROM limbeck_old_account");
    let error = attempt(values).await.expect_err("values are gone");
    assert!(error.to_string().starts_with("after `up` rows of `account` hold other values"), "{error}");
}

#[tokio::test]
async fn a_way_back_that_drops_an_index_is_found() {
    let start = account(vec![Column::new("email", Type::Text)], vec![Index::new(["email"])]);
    let goal =
        account(vec![Column::new("email", Type::Text), Column::new("age", Type::Integer)], vec![Index::new(["email"])]);
    let (up, mut down) = both(&start, &goal);
    let index = limbeck::source::PartRef::Like(Index::new(["email"]));
    down.push(Step::Drop(Target::Index("account".into(), index)));
    for url in BOTH {
        let error = attempt(&url(), (&start, &goal), (&up, &down), false).await.expect_err("it is wrong");
        assert!(matches!(&error, ProofError::Differs { when: "after `down`", .. }), "{error}");
    }
}

#[tokio::test]
async fn a_cast_that_fails_on_rows_is_found() {
    let start = account(vec![Column::new("born", Type::Text)], vec![]);
    let goal = account(vec![Column::new("born", Type::Date)], vec![]);
    let (up, down) = both(&start, &goal);
    // SQLite has no types that a value could fail to fit.
    let error = attempt(&server(), (&start, &goal), (&up, &down), true).await.expect_err("rows do not fit");
    assert!(matches!(&error, ProofError::Failed { .. }) && error.is_about_values(), "{error}");
    assert_eq!(attempt(&server(), (&start, &goal), (&up, &down), false).await.expect("without rows it is right"), 0);
}

#[tokio::test]
async fn an_order_that_breaks_is_found() {
    let start = account(vec![], vec![]);
    let goal = account(vec![Column::new("email", Type::Text)], vec![Index::new(["email"])]);
    let (mut up, down) = both(&start, &goal);
    up.reverse();
    // SQLite makes what stands together in one go, so that there is no order that could break.
    let error = attempt(&server(), (&start, &goal), (&up, &down), false).await.expect_err("it is wrong");
    assert!(matches!(&error, ProofError::Resolve(_) | ProofError::Failed { .. }), "{error}");
    // A column that becomes NOT NULL before its values are there.
    let tight = Step::AlterColumn("account".into(), "email".into(), vec![ColumnEdit::Nullable(false)]);
    let mut email = Column::new("email", Type::Text);
    email.nullable = true;
    let start = account(vec![email], vec![]);
    let goal = account(vec![Column::new("email", Type::Text)], vec![]);
    let (_, down) = both(&start, &goal);
    for url in BOTH {
        let error = attempt(&url(), (&start, &goal), (std::slice::from_ref(&tight), &down), true)
            .await
            .expect_err("NULLs are there");
        assert!(error.is_about_values(), "{error}");
    }
}

/// What a run left that was killed goes when another one needs a place, and what somebody else needs stays.
#[tokio::test]
async fn what_a_killed_run_left_is_swept() {
    let old = "limbeck_throwaway_1000000_1_1";
    let (old, young) = (old.to_owned(), format!("limbeck_throwaway_{}_1_1", u32::MAX));
    for name in [&old, &young] {
        let _ = psql(&server(), &format!("CREATE DATABASE {name}"));
    }
    let scratch = throwaway(&server()).await.expect("a scratch database");
    let there = || psql(&server(), "SELECT datname FROM pg_database WHERE datname LIKE 'limbeck_throwaway%'");
    let found = there();
    assert!(!found.contains(&old) && found.contains(&young), "{found}");
    scratch.remove().await.expect("it goes");
    let _ = psql(&server(), &format!("DROP DATABASE {young}"));
}

/// A scratch database sorts and holds texts as the one at hand.
#[tokio::test]
async fn a_scratch_database_is_like_the_one_at_hand() {
    let admin = server();
    let create = "CREATE DATABASE limbeck_latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'";
    let _ = psql(&admin, "DROP DATABASE IF EXISTS limbeck_latin");
    let _ = psql(&admin, create);
    let url = admin.rsplit_once('/').map(|(host, _)| format!("{host}/limbeck_latin")).expect("a database's URL");
    let scratch = throwaway(&url).await.expect("a scratch database");
    let like =
        "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = current_database()";
    assert_eq!(psql(scratch.url(), like).trim(), "LATIN1 C");
    scratch.remove().await.expect("it goes");
    let _ = psql(&admin, "DROP DATABASE limbeck_latin");
}
