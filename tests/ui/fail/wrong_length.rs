//! Lengths and precisions on types that have none.

#[derive(limbeck::Table)]
struct A {
    #[column(length = 64)]
    id: i64,
}

#[derive(limbeck::Table)]
struct B {
    #[column(precision = 10, scale = 2)]
    price: f64,
}

#[derive(limbeck::Table)]
struct C {
    #[column(length = 0)]
    name: String,
    #[column(precision = 2000)]
    price: i64,
}

#[derive(limbeck::Table)]
struct D {
    #[column(auto_increment)]
    name: String,
}

fn main() {}
