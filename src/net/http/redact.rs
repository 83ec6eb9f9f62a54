//! What is removed from a record before anything is hashed.
//!
//! * Values of `Cookie` and `Set-Cookie` (names and attributes stay); `Authorization` and
//!   `Proxy-Authorization` completely.
//! * User and password in URLs; the values of the query parameters in [`TOKENS`], in the URLs of
//!   the record and in `Location`, `Content-Location`, `Refresh`, `Referer` and `Link`.
//! * In all other headers and in bodies, wherever they are echoed: own addresses (the source
//!   address of the vantage and of the connections, and the exit address in CNKI's
//!   `Ecp_IpLoginFail` cookie), received cookie values with at least 8 characters, also
//!   percent-decoded, and token values with at least 16.
//!
//! Loopback addresses stay, because they identify nobody. Bodies are searched as bytes, which finds
//! ASCII text in every charset except UTF-16.

use std::net::IpAddr;

use aho_corasick::{AhoCorasick, MatchKind};
use bytes::Bytes;
use data_encoding::BASE64;
use percent_encoding::percent_decode_str;

use crate::model::measurement::{HeaderText, Request};

/// Replaces removed text.
pub const REDACTED: &str = "REDACTED";

/// Query parameters with sessions and tickets (among them CNKI's `v`, `ident` and `captchaId`).
pub const TOKENS: &[&str] = &[
    "token",
    "captchaid",
    "ident",
    "v",
    "session",
    "sid",
    "sign",
    "key",
];

/// Headers whose values are URLs, or contain one.
const WITH_URLS: &[&str] = &["location", "content-location", "refresh", "referer", "link"];

/// Cookie values shorter than this are too common to be searched for.
const MIN_COOKIE: usize = 8;

/// Shorter passwords occur in every text.
const MIN_SECRET: usize = 4;

/// Token values shorter than this may be a date or a version.
const MIN_TOKEN: usize = 16;

/// Redacts records.
#[derive(Debug, Default)]
pub struct RecordRedactor {
    needles: Vec<Needle>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Needle {
    text: String,
    address: bool,
}

impl RecordRedactor {
    /// Removes these addresses wherever they are echoed.
    pub fn addresses(&mut self, own: impl IntoIterator<Item = IpAddr>) {
        for ip in own {
            if !ip.is_loopback() && !ip.is_unspecified() {
                self.add(ip.to_string(), true);
            }
        }
    }

    /// Removes these cookie values wherever they are echoed.
    pub fn cookies<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        for value in values {
            self.cookie(value);
            if value.contains('%') {
                let decoded = percent_decode_str(value).decode_utf8_lossy();
                self.cookie(&decoded);
            }
        }
    }

    /// Removes one of our logins, as it is and as it is written in headers and URLs, because the
    /// server may repeat it.
    pub fn login(&mut self, user: &str, password: &str) {
        let encoded: String = url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
        let forms = [
            password.to_owned(),
            encoded.replace('+', "%20"),
            encoded,
            BASE64.encode(password.as_bytes()),
            BASE64.encode(format!("{user}:{password}").as_bytes()),
        ];
        for form in forms {
            if form.len() >= MIN_SECRET {
                self.add(form, false);
            }
        }
    }

    fn cookie(&mut self, value: &str) {
        // CNKI writes `yyMMdd` and the client's address.
        if let Some(ip) = value.get(6..).and_then(|tail| tail.parse::<IpAddr>().ok()) {
            self.addresses([ip]);
        }
        if value.chars().count() >= MIN_COOKIE {
            self.add(value.to_owned(), false);
        }
    }

    fn add(&mut self, text: String, address: bool) {
        let needle = Needle { text, address };
        if !self.needles.contains(&needle) {
            self.needles.push(needle);
        }
    }

    /// Cleans the requests of one record.
    pub fn clean(&mut self, requests: &mut [Request]) {
        for request in &*requests {
            for value in token_values(&request.request.url) {
                if value.len() >= MIN_TOKEN {
                    self.add(value.to_owned(), false);
                }
            }
        }
        let search = Search::new(&self.needles);
        for request in requests {
            request.request.url = url(&request.request.url);
            for (name, value) in request
                .request
                .headers_list
                .iter_mut()
                .chain(&mut request.response.headers_list)
            {
                header(name, value, search.as_ref());
            }
            if let Some(search) = &search
                && let Some(clean) = search.replaced(&request.response.body.0)
            {
                request.response.body.0 = clean;
            }
        }
    }
}

