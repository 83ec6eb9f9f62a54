//! What only a technician needs: addresses, codes, what was expected, controls, counts, evidence.

use crate::i18n::mail::{Texts, fill};
use crate::i18n::{evidence, summary};
use crate::model::incident::{PassedControls, VantagePart};
use crate::model::probe::Target;
use crate::model::{Code, Incident, Probe, ProbeKey, VantageId};

use super::parts::{self, fact};
use crate::alert::mail_body::{LinkedText, MailBody};
use crate::alert::mail_context::MailContext;

/// Rows of a finding in one mail.
const MAX_GROUNDS: usize = 12;

/// Everything of one incident; of one that looks like the one before it only what is its own.
pub(super) fn report(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incident: &Incident,
    is_alike: bool,
    texts: &Texts,
) {
    let mut evidence = evidence(context, incident, texts).into_iter();
    let mut facts = facts(context, incident, is_alike, texts);
    let heading = if incident.is_open() {
        texts.heading.evidence
    } else {
        texts.heading.evidence_past
    };
    facts.extend(evidence.next().map(|first| fact(heading, first)));
    letter.facts(200, facts);
    letter.list_worth(10, texts.heading.more_evidence, evidence.collect());
    if !is_alike {
        letter.list_worth(15, texts.heading.grounds, grounds(context, incident, texts));
    }
}

/// A URL that can be opened, or a file that cannot.
pub(super) fn target(target: &Target) -> LinkedText {
    let text = target.to_string();
    LinkedText::link(text.clone(), text)
}

/// The address of a probe, for who must look.
pub(super) fn address(
    context: &MailContext<'_>,
    probe: &ProbeKey,
    texts: &Texts,
) -> Option<(String, LinkedText)> {
    let found = context.catalogue.probe(probe)?;
    let label = texts.marks.remark(texts.label.url, &probe.to_string());
    Some((label, target(&found.target)))
}

/// What is worth most stands first: the last goes where there is no room.
fn facts(
    context: &MailContext<'_>,
    incident: &Incident,
    is_alike: bool,
    texts: &Texts,
) -> Vec<(String, LinkedText)> {
    let label = &texts.label;
    let probe = incident.probe.as_ref();
    let mut facts = Vec::from_iter(probe.and_then(|key| address(context, key, texts)));
    if is_alike {
        return facts;
    }
    facts.push(fact(label.verdict, verdicts(context, incident, texts)));
    if probe.is_some() {
        facts.push(fact(
            label.finding,
            texts
                .marks
                .remark(texts.finding_of(incident), incident.finding.as_str()),
        ));
    }
    let missing = once(incident, |part| &part.observed.missing);
    facts.extend(missing.map(|m| fact(label.missed, texts.missing(m))));
    let limits = once(incident, |part| &part.observed.limits);
    facts.extend(limits.map(|l| fact(label.limit, texts.limits(l))));
    let mut checks = counted(incident, texts);
    if let Some(controls) = controls(incident, texts) {
        checks = [checks, controls].join(texts.marks.item);
    }
    facts.push(fact(label.checks, checks));
    facts
}

/// `content.withdrawn, HTTP 200 from Berlin office and Seoul reading room`.
fn verdicts(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> String {
    let mut seen: Vec<(Code, Option<u16>, Vec<&VantageId>)> = Vec::new();
    for (id, part) in &incident.vantages {
        let known = seen.iter_mut().find(|(code, status, _)| {
            *code == part.observed.code && *status == part.observed.http_status
        });
        match known {
            Some((.., vantages)) => vantages.push(id),
            None => seen.push((part.observed.code, part.observed.http_status, vec![id])),
        }
    }
    let each = seen.into_iter().map(|(code, status, vantages)| {
        let clause = texts.marks.clause;
        let code = match status {
            Some(status) => format!("{code}{clause}HTTP {status}"),
            None => code.to_string(),
        };
        let labels = vantages
            .into_iter()
            .map(|id| context.vantage_label(id, texts));
        let vantages = parts::joined(labels.collect(), texts);
        fill(
            texts.say.verdict,
            &[("code", &code), ("vantages", &vantages)],
        )
    });
    each.collect::<Vec<_>>().join(texts.marks.item)
}

/// Each once, whichever vantages saw it.
fn once<'i, T: PartialEq + 'i>(
    incident: &'i Incident,
    of: impl Fn(&'i VantagePart) -> &'i Vec<T>,
) -> impl Iterator<Item = &'i Vec<T>> {
    let mut seen: Vec<&'i Vec<T>> = Vec::new();
    for list in incident.vantages.values().map(of) {
        if !list.is_empty() && !seen.contains(&list) {
            seen.push(list);
        }
    }
    seen.into_iter()
}

/// The checks, and behind them the attempts where more were made: a suspicion is confirmed within one check.
fn counted(incident: &Incident, texts: &Texts) -> String {
    let template = if incident.attempts_bad > incident.checks_bad {
        texts.say.checks_attempts
    } else {
        texts.say.checks
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

/// `3 of 3 passed`.
fn controls(incident: &Incident, texts: &Texts) -> Option<String> {
    let PassedControls { passed, total } = incident.controls_ok;
    let values = [
        ("passed", &*passed.to_string()),
        ("total", &total.to_string()),
    ];
    (total > 0).then(|| fill(texts.say.controls, &values))
}

/// The rows that the finding rests on, each in words.
fn grounds(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> Vec<String> {
    let name = |id: &VantageId| {
        let known = context.settings.vantages.iter().find(|v| v.id == *id);
        known.map_or_else(|| id.to_string(), |v| v.name.clone())
    };
    let country = |id: &VantageId| {
        let known = context.settings.vantages.iter().find(|v| v.id == *id);
        known.map_or_else(String::new, |v| v.country.clone())
    };
    let rows = summary::rows(incident, country);
    let rows = rows.iter().take(MAX_GROUNDS);
    let probe = incident.probe.as_ref();
    let next = probe
        .and_then(|key| context.catalogue.probe(key))
        .and_then(Probe::next_level);
    rows.map(|g| evidence::ground(texts.language, g, next, name))
        .collect()
}

/// Ids and hashes of the measurements the report rests on.
fn evidence(context: &MailContext<'_>, incident: &Incident, texts: &Texts) -> Vec<String> {
    let all = incident.evidence.iter().map(|uid| {
        let id = uid.as_str();
        let text = match context.hashes.get(uid) {
            Some(hash) => fill(texts.say.evidence_hash, &[("id", id), ("hash", hash)]),
            None => fill(texts.say.evidence, &[("id", id)]),
        };
        match context.records.get(uid) {
            Some(record) => {
                let parts = [("evidence", text.as_str()), ("record", record)];
                fill(texts.say.evidence_record, &parts)
            }
            None => text,
        }
    });
    parts::capped(all.collect(), texts)
}
