//! Lines become blocks of text, and the links that annotations mark find their text in them.

use std::ops::Range;

use hayro_interpret::kurbo::Point;

use super::annotations::MarkedLink;
use super::lines::Line;
use crate::links::read::block::{Block, Hyperlink};
use crate::links::read::broken_line::continues;
use crate::links::read::office::flow::merge;
use crate::model::citation::Place;

/// How many lines around a line say where the margin is.
const NEIGHBOURS: usize = 8;

/// Comparisons of characters with areas on one page. A page of links over links has more, and its
/// links are then reported without their text.
const COMPARISONS: usize = 20_000_000;

/// The blocks of a page.
pub fn blocks(lines: &[Line], marked: Vec<MarkedLink>, place: &Place) -> Vec<Block> {
    let mut drafts = drafts(lines);
    let characters: usize = drafts.iter().map(|draft| draft.characters.len()).sum();
    let areas: usize = marked.iter().map(|link| link.areas.len()).sum();
    let can_compare = characters.saturating_mul(areas) <= COMPARISONS;
    let mut without_text = Vec::new();
    for link in marked {
        let found = can_compare.then(|| find(&drafts, &link)).flatten();
        match found {
            Some((draft, range)) => drafts[draft].links.push(Hyperlink {
                range,
                target: link.target,
            }),
            None => without_text.push(link.target),
        }
    }
    let mut blocks: Vec<Block> = drafts
        .into_iter()
        .map(|draft| draft.finish(place))
        .collect();
    blocks.extend(without_text.into_iter().map(|target| Block {
        place: place.clone(),
        text: String::new(),
        links: vec![Hyperlink {
            range: 0..0,
            target,
        }],
        title: None,
        accessed: None,
    }));
    blocks
}

#[derive(Debug, Default)]
struct Draft {
    text: String,
    /// Where each character is in the text and on the page.
    characters: Vec<(Range<usize>, Point)>,
    links: Vec<Hyperlink>,
}

impl Draft {
    fn push(&mut self, line: &Line, separator: &str) {
        if separator.is_empty() {
            self.text.truncate(self.text.trim_end().len());
        }
        self.text.push_str(separator);
        let text = line.text.trim();
        let skipped = line.text.len() - line.text.trim_start().len();
        let from = self.text.len();
        self.text.push_str(text);
        let ends = line.pieces.iter().skip(1).map(|piece| piece.at);
        let ends = ends.chain([line.text.len()]);
        for (piece, end) in line.pieces.iter().zip(ends) {
            let start = piece.at.max(skipped) - skipped;
            let end = (end.max(skipped) - skipped).min(text.len());
            if start < end && !text[start..end].trim().is_empty() {
                // A space before the next character belongs to none.
                let shown = text[start..end].trim_end().len();
                let range = from + start..from + start + shown;
                self.characters.push((range, piece.middle));
            }
        }
    }

    fn finish(self, place: &Place) -> Block {
        let links = merge(self.links, &self.text);
        let mut links: Vec<Hyperlink> = links
            .into_iter()
            .map(|link| over_whole_address(link, &self.text))
            .collect();
        links.dedup();
        Block {
            place: place.clone(),
            text: self.text,
            links,
            title: None,
            accessed: None,
        }
    }
}

/// An annotation on the beginning of an address that is shown marks all of it.
fn over_whole_address(mut link: Hyperlink, text: &str) -> Hyperlink {
    let shown = &text[link.range.clone()];
    if !(shown.contains("://") || shown.starts_with("www.")) {
        return link;
    }
    let rest = &text[link.range.end..];
    let end = rest
        .find(|c: char| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"'))
        .unwrap_or(rest.len());
    let closing = ['.', ',', ';', ':', ')', ']', '}', '\'', '!', '?'];
    link.range.end += rest[..end].trim_end_matches(closing).len();
    link
}

/// The draft that shows most of a link, and the range of its text.
fn find(drafts: &[Draft], link: &MarkedLink) -> Option<(usize, Range<usize>)> {
    let mut best: Option<(usize, usize, Range<usize>)> = None;
    for (at, draft) in drafts.iter().enumerate() {
        let mut covered = draft
            .characters
            .iter()
            .filter(|(_, middle)| link.areas.iter().any(|area| area.holds(*middle)));
        let Some((first, _)) = covered.next() else {
            continue;
        };
        let (mut count, mut range) = (1, first.clone());
        for (character, _) in covered {
            count += 1;
            range.end = character.end;
        }
        if best.as_ref().is_none_or(|(most, ..)| count > *most) {
            best = Some((count, at, range));
        }
    }
    best.map(|(_, at, range)| (at, range))
}

/// How a line stands to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The next line of the same column.
    Below,
    /// Further along the same line.
    Beside,
    Elsewhere,
}

