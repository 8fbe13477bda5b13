use super::Sqlite;
use super::canonical::settle;
use super::parse::{read_index, read_table};
use crate::change::{Change, Delta, In};
use crate::dialect::Dialect;
use crate::schema::{
    Auto, Check, Column, Conflict, Default, ForeignKey, Generated, Index, Key, Literal, PrimaryKey, Schema, SqlObject,
    SqlObjectKind, Table, Type, Unique,
};

/// A schema of logical tables, as models say them.
fn models() -> Schema {
    let mut account = Table::new("account");
    let mut id = Column::new("id", Type::BigInt);
    id.auto = Some(Auto::Increment);
    let mut active = Column::new("active", Type::Boolean);
    active.default = Some(Default::Literal(Literal::Boolean(true)));
    let mut email = Column::new("email", Type::Varchar(Some(64)));
    email.collation = Some("NOCASE".into());
    let mut created = Column::new("created at", Type::TimestampTz(None));
    created.default = Some(Default::Sql("datetime('now')".into()));
    let mut twice = Column::new("twice", Type::Integer);
    twice.generated = Some(Generated { expression: "id * 2".into(), stored: false });
    twice.nullable = true;
    account.columns = vec![id, active, email, created, twice];
    account.primary_key = Some(PrimaryKey::new(["id"]));
    let mut unique = Unique::new(["email"]);
    (unique.name, unique.conflict) = (Some("one_email".into()), Some(Conflict::Ignore));
    account.uniques.push(unique);
    account.checks.push(Check::new("length(email) > 2"));
    let mut index = Index::new([Key::expression("lower(email)"), Key::column("active")]);
    (index.name, index.predicate) = (Some("account_by_email".into()), Some("active".into()));
    account.indexes.push(index);
    let mut post = Table::new("post");
    post.columns = vec![Column::new("id", Type::Uuid), Column::new("owner", Type::BigInt)];
    post.primary_key = Some(PrimaryKey::new(["id"]));
    post.options.without_rowid = true;
    post.foreign_keys.push(ForeignKey::new(["owner"], "account", ["id"]));
    let mut schema = Schema::empty();
    for table in [account, post] {
        schema.tables.insert(table.name.clone(), table);
    }
    schema
}

fn script(changes: &[Change], before: &Schema) -> String {
    let statements = Sqlite.render(changes, before, &Sqlite.newest()).unwrap_or_else(|e| panic!("{e}"));
    Sqlite.script(&statements)
}

fn creates(schema: &Schema) -> Vec<Change> {
    schema.tables.values().map(|t| Change::Table(Delta::Create(t.clone()))).collect()
}

