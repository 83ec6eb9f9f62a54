//! Which mails belong together: threads, their constant subjects, their Message-IDs.
//!
//! Openings of one source in one pass begin a thread, named after the one with the lowest number, and
//! every incident remembers its thread. Mail programs join mails by `References` and by an equal
//! subject, so both follow from the incident alone and never change.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::i18n::mail::{Texts, fill};
use crate::model::book::Book;
use crate::model::event::PassOutcome;
use crate::model::incident::MailThread;
use crate::model::mail::Notice;
use crate::model::settings::Recipient;
use crate::model::{Incident, IncidentKind, SourceId, Time};

use super::{when, world::World};

/// Gives the incidents whose opening is due their threads, in the outcome and in the book alike. To be
/// called between `judge::track` and [`compose`](super::compose::compose), with the same `now`; calling
/// it twice changes nothing.
pub fn assign_threads(outcome: &mut PassOutcome, book: &mut Book, now: Time) {
    let mut together: BTreeMap<SourceId, Vec<i64>> = BTreeMap::new();
    for notice in &outcome.notices {
        let Notice::Opened { incident: id } = notice else {
            continue;
        };
        let fresh = outcome.incidents.iter().find(|i| i.id == *id);
        let incident = fresh.or_else(|| book.incidents.get(id));
        if let Some(incident) =
            incident.filter(|i| i.kind == IncidentKind::Probe && i.thread.is_none())
            && let Some(source) = &incident.source
        {
            together.entry(source.clone()).or_default().push(*id);
        }
    }
    for ids in together.into_values() {
        let root = ids.iter().copied().min().unwrap_or_default();
        let thread = MailThread {
            root,
            begun: now,
            shared: ids.len() > 1,
        };
        for id in ids {
            assign(outcome, book, id, thread);
        }
    }
}

fn assign(outcome: &mut PassOutcome, book: &mut Book, id: i64, thread: MailThread) {
    if let Some(known) = book.incidents.get_mut(&id) {
        known.thread = Some(thread);
    }
    match outcome.incidents.iter_mut().find(|i| i.id == id) {
        Some(incident) => incident.thread = Some(thread),
        // It differs by this field alone, and must be kept all the same.
        None => outcome.incidents.extend(book.incidents.get(&id).cloned()),
    }
}

/// The thread of an incident; its own when none was assigned.
pub(super) fn of(incident: &Incident) -> MailThread {
    incident.thread.unwrap_or(MailThread {
        root: incident.id,
        begun: incident.confirmed,
        shared: false,
    })
}

/// The subject of the thread of an incident: no state in it, the same for life.
pub(super) fn subject(incident: &Incident, world: &World<'_>, texts: &Texts) -> String {
    let thread = of(incident);
    let template = match incident.kind {
        IncidentKind::Vantage | IncidentKind::Network => texts.subject.vantage,
        IncidentKind::PathToChina => texts.subject.path,
        IncidentKind::Probe if thread.shared => texts.subject.several,
        IncidentKind::Probe => texts.subject.one,
    };
    let source = incident
        .source
        .as_ref()
        .map(|id| world.source_name(id, texts));
    let probe = incident.probe.as_ref().map(|key| world.probe_name(key));
    let vantage = incident
        .vantages
        .keys()
        .next()
        .map(|id| world.vantage_name(id));
    fill(
        template,
        &[
            ("source", &source.unwrap_or_default()),
            ("probe", &probe.unwrap_or_default()),
            ("vantage", &vantage.unwrap_or_default()),
            ("id", &thread.root.to_string()),
        ],
    )
}

/// The Message-ID of the first mail of a thread to a recipient: what later ones refer to.
pub(super) fn first_id(thread: MailThread, recipient: &Recipient, domain: &str) -> String {
    later_id(thread, "first", recipient, domain)
}

/// The Message-ID of a mail of a thread. `step` tells the thread's mails apart. The time it began keeps
/// two workspaces with the same sender apart: both count from #1, and mail servers drop a second mail of
/// the same id.
pub(super) fn later_id(
    thread: MailThread,
    step: &str,
    recipient: &Recipient,
    domain: &str,
) -> String {
    let MailThread { root, begun, .. } = thread;
    let hash = digest(&format!("{root} {step}"), begun, recipient);
    format!("<incident-{root}.{hash}@{domain}>")
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
