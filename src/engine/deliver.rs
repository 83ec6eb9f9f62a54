//! After a pass: due digests and reminders, the outbox, the heartbeat, old records and files.
//! Failures here never count against a source or the pass.

use std::time::SystemTime;

use chrono::TimeDelta;

use crate::alert::compose::{compose_digest, compose_disk};
use crate::alert::overtaken::{PendingMailAction, overtaken};
use crate::alert::{self, DrainReport, MailContext, remind};
use crate::config::Workspace;
use crate::disk;
use crate::model::Time;
use crate::model::event::PassOutcome;
use crate::model::mail::{NewMail, SettledMail};
use crate::model::settings::{MailTransport, Recipient};
use crate::model::time::{CLOCK_TOLERANCE, earlier};
use crate::model::tracker_state::TrackerState;
use crate::schedule::Cron;
use crate::store::space::DiskSpace;
use crate::store::{PeriodicMail, Reader, no_later_than, space};

use super::error::EngineError;
use super::evidence;
use super::ports::{MailFacts, PassStore as _};
use super::rejudge::checkpoint;
use super::setup::Engine;

/// Slightly more than the longest delay before a mail is retried.
const LONGEST_MAIL_PAUSE: TimeDelta = TimeDelta::hours(5);

/// An incomplete file that was last written longer ago than this has no writer.
const LONGEST_WRITING: TimeDelta = TimeDelta::days(1);

/// Evidence is in folders by year and month.
const EVIDENCE_DEPTH: u32 = 2;

impl Engine {
    /// Adds due digests and reminders to the outbox; returns how many mails.
    pub async fn compose_due(&self, now: Time) -> Result<usize, EngineError> {
        if self.is_clock_wrong() {
            return Ok(0);
        }
        let tracker = self.store.tracker_state().await?;
        let facts = self.mail_facts(&tracker).await?;
        let context = facts.context(&self.workspace, &tracker, None, now);
        let last_mailed = self.store.last_mailed().await?;
        // A mail from the future was composed by another clock.
        let mailed = |id| last_mailed.get(&id).map(|at| now.min(*at));
        let mut mails = remind::due(&context, mailed);
        let mut composed_mails = Vec::new();
        for recipient in &self.workspace.settings.alerts.to {
            if let Some(since) = self.digest_due(recipient, now).await? {
                let events = self
                    .store
                    .with_reader(move |r| r.events(since, now))
                    .await?;
                mails.extend(composed(compose_digest(
                    &context, recipient, &events, since,
                )));
                composed_mails.push((digest_of(recipient), now));
            }
        }
        self.compose_link_letters(&context, &mut mails, &mut composed_mails)
            .await?;
        let count = mails.len();
        self.store.enqueue(mails, composed_mails).await?;
        Ok(count)
    }

    /// The start of the recipient's due digest, if one is due. The first digest starts on the day
    /// the recipient was first seen, which this records.
    async fn digest_due(
        &self,
        recipient: &Recipient,
        now: Time,
    ) -> Result<Option<Time>, EngineError> {
        self.periodic_due(recipient.digest.as_deref(), digest_of(recipient), now)
            .await
    }

    /// The same for any periodic mail with this schedule.
    pub(super) async fn periodic_due(
        &self,
        schedule: Option<&str>,
        mail: PeriodicMail,
        now: Time,
    ) -> Result<Option<Time>, EngineError> {
        let Some(cron) = schedule.and_then(|d| Cron::parse(d).ok()) else {
            return Ok(None);
        };
        let last = self.store.last_composed(mail.clone()).await?;
        // A digest from the future was composed by another clock.
        let Some(last) = last.filter(|last| *last <= now + CLOCK_TOLERANCE) else {
            let first_seen = vec![(mail, now)];
            self.store.enqueue(Vec::new(), first_seen).await?;
            return Ok(None);
        };
        let zone = self.workspace.settings.schedule.timezone;
        let fired = cron.last_at_or_before(now, zone);
        Ok(fired.filter(|fired| *fired > last).map(|_| last))
    }

    /// Facts for mails beyond the state.
    async fn mail_facts(&self, tracker: &TrackerState) -> Result<MailFacts, EngineError> {
        let evidence = tracker.incidents.values().flat_map(|i| i.evidence.clone());
        Ok(self.store.mail_facts(evidence.collect()).await?)
    }

    /// Sends the due mails of the outbox, after outdated ones were given up.
    pub async fn drain(&self, now: Time) -> Result<DrainReport, EngineError> {
        self.forget_ahead(now).await?;
        let overtaken = self.discard_overtaken(now).await?;
        let drained = alert::drain(&self.store, &self.workspace.settings.alerts, now).await?;
        Ok(DrainReport {
            overtaken,
            ..drained
        })
    }

    /// The same for all queued mails, due or not.
    pub async fn drain_all(&self, now: Time) -> Result<DrainReport, EngineError> {
        self.store.hasten_mails(now).await?;
        self.drain(now).await
    }

    /// Gives up or rewrites outdated mails; returns how many were given up.
    async fn discard_overtaken(&self, now: Time) -> Result<usize, EngineError> {
        let waiting = self.store.queue().await?;
        // A new mail is up to date.
        if waiting.iter().all(|m| m.attempts == 0 && m.later.is_none()) {
            return Ok(0);
        }
        let mut tracker = self.store.tracker_state().await?;
        for id in waiting.iter().flat_map(|mail| &mail.incidents) {
            if !tracker.incidents.contains_key(id)
                && let Some(incident) = self.store.incident(*id).await?
            {
                tracker.incidents.insert(*id, incident);
            }
        }
        let facts = self.mail_facts(&tracker).await?;
        let context = facts.context(&self.workspace, &tracker, None, now);
        let mut laid_aside = 0;
        for fate in overtaken(&context, &waiting) {
            match fate {
                PendingMailAction::Drop { id, because } => {
                    laid_aside += 1;
                    let settled = SettledMail::Overtaken;
                    self.store.settle_mail(id, settled, because, now).await?;
                }
                PendingMailAction::Renew { id, mail } => {
                    self.store.renew_mail(id, *mail, now).await?;
                }
            }
        }
        Ok(laid_aside)
    }

