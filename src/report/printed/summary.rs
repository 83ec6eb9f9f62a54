//! The summary in sentences, and the limits that come before it.

use super::data::ReportData;
use super::figures::CheckSums;
use super::states::SourceChange;
use super::words::rounded;
use crate::i18n::report::ReportText as R;
use crate::model::Incident;
use crate::model::state::State;

/// Sources by state at one end of the period, and how many of the restricted ones are usual.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StateCounts {
    pub by_state: [usize; 4],
    pub usual: usize,
}

impl StateCounts {
    /// Counts the states at the end or at the beginning, of sources that were watched then.
    pub fn count<'c>(changes: impl Iterator<Item = &'c SourceChange<'c>>, at_end: bool) -> Self {
        let mut counts = Self::default();
        for change in changes {
            let state = if at_end { &change.end } else { &change.start };
            if let Some(own) = state.state {
                counts.by_state[own as usize] += 1;
                counts.usual += usize::from(state.usual);
            }
        }
        counts
    }

    /// All that were watched.
    pub fn total(&self) -> usize {
        self.by_state.iter().sum()
    }
}

/// How many incidents began, ended and were ongoing at the end of the period.
pub struct IncidentCounts {
    pub began: usize,
    pub ended: usize,
    pub ongoing: usize,
}

impl ReportData<'_> {
    /// What the reader must know first: that a part of the period is not known.
    pub fn first_sentences(&self) -> Vec<String> {
        let words = &self.words;
        let Some(as_of) = self.period.as_of else {
            return vec![words.say(R::NoCheck).to_owned()];
        };
        let mut sentences = Vec::new();
        if self.period.is_cut() {
            let (to, time) = (words.day(self.period.to), words.moment(as_of));
            let values = [("to", to.as_str()), ("time", time.as_str())];
            sentences.push(words.fill(R::PeriodCut, &values));
        }
        match self.first_check {
            Some(first) if first > self.period.from => {
                let day = words.day(first);
                sentences.push(words.fill(R::PeriodEarly, &[("day", &day)]));
            }
            _ => {}
        }
        if self.figures.total.due == 0 {
            sentences.push(words.say(R::PeriodEmpty).to_owned());
        }
        sentences
    }

    /// The summary.
    pub fn summary(&self, changes: &[SourceChange<'_>]) -> Vec<String> {
        let words = &self.words;
        let counts = StateCounts::count(changes.iter(), true);
        let mut sentences = Vec::new();
        let items = State::ALL.iter().filter_map(|state| {
            let n = counts.by_state[*state as usize];
            let values = [("what", words.texts.state(*state)), ("n", &*n.to_string())];
            (n > 0).then(|| words.fill(R::CountItem, &values))
        });
        let items: Vec<String> = items.collect();
        let total = counts.total().to_string();
        if !items.is_empty() {
            let values = [("n", total.as_str()), ("counts", &words.list(&items))];
            sentences.push(words.fill(R::SummaryEnd, &values));
        }
        if counts.usual > 0 {
            let usual = counts.usual.to_string();
            sentences.push(words.fill(R::SummaryUsual, &[("n", &usual)]));
        }
        if !items.is_empty() {
            sentences.push(self.changed(changes));
        }
        let n = self.incident_counts();
        let [began, ended, ongoing] = [n.began, n.ended, n.ongoing].map(|n| n.to_string());
        let values = [
            ("began", &*began),
            ("ended", &*ended),
            ("ongoing", &*ongoing),
        ];
        sentences.push(words.fill(R::SummaryIncidents, &values));
        sentences.push(self.seen(&self.figures.total));
        sentences
    }

    fn changed(&self, changes: &[SourceChange<'_>]) -> String {
        let (mut worse, mut better, mut same, mut other) = (0_u32, 0_u32, 0_u32, 0_u32);
        for change in changes.iter().filter(|c| c.end.state.is_some()) {
            match (rank(change.start.state), rank(change.end.state)) {
                (Some(from), Some(to)) if to > from => worse += 1,
                (Some(from), Some(to)) if to < from => better += 1,
                (Some(_), Some(_)) => same += 1,
                _ => other += 1,
            }
        }
        let [worse, better, same, other] = [worse, better, same, other].map(|n| n.to_string());
        let values = [
            ("worse", worse.as_str()),
            ("better", better.as_str()),
            ("same", same.as_str()),
            ("other", other.as_str()),
        ];
        self.words.fill(R::SummaryChanged, &values)
    }

    fn seen(&self, sums: &CheckSums) -> String {
        let (Some(ok), Some(seen)) = (sums.availability(), sums.coverage()) else {
            return self.words.say(R::SummaryUnseen).to_owned();
        };
        let (ok, seen) = (rounded(ok), rounded(seen));
        self.words
            .fill(R::SummarySeen, &[("ok", &ok), ("seen", &seen)])
    }

    /// Counts the incidents of sources.
    pub fn incident_counts(&self) -> IncidentCounts {
        let own = || self.states.incidents.iter().filter(|i| i.source.is_some());
        let (start, end) = (self.period.start, self.period.end);
        let began = |i: &&Incident| i.first_bad >= start;
        let ended = |i: &&Incident| i.ended.is_some_and(|at| at < end);
        IncidentCounts {
            began: own().filter(began).count(),
            ended: own().filter(ended).count(),
            ongoing: own().filter(|i| !ended(i)).count(),
        }
    }
}

/// What is known of two states can be compared.
fn rank(state: Option<State>) -> Option<u8> {
    match state? {
        State::Open => Some(0),
        State::Less => Some(1),
        State::Closed => Some(2),
        State::Unknown => None,
    }
}
