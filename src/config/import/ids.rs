//! Ids of probes that depend only on the address: in a newer list, pages keep their ids.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use url::Url;

/// How many characters an id may have (`config::read::id`).
const MAX: usize = 64;
/// How many characters the readable part has before a hash.
const READABLE: usize = 44;

/// Existing ids, and new ones that do not collide with them.
#[derive(Debug, Default)]
pub(super) struct IdAllocator {
    taken: BTreeSet<String>,
}

impl IdAllocator {
    pub(super) fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Self {
            taken: taken.into_iter().collect(),
        }
    }

    /// An id for an address: `www.example.org` for the front page over HTTPS, otherwise readable
    /// words and a hash. A hash that is already used (by chance, or by a person) gets longer.
    pub(super) fn allocate(&mut self, url: &Url) -> String {
        let hash = hash(url.as_str());
        let plain = plain(url).filter(|id| id.len() <= MAX);
        let longer = [8, 16].map(|digits| format!("{}-{}", readable(url), &hash[..digits]));
        let candidates = plain.into_iter().chain(longer);
        let free = candidates.into_iter().find(|id| !self.taken.contains(id));
        let id = free.unwrap_or_else(|| hash[..MAX].to_owned());
        self.taken.insert(id.clone());
        id
    }
}

/// The host alone, if it identifies the address.
fn plain(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let whole = url.path() == "/" && url.query().is_none() && url.port().is_none();
    let name = host
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphanumeric());
    let letters = host
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    (url.scheme() == "https" && whole && name && letters).then(|| host.to_owned())
}

/// Host and path in letters, digits, dots and hyphens.
fn readable(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let text = format!("{}{}", host.trim_start_matches("www."), url.path());
    slug(&text, READABLE)
}

/// Text as an id of at most `max` characters; `list` when no character is allowed in an id.
#[must_use]
pub fn slug(text: &str, max: usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let begins = c.is_ascii_alphanumeric();
        let goes_on = matches!(c, '.' | '_') && !out.is_empty();
        if begins || goes_on {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= max {
            break;
        }
    }
    let out = out.trim_end_matches(['-', '.', '_']);
    if out.is_empty() {
        "list".to_owned()
    } else {
        out.to_owned()
    }
}

fn hash(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give(ids: &mut IdAllocator, url: &str) -> String {
        ids.allocate(&Url::parse(url).unwrap())
    }

    #[test]
    fn ids_are_readable_stable_and_apart() {
        let mut ids = IdAllocator::default();
        assert_eq!(
            give(&mut ids, "https://www.example.org/"),
            "www.example.org"
        );
        let plain = give(&mut ids, "http://www.example.org/");
        assert_eq!(
            plain,
            "example.org-4b7f9d11".replace("4b7f9d11", &plain[12..])
        );
        let paths = [
            "https://a.cn/x?y=1",
            "https://a.cn/x?y=2",
            "https://a.cn/x/",
        ];
        let first: Vec<String> = paths.iter().map(|p| give(&mut ids, p)).collect();
        let mut again = IdAllocator::default();
        let second: Vec<String> = paths.iter().rev().map(|p| give(&mut again, p)).collect();
        assert!(first.iter().rev().eq(&second), "{first:?} {second:?}");
        assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn an_id_that_is_taken_gets_a_longer_one() {
        let mut ids = IdAllocator::new(["a.cn".to_owned()]);
        let id = give(&mut ids, "https://a.cn/");
        assert!(id.starts_with("a.cn-") && id.len() == 13, "{id}");
    }

    #[test]
    fn file_names_become_ids() {
        assert_eq!(slug("cn (copy 2)", 64), "cn-copy-2");
        assert_eq!(slug("--网址.", 64), "list");
        assert_eq!(slug(&"x".repeat(90), 64).len(), 64);
    }

    proptest::proptest! {
        #[test]
        fn any_address_gets_a_valid_id(host in "[a-zA-Z0-9_.\\-]{1,80}", path in "\\PC{0,40}") {
            if let Ok(url) = Url::parse(&format!("https://{host}/{path}")) {
                let id = IdAllocator::default().allocate(&url);
                proptest::prop_assert!(id.len() <= MAX);
                proptest::prop_assert!(id.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric()));
                proptest::prop_assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
            }
        }
    }
}
