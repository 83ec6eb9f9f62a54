//! How similar two texts are in any language: sets of character shingles.
//!
//! Chinese has no spaces, so words cannot be counted; runs of three characters can. Differences
//! between two answers of the same error page are masked first: the address that it echoes, and
//! digits, which includes dates and times. Sets are compared by their smallest hashes (a bottom-k
//! sketch: Broder, "On the resemblance and containment of documents", 1997), so that a record can
//! hold a sketch; for short texts the comparison is exact.

use url::Url;

use crate::model::reference::Sketch;

/// How many characters a shingle has.
const LENGTH: usize = 3;
/// How many characters of a text are read: an error page has fewer, and the start of a portal is
/// enough.
const MAX_CHARS: usize = 20_000;
/// How many hashes a sketch keeps: the error of a share is about 1/16.
const KEPT: usize = 256;
/// How many pieces of an address are masked; the next constant is the shortest that is.
const MAX_PIECES: usize = 24;
const SHORTEST_PIECE: usize = 4;

/// How similar two texts are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// The Jaccard index of their shingles, 0 to 1.
    pub share: f64,
    /// About how many shingles only the first text has.
    pub own: u32,
}

/// The text without white space, in lower case, with the address it may echo and all numbers
/// masked.
#[must_use]
pub fn mask(text: &str, address: &Url) -> String {
    let mut masked = compact(text);
    for piece in pieces(address) {
        let piece = compact(&piece);
        if masked.contains(&piece) {
            masked = masked.replace(&piece, "\u{1}");
        }
    }
    // Runs without a digit are copied whole.
    let (mut out, mut copied) = (String::with_capacity(masked.len()), 0);
    for (at, c) in masked.char_indices() {
        if is_digit(c) {
            out.push_str(&masked[copied..at]);
            if !out.ends_with('#') {
                out.push('#');
            }
            copied = at + c.len_utf8();
        }
    }
    out.push_str(&masked[copied..]);
    out
}

