//! The letters on cited links that are due.

use chrono::TimeDelta;

use crate::alert::MailContext;
use crate::alert::compose::{LinkLetter, compose_links};
use crate::model::Time;
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::time::CLOCK_TOLERANCE;
use crate::store::PeriodicMail;

use super::deliver::composed;
use super::error::EngineError;
use super::setup::Engine;

impl Engine {
    /// Adds the weekly letters that are due, and what changed in watched documents.
    pub(super) async fn compose_link_letters(
        &self,
        context: &MailContext<'_>,
        mails: &mut Vec<NewMail>,
        composed_mails: &mut Vec<(PeriodicMail, Time)>,
    ) -> Result<(), EngineError> {
        if self.store.next_link_due().await?.is_none() {
            return Ok(());
        }
        let now = context.now;
        for recipient in &self.workspace.settings.alerts.to {
            let weekly = PeriodicMail::LinksDigest(recipient.address.clone());
            let schedule = recipient.links_digest.as_deref();
            if let Some(since) = self.periodic_due(schedule, weekly.clone(), now).await? {
                let news = self.store.link_news(since, now).await?;
                let letter = LinkLetter::Weekly { since };
                mails.extend(composed(compose_links(context, recipient, &news, letter)));
                composed_mails.push((weekly, now));
            }
            if let Some(since) = self.watched_since(recipient, now).await? {
                let news = self.store.link_news(since, now).await?;
                let mail = composed(compose_links(
                    context,
                    recipient,
                    &news,
                    LinkLetter::Watched,
                ));
                mails.extend(mail);
                composed_mails.push((PeriodicMail::LinksWatched(recipient.address.clone()), now));
            }
        }
        Ok(())
    }

    /// The time of the recipient's last letter about watched documents; `None` when nothing
    /// happened since then, or when the recipient wants no letter at once. What happened before
    /// the recipient was first seen is not mailed.
    async fn watched_since(
        &self,
        recipient: &Recipient,
        now: Time,
    ) -> Result<Option<Time>, EngineError> {
        if !recipient.on.contains(&Topic::Links) {
            return Ok(None);
        }
        let mail = PeriodicMail::LinksWatched(recipient.address.clone());
        let last = self.store.last_composed(mail.clone()).await?;
        let Some(last) = last.filter(|last| *last <= now + CLOCK_TOLERANCE) else {
            self.store.enqueue(Vec::new(), vec![(mail, now)]).await?;
            return Ok(None);
        };
        // An event at the very time of the letter before belongs to that letter.
        let events = self
            .store
            .link_events(last, now + TimeDelta::seconds(1))
            .await?;
        Ok((!events.is_empty()).then_some(last))
    }
}
