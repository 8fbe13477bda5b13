//! What only a person can say, asked once: in a prompt on a terminal, and all at once with the flags that answer it
//! everywhere else.

pub(crate) mod answers;
mod asking;
pub(crate) mod counts;
pub(crate) mod idle;
mod open;
pub(crate) mod rename;
pub(crate) mod rows;
pub(crate) mod way_back;

pub(crate) use asking::settle;
pub(crate) use open::open;
