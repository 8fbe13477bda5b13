//! A connection that writes down what it is told.

use std::sync::{Arc, Mutex, PoisonError};

use limbeck::dialect::{Backend, Connection, Dialect, Introspection, Work};
use limbeck::plan::Capabilities;
use limbeck::schema::Schema;

/// What a connection was told, shared with whoever reads it later.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<Mutex<Vec<String>>>);

impl Recording {
    /// Everything so far, in order: statements and queries as they were sent, and `BEGIN`, `COMMIT`, `ROLLBACK`.
    #[must_use]
    pub fn statements(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn push(&self, sql: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sql.to_owned());
    }
}

/// A connection whose statements are written down. What the dialect asks for itself (reading the schema, the lock) is
/// no statement of anybody's and is left out.
pub struct Recorder {
    inner: Box<dyn Backend>,
    recording: Recording,
}

impl Recorder {
    /// Writes down what a connection is told from now on.
    #[must_use]
    pub fn over(inner: Box<dyn Backend>, recording: &Recording) -> Box<dyn Backend> {
        Box::new(Self { inner, recording: recording.clone() })
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
        self.inner.execute(sql)
    }

    fn rows<'a>(&'a mut self, sql: &'a str) -> Work<'a, Vec<Vec<Option<String>>>> {
        self.recording.push(sql);
        self.inner.rows(sql)
    }

    fn introspect(&mut self) -> Work<'_, Introspection> {
        self.inner.introspect()
    }

    fn comparable<'a>(&'a mut self, from: &'a Schema, to: &'a Schema) -> Work<'a, (Schema, Schema)> {
        self.inner.comparable(from, to)
    }

    fn begin(&mut self) -> Work<'_, ()> {
        self.recording.push("BEGIN");
        self.inner.begin()
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
        self.inner.try_lock(key)
    }

    fn lock_holder<'a>(&'a mut self, key: &'a str) -> Work<'a, Option<String>> {
        self.inner.lock_holder(key)
    }

    fn unlock<'a>(&'a mut self, key: &'a str) -> Work<'a, ()> {
        self.inner.unlock(key)
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
