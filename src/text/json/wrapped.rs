//! Where the JSON of an answer begins, and what may surround it: calls and assignments of scripts,
//! prefixes against hijacking, markup of a browser's viewer or of a web service.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::lenient;

/// How much of a script is searched for the start; callbacks have shorter names.
const MAX_PRELUDE: usize = 2000;
/// How many starts are tried.
const MAX_TRIED: usize = 8;

/// Prefixes that keep scripts from loading the JSON.
const PREFIXES: &[&str] = &[
    ")]}',",
    ")]}'",
    ")]},",
    ")]}",
    "])}while(1);</x>",
    "while(1);",
    "while (1);",
    "while(true);",
    "for(;;);",
    "for (;;);",
    "throw 1; <dont be evil>",
    "throw 1; < don't be evil' >",
    "throw 1;",
    "{}&&",
    "{} &&",
    "[]&&",
    "&&&START&&&",
    "/*-secure-",
    "//OK",
];

macro_rules! name {
    () => {
        r#"[A-Za-z_$][\w$]*(?:\s*\??\.\s*[A-Za-z_$][\w$]*|\s*\[\s*(?:"[^"\]]*"|'[^'\]]*'|\w+)\s*\])*"#
    };
}

/// A script up to the value that it passes on.
static PRELUDE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let lead = r"(?:\s|[;!+~-]|void\s|try\s*\{|if\s*\([^{}]{0,300}?\)\s*\{?|\(?\s*(?:async\s+)?function\s*[\w$]*\s*\([\w$,\s]*\)\s*\{|\(\s*\([\w$,\s]*\)\s*=>\s*\{?)*";
    let name = name!();
    let pattern = format!(
        r#"^{lead}(?:(?:var|let|const)\s+|export\s+default\s+|module\.exports\s*=\s*)?(?:{name}\s*=\s*)*(?:typeof\s+{name}\s*[!=]==?\s*["']\w+["']\s*&&\s*)*(?:\(?{name}\)?\s*(?:&&|\|\|)\s*)*(?:{name}\s*=\s*)*(?:return\s+)?(?:(?:{name}|\(\s*{name}(?:\s*\|\|\s*{name})*\s*\))\s*(?:\?\.)?\(\s*(?:(?:-?[\w.]+|"[^"]*"|'[^']*')\s*,\s*)*)*[(\s]*$"#
    );
    Regex::new(&pattern).ok()
});
/// A stream of events, each a value.
static EVENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:(?:event|id|retry|):[^\n]{0,200}\r?\n)*data:\s*$").ok());
/// What ends such a script.
static CODA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:\s|[)};,]|catch\s*(?:\([^)]*\))?\s*\{[^{}]*\}|finally\s*\{[^{}]*\}|else\s*\{[^{}]*\}|\(\s*\)|\*/|&&&END&&&|//[^\n]*(?:\n|$)|/\*(?:[^*]|\*[^/])*\*/|<!--(?:[^-]|-[^-])*-->)*$",
    )
    .ok()
});

/// The result of a search for JSON.
pub(super) struct WrappedJson {
    pub value: Option<Value>,
    /// How far it could be read, if it begins as JSON.
    pub broke_at: Option<usize>,
}

/// Reads the JSON of a text that has more, or less, than JSON.
pub(super) fn read(text: &str) -> WrappedJson {
    let mut tried = WrappedJson {
        value: None,
        broke_at: None,
    };
    for start in starts(text).into_iter().take(MAX_TRIED) {
        match lenient::value(text, start) {
            Ok((value, end)) => match settle(value, &text[end..]) {
                Ok(value) => {
                    tried.value = Some(value);
                    return tried;
                }
                Err(()) => tried.broke_at = tried.broke_at.max(Some(lenient::blank(text, end))),
            },
            Err(at) => tried.broke_at = tried.broke_at.max(Some(at)),
        }
    }
    tried
}

/// Whether a text begins as JSON, or as a script that passes some on.
pub(super) fn begins(text: &str) -> bool {
    !starts(text).is_empty()
}

/// Accepts a value depending on the text after it.
fn settle(value: Value, rest: &str) -> Result<Value, ()> {
    if let Value::String(inner) = &value {
        return handed_on(inner).ok_or(());
    }
    let ends = CODA.as_ref().is_some_and(|coda| coda.is_match(rest));
    let behind = rest.trim_start().chars().next();
    // A second value, markup, a remark: the first value is complete. A comma or a quote shows that
    // it is not.
    let goes_on = matches!(
        behind,
        Some(',' | ':' | '"' | '\'' | '&' | '|' | '.' | '(' | '+' | '?' | ']' | '}')
    );
    let filled = value.as_object().is_some_and(|map| !map.is_empty())
        || value.as_array().is_some_and(|list| !list.is_empty());
    if ends || filled && !goes_on {
        Ok(value)
    } else {
        Err(())
    }
}

/// The argument of `JSON.parse('…')`: JSON, and not another script, so that hostile text does not
/// nest.
fn handed_on(text: &str) -> Option<Value> {
    let strict = serde_json::from_str(text).ok();
    let value: Value = strict.or_else(|| {
        let (value, end) = lenient::value(text, lenient::blank(text, 0)).ok()?;
        text[end..].trim().is_empty().then_some(value)
    })?;
    (!value.is_string()).then_some(value)
}

/// Where the value may begin.
fn starts(text: &str) -> Vec<usize> {
    let mut from = lenient::blank(text, 0);
    while let Some(prefix) = PREFIXES.iter().find(|p| text[from..].starts_with(**p)) {
        from = lenient::blank(text, from + prefix.len());
    }
    if text[from..].starts_with(['{', '[']) {
        return vec![from];
    }
    // A value inside a comment.
    let within = text[..from].trim_start();
    if let Some(inner) = within.strip_prefix("/*")
        && inner.trim_start().starts_with(['{', '['])
    {
        return vec![from - within.len() + 2 + (inner.len() - inner.trim_start().len())];
    }
    let mut found = Vec::new();
    let window = text[from..].char_indices().take(MAX_PRELUDE);
    for (at, c) in window.map(|(at, c)| (from + at, c)) {
        if matches!(c, '{' | '[' | '"' | '\'') && is_prelude(&text[from..at], c) {
            found.push(at);
        }
        // No script begins like this.
        if c == '<' || !c.is_ascii() && found.is_empty() && !in_comment(&text[from..at]) {
            break;
        }
    }
    found
}

fn in_comment(text: &str) -> bool {
    let last = |mark: &str| text.rfind(mark);
    last("/*") > last("*/") || last("//").is_some_and(|at| !text[at..].contains('\n'))
}

fn is_prelude(prelude: &str, opens: char) -> bool {
    let plain = without_comments(prelude);
    if plain.trim().is_empty() {
        return false;
    }
    if matches!(opens, '"' | '\'') {
        return plain.trim_end().ends_with("JSON.parse(");
    }
    let script = PRELUDE.as_ref().is_some_and(|regex| regex.is_match(&plain));
    let hands_on = plain.trim_end().ends_with(['(', '=', ',', ';', '&', '|'])
        || plain.trim_end().ends_with("return")
        || plain.trim_end().ends_with("default");
    script && hands_on || EVENT.as_ref().is_some_and(|regex| regex.is_match(&plain))
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        out.push(' ');
        rest = rest[at..]
            .find("*/")
            .map_or("", |end| &rest[at + end + 2..]);
    }
    out.push_str(rest);
    out
}
