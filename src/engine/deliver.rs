//! After a pass: digests that are due, the outbox, the heartbeat. Nothing here is ever held against a
//! source or against the pass.

use chrono::TimeDelta;

use crate::alert::{self, DrainReport};
use crate::model::Time;
use crate::schedule::Cron;

use super::error::EngineError;
use super::setup::Engine;

impl Engine {
    /// Puts the digests that are due into the outbox; says how many.
    pub async fn compose_digests(&self, now: Time) -> Result<usize, EngineError> {
        let settings = &self.workspace.settings;
        let mut mails = Vec::new();
        let mut told = Vec::new();
        for recipient in &settings.alerts.to {
            let Some(cron) = recipient.digest.as_deref().and_then(|d| Cron::parse(d).ok()) else {
                continue;
            };
            let key = format!("digest:{}", recipient.address);
            let last = self.last_digest(&key).await?;
            let Some(due) = cron.last_at_or_before(now, settings.schedule.timezone) else {
                continue;
            };
            match last {
                // The first digest covers from the day the recipient was first seen.
                None => told.push((key, now)),
                Some(last) if due > last => {
                    let events = self.store.events(last, now).await?;
                    let book = self.store.book().await?;
                    mails.extend(alert::compose::digest(
                        recipient,
                        &events,
                        &book,
                        &self.workspace.catalogue,
                        settings,
                        (last, now),
                    ));
                    told.push((key, now));
                }
                Some(_) => {}
            }
        }
        let count = mails.len();
        let marks = told
            .into_iter()
            .map(|(key, at)| (key, at.to_rfc3339()))
            .collect();
        self.store.enqueue(mails, marks).await?;
        Ok(count)
    }

    async fn last_digest(&self, key: &str) -> Result<Option<Time>, EngineError> {
        let text = self.store.get_meta(key).await?;
        Ok(text.and_then(|t| {
            chrono::DateTime::parse_from_rfc3339(&t)
                .ok()
                .map(|t| t.with_timezone(&chrono::Utc))
        }))
    }

    /// Sends what waits in the outbox.
    pub async fn drain(&self, now: Time) -> DrainReport {
        alert::drain(self.store.as_ref(), &self.workspace.settings.alerts, now).await
    }

    /// Tells the dead man's switch, when one is configured.
    pub async fn heartbeat(&self, well: bool) {
        if let Some(url) = &self.workspace.settings.alerts.heartbeat
            && let Err(error) = alert::heartbeat(url, well).await
        {
            tracing::warn!(%error, "the heartbeat was not taken");
        }
    }

    /// Lets go of what is older than configured.
    pub async fn expire(&self, now: Time) -> Result<(), EngineError> {
        let keep = &self.workspace.settings.store;
        let ago = |d| now - TimeDelta::from_std(d).unwrap_or(TimeDelta::days(400));
        self.store
            .expire(ago(keep.keep_measurements), ago(keep.keep_bodies))
            .await?;
        Ok(())
    }
}
