//! Faults show lines, and lines may contain misplaced secrets, which are masked first.
//!
//! Secrets are found in the text itself, not in the parsed file: a missing quote or bracket must
//! not reveal one.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::secrets::Redactor;

/// A key, and the separator before its value. The patterns are constants: tests compile them.
static KEY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"([\p{L}][\w.\-]*)["'”’]?\s*[=:＝：]"#).ok());

/// A key at the start of a line, followed by its value without a separator.
static BARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^[\s#;"'{\[,]*([\p{L}][\w.\-]*)["'”’]?\s+[^\s=:＝：]"#).ok());

/// A line that begins something new, so that no value continues in it.
static BEGINS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?:$|#|\[|(?:"[^"=]+"|'[^'=]+'|[\p{L}\w.\-]+)\s*[=＝][^=])"#).ok()
});

/// The part before the `@` of a URL: `user:password`, or a token alone.
static USER_INFO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)(?:([a-z][a-z0-9+.\-]*)://|//)([^/@?#\s"']*:[^\s"'<>]*|[^/@?#:\s"'<>]+)@"#)
        .ok()
});

/// Words that name a secret anywhere in a key.
const WITHIN: [&str; 14] = [
    "password",
    "passwort",
    "passwd",
    "passw",
    "token",
    "secret",
    "credential",
    "apikey",
    "cookie",
    "authori",
    "密码",
    "密碼",
    "비밀번호",
    "암호",
];

/// Words that name a secret as a whole word of the key.
const WORDS: [&str; 19] = [
    "pswd",
    "psw",
    "pasw",
    "pword",
    "pwrd",
    "passcode",
    "psk",
    "pass",
    "pwd",
    "pw",
    "key",
    "keys",
    "auth",
    "passphrase",
    "bearer",
    "口令",
    "令牌",
    "密钥",
    "토큰",
];

/// Words that are often mistyped, and how many errors are tolerated.
const SLIPS: [(&str, usize); 8] = [
    ("password", 2),
    ("passwd", 1),
    ("token", 1),
    ("secret", 1),
    ("authorization", 2),
    ("credentials", 2),
    ("cookie", 1),
    ("apikey", 1),
];

/// How many lines after an unclosed quote are hidden.
const MOST_LINES: usize = 20;

/// A shorter word has too many similar words.
const LEAST: usize = 4;

