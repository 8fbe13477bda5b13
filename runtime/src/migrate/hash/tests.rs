use super::*;
use crate::migrate::builder::Migration;
use crate::migration::*;

fn workspace(m: &mut Migration) {
    m.create_enum("role", ["owner", "member"]);
    m.create_table("workspace", |t| {
        t.column("id", uuid()).default_sql("gen_random_uuid()");
        t.column("slug", varchar(64)).nullable();
        t.column("labels", array(text()));
        t.primary_key(["id"]);
        t.foreign_key(["id"]).references(("auth", "account"), ["id"]).on_delete(Cascade);
        t.index(["slug desc"]).unique();
    });
    m.alter_column("account", "email").set_type(text()).no_default();
    m.drop_index("account", ["email"]);
    m.rename_column("account", "nick", "nickname");
    m.only(Database("postgres"), |m| {
        m.sql("select 1;\nselect 2").repeatable();
    });
    m.irreversible("why not");
}

/// The encoding and its hash may never change: history holds such hashes.
#[test]
fn the_encoding_is_frozen() {
    let steps = Migration::record(workspace);
    assert_eq!(
        encoding(&steps),
        "limbeck steps v1\n\
         [create(enum{name=4:rolelabels=[5:owner6:member]})\
         create(table{name=9:workspacecolumns=[\
         column{name=2:idtype=uuid()default=sql(17:gen_random_uuid())}\
         column{name=4:slugtype=varchar(#64;)nullable=+}\
         column{name=6:labelstype=array(text())}]\
         primary_key=primary_key{columns=[2:id]}\
         foreign_keys=[foreign_key{columns=[2:id]references=in(4:auth7:account)referenced_columns=[2:id]on_delete=cascade()}]\
         indexes=[index{unique=+keys=[key{of=column(4:slug)order=desc()}]}]})\
         alter_column(7:account5:email[type(text())default(~)])\
         drop(index(7:accountlike(index{keys=[key{of=column(5:email)}]})))\
         rename(column(7:account4:nick)name(8:nickname))\
         only(8:postgres[sql{text=18:select 1;\nselect 2repeatable=+}])\
         irreversible(7:why not)]"
    );
    assert_eq!(hash(&steps), "v1:9ca14e0771c414d40972885db4831912fe36b82024426230b89b05f9c2269610");
}

/// Steps that came later stand on their own, so that the hash above stays what it was.
#[test]
fn later_steps_are_frozen_too() {
    assert_eq!(encoding(&[Step::Nothing("why".to_owned())]), "limbeck steps v1\n[nothing(3:why)]");
    let assertion = Step::AssertNone("twins".to_owned(), "SELECT 1".to_owned());
    assert_eq!(encoding(&[assertion]), "limbeck steps v1\n[assert_none(5:twins8:SELECT 1)]");
    let open = Migration::record(|m| {
        m.backfill("t").set("c", placeholder(text()));
    });
    assert_eq!(encoding(&open), "limbeck steps v1\n[backfill{table=1:tset=[1:cplaceholder(text())]}]");
    let validate = Step::Validate("t".into(), "c".into());
    assert_eq!(encoding(&[validate]), "limbeck steps v1\n[validate(1:t1:c)]");
    let online = Migration::record(|m| {
        m.create_index("t", ["a"]).concurrently();
    });
    let expected = "limbeck steps v1\n[create(of(1:tindex{keys=[key{of=column(1:a)}]concurrently=+}))]";
    assert_eq!(encoding(&online), expected);
}

#[test]
fn what_keeps_and_restores_is_frozen_too() {
    let steps = Migration::record(|m| {
        m.keep_dropped(|m| m.drop_column("note", "title"));
        m.restore_dropped(|m| m.drop_table("note"));
    });
    assert_eq!(
        encoding(&steps),
        "limbeck steps v1\n\
         [keep_dropped([drop(column(4:note5:title))])restore_dropped([drop(table(4:note))])]"
    );
}

#[test]
fn line_endings_make_no_difference_and_words_do() {
    let said = |sql: &str| [Step::Sql(crate::source::Sql { text: sql.to_owned(), ..Default::default() })];
    assert_eq!(hash(&said("a\r\nb")), hash(&said("a\nb")));
    assert_ne!(hash(&said("a b")), hash(&said("a  b")));
}

#[test]
fn a_stored_hash_is_compared_by_its_version() {
    let steps = Migration::record(workspace);
    assert_eq!(agrees(&steps, &hash(&steps)), Some(true));
    assert_eq!(agrees(&[], &hash(&steps)), Some(false));
    assert_eq!(agrees(&steps, "v9:00"), None);
}
