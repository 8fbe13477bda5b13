//! A connection that writes down what it is told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use limbeck::dialect::{Backend, Connection, Dialect, Introspection, Work};
use limbeck::plan::Capabilities;
use limbeck::schema::Schema;

/// What a connection was told, shared with whoever reads it later.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    statements: Vec<String>,
    asked: usize,
}

impl Recording {
    /// Everything so far, in order: statements and queries as they were sent, and `BEGIN`, `COMMIT`, `ROLLBACK`.
    #[must_use]
    pub fn statements(&self) -> Vec<String> {
        self.told().statements.clone()
    }

    /// How often the dialect was asked for something that takes statements of its own: the schema, the lock.
    #[must_use]
    pub fn own(&self) -> usize {
        self.told().asked
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self) {
        self.told().asked += 1;
    }

    fn push(&self, sql: &str) {
        self.told().statements.push(sql.to_owned());
    }
}

/// A connection whose statements are written down. What the dialect asks for itself (reading the schema, the lock) is
/// no statement of anybody's and is left out.
pub struct Recorder {
    inner: Box<dyn Backend>,
    recording: Recording,
    /// What is sent in place of a statement.
    rewrite: fn(&str) -> String,
}

impl Recorder {
    /// Writes down what a connection is told from now on.
    #[must_use]
    pub fn over(inner: Box<dyn Backend>, recording: &Recording) -> Box<dyn Backend> {
        Box::new(Self { inner, recording: recording.clone(), rewrite: str::to_owned })
    }

    /// Sends something else in place of each statement: a fault that is planted.
    #[must_use]
    pub fn rewriting(inner: Box<dyn Backend>, rewrite: fn(&str) -> String) -> Box<dyn Backend> {
        Box::new(Self { inner, recording: Recording::default(), rewrite })
    }
}

impl Backend for Recorder {
    fn dialect(&self) -> &'static dyn Dialect {
        self.inner.dialect()
    }

    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn place(&self) -> &str {
        self.inner.place()
    }

    fn execute<'a>(&'a mut self, sql: &'a str) -> Work<'a, u64> {
        self.recording.push(sql);
        let sql = (self.rewrite)(sql);
        Box::pin(async move { self.inner.execute(&sql).await })
    }

    fn rows<'a>(&'a mut self, sql: &'a str) -> Work<'a, Vec<Vec<Option<String>>>> {
        self.recording.push(sql);
        self.inner.rows(sql)
    }

    fn rows_within<'a>(&'a mut self, sql: &'a str, limit: Duration) -> Work<'a, Option<Vec<Vec<Option<String>>>>> {
        self.recording.push(sql);
        self.inner.rows_within(sql, limit)
    }

    fn introspect(&mut self) -> Work<'_, Introspection> {
        self.recording.asked();
        self.inner.introspect()
    }

    fn comparable<'a>(&'a mut self, from: &'a Schema, to: &'a Schema) -> Work<'a, (Schema, Schema)> {
        self.recording.asked();
        self.inner.comparable(from, to)
    }

    fn begin(&mut self) -> Work<'_, ()> {
        self.recording.push("BEGIN");
        self.inner.begin()
    }

    fn begin_asking<'a>(&'a mut self, query: &'a str) -> Work<'a, Vec<Vec<Option<String>>>> {
        self.recording.push("BEGIN");
        self.recording.push(query);
        self.inner.begin_asking(query)
    }

    fn commit_after<'a>(&'a mut self, last: &'a [String]) -> Work<'a, ()> {
        last.iter().for_each(|sql| self.recording.push(sql));
        self.recording.push("COMMIT");
        self.inner.commit_after(last)
    }

    fn commit(&mut self) -> Work<'_, ()> {
        self.recording.push("COMMIT");
        self.inner.commit()
    }

    fn rollback(&mut self) -> Work<'_, ()> {
        self.recording.push("ROLLBACK");
        self.inner.rollback()
    }

    fn try_lock<'a>(&'a mut self, key: &'a str) -> Work<'a, bool> {
        self.recording.asked();
        self.inner.try_lock(key)
    }

    fn same_session(&self) -> Option<String> {
        self.inner.same_session()
    }

    fn lock_holder<'a>(&'a mut self, key: &'a str) -> Work<'a, Option<String>> {
        self.recording.asked();
        self.inner.lock_holder(key)
    }

    fn unlock<'a>(&'a mut self, key: &'a str) -> Work<'a, ()> {
        self.recording.asked();
        self.inner.unlock(key)
    }

    fn lock_room(&mut self) -> Work<'_, Option<(u64, u64)>> {
        self.recording.asked();
        self.inner.lock_room()
    }

    fn connection(&mut self) -> Connection<'_> {
        self.inner.connection()
    }

    fn abandon(&mut self) {
        self.inner.abandon();
    }

    fn close(self: Box<Self>) -> Work<'static, ()> {
        self.inner.close()
    }
}
