//! The laws, on a real server: up, quiet, down, rows kept.

use limbeck::plan::Plan;
use limbeck::schema::Schema;
use limbeck_tests::generate::{Choices, Profile, schema};
use limbeck_tests::live::{carry_out, difference, migrate};
use limbeck_tests::rows::{kept, seed};
use proptest::prelude::*;

use crate::database::{Database, run};

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: number("PROPTEST_MAX_SHRINK_ITERS", 60), ..ProptestConfig::with_cases(number("PROPTEST_CASES", 24)) })]

    #[test]
    fn up_is_quiet_and_down_is_where_it_started(
        a in prop::collection::vec(any::<u8>(), 0..160),
        b in prop::collection::vec(any::<u8>(), 0..160),
    ) {
        let (from, to) = (schema(&mut Choices::new(&a), Profile::POSTGRES), schema(&mut Choices::new(&b), Profile::POSTGRES));
        run(there_and_back(&from, &to));
    }
}

fn number(variable: &str, usual: u32) -> u32 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

async fn there_and_back(from: &Schema, to: &Schema) {
    let database = Database::new();
    let mut backend = database.open().await;
    let backend = &mut *backend;
    migrate(backend, from).await;
    let (_, left) = difference(backend, from).await;
    assert!(left.is_empty(), "not quiet at first: {left:#?}");
    seed(backend, from, to).await.unwrap_or_else(|e| panic!("{e}"));
    let start = database.look();
    let before = kept(backend, from, to).await.unwrap_or_else(|e| panic!("{e}"));
    let (plan, after): (Plan, Schema) = migrate(backend, to).await;
    let (_, left) = difference(backend, to).await;
    assert!(left.is_empty(), "not quiet: {left:#?}");
    assert_eq!(kept(backend, from, to).await.unwrap_or_else(|e| panic!("{e}")), before, "rows after up");
    carry_out(backend, &plan.inverse().changes, &after).await;
    assert_eq!(database.look(), start, "the schema after down");
    assert_eq!(kept(backend, from, to).await.unwrap_or_else(|e| panic!("{e}")), before, "rows after down");
}