    /// Corrects times that a clock which was ahead has postponed, if the current clock is trusted.
    pub(super) async fn forget_ahead(&self, now: Time) -> Result<(), EngineError> {
        if self.is_clock_wrong() {
            return Ok(());
        }
        let politeness = &self.workspace.settings.politeness;
        let span = |d| TimeDelta::from_std(d).unwrap_or(TimeDelta::MAX);
        let back_off = span(politeness.back_off_max.max(politeness.back_off));
        let mail = span(self.workspace.settings.alerts.group_wait).max(LONGEST_MAIL_PAUSE);
        Ok(self.store.forget_ahead(now, back_off, mail).await?)
    }

    /// Informs the heartbeat, if configured; returns the error when it is not reached. If no mail
    /// was accepted for a day, nobody is notified of anything, which is not a success.
    pub async fn heartbeat(&self, well: bool) -> Option<String> {
        let url = self.workspace.settings.alerts.heartbeat.as_ref()?;
        let stuck = self.store.with_reader(Reader::mail_stuck_since).await;
        let now = self.clock.now();
        let is_stuck = |since: Time| now - since >= TimeDelta::days(1);
        let well = well
            && !self.is_clock_wrong()
            && matches!(stuck, Ok(since) if !since.is_some_and(is_stuck));
        let reached = alert::heartbeat::heartbeat(url, well).await;
        reached.err().map(|error| error.to_string())
    }

    /// Reports when the disk is nearly full, and mails it to `admin` once a day.
    pub async fn report_disk(&self, now: Time) -> Result<Option<String>, EngineError> {
        let disk = DiskSpace::containing(self.store.path()).filter(|disk| disk.is_low());
        let Some(DiskSpace { free, .. }) = disk else {
            return Ok(None);
        };
        let alerts = &self.workspace.settings.alerts;
        let fault = format!(
            "the disk that holds {} has {} free: when it is full, nothing is recorded",
            self.store.path().display(),
            space::shown(free)
        );
        let warned = self.store.last_composed(PeriodicMail::Disk).await?;
        let lately = warned.is_some_and(|at| (now - at).abs() < TimeDelta::days(1));
        if alerts.admin.is_some() && !lately {
            let mail = composed(compose_disk(alerts, &space::shown(free), now));
            let mails = mail.into_iter().collect();
            let composed = vec![(PeriodicMail::Disk, now)];
            self.store.enqueue(mails, composed).await?;
        }
        Ok(Some(fault))
    }

    /// Removes records that are older than configured.
    pub async fn expire(&self, now: Time) -> Result<(), EngineError> {
        if self.is_clock_wrong() {
            return Ok(());
        }
        let now = no_later_than(now, self.store.last_pass().await?);
        let keep = &self.workspace.settings.store;
        let before = |kept| earlier(now, TimeDelta::from_std(kept).unwrap_or(TimeDelta::MAX));
        let measurements = before(keep.keep_measurements);
        checkpoint::advance(&self.workspace, &self.judge, &self.store, measurements).await?;
        self.store
            .expire(measurements, before(keep.keep_bodies))
            .await?;
        if let Some(kept) = self.workspace.settings.evidence.keep {
            evidence::remove_before(&self.store, &keep.evidence, before(kept)).await?;
        }
        self.remove_abandoned(now).await;
        Ok(())
    }

    /// Removes the incomplete files that killed processes left in the folders of evidence and of
    /// mails.
    async fn remove_abandoned(&self, now: Time) {
        let settings = &self.workspace.settings;
        let mut folders = vec![(settings.store.evidence.clone(), EVIDENCE_DEPTH)];
        if let MailTransport::Folder(mails) = &settings.alerts.transport {
            folders.push((mails.clone(), 0));
        }
        let before = SystemTime::from(earlier(now, LONGEST_WRITING));
        let work = move || {
            for (folder, depth) in folders {
                if let Err(error) = disk::remove_abandoned(&folder, depth, before) {
                    tracing::warn!("{}: {error}", folder.display());
                }
            }
        };
        if let Err(error) = tokio::task::spawn_blocking(work).await {
            tracing::warn!(%error, "incomplete files could not be looked for");
        }
    }
}

impl MailFacts {
    /// The context of mails: these facts and the state at `now`.
    #[must_use]
    pub fn context<'a>(
        &'a self,
        workspace: &'a Workspace,
        tracker: &'a TrackerState,
        outcome: Option<&'a PassOutcome>,
        now: Time,
    ) -> MailContext<'a> {
        MailContext {
            tracker,
            outcome,
            catalogue: &workspace.catalogue,
            settings: &workspace.settings,
            notes: &self.notes,
            hashes: &self.hashes,
            records: &self.records,
            now,
        }
    }
}

fn digest_of(recipient: &Recipient) -> PeriodicMail {
    PeriodicMail::Digest(recipient.address.clone())
}

pub(super) fn composed(mail: Option<Result<NewMail, alert::BadAddress>>) -> Option<NewMail> {
    match mail? {
        Ok(mail) => Some(mail),
        Err(error) => {
            tracing::warn!(%error, "no digest could be composed");
            None
        }
    }
}
