//! Rust structs in, reviewed and reversible database migrations out.

// A crate that derives `Table` names `::limbeck`; inside this one that is `crate`.
extern crate self as limbeck;

pub mod change;
mod column_type;
pub mod dialect;
pub mod diff;
#[cfg(all(feature = "derive", feature = "sqlite"))]
pub mod guide;
pub mod lock;
pub mod migrate;
pub mod migration;
pub mod plan;
pub mod registry;
pub mod schema;
pub mod source;
mod table;

pub use column_type::ArrayElement;
#[cfg(feature = "derive")]
pub use limbeck_macros::{ColumnType, Columns, Enum, Table};
pub use table::{
    AutoDef, CheckDef, Column, ColumnDef, ColumnType, Columns, DefaultDef, Enum, EnumDef, ExclusionDef, ForeignKeyDef,
    IndexDef, KeyDef, KeyOfDef, OptionsDef, ReferenceDef, SequenceDef, StoredDef, Table, TableDef, TypeDef, UniqueDef,
    VariantDef,
};

/// What the derives' output names; not for people.
#[doc(hidden)]
pub mod __private {
    pub use inventory;

    pub use super::*;
    pub use crate::table::{
        Probe, Unprobed, all_of, assert_counted, assert_default, assert_distinct, assert_length, assert_numeric,
        assert_primary_key, assert_refer, assert_refers, assert_set_null, named, part_of, table,
    };

    /// A model that a derive registered.
    pub struct Model(pub &'static crate::TableDef);

    /// The model.
    #[must_use]
    pub const fn model<T: crate::Table>() -> Model {
        Model(T::TABLE)
    }

    inventory::collect!(Model);
}
