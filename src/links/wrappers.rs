//! Addresses that hold another address: archives, redirectors, mail gateways, proxies.

use std::borrow::Cow;

use url::Url;

use super::rules::LinkRules;
pub use crate::model::copy::is_archive_today;

/// Wrappers within each other.
const MAX_DEPTH: usize = 5;

/// A copy that the author cites: an archive's address with a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedCopy {
    pub url: Url,
    pub archive: &'static str,
    /// The time of the capture as the address gives it: digits from the year on.
    pub time: String,
}

/// What is within an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwrapped {
    pub url: Url,
    pub copy: Option<CitedCopy>,
}

/// Takes wrappers off until none is left. `proxy_suffix` are hosts of the operator's proxy.
#[must_use]
pub fn unwrap(url: Url, rules: &LinkRules, proxy_suffix: &[String]) -> Unwrapped {
    let mut unwrapped = Unwrapped { url, copy: None };
    for _ in 0..MAX_DEPTH {
        let url = &unwrapped.url;
        if let Some((inner, archive, time)) = archived(url) {
            let copy = time.map(|time| CitedCopy {
                url: url.clone(),
                archive,
                time,
            });
            unwrapped.copy = unwrapped.copy.or(copy);
            unwrapped.url = inner;
            continue;
        }
        let inner = redirected(url, rules)
            .or_else(|| url_defense(url))
            .or_else(|| translated(url))
            .or_else(|| proxied(url, proxy_suffix));
        match inner {
            Some(inner) => unwrapped.url = inner,
            None => break,
        }
    }
    unwrapped
}

/// The address within an archive's, and the time of the capture.
fn archived(url: &Url) -> Option<(Url, &'static str, Option<String>)> {
    let rest = &url[url::Position::BeforePath..];
    if matches!(url.host_str()?, "web.archive.org" | "wayback.archive.org") {
        let rest = rest.strip_prefix("/web/")?;
        let (stamp, inner) = rest.split_once('/').unwrap_or((rest, ""));
        let digits = stamp.bytes().take_while(u8::is_ascii_digit).count();
        let flags = &stamp[digits..];
        let is_stamp = (4..=14).contains(&digits)
            && (flags.is_empty() || flags == "*" || (flags.len() == 3 && flags.ends_with('_')));
        if is_stamp && !inner.is_empty() {
            let time = (flags != "*").then(|| stamp[..digits].to_owned());
            return Some((address(inner)?, "web.archive.org", time));
        }
        let inner = if stamp == "*" { inner } else { rest };
        return Some((address(inner)?, "web.archive.org", None));
    }
    if is_archive_today(url) {
        let rest = rest.strip_prefix('/')?;
        let (stamp, inner) = rest.split_once('/')?;
        let time: String = stamp.chars().filter(char::is_ascii_digit).collect();
        let stamped = time.len() >= 8
            && time.len() <= 14
            && stamp
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
        let inner = match stamp {
            "o" => inner.split_once('/')?.1,
            _ => inner,
        };
        let inner = address(inner)?;
        let known = stamped || matches!(stamp, "o" | "newest" | "oldest" | "timegate");
        return known.then(|| (inner, "archive.today", stamped.then_some(time)));
    }
    if url.host_str()? == "webcache.googleusercontent.com" {
        let query = url.query_pairs().find(|(name, _)| name == "q")?.1;
        let inner = query.strip_prefix("cache:")?;
        // `cache:KEY:URL words`
        let inner = inner
            .split_once(':')
            .filter(|(key, _)| !key.starts_with("http") && !key.contains(['.', '/']))
            .map_or(inner, |(_, rest)| rest);
        let inner = inner.split_whitespace().next()?;
        return Some((address(inner)?, "webcache.googleusercontent.com", None));
    }
    None
}

/// An address within another: `http:/a.example` has lost a slash, `a.example/x` its scheme.
fn address(text: &str) -> Option<Url> {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    for scheme in ["http:", "https:"] {
        if lower.starts_with(scheme) && lower[scheme.len()..].starts_with('/') {
            let rest = text[scheme.len()..].trim_start_matches('/');
            return http(&format!("{scheme}//{rest}"));
        }
    }
    if lower.starts_with("http%3a") || lower.starts_with("https%3a") || lower.starts_with("https%3")
    {
        let decoded: Cow<'_, str> = percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .ok()?;
        return http(&decoded);
    }
    let host = text.split(['/', '?', '#']).next()?;
    let is_host = host.contains('.') && !host.contains([':', '@', ' ', '%', '*']);
    is_host.then(|| http(&format!("http://{text}")))?
}

