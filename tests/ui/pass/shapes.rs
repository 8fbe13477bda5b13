//! Structs of every shape: generic, with lifetimes, in a function, made by a macro, with `#[cfg]` on fields.

use std::borrow::Cow;

use limbeck::Table;
use limbeck::registry::Registry;

#[derive(Table)]
#[table(name = "envelope")]
struct Envelope<T, const N: usize>
where
    T: Clone,
{
    #[column(primary_key)]
    id: i64,
    payload: Option<T>,
    digest: [u8; N],
    #[column(references = Self::id)]
    answers: Option<i64>,
    #[column(references = Renamed::id, on_delete = set_null)]
    renamed: Option<i64>,
}

#[derive(Table)]
struct Borrowed<'a, 'b: 'a> {
    #[column(primary_key, length = 20)]
    slug: &'a str,
    body: Cow<'b, str>,
    #[column(references = Borrowed::slug)]
    parent: Option<&'a str>,
    bytes: &'a [u8],
}

macro_rules! model {
    ($name:ident, $table:literal, $default:expr, { $($field:ident: $ty:ty),* }, $other:path) => {
        #[derive(Table)]
        #[table(name = $table, index($($field),*))]
        struct $name {
            #[column(primary_key)]
            id: i64,
            #[column(default = $default)]
            level: i32,
            #[column(references = $name::id)]
            parent: Option<i64>,
            $($field: $ty,)*
        }
    };
}

model!(Made, "made_here", -5, { title: Option<String>, body: String }, Borrowed);

#[derive(Table)]
struct Configured {
    #[column(primary_key)]
    id: i64,
    #[cfg(any())]
    absent: NoSuchType,
    #[cfg(all())]
    #[cfg_attr(all(), column(name = "there"))]
    present: i16,
}

fn local() -> &'static str {
    #[derive(Table)]
    struct Local {
        #[column(primary_key)]
        id: i64,
        #[column(references = Local::id)]
        other: i64,
    }
    let local = Local { id: 1, other: 1 };
    assert_eq!(local.id, local.other);
    Local::TABLE.name
}

mod facade {
    pub mod inner {
        pub use limbeck::*;
    }
}

#[derive(facade::inner::Table)]
#[table(crate = facade::inner)]
struct Renamed {
    #[column(primary_key)]
    id: i64,
    r#type: String,
    r#fn: i64,
}

fn main() {
    assert_eq!(local(), "local");
    let generic = Envelope::<String, 16>::TABLE;
    assert_eq!((generic.columns[1].nullable, generic.columns[2].nullable), (true, false));
    let names = |table: &limbeck::TableDef| table.columns.iter().map(|c| c.name).collect::<Vec<_>>();
    assert_eq!(names(Configured::TABLE), ["id", "there"]);
    assert_eq!(names(Made::TABLE), ["id", "level", "parent", "title", "body"]);
    assert_eq!(names(Renamed::TABLE), ["id", "type", "fn"]);
    let registered: Vec<&str> = Registry::registered().tables().map(|t| t.name).collect();
    assert_eq!(registered, ["borrowed", "configured", "local", "made_here", "renamed"]);
    let schema = Registry::registered().table::<Envelope<i64, 4>>().schema().expect("the models agree");
    assert!(schema.tables.contains_key(&"envelope".into()));
    let _ = (
        Envelope::<i64, 1> { id: 1, payload: None, digest: [0], answers: None, renamed: None },
        Borrowed { slug: "", body: "".into(), parent: None, bytes: &[] },
        Made { id: 1, level: 1, parent: None, title: None, body: String::new() },
        Configured { id: 1, present: 1 },
        Renamed { id: 1, r#type: String::new(), r#fn: 1 },
    );
}
