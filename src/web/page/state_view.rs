//! A state as a word, a shape and a class.

use super::context::PageContext;
use crate::i18n::pages::PageText;
use crate::i18n::verdict;
use crate::model::state::State;
use crate::model::{Code, Time};
use crate::track::state::{PairState, SourceState, UnknownReason};

/// What templates show of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateView {
    /// The shape's id and the class, such as `less` or `own-end`.
    pub class: &'static str,
    pub word: String,
}

impl PageContext<'_> {
    /// A state with its reason.
    pub fn state_view(&self, state: State, reason: Option<UnknownReason>) -> StateView {
        if state == State::Unknown && reason == Some(UnknownReason::OwnEnd) {
            return StateView {
                class: "own-end",
                word: self.say(PageText::OwnEndWord).to_owned(),
            };
        }
        StateView {
            class: state.as_str(),
            word: self.texts.state(state).to_owned(),
        }
    }

    /// The state of a pair, with its remark.
    pub fn pair_view(&self, pair: &PairState<'_>) -> StateView {
        self.remarked(self.state_view(pair.state, pair.reason), &[pair])
    }

    /// A state with what its word does not say of the pairs behind it: that a page has changed or
    /// moved and is open, and that it goes back and forth.
    pub fn remarked(&self, view: StateView, pairs: &[&PairState<'_>]) -> StateView {
        let mut remarks: Vec<&'static str> = Vec::new();
        for pair in pairs {
            let Some(status) = pair.status else { continue };
            let code = status.observed.code;
            let is_remarkable = matches!(code, Code::ContentChanged | Code::ContentMoved);
            if is_remarkable && pair.state == State::Open && pair.reason.is_none() {
                remarks.push(verdict::short(self.language(), code));
            }
            if status.flapping {
                remarks.push(self.say(PageText::RemarkFlapping));
            }
        }
        remarks.sort_unstable();
        remarks.dedup();
        if remarks.is_empty() {
            return view;
        }
        let remarks: Vec<String> = remarks.into_iter().map(str::to_owned).collect();
        let word = self.texts.marks.remark(&view.word, &self.list(&remarks));
        StateView { word, ..view }
    }

    /// The state of a source; of one that is not watched that it is not.
    pub fn source_view(&self, source: &SourceState) -> StateView {
        match source.state {
            Some(state) => self.state_view(state, source.reason),
            None => StateView {
                class: "none",
                word: self.say(PageText::NotWatchedWord).to_owned(),
            },
        }
    }

    /// Why a pair is not known, or who knows better, as the end of a sentence.
    pub fn reason(&self, pair: &PairState<'_>) -> Option<String> {
        let text = match pair.reason? {
            UnknownReason::OwnEnd => PageText::ReasonOwnEnd,
            UnknownReason::Robots => PageText::ReasonRobots,
            UnknownReason::BackOff => PageText::ReasonBackOff,
            UnknownReason::Never => PageText::ReasonNever,
            UnknownReason::Late => PageText::ReasonLate,
            UnknownReason::NoData => PageText::ReasonNoData,
            UnknownReason::Declined => PageText::ReasonDeclined,
            UnknownReason::Insufficient => PageText::ReasonInsufficient,
            UnknownReason::Client => PageText::ReasonClient,
            UnknownReason::Provisional => PageText::ReasonProvisional,
            UnknownReason::Person => return Some(self.seen_by_person(pair)),
        };
        Some(self.say(text).to_owned())
    }

    fn seen_by_person(&self, pair: &PairState<'_>) -> String {
        let day = pair.since.map_or_else(String::new, |t| self.day_of(t));
        let network = pair.seen_from.as_deref().unwrap_or_default();
        // The network of an observation is not public.
        let shown = if self.is_public_view() || network.is_empty() {
            "–".to_owned()
        } else {
            crate::text::clean::line(network, 80)
        };
        let values = [("day", day.as_str()), ("network", shown.as_str())];
        self.fill(PageText::ReasonPerson, &values)
    }

    /// Since when a source has its state, and for how long.
    pub fn lasting(&self, since: Option<Time>) -> Option<super::times::TimedSentence> {
        let since = since?;
        let lasted = self.lasted(since, self.now);
        Some(self.timed(
            PageText::SinceLasted,
            "since",
            self.since(since),
            &[("lasted", &lasted)],
        ))
    }
}
