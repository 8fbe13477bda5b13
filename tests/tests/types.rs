//! Every Rust type that may stand in a column goes in and comes back through sqlx, at its edges, in the column that
//! Limbeck makes for it.

use std::borrow::Cow;
use std::fmt::Debug;

use limbeck::Table;
use limbeck::migrate::Migrator;
use limbeck::registry::Registry;
use limbeck_tests::server::ServerDatabase;
use sqlx::types::Json;
use uuid::Uuid;

/// One column of any type.
#[derive(Table)]
struct Held<T> {
    #[column(primary_key)]
    #[expect(dead_code, reason = "rows are read as tuples")]
    id: i64,
    #[expect(dead_code, reason = "rows are read as tuples")]
    value: T,
}

#[derive(Clone, Debug, PartialEq, limbeck::Enum, sqlx::Type)]
#[sqlx(type_name = "mood", rename_all = "snake_case")]
enum Mood {
    Sad,
    VeryHappy,
}

#[derive(Clone, Debug, PartialEq, limbeck::Enum, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
enum Written {
    One,
    TwoWords,
}

#[derive(Clone, Debug, PartialEq, limbeck::Enum, sqlx::Type)]
#[repr(i32)]
enum Counted {
    Least = i32::MIN,
    Most = i32::MAX,
}

#[derive(Clone, Debug, PartialEq, limbeck::ColumnType, sqlx::Type)]
#[sqlx(transparent)]
struct Slug(String);

#[derive(Clone, Debug, PartialEq, limbeck::ColumnType, sqlx::Type)]
#[sqlx(transparent)]
struct Key(Uuid);

/// Makes the table, puts the values in, and compares what comes out: by its text, for no NaN equals another.
macro_rules! holds {
    ($pool:expr, $insert:literal, $ty:ty: $($value:expr),+ $(,)?) => {{
        sqlx::query("DROP TABLE IF EXISTS held").execute($pool).await.expect("the table goes");
        let registry = Registry::default().table::<Held<$ty>>();
        let migrator = Migrator::builder().registry(registry).build().expect("one model agrees with itself");
        migrator.create_all($pool).await.unwrap_or_else(|error| panic!("{}: {error}", stringify!($ty)));
        let values: Vec<$ty> = vec![$($value),+];
        for (id, value) in (0i64..).zip(values.clone()) {
            // A statement of its own for each type: a prepared one remembers the type that the table had before.
            let query = sqlx::query(concat!($insert, " -- ", stringify!($ty))).bind(id).bind(value);
            query.execute($pool).await.unwrap_or_else(|error| panic!("{}: {error}", stringify!($ty)));
        }
        let rows = sqlx::query_as::<_, ($ty,)>(concat!("SELECT value FROM held ORDER BY id -- ", stringify!($ty))).fetch_all($pool).await;
        let rows = rows.unwrap_or_else(|error| panic!("{}: {error}", stringify!($ty)));
        same(stringify!($ty), &rows.into_iter().map(|(value,)| value).collect::<Vec<_>>(), &values);
    }};
}

fn same<T: Debug>(ty: &str, back: &[T], sent: &[T]) {
    assert_eq!(format!("{back:?}"), format!("{sent:?}"), "{ty}");
}

