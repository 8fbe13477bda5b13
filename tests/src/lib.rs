//! What Limbeck's own tests are made with.

pub mod generate;
