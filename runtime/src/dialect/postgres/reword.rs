//! The server's own words for objects that are known by their text: a view that somebody wrote is the one that the
//! server prints, however different the two look.
//!
//! Each text is carried out in `pg_temp`, read back and rolled back, so that nothing real is locked but for reading.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor, Row as _};

use super::scratch::{FIXED_PATH, UNDO};
use super::write::{identifier, qualified};
use crate::schema::{QualifiedName, Schema, SqlObject, SqlObjectKind, Token, tokens};

/// Nobody waits for an answer, and routines may mention what is not there.
const CAREFUL: &str = "SET LOCAL lock_timeout TO '2s'; SET LOCAL check_function_bodies TO off";

/// All that is in `pg_temp`, as the server says it.
const WORDS: &str = include_str!("catalog/words.sql");

/// The objects that both sides have, of one kind, in different words.
pub(super) fn open(left: &Schema, right: &Schema) -> Vec<QualifiedName> {
    let unlike = |(name, one): (&QualifiedName, &SqlObject)| {
        let other = right.objects.get(name)?;
        let alike = one.kind == other.kind && one.table == other.table;
        (alike && one.sql != other.sql && can_ask(one)).then(|| name.clone())
    };
    left.objects.iter().filter_map(unlike).collect()
}

/// What can be made in `pg_temp`.
fn can_ask(object: &SqlObject) -> bool {
    match object.kind {
        SqlObjectKind::View
        | SqlObjectKind::MaterializedView
        | SqlObjectKind::Routine
        | SqlObjectKind::CompositeType => true,
        SqlObjectKind::Trigger
        | SqlObjectKind::Rule
        | SqlObjectKind::Policy
        | SqlObjectKind::RowSecurity
        | SqlObjectKind::Privileges => object.table.is_some(),
        SqlObjectKind::VirtualTable
        | SqlObjectKind::RangeType
        | SqlObjectKind::Setting
        | SqlObjectKind::ChildTable
        | SqlObjectKind::Collation => false,
    }
}

/// Gives both sides the server's words for some objects, where it has any for both.
pub(super) async fn reword(
    connection: &mut PgConnection,
    home: &str,
    left: &mut Schema,
    right: &mut Schema,
    names: &[QualifiedName],
) -> Result<(), sqlx::Error> {
    for name in names {
        let (Some(one), Some(other)) = (left.objects.get_mut(name), right.objects.get_mut(name)) else { continue };
        let Some(mine) = ask(connection, &making(one, home)).await? else { continue };
        let Some(yours) = ask(connection, &making(other, home)).await? else { continue };
        (one.sql, other.sql) = (mine, yours);
    }
    Ok(())
}

/// What the server makes of some statements; nothing when it refuses.
async fn ask(connection: &mut PgConnection, making: &[String]) -> Result<Option<String>, sqlx::Error> {
    let all: Vec<&str> = [CAREFUL].into_iter().chain(making.iter().map(String::as_str)).chain([FIXED_PATH]).collect();
    let made = connection.execute(sqlx::raw_sql(AssertSqlSafe(all.join(";\n")))).await;
    let answer = match made {
        Ok(_) => connection.fetch_one(sqlx::raw_sql(WORDS)).await?.try_get_unchecked(0)?,
        Err(error @ sqlx::Error::Database(_)) => {
            tracing::debug!("the server would not say: {error}");
            None
        }
        Err(error) => return Err(error),
    };
    connection.execute(sqlx::raw_sql(UNDO)).await?;
    Ok(answer)
}