fn step(a: &Line, b: &Line) -> Step {
    let size = a.size.max(b.size);
    let drop = a.y - b.y;
    if a.turn != b.turn {
        Step::Elsewhere
    } else if drop.abs() < 0.3 * size && b.start >= a.end {
        Step::Beside
    } else if drop > 0.4 * size && drop < 3.0 * size && b.start < a.end && a.start < b.end {
        Step::Below
    } else {
        Step::Elsewhere
    }
}

/// The text of the page in blocks, without links.
fn drafts(lines: &[Line]) -> Vec<Draft> {
    let leading = usual_leading(lines);
    let mut drafts: Vec<Draft> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| lines.get(before));
        let separator = before.and_then(|before| match step(before, line) {
            Step::Elsewhere => None,
            Step::Beside => Some("\t"),
            Step::Below
                if continues(
                    before.text.trim_end(),
                    line.text.trim_start(),
                    is_full(lines, at - 1),
                ) =>
            {
                Some("")
            }
            Step::Below if begins_block(before, line, leading) => None,
            Step::Below => Some("\n"),
        });
        if let (Some(separator), Some(draft)) = (separator, drafts.last_mut()) {
            draft.push(line, separator);
        } else {
            let mut draft = Draft::default();
            draft.push(line, "");
            drafts.push(draft);
        }
    }
    drafts
}

/// The usual distance of lines on the page, in sizes of their font.
fn usual_leading(lines: &[Line]) -> f64 {
    let mut leadings: Vec<f64> = lines
        .windows(2)
        .filter(|pair| step(&pair[0], &pair[1]) == Step::Below)
        .map(|pair| (pair[0].y - pair[1].y) / pair[0].size.max(pair[1].size))
        .collect();
    leadings.sort_by(f64::total_cmp);
    leadings.get(leadings.len() / 2).copied().unwrap_or(1.2)
}

/// Whether a line below another begins a paragraph, a note or an entry.
fn begins_block(before: &Line, line: &Line, leading: f64) -> bool {
    let size = before.size.max(line.size);
    let drop = (before.y - line.y) / size;
    let ratio = line.size / before.size;
    drop > 1.35 * leading || !(0.87..=1.15).contains(&ratio) || begins_with_mark(&line.text)
}

/// The mark of a note, an entry or an item: `[12]`, `12.`, `12 `, `•`.
fn begins_with_mark(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(['•', '‣', '▪', '*', '†', '‡']) {
        return true;
    }
    let bracketed = text.strip_prefix(['[', '［', '〔', '(']);
    let rest = bracketed.unwrap_or(text);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 3 {
        return false;
    }
    let behind = rest[digits..].chars().next();
    match behind {
        Some(']' | '］' | '〕' | ')') => true,
        Some('.' | ' ') if bracketed.is_none() => {
            let next = rest[digits..].trim_start_matches(['.', ' ']).chars().next();
            next.is_some_and(|c| !c.is_ascii_digit())
        }
        _ => false,
    }
}

/// Whether a line reaches the margin: what begins the next line had no room left on it.
fn is_full(lines: &[Line], at: usize) -> bool {
    let (Some(line), Some(next)) = (lines.get(at), lines.get(at + 1)) else {
        return false;
    };
    let from = at.saturating_sub(NEIGHBOURS);
    let ends = lines
        .iter()
        .take(at + NEIGHBOURS)
        .skip(from)
        .filter(|other| {
            other.turn == line.turn && (other.start - line.start).abs() < 4.0 * line.size
        })
        .map(|other| other.end)
        .collect();
    line.end + first_chunk_width(next) > margin(ends, line.size) - 0.3 * line.size
}

/// Where lines end. One that reaches beyond all others has a word that layout could not break.
fn margin(mut ends: Vec<f64>, size: f64) -> f64 {
    ends.sort_by(|a, b| b.total_cmp(a));
    let shared = ends.windows(2).find(|pair| pair[0] - pair[1] < 0.6 * size);
    let margin = shared.map(|pair| pair[0]).or(ends.first().copied());
    margin.unwrap_or_default()
}