/// A URL without user, password and tokens.
#[must_use]
pub fn url(text: &str) -> String {
    let clean = without_tokens(text);
    let Some(start) = clean.find("://").map(|at| at + 3) else {
        return clean;
    };
    let end = clean[start..]
        .find(['/', '?', '#'])
        .map_or(clean.len(), |at| start + at);
    match clean[start..end].rfind('@') {
        Some(at) => format!("{}{}", &clean[..start], &clean[start + at + 1..]),
        None => clean,
    }
}

fn header(name: &HeaderText, value: &mut HeaderText, search: Option<&Search<'_>>) {
    let name = name.0.to_ascii_lowercase();
    match name.as_str() {
        "cookie" => {
            let pairs: Vec<String> = value.0.split(';').map(without_value).collect();
            value.0 = pairs.join("; ");
        }
        "set-cookie" => {
            let (pair, attributes) = value.0.split_at(value.0.find(';').unwrap_or(value.0.len()));
            value.0 = without_value(pair) + attributes;
        }
        "authorization" | "proxy-authorization" => REDACTED.clone_into(&mut value.0),
        name => {
            if WITH_URLS.contains(&name) {
                value.0 = url(&value.0);
            }
            if let Some(clean) = search.and_then(|s| s.replaced(&Bytes::from(value.0.clone()))) {
                value.0 = String::from_utf8_lossy(&clean).into_owned();
            }
        }
    }
}

fn without_value(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) => format!("{}={REDACTED}", name.trim()),
        None => REDACTED.to_owned(),
    }
}

/// The positions of token values in a text with URLs.
fn token_places(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    text.match_indices(['?', '&', ';']).filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest
            .find(['&', '#', ';', '"', '\'', '>', ' '])
            .unwrap_or(rest.len());
        let (name, value) = rest[..end].split_once('=')?;
        let known = TOKENS.iter().any(|t| name.trim().eq_ignore_ascii_case(t));
        let from = at + 1 + end - value.len();
        (known && !value.is_empty()).then_some(from..at + 1 + end)
    })
}

fn token_values(text: &str) -> impl Iterator<Item = &str> {
    token_places(text).map(|place| &text[place])
}

fn without_tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for place in token_places(text) {
        out.push_str(&text[at..place.start]);
        out.push_str(REDACTED);
        at = place.end;
    }
    out.push_str(&text[at..]);
    out
}

/// All needles in one pass.
struct Search<'a> {
    needles: &'a [Needle],
    automaton: AhoCorasick,
}

