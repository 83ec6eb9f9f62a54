//! What is taken out of a record, before anything is hashed.
//!
//! * Values of `Cookie` and `Set-Cookie` (names and attributes stay); `Authorization` and
//!   `Proxy-Authorization` whole.
//! * User and password in URLs; the values of the query parameters in [`TOKENS`], in the URLs of
//!   the record and in `Location`, `Content-Location`, `Refresh`, `Referer` and `Link`.
//! * In URLs, in every other header, in bodies, in the names that DNS and TLS carry and in
//!   certificates, wherever they are echoed: own addresses in every textual form (the source
//!   address of the vantage and of the connections, its exit address, and the one that CNKI's
//!   `Ecp_IpLoginFail` cookie names), cookie values of 8 characters and more that were received,
//!   also percent-decoded, token values of 16 and more, and logins.
//! * Where the exit address is not known, the address that a page tells its reader
//!   (`reader_address::shown_to_reader`).
//!
//! Loopback addresses stay: they are nobody's. Bodies are searched as browsers read them: decoded,
//! with what is found mapped back to bytes ([`reading`]), where characters are escaped
//! ([`escaped`]), and for addresses also in full-width and other digits that NFKC folds to ASCII
//! ([`folded`]). They are searched as bytes too, since a page may state a charset that it is not
//! written in: what is written in ASCII is found in every charset, with two or four bytes for each
//! character in UTF-16 and UTF-32 ([`wide`]).

mod addresses;
mod escaped;
mod folded;
mod reader_address;
mod reading;
mod search;
mod wide;

use std::collections::BTreeSet;
use std::net::IpAddr;

use data_encoding::{BASE64, BASE64_NOPAD};
use percent_encoding::percent_decode_str;

use self::reading::BodyReading;
pub use self::reading::REDACTED;
use self::search::{Kind, Needle, Search};
use crate::model::measurement::{DnsQuery, HeaderText, Request, TlsHandshake};

/// Query parameters that carry sessions and tickets (CNKI's `v`, `ident` and `captchaId` among
/// them).
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

/// Headers whose values are URLs, or hold one.
const WITH_URLS: &[&str] = &["location", "content-location", "refresh", "referer", "link"];

/// Cookie values shorter than this are too common to be searched for.
const MIN_COOKIE: usize = 8;

/// Passwords shorter than this are in every text.
const MIN_SECRET: usize = 4;

/// Token values shorter than this may be a date or a version.
const MIN_TOKEN: usize = 16;

/// Fewer characters of base64 occur by chance.
const MIN_BASE64: usize = 8;

/// Knows what must not be recorded.
#[derive(Debug, Default)]
pub struct RecordRedactor {
    needles: Vec<Needle>,
    own: Vec<IpAddr>,
    is_exit_known: bool,
}

impl RecordRedactor {
    /// Takes out these addresses wherever they are echoed.
    pub fn addresses(&mut self, own: impl IntoIterator<Item = IpAddr>) {
        for ip in own {
            if !ip.is_loopback() && !ip.is_unspecified() && !self.own.contains(&ip) {
                self.own.push(ip);
                for text in addresses::forms(ip) {
                    self.add_needle(Needle {
                        text,
                        kind: Kind::Address,
                        is_alone: true,
                    });
                }
                self.add_base64(&ip.to_string(), Kind::Address);
            }
        }
    }

    /// The addresses as which sites see the vantage: no page needs to be asked for them.
    pub fn exit_addresses(&mut self, exit: impl IntoIterator<Item = IpAddr>) {
        for ip in exit {
            self.is_exit_known = true;
            self.addresses([ip]);
        }
    }

