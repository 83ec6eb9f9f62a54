//! Which concepts together state which cause, the clearest first, in the order of the table of
//! rules.

use super::lexicon::{self, Concept};
use crate::model::Code;

/// The largest distance between concepts, in bytes: an East Asian character has three, so the limit
/// fits both scripts.
const NEAR: usize = 130;
const CLOSE: usize = 42;

/// The text that must contain the concepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConceptScope {
    /// In a title.
    Title,
    /// In one sentence.
    Sentence,
    /// In one sentence, or in two consecutive ones.
    Pair,
    /// Anywhere on a short page.
    Page,
}

/// One row.
pub(super) struct Cause {
    pub code: Code,
    pub reach: ConceptScope,
    near: usize,
    all: &'static [Concept],
    /// Concepts that must not be in that sentence.
    unless: &'static [Concept],
    /// Applies to pages only; in an answer of an interface the words may mean anything.
    pub of_pages: bool,
    /// It says no more than the status of a refusal.
    pub bare: bool,
    /// Concepts that must not be anywhere on the page.
    nowhere: &'static [Concept],
}

impl Cause {
    const fn nowhere(mut self, nowhere: &'static [Concept]) -> Self {
        self.nowhere = nowhere;
        self
    }

    const fn of_pages(mut self) -> Self {
        self.of_pages = true;
        self
    }

    const fn bare(mut self) -> Self {
        self.bare = true;
        self
    }
}

const fn says(code: Code, all: &'static [Concept], unless: &'static [Concept]) -> Cause {
    within(ConceptScope::Sentence, NEAR, code, all, unless)
}

const fn within(
    reach: ConceptScope,
    near: usize,
    code: Code,
    all: &'static [Concept],
    unless: &'static [Concept],
) -> Cause {
    Cause {
        code,
        reach,
        near,
        all,
        unless,
        of_pages: false,
        bare: false,
        nowhere: &[],
    }
}

