//! The tokens of a script: just enough JavaScript to find literal statements. Nothing is ever
//! executed.

/// How many bytes of scripts are read of one page.
const MAX_BYTES: usize = 128 * 1024;
/// How many tokens are kept.
pub(super) const MAX_PIECES: usize = 20_000;

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ScriptToken<'a> {
    /// A name or a keyword.
    Word(&'a str),
    /// A string, with its escapes decoded.
    Text(String),
    Number(f64),
    Mark(&'a str),
    /// Anything else: a regular expression, or a template with placeholders.
    Other,
}

impl ScriptToken<'_> {
    pub(super) fn is(&self, what: &str) -> bool {
        matches!(self, ScriptToken::Word(text) | ScriptToken::Mark(text) if *text == what)
    }

    pub(super) fn word(&self) -> Option<&str> {
        match self {
            ScriptToken::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Marks with several characters, the longest first.
const MARKS: &[&str] = &[
    "===", "!==", "...", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "+=", "-=", "++", "--",
];

/// Splits a script into tokens.
pub(super) fn pieces(script: &str) -> Vec<ScriptToken<'_>> {
    let mut end = script.len().min(MAX_BYTES);
    while !script.is_char_boundary(end) {
        end -= 1;
    }
    let mut lexer = Lexer {
        rest: &script[..end],
        out: Vec::new(),
    };
    while !lexer.rest.is_empty() && lexer.out.len() < MAX_PIECES {
        lexer.step();
    }
    lexer.out
}

struct Lexer<'a> {
    rest: &'a str,
    out: Vec<ScriptToken<'a>>,
}

impl<'a> Lexer<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at(length);
        self.rest = rest;
        piece
    }

    fn step(&mut self) {
        let Some(c) = self.rest.chars().next() else {
            return;
        };
        if c.is_whitespace() {
            self.rest = self.rest.trim_start();
        } else if self.skips_comment() {
        } else if matches!(c, '"' | '\'' | '`') {
            self.string(c);
        } else if is_name(c) {
            let length = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
            let word = self.take(length);
            self.out
                .push(number(word).map_or(ScriptToken::Word(word), ScriptToken::Number));
        } else if c == '/' && self.may_be_pattern() {
            self.pattern();
        } else {
            let mark = MARKS.iter().find(|mark| self.rest.starts_with(**mark));
            let length = mark.map_or(c.len_utf8(), |mark| mark.len());
            let mark = self.take(length);
            self.out.push(ScriptToken::Mark(mark));
        }
    }

    fn skips_comment(&mut self) -> bool {
        let rest = self.rest;
        let length =
            if rest.starts_with("//") || rest.starts_with("<!--") || rest.starts_with("-->") {
                rest.find(['\n', '\r', '\u{2028}', '\u{2029}'])
                    .unwrap_or(rest.len())
            } else if let Some(body) = rest.strip_prefix("/*") {
                body.find("*/").map_or(rest.len(), |end| end + 4)
            } else {
                return false;
            };
        self.take(length);
        true
    }

    /// A `/` after a value divides; anywhere else it begins a regular expression.
    fn may_be_pattern(&self) -> bool {
        match self.out.last() {
            None | Some(ScriptToken::Word("return" | "typeof")) => true,
            Some(ScriptToken::Mark(mark)) => !matches!(*mark, ")" | "]" | "}"),
            Some(_) => false,
        }
    }

    fn pattern(&mut self) {
        let (mut escaped, mut class) = (false, false);
        let end = self.rest[1..].char_indices().find(|(_, c)| {
            let ends = *c == '\n' || (*c == '/' && !escaped && !class);
            class = (class || *c == '[' && !escaped) && (*c != ']' || escaped);
            escaped = *c == '\\' && !escaped;
            ends
        });
        let length = end.map_or(self.rest.len(), |(at, c)| 1 + at + c.len_utf8());
        self.take(length);
        self.out.push(ScriptToken::Other);
    }

    fn string(&mut self, quote: char) {
        let mut escaped = false;
        let end = self.rest[1..].char_indices().find(|(_, c)| {
            // Only a template may span several lines.
            let ends = !escaped && (*c == quote || *c == '\n' && quote != '`');
            escaped = *c == '\\' && !escaped;
            ends
        });
        let whole = end.is_some_and(|(_, c)| c == quote);
        let inner = end.map_or(self.rest.len(), |(at, _)| 1 + at);
        let raw = &self.rest[1..inner];
        self.take(end.map_or(self.rest.len(), |(at, c)| 1 + at + c.len_utf8()));
        let filled_in = quote == '`' && raw.contains("${");
        self.out.push(if filled_in || !whole {
            ScriptToken::Other
        } else {
            ScriptToken::Text(unescape(raw))
        });
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// A whole number. A decimal number comes in several tokens, and half a millisecond does not
/// matter.
fn number(word: &str) -> Option<f64> {
    let starts = word.starts_with(|c: char| c.is_ascii_digit());
    starts.then(|| word.parse().unwrap_or(f64::MAX))
}

/// The text of a string literal.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            break;
        };
        rest = &rest[c.len_utf8()..];
        match c {
            'n' | 'r' | 't' | 'b' | 'f' | 'v' | '\n' | '\r' => out.push(' '),
            'x' => rest = coded(rest, 2, &mut out),
            'u' => match rest.strip_prefix('{').and_then(|r| r.split_once('}')) {
                Some((digits, after)) => {
                    out.extend(character(digits));
                    rest = after;
                }
                None => rest = coded(rest, 4, &mut out),
            },
            c => out.push(c),
        }
    }
    out.push_str(rest);
    out
}

/// Writes the character with `length` hexadecimal digits; returns the rest.
fn coded<'a>(rest: &'a str, length: usize, out: &mut String) -> &'a str {
    let Some(digits) = rest.get(..length) else {
        return rest;
    };
    let Some(c) = character(digits) else {
        return rest;
    };
    out.push(c);
    &rest[length..]
}

fn character(digits: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_script() {
        let script =
            "var a='\\x2fl\\u006fg'+\"in\";// no\n/* no */ b!==/['/]/.test(c) <!-- no\n`t`";
        let all = pieces(script);
        let texts: Vec<&str> = all
            .iter()
            .filter_map(|p| match p {
                ScriptToken::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(texts, ["/log", "in", "t"]);
        assert!(all.contains(&ScriptToken::Mark("!==")) && all.contains(&ScriptToken::Other));
        assert_eq!(pieces("1500")[0], ScriptToken::Number(1500.0));
    }

    proptest::proptest! {
        #[test]
        fn any_script_is_cut(script in ".{0,300}") {
            let _ = pieces(&script);
        }
    }
}
