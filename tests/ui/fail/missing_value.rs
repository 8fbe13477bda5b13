//! Arguments in a wrong shape.

#[derive(limbeck::Table)]
#[table]
#[table(name, index = "id")]
struct Account {
    #[column(primary_key = true, default, references = "account")]
    id: i64,
    #[column(references = Account::id on_delete = cascade)]
    a: i64,
    #[column(references = Account::id, on_delete = "cascade")]
    b: i64,
    #[column(references = Account::id, on_delete = casacde)]
    c: i64,
    #[column(default = now())]
    d: i64,
    #[column(name = email)]
    e: i64,
}

fn main() {}
