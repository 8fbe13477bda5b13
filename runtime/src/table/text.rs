//! Text while compiling: comparing it, and messages put together from it.

/// Whether two texts are the same.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The longest message. What is longer is cut.
const ROOM: usize = 512;

/// Stops the compiler with a message made of these parts.
#[track_caller]
pub(crate) const fn fail(parts: &[&str]) -> ! {
    let mut bytes = [b' '; ROOM];
    let (mut end, mut part) = (0, 0);
    while part < parts.len() {
        let text = parts[part].as_bytes();
        let mut at = 0;
        while at < text.len() && end < ROOM {
            bytes[end] = text[at];
            end += 1;
            at += 1;
        }
        part += 1;
    }
    match std::str::from_utf8(bytes.split_at(end).0) {
        Ok(message) => panic!("{}", message),
        // Only when the cut went through a character.
        Err(_) => panic!("the model contradicts itself"),
    }
}
