//! What makes two citations one link, and what is fetched for it.

use url::Url;

use super::address::{self, AddressError};
use super::rules::LinkRules;
use super::wrappers::{self, CitedCopy};

/// What a link as written names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTarget {
    /// The address to fetch, without its fragment.
    pub url: Url,
    /// The same for all addresses of one resource.
    pub identity: String,
    /// The part of the page that is cited: an id or a name in it.
    pub fragment: Option<String>,
    /// The passage that a text fragment quotes.
    pub quote: Option<String>,
    /// The page of a PDF that is cited.
    pub page: Option<u32>,
    /// What is cited is put there by a script: its place is a fragment that begins with `/` or `!`.
    pub is_script: bool,
    /// The copy that the author cites, where the address is an archive's.
    pub copy: Option<CitedCopy>,
    /// An archive that is never fetched.
    pub is_unfetchable: bool,
}

/// Reads a link as it is written.
pub fn resolve(
    written: &str,
    rules: &LinkRules,
    proxy_suffix: &[String],
) -> Result<LinkTarget, AddressError> {
    let unwrapped = wrappers::unwrap(address::to_url(written)?, rules, proxy_suffix);
    let mut url = unwrapped.url;
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let fragment = url.fragment().unwrap_or_default().to_owned();
    url.set_fragment(None);
    let is_script = fragment.starts_with(['/', '!']);
    let (place, quote) = match fragment.split_once(":~:text=") {
        Some((place, text)) => (place.to_owned(), quoted(text)),
        None => (fragment.clone(), None),
    };
    let page = place
        .split('&')
        .find_map(|part| part.strip_prefix("page=")?.parse().ok());
    let mut identity = rules.identity(&url).unwrap_or_else(|| plain(&url, rules));
    if is_script {
        identity.push('#');
        identity.push_str(&fragment);
    }
    let place = percent_encoding::percent_decode_str(&place)
        .decode_utf8_lossy()
        .into_owned();
    Ok(LinkTarget {
        identity,
        fragment: (!place.is_empty() && !is_script && page.is_none()).then_some(place),
        quote,
        page,
        is_script,
        copy: unwrapped.copy,
        is_unfetchable: wrappers::is_archive_today(&url),
        url,
    })
}

/// Whether a redirect from one address to the other is not a move: https, `www.`, a slash at the
/// end, tracking parameters.
#[must_use]
pub fn same_place(from: &Url, to: &Url) -> bool {
    let bare = |url: &Url| {
        let text = plain(url, LinkRules::shipped());
        let text = text.strip_prefix("www.").unwrap_or(&text).to_owned();
        let (path, query) = text.split_once('?').unwrap_or((&text, ""));
        format!("{}?{query}", path.trim_end_matches('/'))
    };
    bare(from) == bare(to)
}

/// The first passage of a text fragment: `prefix-,start,end,-suffix`.
fn quoted(text: &str) -> Option<String> {
    let first = text.split("&text=").next()?;
    let parts: Vec<&str> = first
        .split(',')
        .filter(|part| !part.ends_with('-') && !part.starts_with('-'))
        .collect();
    let decoded = |part: &&str| {
        percent_encoding::percent_decode_str(part)
            .decode_utf8_lossy()
            .into_owned()
    };
    let quote = parts.iter().map(decoded).collect::<Vec<_>>().join(" … ");
    (!quote.is_empty()).then_some(quote)
}

/// The address in one spelling: no scheme, no default port, no tracking parameters, escapes as
/// RFC 3986 normalises them.
fn plain(url: &Url, rules: &LinkRules) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let mut out = host.to_ascii_lowercase();
    let default = matches!(url.port(), None | Some(80 | 443));
    if let Some(port) = url.port().filter(|_| !default) {
        out.push(':');
        out.push_str(&port.to_string());
    }
    out.push_str(&normalised(url.path()));
    let kept: Vec<&str> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !pair.is_empty() && !rules.is_tracking(host, name)
        })
        .collect();
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&normalised(&kept.join("&")));
    }
    out
}

