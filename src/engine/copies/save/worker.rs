//! Takes each job one step further, in the order in which links are saved.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use url::Url;

use super::perma::Perma;
use super::step::{SaveReport, Step};
use super::wayback::Wayback;
use crate::engine::copies::error::CopyError;
use crate::engine::copies::finder::CopyFinder;
use crate::engine::error::EngineError;
use crate::model::Time;
use crate::model::clock::Clock;
use crate::model::copy::{CopySettings, SaveTarget};
use crate::model::save_job::{SaveJob, SaveState};
use crate::net::service_client;
use crate::store::Store;

/// The time limit of one request to an archive.
const LIMIT: Duration = Duration::from_secs(60);
/// How many jobs are read at once.
const BATCH: u32 = 50;
/// The gap between two pages that are sent: archive.org takes seven a minute.
const SEND_GAP: TimeDelta = TimeDelta::seconds(9);
/// A job whose sending to Perma was interrupted is left alone for this long: the archive may still
/// be taking it. The Wayback Machine may be asked again at once.
const INTERRUPTED: TimeDelta = TimeDelta::minutes(2);
/// The pause after an answer that says nothing.
const UNKNOWN: TimeDelta = TimeDelta::minutes(5);
/// The most answers in a row that say nothing, and the most requests for a capture that is not
/// there yet.
pub(super) const MAX_TRIES: u32 = 10;
/// An archive needs half a minute for a page; the first question comes sooner.
const FIRST_POLL: TimeDelta = TimeDelta::seconds(5);
/// The longest time that an archive works on a page.
const LONGEST: TimeDelta = TimeDelta::days(1);
/// How long a refused key puts off its jobs.
const REFUSED: TimeDelta = TimeDelta::hours(6);

pub(super) enum Service {
    Wayback(Wayback),
    Perma(Perma),
}

/// Saves links in one archive.
pub struct Saver<'a> {
    pub(super) finder: &'a CopyFinder,
    pub(super) store: &'a Store,
    pub(super) service: Service,
    pub(super) target: SaveTarget,
    pub(super) archive: String,
    pub(super) clock: Arc<dyn Clock>,
    /// When the next page may be sent.
    next: Mutex<Option<Time>>,
    /// Until when the archive is asked nothing.
    rests_until: Mutex<Option<Time>>,
}

/// How many pages an archive takes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// It was not asked since the last one of its places was used.
    Unknown,
    Left(u32),
    /// No page in this round.
    Full,
}

impl<'a> Saver<'a> {
    /// `None` where no key is configured, or the target is not an archive.
    pub fn new(
        target: SaveTarget,
        settings: &CopySettings,
        finder: &'a CopyFinder,
        store: &'a Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Self>, CopyError> {
        let client = service_client(LIMIT).map_err(|error| CopyError::Client(error.to_string()))?;
        let (service, archive) = match target {
            SaveTarget::Own => return Ok(None),
            SaveTarget::Wayback => {
                let (Some(api), Some(key)) = (&settings.wayback_api, &settings.wayback) else {
                    return Ok(None);
                };
                let own = settings.archives.iter();
                let own = own.clone().find(|a| a.timegate.origin() == api.origin());
                let name = own.map_or("Wayback Machine", |archive| &archive.name);
                let (api, key) = (api.clone(), key.clone());
                (Service::Wayback(Wayback { client, api, key }), name)
            }
            SaveTarget::Perma => {
                let (Some(api), Some(key)) = (&settings.perma_api, &settings.perma) else {
                    return Ok(None);
                };
                let perma = Perma {
                    client,
                    api: api.clone(),
                    key: key.clone(),
                    folder: settings.perma_folder.clone(),
                };
                (Service::Perma(perma), "Perma")
            }
        };
        Ok(Some(Self {
            finder,
            store,
            service,
            target,
            archive: archive.to_owned(),
            clock,
            next: Mutex::default(),
            rests_until: Mutex::default(),
        }))
    }

    /// Works on the jobs until nothing is to be done for `patience`.
    pub async fn run(&self, patience: TimeDelta) -> Result<SaveReport, EngineError> {
        let mut report = SaveReport::default();
        loop {
            self.round(&mut report).await?;
            let Some((next, open)) = self.store.next_save(self.target).await? else {
                return Ok(report);
            };
            let next = self.rests().map_or(next, |until| until.max(next));
            let wait = next - self.clock.now();
            if wait > patience {
                report.counts.open = open;
                return Ok(report);
            }
            let wait = wait.to_std().unwrap_or(Duration::ZERO);
            self.clock.sleep(wait.max(Duration::from_millis(10))).await;
        }
    }

