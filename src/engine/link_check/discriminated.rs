//! Who stands in the way of a kept link: discriminators, once a host, vantage and day. They begin a
//! silence of the host, so that they come after all fetches of a visit; nothing waits for its end.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use super::job::LinkJob;
use super::outcome::VantageCheck;
use super::visit::LinkVisitor;
use crate::engine::judgement::{Judgement, code_of};
use crate::engine::link_record::finished;
use crate::model::link::LinkObservation;
use crate::model::page::History;
use crate::model::{Code, Measurement, Time, Vantage, VantageId};
use crate::store::NewMeasurement;
use crate::track::links::observation;

/// How long a host is not asked again.
const ONCE: TimeDelta = TimeDelta::days(1);
/// How many hosts are remembered.
const MAX_HOSTS: usize = 100_000;

/// When discriminators asked for a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscriminatedHost {
    pub vantage: VantageId,
    pub host: String,
    pub at: Time,
}

/// The hosts of the last day, and whether each is still to be kept in a store.
#[derive(Debug, Default)]
pub(super) struct DiscriminatedHosts(Mutex<HashMap<(VantageId, String), (Time, bool)>>);

impl DiscriminatedHosts {
    /// Takes the turn of a host; `false` when it had one in the last day.
    fn reserve(&self, vantage: &VantageId, host: &str, now: Time) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: Time| (TimeDelta::zero()..ONCE).contains(&(now - at));
        all.retain(|_, (at, is_new)| *is_new || is_recent(*at));
        let key = (vantage.clone(), host.to_owned());
        if all.get(&key).is_some_and(|(at, _)| is_recent(*at)) || all.len() >= MAX_HOSTS {
            return false;
        }
        all.insert(key, (now, true));
        true
    }

    /// Takes up what a store remembers.
    pub(super) fn restore(&self, hosts: Vec<DiscriminatedHost>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for known in hosts {
            let at = all.entry((known.vantage, known.host));
            at.or_insert((known.at, false));
        }
    }

    /// The hosts that were asked since this was last called.
    pub(super) fn unsaved(&self) -> Vec<DiscriminatedHost> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unsaved = Vec::new();
        for ((vantage, host), (at, is_new)) in all.iter_mut().filter(|(_, (_, new))| *new) {
            *is_new = false;
            unsaved.push(DiscriminatedHost {
                vantage: vantage.clone(),
                host: host.clone(),
                at: *at,
            });
        }
        unsaved
    }
}

impl LinkVisitor {
    /// Asks about the first of these losses of each host; `settled` are the checks that two fetches
    /// agree on.
    pub(super) async fn discriminate(
        &self,
        jobs: &[LinkJob],
        checks: &mut [(usize, VantageCheck)],
        settled: &[usize],
        vantage: &Vantage,
    ) {
        for at in settled {
            let (job, check) = &mut checks[*at];
            let host = jobs[*job].target.url.host_str().unwrap_or_default();
            // A name that does not exist is no one's doing.
            if check.code == Some(Code::DnsNxdomain) || check.observation.is_none() {
                continue;
            }
            let Some(measurement) = check.record.as_ref().map(|r| r.measurement.clone()) else {
                continue;
            };
            let history = History::new();
            let suspicion = Cow::Borrowed(&measurement);
            let suspicion = Judgement::begin(&self.judge, None, &history, suspicion);
            let now = self.clock.now();
            if suspicion.wants_discriminators()
                && self.discriminated.reserve(&vantage.id, host, now)
            {
                let record = self.with_discriminators(suspicion, vantage).await;
                check.record = record.map(Box::new).or(check.record.take());
                note_cause(check);
            }
        }
    }

    async fn with_discriminators(
        &self,
        mut judgement: Judgement<'_>,
        vantage: &Vantage,
    ) -> Option<NewMeasurement> {
        let history = History::new();
        let code = |m: &mut Measurement| code_of(&self.judge, None, &history, m);
        let measurement = judgement.measurement();
        let found = self.prober.discriminate(measurement, None, vantage, &code);
        let found = Box::pin(found).await;
        let is_found = judgement.attach_discriminators(found);
        is_found.then(|| finished(judgement, &self.unstored, self.clock.now()))?
    }
}

/// What the discriminators prove may change the code of the check.
fn note_cause(check: &mut VantageCheck) {
    let Some(record) = &check.record else { return };
    let code = record.verdict.code;
    if code == Code::DnsForged {
        check.code = Some(code);
        check.observation = observation(code, record.measurement.http_status(), false);
        check.is_notice = false;
    }
}

/// Whether a check lost the page, as two fetches agree.
pub(super) fn is_loss(check: &VantageCheck) -> bool {
    let is_bad = check.observation != Some(LinkObservation::Served);
    check.observation.is_some() && is_bad && !check.is_unsettled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Time {
        crate::model::time::from_micros(1_790_000_000_000_000) + TimeDelta::hours(hours)
    }

    #[test]
    fn a_host_has_one_turn_a_day_from_each_vantage_whatever_is_restarted() {
        let hosts = DiscriminatedHosts::default();
        let (here, there) = (VantageId::from("here"), VantageId::from("there"));
        assert!(hosts.reserve(&here, "a.example", at(0)));
        assert!(!hosts.reserve(&here, "a.example", at(23)));
        assert!(hosts.reserve(&there, "a.example", at(23)));
        assert!(hosts.reserve(&here, "b.example", at(23)));
        let saved = hosts.unsaved();
        assert_eq!(saved.len(), 3);
        assert!(hosts.unsaved().is_empty());
        let anew = DiscriminatedHosts::default();
        anew.restore(saved);
        assert!(!anew.reserve(&here, "a.example", at(23)));
        assert!(anew.reserve(&here, "a.example", at(24)));
        assert_eq!(anew.unsaved().len(), 1);
    }
}
