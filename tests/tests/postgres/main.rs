//! PostgreSQL, on a real server: the one that `tests/run` starts, or that `LIMBECK_TEST_POSTGRES_URL` names.

mod both;
mod database;
mod deferred;
mod laws;
mod newest;
mod objects;
mod order;
mod partitions;
mod quiet;
mod room;
mod schemas;
mod sequences;
mod settings;
mod types;
mod words;
