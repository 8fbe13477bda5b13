//! Unknown arguments, all of them at once, with the nearest known one.

#[derive(limbeck::Table)]
#[table(nmae = "account", indx(id))]
struct Account {
    #[column(primry_key)]
    id: i64,
    #[column(uniqe, lenght = 64)]
    email: String,
    #[column(colour = "red")]
    paint: String,
}

fn main() {}
