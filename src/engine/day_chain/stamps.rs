//! Time stamps of closed days: which are missing, and how they are fetched (evidence.md 4.4).

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDate;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use url::Url;

use crate::disk;
use crate::engine::setup::Engine;
use crate::evidence::chain::Day;
use crate::evidence::time_stamp::{self, MAX_ANSWER, TimeStampError};
use crate::net::{innermost, service_client};
use crate::store::{Reader, Store, StoreError};
use crate::text::clean;

use super::files::STAMPS;

/// Of one request.
const LIMIT: Duration = Duration::from_secs(10);

/// Stamps that are fetched at once; more are fetched the next time.
const AT_ONCE: usize = 20;

/// The key in `meta` of why the authority gave no stamp the last time; empty when it gave one.
const FAULT: &str = "time_stamp_fault";

/// Why a day has no time stamp yet.
#[derive(Debug, thiserror::Error)]
pub enum StampError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{path}: cannot be written ({source})")]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "the time stamp authority {host} did not answer ({reason}); check [evidence] timestamp"
    )]
    NoAnswer { host: String, reason: String },
    #[error("the answer of the time stamp authority {host} is no good: {reason}")]
    BadAnswer {
        host: String,
        reason: TimeStampError,
    },
}

/// What became of the time stamps that were missing.
#[derive(Debug, Default)]
pub struct StampReport {
    pub fetched: u64,
    /// Days that still have no time stamp.
    pub missing: u64,
    pub fault: Option<String>,
}

impl Engine {
    /// Fetches the time stamps that are missing, where an authority is configured. Returns why a
    /// fetch failed.
    pub async fn stamp_days(&self) -> Option<String> {
        let settings = &self.workspace.settings;
        let url = settings.evidence.timestamp.as_ref()?;
        match stamp_days(&self.store, &settings.store.evidence, url).await {
            Ok(report) => report.fault,
            Err(error) => Some(error.to_string()),
        }
    }
}

/// The closed days that have no time stamp, newest first: a stamp of a day proves all days before.
pub fn missing_stamps(reader: &Reader, folder: &Path) -> Result<Vec<Day>, StoreError> {
    let there: BTreeSet<NaiveDate> = fs::read_dir(folder.join(STAMPS))
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let name = entry.ok()?.file_name();
            name.to_str()?.strip_suffix(".tsr")?.parse().ok()
        })
        .collect();
    let days = reader.closed_days()?.into_iter().rev();
    let days = days.map(|closed| closed.day);
    Ok(days.filter(|day| !there.contains(&day.day)).collect())
}

/// Why the authority gave no stamp the last time that it was asked.
pub fn last_fault(reader: &Reader) -> Result<Option<String>, StoreError> {
    Ok(reader.get_meta(FAULT)?.filter(|fault| !fault.is_empty()))
}

/// Asks the authority at `url` for the time stamps that are missing. It ends at the first day that
/// gets none.
pub async fn stamp_days(
    store: &Store,
    folder: &Path,
    url: &Url,
) -> Result<StampReport, StampError> {
    let evidence = folder.to_owned();
    let missing = store
        .with_reader(move |r| missing_stamps(r, &evidence))
        .await?;
    let mut report = StampReport {
        missing: missing.len() as u64,
        ..StampReport::default()
    };
    if missing.is_empty() {
        return Ok(report);
    }
    for day in missing.iter().take(AT_ONCE) {
        match stamp(folder, url, day).await {
            Ok(()) => {
                report.fetched += 1;
                report.missing -= 1;
            }
            Err(error) => {
                report.fault = Some(error.to_string());
                break;
            }
        }
    }
    let fault = report.fault.clone().unwrap_or_default();
    if store.get_meta(FAULT).await?.unwrap_or_default() != fault {
        store.set_meta(FAULT, &fault).await?;
    }
    Ok(report)
}

async fn stamp(folder: &Path, url: &Url, day: &Day) -> Result<(), StampError> {
    let host = url.host_str().unwrap_or("?");
    let bad = |reason| StampError::BadAnswer {
        host: host.to_owned(),
        reason,
    };
    let request =
        time_stamp::request(&day.chain, uuid::Uuid::now_v7().as_u64_pair().1).map_err(bad)?;
    let answer = fetch(url, request)
        .await
        .map_err(|reason| StampError::NoAnswer {
            host: host.to_owned(),
            reason,
        })?;
    time_stamp::check(&answer, &day.chain).map_err(bad)?;
    let folder = folder.join(STAMPS);
    let path = folder.join(format!("{}.tsr", day.day.format("%Y-%m-%d")));
    fs::create_dir_all(&folder)
        .and_then(|()| disk::write_whole(&path, &answer))
        .map_err(|source| StampError::Io { path, source })
}

/// The answer, up to the longest possible one.
async fn fetch(url: &Url, request: Vec<u8>) -> Result<Vec<u8>, String> {
    let client = service_client(LIMIT).map_err(|error| error.to_string())?;
    let sent = client
        .post(url.clone())
        .header(CONTENT_TYPE, "application/timestamp-query")
        .header(ACCEPT, "application/timestamp-reply")
        .body(request)
        .send()
        .await;
    let words = |error: reqwest::Error| {
        if error.is_timeout() {
            format!("nothing in {} s", LIMIT.as_secs())
        } else {
            clean::line(&innermost(&error.without_url()), 200)
        }
    };
    let mut answer = sent.map_err(words)?;
    if !answer.status().is_success() {
        return Err(format!("it answered {}", answer.status().as_u16()));
    }
    let mut content = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(words)? {
        content.extend_from_slice(&chunk);
        if content.len() > MAX_ANSWER {
            return Err(format!("more than {MAX_ANSWER} bytes"));
        }
    }
    Ok(content)
}
