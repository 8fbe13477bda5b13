//! Chinook as models, for SQLite.

use limbeck::Table;
use limbeck::registry::Registry;

/// A row of `Album`.
#[derive(Table)]
#[table(name = "Album", rename_all = "PascalCase", index(artist_id; name = "IFK_AlbumArtistId"))]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Album {
    #[column(primary_key)]
    pub(crate) album_id: i32,
    #[column(sql_type = "NVARCHAR(160)")]
    pub(crate) title: String,
    #[column(references = Artist::artist_id)]
    pub(crate) artist_id: i32,
}

/// A row of `Artist`.
#[derive(Table)]
#[table(name = "Artist", rename_all = "PascalCase")]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Artist {
    #[column(primary_key)]
    pub(crate) artist_id: i32,
    #[column(sql_type = "NVARCHAR(120)")]
    pub(crate) name: Option<String>,
}

/// A row of `Customer`.
#[derive(Table)]
#[table(name = "Customer", rename_all = "PascalCase", index(support_rep_id; name = "IFK_CustomerSupportRepId"))]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Customer {
    #[column(primary_key)]
    pub(crate) customer_id: i32,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) first_name: String,
    #[column(sql_type = "NVARCHAR(20)")]
    pub(crate) last_name: String,
    #[column(sql_type = "NVARCHAR(80)")]
    pub(crate) company: Option<String>,
    #[column(sql_type = "NVARCHAR(70)")]
    pub(crate) address: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) city: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) state: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) country: Option<String>,
    #[column(sql_type = "NVARCHAR(10)")]
    pub(crate) postal_code: Option<String>,
    #[column(sql_type = "NVARCHAR(24)")]
    pub(crate) phone: Option<String>,
    #[column(sql_type = "NVARCHAR(24)")]
    pub(crate) fax: Option<String>,
    #[column(sql_type = "NVARCHAR(60)")]
    pub(crate) email: String,
    #[column(references = Employee::employee_id)]
    pub(crate) support_rep_id: Option<i32>,
}

/// A row of `Employee`.
#[derive(Table)]
#[table(name = "Employee", rename_all = "PascalCase", index(reports_to; name = "IFK_EmployeeReportsTo"))]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Employee {
    #[column(primary_key)]
    pub(crate) employee_id: i32,
    #[column(sql_type = "NVARCHAR(20)")]
    pub(crate) last_name: String,
    #[column(sql_type = "NVARCHAR(20)")]
    pub(crate) first_name: String,
    #[column(sql_type = "NVARCHAR(30)")]
    pub(crate) title: Option<String>,
    #[column(references = Employee::employee_id)]
    pub(crate) reports_to: Option<i32>,
    pub(crate) birth_date: Option<chrono::NaiveDateTime>,
    pub(crate) hire_date: Option<chrono::NaiveDateTime>,
    #[column(sql_type = "NVARCHAR(70)")]
    pub(crate) address: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) city: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) state: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) country: Option<String>,
    #[column(sql_type = "NVARCHAR(10)")]
    pub(crate) postal_code: Option<String>,
    #[column(sql_type = "NVARCHAR(24)")]
    pub(crate) phone: Option<String>,
    #[column(sql_type = "NVARCHAR(24)")]
    pub(crate) fax: Option<String>,
    #[column(sql_type = "NVARCHAR(60)")]
    pub(crate) email: Option<String>,
}

/// A row of `Genre`.
#[derive(Table)]
#[table(name = "Genre", rename_all = "PascalCase")]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Genre {
    #[column(primary_key)]
    pub(crate) genre_id: i32,
    #[column(sql_type = "NVARCHAR(120)")]
    pub(crate) name: Option<String>,
}

/// A row of `Invoice`.
#[derive(Table)]
#[table(name = "Invoice", rename_all = "PascalCase", index(customer_id; name = "IFK_InvoiceCustomerId"))]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Invoice {
    #[column(primary_key)]
    pub(crate) invoice_id: i32,
    #[column(references = Customer::customer_id)]
    pub(crate) customer_id: i32,
    pub(crate) invoice_date: chrono::NaiveDateTime,
    #[column(sql_type = "NVARCHAR(70)")]
    pub(crate) billing_address: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) billing_city: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) billing_state: Option<String>,
    #[column(sql_type = "NVARCHAR(40)")]
    pub(crate) billing_country: Option<String>,
    #[column(sql_type = "NVARCHAR(10)")]
    pub(crate) billing_postal_code: Option<String>,
    #[column(sql_type = "NUMERIC(10,2)")]
    pub(crate) total: f64,
}

/// A row of `InvoiceLine`.
#[derive(Table)]
#[table(name = "InvoiceLine", rename_all = "PascalCase", index(invoice_id; name = "IFK_InvoiceLineInvoiceId"), index(track_id; name = "IFK_InvoiceLineTrackId"))]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct InvoiceLine {
    #[column(primary_key)]
    pub(crate) invoice_line_id: i32,
    #[column(references = Invoice::invoice_id)]
    pub(crate) invoice_id: i32,
    #[column(references = Track::track_id)]
    pub(crate) track_id: i32,
    #[column(sql_type = "NUMERIC(10,2)")]
    pub(crate) unit_price: f64,
    pub(crate) quantity: i32,
}

/// A row of `MediaType`.
#[derive(Table)]
#[table(name = "MediaType", rename_all = "PascalCase")]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct MediaType {
    #[column(primary_key)]
    pub(crate) media_type_id: i32,
    #[column(sql_type = "NVARCHAR(120)")]
    pub(crate) name: Option<String>,
}

/// A row of `Playlist`.
#[derive(Table)]
#[table(name = "Playlist", rename_all = "PascalCase")]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Playlist {
    #[column(primary_key)]
    pub(crate) playlist_id: i32,
    #[column(sql_type = "NVARCHAR(120)")]
    pub(crate) name: Option<String>,
}

/// A row of `PlaylistTrack`.
#[derive(Table)]
#[table(name = "PlaylistTrack", rename_all = "PascalCase", primary_key(playlist_id, track_id), index(playlist_id; name = "IFK_PlaylistTrackPlaylistId"), index(track_id; name = "IFK_PlaylistTrackTrackId"))]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct PlaylistTrack {
    #[column(references = Playlist::playlist_id)]
    pub(crate) playlist_id: i32,
    #[column(references = Track::track_id)]
    pub(crate) track_id: i32,
}

/// A row of `Track`.
#[derive(Table)]
#[table(name = "Track", rename_all = "PascalCase", index(album_id; name = "IFK_TrackAlbumId"), index(media_type_id; name = "IFK_TrackMediaTypeId"), index(genre_id; name = "IFK_TrackGenreId"))]
#[expect(dead_code, reason = "only what it is called and holds is looked at")]
pub(crate) struct Track {
    #[column(primary_key)]
    pub(crate) track_id: i32,
    #[column(sql_type = "NVARCHAR(200)")]
    pub(crate) name: String,
    #[column(references = Album::album_id)]
    pub(crate) album_id: Option<i32>,
    #[column(references = MediaType::media_type_id)]
    pub(crate) media_type_id: i32,
    #[column(references = Genre::genre_id)]
    pub(crate) genre_id: Option<i32>,
    #[column(sql_type = "NVARCHAR(220)")]
    pub(crate) composer: Option<String>,
    pub(crate) milliseconds: i32,
    pub(crate) bytes: Option<i32>,
    #[column(sql_type = "NUMERIC(10,2)")]
    pub(crate) unit_price: f64,
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
