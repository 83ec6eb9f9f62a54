//! One mail per thread: what changed in its incidents, and each incident's report.
//!
//! Opening, update and recovery show the same facts in the same order; a reminder says what is new.
//! Incidents of one source that look alike are reported together.

use crate::i18n::mail::Texts;
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Incident, IncidentKind};

use super::incident_group::{IncidentGroup, IncidentStep, ThreadMembers, topic_of};
use super::story::story;
use super::{answers, catalogue, help, lead, own_end, parts, technician, web_pages};
use crate::alert::headers::{self, BadAddress, MailHeaders};
use crate::alert::mail_body::{LinkedText, MailBlock, MailBody};
use crate::alert::mail_context::MailContext;
use crate::alert::text;
use crate::alert::thread;
use crate::alert::when;

/// The most lines of the text part: of a mail, and of a reminder.
const LINES: usize = 40;
const LINES_OF_A_REMINDER: usize = 10;

/// The mail of one thread.
pub(super) fn mail(
    context: &MailContext<'_>,
    recipient: &Recipient,
    members: &ThreadMembers<'_>,
) -> Result<NewMail, BadAddress> {
    let letter = letter(context, recipient, members);
    into_mail(
        context,
        recipient,
        members,
        &letter,
        parts::texts(recipient),
    )
}

/// The text of the mail, cut to a readable length.
pub(super) fn letter(
    context: &MailContext<'_>,
    recipient: &Recipient,
    members: &ThreadMembers<'_>,
) -> MailBody {
    let reminds = members
        .iter()
        .all(|(_, step)| step == IncidentStep::Reminded);
    let lines = if reminds { LINES_OF_A_REMINDER } else { LINES };
    whole(context, recipient, members).fit(|body| text::render(body).lines().count() > lines)
}

/// The text of the mail, uncut.
pub(super) fn whole(
    context: &MailContext<'_>,
    recipient: &Recipient,
    members: &ThreadMembers<'_>,
) -> MailBody {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let groups = members.groups(context);
    for group in &groups {
        let lines = match group.first().kind {
            IncidentKind::Probe => lead::lines(context, group, texts),
            _ => own_end::lines(context, group, texts),
        };
        letter.leads.extend(lines);
    }
    if groups.iter().all(|g| g.step == IncidentStep::Reminded) {
        reminder(&mut letter, context, members, texts);
        return letter;
    }
    for (at, group) in groups.iter().enumerate() {
        if at > 0 {
            letter.push(MailBlock::Rule);
        }
        match group.first().kind {
            IncidentKind::Probe => report(&mut letter, context, group, members, texts),
            _ => own_end::report(&mut letter, context, group.first(), texts),
        }
    }
    let open: Vec<&Incident> = groups
        .iter()
        .filter(|g| g.step != IncidentStep::Ended)
        .flat_map(|g| g.incidents.iter().copied())
        .collect();
    web_pages::add(&mut letter, context, &members.incidents(), texts);
    answers::answers(&mut letter, context, &open, texts);
    letter.push(MailBlock::Technician(texts.heading.technician.to_owned()));
    for group in &groups {
        for (at, incident) in group.incidents.iter().enumerate() {
            match incident.kind {
                IncidentKind::Probe => {
                    technician::report(&mut letter, context, incident, at > 0, texts);
                }
                _ => own_end::technician(&mut letter, context, incident, texts),
            }
        }
    }
    letter
}

/// What is due, and how to take it on.
fn reminder(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    members: &ThreadMembers<'_>,
    texts: &Texts,
) {
    let incidents = members.incidents();
    let probe = members.leader.probe.as_ref();
    let next = probe.and_then(|key| parts::next_look(context, key, texts));
    let next = next.map(|next| parts::fact(texts.label.next_look, next));
    letter.facts(50, next.into_iter().collect());
    web_pages::add(letter, context, &incidents, texts);
    answers::add_take_over_links(letter, context, &incidents, texts);
}

/// The whole report of a group, except the technical part.
fn report(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    group: &IncidentGroup<'_>,
    members: &ThreadMembers<'_>,
    texts: &Texts,
) {
    let incident = group.first();
    parts::page_says(letter, context, incident, texts);
    web_pages::add_kept_copy(letter, context, incident, texts);
    parts::vantage_table(letter, context, incident, texts);
    let mailed = members.incidents();
    // From what readers need most to what is removed first.
    let mut facts = times(context, group, texts);
    if group.step != IncidentStep::Ended {
        facts.extend(help::help_facts(context, incident, &mailed, texts));
    }
    facts.extend(closing_facts(context, group, texts));
    letter.facts(150, facts);
    let observed = parts::observed(context, incident, texts);
    letter.list_worth(100, texts.heading.observed, observed);
    if group.step != IncidentStep::Ended {
        catalogue::note(letter, context, group, texts);
    }
    let notes = parts::notes(context, incident, texts);
    letter.list_worth(45, texts.heading.notes, notes);
    // The reports of one letter are of one source: what is written about it stands once.
    if !letter.blocks().any(|block| *block == MailBlock::Rule) {
        letter.facts(170, help::own_facts(context, incident, texts));
    }
    for incident in &group.incidents {
        story(letter, context, incident, texts);
    }
}

