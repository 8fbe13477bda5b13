//! What a migration says, as a hash: so that one that was edited after it was applied is noticed.
//!
//! The hash is over an encoding of the steps that is **frozen**: a migration that was applied years ago must still
//! give the hash that history holds. What is not said is left out, so that a new field with a default changes nothing;
//! a tag is never renamed and never used again for something else. A changed encoding is another version, beside the
//! old one, which stays computable.
//!
//! ```text
//! value  = text | number | flag | none | list | node
//! text   = bytes ":" the text, line endings as LF         "5:title"
//! number = "#" digits ";"                                 "#64;"
//! flag   = "+" | "-"                                      true, false
//! none   = "~"
//! list   = "[" value* "]"
//! node   = tag "(" value* ")" | tag "{" (field "=" value)* "}"
//! ```

mod encode;
mod schema;
mod step;

use sha2::{Digest, Sha256};

use crate::source::Step;
use encode::Encode;

/// The version that new hashes have. It stands before every hash.
const VERSION: &str = "v1";

/// The hash of what a migration says: its version, a colon, and 64 hexadecimal digits.
#[must_use]
pub fn hash(steps: &[Step]) -> String {
    let mut digits = format!("{VERSION}:");
    for byte in Sha256::digest(encoding(steps).as_bytes()) {
        digits.push_str(&format!("{byte:02x}"));
    }
    digits
}

/// Whether steps give a hash that was stored, by the version that it was computed with; `None` when that version is
/// newer than this program.
#[must_use]
pub fn agrees(steps: &[Step], stored: &str) -> Option<bool> {
    stored.starts_with("v1:").then(|| hash(steps) == stored)
}

fn encoding(steps: &[Step]) -> String {
    let mut out = String::from("limbeck steps v1\n");
    steps.encode(&mut out);
    out
}

#[cfg(test)]
mod tests;
