//! documents

use limbeck::migration::prelude::*;

limbeck::migration! {
    id: "3ce8956a",
    revises: ["bb64eeaa"],
    message: "documents",
}

pub fn up(m: &mut Migration) {
    m.create_table("document", |t| {
        t.column("id", uuid()).default_sql("gen_random_uuid()");
        t.column("workspace_id", uuid());
        t.column("author_id", uuid()).nullable();
        t.column("title", varchar(200));
        t.column("body", text()).default("");
        t.column("tags", array(text())).default_sql("'{}'");
        t.column("updated_at", timestamptz()).default_sql("now()");
        t.primary_key(["id"]);
        t.foreign_key(["workspace_id"]).references("workspace", ["id"]).on_delete(Cascade);
        t.foreign_key(["author_id"]).references("account", ["id"]).on_delete(SetNull);
        t.index(["tags"]).using("gin");
        t.index(["workspace_id", "updated_at desc"]);
    });
}

pub fn down(m: &mut Migration) {
    m.drop_table("document");
}
