//! Perma: archives of single pages, billed by the month.

use std::io::Cursor;

use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta};
use reqwest::Client;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::step::{Capture, Step, unreadable};
use crate::engine::copies::archives::retry_after;
use crate::evidence::warc::WarcReader;
use crate::links::identity::same_place;
use crate::model::Time;
use crate::model::measurement::{Body, HeaderText, Measurement, Request};
use crate::model::save_job::SaveJob;
use crate::model::vantage::Secret;
use crate::net::ServiceAnswer;
use crate::net::http::undo_codings;
use crate::text::clean;

/// The most bytes of an answer.
const MAX_ANSWER: usize = 4 << 20;
/// The most bytes of a WARC file.
const MAX_WARC: usize = 64 << 20;
/// The most records that are read of it.
const MAX_RECORDS: usize = 5_000;
/// The most bytes of a record of it, and of all that are read, after decompression.
const UNPACKED: Unpacked = Unpacked {
    record: 4 * MAX_ANSWER as u64,
    all: 4 * MAX_WARC as u64,
};
/// A job is asked for again after this long.
const POLL: TimeDelta = TimeDelta::seconds(20);
/// How long nothing is sent after a temporary refusal.
const QUIET: TimeDelta = TimeDelta::minutes(5);
/// How many of the newest archives are searched for one that was asked for.
const NEWEST: usize = 100;

/// The interface, with the user's key.
pub(super) struct Perma {
    pub(super) client: Client,
    pub(super) api: Url,
    pub(super) key: Secret,
    pub(super) folder: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Archived {
    guid: Option<String>,
    url: Option<String>,
    creation_timestamp: Option<String>,
    warc_download_url: Option<String>,
}

impl Archived {
    fn made(&self) -> Option<Time> {
        self.creation_timestamp.as_deref()?.parse().ok()
    }
}

#[derive(Debug, Deserialize)]
struct Listing {
    objects: Vec<Archived>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CaptureJob {
    status: Option<String>,
    message: Option<serde_json::Value>,
}

impl Perma {
    /// Asks for an archive of a page.
    pub(super) async fn send(&self, job: &SaveJob, now: Time) -> Step {
        let folder = self.folder.as_ref().map(|text| match text.parse::<u64>() {
            Ok(number) => json!(number),
            Err(_) => json!(text),
        });
        let mut body = json!({"url": job.url});
        if let Some(folder) = folder {
            body["folder"] = folder;
        }
        let request = self
            .client
            .post(self.at("/v1/archives/"))
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = match self.ask(request, MAX_ANSWER).await {
            Ok(answer) => answer,
            Err(step) => return step,
        };
        match answer.status {
            200..=299 => self.accepted(&answer),
            400 if answer.text().contains("usage limit") => {
                let reason = "the captures of the month are used up".to_owned();
                Step::Quiet(next_month(now), reason)
            }
            400 | 404 | 422 => Step::Failed(clean::line(&answer.text(), 200)),
            status => self.refusal(status, &answer, now),
        }
    }

    /// The archive of the page that was made since the job was sent: Perma would make another one.
    pub(super) async fn find(&self, job: &SaveJob, now: Time) -> Result<Option<String>, Step> {
        let mut url = self.at("/v1/archives/");
        url.set_query(Some(&format!("limit={NEWEST}")));
        let answer = match self.ask(self.client.get(url), MAX_ANSWER).await {
            Ok(answer) if (200..300).contains(&answer.status) => answer,
            Ok(answer) => return Err(self.refusal(answer.status, &answer, now)),
            Err(step) => return Err(step),
        };
        let Ok(listing) = serde_json::from_slice::<Listing>(&answer.body) else {
            return Err(Step::Unknown(unreadable(&answer, &self.key)));
        };
        let since = job.sent.map(|sent| sent - TimeDelta::minutes(2));
        let is_it = |archived: &&Archived| {
            archived.url.as_deref() == Some(job.url.as_str()) && archived.made() >= since
        };
        Ok(listing.objects.iter().find(is_it).and_then(guid))
    }

