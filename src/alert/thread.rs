//! Which mails belong together: threads, their constant subjects, their Message-IDs.
//!
//! Incidents of one source that were confirmed in the same pass share a thread, named after the one
//! with the lowest number. Mail programs join mails by `References` and by an equal subject, so both
//! follow from the incident alone and never change.

use sha2::{Digest, Sha256};

use crate::i18n::mail::{Texts, fill};
use crate::model::incident::MailState;
use crate::model::settings::Recipient;
use crate::model::{Incident, IncidentKind, Time};

use super::{when, world::World};

/// The incidents of `incident`'s thread, itself among them, lowest number first. Those told in the
/// digest alone are in no thread but their own.
pub(super) fn members<'a>(incident: &'a Incident, world: &World<'a>) -> Vec<&'a Incident> {
    if incident.kind != IncidentKind::Probe || incident.mail == MailState::Digest {
        return vec![incident];
    }
    let mut members: Vec<&Incident> = world
        .incidents()
        .filter(|other| {
            other.id != incident.id
                && other.kind == IncidentKind::Probe
                && other.source == incident.source
                && other.confirmed == incident.confirmed
                && other.mail != MailState::Digest
        })
        .collect();
    members.push(incident);
    members.sort_by_key(|i| i.id);
    members
}

/// The subject of a thread: no state in it, the same for life.
pub(super) fn subject(members: &[&Incident], world: &World<'_>, texts: &Texts) -> String {
    let Some(root) = members.first() else {
        return String::new();
    };
    let id = root.id.to_string();
    let vantage = root
        .vantages
        .keys()
        .next()
        .map_or(String::new(), |v| world.vantage_name(v));
    let (template, source, probe) = match (root.kind, &root.source, &root.probe) {
        (IncidentKind::Vantage | IncidentKind::Network, ..) => {
            (texts.subject.vantage, String::new(), String::new())
        }
        (IncidentKind::PathToChina, ..) => (texts.subject.path, String::new(), String::new()),
        (IncidentKind::Probe, Some(source), Some(probe)) if members.len() == 1 => (
            texts.subject.one,
            world.source_name(source),
            world.probe_name(probe),
        ),
        (IncidentKind::Probe, source, _) => {
            let name = source.as_ref().map(|s| world.source_name(s));
            (
                texts.subject.several,
                name.unwrap_or_default(),
                String::new(),
            )
        }
    };
    fill(
        template,
        &[
            ("source", &source),
            ("probe", &probe),
            ("vantage", &vantage),
            ("id", &id),
        ],
    )
}

/// The Message-ID of the first mail of a thread to a recipient: what later ones refer to.
pub(super) fn first_id(root: &Incident, recipient: &Recipient, domain: &str) -> String {
    later_id(root, "first", recipient, domain)
}

/// The Message-ID of a mail of a thread. `step` tells the thread's mails apart. The time of
/// confirmation keeps two workspaces with the same sender apart: both count from #1, and mail servers
/// drop a second mail of the same id.
pub(super) fn later_id(root: &Incident, step: &str, recipient: &Recipient, domain: &str) -> String {
    let seed = format!("{} {step}", root.id);
    format!(
        "<incident-{}.{}@{domain}>",
        root.id,
        digest(&seed, root.confirmed, recipient)
    )
}

/// The Message-ID of a mail outside any thread.
pub(super) fn single_id(kind: &str, at: Time, recipient: &Recipient, domain: &str) -> String {
    let name = kind.split(' ').next().unwrap_or("mail");
    format!("<{name}.{}@{domain}>", digest(kind, at, recipient))
}

fn digest(seed: &str, at: Time, recipient: &Recipient) -> String {
    let mut hash = Sha256::new();
    for part in [seed, &at.timestamp_micros().to_string(), &recipient.address] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize()[..12])
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

/// The day of a mail outside any thread.
pub(super) fn today(world: &World<'_>) -> String {
    when::day(world.now, world.settings.schedule.timezone)
}
