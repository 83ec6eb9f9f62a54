//! `/`: can my readers get at their sources today?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::item::ItemView;
use super::times::{TimeView, TimedSentence};
use crate::i18n::pages::PageText;
use crate::i18n::pages::PageText as P;
use crate::model::state::State;
use crate::model::time::iso;
use crate::model::{Source, Time};
use crate::text::clean;
use crate::track;
use crate::track::state::{self, SourceState, UnwatchedReason};
use crate::track::today::{AccessCounts, Headline, vantages_in_use};

/// At most this many sources are listed; a link leads to the others.
const MOST_ITEMS: usize = 20;
/// The page is lighter than this, so that it is there at once on a slow line.
const MOST_BYTES: usize = 40_000;

#[derive(Template)]
#[template(path = "pages/today.html")]
struct TodayPage {
    frame: Frame,
    headline: String,
    second_line: Vec<TimedSentence>,
    down: Vec<TimedSentence>,
    items: Vec<ItemView>,
    more: usize,
    groups: Vec<GroupRow>,
    heads: [String; 4],
    unwatched: Vec<(String, Vec<String>)>,
    planned: Vec<String>,
}

/// The sources of a group by state.
struct GroupRow {
    name: String,
    counts: [usize; 4],
}

/// Makes the page.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let sources = context.sources();
    let mut restricted: Vec<&(&Source, SourceState)> =
        sources.iter().filter(|(_, s)| is_listed(s)).collect();
    restricted.sort_by_key(|(source, state)| context.rank(source, state));
    let shown = restricted.iter().take(MOST_ITEMS);
    let items: Result<Vec<ItemView>, _> = shown.map(|(s, state)| context.item(s, state)).collect();
    let title = context.say(PageText::NavToday);
    let mut page = TodayPage {
        frame: Frame::in_context(context, title, Section::Today),
        headline: context.headline(),
        second_line: context.second_line(),
        down: context.down(),
        items: items?,
        more: restricted.len().saturating_sub(MOST_ITEMS),
        groups: groups(&sources),
        heads: [State::Open, State::Less, State::Closed, State::Unknown]
            .map(|s| context.texts.state(s).to_owned()),
        unwatched: context.unwatched(&sources),
        planned: context.planned(),
    };
    loop {
        let text = page.render()?;
        if text.len() < MOST_BYTES || !page.lighten() {
            return Ok(PageAnswer::Page(text));
        }
    }
}

impl TodayPage {
    /// Leaves out what stands on another page too: the strips of the last source that has any, and
    /// then the last source. Whether there was something to leave out.
    fn lighten(&mut self) -> bool {
        let with_strips = self.items.iter_mut().rev().find(|i| !i.lanes.is_empty());
        if let Some(item) = with_strips {
            item.lanes.clear();
            return true;
        }
        let is_left_out = self.items.len() > 1 && self.items.pop().is_some();
        self.more += usize::from(is_left_out);
        is_left_out
    }
}

fn is_listed(state: &SourceState) -> bool {
    state.state.is_some_and(|s| s != State::Open)
}

fn groups(sources: &[(&Source, SourceState)]) -> Vec<GroupRow> {
    let mut rows: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (source, state) in sources {
        if let Some(state) = state.state {
            rows.entry(&source.group).or_default()[state as usize] += 1;
        }
    }
    let rows = rows.into_iter().map(|(name, counts)| GroupRow {
        name: clean::line(name, 40),
        counts,
    });
    rows.collect()
}

impl<'a> PageContext<'a> {
    /// Every source of the catalogue with its state.
    pub fn sources(&self) -> Vec<(&'a Source, SourceState)> {
        let all = self.catalogue().sources.values();
        all.map(|s| (s, state::source(&self.known, s, &self.pairs_of(s))))
            .collect()
    }

    /// The order of the list: closed, less, unknown, then usual restrictions; within each of these,
    /// the highest severity first, then the newest.
    fn rank(
        &self,
        source: &Source,
        state: &SourceState,
    ) -> (u8, Reverse<u8>, Reverse<Option<Time>>) {
        let class = match state.state {
            _ if state.usual => 3,
            Some(State::Closed) => 0,
            Some(State::Less) => 1,
            _ => 2,
        };
        let severities = self.pairs_of(source).into_iter().filter_map(|pair| {
            let status = pair.status.filter(|_| pair.state != State::Open)?;
            status.observed.code.severity()
        });
        (
            class,
            Reverse(severities.max().unwrap_or(0)),
            Reverse(state.since),
        )
    }

    /// The sentence at the top of the page: the state of access as a whole.
    pub fn headline(&self) -> String {
        let count = |text: PageText, n: usize| self.fill(text, &[("n", &n.to_string())]);
        let stop = self.texts.say.stop;
        match Headline::choose(&self.known, &self.pairs, self.snapshot.as_of) {
            Headline::NothingWatched => self.say(PageText::TodayNoSource).to_owned(),
            Headline::NothingChecked => self.say(PageText::TodayNoCheck).to_owned(),
            Headline::OwnEndDown { vantages, before } => {
                let sentence = self.mixed(&before);
                let before = self.fill(PageText::TodayBefore, &[("sentence", &sentence)]);
                count(PageText::TodayOwnEnd, vantages) + stop + &before
            }
            Headline::Stopped { since, then } => {
                let time = self.moment(since);
                let stopped = self.fill(PageText::TodayStopped, &[("time", &time)]);
                let sentence = self.mixed(&then);
                let then = self.fill(PageText::TodayThen, &[("sentence", &sentence)]);
                stopped + stop + &then
            }
            Headline::AllUnknown { sources } => count(PageText::TodayAllUnknown, sources),
            Headline::AllOpen { sources } => count(PageText::TodayAllOpen, sources),
            Headline::Mixed(counts) => self.mixed(&counts),
        }
    }