#[rustfmt::skip] // a table, one row per line
pub(super) const CAUSES: &[Cause] = {
    use Concept as C;
    &[
        says(Code::SiteGeoBlock, &[C::Overseas, C::Refusal], &[C::Telephone, C::Edition]),
        says(Code::SiteGeoBlock, &[C::Domestic, C::Only], &[C::Telephone]),
        says(Code::SiteGeoBlock, &[C::ForDomestic], &[C::Telephone, C::Edition]),
        says(Code::SiteLegalBlock, &[C::Law, C::Refusal], &[C::Telephone, C::Violation, C::NoFiling]),
        says(Code::SiteGeoBlock, &[C::Region, C::Refusal], &[C::Telephone, C::Edition]),
        says(Code::SiteGeoBlock, &[C::RegionRefused], &[C::Telephone]),
        within(ConceptScope::Pair, NEAR, Code::SiteGeoBlock, &[C::ReaderAbroad, C::Refusal], &[C::Telephone]),
        within(ConceptScope::Pair, NEAR, Code::SiteGeoBlock, &[C::ReaderAbroad, C::ServedRegion], &[C::Telephone, C::Edition, C::Check, C::Login, C::Password, C::LoginDemand]),
        says(Code::SiteIpBan, &[C::Address, C::Banned], &[C::OutOfRange, C::Institution]).nowhere(&[C::Check]),
        says(Code::SiteIpBan, &[C::Robot, C::Banned], &[]).nowhere(&[C::CheckDemand]),
        says(Code::SiteIcp, &[C::NoFiling], &[]),
        within(ConceptScope::Pair, CLOSE, Code::SitePaywall, &[C::UsedUp, C::Payment], &[C::Newsletter]),
        says(Code::SiteRateLimited, &[C::DayQuota], &[]),
        says(Code::SiteRateLimited, &[C::TooMany], &[C::Seats]),
        says(Code::SiteRateLimited, &[C::Busy], &[C::Seats]).of_pages(),
        says(Code::SiteChallenge, &[C::Check], &[C::Password, C::Telephone, C::Login]).nowhere(&[C::SentCode]),
        within(ConceptScope::Sentence, CLOSE * 2, Code::SitePhone, &[C::Telephone, C::Demand], &[C::PasswordField]),
        says(Code::SiteSeats, &[C::Seats, C::Full], &[]),
        says(Code::SiteNotEntitled, &[C::Address, C::OutOfRange], &[]),
        within(ConceptScope::Sentence, CLOSE * 2, Code::SiteNotEntitled, &[C::Institution, C::NoRight], &[C::Closing, C::Maintenance]),
        within(ConceptScope::Sentence, CLOSE, Code::SitePaywall, &[C::Payment, C::PaymentDue], &[C::Newsletter, C::Greeting, C::Parked, C::LoggedOut]),
        says(Code::SiteNotEntitled, &[C::NoPermission], &[C::LoggedOut]).bare(),
        within(ConceptScope::Title, NEAR, Code::SiteLogin, &[C::LoginTitle], &[]),
        within(ConceptScope::Page, NEAR, Code::SiteLogin, &[C::Login, C::Password], &[]),
        says(Code::SiteLogin, &[C::LoggedOut], &[]),
        within(ConceptScope::Sentence, CLOSE, Code::SiteLogin, &[C::Login, C::LoginDemand], &[C::Greeting]),
        says(Code::SiteMaintenance, &[C::Maintenance, C::Downtime], &[C::Closing]),
        says(Code::SiteMaintenance, &[C::Maintenance], &[C::Closing, C::NotOffered]),
        says(Code::ContentParked, &[C::Parked], &[]),
        says(Code::ContentWithdrawn, &[C::Work, C::TakenDown], &[]),
        says(Code::ContentWithdrawn, &[C::Closing], &[]),
        says(Code::ContentWithdrawn, &[C::Suspended], &[C::Maintenance]),
        says(Code::ContentEmpty, &[C::NoData], &[]),
        says(Code::ContentSoft404, &[C::Missing], &[]),
        says(Code::ContentSoft404, &[C::Violation, C::Handled], &[C::Firewall]),
        says(Code::SiteWafBlock, &[C::Firewall], &[]).bare(),
    ]
};

impl Cause {
    /// Whether `folded` contains all concepts near each other and nothing that contradicts them.
    pub(super) fn holds(&self, folded: &str) -> bool {
        let absent = |concept: &Concept| !lexicon::is_in(*concept, folded);
        self.are_near(folded) && self.unless.iter().all(absent)
    }

    /// Whether the page contains something that rules the cause out.
    pub(super) fn is_ruled_out(&self, whole: &str) -> bool {
        self.nowhere
            .iter()
            .any(|concept| lexicon::is_in(*concept, whole))
    }

    /// Whether `folded` contains all concepts anywhere and nothing that contradicts them.
    pub(super) fn all_in(&self, folded: &str) -> bool {
        let present = |concept: &Concept| lexicon::is_in(*concept, folded);
        self.all.iter().all(present) && !self.unless.iter().any(present)
    }

    fn are_near(&self, folded: &str) -> bool {
        let Some((first, others)) = self.all.split_first() else {
            return false;
        };
        let anchors = lexicon::spans(*first, folded);
        if others.is_empty() {
            return !anchors.is_empty();
        }
        let others: Vec<Vec<(usize, usize)>> = others
            .iter()
            .map(|concept| lexicon::spans(*concept, folded))
            .collect();
        let near = |a: (usize, usize), b: (usize, usize)| {
            let gap = if a.1 <= b.0 {
                b.0 - a.1
            } else {
                a.0.saturating_sub(b.1)
            };
            gap <= self.near
        };
        anchors.iter().any(|a| {
            others
                .iter()
                .all(|spans| spans.iter().any(|b| near(*a, *b)))
        })
    }
}
