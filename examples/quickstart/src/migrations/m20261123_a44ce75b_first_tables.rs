//! first tables

use limbeck::migration::prelude::*;

limbeck::migration! {
    id: "a44ce75b",
    revises: [],
    message: "first tables",
}

pub fn up(m: &mut Migration) {
    m.create_enum("state", ["wanted", "reading", "read"]);
    m.create_table("author", |t| {
        t.column("id", bigint()).auto_increment();
        t.column("name", text());
        t.primary_key(["id"]);
        t.unique(["name"]);
    });
    m.create_table("book", |t| {
        t.column("id", bigint()).auto_increment();
        t.column("author_id", bigint());
        t.column("title", text());
        t.column("state", named("state")).default("wanted");
        t.column("note", text()).nullable();
        t.primary_key(["id"]);
        t.foreign_key(["author_id"]).references("author", ["id"]).on_delete(Cascade);
        t.check("length(title) > 0");
        t.index(["author_id", "title"]);
    });
}

pub fn down(m: &mut Migration) {
    m.drop_table("book");
    m.drop_table("author");
    m.drop_enum("state");
}
