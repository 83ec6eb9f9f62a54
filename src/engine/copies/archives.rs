//! The requests to archives: the `TimeGate` of each (RFC 7089), the index of the Wayback Machine,
//! and the `TimeMap` of the others. An archive that fails is left alone for a while, and an archive
//! that asks for quiet gets it.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Client;
use tokio::sync::Mutex;
use url::Url;

use crate::links::copies::link_format::{self, RelatedLink, http_date};
use crate::links::copies::{Candidate, cdx, memento};
use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::clock::Clock;
use crate::model::copy::{ArchiveSettings, CopyKind, CopySettings};
use crate::net::ServiceAnswer;

/// How long an archive is left alone after it failed.
const REST: TimeDelta = TimeDelta::minutes(15);
/// The longest quiet that an archive may ask for.
const LONGEST_REST: TimeDelta = TimeDelta::days(1);
/// The gap between two requests to an index: 24 a minute, of the 30 that archive.org allows.
const INDEX_GAP: TimeDelta = TimeDelta::milliseconds(2_500);
/// The gap between two requests to a `TimeGate`: 480 a minute, of the 600 that archive.org allows.
const GATE_GAP: TimeDelta = TimeDelta::milliseconds(125);
/// The most bytes of a `TimeMap` or of an index's answer.
const MAX_LISTING: usize = 4 << 20;
/// The most bytes of a `TimeGate`'s answer, which is read for its headers.
const MAX_GATE: usize = 64 << 10;
/// The most `TimeGates` that lead to another `TimeGate` one after another.
const MAX_GATES: usize = 3;

/// The archive is left alone until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resting {
    pub(super) until: Time,
}

/// What a `TimeGate` says.
#[derive(Debug, Default)]
pub(super) struct GateAnswer {
    pub(super) candidates: Vec<Candidate>,
    pub(super) timemap: Option<Url>,
}

struct Archive {
    settings: ArchiveSettings,
    /// The interface with the index, where the archive is the Wayback Machine.
    index: Option<Url>,
    turn: Mutex<Turn>,
}

/// When the archive may be asked.
#[derive(Debug, Default, Clone, Copy)]
struct Turn {
    rests_until: Option<Time>,
    next: Option<Time>,
}

/// The archives that are asked.
pub(super) struct Archives {
    client: Client,
    clock: Arc<dyn Clock>,
    all: Vec<Archive>,
}

impl Archives {
    pub(super) fn new(settings: &CopySettings, client: Client, clock: Arc<dyn Clock>) -> Self {
        let archive = |archive: &ArchiveSettings| {
            let api = settings.wayback_api.as_ref();
            Archive {
                index: api
                    .filter(|api| api.origin() == archive.timegate.origin())
                    .cloned(),
                settings: archive.clone(),
                turn: Mutex::default(),
            }
        };
        Self {
            client,
            clock,
            all: settings.archives.iter().map(archive).collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The number of the archive with this name.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|a| a.settings.name == name)
    }

    /// The archives that are left alone, by name, and until when.
    pub(super) async fn all_rests(&self) -> Vec<(String, Time)> {
        let mut rests = Vec::new();
        for (at, archive) in self.all.iter().enumerate() {
            let resting = self.rests(at).await;
            rests.extend(resting.map(|r| (archive.settings.name.clone(), r.until)));
        }
        rests
    }

    /// Until when an archive is left alone.
    pub(super) async fn rests(&self, at: usize) -> Option<Resting> {
        let turn = *self.all[at].turn.lock().await;
        let until = turn.rests_until?;
        (until > self.clock.now()).then_some(Resting { until })
    }

    /// The archive failed: it is left alone until the time that it asks for, or for the usual time.
    pub(super) async fn rest(&self, at: usize, retry_after: Option<Time>) -> Resting {
        let resting = self.later(retry_after);
        self.all[at].turn.lock().await.rests_until = Some(resting.until);
        resting
    }

    /// When a failure is tried again.
    pub(super) fn later(&self, retry_after: Option<Time>) -> Resting {
        let now = self.clock.now();
        let until = retry_after.map_or(now + REST, |until| until.min(now + LONGEST_REST));
        Resting { until }
    }

    /// Asks the `TimeGate` of an archive for the capture nearest to a day.
    pub(super) async fn nearest(
        &self,
        at: usize,
        link: &Url,
        day: Option<PartialDate>,
    ) -> Result<GateAnswer, Resting> {
        let gate = &self.all[at].settings.timegate;
        let Ok(mut url) = Url::parse(&format!("{gate}{link}")) else {
            return Ok(GateAnswer::default());
        };
        let mut found = GateAnswer::default();
        for _ in 0..MAX_GATES {
            let answer = self.ask(at, &url, day, GATE_GAP, MAX_GATE).await?;
            let Some(answer) = answer else { break };
            let related = link_format::parse(answer.header("link").unwrap_or_default());
            self.add_related(at, &url, &related, &mut found);
            match led(&url, &answer, &related) {
                Led::Capture(capture, time) => {
                    found.candidates.push(self.candidate(at, capture, time));
                    break;
                }
                Led::Gate(next) if memento::is_same_host(&next, gate) => url = next,
                Led::Gate(_) | Led::Nowhere => break,
            }
        }
        Ok(found)
    }