    /// Takes out these cookie values wherever they are echoed.
    pub fn cookies<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        for value in values {
            self.cookie(value);
            if value.contains('%') {
                let decoded = percent_decode_str(value).decode_utf8_lossy();
                self.cookie(&decoded);
            }
        }
    }

    /// Takes out a login of our own, as it is and as it is written in headers and URLs: who is
    /// logged in to may say it again.
    pub fn login(&mut self, user: &str, password: &str) {
        let encoded: String = url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
        let forms = [
            password.to_owned(),
            // With a plus sign for each space.
            encoded,
            BASE64.encode(password.as_bytes()),
            BASE64.encode(format!("{user}:{password}").as_bytes()),
        ];
        for form in forms {
            if form.len() >= MIN_SECRET {
                self.add(form, Kind::Login);
            }
        }
        self.add_base64(password, Kind::Login);
    }

    /// A secret that was received, as it is and in base64 within a longer text.
    fn secret(&mut self, value: &str, kind: Kind) {
        self.add(value.to_owned(), kind);
        self.add_base64(value, kind);
    }

    /// The characters of base64 that depend on `secret` alone, at each offset in a group of three.
    fn add_base64(&mut self, secret: &str, kind: Kind) {
        for offset in 0..3 {
            let mut bytes = vec![0; offset];
            bytes.extend_from_slice(secret.as_bytes());
            let encoded = BASE64_NOPAD.encode(&bytes);
            let end = encoded.len() - usize::from(!bytes.len().is_multiple_of(3));
            let core = encoded.get([0, 2, 3][offset]..end).unwrap_or_default();
            if core.len() >= MIN_BASE64 {
                self.add(core.to_owned(), kind);
                self.add(core.replace('+', "-").replace('/', "_"), kind);
            }
        }
    }

    fn cookie(&mut self, value: &str) {
        // CNKI writes `yyMMdd` and the client's address.
        if let Some(ip) = value.get(6..).and_then(|tail| tail.parse::<IpAddr>().ok()) {
            self.addresses([ip]);
        }
        if value.chars().count() >= MIN_COOKIE {
            self.secret(value, Kind::Cookie);
        }
    }

    fn add(&mut self, text: String, kind: Kind) {
        self.add_needle(Needle {
            text,
            kind,
            is_alone: false,
        });
    }

    fn add_needle(&mut self, needle: Needle) {
        if !self.needles.contains(&needle) {
            self.needles.push(needle);
        }
    }

    /// Takes note of the secrets that requests carry, and of the address that pages tell.
    fn learn(&mut self, requests: &[Request]) {
        for request in requests {
            self.learn_url(&request.request.url);
            for (name, value) in &request.request.headers_list {
                if is_authorization(&name.0.to_ascii_lowercase()) {
                    let credentials = value.0.split_once(' ').map_or(&*value.0, |(_, rest)| rest);
                    if credentials.len() >= MIN_COOKIE {
                        self.add(credentials.to_owned(), Kind::Login);
                    }
                }
            }
            for (name, value) in &request.response.headers_list {
                if WITH_URLS.contains(&&*name.0.to_ascii_lowercase()) {
                    self.learn_url(&value.0);
                }
                if !self.is_exit_known {
                    let line = format!("{}: {}", name.0, value.0);
                    self.addresses(reader_address::shown_to_reader(line.as_bytes()));
                }
            }
            if !self.is_exit_known {
                self.learn_page(request);
            }
        }
    }

    /// Takes note of the addresses that a page tells its reader.
    fn learn_page(&mut self, request: &Request) {
        let body = &request.response.body.0;
        self.addresses(reader_address::shown_to_reader(body));
        if let Ok(text) = std::str::from_utf8(body) {
            self.addresses(reader_address::shown_to_reader_in_html(text));
        }
        for reading in readings_of(request) {
            self.addresses(reader_address::shown_to_reader(reading.text.as_bytes()));
            self.addresses(reader_address::shown_to_reader_in_html(&reading.text));
        }
    }

    fn learn_url(&mut self, text: &str) {
        for value in token_values(text) {
            if value.len() >= MIN_TOKEN && value != REDACTED {
                self.secret(value, Kind::Token);
                if value.contains('%') {
                    let decoded = percent_decode_str(value).decode_utf8_lossy();
                    self.secret(&decoded, Kind::Token);
                }
            }
        }
        if let Some((user, password)) = user_info(text).and_then(|info| info.split_once(':')) {
            let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
            self.login(&plain(user), &plain(password));
        }
    }

    /// Cleans the requests of one record.
    pub fn clean(&mut self, requests: &mut [Request]) {
        self.learn(requests);
        let search = Search::new(&self.needles, &self.own);
        for request in requests {
            clean_request(request, search.as_ref());
        }
    }

    /// Cleans the names that DNS and TLS carry, after the requests.
    pub fn clean_names(&self, queries: &mut [DnsQuery], handshakes: &mut [TlsHandshake]) {
        let Some(search) = Search::new(&self.needles, &self.own) else {
            return;
        };
        let mut kinds = BTreeSet::new();
        let mut clean = |text: &mut String| search.clean(text, &mut kinds);
        for query in queries {
            clean(&mut query.hostname);
            let names = query.answers.iter_mut();
            names
                .filter_map(|answer| answer.hostname.as_mut())
                .for_each(&mut clean);
        }
        for handshake in handshakes {
            clean(&mut handshake.server_name);
            handshake.x_detail.iter_mut().for_each(&mut clean);
            for certificate in &mut handshake.peer_certificates {
                if let Some(overwritten) = search.overwritten(&certificate.0) {
                    certificate.0 = overwritten;
                }
            }
        }
    }

    /// The first address in the body of an answer, for controls that tell who asks.
    #[must_use]
    pub fn echoed_address(body: &[u8]) -> Option<IpAddr> {
        let narrow: Vec<u8> = body.iter().copied().filter(|byte| *byte != 0).collect();
        addresses::first(&narrow)
    }
}

