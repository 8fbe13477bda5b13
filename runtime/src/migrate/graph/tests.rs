use super::*;

fn revision(id: &'static str, revises: &'static [&'static str]) -> MigrationDef {
    MigrationDef { revises, file: id, message: "m", ..MigrationDef::new(id, |_| {}, |_| {}) }
}

fn graph(revisions: &[(&'static str, &'static [&'static str])]) -> Graph {
    Graph::new(revisions.iter().map(|(id, revises)| revision(id, revises))).expect("a graph")
}

fn ids(migrations: &[&MigrationDef]) -> Vec<&'static str> {
    migrations.iter().map(|m| m.id).collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|s| (*s).to_owned()).collect()
}

const A: &str = "aaaa0001";
const B: &str = "aaaa0002";
const C: &str = "bbbb0003";
const D: &str = "cccc0004";

fn chain() -> Graph {
    graph(&[(C, &[B]), (A, &[]), (B, &[A])])
}

fn diamond() -> Graph {
    graph(&[(A, &[]), (B, &[A]), (C, &[A]), (D, &[B, C])])
}

fn up(graph: &Graph, target: &str, applied: &[&str]) -> Result<Vec<&'static str>, TargetError> {
    Ok(graph.upgrade(&target.parse()?, &set(applied))?.iter().map(|m| m.id).collect())
}

fn row(id: &str, revises: &[&str]) -> Revision {
    let revises = revises.iter().map(|p| (*p).to_owned()).collect();
    Revision { id: id.to_owned(), revises, ..Revision::default() }
}

/// What is undone when these are applied, in this order, all but the first by the last run.
fn down(graph: &Graph, target: &str, applied: &[&str]) -> Result<Vec<String>, TargetError> {
    let rows: Vec<Revision> = applied.iter().map(|id| row(id, graph.find(id).map_or(&[][..], |m| m.revises))).collect();
    graph.downgrade(&target.parse()?, &rows, &set(&applied[applied.len().min(1)..]))
}

#[test]
fn a_chain_goes_up_and_down() {
    let g = chain();
    assert_eq!(up(&g, "head", &[]), Ok(vec![A, B, C]));
    assert_eq!(up(&g, "head", &[A, B, C]), Ok(vec![]));
    assert_eq!(up(&g, "+1", &[A]), Ok(vec![B]));
    assert_eq!(up(&g, "+2", &[]), Ok(vec![A, B]));
    assert_eq!(up(&g, "bbbb", &[A]), Ok(vec![B, C]));
    assert_eq!(up(&g, "bbbb-1", &[]), Ok(vec![A, B]));
    assert_eq!(up(&g, "aaaa0001+1", &[]), Ok(vec![A, B]));
    assert_eq!(down(&g, "base", &[A, B, C]), Ok(vec![C.into(), B.into(), A.into()]));
    assert_eq!(down(&g, "-1", &[A, B, C]), Ok(vec![C.into()]));
    assert_eq!(down(&g, "-2", &[A, B]), Ok(vec![B.into(), A.into()]));
    assert_eq!(down(&g, A, &[A, B, C]), Ok(vec![C.into(), B.into()]));
    assert_eq!(down(&g, "aaaa0001-1", &[A, B]), Ok(vec![B.into(), A.into()]));
    assert_eq!(down(&g, "last-run", &[A, B, C]), Ok(vec![C.into(), B.into()]));
}

#[test]
fn every_wrong_word_has_its_error() {
    let g = chain();
    let asked = |w: &str| w.to_owned();
    assert_eq!(up(&g, "dddd", &[]), Err(TargetError::Unknown(asked("dddd"))));
    assert_eq!(up(&g, "bbb", &[]), Err(TargetError::Unknown(asked("bbb"))));
    assert_eq!(
        up(&g, "aaaa", &[]),
        Err(TargetError::Ambiguous {
            prefix: asked("aaaa"),
            candidates: vec!["aaaa0001 (m)".into(), "aaaa0002 (m)".into()]
        })
    );
    assert_eq!(up(&g, "+4", &[]), Err(TargetError::TooFar { asked: asked("+4"), end: "head" }));
    assert_eq!(down(&g, "-2", &[A]), Err(TargetError::TooFar { asked: asked("-2"), end: "base" }));
    assert_eq!(up(&g, "aaaa0002-3", &[]), Err(TargetError::TooFar { asked: asked("aaaa0002-3"), end: "base" }));
    assert!(matches!(up(&g, "-1", &[A]), Err(TargetError::WrongWay { direction: "up", .. })));
    assert!(matches!(down(&g, "+1", &[A]), Err(TargetError::WrongWay { direction: "down", .. })));
    assert!(matches!(down(&g, C, &[A]), Err(TargetError::NotApplied(_))));
    for word in ["", "@head", "a@b@c", "a b", "++", "x@1234", "'"] {
        assert!(matches!(up(&g, word, &[]), Err(TargetError::Malformed(_))), "{word}");
    }
}

#[test]
fn a_diamond_has_two_ways() {
    let g = diamond();
    assert_eq!(up(&g, "head", &[]), Ok(vec![A, B, C, D]));
    assert!(matches!(up(&g, "+1", &[A]), Err(TargetError::Fork { .. })));
    assert_eq!(up(&g, "+1", &[A, B]), Ok(vec![C]));
    assert_eq!(down(&g, "-1", &[A, B, C, D]), Ok(vec![D.into()]));
    assert!(matches!(down(&g, "-2", &[A, B, C, D]), Err(TargetError::Fork { .. })));
    assert_eq!(down(&g, B, &[A, B, C, D]), Ok(vec![D.into()]));
    assert!(matches!(up(&g, "cccc0004-1", &[]), Err(TargetError::Fork { .. })));
    assert_eq!(ids(&g.branch_points()), [A]);
    assert_eq!(ids(&g.heads_of(&set(&[A, B, C]))), [B, C]);
}

#[test]
fn several_heads_are_said_and_labels_choose() {
    let mut payments = revision(B, &[A]);
    payments.labels = &["payments"];
    let mut later = revision(D, &[B]);
    later.depends_on = &[C];
    let g = Graph::new([revision(A, &[]), payments, revision(C, &[A]), later]).expect("a graph");
    assert_eq!(ids(&g.heads()), [C, D]);
    assert!(matches!(up(&g, "head", &[]), Err(TargetError::SeveralHeads(_))));
    assert_eq!(up(&g, "heads", &[A]), Ok(vec![B, C, D]));
    // What a branch depends on comes along.
    assert_eq!(up(&g, "payments@head", &[]), Ok(vec![A, B, C, D]));
    assert_eq!(up(&g, "payments", &[]), Ok(vec![A, B]));
    assert_eq!(up(&g, "payments@+1", &[A]), Ok(vec![B]));
    // Who depends on what goes, goes too.
    assert_eq!(down(&g, A, &[A, B, C, D]), Ok(vec![D.into(), C.into(), B.into()]));
    assert_eq!(down(&g, "payments@base", &[A, B, C, D]), Ok(vec![D.into(), B.into()]));
    assert_eq!(down(&g, "payments@base", &[A, B]), Ok(vec![B.into(), A.into()]));
}

#[test]
fn a_graph_that_cannot_be_is_refused() {
    let cycle = Graph::new([revision(A, &[B]), revision(B, &[A]), revision(C, &[B])]);
    assert_eq!(cycle.err(), Some(GraphError::Cycle { ids: vec![A.into(), B.into()] }));
    let missing = Graph::new([revision(A, &[B])]).err();
    assert_eq!(missing, Some(GraphError::Missing { id: A.into(), file: A.into(), parent: B.into() }));
    let twin = MigrationDef { file: "other", ..revision(A, &[]) };
    let twins = Some(GraphError::Duplicate { id: A.into(), first: A.into(), second: "other".into() });
    assert_eq!(Graph::new([twin, revision(A, &[])]).err(), twins);
    // A module that is compiled into a library and into a binary is registered twice.
    assert_eq!(Graph::new([revision(A, &[]), revision(A, &[])]).expect("one").migrations().len(), 1);
    assert!(matches!(Graph::new([revision("xyz", &[])]).err(), Some(GraphError::BadId { .. })));
    for labels in [&["head"], &["beef"], &["v-2"], &["a@b"], &[""], &["1st"]] {
        let labelled = MigrationDef { labels, ..revision(A, &[]) };
        assert!(matches!(Graph::new([labelled]).err(), Some(GraphError::BadLabel { .. })), "{labels:?}");
    }
    let labelled = |id, revises| MigrationDef { labels: &["payments"], ..revision(id, revises) };
    assert!(matches!(Graph::new([labelled(A, &[]), labelled(B, &[A])]).err(), Some(GraphError::Label { .. })));
}

#[test]
fn rows_of_a_newer_program_go_with_what_they_come_after() {
    let g = chain();
    let there = [row(A, &[]), row(B, &[A]), row(C, &[B]), row("eeee0001", &[C]), row("eeee0002", &["eeee0001"])];
    let down = |target: &str| g.downgrade(&target.parse()?, &there, &set(&["eeee0002"]));
    assert_eq!(down("head"), Ok(vec!["eeee0002".into(), "eeee0001".into()]));
    assert_eq!(down("-1"), Ok(vec!["eeee0002".into()]));
    assert_eq!(down("-3"), Ok(vec!["eeee0002".into(), "eeee0001".into(), C.into()]));
    assert_eq!(down("last-run"), Ok(vec!["eeee0002".into()]));
    assert_eq!(down(B), Ok(vec!["eeee0002".into(), "eeee0001".into(), C.into()]));
    assert_eq!(down("base").map(|all| all.len()), Ok(5));
}

#[test]
fn forests_and_twin_merges() {
    // Two trees; two merges of the same two heads; one merge of both merges and of the other tree.
    let g = graph(&[
        ("00000001", &[]),
        ("00000002", &["00000001"]),
        ("00000003", &["00000001"]),
        ("00000004", &["00000002", "00000003"]),
        ("00000005", &["00000003", "00000002"]),
        ("00000011", &[]),
        ("00000012", &["00000011"]),
        ("00000020", &["00000004", "00000005", "00000012"]),
    ]);
    assert_eq!(ids(&g.bases()), ["00000001", "00000011"]);
    assert_eq!(ids(&g.heads()), ["00000020"]);
    assert_eq!(up(&g, "head", &[]).map(|all| all.len()), Ok(8));
    assert_eq!(up(&g, "00000012", &[]), Ok(vec!["00000011", "00000012"]));
    assert_eq!(up(&g, "00000005", &["00000001"]), Ok(vec!["00000002", "00000003", "00000005"]));
    let all = ids(&g.migrations().iter().collect::<Vec<_>>());
    assert_eq!(down(&g, "00000012", &all), Ok(vec!["00000020".into()]));
    assert_eq!(down(&g, "00000002", &all), Ok(["00000020", "00000005", "00000004"].map(str::to_owned).to_vec()));
    // The other tree is nobody's business.
    assert_eq!(down(&g, "00000001", &all[..7]).map(|all| all.len()), Ok(4));
    assert_eq!(ids(&g.heads_of(&set(&all[..5]))), ["00000004", "00000005"]);
}

#[test]
fn ranges_include_both_ends() {
    let g = chain();
    let range = |text: &str| ids(&g.range(&text.parse().expect("a range"), &set(&[A, B])).expect("revisions"));
    assert_eq!(range(":"), [A, B, C]);
    assert_eq!(range("base:head"), [A, B, C]);
    assert_eq!(range("current:"), [B, C]);
    assert_eq!(range(":current"), [A, B]);
    assert_eq!(range("aaaa0002:bbbb"), [B, C]);
    assert_eq!(range("bbbb"), [C]);
}

#[test]
fn a_word_is_printed_as_it_was_read() {
    for word in [
        "head", "heads", "base", "current", "last-run", "+2", "-1", "1a2b+2", "head-2", "x-y.z-1", "pay@head", "pay@-1",
    ] {
        let target: Target = word.parse().expect("a target");
        assert_eq!(target.to_string(), word);
    }
}

#[test]
fn a_thousand_revisions_in_any_order_are_the_same() {
    let id = |n: usize| format!("{n:08x}");
    let all: Vec<Revision> = (0..1000)
        .map(|n| match n {
            0 => row(&id(0), &[]),
            n if n % 7 == 0 => row(&id(n), &[&id(n - 1), &id(n - 3)]),
            n => row(&id(n), &[&id((n - 1).saturating_sub(n % 2))]),
        })
        .collect();
    let straight = Lineage::new(all.clone()).expect("a graph");
    let mixed = Lineage::new((0..1000).map(|n| all[(n * 617 + 13) % 1000].clone())).expect("a graph");
    assert_eq!(straight.order, mixed.order);
    let place = |id: &str| straight.order.iter().position(|o| o == id);
    for revision in &all {
        for parent in &revision.revises {
            assert!(place(parent) < place(&revision.id));
        }
    }
    assert_eq!(straight.upgrade(&Target::Heads, &BTreeSet::new()).expect("all").len(), 1000);
}
