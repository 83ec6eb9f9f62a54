//! Where a redirect leads: pure decisions about one answer. The caller loops.

use std::fmt::Write as _;

use url::{Host, Url};

use crate::model::Failure;
use crate::model::probe::Method;

/// How many redirects are followed within one fetch.
pub const MAX_HOPS: usize = 10;

/// The next hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextHop {
    pub url: Url,
    pub method: Method,
    /// From https to http: allowed, and recorded.
    pub downgrade: bool,
}

/// Decides about one answer: `Ok(None)` when it does not redirect.
///
/// # Errors
/// `http_invalid_redirect_location_host` when `location` names no http or https URL with a host.
pub fn next(
    from: &Url,
    method: Method,
    code: u16,
    location: Option<&[u8]>,
) -> Result<Option<NextHop>, Failure> {
    if !matches!(code, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = location.filter(|l| !l.trim_ascii().is_empty()) else {
        return Ok(None);
    };
    let mut url = resolve(from, location).ok_or(Failure::from(Failure::HTTP_BAD_REDIRECT))?;
    if url.fragment().is_none() {
        url.set_fragment(from.fragment());
    }
    // RFC 9110 section 15.4: 307 and 308 keep the method; the others are followed as browsers do.
    let method = match code {
        307 | 308 => method,
        _ => Method::Get,
    };
    Ok(Some(NextHop {
        downgrade: from.scheme() == "https" && url.scheme() == "http",
        url,
        method,
    }))
}

fn resolve(from: &Url, location: &[u8]) -> Option<Url> {
    let text = to_text(location);
    let text = text.trim();
    if lacks_host(text) {
        return None;
    }
    let url = from.join(text).ok()?;
    let web = matches!(url.scheme(), "http" | "https");
    let host = url.host().as_ref().is_some_and(can_be_asked);
    (web && host).then_some(url)
}

/// Whether such a host is possible: a name of labels with at most 63 bytes, 253 in total (RFC 1035
/// section 2.3.4). Other texts are not names, and no resolver is asked for them.
fn can_be_asked(host: &Host<&str>) -> bool {
    let Host::Domain(name) = host else {
        return true;
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let fits = |label: &str| (1..=63).contains(&label.len());
    name.len() <= 253 && name.split('.').all(fits)
}

/// `http:///path` names no host; WHATWG's parser would read `path` as one.
fn lacks_host(text: &str) -> bool {
    let rest = text
        .split_once(':')
        .filter(|(scheme, _)| matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https"))
        .map_or(text, |(_, rest)| rest);
    rest.strip_prefix("//").is_some_and(|authority| {
        authority.is_empty() || authority.starts_with(['/', '?', '#', ':', '\\'])
    })
}

/// `Location` as text. Bytes that are not UTF-8 are escaped unchanged, as in browsers, because the
/// server compares bytes; only a host name is read as GB18030.
fn to_text(location: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(location) {
        return text.to_owned();
    }
    let start = find(location, b"//").map_or(0, |at| at + 2);
    let end = location[start..]
        .iter()
        .position(|b| matches!(b, b'/' | b'?' | b'#'))
        .map_or(location.len(), |at| start + at);
    let has_authority = start > 0 && (start == 2 || location[start - 3] == b':');
    if !has_authority {
        return escape(location);
    }
    let (host, _) = encoding_rs::GB18030.decode_without_bom_handling(&location[start..end]);
    escape(&location[..start]) + &host + &escape(&location[end..])
}

fn escape(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for &b in bytes {
        if b.is_ascii() {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn to(from: &str, location: &[u8]) -> Option<String> {
        next(&from.parse().unwrap(), Method::Get, 302, Some(location))
            .ok()
            .flatten()
            .map(|n| n.url.to_string())
    }

    #[test]
    fn locations_resolve() {
        let from = "http://a.example/x/y?q=1";
        for (location, url) in [
            (&b"z"[..], "http://a.example/x/z"),
            (b"/z", "http://a.example/z"),
            (b"?p", "http://a.example/x/y?p"),
            (b"//b.example/", "http://b.example/"),
            (b" https://b.example:8443/c ", "https://b.example:8443/c"),
            ("/摘要".as_bytes(), "http://a.example/%E6%91%98%E8%A6%81"),
            // GBK: the bytes as the server wrote them.
            (
                b"/\xd5\xaa\xd2\xaa?t=\xd6\xd0",
                "http://a.example/%D5%AA%D2%AA?t=%D6%D0",
            ),
            // A host name in GBK is decoded: 中国.example.
            (
                b"http://\xd6\xd0\xb9\xfa.example/\xd6\xd0",
                "http://xn--fiqs8s.example/%D6%D0",
            ),
        ] {
            assert_eq!(to(from, location).as_deref(), Some(url));
        }
    }

    #[test]
    fn what_names_no_web_host_is_refused() {
        let from: Url = "https://a.example/".parse().unwrap();
        for location in [
            &b"http://"[..],
            b"http:///path",
            b"https://:443/",
            b"//",
            b"ftp://b.example/",
            b"javascript:alert(1)",
            b"file:///etc/passwd",
            b"weixin://dl",
            b"http://b.example:99999/",
            b"http://[::1/",
            b"http://a..example/",
            b"http://.example/",
            format!("http://{}.example/", "a".repeat(64)).as_bytes(),
            format!("http://{}/", ["a".repeat(60).as_str(); 5].join(".")).as_bytes(),
            format!("http://{}.example/", "\u{4e2d}\u{56fd}".repeat(60)).as_bytes(),
        ] {
            let failure = next(&from, Method::Get, 302, Some(location)).unwrap_err();
            assert!(failure.equals(Failure::HTTP_BAD_REDIRECT), "{location:?}");
        }
    }

    #[test]
    fn the_longest_names_are_names() {
        let label = "a".repeat(63);
        let name = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        for name in [
            name.as_str(),
            &format!("{name}."),
            "a_b.example",
            "x.example.",
        ] {
            let location = format!("http://{name}/");
            assert!(
                to("http://a.example/", location.as_bytes()).is_some(),
                "{name}"
            );
        }
    }

    #[test]
    fn methods_follow_the_rules_and_a_downgrade_is_told() {
        let from: Url = "https://a.example/".parse().unwrap();
        for (code, method) in [
            (301, Method::Get),
            (302, Method::Get),
            (303, Method::Get),
            (307, Method::Post),
            (308, Method::Post),
        ] {
            let hop = next(&from, Method::Post, code, Some(b"http://a.example/b"))
                .unwrap()
                .unwrap();
            assert_eq!(hop.method, method, "{code}");
            assert!(hop.downgrade);
        }
        for code in [200, 300, 304, 305, 404] {
            assert_eq!(next(&from, Method::Get, code, Some(b"/x")), Ok(None));
        }
        assert_eq!(next(&from, Method::Get, 302, None), Ok(None));
        assert_eq!(next(&from, Method::Get, 302, Some(b" ")), Ok(None));
    }

    proptest! {
        #[test]
        fn hostile_locations_give_a_web_url_or_a_failure(
            location in proptest::collection::vec(any::<u8>(), 0..60)
        ) {
            let from: Url = "http://a.example/x".parse().unwrap();
            if let Ok(Some(hop)) = next(&from, Method::Get, 302, Some(&location)) {
                prop_assert!(matches!(hop.url.scheme(), "http" | "https"));
                prop_assert!(hop.url.host_str().is_some_and(|h| !h.is_empty()));
            }
        }
    }
}
