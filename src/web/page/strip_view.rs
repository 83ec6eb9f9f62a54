//! A strip of days as rectangles in percentages, a sentence, and a table.

use chrono::{Days, NaiveDate};

use super::context::PageContext;
use crate::i18n::pages::PageText;
use crate::model::SourceId;
use crate::model::state::State;
use crate::track::strip::{self, StripBand, StripDay};

/// How high a strip is drawn.
const HEIGHT: u32 = 10;
/// How high the mark of planned days is drawn.
const PLANNED_HEIGHT: &str = "2";
/// A strip with more runs of equal days than this is drawn by week: at its width, single days are
/// finer than a pixel, and the page would grow with each of them.
const MOST_RUNS: usize = 60;
/// The number of newest spans that the sentence of a strip names.
const NAMED_SPANS: usize = 4;

/// One rectangle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripRect {
    pub class: &'static str,
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripLine {
    pub from: String,
    pub to: String,
    pub state: String,
    pub checks: u32,
}

/// A strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripView {
    pub label: String,
    pub height: u32,
    pub rects: Vec<StripRect>,
    pub lines: Vec<StripLine>,
}

impl PageContext<'_> {
    /// The days of a row, the first of which is `first`, seen from `place`.
    pub fn strip(&self, place: &str, first: NaiveDate, days: &[StripDay]) -> StripView {
        let day_at = |at: usize| {
            first
                .checked_add_days(Days::new(at as u64))
                .unwrap_or(first)
        };
        let weeks = (strip::runs(days).len() > MOST_RUNS).then(|| strip::by_week(days));
        let drawn = weeks.as_deref().unwrap_or(days);
        let spans = strip::spans(drawn);
        let lines: Vec<StripLine> = spans
            .iter()
            .map(|span| StripLine {
                from: self.day(day_at(span.first)),
                to: self.day(day_at(span.last)),
                state: self.band_word(span.band).to_owned(),
                checks: span.checks,
            })
            .collect();
        let newest = lines.iter().skip(lines.len().saturating_sub(NAMED_SPANS));
        let named: Vec<String> = newest
            .map(|line| {
                let values = [("state", line.state.as_str()), ("from", line.from.as_str())];
                self.fill(PageText::StripSpan, &values)
            })
            .collect();
        let mut said = if named.is_empty() {
            self.say(PageText::StripNothing).to_owned()
        } else {
            self.list(&named)
        };
        if weeks.is_some() {
            said.push_str(self.texts.marks.clause);
            said.push_str(self.say(PageText::StripWeeks));
        }
        let values = [
            ("place", place),
            ("n", &days.len().to_string()),
            ("spans", &said),
        ];
        StripView {
            label: self.fill(PageText::StripLabel, &values),
            height: HEIGHT,
            rects: rects(drawn),
            lines,
        }
    }

    /// The days of a row of a source, with the days of planned events marked above them.
    pub fn strip_of(
        &self,
        source: &SourceId,
        place: &str,
        first: NaiveDate,
        days: &[StripDay],
    ) -> StripView {
        let mut view = self.strip(place, first, days);
        let all = days.len().max(1) as u64;
        for (from, to) in self.planned_days(source, first, days.len()) {
            let (at, count) = ((from - first).num_days(), (to - from).num_days() + 1);
            view.rects.push(StripRect {
                class: "planned",
                x: percent(100_000 * at.unsigned_abs() / all),
                y: "0".to_owned(),
                width: percent(100_000 * count.unsigned_abs() / all),
                height: PLANNED_HEIGHT.to_owned(),
            });
            let (from, to) = (self.day(from), self.day(to));
            let values = [("from", from.as_str()), ("to", to.as_str())];
            view.label.push_str(self.texts.marks.clause);
            view.label
                .push_str(&self.fill(PageText::StripPlanned, &values));
        }
        view
    }

    /// What a part of a day is called.
    pub fn band_word(&self, band: StripBand) -> &'static str {
        match band {
            StripBand::Closed => self.texts.state(State::Closed),
            StripBand::Less => self.texts.state(State::Less),
            StripBand::Open => self.texts.state(State::Open),
            StripBand::Unseen => self.say(PageText::StripUnseen),
            StripBand::Offline => self.say(PageText::OwnEndWord),
        }
    }
}

fn rects(days: &[StripDay]) -> Vec<StripRect> {
    let all = days.len().max(1) as u64;
    let mut rects = Vec::new();
    for run in strip::runs(days) {
        let mut below = 0;
        for band in StripBand::ALL {
            let share = run.day.share(*band).min(1000 - below);
            if share == 0 {
                continue;
            }
            below += share;
            rects.push(StripRect {
                class: band.as_str(),
                x: percent(100_000 * run.first as u64 / all),
                y: tenths(HEIGHT * (1000 - below)),
                width: percent(100_000 * run.days as u64 / all),
                height: tenths(HEIGHT * share),
            });
        }
    }
    rects
}

/// Thousandths of a percent.
fn percent(thousandths: u64) -> String {
    shortened(&format!("{}.{:03}", thousandths / 1000, thousandths % 1000)) + "%"
}

/// Thousandths of a unit.
fn tenths(thousandths: u32) -> String {
    shortened(&format!("{}.{:03}", thousandths / 1000, thousandths % 1000))
}

fn shortened(number: &str) -> String {
    number
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_filled_from_below_and_numbers_are_short() {
        let mut half = StripDay::default();
        half.add(StripBand::Open, 1);
        half.add(StripBand::Closed, 1);
        let drawn = rects(&[StripDay::default(), half, half]);
        assert_eq!(drawn.len(), 2);
        let closed = &drawn[0];
        assert_eq!((closed.class, closed.y.as_str()), ("closed", "5"));
        assert_eq!(
            (closed.x.as_str(), closed.width.as_str()),
            ("33.333%", "66.666%")
        );
        assert_eq!((drawn[1].y.as_str(), drawn[1].height.as_str()), ("0", "5"));
    }
}
