//! The group for us in a robots.txt, and whether it allows a path.

use std::fmt::Write as _;

/// Our product token (RFC 9309 section 2.2.1).
const TOKEN: &str = "accesswatch";

/// How many bytes of a file are read: RFC 9309 section 2.5 requires at least 500 KiB.
pub const MAX_BYTES: usize = 500 * 1024;

/// How many bytes of one file's rules are kept, from the start.
const MAX_RULES: usize = 64 * 1024;

/// How many bytes of a path are compared; no rule is longer.
const MAX_PATH: usize = 8192;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// Normalised: ASCII, percent-encoding in one spelling.
    pattern: Box<str>,
}

/// The rules for us, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules(Vec<Rule>);

#[derive(Default)]
#[allow(clippy::struct_excessive_bools)] // the position in the file, line by line
struct Reader {
    ours: Vec<Rule>,
    everyones: Vec<Rule>,
    /// A group named us; then the group of `*` does not apply.
    named: bool,
    in_ours: bool,
    in_everyones: bool,
    /// The last relevant line was a `User-agent`: further ones join the group.
    naming: bool,
}

impl Rules {
    /// Reads a file; ignores lines without a rule, and everything after [`MAX_BYTES`].
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        let body = &body[..body.len().min(MAX_BYTES)];
        let text = String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
        let mut reader = Reader::default();
        for line in text.split(['\n', '\r']) {
            reader.line(line);
        }
        let mut rules = if reader.named {
            reader.ours
        } else {
            reader.everyones
        };
        let mut bytes = 0;
        let kept = rules.iter().take_while(|rule| {
            bytes += rule.pattern.len() + size_of::<Rule>();
            bytes <= MAX_RULES
        });
        let kept = kept.count();
        rules.truncate(kept);
        rules.shrink_to_fit();
        Self(rules)
    }

    /// Whether `path` (with its query) may be fetched. The longest matching rule decides, `Allow`
    /// when two have equal length; without a matching rule the path is allowed (RFC 9309 section
    /// 2.2.2).
    #[must_use]
    pub fn allow(&self, path: &str) -> bool {
        if path == "/robots.txt" || self.0.is_empty() {
            return true;
        }
        let mut path = normalise(path);
        path.truncate(MAX_PATH);
        self.0
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }

    /// The rules as a file, for storage; reading it gives the same rules.
    #[must_use]
    pub fn to_text(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut text = format!("User-agent: {TOKEN}\n");
        for rule in &self.0 {
            let word = if rule.allow { "Allow" } else { "Disallow" };
            let _ = writeln!(text, "{word}: {}", rule.pattern);
        }
        text
    }
}

impl Reader {
    fn line(&mut self, line: &str) {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else {
            return;
        };
        let (key, value) = (key.trim(), value.trim());
        if key.eq_ignore_ascii_case("user-agent") {
            self.agent(value);
        } else if key.eq_ignore_ascii_case("allow") {
            self.rule(true, value);
        } else if key.eq_ignore_ascii_case("disallow") {
            self.rule(false, value);
        }
    }

    fn agent(&mut self, value: &str) {
        if !self.naming {
            (self.in_ours, self.in_everyones) = (false, false);
            self.naming = true;
        }
        let end = value
            .find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_'))
            .unwrap_or(value.len());
        if value.starts_with('*') {
            self.in_everyones = true;
        } else if value[..end].eq_ignore_ascii_case(TOKEN) {
            self.in_ours = true;
            self.named = true;
        }
    }

    fn rule(&mut self, allow: bool, value: &str) {
        self.naming = false;
        if value.is_empty() || !(self.in_ours || self.in_everyones) {
            return;
        }
        let mut pattern = normalise(value);
        if !pattern.starts_with(['/', '*']) {
            // Not in the RFC's grammar, but the meaning is clear.
            pattern.insert(0, '/');
        }
        pattern.truncate(MAX_PATH);
        let rule = Rule {
            allow,
            pattern: pattern.into_boxed_str(),
        };
        if self.in_ours {
            self.ours.push(rule.clone());
        }
        if self.in_everyones {
            self.everyones.push(rule);
        }
    }
}

