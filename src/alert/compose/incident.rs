//! One mail a thread: what changed in its incidents, and each incident's report.
//!
//! Opening, update and recovery show the same facts in the same order; a reminder says what is new. Incidents of one
//! source that look alike are told of once.

use crate::i18n::mail::Texts;
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Incident, IncidentKind, Time};

use super::notices::topic_of;
use super::story::story;
use super::{answers, catalogue, help, lead, own_end, parts, technician};
use crate::alert::headers::{self, BadAddress, Draft};
use crate::alert::letter::{Block, Letter, Value};
use crate::alert::thread;
use crate::alert::when;
use crate::alert::world::World;

/// Lines of the text part: of a letter, and of a reminder.
const LINES: usize = 40;
const LINES_OF_A_REMINDER: usize = 10;

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
    /// Any of them: the thread is the same for all.
    leader: &'a Incident,
    steps: Vec<(&'a Incident, Vec<Step>)>,
    /// When the reader's newest letter of them was written.
    told: Option<Time>,
}

impl<'a> Members<'a> {
    pub(super) fn of(leader: &'a Incident) -> Self {
        Self {
            leader,
            steps: Vec::new(),
            told: None,
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

    /// When the newest letter of them was written.
    pub(super) fn told_at(&mut self, at: Option<Time>) {
        self.told = self.told.max(at);
    }

    /// Incidents that look alike together.
    fn groups(&self, world: &World<'_>) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for (incident, steps) in &self.steps {
            let step = steps.last().copied().unwrap_or(Step::Updated);
            match groups.iter_mut().find(|g| g.takes(world, incident, step)) {
                Some(group) => group.incidents.push(incident),
                None => groups.push(Group {
                    incidents: vec![incident],
                    step,
                    told: self.told,
                }),
            }
        }
        groups.sort_by_key(|g| std::cmp::Reverse(g.first().severity));
        groups
    }

    fn incidents(&self) -> Vec<&'a Incident> {
        self.steps.iter().map(|(i, _)| *i).collect()
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

/// Incidents of one source to which the same happened, alike from every vantage.
pub(super) struct Group<'a> {
    pub incidents: Vec<&'a Incident>,
    pub step: Step,
    pub told: Option<Time>,
}

impl<'a> Group<'a> {
    /// The one that speaks for all.
    pub(super) fn first(&self) -> &'a Incident {
        self.incidents[0]
    }

    fn takes(&self, world: &World<'_>, other: &Incident, step: Step) -> bool {
        let first = self.first();
        let texts = World::texts(crate::model::settings::Language::En);
        let alike = |i: &Incident| {
            let vantages: Vec<_> = i
                .vantages
                .iter()
                .map(|(id, p)| {
                    (
                        id.clone(),
                        p.observed.code,
                        p.back.is_none(),
                        p.observed.words.clone(),
                    )
                })
                .collect();
            let level = world.levels(i.probe.as_ref(), texts);
            (i.to, i.from, i.finding, i.ended_as(), vantages, level)
        };
        let same_day = first.since().date_naive() == other.since().date_naive();
        self.step == step
            && first.kind == IncidentKind::Probe
            && other.kind == IncidentKind::Probe
            && same_day
            && alike(first) == alike(other)
    }

    /// `dissertations and journals`.
    pub(super) fn probes(&self, world: &World<'_>, texts: &Texts) -> String {
        let keys = self.incidents.iter().filter_map(|i| i.probe.as_ref());
        parts::joined(
            keys.map(|key| world.probe_name(key, texts)).collect(),
            texts,
        )
    }
}

/// What the mail says: no more than a reader bears.
pub(super) fn letter(world: &World<'_>, recipient: &Recipient, members: &Members<'_>) -> Letter {
    let reminds = members.iter().all(|(_, step)| step == Step::Reminded);
    let lines = if reminds { LINES_OF_A_REMINDER } else { LINES };
    whole(world, recipient, members).fit(lines)
}

