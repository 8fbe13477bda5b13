//! The words of a migration module, recorded as steps.
//!
//! A module's `up` and `down` say what changes, by name; nothing happens until the steps are resolved. Every word is
//! thin: what it takes is turned into plain values at its edge, so that a thousand modules compile quickly.

mod column;
mod data;
mod object;
mod parts;
mod table;
mod types;

pub use column::ColumnAlter;
pub use object::EnumAlter;
pub use parts::{ByName, UNDECLARED, by_name, check, exclusion, foreign_key, in_default_schema, index, unique};
pub use table::{TableAlter, TableBuilder};
pub use types::{
    array, bigint, boolean, bytes, character, date, double, expression, float, integer, interval, interval_with, json,
    jsonb, key, named, numeric, numeric_with, placeholder, real, smallint, sql_type, text, time, time_with, timestamp,
    timestamp_with, timestamptz, timestamptz_with, timetz, timetz_with, uuid, varchar, varchar_unlimited,
};

use crate::schema::{
    Check, Column, Database, Domain, Enum, Exclusion, Expression, Extension, ForeignKey, Index, Key, Name, Namespace,
    PrimaryKey, QualifiedName, Sequence, SequenceOptions, SqlObject, SqlObjectKind, Table, Type, Unique,
};
use crate::source::{Backfill, ColumnEdit, Item, NewName, PartRef, Sql, Step, Target};

/// Records a step, and gives the place in it that more can be said about.
macro_rules! record {
    ($migration:expr, $step:expr, $place:pat => $it:expr) => {{
        let at = $migration.steps.len();
        $migration.steps.push($step);
        match &mut $migration.steps[at] {
            $place => $it,
            _ => unreachable!("the step was recorded just now"),
        }
    }};
}

/// What a module's `up` or `down` says.
#[derive(Debug, Default)]
pub struct Migration {
    steps: Vec<Step>,
}

impl Migration {
    /// Listens to a module.
    #[must_use]
    pub fn record(say: fn(&mut Self)) -> Vec<Step> {
        let mut migration = Self::default();
        say(&mut migration);
        migration.steps
    }

