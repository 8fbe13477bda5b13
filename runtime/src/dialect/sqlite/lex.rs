//! SQLite's own tokens.
//!
//! The tokenizer of [`schema`](crate::schema::tokens) reads every database's expressions and has to guess; the text
//! that SQLite stores is read by SQLite's rules alone (`tokenize.c` in its source): brackets always quote, comments
//! do not nest, and there are no dollar strings.

use crate::schema::{Token, TokenKind};

/// The tokens of a statement, comments and white space left out. What is not closed ends with the text.
pub(super) fn lex(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (start, rest) = (at, &text[at..]);
        let kind = match bytes[at] {
            b if b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'-' if rest.starts_with("--") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            b'/' if rest.starts_with("/*") => {
                at += rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
                continue;
            }
            quote @ (b'\'' | b'"' | b'`') => {
                at += quoted(rest, 1, quote);
                if quote == b'\'' { TokenKind::String } else { TokenKind::Quoted }
            }
            b'[' => {
                at += rest.find(']').map_or(rest.len(), |end| end + 1);
                TokenKind::Quoted
            }
            b'x' | b'X' if bytes.get(at + 1) == Some(&b'\'') => {
                at += quoted(rest, 2, b'\'');
                TokenKind::String
            }
            b if b.is_ascii_digit() || (b == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)) => {
                at += number(bytes, at);
                TokenKind::Number
            }
            b if word_byte(b) && !b.is_ascii_digit() => {
                at += rest.bytes().position(|b| !word_byte(b)).unwrap_or(rest.len());
                TokenKind::Word
            }
            _ => {
                at += sign(rest);
                TokenKind::Sign
            }
        };
        found.push(Token { kind, text: &text[start..at], start });
    }
    found
}

/// Letters, digits, `_`, `$` and everything beyond ASCII stand in a word (`IdChar` in SQLite's source).
fn word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b >= 0x80
}

/// The length of a quoted text that begins with `open` bytes; a doubled quote is one of its characters.
fn quoted(rest: &str, open: usize, quote: u8) -> usize {
    let bytes = rest.as_bytes();
    let mut at = open;
    while at < bytes.len() {
        if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 1;
        }
        at += 1;
    }
    bytes.len()
}

fn number(bytes: &[u8], start: usize) -> usize {
    let hex = bytes[start] == b'0' && matches!(bytes.get(start + 1), Some(b'x' | b'X'));
    let mut at = start;
    while at < bytes.len() {
        let exponent = !hex && matches!(bytes[at], b'e' | b'E');
        if exponent && matches!(bytes.get(at + 1), Some(b'+' | b'-')) {
            at += 2;
        } else if word_byte(bytes[at]) || bytes[at] == b'.' {
            at += 1;
        } else {
            break;
        }
    }
    at - start
}

fn sign(rest: &str) -> usize {
    const LONG: [&str; 9] = ["->>", "->", "||", "<>", "!=", "<=", ">=", "==", "<<"];
    if rest.starts_with(">>") {
        return 2;
    }
    LONG.iter()
        .find(|s| rest.starts_with(**s))
        .map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), |s| s.len())
}

/// What an identifier or a string stands for, its case kept.
pub(super) fn raw(token: &Token<'_>) -> String {
    match token.kind {
        TokenKind::Word => token.text.to_owned(),
        TokenKind::Quoted | TokenKind::String | TokenKind::Number | TokenKind::Sign => token.value(),
    }
}

/// Whether a token can be a name: a word, or anything in quotes. SQLite takes a string for a name where only a name
/// can stand (*Double-quoted String Literals Are Accepted*, the other way round).
pub(super) fn can_be_name(token: &Token<'_>) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Quoted | TokenKind::String)
}

/// Whether anything but white space stands between the tokens.
pub(super) fn has_comments(text: &str) -> bool {
    let mut end = 0;
    let mut gaps = lex(text).into_iter().map(|t| {
        let gap = &text[end..t.start];
        end = t.start + t.text.len();
        gap
    });
    gaps.any(|gap| !gap.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        lex(sql).iter().map(|t| t.text).collect()
    }

    #[test]
    fn all_four_quotes() {
        assert_eq!(texts(r#"[a b] "c""d" `e` 'f''g'"#), ["[a b]", r#""c""d""#, "`e`", "'f''g'"]);
        assert_eq!(lex(r#""c""d""#).iter().map(raw).collect::<Vec<_>>(), [r#"c"d"#]);
        assert_eq!(texts("\"id\"[int](x)"), ["\"id\"", "[int]", "(", "x", ")"]);
    }

    #[test]
    fn comments_do_not_nest() {
        assert_eq!(texts("a /* b /* c */ d -- e\n f"), ["a", "d", "f"]);
    }

    #[test]
    fn numbers_and_signs() {
        assert_eq!(texts("1.5e-3+0x1F>>2||x'00'"), ["1.5e-3", "+", "0x1F", ">>", "2", "||", "x'00'"]);
        assert_eq!(texts("größe$1<>é"), ["größe$1", "<>", "é"]);
    }

    #[test]
    fn nothing_unclosed_panics() {
        for text in ["'", "\"", "[a", "`", "/*", "--", "1e", "1e+", "é", "x'", "."] {
            for token in lex(text) {
                let _ = raw(&token);
            }
        }
    }
}
