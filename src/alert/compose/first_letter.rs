//! The first letter: the state of access today, worst first, in words.
//!
//! It names what is restricted from the start, because no later mail will, and what was not observed,
//! because silence about it would read as good news.

use std::collections::BTreeMap;

use crate::i18n::mail::{Texts, fill};
use crate::model::mail::NewMail;
use crate::model::settings::Recipient;
use crate::model::{Code, Probe, ProbeKey, VantageId};

use super::notices::follows_probe;
use super::parts;
use crate::alert::headers::{self, BadAddress, Draft};
use crate::alert::letter::{Block, Letter};
use crate::alert::thread;
use crate::alert::world::World;

/// The letter to one recipient, of the sources that recipient follows.
pub(super) fn mail(world: &World<'_>, recipient: &Recipient) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let state = Today::read(world, recipient);
    letter.leads = vec![state.lead(texts), texts.say.letter_note.to_owned()];
    restricted(&mut letter, world, &state, texts);
    letter.list(
        texts.heading.unobserved,
        unobserved(world, recipient, texts),
    );
    letter.list(texts.heading.well, well(world, &state, texts));
    letter.list(texts.heading.vantages, vantages(world, texts));
    let domain = headers::domain(&world.settings.alerts.from);
    headers::seal(
        Draft {
            from: &world.settings.alerts.from,
            recipient,
            topic: None,
            subject: fill(
                texts.subject.first_letter,
                &[
                    ("day", &world.today(texts)),
                    ("count", &state.observed.to_string()),
                    ("good", &state.well.len().to_string()),
                ],
            ),
            message_id: thread::single_id("first-letter", world.now, recipient, &domain),
            in_reply_to: None,
            source: None,
            incidents: Vec::new(),
            now: world.now,
        },
        &letter,
    )
}

/// Followed probes, by how they do.
struct Today<'a> {
    /// Not `ok`: by probe and code, from where.
    bad: BTreeMap<(&'a ProbeKey, Code), Vec<&'a VantageId>>,
    /// `ok` from every vantage that observed them.
    well: Vec<&'a ProbeKey>,
    observed: usize,
    bad_probes: usize,
}

impl<'a> Today<'a> {
    fn read(world: &World<'a>, recipient: &Recipient) -> Self {
        let mut bad: BTreeMap<(&ProbeKey, Code), Vec<&VantageId>> = BTreeMap::new();
        let mut is_well: BTreeMap<&ProbeKey, bool> = BTreeMap::new();
        for ((probe, vantage), status) in &world.book.statuses {
            if !follows_probe(world, recipient, probe) {
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

fn restricted(letter: &mut Letter, world: &World<'_>, state: &Today<'_>, texts: &Texts) {
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
                world.full_probe_name(probe, texts),
                world.brief(*code, Some(probe), texts),
                parts::names(world, vantages.iter().copied(), texts),
            ]
        })
        .collect();
    letter.push(Block::Heading(texts.heading.restricted.to_owned()));
    letter.push(Block::Table {
        head: head.map(str::to_owned).to_vec(),
        rows,
    });
}

/// A line a source: `CNKI 中国知网: Home page, Search`.
fn well(world: &World<'_>, state: &Today<'_>, texts: &Texts) -> Vec<String> {
    let mut by_source: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for probe in &state.well {
        by_source
            .entry(&probe.source)
            .or_default()
            .push(world.probe_name(probe, texts));
    }
    let marks = &texts.marks;
    let lines = by_source.into_iter().map(|(source, probes)| {
        let source = world.source_name(source, texts);
        format!("{source}{}{}", marks.colon, probes.join(marks.list))
    });
    parts::capped(lines.collect(), texts)
}

/// What should have been observed from somewhere and was not.
fn unobserved(world: &World<'_>, recipient: &Recipient, texts: &Texts) -> Vec<String> {
    let missing = |probe: &Probe| {
        let key = probe.key();
        let from: Vec<&VantageId> = world
            .settings
            .vantages
            .iter()
            .map(|v| &v.id)
            .filter(|v| probe.runs_from(v))
            .filter(|v| {
                !world
                    .book
                    .statuses
                    .contains_key(&(key.clone(), (*v).clone()))
            })
            .collect();
        (key, from)
    };
    let lines = world
        .catalogue
        .enabled()
        .filter(|p| follows_probe(world, recipient, &p.key()))
        .map(missing)
        .filter(|(_, from)| !from.is_empty())
        .map(|(key, from)| {
            let probe = world.full_probe_name(&key, texts);
            let vantage = parts::names(world, from.into_iter(), texts);
            fill(
                texts.say.never_observed,
                &[("probe", &probe), ("vantage", &vantage)],
            )
        });
    parts::capped(lines.collect(), texts)
}

fn vantages(world: &World<'_>, texts: &Texts) -> Vec<String> {
    world
        .book
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
            } else {
                texts.seen(status.code.unwrap_or(Code::VantageOffline))
            };
            fill(
                template,
                &[
                    ("vantage", &world.vantage_name(&status.vantage)),
                    ("seen", seen),
                    ("passed", &status.controls_passed.to_string()),
                    ("total", &status.controls.to_string()),
                ],
            )
        })
        .collect()
}