    /// Records one step that is a value already.
    pub fn say(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// What only one database is told.
    pub fn only(&mut self, database: impl Into<Database>, say: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        say(&mut inner);
        self.say(Step::Only(database.into(), inner.steps));
    }

    /// A statement. Where databases need different ones, each stands in [`only`](Self::only).
    pub fn sql(&mut self, text: impl Into<String>) -> &mut Sql {
        let sql = Sql { text: text.into(), repeatable: false, alone: false };
        record!(self, Step::Sql(sql), Step::Sql(it) => it)
    }

    /// Values for rows that are there, in batches that commit one by one, so that nobody waits long for a lock.
    ///
    /// What stands before it is committed first. A run that dies goes on after the last batch.
    ///
    /// ```
    /// # use limbeck::migration::*;
    /// # fn up(m: &mut Migration) {
    /// m.create_column("account", "handle", text()).nullable();
    /// m.backfill("account").set("handle", "lower(email)");
    /// m.alter_column("account", "handle").not_null();
    /// # }
    /// ```
    pub fn backfill(&mut self, table: impl Into<QualifiedName>) -> &mut Backfill {
        let step = Backfill { table: table.into(), set: Vec::new(), filter: None, batch: None };
        record!(self, Step::Backfill(step), Step::Backfill(it) => it)
    }

    /// What the statements or the code before this did to the schema. Nothing is sent: it lets the steps that follow,
    /// and all who work without a database, know.
    ///
    /// ```
    /// # use limbeck::migration::*;
    /// # fn up(m: &mut Migration) {
    /// m.sql("ALTER TABLE account ADD COLUMN age integer");
    /// m.effect(|m| {
    ///     m.create_column("account", "age", integer()).nullable();
    /// });
    /// # }
    /// ```
    pub fn effect(&mut self, say: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        say(&mut inner);
        self.say(Step::Effect(inner.steps));
    }

    /// What these steps drop is kept: the rows of a table, the values of a column, the values that become others when a
    /// label goes or a type gets narrower. Copies stand in tables of their own, found again by the primary key, until
    /// [`restore_dropped`](Self::restore_dropped) brings them back or `limbeck purge` removes them. Names stay as they
    /// are in here: a rename stands before it.
    ///
    /// ```
    /// # use limbeck::migration::*;
    /// # fn up(m: &mut Migration) {
    /// m.keep_dropped(|m| {
    ///     m.drop_column("account", "nickname");
    /// });
    /// # }
    /// # fn down(m: &mut Migration) {
    /// m.restore_dropped(|m| {
    ///     m.create_column("account", "nickname", text()).nullable();
    /// });
    /// # }
    /// ```
    pub fn keep_dropped(&mut self, say: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        say(&mut inner);
        self.say(Step::KeepDropped(inner.steps));
    }

    /// The other half of [`keep_dropped`](Self::keep_dropped), in `down`: what these steps create gets back what the
    /// migration kept of it.
    pub fn restore_dropped(&mut self, say: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        say(&mut inner);
        self.say(Step::RestoreDropped(inner.steps));
    }

    /// What `up` does cannot be undone. A downgrade across this is refused before it starts.
    pub fn irreversible(&mut self, why: impl Into<String>) {
        self.say(Step::Irreversible(why.into()));
    }

    /// What `up` does needs no undoing, and why: `down` of a migration that only moves data says this, or what undoes it.
    pub fn nothing(&mut self, why: impl Into<String>) {
        self.say(Step::Nothing(why.into()));
    }

    /// Stops the migration when a query finds a row: rows that something later in it would fail on are told before
    /// anything is done, with their number and the first of them.
    ///
    /// ```
    /// # use limbeck::migration::prelude::*;
    /// # fn up(m: &mut Migration) {
    /// m.assert_none("accounts that share an address", "SELECT email FROM account GROUP BY email HAVING count(*) > 1");
    /// m.create_unique("account", ["email"]);
    /// # }
    /// ```
    pub fn assert_none(&mut self, what: impl Into<String>, query: impl Into<String>) {
        self.say(Step::AssertNone(what.into(), query.into()));
    }

    /// Looks at the rows that a check or foreign key was `not_valid` about, while others read and write (PostgreSQL).
    ///
    /// ```
    /// # use limbeck::migration::prelude::*;
    /// # fn up(m: &mut Migration) {
    /// m.create_check("account", "length(email) > 2").named("email_is_long").not_valid();
    /// # }
    /// # fn later(m: &mut Migration) {
    /// m.validate_constraint("account", "email_is_long");
    /// # }
    /// ```
    pub fn validate_constraint(&mut self, table: impl Into<QualifiedName>, name: impl Into<Name>) {
        self.say(Step::Validate(table.into(), name.into()));
    }

    /// A table.
    pub fn create_table(&mut self, name: impl Into<QualifiedName>, say: impl FnOnce(&mut TableBuilder)) {
        let mut builder = TableBuilder { table: Table::new(name) };
        say(&mut builder);
        self.say(Step::Create(Item::Table(builder.table)));
    }

    /// A table's options.
    pub fn alter_table(&mut self, name: impl Into<QualifiedName>) -> TableAlter<'_> {
        let step = Step::AlterTable(name.into(), Vec::new());
        record!(self, step, Step::AlterTable(_, edits) => TableAlter { edits })
    }

    /// A column, NOT NULL unless `.nullable()` follows.
    pub fn create_column(&mut self, table: impl Into<QualifiedName>, name: impl Into<Name>, ty: Type) -> &mut Column {
        let step = Step::Create(Item::Column(table.into(), Column::new(name, ty)));
        record!(self, step, Step::Create(Item::Column(_, it)) => it)
    }

