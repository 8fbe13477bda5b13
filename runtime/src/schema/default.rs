//! Column defaults.

use super::{Expression, TokenKind, tokens};

/// What a column gets when an insert leaves it out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Default {
    /// A plain value, which every database spells its own way.
    Literal(Literal),
    /// SQL text.
    Sql(Expression),
}

impl Default {
    /// The texts that it may be made of, labels of an enum among them: those of an array are in one string.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let strings = match self {
            Self::Literal(Literal::Text(text)) => vec![text.clone()],
            Self::Literal(_) => Vec::new(),
            Self::Sql(sql) => {
                tokens(sql.as_str()).iter().filter(|t| t.kind == TokenKind::String).map(|t| t.value()).collect()
            }
        };
        strings
            .into_iter()
            .flat_map(|text| elements(&text).into_iter().chain([text.clone()]).collect::<Vec<_>>())
            .collect()
    }
}

/// The elements of an array's literal (manual, *Array Input and Output Syntax*), of the arrays in it too.
fn elements(text: &str) -> Vec<String> {
    let Some(inner) = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return Vec::new() };
    let (mut found, mut element, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => element.extend(letters.next()),
            '"' => quoted = !quoted,
            '{' | '}' if !quoted => {}
            ',' if !quoted => found.push(std::mem::take(&mut element)),
            other => element.push(other),
        }
    }
    found.push(element);
    found.into_iter().map(|e| e.trim().to_owned()).collect()
}

/// A plain value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, as written.
    Float(String),
    /// Text, without quotes. Also the label of an enum.
    Text(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labels_of_an_array_are_in_one_string() {
        let texts = |sql: &str| Default::Sql(sql.into()).texts();
        assert_eq!(texts("'{new,\"to, do\"}'::e[]"), ["new", "to, do", "{new,\"to, do\"}"]);
        assert_eq!(texts("ARRAY['a'::e, 'b'::e]"), ["a", "b"]);
        assert_eq!(Default::Literal(Literal::Text("a".into())).texts(), ["a"]);
    }
}
