//! A cookie jar for one probe run (RFC 6265, as far as one run needs it). It is dropped after the
//! run.

use chrono::NaiveDateTime;
use url::Url;

use crate::model::Time;

/// How many cookies are kept; newer ones replace the oldest.
const MAX_COOKIES: usize = 50;

/// The size limit of name and value; longer cookies are not kept (RFC 6265 section 6.1 requires
/// 4096).
const MAX_BYTES: usize = 4096;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    domain: String,
    host_only: bool,
    path: String,
    secure: bool,
}

/// The cookies of one run.
#[derive(Debug, Clone, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
    /// Values ever received, for redaction.
    received: Vec<String>,
    changes: u64,
}

impl Jar {
    /// Adds one `Set-Cookie` line from `url`. Cookies for foreign domains are not kept, but their
    /// values are still redacted.
    pub fn store(&mut self, url: &Url, line: &str, now: Time) {
        let mut parts = line.split(';');
        // Without `=` the whole text is the value of a nameless cookie, as in browsers (RFC 6265bis
        // section 5.6).
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let (name, value) = (name.trim(), value.trim());
        let disguised = |prefix: &str| {
            let start = value.get(..prefix.len());
            name.is_empty() && start.is_some_and(|s| s.eq_ignore_ascii_case(prefix))
        };
        let odd = |c: char| c.is_control() && c != '\t';
        if (name.is_empty() && value.is_empty())
            || name.len() + value.len() > MAX_BYTES
            || disguised("__Secure-")
            || disguised("__Host-")
            || line.contains(odd)
        {
            return;
        }
        self.remember(value);
        let Some(host) = url.host_str() else { return };
        let mut cookie = Cookie {
            name: name.to_owned(),
            value: value.to_owned(),
            domain: host.to_ascii_lowercase(),
            host_only: true,
            path: default_path(url),
            secure: false,
        };
        let (mut expired, mut max_age) = (false, None);
        for attribute in parts {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "domain" if !value.is_empty() => {
                    let domain = value.trim_start_matches('.').to_ascii_lowercase();
                    if !accepts(host, &domain) {
                        return;
                    }
                    cookie.host_only = domain == cookie.domain && url.domain().is_none();
                    cookie.domain = domain;
                }
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "secure" => cookie.secure = true,
                "max-age" => max_age = value.parse::<i64>().ok(),
                "expires" => expired = expires(value).is_some_and(|t| t <= now),
                _ => {}
            }
        }
        let gone = max_age.map_or(expired, |seconds| seconds <= 0);
        self.put(cookie, gone);
    }

    /// The `Cookie` header for a request to `url`; `None` without a matching cookie.
    #[must_use]
    pub fn header(&self, url: &Url) -> Option<String> {
        let mut fitting: Vec<&Cookie> = self.cookies.iter().filter(|c| c.fits(url)).collect();
        // Longer paths first (RFC 6265 section 5.4); the sort keeps the order of arrival within
        // them.
        fitting.sort_by_key(|c| std::cmp::Reverse(c.path.len()));
        let pairs: Vec<String> = fitting
            .iter()
            .map(|c| match c.name.as_str() {
                "" => c.value.clone(),
                name => format!("{name}={}", c.value),
            })
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Every value that was received, kept or not.
    #[must_use]
    pub fn received(&self) -> &[String] {
        &self.received
    }

    /// Counts changes: a redirect to the same URL with other cookies is not a loop.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    fn remember(&mut self, value: &str) {
        let value = value.trim_matches('"');
        if !value.is_empty()
            && self.received.len() < 4 * MAX_COOKIES
            && !self.received.iter().any(|v| v == value)
        {
            self.received.push(value.to_owned());
        }
    }

    fn put(&mut self, cookie: Cookie, gone: bool) {
        let place = self.cookies.iter().position(|c| {
            c.name == cookie.name && c.domain == cookie.domain && c.path == cookie.path
        });
        match (place, gone) {
            (Some(i), true) => {
                self.cookies.remove(i);
                self.changes += 1;
            }
            (Some(i), false) => {
                if self.cookies[i] != cookie {
                    self.changes += 1;
                }
                self.cookies[i] = cookie;
            }
            (None, true) => {}
            (None, false) => {
                if self.cookies.len() >= MAX_COOKIES {
                    self.cookies.remove(0);
                }
                self.cookies.push(cookie);
                self.changes += 1;
            }
        }
    }
}

impl Cookie {
    fn fits(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let domain = if self.host_only {
            host == self.domain
        } else {
            accepts(host, &self.domain)
        };
        let path = url.path();
        let path = path == self.path
            || path
                .strip_prefix(self.path.as_str())
                .is_some_and(|rest| self.path.ends_with('/') || rest.starts_with('/'));
        domain && path && (!self.secure || url.scheme() == "https")
    }
}

