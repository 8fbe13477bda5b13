//! The laws, on real files: up, quiet, down, rows kept.

use limbeck::dialect::Missing;
use limbeck::dialect::sqlite::connect;
use limbeck::plan::Plan;
use limbeck::schema::Schema;
use limbeck_tests::generate::{Choices, Profile, schema};
use limbeck_tests::live::{carry_out, difference, migrate};
use limbeck_tests::rows::{kept, seed};
use proptest::prelude::*;

use crate::database::{look, run};

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 400, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn up_is_quiet_and_down_is_where_it_started(
        a in prop::collection::vec(any::<u8>(), 0..160),
        b in prop::collection::vec(any::<u8>(), 0..160),
    ) {
        let (from, to) = (schema(&mut Choices::new(&a), Profile::SQLITE), schema(&mut Choices::new(&b), Profile::SQLITE));
        run(there_and_back(&from, &to));
    }
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(48)
}

async fn there_and_back(from: &Schema, to: &Schema) {
    let mut backend = connect("sqlite::memory:", Missing::Create).await.unwrap_or_else(|e| panic!("{e}"));
    let backend = &mut *backend;
    migrate(backend, from).await;
    seed(backend, from, to).await.unwrap_or_else(|e| panic!("{e}"));
    let start = look(backend).await;
    let before = kept(backend, from, to).await.unwrap_or_else(|e| panic!("{e}"));
    let (plan, after): (Plan, Schema) = migrate(backend, to).await;
    let (_, left) = difference(backend, to).await;
    assert!(left.is_empty(), "not quiet: {left:#?}");
    assert_eq!(kept(backend, from, to).await.unwrap_or_else(|e| panic!("{e}")), before, "rows after up");
    carry_out(backend, &plan.inverse().changes, &after).await;
    assert_eq!(look(backend).await, start, "the schema after down");
    assert_eq!(kept(backend, from, to).await.unwrap_or_else(|e| panic!("{e}")), before, "rows after down");
}
