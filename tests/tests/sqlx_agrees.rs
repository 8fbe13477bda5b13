//! What a model maps to is what sqlx reads and writes for the same Rust type.

use limbeck::registry::Registry;
use limbeck::schema::{Name, Schema, Type};
use limbeck::{Enum, Table};
use sqlx::encode::Encode;
use sqlx::postgres::{PgArgumentBuffer, Postgres};
use sqlx::{FromRow, TypeInfo};

#[derive(Clone, Copy, Debug, PartialEq, Eq, limbeck::Enum, sqlx::Type)]
enum Plain {
    One,
    TwoWords,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, limbeck::Enum, sqlx::Type)]
#[sqlx(type_name = "colour_kind", rename_all = "camelCase")]
enum Renamed {
    DarkRed,
    HTTPBlue2,
    #[sqlx(rename = "it's Green")]
    Green,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, limbeck::Enum, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
enum Texted {
    OneTwo,
    Three,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, limbeck::Enum, sqlx::Type)]
#[repr(i16)]
enum Numbered {
    Minus = -5,
    Next,
    Large = i16::MAX,
}

/// What sqlx sends to PostgreSQL for a value.
fn sent<'q, T: Encode<'q, Postgres>>(value: T) -> Vec<u8> {
    let mut buffer = PgArgumentBuffer::default();
    let null = value.encode_by_ref(&mut buffer).expect("the value can be encoded");
    assert!(!null.is_null());
    buffer.to_vec()
}

/// The type and the labels as sqlx has them, beside ours.
fn agrees<T: Enum + sqlx::Type<Postgres> + for<'q> Encode<'q, Postgres>>(values: impl IntoIterator<Item = T>) {
    let theirs: Vec<Vec<u8>> = values.into_iter().map(sent).collect();
    let ours: Vec<Vec<u8>> = T::ENUM.labels.iter().map(|label| label.as_bytes().to_vec()).collect();
    assert_eq!(theirs, ours);
    // PostgreSQL folds the name that sqlx sends, for it is not quoted.
    assert_eq!(T::type_info().name().to_lowercase(), T::ENUM.name);
}

#[test]
fn names_and_labels_are_what_sqlx_sends() {
    agrees([Plain::One, Plain::TwoWords]);
    agrees([Renamed::DarkRed, Renamed::HTTPBlue2, Renamed::Green]);
    agrees([Texted::OneTwo, Texted::Three]);
    let limbeck::StoredDef::Integer(limbeck::TypeDef::SmallInt, numbers) = Numbered::ENUM.stored else {
        panic!("{:?}", Numbered::ENUM);
    };
    let theirs: Vec<Vec<u8>> = [Numbered::Minus, Numbered::Next, Numbered::Large].map(sent).to_vec();
    let ours: Vec<Vec<u8>> =
        numbers.iter().map(|n| i16::try_from(*n).unwrap_or_default().to_be_bytes().to_vec()).collect();
    assert_eq!(theirs, ours);
    assert_eq!(<Numbered as sqlx::Type<Postgres>>::type_info().name(), "INT2");
}

#[derive(Debug, PartialEq, Table, FromRow)]
#[sqlx(rename_all = "camelCase")]
#[table(name = "every thing")]
struct Everything {
    #[column(primary_key)]
    id: i64,
    plain: Plain,
    renamed_kind: Option<Renamed>,
    #[column(default = "three")]
    texted: Texted,
    numbered: Numbered,
    #[sqlx(rename = "Odd \"name\"")]
    odd: String,
    #[sqlx(json)]
    settings: Vec<i32>,
    #[sqlx(json(nullable))]
    more: Option<Vec<i32>>,
    #[sqlx(try_from = "i64")]
    converted: u32,
    #[sqlx(skip)]
    skipped: bool,
    #[sqlx(flatten)]
    place: Place,
}

