//! Flattened structs.

struct Address {
    city: String,
}

#[derive(limbeck::Columns)]
#[table(name = "stamps")]
struct Stamps {
    #[column(primary_key)]
    created: i64,
}

#[derive(limbeck::Columns)]
struct Place {
    city: String,
}

#[derive(limbeck::Table)]
struct Shop {
    #[column(primary_key)]
    id: i64,
    #[column(flatten)]
    address: Address,
}

#[derive(limbeck::Table)]
#[table(index(place), index(id.city))]
struct Office {
    #[column(primary_key)]
    id: i64,
    #[column(flatten, unique)]
    place: Place,
}

#[derive(limbeck::Table)]
#[table(index(place.town))]
struct House {
    #[column(primary_key)]
    id: i64,
    #[column(flatten)]
    place: Place,
}

fn main() {
    let _ = Address { city: String::new() }.city;
}
