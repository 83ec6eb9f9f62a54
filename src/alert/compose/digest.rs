//! The digest: what its reader was not mailed at once, what is still open, and what waits for
//! somebody to look. Other code decides when it is due. With nothing to say, no digest is sent.

use chrono::TimeDelta;

use crate::i18n::mail::{Template, Texts, fill};
use crate::model::event::{Event, EventDetail, EventKind};
use crate::model::incident::MailState;
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Code, Incident, IncidentKind, Status, Time, VantageId};

use super::incident_group::IncidentStep;
use super::incident_group::topic_of;
use super::parts;
use super::parts::follows_probe;
use super::web_pages;
use crate::alert::headers::{self, BadAddress, MailHeaders};
use crate::alert::mail_body::LinkedText;
use crate::alert::mail_context::MailContext;
use crate::alert::{filter, thread};

/// How often a digest repeats a status that waits for a person's answer.
const REPEAT: TimeDelta = TimeDelta::days(7);

/// Vantages that changed alike within this time are one event.
const TOGETHER: TimeDelta = TimeDelta::minutes(90);

/// The digest of `(since, context.now]` for one recipient; `None` when it would hold nothing that
/// the recipient was not mailed at once. Open incidents are listed in a digest, but are not a
/// reason to send one.
#[must_use]
pub fn compose_digest(
    context: &MailContext<'_>,
    recipient: &Recipient,
    events: &[Event],
    since: Time,
) -> Option<Result<NewMail, BadAddress>> {
    let texts = parts::texts(recipient);
    let events = event_lines(context, recipient, events, since, texts);
    let (held, open) = reports(context, recipient, since);
    let standing = standing(context, recipient, since, texts);
    if events.is_empty() && held.is_empty() && standing.is_empty() {
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
    letter.leads.push(fill(texts.lead.digest_open, &numbers));
    letter.list(texts.heading.standing, parts::capped(standing, texts));
    letter.list(texts.heading.events, parts::capped(events, texts));
    let lines = held.iter().map(|i| held_line(context, i, texts));
    letter.list(texts.heading.held, parts::capped(lines.collect(), texts));
    let lines = open.iter().map(|i| open_line(context, i, texts));
    letter.list(texts.heading.open, parts::capped(lines.collect(), texts));
    let domain = headers::domain(&context.settings.alerts.from);
    let is_over = still_open == 0 && changes > 0;
    let state = if is_over {
        texts.subject.changes
    } else {
        texts.subject.going_on
    };
    let state = fill(state, &numbers);
    Some(headers::into_message(
        MailHeaders {
            from: &context.settings.alerts.from,
            recipient,
            topic: None,
            subject: fill(
                texts.subject.digest,
                &[("day", &context.today(texts)), ("state", &state)],
            ),
            message_id: thread::single_id("digest", context.now, recipient, &domain),
            in_reply_to: None,
            source: None,
            incidents: held.iter().chain(&open).map(|i| i.id).collect(),
            links: Vec::new(),
            now: context.now,
        },
        &letter,
    ))
}

/// One event as readers count them: several vantages with the same change are one event.
struct DigestEvent<'e> {
    event: &'e Event,
    vantages: Vec<&'e VantageId>,
}

fn event_lines(
    context: &MailContext<'_>,
    recipient: &Recipient,
    events: &[Event],
    since: Time,
    texts: &Texts,
) -> Vec<String> {
    let mut listed: Vec<&Event> = events
        .iter()
        .filter(|e| e.at > since && e.at <= context.now)
        .filter(|e| is_for_digest(e, recipient) && !is_of_a_mailed_report(context, e, recipient))
        .filter(|e| {
            e.probe
                .as_ref()
                .is_none_or(|p| follows_probe(context, recipient, p))
        })
        .collect();
    listed.sort_by_key(|e| e.at);
    let mut once: Vec<DigestEvent<'_>> = Vec::new();
    for event in listed {
        let alike = |t: &&mut DigestEvent<'_>| {
            let first = t.event;
            first.probe.is_some()
                && event.at - first.at <= TOGETHER
                && (
                    first.kind,
                    &first.probe,
                    first.from,
                    first.to,
                    first.incident,
                ) == (
                    event.kind,
                    &event.probe,
                    event.from,
                    event.to,
                    event.incident,
                )
        };
        match once.iter_mut().rev().find(alike) {
            Some(known) => known.vantages.extend(&event.vantage),
            None => once.push(DigestEvent {
                event,
                vantages: event.vantage.iter().collect(),
            }),
        }
    }
    once.iter().map(|t| event_line(context, t, texts)).collect()
}

