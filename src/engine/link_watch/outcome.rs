//! What the checks of a link report to the tracker, and what is stored.

use std::collections::HashMap;
use std::sync::Arc;

use crate::engine::link_check::{ComparedPage, LinkOutcome, VantageCheck, page_findings};
use crate::links::copies::JudgedCapture;
use crate::model::joined_link::JoinedLink;
use crate::model::link::{LinkId, LinkObservation, LinkRemark};
use crate::model::link_status::{CheckFact, CheckedLink, WatchedLink};
use crate::model::{Code, Measurement, MeasurementUid, Time, VantageId};
use crate::store::{CitedPage, NewMeasurement, PageFinding, SharedDecline};
use crate::track::link_status::{LinkCheck, LinkInPass, LinkSighting};

/// A link of a batch with what its check found.
pub(super) struct CheckedInBatch {
    pub(super) in_pass: LinkInPass,
    pub(super) facts: Vec<CheckFact>,
    pub(super) records: Vec<NewMeasurement>,
    /// Healthy exchanges that are not records.
    pub(super) exchanges: Vec<Measurement>,
    /// The page that is to be saved as a copy of our own, with its record.
    pub(super) own_copy: Option<(MeasurementUid, JudgedCapture)>,
    /// The other link that it is.
    pub(super) joined: Option<JoinedLink>,
}

/// What the checks of a batch leave behind.
#[derive(Default)]
pub(super) struct LinkProof {
    /// Records for the store: checks that differ from what was known, and the last ones before a
    /// change.
    pub(super) records: Vec<NewMeasurement>,
    /// What goes into a file of evidence.
    pub(super) cited: Vec<MeasurementUid>,
    /// Healthy exchanges that replace those that are kept.
    pub(super) healthy: Vec<Measurement>,
    /// The links and vantages whose newest healthy exchange is too large to be kept.
    pub(super) too_large: Vec<(LinkId, VantageId)>,
}

/// The newest healthy exchange of a larger page is not kept.
const MAX_EXCHANGE: u64 = 1 << 20;

impl LinkProof {
    pub(super) fn cite(&mut self, record: NewMeasurement) {
        self.cited
            .extend(record.measurement.measurement_uid.clone());
        self.records.push(record);
    }

    /// Adds the newest healthy exchange of a link and vantage. Of a page that is too large nothing
    /// is kept: an older one is not the last healthy one any more.
    pub(super) fn add_healthy(&mut self, exchange: Measurement) {
        let Some(extra) = exchange.extra() else {
            return;
        };
        if extra.body_bytes <= MAX_EXCHANGE {
            self.healthy.push(exchange);
        } else if let Some(link) = exchange.link() {
            self.too_large.push((link, extra.vantage.clone()));
        }
    }
}

/// What a check of `link` at `at` found, for the tracker.
pub(super) fn checked(
    link: &WatchedLink,
    outcome: LinkOutcome,
    at: Time,
    is_geo_restricted: bool,
) -> CheckedInBatch {
    let mut check = LinkCheck::new(at);
    check.remarks.clone_from(&outcome.remarks);
    check.title.clone_from(&outcome.title);
    note_comparison(&mut check, &outcome);
    let mut facts = Vec::new();
    let mut records = Vec::new();
    let mut exchanges = Vec::new();
    let mut own_copy = None;
    let mut joined = None;
    for mut seen in outcome.checks {
        if is_by_script(link) && seen.observation == Some(LinkObservation::Served) {
            seen.observation = None;
        }
        check.is_unsettled |= seen.is_unsettled;
        let Some(code) = seen.code else { continue };
        let is_shared = seen.remarks.contains(&LinkRemark::BackOff);
        if seen.observation.is_some() && !is_shared {
            facts.push(CheckFact {
                vantage: seen.vantage.clone(),
                at: seen.at,
                code,
            });
        }
        exchanges.extend(seen.exchange.take().map(|exchange| *exchange));
        joined = joined.or(seen.joined.take());
        let page = seen.own_copy.take();
        let (sighting, record) = sighting(seen, code);
        if own_copy.is_none() {
            own_copy = sighting.record.clone().zip(page.map(|page| *page));
        }
        check.sightings.push(sighting);
        records.extend(record);
    }
    CheckedInBatch {
        in_pass: LinkInPass {
            host: link.host.clone(),
            status: link.status.clone(),
            check,
            is_geo_restricted,
            event: None,
        },
        facts,
        records,
        exchanges,
        own_copy,
        joined: joined.map(|joined| *joined),
    }
}

