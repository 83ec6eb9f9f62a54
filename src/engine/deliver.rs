//! After a pass: digests and reminders that are due, the outbox, the heartbeat, what has grown old.
//! Nothing here is ever held against a source or against the pass.

use chrono::TimeDelta;

use crate::alert::compose::{compose_digest, compose_disk};
use crate::alert::overtaken::{PendingMailAction, overtaken};
use crate::alert::{self, DrainReport, MailContext, remind};
use crate::config::Workspace;
use crate::model::Time;
use crate::model::event::PassOutcome;
use crate::model::mail::{NewMail, SettledMail};
use crate::model::settings::Recipient;
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

/// The longest that a mail waits for its next try, and a little.
const LONGEST_MAIL_PAUSE: TimeDelta = TimeDelta::hours(5);

impl Engine {
    /// Puts the digests and reminders that are due into the outbox; says how many mails.
    pub async fn compose_due(&self, now: Time) -> Result<usize, EngineError> {
        if self.is_clock_wrong() {
            return Ok(0);
        }
        let tracker = self.store.tracker_state().await?;
        let facts = self.mail_facts(&tracker).await?;
        let context = facts.world(&self.workspace, &tracker, None, now);
        let last_mailed = self.store.last_mailed().await?;
        // A mail of a time to come was composed by another clock.
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
        let count = mails.len();
        self.store.enqueue(mails, composed_mails).await?;
        Ok(count)
    }

    /// Since when the recipient's digest must tell, when one is due. The first covers from the day
    /// the recipient was first seen, which this notes.
    async fn digest_due(
        &self,
        recipient: &Recipient,
        now: Time,
    ) -> Result<Option<Time>, EngineError> {
        let Some(cron) = recipient
            .digest
            .as_deref()
            .and_then(|d| Cron::parse(d).ok())
        else {
            return Ok(None);
        };
        let last = self.store.last_composed(digest_of(recipient)).await?;
        // One of a time to come was made by another clock.
        let Some(last) = last.filter(|last| *last <= now + CLOCK_TOLERANCE) else {
            let first_seen = vec![(digest_of(recipient), now)];
            self.store.enqueue(Vec::new(), first_seen).await?;
            return Ok(None);
        };
        let zone = self.workspace.settings.schedule.timezone;
        let fired = cron.last_at_or_before(now, zone);
        Ok(fired.filter(|fired| *fired > last).map(|_| last))
    }

    /// What mails say beside the state.
    async fn mail_facts(&self, tracker: &TrackerState) -> Result<MailFacts, EngineError> {
        let evidence = tracker.incidents.values().flat_map(|i| i.evidence.clone());
        Ok(self.store.mail_facts(evidence.collect()).await?)
    }

    /// Sends what waits in the outbox and is due, after what was overtaken was laid aside.
    pub async fn drain(&self, now: Time) -> Result<DrainReport, EngineError> {
        self.forget_ahead(now).await?;
        let overtaken = self.discard_overtaken(now).await?;
        let drained = alert::drain(&self.store, &self.workspace.settings.alerts, now).await?;
        Ok(DrainReport {
            overtaken,
            ..drained
        })
    }

    /// The same with everything that waits, due or not.
    pub async fn drain_all(&self, now: Time) -> Result<DrainReport, EngineError> {
        self.store.hasten_mails(now).await?;
        self.drain(now).await
    }

    /// Lays aside or writes anew what the world overtook; how many were laid aside.
    async fn discard_overtaken(&self, now: Time) -> Result<usize, EngineError> {
        let waiting = self.store.queue().await?;
        // What was just composed is as things are.
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
        let context = facts.world(&self.workspace, &tracker, None, now);
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

    /// What a clock that was ahead has put off is not believed, while this one is.
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

    /// Tells the dead man's switch, when one is configured; the fault when it is not reached. While no mail was
    /// accepted for a day, nobody is told of anything: that is no success.
    pub async fn heartbeat(&self, well: bool) -> Option<String> {
        let url = self.workspace.settings.alerts.heartbeat.as_ref()?;
        let stuck = self.store.with_reader(Reader::mail_stuck_since).await;
        let now = self.clock.now();
        let is_stuck = |since: Time| now - since >= TimeDelta::days(1);
        let well = well
            && !self.is_clock_wrong()
            && matches!(stuck, Ok(since) if !since.is_some_and(is_stuck));
        let told = alert::heartbeat::heartbeat(url, well).await;
        told.err().map(|error| error.to_string())
    }

    /// Says when the disk is nearly full, and mails it to `admin` once a day.
    pub async fn tell_disk(&self, now: Time) -> Result<Option<String>, EngineError> {
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

    /// Lets go of what is older than configured.
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
        Ok(())
    }
}

impl MailFacts {
    /// What mails are composed from: these facts and the state as it stands at `now`.
    #[must_use]
    pub fn world<'a>(
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

fn composed(mail: Option<Result<NewMail, alert::BadAddress>>) -> Option<NewMail> {
    match mail? {
        Ok(mail) => Some(mail),
        Err(error) => {
            tracing::warn!(%error, "no digest could be composed");
            None
        }
    }
}