    /// Asks how far a job is.
    pub(super) async fn poll(&self, guid: &str, now: Time) -> Step {
        let job = self
            .client
            .get(self.at(&format!("/v1/capture_jobs/{guid}")));
        let answer = match self.ask(job, MAX_ANSWER).await {
            Ok(answer) if (200..300).contains(&answer.status) => answer,
            Ok(answer) => {
                return match self.refusal(answer.status, &answer, now) {
                    Step::Unknown(reason) => Step::Pending(now + POLL, Some(reason)),
                    step => step,
                };
            }
            Err(Step::Unknown(reason)) => return Step::Pending(now + POLL, Some(reason)),
            Err(step) => return step,
        };
        let Ok(job) = serde_json::from_slice::<CaptureJob>(&answer.body) else {
            return Step::Pending(now + POLL, Some(unreadable(&answer, &self.key)));
        };
        match job.status.as_deref() {
            Some("completed") => match self.archived(guid).await {
                Ok(archived) => Step::Saved(Capture {
                    url: self.public(guid),
                    time: archived.made().unwrap_or(now),
                }),
                Err(reason) => Step::Pending(now + POLL, Some(reason)),
            },
            Some("failed" | "deleted") => {
                let words = job
                    .message
                    .map(|words| words.to_string())
                    .unwrap_or_default();
                Step::Failed(clean::line(
                    &format!("Perma could not save it {words}"),
                    200,
                ))
            }
            _ => Step::Pending(now + POLL, None),
        }
    }

    /// The answer that the archive with this id holds for the page; `None` where it cannot be read.
    pub(super) async fn page(&self, guid: &str, link: &Url) -> Option<Measurement> {
        let archived = self.archived(guid).await.ok()?;
        let url = self.api.join(archived.warc_download_url.as_deref()?).ok()?;
        if url.origin() != self.api.origin() {
            return None;
        }
        let answer = self.ask(self.client.get(url), MAX_WARC).await.ok()?;
        if answer.status != 200 || answer.is_truncated {
            return None;
        }
        let link = link.clone();
        let read = tokio::task::spawn_blocking(move || page_in_warc(&answer.body, &link, UNPACKED));
        read.await.ok().flatten()
    }

    /// What Perma says about an archive, or why it is not known.
    async fn archived(&self, guid: &str) -> Result<Archived, String> {
        let request = self.client.get(self.at(&format!("/v1/archives/{guid}/")));
        let answer = match self.ask(request, MAX_ANSWER).await {
            Ok(answer) => answer,
            Err(Step::Unknown(reason)) => return Err(reason),
            Err(_) => return Err("Perma does not answer".to_owned()),
        };
        let read = serde_json::from_slice(&answer.body).ok();
        let read = read.filter(|_| (200..300).contains(&answer.status));
        read.ok_or_else(|| unreadable(&answer, &self.key))
    }

    fn accepted(&self, answer: &ServiceAnswer) -> Step {
        match serde_json::from_slice::<Archived>(&answer.body) {
            Ok(archived) => match guid(&archived) {
                Some(guid) => Step::Accepted(guid),
                None => Step::Unknown("the answer names no archive".to_owned()),
            },
            Err(_) => Step::Unknown(unreadable(answer, &self.key)),
        }
    }

    /// `https://api.perma.cc` serves what readers find at `https://perma.cc`.
    fn public(&self, guid: &str) -> Url {
        let mut url = self.at(&format!("/{guid}"));
        let host = url.host_str().and_then(|host| host.strip_prefix("api."));
        if let Some(host) = host.map(str::to_owned) {
            // A host without its first label is a host too.
            let _ = url.set_host(Some(&host));
        }
        url
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.api.clone();
        url.set_path(path);
        url.set_query(None);
        url
    }

    async fn ask(
        &self,
        request: reqwest::RequestBuilder,
        max: usize,
    ) -> Result<ServiceAnswer, Step> {
        let request = request
            .header("accept", "application/json")
            .header("authorization", format!("ApiKey {}", self.key.0));
        let unknown = |error: reqwest::Error| Step::Unknown(error.without_url().to_string());
        let answer = request.send().await.map_err(unknown)?;
        ServiceAnswer::read(answer, max).await.map_err(unknown)
    }