    /// The counts in words. A count of zero is left out, except that of the open sources.
    fn mixed(&self, counts: &AccessCounts) -> String {
        let (a, n) = (counts.open.to_string(), counts.total().to_string());
        let some = self.fill(PageText::TodaySome, &[("a", &a), ("n", &n)]);
        let parts = [
            (counts.less, P::TodayLess, P::TodayLessEnd),
            (counts.closed, P::TodayClosed, P::TodayClosedEnd),
            (counts.unknown, P::TodayUnknownEnd, P::TodayUnknownEnd),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|(n, ..)| *n > 0).collect();
        let mut clauses = String::new();
        for (at, (n, inner, last)) in parts.iter().enumerate() {
            let is_last = at + 1 == parts.len();
            let join = match (at, is_last, parts.len()) {
                (0, ..) => "",
                (_, false, _) => self.say(P::MarkParts),
                (_, true, 2) => self.say(P::MarkPartsTwo),
                (_, true, _) => self.say(P::MarkPartsLast),
            };
            clauses += join;
            let text = if is_last { *last } else { *inner };
            clauses += &self.fill(text, &[("n", &n.to_string())]);
        }
        let usual = (counts.usual > 0)
            .then(|| self.fill(P::TodayUsual, &[("n", &counts.usual.to_string())]));
        let sentences = [some, capital(&clauses), usual.unwrap_or_default()];
        let sentences: Vec<String> = sentences.into_iter().filter(|s| !s.is_empty()).collect();
        sentences.join(self.texts.say.stop)
    }

    /// Says when the newest pass was and from how many vantages, which pass was missed, and when
    /// the next pass is due.
    fn second_line(&self) -> Vec<TimedSentence> {
        let Some(as_of) = self.snapshot.as_of else {
            return Vec::new();
        };
        let used = vantages_in_use(&self.known, &self.pairs);
        let at = |t: Time, text: String| TimeView { iso: iso(t), text };
        let seen_at = format!(
            "{}{}{}",
            self.moment_and_beijing(as_of),
            self.texts.marks.clause,
            self.age(as_of)
        );
        let mut lines = vec![self.timed(
            P::SeenPass,
            "time",
            at(as_of, seen_at),
            &[
                ("usable", &used.usable.to_string()),
                ("total", &used.total.to_string()),
            ],
        )];
        if let Some(missed) = self.overdue {
            let time = at(missed, self.moment(missed));
            lines.push(self.timed(P::MissedPass, "time", time, &[]));
        }
        // Nothing is due in a demonstration: its clock stands at its end.
        if let Some(next) = self
            .next_pass()
            .filter(|_| self.snapshot.demonstration.is_none())
        {
            let time = at(next, self.moment(next));
            lines.push(self.timed(P::NextPass, "time", time, &[]));
        }
        lines
    }

    fn next_pass(&self) -> Option<Time> {
        let mut schedules: Vec<Option<&str>> = Vec::new();
        let mut next: Option<Time> = None;
        for pair in &self.pairs {
            let schedule = pair.probe.schedule.as_deref();
            if schedules.contains(&schedule) {
                continue;
            }
            schedules.push(schedule);
            let due = track::next_due(Some(pair.probe), self.known.settings, self.now);
            next = next.into_iter().chain(due).min();
        }
        next
    }

    /// The vantages that do not work.
    fn down(&self) -> Vec<TimedSentence> {
        let vantages = self.known.tracker.vantages.values();
        let down = vantages.filter(|v| !v.usable);
        down.map(|v| {
            let name = self.vantage_name(&v.vantage);
            let since = self.since(v.since);
            self.timed(P::VantageDown, "since", since, &[("vantage", &name)])
        })
        .collect()
    }

    /// What is not watched, by reason.
    fn unwatched(&self, sources: &[(&Source, SourceState)]) -> Vec<(String, Vec<String>)> {
        let mut by_reason: Vec<(String, Vec<String>)> = Vec::new();
        for (source, state) in sources {
            let Some(reason) = state.why_not else {
                continue;
            };
            let text = self.why_not(reason);
            let name = self.source_name(source);
            match by_reason.iter_mut().find(|(other, _)| other == text) {
                Some((_, names)) => names.push(name),
                None => by_reason.push((text.to_owned(), vec![name])),
            }
        }
        by_reason
    }

    /// Why a source is not watched.
    pub fn why_not(&self, reason: UnwatchedReason) -> &'static str {
        self.say(match reason {
            UnwatchedReason::Disabled => P::WhyDisabled,
            UnwatchedReason::NoProbe => P::WhyNoProbe,
            UnwatchedReason::Consent => P::WhyConsent,
            UnwatchedReason::Robots => P::WhyRobots,
        })
    }
}

/// The text with a capital letter at its beginning.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
