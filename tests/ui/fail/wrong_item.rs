//! Derives on items that they are not for.

#[derive(limbeck::Table)]
struct Pair(i64, i64);

#[derive(limbeck::Table)]
struct Unit;

#[derive(limbeck::Table)]
struct Empty {}

#[derive(limbeck::Table)]
enum Role {
    Owner,
}

#[derive(limbeck::ColumnType)]
struct Two {
    a: i64,
    b: i64,
}

fn main() {
    println!("{}", <Pair as limbeck::Table>::TABLE.name);
    let _ = <Two as limbeck::ColumnType>::TYPE;
    let _ = (Pair(1, 2), Unit, Empty {}, Role::Owner, Two { a: 1, b: 2 });
}
