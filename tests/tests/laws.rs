//! The laws of schemas, changes, diffs and plans, on generated schemas.

use std::collections::{BTreeMap, BTreeSet};

use limbeck::change::{Change, Object};
use limbeck::diff::{Renames, diff};
use limbeck::migrate::{Action, resolve};
use limbeck::plan::{Plan, order};
use limbeck::schema::{Part, Schema, Table};
use limbeck::source::steps;
use limbeck_tests::generate::{Choices, Profile, schema};
use proptest::prelude::*;

fn drawn(bytes: &[u8]) -> Schema {
    schema(&mut Choices::new(bytes), Profile::POSTGRES)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..200)
}

fn plan(from: &Schema, to: &Schema) -> Plan {
    order(diff(from, to, &Renames::default()).expect("no renames, no error")).expect("generated schemas can be ordered")
}

/// Equality between schemas: the order of columns and parts is no part of it, and where `to` leaves a name open any
/// name will do.
fn same(from: &Schema, to: &Schema) -> bool {
    diff(from, to, &Renames::default()).is_ok_and(|d| d.is_empty())
}

/// What is there to stand on, and how many times: two constraints may make one key.
fn objects(schema: &Schema) -> BTreeMap<Object, usize> {
    let mut there = BTreeMap::new();
    for object in plan(&Schema::empty(), schema).changes.iter().flat_map(|c| c.touches().creates) {
        *there.entry(object).or_default() += 1;
    }
    there
}

/// Every change finds what it requires, and drops nothing that someone still needs.
fn in_order(plan: &Plan, from: &Schema) -> Result<(), TestCaseError> {
    let mut there = objects(from);
    let made: BTreeSet<Object> = plan.changes.iter().flat_map(|c| c.touches().creates).collect();
    let mut needed: Vec<(Change, BTreeSet<Object>)> = Vec::new();
    for change in &plan.changes {
        let touches = change.touches();
        for object in &touches.drops {
            there.entry(object.clone()).and_modify(|n| *n = n.saturating_sub(1));
        }
        for object in &touches.creates {
            *there.entry(object.clone()).or_default() += 1;
        }
        let is_there = |o: &Object| there.get(o).is_some_and(|n| *n > 0);
        for object in touches.requires.iter().filter(|o| made.contains(o) && **o != Object::Extensions) {
            prop_assert!(is_there(object), "{change:?} comes before {object:?} is made");
        }
        for (other, needs) in &needed {
            for object in touches.drops.iter().filter(|o| !is_there(o)) {
                prop_assert!(!needs.contains(object), "{change:?} takes {object:?} from {other:?}");
            }
        }
        needed.push((change.clone(), touches.requires));
    }
    Ok(())
}

fn parts_are_unique<P: Part>(table: &Table) -> bool {
    let all = P::all(table);
    all.iter().enumerate().all(|(at, p)| all[..at].iter().all(|q| q.structure() != p.structure()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn law_1_applying_the_difference_gives_the_other(a in bytes(), b in bytes()) {
        let (a, b) = (drawn(&a), drawn(&b));
        let after = a.after(&plan(&a, &b).changes).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert!(same(&after, &b), "left over: {:?}", diff(&after, &b, &Renames::default()));
        prop_assert!(plan(&after, &b).is_empty());
    }

    #[test]
    fn law_2_the_inverse_of_the_inverse_is_the_plan(a in bytes(), b in bytes()) {
        let plan = plan(&drawn(&a), &drawn(&b));
        prop_assert_eq!(plan.clone().inverse().inverse(), plan);
    }

    #[test]
    fn law_3_the_inverse_brings_back_the_start(a in bytes(), b in bytes()) {
        let (a, b) = (drawn(&a), drawn(&b));
        let plan = plan(&a, &b);
        let there = a.after(&plan.changes).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let back = there.after(&plan.inverse().changes).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert!(same(&back, &a) && same(&a, &back), "left over: {:?}", diff(&back, &a, &Renames::default()));
    }

    #[test]
    fn law_4_order_satisfies_what_changes_require(a in bytes(), b in bytes()) {
        let (a, b) = (drawn(&a), drawn(&b));
        let plan = plan(&a, &b);
        in_order(&plan, &a)?;
        in_order(&plan.inverse(), &b)?;
    }

    #[test]
    fn law_5_the_steps_of_a_plan_resolve_to_the_plan(a in bytes(), b in bytes()) {
        let (a, b) = (drawn(&a), drawn(&b));
        let plan = plan(&a, &b);
        let there = a.after(&plan.changes).map_err(|e| TestCaseError::fail(e.to_string()))?;
        for (plan, before) in [(plan.clone(), &a), (plan.inverse(), &there)] {
            let said = steps(&plan.changes, before).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let (actions, _) = resolve(&said, before, None).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let expected: Vec<Action> = plan.changes.into_iter().map(Action::Change).collect();
            prop_assert_eq!(actions, expected);
        }
    }

    #[test]
    fn law_8_the_same_schemas_give_the_same_plan(a in bytes(), b in bytes()) {
        let first = plan(&drawn(&a), &drawn(&b));
        let second = plan(&drawn(&a), &drawn(&b));
        prop_assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }

    #[test]
    fn a_schema_does_not_differ_from_itself(a in bytes()) {
        let a = drawn(&a);
        prop_assert!(a.tables.values().all(parts_are_unique::<limbeck::schema::Check>));
        prop_assert!(same(&a, &a));
    }
}
