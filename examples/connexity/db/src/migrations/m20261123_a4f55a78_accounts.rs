//! accounts

use limbeck::migration::prelude::*;

limbeck::migration! {
    id: "a4f55a78",
    revises: [],
    message: "accounts",
}

pub fn up(m: &mut Migration) {
    m.create_table("account", |t| {
        t.column("id", uuid())
            .on(Database("postgres"), |v| v.default_sql("gen_random_uuid()"))
            .on(Database("sqlite"), |v| v.default_sql("(randomblob(16))"));
        t.column("email", varchar(320));
        t.column("display_name", text());
        t.column("created_at", timestamptz()).default_sql("CURRENT_TIMESTAMP");
        t.primary_key(["id"]);
        t.unique(["email"]);
        t.check("length(email) > 2");
    });
}

pub fn down(m: &mut Migration) {
    m.drop_table("account");
}
