//! A model's own functions, consts and types collide with nothing of ours.

#![deny(warnings)]
#![deny(clippy::pedantic, missing_docs, unreachable_pub)]
#![forbid(unsafe_code)]

/// Shadows of the names that generated code could trip over.
pub mod shadows {
    #![expect(dead_code, reason = "they are only there to be in the way")]

    /// Not the one of the prelude.
    pub enum Option {
        /// Not the one of the prelude.
        None,
        /// Nor this.
        Some,
    }
    type Result = ();
    type Vec = ();
    type String = ();
    mod core {}
    mod std {}
    mod limbeck {}

    /// An account.
    #[derive(::limbeck::Table)]
    #[table(index(email), unique(email; name = "one_email"), comment = doc)]
    pub struct Account {
        #[column(primary_key)]
        id: i64,
        #[column(length = 10, default = "x")]
        email: ::std::string::String,
        #[column(references = Self::id, on_delete = set_null)]
        parent: ::std::option::Option<i64>,
    }

    impl Account {
        const TABLE: u8 = 1;
        const COLUMNS: u8 = 2;

        /// Its own function.
        pub fn id(&self) -> i64 {
            self.id + i64::from(Self::TABLE + Self::COLUMNS) + i64::try_from(self.email.len()).unwrap_or(0)
        }

        /// Its own function.
        pub fn columns(&self) -> ::std::option::Option<i64> {
            self.parent
        }

        /// Made from nothing.
        #[must_use]
        pub fn new() -> Self {
            Self { id: 1, email: ::std::string::String::new(), parent: ::std::option::Option::None }
        }
    }

    impl Default for Account {
        fn default() -> Self {
            Self::new()
        }
    }
}

/// What it is.
#[derive(limbeck::Enum, Clone, Copy)]
#[repr(i16)]
pub enum Kind {
    /// One.
    One = 1,
    /// Seven.
    Seven = 7,
}

/// A number.
#[derive(limbeck::ColumnType)]
pub struct Number(pub i64);

#[derive(limbeck::Table)]
#[expect(non_snake_case, reason = "so is it called elsewhere")]
struct Private {
    #[column(primary_key)]
    id: Hidden,
    camelCase: bool,
}

#[derive(limbeck::ColumnType)]
struct Hidden(i64);

/// A type with the name of ours.
#[derive(limbeck::ColumnType)]
pub struct ThingColumns(pub i64);

/// With a field of that type.
#[derive(limbeck::Table)]
pub struct Thing {
    /// The key.
    #[column(primary_key)]
    pub id: ThingColumns,
}

/// Public, with a field of a private type.
#[derive(limbeck::Table)]
pub struct Public {
    #[column(primary_key, references = Private::id)]
    id: Hidden,
    /// Its kind.
    #[column(default = 7)]
    pub kind: Kind,
}

fn main() {
    let account = shadows::Account::new();
    let table = <shadows::Account as limbeck::Table>::TABLE;
    assert_eq!(table.options.comment, Some("An account."));
    assert_eq!((account.id(), account.columns()), (4, None));
    let private = Private { id: Hidden(1), camelCase: true };
    let public = Public { id: private.id, kind: Kind::One };
    assert!(public.id.0 == 1 && private.camelCase && public.kind as i16 == 1 && Kind::Seven as i16 == 7);
    assert_eq!(<Public as limbeck::Table>::COLUMNS.kind.name(), "kind");
}