#[derive(Debug, PartialEq, limbeck::Columns, FromRow)]
struct Place {
    city: Option<String>,
    r#type: i32,
}

fn schema() -> Schema {
    Registry::default().table::<Everything>().schema().expect("the model is right")
}

#[test]
fn columns_are_called_what_sqlx_reads() {
    let schema = schema();
    let table = &schema.tables[&"every thing".into()];
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "id",
            "plain",
            "renamedKind",
            "texted",
            "numbered",
            "Odd \"name\"",
            "settings",
            "more",
            "converted",
            "city",
            "type"
        ]
    );
    let enums: Vec<(String, Vec<Name>)> =
        schema.enums.values().map(|e| (e.name.to_string(), e.labels.clone())).collect();
    assert_eq!(enums[0], ("colour_kind".to_owned(), ["darkRed", "httpBlue2", "it's Green"].map(Name::from).to_vec()));
    assert_eq!(enums[1], ("plain".to_owned(), ["One", "TwoWords"].map(Name::from).to_vec()));
    assert_eq!(table.column("numbered").map(|c| c.ty.clone()), Some(Type::SmallInt));
}

fn row() -> Everything {
    Everything {
        id: i64::MIN,
        plain: Plain::TwoWords,
        renamed_kind: Some(Renamed::Green),
        texted: Texted::Three,
        numbered: Numbered::Large,
        odd: "'ü\"\u{1f980}".into(),
        settings: vec![1, 2],
        more: None,
        converted: 7,
        skipped: false,
        place: Place { city: None, r#type: -1 },
    }
}

/// Inserts through sqlx, by the names that the model gives, and reads back through sqlx's own derive.
macro_rules! round_trip {
    ($connection:expr, $placeholder:expr) => {{
        let row = row();
        let columns = Everything::TABLE.all_columns();
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let names: Vec<String> = columns.iter().map(|c| quoted(c.name)).collect();
        let values: Vec<String> = (1..=columns.len()).map($placeholder).collect();
        let sql = format!("INSERT INTO \"every thing\" ({}) VALUES ({})", names.join(", "), values.join(", "));
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(row.id)
            .bind(row.plain)
            .bind(row.renamed_kind)
            .bind(row.texted)
            .bind(row.numbered)
            .bind(row.odd)
            .bind(sqlx::types::Json(row.settings))
            .bind(row.more.map(sqlx::types::Json))
            .bind(i64::from(row.converted))
            .bind(row.place.city)
            .bind(row.place.r#type)
            .execute($connection)
            .await
            .expect("the row goes in");
        let sql = "SELECT * FROM \"every thing\"";
        let back: Everything = sqlx::query_as(sql).fetch_one($connection).await.expect("the row comes out");
        assert_eq!(back, self::row());
    }};
}

#[tokio::test]
async fn sqlite_takes_and_gives_back_what_sqlx_sends() {
    let pool = sqlx::sqlite::SqlitePoolOptions::new()
        .max_connections(1)
        .connect("sqlite::memory:")
        .await
        .expect("there is a database in memory");
    let registry = Registry::default().table::<Everything>();
    limbeck::migrate::Migrator::builder()
        .registry(registry)
        .build()
        .expect("there is nothing to contradict")
        .create_all(&pool)
        .await
        .expect("the tables can be made");
    round_trip!(&pool, |_| "?".to_owned());
}

#[tokio::test]
async fn postgres_takes_and_gives_back_what_sqlx_sends() {
    let database = limbeck_tests::server::ServerDatabase::new("sqlx_agrees");
    let pool = sqlx::PgPool::connect(database.url()).await.expect("the server answers");
    let registry = Registry::default().table::<Everything>();
    limbeck::migrate::Migrator::builder()
        .registry(registry)
        .build()
        .expect("there is nothing to contradict")
        .create_all(&pool)
        .await
        .expect("the tables can be made");
    round_trip!(&pool, |number| format!("${number}"));
}
