//! Judges what an archive saved.

use chrono::TimeDelta;
use url::Url;

use super::step::Capture;
use super::worker::{MAX_TRIES, Saver, Service};
use crate::engine::copies::finder::CopyQuestion;
use crate::engine::copies::reference::cited_page;
use crate::engine::error::EngineError;
use crate::links::copies::Candidate;
use crate::model::copy::{CopyJudgement, CopyKind, NewCopy, SaveTarget};
use crate::model::save_job::{SaveJob, SaveState};

/// A new capture may not be shown yet.
const NOT_YET: TimeDelta = TimeDelta::minutes(5);

impl Saver<'_> {
    /// Judges what the archive saved, as any capture.
    pub(super) async fn judge(
        &self,
        job: &mut SaveJob,
        capture: Capture,
    ) -> Result<Option<NewCopy>, EngineError> {
        let now = self.clock.now();
        let question = self.question(job, &capture).await?;
        let candidate = Candidate {
            archive: self.archive.clone(),
            url: capture.url,
            time: capture.time,
            kind: CopyKind::Saved,
        };
        let found = match (&self.service, job.remote.as_deref()) {
            (Service::Perma(perma), Some(guid)) => {
                let copy = candidate.copy(None);
                Ok(match perma.page(guid, &question.url).await {
                    Some(page) => self.finder.judged(copy, page, &question).copy,
                    None => copy,
                })
            }
            _ => (self.finder.look(&candidate, &question).await).map(|found| found.copy),
        };
        let mut copy = match found {
            Ok(copy) => copy,
            Err(resting) => {
                job.goes_on(SaveState::Accepted, resting.until, None);
                return Ok(None);
            }
        };
        copy.job = Some(job.id);
        if copy.judged.is_none() && job.tries < MAX_TRIES {
            job.tries += 1;
            let reason = "what was saved cannot be read yet".to_owned();
            job.goes_on(SaveState::Accepted, now + NOT_YET, Some(reason));
            return Ok(None);
        }
        // A new capture may lead to an older one, or be missing, for a while.
        let is_shown = copy.time == Some(candidate.time) && copy.code.is_some();
        if !is_shown && self.target == SaveTarget::Wayback && job.tries < MAX_TRIES {
            job.tries += 1;
            let reason = "the archive does not show the new capture yet".to_owned();
            job.goes_on(SaveState::Accepted, now + NOT_YET, Some(reason));
            return Ok(None);
        }
        let reason = match copy.judged {
            Some(CopyJudgement::Bad) => Some(format!(
                "what was saved is not the page ({})",
                copy.code.as_deref().unwrap_or("no capture")
            )),
            Some(_) => None,
            None => Some("what was saved cannot be judged here".to_owned()),
        };
        job.ends(SaveState::Saved, reason);
        Ok(Some(copy))
    }

    /// What is known about the link whose page was saved.
    async fn question(
        &self,
        job: &SaveJob,
        capture: &Capture,
    ) -> Result<CopyQuestion, EngineError> {
        let url = Url::parse(&job.url).ok();
        let known = self.store.cited_pages(vec![job.link]).await?;
        let known = known.get(&job.link);
        Ok(CopyQuestion {
            reference: known.and_then(|known| cited_page(known, job.cited_on)),
            cited_on: job.cited_on,
            passages: job.passages.clone(),
            ..CopyQuestion::of_link(url.unwrap_or_else(|| capture.url.clone()))
        })
    }
}