    /// One step for each job that is due.
    async fn round(&self, report: &mut SaveReport) -> Result<(), EngineError> {
        let now = self.clock.now();
        let jobs = self.store.due_save_jobs(self.target, now, BATCH).await?;
        let mut room = Room::Unknown;
        for mut job in jobs {
            if self.rests().is_some() {
                break;
            }
            let sends = matches!(job.state, SaveState::Waiting | SaveState::Sent);
            if sends && !self.has_room(&mut room, report).await? {
                continue;
            }
            if sends {
                self.wait_for_turn().await;
            }
            let step = match job.state {
                SaveState::Waiting => self.send(&mut job).await?,
                SaveState::Sent => self.take_up(&mut job, report).await?,
                SaveState::Accepted => self.poll(&job).await,
                SaveState::Saved | SaveState::Failed => continue,
            };
            if let (true, Room::Left(left)) = (sends, room) {
                room = match left {
                    0 | 1 => Room::Unknown,
                    left => Room::Left(left - 1),
                };
            }
            let ends_round = matches!(step, Step::Quiet(..) | Step::Refused(_));
            self.apply(job, step, report).await?;
            if ends_round {
                break;
            }
        }
        Ok(())
    }

    /// Until when the archive is asked nothing; `None` when it may be asked.
    fn rests(&self) -> Option<Time> {
        let until = *lock(&self.rests_until);
        until.filter(|until| *until > self.clock.now())
    }

    /// The archive asked for quiet: nothing is sent, and in this process nothing asked, before
    /// `until`.
    async fn rest(
        &self,
        until: Time,
        reason: &str,
        report: &mut SaveReport,
    ) -> Result<(), EngineError> {
        report.note(format!("{}: {reason}", self.archive));
        *lock(&self.rests_until) = Some(until);
        let reason = reason.to_owned();
        self.store.put_off_saves(self.target, until, reason).await?;
        Ok(())
    }

    /// Waits until another page may be sent.
    async fn wait_for_turn(&self) {
        let now = self.clock.now();
        let begin = {
            let mut next = lock(&self.next);
            let begin = next.map_or(now, |next: Time| next.max(now));
            *next = Some(begin + SEND_GAP);
            begin
        };
        if let Ok(wait) = (begin - now).to_std()
            && !wait.is_zero()
        {
            self.clock.sleep(wait).await;
        }
    }

    /// Whether a page may be sent; otherwise nothing is sent before the archive has room.
    async fn has_room(
        &self,
        room: &mut Room,
        report: &mut SaveReport,
    ) -> Result<bool, EngineError> {
        let Service::Wayback(wayback) = &self.service else {
            return Ok(true);
        };
        if *room == Room::Unknown {
            let now = self.clock.now();
            match wayback.room(now).await {
                Ok(left) => *room = Room::Left(left),
                Err(step) => {
                    *room = Room::Full;
                    self.put_off_all(step, report).await?;
                }
            }
        }
        Ok(*room != Room::Full)
    }

    async fn put_off_all(&self, step: Step, report: &mut SaveReport) -> Result<(), EngineError> {
        let now = self.clock.now();
        let (until, reason) = match step {
            Step::Quiet(until, reason) => (until, reason),
            Step::Rest(until, reason) => return self.rest(until, &reason, report).await,
            Step::Refused(reason) => {
                report.note(reason.clone());
                (now + REFUSED, reason)
            }
            Step::Unknown(reason) => (now + UNKNOWN, reason),
            Step::Accepted(_)
            | Step::Pending(..)
            | Step::Saved(_)
            | Step::Failed(_)
            | Step::PutOff(..)
            | Step::Wait => return Ok(()),
        };
        self.store.put_off_saves(self.target, until, reason).await?;
        Ok(())
    }

    /// Sends a job that was never sent. It is on disk as sent before that.
    async fn send(&self, job: &mut SaveJob) -> Result<Step, EngineError> {
        let url = Url::parse(&job.url);
        if !url.is_ok_and(|url| self.finder.may_ask(&url)) {
            return Ok(Step::Failed("the address is not public".to_owned()));
        }
        let now = self.clock.now();
        job.sent = Some(now);
        let settles = match self.service {
            Service::Wayback(_) => TimeDelta::zero(),
            Service::Perma(_) => INTERRUPTED,
        };
        job.goes_on(SaveState::Sent, now + settles, None);
        self.store.update_save_job(job.clone(), None, now).await?;
        Ok(self.ask(job).await)
    }