    /// Lists the captures of a link: by the index, or else by the `TimeMap` that the `TimeGate`
    /// named.
    pub(super) async fn listing(
        &self,
        at: usize,
        link: &Url,
        day: Option<PartialDate>,
        timemap: Option<&Url>,
    ) -> Result<Vec<Candidate>, Resting> {
        let archive = &self.all[at];
        let mut found = Vec::new();
        if let Some(api) = &archive.index {
            for question in cdx::questions(api, link, day.and_then(PartialDate::first_day)) {
                let answer = self.ask(at, &question, None, INDEX_GAP, MAX_LISTING);
                let Some(answer) = answer.await? else { break };
                for row in cdx::parse(&answer.text()) {
                    let address = format!("/web/{}/{}", row.stamp, row.original);
                    let capture = memento::offered(api, &address);
                    found.extend(capture.map(|url| self.candidate(at, url, row.time)));
                }
            }
        } else if let Some(timemap) = timemap
            && memento::is_same_host(timemap, &archive.settings.timegate)
        {
            let answer = self.ask(at, timemap, None, INDEX_GAP, MAX_LISTING).await?;
            let text = answer.map(|answer| answer.text()).unwrap_or_default();
            let mut map = GateAnswer::default();
            self.add_related(at, timemap, &link_format::parse(&text), &mut map);
            found = map.candidates;
        }
        Ok(found)
    }

    fn add_related(&self, at: usize, base: &Url, related: &[RelatedLink], found: &mut GateAnswer) {
        for link in related {
            let Some(url) = memento::offered(base, &link.address) else {
                continue;
            };
            if link.is("timemap") && found.timemap.is_none() {
                found.timemap = Some(url);
            } else if let (true, Some(time)) = (link.is("memento"), link.datetime) {
                found.candidates.push(self.candidate(at, url, time));
            }
        }
    }

    fn candidate(&self, at: usize, url: Url, time: Time) -> Candidate {
        Candidate {
            archive: self.all[at].settings.name.clone(),
            url,
            time,
            kind: CopyKind::Found,
        }
    }

    /// Asks an archive in its turn; `None` when it has nothing to say about the link.
    async fn ask(
        &self,
        at: usize,
        url: &Url,
        day: Option<PartialDate>,
        gap: TimeDelta,
        max: usize,
    ) -> Result<Option<ServiceAnswer>, Resting> {
        self.wait_for_turn(at, gap).await?;
        let mut request = self.client.get(url.clone());
        if let Some(at) = day.and_then(PartialDate::middle) {
            let wanted = at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            request = request.header("accept-datetime", wanted);
        }
        let answer = match request.send().await {
            Ok(answer) => ServiceAnswer::read(answer, max).await,
            Err(error) => Err(error),
        };
        let archive = &self.all[at].settings.name;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                tracing::info!("archive {archive}: {}", error.without_url());
                return Err(self.rest(at, None).await);
            }
        };
        match answer.status {
            200..=399 => Ok(Some(answer)),
            // The archive may not show the page, does not have it, or does not accept such an
            // address.
            403 | 451 if answer.header("x-archive-wayback-runtime-error").is_some() => Ok(None),
            400 | 404 | 410 | 451 => Ok(None),
            status => {
                tracing::info!("archive {archive}: status {status}");
                let quiet = answer.header("retry-after");
                let quiet = quiet.and_then(|text| retry_after(text, self.clock.now()));
                Err(self.rest(at, quiet).await)
            }
        }
    }

    async fn wait_for_turn(&self, at: usize, gap: TimeDelta) -> Result<(), Resting> {
        if let Some(resting) = self.rests(at).await {
            return Err(resting);
        }
        let mut turn = self.all[at].turn.lock().await;
        let now = self.clock.now();
        let begin = turn.next.map_or(now, |next| next.max(now));
        turn.next = Some(begin + gap);
        drop(turn);
        let wait = (begin - now).to_std().unwrap_or(Duration::ZERO);
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
        Ok(())
    }
}

/// Where a `TimeGate` leads.
enum Led {
    Capture(Url, Time),
    /// To another `TimeGate`.
    Gate(Url),
    Nowhere,
}

fn led(asked: &Url, answer: &ServiceAnswer, related: &[RelatedLink]) -> Led {
    let stated = answer.header("memento-datetime").and_then(http_date);
    if let 300..=399 = answer.status {
        let to = answer.header("location");
        let Some(to) = to.and_then(|to| memento::offered(asked, to)) else {
            return Led::Nowhere;
        };
        let named = related.iter().find(|link| {
            link.is("memento") && memento::offered(asked, &link.address).as_ref() == Some(&to)
        });
        let time = memento::time_of_address(to.as_str())
            .or(named.and_then(|link| link.datetime))
            .or(stated);
        return time.map_or(Led::Gate(to.clone()), |time| Led::Capture(to, time));
    }
    let own = answer
        .header("content-location")
        .and_then(|at| memento::offered(asked, at));
    match stated {
        Some(time) => Led::Capture(own.unwrap_or_else(|| asked.clone()), time),
        None => Led::Nowhere,
    }
}

/// `Retry-After`: seconds, or a date.
pub(super) fn retry_after(text: &str, now: Time) -> Option<Time> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(now + TimeDelta::seconds(i64::from(seconds)));
    }
    http_date(text).filter(|until| *until > now)
}
