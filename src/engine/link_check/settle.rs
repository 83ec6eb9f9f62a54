//! An answer that is worse than what is known about a kept link is asked for again in the same
//! visit: one answer proves nothing. What comes twice counts.

use super::discriminate::is_loss;
use super::job::{KnownLink, LinkJob};
use super::outcome::VantageCheck;
use super::visit::{DomainVisit, LinkVisitor};
use crate::engine::link_record::link_record;
use crate::judge::similarity;
use crate::model::link::LinkObservation::{self, Declined, Served};
use crate::model::link::LinkRemark;
use crate::model::source::StoreBody;
use crate::model::{Code, Measurement, Vantage};
use crate::store::NewMeasurement;

impl LinkVisitor {
    /// Fetches again what is worse than before. When both answers differ, the check says nothing.
    pub(super) async fn settle(
        &self,
        jobs: &[LinkJob],
        checks: &mut [(usize, VantageCheck)],
        vantage: &Vantage,
        domain: &mut DomainVisit,
    ) {
        domain.is_settling = true;
        let mut losses = Vec::new();
        for (place, (at, check)) in checks.iter_mut().enumerate() {
            let job = &jobs[*at];
            let is_new = job
                .known
                .as_ref()
                .is_some_and(|known| is_worse(known, check));
            if !is_new || domain.has_closed(job) {
                continue;
            }
            let second = self.visit(job, vantage, domain).await;
            *check = agreed(check, second);
            if is_loss(check) && !domain.has_closed(job) {
                losses.push(place);
            }
        }
        self.discriminate(jobs, checks, &losses, vantage).await;
    }

    /// Keeps the record of a check that differs from what is known about the link or whose page is
    /// saved, and the exchange of another healthy one.
    pub(super) fn keep_record(
        &self,
        known: &KnownLink,
        check: &mut VantageCheck,
        mut measurement: Measurement,
        is_settling: bool,
    ) {
        let (Some(code), Some(observation)) = (check.code, check.observation) else {
            return;
        };
        measurement.set_link(known.id);
        let before = known.views.iter().find(|v| v.vantage == check.vantage);
        let is_same = before.is_some_and(|view| view.code == code);
        let is_kept = known.is_elsewhere || is_settling || check.own_copy.is_some();
        if !is_same || is_kept {
            check.record = self.record(measurement).map(Box::new);
        } else if code == Code::Ok && observation == Served {
            let is_stored = self.unstored.of_page(&measurement) == StoreBody::Always;
            check.exchange = is_stored.then(|| Box::new(measurement));
        }
    }

    /// The record of a check of a kept link for the store.
    pub(super) fn record(&self, measurement: Measurement) -> Option<NewMeasurement> {
        link_record(&self.judge, &self.unstored, measurement, self.clock.now())
    }
}

/// Whether a check is worse than the newest observation of its vantage, or shows a link that was
/// never seen in another way than served.
fn is_worse(known: &KnownLink, check: &VantageCheck) -> bool {
    let Some(now) = check.observation else {
        return false;
    };
    let is_shared = check.remarks.contains(&LinkRemark::BackOff);
    let before = known.views.iter().find(|v| v.vantage == check.vantage);
    let before = before.map_or(Served, |view| view.observation);
    now != Served && now != before && !is_shared
}

/// What two fetches say together.
fn agreed(first: &VantageCheck, second: VantageCheck) -> VantageCheck {
    if second.observation == first.observation || second.observation == Some(Declined) {
        return second;
    }
    if is_same_soft_404(first, &second) {
        let mut second = second;
        second.set_soft_404(first.error_page.clone());
        return second;
    }
    if second.observation == Some(Served) {
        return second;
    }
    let mut unsettled = second;
    unsettled.observation = None;
    unsettled.is_unsettled = true;
    unsettled.record = None;
    unsettled.exchange = None;
    unsettled
}

/// Whether the first page is one that the host serves at any address, and the second is the same
/// page.
fn is_same_soft_404(first: &VantageCheck, second: &VantageCheck) -> bool {
    let is_soft = first.code == Some(Code::ContentSoft404)
        && second.observation == Some(LinkObservation::Served);
    let pages = first.page.as_ref().zip(second.page.as_ref());
    let same_body = first.body_sha256.is_some() && first.body_sha256 == second.body_sha256;
    is_soft && (same_body || pages.is_some_and(|(a, b)| similarity::says_the_same(a, b).is_some()))
}