/// The first characters of a text that are no white space, in lower case. Runs of characters that
/// are the same in lower case are copied whole: most characters of a Chinese or Korean page.
fn compact(text: &str) -> String {
    // The lower case of a sigma depends on what is around it.
    if text.contains('\u{3a3}') {
        let seen = text.chars().filter(|c| !c.is_whitespace());
        return seen.take(MAX_CHARS).collect::<String>().to_lowercase();
    }
    let (mut out, mut copied) = (String::with_capacity(text.len()), 0);
    let mut left = MAX_CHARS;
    for (at, c) in text.char_indices() {
        if left == 0 {
            out.push_str(&text[copied..at]);
            return out;
        }
        left -= usize::from(!c.is_whitespace());
        if !is_same_in_lower_case(c) {
            out.push_str(&text[copied..at]);
            copied = at + c.len_utf8();
            if !c.is_whitespace() {
                out.extend(c.to_lowercase());
            }
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// Whether a character is known to be no white space and the same in lower case.
fn is_same_in_lower_case(c: char) -> bool {
    matches!(c, '!'..='@' | '['..='~' | '\u{3001}'..='\u{303f}' | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Part of a number that is masked; 一 and 二 are words.
#[must_use]
pub fn is_digit(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_digit(),
        '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => false,
        _ => c.is_numeric(),
    }
}

/// The parts of an address that an error page may repeat, longest first.
fn pieces(address: &Url) -> Vec<String> {
    let mut pieces = vec![address.to_string()];
    let query = address.query().unwrap_or_default();
    pieces.push(format!("{}?{query}", address.path()));
    pieces.push(address.path().to_owned());
    pieces.push(query.to_owned());
    pieces.extend(address.query_pairs().map(|(_, value)| value.into_owned()));
    for segment in address.path_segments().into_iter().flatten() {
        let decoded = url::form_urlencoded::parse(segment.as_bytes());
        pieces.extend(decoded.take(1).map(|(name, _)| name.into_owned()));
        pieces.push(segment.to_owned());
        pieces.extend(segment.rsplit_once('.').map(|(stem, _)| stem.to_owned()));
    }
    pieces.retain(|p| p.chars().count() >= SHORTEST_PIECE);
    pieces.sort_by_key(|p| std::cmp::Reverse(p.len()));
    pieces.dedup();
    pieces.truncate(MAX_PIECES);
    pieces
}

/// The hashes of a masked text's shingles, ascending, without duplicates.
#[must_use]
pub fn hashes(masked: &str) -> Vec<u32> {
    let chars: Vec<char> = masked.chars().take(MAX_CHARS).collect();
    let mut hashes: Vec<u32> = chars.windows(LENGTH).map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The share, 0 to 1, of `known`'s shingles that are in `hashes` (ascending): how much of a known
/// text is still present, whatever else is there (containment: Broder 1997). `None` when nothing is
/// known.
#[must_use]
pub fn kept(known: &[u32], hashes: &[u32]) -> Option<f64> {
    let there = known.iter().filter(|h| hashes.binary_search(h).is_ok());
    #[allow(clippy::cast_precision_loss)] // at most 256
    let share = || there.count() as f64 / known.len() as f64;
    (!known.is_empty()).then(share)
}

/// The sketch of a masked text.
#[must_use]
pub fn sketch(masked: &str) -> Sketch {
    let mut hashes = hashes(masked);
    let shingles = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
    hashes.truncate(KEPT);
    Sketch {
        shingles,
        smallest: hashes,
    }
}

const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
const FNV_PRIME_CUBED: u64 = FNV_PRIME.wrapping_mul(FNV_PRIME).wrapping_mul(FNV_PRIME);

/// FNV-1a over the code points, with mixed bits so that the smallest hashes are a fair sample.
pub(super) fn hash(shingle: &[char]) -> u32 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for c in shingle {
        let point = u64::from(*c);
        if point < 0x1_0000 {
            // Its two upper bytes are zero, and add two factors.
            h = (h ^ (point & 0xff)).wrapping_mul(FNV_PRIME);
            h = (h ^ (point >> 8)).wrapping_mul(FNV_PRIME_CUBED);
        } else {
            for byte in u32::from(*c).to_le_bytes() {
                h = (h ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
            }
        }
    }
    h ^= h >> 33;
    h = h.wrapping_mul(0xff51_afd7_ed55_8ccd);
    h ^= h >> 33;
    u32::try_from(h >> 32).unwrap_or_default()
}

/// Compares two sketches; a text without shingles is similar to nothing.
#[must_use]
pub fn compare(a: &Sketch, b: &Sketch) -> Similarity {
    let mut union: Vec<u32> = a.smallest.iter().chain(&b.smallest).copied().collect();
    union.sort_unstable();
    union.dedup();
    union.truncate(KEPT);
    if union.is_empty() {
        return Similarity { share: 0.0, own: 0 };
    }
    let has = |s: &Sketch, h: &u32| s.smallest.binary_search(h).is_ok();
    let both = union.iter().filter(|h| has(a, h) && has(b, h)).count();
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let share = count(both) / count(union.len());
    let common = share / (1.0 + share) * (f64::from(a.shingles) + f64::from(b.shingles));
    let own = (f64::from(a.shingles) - common).round().max(0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to MAX_CHARS
    let own = own as u32;
    Similarity { share, own }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, address: &str) -> Sketch {
        sketch(&mask(text, &address.parse().unwrap()))
    }

    #[test]
    fn an_error_page_is_like_itself_whatever_it_echoes() {
        let page = |path: &str, at: &str| {
            format!(
                "抱歉，您访问的资源 {path} 已经无法打开，可能已被移动或更名。当前时间 {at}，编号 {}。返回首页",
                at.len()
            )
        };
        let a = of(
            &page("/art/2020/1/1/art_81_4.html", "2026年11月25日 10:22"),
            "https://a.cn/art/2020/1/1/art_81_4.html",
        );
        let b = of(
            &page("/art/2020/1/1/xkq_93_7abcd.html", "2026年1月5日 9:03"),
            "https://a.cn/art/2020/1/1/xkq_93_7abcd.html",
        );
        let like = compare(&a, &b);
        assert!(like.share > 0.95 && like.own <= 3, "{like:?}");
    }

    /// Stored sketches were made by these plain definitions, so the fast ones give the same.
    fn plain_mask(text: &str) -> String {
        let seen = text.chars().filter(|c| !c.is_whitespace());
        let compact = seen.take(MAX_CHARS).collect::<String>().to_lowercase();
        let mut out = String::new();
        for c in compact.chars() {
            let is_ideograph = ('\u{3400}'..='\u{9fff}').contains(&c);
            if !c.is_numeric() || is_ideograph {
                out.push(c);
            } else if !out.ends_with('#') {
                out.push('#');
            }
        }
        out
    }

    fn plain_hash(shingle: &[char]) -> u32 {
        let mut h: u64 = 0xcbf2_9ce4_8422_2325;
        for c in shingle {
            for byte in u32::from(*c).to_le_bytes() {
                h = (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        h ^= h >> 33;
        h = h.wrapping_mul(0xff51_afd7_ed55_8ccd);
        h ^= h >> 33;
        u32::try_from(h >> 32).unwrap()
    }

    #[test]
    fn every_character_is_masked_as_the_plain_definition_says() {
        let address = "https://a.example/".parse().unwrap();
        for c in '\0'..=char::MAX {
            let text = format!("a{c}1B{c}{c}二");
            assert_eq!(
                mask(&text, &address),
                plain_mask(&text),
                "{:x}",
                u32::from(c)
            );
        }
        let long = "Ａ 9中".repeat(MAX_CHARS);
        assert_eq!(mask(&long, &address), plain_mask(&long));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_masked_and_hashed_as_the_plain_definition_says(
            text in "(\\PC|[Σσς一二9 #\u{1}İ한글]){0,60}"
        ) {
            let address = "https://a.example/".parse().unwrap();
            proptest::prop_assert_eq!(mask(&text, &address), plain_mask(&text));
            let chars: Vec<char> = text.chars().collect();
            for window in chars.windows(LENGTH) {
                proptest::prop_assert_eq!(hash(window), plain_hash(window));
            }
        }
    }

    #[test]
    fn an_article_is_not_like_an_error_page() {
        let article = of(
            "国家统计局城市司首席统计师解读2026年10月份CPI和PPI数据：居民消费价格同比上涨，环比持平，食品价格回落。",
            "https://a.cn/t1.html",
        );
        let error = of(
            "抱歉，您访问的资源已经无法打开，可能已被移动或更名。返回首页",
            "https://a.cn/t2.html",
        );
        let like = compare(&article, &error);
        assert!(like.share < 0.1 && like.own > 30, "{like:?}");
    }

    #[test]
    fn long_texts_are_estimated_well() {
        let text = |from: u32, to: u32| -> String {
            (from..to)
                .filter_map(|n| char::from_u32(0x4e00 + n * 7 % 20_000))
                .collect()
        };
        let address = "https://a.cn/x";
        let a = of(&text(0, 6000), address);
        let b = of(&text(1000, 7000), address);
        let like = compare(&a, &b);
        let true_share = 5000.0 / 7000.0;
        assert!((like.share - true_share).abs() < 0.1, "{like:?}");
        assert!(like.own.abs_diff(1000) < 500, "{like:?}");
        assert_eq!(a.smallest.len(), KEPT);
    }

    #[test]
    fn nothing_is_like_nothing() {
        let none = of("", "https://a.cn/");
        assert_eq!(compare(&none, &none), Similarity { share: 0.0, own: 0 });
        assert_eq!(of("甲乙", "https://a.cn/").shingles, 0);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_like_itself(text in "\\PC{3,200}") {
            let s = of(&text, "https://a.cn/x?id=1");
            let like = compare(&s, &s);
            proptest::prop_assert!(s.shingles == 0 || (like.share - 1.0).abs() < 1e-9 && like.own == 0);
        }
    }
}
