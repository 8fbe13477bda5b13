//! A thousand migrations of a project that grows.

use limbeck::migration::*;

fn table(n: usize) -> String {
    format!("item_{}", n / 5)
}

fn up<const N: usize>(m: &mut Migration) {
    say_up(m, N);
}

fn down<const N: usize>(m: &mut Migration) {
    say_down(m, N);
}

/// Five kinds in turns, as a project that grows has them: a table, a column, an index, another default, rows.
fn say_up(m: &mut Migration, n: usize) {
    let name = table(n);
    match n % 5 {
        0 => m.create_table(name.as_str(), |t| {
            t.column("id", bigint()).auto_increment();
            t.column("parent_id", bigint()).nullable();
            t.column("title", text()).default("");
            t.column("price", numeric_with(12, 2)).default_sql("0");
            t.column("created_at", timestamptz()).default_sql("now()");
            t.primary_key(["id"]);
            t.foreign_key(["parent_id"]).references(table(n.saturating_sub(5)).as_str(), ["id"]).on_delete(Cascade);
            t.index(["parent_id"]);
        }),
        1 => {
            m.create_column(name.as_str(), "note", text()).nullable();
        }
        2 => {
            m.create_index(name.as_str(), ["title", "created_at desc"]);
        }
        3 => {
            m.alter_column(name.as_str(), "title").default("untitled");
        }
        _ => {
            m.sql(format!("INSERT INTO {name} (note) VALUES ('first'), ('second')"));
        }
    }
}

fn say_down(m: &mut Migration, n: usize) {
    let name = table(n);
    match n % 5 {
        0 => m.drop_table(name.as_str()),
        1 => m.drop_column(name.as_str(), "note"),
        2 => m.drop_index(name.as_str(), ["title", "created_at desc"]),
        3 => {
            m.alter_column(name.as_str(), "title").default("");
        }
        _ => {
            m.sql(format!("DELETE FROM {name}"));
        }
    }
}

/// One direction of a migration.
pub(crate) type Way = fn(&mut Migration);

macro_rules! ten {
    ($at:expr) => {
        [
            (up::<{ $at }> as Way, down::<{ $at }> as Way),
            (up::<{ $at + 1 }>, down::<{ $at + 1 }>),
            (up::<{ $at + 2 }>, down::<{ $at + 2 }>),
            (up::<{ $at + 3 }>, down::<{ $at + 3 }>),
            (up::<{ $at + 4 }>, down::<{ $at + 4 }>),
            (up::<{ $at + 5 }>, down::<{ $at + 5 }>),
            (up::<{ $at + 6 }>, down::<{ $at + 6 }>),
            (up::<{ $at + 7 }>, down::<{ $at + 7 }>),
            (up::<{ $at + 8 }>, down::<{ $at + 8 }>),
            (up::<{ $at + 9 }>, down::<{ $at + 9 }>),
        ]
    };
}

macro_rules! hundreds {
    ($($hundred:literal)*) => {
        [$(
            ten!($hundred), ten!($hundred + 10), ten!($hundred + 20), ten!($hundred + 30), ten!($hundred + 40),
            ten!($hundred + 50), ten!($hundred + 60), ten!($hundred + 70), ten!($hundred + 80), ten!($hundred + 90),
        )*]
    };
}

/// A migration's functions are plain ones: the number of each is in its type.
static TENS: [[(Way, Way); 10]; 100] = hundreds!(0 100 200 300 400 500 600 700 800 900);

/// Up and down of each, in order.
pub(crate) static WAYS: &[(Way, Way)] = TENS.as_flattened();
