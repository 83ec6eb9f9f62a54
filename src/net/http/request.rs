//! Requests and their headers: the same at every vantage, independent of the environment.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::uri::{Authority, PathAndQuery, Scheme};
use hyper::{Request, Uri};
use url::Url;

use crate::model::measurement::HeaderText;
use crate::model::probe::Method;

/// The `Accept` header of a reader's browser in the mainland.
const ACCEPT: &str = "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8";
const ACCEPT_LANGUAGE: &str = "zh-CN,zh;q=0.9,en;q=0.8";
const ACCEPT_ENCODING: &str = "gzip, deflate, br, zstd";

/// Headers that a probe cannot set: they belong to the connection, or identify us.
const OURS: [HeaderName; 8] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::TE,
    header::TRAILER,
    header::USER_AGENT,
];

/// One request, before cookies.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    pub method: Method,
    pub url: Url,
    /// The probe's own headers; they replace ours with the same name, except those that identify
    /// us.
    pub headers: Vec<(String, String)>,
    pub body: Option<Bytes>,
}

impl FetchRequest {
    /// A plain GET.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::Get,
            url,
            headers: Vec::new(),
            body: None,
        }
    }

    /// The body that is sent.
    pub(super) fn sent_body(&self) -> Bytes {
        let body = self.body.clone().filter(|_| self.method == Method::Post);
        body.unwrap_or_default()
    }

    /// The request as hyper sends it. `None` when the URL is longer than 64 KiB and cannot be sent.
    pub(super) fn request(
        &self,
        user_agent: &HeaderValue,
        cookie: Option<&str>,
        h2: bool,
    ) -> Option<Request<Full<Bytes>>> {
        let mut request = Request::new(Full::new(self.sent_body()));
        *request.method_mut() = match self.method {
            Method::Get => hyper::Method::GET,
            Method::Post => hyper::Method::POST,
        };
        *request.uri_mut() = uri(&self.url, h2)?;
        *request.headers_mut() = self.headers(user_agent, cookie, h2)?;
        Some(request)
    }

    fn headers(
        &self,
        user_agent: &HeaderValue,
        cookie: Option<&str>,
        h2: bool,
    ) -> Option<HeaderMap> {
        let mut headers = HeaderMap::with_capacity(12);
        if !h2 {
            headers.insert(
                header::HOST,
                HeaderValue::from_str(&authority(&self.url)).ok()?,
            );
        }
        headers.insert(header::USER_AGENT, user_agent.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static(ACCEPT));
        headers.insert(
            header::ACCEPT_LANGUAGE,
            HeaderValue::from_static(ACCEPT_LANGUAGE),
        );
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static(ACCEPT_ENCODING),
        );
        if self.method == Method::Post {
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
            let length = self.body.as_ref().map_or(0, Bytes::len);
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        for (name, value) in &self.headers {
            // A name or value that cannot be sent was refused when the probe was checked.
            if let (Ok(name), Ok(value)) =
                (name.parse::<HeaderName>(), HeaderValue::from_str(value))
                && !OURS.contains(&name)
            {
                headers.insert(name, value);
            }
        }
        if let Some(jar) = cookie {
            let own = headers.get(header::COOKIE).and_then(|v| v.to_str().ok());
            let all = own.map_or_else(|| jar.to_owned(), |own| format!("{own}; {jar}"));
            if let Ok(value) = HeaderValue::from_bytes(all.as_bytes()) {
                headers.insert(header::COOKIE, value);
            }
        }
        if !h2 {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Some(headers)
    }
}

/// The headers as sent: `Title-Case` over HTTP/1.1, lower case over HTTP/2.
pub(super) fn as_sent(headers: &HeaderMap, h2: bool) -> Vec<(HeaderText, HeaderText)> {
    headers
        .iter()
        .map(|(name, value)| {
            let name = if h2 {
                name.as_str().to_owned()
            } else {
                title_case(name.as_str())
            };
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (HeaderText(name), HeaderText(value))
        })
        .collect()
}

fn title_case(name: &str) -> String {
    let mut upper = true;
    name.chars()
        .map(|c| {
            let c = if upper { c.to_ascii_uppercase() } else { c };
            upper = c == '-';
            c
        })
        .collect()
}

/// Host and port, without the scheme's default port; never user and password.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn uri(url: &Url, h2: bool) -> Option<Uri> {
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let path: PathAndQuery = path.parse().ok()?;
    if !h2 {
        return Some(path.into());
    }
    let mut parts = hyper::http::uri::Parts::default();
    parts.scheme = Some(if url.scheme() == "https" {
        Scheme::HTTPS
    } else {
        Scheme::HTTP
    });
    parts.authority = Some(authority(url).parse::<Authority>().ok()?);
    parts.path_and_query = Some(path);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(ask: &FetchRequest, cookie: Option<&str>, h2: bool) -> Vec<String> {
        let ua = HeaderValue::from_static("accesswatch/0");
        let request = ask.request(&ua, cookie, h2).unwrap();
        as_sent(request.headers(), h2)
            .into_iter()
            .map(|(name, value)| format!("{}: {}", name.0, value.0))
            .collect()
    }

    #[test]
    fn a_get_says_who_we_are() {
        let ask = FetchRequest::get("http://u:p@a.example:8080/x?q=1#f".parse().unwrap());
        assert_eq!(
            sent(&ask, None, false),
            [
                "Host: a.example:8080",
                "User-Agent: accesswatch/0",
                "Accept: text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
                "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8",
                "Accept-Encoding: gzip, deflate, br, zstd",
                "Connection: close",
            ]
        );
        let h2 = sent(&ask, None, true);
        assert!(h2.contains(&"user-agent: accesswatch/0".to_owned()));
        assert!(
            !h2.iter()
                .any(|h| h.starts_with("host") || h.starts_with("connection"))
        );
    }

    #[test]
    fn a_probe_adds_headers_and_cannot_disguise_us() {
        let mut ask = FetchRequest::get("http://a.example/".parse().unwrap());
        ask.headers = [
            ("accept", "application/json"),
            ("X-Key", "k"),
            ("User-Agent", "Mozilla/5.0"),
            ("host", "b.example"),
            ("Cookie", "own=1"),
            ("bad name", "x"),
            ("X-Bad", "a\r\nb: c"),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .into();
        let sent = sent(&ask, Some("sid=2"), false);
        for expected in [
            "Accept: application/json",
            "X-Key: k",
            "Cookie: own=1; sid=2",
        ] {
            assert!(sent.contains(&expected.to_owned()), "{expected}");
        }
        let all = sent.join("\n");
        assert!(!all.contains("Mozilla") && !all.contains("b.example") && !all.contains("b: c"));
    }

    #[test]
    fn odd_urls_go_out_as_whatwg_writes_them() {
        for url in [
            "http://a.example/a b|c^d`e{f}\"g'h\\i?x=\"y'z{|}^`<>\u{4e2d}&%zz",
            "http://[2001:db8::1]:81/",
            "http://\u{4e2d}\u{56fd}.example/",
        ] {
            let url: Url = url.parse().unwrap();
            assert!(uri(&url, false).is_some(), "{url}");
            assert!(uri(&url, true).is_some(), "{url}");
        }
        let long = format!("http://a.example/{}", "x".repeat(70_000));
        assert!(uri(&long.parse().unwrap(), false).is_none());
    }
}
