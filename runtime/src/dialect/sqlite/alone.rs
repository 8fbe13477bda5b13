//! Statements that no transaction can hold (*VACUUM*, *DETACH DATABASE*, *PRAGMA Statements*).

use crate::dialect::Alone;
use crate::schema::tokens;

/// Pragmas that fail or do nothing inside a transaction. All of them may be said twice.
const PRAGMAS: [&str; 6] =
    ["foreign_keys", "journal_mode", "synchronous", "wal_checkpoint", "locking_mode", "temp_store"];

pub(super) fn alone(sql: &str) -> Option<Alone> {
    let tokens = tokens(sql);
    let first = tokens.first()?;
    let word = |words: &[&str]| words.iter().any(|word| first.is_word(word));
    if word(&["vacuum"]) {
        return Some(Alone::Repeat);
    }
    if word(&["attach", "detach"]) {
        return Some(Alone::Unknown);
    }
    let pragma = word(&["pragma"]) && tokens.iter().skip(1).take(3).any(|t| PRAGMAS.iter().any(|p| t.is_word(p)));
    pragma.then_some(Alone::Repeat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_transaction_holds() {
        assert_eq!(alone("VACUUM"), Some(Alone::Repeat));
        assert_eq!(alone("pragma main.journal_mode = wal"), Some(Alone::Repeat));
        assert_eq!(alone("DETACH other"), Some(Alone::Unknown));
        assert_eq!(alone("PRAGMA user_version = 3"), None);
        assert_eq!(alone("UPDATE vacuum SET a = 1"), None);
    }
}