/// How wide the first part of a line is that layout would not break.
fn first_chunk_width(line: &Line) -> f64 {
    let text = line.text.trim_start();
    let skipped = line.text.len() - text.len();
    let end = text
        .find(|c: char| c.is_whitespace() || "/-._?&=".contains(c))
        .unwrap_or(text.len());
    let mut pieces = line
        .pieces
        .iter()
        .filter(|piece| piece.at >= skipped && piece.at <= skipped + end);
    let Some(first) = pieces.next() else {
        return 0.0;
    };
    pieces.next_back().unwrap_or(first).end - first.start
}

#[cfg(test)]
mod tests {
    use super::super::annotations::Area;
    use super::super::lines::assemble;
    use super::super::lines::tests::glyphs;
    use super::*;

    fn page(lines: &[(&str, f64, f64)]) -> Vec<Line> {
        let glyphs = lines
            .iter()
            .flat_map(|(text, x, y)| glyphs(text, *x, *y, 10.0))
            .collect();
        assemble(glyphs)
    }

    fn texts(lines: &[(&str, f64, f64)]) -> Vec<String> {
        blocks(&page(lines), Vec::new(), &Place::Page(1))
            .into_iter()
            .map(|block| block.text)
            .collect()
    }

    #[test]
    fn an_address_that_fills_its_line_goes_on_below() {
        assert_eq!(
            texts(&[
                ("Some text and https://a.example/reports/", 0.0, 100.0),
                ("overview-of-all.html which is long", 0.0, 88.0),
                ("The last line.", 0.0, 76.0),
            ]),
            [
                "Some text and https://a.example/reports/overview-of-all.html which is long\n\
                 The last line."
            ]
        );
    }

    #[test]
    fn an_address_with_room_behind_it_ends_there() {
        assert_eq!(
            texts(&[
                ("A line that is much longer than the next one", 0.0, 100.0),
                ("see https://a.example/", 0.0, 88.0),
                ("reports are there", 0.0, 76.0),
            ]),
            [
                "A line that is much longer than the next one\nsee https://a.example/\n\
                 reports are there"
            ]
        );
    }

    #[test]
    fn notes_and_columns_are_blocks_of_their_own() {
        assert_eq!(
            texts(&[
                ("1 See https://a.example/x", 0.0, 100.0),
                ("2 See https://a.example/y", 0.0, 88.0),
                ("Another column", 300.0, 200.0),
                ("Far below", 300.0, 100.0),
            ]),
            [
                "1 See https://a.example/x",
                "2 See https://a.example/y",
                "Another column",
                "Far below"
            ]
        );
    }

    #[test]
    fn one_annotation_a_line_is_one_link_and_wins_over_the_text() {
        let lines = page(&[
            ("see https://a.example/long-", 0.0, 100.0),
            ("title. More", 0.0, 88.0),
        ]);
        let area = |left: f64, y: f64, width: f64| Area {
            left,
            bottom: y,
            right: left + width,
            top: y + 10.0,
        };
        let link = |area: Area| MarkedLink {
            target: "https://a.example/longtitle".to_owned(),
            areas: vec![area],
        };
        let marked = vec![
            link(area(20.0, 100.0, 115.0)),
            link(area(0.0, 88.0, 24.0)),
            MarkedLink {
                target: "https://picture.example/".to_owned(),
                areas: vec![area(500.0, 500.0, 10.0)],
            },
        ];
        let blocks = blocks(&lines, marked, &Place::Page(3));
        assert_eq!(blocks[0].text, "see https://a.example/long-title. More");
        assert_eq!(blocks[0].links.len(), 1);
        let range = blocks[0].links[0].range.clone();
        assert_eq!(&blocks[0].text[range], "https://a.example/long-title");
        assert_eq!(blocks[1].links[0].target, "https://picture.example/");
        assert_eq!(blocks[1].place, Place::Page(3));
    }

    #[test]
    fn marks_of_notes_are_known_from_numbers_in_sentences() {
        for text in [
            "[12] See",
            "12. See",
            "12 See",
            "3 国家统计局",
            "(4) See",
            "• item",
            "［1］统计",
        ] {
            assert!(begins_with_mark(text), "{text}");
        }
        for text in [
            "2023 was",
            "12.5 percent",
            "12 000 people",
            "See 12",
            "(see",
            "",
        ] {
            assert!(!begins_with_mark(text), "{text}");
        }
    }
}