/// The types that both databases hold.
macro_rules! everywhere {
    ($pool:expr, $insert:literal) => {{
        holds!($pool, $insert, bool: false, true);
        holds!($pool, $insert, i16: i16::MIN, -1, 0, i16::MAX);
        holds!($pool, $insert, i32: i32::MIN, 0, i32::MAX);
        holds!($pool, $insert, i64: i64::MIN, 0, i64::MAX);
        holds!($pool, $insert, f32: f32::MIN, f32::MIN_POSITIVE, 0.1, f32::MAX, f32::INFINITY);
        holds!($pool, $insert, f64: f64::MIN, f64::MIN_POSITIVE, 0.1, 1e300, f64::MAX, f64::NEG_INFINITY);
        holds!($pool, $insert, String: String::new(), "a'\"\\ \n".into(), "\u{1f980}ü\u{301}".into(), "x".repeat(100_000));
        holds!($pool, $insert, Box<str>: "".into(), "ü".into());
        holds!($pool, $insert, Cow<'static, str>: "".into(), "ü".into());
        holds!($pool, $insert, Vec<u8>: vec![], vec![0, 255, b'\'', b'\\'], vec![7; 100_000]);
        holds!($pool, $insert, Uuid: Uuid::nil(), Uuid::from_u128(u128::MAX), Uuid::from_u128(1 << 100));
        holds!($pool, $insert, Option<i64>: None, Some(i64::MIN));
        holds!($pool, $insert, Option<String>: None, Some(String::new()));
        holds!($pool, $insert, Slug: Slug(String::new()), Slug("a-b".into()));
        holds!($pool, $insert, Key: Key(Uuid::from_u128(5)));
        holds!($pool, $insert, Mood: Mood::Sad, Mood::VeryHappy);
        holds!($pool, $insert, Option<Mood>: None, Some(Mood::VeryHappy));
        holds!($pool, $insert, Written: Written::One, Written::TwoWords);
        holds!($pool, $insert, Counted: Counted::Least, Counted::Most);
        holds!($pool, $insert, serde_json::Value:
            serde_json::json!(null), serde_json::json!({"a": [1, 2.5, "ü", true, null]}), serde_json::json!("text"));
        holds!($pool, $insert, Json<Vec<Option<i32>>>: Json(vec![]), Json(vec![Some(1), None]));
        dates!($pool, $insert);
    }};
}

/// Dates and times, to the microsecond.
macro_rules! dates {
    ($pool:expr, $insert:literal) => {{
        let day = |year, month, day| chrono::NaiveDate::from_ymd_opt(year, month, day).expect("there is such a day");
        let time = |h, m, s, micro| chrono::NaiveTime::from_hms_micro_opt(h, m, s, micro).expect("there is such a time");
        let (first, last) = (day(1, 1, 1), day(9999, 12, 31));
        let (midnight, late) = (time(0, 0, 0, 0), time(23, 59, 59, 999_999));
        holds!($pool, $insert, chrono::NaiveDate: first, day(2024, 2, 29), last);
        holds!($pool, $insert, chrono::NaiveTime: midnight, time(12, 30, 0, 1), late);
        holds!($pool, $insert, chrono::NaiveDateTime: first.and_time(midnight), last.and_time(late));
        holds!($pool, $insert, chrono::DateTime<chrono::Utc>:
            first.and_time(midnight).and_utc(), day(1969, 12, 31).and_time(late).and_utc(), last.and_time(late).and_utc());
        let day = |year, month, day| time::Date::from_calendar_date(year, month, day).expect("there is such a day");
        let hour = |h, m, s, micro| time::Time::from_hms_micro(h, m, s, micro).expect("there is such a time");
        let (first, last) = (day(1, time::Month::January, 1), day(9999, time::Month::December, 31));
        let (midnight, late) = (hour(0, 0, 0, 0), hour(23, 59, 59, 999_999));
        holds!($pool, $insert, time::Date: first, last);
        holds!($pool, $insert, time::Time: midnight, late);
        holds!($pool, $insert, time::PrimitiveDateTime: first.with_time(midnight), last.with_time(late));
        holds!($pool, $insert, time::OffsetDateTime:
            first.with_time(midnight).assume_utc(), last.with_time(late).assume_utc());
    }};
}

#[tokio::test]
async fn sqlite_holds_every_type() {
    let options = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let pool = options.connect("sqlite::memory:").await.expect("there is a database in memory");
    everywhere!(&pool, "INSERT INTO held (id, value) VALUES (?, ?)");
}

#[tokio::test]
async fn postgres_holds_every_type() {
    let database = ServerDatabase::new("types");
    // One statement is prepared for a table that is another one each time: nothing of it may be remembered.
    let options: sqlx::postgres::PgConnectOptions = database.url().parse().expect("a URL");
    let pool = sqlx::PgPool::connect_with(options.statement_cache_capacity(0)).await.expect("the server answers");
    let pool = &pool;
    everywhere!(pool, "INSERT INTO held (id, value) VALUES ($1, $2)");
    macro_rules! more {
        ($ty:ty: $($value:expr),+) => { holds!(pool, "INSERT INTO held (id, value) VALUES ($1, $2)", $ty: $($value),+) };
    }
    more!(f64: f64::NAN);
    more!(f32: f32::NAN);
    let decimal = |text: &str| text.parse::<rust_decimal::Decimal>().expect("it is a decimal");
    more!(rust_decimal::Decimal:
        decimal("0"), decimal("-0.0000000001"), decimal("79228162514264337593543950335"), decimal("1.50"));
    more!([u8; 4]: [0, 1, 254, 255]);
    more!(Vec<bool>: vec![], vec![true, false]);
    more!(Vec<i16>: vec![], vec![i16::MIN, i16::MAX]);
    more!(Vec<i32>: vec![i32::MIN]);
    more!(Vec<i64>: vec![i64::MIN]);
    more!(Vec<f32>: vec![f32::NAN, 0.1]);
    more!(Vec<f64>: vec![f64::MAX]);
    more!(Vec<String>: vec![], vec![String::new(), "a,b{}\"\\NULL".into(), "NULL".into()]);
    more!(Vec<Option<String>>: vec![None, Some("x".into())]);
    more!(Vec<Vec<u8>>: vec![vec![], vec![0, 255]]);
    more!(Vec<Uuid>: vec![Uuid::nil()]);
    more!(Vec<serde_json::Value>: vec![serde_json::json!({"a": 1})]);
    more!(Vec<Json<i32>>: vec![Json(1)]);
    more!(Vec<rust_decimal::Decimal>: vec![decimal("1.5")]);
    more!(Vec<chrono::DateTime<chrono::Utc>>: vec![chrono::DateTime::UNIX_EPOCH]);
    more!(Vec<time::OffsetDateTime>: vec![time::OffsetDateTime::UNIX_EPOCH]);
    more!(Vec<Mood>: vec![], vec![Mood::VeryHappy, Mood::Sad]);
    more!(Option<Vec<Mood>>: None, Some(vec![Mood::Sad]));
    more!(Vec<Written>: vec![Written::TwoWords]);
    more!(Vec<Counted>: vec![Counted::Least, Counted::Most]);
    more!(Vec<Slug>: vec![Slug("a".into())]);
    more!(Vec<Key>: vec![Key(Uuid::nil())]);
}
