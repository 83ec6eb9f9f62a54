//! Whether two hosts belong to one site.

/// The part of a host that is registered, by the Public Suffix List: `kns.cnki.net` gives
/// `cnki.net`, `data.stats.gov.cn` gives `stats.gov.cn`. Addresses and public suffixes stand for
/// themselves.
#[must_use]
pub fn registrable(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return host;
    }
    let lower = host.to_ascii_lowercase();
    let length = psl::domain_str(&lower).map_or(host.len(), str::len);
    &host[host.len() - length..]
}

/// Whether two hosts, in any case, belong to one site.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    registrable(a).eq_ignore_ascii_case(registrable(b))
}

/// Names of home pages, without their extension.
const HOMES: &[&str] = &["index", "default", "home", "main", "portal"];
/// Folders with editions of a home page.
const EDITIONS: &[&str] = &[
    "zh", "cn", "zh-cn", "zh_cn", "chs", "gb", "tw", "zh-tw", "big5", "en", "eng", "english", "kr",
    "ko", "m",
];

/// Whether an address is that of a site's home page: its root, an edition's root, or an index in
/// one of them.
#[must_use]
pub fn is_home(url: &url::Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let mut parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let index = |part: &&str| HOMES.contains(&part.split('.').next().unwrap_or(part));
    if parts.last().is_some_and(index) {
        parts.pop();
    }
    url.query().is_none() && parts.len() <= 1 && parts.iter().all(|p| EDITIONS.contains(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_pages() {
        let is = |path: &str| is_home(&format!("https://a.cn{path}").parse().unwrap());
        for path in [
            "/",
            "",
            "/index.html",
            "/Index",
            "/default.aspx",
            "/cn/",
            "/en/index.htm",
            "/home",
        ] {
            assert!(is(path), "{path}");
        }
        for path in [
            "/sj/",
            "/indexes/1",
            "/art/index.html",
            "/?id=1",
            "/home/a",
            "/cn/en/",
        ] {
            assert!(!is(path), "{path}");
        }
    }

    #[test]
    fn what_is_registered() {
        for (host, want) in [
            ("kns.cnki.net", "cnki.net"),
            ("cnki.net", "cnki.net"),
            ("data.stats.gov.cn", "stats.gov.cn"),
            ("www.bj.cn", "www.bj.cn"),
            ("a.blog.example.co.uk", "example.co.uk"),
            ("WWW.Stats.GOV.cn", "Stats.GOV.cn"),
            ("a.b.go.kr", "b.go.kr"),
            ("gov.cn", "gov.cn"),
            ("localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
            ("", ""),
        ] {
            assert_eq!(registrable(host), want);
        }
        assert!(same("KNS.cnki.net", "oversea.cnki.net") && !same("a.gov.cn", "b.gov.cn"));
    }
}
