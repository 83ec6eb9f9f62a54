//! The initial report: the state of access today, worst first, in words.
//!
//! It names what is restricted from the start, because no later mail will, and what was not
//! observed, because silence about that would read as good news.

use std::collections::BTreeMap;

use crate::i18n::mail::{Texts, fill};
use crate::model::mail::NewMail;
use crate::model::settings::Recipient;
use crate::model::{Code, Probe, ProbeKey, VantageId};

use super::parts;
use super::parts::follows_probe;
use crate::alert::headers::{self, BadAddress, MailHeaders};
use crate::alert::mail_body::{MailBlock, MailBody};
use crate::alert::mail_context::MailContext;
use crate::alert::thread;

/// The report to one recipient, about the sources that the recipient follows.
pub(super) fn mail(
    context: &MailContext<'_>,
    recipient: &Recipient,
) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let state = ProbeSummary::read(context, recipient);
    letter.leads = vec![state.lead(texts), texts.say.letter_note.to_owned()];
    restricted(&mut letter, context, &state, texts);
    letter.list(
        texts.heading.unobserved,
        unobserved(context, recipient, texts),
    );
    letter.list(texts.heading.well, well(context, &state, texts));
    letter.list(texts.heading.vantages, vantages(context, texts));
    let domain = headers::domain(&context.settings.alerts.from);
    headers::into_message(
        MailHeaders {
            from: &context.settings.alerts.from,
            recipient,
            topic: None,
            subject: fill(
                texts.subject.first_letter,
                &[
                    ("day", &context.today(texts)),
                    ("count", &state.observed.to_string()),
                    ("good", &state.well.len().to_string()),
                ],
            ),
            message_id: thread::single_id("first-letter", context.now, recipient, &domain),
            in_reply_to: None,
            source: None,
            incidents: Vec::new(),
            links: Vec::new(),
            now: context.now,
        },
        &letter,
    )
}

/// Followed probes, by their state.
struct ProbeSummary<'a> {
    /// Not `ok`: by probe and code, with the vantages.
    bad: BTreeMap<(&'a ProbeKey, Code), Vec<&'a VantageId>>,
    /// `ok` from every vantage that observed them.
    well: Vec<&'a ProbeKey>,
    observed: usize,
    bad_probes: usize,
}

impl<'a> ProbeSummary<'a> {
    fn read(context: &MailContext<'a>, recipient: &Recipient) -> Self {
        let mut bad: BTreeMap<(&ProbeKey, Code), Vec<&VantageId>> = BTreeMap::new();
        let mut is_well: BTreeMap<&ProbeKey, bool> = BTreeMap::new();
        for ((probe, vantage), status) in &context.tracker.statuses {
            if !follows_probe(context, recipient, probe) {
                continue;
            }
            let well = status.observed.code == Code::Ok;
            *is_well.entry(probe).or_insert(true) &= well;
            if !well {
                bad.entry((probe, status.observed.code))
                    .or_default()
                    .push(vantage);
            }
        }
        let well: Vec<&ProbeKey> = is_well
            .iter()
            .filter(|(_, ok)| **ok)
            .map(|(p, _)| *p)
            .collect();
        Self {
            bad,
            observed: is_well.len(),
            bad_probes: is_well.len() - well.len(),
            well,
        }
    }

    fn lead(&self, texts: &Texts) -> String {
        let template = match (self.observed, self.bad_probes) {
            (0, _) => texts.lead.letter_nothing,
            (_, 0) => texts.lead.letter_all_well,
            _ => texts.lead.letter_some,
        };
        let count = self.observed.to_string();
        let bad = self.bad_probes.to_string();
        fill(template, &[("count", &count), ("bad", &bad)])
    }
}

fn restricted(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    state: &ProbeSummary<'_>,
    texts: &Texts,
) {
    if state.bad.is_empty() {
        return;
    }
    let mut worst: Vec<_> = state.bad.iter().collect();
    worst.sort_by_key(|((probe, code), _)| (std::cmp::Reverse(code.severity()), *probe));
    let label = &texts.label;
    let head = [label.probe, label.result, label.vantages];
    let rows = worst
        .into_iter()
        .map(|((probe, code), vantages)| {
            vec![
                context.full_probe_name(probe, texts),
                context.brief(*code, Some(probe), texts),
                parts::names(context, vantages.iter().copied(), texts),
            ]
        })
        .collect();
    letter.push(MailBlock::Heading(texts.heading.restricted.to_owned()));
    letter.push(MailBlock::Table {
        head: head.map(str::to_owned).to_vec(),
        rows,
    });
}

/// One line per source: `CNKI 中国知网: Home page, Search`.
fn well(context: &MailContext<'_>, state: &ProbeSummary<'_>, texts: &Texts) -> Vec<String> {
    let mut by_source: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for probe in &state.well {
        by_source
            .entry(&probe.source)
            .or_default()
            .push(context.probe_name(probe, texts));
    }
    let marks = &texts.marks;
    let lines = by_source.into_iter().map(|(source, probes)| {
        let source = context.source_name(source, texts);
        format!("{source}{}{}", marks.colon, probes.join(marks.list))
    });
    parts::capped(lines.collect(), texts)
}

/// What should have been observed from some vantage and was not.
fn unobserved(context: &MailContext<'_>, recipient: &Recipient, texts: &Texts) -> Vec<String> {
    let missing = |probe: &Probe| {
        let key = probe.key();
        let from: Vec<&VantageId> = context
            .settings
            .vantages
            .iter()
            .map(|v| &v.id)
            .filter(|v| probe.runs_from(v))
            .filter(|v| {
                !context
                    .tracker
                    .statuses
                    .contains_key(&(key.clone(), (*v).clone()))
            })
            .collect();
        (key, from)
    };
    let lines = context
        .catalogue
        .enabled()
        .filter(|p| follows_probe(context, recipient, &p.key()))
        .map(missing)
        .filter(|(_, from)| !from.is_empty())
        .map(|(key, from)| {
            let probe = context.full_probe_name(&key, texts);
            let vantage = parts::names(context, from.into_iter(), texts);
            fill(
                texts.say.never_observed,
                &[("probe", &probe), ("vantage", &vantage)],
            )
        });
    parts::capped(lines.collect(), texts)
}

fn vantages(context: &MailContext<'_>, texts: &Texts) -> Vec<String> {
    context
        .tracker
        .vantages
        .values()
        .map(|status| {
            let template = if status.usable {
                texts.say.vantage_usable
            } else {
                texts.say.vantage_unusable
            };
            let seen = if status.in_trouble {
                texts.controls_in_trouble()
            } else if status.is_silent() {
                texts.agent_silent()
            } else {
                texts.seen(status.code.unwrap_or(Code::VantageOffline))
            };
            fill(
                template,
                &[
                    ("vantage", &context.vantage_name(&status.vantage)),
                    ("seen", seen),
                    ("passed", &status.controls_passed.to_string()),
                    ("total", &status.controls.to_string()),
                ],
            )
        })
        .collect()
}
