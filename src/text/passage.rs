//! Finds a quoted passage in a text: exactly, or nearly, with the figures that differ.
//!
//! White space, letter case, and the forms of quotation marks and dashes do not count: a passage in
//! a footnote is typed again, or comes out of a PDF. The best window is found by Sellers' algorithm
//! (edit distance to any part of a text) with Ukkonen's cut-off, so that the time is bounded by the
//! lengths of both.

use super::figures::figures;
use super::normalise::nfkc;

/// How many characters of a passage are searched for.
pub const MAX_PASSAGE: usize = 1_000;
/// How many characters of a text are searched.
pub const MAX_SEARCHED: usize = 65_536;
/// A window has at most this share of its passage's characters wrong.
const MAX_DIFFERENCE: f64 = 0.15;
/// A shorter piece is found only exactly.
const SHORTEST_NEAR: usize = 8;
/// What stands for a figure; it is in no text, which has no control characters.
const FIGURE: char = '\u{1}';
/// How many places of a piece are tried.
const MAX_PLACES: usize = 1_000;

/// What has become of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassageMatch {
    /// All of the passage is there, perhaps with small differences in wording, and with the same
    /// figures.
    Found,
    /// The passage is there, and a figure in it differs.
    FigureDiffers(FigureChange),
    Missing,
}

/// A figure as it was cited, and as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureChange {
    pub was: String,
    /// `None` when no figure stands in its place.
    pub now: Option<String>,
}

/// A text made ready for searches.
#[derive(Debug, Clone, Default)]
pub struct Searchable {
    text: String,
    masked: Masked,
}

/// A text in which each figure is one character, so that a figure that changed leaves its window.
#[derive(Debug, Clone, Default)]
struct Masked {
    chars: Vec<char>,
    /// The figures, with their places among the characters.
    figures: Vec<(usize, String)>,
}

impl Masked {
    fn new(text: &[char]) -> Self {
        let mut masked = Self::default();
        let mut at = 0;
        for figure in figures(text) {
            masked.chars.extend(&text[at..figure.place.start]);
            at = figure.place.end;
            masked.figures.push((masked.chars.len(), figure.value));
            masked.chars.push(FIGURE);
        }
        masked.chars.extend(&text[at..]);
        masked
    }
}

