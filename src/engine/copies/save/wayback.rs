//! Save Page Now 2 of the Wayback Machine.

use chrono::{NaiveTime, TimeDelta};
use reqwest::Client;
use serde::Deserialize;
use url::Url;

use super::step::{Capture, Step, unreadable};
use crate::engine::copies::archives::retry_after;
use crate::links::copies::memento;
use crate::model::Time;
use crate::model::save_job::SaveJob;
use crate::model::vantage::Secret;
use crate::net::ServiceAnswer;
use crate::text::clean;

/// The most bytes of an answer.
const MAX_ANSWER: usize = 1 << 20;
/// A capture of the last day is as good as a new one.
const RECENT: TimeDelta = TimeDelta::days(1);
/// A job is asked for again after this long.
const POLL: TimeDelta = TimeDelta::seconds(20);
/// How long nothing is sent while all places are taken.
const BUSY: TimeDelta = TimeDelta::minutes(1);

/// Errors that are the archive's, not the page's.
const PASSING: [&str; 7] = [
    "error:user-session-limit",
    "error:too-many-requests",
    "error:service-unavailable",
    "error:bandwidth-limit-exceeded",
    "error:celery",
    "error:cannot-fetch",
    "error:gateway-timeout",
];

/// The interface, with the user's key.
pub(super) struct Wayback {
    pub(super) client: Client,
    pub(super) api: Url,
    pub(super) key: Secret,
}

/// Every answer, with the fields that it may have.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    job_id: Option<String>,
    status: Option<String>,
    status_ext: Option<String>,
    message: Option<String>,
    timestamp: Option<String>,
    original_url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Account {
    available: Option<i64>,
    daily_captures: Option<i64>,
    daily_captures_limit: Option<i64>,
}

impl Wayback {
    /// How many pages may be sent now; `Err` says from when on some may.
    pub(super) async fn room(&self, now: Time) -> Result<u32, Step> {
        let answer = self.get("/save/status/user", now).await?;
        let account: Account = serde_json::from_slice(&answer.body)
            .map_err(|_| Step::Quiet(now + BUSY, unreadable(&answer, &self.key)))?;
        if let (Some(made), Some(limit)) = (account.daily_captures, account.daily_captures_limit)
            && made >= limit
        {
            let reason = format!("the {limit} captures of the day are made");
            return Err(Step::Quiet(next_day(now), reason));
        }
        let left = account.daily_captures_limit.unwrap_or(1) - account.daily_captures.unwrap_or(0);
        let room = account.available.unwrap_or(1).min(left);
        match u32::try_from(room) {
            Ok(room) if room > 0 => Ok(room),
            _ => Err(Step::Quiet(now + BUSY, "all places are taken".to_owned())),
        }
    }

    /// Asks for a capture, unless there is a recent one: that makes asking again harmless.
    pub(super) async fn send(&self, job: &SaveJob, now: Time) -> Step {
        let sent = job.sent.map_or(TimeDelta::zero(), |sent| now - sent);
        let recent = (sent + TimeDelta::minutes(1)).max(RECENT).num_seconds();
        let form = [
            ("url", job.url.clone()),
            ("if_not_archived_within", recent.to_string()),
            ("skip_first_archive", "1".to_owned()),
        ];
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&form)
            .finish();
        let request = self
            .client
            .post(self.at("/save"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        match self.ask(request, now).await {
            Ok(answer) => self.accepted(&answer, now),
            Err(step) => step,
        }
    }

    /// Asks how far a job is.
    pub(super) async fn poll(&self, remote: &str, now: Time) -> Step {
        let answer = match self.get(&format!("/save/status/{remote}"), now).await {
            Ok(answer) => answer,
            Err(Step::Unknown(reason)) => return Step::Pending(now + POLL, Some(reason)),
            Err(step) => return step,
        };
        let Ok(read) = serde_json::from_slice::<Answer>(&answer.body) else {
            return Step::Pending(now + POLL, Some(unreadable(&answer, &self.key)));
        };
        match read.status.as_deref() {
            Some("success") => self.capture(&read).unwrap_or_else(|| {
                Step::Failed("the archive does not say where the capture is".to_owned())
            }),
            Some("error") => of_error(&read, now),
            _ => Step::Pending(now + POLL, None),
        }
    }

    /// What the answer to a request for a capture means; errors come with status 200 too.
    fn accepted(&self, answer: &ServiceAnswer, now: Time) -> Step {
        let Ok(read) = serde_json::from_slice::<Answer>(&answer.body) else {
            return Step::Unknown(unreadable(answer, &self.key));
        };
        match read.job_id.as_deref() {
            Some(id) if is_id(id) => Step::Accepted(id.to_owned()),
            _ => of_error(&read, now),
        }
    }

    fn capture(&self, answer: &Answer) -> Option<Step> {
        let (stamp, original) = (
            answer.timestamp.as_deref()?,
            answer.original_url.as_deref()?,
        );
        let time = memento::stamp_time(stamp)?;
        let url = memento::offered(&self.api, &format!("/web/{stamp}/{original}"))?;
        Some(Step::Saved(Capture { url, time }))
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.api.clone();
        url.set_path(path);
        url
    }

    async fn get(&self, path: &str, now: Time) -> Result<ServiceAnswer, Step> {
        self.ask(self.client.get(self.at(path)), now).await
    }

    async fn ask(
        &self,
        request: reqwest::RequestBuilder,
        now: Time,
    ) -> Result<ServiceAnswer, Step> {
        let request = request
            .header("accept", "application/json")
            .header("authorization", format!("LOW {}", self.key.0));
        let unknown = |error: reqwest::Error| Step::Unknown(error.without_url().to_string());
        let answer = request.send().await.map_err(unknown)?;
        let answer = ServiceAnswer::read(answer, MAX_ANSWER)
            .await
            .map_err(unknown)?;
        match answer.status {
            200..=299 => Ok(answer),
            401 | 403 => Err(Step::Refused(
                "archive.org does not take the key".to_owned(),
            )),
            429 => {
                let quiet = answer.header("retry-after");
                let until = quiet.and_then(|text| retry_after(text, now));
                let reason = "archive.org asks for quiet".to_owned();
                Err(Step::Rest(until.unwrap_or(now + BUSY), reason))
            }
            status => Err(Step::Unknown(format!("status {status}"))),
        }
    }
}

/// It goes into an address.
fn is_id(id: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (1..=100).contains(&id.len()) && id.bytes().all(fits)
}

fn of_error(answer: &Answer, now: Time) -> Step {
    let kind = answer.status_ext.as_deref().unwrap_or_default();
    let words = answer.message.as_deref().unwrap_or(kind);
    let reason = clean::line(
        if words.is_empty() {
            "no reason given"
        } else {
            words
        },
        200,
    );
    match kind {
        "error:too-many-daily-captures" => Step::PutOff(next_day(now), reason),
        kind if PASSING.contains(&kind) => Step::Quiet(now + BUSY * 5, reason),
        _ => Step::Failed(reason),
    }
}

/// The midnight after `now`, in UTC.
fn next_day(now: Time) -> Time {
    (now.date_naive().and_time(NaiveTime::MIN)).and_utc() + TimeDelta::days(1)
}
