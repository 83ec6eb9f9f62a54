//! From the book to a scene: which statuses are compared, and what their loci prove.

use std::time::Duration;

use crate::judge::compare::{self, Scene};
use crate::judge::compare::{Proof, View};
use crate::model::Finding;
use crate::model::book::Book;
use crate::model::incident::HumanCheck;
use crate::model::{Code, Locus, ProbeKey, Settings, Status, Time, VantageId};

/// The name of OONI's control servers among the views.
const CONTROL: &str = "ooni:control";

/// Whether a status is recent enough to be compared: none older than one interval of the schedule.
pub(super) fn is_fresh(status: &Status, now: Time, interval: Duration) -> bool {
    let age = (now - status.last_checked).to_std().unwrap_or_default();
    age <= interval
}

/// The newest settled verdicts of the usable vantages.
pub(super) fn views(
    book: &Book,
    settings: &Settings,
    probe: &ProbeKey,
    now: Time,
    interval: Duration,
) -> Vec<View> {
    let fresh: Vec<&Status> = book
        .statuses_of(probe)
        .filter(|s| book.is_usable(&s.vantage) && is_fresh(s, now, interval))
        .collect();
    let mut views: Vec<View> = fresh.iter().map(|s| view(s, settings)).collect();
    // A control has no page: it is heard only on whether there is an answer at all.
    if views
        .iter()
        .any(|v| !v.is_served() && v.code.is_outage_like())
    {
        views.extend(control(&fresh));
    }
    views
}

/// The newest control of OONI's among the statuses, as a view of its own: a country is not known.
fn control(fresh: &[&Status]) -> Option<View> {
    let newest = fresh
        .iter()
        .filter(|s| s.elsewhere.is_some())
        .max_by_key(|s| s.last_checked)?;
    let seen = newest.elsewhere.as_ref()?;
    Some(View {
        vantage: VantageId::from(CONTROL),
        country: String::new(),
        network: None,
        code: seen.code,
        locus: Locus::Unknown,
        http_status: seen.http_status,
        baseline: None,
    })
}

fn view(status: &Status, settings: &Settings) -> View {
    let vantage = settings.vantages.iter().find(|v| v.id == status.vantage);
    View {
        vantage: status.vantage.clone(),
        country: vantage.map_or_else(|| stated_country(&status.vantage), |v| v.country.clone()),
        network: vantage.and_then(|v| v.network),
        code: status.code,
        locus: status.locus,
        http_status: status.http_status,
        baseline: status.baseline,
    }
}

/// The country in the id of a vantage of others' records, `ooni:KR:AS4766`; else empty.
fn stated_country(vantage: &VantageId) -> String {
    let mut parts = vantage.as_str().split(':');
    match (parts.next(), parts.next()) {
        (Some("ooni"), Some(country)) if country != "ZZ" => country.to_owned(),
        _ => String::new(),
    }
}

/// What the verdicts themselves prove: a failure whose locus is the network was shown by discriminators
/// to happen before the site.
pub(super) fn proofs(views: &[View]) -> Vec<Proof> {
    let mut proofs = Vec::new();
    for view in views.iter().filter(|v| !v.is_served()) {
        if view.code == Code::DnsForged {
            proofs.push(Proof::ForgedDns);
        } else if view.locus == Locus::Network {
            proofs.push(Proof::BeforeTheSite);
        }
    }
    proofs
}

/// The finding of a probe as the book stands.
pub(super) fn finding(views: &[View], people: &[HumanCheck]) -> Finding {
    compare::finding(&Scene {
        views,
        proofs: &proofs(views),
        people,
    })
}