impl Searchable {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let chars = compact(text, MAX_SEARCHED);
        Self {
            text: chars.iter().collect(),
            masked: Masked::new(&chars),
        }
    }

    /// What has become of a passage; pieces parted by an ellipsis are found one by one. `None` for
    /// a passage without a letter or digit.
    #[must_use]
    pub fn find(&self, passage: &str) -> Option<PassageMatch> {
        let chars = compact(passage, MAX_PASSAGE);
        let pieces = pieces(&chars);
        if pieces.is_empty() {
            return None;
        }
        let mut differs = None;
        for piece in pieces {
            match self.find_piece(piece) {
                PassageMatch::Found => {}
                PassageMatch::Missing => return Some(PassageMatch::Missing),
                PassageMatch::FigureDiffers(change) => {
                    differs.get_or_insert(change);
                }
            }
        }
        Some(differs.map_or(PassageMatch::Found, PassageMatch::FigureDiffers))
    }

    fn find_piece(&self, piece: &[char]) -> PassageMatch {
        if self.stands_exactly(piece) {
            return PassageMatch::Found;
        }
        let piece = Masked::new(piece);
        let Some((start, end)) = self.nearest(&piece.chars) else {
            return PassageMatch::Missing;
        };
        let all = self.masked.figures.iter();
        let window: Vec<&String> = all
            .filter(|(at, _)| (start..end).contains(at))
            .map(|(_, value)| value)
            .collect();
        match differing_figure(&piece.figures, &window) {
            Some(change) => PassageMatch::FigureDiffers(change),
            None => PassageMatch::Found,
        }
    }

    /// Whether a piece occurs unchanged, and not as a part of longer numbers.
    fn stands_exactly(&self, piece: &[char]) -> bool {
        let needle: String = piece.iter().collect();
        let found = memchr::memmem::find_iter(self.text.as_bytes(), needle.as_bytes());
        found.take(MAX_PLACES).any(|at| {
            let before = self.text[..at].chars().next_back();
            let mut behind = self.text[at + needle.len()..].chars();
            let next = behind.next();
            let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let has_decimals = matches!(next, Some('.' | ',')) && goes_on(behind.next());
            let first = piece.first().is_some_and(char::is_ascii_digit);
            let last = piece.last().is_some_and(char::is_ascii_digit);
            !(first && goes_on(before) || last && (goes_on(next) || has_decimals))
        })
    }

    /// The window with the smallest edit distance, when that is small enough.
    fn nearest(&self, piece: &[char]) -> Option<(usize, usize)> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 150
        #[allow(clippy::cast_precision_loss)]
        let most = (piece.len() as f64 * MAX_DIFFERENCE) as usize;
        if piece.len() < SHORTEST_NEAR || most == 0 {
            return None;
        }
        // A row a character of the piece: the distance, and where its window starts.
        let mut rows: Vec<(usize, usize)> = (0..=piece.len()).map(|n| (n, 0)).collect();
        let mut last = most;
        let mut best: Option<(usize, usize, usize)> = None;
        for (at, c) in self.masked.chars.iter().enumerate() {
            let mut diagonal = rows[0];
            rows[0] = (0, at + 1);
            let end = (last + 1).min(piece.len());
            for row in 1..=end {
                let differs = usize::from(piece[row - 1] != *c);
                let same = (diagonal.0 + differs, diagonal.1);
                // Beyond the last row that matters, the value of the column before is too great.
                let left = if row <= last {
                    (rows[row].0 + 1, rows[row].1)
                } else {
                    (most + 1, at)
                };
                let up = (rows[row - 1].0 + 1, rows[row - 1].1);
                diagonal = rows[row];
                rows[row] = [same, left, up]
                    .into_iter()
                    .min_by_key(|(distance, _)| *distance)
                    .unwrap_or(same);
            }
            last = end;
            while last > 0 && rows[last].0 > most {
                last -= 1;
            }
            if last == piece.len() && best.is_none_or(|(least, ..)| rows[last].0 < least) {
                best = Some((rows[last].0, rows[last].1, at + 1));
            }
        }
        best.map(|(_, start, end)| (start, end))
    }
}

/// The first figure of a piece that is missing in its window.
fn differing_figure(was: &[(usize, String)], now: &[&String]) -> Option<FigureChange> {
    let mut left = now.iter();
    for (n, (_, figure)) in was.iter().enumerate() {
        if left.any(|other| *other == figure) {
            continue;
        }
        let there = now.get(n).filter(|_| now.len() == was.len());
        return Some(FigureChange {
            was: figure.clone(),
            now: there.map(|other| (*other).clone()),
        });
    }
    None
}

