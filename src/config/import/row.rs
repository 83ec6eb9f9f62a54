//! One row of a list: checked separately, cleaned, and reported with its line if it is not a page.

use url::Url;

use super::{ListFormat, MAX_ROWS, problem};
use crate::config::doc::Problem;
use crate::config::read;
use crate::model::Level;
use crate::text::clean;

/// Servers also refuse longer addresses.
const MAX_URL: usize = 2000;
const MAX_NAME: usize = 120;
const MAX_REMARK: usize = 200;
/// How many bad rows are kept with their reasons; more are only counted.
const MAX_TOLD: usize = 1000;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Its line, from 1.
    pub line: usize,
    /// Without a fragment.
    pub url: Url,
    /// Whether the list's address had one.
    pub fragment: bool,
    /// One clean line.
    pub name: String,
    pub level: Level,
    /// Further text in the list: one clean line, or empty.
    pub remark: String,
}

/// A row that is not a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    pub line: usize,
    /// The reason and the fix; one clean line.
    pub what: String,
}

/// The contents of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportList {
    pub format: ListFormat,
    pub rows: Vec<ImportRow>,
    /// The first of the bad rows.
    pub bad: Vec<BadRow>,
    /// The number of all bad rows.
    pub bad_rows: usize,
}

/// A row as in the file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RawEntry<'a> {
    pub line: usize,
    pub url: &'a str,
    pub name: &'a str,
    pub level: &'a str,
    pub remark: &'a str,
}

impl ImportList {
    pub(super) fn new(format: ListFormat) -> Self {
        Self {
            format,
            rows: Vec::new(),
            bad: Vec::new(),
            bad_rows: 0,
        }
    }

    /// Adds a row, or the reason why it is bad. Returns false when there are too many.
    pub(super) fn add(&mut self, entry: RawEntry<'_>) -> bool {
        match row(entry) {
            Ok(row) => self.rows.push(row),
            Err(wrong) => self.refuse(entry.line, &wrong),
        }
        self.rows.len() + self.bad_rows <= MAX_ROWS
    }

    pub(super) fn refuse(&mut self, line: usize, wrong: &Problem) {
        self.bad_rows += 1;
        if self.bad.len() < MAX_TOLD {
            let what = clean::line(&format!("{}; {}", wrong.message, wrong.help), 300);
            self.bad.push(BadRow { line, what });
        }
    }
}

fn row(entry: RawEntry<'_>) -> Result<ImportRow, Problem> {
    let mut url = address(entry.url)?;
    let fragment = url.fragment().is_some_and(|f| !f.is_empty());
    url.set_fragment(None);
    let level = match entry.level.trim().to_ascii_lowercase().as_str() {
        "" => Level::Home,
        text => text.parse().map_err(|_| {
            let levels: Vec<&str> = Level::ALL.iter().map(|l| l.as_str()).collect();
            let message = format!("`{}` is not a level", clean::line(text, 40));
            problem(message, format!("write one of {}", levels.join(", ")))
        })?,
    };
    let mut name = clean::line(entry.name, MAX_NAME);
    if name.is_empty() {
        let bare = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
        name = clean::line(bare.trim_end_matches('/'), MAX_NAME);
    }
    Ok(ImportRow {
        line: entry.line,
        url,
        fragment,
        name,
        level,
        remark: clean::line(entry.remark, MAX_REMARK),
    })
}

/// `example.org` is read as `https://example.org/`.
fn address(text: &str) -> Result<Url, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(problem(
            "no address",
            "write one such as https://example.org/",
        ));
    }
    if text.len() > MAX_URL {
        let message = format!("an address of {} bytes", text.len());
        return Err(problem(message, format!("they have {MAX_URL} at most")));
    }
    if is_bare_host(text) {
        read::http_text(&format!("https://{text}"))
    } else {
        read::http_text(text)
    }
}

/// `example.org`, `example.org/path`, `example.org:8080`: no scheme, and a dot in the first part.
pub(super) fn is_bare_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "0"));
    let letters = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.contains('.')
        && !name.starts_with('.')
        && name.chars().all(letters)
        && port.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(url: &str, name: &str, level: &str) -> Result<ImportRow, String> {
        let entry = RawEntry {
            line: 7,
            url,
            name,
            level,
            remark: "",
        };
        row(entry).map_err(|w| w.message)
    }

    #[test]
    fn addresses_are_whole_and_without_a_fragment() {
        let row = take(" https://Example.org/a?b#c ", "", "").unwrap();
        assert_eq!(row.url.as_str(), "https://example.org/a?b");
        assert_eq!(row.name, "example.org/a?b");
        assert_eq!(row.level, Level::Home);
        let bare = take("例え.example:8080/x", "", "Data").unwrap();
        assert_eq!(bare.url.as_str(), "https://xn--r8jz45g.example:8080/x");
        assert_eq!(bare.level, Level::Data);
    }

    #[test]
    fn what_is_no_page_says_why() {
        for (url, level, why) in [
            ("", "", "no address"),
            ("javascript:alert(1)", "", "`javascript:` is not fetched"),
            ("ftp://a.cn/", "", "`ftp:` is not fetched"),
            ("https://user:secret@a.cn/", "", "a URL holds no user"),
            ("https:///", "", "not a URL"),
            ("a sentence. of words", "", "not a URL"),
            ("https://a.cn/", "front", "`front` is not a level"),
        ] {
            let fault = take(url, "", level).unwrap_err();
            assert!(fault.contains(why), "{url}: {fault}");
            assert!(!fault.contains("secret"), "{fault}");
        }
        let long = format!("https://a.cn/{}", "a".repeat(3000));
        assert!(take(&long, "", "").unwrap_err().contains("3013 bytes"));
    }

    #[test]
    fn names_are_one_clean_short_line() {
        let row = take("https://a.cn/", "\u{1b}[31m知\n网\u{202e}\u{7}", "").unwrap();
        assert_eq!(row.name, "知 网");
        let long = take("https://a.cn/", &"长".repeat(1000), "").unwrap();
        assert_eq!(long.name.chars().count(), MAX_NAME);
    }
}
