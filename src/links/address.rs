//! A link as it is written becomes an address that can be fetched.

use url::Url;

/// Why a link is never fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// `mailto:`, `ftp:`, `javascript:` and the like.
    #[error("only http and https are fetched")]
    Scheme,
    #[error("the link is not an address")]
    Invalid,
}

/// Bytes of an address. Servers refuse longer ones.
const MAX_BYTES: usize = 8 * 1024;

/// The address of a link: identifiers at their resolvers, `www.` with a scheme, no credentials.
pub fn to_url(written: &str) -> Result<Url, AddressError> {
    let written = written.trim();
    if written.len() > MAX_BYTES {
        return Err(AddressError::Invalid);
    }
    let resolved = resolver(written);
    let text = resolved.as_deref().unwrap_or(written);
    let mut url = match Url::parse(text) {
        Ok(url) => url,
        Err(_) if begins(text, "www.") => {
            Url::parse(&format!("http://{text}")).map_err(|_| AddressError::Invalid)?
        }
        Err(_) => return Err(AddressError::Invalid),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::Scheme);
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(AddressError::Invalid);
    }
    // Who knows a name and a password may fetch with it; a table of links may not show it.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Ok(url)
}

/// A link as tables show it: without a name and a password.
#[must_use]
pub fn shown(written: &str) -> String {
    let Some((scheme, rest)) = written.split_once("://") else {
        return written.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => written.to_owned(),
    }
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(with))
}

/// Where an identifier is resolved: DOI, handle, arXiv, CSTR.
fn resolver(written: &str) -> Option<String> {
    if written.starts_with("10.") && written.contains('/') {
        return Some(format!("https://doi.org/{}", escaped(written)));
    }
    for (label, at) in [
        ("doi:", "https://doi.org/"),
        ("hdl:", "https://hdl.handle.net/"),
        ("arxiv:", "https://arxiv.org/abs/"),
        ("cstr:", "https://cstr.cn/"),
    ] {
        if begins(written, label) {
            return Some(format!("{at}{}", escaped(written[label.len()..].trim())));
        }
    }
    None
}

/// Characters that mean something else in an address. An escape that is there stays.
fn escaped(identifier: &str) -> String {
    let mut out = String::with_capacity(identifier.len());
    for c in identifier.chars() {
        match c {
            '#' => out.push_str("%23"),
            '?' => out.push_str("%3F"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_addresses() {
        for (written, want) in [
            ("https://a.example", "https://a.example/"),
            ("www.gov.cn/x", "http://www.gov.cn/x"),
            ("doi:10.1000/182", "https://doi.org/10.1000/182"),
            (
                "10.1002/(SICI)1<1>",
                "https://doi.org/10.1002/(SICI)1%3C1%3E",
            ),
            ("hdl:2027/uc1", "https://hdl.handle.net/2027/uc1"),
            (
                "arxiv:hep-th/9901001",
                "https://arxiv.org/abs/hep-th/9901001",
            ),
            ("CSTR:31253.11.x", "https://cstr.cn/31253.11.x"),
            ("https://user:secret@a.example/x", "https://a.example/x"),
            ("https://a.example/路", "https://a.example/%E8%B7%AF"),
            ("http://例え.jp/", "http://xn--r8jz45g.jp/"),
        ] {
            assert_eq!(to_url(written).unwrap().as_str(), want, "{written}");
        }
    }

    #[test]
    fn other_schemes_and_no_addresses_are_not_fetched() {
        for (written, want) in [
            ("mailto:a@b.example", AddressError::Scheme),
            ("javascript:alert(1)", AddressError::Scheme),
            ("file:///etc/passwd", AddressError::Scheme),
            ("ftp://a.example/", AddressError::Scheme),
            ("data:text/html,x", AddressError::Scheme),
            ("x", AddressError::Invalid),
            ("https://", AddressError::Invalid),
            ("", AddressError::Invalid),
        ] {
            assert_eq!(to_url(written), Err(want), "{written}");
        }
    }

    #[test]
    fn credentials_are_not_shown() {
        assert_eq!(shown("https://u:p@a.example/x@y"), "https://a.example/x@y");
        assert_eq!(shown("https://a.example/x@y"), "https://a.example/x@y");
        assert_eq!(shown("doi:10.1/x"), "doi:10.1/x");
    }
}
