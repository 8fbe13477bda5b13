//! The guide: how to use Limbeck, page by page.

#[doc = include_str!("getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}
