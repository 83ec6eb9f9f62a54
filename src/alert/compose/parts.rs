//! Parts that several letters share.

use crate::i18n::mail::{Question, Texts, fill};
use crate::model::incident::{BrowserResult, VantagePart};
use crate::model::probe::Target;
use crate::model::settings::Recipient;
use crate::model::timeline::TimelineEvent;
use crate::model::{Code, Incident, ProbeKey, SourceId, Time, VantageId};

use crate::alert::letter::{Block, Letter, Value};
use crate::alert::when;
use crate::alert::world::World;

/// Longer lists than this are cut, with the number of what was left out.
pub(super) const LIST: usize = 40;

/// An empty letter in the recipient's language.
pub(super) fn letter(texts: &'static Texts) -> Letter {
    Letter {
        footer: fill(texts.say.footer, &[("version", env!("CARGO_PKG_VERSION"))]),
        lang: texts.tag,
        marks: &texts.marks,
        ..Letter::default()
    }
}

/// A time as the recipients read it.
pub(super) fn time(world: &World<'_>, t: Time, texts: &Texts) -> String {
    when::instant(t, world.settings.schedule.timezone, texts)
}

/// `Boston, Seoul and Berlin`.
pub(super) fn names<'v>(
    world: &World<'_>,
    ids: impl Iterator<Item = &'v VantageId>,
    texts: &Texts,
) -> String {
    let mut names: Vec<String> = ids.map(|id| world.vantage_name(id)).collect();
    match (names.pop(), names.is_empty()) {
        (Some(last), false) => format!("{}{}{last}", names.join(texts.marks.list), texts.say.and),
        (last, _) => last.unwrap_or_default(),
    }
}

/// Source, level and URL of a probe, as facts.
pub(super) fn where_facts(
    world: &World<'_>,
    probe: &ProbeKey,
    texts: &Texts,
) -> Vec<(String, Value)> {
    let mut facts = vec![
        fact(texts.label.source, world.source_name(&probe.source, texts)),
        fact(
            texts.label.probe,
            texts
                .marks
                .remark(&world.probe_name(probe), &probe.to_string()),
        ),
    ];
    if let Some(found) = world.catalogue.probe(probe) {
        facts.push(fact(texts.label.level, (texts.level)(found.level)));
        facts.push((texts.label.url.to_owned(), target(&found.target)));
    }
    facts
}

/// A URL that can be opened, or a file that cannot.
pub(super) fn target(target: &Target) -> Value {
    let text = target.to_string();
    Value::link(text.clone(), text)
}

/// What the verdicts rest on, each once whichever vantages saw it: the values that broke their limits, with what
/// was allowed; and what was expected and not found, as the probe's file has it.
pub(super) fn causes(incident: &Incident, texts: &Texts) -> Vec<(String, Value)> {
    let limits = once(incident, |part| part.limit.as_deref());
    let missed = once(incident, |part| part.missed.as_deref());
    let limits = limits.into_iter().map(|l| fact(texts.label.limit, l));
    limits
        .chain(missed.into_iter().map(|m| fact(texts.label.missed, m)))
        .collect()
}

fn once(incident: &Incident, of: impl Fn(&VantagePart) -> Option<&str>) -> Vec<&str> {
    let mut seen: Vec<&str> = Vec::new();
    for (_, part) in incident.worse() {
        if let Some(text) = of(part).filter(|text| !seen.contains(text)) {
            seen.push(text);
        }
    }
    seen
}

/// One fact.
pub(super) fn fact(label: &str, value: impl Into<Value>) -> (String, Value) {
    (label.to_owned(), value.into())
}

/// The table vantage x result. Three columns fit a telephone.
pub(super) fn vantage_table(world: &World<'_>, incident: &Incident, texts: &Texts) -> Block {
    let label = &texts.label;
    let head = [label.vantage, label.result, label.since];
    let rows = incident
        .vantages
        .iter()
        .map(|(id, part)| {
            vec![
                world.vantage_label(id, texts),
                standing(world, id, result(world, incident, part, texts), texts),
                when::short(part.back.unwrap_or(part.first_bad)),
            ]
        })
        .chain(unaffected(world, incident, texts))
        .collect();
    Block::Table {
        head: head.map(str::to_owned).to_vec(),
        rows,
    }
}

fn result(world: &World<'_>, incident: &Incident, part: &VantagePart, texts: &Texts) -> String {
    let probe = incident.probe.as_ref();
    if part.back.is_none() {
        return worded(world, part.code, part.http_status, probe, texts);
    }
    let seen = worded(world, part.from, None, probe, texts);
    fill(texts.say.back, &[("seen", &seen)])
}

/// What a vantage saw is not news while the vantage itself does not work.
fn standing(world: &World<'_>, vantage: &VantageId, seen: String, texts: &Texts) -> String {
    let works = world.book.vantages.get(vantage).is_none_or(|v| v.usable);
    if works {
        seen
    } else {
        fill(texts.say.not_checked, &[("seen", &seen)])
    }
}

/// `the full-text button was not shown (content.withdrawn, HTTP 200)`.
fn worded(
    world: &World<'_>,
    code: Code,
    http_status: Option<u16>,
    probe: Option<&ProbeKey>,
    texts: &Texts,
) -> String {
    let seen = world.seen(code, probe, texts);
    match http_status {
        Some(status) => {
            let clause = texts.marks.clause;
            texts
                .marks
                .remark(&seen, &format!("{code}{clause}HTTP {status}"))
        }
        None => texts.marks.remark(&seen, code.as_str()),
    }
}

