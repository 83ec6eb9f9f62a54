//! The index of a pack: one line of CDXJ per exchange, sorted by key, as pywb and ReplayWeb.page
//! look pages up.
//!
//! The key is the SURT of the address (Sort-friendly URI Reordering Transform of Heritrix): the
//! host reversed, then path and query, without the parts in which addresses of the same page
//! differ.

use serde_json::json;
use url::{Host, Url};

use super::warc::Entry;

/// The SURT key of an address; the address itself when it is not an HTTP address.
#[must_use]
pub fn surt(address: &str) -> String {
    let Ok(url) = Url::parse(address.trim()) else {
        return address.to_owned();
    };
    let host = match url.host() {
        Some(Host::Domain(name)) => reversed(without_www(name)),
        Some(Host::Ipv4(ip)) => reversed(&ip.to_string()),
        Some(Host::Ipv6(ip)) => format!("[{ip}]"),
        None => return address.to_owned(),
    };
    // `port` is `None` for the scheme's own port.
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let mut path = escaped(url.path()).to_ascii_lowercase();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    if path.len() > 1 && path.ends_with('/') {
        path.pop();
    }
    let query = url
        .query()
        .map(sorted_query)
        .filter(|query| !query.is_empty());
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}{port}){path}{query}")
}

fn without_www(host: &str) -> &str {
    let rest = host.strip_prefix("www").unwrap_or(host);
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.strip_prefix('.') {
        Some(rest) if host.starts_with("www") && !rest.is_empty() => rest,
        _ => host,
    }
}

fn reversed(host: &str) -> String {
    host.rsplit('.').collect::<Vec<_>>().join(",")
}

/// The parameters sorted by name, in lower case.
fn sorted_query(query: &str) -> String {
    let query = escaped(query).to_ascii_lowercase();
    let mut parameters: Vec<_> = query
        .split('&')
        .map(|p| p.split_once('=').map_or((p, None), |(n, v)| (n, Some(v))))
        .collect();
    parameters.sort_unstable();
    let written = parameters.into_iter().map(|(name, value)| match value {
        Some(value) => format!("{name}={value}"),
        None => name.to_owned(),
    });
    written.collect::<Vec<_>>().join("&")
}

/// Undoes all percent escapes, also nested ones, and then escapes only what must be escaped.
fn escaped(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    loop {
        let decoded: Vec<u8> = percent_encoding::percent_decode(&bytes).collect();
        if decoded == bytes {
            break;
        }
        bytes = decoded;
    }
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            0..=0x20 | 0x7f.. | b'#' | b'%' => {
                out.push('%');
                out.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
}

/// The line of a response or revisit record; `None` for other records, which nobody looks up.
/// `file` is the name of the WARC file within the pack.
#[must_use]
pub fn line(entry: &Entry, file: &str) -> Option<String> {
    let kind = entry.field("WARC-Type")?;
    let mime = match kind {
        "response" => media_type(&entry.block)?,
        "revisit" => "warc/revisit".to_owned(),
        _ => return None,
    };
    let url = entry.field("WARC-Target-URI")?;
    let digits = |c: &char| c.is_ascii_digit();
    let stamp: String = entry
        .field("WARC-Date")?
        .chars()
        .filter(digits)
        .take(14)
        .collect();
    let facts = json!({
        "url": url,
        "mime": mime,
        "status": status(&entry.block)?,
        "digest": entry.field("WARC-Payload-Digest").unwrap_or_default(),
        "length": entry.length.to_string(),
        "offset": entry.offset.to_string(),
        "filename": file,
    });
    Some(format!("{} {stamp} {facts}", surt(url)))
}

/// The status code of an HTTP block.
fn status(block: &[u8]) -> Option<String> {
    let line = block.split(|byte| *byte == b'\n').next()?;
    let code = std::str::from_utf8(line).ok()?.split(' ').nth(1)?;
    Some(code.to_owned())
}

fn media_type(block: &[u8]) -> Option<String> {
    let end = memchr::memmem::find(block, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&block[..end]);
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-type")
            .then(|| value.trim().to_owned())
    });
    let value = value.unwrap_or_default();
    let plain = value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    Some(if plain.is_empty() {
        "application/octet-stream".to_owned()
    } else {
        plain
    })
}

#[cfg(test)]
mod tests {
    use super::surt;

    /// The right column is the output of the Python package `surt` 0.3.1.
    #[test]
    fn keys_are_those_of_other_tools() {
        for (address, key) in KEYS {
            assert_eq!(surt(address), *key, "{address}");
        }
    }

    #[rustfmt::skip] // a table, one row a line
    const KEYS: &[(&str, &str)] = &[
        ("https://www.cnki.net/", "net,cnki)/"),
        ("http://www2.example.org:8080/A/b/", "org,example:8080)/a/b"),
        ("https://oversea.cnki.net/kcms?v=B&a=1", "net,cnki,oversea)/kcms?a=1&v=b"),
        ("https://example.org/?", "org,example)/"),
        ("https://example.org/年鉴?q=中 国", "org,example)/%e5%b9%b4%e9%89%b4?q=%e4%b8%ad%20%e5%9b%bd"),
        ("https://example.org/a%2525b#part", "org,example)/a%25b"),
        ("https://例子.中国/x", "xn--fiqs8s,xn--fsqu00a)/x"),
        ("http://127.0.0.1:9000/p?b&a=&a", "1,0,0,127:9000)/p?a&a=&b"),
        ("https://www.gov.cn/zhengce/content_1.htm", "cn,gov)/zhengce/content_1.htm"),
        ("https://wwwx.org/", "org,wwwx)/"),
        ("https://www.org/", "org)/"),
        ("https://example.org/a//b/../c", "org,example)/a/c"),
    ];
}
