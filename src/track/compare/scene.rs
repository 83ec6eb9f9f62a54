//! The input of the comparison: one view per usable vantage, proofs from discriminators, and what
//! people saw.

use crate::model::discriminator::Proof;
use crate::model::incident::{BrowserResult, HumanCheck};
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Locus, VantageId};

/// The newest settled verdict of one usable vantage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VantageView {
    pub vantage: VantageId,
    /// ISO 3166; empty when the operator did not state it.
    pub country: String,
    pub network: Option<NetworkClass>,
    pub code: Code,
    pub locus: Locus,
    pub http_status: Option<u16>,
    /// What is normal there.
    pub baseline: Option<Code>,
}

/// The input of a finding. The caller leaves out stale views and unusable vantages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComparisonInput<'a> {
    pub views: &'a [VantageView],
    pub proofs: &'a [Proof],
    /// What people saw in a browser since the incident began.
    pub people: &'a [HumanCheck],
}

impl VantageView {
    /// The code's severity; 6 for codes without one, which are never a status.
    pub(super) fn severity(&self) -> u8 {
        self.code.severity().unwrap_or(6)
    }

    /// At baseline or better. Without a baseline only `ok` is served: what looks like an outage is
    /// never normal.
    #[must_use]
    pub fn is_served(&self) -> bool {
        let allowed = self.baseline.and_then(Code::severity).unwrap_or(0);
        self.severity() <= allowed
    }

    /// The site itself answered, over TLS that was verified for its name.
    pub(super) fn is_verified(&self) -> bool {
        self.locus == Locus::Site
    }
}

impl<'a> ComparisonInput<'a> {
    /// Views at baseline or better.
    pub(super) fn served(&self) -> impl Iterator<Item = &'a VantageView> + use<'a> {
        self.views.iter().filter(|v| v.is_served())
    }

    /// The views that the finding is about: those worse than baseline. Minor ones (severity 1)
    /// count only when there are no graver ones.
    pub(super) fn failing(&self) -> Vec<&'a VantageView> {
        let worse: Vec<&VantageView> = self.views.iter().filter(|v| !v.is_served()).collect();
        if worse.iter().any(|v| v.severity() > 1) {
            worse.into_iter().filter(|v| v.severity() > 1).collect()
        } else {
            worse
        }
    }

    /// Some view fails, and every failing one is of this family.
    pub(super) fn all_failing(&self, family: impl Fn(&VantageView) -> bool) -> bool {
        let failing = self.failing();
        !failing.is_empty() && failing.into_iter().all(family)
    }

    /// Every vantage fails in transport or 5xx.
    pub(super) fn fails_everywhere(&self) -> bool {
        !self.views.is_empty()
            && self
                .views
                .iter()
                .all(|v| !v.is_served() && v.code.is_outage_like())
    }

    /// An observation from inside the mainland fails too, from a vantage or from a person.
    pub(super) fn mainland_fails(&self) -> bool {
        let vantage = self
            .views
            .iter()
            .any(|v| v.country == "CN" && !v.is_served());
        let person = self
            .people
            .iter()
            .rev()
            .find(|check| saw_from_mainland(&check.network))
            .is_some_and(|check| check.browser == BrowserResult::Refused);
        vantage || person
    }
}

/// Whether a network named by a person is inside the mainland.
///
/// The text is free, so only plain statements count: the country code `CN` as a word, `mainland`,
/// or the Chinese words for it. The name of a city says nothing (there are VPNs), and neither does
/// `China` in `Hong Kong, China`.
#[must_use]
pub fn saw_from_mainland(network: &str) -> bool {
    let lower = network.to_lowercase();
    if ["outside", "not in", "境外", "海外"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return false;
    }
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word == "cn" || word == "mainland")
        || ["大陆", "大陸", "境内", "境內", "内地", "內地"]
            .iter()
            .any(|word| lower.contains(word))
}
