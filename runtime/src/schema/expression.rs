//! SQL expressions: text, and a tokenizer. There is no parser here on purpose: what an expression means is the
//! database's to say.

use std::fmt;

/// An SQL expression, as text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expression(pub String);

impl Expression {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether one of the tokens is this identifier. Keywords, literals and comments do not count.
    #[must_use]
    pub fn mentions(&self, name: &str) -> bool {
        tokens(&self.0).iter().any(|t| t.is_name(name))
    }

    /// The same expression with one identifier replaced, wherever it stands as a token. A plain word before a
    /// parenthesis is a function and after `::` a type: those stay.
    #[must_use]
    pub fn renamed(&self, from: &str, to: &str) -> Self {
        let tokens = tokens(&self.0);
        let is = |at: Option<usize>, sign: &str| at.and_then(|at| tokens.get(at)).is_some_and(|t| t.text == sign);
        let other =
            |at: usize| tokens[at].kind == TokenKind::Word && (is(Some(at + 1), "(") || is(at.checked_sub(1), "::"));
        self.replaced(&tokens, |at| tokens[at].is_name(from) && !other(at), &quoted(to))
    }

    /// The same expression with one string literal replaced (the label of an enum).
    #[must_use]
    pub fn relabelled(&self, from: &str, to: &str) -> Self {
        let replacement = format!("'{}'", to.replace('\'', "''"));
        let tokens = tokens(&self.0);
        let hit = |at: usize| tokens[at].kind == TokenKind::String && tokens[at].value() == from;
        self.replaced(&tokens, hit, &replacement)
    }

    fn replaced(&self, tokens: &[Token<'_>], hit: impl Fn(usize) -> bool, replacement: &str) -> Self {
        let mut text = String::with_capacity(self.0.len());
        let mut end = 0;
        for (at, token) in tokens.iter().enumerate() {
            text.push_str(&self.0[end..token.start]);
            text.push_str(if hit(at) { replacement } else { token.text });
            end = token.start + token.text.len();
        }
        text.push_str(&self.0[end..]);
        Self(text)
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// An identifier as every database reads it, whichever words it reserves.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// One token of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text, quotes included.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
}

/// The kinds of tokens. White space and comments are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or an identifier without quotes.
    Word,
    /// An identifier in `"…"`, `` `…` `` or `[…]`.
    Quoted,
    /// A string in `'…'`, `E'…'` or `$tag$…$tag$`.
    String,
    /// A number.
    Number,
    /// One operator, parenthesis or other sign.
    Sign,
}

impl Token<'_> {
    /// What an identifier names or a string holds: quotes off, doubled quotes single, a plain word in lower case.
    #[must_use]
    pub fn value(&self) -> String {
        match self.kind {
            TokenKind::Word => self.text.to_lowercase(),
            TokenKind::Quoted => {
                let inner = &self.text[1..self.text.len().saturating_sub(1).max(1)];
                match self.text.as_bytes()[0] {
                    b'[' => inner.to_owned(),
                    b'`' => inner.replace("``", "`"),
                    _ => inner.replace("\"\"", "\""),
                }
            }
            TokenKind::String => {
                let Some(open) = self.text.find('\'').filter(|_| !self.text.starts_with('$')) else {
                    let tag = self.text[1..].find('$').map_or(1, |i| i + 2);
                    return self.text[tag..self.text.len().saturating_sub(tag).max(tag)].to_owned();
                };
                self.text[open + 1..self.text.len().saturating_sub(1).max(open + 1)].replace("''", "'")
            }
            TokenKind::Number | TokenKind::Sign => self.text.to_owned(),
        }
    }

    /// Whether this is the identifier, quoted or not.
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        match self.kind {
            TokenKind::Word => self.text.eq_ignore_ascii_case(name),
            TokenKind::Quoted => self.value() == name,
            TokenKind::String | TokenKind::Number | TokenKind::Sign => false,
        }
    }

    /// Whether this is the keyword.
    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

/// The tokens of an SQL text, comments and white space left out. Never fails: what is not closed ends with the text.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let rest = &text[at..];
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
                at += block_comment(rest);
                continue;
            }
            b'\'' => {
                at += closing(rest, 1, b'\'');
                TokenKind::String
            }
            b'e' | b'E' | b'x' | b'X' | b'b' | b'B' | b'n' | b'N' if bytes.get(at + 1) == Some(&b'\'') => {
                at += if matches!(bytes[at], b'e' | b'E') { escaped(rest) } else { closing(rest, 2, b'\'') };
                TokenKind::String
            }
            b'"' => {
                at += closing(rest, 1, b'"');
                TokenKind::Quoted
            }
            b'`' => {
                at += closing(rest, 1, b'`');
                TokenKind::Quoted
            }
            b'[' if bracketed_name(rest, found.last()) => {
                at += closing(rest, 1, b']');
                TokenKind::Quoted
            }
            b'$' if dollar_tag(rest).is_some() => {
                let tag = dollar_tag(rest).unwrap_or_default();
                at += rest[tag.len()..].find(tag).map_or(rest.len(), |end| end + 2 * tag.len());
                TokenKind::String
            }
            b if b.is_ascii_digit() || (b == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)) => {
                at += number(rest);
                TokenKind::Number
            }
            b if b.is_ascii_alphabetic() || b == b'_' || b >= 0x80 => {
                at += rest
                    .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()))
                    .unwrap_or(rest.len());
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

