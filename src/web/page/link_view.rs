//! What several pages show of a cited link: its state as a word and a shape, its counts, its
//! address.

use super::context::PageContext;
use super::source::safe_link;
use super::state_view::StateView;
use crate::i18n::pages::PageText as P;
use crate::i18n::report::ReportText as R;
use crate::model::Code;
use crate::model::document::LinkRow;
use crate::model::link::{LinkRemark, LinkState};
use crate::text::clean;

/// Characters of an address that are shown.
pub(super) const ADDRESS: usize = 300;
/// Characters of a title or a place that are shown.
pub(super) const TITLE: usize = 160;
/// Lists are paged by this many rows.
pub(super) const PAGE_ROWS: u64 = 100;

/// A state with how many links have it, and where they are listed.
pub struct CountedState {
    pub state: StateView,
    pub count: u64,
    pub href: String,
}

/// A link in a list.
pub struct LinkLine {
    pub href: String,
    /// The title of the page, else its address.
    pub name: String,
    pub address: String,
    pub state: StateView,
    pub since: Option<super::times::TimeView>,
    pub remark: Option<&'static str>,
    /// What to cite instead: words before the address, and the address as a link where it is one.
    pub instead: Option<InsteadView>,
}

/// What to cite instead of a link.
pub struct InsteadView {
    pub text: String,
    pub href: Option<String>,
}

/// The number of `L12` or `D3`, written in no other way.
pub(in crate::web) fn number(id: &str, letter: char) -> Option<i64> {
    let digits = id.strip_prefix(letter)?;
    let number = digits.parse::<i64>().ok()?;
    (number.to_string() == digits).then_some(number)
}

impl PageContext<'_> {
    /// The state of a link in words.
    pub(super) fn link_word(&self, state: LinkState) -> &'static str {
        let text = match state {
            LinkState::Alive => R::LinkAlive,
            LinkState::Moved => R::LinkMoved,
            LinkState::Drifted => R::LinkDrifted,
            LinkState::Declines => R::LinkDeclines,
            LinkState::Unreachable => R::LinkUnreachable,
            LinkState::Blocked => R::LinkBlocked,
            LinkState::Gone => R::LinkGone,
            LinkState::Unknown => R::LinkUnknown,
        };
        text.text(self.language())
    }

    /// The state of a link with the shape of what readers get.
    pub(super) fn link_state(&self, state: LinkState) -> StateView {
        let class = match state {
            LinkState::Alive => "open",
            LinkState::Moved | LinkState::Drifted => "less",
            LinkState::Gone | LinkState::Blocked => "closed",
            LinkState::Declines | LinkState::Unreachable | LinkState::Unknown => "unknown",
        };
        StateView {
            class,
            word: self.link_word(state).to_owned(),
        }
    }

    /// States with their counts; each leads to the list at `address`.
    pub(super) fn counted_states(
        &self,
        counts: &[(LinkState, u64)],
        address: &str,
    ) -> Vec<CountedState> {
        let joint = if address.contains('?') { '&' } else { '?' };
        let shown = counts.iter().filter(|(_, count)| *count > 0);
        shown
            .map(|(state, count)| CountedState {
                state: self.link_state(*state),
                count: *count,
                href: format!("{address}{joint}state={state}"),
            })
            .collect()
    }

    pub(super) fn link_line(&self, link: &LinkRow, cited_title: Option<&str>) -> LinkLine {
        let address = clean::line(&link.url, ADDRESS);
        let title = cited_title.or(link.title.as_deref());
        let name = title.map(|title| clean::line(title, TITLE));
        LinkLine {
            href: format!("/links/L{}", link.id),
            name: name
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| address.clone()),
            state: self.link_state(link.state),
            since: link.since.map(|at| self.since(at)),
            remark: self.link_remark(link),
            instead: Self::link_instead(link),
            address,
        }
    }

    /// That another state is suspected, or that a link is ignored.
    pub(super) fn link_remark(&self, link: &LinkRow) -> Option<&'static str> {
        let has = |remark: LinkRemark| link.remarks.contains(&remark.to_string());
        if link.is_ignored {
            Some(self.say(P::LinkIgnored))
        } else if has(LinkRemark::Doubtful) {
            Some(self.say(P::LinkDoubtful))
        } else if has(LinkRemark::Person) {
            Some(self.say(P::LinkPerson))
        } else if has(LinkRemark::Already) {
            Some(self.say(P::LinkAlready))
        } else {
            None
        }
    }

    /// What to cite instead.
    pub(super) fn link_instead(link: &LinkRow) -> Option<InsteadView> {
        let url = link.suggestion()?;
        Some(InsteadView {
            text: clean::line(url, ADDRESS),
            href: safe_link(url),
        })
    }

    /// What was seen of a link in this state, as a sentence without its full stop; `None` where it
    /// adds nothing to the state.
    pub(super) fn link_seen(&self, state: LinkState, code: Option<Code>) -> Option<String> {
        match (state, code) {
            (LinkState::Drifted, Some(Code::Ok) | None) => {
                Some(self.say(P::LinkSaysOther).to_owned())
            }
            (_, Some(Code::Ok) | None) => None,
            (_, Some(code)) => Some(self.texts.seen_now(code, None, None)),
        }
    }

    /// What a vantage saw.
    pub(super) fn link_sighting(&self, code: Code) -> String {
        match code {
            Code::Ok => self.link_word(LinkState::Alive).to_owned(),
            code => self.texts.seen_now(code, None, None),
        }
    }
}
