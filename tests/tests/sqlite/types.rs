//! What sqlx writes for a Rust type it reads again, in the declared types that we choose.

use limbeck::change::{Change, Delta};
use limbeck::dialect::Connection;
use limbeck::schema::{Column, PrimaryKey, Schema, Table, Type};
use limbeck_tests::live::{carry_out, difference};
use sqlx::types::Json;
use sqlx::{Decode, Encode, Row, Sqlite};

use crate::database::{File, run};

/// A table with a column for each type.
fn table(strict: bool) -> Table {
    let types = [
        ("boolean", Type::Boolean),
        ("small", Type::SmallInt),
        ("medium", Type::Integer),
        ("big", Type::BigInt),
        ("real", Type::Real),
        ("double", Type::Double),
        ("text", Type::Text),
        ("varchar", Type::Varchar(Some(20))),
        ("bytes", Type::Bytes),
        ("date", Type::Date),
        ("time", Type::Time(None)),
        ("moment", Type::Timestamp(None)),
        ("instant", Type::TimestampTz(None)),
        ("uuid", Type::Uuid),
        ("json", Type::Json),
        ("jsonb", Type::Jsonb),
    ];
    let mut table = Table::new("t");
    table.columns.push(Column::new("id", Type::BigInt));
    table.primary_key = Some(PrimaryKey::new(["id"]));
    for (name, ty) in types {
        let mut column = Column::new(name, ty);
        column.nullable = true;
        table.columns.push(column);
    }
    table.options.strict = strict;
    table
}

