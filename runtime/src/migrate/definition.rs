//! What a migration module is, as const data.

use super::builder::Migration;

/// A migration module. Registered by [`migration!`](crate::migration!).
#[derive(Clone, Copy, Debug)]
pub struct MigrationDef {
    /// Its id: eight hexadecimal digits.
    pub id: &'static str,
    /// The ids that it comes after; several for a merge, none for a base.
    pub revises: &'static [&'static str],
    /// What it is about.
    pub message: &'static str,
    /// Names that lead to it.
    pub labels: &'static [&'static str],
    /// Ids that must be applied before it and are no part of its line.
    pub depends_on: &'static [&'static str],
    /// What somebody agreed to lose: `column account.nickname`.
    pub loses: &'static [&'static str],
    /// Which of a program's databases it belongs to.
    pub group: Option<&'static str>,
    /// Whether it runs in one transaction.
    pub transaction: Transaction,
    /// When it runs, in a deploy.
    pub deploy: Deploy,
    /// The steps forwards.
    pub up: fn(&mut Migration),
    /// The steps back.
    pub down: fn(&mut Migration),
    /// The module it is.
    pub module: &'static str,
    /// The file it is in.
    pub file: &'static str,
}

impl MigrationDef {
    /// A migration with nothing said that has a default.
    #[must_use]
    pub const fn new(id: &'static str, up: fn(&mut Migration), down: fn(&mut Migration)) -> Self {
        Self {
            id,
            revises: &[],
            message: "",
            labels: &[],
            depends_on: &[],
            loses: &[],
            group: None,
            transaction: Transaction::One,
            deploy: Deploy::Before,
            up,
            down,
            module: "",
            file: "",
        }
    }
}

/// Whether a migration runs in one transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transaction {
    /// All or nothing, save what the database forbids inside one.
    #[default]
    One,
    /// Each statement commits by itself.
    None,
}

/// When a migration runs, in a deploy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deploy {
    /// Before the new code is rolled out.
    #[default]
    Before,
    /// After the old code is gone.
    After,
}

/// A migration that a module registered.
#[doc(hidden)]
#[derive(Debug)]
pub struct Registered(pub MigrationDef);

inventory::collect!(Registered);

/// Says what a migration module is, and registers it. `up` and `down` are the module's functions.
///
/// ```
/// use limbeck::migration::*;
///
/// limbeck::migration! {
///     id: "8f3a2c1d",
///     revises: ["51c09e77"],
///     message: "add workspace",
/// }
///
/// pub fn up(m: &mut Migration) {
///     m.create_table("workspace", |t| {
///         t.column("id", uuid());
///         t.primary_key(["id"]);
///     });
/// }
///
/// pub fn down(m: &mut Migration) {
///     m.drop_table("workspace");
/// }
/// # fn main() {}
/// ```
///
/// Besides these three it takes `labels: ["…"]`, `depends_on: ["…"]`, `loses: ["column account.nickname"]`,
/// `group: "…"`, `transaction: none` and `deploy: after`.
#[macro_export]
macro_rules! migration {
    (id: $id:literal $(, $key:ident : $value:tt)* $(,)?) => {
        $crate::__private::inventory::submit! {
            $crate::migrate::Registered({
                #[allow(unused_mut, reason = "a migration may say nothing but its id")]
                let mut def = $crate::migrate::MigrationDef::new($id, up, down);
                def.module = ::core::module_path!();
                def.file = ::core::file!();
                $($crate::__migration_key!(def, $key, $value);)*
                def
            })
        }
    };
    ($($other:tt)*) => {
        ::core::compile_error!("a migration begins with its id: limbeck::migration! { id: \"8f3a2c1d\", revises: [\"51c09e77\"], message: \"…\" }");
    };
}

/// One key of [`migration!`](crate::migration!).
#[doc(hidden)]
#[macro_export]
macro_rules! __migration_key {
    ($def:ident, revises, $value:tt) => {
        $def.revises = &$value;
    };
    ($def:ident, message, $value:tt) => {
        $def.message = $value;
    };
    ($def:ident, labels, $value:tt) => {
        $def.labels = &$value;
    };
    ($def:ident, depends_on, $value:tt) => {
        $def.depends_on = &$value;
    };
    ($def:ident, loses, $value:tt) => {
        $def.loses = &$value;
    };
    ($def:ident, group, $value:tt) => {
        $def.group = ::core::option::Option::Some($value);
    };
    ($def:ident, transaction, none) => {
        $def.transaction = $crate::migrate::Transaction::None;
    };
    ($def:ident, deploy, after) => {
        $def.deploy = $crate::migrate::Deploy::After;
    };
    ($def:ident, deploy, before) => {
        $def.deploy = $crate::migrate::Deploy::Before;
    };
    ($def:ident, $key:ident, $value:tt) => {
        ::core::compile_error!(::core::concat!(
            "`",
            ::core::stringify!($key),
            ": ",
            ::core::stringify!($value),
            "` means nothing to a migration; it takes ",
            "revises: [..], message: \"..\", labels: [..], depends_on: [..], loses: [..], group: \"..\", ",
            "transaction: none, deploy: after",
        ));
    };
}