    fn refusal(&self, status: u16, answer: &ServiceAnswer, now: Time) -> Step {
        match status {
            401 | 403 => {
                let host = self.api.host_str().unwrap_or("Perma");
                Step::Refused(format!("{host} does not take the key"))
            }
            429 => {
                let quiet = answer.header("retry-after");
                let until = quiet.and_then(|text| retry_after(text, now));
                let reason = "Perma asks for quiet".to_owned();
                Step::Rest(until.unwrap_or(now + QUIET), reason)
            }
            status => Step::Unknown(format!("status {status}")),
        }
    }
}

/// The id of an archive, which goes into addresses.
fn guid(archived: &Archived) -> Option<String> {
    let guid = archived.guid.as_deref()?;
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    ((4..=40).contains(&guid.len()) && guid.bytes().all(fits)).then(|| guid.to_owned())
}

/// The first of the next month.
fn next_month(now: Time) -> Time {
    let (year, month) = match now.month() {
        12 => (now.year() + 1, 1),
        month => (now.year(), month + 1),
    };
    let day = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(now.date_naive());
    day.and_time(NaiveTime::MIN).and_utc()
}

/// What a WARC file may unpack to.
#[derive(Debug, Clone, Copy)]
struct Unpacked {
    record: u64,
    all: u64,
}

/// The answer for the page in a WARC file: the first one with status 200 at its address, or at an
/// address to which it leads without being another place.
fn page_in_warc(bytes: &[u8], link: &Url, most: Unpacked) -> Option<Measurement> {
    let entries = WarcReader::new(Cursor::new(bytes)).with_limit(most.record);
    let mut unpacked = 0;
    for entry in entries.take(MAX_RECORDS).map_while(Result::ok) {
        unpacked += entry.block.len() as u64;
        if unpacked > most.all {
            return None;
        }
        let target = entry.field("WARC-Target-URI").unwrap_or_default();
        let target = target.trim_matches(['<', '>']);
        let is_page = entry.field("WARC-Type") == Some("response")
            && Url::parse(target).is_ok_and(|url| same_place(&url, link));
        if !is_page {
            continue;
        }
        let head_end = entry.block.len() - entry.payload().len();
        let head = String::from_utf8_lossy(&entry.block[..head_end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok());
        if status != Some(200) {
            continue;
        }
        let headers: Vec<(HeaderText, HeaderText)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .map(|(name, value)| (HeaderText(name), HeaderText(value)))
            .collect();
        return answer(link, headers, entry.payload());
    }
    None
}

fn answer(
    link: &Url,
    headers: Vec<(HeaderText, HeaderText)>,
    payload: &[u8],
) -> Option<Measurement> {
    let now = "1970-01-01 00:00:00";
    let mut page: Measurement = serde_json::from_value(json!({
        "data_format_version": "0.2.0", "input": link.as_str(), "test_name": "accesswatch",
        "measurement_start_time": now, "test_start_time": now, "test_keys": {},
    }))
    .ok()?;
    let coding = headers
        .iter()
        .find(|(name, _)| name.0.eq_ignore_ascii_case("content-encoding"))
        .map(|(_, value)| value.0.clone());
    let mut request = Request::default();
    "GET".clone_into(&mut request.request.method);
    link.as_str().clone_into(&mut request.request.url);
    request.response.code = 200;
    request.response.body = Body(match coding {
        Some(coding) => undo_codings(payload.to_vec().into(), Some(coding.as_str()), MAX_ANSWER),
        None => payload[..payload.len().min(MAX_ANSWER)].to_vec().into(),
    });
    request.response.headers_list = headers;
    page.test_keys.requests.push(request);
    Some(page)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn member(target: &str, page: &[u8]) -> Vec<u8> {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
        let mut member = GzEncoder::new(Vec::new(), Compression::default());
        let length = head.len() + page.len();
        write!(
            member,
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {target}\r\nContent-Length: {length}\r\n\r\n"
        )
        .unwrap();
        for part in [head.as_slice(), page, b"\r\n\r\n"] {
            member.write_all(part).unwrap();
        }
        member.finish().unwrap()
    }

    fn zeros(target: &str, length: usize) -> Vec<u8> {
        member(target, &vec![0; length])
    }

    #[test]
    fn a_file_that_unpacks_to_more_than_is_read_gives_no_page() {
        let link: Url = "https://a.example/page".parse().unwrap();
        let other = "https://a.example/other";
        let most = Unpacked {
            record: 100_000,
            all: 250_000,
        };
        let page = member(link.as_str(), b"<p>rivers</p>");
        let after = |before: &[Vec<u8>]| [&before.concat()[..], &page].concat();
        let large = zeros(other, 90_000);
        let found = page_in_warc(&after(&[large.clone(), large.clone()]), &link, most);
        let found = found.unwrap();
        assert_eq!(
            found.last_request().unwrap().response.body.0.as_ref(),
            b"<p>rivers</p>"
        );
        let bomb = zeros(other, 120_000);
        assert!(bomb.len() < 1_000, "{}", bomb.len());
        assert!(page_in_warc(&after(&[bomb]), &link, most).is_none());
        let many = after(&[large.clone(), large.clone(), large]);
        assert!(page_in_warc(&many, &link, most).is_none());
        let is_bomb = zeros(link.as_str(), 120_000);
        assert!(page_in_warc(&is_bomb, &link, most).is_none());
    }
}
