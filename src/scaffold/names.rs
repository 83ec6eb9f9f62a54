//! Names in pages: those given by people are stable, generated ones change.

use crate::config::import::slug;

/// Words for appearance or position instead of meaning.
const LOOKS: &[&str] = &[
    "active",
    "on",
    "off",
    "cur",
    "current",
    "selected",
    "hover",
    "show",
    "hide",
    "hidden",
    "open",
    "clear",
    "clearfix",
    "cf",
    "fl",
    "fr",
    "left",
    "right",
    "center",
    "first",
    "last",
    "odd",
    "even",
    "row",
    "col",
    "container",
    "wrap",
    "wrapper",
    "inner",
    "outer",
    "box",
    "w",
    "h",
    "p",
    "m",
    "mt",
    "mb",
    "pt",
    "pb",
    "flex",
    "grid",
    "block",
    "red",
    "blue",
    "bold",
    "app",
    "root",
    "page",
    "body",
    "all",
];

/// Words of the frame of a page, which error pages have too.
const FURNITURE: &[&str] = &[
    "nav",
    "menu",
    "foot",
    "footer",
    "head",
    "header",
    "top",
    "banner",
    "login",
    "logo",
    "search",
    "ad",
    "ads",
    "side",
    "sidebar",
    "aside",
    "crumb",
    "crumbs",
    "breadcrumb",
    "copyright",
    "share",
    "captcha",
    "verify",
    "modal",
    "popup",
    "dialog",
    "toolbar",
    "links",
    "friend",
    "friendlink",
    "cookie",
    "lang",
    "language",
    "tab",
    "tabs",
    "weixin",
    "qrcode",
    "swiper",
    "carousel",
];

/// Prefixes of names that style tools and frameworks generate.
const MADE: &[&str] = &[
    "css-",
    "sc-",
    "jss",
    "ember",
    "ng-",
    "svelte-",
    "emotion",
    "data-v",
    "react",
    "chakra",
    "mui",
    "el-id",
    "ext-gen",
    "yui_",
    "layui-layer",
    "uid",
    "id_",
    "_next",
    "__",
];

/// Whether a name may be used in a selector: plain, and probably given by a person.
#[must_use]
pub(super) fn is_stable(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let lower = name.to_ascii_lowercase();
    (2..=40).contains(&name.len())
        && name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && name.bytes().all(plain)
        && !MADE.iter().any(|made| lower.starts_with(made))
        && !LOOKS.contains(&lower.as_str())
        && name.split(['-', '_']).all(|part| !is_made(part))
}

/// Whether a name belongs to the frame of every page.
#[must_use]
pub(super) fn is_furniture(name: &str) -> bool {
    words(name)
        .iter()
        .any(|word| FURNITURE.contains(&word.as_str()))
}

/// The words of a name, separated by hyphens, underscores and capitals; digits at the end are
/// dropped.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        let border = matches!(c, '-' | '_') || c.is_ascii_uppercase() && was_lower;
        if border {
            words.push(String::new());
        }
        was_lower = c.is_ascii_lowercase();
        if c.is_ascii_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
    }
    words
}

/// Whether part of a name is generated: digits among its letters, many digits, no vowel, or mixed
/// capitals.
fn is_made(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let among = letters.bytes().any(|b| b.is_ascii_digit());
    let vowel = |b: u8| b"aeiouyAEIOUY".contains(&b);
    let bumps = part
        .as_bytes()
        .windows(2)
        .filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase())
        .count();
    digits >= 3
        || among
        || part.len() >= 6 && !part.bytes().any(vowel)
        || bumps >= 2 && part.len() < 4 * (bumps + 1)
}

/// Labels of hosts that do not identify the site.
const COMMON: &[&str] = &[
    "www", "com", "net", "org", "gov", "edu", "ac", "co", "mil", "m",
];

/// An id for a new source, from its host: `www.stats.gov.cn` gives `stats`. An id in `taken` gets a
/// number.
#[must_use]
pub fn source_id(url: &url::Url, taken: impl Fn(&str) -> bool) -> String {
    let host = url.host_str().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let own = labels.iter().rev().skip(1).find(|l| !COMMON.contains(l));
    let name = match url.host() {
        Some(url::Host::Domain(_)) => own.copied().unwrap_or(host),
        _ => host,
    };
    let name = match slug(name, 48) {
        name if name.bytes().all(|b| b.is_ascii_digit() || b == b'.') => format!("host-{name}"),
        name => name,
    };
    let numbered = (2..).map(|n: u32| format!("{name}-{n}"));
    let mut candidates = std::iter::once(name.clone()).chain(numbered);
    candidates.find(|id| !taken(id)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_stay_and_made_ones_are_left() {
        for name in [
            "pdfDown",
            "list-content",
            "detail-title",
            "ChDivSummary",
            "h1",
            "wx-tit",
            "news_list2",
            "zwgk",
        ] {
            assert!(is_stable(name), "{name}");
        }
        for name in [
            "css-1x2y3z",
            "sc-bdVaJa",
            "ember1234",
            "a1b2c3",
            "Title_x7Yz2",
            "jss12",
            "_next",
            "clearfix",
            "on",
            "x",
            "item-20261103",
            "kQxVbN",
            "bdfghjk",
            "a:b",
            "列表",
            "id_9",
        ] {
            assert!(!is_stable(name), "{name}");
        }
        assert!(
            is_furniture("topNav") && is_furniture("page-footer") && is_furniture("search_box")
        );
        assert!(
            !is_furniture("list-content")
                && !is_furniture("stopwords")
                && !is_furniture("headline")
        );
    }

    #[test]
    fn sources_are_named_by_their_host() {
        let id = |url: &str| source_id(&url::Url::parse(url).unwrap(), |id| id == "cnki");
        assert_eq!(id("https://www.stats.gov.cn/sj/"), "stats");
        assert_eq!(id("https://kns.cnki.net/"), "cnki-2");
        assert_eq!(id("http://127.0.0.1:80/"), "host-127.0.0.1");
        assert_eq!(id("http://localhost/"), "localhost");
        assert_eq!(id("https://www.gov.cn/"), "www.gov.cn");
    }
}
