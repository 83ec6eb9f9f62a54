//! A ladder as a drawing, a sentence and a table.

use super::context::PageContext;
use super::state_view::StateView;
use crate::i18n::pages::PageText;
use crate::model::state::State;
use crate::model::{Probe, VantageId};
use crate::text::clean;
use crate::track::ladder::{Ladder, RUNGS, Rung};
use crate::track::state::UnknownReason;

const LABELS: u32 = 96;
const COLUMN: u32 = 92;
const ROW: u32 = 40;
const TOP: u32 = 24;
/// A longer name does not fit under a column.
const SHORT_NAME: usize = 14;

/// A shape on a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderMark {
    pub class: &'static str,
    pub x: u32,
    pub y: u32,
    /// The day of a loss.
    pub day: String,
}

/// The way between two levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderWay {
    pub class: &'static str,
    pub x: u32,
    pub top: u32,
    pub bottom: u32,
}

/// A name at a place of the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderName {
    pub text: String,
    pub x: u32,
    pub y: u32,
}

/// One ladder.
pub struct LadderView {
    pub title: String,
    pub label: String,
    pub width: u32,
    pub height: u32,
    pub line_from: u32,
    pub levels: Vec<LadderName>,
    /// Levels that nothing is known of.
    pub unwatched: Vec<LadderName>,
    pub vantages: Vec<LadderName>,
    pub ways: Vec<LadderWay>,
    pub marks: Vec<LadderMark>,
    /// A row for each level from above: its name, and a state for each vantage.
    pub table: Vec<(String, Vec<StateView>)>,
    pub rule: String,
}

/// The top of a level; the last is drawn first.
fn y_of(rung: usize) -> u32 {
    TOP + ROW * u32::try_from(RUNGS.len() - 1 - rung).unwrap_or(0)
}

impl PageContext<'_> {
    /// Draws a ladder.
    pub fn ladder_view(&self, ladder: &Ladder<'_>) -> LadderView {
        let title = ladder.record.map_or_else(
            || self.say(PageText::LadderAll).to_owned(),
            |p: &Probe| self.probe_name(p),
        );
        let columns = u32::try_from(ladder.columns.len()).unwrap_or(1);
        let height = TOP + ROW * 4;
        let mut view = LadderView {
            label: self.ladder_label(&title, ladder),
            title,
            width: LABELS + COLUMN * columns.max(1),
            height,
            line_from: LABELS - 8,
            levels: Vec::new(),
            unwatched: Vec::new(),
            vantages: Vec::new(),
            ways: Vec::new(),
            marks: Vec::new(),
            table: self.ladder_table(ladder),
            rule: self.fill(
                PageText::LadderLevelSeen,
                &[("n", &ladder.watched().to_string())],
            ),
        };
        for (at, level) in RUNGS.iter().enumerate() {
            view.levels.push(LadderName {
                text: self.texts.level(*level).to_owned(),
                x: 0,
                y: y_of(at) + 4,
            });
            if ladder
                .columns
                .iter()
                .all(|c| c.rungs[at] == Rung::NotWatched)
            {
                view.unwatched.push(LadderName {
                    text: self.say(PageText::NotWatchedWord).to_owned(),
                    x: LABELS,
                    y: y_of(at) - 4,
                });
            }
        }
        for (number, column) in ladder.columns.iter().enumerate() {
            let x = LABELS + COLUMN * u32::try_from(number).unwrap_or(0) + 14;
            view.vantages.push(LadderName {
                text: self.short_vantage(&column.vantage),
                x: x - 14,
                y: height - 6,
            });
            self.draw_column(&mut view, x, &column.rungs);
        }
        view
    }

    fn draw_column(&self, view: &mut LadderView, x: u32, rungs: &[Rung; 4]) {
        let mut below: Option<usize> = None;
        for (at, rung) in rungs.iter().enumerate() {
            let Rung::Seen {
                state,
                since,
                own_end,
            } = *rung
            else {
                continue;
            };
            if let Some(lower) = below {
                view.ways.push(LadderWay {
                    class: way_class(state),
                    x,
                    top: y_of(at),
                    bottom: y_of(lower),
                });
            }
            below = Some(at);
            let lost = matches!(state, State::Less | State::Closed);
            let day = since.filter(|_| lost).map(|t| self.short_day(t));
            view.marks.push(LadderMark {
                class: class_of(state, own_end),
                x: x - 9,
                y: y_of(at) - 9,
                day: day.unwrap_or_default(),
            });
        }
    }

    /// A name that fits under a column: the id where the name is long.
    fn short_vantage(&self, id: &VantageId) -> String {
        let name = self.vantage_name(id);
        let is_long = name.chars().count() > SHORT_NAME && !self.is_public_view();
        clean::line(if is_long { id.as_str() } else { &name }, SHORT_NAME)
    }

    fn rung_view(&self, rung: Rung) -> StateView {
        match rung {
            Rung::NotWatched => StateView {
                class: "none",
                word: self.say(PageText::NotWatchedWord).to_owned(),
            },
            Rung::Seen { state, own_end, .. } => {
                self.state_view(state, own_end.then_some(UnknownReason::OwnEnd))
            }
        }
    }

    fn ladder_table(&self, ladder: &Ladder<'_>) -> Vec<(String, Vec<StateView>)> {
        let rows = RUNGS.iter().enumerate().rev().map(|(at, level)| {
            let cells = ladder.columns.iter().map(|c| self.rung_view(c.rungs[at]));
            (self.texts.level(*level).to_owned(), cells.collect())
        });
        rows.collect()
    }

    /// The highest level that is open from each vantage.
    fn ladder_label(&self, title: &str, ladder: &Ladder<'_>) -> String {
        let reached = ladder.columns.iter().map(|column| {
            let open = |at: &usize| column.rungs[*at].state() == Some(State::Open);
            let highest = (0..RUNGS.len()).rev().find(open);
            let level = highest.map_or_else(
                || self.texts.state(State::Unknown),
                |at| self.texts.level(RUNGS[at]),
            );
            let name = self.vantage_name(&column.vantage);
            self.texts.marks.remark(level, &name)
        });
        let levels = self.list(&reached.collect::<Vec<_>>());
        let values = [("record", title), ("levels", levels.as_str())];
        self.fill(PageText::LadderLabel, &values)
    }
}

fn class_of(state: State, own_end: bool) -> &'static str {
    match (state, own_end) {
        (State::Unknown, true) => "own-end",
        _ => state.as_str(),
    }
}

fn way_class(upper: State) -> &'static str {
    match upper {
        State::Open => "way",
        State::Less | State::Closed => "way lost",
        State::Unknown => "way unseen-way",
    }
}
