//! How much of a text is in another: runs of three units (3-grams) of its text without white
//! space.
//!
//! A unit is a character in Chinese, Japanese and Korean, and a word in other scripts: any two
//! English articles share half of their runs of three letters, and hardly a run of three words.
//! A number is one unit, whatever it is, because dates and counts change on a page that stays.

use super::normalise::nfkc;
use super::shingle;

/// How many units a gram has.
const LENGTH: usize = 3;
/// How many units of a text are read: more than 64 KiB of text have.
const MAX_UNITS: usize = 66_000;
/// A longer run of letters is read as several units.
const MAX_WORD: usize = 32;

/// The set of a text's grams, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grams(Vec<u32>);

impl Grams {
    /// Reads a text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let units = units(text);
        let gram = |units: &[u32]| {
            let bits: Vec<char> = units.iter().map(|unit| as_char(*unit)).collect();
            shingle::hash(&bits)
        };
        let mut grams: Vec<u32> = if units.len() < LENGTH {
            units.chunks(LENGTH).map(gram).collect()
        } else {
            units.windows(LENGTH).map(gram).collect()
        };
        grams.sort_unstable();
        grams.dedup();
        Self(grams)
    }

    /// How many different grams the text has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The share of these grams, 0 to 1, that are in `other`; `None` for an empty text.
    #[must_use]
    pub fn contained_in(&self, other: &Self) -> Option<f64> {
        shingle::kept(&self.0, &other.0)
    }
}

/// A hash as a character: [`shingle::hash`] takes characters. A few hashes meet, which does not
/// matter for three in a row.
fn as_char(unit: u32) -> char {
    char::from_u32(unit % 0xd800).unwrap_or('\0')
}

/// The units of a text, as hashes.
fn units(text: &str) -> Vec<u32> {
    let text = nfkc(text);
    let mut units = Vec::new();
    let mut word: Vec<char> = Vec::new();
    let mut is_number = false;
    for c in text.chars() {
        if units.len() >= MAX_UNITS {
            return units;
        }
        let is_digit = shingle::is_digit(c);
        let ends_word = !c.is_alphanumeric() || is_digit || stands_alone(c);
        if (ends_word || word.len() >= MAX_WORD) && !word.is_empty() {
            units.push(shingle::hash(&word));
            word.clear();
        }
        if is_digit {
            if !is_number {
                units.push(shingle::hash(&['#']));
            }
        } else if stands_alone(c) {
            units.push(shingle::hash(&[c]));
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        // `1,234.5` is one number.
        is_number = is_digit || is_number && matches!(c, ',' | '.');
    }
    if !word.is_empty() && units.len() < MAX_UNITS {
        units.push(shingle::hash(&word));
    }
    units
}

/// Characters of scripts without spaces, and Hangul, whose spaces writers set as they like.
fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{3041}'..='\u{30ff}' | '\u{3130}'..='\u{318f}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(reference: &str, now: &str) -> f64 {
        Grams::read(reference)
            .contained_in(&Grams::read(now))
            .unwrap()
    }

    const RIVERS: &str = "The committee reported that the water level of the river had risen by 12 cm \
                          since March, and that the dams above the city would be opened in turn.";
    const TRADE: &str = "The committee said that the volume of trade in the region had fallen since \
                         the spring, and that the tariffs on steel would be lifted in two steps.";

    #[test]
    fn a_text_is_found_in_a_longer_one_whatever_its_spaces_and_numbers() {
        let now = format!(
            "Home News {} Share",
            RIVERS.replace("12", "15").replace(' ', "\n ")
        );
        assert!((share(RIVERS, &now) - 1.0).abs() < 1e-9);
        let zh = "国家统计局发布2026年10月份居民消费价格，同比上涨。";
        assert!(
            share(
                zh,
                &format!("首页 {} 打印", zh.replace("2026年10", "2026 年 11"))
            ) > 0.99
        );
    }

    #[test]
    fn two_english_texts_of_one_kind_share_little() {
        assert!(share(RIVERS, TRADE) < 0.1, "{}", share(RIVERS, TRADE));
        assert!(share("국가통계포털의 이용 안내", "국립중앙도서관의 자료 검색") < 0.1);
    }

    #[test]
    fn short_and_empty_texts() {
        assert_eq!(Grams::read("  ，。").len(), 0);
        assert_eq!(Grams::read("水利").len(), 1);
        assert!((share("水利", "水利") - 1.0).abs() < 1e-9);
        assert!(Grams::read("").contained_in(&Grams::read("x")).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_text_contains_itself(text in "\\PC{0,80}") {
            let grams = Grams::read(&text);
            let share = grams.contained_in(&grams);
            proptest::prop_assert!(grams.is_empty() || share.is_some_and(|s| s > 0.999));
        }
    }
}
