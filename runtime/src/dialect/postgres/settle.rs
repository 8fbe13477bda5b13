//! Asking the server whether two expressions are the same to it.

use std::collections::BTreeSet;

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor, Row as _};

use super::reword;
use super::scratch::{FIXED_PATH, Question, SAVEPOINT, Scratch, UNDO, mark, needed};
use super::slots::{Role, of_domain, of_table};
use super::words::expression;
use super::write::string;
use crate::schema::{Expression, QualifiedName, Schema};

/// The server's own text is no fixed point: a list of `varchar` values prints differently the second time.
const ROUNDS: usize = 4;

/// The enums and domains of some names that the database has, enums with their labels.
const TYPES: &str = "SELECT CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname::text END, t.typname::text,
    (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = t.oid)
    FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd') AND t.typname IN (";

/// Every answer, by its mark.
const ANSWERS: &str = "SELECT a.attname::text, pg_get_expr(d.adbin, d.adrelid, true) FROM pg_attrdef AS d
    JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    JOIN pg_class AS c ON c.oid = d.adrelid
    WHERE c.relnamespace = pg_my_temp_schema() AND a.attname LIKE 'limbeck\\_q%'
    UNION ALL
    SELECT o.conname::text, pg_get_expr(o.conbin, o.conrelid, true) FROM pg_constraint AS o
    WHERE o.connamespace = pg_my_temp_schema() AND o.contype = 'c' AND o.conname LIKE 'limbeck\\_q%'";

/// Gives two canonical schemas the server's own words wherever they say a thing differently. What the server will not
/// say stays as it is.
pub(super) async fn settle(connection: &mut PgConnection, home: &str, left: &mut Schema, right: &mut Schema) {
    let objects = reword::open(left, right);
    if open(left, right).0.is_empty() && objects.is_empty() {
        return;
    }
    if let Err(error) = in_scratch(connection, home, left, right, &objects).await {
        tracing::warn!("SQL is compared as it is declared, because the server could not be asked: {error}");
    }
}

async fn in_scratch(
    connection: &mut PgConnection,
    home: &str,
    left: &mut Schema,
    right: &mut Schema,
    objects: &[QualifiedName],
) -> Result<(), sqlx::Error> {
    // Inside somebody's transaction a savepoint does, and outside of one it fails and does no harm.
    let alone = connection.execute(sqlx::raw_sql(SAVEPOINT)).await.is_err();
    if alone {
        connection.execute(sqlx::raw_sql("BEGIN READ WRITE")).await?;
        connection.execute(sqlx::raw_sql(SAVEPOINT)).await?;
    }
    let settled = match until_stable(connection, left, right).await {
        Ok(()) => reword::reword(connection, home, left, right, objects).await,
        Err(error) => Err(error),
    };
    connection.execute(sqlx::raw_sql(UNDO)).await?;
    connection.execute(sqlx::raw_sql(if alone { "ROLLBACK" } else { "RELEASE SAVEPOINT limbeck_scratch" })).await?;
    settled
}

async fn until_stable(connection: &mut PgConnection, left: &mut Schema, right: &mut Schema) -> Result<(), sqlx::Error> {
    for _ in 0..ROUNDS {
        let (mine, yours) = open(left, right);
        if mine.is_empty() || !round(connection, (left, &mine), (right, &yours)).await? {
            break;
        }
    }
    Ok(())
}

/// Asks about both sides once. Whether any text changed.
async fn round(
    connection: &mut PgConnection,
    (left, mine): (&mut Schema, &[Question]),
    (right, yours): (&mut Schema, &[Question]),
) -> Result<bool, sqlx::Error> {
    let answers = ask(connection, left, mine).await?;
    let changed = put(left, mine, answers);
    let answers = ask(connection, right, yours).await?;
    Ok(put(right, yours, answers) || changed)
}

/// What the server makes of each question: nothing where it refuses.
async fn ask(
    connection: &mut PgConnection,
    schema: &Schema,
    questions: &[Question],
) -> Result<Vec<Option<String>>, sqlx::Error> {
    let present = present(connection, schema, &needed(schema, questions)).await?;
    let scratch = Scratch::new(schema, questions, &present);
    let all: Vec<&str> = scratch.setup.iter().chain(&scratch.asking).map(String::as_str).collect();
    if !attempt(connection, &all.join(";\n")).await? {
        // One of them is at fault, and the others shall not suffer for it.
        for statement in all {
            attempt(connection, statement).await?;
        }
    }
    rows(connection, FIXED_PATH).await?;
    let found = rows(connection, ANSWERS).await?;
    connection.execute(sqlx::raw_sql(UNDO)).await?;
    let answer = |at: usize| {
        let row = found.iter().find(|row| row.first().is_some_and(|name| name.as_deref() == Some(&*mark(at))))?;
        row.get(1)?.as_deref().map(|text| scratch.in_own_words(&questions[at].role, text))
    };
    Ok((0..questions.len()).map(answer).collect())
}

