//! `#[column(…)]`.

use syn::{LitInt, LitStr};

use super::arguments::{Flag, Maybe, On, Set, attribute};
use super::comment::Comment;
use super::literal::Literal;
use super::parts::{ActionWord, CheckPart, Deferral, IdentityPart, IndexOptions, Number, Reference};

attribute! {
    /// `#[column(…)]` on a field.
    pub(crate) struct ColumnAttr {
        /// Identifies a row, alone or with the other fields that say so.
        primary_key: Flag = "primary_key",
        /// No two rows share its value. Options as in `#[table(unique(…))]`.
        unique: Maybe<IndexOptions> = "unique",
        /// An index over it: `index`, `index(using = gin)`.
        index: Maybe<IndexOptions> = "index",
        /// The column's name. Without one it is the field's.
        name: Set<LitStr> = "name" | "rename" | "column_name",
        /// The type in the database's own words. The field's type then needs no `ColumnType`; `Option` still means NULL.
        sql_type: Set<LitStr> = "sql_type",
        /// The most characters a text holds: `varchar(64)`.
        length: Set<LitInt> = "length",
        /// How many digits a decimal has in all.
        precision: Set<LitInt> = "precision",
        /// How many of them stand behind the point.
        scale: Set<Number> = "scale",
        /// What an insert that leaves it out gets: a literal.
        default: Set<Literal> = "default",
        /// The same, as SQL: `default_sql = "now()"`.
        default_sql: Set<LitStr> = "default_sql",
        /// The expression it is computed from, in SQL; the value is stored.
        generated: Set<LitStr> = "generated",
        /// The generated value is computed when it is read, and not stored.
        virtually: Flag = "virtual",
        /// An identity column (PostgreSQL): `identity`, `identity(always, start = 1000)`.
        identity: Maybe<IdentityPart> = "identity",
        /// Numbered by the database, in whatever way it does best.
        auto_increment: Flag = "auto_increment",
        /// Numbered by a sequence of its own that a default reads, as `serial` does it (PostgreSQL); elsewhere as
        /// `auto_increment`.
        serial: Flag = "serial",
        /// The row it belongs to: `references = Account::id`, checked by the compiler, or `"schema.table(column)"`.
        references: Set<Reference> = "references",
        /// What a delete of the other row does here: `cascade`, `restrict`, `set_null`, `set_default`, `no_action`.
        on_delete: Set<ActionWord> = "on_delete",
        /// What an update of the other key does here.
        on_update: Set<ActionWord> = "on_update",
        /// The reference is checked at the end of the transaction, if it says so, or always:
        /// `deferrable = initially_deferred`.
        deferrable: Deferral = "deferrable",
        /// The collation, in the database's own words.
        collation: Set<LitStr> = "collation",
        /// A comment, or `comment = doc` for the field's doc comment.
        comment: Set<Comment> = "comment",
        /// The name it had before: a rename keeps the values.
        renamed_from: Set<LitStr> = "renamed_from",
        /// What rows that were there before get, in SQL.
        backfill: Set<LitStr> = "backfill",
        /// A condition that its values meet, in SQL.
        check: Set<LitStr> = "check",
        /// The field is a struct with `#[derive(Columns)]`; its fields are columns here.
        flatten: Flag = "flatten",
        /// No column.
        skip: Flag = "skip" | "ignore",
        /// NULL is allowed; for `#[table(column(…))]` only, because a field says it with `Option`.
        nullable: Flag = "nullable",
        /// What differs on PostgreSQL.
        postgres: On<ColumnOn> = "postgres",
        /// What differs on SQLite.
        sqlite: On<ColumnOn> = "sqlite",
    }
}

attribute! {
    /// What differs in a column on one database.
    pub(crate) struct ColumnOn {
        /// The type there.
        sql_type: Set<LitStr> = "sql_type",
        /// The default there, or `default = none`.
        default: Set<Literal> = "default",
        /// The default there, as SQL.
        default_sql: Set<LitStr> = "default_sql",
        /// The expression it is computed from there.
        generated: Set<LitStr> = "generated",
        /// The generated value is not stored there.
        virtually: Flag = "virtual",
        /// The collation there.
        collation: Set<LitStr> = "collation",
        /// An index that exists only there.
        index: Maybe<IndexOptions> = "index",
        /// A condition that exists only there.
        check: Vec<CheckPart> = "check",
    }
}

impl ColumnOn {
    /// Whether anything differs in the column itself.
    pub(crate) fn differs(&self) -> bool {
        let Self { sql_type, default, default_sql, generated, virtually, collation, index: _, check: _ } = self;
        sql_type.get().is_some()
            || default.get().is_some()
            || default_sql.get().is_some()
            || generated.get().is_some()
            || virtually.is_set()
            || collation.get().is_some()
    }
}