/// Incidents have their own lines, and what a recipient is mailed at once is not repeated.
fn is_for_digest(event: &Event, recipient: &Recipient) -> bool {
    match event.kind {
        EventKind::Changed
        | EventKind::Restored
        | EventKind::NotConfirmed
        | EventKind::Flapping
        | EventKind::Steady
        | EventKind::Accepted
        | EventKind::Observed
        | EventKind::ControlFault => true,
        EventKind::FirstSeen => event.to.is_some_and(|code| code != Code::Ok),
        EventKind::Improved => !filter::wants(recipient, Topic::Improvement),
        EventKind::NoData => !filter::wants(recipient, Topic::Regression),
        EventKind::Opened | EventKind::Joined | EventKind::Left | EventKind::Ended => false,
    }
}

/// Whether a probe's change belongs to a report that its reader was mailed at that very time: with
/// its opening, a change of its finding, or its end.
fn is_of_a_mailed_report(context: &MailContext<'_>, event: &Event, recipient: &Recipient) -> bool {
    if !matches!(event.kind, EventKind::Changed | EventKind::Restored) {
        return false;
    }
    context.incidents().any(|incident| {
        let is_its = incident.probe.is_some() && incident.probe == event.probe;
        let mailed = was_mailed(incident) && filter::wants(recipient, Topic::Regression);
        is_its && mailed && was_mailed_then(incident, event.at)
    })
}

/// Mails about an incident are written at its opening, when its finding changes, and at its end.
fn was_mailed_then(incident: &Incident, at: Time) -> bool {
    use crate::model::incident::StoryRemark;
    let letters = incident
        .changes
        .iter()
        .filter(|c| matches!(c.remark, Some(StoryRemark::Finding { .. })))
        .map(|c| c.at)
        .chain([incident.confirmed])
        .chain(incident.ended);
    let mut letters = letters.map(|letter| letter - at);
    // A pass takes a while, and a change has the time of its round.
    letters.any(|after| (-TOGETHER..=TOGETHER).contains(&after))
}

fn was_mailed(incident: &Incident) -> bool {
    match incident.mail {
        MailState::Digest | MailState::Held { .. } => false,
        MailState::Done => incident.kind != IncidentKind::Probe || incident.thread.is_some(),
        MailState::Mailed => true,
    }
}

fn event_line(context: &MailContext<'_>, entry: &DigestEvent<'_>, texts: &Texts) -> String {
    let event = entry.event;
    let when = context.short(event.at, texts);
    let happened = happened(context, event, texts);
    let about = |name: &str| format!("{name}{}{happened}", texts.marks.colon);
    let text = match (&event.probe, entry.vantages.as_slice()) {
        (Some(probe), []) => about(&context.full_probe_name(probe, texts)),
        (Some(probe), vantages) => {
            let name = context.full_probe_name(probe, texts);
            let vantages = parts::names(context, vantages.iter().copied(), texts);
            let values = [
                ("when", &*when),
                ("name", &name),
                ("vantage", &vantages),
                ("text", &happened),
            ];
            return fill(texts.say.event_line, &values);
        }
        (None, []) => happened,
        (None, vantages) => about(&parts::names(context, vantages.iter().copied(), texts)),
    };
    fill(texts.say.event_plain, &[("when", &when), ("text", &text)])
}

/// An event in the reader's language; its own text is for logs.
fn happened(context: &MailContext<'_>, event: &Event, texts: &Texts) -> String {
    let seen = |code: Option<Code>| {
        code.map_or_else(
            || texts.say.unknown.to_owned(),
            |code| context.seen(code, event.probe.as_ref(), texts),
        )
    };
    let standing = standing_status(context, event);
    let now = standing.map_or_else(
        || seen(event.to),
        |status| context.seen_by(&status.observed, Some(&status.probe), texts),
    );
    let id = event.incident.map(|id| id.to_string());
    let values = [
        ("seen", &*now),
        ("before", &seen(event.from)),
        ("id", id.as_deref().unwrap_or_default()),
        ("control", control(event)),
        ("text", &looked(event, texts)),
    ];
    let text = fill(texts.happened(event.kind), &values);
    let details = details(context, event, texts);
    if details.is_empty() {
        return text;
    }
    texts.marks.remark(&text, &details.join(texts.marks.item))
}

/// How many expectations and limits a line names.
const MOST_DETAILS: usize = 2;

/// The status that an event led to, while it stands.
fn standing_status<'c>(context: &'c MailContext<'_>, event: &Event) -> Option<&'c Status> {
    let is_it = |status: &&Status| {
        let same_place = event.vantage.is_none() || event.vantage.as_ref() == Some(&status.vantage);
        Some(&status.probe) == event.probe.as_ref()
            && Some(status.observed.code) == event.to
            && same_place
    };
    context.tracker.statuses.values().find(is_it)
}

