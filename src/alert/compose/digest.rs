//! The digest: what was not mailed at once, and what is still open. When it is due is decided
//! elsewhere; nothing to say is no mail.

use crate::i18n::mail::{Texts, fill};
use crate::model::event::{Event, EventKind};
use crate::model::incident::MailState;
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Code, Incident, IncidentKind, Time};

use super::incident::Step;
use super::notices::{follows_probe, topic_of};
use super::parts;
use crate::alert::headers::{self, BadAddress, Draft};
use crate::alert::world::World;
use crate::alert::{filter, thread, when};

/// The digest of `(since, world.now]` to one recipient; `None` when there is nothing to say that
/// the recipient was not mailed at once: what is open is listed then, and never a mail of its own.
#[must_use]
pub fn compose_digest(
    world: &World<'_>,
    recipient: &Recipient,
    events: &[Event],
    since: Time,
) -> Option<Result<NewMail, BadAddress>> {
    let texts = parts::texts(recipient);
    let events = event_lines(world, recipient, events, since, texts);
    let (held, open) = reports(world, recipient, since);
    if events.is_empty() && held.is_empty() {
        return None;
    }
    let mut letter = parts::letter(texts);
    let changes = events.len() + held.len();
    let still_open = open.len() + held.iter().filter(|i| i.is_open()).count();
    let numbers = [
        ("events", &*changes.to_string()),
        ("open", &*still_open.to_string()),
    ];
    letter.leads.push(fill(texts.lead.digest, &numbers));
    letter.list(texts.heading.events, parts::capped(events, texts));
    let lines = held.iter().map(|i| held_line(world, i, texts));
    letter.list(texts.heading.held, parts::capped(lines.collect(), texts));
    let lines = open.iter().map(|i| open_line(world, i, texts));
    letter.list(texts.heading.open, parts::capped(lines.collect(), texts));
    let domain = headers::domain(&world.settings.alerts.from);
    Some(headers::seal(
        Draft {
            from: &world.settings.alerts.from,
            recipient,
            topic: None,
            subject: fill(texts.subject.digest, &[("day", &thread::today(world))]),
            message_id: thread::single_id("digest", world.now, recipient, &domain),
            in_reply_to: None,
            source: None,
            incidents: held.iter().chain(&open).map(|i| i.id).collect(),
            now: world.now,
        },
        &letter,
    ))
}

fn event_lines(
    world: &World<'_>,
    recipient: &Recipient,
    events: &[Event],
    since: Time,
    texts: &Texts,
) -> Vec<String> {
    let mut told: Vec<&Event> = events
        .iter()
        .filter(|e| e.at > since && e.at <= world.now)
        .filter(|e| is_for_digest(e, recipient))
        .filter(|e| {
            e.probe
                .as_ref()
                .is_none_or(|p| follows_probe(world, recipient, p))
        })
        .collect();
    told.sort_by_key(|e| e.at);
    told.into_iter()
        .map(|e| event_line(world, e, texts))
        .collect()
}

/// Incidents have lines of their own; what a recipient hears at once is not said twice.
fn is_for_digest(event: &Event, recipient: &Recipient) -> bool {
    match event.kind {
        EventKind::Changed
        | EventKind::Restored
        | EventKind::NotConfirmed
        | EventKind::Flapping
        | EventKind::Steady
        | EventKind::Accepted
        | EventKind::ControlFault => true,
        EventKind::FirstSeen => event.to.is_some_and(|code| code != Code::Ok),
        EventKind::Improved => !filter::wants(recipient, Topic::Improvement),
        EventKind::Blind => !filter::wants(recipient, Topic::Regression),
        EventKind::Opened | EventKind::Joined | EventKind::Left | EventKind::Ended => false,
    }
}

