//! Who stands in the way of a kept link: discriminators, once a host, vantage and day. They begin a
//! silence of the host, so that they come after all fetches of a visit; nothing waits for its end.

use std::borrow::Cow;

use super::job::LinkJob;
use super::outcome::VantageCheck;
use super::visit::LinkVisitor;
use crate::engine::judgement::{Judgement, code_of};
use crate::engine::link_record::finished;
use crate::model::link::LinkObservation;
use crate::model::page::History;
use crate::model::{Code, Measurement, Vantage};
use crate::store::NewMeasurement;
use crate::track::links::observation;

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