/// Escapes of unreserved characters are the characters; all others are in upper case.
fn normalised(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escape {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
                at += 3;
            }
            Some(byte) => {
                out.push_str(&percent_encoding::percent_encode_byte(byte).to_ascii_uppercase());
                at += 3;
            }
            None => {
                // `url` has escaped all else, so what stands here is ASCII.
                out.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(written: &str) -> LinkTarget {
        resolve(written, LinkRules::shipped(), &[]).unwrap()
    }

    #[test]
    fn spellings_of_one_address_are_one_link() {
        for (a, b) in [
            ("http://a.example/x", "https://A.EXAMPLE:443/x"),
            ("http://a.example:80/", "http://a.example"),
            ("https://a.example/a/../x/./y", "https://a.example/x/y"),
            (
                "https://a.example/%7eu/%e8%b7%af",
                "https://a.example/~u/路",
            ),
            (
                "https://a.example/x?utm_source=y&id=1&fbclid=2",
                "https://a.example/x?id=1",
            ),
            ("https://a.example/x#part", "https://a.example/x"),
            (
                "https://web.archive.org/web/2020/https://a.example/x",
                "https://a.example/x",
            ),
            ("doi:10.1000/X", "http://dx.doi.org/10.1000/X"),
            ("https://link.cnki.net/doi/10.13334/j.x", "10.13334/j.x"),
            (
                "https://kns.cnki.net/KCMS/detail/detail.aspx?dbcode=CJFD&dbname=CJFDLAST2019&filename=abc201901001&v=1",
                "https://kns.cnki.net/kns8/detail?DbCode=CJFD&FileName=ABC201901001",
            ),
            (
                "https://mp.weixin.qq.com/s?__biz=MzA=&mid=1&idx=1&sn=ab&chksm=9&scene=21#wechat_redirect",
                "http://mp.weixin.qq.com/s?__biz=MzA=&mid=1&idx=1&sn=ab",
            ),
            (
                "http://www.xinhuanet.com/politics/2023-05/08/c_1129597123.htm",
                "https://www.news.cn/politics/c_1129597123.htm",
            ),
            (
                "http://politics.people.com.cn/n1/2023/0508/c1001-32680123.html",
                "http://politics.people.com.cn/n1/2023/0508/c1001-32680123.html?form=rect",
            ),
            (
                "https://arxiv.org/pdf/2101.00001v2.pdf",
                "arxiv:2101.00001v2",
            ),
        ] {
            assert_eq!(link(a).identity, link(b).identity, "{a} {b}");
        }
    }

    #[test]
    fn other_addresses_are_other_links() {
        for (a, b) in [
            ("https://a.example/x", "https://a.example/X"),
            ("https://a.example/x", "https://a.example/x/"),
            ("https://a.example/x", "https://www.a.example/x"),
            ("https://a.example/x?from=1", "https://a.example/x"),
            ("https://a.example:8080/", "https://a.example/"),
            ("https://a.example/%2Fx", "https://a.example//x"),
            ("https://a.example/#/x", "https://a.example/#/y"),
            ("https://a.example/#!x", "https://a.example/"),
            (
                "https://kns.cnki.net/kcms2/article/abstract?v=abc",
                "https://kns.cnki.net/kcms2/article/abstract?v=abd",
            ),
            (
                "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMn",
                "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMN",
            ),
            (
                "http://www.gov.cn/zhengce/content_5678901.htm",
                "http://www.gov.cn/zhengce/content_5678902.htm",
            ),
        ] {
            assert_ne!(link(a).identity, link(b).identity, "{a} {b}");
        }
    }

    #[test]
    fn fragments_say_what_is_cited() {
        let quoted = link("https://a.example/x#:~:text=the%20passage,its%20end");
        assert_eq!(quoted.quote.as_deref(), Some("the passage … its end"));
        assert_eq!(quoted.fragment, None);
        let both = link("https://a.example/x#sec2:~:text=pre-,a,-post");
        assert_eq!(
            (both.fragment.as_deref(), both.quote.as_deref()),
            (Some("sec2"), Some("a"))
        );
        assert_eq!(link("https://a.example/x.pdf#page=12").page, Some(12));
        assert!(link("https://a.example/#/x").is_script);
        assert_eq!(
            link("https://a.example/x#%E8%B7%AF").fragment.as_deref(),
            Some("路")
        );
        assert!(link("https://a.example/x#y").url.fragment().is_none());
    }

    #[test]
    fn a_copy_that_an_author_cites_is_kept() {
        let cited = link("https://web.archive.org/web/20200102/https://a.example/x");
        assert_eq!(cited.copy.unwrap().time, "20200102");
        assert!(link("https://archive.ph/AbCdE").is_unfetchable);
    }
}