/// The statements that make an object in `pg_temp`, over a relation there that looks like the one it belongs to.
fn making(object: &SqlObject, home: &str) -> Vec<String> {
    let own = object.name.sibling(object.own_name());
    let sql = match object.kind {
        // There are no temporary ones: what one holds is a view's, and a table takes its indexes.
        SqlObjectKind::MaterializedView => {
            let all = tokens(&object.sql);
            let end = all.iter().position(|t| t.text == ";").unwrap_or(all.len());
            let (first, rest) = all.split_at(end);
            let query: Vec<&str> = match first {
                [query @ .., with, data] if with.is_word("with") && data.is_word("data") => texts(query),
                [query @ .., with, no, data] if with.is_word("with") && no.is_word("no") && data.is_word("data") => {
                    texts(query)
                }
                query => texts(query),
            };
            let view = query.join(" ").replacen("materialized view", "view", 1);
            let view = moved(&view, &own, home, Some("limbeck_query"));
            let here = identifier(&own.name);
            let table = format!("CREATE TABLE pg_temp.{here} AS SELECT * FROM pg_temp.limbeck_query WITH NO DATA");
            let rest = texts(rest).join(" ").replace("alter materialized view", "alter table");
            let rest = moved(rest.trim_start_matches(';'), &own, home, None);
            [view, table, rest].into_iter().filter(|sql| !sql.trim().is_empty()).collect()
        }
        _ if object.table.is_none() => vec![moved(&object.sql, &own, home, Some(&own.name))],
        _ => vec![object.sql.clone()],
    };
    let Some(table) = &object.table else { return sql };
    let here = identifier(&table.name);
    // What stands for a view is a view: rules and triggers are told apart by that.
    let shadow = format!(
        "DO $limbeck$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = '{0}'::regclass AND relkind = 'v')
         THEN CREATE VIEW pg_temp.{here} AS TABLE {1}; ELSE CREATE TABLE pg_temp.{here} (LIKE {1}); END IF; END $limbeck$",
        qualified(table).replace('\'', "''"),
        qualified(table),
    );
    [shadow].into_iter().chain(sql.iter().map(|sql| moved(sql, table, home, None))).collect()
}

fn texts<'a>(all: &[Token<'a>]) -> Vec<&'a str> {
    all.iter().map(|t| t.text).collect()
}

/// A text in which an object is one of `pg_temp`: wherever it is named with its schema, and, when it gets a name there,
/// where it is named first.
fn moved(sql: &str, object: &QualifiedName, home: &str, name: Option<&str>) -> String {
    let schema = object.schema.as_deref().unwrap_or(home);
    let all = tokens(sql);
    let mut out = String::with_capacity(sql.len());
    let (mut end, mut at, mut first) = (0, 0, true);
    while let Some(token) = all.get(at) {
        let named = |at: usize| all.get(at).is_some_and(|t| t.is_name(&object.name));
        let with_schema = token.is_name(schema) && all.get(at + 1).is_some_and(|t| t.text == ".") && named(at + 2);
        let last = if with_schema { at + 2 } else { at };
        if with_schema || first && name.is_some() && named(at) {
            out.push_str(&sql[end..token.start]);
            out.push_str("pg_temp.");
            out.push_str(&identifier(name.filter(|_| first).unwrap_or(&object.name)));
            end = all[last].start + all[last].text.len();
            first = false;
        }
        at = last + 1;
    }
    out + &sql[end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_object_itself_moves() {
        let name = QualifiedName::from("v");
        assert_eq!(
            moved("create view v as select v.a from v2 as v", &name, "public", Some("v")),
            "create view pg_temp.v as select v.a from v2 as v"
        );
        assert_eq!(
            moved(
                "create view public.v as select 1 ; comment on column public . v . a is 'public.v'",
                &name,
                "public",
                Some("q")
            ),
            "create view pg_temp.q as select 1 ; comment on column pg_temp.v . a is 'public.v'"
        );
        let other = QualifiedName::new(Some("auth".into()), "Odd");
        assert_eq!(
            moved("create trigger t after update of \"Odd\" on auth.\"Odd\"", &other, "public", None),
            "create trigger t after update of \"Odd\" on pg_temp.\"Odd\""
        );
    }

    #[test]
    fn a_materialized_view_is_asked_as_a_view_and_a_table() {
        let sql = "create materialized view m as select 1 as a with no data ; create index on m ( a )";
        let made = making(&SqlObject::new(SqlObjectKind::MaterializedView, "m", sql), "public");
        assert_eq!(
            made,
            [
                "create view pg_temp.limbeck_query as select 1 as a",
                "CREATE TABLE pg_temp.m AS SELECT * FROM pg_temp.limbeck_query WITH NO DATA",
                " create index on m ( a )",
            ]
        );
    }
}
