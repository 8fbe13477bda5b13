//! What Limbeck's own tests are made with.

pub mod engine;
pub mod generate;
pub mod live;
pub mod measure;
pub mod models;
pub mod pooler;
pub mod project;
pub mod recorder;
pub mod rows;
pub mod server;
pub mod story;
