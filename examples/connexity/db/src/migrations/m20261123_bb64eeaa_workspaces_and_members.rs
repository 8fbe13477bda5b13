//! workspaces and members

use limbeck::migration::prelude::*;

limbeck::migration! {
    id: "bb64eeaa",
    revises: ["a4f55a78"],
    message: "workspaces and members",
}

pub fn up(m: &mut Migration) {
    m.create_enum("role", ["owner", "editor", "viewer"]);
    m.create_table("workspace", |t| {
        t.column("id", uuid()).default_sql("gen_random_uuid()");
        t.column("slug", varchar(64));
        t.column("title", text());
        t.column("owner_id", uuid());
        t.column("settings", jsonb()).default_sql("'{}'");
        t.column("archived_at", timestamptz()).nullable();
        t.column("created_at", timestamptz()).default_sql("now()");
        t.primary_key(["id"]);
        t.unique(["slug"]);
        t.foreign_key(["owner_id"]).references("account", ["id"]).on_delete(Restrict);
        t.check("length(slug) > 2");
        t.index(["owner_id", "created_at desc"]);
    });
    m.create_table("membership", |t| {
        t.column("workspace_id", uuid());
        t.column("account_id", uuid());
        t.column("role", named("role")).default("viewer");
        t.column("joined_at", timestamptz()).default_sql("now()");
        t.primary_key(["workspace_id", "account_id"]);
        t.foreign_key(["workspace_id"]).references("workspace", ["id"]).on_delete(Cascade);
        t.foreign_key(["account_id"]).references("account", ["id"]).on_delete(Cascade);
        t.index(["account_id"]);
    });
}

pub fn down(m: &mut Migration) {
    m.drop_table("membership");
    m.drop_table("workspace");
    m.drop_enum("role");
}
