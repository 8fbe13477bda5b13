//! The guide: how to use Limbeck, page by page.

#[doc = include_str!("getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("running.md")]
pub mod running {}

#[doc = include_str!("data.md")]
pub mod data {}

#[doc = include_str!("objects.md")]
pub mod objects {}

#[doc = include_str!("decisions.md")]
pub mod decisions {}

#[doc = include_str!("config.md")]
pub mod config {}

#[doc = include_str!("branches.md")]
pub mod branches {}

#[doc = include_str!("adopting.md")]
pub mod adopting {}

#[doc = include_str!("review.md")]
pub mod review {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[cfg(all(feature = "sqlite", feature = "rust_decimal"))]
#[doc = include_str!("sqlite.md")]
pub mod sqlite {}
