//! A rebuild of many rows says how many, and that it still runs.

use limbeck::migrate::{Event, MigrationDef, Migrator, Progress, Target};
use limbeck::migration::*;

use crate::database::{File, execute, run};

#[derive(Default)]
struct Heard(Vec<(String, u64)>);

impl Progress for Heard {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Running { about, rows, took } = event
            && took.as_secs() == 0
        {
            self.0.push((about.to_owned(), rows));
        }
    }
}

fn rebuilt(m: &mut Migration) {
    m.alter_column("t", "note").not_null();
}

fn as_it_was(m: &mut Migration) {
    m.alter_column("t", "note").nullable();
}

#[test]
fn many_rows_are_announced() {
    run(async {
        for (rows, expected) in
            [(99_999, vec![]), (100_000, vec![("rebuild table `t`: copy the rows".to_owned(), 100_000)])]
        {
            let (file, mut backend) = File::with("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)").await;
            let fill = format!(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) INSERT INTO t (note) SELECT 'x' FROM n"
            );
            execute(&mut *backend, &fill).await;
            let first = MigrationDef { message: "as found", ..MigrationDef::new("11111111", found, gone) };
            let second = MigrationDef {
                message: "no gaps",
                revises: &["11111111"],
                ..MigrationDef::new("22222222", rebuilt, as_it_was)
            };
            let migrator = Migrator::builder().migrations([first, second]).build().unwrap_or_else(|e| panic!("{e}"));
            migrator
                .stamp(backend, Target::Revision("11111111".to_owned()), false)
                .await
                .unwrap_or_else(|e| panic!("{e}"));
            let mut heard = Heard::default();
            let done = migrator.upgrade_with(file.open().await, Target::Head, &mut heard).await;
            done.unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(heard.0, expected);
        }
    });
}

fn found(m: &mut Migration) {
    m.create_table("t", |t| {
        t.column("id", integer());
        t.column("note", text()).nullable();
        t.primary_key(["id"]);
    });
}

fn gone(m: &mut Migration) {
    m.drop_table("t");
}
