//! What Limbeck's own tests are made with.

pub mod engine;
pub mod generate;
pub mod live;
pub mod models;
pub mod project;
pub mod rows;
pub mod server;