fn http(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let fit =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|h| !h.is_empty());
    fit.then_some(url)
}

/// The parameter that a redirector's rule names.
fn redirected(url: &Url, rules: &LinkRules) -> Option<Url> {
    rules.wrapper_parameters(url).find_map(|name| {
        url.query_pairs()
            .find(|(n, _)| n == name)
            .and_then(|(_, v)| http(&v))
    })
}

/// Proofpoint's rewritten links, of three generations.
fn url_defense(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    if !(host == "urldefense.com" || host == "urldefense.us" || host == "urldefense.proofpoint.com")
    {
        return None;
    }
    let rest = &url[url::Position::BeforePath..];
    if let Some(rest) = rest.strip_prefix("/v3/__") {
        let (inner, key) = rest.split_once("__;")?;
        return http(&filled(inner, key.split('!').next().unwrap_or_default()));
    }
    let query = url
        .query_pairs()
        .find(|(name, _)| name == "u")?
        .1
        .into_owned();
    if rest.starts_with("/v2/") {
        let coded = query.replace('-', "%").replace('_', "/");
        let decoded = percent_encoding::percent_decode_str(&coded)
            .decode_utf8()
            .ok()?;
        return http(&decoded);
    }
    http(&query)
}

/// `*` stands for one character of the key, `**X` for as many as the letter says.
fn filled(inner: &str, key: &str) -> String {
    let decoded = data_encoding::BASE64URL_NOPAD
        .decode(key.trim_end_matches('=').as_bytes())
        .unwrap_or_default();
    let decoded = String::from_utf8_lossy(&decoded).into_owned();
    let mut left = decoded.chars();
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '*' {
            out.push(c);
            continue;
        }
        let mut count = 1;
        if chars.peek() == Some(&'*') {
            chars.next();
            let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            count = chars
                .next()
                .and_then(|l| letters.find(l))
                .map_or(1, |n| n + 2);
        }
        out.extend(left.by_ref().take(count));
    }
    out
}

/// `www-gov-cn.translate.goog`: `-` is a dot, `--` a hyphen.
fn translated(url: &Url) -> Option<Url> {
    let name = url.host_str()?.strip_suffix(".translate.goog")?;
    let host = name
        .replace("--", "\u{1}")
        .replace('-', ".")
        .replace('\u{1}', "-");
    let mut inner = url.clone();
    inner.set_host(Some(&host)).ok()?;
    let plain = url
        .query_pairs()
        .any(|(n, v)| n == "_x_tr_sch" && v == "http");
    let scheme = if plain { "http" } else { "https" };
    inner.set_scheme(scheme).ok()?;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !name.starts_with("_x_tr_"))
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect();
    if kept.is_empty() {
        inner.set_query(None);
    } else {
        inner.query_pairs_mut().clear().extend_pairs(kept);
    }
    Some(inner)
}