fn is_authorization(name: &str) -> bool {
    matches!(name, "authorization" | "proxy-authorization")
}

fn clean_request(request: &mut Request, search: Option<&Search<'_>>) {
    let mut kinds = BTreeSet::new();
    clean_url(&mut request.request.url, search, &mut kinds);
    for (name, value) in request
        .request
        .headers_list
        .iter_mut()
        .chain(&mut request.response.headers_list)
    {
        header(name, value, search, &mut kinds);
    }
    if let Some(search) = search {
        if let Some(failure) = &mut request.failure {
            search.clean(&mut failure.0, &mut kinds);
        }
        let wire = &mut request.wire;
        search.clean(&mut wire.reason, &mut kinds);
        if let Some(clean) = search.replaced(&wire.sent_body, &mut kinds) {
            wire.sent_body = clean.into();
        }
        // What was decoded and cleaned stands for what was sent.
        let readings = readings_of(request);
        let wire = &mut request.wire;
        let body = &request.response.body.0;
        if let Some(clean) = search.replaced_in_body(body, &readings, &mut kinds) {
            request.response.body.0 = clean.into();
            wire.encoded_body = None;
        }
        // A coding may end before its bytes do, and the rest may be anything.
        if wire.encoded_body.as_ref().is_some_and(|b| search.finds(b)) {
            wire.encoded_body = None;
        }
    }
    request.wire.redacted = kinds.into_iter().map(str::to_owned).collect();
}

/// The body of an answer as a browser reads it, where its bytes are not that already.
fn readings_of(request: &Request) -> Vec<BodyReading> {
    let headers = &request.response.headers_list;
    let mut types = headers
        .iter()
        .filter(|(name, _)| name.0.eq_ignore_ascii_case("content-type"));
    let content_type = types.next().map(|(_, value)| value.0.as_str());
    reading::readings(&request.response.body.0, content_type)
}

fn clean_url(text: &mut String, search: Option<&Search<'_>>, kinds: &mut BTreeSet<&'static str>) {
    let mut clean = url(text);
    if clean != *text {
        kinds.insert(Kind::Token.as_str());
    }
    if let Some(search) = search {
        search.clean(&mut clean, kinds);
    }
    *text = clean;
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

/// User and password of a URL.
fn user_info(text: &str) -> Option<&str> {
    let start = text.find("://")? + 3;
    let rest = &text[start..];
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Some(&rest[..rest[..end].rfind('@')?])
}

fn header(
    name: &HeaderText,
    value: &mut HeaderText,
    search: Option<&Search<'_>>,
    kinds: &mut BTreeSet<&'static str>,
) {
    let name = name.0.to_ascii_lowercase();
    match name.as_str() {
        "cookie" => {
            let pairs: Vec<String> = value.0.split(';').map(without_value).collect();
            value.0 = pairs.join("; ");
            kinds.insert(Kind::Cookie.as_str());
        }
        "set-cookie" => {
            let (pair, attributes) = value.0.split_at(value.0.find(';').unwrap_or(value.0.len()));
            value.0 = without_value(pair) + attributes;
            kinds.insert(Kind::Cookie.as_str());
        }
        name if is_authorization(name) => {
            REDACTED.clone_into(&mut value.0);
            kinds.insert(Kind::Login.as_str());
        }
        name if WITH_URLS.contains(&name) => clean_url(&mut value.0, search, kinds),
        _ => {
            if let Some(search) = search {
                search.clean(&mut value.0, kinds);
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

/// The places of token values in a text that holds URLs.
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

#[cfg(test)]
mod planted_tests;
#[cfg(test)]
mod tests;