async fn there_and_back<T>(connection: &mut sqlx::SqliteConnection, column: &str, value: T)
where
    T: for<'q> Encode<'q, Sqlite> + for<'r> Decode<'r, Sqlite> + sqlx::Type<Sqlite>,
    T: Clone + PartialEq + std::fmt::Debug + Send + 'static,
{
    let sql = format!("INSERT INTO t (\"{column}\") VALUES (?1) RETURNING id");
    let inserted = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(value.clone()).fetch_one(&mut *connection).await;
    let id: i64 = inserted.unwrap_or_else(|e| panic!("{column}: {e}")).get(0);
    let sql = format!("SELECT \"{column}\" FROM t WHERE id = ?1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_one(connection).await;
    // `try_get` checks the declared type too.
    let read = row.and_then(|row| row.try_get::<T, _>(0)).unwrap_or_else(|e| panic!("{column}: {e}"));
    assert_eq!(read, value, "{column}");
}

async fn all(connection: &mut sqlx::SqliteConnection) {
    there_and_back(connection, "boolean", true).await;
    there_and_back(connection, "small", i16::MIN).await;
    there_and_back(connection, "medium", i32::MAX).await;
    there_and_back(connection, "big", i64::MIN).await;
    there_and_back(connection, "real", 1.5_f32).await;
    there_and_back(connection, "double", 2.0_f64).await;
    for text in ["it's", "007", "1e3", ""] {
        there_and_back(connection, "text", text.to_owned()).await;
        there_and_back(connection, "varchar", text.to_owned()).await;
    }
    there_and_back(connection, "bytes", vec![0_u8, 255, 39]).await;
    there_and_back(connection, "uuid", uuid::Uuid::from_u128(7)).await;
    for column in ["json", "jsonb"] {
        there_and_back(connection, column, Json(serde_json::json!({"a": [1, null, "x"]}))).await;
        // A value that would be a number were it not for the text that holds it.
        there_and_back(connection, column, Json(serde_json::json!(12))).await;
    }
    chrono_values(connection).await;
    time_values(connection).await;
}

async fn chrono_values(connection: &mut sqlx::SqliteConnection) {
    let date = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
    let time = chrono::NaiveTime::from_hms_opt(8, 9, 10).unwrap_or_default();
    there_and_back(connection, "date", date).await;
    there_and_back(connection, "time", time).await;
    there_and_back(connection, "moment", date.and_time(time)).await;
    there_and_back(connection, "instant", date.and_time(time).and_utc()).await;
}

async fn time_values(connection: &mut sqlx::SqliteConnection) {
    let moment = time::OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(1_700_000_000);
    there_and_back(connection, "date", moment.date()).await;
    there_and_back(connection, "time", moment.time()).await;
    there_and_back(connection, "moment", time::PrimitiveDateTime::new(moment.date(), moment.time())).await;
    there_and_back(connection, "instant", moment).await;
}

#[test]
fn every_type_in_a_plain_table_and_in_a_strict_one() {
    run(async {
        for strict in [false, true] {
            let (_file, mut backend) = File::with("").await;
            let mut wanted = Schema::empty();
            wanted.tables.insert("t".into(), table(strict));
            carry_out(&mut *backend, &[Change::Table(Delta::Create(table(strict)))], &Schema::empty()).await;
            match backend.connection() {
                Connection::Sqlite(connection) => all(connection).await,
                other => panic!("{other:?}"),
            }
            let (_, left) = difference(&mut *backend, &wanted).await;
            assert!(left.is_empty(), "{left:?}");
        }
    });
}

/// The guide's newtype for what SQLite and sqlx have no type for.
#[derive(Clone, Debug, PartialEq, limbeck::ColumnType)]
#[column_type(sql_type = "text")]
struct Price(rust_decimal::Decimal);

impl sqlx::Type<Sqlite> for Price {
    fn type_info() -> sqlx::sqlite::SqliteTypeInfo {
        <String as sqlx::Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for Price {
    fn encode_by_ref(
        &self,
        buffer: &mut sqlx::sqlite::SqliteArgumentsBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        Encode::<Sqlite>::encode(self.0.to_string(), buffer)
    }
}

impl Decode<'_, Sqlite> for Price {
    fn decode(value: sqlx::sqlite::SqliteValueRef<'_>) -> Result<Self, sqlx::error::BoxDynError> {
        Ok(Self(<String as Decode<Sqlite>>::decode(value)?.parse()?))
    }
}

#[derive(limbeck::Table)]
#[table(name = "t")]
#[expect(dead_code, reason = "a model is its columns")]
struct Invoice {
    #[column(primary_key, auto_increment)]
    id: i64,
    total: Price,
    rest: Option<Price>,
}

#[derive(limbeck::Table)]
#[table(name = "t")]
#[expect(dead_code, reason = "a model is its columns")]
struct Plain {
    #[column(primary_key)]
    id: i64,
    total: rust_decimal::Decimal,
}

#[test]
fn decimals_go_through_the_newtype_of_the_guide() {
    run(async {
        let wanted =
            limbeck::registry::Registry::default().table::<Invoice>().schema().unwrap_or_else(|e| panic!("{e}"));
        let (_file, mut backend) = File::with("").await;
        limbeck_tests::live::migrate(&mut *backend, &wanted).await;
        match backend.connection() {
            Connection::Sqlite(connection) => {
                for text in ["0.10", "-79228162514264337593543950335", "1.0000000000000000000000000001"] {
                    let price = Price(text.parse().unwrap_or_default());
                    assert_eq!(price.0.to_string(), text);
                    let sql = "INSERT INTO t (total, rest) VALUES (?1, ?1) RETURNING total, rest";
                    let row = sqlx::query(sql).bind(price.clone()).fetch_one(&mut *connection).await;
                    let row = row.unwrap_or_else(|e| panic!("{e}"));
                    let read = |at: usize| row.try_get::<Option<Price>, _>(at).unwrap_or_else(|e| panic!("{e}"));
                    assert_eq!((read(0), read(1)), (Some(price.clone()), Some(price)));
                }
            }
            other => panic!("{other:?}"),
        }
        let (_, left) = difference(&mut *backend, &wanted).await;
        assert!(left.is_empty(), "{left:?}");
    });
}

#[test]
fn a_decimal_without_a_newtype_is_refused_in_words() {
    run(async {
        let wanted = limbeck::registry::Registry::default().table::<Plain>().schema().unwrap_or_else(|e| panic!("{e}"));
        let (_file, backend) = File::with("").await;
        let changes: Vec<Change> = wanted.tables.values().map(|t| Change::Table(Delta::Create(t.clone()))).collect();
        let error = limbeck::plan::lower(&changes, &Schema::empty(), backend.capabilities()).err();
        let error = error.map(|e| e.to_string()).unwrap_or_default();
        assert!(
            error.contains("no decimals, which `t.total` needs") && error.contains("limbeck::guide::sqlite"),
            "{error}"
        );
    });
}
