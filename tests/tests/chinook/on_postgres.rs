//! Chinook as models, for PostgreSQL.

use limbeck::Table;
use limbeck::registry::Registry;

/// A row of `album`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Album {
    #[column(primary_key)]
    pub(crate) album_id: i32,
    #[column(length = 160)]
    pub(crate) title: String,
    #[column(references = Artist::artist_id, index)]
    pub(crate) artist_id: i32,
}

/// A row of `artist`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Artist {
    #[column(primary_key)]
    pub(crate) artist_id: i32,
    #[column(length = 120)]
    pub(crate) name: Option<String>,
}

/// A row of `customer`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Customer {
    #[column(primary_key)]
    pub(crate) customer_id: i32,
    #[column(length = 40)]
    pub(crate) first_name: String,
    #[column(length = 20)]
    pub(crate) last_name: String,
    #[column(length = 80)]
    pub(crate) company: Option<String>,
    #[column(length = 70)]
    pub(crate) address: Option<String>,
    #[column(length = 40)]
    pub(crate) city: Option<String>,
    #[column(length = 40)]
    pub(crate) state: Option<String>,
    #[column(length = 40)]
    pub(crate) country: Option<String>,
    #[column(length = 10)]
    pub(crate) postal_code: Option<String>,
    #[column(length = 24)]
    pub(crate) phone: Option<String>,
    #[column(length = 24)]
    pub(crate) fax: Option<String>,
    #[column(length = 60)]
    pub(crate) email: String,
    #[column(references = Employee::employee_id, index)]
    pub(crate) support_rep_id: Option<i32>,
}

/// A row of `employee`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Employee {
    #[column(primary_key)]
    pub(crate) employee_id: i32,
    #[column(length = 20)]
    pub(crate) last_name: String,
    #[column(length = 20)]
    pub(crate) first_name: String,
    #[column(length = 30)]
    pub(crate) title: Option<String>,
    #[column(references = Employee::employee_id, index)]
    pub(crate) reports_to: Option<i32>,
    pub(crate) birth_date: Option<chrono::NaiveDateTime>,
    pub(crate) hire_date: Option<chrono::NaiveDateTime>,
    #[column(length = 70)]
    pub(crate) address: Option<String>,
    #[column(length = 40)]
    pub(crate) city: Option<String>,
    #[column(length = 40)]
    pub(crate) state: Option<String>,
    #[column(length = 40)]
    pub(crate) country: Option<String>,
    #[column(length = 10)]
    pub(crate) postal_code: Option<String>,
    #[column(length = 24)]
    pub(crate) phone: Option<String>,
    #[column(length = 24)]
    pub(crate) fax: Option<String>,
    #[column(length = 60)]
    pub(crate) email: Option<String>,
}

/// A row of `genre`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Genre {
    #[column(primary_key)]
    pub(crate) genre_id: i32,
    #[column(length = 120)]
    pub(crate) name: Option<String>,
}

/// A row of `invoice`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Invoice {
    #[column(primary_key)]
    pub(crate) invoice_id: i32,
    #[column(references = Customer::customer_id, index)]
    pub(crate) customer_id: i32,
    pub(crate) invoice_date: chrono::NaiveDateTime,
    #[column(length = 70)]
    pub(crate) billing_address: Option<String>,
    #[column(length = 40)]
    pub(crate) billing_city: Option<String>,
    #[column(length = 40)]
    pub(crate) billing_state: Option<String>,
    #[column(length = 40)]
    pub(crate) billing_country: Option<String>,
    #[column(length = 10)]
    pub(crate) billing_postal_code: Option<String>,
    #[column(precision = 10, scale = 2)]
    pub(crate) total: rust_decimal::Decimal,
}

/// A row of `invoice_line`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct InvoiceLine {
    #[column(primary_key)]
    pub(crate) invoice_line_id: i32,
    #[column(references = Invoice::invoice_id, index)]
    pub(crate) invoice_id: i32,
    #[column(references = Track::track_id, index)]
    pub(crate) track_id: i32,
    #[column(precision = 10, scale = 2)]
    pub(crate) unit_price: rust_decimal::Decimal,
    pub(crate) quantity: i32,
}

/// A row of `media_type`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct MediaType {
    #[column(primary_key)]
    pub(crate) media_type_id: i32,
    #[column(length = 120)]
    pub(crate) name: Option<String>,
}

/// A row of `playlist`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Playlist {
    #[column(primary_key)]
    pub(crate) playlist_id: i32,
    #[column(length = 120)]
    pub(crate) name: Option<String>,
}

/// A row of `playlist_track`.
#[derive(Table)]
#[table(primary_key(playlist_id, track_id))]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct PlaylistTrack {
    #[column(references = Playlist::playlist_id, index)]
    pub(crate) playlist_id: i32,
    #[column(references = Track::track_id, index)]
    pub(crate) track_id: i32,
}

/// A row of `track`.
#[derive(Table)]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Track {
    #[column(primary_key)]
    pub(crate) track_id: i32,
    #[column(length = 200)]
    pub(crate) name: String,
    #[column(references = Album::album_id, index)]
    pub(crate) album_id: Option<i32>,
    #[column(references = MediaType::media_type_id, index)]
    pub(crate) media_type_id: i32,
    #[column(references = Genre::genre_id, index)]
    pub(crate) genre_id: Option<i32>,
    #[column(length = 220)]
    pub(crate) composer: Option<String>,
    pub(crate) milliseconds: i32,
    pub(crate) bytes: Option<i32>,
    #[column(precision = 10, scale = 2)]
    pub(crate) unit_price: rust_decimal::Decimal,
}

/// All eleven.
pub(crate) fn registry() -> Registry {
    Registry::default()
        .table::<Album>()
        .table::<Artist>()
        .table::<Customer>()
        .table::<Employee>()
        .table::<Genre>()
        .table::<Invoice>()
        .table::<InvoiceLine>()
        .table::<MediaType>()
        .table::<Playlist>()
        .table::<PlaylistTrack>()
        .table::<Track>()
}