/// `EZproxy`: `login?url=…`, and `www-cnki-net.HOST`.
fn proxied(url: &Url, proxy_suffix: &[String]) -> Option<Url> {
    let host = url.host_str()?;
    let own = |suffix: &&String| {
        let suffix = suffix.trim_start_matches('.');
        host == suffix || host.strip_suffix(suffix).is_some_and(|h| h.ends_with('.'))
    };
    let suffix = proxy_suffix.iter().find(own);
    if matches!(url.path(), "/login" | "/Login") {
        let is_proxy = suffix.is_some() || host.contains("proxy") || host.contains("ezp");
        let query = url.query()?;
        let (_, raw) = query.split_once("url=")?;
        let inner = if raw.starts_with("http") && raw.contains("://") {
            http(raw)
        } else {
            url.query_pairs()
                .find(|(n, _)| n == "url" || n == "qurl")
                .and_then(|(_, v)| http(&v))
        };
        return inner.filter(|_| is_proxy);
    }
    let suffix = suffix?.trim_start_matches('.');
    let name = host.strip_suffix(suffix)?.strip_suffix('.')?;
    let inner_host = if name.contains('.') {
        name.to_owned()
    } else {
        name.replace("--", "\u{1}")
            .replace('-', ".")
            .replace('\u{1}', "-")
    };
    let mut inner = url.clone();
    (inner_host.contains('.') && inner.set_host(Some(&inner_host)).is_ok()).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inner(url: &str) -> (String, Option<String>) {
        let suffix = vec!["ezproxy.uni.example".to_owned()];
        let found = unwrap(Url::parse(url).unwrap(), LinkRules::shipped(), &suffix);
        (found.url.to_string(), found.copy.map(|copy| copy.time))
    }

    #[test]
    fn the_inner_address_is_the_link() {
        for (url, want, time) in [
            (
                "https://web.archive.org/web/20200102030405/https://a.example/x?y=1",
                "https://a.example/x?y=1",
                Some("20200102030405"),
            ),
            (
                "https://web.archive.org/web/20200102030405id_/http:/a.example/x",
                "http://a.example/x",
                Some("20200102030405"),
            ),
            (
                "http://web.archive.org/web/2020/a.example/x",
                "http://a.example/x",
                Some("2020"),
            ),
            (
                "https://web.archive.org/web/2023*/https://a.example/",
                "https://a.example/",
                None,
            ),
            (
                "https://web.archive.org/web/*/https://a.example/",
                "https://a.example/",
                None,
            ),
            (
                "https://web.archive.org/web/https://a.example/",
                "https://a.example/",
                None,
            ),
            (
                "https://archive.ph/20230508010203/https://a.example/x",
                "https://a.example/x",
                Some("20230508010203"),
            ),
            (
                "https://archive.today/2023.05.08-010203/https://a.example/x",
                "https://a.example/x",
                Some("20230508010203"),
            ),
            (
                "https://archive.ph/o/AbCdE/https://a.example/x",
                "https://a.example/x",
                None,
            ),
            ("https://archive.ph/AbCdE", "https://archive.ph/AbCdE", None),
            (
                "https://webcache.googleusercontent.com/search?q=cache:abc:https://a.example/x+words",
                "https://a.example/x",
                None,
            ),
            (
                "https://web.archive.org/web/2020/https://link.zhihu.com/?target=https%3A//a.example/x",
                "https://a.example/x",
                Some("2020"),
            ),
        ] {
            let want = (want.to_owned(), time.map(str::to_owned));
            assert_eq!(inner(url), want, "{url}");
        }
    }

    #[test]
    fn redirectors_and_proxies_are_taken_off() {
        let long = "https://urldefense.com/v3/__https://a.example/x*y__;Iw!!ABC$";
        for (url, want) in [
            (
                "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx&data=1",
                "https://a.example/x",
            ),
            (long, "https://a.example/x#y"),
            (
                "https://urldefense.proofpoint.com/v2/url?u=http-3A__a.example_x-2Dy&d=1",
                "http://a.example/x-y",
            ),
            (
                "https://www.google.com/url?q=https://a.example/x&sa=D",
                "https://a.example/x",
            ),
            (
                "https://link.zhihu.com/?target=https%3A//a.example/x",
                "https://a.example/x",
            ),
            (
                "https://www-gov-cn.translate.goog/x?_x_tr_sl=zh&a=1",
                "https://www.gov.cn/x?a=1",
            ),
            (
                "https://a--b-example.translate.goog/?_x_tr_sch=http",
                "http://a-b.example/",
            ),
            (
                "https://ezproxy.lib.example/login?url=https://a.example/x?y=1&z=2",
                "https://a.example/x?y=1&z=2",
            ),
            (
                "https://www-cnki-net.ezproxy.uni.example/x",
                "https://www.cnki.net/x",
            ),
            (
                "https://www.cnki.net.ezproxy.uni.example/x",
                "https://www.cnki.net/x",
            ),
        ] {
            assert_eq!(inner(url), (want.to_owned(), None), "{url}");
        }
    }

    #[test]
    fn other_addresses_stay_as_they_are() {
        for url in [
            "https://passport.a.example/login?url=https://b.example/",
            "https://www.google.com/search?q=https://a.example/",
            "https://www.google.com/url?q=javascript:alert(1)",
            "https://web.archive.org/about/",
            "https://perma.cc/ABCD-1234",
            "https://a.example/web/2020/https://b.example/",
        ] {
            assert_eq!(inner(url), (url.to_owned(), None), "{url}");
        }
    }
}