/// `text` with the user information of URLs overwritten; every byte keeps its position. The user of
/// a mail server or proxy stays when no password follows, because a user name is not secret.
pub(super) fn passwords(text: &str) -> String {
    let Some(pattern) = USER_INFO.as_ref() else {
        return String::new();
    };
    let mut bytes = text.as_bytes().to_vec();
    for found in pattern.captures_iter(text) {
        let Some(user_info) = found.get(2) else {
            continue;
        };
        let scheme = found.get(1).map_or("", |m| m.as_str()).to_lowercase();
        let (start, end) = match user_info.as_str().find(':') {
            Some(colon) if is_port(&user_info.as_str()[colon + 1..]) => continue,
            Some(colon) => (user_info.start() + colon + 1, user_info.end()),
            None if matches!(scheme.as_str(), "smtp" | "smtps" | "socks5" | "mailto") => continue,
            None => (user_info.start(), user_info.end()),
        };
        bytes[start..end].fill(b'*');
    }
    // Whole characters were replaced by ASCII, so this is still UTF-8.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `8080/path` of a host and port, with a later `@`.
fn is_port(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && rest[digits..].starts_with('/')
}

/// Which part of each line must not be shown.
pub(super) struct RedactionMask {
    /// The byte position from which each line is hidden; `None` when the whole line may be shown.
    from: Vec<Option<usize>>,
    secrets: Redactor,
}

impl RedactionMask {
    /// Reads the whole text of a file.
    pub(super) fn from_text(text: &str) -> Self {
        let mut masks = Self {
            from: Vec::new(),
            secrets: Redactor::default(),
        };
        let mut within = Within::Nothing;
        for line in text.split('\n') {
            let from = match &within {
                Within::Quotes(quotes, left) => {
                    within = if *left == 0 || line.contains(quotes) {
                        Within::Nothing
                    } else {
                        Within::Quotes(quotes, left - 1)
                    };
                    Some(0)
                }
                Within::Value if !begins(line) => Some(0),
                Within::Value | Within::Nothing => {
                    let from = value_of_secret(line);
                    within = from.map_or(Within::Nothing, |at| after(&line[at..]));
                    from
                }
            };
            if let Some(at) = from {
                masks.learn(&line[at..]);
            }
            masks.from.push(from);
        }
        masks
    }

    /// The position from which the line with this number (from 1) is hidden.
    pub(super) fn line(&self, number: usize) -> Option<usize> {
        *self.from.get(number.checked_sub(1)?)?
    }

    /// A message of this program that may quote a value, but no URL.
    pub(super) fn hidden(&self, text: &str) -> String {
        self.secrets.redact(text)
    }

    /// A message without the hidden parts: it may quote a value.
    pub(super) fn sentence(&self, text: &str) -> String {
        passwords(&self.secrets.redact(text))
    }

    fn learn(&mut self, value: &str) {
        /// More than this many are not typing errors.
        const MOST: usize = 100;
        let edge = |c: char| c.is_whitespace() || "\"'[]{},“”‘’".contains(c);
        let value = value.trim_matches(edge);
        let quoted = value.split(['"', '\'']).next().unwrap_or_default();
        for secret in [value, quoted] {
            let shown: String = secret.chars().take(60).collect();
            if shown.chars().count() >= LEAST && self.secrets.len() < MOST {
                self.secrets.add(&shown);
            }
        }
    }
}

/// What a line continues.
enum Within {
    Nothing,
    /// Text over several lines, up to these quotes or this many lines.
    Quotes(&'static str, usize),
    /// A value that may continue in lines that begin nothing new.
    Value,
}

fn after(value: &str) -> Within {
    for quotes in ["\"\"\"", "'''"] {
        if let Some(rest) = value.trim_start().strip_prefix(quotes) {
            return if rest.contains(quotes) {
                Within::Nothing
            } else {
                Within::Quotes(quotes, usize::MAX)
            };
        }
    }
    for quote in ["\"", "'"] {
        // The closing quote is missing, or on a later line.
        if value.trim_start().starts_with(quote) && value.matches(quote).count() == 1 {
            return Within::Quotes(quote, MOST_LINES);
        }
    }
    Within::Value
}

fn begins(line: &str) -> bool {
    BEGINS.as_ref().is_none_or(|pattern| pattern.is_match(line))
}

/// Where the value of a secret key begins in `line`, unless it is a reference (`env:`, `file:`).
fn value_of_secret(line: &str) -> Option<usize> {
    let (Some(key), Some(bare)) = (KEY.as_ref(), BARE.as_ref()) else {
        return Some(0);
    };
    let signed = key.captures_iter(line).filter_map(|found| {
        let (whole, name) = (found.get(0)?, found.get(1)?);
        let rest = &line[whole.end()..];
        let hidden = is_secret_key(name.as_str()) && !is_reference(rest);
        hidden.then(|| whole.end() + (rest.len() - rest.trim_start().len()))
    });
    let unsigned = bare.captures(line).and_then(|found| {
        let name = found.get(1)?;
        let rest = &line[name.end()..];
        let sign = rest.trim_start_matches(['"', '\'', '”', '’']).trim_start();
        let quoted = sign.starts_with(['"', '\'', '“', '‘']);
        let sure = quoted
            || SLIPS
                .iter()
                .any(|(word, _)| name.as_str().eq_ignore_ascii_case(word));
        (sure && is_secret_key(name.as_str()) && !is_reference(sign)).then(|| name.end() + 1)
    });
    let unsigned = unsigned.filter(|at| line.is_char_boundary(*at));
    signed.chain(unsigned).min()
}

/// `env:NAME` and `file:PATH` are references.
fn is_reference(rest: &str) -> bool {
    let value = rest.trim_start().trim_start_matches(['"', '\'']);
    value.starts_with("env:") || value.starts_with("file:")
}

/// Whether the name of a key, or the intended name, says that it holds a secret.
fn is_secret_key(key: &str) -> bool {
    let key = key.to_lowercase();
    let joined: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    if WITHIN.iter().any(|word| joined.contains(word)) || joined.ends_with("key") {
        return true;
    }
    let mut words = key.split(['_', '-', '.']).chain([joined.as_str()]);
    words.any(|word| {
        WORDS.contains(&word)
            || word.len() >= LEAST
                && SLIPS
                    .iter()
                    .any(|(meant, slips)| strsim::osa_distance(word, meant) <= *slips)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_information_of_urls_is_overwritten_in_place() {
        for (line, masked) in [
            (
                r#"x = "socks5://me:pässword@host:1080", y"#,
                r#"x = "socks5://me:*********@host:1080", y"#,
            ),
            ("smtp://me:p/w@x@host", "smtp://me:*****@host"),
            ("https://ghp_token@host/", "https://*********@host/"),
            ("smtp://me@host", "smtp://me@host"),
            ("https://example.org/a:b@c", "https://example.org/a:b@c"),
            (
                "https://example.org:8080/x@y",
                "https://example.org:8080/x@y",
            ),
        ] {
            assert_eq!(passwords(line), masked);
            assert_eq!(masked.len(), line.len());
        }
    }

    fn shown(text: &str) -> String {
        let masks = RedactionMask::from_text(text);
        let line = |(number, line): (usize, &str)| match masks.line(number + 1) {
            Some(at) => format!("{}…", &line[..at]),
            None => line.to_owned(),
        };
        text.split('\n')
            .enumerate()
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn values_of_secret_keys_are_hidden_however_they_are_spelled() {
        for key in [
            "password",
            "pasword",
            "passwrod",
            "pass",
            "passwd",
            "paswd",
            "PassWord",
            "smtp_pass",
            "pwd",
            "token",
            "tokn",
            "tokne",
            "read_token",
            "secret",
            "secrt",
            "client-secret",
            "api_key",
            "apikey",
            "key",
            "Authorization",
            "authorisation",
            "Cookie",
            "密码",
            "비밀번호",
            "passwort",
            "\"password\"",
            "alerts.password",
        ] {
            for line in [
                "KEY = \"hunter2\"",
                "KEY = \"hunter2",
                "KEY = hunter2",
                "KEY=hunter2 # x",
                "# KEY = 'hunter2'",
                "x = { KEY = \"hunter2\" }",
                "KEY: hunter2",
                "KEY = “hunter2”",
            ] {
                let text = line.replace("KEY", key);
                assert!(!shown(&text).contains("hunter"), "{text}: {}", shown(&text));
            }
        }
        for line in [
            "password \"hunter2\"",
            "pasword 'hunter2",
            "password hunter2",
        ] {
            assert!(!shown(line).contains("hunter"), "{line}");
        }
    }

    #[test]
    fn other_lines_are_shown_whole() {
        for line in [
            "password = \"env:X\"",
            "token = 'file:secret' # why",
            "name = \"x\"",
            "select = [\"#key\"]",
            "title_not = [\"captcha\"]",
            "keep_bodies = \"30d\"",
            "contact = \"a@b\"",
            "passes through",
            "author = \"x\"",
            "store_body = \"never\"",
        ] {
            assert_eq!(shown(line), line);
        }
    }

    #[test]
    fn a_value_is_hidden_over_all_of_its_lines() {
        let text = "a = 1\npassword = \"\"\"\nhunter2\nb = 2\n\"\"\"\nc = 3";
        assert_eq!(shown(text), "a = 1\npassword = …\n…\n…\n…\nc = 3");
        assert_eq!(shown("tokn =\n  \"hunter2\"\nb = 2"), "tokn =…\n…\nb = 2");
        assert_eq!(
            shown("secret = [\n\"hunter2\",\n]\n[x]"),
            "secret = …\n…\n…\n[x]"
        );
        assert_eq!(
            shown("pass = \"hun\nter2\"\n\nd = 4"),
            "pass = …\n…\n\nd = 4"
        );
        assert_eq!(
            shown("pass = \"hun\n\nZm9v=\"\nd = 4"),
            "pass = …\n…\n…\nd = 4"
        );
        assert_eq!(
            shown("pass = [\n\"Zm9v=\",\n'Zm9v==',\nZm9v=\n]\nd=4"),
            "pass = …\n…\n…\n…\n…\nd=4"
        );
        assert_eq!(
            shown("password = '''\nhunter2\nx = 1\n"),
            "password = …\n…\n…\n…"
        );
    }

    #[test]
    fn sentences_do_not_quote_what_is_hidden() {
        let masks = RedactionMask::from_text("pasword = \"hunter22\"\nurl = 3");
        assert_eq!(
            masks.sentence("`hunter22` is no host"),
            "`[hidden]` is no host"
        );
        assert_eq!(masks.sentence("see http://me:pw@h/"), "see http://me:**@h/");
    }
}