/// Whether some statements went well; if not, nothing of them is left.
async fn attempt(connection: &mut PgConnection, sql: &str) -> Result<bool, sqlx::Error> {
    connection.execute(sqlx::raw_sql("SAVEPOINT limbeck_attempt")).await?;
    match connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await {
        Ok(_) => Ok(true),
        Err(error @ sqlx::Error::Database(_)) => {
            tracing::debug!("the server would not say: {error}\n{sql}");
            connection.execute(sqlx::raw_sql("ROLLBACK TO SAVEPOINT limbeck_attempt")).await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Those enums that the database has just as the schema wants them, and domains that it has at all.
async fn present(
    connection: &mut PgConnection,
    schema: &Schema,
    types: &[QualifiedName],
) -> Result<BTreeSet<QualifiedName>, sqlx::Error> {
    if types.is_empty() {
        return Ok(BTreeSet::new());
    }
    let names: Vec<String> = types.iter().map(|name| string(&name.name)).collect();
    let mut present = BTreeSet::new();
    for row in rows(connection, &format!("{TYPES}{})", names.join(", "))).await? {
        let [Some(of), Some(name), labels] = row.as_slice() else { continue };
        let name = QualifiedName::new((!of.is_empty()).then(|| of.as_str().into()), name.as_str());
        let same = match schema.enums.get(&name) {
            Some(wanted) => {
                let wanted: Vec<String> =
                    wanted.labels.iter().map(|l| format!("'{}'", l.replace('\'', "''"))).collect();
                labels.as_deref() == Some(&wanted.join(","))
            }
            None => schema.domains.contains_key(&name),
        };
        if same {
            present.insert(name);
        }
    }
    Ok(present)
}

async fn rows(connection: &mut PgConnection, sql: &str) -> Result<Vec<Vec<Option<String>>>, sqlx::Error> {
    let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    rows.iter().map(|row| (0..row.len()).map(|at| row.try_get_unchecked(at)).collect()).collect()
}

/// What two schemas say differently, and may mean alike: a table's expressions that have no equal on the other side.
fn open(left: &mut Schema, right: &mut Schema) -> (Vec<Question>, Vec<Question>) {
    let (mut mine, mut yours) = (Vec::new(), Vec::new());
    for (name, table) in &mut left.tables {
        if let Some(other) = right.tables.get_mut(name) {
            let (a, b) = unlike(&of_table(table), &of_table(other));
            mine.extend(a.into_iter().map(|q| question(name, false, q)));
            yours.extend(b.into_iter().map(|q| question(name, false, q)));
        }
    }
    for (name, domain) in &mut left.domains {
        if let Some(other) = right.domains.get_mut(name) {
            let (a, b) = unlike(&of_domain(domain), &of_domain(other));
            mine.extend(a.into_iter().map(|q| question(name, true, q)));
            yours.extend(b.into_iter().map(|q| question(name, true, q)));
        }
    }
    (mine, yours)
}

type Said = (usize, Role, String);

fn question(owner: &QualifiedName, domain: bool, (at, role, text): Said) -> Question {
    Question { owner: owner.clone(), domain, at, role, text }
}

/// The expressions that are on one side only, where the other side has some of that place as well.
fn unlike(left: &[(Role, &mut Expression)], right: &[(Role, &mut Expression)]) -> (Vec<Said>, Vec<Said>) {
    let mut taken = vec![false; right.len()];
    let mut mine: Vec<Said> = Vec::new();
    for (at, (role, expression)) in left.iter().enumerate() {
        let equal = |(i, (other, text)): (usize, &(Role, &mut Expression))| {
            (!taken[i] && other.same_place(role) && **text == **expression).then_some(i)
        };
        match right.iter().enumerate().find_map(equal) {
            Some(i) => taken[i] = true,
            None => mine.push((at, role.clone(), expression.0.clone())),
        }
    }
    let mut yours: Vec<Said> = right
        .iter()
        .enumerate()
        .filter(|(at, _)| !taken[*at])
        .map(|(at, (role, expression))| (at, role.clone(), expression.0.clone()))
        .collect();
    let all = mine.clone();
    mine.retain(|(_, role, _)| yours.iter().any(|(_, other, _)| other.same_place(role)));
    yours.retain(|(_, role, _)| all.iter().any(|(_, other, _)| other.same_place(role)));
    (mine, yours)
}

/// Puts the answers where the questions came from. Whether anything changed.
fn put(schema: &mut Schema, questions: &[Question], answers: Vec<Option<String>>) -> bool {
    let mut changed = false;
    for (question, answer) in questions.iter().zip(answers) {
        let Some(answer) = answer else { continue };
        let slots = if question.domain {
            schema.domains.get_mut(&question.owner).map(of_domain)
        } else {
            schema.tables.get_mut(&question.owner).map(of_table)
        };
        if let Some((role, place)) = slots.and_then(|slots| slots.into_iter().nth(question.at)) {
            let answer = expression(&answer, role.context());
            changed |= *place.0 != answer;
            place.0 = answer;
        }
    }
    changed
}
