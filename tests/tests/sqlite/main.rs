//! SQLite, on real files.

mod busy;
mod database;
mod kill;
mod laws;
mod progress;
mod read;
mod rebuild;
mod refuse;
mod rename;
mod script;
mod shared;
mod steps;
mod types;
