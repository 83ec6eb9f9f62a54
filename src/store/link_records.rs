//! Checks of links that were made elsewhere and arrive as records.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::link::LinkId;
use crate::model::link_status::{CheckFact, CheckedLink, LinkEvent};
use crate::model::{MeasurementUid, Time};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::read::reader::Reader;
use crate::store::rows::{joined_links, link_events, link_status};
use crate::store::write::writer::Durability;
use crate::track::link_status::{
    LinkCheck, LinkInPass, LinkPolicy, LinkSighting, NextCheck, advance_foreign,
};

/// A check of a link by a record from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignCheck {
    pub link: LinkId,
    pub host: String,
    pub check: LinkCheck,
    /// A source on the host is restricted by country.
    pub is_geo_restricted: bool,
}

/// How checks from elsewhere are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignPolicy {
    pub policy: LinkPolicy,
    pub next: NextCheck,
    /// When they arrive.
    pub now: Time,
}

impl Reader {
    /// The kept link of this identity, which may be another name of the link.
    pub fn link_of_identity(&self, identity: &str) -> Result<Option<LinkId>, StoreError> {
        self.read(|c| {
            if let Some(id) = joined_links::of_identity(c, identity)? {
                return Ok(Some(LinkId(id)));
            }
            let id = c
                .prepare_cached("SELECT id FROM links WHERE identity = ?1")?
                .query_row([identity], |row| row.get(0).map(LinkId))
                .optional()?;
            Ok(id)
        })
    }
}

impl Store {
    /// The kept link of this identity.
    pub async fn link_of_identity(&self, identity: String) -> Result<Option<LinkId>, StoreError> {
        self.with_reader(move |r| r.link_of_identity(&identity))
            .await
    }

    /// Applies the checks of passes that were made elsewhere, pass by pass, in one transaction.
    /// What was applied before, or is stored as a record of this store, changes nothing. Returns
    /// the links that an applied check concerns, each with its event.
    pub async fn apply_link_checks(
        &self,
        passes: Vec<Vec<ForeignCheck>>,
        how: ForeignPolicy,
    ) -> Result<Vec<(LinkId, Option<LinkEvent>)>, StoreError> {
        self.write(Durability::Now, move |session| {
            let mut applied = Vec::new();
            for pass in &passes {
                apply(&session.connection, pass, how, &mut applied)?;
            }
            Ok(applied)
        })
        .await
    }
}

fn apply(
    connection: &Connection,
    pass: &[ForeignCheck],
    how: ForeignPolicy,
    applied: &mut Vec<(LinkId, Option<LinkEvent>)>,
) -> Result<(), InnerError> {
    let (mut known_links, mut links) = (Vec::new(), Vec::new());
    for foreign in pass {
        let mut check = foreign.check.clone();
        let mut new = Vec::with_capacity(check.sightings.len());
        for sighting in check.sightings {
            if !is_known(connection, foreign.link, &sighting)? {
                new.push(sighting);
            }
        }
        check.sightings = new;
        let Some(known) = link_status::watched(connection, &[foreign.link])?.pop() else {
            continue;
        };
        if check.sightings.is_empty() {
            continue;
        }
        known_links.push((foreign.link, known.status.clone(), facts_of(&check)));
        links.push(LinkInPass {
            host: foreign.host.clone(),
            status: known.status,
            check,
            is_geo_restricted: foreign.is_geo_restricted,
            event: None,
        });
    }
    for event in advance_foreign(&mut links, &how.policy, how.next, how.now) {
        link_events::put_of_host(connection, &event)?;
    }
    for ((id, before, facts), link) in known_links.into_iter().zip(links) {
        applied.push((id, link.event.clone()));
        if link.status == before {
            link_status::put_facts(connection, id, &facts)?;
            continue;
        }
        let checked = CheckedLink {
            id,
            host: link.host,
            status: link.status,
            facts,
            event: link.event,
        };
        link_status::put(connection, &checked)?;
    }
    Ok(())
}

fn facts_of(check: &LinkCheck) -> Vec<CheckFact> {
    let seen = check.sightings.iter().filter(|s| s.observation.is_some());
    let fact = |sighting: &LinkSighting| CheckFact {
        vantage: sighting.vantage.clone(),
        at: sighting.at,
        code: sighting.code,
    };
    seen.map(fact).collect()
}

/// Whether a sighting was applied before, or comes from a record that this store has.
fn is_known(
    connection: &Connection,
    link: LinkId,
    sighting: &LinkSighting,
) -> Result<bool, InnerError> {
    let uid = sighting.record.as_ref().map(MeasurementUid::as_str);
    let known: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM link_checks
                     WHERE link = ?1 AND at_us = ?2 AND vantage = ?3)
                 OR EXISTS (SELECT 1 FROM measurements WHERE uid = ?4)",
        )?
        .query_row(
            params![
                link.0,
                sighting.at.timestamp_micros(),
                sighting.vantage.as_str(),
                uid
            ],
            |row| row.get(0),
        )?;
    Ok(known)
}
