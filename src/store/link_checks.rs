//! Links over time: which are due, and what their checks change.

use std::slice;

use crate::model::citation::PartialDate;
use crate::model::copy::NewCopy;
use crate::model::joined_link::JoinedLink;
use crate::model::link::LinkId;
use crate::model::link_news::LinkNews;
use crate::model::link_status::{
    CheckFact, CheckedLink, HostEvent, LinkEvent, LinkEventKind, LinkStatus, StoredLinkEvent,
    WatchedLink,
};
use crate::model::mail::NewMail;
use crate::model::time::from_micros;
use crate::model::{Code, Measurement, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::rows::evidence::{self, NewEvidence};
use crate::store::rows::link_exchanges::{self, HealthyLinkExchange};
use crate::store::rows::link_ignores::{self, Ignore};
use crate::store::rows::{
    copies, joined_links, link_events, link_news, link_references, link_status, outbox,
};
use crate::store::write::exchanges;
use crate::store::write::insert::WriteSession;
use crate::store::write::writer::Durability;
use crate::track::link_status::{accept, share_decline};

/// Checks shown of one link.
const SHOWN_CHECKS: u32 = 200;

/// What a batch of checks changed; stored in one transaction.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkCommit {
    pub links: Vec<CheckedLink>,
    pub host_events: Vec<HostEvent>,
    pub shared: Vec<SharedDecline>,
    /// Mails on watched documents.
    pub mails: Vec<NewMail>,
    /// The exchanges that decided what changed.
    pub evidence: NewEvidence,
    /// Healthy exchanges; each replaces the one that is kept of its link and vantage.
    pub healthy: Vec<Measurement>,
    /// Where the newest healthy exchange is too large to be kept: none is kept then.
    pub too_large: Vec<(LinkId, VantageId)>,
    /// Copies of our own, whose records are among the evidence.
    pub copies: Vec<OwnCopy>,
    /// Links that are other links.
    pub joined: Vec<JoinedLink>,
}

/// A copy of our own of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCopy {
    pub link: i64,
    /// The earliest day of citing.
    pub cited_on: Option<PartialDate>,
    pub copy: NewCopy,
}

/// A host that declined, so that its other links share the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedDecline {
    pub host: String,
    pub code: Code,
    pub at: Time,
    /// When the host may be asked again.
    pub due: Time,
}

