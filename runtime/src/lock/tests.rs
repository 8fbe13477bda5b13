use super::*;

mod models {
    #[derive(limbeck::Enum)]
    #[sqlx(type_name = "role", rename_all = "snake_case")]
    pub(super) enum Role {
        Owner,
        Member,
    }

    #[expect(dead_code, reason = "the struct is only described, never made")]
    #[derive(limbeck::Table)]
    #[table(schema = "auth.v1", comment = "Who", index(name desc; where = "name <> ''"), check("length(name) > 1"))]
    pub(super) struct Account {
        #[column(primary_key, identity(always, start = 10))]
        id: i64,
        #[column(name = "full name", length = 64, default = "none", renamed_from = "called", collation = "C")]
        name: String,
        #[column(unique)]
        role: Role,
        #[column(references = Account::id, on_delete = set_null)]
        by: Option<i64>,
        #[column(references = "other.thing(id)", postgres(sql_type = "int8"), sqlite(sql_type = "integer"))]
        other: u64,
    }

    const _: (Role, Role) = (Role::Owner, Role::Member);
}

/// These hashes are in the `limbeck.lock` of every project: when this fails, the encoding changed, and needs to be
/// version 2 beside version 1.
#[test]
fn the_encoding_is_frozen() {
    let texts = texts(&Registry::default().table::<models::Account>());
    let all: Vec<&str> = texts.values().flat_map(|text| text.lines()).collect();
    assert_eq!(
        all,
        [
            "# Written by `cargo limbeck lock`: what the migrations make of these models.",
            "enum role v1 613234657f55921e01e2d7ab8c8b4447",
            "table auth\\.v1.account v1 5f91f47a53c74cb2d83a354931d03e60",
        ]
    );
}
