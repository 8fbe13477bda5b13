//! `limbeck.lock`: what the migrations make of this crate's models, read while compiling. The crate `limbeck` describes the
//! file in its module `lock`, and writes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

const FILE: &str = "limbeck.lock";
const CONFIG: &str = "limbeck.toml";
const VARIABLE: &str = "LIMBECK_DRIFT";

/// When models are compared with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drift {
    /// In builds without debug assertions.
    Release,
    Always,
    Off,
}

/// The crate's file.
pub(crate) struct Lock {
    /// The hashes by kind and name, or what is wrong with the file.
    lines: Result<BTreeMap<String, u128>, String>,
    drift: Result<Drift, String>,
    path: PathBuf,
    /// The nearest `limbeck.toml`.
    config: Option<PathBuf>,
}

impl Lock {
    /// The file of the crate that is being compiled, unless it has none, or is a test or a benchmark, whose models no
    /// migration makes.
    pub(crate) fn of_this_crate() -> Option<Self> {
        let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
        // Cargo sets it for integration tests and benchmarks only.
        if std::env::var_os("CARGO_TARGET_TMPDIR").is_some() {
            return None;
        }
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).ok()?;
        let config = config(&folder);
        let said = config.as_ref().and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        let drift = match std::env::var(VARIABLE) {
            Ok(word) => drift(&word).ok_or_else(|| format!("{VARIABLE} is `{word}`")),
            Err(_) => match setting(&said) {
                Some(word) => drift(&word).ok_or_else(|| format!("`drift` in {CONFIG} is \"{word}\"")),
                None => Ok(Drift::Release),
            },
        };
        let drift = drift.map_err(|what| format!("{what}; it is `release`, `always` or `off`"));
        Some(Self { lines: lines(&text), drift, path, config })
    }

    /// What asks the compiler about an object, the question being made from its hash, and what makes cargo look at the
    /// files again: once in a crate, the first time that anything is expanded in it.
    pub(crate) fn ask(
        &self,
        object: &str,
        span: Span,
        question: impl FnOnce(Option<u128>) -> TokenStream,
    ) -> TokenStream {
        static TOLD: AtomicBool = AtomicBool::new(false);
        let first = !TOLD.swap(true, Ordering::Relaxed);
        let when = match self.drift {
            Ok(Drift::Always) => quote!(#[cfg(not(test))]),
            // A variable that says `off` may say something else next time.
            Ok(Drift::Release | Drift::Off) | Err(_) => quote!(#[cfg(not(any(test, debug_assertions)))]),
        };
        let mut all = TokenStream::new();
        if first {
            let path = |path: &PathBuf| path.to_string_lossy().into_owned();
            let (lock, config) = (path(&self.path), self.config.iter().map(path));
            // The setting says when, so it is looked at in every build. The variable is not: the command line
            // sets it for its own builds, and would have the crate built anew after each of the user's.
            all.extend(quote! {
                #(const _: &[u8] = ::core::include_bytes!(#config);)*
                #when
                const _: (::core::option::Option<&str>, &[u8]) =
                    (::core::option_env!(#VARIABLE), ::core::include_bytes!(#lock));
            });
        }
        let mistake = match (&self.drift, &self.lines) {
            (Err(mistake), _) => Some(mistake),
            (Ok(Drift::Off), _) | (Ok(_), Ok(_)) => None,
            (Ok(Drift::Release | Drift::Always), Err(mistake)) => Some(mistake),
        };
        match (mistake, &self.lines) {
            (Some(mistake), _) if first => all.extend(quote_spanned!(span=> #when ::core::compile_error!(#mistake);)),
            (None, Ok(lines)) if self.drift != Ok(Drift::Off) => {
                let question = question(lines.get(object).copied());
                if !question.is_empty() {
                    all.extend(quote_spanned!(span=> #when const _: () = #question;));
                }
            }
            (Some(_) | None, _) => {}
        }
        all
    }
}

/// What a line calls an object: a kind, and a name in which a dot ends a schema.
pub(crate) fn object(kind: &str, schema: Option<&str>, name: &str) -> String {
    let part = |text: &str| text.replace('\\', "\\\\").replace('.', "\\.").replace('\n', "\\n").replace('\r', "\\r");
    match schema {
        Some(schema) => format!("{kind} {}.{}", part(schema), part(name)),
        None => format!("{kind} {}", part(name)),
    }
}

/// The nearest `limbeck.toml`, here or above, as far as the folder of `Cargo.lock`.
fn config(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let path = folder.join(CONFIG);
        if path.exists() {
            return Some(path);
        }
        if folder.join("Cargo.lock").exists() {
            break;
        }
    }
    None
}

/// The value of `drift`, which stands before any table.
fn setting(text: &str) -> Option<String> {
    let top = text.lines().map(str::trim).take_while(|line| !line.starts_with('['));
    let mut values = top.filter_map(|line| line.strip_prefix("drift")?.trim_start().strip_prefix('='));
    let value = values.next()?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => value[1..].split(quote).next(),
        None => value.split('#').next(),
    };
    value.map(|value| value.trim().to_owned())
}

fn drift(word: &str) -> Option<Drift> {
    match word {
        "release" => Some(Drift::Release),
        "always" => Some(Drift::Always),
        "off" => Some(Drift::Off),
        _ => None,
    }
}

fn lines(text: &str) -> Result<BTreeMap<String, u128>, String> {
    let mut all = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker)) {
            return Err(format!(
                "{FILE} has the marks of a git conflict in line {}: resolve the migrations first, and then write it anew with `cargo limbeck lock`",
                at + 1
            ));
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let unread = || format!("{FILE}, line {}, cannot be read: write it anew with `cargo limbeck lock`", at + 1);
        let (rest, hash) = line.trim_end().rsplit_once(' ').ok_or_else(unread)?;
        let (object, version) = rest.rsplit_once(' ').ok_or_else(unread)?;
        if version != "v1" {
            return Err(format!(
                "{FILE}, line {}, is of a newer Limbeck ({version}): update the crate `limbeck`",
                at + 1
            ));
        }
        let hash = u128::from_str_radix(hash, 16).map_err(|_| unread())?;
        all.insert(object.to_owned(), hash);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_from_the_right() {
        let text = "# a comment\n\ntable auth\\.v1.my table v1 0000000000000000000000000000002a\r\n";
        let name = object("table", Some("auth.v1"), "my table");
        assert_eq!(lines(text).map(|lines| lines.get(&name).copied()), Ok(Some(42)));
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        let wrong = |text| lines(text).expect_err("it is wrong");
        assert!(wrong("table a v1 1\n<<<<<<< HEAD\n").contains("conflict in line 2"));
        assert!(wrong("table a\n").contains("line 1, cannot be read"));
        assert!(wrong("table a v2 1\n").contains("newer Limbeck (v2)"));
    }

    #[test]
    fn the_setting_stands_before_any_table() {
        assert_eq!(setting("databases = [\"sqlite\"]\ndrift = \"always\" # now\n").as_deref(), Some("always"));
        assert_eq!(setting("drift='off'\n").as_deref(), Some("off"));
        assert_eq!(setting("drifting = \"off\"\n[history]\ndrift = \"off\"\n"), None);
    }
}