/// Whether `host` may set cookies for a domain: itself or a parent with a dot in it (never `cn`).
/// Public suffixes of two parts (`com.cn`) are accepted: the jar lives for one run, so nothing
/// leaks.
fn accepts(host: &str, domain: &str) -> bool {
    host == domain
        || (domain.contains('.')
            && host.parse::<std::net::IpAddr>().is_err()
            && host
                .strip_suffix(domain)
                .is_some_and(|prefix| prefix.ends_with('.')))
}

/// RFC 6265 section 5.1.4.
fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        Some(0) | None => "/".to_owned(),
        Some(at) => url.path()[..at].to_owned(),
    }
}

/// The two usual spellings of a cookie's date.
fn expires(text: &str) -> Option<Time> {
    let text = text.trim_end_matches("GMT").trim_end_matches("UTC").trim();
    let (_, text) = text.split_once(", ")?;
    [
        "%d %b %Y %H:%M:%S",
        "%d-%b-%Y %H:%M:%S",
        "%d-%b-%y %H:%M:%S",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    .map(|naive| naive.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    fn now() -> Time {
        "2026-03-01T00:00:00Z".parse().unwrap()
    }

    fn jar(at: &str, lines: &[&str]) -> Jar {
        let mut jar = Jar::default();
        for line in lines {
            jar.store(&url(at), line, now());
        }
        jar
    }

    #[test]
    fn a_cookie_goes_back_where_it_came_from() {
        let jar = jar(
            "http://a.example/x/y",
            &["sid=1234; HttpOnly", "b=2; Path=/"],
        );
        assert_eq!(
            jar.header(&url("http://a.example/x/z")).as_deref(),
            Some("sid=1234; b=2")
        );
        assert_eq!(
            jar.header(&url("http://a.example/")).as_deref(),
            Some("b=2")
        );
        assert_eq!(jar.header(&url("http://b.example/x/z")), None);
        assert_eq!(jar.header(&url("http://www.a.example/x/z")), None);
    }

    #[test]
    fn odd_lines_are_kept_as_browsers_keep_them() {
        for (line, sent) in [
            ("sid=abc;\tpath=/", Some("sid=abc")),
            ("sid=abc\t; path=/;\tHttpOnly", Some("sid=abc")),
            ("\tsid\t=\tabc", Some("sid=abc")),
            ("sid=a b\tc", Some("sid=a b\tc")),
            ("abc; path=/", Some("abc")),
            ("=abc; path=/", Some("abc")),
            ("abc", Some("abc")),
            ("sid=; path=/", Some("sid=")),
            ("a=b=c", Some("a=b=c")),
            ("; path=/", None),
            ("=", None),
            ("__Host-x=", Some("__Host-x=")),
            ("=__Host-x=1", None),
            ("__secure-x", None),
            ("sid=a\u{1}b", None),
        ] {
            let jar = jar("http://a.example/", &[line]);
            let header = jar.header(&url("http://a.example/"));
            assert_eq!(header.as_deref(), sent, "{line:?}");
        }
    }

    #[test]
    fn domains_cover_hosts_below_and_never_others() {
        let mut jar = jar(
            "http://www.cnki.example/",
            &[
                "a=1; Domain=.cnki.example",
                "b=2; Domain=other.example",
                "c=3; Domain=example",
            ],
        );
        assert_eq!(
            jar.header(&url("http://kns.cnki.example/")).as_deref(),
            Some("a=1")
        );
        assert_eq!(jar.received(), ["1", "2", "3"]);
        jar.store(&url("http://127.0.0.1/"), "d=4; Domain=0.0.1", now());
        assert_eq!(jar.header(&url("http://10.0.0.1/")), None);
    }

    #[test]
    fn secure_and_paths_and_ends_are_heeded() {
        let mut jar = jar("https://a.example/", &["s=1; Secure", "p=2; Path=/doc"]);
        assert_eq!(jar.header(&url("http://a.example/")), None);
        assert_eq!(
            jar.header(&url("https://a.example/doc/1")).as_deref(),
            Some("p=2; s=1")
        );
        assert_eq!(
            jar.header(&url("https://a.example/docs")).as_deref(),
            Some("s=1")
        );
        let before = jar.changes();
        jar.store(&url("https://a.example/"), "s=; Max-Age=0", now());
        jar.store(
            &url("https://a.example/"),
            "p=; Path=/doc; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            now(),
        );
        assert_eq!(jar.header(&url("https://a.example/doc")), None);
        assert_eq!(jar.changes(), before + 2);
    }

    #[test]
    fn the_jar_is_bounded() {
        let mut jar = Jar::default();
        for n in 0..1000 {
            jar.store(&url("http://a.example/"), &format!("c{n}=value{n}"), now());
        }
        jar.store(
            &url("http://a.example/"),
            &format!("big={}", "x".repeat(5000)),
            now(),
        );
        let header = jar.header(&url("http://a.example/")).unwrap();
        assert_eq!(header.matches('=').count(), MAX_COOKIES);
        assert!(header.contains("c999=") && !header.contains("big="));
        assert!(jar.received().len() <= 4 * MAX_COOKIES);
    }
}