    /// A column, in part: what is not said stays.
    pub fn alter_column(&mut self, table: impl Into<QualifiedName>, name: impl Into<Name>) -> ColumnAlter<'_> {
        let step = Step::AlterColumn(table.into(), name.into(), Vec::<ColumnEdit>::new());
        record!(self, step, Step::AlterColumn(_, _, edits) => ColumnAlter { edits })
    }

    /// An enum, in part: what is not said stays.
    pub fn alter_enum(&mut self, name: impl Into<QualifiedName>) -> EnumAlter<'_> {
        let step = Step::AlterEnum(name.into(), Vec::new());
        record!(self, step, Step::AlterEnum(_, edits) => EnumAlter { edits })
    }

    /// A primary key.
    pub fn create_primary_key<N: Into<Name>>(
        &mut self,
        table: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = N>,
    ) -> &mut PrimaryKey {
        let step = Step::Create(Item::PrimaryKey(table.into(), PrimaryKey::new(columns)));
        record!(self, step, Step::Create(Item::PrimaryKey(_, it)) => it)
    }

    /// A unique constraint.
    pub fn create_unique<N: Into<Name>>(
        &mut self,
        table: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = N>,
    ) -> &mut Unique {
        let step = Step::Create(Item::Unique(table.into(), Unique::new(columns)));
        record!(self, step, Step::Create(Item::Unique(_, it)) => it)
    }

    /// A check.
    pub fn create_check(&mut self, table: impl Into<QualifiedName>, expression: impl Into<Expression>) -> &mut Check {
        let step = Step::Create(Item::Check(table.into(), Check::new(expression)));
        record!(self, step, Step::Create(Item::Check(_, it)) => it)
    }

    /// A foreign key; `.references(…)` follows.
    pub fn create_foreign_key<N: Into<Name>>(
        &mut self,
        table: impl Into<QualifiedName>,
        columns: impl IntoIterator<Item = N>,
    ) -> &mut ForeignKey {
        let step = Step::Create(Item::ForeignKey(table.into(), foreign_key(columns)));
        record!(self, step, Step::Create(Item::ForeignKey(_, it)) => it)
    }

    /// An exclusion constraint; `.element(…)` follows.
    pub fn create_exclusion(&mut self, table: impl Into<QualifiedName>, using: &str) -> &mut Exclusion {
        let step = Step::Create(Item::Exclusion(table.into(), exclusion(using)));
        record!(self, step, Step::Create(Item::Exclusion(_, it)) => it)
    }

    /// An index.
    pub fn create_index<K: Into<Key>>(
        &mut self,
        table: impl Into<QualifiedName>,
        keys: impl IntoIterator<Item = K>,
    ) -> &mut Index {
        let step = Step::Create(Item::Index(table.into(), Index::new(keys)));
        record!(self, step, Step::Create(Item::Index(_, it)) => it)
    }

    /// The primary key goes.
    pub fn drop_primary_key(&mut self, table: impl Into<QualifiedName>) {
        self.say(Step::Drop(Target::PrimaryKey(table.into())));
    }

    /// The primary key gets another name.
    pub fn rename_primary_key(&mut self, table: impl Into<QualifiedName>, to: impl Into<NewName>) {
        self.say(Step::Rename(Target::PrimaryKey(table.into()), to.into()));
    }

    /// The primary key gets another comment.
    pub fn comment_primary_key(&mut self, table: impl Into<QualifiedName>, comment: Option<&str>) {
        self.say(Step::Comment(Target::PrimaryKey(table.into()), comment.map(str::to_owned)));
    }

    /// A view, trigger or virtual table goes.
    pub fn drop_object(&mut self, name: impl Into<QualifiedName>) {
        self.say(Step::Drop(Target::Object(name.into())));
    }

    /// A column goes, with its values.
    pub fn drop_column(&mut self, table: impl Into<QualifiedName>, name: impl Into<Name>) {
        self.say(Step::Drop(Target::Column(table.into(), name.into())));
    }

    /// A column gets another name, and keeps its values.
    pub fn rename_column(&mut self, table: impl Into<QualifiedName>, name: impl Into<Name>, to: impl Into<NewName>) {
        self.say(Step::Rename(Target::Column(table.into(), name.into()), to.into()));
    }

    /// A label of an enum gets another name; rows keep it under that.
    pub fn rename_label(&mut self, of: impl Into<QualifiedName>, label: impl Into<Name>, to: impl Into<NewName>) {
        self.say(Step::Rename(Target::Label(of.into(), label.into()), to.into()));
    }
}

/// What is dropped and renamed by its name alone.
macro_rules! by_its_name {
    ($($what:literal $drop:ident $rename:ident $target:ident($name:ty);)*) => {
        impl Migration {$(
            #[doc = concat!($what, " goes.")]
            pub fn $drop(&mut self, name: impl Into<$name>) {
                self.say(Step::Drop(Target::$target(name.into())));
            }

            #[doc = concat!($what, " gets another name.")]
            pub fn $rename(&mut self, name: impl Into<$name>, to: impl Into<NewName>) {
                self.say(Step::Rename(Target::$target(name.into()), to.into()));
            }
        )*}
    };
}

by_its_name! {
    "A schema" drop_schema rename_schema Namespace(Name);
    "An extension" drop_extension rename_extension Extension(Name);
    "An enum" drop_enum rename_enum Enum(QualifiedName);
    "A domain" drop_domain rename_domain Domain(QualifiedName);
    "A sequence" drop_sequence rename_sequence Sequence(QualifiedName);
    "A table, with its rows," drop_table rename_table Table(QualifiedName);
}