impl<'a> Search<'a> {
    /// `None` when there is nothing to search for (or too much for an automaton, which the jar's
    /// limits rule out).
    fn new(needles: &'a [Needle]) -> Option<Self> {
        if needles.is_empty() {
            return None;
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(needles.iter().map(|n| &n.text))
            .ok()?;
        Some(Self { needles, automaton })
    }

    /// The text without the needles; `None` when it contains none, so that nothing is copied.
    fn replaced(&self, text: &Bytes) -> Option<Bytes> {
        let mut out = Vec::new();
        let mut at = 0;
        for found in self.automaton.find_iter(text) {
            if self.needles[found.pattern()].address
                && !stands_alone(text, found.start(), found.end())
            {
                continue;
            }
            out.extend_from_slice(&text[at..found.start()]);
            out.extend_from_slice(REDACTED.as_bytes());
            at = found.end();
        }
        if at == 0 {
            return None;
        }
        out.extend_from_slice(&text[at..]);
        Some(out.into())
    }
}

/// `10.0.0.1` is not in `110.0.0.12`.
fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let part = |b: u8| b.is_ascii_hexdigit() || b == b':';
    let before = text[..start].last().copied();
    let after = text.get(end).copied();
    let dotted = text.get(end + 1).is_some_and(u8::is_ascii_digit);
    !before.is_some_and(|b| b == b'.' || b.is_ascii_digit())
        && !after.is_some_and(|b| {
            if b == b'.' {
                dotted
            } else {
                part(b) && b != b':'
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::measurement::{Body, RequestSent, Response};

    fn record(body: &str, headers: &[(&str, &str)]) -> Request {
        let headers_list = headers
            .iter()
            .map(|(n, v)| (HeaderText((*n).to_owned()), HeaderText((*v).to_owned())))
            .collect();
        Request {
            request: RequestSent {
                url: "https://me:pw@a.example/x?q=1&captchaId=1f0c2ab34d5e6f708192&sid=1"
                    .to_owned(),
                headers_list: vec![
                    (HeaderText("Cookie".into()), HeaderText("a=1; b=2".into())),
                    (
                        HeaderText("Authorization".into()),
                        HeaderText("Basic eA".into()),
                    ),
                ],
                ..RequestSent::default()
            },
            response: Response {
                headers_list,
                body: Body(body.to_owned().into()),
                ..Response::default()
            },
            ..Request::default()
        }
    }

    fn body(redactor: &mut RecordRedactor, text: &str) -> String {
        let mut requests = [record(text, &[])];
        redactor.clean(&mut requests);
        String::from_utf8(requests[0].response.body.0.to_vec()).unwrap()
    }

    #[test]
    fn a_login_is_taken_out_in_every_form() {
        let mut redactor = RecordRedactor::default();
        redactor.login("ana", "s3cret pass+word");
        let page = "s3cret pass+word s3cret%20pass%2Bword s3cret+pass%2Bword \
                    czNjcmV0IHBhc3Mrd29yZA== YW5hOnMzY3JldCBwYXNzK3dvcmQ=";
        let mut requests = [Request::default()];
        requests[0].response.body.0 = page.into();
        redactor.clean(&mut requests);
        let left = String::from_utf8_lossy(&requests[0].response.body.0).into_owned();
        assert_eq!(
            left.split(' ').filter(|w| *w == REDACTED).count(),
            5,
            "{left}"
        );
    }

    #[test]
    fn headers_and_urls_keep_names_and_lose_values() {
        let mut requests = [record(
            "",
            &[
                (
                    "Set-Cookie",
                    "JSESSIONID=0123456789ABCDEF; Path=/; HttpOnly",
                ),
                ("Location", "https://b.example/v?token=abc&x=1#top"),
                ("Refresh", "3; url=/verify?ident=zz"),
                ("X-Echo", "you are 203.0.113.9, cookie 0123456789ABCDEF"),
                ("ETag", "\"v=1\""),
            ],
        )];
        let mut redactor = RecordRedactor::default();
        redactor.cookies(["0123456789ABCDEF", "231123203.0.113.9"]);
        redactor.clean(&mut requests);
        let request = &requests[0].request;
        assert_eq!(
            request.url,
            "https://a.example/x?q=1&captchaId=REDACTED&sid=REDACTED"
        );
        assert_eq!(request.headers_list[0].1.0, "a=REDACTED; b=REDACTED");
        assert_eq!(request.headers_list[1].1.0, "REDACTED");
        let response: Vec<&str> = requests[0]
            .response
            .headers_list
            .iter()
            .map(|(_, v)| v.0.as_str())
            .collect();
        assert_eq!(
            response,
            [
                "JSESSIONID=REDACTED; Path=/; HttpOnly",
                "https://b.example/v?token=REDACTED&x=1#top",
                "3; url=/verify?ident=REDACTED",
                "you are REDACTED, cookie REDACTED",
                "\"v=1\"",
            ]
        );
    }

    #[test]
    fn echoes_in_the_body_are_found() {
        let mut redactor = RecordRedactor::default();
        redactor
            .addresses(["203.0.113.9", "2001:db8::9", "127.0.0.1"].map(|ip| ip.parse().unwrap()));
        redactor.cookies(["ab%2Fcd%2Bef12", "short"]);
        assert_eq!(
            body(
                &mut redactor,
                "IP: 203.0.113.9. [2001:db8::9] ab/cd+ef12 ab%2Fcd%2Bef12 short 127.0.0.1 1203.0.113.9 \
                 203.0.113.95 203.0.113.9.4 1f0c2ab34d5e6f708192"
            ),
            "IP: REDACTED. [REDACTED] REDACTED REDACTED short 127.0.0.1 1203.0.113.9 \
             203.0.113.95 203.0.113.9.4 REDACTED"
        );
    }

    #[test]
    fn a_page_without_echoes_is_not_copied() {
        let mut redactor = RecordRedactor::default();
        redactor.cookies(["0123456789"]);
        let mut requests = [record("nothing here", &[])];
        let before = requests[0].response.body.0.as_ptr();
        redactor.clean(&mut requests);
        assert_eq!(requests[0].response.body.0.as_ptr(), before);
    }
}
