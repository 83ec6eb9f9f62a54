//! Which mails belong together: threads, their subjects, their Message-IDs.
//!
//! Openings of one source in one pass begin a thread, named after the one with the lowest number,
//! and every incident remembers its thread. Mail programs join mails by `References`, which name
//! the first mail of the thread that was sent to the reader; the subject states the state.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::i18n::mail::{Texts, fill};
use crate::i18n::weight::state_of;
use crate::model::event::PassOutcome;
use crate::model::incident::MailThread;
use crate::model::mail::Notice;
use crate::model::settings::Recipient;
use crate::model::state::State;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, IncidentKind, SourceId, Time};

use super::mail_context::MailContext;

/// Gives threads to the incidents whose opening is due, both in the outcome and in the tracker
/// state. It runs between `track` and [`compose`](super::compose::compose), with the same `now`.
/// Running it twice changes nothing.
pub fn assign_threads(outcome: &mut PassOutcome, tracker: &mut TrackerState, now: Time) {
    let mut together: BTreeMap<SourceId, Vec<i64>> = BTreeMap::new();
    for notice in &outcome.notices {
        let Notice::Opened { incident: id } = notice else {
            continue;
        };
        let fresh = outcome.incidents.iter().find(|i| i.id == *id);
        let incident = fresh.or_else(|| tracker.incidents.get(id));
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
            assign(outcome, tracker, id, thread);
        }
    }
}

fn assign(outcome: &mut PassOutcome, tracker: &mut TrackerState, id: i64, thread: MailThread) {
    if let Some(known) = tracker.incidents.get_mut(&id) {
        known.thread = Some(thread);
    }
    match outcome.incidents.iter_mut().find(|i| i.id == id) {
        Some(incident) => incident.thread = Some(thread),
        // The incident differs by this field alone, and must still be saved.
        None => outcome
            .incidents
            .extend(tracker.incidents.get(&id).cloned()),
    }
}

/// The thread of an incident; its own number when it has no thread.
pub(super) fn thread_of(incident: &Incident) -> MailThread {
    incident.thread.unwrap_or(MailThread {
        root: incident.id,
        begun: incident.confirmed,
        shared: false,
    })
}

/// The subject of a mail about these incidents of one thread: their records, the state word, their
/// numbers. It stays the same as long as the state; mail programs join threads by `References`.
pub(super) fn subject(incidents: &[&Incident], context: &MailContext<'_>, texts: &Texts) -> String {
    let Some(first) = incidents.first() else {
        return String::new();
    };
    let template = match first.kind {
        IncidentKind::Vantage | IncidentKind::Network => texts.subject.vantage,
        IncidentKind::PathToChina => texts.subject.path,
        IncidentKind::Probe if incidents.len() > 1 => texts.subject.several,
        IncidentKind::Probe => texts.subject.one,
    };
    let source = first
        .source
        .as_ref()
        .map(|id| context.source_name(id, texts));
    let ids: Vec<String> = incidents.iter().map(|i| i.id.to_string()).collect();
    let id = match ids.as_slice() {
        [one] => one.clone(),
        several => format!("#{}", several.join(", #")),
    };
    let vantage = first
        .vantages
        .keys()
        .next()
        .map(|id| context.vantage_name(id));
    fill(
        template,
        &[
            ("source", &source.unwrap_or_default()),
            ("probe", &kinds(incidents, context, texts)),
            ("vantage", &vantage.unwrap_or_default()),
            ("state", state(incidents, texts)),
            ("id", &id),
        ],
    )
}

/// A subject names up to two kinds of record, or gives their number.
fn kinds(incidents: &[&Incident], context: &MailContext<'_>, texts: &Texts) -> String {
    let names: Vec<String> = incidents
        .iter()
        .filter_map(|i| i.probe.as_ref())
        .map(|key| context.probe_name(key, texts))
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one}{}{two}", texts.say.and),
        more => fill(texts.say.kinds, &[("n", &more.len().to_string())]),
    }
}

/// The state word of the open incidents, or else of how they ended.
fn state(incidents: &[&Incident], texts: &Texts) -> &'static str {
    let own_end = incidents.iter().find(|i| i.kind != IncidentKind::Probe);
    if let Some(incident) = own_end {
        return match incident.kind {
            _ if !incident.is_open() => texts.subject.works_again,
            IncidentKind::PathToChina => texts.subject.path_down,
            _ => texts.subject.own_end,
        };
    }
    let lasts = incidents.iter().any(|i| i.is_open());
    let matching = incidents.iter().filter(|i| i.is_open() == lasts);
    let states: Vec<State> = matching.map(|i| state_of(i)).collect();
    let gravest = [State::Closed, State::Less, State::Unknown]
        .into_iter()
        .find(|s| states.contains(s))
        .unwrap_or(State::Open);
    if !lasts && gravest == State::Open {
        return texts.subject.again;
    }
    texts.state(gravest)
}

/// The Message-ID of the first mail of a thread to a recipient, which later mails refer to.
pub(super) fn first_id(thread: MailThread, recipient: &Recipient, domain: &str) -> String {
    later_id(thread, "first", recipient, domain)
}

/// The Message-ID of a later mail of a thread. `step` distinguishes the mails of the thread. The
/// start of the thread distinguishes two workspaces with the same sender: both count from #1, and
/// mail servers drop a second mail with the same id.
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

/// What the Message-IDs of a thread begin with, by that of one of its mails; `None` for a mail
/// outside any thread.
pub(super) fn prefix_of(message_id: &str) -> Option<&str> {
    let (prefix, _) = message_id.split_once('.')?;
    prefix.starts_with("<incident-").then_some(prefix)
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
    HEXLOWER.encode(&hash.finalize()[..12])
}
