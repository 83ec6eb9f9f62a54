//! One mail a thread: what changed in its incidents, and each incident's report.
//!
//! Opening, update, reminder and recovery show the same facts in the same order; they differ in
//! their first line and in what is asked of the reader.

use crate::i18n::evidence;
use crate::i18n::mail::{Texts, fill};
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Code, Finding, Incident, IncidentKind, Probe, VantageId};

use super::acknowledge::acknowledge;
use super::notices::topic_of;
use super::story::{newest_change, story};
use super::{help, own_end, parts};
use crate::alert::headers::{self, BadAddress, Draft};
use crate::alert::letter::{Block, Letter};
use crate::alert::world::World;
use crate::alert::{thread, when};

/// Rows of a finding in one mail.
const MAX_GROUNDS: usize = 12;

/// What happened to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Opened,
    Updated,
    /// Nothing changed, and it is still open.
    Reminded,
    Ended,
}

/// The incidents of one thread that a mail is about, and what happened to each.
pub(super) struct Members<'a> {
    /// Any of them: subject and thread are the same for all.
    leader: &'a Incident,
    steps: Vec<(&'a Incident, Vec<Step>)>,
}

impl<'a> Members<'a> {
    pub(super) fn of(leader: &'a Incident) -> Self {
        Self {
            leader,
            steps: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, incident: &'a Incident, step: Step) {
        match self
            .steps
            .iter_mut()
            .find(|(known, _)| known.id == incident.id)
        {
            Some((_, steps)) => steps.push(step),
            None => self.steps.push((incident, vec![step])),
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&'a Incident, Step)> {
        self.steps
            .iter()
            .flat_map(|(i, steps)| steps.iter().map(|&step| (*i, step)))
    }
}

/// The mail of one thread.
pub(super) fn mail(
    world: &World<'_>,
    recipient: &Recipient,
    members: &Members<'_>,
) -> Result<NewMail, BadAddress> {
    let letter = letter(world, recipient, members);
    seal(world, recipient, members, &letter, parts::texts(recipient))
}

/// What the mail says.
pub(super) fn letter(world: &World<'_>, recipient: &Recipient, members: &Members<'_>) -> Letter {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    for (incident, step) in members.iter() {
        letter.leads.push(lead(world, incident, step, texts));
    }
    for (at, (incident, steps)) in members.steps.iter().enumerate() {
        if at > 0 {
            letter.blocks.push(Block::Rule);
        }
        let step = steps.last().copied().unwrap_or(Step::Updated);
        report(&mut letter, world, incident, step, texts);
    }
    letter
}

fn seal(
    world: &World<'_>,
    recipient: &Recipient,
    members: &Members<'_>,
    letter: &Letter,
    texts: &Texts,
) -> Result<NewMail, BadAddress> {
    let thread = thread::of(members.leader);
    let domain = headers::domain(&world.settings.alerts.from);
    let first = thread::first_id(thread, recipient, &domain);
    // All of a thread open together, so a mail with an opening in it is the thread's first.
    let opens = members.iter().any(|(_, step)| step == Step::Opened);
    let (message_id, in_reply_to) = if opens {
        (first, None)
    } else {
        let step = steps_key(members, world);
        (
            thread::later_id(thread, &step, recipient, &domain),
            Some(first),
        )
    };
    let topics: Vec<Topic> = members.iter().map(|(i, s)| topic_of(i, s)).collect();
    headers::seal(
        Draft {
            from: &world.settings.alerts.from,
            recipient,
            topic: topics
                .iter()
                .copied()
                .find(|t| *t != Topic::Recovery)
                .or(topics.first().copied()),
            subject: thread::subject(members.leader, world, texts),
            message_id,
            in_reply_to,
            source: members.leader.source.clone(),
            incidents: members.steps.iter().map(|(i, _)| i.id).collect(),
            now: world.now,
        },
        letter,
    )
}

/// Tells the mails of one thread apart. Only the end comes once; the rest carries its time.
fn steps_key(members: &Members<'_>, world: &World<'_>) -> String {
    let now = world.now.timestamp_micros();
    let keys: Vec<String> = members
        .iter()
        .map(|(i, step)| match step {
            Step::Opened => format!("opened {}", i.id),
            Step::Updated => format!("updated {} {now}", i.id),
            Step::Reminded => format!("reminded {} {now}", i.id),
            Step::Ended => format!("ended {}", i.id),
        })
        .collect();
    keys.join(" ")
}

fn lead(world: &World<'_>, incident: &Incident, step: Step, texts: &Texts) -> String {
    let Some(probe) = incident
        .probe
        .as_ref()
        .filter(|_| incident.kind == IncidentKind::Probe)
    else {
        return own_end::lead(world, incident, step, texts);
    };
    let template = match step {
        Step::Opened => texts.lead.opened,
        Step::Updated => texts.lead.updated,
        Step::Reminded => texts.lead.reminded,
        Step::Ended if incident.ended_well() => texts.lead.ended,
        Step::Ended => texts.lead.ended_otherwise,
    };
    let code = if step == Step::Ended {
        incident.ended_as()
    } else {
        incident.to
    };
    let (change, say) = (newest_change(world, incident, texts), &texts.say);
    let affected = incident
        .vantages
        .iter()
        .filter(|(_, p)| step == Step::Ended || p.back.is_none());
    fill(
        template,
        &[
            ("source", &world.source_name(&probe.source, texts)),
            ("probe", &world.probe_name(probe)),
            ("id", &incident.id.to_string()),
            ("seen", &world.seen(code, Some(probe), texts)),
            ("before", &world.seen(incident.from, Some(probe), texts)),
            (
                "counted",
                &counted(incident, [say.counted, say.counted_attempts]),
            ),
            (
                "vantages",
                &parts::names(world, affected.map(|(id, _)| id), texts),
            ),
            ("change", &change),
            ("lasted", &lasted(world, incident, texts)),
        ],
    )
}

/// The checks, and behind them the attempts where more were made: a suspicion is confirmed within one check.
fn counted(incident: &Incident, [plain, with_attempts]: [&str; 2]) -> String {
    let template = if incident.attempts_bad > incident.checks_bad {
        with_attempts
    } else {
        plain
    };
    fill(
        template,
        &[
            ("bad", &incident.checks_bad.to_string()),
            ("total", &incident.checks.to_string()),
            ("attempts", &incident.attempts_bad.to_string()),
        ],
    )
}

/// How long it lasted, or has lasted so far.
pub(super) fn lasted(world: &World<'_>, incident: &Incident, texts: &Texts) -> String {
    when::duration(
        incident.first_bad,
        incident.ended.unwrap_or(world.now),
        texts,
    )
}

/// Everything there is to say of one incident.
pub(super) fn report(
    letter: &mut Letter,
    world: &World<'_>,
    incident: &Incident,
    step: Step,
    texts: &Texts,
) {
    if incident.kind != IncidentKind::Probe {
        return own_end::report(letter, world, incident, step, texts);
    }
    facts(letter, world, incident, texts);
    letter
        .blocks
        .push(Block::Heading(texts.heading.seen_from.to_owned()));
    letter
        .blocks
        .push(parts::vantage_table(world, incident, texts));
    counts(letter, world, incident, texts);
    story(letter, world, incident, texts);
    letter.list(texts.heading.notes, parts::notes(world, incident, texts));
    if step == Step::Ended {
        if incident.to == Code::ContentWithdrawn && incident.ended_well() {
            letter.section(texts.heading.not_shown, texts.say.improved_note);
        }
    } else {
        letter.section(texts.heading.not_shown, (texts.not_shown)(incident.finding));
        parts::look(letter, world, incident, texts);
    }
    catalogue_note(letter, world, incident, step, texts);
    letter.list(
        texts.heading.evidence,
        [
            grounds(world, incident, texts),
            parts::evidence(world, incident, texts),
        ]
        .concat(),
    );
    if step != Step::Ended {
        acknowledge(letter, world, incident, texts);
    }
}

/// The rows that the finding rests on, each in words.
fn grounds(world: &World<'_>, incident: &Incident, texts: &Texts) -> Vec<String> {
    let name = |id: &VantageId| {
        let known = world.settings.vantages.iter().find(|v| v.id == *id);
        known.map_or_else(|| id.to_string(), |v| v.name.clone())
    };
    let rows = incident.grounds.iter().take(MAX_GROUNDS);
    let probe = incident.probe.as_ref();
    let next = probe
        .and_then(|key| world.catalogue.probe(key))
        .and_then(Probe::next_level);
    rows.map(|g| evidence::ground(texts.language, g, next, name))
        .collect()
}

/// What and where: source, level, URL, verdict before and now, the finding.
fn facts(letter: &mut Letter, world: &World<'_>, incident: &Incident, texts: &Texts) {
    let label = &texts.label;
    let worded = |code: Code| {
        let seen = world.seen(code, incident.probe.as_ref(), texts);
        texts.marks.remark(&seen, code.as_str())
    };
    let mut facts = vec![parts::fact(label.report, format!("#{}", incident.id))];
    if let Some(probe) = &incident.probe {
        facts.extend(parts::where_facts(world, probe, texts));
    }
    let now = if incident.is_open() {
        incident.to
    } else {
        incident.ended_as()
    };
    let before = if incident.is_open() {
        incident.from
    } else {
        incident.to
    };
    facts.push(parts::fact(label.before, worded(before)));
    facts.push(parts::fact(label.now, worded(now)));
    facts.extend(parts::causes(incident, texts));
    if incident.is_open() {
        facts.push(parts::fact(label.finding, texts.finding_of(incident)));
    }
    letter.blocks.push(Block::Facts(facts));
}

/// Controls, checks, times, and what helps.
fn counts(letter: &mut Letter, world: &World<'_>, incident: &Incident, texts: &Texts) {
    let label = &texts.label;
    let checks = counted(incident, [texts.say.checks, texts.say.checks_attempts]);
    let mut facts = Vec::from_iter(parts::controls(incident, texts));
    facts.push(parts::fact(label.checks, checks));
    facts.push(parts::fact(
        label.first_bad,
        parts::time(world, incident.first_bad, texts),
    ));
    facts.push(parts::fact(
        label.last_good,
        parts::last_good(world, incident.last_good, texts),
    ));
    if let Some(ended) = incident.ended {
        facts.push(parts::fact(label.ended, parts::time(world, ended, texts)));
        facts.push(parts::fact(label.lasted, lasted(world, incident, texts)));
    }
    if let Some(who) = &incident.acknowledged_by {
        facts.push(parts::fact(label.acknowledged, who.clone()));
    }
    if incident.is_open() {
        facts.extend(help::help_facts(world, incident, texts));
    }
    letter.blocks.push(Block::Facts(facts));
}

/// What nobody can tell from a brief failure is worth a note to readers once it has lasted so long.
const WORTH_A_NOTE: chrono::TimeDelta = chrono::TimeDelta::hours(24);

/// Whether the finding says something of what readers will meet; others may be our own end's, or a program's.
fn tells_readers(finding: Finding) -> bool {
    !matches!(
        finding,
        Finding::Insufficient
            | Finding::Unreachable
            | Finding::Divided
            | Finding::ProgramRefused
            | Finding::Accessible
    )
}

/// The library's own wording when the source has one and the finding bears it, else a neutral one; none where a
/// note to readers would say more than was seen.
fn catalogue_note(
    letter: &mut Letter,
    world: &World<'_>,
    incident: &Incident,
    step: Step,
    texts: &Texts,
) {
    let Some(probe) = &incident.probe else {
        return;
    };
    let ended = incident.ended.or(incident.last_bad).unwrap_or(world.now);
    let lasts = ended - incident.first_bad >= WORTH_A_NOTE;
    if !lasts && !tells_readers(incident.finding) {
        return;
    }
    if step == Step::Ended && !incident.ended_well() {
        return;
    }
    let own = world
        .catalogue
        .source(&probe.source)
        .and_then(|s| s.catalogue_note.clone())
        .filter(|_| tells_readers(incident.finding));
    let source = world.source_name(&probe.source, texts);
    let name = world.probe_name(probe);
    let day = thread::today(world);
    let values = [("source", source.as_str()), ("probe", &name), ("day", &day)];
    let text = match (step, own) {
        (Step::Ended, _) => fill(texts.say.catalogue_note_over, &values),
        (_, Some(own)) => own,
        (_, None) => fill(texts.say.catalogue_note, &values),
    };
    letter.section(texts.heading.note, text);
}
