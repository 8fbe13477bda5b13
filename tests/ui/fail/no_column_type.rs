//! A field's type that no column can hold.

struct Money {
    cents: i64,
}

#[derive(limbeck::Table)]
struct Payment {
    #[column(primary_key)]
    id: i64,
    amount: Money,
    amounts: Vec<Money>,
    maybe: Option<Money>,
    count: u64,
}

fn main() {
    let _ = Money { cents: 1 }.cents;
}
