//! The tables of probes/links: tracking parameters, wrappers, and the addresses that publishers
//! give one article.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

const PARAMETERS: &str = include_str!("../../probes/links/parameters.csv");
const IDENTITIES: &str = include_str!("../../probes/links/identities.csv");

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LinkRulesError {
    #[error(transparent)]
    Csv(#[from] csv::Error),
    #[error("line {line}: {what}")]
    Row { line: u64, what: String },
}

/// What makes two addresses one link.
#[derive(Debug, Default)]
pub struct LinkRules {
    parameters: Vec<(HostPattern, String)>,
    wrappers: Vec<Wrapper>,
    identities: Vec<IdentityRule>,
}

#[derive(Debug)]
struct Wrapper {
    host: HostPattern,
    /// Empty for any path; a `?` at the end says that a slash may follow.
    path: String,
    parameter: String,
}

#[derive(Debug)]
struct IdentityRule {
    host: HostPattern,
    path: Regex,
    template: String,
}

/// `*`, a host, or `*.host` for it and all hosts below it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum HostPattern {
    Any,
    Exact(String),
    Below(String),
}

impl HostPattern {
    fn parse(text: &str) -> Self {
        match text.strip_prefix("*.") {
            _ if text == "*" => Self::Any,
            Some(rest) => Self::Below(rest.to_ascii_lowercase()),
            None => Self::Exact(text.to_ascii_lowercase()),
        }
    }

    fn matches(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(own) => own == host,
            Self::Below(own) => {
                host == own
                    || host
                        .strip_suffix(own.as_str())
                        .is_some_and(|h| h.ends_with('.'))
            }
        }
    }
}

static SHIPPED: LazyLock<LinkRules> = LazyLock::new(|| {
    // A test reads both tables.
    LinkRules::parse(PARAMETERS, IDENTITIES).unwrap_or_default()
});

impl LinkRules {
    /// The tables that are shipped.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads both tables.
    pub fn parse(parameters: &str, identities: &str) -> Result<Self, LinkRulesError> {
        let mut rules = Self::default();
        for row in csv::Reader::from_reader(parameters.as_bytes()).records() {
            let row = row?;
            let cell = |n: usize| row.get(n).unwrap_or_default().to_owned();
            rules
                .parameters
                .push((HostPattern::parse(&cell(0)), cell(1)));
        }
        for row in csv::Reader::from_reader(identities.as_bytes()).records() {
            let row = row?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |n: usize| row.get(n).unwrap_or_default().to_owned();
            let host = HostPattern::parse(&cell(1));
            match row.get(0).unwrap_or_default() {
                "wrapper" => rules.wrappers.push(Wrapper {
                    host,
                    path: cell(2),
                    parameter: cell(3),
                }),
                "same" => rules.identities.push(IdentityRule {
                    host,
                    path: Regex::new(&cell(2)).map_err(|why| LinkRulesError::Row {
                        line,
                        what: why.to_string(),
                    })?,
                    template: cell(3),
                }),
                other => {
                    return Err(LinkRulesError::Row {
                        line,
                        what: format!("`{other}` is neither `wrapper` nor `same`"),
                    });
                }
            }
        }
        Ok(rules)
    }

    /// Whether a parameter only says who shared a link.
    #[must_use]
    pub fn is_tracking(&self, host: &str, parameter: &str) -> bool {
        self.parameters.iter().any(|(pattern, name)| {
            let named = match name.strip_suffix('*') {
                Some(start) => parameter.starts_with(start),
                None => parameter == name,
            };
            named && pattern.matches(host)
        })
    }

    /// The parameters that hold another address, if the address is a wrapper's.
    pub fn wrapper_parameters<'a>(&'a self, url: &'a Url) -> impl Iterator<Item = &'a str> {
        let host = url.host_str().unwrap_or_default();
        let path = url.path();
        let fits = move |wrapper: &&Wrapper| {
            let on_path = match wrapper.path.strip_suffix('?') {
                _ if wrapper.path.is_empty() => true,
                Some(slashed) => path == slashed || path == slashed.trim_end_matches('/'),
                None => path == wrapper.path,
            };
            on_path && wrapper.host.matches(host)
        };
        self.wrappers
            .iter()
            .filter(fits)
            .map(|w| w.parameter.as_str())
    }

    /// What a publisher calls the article at an address, if a rule knows.
    #[must_use]
    pub fn identity(&self, url: &Url) -> Option<String> {
        let host = url.host_str()?;
        let mut rules = self
            .identities
            .iter()
            .filter(|rule| rule.host.matches(host));
        rules.find_map(|rule| {
            let found = rule.path.captures(url.path())?;
            fill(&rule.template, url, &found)
        })
    }
}

/// Fills `{1}`, `{name}`, `{^name}` (in upper case) and `{first|second}`; `None` when a value is
/// missing.
fn fill(template: &str, url: &Url, found: &regex::Captures<'_>) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, behind) = after.split_once('}')?;
        rest = behind;
        let (upper, names) = match name.strip_prefix('^') {
            Some(names) => (true, names),
            None => (false, name),
        };
        let value = names
            .split('|')
            .find_map(|name| value_of(name, url, found))?;
        out.push_str(&if upper { value.to_uppercase() } else { value });
    }
    out.push_str(rest);
    Some(out)
}

fn value_of(name: &str, url: &Url, found: &regex::Captures<'_>) -> Option<String> {
    if let Ok(number) = name.parse::<usize>() {
        let text = found.get(number)?.as_str();
        let decoded = percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .ok()?;
        return Some(decoded.into_owned());
    }
    if name == "host" {
        return url.host_str().map(str::to_owned);
    }
    let value = url
        .query_pairs()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))?
        .1
        .into_owned();
    // `CJFDLAST2019` is the database CJFD of a year.
    let value = if name == "dbname" {
        let letters = value.trim_end_matches(|c: char| c.is_ascii_digit());
        letters
            .trim_end_matches("LAST")
            .trim_end_matches("last")
            .to_owned()
    } else {
        value
    };
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_are_sound() {
        let rules = LinkRules::parse(PARAMETERS, IDENTITIES).unwrap();
        assert!(rules.parameters.len() > 50);
        assert!(rules.wrappers.len() > 15);
        assert!(rules.identities.len() > 15);
    }

    #[test]
    fn a_fault_is_named_by_its_line() {
        let bad = "kind,host,path,identity\nsame,a.example,(,x\n";
        let error = LinkRules::parse("host,parameter\n", bad).unwrap_err();
        assert!(error.to_string().starts_with("line 2:"), "{error}");
        let bad = "kind,host,path,identity\nother,a.example,,x\n";
        assert!(LinkRules::parse("host,parameter\n", bad).is_err());
    }

    #[test]
    fn a_parameter_of_one_host_says_something_on_another() {
        let rules = LinkRules::shipped();
        assert!(rules.is_tracking("a.example", "utm_source"));
        assert!(rules.is_tracking("mp.weixin.qq.com", "sharer_shareinfo"));
        assert!(!rules.is_tracking("a.example", "from"));
        assert!(!rules.is_tracking("a.example", "id"));
    }
}
