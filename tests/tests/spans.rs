//! What an app that embeds Limbeck sees of a run: a span for each migration.
//!
//! The test has a process of its own: while one subscriber is there, tracing asks the thread that reaches a span for the
//! first time whether anybody listens, and a thread of another test would say no for all.

use std::sync::{Arc, Mutex, PoisonError};

use limbeck::dialect::{Backend, Missing, connect};
use limbeck::migrate::{MigrationDef, Migrator, Target};
use limbeck::migration::*;
use limbeck_tests::server::ServerDatabase;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};

fn account(m: &mut Migration) {
    m.create_table("account", |t| {
        t.column("id", bigint());
        t.primary_key(["id"]);
    });
}

fn no_account(m: &mut Migration) {
    m.drop_table("account");
}

fn email(m: &mut Migration) {
    m.create_column("account", "email", text()).nullable();
}

fn no_email(m: &mut Migration) {
    m.drop_column("account", "email");
}

const CHAIN: [MigrationDef; 2] = [
    MigrationDef::new("20000001", account, no_account),
    MigrationDef { revises: &["20000001"], ..MigrationDef::new("20000002", email, no_email) },
];

async fn open(database: &ServerDatabase) -> Box<dyn Backend> {
    connect(database.url(), Missing::Refuse).await.expect("a connection")
}

/// The spans that were opened: their names, and the migrations that they name.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

impl Spans {
    fn said(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Named(String);

impl Visit for Named {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "migration" {
            self.0.push_str(&format!(" {value:?}"));
        }
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("limbeck")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut named = Named(span.metadata().name().to_owned());
        span.record(&mut named);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(named.0);
        Id::from_u64(all.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn an_app_sees_a_span_for_each_migration() {
    let spans = Spans::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tracing::subscriber::with_default(spans.clone(), || {
        runtime.block_on(async {
            let database = ServerDatabase::new("spans");
            let migrator = Migrator::builder().migrations(CHAIN).build().expect("a graph");
            migrator.upgrade(open(&database).await, Target::Head).await.expect("up");
            migrator.downgrade(open(&database).await, Target::Relative(-1)).await.expect("down");
        });
    });
    let expected = ["upgrade \"20000001\"", "upgrade \"20000002\"", "downgrade \"20000002\""];
    assert_eq!(spans.said(), expected);
}
