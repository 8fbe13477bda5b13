//! What the derives say about mistakes, and that what is right compiles.
//!
//! `TRYBUILD=overwrite cargo test -p limbeck-tests --test ui` writes the `.stderr` files anew; read them as somebody
//! would who has never seen Limbeck: what is wrong, where, what to write instead.

#[test]
fn mistakes_are_explained_where_they_are() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/fail/*.rs");
    cases.pass("ui/pass/*.rs");
}
