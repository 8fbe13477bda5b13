//! Enums that cannot be a column's type.

#[derive(limbeck::Enum)]
enum Shape {
    Circle(f64),
    Square { side: f64 },
}

#[derive(limbeck::Enum)]
enum Nothing {}

#[derive(limbeck::Enum)]
#[db_enum(rename_all = "snakecase")]
enum Twice {
    #[db_enum(rename = "a")]
    A,
    #[db_enum(rename = "a")]
    B,
}

#[derive(limbeck::Enum)]
#[repr(u8)]
enum Small {
    A = 1,
}

#[derive(limbeck::Enum)]
struct Record {
    id: i64,
}

fn main() {
    let _ = (Shape::Circle(1.0), Shape::Square { side: 1.0 }, Twice::A, Twice::B, Small::A, Record { id: 1 }.id);
}
