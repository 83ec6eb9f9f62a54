//! The forms of dates, in one ordered table. A later form does not read what an earlier one has
//! claimed.

use std::sync::LazyLock;

use chrono::NaiveDateTime;

use super::forms::{DateForm, DateMatch, DatePiece, FormContext, FormMatch};
use super::needed::{CharacterSet, RarePattern};
use super::{absolute, barren, english, loose, period};

static FORMS: LazyLock<Vec<(RarePattern, &'static DateForm)>> = LazyLock::new(|| {
    [
        barren::FORMS,
        absolute::FORMS,
        english::FORMS,
        period::FORMS,
        loose::FORMS,
    ]
    .into_iter()
    .flatten()
    .filter_map(|form| Some((RarePattern::new(form.pattern)?, form)))
    .collect()
});

/// How many forms there are, and how many of them compile; a test requires the numbers to be equal.
#[cfg(test)]
pub(super) fn compiled() -> (usize, usize) {
    let all = barren::FORMS.len()
        + absolute::FORMS.len()
        + english::FORMS.len()
        + period::FORMS.len()
        + loose::FORMS.len();
    (all, FORMS.len())
}

/// The patterns of all forms.
#[cfg(test)]
pub(super) fn patterns() -> impl Iterator<Item = &'static RarePattern> {
    FORMS.iter().map(|(pattern, _)| pattern)
}

/// Every date of a text, in the order of the text.
pub(super) fn find(text: &str, now: NaiveDateTime) -> Vec<DatePiece> {
    let mut claimed = Claimed::default();
    let mut pieces = Vec::new();
    let characters = CharacterSet::of_text(text);
    let may_match = |(pattern, _): &&(RarePattern, _)| pattern.may_match(&characters);
    for (pattern, form) in FORMS.iter().filter(may_match) {
        let regex = pattern.regex();
        let mut from = 0;
        while let Some(captures) = regex.captures_at(text, from) {
            let Some(all) = captures.get(0) else { break };
            let step = text[all.start()..].chars().next().map_or(1, char::len_utf8);
            from = all.start() + step;
            if let Some(end) = claimed.overlap(all.start(), all.end()) {
                from = from.max(end);
                continue;
            }
            let around = FormContext {
                before: &text[..all.start()],
                after: &text[all.end()..],
                now,
            };
            let end = match (form.read)(&captures, &around) {
                FormMatch::Pass => {
                    // The form may match further on, but not within the same digits.
                    from += text[from..].bytes().take_while(u8::is_ascii_digit).count();
                    continue;
                }
                FormMatch::None => all.end(),
                FormMatch::Date(found) => {
                    let end = all.end() + found.more;
                    push(&mut pieces, all.start(), end, &found);
                    end
                }
            };
            claimed.add(all.start(), end);
            from = end.max(from);
        }
    }
    pieces.sort_by_key(|piece| piece.start);
    pieces
}

fn push(pieces: &mut Vec<DatePiece>, start: usize, end: usize, found: &DateMatch) {
    let piece = DatePiece {
        start,
        end,
        first: found.first,
        last: found.last,
        kind: found.kind,
        ends_range: false,
    };
    if let Some(until) = found.until {
        pieces.push(DatePiece {
            first: until,
            last: until,
            ends_range: true,
            ..piece.clone()
        });
    }
    pieces.push(piece);
}

/// The claimed parts of a text, without overlaps.
#[derive(Default)]
struct Claimed(std::collections::BTreeMap<usize, usize>);

impl Claimed {
    /// The end of the claimed part that this one would overlap.
    fn overlap(&self, start: usize, end: usize) -> Option<usize> {
        let (_, &to) = self.0.range(..end).next_back()?;
        (to > start).then_some(to)
    }

    fn add(&mut self, start: usize, end: usize) {
        self.0.insert(start, end.max(start + 1));
    }
}