/// What the probe expects and did not find, while the status still rests on it.
fn details(context: &MailContext<'_>, event: &Event, texts: &Texts) -> Vec<String> {
    let is_vague = event.to == Some(Code::ContentChanged);
    let Some(status) = standing_status(context, event).filter(|_| is_vague) else {
        return Vec::new();
    };
    let observed = &status.observed;
    let some = |count: usize| count.min(MOST_DETAILS);
    let mut details = Vec::new();
    if !observed.missing.is_empty() {
        let missing = texts.missing(&observed.missing[..some(observed.missing.len())]);
        details.push(format!(
            "{}{}{missing}",
            texts.label.missed, texts.marks.colon
        ));
    }
    if !observed.limits.is_empty() {
        details.push(texts.limits(&observed.limits[..some(observed.limits.len())]));
    }
    details
}

/// The control that an event names.
fn control(event: &Event) -> &str {
    match &event.detail {
        Some(EventDetail::Control { url }) => url,
        _ => "",
    }
}

/// What a person saw: the answer in words, then the person's own words.
fn looked(event: &Event, texts: &Texts) -> String {
    let Some(EventDetail::Looked { check }) = &event.detail else {
        return parts::quoted(&event.text);
    };
    let answer = parts::answer(check.browser, texts);
    let circumstances = parts::quoted(&check.circumstances());
    texts.marks.remark(answer, &circumstances)
}

/// Statuses that reminders do not cover and that wait for a person's answer. Each is listed weekly,
/// counted from its beginning.
fn standing(
    context: &MailContext<'_>,
    recipient: &Recipient,
    since: Time,
    texts: &Texts,
) -> Vec<String> {
    let is_due = |status: &Status| {
        let weeks = |at: Time| {
            (at - status.since)
                .num_seconds()
                .div_euclid(REPEAT.num_seconds())
        };
        weeks(context.now) >= 1 && weeks(context.now) > weeks(since).max(0)
    };
    let waits = |status: &&Status| {
        let is_it = matches!(
            status.observed.code,
            Code::ContentUnproven | Code::ContentChanged
        );
        is_it && status.baseline != Some(status.observed.code) && is_due(status)
    };
    let mut lines: Vec<(&Status, Time)> = Vec::new();
    for status in context.tracker.statuses.values().filter(waits) {
        if !follows_probe(context, recipient, &status.probe) {
            continue;
        }
        let alike = |(known, _): &&mut (&Status, Time)| {
            known.probe == status.probe && known.observed.code == status.observed.code
        };
        match lines.iter_mut().find(alike) {
            Some((_, at)) => *at = (*at).min(status.since),
            None => lines.push((status, status.since)),
        }
    }
    let line = |(status, at): (&Status, Time)| {
        let probe = &status.probe;
        fill(
            texts.say.standing_line,
            &[
                ("name", &context.full_probe_name(probe, texts)),
                (
                    "seen",
                    &context.seen_by(&status.observed, Some(probe), texts),
                ),
                ("since", &context.day(at, texts)),
                ("key", &probe.to_string()),
            ],
        )
    };
    lines.into_iter().map(line).collect()
}

/// Reports that were never mailed at once and changed in this time, and all open ones.
fn reports<'a>(
    context: &MailContext<'a>,
    recipient: &Recipient,
    since: Time,
) -> (Vec<&'a Incident>, Vec<&'a Incident>) {
    let mut held = Vec::new();
    let mut open = Vec::new();
    for incident in context.incidents() {
        let followed = match &incident.probe {
            Some(probe) => follows_probe(context, recipient, probe),
            None => true,
        };
        if !followed || incident.folded_into.is_some() {
            continue;
        }
        let moved = incident.confirmed > since || incident.ended.is_some_and(|t| t > since);
        let step = if incident.is_open() {
            IncidentStep::Opened
        } else {
            IncidentStep::Ended
        };
        let mailed = was_mailed(incident) && filter::wants(recipient, topic_of(incident, step));
        if moved && !mailed {
            held.push(incident);
        } else if incident.is_open() {
            open.push(incident);
        }
    }
    open.sort_by_key(|i| (std::cmp::Reverse(i.severity), i.first_bad));
    (held, open)
}

fn name(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> String {
    match &incident.probe {
        Some(probe) => context.full_probe_name(probe, texts),
        None => parts::names(context, incident.vantages.keys(), texts),
    }
}

fn held_line(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> LinkedText {
    let state = match incident.ended {
        Some(ended) => format!("{} {}", texts.label.ended, context.short(ended, texts)),
        None => texts.finding_of(incident).to_owned(),
    };
    line(context, incident, texts.say.held_line, &state, texts)
}

fn open_line(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> LinkedText {
    line(context, incident, texts.say.open_line, "", texts)
}

/// Each "since" belongs to the verdict that is shown.
fn line(
    context: &MailContext<'_>,
    incident: &Incident,
    template: Template,
    state: &str,
    texts: &Texts,
) -> LinkedText {
    let line = fill(
        template,
        &[
            ("id", &incident.id.to_string()),
            ("name", &name(context, incident, texts)),
            ("seen", &context.seen_in(incident, incident.to, texts)),
            ("since", &context.short(incident.since(), texts)),
            ("state", state),
        ],
    );
    web_pages::with_page(context, incident, &line, texts)
}