/// Parts of tables: by their name ([`by_name`]), by what they are over, or by all that is said of them.
macro_rules! by_reference {
    ($($what:literal $drop:ident $rename:ident $comment:ident $part:ident;)*) => {
        impl Migration {$(
            #[doc = concat!($what, " goes.")]
            pub fn $drop(&mut self, table: impl Into<QualifiedName>, part: impl Into<PartRef<$part>>) {
                self.say(Step::Drop(Target::$part(table.into(), part.into())));
            }

            #[doc = concat!($what, " gets another name.")]
            pub fn $rename(
                &mut self,
                table: impl Into<QualifiedName>,
                part: impl Into<PartRef<$part>>,
                to: impl Into<NewName>,
            ) {
                self.say(Step::Rename(Target::$part(table.into(), part.into()), to.into()));
            }

            #[doc = concat!($what, " gets another comment.")]
            pub fn $comment(
                &mut self,
                table: impl Into<QualifiedName>,
                part: impl Into<PartRef<$part>>,
                comment: Option<&str>,
            ) {
                self.say(Step::Comment(Target::$part(table.into(), part.into()), comment.map(str::to_owned)));
            }
        )*}
    };
}

by_reference! {
    "A unique constraint" drop_unique rename_unique comment_unique Unique;
    "A check" drop_check rename_check comment_check Check;
    "A foreign key" drop_foreign_key rename_foreign_key comment_foreign_key ForeignKey;
    "An exclusion constraint" drop_exclusion rename_exclusion comment_exclusion Exclusion;
    "An index" drop_index rename_index comment_index Index;
}

/// Small objects: said whole, whether they are created or altered.
macro_rules! whole {
    ($($what:literal $create:ident $alter:ident($($arg:ident: $of:ty),*) => $item:ident($it:ty) = $value:expr;)*) => {
        impl Migration {$(
            #[doc = concat!($what, ".")]
            pub fn $create(&mut self, $($arg: $of),*) -> &mut $it {
                record!(self, Step::Create(Item::$item($value)), Step::Create(Item::$item(it)) => it)
            }

            #[doc = concat!($what, " as it shall be from now on.")]
            pub fn $alter(&mut self, $($arg: $of),*) -> &mut $it {
                record!(self, Step::Alter(Item::$item($value)), Step::Alter(Item::$item(it)) => it)
            }
        )*}
    };
}

whole! {
    "A schema" create_schema alter_schema(name: impl Into<Name>)
        => Namespace(Namespace) = Namespace { name: name.into(), comment: None };
    "An extension" create_extension alter_extension(name: impl Into<Name>)
        => Extension(Extension) = Extension { name: name.into(), schema: None, version: None };
    "An enum" create_enum redefine_enum(name: impl Into<QualifiedName>, labels: impl IntoIterator<Item = impl Into<Name>>)
        => Enum(Enum) = Enum { name: name.into(), labels: labels.into_iter().map(Into::into).collect(), comment: None };
    "A domain" create_domain alter_domain(name: impl Into<QualifiedName>, ty: Type)
        => Domain(Domain) = Domain {
            name: name.into(), ty, not_null: false, default: None, checks: Vec::new(), collation: None, comment: None,
        };
    "A sequence" create_sequence alter_sequence(name: impl Into<QualifiedName>, ty: Type)
        => Sequence(Sequence) = Sequence { name: name.into(), ty, options: SequenceOptions::default(), comment: None };
    "A view, by the statement that creates it" create_view alter_view(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::View, name, sql);
    "A trigger, by the statement that creates it" create_trigger alter_trigger(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::Trigger, name, sql);
    "A virtual table, by the statement that creates it" create_virtual_table alter_virtual_table(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::VirtualTable, name, sql);
    "A view that keeps its rows, by the statement that creates it" create_materialized_view alter_materialized_view(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::MaterializedView, name, sql);
    "A function or a procedure, by the statement that creates it; its name holds the types of its arguments: `f(integer)`" create_routine alter_routine(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::Routine, name, sql);
    "A rewrite rule, by the statement that creates it" create_rule alter_rule(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::Rule, name, sql);
    "A row-security policy, by the statement that creates it" create_policy alter_policy(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::Policy, name, sql);
    "Whether a table's policies are enforced, by the statements that say so" create_row_security alter_row_security(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::RowSecurity, name, sql);
    "What roles may do with an object, by `GRANT` statements" create_privileges alter_privileges(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::Privileges, name, sql);
    "A type of several fields, by the statement that creates it" create_composite_type alter_composite_type(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::CompositeType, name, sql);
    "A type of ranges, by the statement that creates it" create_range_type alter_range_type(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::RangeType, name, sql);
    "A table that has its columns from another one: a partition, or one that inherits; by the statement that creates it" create_child_table alter_child_table(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::ChildTable, name, sql);
    "A way to compare and sort texts, by the statement that creates it" create_collation alter_collation(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::Collation, name, sql);
    "Something that statements set: who owns a sequence, what identifies a row that is replicated" create_setting alter_setting(name: impl Into<QualifiedName>, sql: impl Into<String>)
        => Object(SqlObject) = SqlObject::new(SqlObjectKind::Setting, name, sql);
}