#[test]
fn a_table_is_written_to_be_read() {
    let models = models();
    insta::assert_snapshot!(script(&creates(&models), &Schema::empty()), @r#"
    .bail on
    BEGIN IMMEDIATE;
    CREATE TABLE account (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        active BOOLEAN NOT NULL DEFAULT TRUE,
        email VARCHAR(64) COLLATE NOCASE NOT NULL,
        "created at" DATETIME NOT NULL DEFAULT (datetime('now')),
        twice INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL,
        CONSTRAINT one_email UNIQUE (email) ON CONFLICT IGNORE,
        CHECK (length(email) > 2)
    );
    CREATE TABLE post (
        id BLOB NOT NULL,
        owner INTEGER NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY (owner) REFERENCES account (id)
    ) WITHOUT ROWID;
    CREATE INDEX account_by_email ON account (lower(email), active) WHERE active;
    COMMIT;
    "#);
}

#[test]
fn a_rebuild_from_beginning_to_end() {
    let mut before = models();
    let sql = "CREATE TRIGGER greet AFTER INSERT ON account BEGIN SELECT 1; END".to_owned();
    let trigger = SqlObject { table: Some("account".into()), ..SqlObject::new(SqlObjectKind::Trigger, "greet", sql) };
    before.objects.insert(trigger.name.clone(), trigger);
    let from = Column::new("email", Type::Varchar(Some(64)));
    let mut from = Column { collation: Some("NOCASE".into()), ..from };
    let to = Column { nullable: true, ..from.clone() };
    from.nullable = false;
    let change = Change::Column(In { table: "account".into(), delta: Delta::Alter { from, to } });
    insta::assert_snapshot!(script(&[change], &before), @r#"
    .bail on
    PRAGMA foreign_keys = OFF;
    BEGIN IMMEDIATE;
    CREATE TEMP TABLE limbeck_guard (
        foreign_keys INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (foreign_keys = 0),
        child TEXT,
        parent TEXT,
        unknown TEXT,
        CONSTRAINT "rows of post without their parent in account" CHECK (child <> 'post' OR parent <> 'account'),
        CONSTRAINT "table `account` has other columns, indexes or triggers than are known here, which it would lose: run `cargo limbeck upgrade` in place of a script, or say in the migrations what made them" CHECK (unknown <> 'account')
    );
    INSERT INTO temp.limbeck_guard (foreign_keys) SELECT foreign_keys FROM pragma_foreign_keys;
    CREATE TEMP TABLE limbeck_orphans AS SELECT lower(v."table") AS child, lower(v.parent) AS parent, count(*) AS orphans
    FROM (VALUES ('post')) AS t, pragma_foreign_key_check(t.column1) AS v
    GROUP BY 1, 2;
    DROP TRIGGER greet;
    DROP INDEX account_by_email;
    INSERT INTO temp.limbeck_guard (unknown) SELECT 'account'
    WHERE (SELECT count(*) FROM pragma_table_xinfo('account') WHERE name COLLATE NOCASE IN ('id', 'active', 'email', 'created at', 'twice')) <> 5
    OR EXISTS (SELECT 1 FROM pragma_table_xinfo('account') WHERE name COLLATE NOCASE NOT IN ('id', 'active', 'email', 'created at', 'twice'))
    OR EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name = 'account' COLLATE NOCASE AND type <> 'table' AND sql IS NOT NULL);
    PRAGMA legacy_alter_table = ON;
    ALTER TABLE account RENAME TO limbeck_old_account;
    PRAGMA legacy_alter_table = OFF;
    CREATE TABLE account (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        active BOOLEAN NOT NULL DEFAULT TRUE,
        email VARCHAR(64) COLLATE NOCASE,
        "created at" DATETIME NOT NULL DEFAULT (datetime('now')),
        twice INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL,
        CONSTRAINT one_email UNIQUE (email) ON CONFLICT IGNORE,
        CHECK (length(email) > 2)
    );
    INSERT OR ABORT INTO account (id, active, email, "created at") SELECT id, active, email, "created at" FROM limbeck_old_account;
    DELETE FROM sqlite_sequence WHERE name = 'account';
    UPDATE sqlite_sequence SET name = 'account' WHERE name = 'limbeck_old_account';
    DROP TABLE limbeck_old_account;
    CREATE INDEX account_by_email ON account (lower(email), active) WHERE active;
    CREATE TRIGGER greet AFTER INSERT ON account BEGIN SELECT 1; END;
    INSERT INTO temp.limbeck_guard (child, parent)
    SELECT now.child, now.parent FROM (SELECT lower(v."table") AS child, lower(v.parent) AS parent, count(*) AS orphans
    FROM (VALUES ('post')) AS t, pragma_foreign_key_check(t.column1) AS v
    GROUP BY 1, 2) AS now
    LEFT JOIN temp.limbeck_orphans AS was ON was.child = now.child AND was.parent = now.parent
    WHERE now.orphans > coalesce(was.orphans, 0);
    DROP TABLE temp.limbeck_orphans;
    DROP TABLE temp.limbeck_guard;
    COMMIT;
    PRAGMA legacy_alter_table = OFF;
    PRAGMA foreign_keys = ON;
    "#);
}

#[test]
fn what_was_written_is_read_as_the_same() {
    let models = models();
    let mut read = Schema::empty();
    let statements = Sqlite.render(&creates(&models), &Schema::empty(), &Sqlite.newest()).unwrap_or_default();
    for statement in &statements {
        if let Some((on, index)) = read_index(&statement.sql) {
            read.tables.get_mut(&on.as_str().into()).into_iter().for_each(|t| t.indexes.push(index.clone()));
        } else if let Some(found) = read_table(&statement.sql) {
            read.tables.insert(found.table.name.clone(), found.table);
        }
    }
    assert_eq!(Sqlite.canonical(&read), Sqlite.canonical(&models));
}

#[test]
fn not_null_on_the_row_number_is_satisfied_either_way() {
    let model = models();
    for words in ["id INTEGER PRIMARY KEY AUTOINCREMENT", "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"] {
        let mut database = model.clone();
        let Some(read) = read_table(&format!("CREATE TABLE account ({words})")) else { panic!("unread") };
        if let Some(table) = database.tables.get_mut(&"account".into()) {
            table.columns[0] = read.table.columns[0].clone();
        }
        let (mut left, mut right) = (Sqlite.canonical(&model), Sqlite.canonical(&database));
        settle((&model, &mut left), (&database, &mut right));
        assert_eq!(left, right, "{words}");
    }
    // Two databases differ in it.
    let column = |words: &str| read_table(words).map(|read| read.table.columns[0].nullable);
    assert_ne!(
        column("CREATE TABLE t (id INTEGER PRIMARY KEY)"),
        column("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY)")
    );
}

#[test]
fn what_there_is_no_type_for_names_the_column_and_the_way_out() {
    let refused = |ty: Type| {
        let mut table = Table::new("invoice");
        table.columns.push(Column::new("total", ty));
        Sqlite
            .render(&[Change::Table(Delta::Create(table))], &Schema::empty(), &Sqlite.newest())
            .map_or_else(|e| e.to_string(), |_| "not refused".to_owned())
    };
    let all = [Type::Numeric(Some((10, 2))), Type::Array(Box::new(Type::Text)), Type::Interval(None)].map(refused);
    insta::assert_snapshot!(all.join("\n"), @r#"
    SQLite 3.51.3 has no decimals, which `invoice.total` needs; wrap it in a newtype that is stored as text: `limbeck::guide::sqlite` shows one
    SQLite 3.51.3 has no arrays, which `invoice.total` needs; store it as `sqlx::types::Json<Vec<…>>`
    SQLite 3.51.3 has no intervals, which `invoice.total` needs; store the number of seconds, or wrap it in a newtype that is stored as text
    "#);
}

#[test]
fn a_counter_stands_only_with_an_integer_primary_key() {
    let mut table = Table::new("t");
    let mut column = Column::new("n", Type::Integer);
    column.auto = Some(Auto::Increment);
    table.columns.push(column);
    let result = Sqlite.render(&[Change::Table(Delta::Create(table))], &Schema::empty(), &Sqlite.newest());
    insta::assert_snapshot!(result.map_or_else(|e| e.to_string(), |_| String::new()), @r"SQLite 3.51.3 has no counters outside of an integer primary key, which `t.n` needs; make the column the primary key, or number the rows yourself");
}

#[test]
fn statements_in_every_spelling() {
    let read = |sql: &str| {
        let Some(read) = read_table(sql) else { return format!("unread: {sql}") };
        let t = read.table;
        let columns = t.columns.iter().map(|c| {
            let null = if c.nullable { "" } else { " not null" };
            let default =
                c.default.as_ref().map(|d| format!(" = {}", super::write::default_text(d))).unwrap_or_default();
            let Type::Sql(ty) = &c.ty else { return String::new() };
            format!("{} <{ty}>{null}{default}", c.name)
        });
        let key = t.primary_key.as_ref().map(|k| format!("{:?}", k.columns)).unwrap_or_default();
        let rest = format!("{} {} {}", t.uniques.len(), t.checks.len(), t.foreign_keys.len());
        format!("{}: {} | {key} {rest}", t.name, columns.collect::<Vec<_>>().join(", "))
    };
    let all = [
        "CREATE TABLE t(a)",
        "create temp table if not exists main.\"t t\" ( [a b] , `c` int(10) , 'd' \"my type\" (1, 2) ) ; ",
        "CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY ASC ON CONFLICT FAIL, b TEXT NULL DEFAULT (1 /* x */ + 2) -- y\n)",
        "CREATE TABLE t (a TEXT CONSTRAINT x NOT NULL CONSTRAINT y UNIQUE CONSTRAINT z CHECK (a <> ')') COLLATE nocase DEFAULT -1.5)",
        "CREATE TABLE t (a UNSIGNED BIG INT DEFAULT CURRENT_TIMESTAMP NOT NULL, generated always as (a), b AS (a + 1) STORED)",
        "CREATE TABLE t (a REFERENCES p ON DELETE SET NULL MATCH SIMPLE ON UPDATE NO ACTION NOT DEFERRABLE INITIALLY DEFERRED NOT NULL)",
        "CREATE TABLE t (a, b, PRIMARY KEY (A, b DESC) CONSTRAINT u UNIQUE (b) CHECK (a), FOREIGN KEY (B, a) REFERENCES p (x, y)) WITHOUT ROWID, STRICT",
        "CREATE TABLE t (a", "CREATE TABLE t AS SELECT 1", "CREATE VIEW t AS SELECT 1", "CREATE TABLE t (a FOREIGN)", "",
    ]
    .map(read);
    insta::assert_snapshot!(all.join("\n"), @r#"
    t: a <> |  0 0 0
    t t: a b <>, c <int(10)>, d <"my type" (1, 2)> |  0 0 0
    t: a <INTEGER> not null, b <TEXT> = 1 /* x */ + 2 | ["a"] 0 0 0
    t: a <TEXT> not null = -1.5 |  1 1 0
    t: a <UNSIGNED BIG INT> not null = CURRENT_TIMESTAMP, generated <always>, b <> |  0 0 0
    t: a <> not null |  0 0 1
    t: a <> not null, b <> not null | ["a", "b"] 1 1 1
    unread: CREATE TABLE t (a
    unread: CREATE TABLE t AS SELECT 1
    unread: CREATE VIEW t AS SELECT 1
    t: a <FOREIGN> |  0 0 0
    unread:
    "#);
}
