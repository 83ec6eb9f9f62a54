//! Probes that began to go back and forth: one note a source, after which single changes stay unmailed.

use std::collections::BTreeMap;

use crate::i18n::mail::{Question, Texts, fill};
use crate::judge::track::{changes, worst};
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{Code, ProbeKey, SourceId, Status, VantageId};

use super::{answers, parts, technician};
use crate::alert::headers::{self, BadAddress, Draft};
use crate::alert::letter::{Block, Letter};
use crate::alert::thread;
use crate::alert::world::World;

/// The probes of one source, and from where each goes back and forth.
pub(super) type Unsteady = BTreeMap<ProbeKey, Vec<VantageId>>;

/// One mail a source.
pub(super) fn mail(
    world: &World<'_>,
    recipient: &Recipient,
    source: &SourceId,
    list: &Unsteady,
) -> Result<NewMail, BadAddress> {
    let texts = parts::texts(recipient);
    let mut letter = parts::letter(texts);
    let short = world.source_short(source, texts);
    for (probe, vantages) in list {
        let values = [
            ("source", short.as_str()),
            ("probe", &world.probe_name(probe, texts)),
            ("vantages", &parts::names(world, vantages.iter(), texts)),
        ];
        letter.leads.extend([
            fill(texts.lead.flapping, &values),
            fill(texts.lead.flapping_seen, &values),
            texts.say.flapping_note.to_owned(),
        ]);
    }
    for (at, (probe, vantages)) in list.iter().enumerate() {
        if at > 0 {
            letter.push(Block::Rule);
        }
        of_probe(&mut letter, world, probe, vantages, texts);
    }
    letter.push(Block::Technician(texts.heading.technician.to_owned()));
    let addresses = list.keys();
    let addresses = addresses.filter_map(|probe| technician::address(world, probe, texts));
    letter.push(Block::Facts(addresses.collect()));
    let name = world.source_name(source, texts);
    let day = world.today(texts);
    let domain = headers::domain(&world.settings.alerts.from);
    let values = [("source", name.as_str()), ("day", &day)];
    headers::seal(
        Draft {
            from: &world.settings.alerts.from,
            recipient,
            topic: Some(Topic::Regression),
            subject: fill(texts.subject.flapping, &values),
            message_id: thread::single_id(
                &format!("unsteady {source}"),
                world.now,
                recipient,
                &domain,
            ),
            in_reply_to: None,
            source: Some(source.clone()),
            incidents: Vec::new(),
            now: world.now,
        },
        &letter,
    )
}

fn of_probe(
    letter: &mut Letter,
    world: &World<'_>,
    probe: &ProbeKey,
    vantages: &[VantageId],
    texts: &Texts,
) {
    let seen = |code: Code| world.brief(code, Some(probe), texts);
    let status = |vantage: &VantageId| world.book.statuses.get(&(probe.clone(), vantage.clone()));
    let row = |status: &Status| {
        let (changed, of) = changes(&status.settled);
        let values = [
            ("seen", &*worst(status).map(seen).unwrap_or_default()),
            ("n", &changed.to_string()),
            ("total", &of.to_string()),
        ];
        vec![
            world.vantage_name(&status.vantage),
            seen(status.observed.code),
            fill(texts.say.flapping_count, &values),
        ]
    };
    let label = &texts.label;
    let head = [label.vantage, label.now, label.worst];
    letter.push(Block::Heading(world.probe_name(probe, texts)));
    letter.push(Block::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: vantages.iter().filter_map(status).map(row).collect(),
    });
    let gravest = vantages
        .iter()
        .filter_map(status)
        .filter_map(worst)
        .max_by_key(|code| code.severity());
    if let Some(code) = gravest {
        answers::of_probe(letter, world, probe, Question::about(code), texts);
    }
}
