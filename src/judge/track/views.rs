//! From the book to a scene: which statuses are compared, and what their loci prove.

use std::time::Duration;

use crate::judge::compare::{self, Scene};
use crate::judge::compare::{Proof, View};
use crate::model::Finding;
use crate::model::book::Book;
use crate::model::incident::HumanCheck;
use crate::model::{Code, Locus, ProbeKey, Settings, Status, Time, VantageId};

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
    book.statuses_of(probe)
        .filter(|s| book.is_usable(&s.vantage) && is_fresh(s, now, interval))
        .map(|s| view(s, settings))
        .collect()
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
        (Some("ooni"), Some(country)) => country.to_owned(),
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
