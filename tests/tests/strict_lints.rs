//! A crate with strict lints takes the derives without a warning. Clippy runs over this file in CI.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(
    missing_copy_implementations,
    missing_debug_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unnameable_types,
    unreachable_pub,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
#![deny(
    clippy::allow_attributes,
    clippy::as_conversions,
    clippy::absolute_paths,
    clippy::indexing_slicing,
    clippy::panic
)]

/// The models.
pub mod models {
    use std::time::Duration;

    use limbeck::{ColumnType, Columns, Enum, Table};

    /// A key.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, ColumnType)]
    pub struct AccountId(pub i64);

    /// A role.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
    #[sqlx(rename_all = "snake_case")]
    #[repr(i16)]
    pub enum Role {
        /// All rights.
        Owner = 1,
        /// Some.
        Member = 2,
    }

    /// Where it is.
    #[derive(Clone, Debug, PartialEq, Eq, Columns)]
    pub struct Place {
        /// The city.
        #[column(index(using = hash), length = 100)]
        pub city: String,
        /// The account that wrote it down.
        #[column(references = Account::id, on_delete = set_null)]
        pub by: Option<AccountId>,
    }

    /// An account.
    #[derive(Clone, Debug, PartialEq, Eq, Table)]
    #[table(comment = doc, index(place.city, name desc nulls last), unique(name; where = "name <> ''"))]
    #[table(check("length(name) > 1"), exclude("name with ="), column("search", "tsvector"; nullable), strict)]
    #[table(foreign_key((id) references Account(id); deferrable = initially_deferred), with(fillfactor = 70))]
    pub struct Account {
        /// The key.
        #[column(primary_key, identity(always, start = 10))]
        pub id: AccountId,
        /// The name.
        #[column(unique, default = "nobody", length = 64, postgres(collation = "C"), sqlite(default = none))]
        pub name: String,
        /// What it may do.
        #[column(default = 2, renamed_from = "rights", backfill = "1")]
        pub role: Role,
        /// Where it is.
        #[column(flatten)]
        pub place: Place,
        /// When.
        #[column(sql_type = "timestamptz", default_sql = "now()")]
        pub seen: Option<Duration>,
    }

    /// With a lifetime and a parameter.
    #[derive(Clone, Debug, PartialEq, Eq, Table)]
    pub struct Note<'a, T> {
        /// The key.
        #[column(primary_key)]
        pub id: i64,
        /// The text.
        pub body: &'a str,
        /// More.
        pub more: T,
    }
}

#[test]
fn the_models_are_there() {
    use limbeck::Table as _;

    assert_eq!(models::Account::COLUMNS.name.name(), "name");
    assert_eq!(models::Note::<'_, bool>::TABLE.columns.len(), 3);
}