/// `[name]` is an identifier in SQLite; `a[1]` and `array[…]` are PostgreSQL's subscripts and constructors.
fn bracketed_name(rest: &str, before: Option<&Token<'_>>) -> bool {
    let inner = rest[1..].split(']').next().unwrap_or_default();
    let name = inner.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && inner.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ' ');
    let subscript = before.is_some_and(|t| match t.kind {
        TokenKind::Word => t.is_word("array") || !t.text.chars().all(|c| c.is_ascii_uppercase()) && adjacent(t, rest),
        TokenKind::Quoted | TokenKind::String | TokenKind::Number => true,
        TokenKind::Sign => t.text == ")" || t.text == "]",
    });
    name && !subscript
}

/// Whether a token ends right where the rest begins.
fn adjacent(token: &Token<'_>, rest: &str) -> bool {
    // Both are slices of one text, so their addresses say how they lie.
    token.text.as_ptr() as usize + token.text.len() == rest.as_ptr() as usize
}

fn closing(rest: &str, open: usize, quote: u8) -> usize {
    let bytes = rest.as_bytes();
    let mut at = open;
    while at < bytes.len() {
        if bytes[at] == quote {
            if quote != b']' && bytes.get(at + 1) == Some(&quote) {
                at += 1;
            } else {
                return at + 1;
            }
        }
        at += 1;
    }
    bytes.len()
}

fn escaped(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 2;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 1,
            b'\'' => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn block_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (2, 1);
    while at < bytes.len() && depth > 0 {
        match &bytes[at..(at + 2).min(bytes.len())] {
            b"/*" => (at, depth) = (at + 2, depth + 1),
            b"*/" => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    at
}

fn dollar_tag(rest: &str) -> Option<&str> {
    let end = rest[1..].find('$')? + 2;
    let tag = &rest[1..end - 1];
    let plain = !tag.starts_with(|c: char| c.is_ascii_digit()) && tag.chars().all(|c| c.is_alphanumeric() || c == '_');
    plain.then_some(&rest[..end])
}

fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let exponent = matches!(bytes[at], b'e' | b'E')
            && !rest.starts_with("0x")
            && (bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
                || matches!(bytes.get(at + 1), Some(b'+' | b'-')) && bytes.get(at + 2).is_some_and(u8::is_ascii_digit));
        if exponent {
            at += 2;
        } else if bytes[at].is_ascii_alphanumeric() || bytes[at] == b'.' || bytes[at] == b'_' {
            at += 1;
        } else {
            break;
        }
    }
    at
}

fn sign(rest: &str) -> usize {
    const LONG: [&str; 14] = ["->>", "#>>", "::", "||", "<>", "!=", "<=", ">=", "==", "->", "#>", "@>", "<@", "&&"];
    LONG.iter()
        .find(|s| rest.starts_with(**s))
        .map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), |s| s.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        tokens(sql).iter().map(|t| t.text).collect()
    }

    #[test]
    fn tokens_of_common_expressions() {
        assert_eq!(texts("length(slug) > 2"), ["length", "(", "slug", ")", ">", "2"]);
        assert_eq!(texts("'it''s'::text || E'\\''"), ["'it''s'", "::", "text", "||", "E'\\''"]);
        assert_eq!(texts("a -- note\n + /* b /* c */ */ 1.5e-3"), ["a", "+", "1.5e-3"]);
        assert_eq!(texts("$q$it's$q$ = x"), ["$q$it's$q$", "=", "x"]);
        assert_eq!(texts("tags[1] = ARRAY[a]"), ["tags", "[", "1", "]", "=", "ARRAY", "[", "a", "]"]);
        assert_eq!(texts("[First Name] <> ''"), ["[First Name]", "<>", "''"]);
    }

    #[test]
    fn a_rename_touches_identifiers_only() {
        let e = Expression::from("name <> 'name' AND \"Name\" = name -- name");
        assert_eq!(
            e.renamed("name", "Full name").as_str(),
            "\"Full name\" <> 'name' AND \"Name\" = \"Full name\" -- name"
        );
    }

    #[test]
    fn a_function_or_a_type_of_the_same_name_stays() {
        let e = Expression::from("length(length) > 2 AND date::date > length");
        assert_eq!(e.renamed("length", "order").as_str(), "length(\"order\") > 2 AND date::date > \"order\"");
        assert_eq!(e.renamed("date", "day").as_str(), "length(length) > 2 AND \"day\"::date > length");
    }

    #[test]
    fn a_label_is_replaced_in_strings_only() {
        let e = Expression::from("member = 'member' OR role IN ('members', 'member')");
        assert_eq!(e.relabelled("member", "it's").as_str(), "member = 'it''s' OR role IN ('members', 'it''s')");
    }

    #[test]
    fn nothing_unclosed_panics() {
        for text in ["'", "\"", "[a", "$a$", "E'", "/*", "--", "`", "1e", "é", "''", "\"\""] {
            for token in tokens(text) {
                let _ = token.value();
            }
        }
    }
}