/// The text in NFKC and lower case, without white space and unseen characters, with one form of
/// quotation marks and dashes.
fn compact(text: &str, most: usize) -> Vec<char> {
    let mut out = Vec::new();
    for c in nfkc(text).chars() {
        if out.len() >= most {
            break;
        }
        match c {
            c if c.is_whitespace() || c.is_control() => {}
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            '\u{201c}'..='\u{201f}' | '\u{300c}'..='\u{300f}' | '\u{ab}' | '\u{bb}' => {
                out.push('"');
            }
            '\u{2018}'..='\u{201b}' => out.push('\''),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out.truncate(most);
    out
}

/// The pieces of a passage between its ellipses, without those that say nothing. (NFKC makes three
/// dots of `…`.)
fn pieces(chars: &[char]) -> Vec<&[char]> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < chars.len() {
        let dots = chars[at..].iter().take_while(|c| **c == '.').count();
        if dots >= 3 {
            pieces.push(&chars[start..at]);
            start = at + dots;
        }
        at += dots.max(1);
    }
    pieces.push(&chars[start..]);
    pieces
        .into_iter()
        .map(trimmed)
        .filter(|piece| piece.iter().any(|c| c.is_alphanumeric()))
        .collect()
}

/// The brackets of `[...]` and marks at the ends of a piece are not part of what is quoted.
fn trimmed(mut piece: &[char]) -> &[char] {
    let is_mark = |c: &char| matches!(c, '[' | ']' | '(' | ')' | '"' | '\'' | ',' | '。' | '.');
    while let Some((first, rest)) = piece.split_first()
        && is_mark(first)
    {
        piece = rest;
    }
    while let Some((last, rest)) = piece.split_last()
        && is_mark(last)
    {
        piece = rest;
    }
    piece
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "初步核算，全年国内生产总值1349084亿元，按不变价格计算，比上年增长5.0%。\n\
        Analysts “expected” growth of 4.8 per cent – no more – in the second half of the year.";

    fn find(passage: &str) -> Option<PassageMatch> {
        Searchable::new(PAGE).find(passage)
    }

    fn change(was: &str, now: &str) -> PassageMatch {
        PassageMatch::FigureDiffers(FigureChange {
            was: was.to_owned(),
            now: Some(now.to_owned()),
        })
    }

    #[test]
    fn a_passage_is_found_however_it_is_typed() {
        for passage in [
            "全年国内生产总值1349084亿元，按不变价格计算，比上年增长5.0%。",
            "全年国内生产总值 1349084 亿元,按不变价格计算,比上年增长 5.0%",
            "analysts \"expected\" growth of 4.8 per cent - no more",
            // A word more, a word less.
            "全年的国内生产总值1349084亿元，按不变价格，比上年增长5.0%",
            "初步核算，全年国内生产总值1349084亿元……增长5.0%",
            "Analysts [...] growth of 4.8 per cent",
        ] {
            assert_eq!(find(passage), Some(PassageMatch::Found), "{passage}");
        }
    }

    #[test]
    fn a_figure_that_differs_is_named() {
        assert_eq!(
            find("全年国内生产总值1260582亿元，按不变价格计算，比上年增长5.0%"),
            Some(change("1260582亿", "1349084亿"))
        );
        assert_eq!(
            find("按不变价格计算，比上年增长5.2%"),
            Some(change("5.2%", "5%"))
        );
        // A part of a longer number is another number.
        assert_eq!(
            find("初步核算，全年国内生产总值134908"),
            Some(change("134908", "1349084亿"))
        );
    }

    #[test]
    fn another_text_is_missing() {
        assert_eq!(
            find("居民消费价格比上年上涨，工业生产者出厂价格下降"),
            Some(PassageMatch::Missing)
        );
        assert_eq!(find("增长5.1%"), Some(PassageMatch::Missing));
        assert_eq!(
            find("全年国内生产总值……城镇新增就业"),
            Some(PassageMatch::Missing)
        );
        assert_eq!(find(" … “”"), None);
    }

    /// The cut-off gives what the whole table gives.
    fn distance_to_any_part(piece: &[char], text: &[char]) -> usize {
        let mut column: Vec<usize> = (0..=piece.len()).collect();
        let mut least = piece.len();
        for c in text {
            let mut diagonal = column[0];
            column[0] = 0;
            for row in 1..=piece.len() {
                let same = diagonal + usize::from(piece[row - 1] != *c);
                diagonal = column[row];
                column[row] = same.min(column[row] + 1).min(column[row - 1] + 1);
            }
            least = least.min(column[piece.len()]);
        }
        least
    }

    proptest::proptest! {
        #[test]
        fn a_near_passage_is_found_when_one_is_there(piece in "[ab]{8,30}", text in "[abc]{0,80}") {
            let piece: Vec<char> = piece.chars().collect();
            let page = Searchable::new(&text);
            let least = distance_to_any_part(&piece, &page.masked.chars);
            let allowed = piece.len() * 15 / 100;
            proptest::prop_assert_eq!(page.nearest(&piece).is_some(), allowed > 0 && least <= allowed);
        }
    }

    #[test]
    fn hostile_lengths_take_bounded_time() {
        let began = std::time::Instant::now();
        let page = Searchable::new(&"ab".repeat(1_000_000));
        assert_eq!(page.masked.chars.len(), MAX_SEARCHED);
        let passage = "aab".repeat(100_000);
        assert_eq!(page.find(&passage), Some(PassageMatch::Missing));
        assert!(began.elapsed() < std::time::Duration::from_secs(30));
    }
}
