//! Defaults that the column cannot hold.

#[derive(limbeck::Enum)]
enum Role {
    Owner,
    Member,
}

#[derive(limbeck::Table)]
struct A {
    #[column(primary_key, default = "one")]
    id: i64,
}

#[derive(limbeck::Table)]
struct B {
    #[column(default = 70000)]
    id: i16,
}

#[derive(limbeck::Table)]
struct C {
    #[column(default = true)]
    name: String,
}

#[derive(limbeck::Table)]
struct D {
    #[column(default = "Membr")]
    role: Role,
}

#[derive(limbeck::Table)]
struct E {
    #[column(default = "long", length = 3)]
    role: String,
}

#[derive(limbeck::Table)]
struct F {
    #[column(default = none)]
    role: String,
}

fn main() {
    let _ = (Role::Owner, Role::Member);
}