/// One spelling for equal paths: unreserved octets plain, all others that are not ASCII graphics as
/// `%XX`.
fn normalise(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| path.get(at + 1..at + 3))
            .flatten()
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        at += if escaped.is_some() { 3 } else { 1 };
        let byte = escaped.unwrap_or(bytes[at - 1]);
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || (escaped.is_none() && byte.is_ascii_graphic()) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// `*` matches anything, `$` at the end matches the end; linear in the path per part.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            match rest.find(part) {
                Some(found) => rest = &rest[found + part.len()..],
                None => return false,
            }
        }
    }
    match (last, anchored) {
        (None, true) => rest.is_empty(),
        (None, false) => true,
        (Some(part), true) => rest.ends_with(part),
        (Some(part), false) => rest.contains(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allows(file: &str, path: &str) -> bool {
        Rules::parse(file.as_bytes()).allow(path)
    }

    #[test]
    fn the_longest_match_decides() {
        let file = "User-Agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\nAllow: /x\nDisallow: /x\n";
        for (path, allowed) in [
            ("/", true),
            ("/a", false),
            ("/abc", false),
            ("/a/b/c", true),
            ("/doc.pdf", false),
            ("/doc.pdf?x", true),
            ("/x", true),
            ("/robots.txt", true),
        ] {
            assert_eq!(allows(file, path), allowed, "{path}");
        }
    }

    #[test]
    fn our_own_group_wins_over_everyones() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: AccessWatch/1.0\n\
                    Disallow: /private\n\nUser-agent: accesswatch\nDisallow: /more\n";
        assert!(allows(file, "/"));
        assert!(!allows(file, "/private/1"));
        assert!(!allows(file, "/more"));
        assert!(allows("User-agent: accesswatchbot\nDisallow: /\n", "/"));
    }

    #[test]
    fn odd_files_are_read_as_they_are_meant() {
        assert!(!allows(
            "\u{feff}user-agent:*\r\ndisallow : /a # why\r\n",
            "/a"
        ));
        assert!(allows("User-agent: *\nDisallow:\n", "/a"));
        assert!(!allows("User-agent: *\nDisallow: admin\n", "/admin/x"));
        assert!(!allows(
            "User-agent: *\nCrawl-delay: 3\nDisallow: /a\n",
            "/a"
        ));
        assert!(allows("<html>Disallow: /</html>", "/"));
        assert!(
            allows("Disallow: /\n", "/"),
            "a rule before any group is ignored"
        );
    }

    #[test]
    fn equal_octets_compare_equal_however_they_are_written() {
        let file = "User-agent: *\nDisallow: /摘要\nDisallow: /%7ejoe\nDisallow: /a%3cd\n";
        for path in ["/%E6%91%98%e8%a6%81/1", "/~joe", "/%7Ejoe", "/a%3Cd"] {
            assert!(!allows(file, path), "{path}");
        }
    }

    #[test]
    fn what_lies_beyond_the_bound_is_not_read() {
        let mut file = String::from("User-agent: *\nDisallow: /a\n");
        while file.len() < MAX_BYTES {
            file.push_str("# padding padding padding\n");
        }
        file.push_str("Disallow: /b\n");
        assert!(!allows(&file, "/a"));
        assert!(allows(&file, "/b"));
    }

    /// The same match, by trying every way.
    fn slow(pattern: &[u8], path: &[u8]) -> bool {
        match pattern {
            [] => true,
            [b'$'] => path.is_empty(),
            [b'*', rest @ ..] => (0..=path.len()).any(|n| slow(rest, &path[n..])),
            [b, rest @ ..] => path.first() == Some(b) && slow(rest, &path[1..]),
        }
    }

    proptest! {
        #[test]
        fn matching_agrees_with_the_slow_way(pattern in "/[ab*]{0,8}[$]?", path in "/[ab]{0,10}") {
            prop_assert_eq!(matches(&pattern, &path), slow(pattern.as_bytes(), path.as_bytes()));
        }

        #[test]
        fn kept_rules_are_the_same_rules(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut file = b"User-agent: *\nDisallow: ".to_vec();
            file.extend(body);
            let rules = Rules::parse(&file);
            prop_assert_eq!(Rules::parse(rules.to_text().as_bytes()), rules);
        }
    }
}
