//! The text of an exclusion constraint: `room with =, tsrange(starts, ends) with &&`.

/// One element.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) key: String,
    pub(crate) operator: String,
}

/// The elements, or nothing where one has no operator.
pub(crate) fn elements(text: &str) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    let mut rest = text;
    while !rest.trim().is_empty() {
        let end = outside(rest, |tail| tail.starts_with(',')).unwrap_or(rest.len());
        let element = &rest[..end];
        // The last `with` is the one before the operator.
        let mut with = None;
        let mut from = 0;
        while let Some(at) = outside(&element[from..], is_with) {
            with = Some(from + at);
            from += at + 1;
        }
        let with = with?;
        let (key, operator) = (element[..with].trim(), element[with + " with ".len()..].trim());
        if key.is_empty() || operator.is_empty() {
            return None;
        }
        elements.push(Element { key: key.to_owned(), operator: operator.to_owned() });
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    (!elements.is_empty()).then_some(elements)
}

fn is_with(tail: &str) -> bool {
    let Some(word) = tail.get(..6) else {
        return false;
    };
    word.eq_ignore_ascii_case(" with ")
}

/// The first place outside of parentheses and quotes where something begins.
fn outside(text: &str, begins: impl Fn(&str) -> bool) -> Option<usize> {
    let (mut depth, mut quote) = (0usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && begins(&text[at..]) => return Some(at),
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_split_outside_of_parentheses_and_quotes() {
        let found = elements("room WITH =, tsrange(starts, ends, '[)') with &&").unwrap_or_default();
        let parts: Vec<_> = found.iter().map(|e| (e.key.as_str(), e.operator.as_str())).collect();
        assert_eq!(parts, [("room", "="), ("tsrange(starts, ends, '[)')", "&&")]);
    }

    #[test]
    fn an_element_needs_an_operator() {
        assert_eq!(elements("room"), None);
        assert_eq!(elements("room with"), None);
        assert_eq!(elements(""), None);
    }
}
