//! The guide: how to use Limbeck, page by page.

#[doc = include_str!("getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[cfg(all(feature = "sqlite", feature = "rust_decimal"))]
#[doc = include_str!("sqlite.md")]
pub mod sqlite {}
