//! Characters become lines: a page says where each character stands, and nothing of lines or words.

use hayro_interpret::kurbo::Point;

use super::glyphs::Glyph;

/// A space is at least so wide, in sizes of the font.
const SPACE: f64 = 0.17;

/// Chinese and Japanese characters stand apart where a line is justified, without a space.
const IDEOGRAPHIC_SPACE: f64 = 0.6;

/// A gap from which on the text beside it is another column.
const COLUMN_GAP: f64 = 3.0;

/// How far from the line a raised or lowered character may stand.
const RAISED: f64 = 0.6;

/// A character of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Where it begins in the line's text.
    pub at: usize,
    pub start: f64,
    pub end: f64,
    pub middle: Point,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub text: String,
    pub pieces: Vec<Piece>,
    pub start: f64,
    pub end: f64,
    pub y: f64,
    pub size: f64,
    pub turn: u8,
}

/// The lines of a page in the order in which they are drawn, which is that of reading in what word
/// processors and TeX make.
pub fn assemble(glyphs: Vec<Glyph>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut last: Option<Glyph> = None;
    for glyph in glyphs {
        if glyph.text.is_empty() {
            continue;
        }
        match (lines.last_mut(), &last) {
            (Some(line), Some(last)) if is_drawn_twice(last, &glyph, line) => continue,
            (Some(line), Some(last)) if goes_on(line, last, &glyph) => {
                if has_space_between(last, &glyph) {
                    line.text.push(' ');
                }
                push(line, &glyph);
            }
            _ => {
                let mut line = Line {
                    text: String::new(),
                    pieces: Vec::new(),
                    start: glyph.x,
                    end: glyph.x,
                    y: glyph.y,
                    size: glyph.size,
                    turn: glyph.turn,
                };
                push(&mut line, &glyph);
                lines.push(line);
            }
        }
        last = Some(glyph);
    }
    lines.retain(|line| !line.text.trim().is_empty());
    lines
}

fn push(line: &mut Line, glyph: &Glyph) {
    line.pieces.push(Piece {
        at: line.text.len(),
        start: glyph.x,
        end: glyph.x + glyph.width,
        middle: glyph.middle,
    });
    line.text.push_str(&glyph.text);
    // A line that begins with a raised mark of a note stands where its first full character does.
    if glyph.size > line.size * 1.05 {
        line.size = glyph.size;
        line.y = glyph.y;
    }
    if !glyph.text.trim().is_empty() {
        line.end = line.end.max(glyph.x + glyph.width);
    }
}

/// Bold type is sometimes the same character, drawn twice.
fn is_drawn_twice(last: &Glyph, glyph: &Glyph, line: &Line) -> bool {
    last.text == glyph.text
        && last.turn == glyph.turn
        && !glyph.text.trim().is_empty()
        && (last.x - glyph.x).abs() < 0.1 * glyph.size.min(last.width.max(0.1))
        && (line.y - glyph.y).abs() < 0.1 * glyph.size
}

fn goes_on(line: &Line, last: &Glyph, glyph: &Glyph) -> bool {
    let size = line.size.max(glyph.size);
    let gap = glyph.x - (last.x + last.width);
    line.turn == glyph.turn
        && (line.y - glyph.y).abs() < RAISED * size
        && glyph.x > last.x - 0.5 * size
        && gap < COLUMN_GAP * size
}

fn has_space_between(last: &Glyph, glyph: &Glyph) -> bool {
    if last.text.ends_with(' ') || glyph.text.starts_with(' ') {
        return false;
    }
    let is_raised = (last.y - glyph.y).abs() > 0.15 * last.size.max(glyph.size)
        && (last.size - glyph.size).abs() > 0.15 * last.size.max(glyph.size);
    let is_ideographic = |text: &str| text.chars().all(|c| c >= '\u{2e80}');
    let needed = if is_ideographic(&last.text) && is_ideographic(&glyph.text) {
        IDEOGRAPHIC_SPACE
    } else {
        SPACE
    };
    is_raised || glyph.x - (last.x + last.width) > needed * last.size.min(glyph.size)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Characters of half their size, from `x` on.
    pub fn glyphs(text: &str, x: f64, y: f64, size: f64) -> Vec<Glyph> {
        let step = size / 2.0;
        text.chars()
            .zip(0_u32..)
            .map(|(c, n)| {
                let x = x + f64::from(n) * step;
                Glyph {
                    text: c.to_string(),
                    x,
                    y,
                    width: step,
                    size,
                    turn: 0,
                    middle: Point::new(x + step / 2.0, y + size / 3.0),
                }
            })
            .collect()
    }

    fn texts(glyphs: Vec<Glyph>) -> Vec<String> {
        assemble(glyphs).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn gaps_become_spaces_and_other_heights_become_lines() {
        let all = [
            glyphs("two", 0.0, 100.0, 10.0),
            glyphs("words", 18.0, 100.0, 10.0),
            glyphs("below", 0.0, 88.0, 10.0),
            glyphs("column", 200.0, 88.0, 10.0),
        ]
        .concat();
        assert_eq!(texts(all), ["two words", "below", "column"]);
    }

    #[test]
    fn ideographs_that_are_justified_have_no_spaces() {
        let all = [glyphs("统", 0.0, 0.0, 10.0), glyphs("计", 8.0, 0.0, 10.0)].concat();
        assert_eq!(texts(all), ["统计"]);
    }

    #[test]
    fn a_raised_mark_stands_apart_from_an_address() {
        let all = [
            glyphs("https://a.example/x", 0.0, 0.0, 10.0),
            glyphs("12", 95.0, 4.0, 6.0),
            glyphs("and", 105.0, 0.0, 10.0),
        ]
        .concat();
        assert_eq!(texts(all), ["https://a.example/x 12 and"]);
    }

    #[test]
    fn bold_that_is_drawn_twice_is_read_once() {
        let all = [glyphs("A", 0.0, 0.0, 10.0), glyphs("A", 0.2, 0.0, 10.0)].concat();
        assert_eq!(texts(all), ["A"]);
    }
}