/// Rows of the vantages that took no part: what they see is half of what the table says.
fn unaffected(world: &World<'_>, incident: &Incident, texts: &Texts) -> Vec<Vec<String>> {
    let Some(probe) = &incident.probe else {
        return Vec::new();
    };
    world
        .book
        .statuses
        .iter()
        .filter(|((key, vantage), _)| key == probe && !incident.vantages.contains_key(vantage))
        .map(|((_, vantage), status)| {
            let seen = worded(world, status.code, status.http_status, Some(probe), texts);
            vec![
                world.vantage_label(vantage, texts),
                standing(world, vantage, seen, texts),
                when::short(status.since),
            ]
        })
        .collect()
}

/// A time, or that none is known.
pub(super) fn last_good(world: &World<'_>, t: Option<Time>, texts: &Texts) -> String {
    t.map_or_else(|| texts.say.unknown.to_owned(), |t| time(world, t, texts))
}

/// `3 of 3 passed`; the tracker counts them as `3 of 3`.
pub(super) fn controls(incident: &Incident, texts: &Texts) -> Option<(String, Value)> {
    let counted = Some(incident.controls_ok.as_str()).filter(|c| !c.is_empty())?;
    let text = match counted.split_once(" of ") {
        Some((passed, total)) => fill(texts.say.controls, &[("passed", passed), ("total", total)]),
        None => counted.to_owned(),
    };
    Some(fact(texts.label.controls, text))
}

/// The source's own note and the annotations that overlap the incident.
pub(super) fn notes(world: &World<'_>, incident: &Incident, texts: &Texts) -> Vec<String> {
    let Some(id) = &incident.source else {
        return Vec::new();
    };
    let own = world.catalogue.source(id).and_then(|s| s.note.clone());
    own.into_iter()
        .chain(dated_notes(world, id, incident, texts))
        .chain(known(world, id, incident))
        .collect()
}

/// Known events shown with an incident: the newest.
const MAX_KNOWN: usize = 5;

/// The newest events that the timeline knows of the source, up to the incident's time.
fn known(world: &World<'_>, id: &SourceId, incident: &Incident) -> Vec<String> {
    let by = incident.ended.unwrap_or(world.now).date_naive();
    let mut lines: Vec<String> = world
        .catalogue
        .known_of(id, by)
        .map(TimelineEvent::line)
        .collect();
    lines.split_off(lines.len().saturating_sub(MAX_KNOWN))
}

fn dated_notes(
    world: &World<'_>,
    id: &SourceId,
    incident: &Incident,
    texts: &Texts,
) -> Vec<String> {
    let first = incident.first_bad.date_naive();
    let last = incident.ended.unwrap_or(world.now).date_naive();
    world
        .notes
        .iter()
        .filter(|note| note.source == *id)
        .filter(|note| note.from <= last && note.to.is_none_or(|to| to >= first))
        .map(|note| {
            let text = match &note.reference {
                Some(reference) => texts.marks.remark(&note.text, reference),
                None => note.text.clone(),
            };
            let from = note.from.to_string();
            let to = note.to.map_or(String::new(), |to| to.to_string());
            let template = if note.to.is_some() {
                texts.say.note
            } else {
                texts.say.note_open
            };
            fill(template, &[("from", &from), ("to", &to), ("text", &text)])
        })
        .collect()
}

/// What to look at in a browser, what people already saw, and how to report.
pub(super) fn look(letter: &mut Letter, world: &World<'_>, incident: &Incident, texts: &Texts) {
    let Some(probe) = &incident.probe else {
        return;
    };
    let question = (texts.look)(Question::about(incident.to));
    let text = match world.catalogue.probe(probe).map(|p| &p.target) {
        Some(Target::Url(url)) => fill(
            texts.say.open_on_site,
            &[("url", url.as_str()), ("look", question)],
        ),
        _ => question.to_owned(),
    };
    letter.section(texts.heading.look, text);
    letter
        .blocks
        .push(Block::Para(texts.say.report_with.into()));
    letter.blocks.push(Block::Command(format!(
        "accesswatch incidents observe {} --browser ok --network campus",
        incident.id
    )));
    letter.list(texts.heading.observed, human_checks(incident, texts));
}

/// What a person answered.
pub(super) fn answer(browser: BrowserResult, texts: &Texts) -> &'static str {
    match browser {
        BrowserResult::Ok => texts.say.browser_ok,
        BrowserResult::Refused => texts.say.browser_refused,
        BrowserResult::Partial => texts.say.browser_partial,
    }
}

fn human_checks(incident: &Incident, texts: &Texts) -> Vec<String> {
    incident
        .human_checks
        .iter()
        .map(|check| {
            let answer = answer(check.browser, texts);
            let when = when::short(check.at);
            let values = [
                ("when", when.as_str()),
                ("network", &check.network),
                ("answer", answer),
            ];
            fill(texts.say.observed, &values)
        })
        .collect()
}

/// Ids and hashes of the measurements the report rests on.
pub(super) fn evidence(world: &World<'_>, incident: &Incident, texts: &Texts) -> Vec<String> {
    let all = incident.evidence.iter().map(|uid| {
        let id = uid.as_str();
        match world.hashes.get(uid) {
            Some(hash) => fill(texts.say.evidence_hash, &[("id", id), ("hash", hash)]),
            None => fill(texts.say.evidence, &[("id", id)]),
        }
    });
    capped(all.collect(), texts)
}

/// A list that is not longer than a reader bears.
pub(super) fn capped(mut list: Vec<String>, texts: &Texts) -> Vec<String> {
    if list.len() > LIST {
        let left_out = (list.len() - LIST).to_string();
        list.truncate(LIST);
        list.push(fill(texts.say.more, &[("n", &left_out)]));
    }
    list
}

/// The words of a recipient.
pub(super) fn texts(recipient: &Recipient) -> &'static Texts {
    World::texts(recipient.language)
}