/// Everything that there is to say.
pub(super) fn whole(world: &World<'_>, recipient: &Recipient, members: &Members<'_>) -> Letter {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let groups = members.groups(world);
    for group in &groups {
        let lines = match group.first().kind {
            IncidentKind::Probe => lead::lines(world, group, texts),
            _ => own_end::lines(world, group, texts),
        };
        letter.leads.extend(lines);
    }
    if groups.iter().all(|g| g.step == Step::Reminded) {
        reminder(&mut letter, world, members, texts);
        return letter;
    }
    for (at, group) in groups.iter().enumerate() {
        if at > 0 {
            letter.push(Block::Rule);
        }
        match group.first().kind {
            IncidentKind::Probe => report(&mut letter, world, group, members, texts),
            _ => own_end::report(&mut letter, world, group.first(), texts),
        }
    }
    let open: Vec<&Incident> = groups
        .iter()
        .filter(|g| g.step != Step::Ended)
        .flat_map(|g| g.incidents.iter().copied())
        .collect();
    answers::answers(&mut letter, world, &open, texts);
    letter.push(Block::Technician(texts.heading.technician.to_owned()));
    for group in &groups {
        for (at, incident) in group.incidents.iter().enumerate() {
            match incident.kind {
                IncidentKind::Probe => {
                    technician::report(&mut letter, world, incident, at > 0, texts);
                }
                _ => own_end::technician(&mut letter, world, incident, texts),
            }
        }
    }
    letter
}

/// What is due, and how to take it on.
fn reminder(letter: &mut Letter, world: &World<'_>, members: &Members<'_>, texts: &Texts) {
    let incidents = members.incidents();
    let probe = members.leader.probe.as_ref();
    let next = probe.and_then(|key| parts::next_look(world, key, texts));
    let next = next.map(|next| parts::fact(texts.label.next_look, next));
    letter.facts(50, next.into_iter().collect());
    answers::take(letter, world, &incidents, texts);
}

/// Everything there is to say of a group, but for the technician.
fn report(
    letter: &mut Letter,
    world: &World<'_>,
    group: &Group<'_>,
    members: &Members<'_>,
    texts: &Texts,
) {
    let incident = group.first();
    parts::page_says(letter, world, incident, texts);
    parts::vantage_table(letter, world, incident, texts);
    let told = members.incidents();
    // From what readers need most to what may go first.
    let mut facts = times(world, group, texts);
    if group.step != Step::Ended {
        facts.extend(help::help_facts(world, incident, &told, texts));
    }
    facts.extend(outlook(world, group, texts));
    letter.facts(150, facts);
    let observed = parts::observed(world, incident, texts);
    letter.list_worth(100, texts.heading.observed, observed);
    if group.step != Step::Ended {
        catalogue::note(letter, world, group, texts);
    }
    let notes = parts::notes(world, incident, texts);
    letter.list_worth(45, texts.heading.notes, notes);
    letter.facts(35, help::own_facts(world, incident, texts));
    for incident in &group.incidents {
        story(letter, world, incident, texts);
    }
}

/// What is new, since when, until when, and the phases.
fn times(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> Vec<(String, Value)> {
    let incident = group.first();
    let label = &texts.label;
    let mut facts = Vec::new();
    facts.push(parts::fact(
        label.first_bad,
        world.time(incident.first_bad, texts),
    ));
    if let Some(ended) = incident.ended {
        facts.push(parts::fact(label.ended, world.time(ended, texts)));
        facts.push(parts::fact(
            label.lasted,
            when::duration(incident.first_bad, ended, texts),
        ));
    }
    if group.step == Step::Updated
        && let Some(news) = super::story::after(world, incident, incident.confirmed, texts).first()
    {
        facts.push(parts::fact(label.news, news.clone()));
    }
    if let Some(phases) = parts::phases(world, incident, texts) {
        facts.push(parts::fact(label.phases, phases));
    }
    facts
}

/// What it does not show, when the next look is due, whether it happened before, who looks after it.
fn outlook(world: &World<'_>, group: &Group<'_>, texts: &Texts) -> Vec<(String, Value)> {
    let incident = group.first();
    let label = &texts.label;
    let mut facts = Vec::new();
    if group.step != Step::Ended {
        let limits = texts.not_shown(incident.finding);
        facts.push(parts::fact(label.not_shown, limits));
        let next = incident.probe.as_ref();
        let next = next.and_then(|key| parts::next_look(world, key, texts));
        facts.extend(next.map(|next| parts::fact(label.next_look, next)));
    }
    facts.push(parts::fact(
        label.earlier,
        parts::earlier(world, incident, texts),
    ));
    if let Some(who) = &incident.acknowledged_by {
        facts.push(parts::fact(label.acknowledged, who.clone()));
    }
    let last_good = incident.last_good.map(|t| world.time(t, texts));
    facts.push(parts::fact(
        label.last_good,
        last_good.unwrap_or_else(|| texts.say.unknown.to_owned()),
    ));
    facts
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
            subject: thread::subject(&members.incidents(), world, texts),
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