impl Store {
    /// Passes the links that are due to `each`, longest first, until it returns false.
    pub async fn visit_due_links<T: Send + 'static>(
        &self,
        now: Time,
        mut chosen: T,
        mut each: impl FnMut(&mut T, LinkId, &str) -> bool + Send + 'static,
    ) -> Result<T, StoreError> {
        self.with_reader(move |r| {
            r.read(|c| {
                link_status::visit_due(c, now, &mut |id, host| each(&mut chosen, id, host))
            })?;
            Ok(chosen)
        })
        .await
    }

    /// Links with what is known about them.
    pub async fn watched_links(&self, ids: Vec<LinkId>) -> Result<Vec<WatchedLink>, StoreError> {
        self.with_reader(move |r| r.read(|c| link_status::watched(c, &ids)))
            .await
    }

    /// When the next link is due; `None` when no link is watched.
    pub async fn next_link_due(&self) -> Result<Option<Time>, StoreError> {
        let us = self.with_reader(|r| r.read(link_status::next_due)).await?;
        Ok(us.map(from_micros))
    }

    /// How many links are watched.
    pub async fn watched_link_count(&self) -> Result<u64, StoreError> {
        self.with_reader(|r| r.read(link_status::count)).await
    }

    /// The most checks of links that any vantage made on the UTC day of `now`.
    pub async fn link_checks_today(&self, now: Time) -> Result<u64, StoreError> {
        self.with_reader(move |r| r.read(|c| link_status::checks_today(c, now)))
            .await
    }

    /// Writes what a batch of checks changed, all or nothing.
    pub async fn commit_links(&self, commit: LinkCommit) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| put(session, &commit))
            .await
    }

    /// The newest healthy exchange of a link from each vantage, as far as it is kept. A body that
    /// came with a content coding is in the wire form alone.
    pub async fn healthy_link_exchanges(
        &self,
        link: LinkId,
    ) -> Result<Vec<Measurement>, StoreError> {
        self.with_reader(move |r| r.read(|c| link_exchanges::of_link(c, link)))
            .await
    }

    /// The newest checks of a link, and its events, newest first.
    pub async fn link_history(
        &self,
        link: LinkId,
    ) -> Result<(Vec<CheckFact>, Vec<StoredLinkEvent>), StoreError> {
        self.with_reader(move |r| {
            r.read(|c| {
                let checks = link_status::checks(c, link, SHOWN_CHECKS)?;
                Ok((checks, link_events::of_link(c, link, u32::MAX)?))
            })
        })
        .await
    }

    /// The events of links and hosts from `since` on and before `until`, oldest first.
    pub async fn link_events(
        &self,
        since: Time,
        until: Time,
    ) -> Result<Vec<StoredLinkEvent>, StoreError> {
        self.with_reader(move |r| r.read(|c| link_events::between(c, since, until)))
            .await
    }

    /// What a letter on links tells of the time from `since` on and before `until`.
    pub async fn link_news(&self, since: Time, until: Time) -> Result<LinkNews, StoreError> {
        self.with_reader(move |r| r.read(|c| link_news::between(c, since, until)))
            .await
    }

    /// Applies an edit of a person, who may be named, to the status of a link; `None` when there is
    /// no such link.
    pub async fn edit_link(
        &self,
        id: LinkId,
        edit: impl FnOnce(&mut LinkStatus) -> LinkEvent + Send + 'static,
        saw: Option<(String, Time)>,
        by: Option<String>,
    ) -> Result<Option<LinkEvent>, StoreError> {
        self.write(Durability::Now, move |session| {
            let c = &session.connection;
            let Some(mut link) = link_status::watched(c, &[id])?.pop() else {
                return Ok(None);
            };
            let event = edit(&mut link.status);
            link_status::put_status(c, id, &link.status)?;
            link_events::put(c, id, &link.host, &event, by.as_deref())?;
            if let (Some((saw, on)), LinkEventKind::Observed) = (&saw, event.kind) {
                c.prepare_cached(
                    "INSERT OR REPLACE INTO link_person_checks (link, on_us, entered_us, saw)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(rusqlite::params![
                    id.0,
                    on.timestamp_micros(),
                    event.at.timestamp_micros(),
                    saw
                ])?;
            }
            Ok(Some(event))
        })
        .await
    }

    /// Accepts the page of a link as it is now: its status, and the page as the new reference, in
    /// one transaction; `None` when there is no such link.
    pub async fn accept_link(
        &self,
        id: LinkId,
        by: Option<String>,
        now: Time,
    ) -> Result<Option<LinkEvent>, StoreError> {
        self.write(Durability::Now, move |session| {
            let c = &session.connection;
            let Some(mut link) = link_status::watched(c, &[id])?.pop() else {
                return Ok(None);
            };
            let event = accept(&mut link.status, now);
            link_status::put_status(c, id, &link.status)?;
            link_events::put(c, id, &link.host, &event, by.as_deref())?;
            link_references::accept(c, id.0, now)?;
            Ok(Some(event))
        })
        .await
    }

    /// Stops checking, counting and mailing links; returns how many it newly concerns.
    pub async fn ignore_links(
        &self,
        ignore: Ignore,
        why: Option<String>,
        now: Time,
    ) -> Result<usize, StoreError> {
        self.write(Durability::Now, move |session| {
            link_ignores::put(&session.connection, &ignore, why.as_deref(), now)
        })
        .await
    }

    /// Ends an ignoring; returns whether there was one, and how many links are checked again.
    pub async fn end_ignore(&self, ignore: Ignore) -> Result<(bool, usize), StoreError> {
        self.write(Durability::Now, move |session| {
            link_ignores::remove(&session.connection, &ignore)
        })
        .await
    }
}

fn put(session: &mut WriteSession, commit: &LinkCommit) -> Result<(), InnerError> {
    let c = &session.connection;
    for link in &commit.links {
        link_status::put(c, link)?;
    }
    for event in &commit.host_events {
        link_events::put_of_host(c, event)?;
    }
    for shared in &commit.shared {
        for (id, mut status) in link_status::of_host(c, &shared.host)? {
            if share_decline(&mut status, shared.code, shared.at, shared.due) {
                link_status::put_status(c, id, &status)?;
            }
        }
    }
    for mail in &commit.mails {
        outbox::put(c, mail, mail.not_before)?;
    }
    for measurement in &commit.healthy {
        if let Some(exchange) = HealthyLinkExchange::new(measurement.clone())? {
            link_exchanges::put(c, &exchange)?;
        }
    }
    for (link, vantage) in &commit.too_large {
        link_exchanges::remove(c, *link, vantage)?;
    }
    evidence::put(c, &commit.evidence)?;
    for own in &commit.copies {
        let (found, now) = (
            slice::from_ref(&own.copy),
            own.copy.time.unwrap_or_default(),
        );
        copies::put(c, own.link, own.cited_on, found, now)?;
    }
    for joined in &commit.joined {
        joined_links::join(c, joined)?;
    }
    exchanges::prune_links(c)
}