    async fn ask(&self, job: &SaveJob) -> Step {
        let now = self.clock.now();
        match &self.service {
            Service::Wayback(wayback) => wayback.send(job, now).await,
            Service::Perma(perma) => perma.send(job, now).await,
        }
    }

    /// Takes up a job whose answer was never known. The Wayback Machine saves nothing twice within
    /// the time that is asked for; Perma is asked first whether it has it.
    async fn take_up(
        &self,
        job: &mut SaveJob,
        report: &mut SaveReport,
    ) -> Result<Step, EngineError> {
        job.tries += 1;
        if let Service::Perma(perma) = &self.service {
            let now = self.clock.now();
            return match perma.find(job, now).await {
                Ok(Some(guid)) => Ok(Step::Accepted(guid)),
                // The job never arrived.
                Ok(None) => self.send(job).await,
                Err(Step::Rest(until, reason)) => {
                    self.rest(until, &reason, report).await?;
                    job.goes_on(SaveState::Sent, until, Some(reason));
                    Ok(Step::Wait)
                }
                Err(step) => Ok(step),
            };
        }
        Ok(self.ask(job).await)
    }

    async fn poll(&self, job: &SaveJob) -> Step {
        let now = self.clock.now();
        let remote = job.remote.as_deref().unwrap_or_default();
        match &self.service {
            Service::Wayback(wayback) => wayback.poll(remote, now).await,
            Service::Perma(perma) => perma.poll(remote, now).await,
        }
    }

    /// Stores the result of a step.
    async fn apply(
        &self,
        mut job: SaveJob,
        step: Step,
        report: &mut SaveReport,
    ) -> Result<(), EngineError> {
        let now = self.clock.now();
        let mut copy = None;
        match step {
            Step::Accepted(remote) => {
                job.remote = Some(remote);
                job.tries = 0;
                job.goes_on(SaveState::Accepted, now + FIRST_POLL, None);
            }
            Step::Wait => {}
            Step::Pending(_, why) if job.sent.is_none_or(|sent| now - sent > LONGEST) => {
                let why = why.map(|why| format!("; {why}")).unwrap_or_default();
                let reason = format!("the archive did not finish it within a day{why}");
                job.ends(SaveState::Failed, Some(reason));
            }
            Step::Pending(until, why) => job.goes_on(SaveState::Accepted, until, why),
            Step::Saved(capture) => copy = self.judge(&mut job, capture).await?,
            Step::Failed(reason) => job.ends(SaveState::Failed, Some(reason)),
            Step::PutOff(until, reason) => {
                job.goes_on(SaveState::Waiting, until, Some(reason));
            }
            Step::Quiet(until, reason) => self.is_quiet(&mut job, until, reason, report).await?,
            Step::Rest(until, reason) => {
                self.rest(until, &reason, report).await?;
                let state = match job.state {
                    SaveState::Sent => SaveState::Waiting,
                    state => state,
                };
                job.goes_on(state, until, Some(reason));
            }
            Step::Unknown(reason) => {
                job.tries += 1;
                if job.tries > MAX_TRIES {
                    job.ends(SaveState::Failed, Some(reason));
                } else {
                    job.goes_on(job.state, now + UNKNOWN, Some(reason));
                }
            }
            Step::Refused(reason) => self.is_refused(&mut job, reason, report).await?,
        }
        match job.state {
            SaveState::Saved => report.counts.saved += 1,
            SaveState::Failed => report.counts.failed += 1,
            SaveState::Waiting | SaveState::Sent | SaveState::Accepted => {}
        }
        self.store.update_save_job(job, copy, now).await?;
        Ok(())
    }

    /// The archive asks for quiet, or its quota is used up: nothing is sent before `until`.
    async fn is_quiet(
        &self,
        job: &mut SaveJob,
        until: Time,
        reason: String,
        report: &mut SaveReport,
    ) -> Result<(), EngineError> {
        report.note(format!("{}: {reason}", self.archive));
        self.store
            .put_off_saves(self.target, until, reason.clone())
            .await?;
        job.goes_on(SaveState::Waiting, until, Some(reason));
        Ok(())
    }

    /// The key is refused: nothing is sent for a while.
    async fn is_refused(
        &self,
        job: &mut SaveJob,
        reason: String,
        report: &mut SaveReport,
    ) -> Result<(), EngineError> {
        let until = self.clock.now() + REFUSED;
        report.note(reason.clone());
        self.store
            .put_off_saves(self.target, until, reason.clone())
            .await?;
        let state = match job.state {
            SaveState::Sent => SaveState::Waiting,
            state => state,
        };
        job.goes_on(state, until, Some(reason));
        Ok(())
    }
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