/// What is new, since when, until when, and the phases.
fn times(
    context: &MailContext<'_>,
    group: &IncidentGroup<'_>,
    texts: &Texts,
) -> Vec<(String, LinkedText)> {
    let incident = group.first();
    let label = &texts.label;
    let mut facts = Vec::new();
    facts.push(parts::fact(
        label.first_bad,
        context.time(incident.first_bad, texts),
    ));
    if let Some(ended) = incident.ended {
        facts.push(parts::fact(label.ended, context.time(ended, texts)));
        facts.push(parts::fact(
            label.lasted,
            when::duration(incident.first_bad, ended, texts),
        ));
    }
    if group.step == IncidentStep::Updated
        && let Some(news) =
            super::story::after(context, incident, incident.confirmed, texts).first()
    {
        facts.push(parts::fact(label.news, news.clone()));
    }
    if let Some(phases) = parts::phases(context, incident, texts) {
        facts.push(parts::fact(label.phases, phases));
    }
    facts
}

/// What it does not show, when the next check is due, whether it happened before, who looks after
/// it.
fn closing_facts(
    context: &MailContext<'_>,
    group: &IncidentGroup<'_>,
    texts: &Texts,
) -> Vec<(String, LinkedText)> {
    let incident = group.first();
    let label = &texts.label;
    let mut facts = Vec::new();
    if group.step != IncidentStep::Ended {
        let limits = texts.not_shown(incident.finding);
        facts.push(parts::fact(label.not_shown, limits));
        let next = incident.probe.as_ref();
        let next = next.and_then(|key| parts::next_look(context, key, texts));
        facts.extend(next.map(|next| parts::fact(label.next_look, next)));
    }
    facts.push(parts::fact(
        label.earlier,
        parts::earlier(context, incident, texts),
    ));
    if let Some(who) = &incident.acknowledged_by {
        facts.push(parts::fact(label.acknowledged, who.clone()));
    }
    let last_good = incident.last_good.map(|t| context.time(t, texts));
    facts.push(parts::fact(
        label.last_good,
        last_good.unwrap_or_else(|| texts.say.unknown.to_owned()),
    ));
    facts
}

fn into_mail(
    context: &MailContext<'_>,
    recipient: &Recipient,
    members: &ThreadMembers<'_>,
    letter: &MailBody,
    texts: &Texts,
) -> Result<NewMail, BadAddress> {
    let thread = thread::thread_of(members.leader);
    let domain = headers::domain(&context.settings.alerts.from);
    let first = thread::first_id(thread, recipient, &domain);
    // All incidents of a thread open together, so a mail with an opening is the thread's first.
    let opens = members.iter().any(|(_, step)| step == IncidentStep::Opened);
    let (message_id, in_reply_to) = if opens {
        (first, None)
    } else {
        let step = steps_key(members, context);
        (
            thread::later_id(thread, &step, recipient, &domain),
            Some(first),
        )
    };
    let topics: Vec<Topic> = members.iter().map(|(i, s)| topic_of(i, s)).collect();
    headers::into_message(
        MailHeaders {
            from: &context.settings.alerts.from,
            recipient,
            topic: topics
                .iter()
                .copied()
                .find(|t| *t != Topic::Recovery)
                .or(topics.first().copied()),
            subject: thread::subject(&members.incidents(), context, texts),
            message_id,
            in_reply_to,
            source: members.leader.source.clone(),
            incidents: members.steps.iter().map(|(i, _)| i.id).collect(),
            links: Vec::new(),
            now: context.now,
        },
        letter,
    )
}

/// Distinguishes the mails of one thread. An end comes only once; the other mails carry their time.
fn steps_key(members: &ThreadMembers<'_>, context: &MailContext<'_>) -> String {
    let now = context.now.timestamp_micros();
    let keys: Vec<String> = members
        .iter()
        .map(|(i, step)| match step {
            IncidentStep::Opened => format!("opened {}", i.id),
            IncidentStep::Updated => format!("updated {} {now}", i.id),
            IncidentStep::Reminded => format!("reminded {} {now}", i.id),
            IncidentStep::Ended => format!("ended {}", i.id),
        })
        .collect();
    keys.join(" ")
}
