//! The links that documents cite, by document and state.

use super::data::ReportData;
use super::words::named;
use crate::i18n::report::ReportText as R;
use crate::model::link::LinkState;

/// The states of a link in the order of documents.csv, with their words.
const STATES: [(LinkState, R); 8] = [
    (LinkState::Alive, R::LinkAlive),
    (LinkState::Moved, R::LinkMoved),
    (LinkState::Drifted, R::LinkDrifted),
    (LinkState::Declines, R::LinkDeclines),
    (LinkState::Unreachable, R::LinkUnreachable),
    (LinkState::Blocked, R::LinkBlocked),
    (LinkState::Gone, R::LinkGone),
    (LinkState::Unknown, R::LinkUnknown),
];

/// One document.
pub struct CitedLinks {
    pub title: String,
    pub links: u32,
    pub by_state: Vec<u32>,
}

impl ReportData<'_> {
    /// The documents with their links by state.
    pub fn cited_links(&self) -> Vec<CitedLinks> {
        let all = self.documents.iter().map(|document| {
            let count = |wanted: LinkState| {
                let found = document.states.iter().find(|(state, _)| *state == wanted);
                found.map_or(0, |(_, n)| *n)
            };
            CitedLinks {
                title: named(document.title.as_deref().unwrap_or(&document.path)),
                links: document.links,
                by_state: STATES.iter().map(|(state, _)| count(*state)).collect(),
            }
        });
        all.collect()
    }

    /// The words of the states.
    pub fn link_heads(&self) -> Vec<&'static str> {
        STATES
            .iter()
            .map(|(_, text)| self.words.say(*text))
            .collect()
    }
}
