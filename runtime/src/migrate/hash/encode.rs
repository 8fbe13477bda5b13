//! The grammar of the encoding. Frozen.

use std::collections::BTreeMap;

/// A value that has a frozen encoding.
pub(super) trait Encode {
    /// Appends it.
    fn encode(&self, out: &mut String);

    /// Whether it says nothing, so that a field that holds it is left out.
    fn is_unsaid(&self) -> bool {
        false
    }
}

/// Values under a tag.
pub(super) fn node(out: &mut String, tag: &str, values: &[&dyn Encode]) {
    out.push_str(tag);
    out.push('(');
    values.iter().for_each(|v| v.encode(out));
    out.push(')');
}

/// A field of a record, when it says something.
pub(super) fn field(out: &mut String, name: &str, value: &dyn Encode) {
    if !value.is_unsaid() {
        out.push_str(name);
        out.push('=');
        value.encode(out);
    }
}

/// Gives a struct its encoding: `record!(Type "tag" { field "name", … } without { field, … })`. Every field has to be
/// named, so that a new one is not forgotten.
macro_rules! record {
    ($of:path, $tag:literal { $($field:ident $name:literal),* $(,)? } $(without { $($out:ident),* })?) => {
        impl $crate::migrate::hash::encode::Encode for $of {
            fn encode(&self, out: &mut String) {
                let Self { $($field,)* $($($out: _,)*)? } = self;
                out.push_str(concat!($tag, "{"));
                $($crate::migrate::hash::encode::field(out, $name, $field);)*
                out.push('}');
            }

            fn is_unsaid(&self) -> bool {
                let Self { $($field,)* $($($out: _,)*)? } = self;
                true $(&& $crate::migrate::hash::encode::Encode::is_unsaid($field))*
            }
        }
    };
}
pub(super) use record;

/// Gives a fieldless enum its encoding. The first variant is the one that is left out, unless all are said.
macro_rules! words {
    ($of:path { $unsaid:ident $first:literal, $($variant:ident $word:literal),* $(,)? }) => {
        impl $crate::migrate::hash::encode::Encode for $of {
            fn encode(&self, out: &mut String) {
                match self {
                    Self::$unsaid => out.push_str(concat!($first, "()")),
                    $(Self::$variant => out.push_str(concat!($word, "()")),)*
                }
            }

            fn is_unsaid(&self) -> bool {
                matches!(self, Self::$unsaid)
            }
        }
    };
    ($of:path { all $($variant:ident $word:literal),* $(,)? }) => {
        impl $crate::migrate::hash::encode::Encode for $of {
            fn encode(&self, out: &mut String) {
                match self {
                    $(Self::$variant => out.push_str(concat!($word, "()")),)*
                }
            }
        }
    };
}
pub(super) use words;

impl Encode for str {
    fn encode(&self, out: &mut String) {
        // A checkout with other line endings says the same.
        let text = self.replace("\r\n", "\n");
        out.push_str(&format!("{}:{text}", text.len()));
    }
}

impl Encode for String {
    fn encode(&self, out: &mut String) {
        self.as_str().encode(out);
    }
}

impl Encode for bool {
    fn encode(&self, out: &mut String) {
        out.push(if *self { '+' } else { '-' });
    }

    fn is_unsaid(&self) -> bool {
        !self
    }
}

macro_rules! numbers {
    ($($of:ty),*) => {$(
        impl Encode for $of {
            fn encode(&self, out: &mut String) {
                out.push_str(&format!("#{self};"));
            }
        }
    )*};
}

numbers!(u8, u16, u32, i16, i64);

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut String) {
        match self {
            Some(value) => value.encode(out),
            None => out.push('~'),
        }
    }

    fn is_unsaid(&self) -> bool {
        self.is_none()
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, out: &mut String) {
        out.push('[');
        self.iter().for_each(|v| v.encode(out));
        out.push(']');
    }

    fn is_unsaid(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut String) {
        self.as_slice().encode(out);
    }

    fn is_unsaid(&self) -> bool {
        self.is_empty()
    }
}

/// The two, one after the other.
impl<A: Encode, B: Encode> Encode for (A, B) {
    fn encode(&self, out: &mut String) {
        self.0.encode(out);
        self.1.encode(out);
    }
}

impl<K: Encode, V: Encode> Encode for BTreeMap<K, V> {
    fn encode(&self, out: &mut String) {
        out.push('[');
        for (key, value) in self {
            key.encode(out);
            value.encode(out);
        }
        out.push(']');
    }

    fn is_unsaid(&self) -> bool {
        self.is_empty()
    }
}