/// What the page that was served shows of what was cited.
fn note_comparison(check: &mut LinkCheck, outcome: &LinkOutcome) {
    if let Some(page) = served_page(outcome) {
        let comparison = &page.comparison;
        check.is_alike = comparison.counted_alike();
        check.is_cited_missing = comparison.is_cited_missing();
        if comparison.is_living {
            check.remarks.insert(LinkRemark::LivingPage);
        }
    }
}

/// The page of the first vantage that was served.
fn served_page(outcome: &LinkOutcome) -> Option<&ComparedPage> {
    let mut served = outcome
        .checks
        .iter()
        .filter(|check| check.observation == Some(LinkObservation::Served));
    served.find_map(|check| check.compared.as_deref())
}

/// What the checks add to what is known about the pages of links.
pub(super) fn findings(
    links: &[WatchedLink],
    outcomes: &[Option<LinkOutcome>],
    cited: &HashMap<i64, Arc<CitedPage>>,
    at: Time,
) -> Vec<(i64, PageFinding)> {
    let nothing = Arc::default();
    let mut findings = Vec::new();
    for (link, outcome) in links.iter().zip(outcomes) {
        if let Some(page) = outcome.as_ref().and_then(served_page) {
            let known = cited.get(&link.id.0).unwrap_or(&nothing);
            let of_link = page_findings(known, page, at);
            findings.extend(of_link.into_iter().map(|finding| (link.id.0, finding)));
        }
    }
    findings
}

/// Whether a script, which is not run, would add what is cited: then a served page says nothing.
pub(super) fn is_by_script(link: &WatchedLink) -> bool {
    link.identity.contains("#/") || link.identity.contains("#!")
}

fn sighting(seen: VantageCheck, code: Code) -> (LinkSighting, Option<NewMeasurement>) {
    let record = seen.record.map(|record| *record);
    let uid = record
        .as_ref()
        .and_then(|r| r.measurement.measurement_uid.clone());
    let sighting = LinkSighting {
        vantage: seen.vantage,
        network: seen.network,
        at: seen.at,
        code,
        observation: seen.observation,
        is_notice: seen.is_notice,
        redirect: seen.redirect,
        record: uid,
    };
    (sighting, record)
}

/// The link as it is stored after the tracker saw the check.
pub(super) fn stored(link: &WatchedLink, done: CheckedInBatch) -> CheckedLink {
    CheckedLink {
        id: link.id,
        host: done.in_pass.host,
        status: done.in_pass.status,
        facts: done.facts,
        event: done.in_pass.event,
    }
}

/// The decline that the other links of the host share: a challenge, from a check that no vantage
/// got past.
pub(super) fn shared(in_pass: &LinkInPass, back_off: chrono::TimeDelta) -> Option<SharedDecline> {
    let sightings = &in_pass.check.sightings;
    let is_served = |s: &&LinkSighting| s.observation == Some(LinkObservation::Served);
    if sightings.iter().any(|s| is_served(&s)) {
        return None;
    }
    let declined = sightings.iter().find(|s| s.code.demands_back_off())?;
    Some(SharedDecline {
        host: in_pass.host.clone(),
        code: declined.code,
        at: in_pass.check.at,
        due: in_pass.check.at + back_off,
    })
}