fn event_line(world: &World<'_>, event: &Event, texts: &Texts) -> String {
    let when = when::short(event.at);
    let happened = happened(world, event, texts);
    let about = |name: &str| format!("{name}{}{happened}", texts.marks.colon);
    let text = match (&event.probe, &event.vantage) {
        (Some(probe), Some(vantage)) => {
            let name = world.full_probe_name(probe, texts);
            let vantage = world.vantage_name(vantage);
            let values = [
                ("when", &*when),
                ("name", &name),
                ("vantage", &vantage),
                ("text", &happened),
            ];
            return fill(texts.say.event_line, &values);
        }
        (Some(probe), None) => about(&world.full_probe_name(probe, texts)),
        (None, Some(vantage)) => about(&world.vantage_name(vantage)),
        (None, None) => happened,
    };
    fill(texts.say.event_plain, &[("when", &when), ("text", &text)])
}

/// An event in the words of a language; its own text is for logs.
fn happened(world: &World<'_>, event: &Event, texts: &Texts) -> String {
    let seen = |code: Option<Code>| {
        code.map_or_else(
            || texts.say.unknown.to_owned(),
            |code| world.seen(code, event.probe.as_ref(), texts),
        )
    };
    let id = event.incident.map(|id| id.to_string());
    let values = [
        ("seen", &*seen(event.to)),
        ("before", &seen(event.from)),
        ("id", id.as_deref().unwrap_or_default()),
        ("control", control(event)),
    ];
    fill((texts.happened)(event.kind), &values)
}

/// The control that an event names: the one address in its text.
fn control(event: &Event) -> &str {
    let mut words = event.text.split_whitespace();
    words.find(|word| word.contains("://")).unwrap_or_default()
}

/// Reports that were never mailed at once and moved since, and all that are open.
fn reports<'a>(
    world: &World<'a>,
    recipient: &Recipient,
    since: Time,
) -> (Vec<&'a Incident>, Vec<&'a Incident>) {
    let mut held = Vec::new();
    let mut open = Vec::new();
    for incident in world.incidents() {
        let followed = match &incident.probe {
            Some(probe) => follows_probe(world, recipient, probe),
            None => true,
        };
        if !followed || incident.folded_into.is_some() {
            continue;
        }
        // Of those that are over, the ones that were mailed have a thread.
        let quiet = match incident.mail {
            MailState::Digest | MailState::Held { .. } => true,
            MailState::Done => incident.kind == IncidentKind::Probe && incident.thread.is_none(),
            MailState::Mailed => false,
        };
        let moved = incident.confirmed > since || incident.ended.is_some_and(|t| t > since);
        let step = if incident.is_open() {
            Step::Opened
        } else {
            Step::Ended
        };
        let told = !quiet && filter::wants(recipient, topic_of(incident, step));
        if moved && !told {
            held.push(incident);
        } else if incident.is_open() {
            open.push(incident);
        }
    }
    open.sort_by_key(|i| (std::cmp::Reverse(i.severity), i.first_bad));
    (held, open)
}

fn name(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    match &incident.probe {
        Some(probe) => world.full_probe_name(probe, texts),
        None => parts::names(world, incident.vantages.keys(), texts),
    }
}

fn held_line(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    let since = when::short(incident.first_bad);
    let state = match incident.ended {
        Some(ended) => format!("{} {}", texts.label.ended, when::short(ended)),
        None => texts.finding_of(incident).to_owned(),
    };
    line(world, incident, texts.say.held_line, &since, &state, texts)
}

fn open_line(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    let since = when::short(incident.first_bad);
    line(world, incident, texts.say.open_line, &since, "", texts)
}

fn line(
    world: &World<'_>,
    incident: &Incident,
    template: &str,
    since: &str,
    state: &str,
    texts: &Texts,
) -> String {
    fill(
        template,
        &[
            ("id", &incident.id.to_string()),
            ("name", &name(world, incident, texts)),
            (
                "seen",
                &world.seen(incident.to, incident.probe.as_ref(), texts),
            ),
            ("since", since),
            ("state", state),
        ],
    )
}
