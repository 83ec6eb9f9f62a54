//! Which reference page is needed before a missing record is judged, and its address.
//!
//! Only for a page that came with 200 and does not meet the expectations, never for a healthy one.
//! One page of each kind per host and month (`engine` keeps it), so that a site gets no more
//! requests than from a reader's typing error.

use url::Url;

use super::page::BodyKind;
use super::reading::Reading;
use crate::model::measurement::Measurement;
use crate::model::probe::{Method, Probe, Target};
use crate::model::reference::ReferenceKind;
use crate::model::{Code, Verdict};

/// Characters that are appended to a made-up name, so that no record has it.
const MORE: usize = 12;
/// The rule for "same as a made-up address": a page that the whole host shows has its own rule.
pub(super) const AS_FOR_NO_ITEM: &str = "content.soft_404.stranger";
/// Path and query of a made-up address are at most as long as in a normal address.
const MAX_NAME: usize = 80;

/// The next page for the comparison, if any: its kind and its address. `seed` makes up an address.
#[must_use]
pub fn wanted(
    reading: &Reading,
    verdict: &Verdict,
    m: &Measurement,
    probe: &Probe,
    seed: u64,
) -> Option<(ReferenceKind, Url)> {
    let Target::Url(url) = &probe.target else {
        return None;
    };
    let unexplained = matches!(
        verdict.code,
        Code::ContentChanged | Code::ContentEmpty | Code::ContentReplaced | Code::ContentMoved
    ) || verdict.rule == AS_FOR_NO_ITEM;
    let served = m.last_request().is_some_and(|r| r.response.code == 200);
    let fit = unexplained && served && reading.kind == BodyKind::Html && reading.has_markers;
    if !fit || probe.method != Method::Get || is_root(url) {
        return None;
    }
    let there = m.extra().map_or(&[][..], |x| x.references.as_slice());
    let kind = ReferenceKind::FETCHED
        .into_iter()
        .find(|kind| there.iter().all(|r| r.kind != *kind))?;
    let address = match kind {
        ReferenceKind::MadeUp => made_up_url(url, seed)?,
        ReferenceKind::Home => url.join("/").ok()?,
        ReferenceKind::Healthy => return None,
    };
    Some((kind, address))
}

fn is_root(url: &Url) -> bool {
    url.path().trim_matches('/').is_empty() && url.query().is_none()
}

/// A made-up address similar to `url`. Its last name, every part of its path with a digit (sites
/// with numbered records ignore the name after the number), and every value of its query get other
/// letters and other digits, and twelve more characters. The extension stays, because servers
/// decide by it (Bar-Yossef et al., "Sic transit gloria telae", 2004), and so does the name of a
/// program with a query.
#[must_use]
pub fn made_up_url(url: &Url, seed: u64) -> Option<Url> {
    let mut dice = Dice(seed | 1);
    let mut made = url.clone();
    made.set_fragment(None);
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(key, value)| (key.into_owned(), dice.like(&value)))
        .collect();
    let parts: Vec<&str> = url.path_segments()?.collect();
    let last = parts.iter().rposition(|part| !part.is_empty());
    let path: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(n, part)| {
            let is_last = Some(n) == last;
            let is_asked = is_last && !pairs.is_empty() && is_program(part);
            let numbered = part.bytes().any(|b| b.is_ascii_digit());
            match part.rsplit_once('.') {
                _ if is_asked || !(is_last || numbered) => (*part).to_owned(),
                Some((stem, extension)) if is_last => format!("{}.{extension}", dice.like(stem)),
                _ => dice.like(part),
            }
        })
        .collect();
    made.set_path(&path.join("/"));
    if !pairs.is_empty() {
        made.query_pairs_mut().clear().extend_pairs(pairs);
    }
    (made != *url).then_some(made)
}

/// `detail.aspx?id=1`: the query names the record.
fn is_program(name: &str) -> bool {
    let programs = [".php", ".asp", ".aspx", ".jsp", ".do", ".cgi", ".action"];
    let name = name.to_ascii_lowercase();
    programs.iter().any(|p| name.ends_with(p))
}

/// Xorshift64 is enough for made-up names.
struct Dice(u64);

impl Dice {
    fn next(&mut self, sides: u8) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let sides = u64::from(sides.max(1));
        u8::try_from((self.0 >> 32) % sides).unwrap_or(0)
    }

    /// Other characters of the same classes, and some more of the last class.
    fn like(&mut self, text: &str) -> String {
        let mut out: String = text.chars().take(MAX_NAME).map(|c| self.other(c)).collect();
        let last = text.chars().rev().find(char::is_ascii_alphanumeric);
        for _ in 0..MORE {
            let c = self.other(last.unwrap_or('x'));
            out.push(c);
        }
        out
    }

    fn other(&mut self, c: char) -> char {
        match c {
            '0'..='9' => char::from(b'1' + self.next(9)),
            'A'..='Z' => char::from(b'A' + self.next(26)),
            'a'..='z' => char::from(b'a' + self.next(26)),
            c if c.is_alphanumeric() => char::from(b'a' + self.next(26)),
            c => c,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(url: &str) -> String {
        made_up_url(&url.parse().unwrap(), 77).unwrap().to_string()
    }

    #[test]
    fn an_address_keeps_its_shape() {
        for (url, like) in [
            (
                "https://a.cn/art/202/art_81_4.html",
                r"^https://a\.cn/art/\d{15}/[a-z]{3}_\d{2}_\d{13}\.html$",
            ),
            (
                "https://a.cn/Detail.aspx?dbcode=CJFD&id=12",
                r"^https://a\.cn/Detail\.aspx\?dbcode=[A-Z]{16}&id=\d{14}$",
            ),
            ("https://a.cn/sj/zxfb/", r"^https://a\.cn/sj/[a-z]{16}/$"),
            (
                "https://a.cn/doc/77/title?lang=en",
                r"^https://a\.cn/doc/\d{14}/[a-z]{17}\?lang=[a-z]{14}$",
            ),
            ("https://a.cn/?p=7", r"^https://a\.cn/\?p=\d{13}$"),
        ] {
            let got = made(url);
            assert!(regex::Regex::new(like).unwrap().is_match(&got), "{got}");
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_address_and_another_another() {
        let url: Url = "https://a.cn/t1.html".parse().unwrap();
        assert_eq!(made_up_url(&url, 5), made_up_url(&url, 5));
        assert_ne!(made_up_url(&url, 5), made_up_url(&url, 9));
    }

    proptest::proptest! {
        #[test]
        fn any_address_gives_another_of_the_same_host(path in "[ -~]{0,60}", seed in 0u64..) {
            if let Ok(url) = Url::parse(&format!("https://a.cn/{path}"))
                && let Some(other) = made_up_url(&url, seed)
            {
                proptest::prop_assert!(other != url);
                proptest::prop_assert_eq!(other.host_str(), Some("a.cn"));
            }
        }
    }
}
