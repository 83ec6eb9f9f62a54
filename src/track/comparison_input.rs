//! From the tracker state to the input of a comparison: which statuses are compared, and what their
//! loci prove.

use std::time::Duration;

use crate::model::Finding;
use crate::model::discriminator::Attribution;
use crate::model::finding_basis::FindingBasis;
use crate::model::incident::HumanCheck;
use crate::model::tracker_state::TrackerState;
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Locus, ProbeKey, Settings, Status, Time, VantageId};
use crate::track::compare;
use crate::track::compare::ComparisonInput;
use crate::track::compare::{Proof, VantageView};

/// The name of OONI's control servers among the views.
const CONTROL: &str = "ooni:control";

/// Whether a status is recent enough to be compared: at most one interval of the schedule old.
pub(super) fn is_fresh(status: &Status, now: Time, interval: Duration) -> bool {
    let age = (now - status.last_checked).to_std().unwrap_or_default();
    age <= interval
}

/// The statuses that are compared: recently checked, from usable vantages.
pub(super) fn compared<'b>(
    tracker: &'b TrackerState,
    probe: &'b ProbeKey,
    now: Time,
    interval: Duration,
) -> impl Iterator<Item = &'b Status> {
    tracker
        .statuses_of(probe)
        .filter(move |s| tracker.is_usable(&s.vantage) && is_fresh(s, now, interval))
}

/// The newest OONI control among the statuses, as a separate view without a country.
fn control(compared: &[&Status]) -> Option<VantageView> {
    let newest = compared
        .iter()
        .filter(|s| s.ooni_control.is_some())
        .max_by_key(|s| s.last_checked)?;
    let seen = newest.ooni_control.as_ref()?;
    Some(VantageView {
        vantage: VantageId::from(CONTROL),
        country: String::new(),
        network: None,
        code: seen.code,
        locus: Locus::Unknown,
        http_status: seen.http_status,
        baseline: None,
    })
}

fn view(status: &Status, settings: &Settings) -> VantageView {
    let vantage = settings.vantages.iter().find(|v| v.id == status.vantage);
    VantageView {
        vantage: status.vantage.clone(),
        country: vantage.map_or_else(|| stated_country(&status.vantage), |v| v.country.clone()),
        network: vantage.and_then(|v| v.network),
        code: status.observed.code,
        locus: status.observed.locus,
        http_status: status.observed.http_status,
        baseline: status.baseline,
    }
}

/// The country in the vantage id of imported OONI records (`ooni:KR:AS4766`); empty for other ids.
fn stated_country(vantage: &VantageId) -> String {
    let mut parts = vantage.as_str().split(':');
    match (parts.next(), parts.next()) {
        (Some("ooni"), Some(country)) if country != "ZZ" => country.to_owned(),
        _ => String::new(),
    }
}

/// What a status proves: by its discriminators, or by a code or locus that is given only with
/// proof.
fn proof(status: &Status) -> Option<Proof> {
    let attribution = status.attribution.as_ref().and_then(|t| t.proof);
    attribution.or(match (status.observed.code, status.observed.locus) {
        (Code::DnsForged, _) => Some(Proof::ForgedDns),
        (_, Locus::Network) => Some(Proof::BeforeTheSite),
        _ => None,
    })
}

/// The finding of a probe, and the basis of that finding.
pub(super) fn finding(
    compared: &[&Status],
    settings: &Settings,
    people: &[HumanCheck],
) -> (Finding, Vec<FindingBasis>) {
    let mut views: Vec<VantageView> = compared.iter().map(|s| view(s, settings)).collect();
    // OONI's control has no page. It only shows whether the site answers.
    let may_be_outage = |v: &VantageView| !v.is_served() && v.code.is_outage_like();
    if views.iter().any(may_be_outage) {
        views.extend(control(compared));
    }
    let proofs: Vec<Proof> = compared
        .iter()
        .zip(&views)
        .filter(|(_, view)| !view.is_served())
        .filter_map(|(status, _)| proof(status))
        .collect();
    let found = compare::finding(&ComparisonInput {
        views: &views,
        proofs: &proofs,
        people,
    });
    let attribution = compared.iter().map(|s| s.attribution.as_ref());
    let grounds = views
        .iter()
        .zip(attribution.chain(std::iter::repeat(None)))
        .map(|(view, attribution)| basis(view, attribution));
    (
        found,
        grounds
            .chain(people.iter().map(FindingBasis::from))
            .collect(),
    )
}

fn basis(view: &VantageView, attribution: Option<&Attribution>) -> FindingBasis {
    FindingBasis::Vantage {
        vantage: view.vantage.clone(),
        country: view.country.clone(),
        network: view.network.map_or("", NetworkClass::as_str).to_owned(),
        code: view.code,
        locus: view.locus,
        served: view.is_served(),
        said: attribution
            .map(|t| t.statements.clone())
            .unwrap_or_default(),
    }
}
